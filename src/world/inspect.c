/* dr_world_check: every check of a world, with a row for each result. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "base/sql.h"
#include "world/flows.h"
#include "world/item_names.h"
#include "world/row_sums.h"
#include "world/walk.h"
#include "world/world_sql.h"

enum { CHECK, OF, FOUND, COLUMNS };

static const dr_column_spec columns[COLUMNS] = {{"check", DR_SHOW_TEXT}, {"of", DR_SHOW_TEXT}, {"found", DR_SHOW_TEXT}};

typedef struct inspection {
    const dr_world *world;
    dr_table *table;
} inspection;

static void tell(const inspection *in, const char *check, const char *of, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void tell(const inspection *in, const char *check, const char *of, const char *format, ...)
{
    char found[600];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(found, sizeof found, format, arguments);
    va_end(arguments);
    size_t row = dr_table_add_row(in->table);
    dr_table_set_text(in->table, row, CHECK, check);
    dr_table_set_text(in->table, row, OF, of);
    dr_table_set_text(in->table, row, FOUND, found);
}

/* ---- The file ---- */

static dr_status tell_access(const inspection *in)
{
    dr_names settings = {0};
    dr_status status = dr_sql_names(&settings, &in->world->duck, dr_world_sql.contents.settings, NULL);
    if (status == DR_OK && settings.count == 3)
        tell(in, "access", "", "SQL has no access to other files: %s, %s, %s", settings.names[0], settings.names[1],
             settings.names[2]);
    dr_names_free(&settings);
    return status;
}

static void tell_schema(const inspection *in)
{
    const dr_world *w = in->world;
    tell(in, "schema", "", "version %d, %s", w->version,
         !w->has[DR_OF_REGIONS] ? "without tables of regions and sectors"
         : w->layout.is_long    ? "tables in the long format"
                                : "input-output tables");
    if (!w->has[DR_OF_REGIONS])
        return;
    tell(in, "codes", "region_code", "%zu codes, each with one row in the table region", w->layout.regions.count);
    tell(in, "codes", "sector_code", "%zu codes, each with one row in the table sector", w->layout.sectors.count);
    if (!w->layout.is_long)
        tell(in, "codes", "use_code", "%zu codes", w->layout.uses.count);
}

/* Names that a query gives, with commas between, or "none". */
static dr_status tell_names(const inspection *in, const char *check, const char *statement, const char *what)
{
    dr_names names = {0};
    char *text = NULL;
    size_t size = 0, told = 0;
    dr_status status = dr_sql_names(&names, &in->world->duck, statement, NULL);
    FILE *to = open_memstream(&text, &size);
    for (size_t i = 0; to && i < names.count; i++)
        if ((strcmp(check, "views") == 0 || !dr_table_rule_find(names.names[i])) &&
            strncmp(names.names[i], "run_", 4) != 0)
            fprintf(to, "%s%s", told++ ? ", " : "", names.names[i]);
    if (!to || fclose(to) != 0)
        status = dr_fail_memory();
    if (status == DR_OK)
        tell(in, check, "", told ? "%s: %s" : "no %s", what, text);
    free(text);
    dr_names_free(&names);
    return status;
}

/* ---- Tables ---- */

static dr_status tell_table(const inspection *in, const dr_table_rule *rule)
{
    size_t rows = 0;
    if (dr_cells_find(rule->name) || strcmp(rule->name, "product_flow") == 0) {
        tell(in, "table", rule->name, "columns as declared; no NULL");
        return DR_OK;
    }
    DR_TRY(dr_rows_check(&in->world->duck, rule->name, &rows));
    DR_TRY(dr_row_sums_compare(in->world, rule->name));
    bool summed = in->world->version >= DR_ROW_SUMS_VERSION && dr_row_sums_of(rule->name);
    tell(in, "table", rule->name, "rows: %zu; columns, NULLs, numbers, texts and keys as declared%s", rows,
         summed ? "; their sums match those of the import" : "");
    return DR_OK;
}

static void count_rows(dr_walk *walk, const double *values)
{
    (void)values;
    *(size_t *)walk->user += walk->rows;
}

static dr_status tell_cells(const inspection *in, int year, const dr_cells *cells, const char *item)
{
    size_t rows = 0;
    char of[DR_NUMBERS_SIZE], place[DR_NUMBERS_SIZE + 16];
    dr_walk walk = {.table = cells->table, .item = item, .add = count_rows, .user = &rows};
    DR_TRY(dr_walk_run(&walk, in->world, year));
    snprintf(place, sizeof place, "%s %d", dr_sums_numbers(of, cells, 0, item), year);
    tell(in, "numbers", place, "cells: %zu, each once, all finite%s", rows,
         in->world->sums ? "; their sums match those of the import" : "");
    return DR_OK;
}

