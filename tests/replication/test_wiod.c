/* The EU's balance with China in 2011 on the World Input-Output Database: the EU of then bought goods and services for
 * 121 billion US dollars more than it sold (gross; tables as they are). And the model on the full table: certified, and
 * EU and China lose from dearer trade between them about as much as studies on other data find (Kiel Policy Brief 153,
 * 2021: EU -1.0%, China -1.3%). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "derisk.h"

static const char eu[] =
    "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE";

static void ok(dr_status status)
{
    if (status != DR_OK)
        fail_msg("%s", dr_error_text());
}

typedef struct fixture {
    char folder[64], path[96];
    dr_world *world;
    dr_economy *economy;
    dr_model *model;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    const char *folder = getenv("DERISK_SHARED");
    char table[512], sectors[512];
    const char *files[] = {table};
    snprintf(table, sizeof table, "%s/data/wiod/wiod_2011.csv.gz", folder ? folder : "../shared");
    snprintf(sectors, sizeof sectors, "%s/data/wiod/sectors.csv", folder ? folder : "../shared");
    if (access(table, R_OK) != 0) {
        print_message("skipped: %s is not there\n", table);
        return 0;
    }
    strcpy(f.folder, "/tmp/derisk-wiod-XXXXXX");
    if (!mkdtemp(f.folder))
        return 1;
    snprintf(f.path, sizeof f.path, "%s/wiod.world", f.folder);
    dr_import_options options = {.size = sizeof(dr_import_options), .sectors = sectors};
    ok(dr_import_icio(NULL, files, 1, f.path, &options));
    ok(dr_world_open(&f.world, f.path));
    ok(dr_economy_load(&f.economy, f.world, 2011));
    ok(dr_model_new(&f.model, f.economy, NULL));
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    if (!f)
        return 0;
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    dr_world_close(f->world);
    unlink(f->path);
    return rmdir(f->folder);
}

static dr_solution *solve(const fixture *f, const dr_scenario *scenario)
{
    dr_certificate certificate;
    dr_solution *solution = NULL;
    ok(dr_model_solve(&solution, f->model, scenario));
    dr_solution_certificate(solution, &certificate);
    assert_true(certificate.worst_residual < 1e-9);
    return solution;
}

static void the_gap_of_2011(void **state)
{
    if (!*state)
        skip();
    double bought = 0, sold = 0;
    dr_table *flows = NULL;
    dr_solution *solution = solve(*state, NULL);
    ok(dr_solution_flows(&flows, solution));
    for (size_t i = 0; i < dr_table_rows(flows); i++) {
        const char *exporter = dr_table_text(flows, i, 0), *importer = dr_table_text(flows, i, 1);
        if (strcmp(exporter, "CHN") == 0 && strstr(eu, importer))
            bought += dr_table_number(flows, i, 3);
        if (strcmp(importer, "CHN") == 0 && strstr(eu, exporter))
            sold += dr_table_number(flows, i, 3);
    }
    assert_true(fabs((bought - sold) / 1000 - 121) < 0.5);
    dr_table_free(flows);
    dr_solution_free(solution);
}

/* In value added the gap is about half of that: 61 billion. */
static void the_gap_in_value_added(void **state)
{
    if (!*state)
        skip();
    fixture *f = *state;
    dr_table *table = NULL;
    dr_balance_options options = {.size = sizeof(dr_balance_options), .value_added = true};
    ok(dr_balance(&table, f->world, "EU", "CHN", &options));
    double gross = dr_table_number(table, 0, (size_t)dr_table_find(table, "balance"));
    double value_added = dr_table_number(table, 0, (size_t)dr_table_find(table, "value_added_balance"));
    assert_true(fabs(gross / 1000 + 121) < 0.5);
    assert_true(fabs(value_added / 1000 + 61) < 0.5);
    assert_true(dr_table_fact(table, "certificate.worst_residual") < 1e-9);
    dr_table_free(table);
}

static void terms_of_all_exports_add_up(void **state)
{
    if (!*state)
        skip();
    fixture *f = *state;
    dr_table *table = NULL;
    ok(dr_export_terms(&table, f->world, "EU", "CHN", 0, DR_TERMS_KWW));
    assert_true(dr_table_fact(table, "certificate.worst_residual") < 1e-9);
    dr_table_free(table);
    table = NULL;
    ok(dr_export_terms(&table, f->world, "EU", "CHN", 0, DR_TERMS_BORIN_MANCINI));
    assert_true(dr_table_fact(table, "certificate.worst_residual") < 1e-9);
    dr_table_free(table);
}

