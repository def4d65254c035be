/* Plans at the least cost to those who make them, against one-dimensional search, against the slope of the cost, and
 * against each other. */
#include "planned.h"

#include "plan/optimum.h"

enum { R = 4, S = 3 };

static void one_cap_is_bisection_on_one_tariff(void **state)
{
    static const char *const horizons[] = {"long", "medium"};
    (void)state;
    for (int h = 0; h < 2; h++) {
        double low = 0, high = 5, welfare = 0;
        world w = world_new(R, S, 3, DR_OPTIONS(dr_model_options, .horizon = horizons[h]));
        double cap = 0.6 * share_under(&w, 1, "share:A0,A1:A3:s1", 0, &welfare);
        dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .cap = cap));
        while (high - low > 1e-11) {
            double middle = (low + high) / 2;
            if (share_under(&w, 1, "share:A0,A1:A3:s1", middle, &welfare) > cap)
                low = middle;
            else
                high = middle;
        }
        near(planned(plan, "s1", "tariff"), 100 * low, 1e-5);
        near(fact(plan, "plan.cost"), -welfare, 1e-7);
        near(planned(plan, "s1", "new_share"), cap, 1e-8 * cap);
        assert_true(fact(plan, "certificate.kkt") <= 1e-6);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* Where no cap binds the plan is the optimal tariff: the slope of welfare is zero. */
static void without_a_cap_it_is_the_best_tariff(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        const double step = 2e-3;
        double low = 0, high = 1, at[4];
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .horizon = "long"));
        dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .cap = 1));
        while (high - low > 1e-9) {
            double middle = (low + high) / 2;
            for (int k = 0; k < 4; k++)
                share_under(&w, 1, "share:A0,A1:A3:s1", middle + (k - 1.5) * step, &at[k]);
            if (at[0] - 27 * at[1] + 27 * at[2] - at[3] > 0) /* fourth order */
                low = middle;
            else
                high = middle;
        }
        near(planned(plan, "s1", "tariff"), 100 * low, 1e-4);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* The rates of a plan are percentage points on the tariffs of the base, as `add` of a scenario is. */
static void rates_are_those_that_a_scenario_adds(void **state)
{
    static const char *const sectors[] = {"s0", "s1", "s2"};
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(R, S, seed, (dr_model_options){.size = sizeof(dr_model_options), .horizon = "long"});
        dr_plan *plan = own_plan_of(
            &w,
            &(dr_plan_options){.size = sizeof(dr_plan_options), .cap = 0.12, .levers = "tariff,others", .threads = 1});
        dr_scenario *scenario = NULL;
        dr_solution *solution = NULL;
        dr_gradient gradient = {0};
        ok(dr_scenario_new(&scenario, w.economy));
        for (int s = 0; s < S; s++) {
            double tariff = planned(plan, sectors[s], "tariff"), support = planned(plan, sectors[s], "support_others");
            ok(dr_scenario_tariff(scenario, "A0,A1", "A3", sectors[s], tariff / 100, DR_RATE_ADD));
            ok(dr_scenario_tariff(scenario, "A0,A1", "A2", sectors[s], -support / 100, DR_RATE_ADD));
        }
        ok(dr_model_solve(&solution, w.model, scenario));
        ok(dr_solution_gradient(&gradient, solution, scenario, "welfare:A0,A1"));
        near(fact(plan, "plan.cost"), -gradient.value, 1e-9);
        ok(dr_solution_gradient(&gradient, solution, scenario, "share:A0,A1:A3"));
        near(fact(plan, "plan.share"), gradient.value, 1e-11);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* The multiplier of a cap is the slope of the cost. */
static void shadow_prices_are_slopes(void **state)
{
    const double cap = 0.12, h = 1e-4;
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .horizon = "long"));
        double cost[2], income = 0;
        for (int side = 0; side < 2; side++) {
            dr_plan *plan = own_plan_of(
                &w, &DR_OPTIONS(dr_plan_options, .cap = cap + (side ? h : -h), .levers = "tariff,others,home"));
            cost[side] = fact(plan, "plan.cost");
            dr_plan_free(plan);
        }
        dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = cap, .levers = "tariff,others,home"));
        double all = 0;
        for (int s = 0; s < S; s++)
            all += planned(plan, (const char *[]){"s0", "s1", "s2"}[s], "shadow_price");
        income = fact(plan, "plan.cost_value") / fact(plan, "plan.cost") * 100;
        assert_true(all > 0);
        near(all / income * 1e4, (cost[0] - cost[1]) / (2 * h), 1e-4 * fabs(cost[0] - cost[1]) / (2 * h));
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* A budget equal to the cost of a plan yields the share of that plan. */
static void a_budget_turns_it_round(void **state)
{
    (void)state;
    world w = world_new(R, S, 2, DR_OPTIONS(dr_model_options, .horizon = "long"));
    dr_plan *spent = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .budget = 0.05));
    near(fact(spent, "plan.cost"), 0.05, 1e-8);
    double lowest = fact(spent, "plan.share"), before = fact(spent, "plan.share_before");
    assert_true(lowest < 0.9 * before);
    dr_plan *more = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .budget = 0.06));
    assert_true(fact(more, "plan.share") < lowest);
    dr_plan_free(more);
    dr_plan_free(spent);
    world_free(&w);
}

