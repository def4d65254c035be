#include "world/world_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "world/world.h"
#include "world/world_sql.h"

static const char *const kinds[] = {"icio", "long", "products"};
static const char *const types[] = {"region_code", "sector_code", "use_code"};

/* ---- Objects other than tables ---- */

static bool is_view(const char *name)
{
    for (const dr_view_rule *view = dr_views; view->name; view++)
        if (strcmp(view->name, name) == 0)
            return true;
    return false;
}

static bool is_type(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], name) == 0)
            return true;
    return false;
}

static bool is_nothing(const char *name)
{
    (void)name;
    return false;
}

/* DuckDB's lists of a file's objects; `belongs` tells whether a name is that of a world's object. */
static const struct listing {
    const char *what;
    const char *const *statement;
    bool (*belongs)(const char *name);
} listings[] = {
    {"schema", &dr_world_sql.contents.schemas, is_nothing},
    {"sequence", &dr_world_sql.contents.sequences, is_nothing},
    {"index", &dr_world_sql.contents.indexes, is_nothing},
    {"constraint", &dr_world_sql.contents.constraints, is_nothing},
    {"type", &dr_world_sql.contents.types, is_type},
    {"view", &dr_world_sql.contents.views, is_view},
};

static const struct listing macros = {"macro", &dr_world_sql.contents.macros, is_nothing};

static dr_status check_listing(const dr_duck *duck, const struct listing *listing)
{
    dr_names names = {0};
    dr_status status = dr_sql_names(&names, duck, *listing->statement, NULL);
    for (size_t i = 0; status == DR_OK && i < names.count; i++)
        if (strcmp(listing->what, "view") == 0 && dr_table_rule_find(names.names[i]) && !is_view(names.names[i]))
            status = dr_fail(DR_BAD_INPUT, "'%s' is a view; expected a table", names.names[i]);
        else if (!listing->belongs(names.names[i]))
            status = dr_fail(DR_BAD_INPUT, "contains the %s '%.60s', which is not part of a world file", listing->what,
                             names.names[i]);
    dr_names_free(&names);
    return status;
}

/* ---- Columns ---- */

typedef struct there {
    const char *table, *name, *type;
    bool computed; /* has a default, or is generated */
} there;

typedef struct columns {
    there *list;
    size_t count, capacity;
    dr_arena texts;
} columns;

static dr_status read_columns(columns *c, const dr_duck *duck)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.contents.columns, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        there found = {dr_cursor_text(&cursor, 0, &c->texts), dr_cursor_text(&cursor, 1, &c->texts),
                       dr_cursor_text(&cursor, 2, &c->texts), !dr_cursor_null(&cursor, 3)};
        if (!found.table || !found.name || !found.type ||
            !dr_grow((void **)&c->list, &c->capacity, c->count + 1, sizeof *c->list))
            status = dr_fail_memory();
        else
            c->list[c->count++] = found;
    }
    dr_cursor_close(&cursor);
    return status;
}

static const there *find_column(const columns *c, const char *table, size_t index)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->list[i].table, table) == 0 && index-- == 0)
            return &c->list[i];
    return NULL;
}

static bool is_list(const char *type)
{
    size_t length = strlen(type);
    return length > 2 && strcmp(type + length - 2, "[]") == 0;
}

/* An ENUM's type as DuckDB writes it: ENUM('AUS', 'BRA'), and with [] behind that of lists of its codes. */
static dr_status print_type(char **out, const dr_names *codes, bool list)
{
    return dr_sql_fill(out, list ? "ENUM({codes})[]" : "ENUM({codes})",
                       DR_VALUES(dr_sql_texts("codes", (const char *const *)codes->names, codes->count)));
}

static const dr_names *codes_of(const dr_contents *c, const char *type)
{
    return strncmp(type, types[0], strlen(types[0])) == 0   ? &c->regions
           : strncmp(type, types[1], strlen(types[1])) == 0 ? &c->sectors
           : strncmp(type, types[2], strlen(types[2])) == 0 ? &c->uses
                                                            : NULL;
}

