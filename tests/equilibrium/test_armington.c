/* The one-sector model: its closed form (Arkolakis, Costinot & Rodriguez-Clare 2012), what becomes of sectors in it,
 * and which scenarios it takes. */
#include <string.h>

#include "result/result.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
} fixture;

static fixture fixture_new(bool taxed, dr_closure closure)
{
    fixture f = {.table = synthetic_new(5, 4, 41, taxed, true)};
    dr_model_options options = {.size = sizeof(dr_model_options),
                                .model = "armington",
                                .elasticity = "4",
                                .closure = closure,
                                .tolerance = 1e-13};
    f.economy = synthetic_economy(&f.table);
    ok(dr_model_new(&f.model, f.economy, &options));
    ok(dr_scenario_new(&f.scenario, f.economy));
    return f;
}

static void fixture_free(fixture *f)
{
    dr_scenario_free(f->scenario);
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->table);
}

static dr_solution *solve(const fixture *f)
{
    dr_solution *solution = NULL;
    ok(dr_model_solve(&solution, f->model, f->scenario));
    assert_true(solution->certificate.worst_residual < 1e-9);
    return solution;
}

/* With balanced trade and no tariffs real income changes by the home share alone, whatever the shock. */
static void welfare_is_the_home_share(void **state)
{
    (void)state;
    fixture f = fixture_new(false, DR_CLOSURE_ZERO);
    size_t r = f.table.r;
    ok(dr_scenario_trade_cost(f.scenario, "A0", "A1,A2", "all", 1.7, true));
    ok(dr_scenario_trade_cost(f.scenario, "A3", "A4", "all", 0.8, false));
    ok(dr_scenario_ban(f.scenario, "A4", "A0", "all"));
    dr_solution *solution = solve(&f);
    for (size_t n = 0; n < r; n++) {
        double home = solution->flow[n * r + n] / solution->spending[n];
        double base = f.model->import_share[n * f.model->stride + n];
        near(dr_solution_welfare(solution, n), 100 * (pow(home / base, -1 / 4.0) - 1), 1e-9);
        near(solution->wage[n] / dr_solution_consumer_price(solution, n), pow(home / base, -1 / 4.0), 1e-11);
        assert_true(fabs(home / base - 1) > 1e-3);
    }
    dr_solution_free(solution);
    fixture_free(&f);
}

static void autarky_has_its_closed_form(void **state)
{
    (void)state;
    fixture f = fixture_new(false, DR_CLOSURE_ZERO);
    ok(dr_scenario_ban(f.scenario, "A2", "all", "all"));
    ok(dr_scenario_ban(f.scenario, "A0,A1,A3,A4", "A2", "all"));
    dr_solution *solution = solve(&f);
    double home = f.model->import_share[2 * f.model->stride + 2];
    near(dr_solution_welfare(solution, 2), 100 * (pow(home, 1 / 4.0) - 1), 1e-9);
    dr_solution_free(solution);
    fixture_free(&f);
}

/* The table of one sector that the sums make is the same economy: tariffs keep their revenue, spending is that of
 * all. */
static void sums_are_an_economy_of_their_own(void **state)
{
    (void)state;
    fixture f = fixture_new(true, DR_CLOSURE_FIXED);
    synthetic *y = &f.table;
    double flow[25] = {0}, tariff[25] = {0}, final[5] = {0}, input[5] = {0};
    static const char *const all[] = {"all"};
    for (size_t pair = 0; pair < y->r * y->r; pair++) {
        for (size_t k = 0; k < y->s; k++) {
            flow[pair] += y->flow[pair * y->s + k];
            tariff[pair] += y->flow[pair * y->s + k] * y->tariff[pair * y->s + k];
        }
        final[pair / y->r] += flow[pair] + tariff[pair];
        tariff[pair] /= flow[pair];
    }
    dr_economy_data data = {.regions = 5,
                            .sectors = 1,
                            .region_codes = y->region_names,
                            .sector_codes = all,
                            .flow = flow,
                            .tariff = tariff,
                            .input = input,
                            .final = final};
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = "4", .tolerance = 1e-13};
    dr_economy *economy = NULL;
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_solution *own = NULL;
    ok(dr_economy_new(&economy, &data));
    ok(dr_model_new(&model, economy, &options));
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "all", 0.1, DR_RATE_ADD));
    ok(dr_model_solve(&own, model, scenario));
    ok(dr_scenario_tariff(f.scenario, "A0", "A1,A2", "all", 0.1, DR_RATE_ADD)); /* added to each sector's own rate */
    dr_solution *solution = solve(&f);
    for (size_t n = 0; n < 5; n++)
        near(dr_solution_welfare(solution, n), dr_solution_welfare(own, n), 1e-9);
    for (size_t pair = 0; pair < 25; pair++)
        near(solution->flow[pair], own->flow[pair], 1e-9 * flow[pair]);
    dr_solution_free(solution);
    dr_solution_free(own);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    fixture_free(&f);
}

