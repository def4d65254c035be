/* Flows with the columns of another file beside them, and with zeros where a pair has no row: as queries around that of
 * a file. */
#include <stdlib.h>
#include <string.h>

#include "base/relation.h"
#include "base/sql.h"
#include "estimate/estimate_sql.h"
#include "estimate/flow_panel_impl.h"

/* ---- The file that is joined ------------------------------------------------------------------------------------- */

static dr_status add_key(dr_flow_panel_source *s, const char *name)
{
    char hint[DR_HINT_SIZE];
    int at = dr_flow_panel_source_role(&s->join->columns, name);
    if (!dr_flow_panel_source_find(s, name))
        return dr_fail(DR_BAD_INPUT, "--on: the flows have no column '%s'", name);
    if (at < 0)
        return dr_fail(DR_BAD_INPUT, "%s:1: there is no column '%s' to join by%s", s->join->path, name,
                       dr_hint(hint, name, (const char *const *)s->join->columns.names, s->join->columns.count));
    if (s->keys == DR_MOST_KEYS)
        return dr_fail(DR_BAD_INPUT, "--on: more than %d columns", DR_MOST_KEYS);
    s->key[s->keys] = (dr_join_key){dr_arena_text(&s->arena, name), at};
    return s->key[s->keys++].name ? DR_OK : dr_fail_memory();
}

/* The columns of --on; without it exporter, importer and year, as far as both have them. */
static dr_status add_keys(dr_flow_panel_source *s, const char *on)
{
    static const char *const usual[] = {"exporter", "importer", "year"};
    for (size_t i = 0; i < 3 && !on; i++)
        if (dr_flow_panel_source_find(s, usual[i]) && dr_flow_panel_source_role(&s->join->columns, usual[i]) >= 0)
            DR_TRY(add_key(s, usual[i]));
    while (on && *on) {
        size_t blanks = strspn(on, " ,"), size = strcspn(on + blanks, ",");
        const char *from = on + blanks;
        on = from + size;
        while (size > 0 && from[size - 1] == ' ')
            size--;
        const char *name = dr_arena_format(&s->arena, "%.*s", (int)size, from);
        if (!name)
            return dr_fail_memory();
        if (size > 0)
            DR_TRY(add_key(s, name));
    }
    if (s->keys > 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: it has no column by which it could be joined to the flows: name some with --on",
                   s->join->path);
}

/* What a key is compared by: numbers as numbers, so that 2000 and 2000.0 are one year; of dates the year. */
static void print_key(FILE *to, const char *of)
{
    fprintf(to,
            "coalesce(TRY_CAST(%s AS DOUBLE)::VARCHAR, year(TRY_CAST(%s::VARCHAR AS TIMESTAMP))::DOUBLE::VARCHAR, "
            "%s::VARCHAR)",
            of, of, of);
}

static dr_status print_joined(FILE *to, const dr_flow_panel_source *s, const dr_flow_panel *panel)
{
    const char **types = dr_new(s->join->columns.count, sizeof *types);
    if (!types)
        return dr_fail_memory();
    for (size_t i = 0; i < s->join->columns.count && !s->join->parquet; i++)
        for (size_t k = 0; k < s->columns; k++)
            if (s->column[k].joined && strcmp(s->column[k].of, s->join->columns.names[i]) == 0 &&
                dr_flow_panel_source_needs(panel, s->column[k].name))
                types[i] = "VARCHAR";
    for (size_t k = 0; k < s->keys && !s->join->parquet; k++)
        types[s->key[k].at] = "VARCHAR";
    dr_status status = dr_relation_print(to, s->join, types, "''");
    free(types);
    return status;
}

static dr_status print_keys(FILE *to, const dr_flow_panel_source *s, const char *between)
{
    char of[32];
    for (size_t k = 0; k < s->keys; k++) {
        snprintf(of, sizeof of, "j.c%d", s->key[k].at);
        fputs(k ? between : "", to);
        print_key(to, of);
    }
    return DR_OK;
}

