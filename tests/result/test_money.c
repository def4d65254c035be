/* The accounts of regions in money: that budgets balance, sums are sums, real GDP is that of a plain model, and the
 * numeraire changes what is nominal and nothing else. */
#include <string.h>

#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/slow_model.h"

static double at(const dr_table *table, size_t row, const char *column)
{
    int found = dr_table_find(table, column);
    assert_true(found >= 0);
    return dr_table_number(table, row, (size_t)found);
}

typedef struct run {
    synthetic y;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
    dr_solution *solution;
} run;

static run run_new(unsigned long long seed, dr_model_options options)
{
    run t = {.y = synthetic_new(4, 3, seed, true, true)};
    t.economy = synthetic_economy(&t.y);
    ok(dr_model_new(&t.model, t.economy, &options));
    ok(dr_scenario_new(&t.scenario, t.economy));
    ok(dr_scenario_tariff(t.scenario, "A0", "A1,A2", "all", 0.3, DR_RATE_ADD));
    ok(dr_scenario_trade_cost(t.scenario, "A0", "A3", "s1", 1.4, true));
    ok(dr_scenario_export_curb(t.scenario, "A1", "A3", "all", 0.4, DR_RENT_EXPORTER, false));
    ok(dr_scenario_export_curb(t.scenario, "A2", "A3", "s0", 0.4, DR_RENT_IMPORTER, false));
    ok(dr_scenario_ban(t.scenario, "A2", "A1", "s2"));
    ok(dr_model_solve(&t.solution, t.model, t.scenario));
    return t;
}

static void run_free(run *t)
{
    dr_solution_free(t->solution);
    dr_scenario_free(t->scenario);
    dr_model_free(t->model);
    dr_economy_free(t->economy);
    synthetic_free(&t->y);
}

static const char *const numeraires[] = {NULL, "world", "A2", "A0,A1", "wage"};

/* Income is spent: factors, tariffs, rents and what is lent from abroad. */
static void budgets_balance(void **state)
{
    (void)state;
    for (int closure = DR_CLOSURE_FIXED; closure <= DR_CLOSURE_ZERO; closure++)
        for (size_t k = 0; k < sizeof numeraires / sizeof *numeraires; k++) {
            run t = run_new(3 + k, DR_OPTIONS(dr_model_options, .closure = (dr_closure)closure,
                                              .numeraire = numeraires[k], .tolerance = 1e-13));
            dr_table *table = NULL, *regions = NULL;
            double sum = 0, rents = 0;
            ok(dr_solution_money(&table, t.solution));
            ok(dr_solution_regions(&regions, t.solution));
            for (size_t n = 0; n < t.y.r; n++) {
                double income = at(table, n, "income"), income_new = at(table, n, "income_new");
                near(income,
                     at(table, n, "factor_income") + at(table, n, "tariff_revenue") - at(table, n, "trade_balance"),
                     1e-9 * income);
                near(income_new,
                     at(table, n, "factor_income_new") + at(table, n, "tariff_revenue_new") +
                         at(table, n, "rents_new") - at(table, n, "trade_balance_new"),
                     1e-8 * income);
                near(at(table, n, "equivalent_variation"), at(regions, n, "welfare") / 100 * income, 1e-12 * income);
                near(at(regions, n, "tariff_revenue_change"), at(table, n, "tariff_revenue_change"), 0);
                near(100 * at(table, n, "exports_change") / at(table, n, "exports"), at(regions, n, "exports"), 1e-9);
                sum += at(table, n, "equivalent_variation");
                rents += at(table, n, "rents_new");
            }
            size_t all = dr_table_rows(table) - 1;
            assert_string_equal(dr_table_text(table, all, 0), "world");
            near(at(table, all, "equivalent_variation"), sum, 1e-9 * fabs(sum));
            assert_true(rents > 0);
            if (t.model->own_wages == 0)
                near(at(table, all, "trade_balance_new"), 0, 1e-8 * at(table, all, "exports"));
            dr_table_free(table);
            dr_table_free(regions);
            run_free(&t);
        }
}

static bool is_nominal(const char *column)
{
    static const char *const nominal[] = {"wage", "consumer_price", "exports", "imports", "tariff_revenue_change"};
    for (size_t k = 0; k < sizeof nominal / sizeof *nominal; k++)
        if (strcmp(column, nominal[k]) == 0)
            return true;
    return false;
}