/* More instruments never cost more, and no cap is left violated. */
static void more_instruments_cost_less(void **state)
{
    static const char *const instruments[] = {"tariff", "tariff,others", "tariff,others,home"};
    (void)state;
    for (unsigned long long seed = 1; seed <= 4; seed++) {
        double cost = INFINITY;
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .horizon = "medium"));
        for (int l = 0; l < 3; l++) {
            dr_plan *plan = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.15, .levers = instruments[l]));
            double now = fact(plan, "plan.cost");
            assert_true(now <= cost + 1e-8);
            cost = now;
            for (int s = 0; s < S; s++)
                assert_true(planned(plan, (const char *[]){"s0", "s1", "s2"}[s], "new_share") <= 0.15 * (1 + 1e-8));
            dr_plan_free(plan);
        }
        world_free(&w);
    }
}

static void threads_make_no_difference(void **state)
{
    (void)state;
    world w = world_new(R, S, 1, DR_OPTIONS(dr_model_options, .horizon = "long"));
    dr_plan *one = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.15, .threads = 1));
    dr_plan *two = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.15, .threads = 2));
    assert_true(fact(one, "plan.cost") == fact(two, "plan.cost"));
    dr_plan_free(one);
    dr_plan_free(two);
    world_free(&w);
}

static void what_cannot_be_is_told(void **state)
{
    static const struct {
        const char *of, *from;
        dr_plan_options options;
        dr_status status;
        const char *says;
    } wrong[] = {{"A0",
                  "A9",
                  {.size = sizeof(dr_plan_options), .cap = 0.1},
                  DR_BAD_INPUT,
                  "'A9' is not a region or group of this world; did you mean 'A0'?"},
                 {"A0",
                  "A0",
                  {.size = sizeof(dr_plan_options), .cap = 0.1},
                  DR_BAD_INPUT,
                  "'A0' has no region outside 'A0': name another partner"},
                 {"A0",
                  "A3",
                  {.size = sizeof(dr_plan_options), .cap = 0},
                  DR_BAD_INPUT,
                  "a cap of 0; expected a share above 0 and up to 1 (40%)"},
                 {"A0",
                  "A3",
                  {.size = sizeof(dr_plan_options), .cap = 1.5},
                  DR_BAD_INPUT,
                  "a cap of 1.5; expected a share above 0 and up to 1 (40%)"},
                 {"A0",
                  "A3",
                  {.size = sizeof(dr_plan_options), .cap = 0.1, .levers = "tarif"},
                  DR_BAD_INPUT,
                  "unknown instrument 'tarif': expected tariff, others or home; did you mean 'tariff'?"},
                 {"A0",
                  "A3",
                  {.size = sizeof(dr_plan_options), .cap = 0.1, .sectors = "s9"},
                  DR_BAD_INPUT,
                  "'s9' is not a sector of this world, by code, slug or kind; did you mean 's0'?"},
                 {"A0",
                  "A1,A2,A3",
                  {.size = sizeof(dr_plan_options), .cap = 0.5, .sectors = "s1"},
                  DR_NO_SOLUTION,
                  "infeasible: within the bounds the lowest attainable share of A1,A2,A3 in A0's imports of s1 is 100% "
                  "(cap 50%)"}};
    (void)state;
    world w = world_new(R, S, 1, DR_OPTIONS(dr_model_options, .horizon = "long"));
    for (size_t j = 0; j < sizeof wrong / sizeof *wrong; j++) {
        dr_plan *plan = NULL;
        assert_int_equal(dr_plan_new(&plan, w.model, wrong[j].of, wrong[j].from, &wrong[j].options), wrong[j].status);
        assert_string_equal(dr_error_text(), wrong[j].says);
        assert_null(plan);
    }
    world_free(&w);
}

