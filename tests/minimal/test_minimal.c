/* The library without database, Newton's method and optimiser: a tariff on the embedded sample, whose table is read
 * here cell by cell, has the welfare that the whole program gives; and what such a build cannot do it says. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "derisk.h"

enum { REGIONS = 22, SECTORS = 17, USES = 5, ROWS = REGIONS * SECTORS, COLUMNS = ROWS + REGIONS * USES };

static char region_codes[REGIONS][8], sector_codes[SECTORS][8];
static double flow[REGIONS * REGIONS * SECTORS], input[REGIONS * SECTORS * SECTORS], final[REGIONS * SECTORS];
static dr_economy *economy;

/* Adds the cell of row (i, k) that the user in `column` takes. */
static void add_cell(size_t row, size_t column, double value)
{
    size_t i = row / SECTORS, k = row % SECTORS;
    bool uses = column >= ROWS;
    size_t n = uses ? (column - ROWS) / USES : column / SECTORS;
    flow[(n * REGIONS + i) * SECTORS + k] += value;
    if (uses)
        final[n * SECTORS + k] += value;
    else
        input[(n * SECTORS + k) * SECTORS + column % SECTORS] += value;
}

static void read_row(dr_csv *csv, size_t row)
{
    const char *label = dr_csv_field(csv, 0), *bar = strchr(label, '_');
    assert_non_null(bar);
    snprintf(region_codes[row / SECTORS], sizeof *region_codes, "%.*s", (int)(bar - label), label);
    snprintf(sector_codes[row % SECTORS], sizeof *sector_codes, "%s", bar + 1);
    for (size_t column = 0; column < COLUMNS; column++) {
        double value = strtod(dr_csv_field(csv, column + 1), NULL);
        if (value > 0) /* as worlds are loaded */
            add_cell(row, column, value);
    }
}

static int set_up(void **state)
{
    dr_csv *csv = NULL;
    const char *regions[REGIONS], *sectors[SECTORS];
    bool more = false;
    (void)state;
    const dr_embedded *file = dr_embedded_find("sample/sample_2011.csv.gz");
    if (!file || dr_csv_open_memory(&csv, file->name, file->bytes, file->size) != DR_OK ||
        dr_csv_header(csv, NULL, 0, NULL) != DR_OK)
        return -1;
    for (size_t row = 0; row < ROWS; row++) {
        if (dr_csv_record(csv, &more) != DR_OK || !more)
            return -1;
        read_row(csv, row);
    }
    dr_csv_close(csv);
    for (size_t i = 0; i < REGIONS; i++)
        regions[i] = region_codes[i];
    for (size_t k = 0; k < SECTORS; k++)
        sectors[k] = sector_codes[k];
    const dr_economy_data data = {.regions = REGIONS,
                                  .sectors = SECTORS,
                                  .region_codes = regions,
                                  .sector_codes = sectors,
                                  .flow = flow,
                                  .input = input,
                                  .final = final};
    return dr_economy_new(&economy, &data) == DR_OK ? 0 : -1;
}

static int take_down(void **state)
{
    (void)state;
    dr_economy_free(economy);
    return 0;
}

static void ok(dr_status status)
{
    if (status != DR_OK)
        fail_msg("%s", dr_error_text());
}

static double welfare(const dr_table *regions, const char *code)
{
    for (size_t row = 0; row < dr_table_rows(regions); row++)
        if (strcmp(dr_table_text(regions, row, 0), code) == 0)
            return dr_table_number(regions, row, (size_t)dr_table_find(regions, "welfare"));
    return NAN;
}

static void a_tariff_has_the_effects_of_the_whole_program(void **state)
{
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_table *regions = NULL;
    dr_certificate certificate;
    (void)state;
    ok(dr_model_new(&model, economy, NULL));
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "DEU", "CHN", "TEQ", 0.25, DR_RATE_SET));
    ok(dr_model_solve(&solution, model, scenario));
    dr_solution_certificate(solution, &certificate);
    assert_true(certificate.worst_residual < 1e-9);
    assert_int_equal(certificate.newton_steps, 0);
    ok(dr_solution_regions(&regions, solution));
    /* derisk simulate sample.world --tariff DEU:CHN:transport-equipment:25% --format csv */
    assert_true(fabs(welfare(regions, "DEU") - -0.0006273603063156052) < 1e-9);
    assert_true(fabs(welfare(regions, "CHN") - -0.008699889192809174) < 1e-9);
    dr_table_free(regions);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_model_free(model);
}

/* A document of changes, tables in memory and by Arrow, exposure, draws: what a page in a browser asks for. */
static void documents_and_tables(void **state)
{
    static const char text[] = "title: A ban\nchanges:\n  - ban: {by: DEU, on: CHN, sectors: ELE}\n";
    static const dr_format formats[] = {DR_FORMAT_TEXT, DR_FORMAT_CSV, DR_FORMAT_JSON, DR_FORMAT_LATEX};
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_table *table = NULL;
    struct ArrowSchema schema;
    struct ArrowArray array;
    (void)state;
    ok(dr_model_new(&model, economy, &DR_OPTIONS(dr_model_options, .horizon = "medium")));
    ok(dr_scenario_parse(&scenario, economy, text, strlen(text), "a text"));
    ok(dr_draw_bands(&table, model, scenario,
                     &DR_OPTIONS(dr_draw_options, .draws = 8, .elasticity_error = 0.2, .threads = 2)));
    assert_true(welfare(table, "DEU") < 0);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char *bytes = NULL;
        size_t size = 0;
        ok(dr_table_write_memory(&bytes, &size, table, formats[i]));
        assert_true(size > 500);
        dr_memory_free(bytes);
    }
    ok(dr_table_arrow(&schema, &array, table));
    assert_int_equal(array.length, REGIONS);
    array.release(&array);
    schema.release(&schema);
    dr_table_free(table);
    ok(dr_exposure_partners(&table, economy, "DEU"));
    assert_int_equal(dr_table_rows(table), REGIONS - 1 + 1);
    dr_table_free(table);
    dr_scenario_free(scenario);
    dr_model_free(model);
}

static void what_is_left_out_is_told(void **state)
{
    static const char products[] = "changes:\n  - tariff: {by: DEU, on: CHN, products: 8542, rate: 10%}\n";
    dr_table *table = NULL;
    dr_scenario *scenario = NULL;
    char *bytes = NULL;
    size_t size = 0;
    (void)state;
    ok(dr_exposure_partners(&table, economy, "DEU"));
    assert_int_equal(dr_table_write_memory(&bytes, &size, table, DR_FORMAT_PARQUET), DR_USAGE);
    assert_string_equal(dr_error_text(), "this build of derisk writes no Parquet; expected text, csv, json or latex");
    assert_null(bytes);
    dr_table_free(table);
    assert_int_equal(dr_scenario_parse(&scenario, economy, products, strlen(products), "a text"), DR_USAGE);
    assert_non_null(strstr(dr_error_text(), "this build of derisk has no changes of products"));
    assert_null(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tariff_has_the_effects_of_the_whole_program),
        cmocka_unit_test(documents_and_tables),
        cmocka_unit_test(what_is_left_out_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, take_down);
}