static dr_status fail_type(const dr_table_rule *table, const dr_column_rule *rule, const there *found, bool code)
{
    const char *of = strncmp(rule->type, types[0], strlen(types[0])) == 0   ? "regions"
                     : strncmp(rule->type, types[1], strlen(types[1])) == 0 ? "sectors"
                                                                            : "uses";
    if (code && strncmp(found->type, "ENUM(", 5) == 0)
        return dr_fail(DR_BAD_INPUT,
                       "the column '%s' of the table '%s' is an ENUM of other codes, or in another order, than %s: "
                       "expected the codes of the %s",
                       rule->name, table->name, rule->type, of);
    return dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' is %.40s; expected %s%s", rule->name, table->name,
                   found->type, rule->type, code ? " (an ENUM)" : "");
}

static dr_status check_column(const dr_contents *c, const dr_table_rule *table, const dr_column_rule *rule,
                              const there *found)
{
    const dr_names *codes = codes_of(c, rule->type);
    if (!found)
        return dr_fail(DR_BAD_INPUT, "the table '%s' has no column '%s'", table->name, rule->name);
    if (strcmp(found->name, rule->name) != 0)
        return dr_fail(DR_BAD_INPUT, "the table '%s' has a column '%.60s'; expected '%s'", table->name, found->name,
                       rule->name);
    if (found->computed)
        return dr_fail(
            DR_BAD_INPUT,
            "the column '%s' of the table '%s' is computed or has a default; expected plain numbers and texts",
            rule->name, table->name);
    char *type = NULL;
    if (codes)
        DR_TRY(print_type(&type, codes, is_list(rule->type)));
    bool right = strcmp(found->type, codes ? type : rule->type) == 0;
    free(type);
    return right ? DR_OK : fail_type(table, rule, found, codes != NULL);
}

static dr_status check_table(const dr_contents *c, const columns *all, const dr_table_rule *table)
{
    size_t count = dr_table_rule_columns(table);
    for (size_t i = 0; i < count; i++)
        DR_TRY(check_column(c, table, &table->columns[i], find_column(all, table->name, i)));
    const there *more = find_column(all, table->name, count);
    if (more)
        return dr_fail(DR_BAD_INPUT, "the table '%s' has a column '%.60s' after its last one, '%s'", table->name,
                       more->name, table->columns[count - 1].name);
    return DR_OK;
}

/* A table of the rows of runs, whose columns are those of the results that were stored. */
static dr_status check_run_table(const columns *all, const char *name)
{
    const there *found = NULL;
    for (size_t i = 0; (found = find_column(all, name, i)); i++) {
        bool text = strcmp(found->type, "VARCHAR") == 0;
        if (i == 0 ? !text || strcmp(found->name, "run") != 0 : !text && strcmp(found->type, "DOUBLE") != 0)
            return dr_fail(DR_BAD_INPUT, "the column '%.60s' of the table '%.60s' is %.40s; expected %s", found->name,
                           name, found->type, i == 0 ? "'run' VARCHAR" : "VARCHAR or DOUBLE");
        if (found->computed)
            return dr_fail(DR_BAD_INPUT, "the column '%.60s' of the table '%.60s' is computed or has a default",
                           found->name, name);
    }
    return DR_OK;
}

/* ---- The table `schema` ---- */

static dr_status check_version(int version)
{
    if (version >= 1 && version <= DR_SCHEMA_VERSION)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "the world has schema version %d; this version of derisk (%s) reads 1 to %d%s",
                   version, DR_VERSION, DR_SCHEMA_VERSION,
                   version > DR_SCHEMA_VERSION ? "; use a newer version of derisk" : "");
}

static dr_status take_schema(dr_contents *c, const dr_cursor *cursor)
{
    dr_arena texts = {0};
    if (dr_cursor_null(cursor, 0) || dr_cursor_null(cursor, 1))
        return dr_fail(DR_BAD_INPUT, "the table 'schema' holds NULL; expected a version and a kind");
    dr_status status = check_version((int)dr_cursor_index(cursor, 0));
    const char *kind = dr_cursor_text(cursor, 1, &texts);
    size_t i = 0;
    if (!kind)
        status = dr_fail_memory();
    while (status == DR_OK && i < 3 && strcmp(kind, kinds[i]) != 0)
        i++;
    if (i == 3)
        status =
            dr_fail(DR_BAD_INPUT, "the kind in the table 'schema' is '%.40s'; expected icio, long or products", kind);
    c->version = (int)dr_cursor_index(cursor, 0);
    c->is_long = i == 1;
    c->has[DR_OF_ICIO] = i == 0;
    c->has[DR_OF_LONG] = i == 1;
    c->has[DR_OF_REGIONS] = i < 2;
    dr_arena_free(&texts);
    return status;
}

