/* Wages that do not fall: what must hold whatever the numbers. The slow solver's tests have them too. */
#include <string.h>

#include "result/result.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_scenario *scenario;
} fixture;

static fixture fixture_new(void)
{
    fixture f = {.table = synthetic_new(5, 4, 81, true, true)};
    f.economy = synthetic_economy(&f.table);
    ok(dr_scenario_new(&f.scenario, f.economy));
    return f;
}

static void fixture_free(fixture *f)
{
    dr_scenario_free(f->scenario);
    dr_economy_free(f->economy);
    synthetic_free(&f->table);
}

typedef struct run {
    dr_model *model;
    dr_solution *solution;
} run;

static run solve(const fixture *f, const char *horizon, const char *rigid)
{
    run r = {NULL, NULL};
    dr_model_options options = {
        .size = sizeof(dr_model_options), .horizon = horizon, .rigid_wages = rigid, .tolerance = 1e-13};
    ok(dr_model_new(&r.model, f->economy, &options));
    ok(dr_model_solve(&r.solution, r.model, f->scenario));
    assert_true(r.solution->certificate.worst_residual < 1e-9);
    assert_true(r.solution->certificate.complementarity < 1e-9);
    return r;
}

static void run_free(run *r)
{
    dr_solution_free(r->solution);
    dr_model_free(r->model);
}

static void same(const fixture *f, const run *rigid, const run *flexible)
{
    for (size_t i = 0; i < f->table.r * f->table.s; i++) {
        near(rigid->solution->employment[i], 1, 0);
        near(rigid->solution->sector_wage[i], flexible->solution->sector_wage[i], 1e-9);
    }
    for (size_t n = 0; n < f->table.r; n++)
        near(dr_solution_welfare(rigid->solution, n), dr_solution_welfare(flexible->solution, n), 1e-9);
}

static const char *const horizons[] = {"short", "medium", "long"};

/* A floor that no wage comes down to does nothing. */
static void a_low_floor_changes_nothing(void **state)
{
    (void)state;
    fixture f = fixture_new();
    ok(dr_scenario_trade_cost(f.scenario, "A0", "A1,A2", "all", 2, true));
    for (size_t h = 0; h < 3; h++) {
        run rigid = solve(&f, horizons[h], "all:0.1%"), flexible = solve(&f, horizons[h], NULL);
        same(&f, &rigid, &flexible);
        run_free(&rigid);
        run_free(&flexible);
    }
    fixture_free(&f);
}

/* A region for whose goods all others pay less has work for everybody. */
static void a_good_shock_leaves_all_employed(void **state)
{
    (void)state;
    fixture f = fixture_new();
    ok(dr_scenario_trade_cost(f.scenario, "A1,A2,A3,A4", "A0", "all", 0.7, false));
    run rigid = solve(&f, "long", "A0"), flexible = solve(&f, "long", NULL);
    assert_true(flexible.solution->wage[0] > 1.001);
    same(&f, &rigid, &flexible);
    run_free(&rigid);
    run_free(&flexible);
    fixture_free(&f);
}

/* One whose goods cost all others more has not, and loses more than if its wages fell. Others' wages are free. */
static void a_bad_shock_idles_labour(void **state)
{
    (void)state;
    fixture f = fixture_new();
    ok(dr_scenario_trade_cost(f.scenario, "A1,A2,A3,A4", "A0", "all", 1.1, false));
    for (size_t h = 0; h < 3; h++) {
        run rigid = solve(&f, horizons[h], "A0"), flexible = solve(&f, horizons[h], NULL),
            softer = solve(&f, horizons[h], "A0:99%");
        double employment = dr_solution_employment(rigid.solution, 0),
               soft = dr_solution_employment(softer.solution, 0);
        assert_true(employment < 0.995 && employment < soft && soft < 1);
        assert_true(dr_solution_welfare(rigid.solution, 0) < dr_solution_welfare(flexible.solution, 0));
        for (size_t s = 0; s < f.table.s; s++) {
            double wage = rigid.solution->factor_wage[s], part = rigid.solution->employment[s];
            assert_true(wage >= 1 && part <= 1);
            near((wage - 1) * (1 - part), 0, 1e-12);
        }
        for (size_t n = 1; n < f.table.r; n++)
            near(dr_solution_employment(rigid.solution, n), 1, 0);
        run_free(&rigid);
        run_free(&flexible);
        run_free(&softer);
    }
    fixture_free(&f);
}

static void tables_have_employment(void **state)
{
    (void)state;
    fixture f = fixture_new();
    ok(dr_scenario_trade_cost(f.scenario, "A1", "A0", "all", 2, true));
    run r = solve(&f, "short", "A0,A1");
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, r.solution));
    assert_string_equal(dr_table_column(table, dr_table_columns(table) - 1), "employment");
    double of_region = dr_table_number(table, 0, dr_table_columns(table) - 1), sum = 0;
    assert_true(of_region < 0);
    dr_table_free(table);
    ok(dr_solution_sectors(&table, r.solution));
    for (size_t s = 0; s < f.table.s; s++)
        sum += dr_table_number(table, s, (size_t)dr_table_find(table, "employment")) * r.model->base.value_added[s];
    near(sum / r.model->base.factor_income[0], of_region, 1e-9);
    dr_table_free(table);
    run_free(&r);
    fixture_free(&f);
}

/* What is not an equilibrium yet is solved with wages that clear all markets: the base has no idle labour. */
static void the_base_employs_all(void **state)
{
    (void)state;
    fixture f = fixture_new();
    dr_model_options options = {.size = sizeof(dr_model_options), .closure = DR_CLOSURE_ZERO, .rigid_wages = "all"};
    run r = {NULL, NULL};
    ok(dr_model_new(&r.model, f.economy, &options));
    assert_true(r.model->solved_base);
    ok(dr_model_solve(&r.solution, r.model, NULL));
    for (size_t n = 0; n < f.table.r; n++)
        near(dr_solution_employment(r.solution, n), 1, 1e-9);
    run_free(&r);
    fixture_free(&f);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *rigid, *error;
    } cases[] = {
        {"A7", "rigid wages: 'A7' is not a region or group of this world; did you mean 'A0'?"},
        {"all:0%", "rigid wages: a wage floor of 0% of the base; floors must be above 0% and at most 100%"},
        {"all:120%", "rigid wages: a wage floor of 120% of the base; floors must be above 0% and at most 100%"},
    };
    fixture f = fixture_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dr_model *model = NULL;
        dr_model_options options = {.size = sizeof(dr_model_options), .rigid_wages = cases[i].rigid};
        assert_int_equal(dr_model_new(&model, f.economy, &options), DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), cases[i].error);
    }
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_low_floor_changes_nothing), cmocka_unit_test(a_good_shock_leaves_all_employed),
        cmocka_unit_test(a_bad_shock_idles_labour),    cmocka_unit_test(tables_have_employment),
        cmocka_unit_test(the_base_employs_all),        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
