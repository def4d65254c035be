/* The source of a panel, files or a world, as a query that gives its fields. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/relation.h"
#include "base/sql.h"
#include "estimate/estimate_sql.h"
#include "estimate/flow_panel_impl.h"
#include "world/products.h"
#include "world/walk.h"

/* Names that files use for the columns that every panel has. */
static const struct {
    const char *role;
    const char *names[6];
} roles[] = {{"exporter", {"exporter", "exporter_iso3", "iso3_o", "iso_o", "origin"}},
             {"importer", {"importer", "importer_iso3", "iso3_d", "iso_d", "destination"}},
             {"year", {"year", "period", "refYear"}},
             {"trade", {"trade", "value", "value_musd", "tradeflow", "primaryValue"}}};

enum { ROLES = sizeof roles / sizeof *roles, YEAR = 2 };

const dr_source_column *dr_flow_panel_source_find(const dr_flow_panel_source *source, const char *name)
{
    for (size_t i = 0; i < source->columns; i++)
        if (strcmp(source->column[i].name, name) == 0)
            return &source->column[i];
    return NULL;
}

static dr_status add_column(dr_flow_panel_source *s, const char *name, const char *of, const char *type, bool joined)
{
    size_t capacity = s->columns;
    if (dr_flow_panel_source_find(s, name))
        return DR_OK;
    if (!dr_grow((void **)&s->column, &capacity, s->columns + 1, sizeof *s->column))
        return dr_fail_memory();
    dr_source_column *c = &s->column[s->columns++];
    *c = (dr_source_column){dr_arena_text(&s->arena, name), of ? dr_arena_text(&s->arena, of) : NULL,
                            dr_arena_text(&s->arena, type), joined};
    return c->name && c->type && (c->of || !of) ? DR_OK : dr_fail_memory();
}

int dr_flow_panel_source_role(const dr_names *columns, const char *name)
{
    int found = dr_names_find(columns, name);
    for (size_t role = 0; role < ROLES; role++)
        for (size_t i = 0; found < 0 && strcmp(roles[role].role, name) == 0 && i < 6 && roles[role].names[i]; i++)
            found = dr_names_find(columns, roles[role].names[i]);
    return found;
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/* The year in a file's name: the last four digits in a row that are one; 0 if there is none. */
static int year_in_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    int year = 0;
    for (const char *at = slash ? slash + 1 : path; *at;) {
        size_t digits = strspn(at, "0123456789");
        long number = digits == 4 ? strtol(at, NULL, 10) : 0;
        year = number >= 1800 && number <= 2199 ? (int)number : year;
        at += digits ? digits : 1;
    }
    return year;
}