static dr_status read_schema(dr_contents *c, const dr_duck *duck)
{
    dr_cursor cursor;
    size_t rows = 0;
    bool more = false;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.contents.schema, NULL);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more && ++rows == 1)
        status = take_schema(c, &cursor);
    dr_cursor_close(&cursor);
    if (status == DR_OK && rows != 1)
        status = dr_fail(DR_BAD_INPUT, "the table 'schema' has %s; expected one", rows ? "several rows" : "no row");
    return status;
}

/* ---- The ENUM types ---- */

static dr_status take_code(dr_names *codes, const char *type, const dr_cursor *cursor)
{
    char code[256];
    size_t size = 0, before = codes->count;
    const char *bytes = dr_cursor_bytes(cursor, 0, &size);
    snprintf(code, sizeof code, "%.*s", (int)(size < sizeof code ? size : sizeof code - 1), bytes);
    if (size == 0 || size >= sizeof code || memchr(bytes, '\0', size) || !dr_utf8(code))
        return dr_fail(DR_BAD_INPUT, "the code %zu of the type '%s' is not a text of 1 to %zu bytes of UTF-8",
                       before + 1, type, sizeof code - 1);
    if (dr_names_add(codes, code) < 0)
        return dr_fail_memory();
    return codes->count > before ? DR_OK
                                 : dr_fail(DR_BAD_INPUT, "the code '%s' of the type '%s' appears twice", code, type);
}

static dr_status read_codes(dr_names *codes, const dr_duck *duck, const char *type)
{
    dr_cursor cursor;
    bool more = false, is_there = false;
    DR_TRY(dr_sql_any(&is_there, duck, dr_world_sql.contents.has_enum, DR_VALUES(dr_sql_text("type", type))));
    if (!is_there)
        return dr_fail(DR_BAD_INPUT, "the ENUM type '%s' is missing", type);
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.contents.codes, DR_VALUES(dr_sql_name("type", type)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more)
        status = take_code(codes, type, &cursor);
    dr_cursor_close(&cursor);
    if (status == DR_OK && codes->count == 0)
        status = dr_fail(DR_BAD_INPUT, "the type '%s' has no codes", type);
    return status;
}

static dr_status read_types(dr_contents *c, const dr_duck *duck)
{
    if (!c->has[DR_OF_REGIONS])
        return DR_OK;
    DR_TRY(read_codes(&c->regions, duck, types[0]));
    DR_TRY(read_codes(&c->sectors, duck, types[1]));
    return c->is_long ? DR_OK : read_codes(&c->uses, duck, types[2]);
}

/* ---- Tables against the schema ---- */

static bool may_be_there(const dr_contents *c, dr_family family)
{
    switch (family) {
    case DR_OF_REGIONS:
    case DR_OF_ICIO:
    case DR_OF_LONG:
        return c->has[family];
    case DR_OF_ROWS:
        return c->has[DR_OF_ICIO] && c->version >= DR_LISTS_VERSION;
    case DR_OF_CELLS:
        return c->has[DR_OF_ICIO] && c->version < DR_LISTS_VERSION;
    case DR_OF_FACTORS:
        return c->is_long;
    case DR_OF_ACCOUNTS:
        return c->has[DR_OF_REGIONS] && c->version >= DR_ACCOUNTS_VERSION;
    case DR_OF_TARIFFS:
        return c->has[DR_OF_ICIO] && c->version >= DR_ACCOUNTS_VERSION;
    case DR_OF_SUMS:
        return c->version >= DR_SUMS_VERSION;
    default:
        return true;
    }
}

static const char *kind_of(const dr_contents *c)
{
    return c->has[DR_OF_ICIO] ? kinds[0] : c->has[DR_OF_LONG] ? kinds[1] : kinds[2];
}