static dr_status tell_items(const inspection *in, int year, const dr_cells *cells)
{
    dr_names items = {0};
    dr_status status = dr_items_read(&items, &in->world->duck, cells, year);
    for (size_t i = 0; status == DR_OK && i < items.count; i++)
        status = tell_cells(in, year, cells, items.names[i]);
    dr_names_free(&items);
    return status;
}

/* Rows of years that the world does not hold are never read, and belong in no world. */
static dr_status check_years(const inspection *in, const char *table)
{
    dr_names years = {0};
    dr_status status =
        dr_sql_names(&years, &in->world->duck, dr_world_sql.contents.stray_year,
                     DR_VALUES(dr_sql_name("table", table),
                               dr_sql_name("years", strcmp(table, "product_flow") == 0 ? "product_year" : "year")));
    if (status == DR_OK && years.count > 0)
        status = dr_fail(DR_BAD_INPUT, "the table '%s' has rows of %s, which is not a year of the world", table,
                         years.names[0]);
    dr_names_free(&years);
    return status;
}

static dr_status tell_numbers(const inspection *in)
{
    for (const dr_cells *cells = dr_cells_all; cells->table; cells++) {
        if (!in->world->has[cells->family])
            continue;
        DR_TRY(check_years(in, dr_cells_stored(cells, in->world->version)));
        for (size_t i = 0; i < in->world->year_count; i++)
            DR_TRY(cells->item.column ? tell_items(in, in->world->years[i], cells)
                                      : tell_cells(in, in->world->years[i], cells, NULL));
    }
    if (in->world->has[DR_OF_REGIONS] && !in->world->sums)
        tell(in, "sums", "",
             "none: this world was made by an earlier version of derisk, so changes to its numbers since the import "
             "cannot be detected");
    return DR_OK;
}

static dr_status tell_flows(const inspection *in, int year)
{
    char place[48];
    dr_flows flows = {0};
    DR_TRY(dr_flows_load(&flows, &in->world->duck, year));
    snprintf(place, sizeof place, "product_flow %d", year);
    dr_status status = in->world->sums ? dr_flows_compare(&flows, &in->world->duck, year) : DR_OK;
    if (status == DR_OK)
        tell(in, "numbers", place, "flows above zero between two economies: %zu, all finite%s", flows.total.cells,
             in->world->sums ? "; their sum matches that of the import" : "");
    dr_flows_free(&flows);
    return status;
}

static dr_status tell_products(const inspection *in)
{
    int *years = NULL;
    size_t count = 0;
    DR_TRY(check_years(in, "product_flow"));
    dr_status status = dr_sql_list(&years, &count, &in->world->duck, dr_world_sql.products.years, NULL);
    for (size_t i = 0; status == DR_OK && i < count; i++)
        status = tell_flows(in, years[i]);
    free(years);
    return status;
}

static dr_status inspect(const inspection *in)
{
    DR_TRY(tell_access(in));
    tell_schema(in);
    DR_TRY(
        tell_names(in, "views", dr_world_sql.contents.views, "views stored in the file, which derisk does not read"));
    DR_TRY(tell_names(in, "macros", dr_world_sql.contents.macros, "macros in the file, which derisk does not run"));
    DR_TRY(tell_names(in, "other tables", dr_world_sql.contents.tables_by_name,
                      "tables that are not derisk's, which it does not read"));
    for (const dr_table_rule *rule = dr_tables; rule->name; rule++)
        if (in->world->has[rule->family])
            DR_TRY(tell_table(in, rule));
    DR_TRY(tell_numbers(in));
    return in->world->has[DR_OF_PRODUCTS] ? tell_products(in) : DR_OK;
}

dr_status dr_world_check(dr_table **out, dr_world *world)
{
    DR_TRY(DR_GIVEN(out, world));
    inspection in = {.world = world};
    DR_TRY(dr_table_new(&in.table, columns, COLUMNS));
    dr_table_keep_rows(in.table);
    dr_table_set_title(in.table, "%s: checks", world->path);
    dr_status status = inspect(&in);
    if (status == DR_OK)
        status = dr_table_done(in.table);
    if (status == DR_OK) {
        *out = in.table;
        return DR_OK;
    }
    dr_table_free(in.table);
    return dr_fail_at(status, world->path);
}