/* With the types that DuckDB sees in them. What it cannot tell is text. */
dr_status dr_flow_panel_source_add(dr_flow_panel_source *s, const dr_relation *r, bool joined)
{
    dr_cursor cursor;
    bool more = false;
    const char separator[] = {r->separator, '\0'};
    dr_status status =
        r->parquet ? dr_sql_open(&cursor, &s->duck, dr_estimate_sql.flows.columns_of_parquet,
                                 DR_VALUES(dr_sql_path("file", r->path)))
                   : dr_sql_open(&cursor, &s->duck, dr_estimate_sql.flows.columns_of_csv,
                                 DR_VALUES(dr_sql_path("file", r->path), dr_sql_integer("skipped", (long)r->skipped),
                                           dr_sql_text("separator", separator),
                                           dr_sql_text("compression", r->packed ? "gzip" : "none"),
                                           dr_sql_text("encoding", r->utf8 ? "utf-8" : "latin-1")));
    dr_status added = DR_OK;
    for (size_t i = 0; added == DR_OK && i < r->columns.count; i++) {
        const char *type = "VARCHAR";
        if (status == DR_OK)
            status = dr_cursor_next(&cursor, &more);
        if (status == DR_OK && more)
            type = dr_cursor_text(&cursor, 1, &s->arena);
        added = type ? add_column(s, r->columns.names[i], r->columns.names[i], type, joined) : dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    return added;
}

/* The column that has a role: the one given, which has to be there, or the first that goes by one of its usual
 * names. */
static dr_status add_role(dr_flow_panel_source *s, const char *path, size_t role, const char *given)
{
    char hint[DR_HINT_SIZE];
    const dr_names *names = &s->relation[0].columns;
    if (given && dr_names_find(names, given) < 0)
        return dr_fail(DR_BAD_INPUT, "%s:1: there is no column '%s'%s", path, given,
                       dr_hint(hint, given, (const char *const *)names->names, names->count));
    if (given && strcmp(given, roles[role].role) != 0 && dr_flow_panel_source_find(s, roles[role].role))
        return dr_fail(DR_BAD_INPUT, "%s:1: the column '%s' is given as the %s, but another column has that name", path,
                       given, roles[role].role);
    const char *found = given;
    for (size_t i = 0; !found && i < 6 && roles[role].names[i]; i++)
        if (dr_names_find(names, roles[role].names[i]) >= 0)
            found = roles[role].names[i];
    const dr_source_column *column = found ? dr_flow_panel_source_find(s, found) : NULL;
    if (column)
        return add_column(s, roles[role].role, column->of, column->type, false);
    return role == YEAR && year_in_name(path) ? add_column(s, "year", NULL, "BIGINT", false) : DR_OK;
}

static dr_status open_files(dr_flow_panel_source *s, const dr_flow_panel_request *request)
{
    const char *given[ROLES] = {request->exporter, request->importer, request->year, NULL};
    s->relation = dr_new(request->file_count + 1, sizeof *s->relation); /* the last, empty, ends them */
    if (!s->relation)
        return dr_fail_memory();
    for (size_t i = 0; i < request->file_count; i++) {
        if (dr_file_has(request->files[i], 8, "DUCK", 4))
            return dr_fail(DR_BAD_INPUT, "%s: a world cannot be read together with other files", request->files[i]);
        DR_TRY(dr_relation_open(&s->relation[i], request->files[i], NULL));
    }
    DR_TRY(dr_duck_open(&s->duck, NULL, false));
    DR_TRY(dr_flow_panel_source_add(s, &s->relation[0], false));
    for (size_t role = 0; role < ROLES; role++)
        DR_TRY(add_role(s, request->files[0], role, given[role]));
    if (request->fill_zeros && !(dr_flow_panel_source_find(s, "exporter") && dr_flow_panel_source_find(s, "importer") &&
                                 dr_flow_panel_source_find(s, "trade")))
        return dr_fail(DR_BAD_INPUT,
                       "%s:1: zeros are filled in for pairs of exporter and importer without trade: name "
                       "these columns with --exporter and --importer",
                       request->files[0]);
    return dr_flow_panel_join_open(s, request);
}

/* ---- Worlds ------------------------------------------------------------------------------------------------------ */

static dr_status open_world(dr_flow_panel_source *s, const char *path)
{
    static const char *const columns[] = {"exporter", "importer", "year", "trade", "sector", "tariff"};
    static const char *const types[] = {"VARCHAR", "VARCHAR", "BIGINT", "DOUBLE", "VARCHAR", "DOUBLE"};
    bool products = false;
    DR_TRY(dr_world_open(&s->world, path));
    DR_TRY(dr_walk_check(s->world, 0));
    size_t regions = dr_world_regions(s->world), count = s->world->layout.is_long ? 6 : 5;
    if (regions == 0) {
        DR_TRY(dr_products_table(&s->world->duck, "product_year", &products));
        if (!products)
            return dr_fail(DR_BAD_INPUT, "%s: holds no flows between economies", path);
        count = 4;
    }
    for (size_t i = 0; i < count; i++)
        DR_TRY(add_column(s, columns[i], columns[i], types[i], false));
    return DR_OK;
}

static dr_status print_world(FILE *to, const dr_world *world, bool sectors)
{
    const char *cells = world->layout.is_long ? dr_estimate_sql.flows.cells_long : dr_estimate_sql.flows.cells_icio;
    char *rows = NULL;
    if (world->layout.regions.count == 0)
        DR_TRY(dr_sql_fill(&rows, dr_estimate_sql.flows.of_products, NULL));
    else
        DR_TRY(dr_sql_fill(&rows, sectors ? dr_estimate_sql.flows.of_table_by_sector : dr_estimate_sql.flows.of_table,
                           DR_VALUES(dr_sql_part("cells", cells))));
    fprintf(to, "(%s)", rows);
    free(rows);
    return DR_OK;
}

/* ---- The query --------------------------------------------------------------------------------------------------- */

/* Whether the filter may be about the column: its name is there. */
static bool mentions(const char *where, const char *name)
{
    return where && strcasestr(where, name);
}

static void print_quoted(FILE *to, const char *name)
{
    fputc('"', to);
    for (; *name; name++)
        fprintf(to, *name == '"' ? "\"\"" : "%c", *name);
    fputc('"', to);
}

static const dr_field *find_field(const dr_flow_panel *panel, const char *name)
{
    for (size_t i = 0; i < panel->fields; i++)
        if (strcmp(panel->field[i].name, name) == 0)
            return &panel->field[i];
    return NULL;
}

bool dr_flow_panel_source_needs(const dr_flow_panel *panel, const char *name)
{
    return find_field(panel, name) || mentions(panel->where, name);
}

/* What stands for a missing number. */
#define EMPTY "'', 'NA', '.', '..', 'null', 'NULL'"

/* A date or time stamp, of which the year is the number. */
static bool is_date(const dr_source_column *column)
{
    return strncmp(column->type, "DATE", 4) == 0 || strncmp(column->type, "TIMESTAMP", 9) == 0;
}

/* A column of a file under one of its names. In a CSV all are texts at first. */
void dr_flow_panel_print_column(FILE *to, const dr_flow_panel *panel, const dr_relation *relation,
                                const dr_source_column *column, bool others, const char *from)
{
    char at[40];
    const dr_field *field = find_field(panel, column->name);
    snprintf(at, sizeof at, "%sc%d", from, column->of ? dr_names_find(&relation->columns, column->of) : 0);
    bool number = field && field->as_number;
    if (!column->of)
        fprintf(to, "%d::DOUBLE", year_in_name(relation->path));
    else if (relation->parquet)
        fprintf(to, !number ? "%s" : is_date(column) ? "year(%s)::DOUBLE" : "%s::DOUBLE", at);
    else if (number)
        fprintf(to,
                is_date(column) ? "CASE WHEN %s IN (" EMPTY ") THEN NULL ELSE year(%s(%s AS TIMESTAMP))::DOUBLE END"
                                : "CASE WHEN %s IN (" EMPTY ") THEN NULL ELSE %s(%s AS DOUBLE) END",
                at, others ? "TRY_CAST" : "CAST", at);
    else if (mentions(panel->where, column->name) && strcmp(column->type, "VARCHAR") != 0)
        fprintf(to, "TRY_CAST(%s AS %s)", at, column->type);
    else
        fputs(at, to);
    fputs(" AS ", to);
    print_quoted(to, column->name);
}

static bool is_key(const dr_flow_panel_source *s, const char *name)
{
    for (size_t k = 0; k < s->keys; k++)
        if (strcmp(s->key[k].name, name) == 0)
            return true;
    return s->fill && strcmp(name, "trade") == 0;
}

static dr_status print_file(FILE *to, const dr_flow_panel_source *s, const dr_flow_panel *panel, size_t file,
                            bool others)
{
    const dr_relation *relation = &s->relation[file];
    bool any = false;
    const char **types = dr_new(relation->columns.count, sizeof *types);
    if (!types)
        return dr_fail_memory();
    fputs("(SELECT ", to);
    for (size_t i = 0; i < s->columns; i++) {
        const dr_source_column *c = &s->column[i];
        if (c->joined || (!dr_flow_panel_source_needs(panel, c->name) && !is_key(s, c->name)))
            continue;
        if (c->of && dr_names_find(&relation->columns, c->of) < 0) {
            free(types);
            return dr_fail(DR_BAD_INPUT, "%s:1: there is no column '%s', which %s has", relation->path, c->of,
                           s->relation[0].path);
        }
        fputs(any ? ", " : "", to);
        dr_flow_panel_print_column(to, panel, relation, c, others, "");
        if (c->of && !relation->parquet)
            types[dr_names_find(&relation->columns, c->of)] = "VARCHAR";
        any = true;
    }
    if (s->join || s->fill)
        fprintf(to, "%srow_number() OVER () AS \"row of the file\"", any ? ", " : "");
    fputs(any || s->join || s->fill ? " FROM " : "1 FROM ", to);
    dr_status status = dr_relation_print(to, relation, types, "''");
    free(types);
    fputc(')', to);
    return status;
}

bool dr_flow_panel_by_sector(const dr_flow_panel_source *s, const dr_flow_panel *panel)
{
    return dr_flow_panel_source_find(s, "sector") &&
           (!s->world || find_field(panel, "sector") || find_field(panel, "tariff") ||
            mentions(panel->where, "sector") || mentions(panel->where, "tariff"));
}

/* Those of a file, with what is added to them. */
static dr_status print_flows(FILE *to, const dr_flow_panel_source *s, const dr_flow_panel *panel, size_t file,
                             bool others)
{
    size_t size = 0;
    char *inner = NULL;
    if (!s->join && !s->fill)
        return print_file(to, s, panel, file, others);
    FILE *text = open_memstream(&inner, &size);
    if (!text)
        return dr_fail_memory();
    dr_status status = print_file(text, s, panel, file, others);
    if (fclose(text) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_flow_panel_print_around(to, s, panel, others, inner);
    free(inner);
    return status;
}

static dr_status print_query(FILE *to, const dr_flow_panel_source *s, const dr_flow_panel *panel, size_t file,
                             bool others)
{
    fputs("SELECT ", to);
    for (size_t i = 0; i < panel->fields; i++) {
        fputs(i ? ", " : "", to);
        print_quoted(to, panel->field[i].name);
        fputs(panel->field[i].as_number ? "::DOUBLE" : "::VARCHAR", to);
    }
    fputs(" FROM ", to);
    if (s->world)
        DR_TRY(print_world(to, s->world, dr_flow_panel_by_sector(s, panel)));
    else
        DR_TRY(print_flows(to, s, panel, file, others));
    if (panel->where)
        fprintf(to, " WHERE ((%s\n)%s)", panel->where, others ? " IS NOT TRUE" : "");
    if (s->join || s->fill)
        fputs(" ORDER BY \"row of the file\" NULLS LAST", to);
    if (s->fill)
        fputs(panel->year >= 0 ? ", exporter, importer, year" : ", exporter, importer", to);
    return DR_OK;
}

dr_status dr_flow_panel_query(char **sql, const dr_flow_panel_source *source, const dr_flow_panel *panel, size_t file,
                              bool others)
{
    size_t size = 0;
    char *text = NULL;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return dr_fail_memory();
    dr_status status = print_query(to, source, panel, file, others);
    if (fclose(to) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        *sql = text;
    else
        free(text);
    return status;
}

/* ---- Soundness --------------------------------------------------------------------------------------------------- */

dr_status dr_flow_panel_source_lock(const dr_flow_panel_source *s)
{
    size_t count = 0;
    if (s->world) /* which is opened so */
        return DR_OK;
    while (s->relation[count].path)
        count++;
    const char **files = dr_new(count + 1, sizeof *files);
    if (!files)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++)
        files[i] = s->relation[i].path;
    if (s->join)
        files[count++] = s->join->path;
    dr_status status = dr_duck_lock(&s->duck, files, count);
    free(files);
    return status;
}

/* The filter is one expression: its brackets close, outside of quotes, and nothing ends the statement. What it
 * cannot do either way is read or write another file. */
static dr_status check_where(const char *where)
{
    int open = 0;
    for (const char *at = where; *at; at++) {
        if (*at == '\'' || *at == '"') {
            const char *end = strchr(at + 1, *at);
            if (!end)
                return dr_fail(DR_BAD_INPUT, "--where %.200s: a quote is not closed", where);
            at = end;
            continue;
        }
        open += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        if (open < 0 || *at == ';')
            return dr_fail(DR_BAD_INPUT, "--where %.200s: expected one expression, such as \"year >= 1990\"", where);
    }
    return open == 0 ? DR_OK : dr_fail(DR_BAD_INPUT, "--where %.200s: a bracket is not closed", where);
}

static dr_status check_cell(const dr_csv *csv, size_t column, const char *name)
{
    const char *text = dr_csv_field(csv, column);
    double number = 0;
    if (!*text || strcmp(text, "NA") == 0 || strcmp(text, ".") == 0 || strcmp(text, "..") == 0 ||
        strcasecmp(text, "null") == 0 || strcasecmp(text, "nan") == 0 || dr_parse_number(text, &number))
        return DR_OK;
    return dr_csv_fail(csv, (int)column, "'%.40s' is not a number; expected the %s", text, name);
}

static dr_status check_row(const dr_csv *csv, const dr_flow_panel_source *s, const dr_flow_panel *panel,
                           const dr_relation *relation)
{
    for (size_t i = 0; i < panel->fields; i++) {
        const dr_source_column *c = dr_flow_panel_source_find(s, panel->field[i].name);
        if (panel->field[i].as_number && c && c->of && !c->joined && !is_date(c))
            DR_TRY(check_cell(csv, (size_t)dr_names_find(&relation->columns, c->of), panel->field[i].name));
    }
    return DR_OK;
}

dr_status dr_flow_panel_fault(const dr_flow_panel_source *s, const dr_flow_panel *panel, size_t file)
{
    dr_csv *csv = NULL;
    bool more = true;
    if (s->world || s->relation[file].parquet)
        return DR_OK;
    DR_TRY(dr_csv_open(&csv, s->relation[file].path));
    dr_status status = dr_csv_header(csv, NULL, 0, NULL);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = check_row(csv, s, panel, &s->relation[file]);
    dr_csv_close(csv);
    return status;
}

/* ---- Entry points ------------------------------------------------------------------------------------------------ */

dr_status dr_flow_panel_source_open(dr_flow_panel_source *out, const dr_flow_panel_request *request)
{
    *out = (dr_flow_panel_source){0};
    if (request->file_count == 0)
        return dr_fail(DR_USAGE, "no file of flows is given");
    if (request->where)
        DR_TRY(check_where(request->where));
    bool world = request->file_count == 1 && dr_file_has(request->files[0], 8, "DUCK", 4);
    if (world && (request->join || request->on || request->fill_zeros))
        return dr_fail(DR_BAD_INPUT, "%s: --join and --fill-zeros are for files; a world has every pair",
                       request->files[0]);
    if (world && (request->exporter || request->importer || request->year))
        return dr_fail(DR_BAD_INPUT, "%s: the columns of a world have fixed names; they are given for files only",
                       request->files[0]);
    DR_TRY(world ? open_world(out, request->files[0]) : open_files(out, request));
    if (!request->world || (world && strcmp(request->world, request->files[0]) == 0)) {
        out->groups = out->world;
        return DR_OK;
    }
    return dr_world_open(&out->groups, request->world);
}

void dr_flow_panel_source_close(dr_flow_panel_source *s)
{
    if (s->groups != s->world)
        dr_world_close(s->groups);
    dr_world_close(s->world);
    for (size_t i = 0; s->relation && s->relation[i].path; i++)
        dr_relation_free(&s->relation[i]);
    if (s->join)
        dr_relation_free(s->join);
    free(s->join);
    free(s->relation);
    dr_duck_close(&s->duck);
    free(s->column);
    dr_arena_free(&s->arena);
    *s = (dr_flow_panel_source){0};
}
