/* Columns of a file by name, as a query of DuckDB. */
#define _GNU_SOURCE /* open_memstream */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/rows.h"
#include "import/products.h"

enum { MOST_FILE_COLUMNS = 512 };

static bool is_parquet(const char *path)
{
    char magic[4] = "";
    FILE *file = fopen(path, "rb");
    bool is = file && fread(magic, 1, 4, file) == 4 && memcmp(magic, "PAR1", 4) == 0;
    if (file)
        fclose(file);
    return is;
}

/* ---- Which column is which ---- */

/* The file's column that has one of the role's names: -1 if none has. */
static int find_role(const dr_names *columns, const char *names)
{
    for (names += *names == '?'; *names;) {
        char name[64];
        size_t size = strcspn(names, "|");
        snprintf(name, sizeof name, "%.*s", (int)size, names);
        int column = dr_names_find(columns, name);
        if (column >= 0)
            return column;
        names += size + (names[size] == '|');
    }
    return -1;
}

static dr_status find_roles(int *found, const char *path, const dr_names *columns, const dr_role *roles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char hint[DR_HINT_SIZE], first[64];
        found[i] = find_role(columns, roles[i].names);
        if (found[i] >= 0 || *roles[i].names == '?')
            continue;
        snprintf(first, sizeof first, "%.*s", (int)strcspn(roles[i].names, "|"), roles[i].names);
        return dr_fail(
            DR_BAD_INPUT, "%s:1: the column '%s' was expected and is not there%s", path, first,
            /* any letter is near to one letter */
            dr_hint(hint, first, (const char *const *)columns->names, strlen(first) > 1 ? columns->count : 0));
    }
    return DR_OK;
}

static dr_status read_header(dr_names *columns, const char *path)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = dr_csv_header(csv, NULL, 0, NULL);
    for (size_t i = 0; status == DR_OK && i < dr_csv_fields(csv); i++) {
        size_t before = columns->count;
        if (dr_names_add(columns, dr_csv_field(csv, i)) < 0)
            status = dr_fail_memory();
        else if (columns->count == before)
            status = dr_csv_fail(csv, (int)i, "the column '%.40s' is there twice", dr_csv_field(csv, i));
    }
    dr_csv_close(csv);
    if (status == DR_OK && columns->count > MOST_FILE_COLUMNS)
        status = dr_fail(DR_BAD_INPUT, "%s: a table of %zu columns, where %d are the most", path, columns->count,
                         MOST_FILE_COLUMNS);
    return status;
}

static dr_status read_columns(dr_names *columns, const char *path)
{
    if (!is_parquet(path))
        return read_header(columns, path);
    dr_duck duck = {0};
    char *literal = dr_duck_path(path);
    dr_status status = literal ? dr_duck_open(&duck, NULL, false) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_cursor_names(columns, &duck, "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(%s))",
                                 literal);
    dr_duck_close(&duck);
    free(literal);
    return status == DR_OK || status == DR_MACHINE ? status : dr_fail_at(status, path);
}

/* ---- The query ---- */

static void print_name(FILE *stream, const char *name)
{
    fputc('"', stream);
    for (; *name; name++)
        fprintf(stream, *name == '"' ? "\"\"" : "%c", *name);
    fputc('"', stream);
}

/* "c3" AS value, ... with the columns of a CSV under numbers, so that any header will do. */
static void print_roles(FILE *stream, const dr_names *columns, const dr_role *roles, size_t count, const int *found,
                        bool parquet)
{
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ", " : "SELECT ", stream);
        if (found[i] < 0) {
            fprintf(stream, "NULL::%s", roles[i].type);
        } else if (parquet) {
            print_name(stream, columns->names[found[i]]);
            fprintf(stream, "::%s", roles[i].type);
        } else {
            fprintf(stream, "c%d", found[i]);
        }
        fprintf(stream, " AS %s", roles[i].as);
    }
}

static void print_csv(FILE *stream, const char *literal, const char *encoding, const char *compression,
                      const dr_names *columns, const dr_role *roles, size_t count, const int *found)
{
    fprintf(stream,
            " FROM read_csv(%s, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"',"
            " nullstr = [''], encoding = '%s', compression = '%s', columns = {",
            literal, encoding, compression);
    for (size_t c = 0; c < columns->count; c++) {
        const char *type = "VARCHAR";
        for (size_t i = 0; i < count; i++)
            if (found[i] == (int)c)
                type = roles[i].type;
        fprintf(stream, "%s'c%zu': '%s'", c ? ", " : "", c, type);
    }
    fputs("})", stream);
}