static void the_numeraire_changes_what_is_nominal(void **state)
{
    (void)state;
    run world = run_new(9, DR_OPTIONS(dr_model_options, .tolerance = 1e-13));
    dr_table *of_world = NULL;
    ok(dr_solution_regions(&of_world, world.solution));
    for (size_t k = 1; k < sizeof numeraires / sizeof *numeraires; k++) {
        run t = run_new(9, DR_OPTIONS(dr_model_options, .numeraire = numeraires[k], .tolerance = 1e-13));
        dr_table *table = NULL;
        ok(dr_solution_regions(&table, t.solution));
        for (size_t n = 0; n < t.y.r; n++) {
            for (size_t c = 1; c < dr_table_columns(table); c++)
                if (!is_nominal(dr_table_column(table, c)) || k == 1)
                    near(dr_table_number(table, n, c), dr_table_number(of_world, n, c), 0);
            near((1 + at(table, n, "wage") / 100) / (1 + at(table, n, "consumer_price") / 100),
                 1 + at(table, n, "real_wage") / 100, 1e-12);
            if (k == 4)
                near(at(table, n, "wage"), 0, 1e-12);
        }
        if (k == 2) { /* in the money of A2, whose prices stay; other values are those in the world's, over its price */
            double price = 1 + at(of_world, 2, "consumer_price") / 100;
            near(at(table, 2, "consumer_price"), 0, 1e-12);
            near(1 + at(table, 0, "exports") / 100, (1 + at(of_world, 0, "exports") / 100) / price, 1e-12);
        }
        if (k > 1)
            assert_true(fabs(at(table, 0, "consumer_price") - at(of_world, 0, "consumer_price")) > 1e-4);
        dr_table_free(table);
        run_free(&t);
    }
    dr_table_free(of_world);
    run_free(&world);
}

static void an_unknown_numeraire_is_refused(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 3, 1, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .numeraire = "A7"};
    assert_int_equal(dr_model_new(&model, economy, &options), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "numeraire: 'A7' is not a region or group"));
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* ---- Real GDP in the plain model --------------------------------------------------------------------------------- */

/* Unit cost over base, from the share of home goods in what region i uses: pi' = pi (c / P)^-theta. */
static double plain_cost(const synthetic *y, const slow *plain, const double *tariff, double theta, size_t i, size_t s)
{
    double base = 0, new = 0;
    size_t home = (i * y->r + i) * y->s + s;
    for (size_t j = 0; j < y->r; j++) {
        size_t flow = (i * y->r + j) * y->s + s;
        base += y->flow[flow] * (1 + y->tariff[flow]);
        new += plain->flow[flow] * (1 + tariff[flow]);
    }
    return plain->price[i * y->s + s] * pow(plain->flow[home] / new / (y->flow[home] / base), -1 / theta);
}

/* Final demand plus exports less imports, at base prices; all elasticities but theta are 1. */
static void plain_gdp(const synthetic *y, const slow *plain, const double *tariff, double theta, double *change)
{
    for (size_t n = 0; n < y->r; n++) {
        double income = 0, log_price = 0, spent = 0;
        for (size_t k = 0; k < y->s; k++)
            income += y->final[n * y->s + k];
        for (size_t k = 0; k < y->s; k++)
            log_price += y->final[n * y->s + k] / income * log(plain->price[n * y->s + k]);
        spent = income * (1 + plain->welfare[n] / 100) * exp(log_price);
        change[n] = -income;
        for (size_t k = 0; k < y->s; k++)
            change[n] += y->final[n * y->s + k] / income * spent / plain->price[n * y->s + k];
    }
    for (size_t n = 0; n < y->r; n++)
        for (size_t i = 0; i < y->r; i++)
            for (size_t s = 0; s < y->s && i != n; s++) {
                size_t flow = (n * y->r + i) * y->s + s;
                double volume = plain->flow[flow] / plain_cost(y, plain, tariff, theta, i, s) - y->flow[flow];
                change[i] += volume;
                change[n] -= volume;
            }
}