/* Families that are there, or have to be. */
static dr_status find_families(dr_contents *c)
{
    bool found[DR_FAMILIES] = {false};
    for (const dr_table_rule *table = dr_tables; table->name; table++)
        if (dr_names_find(&c->tables, table->name) >= 0) {
            if (!may_be_there(c, table->family))
                return dr_fail(DR_BAD_INPUT,
                               "the table 'schema' says that this is a world of version %d and of the kind '%s', which "
                               "has no table '%s'",
                               c->version, kind_of(c), table->name);
            found[table->family] = true;
        }
    for (size_t i = 0; i < DR_FAMILIES; i++)
        c->has[i] = c->has[i] || found[i] || i == DR_OF_ALL || (i == DR_OF_SUMS && c->version >= DR_SUMS_VERSION) ||
                    ((i == DR_OF_ROWS || i == DR_OF_CELLS) && may_be_there(c, (dr_family)i));
    return DR_OK;
}

static dr_status check_tables(const dr_contents *c, const columns *all)
{
    for (const dr_table_rule *table = dr_tables; table->name; table++) {
        if (!c->has[table->family])
            continue;
        if (dr_names_find(&c->tables, table->name) < 0)
            return dr_fail(DR_BAD_INPUT, "the table '%s' is missing", table->name);
        DR_TRY(check_table(c, all, table));
    }
    for (const dr_view_rule *view = dr_views; view->name; view++)
        if (!dr_table_rule_find(view->name) && dr_names_find(&c->tables, view->name) >= 0)
            return dr_fail(DR_BAD_INPUT, "'%s' is a table; expected a view", view->name);
    for (size_t i = 0; i < c->tables.count; i++)
        if (strncmp(c->tables.names[i], "run_", 4) == 0 && !dr_table_rule_find(c->tables.names[i]))
            DR_TRY(check_run_table(all, c->tables.names[i]));
    return DR_OK;
}

/* The tables whose rows are checked as they are read: a row that SQL does not find by its year or its code is not seen
 * then, so that NULL is looked for here. The database knows where there is none without reading. */
static dr_status print_nulls(char **out, const dr_table_rule *table)
{
    size_t size = 0;
    FILE *to = open_memstream(out, &size);
    if (!to)
        return dr_fail_memory();
    bool failed = false;
    const char *between = "";
    for (const dr_column_rule *rule = table->columns; rule->name; rule++)
        if (!(rule->cells & DR_CELL_NULL)) {
            char *part = NULL;
            dr_status status = dr_sql_fill(&part, dr_world_sql.contents.null_column,
                                           DR_VALUES(dr_sql_text("text", rule->name), dr_sql_name("column", rule->name),
                                                     dr_sql_name("table", table->name)));
            failed = failed || status != DR_OK || fprintf(to, "%s%s", between, part) < 0;
            free(part);
            between = " UNION ALL ";
        }
    failed = fclose(to) != 0 || failed;
    return failed ? dr_fail_memory() : DR_OK;
}

static dr_status check_nulls(const dr_duck *duck, const dr_table_rule *table)
{
    char *sql = NULL;
    dr_names found = {0};
    dr_status status = print_nulls(&sql, table);
    if (status == DR_OK)
        status = dr_sql_names(&found, duck, "{columns}", DR_VALUES(dr_sql_part("columns", sql)));
    if (status == DR_OK && found.count > 0)
        status =
            dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' is NULL in some row; expected a value in each",
                    found.names[0], table->name);
    dr_names_free(&found);
    free(sql);
    return status;
}

static dr_status read_contents(dr_contents *c, columns *all, const dr_duck *duck, bool writing)
{
    DR_TRY(dr_sql_names(&c->tables, duck, dr_world_sql.contents.tables, NULL));
    if (dr_names_find(&c->tables, "schema") < 0)
        return dr_fail(DR_BAD_INPUT, "a DuckDB file, but not a world (it has no table 'schema')");
    if (writing)
        DR_TRY(check_listing(duck, &macros));
    for (size_t i = 0; i < sizeof listings / sizeof *listings; i++)
        DR_TRY(check_listing(duck, &listings[i]));
    DR_TRY(read_columns(all, duck));
    DR_TRY(check_table(c, all, dr_table_rule_find("schema")));
    DR_TRY(read_schema(c, duck));
    DR_TRY(read_types(c, duck));
    DR_TRY(find_families(c));
    DR_TRY(check_tables(c, all));
    for (const dr_table_rule *table = dr_tables; table->name; table++)
        if (c->has[table->family])
            DR_TRY(table->late ? check_nulls(duck, table) : dr_rows_check(duck, table->name, NULL));
    return DR_OK;
}

