#define _GNU_SOURCE /* asprintf */
#include "world/carry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rows.h"
#include "world/products.h"

/* All tables whose name begins so, whatever else they are: none is forgotten that comes later. */
#define FAMILIES "(starts_with(%1$s, 'product_') OR starts_with(%1$s, 'energy_') OR starts_with(%1$s, 'supply_'))"

/* ---- Sectors of products ---- */

/* Changes product_sector by a list of pairs of codes. */
static dr_status change_sectors(const dr_duck *duck, const dr_table *pairs)
{
    DR_TRY(dr_append_table(duck, "sector_change", pairs));
    return dr_duck_run(duck, "UPDATE product_sector SET sector = c.new FROM sector_change c"
                             " WHERE c.old = product_sector.sector; DROP TABLE sector_change");
}

static const dr_column_spec pair[] = {{"old", DR_SHOW_TEXT}, {"new", DR_SHOW_TEXT}};

static void add_pair(dr_table *pairs, const char *old, const char *new)
{
    size_t row = dr_table_add_row(pairs);
    dr_table_set_text(pairs, row, 0, old);
    dr_table_set_text(pairs, row, 1, new);
}

static dr_status merge_sectors(const dr_writer *writer, const dr_world *world, const dr_merge *merge)
{
    dr_table *pairs = NULL;
    DR_TRY(dr_table_new(&pairs, pair, 2));
    for (size_t i = 0; i < world->layout.sectors.count; i++)
        add_pair(pairs, world->layout.sectors.names[i], writer->layout.sectors.names[merge->sectors[i]]);
    dr_status status = dr_table_done(pairs);
    if (status == DR_OK)
        status = change_sectors(&writer->duck, pairs);
    dr_table_free(pairs);
    return status;
}

dr_status dr_carry_divisions(dr_writer *writer)
{
    dr_names there = {0};
    dr_table *pairs = NULL;
    bool has = false;
    DR_TRY(dr_products_table(&writer->duck, "product_sector", &has));
    if (!has)
        return DR_OK;
    dr_status status = dr_cursor_names(&there, &writer->duck, "SELECT DISTINCT sector FROM product_sector ORDER BY 1");
    if (status == DR_OK)
        status = dr_table_new(&pairs, pair, 2);
    for (size_t i = 0; status == DR_OK && i < there.count; i++)
        if (*there.names[i] && dr_names_find(&writer->layout.sectors, there.names[i]) < 0)
            add_pair(pairs, there.names[i], dr_layout_division(&writer->layout, there.names[i]));
    if (status == DR_OK)
        status = dr_table_done(pairs);
    if (status == DR_OK)
        status = change_sectors(&writer->duck, pairs);
    dr_table_free(pairs);
    dr_names_free(&there);
    return status;
}

/* ---- Tables ---- */

static dr_status read_names(dr_names *names, const dr_world *world, const char *what, const char *column)
{
    return dr_cursor_names(names, &world->duck,
                           "SELECT %1$s FROM duckdb_%2$s() WHERE NOT internal AND " FAMILIES " ORDER BY 1", column,
                           what);
}

/* The statement that made a table or a view of the old world, run in the new one. */
static dr_status make_like(const dr_writer *writer, const dr_world *world, const char *what, const char *column,
                           const char *name)
{
    dr_names sql = {0};
    char *quoted = dr_duck_quote(name);
    dr_status status =
        quoted ? dr_cursor_names(&sql, &world->duck, "SELECT sql FROM duckdb_%s() WHERE NOT internal AND %s = %s", what,
                                 column, quoted)
               : dr_fail_memory();
    if (status == DR_OK)
        status = dr_duck_run(&writer->duck, "%s", sql.names[0]);
    dr_names_free(&sql);
    free(quoted);
    return status;
}

static dr_status copy_table(const dr_writer *writer, dr_table *report, const dr_world *world, const char *name)
{
    char *sql = NULL, found[64];
    size_t rows = 0;
    if (asprintf(&sql, "SELECT * FROM \"%s\"", name) < 0)
        return dr_fail_memory();
    dr_status status = make_like(writer, world, "tables", "table_name", name);
    if (status == DR_OK)
        status = dr_cursor_copy(&rows, &world->duck, sql, &writer->duck, name);
    free(sql);
    size_t row = dr_table_add_row(report);
    snprintf(found, sizeof found, "%zu rows", rows);
    dr_table_set_text(report, row, DR_FINDING_SUBJECT, "copied");
    dr_table_set_text(report, row, DR_FINDING_PLACE, name);
    dr_table_set_text(report, row, DR_FINDING_FOUND, found);
    dr_table_set_text(report, row, DR_FINDING_DONE,
                      strcmp(name, "product_sector") == 0 ? "the sectors are the new ones" : "nothing");
    return status;
}

static dr_status carry(const dr_writer *writer, dr_table *report, const dr_world *world, const dr_merge *merge)
{
    dr_names tables = {0}, views = {0};
    dr_status status = read_names(&tables, world, "tables", "table_name");
    if (status == DR_OK)
        status = read_names(&views, world, "views", "view_name");
    for (size_t i = 0; status == DR_OK && i < tables.count; i++)
        status = copy_table(writer, report, world, tables.names[i]);
    for (size_t i = 0; status == DR_OK && i < views.count; i++)
        status = make_like(writer, world, "views", "view_name", views.names[i]);
    if (tables.count > 0)
        dr_table_add_note(report,
                          "product flows, energy and materials are those of countries, not of the regions of the "
                          "tables: they are copied as they are");
    if (status == DR_OK && dr_names_find(&tables, "product_sector") >= 0)
        status = merge_sectors(writer, world, merge);
    dr_names_free(&tables);
    dr_names_free(&views);
    return status;
}

dr_status dr_carry(dr_writer *writer, dr_table *report, const dr_world *world, const dr_merge *merge)
{
    return dr_writer_at(writer, carry(writer, report, world, merge));
}