/* Statistics of trade come in UTF-8 or in ISO 8859-1; only names differ. *packed tells whether the file is gzip. */
static dr_status look_at(const char *path, bool *utf8, bool *packed)
{
    dr_csv *csv = NULL;
    unsigned char magic[2] = {0};
    FILE *file = fopen(path, "rb");
    *packed = file && fread(magic, 1, 2, file) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    if (file)
        fclose(file);
    enum { SAMPLE = 250000 }; /* the most rows that one query to UN Comtrade gives */
    bool more = true;
    *utf8 = true;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = DR_OK;
    for (int row = 0; *utf8 && more && row < SAMPLE && (status = dr_csv_next(csv, &more)) == DR_OK && more; row++)
        for (size_t i = 0; i < dr_csv_fields(csv); i++)
            *utf8 = *utf8 && dr_utf8(dr_csv_field(csv, i));
    dr_csv_close(csv);
    return status;
}

static dr_status print_query(char **query, const char *path, const dr_names *columns, const dr_role *roles,
                             size_t count, const int *found)
{
    size_t size = 0;
    bool parquet = is_parquet(path), utf8 = true, packed = false;
    if (!parquet)
        DR_TRY(look_at(path, &utf8, &packed));
    char *literal = dr_duck_path(path), *text = NULL;
    FILE *stream = literal ? open_memstream(&text, &size) : NULL;
    if (!stream) {
        free(literal);
        return dr_fail_memory();
    }
    print_roles(stream, columns, roles, count, found, parquet);
    if (parquet)
        fprintf(stream, " FROM read_parquet(%s)", literal);
    else
        print_csv(stream, literal, utf8 ? "utf-8" : "latin-1", packed ? "gzip" : "none", columns, roles, count, found);
    free(literal);
    if (fclose(stream) != 0) {
        free(text);
        return dr_fail_memory();
    }
    *query = text;
    return DR_OK;
}

dr_status dr_roles_query(char **query, bool *has, const char *path, const dr_role *roles, size_t count)
{
    dr_names columns = {0};
    int found[DR_MOST_ROLES];
    dr_status status = read_columns(&columns, path);
    if (status == DR_OK)
        status = find_roles(found, path, &columns, roles, count);
    if (status == DR_OK)
        status = print_query(query, path, &columns, roles, count, found);
    for (size_t i = 0; status == DR_OK && i < count; i++)
        has[i] = found[i] >= 0;
    dr_names_free(&columns);
    return status;
}

/* ---- What is wrong with a file ---- */

static dr_status check_cell(const dr_csv *csv, int column, const dr_role *role)
{
    const char *text = dr_csv_field(csv, (size_t)column);
    double number = 0;
    bool optional = *role->names == '?';
    if (!*text)
        return optional ? DR_OK : dr_csv_fail(csv, column, "the cell is empty, the %s was expected", role->as);
    if (strcmp(role->type, "VARCHAR") == 0)
        return DR_OK;
    if (!dr_parse_number(text, &number))
        return dr_csv_fail(csv, column, "'%.40s' is not a number", text);
    if (strcmp(role->type, "DOUBLE") != 0 && (number != (int)number || number < 0 || number > 65535))
        return dr_csv_fail(csv, column, "'%.40s' is no %s", text, role->as);
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

dr_status dr_roles_fault(dr_status status, const char *path, const dr_role *roles, size_t count)
{
    char why[1024];
    dr_names columns = {0};
    dr_csv *csv = NULL;
    int found[DR_MOST_ROLES];
    snprintf(why, sizeof why, "%s", dr_error_text());
    if (status == DR_MACHINE || is_parquet(path))
        return dr_fail_at(status, path);
    dr_status fault = read_header(&columns, path);
    if (fault == DR_OK)
        fault = find_roles(found, path, &columns, roles, count);
    if (fault == DR_OK)
        fault = dr_csv_open(&csv, path);
    if (fault == DR_OK)
        fault = check_rows(csv, roles, count, found);
    dr_csv_close(csv);
    dr_names_free(&columns);
    return fault == DR_OK ? dr_fail(status, "%s: %s", path, why) : fault;
}