static void tables_have_one_sector(void **state)
{
    (void)state;
    fixture f = fixture_new(false, DR_CLOSURE_FIXED);
    dr_table *table = NULL;
    ok(dr_scenario_trade_cost(f.scenario, "A0", "A1", "all", 2, true));
    dr_solution *solution = solve(&f);
    ok(dr_solution_sectors(&table, solution));
    assert_int_equal(dr_table_rows(table), 5);
    assert_string_equal(dr_table_text(table, 0, 1), "all");
    dr_table_free(table);
    ok(dr_solution_flows(&table, solution));
    assert_int_equal(dr_table_rows(table), 25);
    dr_table_free(table);
    dr_solution_free(solution);
    fixture_free(&f);
}

/* A cut of every sector is one limit on the good. */
static void limits_of_all_sectors_are_one(void **state)
{
    (void)state;
    fixture f = fixture_new(false, DR_CLOSURE_FIXED);
    ok(dr_scenario_export_curb(f.scenario, "A1", "A0,A2", "all", 0.5, DR_RENT_EXPORTER, false));
    dr_solution *solution = solve(&f);
    assert_int_equal(solution->limit_count, 2);
    for (size_t c = 0; c < 2; c++) {
        near(solution->limits[c].volume, solution->limits[c].base / 2, 1e-9 * solution->limits[c].base);
        assert_true(solution->limits[c].wedge > 1);
    }
    near(solution->limits[0].base, f.model->base.flow[0 * 5 + 1], 1e-9);
    dr_solution_free(solution);
    fixture_free(&f);
}

/* What the one good cannot take is told, with the first pair and two of its sectors. */
static void refused(fixture *f)
{
    dr_solution *solution = NULL;
    assert_int_equal(dr_model_solve(&solution, f->model, f->scenario), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "the scenario does not change s0 and s1 from A1 to A0 alike; the armington "
                                         "model has one sector, so that a change must cover all sectors");
    fixture_free(f);
}

static void changes_of_some_sectors_are_refused(void **state)
{
    (void)state;
    fixture f = fixture_new(false, DR_CLOSURE_FIXED);
    ok(dr_scenario_tariff(f.scenario, "A0", "A1", "s0", 0.25, DR_RATE_SET));
    refused(&f);
    f = fixture_new(false, DR_CLOSURE_FIXED);
    ok(dr_scenario_trade_cost(f.scenario, "A0", "A1", "s0", 2, true));
    ok(dr_scenario_trade_cost(f.scenario, "A0", "A1", "s1,s2,s3", 3, true));
    refused(&f);
    f = fixture_new(false, DR_CLOSURE_FIXED);
    ok(dr_scenario_export_curb(f.scenario, "A1", "A0", "s0", 0.5, DR_RENT_EXPORTER, false));
    ok(dr_scenario_export_curb(f.scenario, "A1", "A0", "s1,s2,s3", 0.4, DR_RENT_EXPORTER, false));
    refused(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(welfare_is_the_home_share),        cmocka_unit_test(autarky_has_its_closed_form),
        cmocka_unit_test(sums_are_an_economy_of_their_own), cmocka_unit_test(tables_have_one_sector),
        cmocka_unit_test(limits_of_all_sectors_are_one),    cmocka_unit_test(changes_of_some_sectors_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
