/* Columns of a file by name, as a query of DuckDB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/column.h"
#include "base/relation.h"
#include "import/product_files.h"

/* ---- Which column is which ---- */

static dr_status find_roles(int *found, const char *path, const dr_names *columns, const dr_role *roles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char hint[DR_HINT_SIZE], first[64];
        found[i] = dr_column_find(columns, roles[i].names);
        if (found[i] >= 0 || *roles[i].names == '?')
            continue;
        snprintf(first, sizeof first, "%.*s", (int)strcspn(roles[i].names, "|"), roles[i].names);
        return dr_fail(
            DR_BAD_INPUT, "%s:1: the column '%s' is missing%s", path, first,
            /* any letter is near to one letter */
            dr_hint(hint, first, (const char *const *)columns->names, strlen(first) > 1 ? columns->count : 0));
    }
    return DR_OK;
}

/* ---- The query ---- */

/* c3 AS value, ... */
static void print_roles(FILE *stream, const dr_role *roles, size_t count, const int *found)
{
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ", " : "SELECT ", stream);
        if (found[i] < 0)
            fprintf(stream, "NULL::%s", roles[i].type);
        else
            fprintf(stream, "c%d", found[i]);
        fprintf(stream, " AS %s", roles[i].as);
    }
    fputs(" FROM ", stream);
}

static dr_status print_query(char **query, const dr_relation *relation, const dr_role *roles, size_t count,
                             const int *found)
{
    size_t size = 0;
    char *text = NULL;
    const char **types = dr_new(relation->columns.count, sizeof *types);
    FILE *stream = types ? open_memstream(&text, &size) : NULL;
    if (!stream) {
        free(types);
        return dr_fail_memory();
    }
    for (size_t i = 0; i < count; i++)
        if (found[i] >= 0)
            types[found[i]] = roles[i].type;
    print_roles(stream, roles, count, found);
    dr_status status = dr_relation_print(stream, relation, types, "''");
    free(types);
    if (fclose(stream) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        *query = text;
    else
        free(text);
    return status;
}

dr_status dr_roles_query(char **query, bool *has, const char *path, dr_scratch *scratch, const dr_role *roles,
                         size_t count)
{
    dr_relation relation;
    int found[DR_MOST_ROLES];
    dr_status status = dr_relation_open(&relation, path, scratch);
    if (status == DR_OK)
        status = find_roles(found, path, &relation.columns, roles, count);
    if (status == DR_OK)
        status = print_query(query, &relation, roles, count, found);
    for (size_t i = 0; status == DR_OK && i < count; i++)
        has[i] = found[i] >= 0;
    dr_relation_free(&relation);
    return status;
}

/* ---- The first fault of a file ---- */

static dr_status check_cell(const dr_csv *csv, int column, const dr_role *role)
{
    const char *text = dr_csv_field(csv, (size_t)column);
    double number = 0;
    bool optional = *role->names == '?';
    if (!*text)
        return optional ? DR_OK : dr_csv_fail(csv, column, "the cell is empty; expected the %s", role->as);
    if (strcmp(role->type, "VARCHAR") == 0)
        return DR_OK;
    if (!dr_parse_number(text, &number))
        return dr_csv_fail(csv, column, "'%.40s' is not a number%s", text, dr_number_hint(text));
    if (strcmp(role->type, "DOUBLE") != 0 && (number != (int)number || number < 0 || number > 65535))
        return dr_csv_fail(csv, column, "'%.40s' is not a valid %s", text, role->as);
    return DR_OK;
}

static dr_status check_rows(dr_csv *csv, const dr_role *roles, size_t count, const int *found)
{
    bool more = false;
    DR_TRY(dr_csv_header(csv, NULL, 0, NULL));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        for (size_t i = 0; i < count; i++)
            if (found[i] >= 0)
                DR_TRY(check_cell(csv, found[i], &roles[i]));
    }
}

dr_status dr_roles_fault(dr_status status, const char *path, const dr_scratch *scratch, const dr_role *roles,
                         size_t count)
{
    char why[1024];
    dr_relation relation;
    dr_csv *csv = NULL;
    int found[DR_MOST_ROLES];
    snprintf(why, sizeof why, "%s", dr_error_text());
    dr_status fault = dr_relation_columns(&relation, path, scratch);
    if (status == DR_MACHINE || relation.parquet) {
        dr_relation_free(&relation);
        return dr_fail(status, "%s: %s", path, why);
    }
    if (fault == DR_OK)
        fault = find_roles(found, path, &relation.columns, roles, count);
    if (fault == DR_OK)
        fault = dr_csv_open(&csv, path);
    if (fault == DR_OK)
        fault = check_rows(csv, roles, count, found);
    dr_csv_close(csv);
    dr_relation_free(&relation);
    return fault == DR_OK ? dr_fail(status, "%s: %s", path, why) : fault;
}
