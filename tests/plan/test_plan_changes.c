/* Plans under changes that hold with and without them: their cost from the model in levels, derivatives against
 * differences, that no plan costs less than nothing, and the same plan from a baseline where a table can hold it. */
/* before planned.h, whose type `world` its variables would hide */
#include "support/slow_model.h"

#include <unistd.h>

#include "base/table.h"
#include "planned.h"
#include "scenario/baseline.h"

enum { R = 4, S = 3, OF = 2, FROM = 3 };

static const slow_model cobb_douglas = {.theta = 5, .eta = 1, .rho = 1, .phi = 1, .psi = INFINITY, .sigma = 1};

static dr_scenario *changes_of(const world *w, const char *list)
{
    char text[1000];
    dr_scenario *changes = NULL;
    snprintf(text, sizeof text, "changes: [%s]", list);
    ok(dr_scenario_parse(&changes, w->economy, text, strlen(text), "changes"));
    return changes;
}

/* ---- The model in levels ----------------------------------------------------------------------------------------- */

static const char taxes[] = "{export-tax: {by: A3, to: [A0, A1], sectors: s1, rate: 12%}},"
                            "{export-subsidy: {by: A2, to: A0, sectors: s0, rate: 6%}},"
                            "{tariff: {by: A1, on: A3, sectors: s2, add: 9%}},"
                            "{trade-cost: {by: A2, on: A3, sectors: s1, times: 1.2}}";

/* An equilibrium in levels: with the unit costs, what is paid beyond them for each flow, and consumer prices. */
typedef struct levels {
    slow at;
    double cost[R * S], volume[R * R * S], wedge[R * R * S], consumer[R];
} levels;

static double share_of(const double *flow, const double *tariff, size_t n, size_t k)
{
    double all = 0;
    for (size_t i = 0; i < R; i++)
        all += flow[(n * R + i) * S + k] * (1 + tariff[(n * R + i) * S + k]);
    return flow[(n * R + n) * S + k] * (1 + tariff[(n * R + n) * S + k]) / all;
}

/* The taxes above, and the rates that A0 and A1 add on A3. */
static levels solve_slowly(const synthetic *y, const double added[S])
{
    double tariff[R * R * S], kappa[R * R * S], tax[R * R * S];
    levels l = {0};
    for (size_t f = 0; f < R * R * S; f++) {
        size_t n = f / S / R, i = f / S % R, k = f % S;
        tariff[f] = y->tariff[f] + (n < OF && i == FROM ? added[k] : 0) + (n == 1 && i == FROM && k == 2 ? 0.09 : 0);
        tax[f] = n < OF && i == FROM && k == 1 ? 1.12 : n == 0 && i == 2 && k == 0 ? 0.94 : 1;
        kappa[f] = (1 + tariff[f]) / (1 + y->tariff[f]) * tax[f] * (n == 2 && i == FROM && k == 1 ? 1.2 : 1);
    }
    l.at = slow_solve_taxed(y, cobb_douglas, tariff, kappa, tax);
    for (size_t at = 0; at < R * S; at++)
        l.cost[at] = l.at.price[at] *
                     pow(share_of(l.at.flow, tariff, at / S, at % S) / share_of(y->flow, y->tariff, at / S, at % S),
                         -1 / cobb_douglas.theta);
    for (size_t f = 0; f < R * R * S; f++) {
        double cost = l.cost[f / S % R * S + f % S];
        l.volume[f] = l.at.flow[f] / tax[f] / cost;
        l.wedge[f] = cost * ((1 + tariff[f]) * tax[f] - 1);
    }
    for (size_t n = 0; n < R; n++) {
        double all = 0, log_price = 0;
        for (size_t k = 0; k < S; k++)
            all += y->final[n * S + k];
        for (size_t k = 0; k < S; k++)
            log_price += y->final[n * S + k] / all * log(l.at.price[n * S + k]);
        l.consumer[n] = exp(log_price);
    }
    return l;
}

/* The losses of all regions at the prices without the plan, less what the wedges there yield less; in percent of the
 * income of A0 and A1. */
static double slow_cost(const synthetic *y, const double added[S])
{
    static const double nothing[S] = {0};
    levels before = solve_slowly(y, nothing), after = solve_slowly(y, added);
    double gain = 0, income = 0;
    for (size_t n = 0; n < R; n++) {
        double base = 0;
        for (size_t k = 0; k < S; k++)
            base += y->final[n * S + k];
        gain += before.consumer[n] * base * (after.at.welfare[n] - before.at.welfare[n]) / 100;
        income += n < OF ? base : 0;
    }
    for (size_t f = 0; f < R * R * S; f++)
        gain -= before.wedge[f] * (after.volume[f] - before.volume[f]);
    slow_free(&before.at);
    slow_free(&after.at);
    return -100 * gain / income;
}

