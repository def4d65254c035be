/* Baselines: the effects of B on the base after A are those of A and B together over those of A, also by the slow
 * model, which knows no other base than the table. */
#include <stdio.h>
#include <string.h>

#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/slow_model.h"

static const char text[] = "baseline:\n"
                           "  - tariff: {by: A0, on: A1, add: 10%}\n"
                           "  - trade-cost: {between: A0, and: A2, sectors: all, times: 1.2}\n"
                           "  - ban: {by: A2, on: A3, sectors: s0}\n"
                           "changes:\n"
                           "  - tariff: {by: A0, on: A1, add: 5%}\n"
                           "  - tariff: {by: A1, on: A0, rate: 30%}\n"
                           "  - trade-cost: {between: A0, and: A2, sectors: all, times: 1.1}\n";

/* The baseline, or both, written out by hand. */
static void arrays_of(const synthetic *y, bool both, double *tariff, double *kappa)
{
    for (size_t n = 0; n < y->r; n++)
        for (size_t i = 0; i < y->r; i++)
            for (size_t s = 0; s < y->s; s++) {
                size_t f = (n * y->r + i) * y->s + s;
                tariff[f] = y->tariff[f] + (n == 0 && i == 1 ? both ? 0.15 : 0.1 : 0);
                if (both && n == 1 && i == 0)
                    tariff[f] = 0.3;
                kappa[f] = (1 + tariff[f]) / (1 + y->tariff[f]);
                if ((n == 0 && i == 2) || (n == 2 && i == 0))
                    kappa[f] *= both ? 1.2 * 1.1 : 1.2;
                if (n == 2 && i == 3 && s == 0)
                    kappa[f] = INFINITY;
            }
}

static double welfare(const dr_solution *solution, size_t n)
{
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, solution));
    double of_region = dr_table_number(table, n, 1);
    dr_table_free(table);
    return of_region;
}

/* Factors on real income: of the model's nests, slowly, from the table. */
static slow slow_of(const synthetic *y, const dr_model *m, bool both)
{
    size_t flows = y->r * y->r * y->s;
    double *tariff = synthetic_numbers(flows), *kappa = synthetic_numbers(flows);
    const slow_model parameters = {.theta = m->theta[0],
                                   .eta = m->nests.eta[0],
                                   .rho = m->nests.rho[0],
                                   .phi = m->nests.phi,
                                   .psi = m->nests.psi,
                                   .sigma = 1};
    arrays_of(y, both, tariff, kappa);
    slow solved = slow_solve(y, parameters, tariff, kappa);
    free(tariff);
    free(kappa);
    return solved;
}

static void check_world(unsigned long long seed, bool taxed, dr_model_options options)
{
    synthetic y = synthetic_new(4, 3, seed, taxed, true);
    dr_economy *e = synthetic_economy(&y);
    dr_model *m = NULL;
    dr_scenario *b = NULL;
    dr_solution *after = NULL;
    options.tolerance = 1e-13;
    ok(dr_baseline_parse(e, &options, text, strlen(text), "given"));
    ok(dr_scenario_parse(&b, e, text, strlen(text), "given"));
    ok(dr_model_new(&m, e, &options));
    assert_false(m->solved_base);
    ok(dr_model_solve(&after, m, b));
    slow first = slow_of(&y, m, false), both = slow_of(&y, m, true);
    for (size_t n = 0; n < y.r; n++) {
        double expected = 100 * ((1 + both.welfare[n] / 100) / (1 + first.welfare[n] / 100) - 1);
        near(welfare(after, n), expected, 1e-9);
        for (size_t f = n * y.r * y.s; f < (n + 1) * y.r * y.s; f++)
            near(after->flow[f], both.flow[f], 1e-9 * (1 + both.flow[f]));
    }
    slow_free(&first);
    slow_free(&both);
    dr_solution_free(after);
    dr_model_free(m);
    dr_scenario_free(b);
    dr_economy_free(e);
    synthetic_free(&y);
}

