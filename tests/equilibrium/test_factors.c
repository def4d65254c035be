/* Several factors of value added: what must hold whatever the numbers. The slow solver's tests have them too. */
#include <string.h>

#include "model/factors.h"
#include "result/result.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

static const char *const names[] = {"Labour, skilled", "capital", "land"};

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
} fixture;

static fixture fixture_of(synthetic table, const char *horizon)
{
    fixture f = {.table = table};
    dr_model_options options = {.size = sizeof(dr_model_options), .horizon = horizon, .tolerance = 1e-13};
    f.economy = synthetic_economy(&f.table);
    ok(dr_model_new(&f.model, f.economy, &options));
    ok(dr_scenario_new(&f.scenario, f.economy));
    ok(dr_scenario_trade_cost(f.scenario, "A0", "A1", "all", 1.5, true));
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

static void compare(fixture *a, fixture *b)
{
    dr_solution *first = solve(a), *second = solve(b);
    for (size_t n = 0; n < a->table.r; n++)
        near(dr_solution_welfare(first, n), dr_solution_welfare(second, n), 1e-9);
    for (size_t i = 0; i < a->table.r * a->table.s; i++)
        near(first->value_added[i], second->value_added[i], 1e-9 * second->value_added[i]);
    dr_solution_free(first);
    dr_solution_free(second);
}

/* Where all factors stay in their sectors, value added does, and it does not matter into what it is split. */
static void fixed_factors_are_as_one(void **state)
{
    (void)state;
    synthetic split = synthetic_new(4, 3, 61, true, true);
    synthetic_split(&split, names, 3, 62);
    fixture one = fixture_of(synthetic_new(4, 3, 61, true, true), "short"), three = fixture_of(split, "short");
    assert_int_equal(three.model->factors, 3);
    compare(&one, &three);
    fixture_free(&one);
    fixture_free(&three);
}

/* Where all are mobile and sectors use them alike, they are one, too. */
static void mobile_factors_used_alike_are_as_one(void **state)
{
    (void)state;
    synthetic split = synthetic_new(4, 3, 63, true, true);
    synthetic_split(&split, names, 2, 64);
    for (size_t i = 0; i < 12; i++) {
        double both = split.factor[i] + split.factor[12 + i];
        split.factor[i] = 0.6 * both;
        split.factor[12 + i] = 0.4 * both;
    }
    fixture one = fixture_of(synthetic_new(4, 3, 63, true, true), NULL), two = fixture_of(split, NULL);
    compare(&one, &two);
    fixture_free(&one);
    fixture_free(&two);
}

/* Stolper & Samuelson (1941): if labour is all that one good needs, and capital all that the other does, dearer imports
 * of the one raise the real wage, and lower what capital earns in real terms. */
static void the_factor_of_the_protected_good_wins(void **state)
{
    (void)state;
    synthetic y = synthetic_new(2, 2, 65, false, false);
    synthetic_split(&y, names, 2, 66);
    for (size_t n = 0; n < 2; n++)
        for (size_t k = 0; k < 2; k++) {
            double both = y.factor[n * 2 + k] + y.factor[4 + n * 2 + k];
            y.factor[n * 2 + k] = (k == 0 ? 1 : 0) * both;
            y.factor[4 + n * 2 + k] = (k == 0 ? 0 : 1) * both;
        }
    fixture f = fixture_of(y, NULL);
    dr_scenario_free(f.scenario);
    ok(dr_scenario_new(&f.scenario, f.economy));
    ok(dr_scenario_tariff(f.scenario, "A0", "A1", "s0", 0.2, DR_RATE_SET));
    dr_solution *solution = solve(&f);
    double price = dr_solution_consumer_price(solution, 0);
    assert_true(solution->factor_mean[0 * 2 + 0] / price > 1);
    assert_true(solution->factor_mean[1 * 2 + 0] / price < 1);
    dr_solution_free(solution);
    fixture_free(&f);
}

/* Labour is told by its name; the others have a mobility of their own. */
static void names_tell_labour(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 3, 67, false, true);
    synthetic_split(&y, names, 3, 68);
    fixture f = fixture_of(y, "medium");
    assert_true(dr_factor_mobility(f.model, 0) == 0.5 && dr_factor_mobility(f.model, 1) == 0 &&
                dr_factor_mobility(f.model, 2) == 0);
    dr_solution *solution = solve(&f);
    dr_table *table = NULL;
    ok(dr_solution_factors(&table, solution));
    assert_int_equal(dr_table_rows(table), 9);
    assert_string_equal(dr_table_text(table, 1, 1), "capital");
    double base = 0, new = 0;
    for (size_t row = 0; row < 9; row++) {
        base += dr_table_number(table, row, 2);
        new += dr_table_number(table, row, 3);
    }
    near(new, base, 1e-9 * base); /* the numeraire */
    dr_table_free(table);
    dr_solution_free(solution);
    fixture_free(&f);
}

/* The base is solved first, and its factors are those of that solution; a factor that a sector would use less than
 * nothing of is not used there. */
static void the_base_may_be_solved_first(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 3, 69, false, true);
    synthetic_split(&y, names, 2, 70);
    for (size_t i = 0; i < 3 * 3 * 3; i++)
        y.flow[i] *= 1 + 0.01 * (double)(i % 5);
    dr_economy *economy = synthetic_economy(&y);
    economy->factor[0] = -1; /* as a table may have it */
    dr_model *model = NULL;
    dr_solution *solution = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .horizon = "medium", .closure = DR_CLOSURE_ZERO};
    ok(dr_model_new(&model, economy, &options));
    assert_true(model->solved_base && model->note_count >= 2);
    assert_true(strstr(model->notes[0], "negative incomes of a factor in a sector, set to zero: 1;"));
    for (size_t i = 0; i < 9; i++)
        near(model->base.factor_share[i] + model->base.factor_share[9 + i], 1, 1e-12);
    ok(dr_model_solve(&solution, model, NULL));
    for (size_t i = 0; i < 9; i++)
        near(solution->factor_wage[i], 1, 1e-9);
    dr_solution_free(solution);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    static const char *const twice[] = {"labour", "labour"};
    synthetic y = synthetic_new(2, 2, 71, false, true);
    synthetic_split(&y, twice, 2, 72);
    dr_economy *economy = NULL;
    dr_economy_data data = {.regions = 2,
                            .sectors = 2,
                            .region_codes = y.region_names,
                            .sector_codes = y.sector_names,
                            .flow = y.flow,
                            .input = y.input,
                            .final = y.final,
                            .factors = 2,
                            .factor_names = y.factor_names,
                            .factor = y.factor};
    assert_int_equal(dr_economy_new(&economy, &data), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "economy: the factor code 'labour' appears twice");
    data.factor_names = names;
    data.value_added = y.factor;
    assert_int_equal(dr_economy_new(&economy, &data), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "economy: value_added beside factor, which adds up to it; expected one of them");
    data.value_added = NULL;
    y.factor[1] = -2;
    assert_int_equal(dr_economy_new(&economy, &data), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "economy: factor[1] is -2; expected a finite number of at least 0");
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_factors_are_as_one),
        cmocka_unit_test(mobile_factors_used_alike_are_as_one),
        cmocka_unit_test(the_factor_of_the_protected_good_wins),
        cmocka_unit_test(names_tell_labour),
        cmocka_unit_test(the_base_may_be_solved_first),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