static void real_gdp_is_that_of_the_plain_model(void **state)
{
    const double theta = 4;
    (void)state;
    for (unsigned long long seed = 1; seed < 4; seed++) {
        synthetic y = synthetic_new(4, 3, seed, true, true);
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = NULL;
        dr_scenario *scenario = NULL;
        dr_solution *solution = NULL;
        dr_table *table = NULL;
        size_t flows = y.r * y.r * y.s;
        double *tariff = synthetic_numbers(flows), *kappa = synthetic_numbers(flows), *change = synthetic_numbers(y.r);
        dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = "4", .tolerance = 1e-13};
        ok(dr_model_new(&model, economy, &options));
        ok(dr_scenario_new(&scenario, economy));
        ok(dr_scenario_tariff(scenario, "A0", "A1", "all", 0.5, DR_RATE_SET));
        ok(dr_scenario_trade_cost(scenario, "A2", "A3", "all", 1.5, false));
        ok(dr_model_solve(&solution, model, scenario));
        for (size_t f = 0; f < flows; f++) {
            size_t n = f / y.s / y.r, i = f / y.s % y.r;
            tariff[f] = n == 0 && i == 1 ? 0.5 : y.tariff[f];
            kappa[f] = (1 + tariff[f]) / (1 + y.tariff[f]) * (n == 2 && i == 3 ? 1.5 : 1);
        }
        slow plain = slow_solve(&y, (slow_model){theta, 1, 1, 1, INFINITY, 1, INFINITY, 0, 0, 0}, tariff, kappa);
        plain_gdp(&y, &plain, tariff, theta, change);
        ok(dr_solution_money(&table, solution));
        for (size_t n = 0; n < y.r; n++)
            near(at(table, n, "real_gdp_change"), change[n], 1e-8 * at(table, n, "income"));
        assert_true(fabs(change[0]) > 1e-3);
        slow_free(&plain);
        dr_table_free(table);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_model_free(model);
        dr_economy_free(economy);
        free(tariff);
        free(kappa);
        free(change);
        synthetic_free(&y);
    }
}

/* ---- Effective protection ---------------------------------------------------------------------------------------- */

/* With one tariff on everything that is not protected in the base, the effective rate is that tariff (Corden 1966). */
static void a_uniform_tariff_protects_uniformly(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 3, 5, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    ok(dr_model_new(&model, economy, NULL));
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "all", "all", 0.2, DR_RATE_SET));
    ok(dr_scenario_tariff(scenario, "A1", "all", "s0", 0.2, DR_RATE_SET));
    ok(dr_model_solve(&solution, model, scenario));
    ok(dr_solution_protection(&table, solution));
    for (size_t s = 0; s < 3; s++) {
        near(at(table, s, "effective_rate"), 0, 1e-12);
        near(at(table, s, "effective_rate_new"), 20, 1e-9);
        near(at(table, s, "input_tariff_new"), 20, 1e-9);
    }
    double inputs = 0, own = y.input[(1 * 3 + 0) * 3 + 0], cost = 0; /* A1, s0: t / (1 - a) with a of other inputs */
    for (size_t k = 0; k < 3; k++)
        inputs += y.input[(1 * 3 + k) * 3 + 0];
    for (size_t n = 0; n < 3; n++)
        cost += y.flow[(n * 3 + 1) * 3 + 0];
    near(at(table, 3, "effective_rate_new"), 100 * 0.2 * (1 - own / cost) / (1 - inputs / cost), 1e-6);
    assert_true(at(table, 4, "effective_rate_new") < 0); /* its inputs are dearer, it is not protected */
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* ---- The answer -------------------------------------------------------------------------------------------------- */

static void the_answer_is_in_words(void **state)
{
    (void)state;
    run t = run_new(11, DR_OPTIONS(dr_model_options, .tolerance = 1e-13));
    dr_table *overview = NULL, *summary = NULL, *money = NULL;
    char start[64];
    ok(dr_solution_overview(&overview, t.solution, t.scenario));
    ok(dr_solution_summary(&summary, t.solution, t.scenario));
    ok(dr_solution_money(&money, t.solution));
    assert_true(dr_table_sentences(overview) >= 3 && dr_table_rows(overview) >= 10);
    size_t last = 0;
    for (size_t n = 1; n < t.y.r; n++)
        if (at(money, n, "equivalent_variation") < at(money, last, "equivalent_variation"))
            last = n;
    snprintf(start, sizeof start, "A%zu loses most, ", last);
    const char *winners = dr_table_sentence(overview, dr_table_sentences(overview) - 1);
    assert_memory_equal(winners, start, strlen(start));
    for (size_t row = 0; row < dr_table_rows(overview); row++)
        near(at(overview, row, "change"), at(overview, row, "new") - at(overview, row, "base"), 1e-12);
    assert_string_equal(dr_table_text(summary, 0, 0), "question");
    assert_string_equal(dr_table_text(summary, dr_table_rows(summary) - 1, 0), "what it leaves out");
    for (size_t row = 1; row < dr_table_rows(summary); row++) {
        const char *sentence = dr_table_text(summary, row, 1);
        assert_true(strlen(sentence) > 10 && sentence[strlen(sentence) - 1] == '.' && !strstr(sentence, "nan"));
    }
    dr_table_free(overview);
    dr_table_free(summary);
    dr_table_free(money);
    run_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(budgets_balance),
        cmocka_unit_test(the_numeraire_changes_what_is_nominal),
        cmocka_unit_test(an_unknown_numeraire_is_refused),
        cmocka_unit_test(real_gdp_is_that_of_the_plain_model),
        cmocka_unit_test(a_uniform_tariff_protects_uniformly),
        cmocka_unit_test(the_answer_is_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
