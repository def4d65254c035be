/* What the model must obey whatever the numbers: docs/model.md. */
#include <pthread.h>
#include <string.h>

#include "result/result.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

static dr_model *model_of(const dr_economy *economy, const char *elasticity, dr_closure closure)
{
    dr_model *model = NULL;
    dr_model_options options = {
        .size = sizeof(dr_model_options), .elasticity = elasticity, .closure = closure, .tolerance = 1e-13};
    ok(dr_model_new(&model, economy, &options));
    return model;
}

static dr_model *model_at(const dr_economy *economy, const char *horizon)
{
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .horizon = horizon, .tolerance = 1e-13};
    ok(dr_model_new(&model, economy, &options));
    return model;
}

static dr_solution *solve(const dr_model *model, const dr_scenario *scenario)
{
    dr_solution *solution = NULL;
    ok(dr_model_solve(&solution, model, scenario));
    return solution;
}

/* A scenario with one of everything. */
static dr_scenario *mixed(const dr_economy *economy)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0,A1", "A2", "s0,s1", 0.25, DR_RATE_SET));
    ok(dr_scenario_trade_cost(scenario, "A0", "A3", "all", 1.5, true));
    ok(dr_scenario_ban(scenario, "A2", "A0", "s1"));
    return scenario;
}

/* Largest difference of the numbers of two tables, row i of one against row of[i] of the other (NULL: the same). */
static double difference(const dr_table *a, const dr_table *b, const size_t *of)
{
    double largest = 0;
    assert_int_equal(dr_table_rows(a), dr_table_rows(b));
    for (size_t i = 0; i < dr_table_rows(a); i++)
        for (size_t c = 1; c < dr_table_columns(a); c++)
            largest = fmax(largest, fabs(dr_table_number(a, i, c) - dr_table_number(b, of ? of[i] : i, c)));
    return largest;
}

static dr_table *regions_of(const dr_solution *solution)
{
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, solution));
    return table;
}