static void costs_are_those_of_the_model_in_levels(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .elasticity = "5"));
        dr_scenario *changes = changes_of(&w, taxes);
        dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .changes = changes));
        dr_policy *p = &plan->policy;
        double *y = synthetic_numbers(p->count), added[S] = {0};
        unsigned long long dice = seed;
        for (size_t l = 0; l < p->count; l++) {
            y[l] = 0.5 * synthetic_random(&dice);
            added[p->instruments[l].sector] = expm1(y[l]);
        }
        ok(dr_policy_evaluate(p, y, false));
        double cost = slow_cost(&w.data, added);
        near(-p->aims[0].value, cost, 1e-8);
        assert_true(cost > 0);
        free(y);
        dr_plan_free(plan);
        dr_scenario_free(changes);
        world_free(&w);
    }
}

/* ---- Derivatives, and the sign ----------------------------------------------------------------------------------- */

static const char limits[] = "{export-curb: {by: A3, to: [A0, A1], sectors: s1, cut: 20%}},"
                             "{quota: {by: A0, on: A2, sectors: s0, cut: 15%, rent: importer}},"
                             "{production-tax: {in: A2, sectors: s2, rate: 7%}},"
                             "{use-subsidy: {in: A1, sectors: s1, rate: 5%}},"
                             "{ban: {by: A1, on: A3, sectors: s0}}";

static const dr_model_options kinds[] = {
    {.size = sizeof(dr_model_options), .elasticity = "5"},
    {.size = sizeof(dr_model_options), .horizon = "medium"},
    {.size = sizeof(dr_model_options), .model = "baqaee-farhi", .elasticity = "3", .closure = DR_CLOSURE_ZERO}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static double value_at(dr_policy *p, double *y, size_t l, double h)
{
    double here = y[l];
    y[l] += h;
    ok(dr_policy_evaluate(p, y, false));
    y[l] = here;
    return p->aims[0].value;
}

static void derivatives_are_differences(void **state)
{
    static const char *const lists[] = {taxes, limits};
    const double h = 1e-3;
    (void)state;
    for (size_t kind = 0; kind < 4 * KINDS; kind++) {
        world w = world_new(R, S, kind % KINDS + 1, kinds[kind % KINDS]);
        dr_scenario *changes = changes_of(&w, lists[kind / KINDS % 2]);
        dr_plan *plan =
            plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .levers = "tariff,others,home",
                                    .objective = (dr_plan_objective)(kind / KINDS / 2), .changes = changes));
        dr_policy *p = &plan->policy;
        double *y = synthetic_numbers(p->count), *slope = synthetic_numbers(p->count);
        for (size_t l = 0; l < p->count; l++)
            y[l] = p->instruments[l].origin == DR_ORIGIN_FROM ? 0.1 + 0.02 * (double)l : -0.03;
        ok(dr_policy_evaluate(p, y, true));
        memcpy(slope, p->aims[0].gradient, p->count * sizeof *slope);
        for (size_t l = 0; l < p->count; l++) {
            double near_by = value_at(p, y, l, h) - value_at(p, y, l, -h);
            double far = value_at(p, y, l, 2 * h) - value_at(p, y, l, -2 * h);
            double difference = (8 * near_by - far) / (12 * h);
            near(slope[l], difference, 1e-6 * (fabs(difference) + 1e-2));
        }
        free(slope);
        free(y);
        dr_plan_free(plan);
        dr_scenario_free(changes);
        world_free(&w);
    }
}

static void no_plan_costs_less_than_nothing(void **state)
{
    static const char *const lists[] = {taxes, limits};
    (void)state;
    for (size_t kind = 0; kind < 2 * KINDS; kind++) {
        world w = world_new(R, S, kind + 1, kinds[kind % KINDS]);
        dr_scenario *changes = changes_of(&w, lists[kind / KINDS]);
        dr_plan *plan =
            plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .levers = "tariff,others,home", .changes = changes));
        dr_policy *p = &plan->policy;
        double *y = synthetic_numbers(p->count);
        unsigned long long dice = kind;
        for (size_t l = 0; l < p->count; l++)
            assert_true(fabs(plan->optimum.y[l]) == 0); /* no cap binds */
        near(fact(plan, "plan.cost"), 0, 1e-9);
        near(fact(plan, "plan.own_loss_value"), 0, 1e-7);
        for (int draw = 0; draw < 5; draw++) {
            for (size_t l = 0; l < p->count; l++)
                y[l] = (synthetic_random(&dice) - 0.5) * (draw + 1) / 5;
            ok(dr_policy_evaluate(p, y, false));
            assert_true(p->aims[0].value < 0);
        }
        free(y);
        dr_plan_free(plan);
        dr_scenario_free(changes);
        world_free(&w);
    }
}

/* ---- Plans ------------------------------------------------------------------------------------------------------- */