static void it_is_hat_algebra_from_the_table(void **state)
{
    const dr_model_options all[] = {
        {.size = sizeof *all, .elasticity = "4"},
        {.size = sizeof *all, .elasticity = "4", .model = "baqaee-farhi"},
        {.size = sizeof *all, .horizon = "short", .elasticity = "2", .thin_markets = "0"},
    };
    (void)state;
    for (unsigned long long seed = 1; seed <= 4; seed++)
        for (size_t o = 0; o < sizeof all / sizeof *all; o++)
            check_world(seed, seed % 2, all[o]);
}

/* Of several factors, and of closures that the slow model does not know, by the fast one. */
static double welfare_of(const dr_economy *e, const dr_model_options *options, const char *of, size_t n)
{
    dr_scenario *scenario = NULL;
    dr_model *m = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_parse(&scenario, e, of, strlen(of), "given"));
    ok(dr_model_new(&m, e, options));
    ok(dr_model_solve(&solution, m, scenario));
    double factor = 1 + welfare(solution, n) / 100;
    dr_solution_free(solution);
    dr_model_free(m);
    dr_scenario_free(scenario);
    return factor;
}

/* Shifts and transfers in a baseline, for which the rule holds as well. */
static void shifts_and_transfers_compose(void **state)
{
    static const char *const first[] = {
        "{productivity: {in: A0, sectors: s1, change: -20%}}", "{labour: {in: A1, sectors: all, change: -10%}}",
        "{factor-supply: {in: A2, sectors: all, change: 15%}}", "{demand: {in: A1, sectors: s0, change: 40%}}",
        "{transfer: {from: A1, to: A0, amount: 2%}}"};
    static const char then[] = "{tariff: {by: A1, on: A0, add: 30%}}, {trade-cost: {between: A2, and: A0, times: 1.3}}";
    static const char *const horizons[] = {NULL, "short", "medium"};
    (void)state;
    for (size_t k = 0; k < sizeof first / sizeof *first; k++)
        for (size_t h = 0; h < 3; h++) {
            const dr_model_options options = {
                .size = sizeof options, .horizon = horizons[h], .thin_markets = "0", .tolerance = 1e-13};
            char alone[200], list[200], second[200], both[400];
            snprintf(alone, sizeof alone, "changes: [%s]", first[k]);
            snprintf(list, sizeof list, "baseline: [%s]", first[k]);
            snprintf(second, sizeof second, "changes: [%s]", then);
            snprintf(both, sizeof both, "changes: [%s, %s]", first[k], then);
            synthetic y = synthetic_new(4, 3, 3 + (unsigned)k, true, true);
            dr_economy *e = synthetic_economy(&y), *after = synthetic_economy(&y);
            ok(dr_baseline_parse(after, &options, list, strlen(list), "given"));
            for (size_t n = 0; n < y.r; n++)
                near(welfare_of(after, &options, second, n),
                     welfare_of(e, &options, both, n) / welfare_of(e, &options, alone, n), 1e-10);
            dr_economy_free(e);
            dr_economy_free(after);
            synthetic_free(&y);
        }
}

static void closures_and_factors_compose(void **state)
{
    static const char *const names[] = {"labour", "capital"};
    static const char first[] = "changes: [{tariff: {by: A0, on: A1, add: 20%}}]",
                      second[] = "changes: [{tariff: {by: A1, on: A0, add: 30%}}]",
                      both[] = "changes: [{tariff: {by: A0, on: A1, add: 20%}}, {tariff: {by: A1, on: A0, add: 30%}}]",
                      list[] = "baseline: [{tariff: {by: A0, on: A1, add: 20%}}]";
    (void)state;
    for (int closure = DR_CLOSURE_FIXED; closure <= DR_CLOSURE_ZERO; closure++) {
        const dr_model_options options = {
            .size = sizeof options, .closure = (dr_closure)closure, .horizon = "medium", .tolerance = 1e-13};
        synthetic y = synthetic_new(4, 3, 7 + (unsigned)closure, true, true);
        synthetic_split(&y, names, 2, 5);
        dr_economy *e = synthetic_economy(&y), *after = synthetic_economy(&y);
        ok(dr_baseline_parse(after, &options, list, sizeof list - 1, "given"));
        for (size_t n = 0; n < y.r; n++)
            near(welfare_of(after, &options, second, n),
                 welfare_of(e, &options, both, n) / welfare_of(e, &options, first, n), 1e-11);
        dr_economy_free(e);
        dr_economy_free(after);
        synthetic_free(&y);
    }
}