dr_status dr_contents_read(dr_contents *out, const dr_duck *duck, bool writing)
{
    columns all = {0};
    dr_status status = read_contents(out, &all, duck, writing);
    free(all.list);
    dr_arena_free(&all.texts);
    return status;
}

void dr_contents_free(dr_contents *c)
{
    dr_names_free(&c->regions);
    dr_names_free(&c->sectors);
    dr_names_free(&c->uses);
    dr_names_free(&c->tables);
    *c = (dr_contents){0};
}

/* ---- Rows ---- */

typedef struct rows {
    const dr_table_rule *table;
    const dr_cursor *cursor;
    size_t row; /* from 1 */
    dr_names keys;
} rows;

static dr_status fail_cell(const rows *r, size_t column, const char *found, const char *expected)
{
    return dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' is %s in row %zu; expected %s",
                   r->table->columns[column].name, r->table->name, found, r->row, expected);
}

static dr_status check_text(const rows *r, size_t column)
{
    size_t size = 0;
    const char *bytes = dr_cursor_bytes(r->cursor, column, &size);
    if (memchr(bytes, '\0', size))
        return fail_cell(r, column, "a text with a zero byte", "plain text");
    char *text = strndup(bytes, size);
    if (!text)
        return dr_fail_memory();
    bool right = dr_utf8(text);
    free(text);
    return right ? DR_OK : fail_cell(r, column, "not UTF-8", "text");
}

static dr_status check_year(const rows *r, size_t column)
{
    char found[32], expected[48];
    long year = dr_cursor_index(r->cursor, column);
    if (year >= DR_FIRST_YEAR && year <= DR_LAST_YEAR)
        return DR_OK;
    snprintf(found, sizeof found, "%ld", year);
    snprintf(expected, sizeof expected, "a year from %d to %d", DR_FIRST_YEAR, DR_LAST_YEAR);
    return fail_cell(r, column, found, expected);
}

static dr_status check_cell(const rows *r, size_t column)
{
    const dr_column_rule *rule = &r->table->columns[column];
    if (dr_cursor_null(r->cursor, column))
        return rule->cells & DR_CELL_NULL ? DR_OK : fail_cell(r, column, "NULL", "a value");
    if (strcmp(rule->type, "VARCHAR") == 0)
        return check_text(r, column);
    if (strcmp(rule->type, "DOUBLE") == 0 && !(fabs(dr_cursor_number(r->cursor, column)) <= DR_LARGEST))
        return fail_cell(r, column, "not finite or above 1e30", "a finite number");
    return rule->cells & DR_CELL_YEAR ? check_year(r, column) : DR_OK;
}

/* The key columns of the row as one text. */
static char *print_key(const rows *r)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    for (size_t i = 0; r->table->columns[i].name; i++) {
        size_t length = 0;
        if (!(r->table->columns[i].cells & DR_CELL_KEY))
            continue;
        if (i)
            fputs(", ", to);
        if (strcmp(r->table->columns[i].type, "VARCHAR") == 0) {
            const char *bytes = dr_cursor_bytes(r->cursor, i, &length);
            fprintf(to, "'%.*s'", (int)length, bytes);
        } else
            fprintf(to, "%ld", dr_cursor_index(r->cursor, i));
    }
    if (fclose(to) == 0)
        return text;
    free(text);
    return NULL;
}

static dr_status check_key(rows *r)
{
    char *key = print_key(r);
    size_t before = r->keys.count;
    dr_status status = key && dr_names_add(&r->keys, key) >= 0 ? DR_OK : dr_fail_memory();
    if (status == DR_OK && *key && r->keys.count == before)
        status = dr_fail(DR_BAD_INPUT, "row %zu of the table '%s' has the same key as an earlier row (%.80s)", r->row,
                         r->table->name, key);
    free(key);
    return status;
}

static dr_status check_row(rows *r)
{
    for (size_t column = 0; r->table->columns[column].name; column++)
        DR_TRY(check_cell(r, column));
    return check_key(r);
}

dr_status dr_rows_check(const dr_duck *duck, const char *table, size_t *count)
{
    dr_cursor cursor;
    rows r = {.table = dr_table_rule_find(table), .cursor = &cursor};
    bool more = false;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.contents.rows, DR_VALUES(dr_sql_name("table", table)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        r.row++;
        status = check_row(&r);
    }
    dr_cursor_close(&cursor);
    dr_names_free(&r.keys);
    if (count)
        *count = r.row;
    return status;
}
