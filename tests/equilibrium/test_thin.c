/* Thin markets: what remains of supply below a share of base use is pooled. */
#include <string.h>

#include "support/check.h"

#include "base/table.h"
#include "result/result.h"
#include "result/welfare.h"
#include "support/slow_model.h"

enum { R = 5, S = 4 };

static dr_model *model_of(const dr_economy *economy, const char *horizon, const char *elasticity, const char *thin)
{
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options),
                                .horizon = horizon,
                                .elasticity = elasticity,
                                .thin_markets = thin,
                                .tolerance = 1e-13};
    ok(dr_model_new(&model, economy, &options));
    return model;
}

static dr_solution *solve(const dr_model *model, const dr_scenario *scenario)
{
    dr_solution *solution = NULL;
    ok(dr_model_solve(&solution, model, scenario));
    assert_true(solution->certificate.worst_residual < 1e-9);
    return solution;
}

/* A2 bans s3 from A3, and A0 makes s1 from A1 dearer. */
static dr_scenario *shock(const dr_economy *economy)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_ban(scenario, "A2", "A3", "s3"));
    ok(dr_scenario_trade_cost(scenario, "A0", "A1", "s1", 3, false));
    return scenario;
}

/* The same by hand: a pool is a cost that falls for all of the market by (R / T)^(1 / theta). */
static void costs_by_hand(const synthetic *y, double thin, double theta, double *kappa)
{
    for (size_t f = 0; f < R * R * S; f++)
        kappa[f] = 1;
    kappa[(2 * R + 3) * S + 3] = INFINITY;
    kappa[(0 * R + 1) * S + 1] = 3;
    for (size_t n = 0; n < R; n++)
        for (size_t s = 0; s < S; s++) {
            double remains = 0, all = 0;
            for (size_t i = 0; i < R; i++) {
                size_t f = (n * R + i) * S + s;
                all += y->flow[f] * (1 + y->tariff[f]);
                remains += isinf(kappa[f]) ? 0 : y->flow[f] * (1 + y->tariff[f]) * pow(kappa[f], -theta);
            }
            for (size_t i = 0; i < R && remains < thin * all; i++)
                kappa[(n * R + i) * S + s] *= pow(remains / all / thin, 1 / theta);
        }
}

static void the_slow_model_agrees(void **state)
{
    static const slow_model models[] = {{0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0},
                                        {2, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0}};
    static const char *const horizons[] = {"short", "medium"};
    (void)state;
    for (int taxed = 0; taxed < 2; taxed++)
        for (int h = 0; h < 2; h++) {
            synthetic y = synthetic_new(R, S, 7, taxed, true);
            dr_economy *economy = synthetic_economy(&y);
            dr_model *model = model_of(economy, horizons[h], NULL, "99%");
            dr_scenario *scenario = shock(economy);
            dr_solution *fast = solve(model, scenario);
            double kappa[R * R * S];
            costs_by_hand(&y, 0.99, models[h].theta, kappa);
            slow plain = slow_solve(&y, models[h], y.tariff, kappa);
            assert_int_equal(fast->thin_count, 2);
            for (size_t n = 0; n < R; n++)
                near(dr_solution_welfare(fast, n), plain.welfare[n], 1e-8);
            slow_free(&plain);
            dr_solution_free(fast);
            dr_scenario_free(scenario);
            dr_model_free(model);
            dr_economy_free(economy);
            synthetic_free(&y);
        }
}