/* The message of a document whose baseline is refused. */
static void refuses(const dr_model_options *options, const char *document, const char *message)
{
    synthetic y = synthetic_new(4, 3, 3, false, true);
    dr_economy *e = synthetic_economy(&y);
    if (dr_baseline_parse(e, options, document, strlen(document), "given") != DR_BAD_INPUT)
        fail_msg("not refused: %s (%s)", message, dr_error_text());
    assert_string_equal(dr_error_text(), message);
    dr_economy_free(e);
    synthetic_free(&y);
}

static void what_a_table_cannot_hold_is_refused(void **state)
{
    static const char ban[] = "baseline: [{trade-cost: {by: A0, on: all, sectors: s0, times: 9}}]";
    (void)state;
    refuses(NULL, "baseline: [{export-curb: {by: A0, to: A1, cut: 40%}}]",
            "given:1:12: 'export-curb' cannot be part of a baseline: a table has tariffs and flows, but no rates of "
            "other taxes and no limits on volumes; expected 'tariff', 'trade-cost', 'ban', 'leave', 'join', a shift, "
            "a 'transfer', or this change among the 'changes' of the scenario, game or plan");
    refuses(&DR_OPTIONS(dr_model_options, .closure = DR_CLOSURE_INCOME_SHARE),
            "baseline: [{transfer: {from: A0, to: A1, amount: 1%}}]",
            "baseline: the baseline has transfers, which a table holds as imbalances of trade, and the closure changes "
            "these; expected the closure 'fixed'");
    refuses(NULL, "baseline: 7\n", "given:1:11: '7': only a document that is a file itself names other files");
    refuses(NULL, "baseline: {ban: {by: A0, on: A1}}\n",
            "given:1:11: expected a list of changes, or the path of a scenario");
    refuses(&DR_OPTIONS(dr_model_options, .model = "armington"), ban,
            "baseline: a baseline needs the sectors of the table, and the armington model sums them; expected another "
            "model");
    refuses(&DR_OPTIONS(dr_model_options, .rigid_wages = "A0"), "baseline: [{tariff: {by: all, on: A0, rate: 3%}}]",
            "baseline: the baseline leaves labour of A0 unemployed, which a table cannot hold; expected a baseline "
            "without rigid-wages that bind");
    refuses(&DR_OPTIONS(dr_model_options, .thin_markets = "99.9%"), ban,
            "baseline: the baseline leaves the market for s0 in A0 so thin that its supply is pooled, and a table "
            "cannot hold that; expected thin-markets 0, or a baseline that leaves more");
}

static void a_scenario_before_its_baseline_is_refused(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 3, 3, false, true);
    dr_economy *e = synthetic_economy(&y);
    dr_scenario *b = NULL;
    assert_int_equal(dr_scenario_parse(&b, e, text, strlen(text), "given"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "given:2:3: the baseline has not been solved (dr_baseline_load does so)");
    ok(dr_baseline_parse(e, NULL, text, strlen(text), "given"));
    ok(dr_scenario_parse(&b, e, text, strlen(text), "given"));
    assert_int_equal(dr_scenario_write(b, NULL, NULL, "never.yaml"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "the baseline is a list of changes in another document, so that a scenario "
                                         "cannot name it; expected one in a file of its own");
    dr_scenario_free(b);
    dr_economy_free(e);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_hat_algebra_from_the_table),
        cmocka_unit_test(shifts_and_transfers_compose),
        cmocka_unit_test(closures_and_factors_compose),
        cmocka_unit_test(what_a_table_cannot_hold_is_refused),
        cmocka_unit_test(a_scenario_before_its_baseline_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