/* A table can hold tariffs and trade costs: the plan under them is the one from that base. */
static void a_plan_is_that_from_a_baseline(void **state)
{
    static const char list[] = "{tariff: {by: all, on: A3, sectors: s1, add: 8%}},"
                               "{trade-cost: {by: A0, on: A2, sectors: s0, times: 1.3}}";
    static const char *const facts[] = {"plan.cost_value", "plan.own_loss_value", "plan.own_tariffs_value",
                                        "plan.revenue",    "plan.share_before",   "plan.share"};
    (void)state;
    for (int objective = 0; objective < 2; objective++) {
        char text[400];
        world w = world_new(R, S, 2, DR_OPTIONS(dr_model_options, .horizon = "medium")), after = w;
        dr_scenario *changes = changes_of(&w, list);
        dr_plan_options options = DR_OPTIONS(dr_plan_options, .cap = 0.25, .levers = "tariff,others",
                                             .objective = (dr_plan_objective)objective, .starts = 1);
        snprintf(text, sizeof text, "baseline: [%s]", list);
        after.economy = synthetic_economy(&w.data);
        ok(dr_baseline_parse(after.economy, &w.model->options, text, strlen(text), "given"));
        ok(dr_model_new(&after.model, after.economy, &w.model->options));
        dr_plan *from_base = plan_of(&after, &options);
        options.changes = changes;
        dr_plan *plan = plan_of(&w, &options);
        assert_true(fact(plan, "plan.dependence_value") > 0);
        for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
            near(fact(plan, facts[k]), fact(from_base, facts[k]), 1e-5 * fabs(fact(from_base, facts[k])) + 1e-7);
        for (size_t l = 0; l < plan->policy.count; l++)
            near(plan->optimum.y[l], from_base->optimum.y[l], 1e-5);
        dr_plan_free(from_base);
        dr_plan_free(plan);
        dr_scenario_free(changes);
        dr_model_free(after.model);
        dr_economy_free(after.economy);
        world_free(&w);
    }
}

/* The scenario of a plan holds the changes, and its equilibrium is that of the plan. */
static void it_is_written_with_its_changes(void **state)
{
    (void)state;
    char path[] = "/tmp/derisk-plan-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    world w = world_new(R, S, 1, kinds[0]);
    dr_scenario *changes = changes_of(&w, limits), *read = NULL;
    dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.2, .changes = changes, .starts = 1));
    dr_solution *again = NULL;
    assert_true(plan->optimum.y[0] > 0 || plan->optimum.y[1] > 0);
    ok(dr_plan_write(plan, path));
    ok(dr_scenario_load(&read, w.economy, path));
    ok(dr_model_solve(&again, w.model, read));
    for (size_t f = 0; f < R * R * S; f++)
        near(again->flow[f], dr_plan_solution(plan)->flow[f], 1e-8 * (1 + again->flow[f]));
    dr_solution_free(again);
    dr_scenario_free(read);
    dr_plan_free(plan);
    dr_scenario_free(changes);
    world_free(&w);
    close(file);
    unlink(path);
}

static void refuses(const char *list, dr_plan_options options, dr_status status, const char *says)
{
    world w = world_new(R, S, 1, kinds[0]);
    dr_scenario *changes = changes_of(&w, list);
    dr_plan *plan = NULL;
    options.changes = changes;
    assert_int_equal(dr_plan_new(&plan, w.model, "A0,A1", "A3", &options), status);
    assert_string_equal(dr_error_text(), says);
    assert_null(plan);
    dr_scenario_free(changes);
    world_free(&w);
}

static void what_cannot_hold_is_told(void **state)
{
    static const char tariff[] = "{tariff: {by: A0, on: A3, rate: 10%}}";
    (void)state;
    refuses(
        "{quota: {by: A0, on: A2, cut: 10%, rent: lost}}", DR_OPTIONS(dr_plan_options, .cap = 0.2), DR_BAD_INPUT,
        "the changes of a plan cannot have a limit whose rent is lost, because the plan moves what is lost; expected "
        "the rent exporter or importer");
    refuses("{tariff-rate-quota: {by: A0, on: A3, sectors: s1, quota: 90%, in-quota: 0%, over-quota: 20%}}",
            DR_OPTIONS(dr_plan_options, .cap = 0.2), DR_BAD_INPUT,
            "the plan has a rate on s1 from A3 to A0, on which its changes set a tariff-rate quota; expected other "
            "changes or sectors");
    refuses(tariff, DR_OPTIONS(dr_plan_options, .cap = 0.2, .risk = 0.1), DR_USAGE,
            "a plan against a cut-off begins at the base; expected no changes, max_loss or risk");
    refuses(tariff, DR_OPTIONS(dr_plan_options, .cap = 0.2, .share = DR_SHARE_LOOK_THROUGH), DR_USAGE,
            "a plan with look-through shares begins at the base; expected no changes, or the share of imports or use");
    refuses(tariff, DR_OPTIONS(dr_plan_options, .cap = 0.2, .products = "strategic"), DR_USAGE,
            "a plan by product has no changes that hold throughout; expected no changes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_are_those_of_the_model_in_levels), cmocka_unit_test(derivatives_are_differences),
        cmocka_unit_test(no_plan_costs_less_than_nothing),        cmocka_unit_test(a_plan_is_that_from_a_baseline),
        cmocka_unit_test(it_is_written_with_its_changes),         cmocka_unit_test(what_cannot_hold_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