static double welfare_of(const dr_table *table, const char *region)
{
    for (size_t i = 0; i < dr_table_rows(table); i++)
        if (strcmp(dr_table_text(table, i, 0), region) == 0)
            return dr_table_number(table, i, (size_t)dr_table_find(table, "welfare"));
    fail_msg("no %s", region);
    return NAN;
}

static void dearer_trade_costs_both_sides(void **state)
{
    if (!*state)
        skip();
    fixture *f = *state;
    dr_scenario *scenario = NULL;
    dr_table *table = NULL;
    ok(dr_scenario_new(&scenario, f->economy));
    ok(dr_scenario_trade_cost(scenario, "EU", "CHN", "all", 2, true));
    dr_solution *solution = solve(f, scenario);
    ok(dr_solution_regions(&table, solution));
    double of_eu = welfare_of(table, "EU"), of_china = welfare_of(table, "CHN"), of_germany = welfare_of(table, "DEU");
    assert_true(of_eu < -0.3 && of_eu > -1.2);
    assert_true(of_china < -0.6 && of_china > -1.8);
    assert_true(of_germany < of_eu);
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
}

/* What the sources of the change of real income leave unexplained: nothing, for tiny regions and bans as well. */
static void welfare_is_explained(void **state)
{
    static const char *const horizons[] = {"short", "medium", "long"};
    if (!*state)
        skip();
    fixture *f = *state;
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, f->economy));
    ok(dr_scenario_ban(scenario, "EU", "CHN", "all"));
    for (size_t h = 0; h < 3; h++) {
        dr_model *model = NULL;
        dr_solution *solution = NULL;
        dr_table *table = NULL;
        double most = 0;
        dr_model_options options = {.size = sizeof(dr_model_options), .horizon = horizons[h]};
        ok(dr_model_new(&model, f->economy, &options));
        ok(dr_model_solve(&solution, model, scenario));
        ok(dr_solution_decomposition(&table, solution, scenario));
        for (size_t i = 0; i < dr_table_rows(table); i++)
            most = fmax(most, fabs(dr_table_number(table, i, (size_t)dr_table_find(table, "remainder"))));
        print_message("%s: at most %.1e percent of real income remain unexplained\n", horizons[h], most);
        assert_true(most < 1e-8);
        dr_table_free(table);
        dr_solution_free(solution);
        dr_model_free(model);
    }
    dr_scenario_free(scenario);
}

/* The same break costs less, the more time there is to adjust: for each side, and Germany. */
static void losses_fall_with_the_horizon(void **state)
{
    static const char *const horizons[] = {"short", "medium", "long"}, *const who[] = {"EU", "CHN", "DEU"};
    fixture *f = *state;
    if (!f)
        skip();
    double before[3] = {-100, -100, -100};
    for (size_t h = 0; h < 3; h++) {
        dr_model_options options = {.size = sizeof(dr_model_options), .horizon = horizons[h]};
        dr_model *model = NULL;
        dr_scenario *scenario = NULL;
        dr_solution *solution = NULL;
        dr_table *table = NULL;
        ok(dr_model_new(&model, f->economy, &options));
        ok(dr_scenario_new(&scenario, f->economy));
        ok(dr_scenario_trade_cost(scenario, "EU", "CHN", "all", 2, true));
        ok(dr_model_solve(&solution, model, scenario));
        ok(dr_solution_regions(&table, solution));
        for (size_t i = 0; i < 3; i++) {
            double welfare = welfare_of(table, who[i]);
            assert_true(welfare < 0 && welfare > before[i] + 0.1);
            before[i] = welfare;
        }
        dr_table_free(table);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_gap_of_2011),
                                       cmocka_unit_test(the_gap_in_value_added),
                                       cmocka_unit_test(terms_of_all_exports_add_up),
                                       cmocka_unit_test(dearer_trade_costs_both_sides),
                                       cmocka_unit_test(welfare_is_explained),
                                       cmocka_unit_test(losses_fall_with_the_horizon)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
