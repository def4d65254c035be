/* Supply risk of raw materials from shares in their supply. European Commission (2017), Methodology for establishing
 * the EU list of critical raw materials, doi 10.2873/769526:
 *   HHI_WGI,t = sum over countries of S^2 WGI t,   SR = (HHI_world IR / 2 + HHI_EU (1 - IR / 2)) (1 - EoL_RIR) SI_SR
 * The studies print shares S and trade parameters t; import reliance IR, recycling EoL_RIR and substitution SI_SR
 * they do not print by material. So the risk is the one at IR = 1 before both, and what they take off shows in the
 * published score. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/embedded.h"
#include "base/sql.h"
#include "base/table_rows.h"
#include "measure/measure_sql.h"
#include "world/describe.h"
#include "world/products.h"

static const dr_column_spec columns[] = {
    {"material", DR_SHOW_TEXT}, {"stage", DR_SHOW_TEXT},  {"world", DR_SHOW_NUMBER},
    {"eu", DR_SHOW_NUMBER},     {"risk", DR_SHOW_NUMBER}, {"published", DR_SHOW_NUMBER},
    {"ratio", DR_SHOW_NUMBER},  {"source", DR_SHOW_TEXT}, {"source_share", DR_SHOW_SHARE},
};

/* A CSV of data/ as a temporary table of texts in a database in memory. */
static dr_status read_list(const dr_duck *duck, const char *file, const char *table, const char *const *names)
{
    const dr_embedded *embedded = dr_embedded_find(file);
    dr_csv *csv = NULL;
    dr_append rows;
    int found[2];
    bool more = false;
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", file);
    DR_TRY(dr_sql_run(duck, dr_measure_sql.materials.make_list, DR_VALUES(dr_sql_name("table", table))));
    DR_TRY(dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size));
    dr_status status = dr_append_open(&rows, duck, table);
    if (status == DR_OK) {
        status = dr_csv_header(csv, names, 2, found);
        while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more) {
            dr_append_text(&rows, 0, dr_csv_field(csv, (size_t)found[0]));
            dr_append_text(&rows, 1, dr_csv_field(csv, (size_t)found[1]));
            status = dr_append_row(&rows);
        }
        status = dr_append_end(&rows, status);
    }
    dr_csv_close(csv);
    return status;
}

/* Rows of a query on the world into a table in memory: the world is open for reading only. */
static dr_status copy_rows(const dr_duck *to, const dr_world *world, const char *table, const char *sql,
                           const dr_column_spec *specs, size_t count)
{
    dr_table *rows = NULL;
    DR_TRY(dr_table_new(&rows, specs, count));
    dr_status status = dr_sql_table(rows, &world->duck, sql, NULL);
    if (status == DR_OK)
        status = dr_append_table(to, table, rows);
    dr_table_free(rows);
    return status;
}

static dr_status prepare(const dr_duck *duck, const dr_world *world)
{
    static const dr_column_spec shares[] = {{"scope", DR_SHOW_TEXT},   {"material", DR_SHOW_TEXT},
                                            {"stage", DR_SHOW_TEXT},   {"country", DR_SHOW_TEXT},
                                            {"share", DR_SHOW_NUMBER}, {"trade", DR_SHOW_NUMBER}};
    static const dr_column_spec scores[] = {{"material", DR_SHOW_TEXT}, {"score", DR_SHOW_NUMBER}};
    static const char *const governance[] = {"iso3", "governance"}, *const materials[] = {"material", "score"};
    DR_TRY(read_list(duck, "products/governance.csv", "governance", governance));
    DR_TRY(read_list(duck, "products/materials.csv", "material", materials));
    DR_TRY(copy_rows(duck, world, "share", dr_measure_sql.materials.shares, shares, 6));
    return copy_rows(duck, world, "score", dr_measure_sql.materials.scores, scores, 2);
}

static void answer(dr_table *table)
{
    size_t first = dr_table_largest(table, "risk", 1, DR_NO_ROW), second = dr_table_largest(table, "risk", 1, first);
    char from[DR_SPOKEN_SIZE];
    dr_table_rank(table, (size_t)dr_table_find(table, "risk"));
    dr_describe_names(table, NULL);
    if (first == DR_NO_ROW || second == DR_NO_ROW)
        return;
    dr_table_say(table, "The supply of %s has the highest risk (%.2f), with %.2f%% from %s; next is %s (%.2f).",
                 dr_table_text_at(table, first, "material"), dr_table_at(table, first, "risk"),
                 100 * dr_table_at(table, first, "source_share"),
                 dr_spoken(from, NULL, dr_table_text_at(table, first, "source")),
                 dr_table_text_at(table, second, "material"), dr_table_at(table, second, "risk"));
}

static dr_status describe(dr_table *table, const dr_duck *duck, const dr_world *world)
{
    dr_names sources = {0}, strangers = {0}, groups = {0};
    DR_TRY(dr_sql_names(&sources, &world->duck, dr_measure_sql.materials.sources, NULL));
    dr_status status = dr_sql_names(&strangers, duck, dr_measure_sql.materials.without_governance, NULL);
    if (status == DR_OK)
        status = dr_sql_names(&groups, duck, dr_measure_sql.materials.scores_of_groups, NULL);
    dr_table_set_title(table, "Supply risk of raw materials before recycling and substitution");
    dr_describe(table, world->path, 0, "0 to 10, and above where exports are restricted",
                sources.count ? sources.names[0] : "");
    dr_table_add_fact(table, "materials", (double)table->rows);
    dr_table_add_note(table, "governance: Worldwide Governance Indicators of 2022 (World Bank, 2023 update, CC BY "
                             "4.0), where the study took those of"
                             " its own years");
    dr_table_add_note(
        table,
        "risk is that at an import reliance of 100%%, before recycling and substitution, which make published / risk");
    answer(table);
    for (size_t i = 0; i < strangers.count; i++)
        dr_table_add_note(table, "no governance indicator of '%s': its shares are left out", strangers.names[i]);
    for (size_t i = 0; i < groups.count; i++)
        dr_table_add_note(table, "the published score of %s is that of a group: each of its materials has it",
                          groups.names[i]);
    dr_names_free(&sources);
    dr_names_free(&strangers);
    dr_names_free(&groups);
    return status == DR_OK ? dr_table_done(table) : status;
}

dr_status dr_exposure_materials(dr_table **out, dr_world *world)
{
    DR_TRY(DR_GIVEN(out, world));
    dr_table *table = NULL;
    dr_duck duck = {0};
    bool there = false;
    DR_TRY(dr_products_table(&world->duck, "supply_share", &there));
    if (!there)
        return dr_fail(DR_BAD_INPUT,
                       "%s: holds no shares in the supply of materials; 'derisk import materials' reads them",
                       world->path);
    DR_TRY(dr_world_rows_check(world, "supply_share"));
    DR_TRY(dr_world_rows_check(world, "supply_score"));
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_status status = dr_duck_open(&duck, NULL, false);
    if (status == DR_OK)
        status = prepare(&duck, world);
    if (status == DR_OK)
        status = dr_sql_table(table, &duck, dr_measure_sql.materials.risk, NULL);
    if (status == DR_OK)
        status = describe(table, &duck, world);
    dr_duck_close(&duck);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}