/* Two rows of the same keys would double a flow. */
static dr_status check_keys(const dr_flow_panel_source *s, const dr_flow_panel *panel)
{
    size_t size = 0;
    char *sql = NULL;
    double twice = 0;
    FILE *to = open_memstream(&sql, &size);
    if (!to)
        return dr_fail_memory();
    fputs("SELECT 1 FROM ", to);
    dr_status status = print_joined(to, s, panel);
    fputs(" j GROUP BY ", to);
    print_keys(to, s, ", ");
    fputs(" HAVING count(*) > 1", to);
    if (fclose(to) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_sql_number(&twice, &s->duck, dr_estimate_sql.flows.count_rows, DR_VALUES(dr_sql_part("rows", sql)));
    free(sql);
    if (status != DR_OK || twice == 0)
        return status;
    return dr_fail(DR_BAD_INPUT,
                   "%s: %.0f combinations of the columns to join by have several rows; expected one for each",
                   s->join->path, twice);
}

dr_status dr_flow_panel_join_open(dr_flow_panel_source *s, const dr_flow_panel_request *request)
{
    s->fill = request->fill_zeros;
    if (!request->join)
        return request->on ? dr_fail(DR_USAGE, "--on names the columns of a file to join: name one with --join")
                           : DR_OK;
    if (!(s->join = dr_new(1, sizeof *s->join)))
        return dr_fail_memory();
    DR_TRY(dr_relation_open(s->join, request->join, NULL));
    DR_TRY(add_keys(s, request->on));
    return dr_flow_panel_source_add(s, s->join, true);
}

dr_status dr_flow_panel_join_check(const dr_flow_panel_source *s, const dr_flow_panel *panel)
{
    return s->join ? check_keys(s, panel) : DR_OK;
}

/* ---- Queries ----------------------------------------------------------------------------------------------------- */

/* Every exporter and importer of the file in every year (and `by`), with zero trade where there is no row; but for
 * domestic trade, of which a missing row says nothing. */
static void print_filled(FILE *to, const dr_flow_panel *p, const char *inner)
{
    const int fields[] = {p->exporter, p->importer, p->year, p->by};
    fprintf(to, "(WITH f AS MATERIALIZED %s SELECT * FROM f UNION ALL BY NAME SELECT ", inner);
    for (size_t i = 0; i < 4; i++)
        if (fields[i] >= 0)
            fprintf(to, "k%zu.k AS \"%s\", ", i, p->field[fields[i]].name);
    fputs("0 AS trade FROM ", to);
    for (size_t i = 0; i < 4; i++)
        if (fields[i] >= 0)
            fprintf(to, "%s(SELECT DISTINCT \"%s\" AS k FROM f WHERE k IS NOT NULL) k%zu", i ? " CROSS JOIN " : "",
                    p->field[fields[i]].name, i);
    fputs(" WHERE k0.k <> k1.k AND NOT EXISTS (SELECT 1 FROM f WHERE ", to);
    for (size_t i = 0; i < 4; i++)
        if (fields[i] >= 0)
            fprintf(to, "%sf.\"%s\" = k%zu.k", i ? " AND " : "", p->field[fields[i]].name, i);
    fputs("))", to);
}

static dr_status print_join(FILE *to, const dr_flow_panel_source *s, const dr_flow_panel *p, bool others,
                            const char *flows)
{
    char of[32], name[300];
    fputs("(SELECT b.*", to);
    for (size_t i = 0; i < s->columns; i++)
        if (s->column[i].joined && dr_flow_panel_source_needs(p, s->column[i].name)) {
            fputs(", ", to);
            dr_flow_panel_print_column(to, p, s->join, &s->column[i], others, "j.");
        }
    fprintf(to, " FROM %s b LEFT JOIN ", flows);
    DR_TRY(print_joined(to, s, p));
    fputs(" j ON ", to);
    for (size_t k = 0; k < s->keys; k++) {
        snprintf(name, sizeof name, "b.\"%.200s\"", s->key[k].name);
        snprintf(of, sizeof of, "j.c%d", s->key[k].at);
        fputs(k ? " AND " : "", to);
        print_key(to, name);
        fputs(" = ", to);
        print_key(to, of);
    }
    fputs(")", to);
    return DR_OK;
}

dr_status dr_flow_panel_print_around(FILE *to, const dr_flow_panel_source *s, const dr_flow_panel *p, bool others,
                                     const char *inner)
{
    size_t size = 0;
    char *filled = NULL;
    FILE *flows = open_memstream(&filled, &size);
    if (!flows)
        return dr_fail_memory();
    if (s->fill)
        print_filled(flows, p, inner);
    else
        fputs(inner, flows);
    dr_status status = fclose(flows) == 0 ? DR_OK : dr_fail_memory();
    if (status == DR_OK && s->join)
        status = print_join(to, s, p, others, filled);
    else if (status == DR_OK)
        fputs(filled, to);
    free(filled);
    return status;
}