/* ---- The optimiser alone ---------------------------------------------------------------------------------------- */

/* f = (y0 - 2)^2 + (y1 + 1)^2, g = y0 + y1 - 1, y1 >= 0: the optimum is (1, 0), the multiplier 2. */
static dr_status disc(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    (void)user;
    *f = (y[0] - 2) * (y[0] - 2) + (y[1] + 1) * (y[1] + 1);
    df[0] = 2 * (y[0] - 2);
    df[1] = 2 * (y[1] + 1);
    *g = y[0] + y[1] - 1;
    dg[0] = dg[1] = 1;
    return DR_OK;
}

static void a_known_optimum(void **state)
{
    const double low[] = {-5, 0}, high[] = {5, 5};
    const dr_problem problem = {.variables = 2, .constraints = 1, .low = low, .high = high, .objective = disc};
    dr_optimum optimum;
    (void)state;
    ok(dr_optimum_new(&optimum, &problem));
    ok(dr_optimum_find(&optimum, &problem));
    near(optimum.y[0], 1, 1e-7);
    near(optimum.y[1], 0, 1e-7);
    near(optimum.multiplier[0], 2, 1e-6);
    assert_true(dr_optimum_residual(&optimum) < 1e-6);
    dr_optimum_free(&optimum);
}

/* f = (y - 1)^2 and y <= 1 - 5e-6, so that the multiplier is 1e-5; in units that are far from 1 as well. */
static dr_status slope(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    (void)user;
    *f = (*y - 1) * (*y - 1);
    *df = 2 * (*y - 1);
    *g = *y - 1 + 5e-6;
    *dg = 1;
    return DR_OK;
}

static void a_constraint_may_bind_weakly(void **state)
{
    const double low = -5, high = 5, units[] = {1, 0.05, 20};
    (void)state;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        const dr_problem problem = {
            .variables = 1, .constraints = 1, .low = &low, .high = &high, .unit = &units[u], .objective = slope};
        dr_optimum optimum;
        ok(dr_optimum_new(&optimum, &problem));
        ok(dr_optimum_find(&optimum, &problem));
        near(optimum.y[0], 1 - 5e-6, 1e-7);
        near(optimum.multiplier[0], 1e-5, 1e-7);
        assert_true(dr_optimum_residual(&optimum) < 1e-6);
        dr_optimum_free(&optimum);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_cap_is_bisection_on_one_tariff),
        cmocka_unit_test(without_a_cap_it_is_the_best_tariff),
        cmocka_unit_test(rates_are_those_that_a_scenario_adds),
        cmocka_unit_test(shadow_prices_are_slopes),
        cmocka_unit_test(a_budget_turns_it_round),
        cmocka_unit_test(more_instruments_cost_less),
        cmocka_unit_test(threads_make_no_difference),
        cmocka_unit_test(what_cannot_be_is_told),
        cmocka_unit_test(a_known_optimum),
        cmocka_unit_test(a_constraint_may_bind_weakly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
