#include "world/carry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "world/flows.h"
#include "world/row_sums.h"
#include "world/world_sql.h"

/* ---- Sectors of products ---- */

/* Changes product_sector by a list of pairs of codes. */
static dr_status change_sectors(const dr_duck *duck, const dr_table *pairs)
{
    DR_TRY(dr_append_table(duck, "sector_change", pairs));
    return dr_sql_run(duck, dr_world_sql.products.change_sectors, NULL);
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
    dr_status status = dr_sql_names(&there, &writer->duck, dr_world_sql.products.sectors, NULL);
    if (status == DR_OK)
        status = dr_table_new(&pairs, pair, 2);
    for (size_t i = 0; status == DR_OK && i < there.count; i++)
        if (*there.names[i] && dr_names_find(&writer->layout.sectors, there.names[i]) < 0) {
            const char *sector = "";
            status = dr_layout_division(&sector, &writer->layout, there.names[i], "");
            add_pair(pairs, there.names[i], sector);
        }
    if (status == DR_OK)
        status = dr_table_done(pairs);
    if (status == DR_OK)
        status = change_sectors(&writer->duck, pairs);
    dr_table_free(pairs);
    dr_names_free(&there);
    return status;
}

/* ---- Tables ---- */

static dr_status copy_table(const dr_writer *writer, dr_table *report, const dr_world *world, const char *name)
{
    char *sql = NULL, found[64];
    size_t rows = 0;
    DR_TRY(dr_sql_fill(&sql, dr_world_sql.contents.rows, DR_VALUES(dr_sql_name("table", name))));
    dr_status status = dr_cursor_copy(&rows, &world->duck, sql, &writer->duck, name);
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

/* Makes the tables of a family in the new world, and copies what the old one has in them. */
static dr_status carry_family(const dr_writer *writer, dr_table *report, const dr_world *world, dr_family family)
{
    if (!world->has[family])
        return DR_OK;
    DR_TRY(dr_tables_create(&writer->duck, family));
    DR_TRY(dr_views_create(&writer->duck, family, false));
    for (const dr_table_rule *rule = dr_tables; rule->name; rule++)
        if (rule->family == family)
            DR_TRY(copy_table(writer, report, world, rule->name));
    return DR_OK;
}

static dr_status carry(const dr_writer *writer, dr_table *report, const dr_world *world, const dr_merge *merge)
{
    static const dr_family families[] = {DR_OF_ENERGY, DR_OF_PRODUCTS, DR_OF_PRODUCT_NAMES, DR_OF_MATERIALS};
    bool some = false;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        DR_TRY(carry_family(writer, report, world, families[i]));
        some = some || world->has[families[i]];
    }
    if (some) {
        DR_TRY(dr_row_sums_write(&writer->duck));
        dr_table_add_note(report,
                          "product flows, energy and materials are those of countries, not of the regions of the "
                          "tables: they are copied as they are");
    }
    if (!world->has[DR_OF_PRODUCTS])
        return DR_OK;
    DR_TRY(merge_sectors(writer, world, merge));
    return dr_flows_sums_write(&writer->duck);
}

dr_status dr_carry(dr_writer *writer, dr_table *report, const dr_world *world, const dr_merge *merge)
{
    return dr_writer_at(writer, carry(writer, report, world, merge));
}