/* The bits of a market that keeps its supply do not depend on the rule. */
static void markets_that_are_not_thin_stay(void **state)
{
    (void)state;
    synthetic y = synthetic_new(R, S, 3, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_scenario *scenario = shock(economy);
    ok(dr_scenario_export_curb(scenario, "A1", "A4", "s2", 0.5, DR_RENT_EXPORTER, false));
    dr_model *off = model_of(economy, "short", NULL, "0"), *on = model_of(economy, "short", NULL, "20%");
    dr_solution *a = solve(off, scenario), *b = solve(on, scenario);
    assert_int_equal(b->thin_count, 0);
    assert_memory_equal(a->flow, b->flow, R * R * S * sizeof(double));
    assert_memory_equal(a->price, b->price, R * S * sizeof(double));
    dr_solution_free(a);
    dr_solution_free(b);
    dr_model_free(off);
    dr_model_free(on);
    dr_scenario_free(scenario);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Welfare of A0 where others' s1 gets dearer, or is cut, without bound, or is banned. */
static double welfare(const dr_economy *economy, const dr_model *model, double times, double cut)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    if (cut > 0)
        ok(dr_scenario_export_curb(scenario, "A1,A2,A3,A4", "A0", "s1", cut, DR_RENT_LOST, false));
    else if (times > 0)
        ok(dr_scenario_trade_cost(scenario, "A0", "A1,A2,A3,A4", "s1", times, false));
    else
        ok(dr_scenario_ban(scenario, "A0", "A1,A2,A3,A4", "s1"));
    dr_solution *solution = solve(model, scenario);
    double found = dr_solution_welfare(solution, 0);
    assert_int_equal(solution->thin_count, 1);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return found;
}

static void a_ban_is_the_limit_of_costs_and_of_caps(void **state)
{
    (void)state;
    synthetic y = synthetic_new(R, S, 5, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "short", "2", "90%");
    double ban = welfare(economy, model, 0, 0);
    near(welfare(economy, model, 1e6, 0), ban, 1e-6);
    near(welfare(economy, model, 0, 1 - 1e-8), ban, 1e-3);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* A0 uses little of its own s1, and may buy it of nobody else. */
static void a_price_that_runs_away_is_named(void **state)
{
    (void)state;
    synthetic y = synthetic_new(R, S, 9, false, true);
    for (size_t user = 0; user < S; user++)
        y.input[1 * S + user] *= 0.15;
    y.final[1] *= 0.15;
    for (size_t i = 0; i < R; i++)
        y.flow[i * S + 1] *= 0.15;
    y.flow[S + 1] += 0.999 * y.flow[1];
    y.flow[1] *= 0.001;
    dr_economy *economy = synthetic_economy(&y);
    dr_model *off = model_of(economy, "short", NULL, "0"), *on = model_of(economy, "short", NULL, NULL);
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_ban(scenario, "A0", "A1,A2,A3,A4", "s1"));
    assert_int_equal(dr_model_solve(&solution, off, scenario), DR_NO_SOLUTION);
    if (!strstr(dr_error_text(), "where the price of s1 (s1) in A0 is "))
        fail_msg("%s", dr_error_text());
    assert_non_null(strstr(dr_error_text(), "; with thin-markets 20% there is a solution"));
    assert_non_null(strstr(dr_error_text(), "whose supply from A1 ("));
    assert_null(strstr(dr_error_text(), "closure"));
    solution = solve(on, scenario);
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, solution));
    bool noted = false;
    for (size_t i = 0; i < table->note_count; i++)
        noted |= strstr(table->notes[i], "thin markets, left with less than 20% of base supply by the scenario: 1 ") &&
                 strstr(table->notes[i], "A0 s1 (");
    assert_true(noted);
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_model_free(off);
    dr_model_free(on);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Who cannot trade cannot have an imbalance: only balanced trade is advised, since it has a solution. */
static void no_trade_no_imbalance(void **state)
{
    (void)state;
    synthetic y = synthetic_new(R, S, 9, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, "long", NULL, NULL);
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_ban(scenario, "A0", "A1,A2,A3,A4", "all"));
    ok(dr_scenario_ban(scenario, "A1,A2,A3,A4", "A0", "all"));
    assert_int_equal(dr_model_solve(&solution, model, scenario), DR_NO_SOLUTION);
    assert_non_null(strstr(dr_error_text(),
                           "under the scenario A0 cannot trade with any other region, so that no prices give it the "));
    assert_non_null(strstr(dr_error_text(), "with trade balances of zero (closure zero) there is a solution"));
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void shares_are_checked(void **state)
{
    static const struct {
        const char *text, *error;
    } cases[] = {{"120%", "thin markets: '120%' is not a share of base use; expected 0% or more and less than 100%"},
                 {"-5%", "thin markets: '-5%' is not a share of base use; expected 0% or more and less than 100%"},
                 {"few", "thin markets: 'few' is not a rate; expected a number such as 25% or 0.25"}};
    (void)state;
    synthetic y = synthetic_new(3, 2, 1, false, true);
    dr_economy *economy = synthetic_economy(&y);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dr_model *model = NULL;
        dr_model_options options = {.size = sizeof(dr_model_options), .thin_markets = cases[i].text};
        assert_int_equal(dr_model_new(&model, economy, &options), DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), cases[i].error);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_slow_model_agrees),
                                       cmocka_unit_test(markets_that_are_not_thin_stay),
                                       cmocka_unit_test(a_ban_is_the_limit_of_costs_and_of_caps),
                                       cmocka_unit_test(a_price_that_runs_away_is_named),
                                       cmocka_unit_test(no_trade_no_imbalance),
                                       cmocka_unit_test(shares_are_checked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