static void null_scenario_changes_nothing(void **state)
{
    (void)state;
    for (int taxed = 0; taxed < 2; taxed++) {
        synthetic y = synthetic_new(5, 4, 1, taxed, true);
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = model_of(economy, "5", DR_CLOSURE_FIXED);
        dr_scenario *scenario = NULL;
        ok(dr_scenario_new(&scenario, economy));
        dr_solution *solution = solve(model, scenario);
        dr_table *table = regions_of(solution);
        for (size_t i = 0; i < dr_table_rows(table); i++)
            for (size_t c = 1; c < dr_table_columns(table); c++)
                near(dr_table_number(table, i, c), 0, 1e-7);
        for (size_t f = 0; f < y.r * y.r * y.s; f++)
            near(solution->flow[f], y.flow[f], 1e-9 * y.flow[f]);
        dr_table_free(table);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
}

static void doubling_all_values_changes_nothing(void **state)
{
    (void)state;
    dr_table *tables[2];
    for (int twice = 0; twice < 2; twice++) {
        synthetic y = synthetic_new(5, 4, 2, true, true);
        for (size_t f = 0; twice && f < y.r * y.r * y.s; f++)
            y.flow[f] *= 2;
        for (size_t f = 0; twice && f < y.r * y.s * y.s; f++)
            y.input[f] *= 2;
        for (size_t f = 0; twice && f < y.r * y.s; f++)
            y.final[f] *= 2;
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = model_of(economy, "5", DR_CLOSURE_FIXED);
        dr_scenario *scenario = mixed(economy);
        dr_solution *solution = solve(model, scenario);
        tables[twice] = regions_of(solution);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
    for (size_t i = 0; i < dr_table_rows(tables[0]); i++)
        for (size_t c = 1; c < dr_table_columns(tables[0]); c++) {
            const char *column = dr_table_column(tables[0], c);
            bool value = strcmp(column, "equivalent_variation") == 0 || strcmp(column, "tariff_revenue_change") == 0;
            double once = dr_table_number(tables[0], i, c);
            near(dr_table_number(tables[1], i, c), value ? 2 * once : once, 1e-9 * fmax(1, fabs(once)));
        }
    dr_table_free(tables[0]);
    dr_table_free(tables[1]);
}

/* Walras' law and adding-up, here from the solution's own numbers and not by the certificate. */
static void everything_adds_up(void **state)
{
    (void)state;
    static const dr_closure closures[] = {DR_CLOSURE_FIXED, DR_CLOSURE_INCOME_SHARE, DR_CLOSURE_ZERO};
    for (size_t k = 0; k < 3; k++) {
        synthetic y = synthetic_new(6, 5, 3, true, true);
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = model_of(economy, "4", closures[k]);
        dr_scenario *scenario = mixed(economy);
        dr_solution *solution = solve(model, scenario);
        double world = 0, deficits = 0;
        for (size_t n = 0; n < y.r; n++) {
            double spent = 0, revenue = 0, balance = 0, needed = 0;
            for (size_t i = 0; i < y.r; i++)
                for (size_t s = 0; s < y.s; s++) {
                    size_t in = (n * y.r + i) * y.s + s, out = (i * y.r + n) * y.s + s;
                    spent += solution->flow[in] * (1 + solution->tariff[in]);
                    revenue += solution->flow[in] * solution->tariff[in];
                    balance += solution->flow[in] - solution->flow[out];
                }
            for (size_t s = 0; s < y.s; s++)
                needed += solution->output[n * y.s + s] * (1 - model->value_added_share[s * model->stride + n]);
            near(spent, needed + solution->income[n], 1e-9 * spent);
            near(revenue, solution->tariff_revenue[n], 1e-9 * spent);
            near(balance, solution->deficit[n], 1e-9 * spent);
            if (closures[k] == DR_CLOSURE_ZERO)
                near(balance, 0, 1e-9 * spent);
            world += solution->wage[n] * model->base.factor_income[n] - model->base.factor_income[n];
            deficits += solution->deficit[n];
        }
        near(world, 0, 1e-9);
        near(deficits, 0, 1e-9);
        assert_true(solution->certificate.worst_residual < 1e-9);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
}

/* Turns the regions round (n to r - 1 - n), names and all. */
static void turn_round(synthetic *y)
{
    synthetic old = *y;
    size_t r = y->r, s = y->s;
    y->flow = synthetic_numbers(r * r * s);
    y->tariff = synthetic_numbers(r * r * s);
    y->input = synthetic_numbers(r * s * s);
    y->final = synthetic_numbers(r * s);
    for (size_t n = 0; n < r; n++) {
        size_t m = r - 1 - n;
        y->region_names[n] = y->region_codes[m];
        memcpy(y->input + n * s * s, old.input + m * s * s, s * s * sizeof(double));
        memcpy(y->final + n * s, old.final + m * s, s * sizeof(double));
        for (size_t i = 0; i < r; i++) {
            memcpy(y->flow + (n * r + i) * s, old.flow + (m * r + r - 1 - i) * s, s * sizeof(double));
            memcpy(y->tariff + (n * r + i) * s, old.tariff + (m * r + r - 1 - i) * s, s * sizeof(double));
        }
    }
    free(old.flow);
    free(old.tariff);
    free(old.input);
    free(old.final);
}

static void order_of_regions_does_not_matter(void **state)
{
    (void)state;
    dr_table *tables[2];
    size_t of[6];
    for (int turned = 0; turned < 2; turned++) {
        synthetic y = synthetic_new(6, 4, 4, true, true);
        if (turned)
            turn_round(&y);
        for (size_t n = 0; n < y.r; n++)
            of[n] = y.r - 1 - n;
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = model_of(economy, "3", DR_CLOSURE_INCOME_SHARE);
        dr_scenario *scenario = mixed(economy);
        dr_solution *solution = solve(model, scenario);
        tables[turned] = regions_of(solution);
        assert_string_equal(dr_table_text(tables[turned], 0, 0), turned ? "A5" : "A0");
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
    assert_true(difference(tables[0], tables[1], of) < 1e-9);
    dr_table_free(tables[0]);
    dr_table_free(tables[1]);
}

typedef struct job {
    const dr_model *model;
    const dr_scenario *scenario;
    dr_solution *solution;
    dr_status status;
} job;

static void *run_job(void *user)
{
    job *j = user;
    j->status = dr_model_solve(&j->solution, j->model, j->scenario);
    return NULL;
}

static void threads_give_the_same_bits(void **state)
{
    (void)state;
    synthetic y = synthetic_new(7, 5, 5, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "5", DR_CLOSURE_FIXED);
    dr_scenario *scenario = mixed(economy);
    dr_solution *alone = solve(model, scenario);
    job jobs[4] = {{0}};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        jobs[i] = (job){.model = model, .scenario = scenario};
        assert_int_equal(pthread_create(&threads[i], NULL, run_job, &jobs[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(jobs[i].status, DR_OK);
        assert_memory_equal(jobs[i].solution->flow, alone->flow, y.r * y.r * y.s * sizeof(double));
        dr_solution_free(jobs[i].solution);
    }
    dr_solution_free(alone);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Exact less first-order welfare of region 0 under a small tariff, and the exact one. */
static double gap_at(const dr_economy *economy, const dr_model *model, double tariff, double *welfare)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "all", tariff, DR_RATE_ADD));
    dr_solution *solution = solve(model, scenario);
    dr_table *table = regions_of(solution);
    *welfare = dr_table_number(table, 0, (size_t)dr_table_find(table, "welfare"));
    double gap = *welfare - dr_table_number(table, 0, (size_t)dr_table_find(table, "welfare_first_order"));
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return gap;
}

/* Terms and volume of trade are the derivative of welfare: the gap shrinks with the square of the shock. */
static void small_shocks_follow_the_derivative(void **state)
{
    (void)state;
    synthetic y = synthetic_new(5, 4, 6, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "5", DR_CLOSURE_FIXED);
    double small, large, gap_small = gap_at(economy, model, 1e-4, &small),
                         gap_large = gap_at(economy, model, 1e-3, &large);
    assert_true(fabs(small) > 1e-5);
    assert_true(fabs(gap_small) < 0.01 * fabs(small));
    near(gap_large / gap_small, 100, 5);
    near(large / small, 10, 0.2);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* The same with nests and with labour that stays where it is; and no shock changes nothing. */
static void horizons_obey_the_laws_too(void **state)
{
    static const char *const horizons[] = {"short", "medium", "long"};
    (void)state;
    synthetic y = synthetic_new(5, 4, 6, true, true);
    dr_economy *economy = synthetic_economy(&y);
    for (size_t h = 0; h < 3; h++) {
        dr_model *model = model_at(economy, horizons[h]);
        dr_solution *nothing = solve(model, NULL);
        double small, large, gap_small = gap_at(economy, model, 1e-3, &small),
                             gap_large = gap_at(economy, model, 1e-2, &large);
        for (size_t f = 0; f < y.r * y.r * y.s; f++)
            near(nothing->flow[f], y.flow[f], 1e-9 * y.flow[f]);
        assert_true(fabs(gap_small) < 0.02 * fabs(small));
        near(gap_large / gap_small, 100, 10);
        dr_solution_free(nothing);
        dr_model_free(model);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Dearer trade costs less, the more time there is to adjust. */
static void losses_fall_with_the_horizon(void **state)
{
    static const char *const horizons[] = {"short", "medium", "long"};
    (void)state;
    double before = -100;
    synthetic y = synthetic_new(5, 4, 12, false, true);
    dr_economy *economy = synthetic_economy(&y);
    for (size_t h = 0; h < 3; h++) {
        dr_model *model = model_at(economy, horizons[h]);
        dr_scenario *scenario = NULL;
        ok(dr_scenario_new(&scenario, economy));
        ok(dr_scenario_trade_cost(scenario, "A0", "A1", "all", 2, true));
        dr_solution *solution = solve(model, scenario);
        double welfare = dr_solution_welfare(solution, 0);
        assert_true(welfare < 0 && welfare > before);
        before = welfare;
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void presets_are_known_by_name(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 2, 12, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .horizon = "shrot"};
    assert_int_equal(dr_model_new(&model, economy, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "unknown horizon 'shrot'; did you mean 'short'?");
    options = DR_OPTIONS(dr_model_options, .model = "baqaee");
    assert_int_equal(dr_model_new(&model, economy, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "unknown model 'baqaee'; did you mean 'baqaee-farhi'?");
    options = DR_OPTIONS(dr_model_options, .model = "caliendo-parro", .horizon = "short", .elasticity = "3");
    ok(dr_model_new(&model, economy, &options));
    assert_true(model->nests.cobb_douglas && model->nests.psi == 0 && model->theta[0] == 3);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void a_ban_is_exact_and_the_limit_of_cost(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 3, 7, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "5", DR_CLOSURE_FIXED);
    dr_scenario *ban = NULL, *cost = NULL;
    ok(dr_scenario_new(&ban, economy));
    ok(dr_scenario_new(&cost, economy));
    ok(dr_scenario_ban(ban, "A0", "A1,A2", "s0"));
    ok(dr_scenario_trade_cost(cost, "A0", "A1,A2", "s0", 1e4, false));
    dr_solution *banned = solve(model, ban), *dear = solve(model, cost);
    dr_table *a = regions_of(banned), *b = regions_of(dear);
    assert_true(banned->flow[(0 * 4 + 1) * 3 + 0] == 0);
    assert_true(banned->flow[(0 * 4 + 2) * 3 + 0] == 0);
    assert_true(banned->flow[(0 * 4 + 3) * 3 + 0] > 0);
    assert_true(difference(a, b, NULL) < 1e-9);
    dr_table_free(a);
    dr_table_free(b);
    dr_solution_free(banned);
    dr_solution_free(dear);
    dr_scenario_free(ban);
    dr_scenario_free(cost);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Without inputs, tariffs and imbalances the move to autarky changes real income by prod_s pi[n,n,s]^(alpha[n,s] /
 * theta) (Arkolakis, Costinot & Rodriguez-Clare 2012, with sectors: Costinot & Rodriguez-Clare 2014). */
static void autarky_has_its_closed_form(void **state)
{
    (void)state;
    synthetic y = synthetic_new(6, 4, 8, false, false);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "5", DR_CLOSURE_ZERO);
    for (size_t n = 0; n < y.r; n++) {
        double expected = 0;
        dr_scenario *scenario = NULL;
        ok(dr_scenario_new(&scenario, economy));
        ok(dr_scenario_ban(scenario, y.region_names[n], "all", "all"));
        for (size_t i = 0; i < y.r; i++)
            if (i != n)
                ok(dr_scenario_ban(scenario, y.region_names[i], y.region_names[n], "all"));
        for (size_t s = 0; s < y.s; s++)
            expected += model->final_share[s * model->stride + n] *
                        log(model->import_share[(s * y.r + n) * model->stride + n]) / 5;
        dr_solution *solution = solve(model, scenario);
        dr_table *table = regions_of(solution);
        near(dr_table_number(table, n, 1), 100 * (exp(expected) - 1), 1e-9);
        dr_table_free(table);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
    }
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* A shock too large for one go is followed in parts; with balanced trade there always is a solution. */
static void large_shocks_are_followed(void **state)
{
    (void)state;
    static const char *const thetas[] = {"0.3", "5", "60"};
    static const double rates[] = {10, 3, 0.5};
    synthetic y = synthetic_new(6, 4, 9, false, true);
    dr_economy *economy = synthetic_economy(&y);
    for (size_t k = 0; k < 3; k++) {
        dr_model *model = model_of(economy, thetas[k], DR_CLOSURE_ZERO);
        dr_scenario *scenario = NULL;
        ok(dr_scenario_new(&scenario, economy));
        ok(dr_scenario_tariff(scenario, "all", "A0", "all", rates[k], DR_RATE_SET));
        dr_solution *solution = solve(model, scenario);
        assert_true(solution->certificate.worst_residual < 1e-8);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* A region whose surplus outgrows what it earns has nothing left to spend: the message names it. */
static void an_infeasible_closure_names_the_region(void **state)
{
    (void)state;
    synthetic y = synthetic_new(6, 4, 9, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "0.5", DR_CLOSURE_FIXED);
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "all", "A0", "all", 10, DR_RATE_SET));
    assert_int_equal(dr_model_solve(&solution, model, scenario), DR_NO_SOLUTION);
    assert_non_null(strstr(dr_error_text(), "where A0 spends "));
    assert_null(solution);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void the_last_supplier_is_missed(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 2, 10, false, true);
    for (size_t n = 0; n < y.r; n++) /* only A1 makes s1 */
        for (size_t i = 0; i < y.r; i++)
            y.flow[(n * y.r + i) * y.s + 1] *= i == 1;
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "5", DR_CLOSURE_ZERO);
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_ban(scenario, "A2", "A1", "all"));
    assert_int_equal(dr_model_solve(&solution, model, scenario), DR_NO_SOLUTION);
    assert_string_equal(dr_error_text(), "A2 loses its last supplier of s1 under the bans");
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_scenario_changes_nothing),
        cmocka_unit_test(doubling_all_values_changes_nothing),
        cmocka_unit_test(everything_adds_up),
        cmocka_unit_test(order_of_regions_does_not_matter),
        cmocka_unit_test(threads_give_the_same_bits),
        cmocka_unit_test(small_shocks_follow_the_derivative),
        cmocka_unit_test(horizons_obey_the_laws_too),
        cmocka_unit_test(losses_fall_with_the_horizon),
        cmocka_unit_test(presets_are_known_by_name),
        cmocka_unit_test(a_ban_is_exact_and_the_limit_of_cost),
        cmocka_unit_test(autarky_has_its_closed_form),
        cmocka_unit_test(large_shocks_are_followed),
        cmocka_unit_test(an_infeasible_closure_names_the_region),
        cmocka_unit_test(the_last_supplier_is_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
