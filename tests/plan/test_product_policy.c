/* Policies on products: the derivatives that plans and games stand on against differences of whole solves, and the
 * equilibrium against that of the same changes in a scenario. */
#include "plan/policy.h"

#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/slow_products.h"
#include "support/synthetic.h"

enum { R = 4, S = 3, INSTRUMENTS = 4, AIMS = 2 };

typedef struct world {
    synthetic data;
    slow_products products;
    dr_economy *economy;
    dr_model *model;
} world;

static void world_new(world *w, const char *horizon)
{
    w->data = synthetic_new(R, S, 3, true, true);
    w->products = slow_products_new(&w->data, 5, 2, 3);
    for (size_t n = 0; n < R; n++)
        for (size_t i = 0; i < R; i++)
            for (size_t k = 0; k < w->products.count; k++)
                w->products.value[n][i][k] = n == i ? 0 : 0.3 + (double)((n + 2 * i + k) % 5);
    w->data.products = &w->products;
    w->economy = synthetic_economy(&w->data);
    slow_products_give(w->economy, &w->data);
    ok(dr_model_new(&w->model, w->economy,
                    &DR_OPTIONS(dr_model_options, .horizon = horizon, .products = "nest", .product_elasticity = "3",
                                .tolerance = 1e-13)));
}

static void world_free(world *w)
{
    dr_model_free(w->model);
    dr_economy_free(w->economy);
    synthetic_free(&w->data);
}

/* A tariff of A0 on product 00 from A1; taxes of A2 on 01 to A0 and A3; a curb of A1 on 02 to A0; a tariff of A3 on all
 * of s2 from A1. */
static dr_instrument *instruments_of(const world *w)
{
    static bool only[R][R] = {{true}, {false, true}, {false, false, true}, {false, false, false, true}};
    static bool two[R] = {true, false, false, true};
    dr_instrument *all = dr_new(INSTRUMENTS, sizeof *all);
    ok(dr_instrument_of_product(&all[0], w->model, &(dr_sides){.of = only[0], .to = only[1]}, 0, 0));
    ok(dr_instrument_of_product(&all[1], w->model, &(dr_sides){.of = two, .to = only[2]}, 1, 1));
    ok(dr_instrument_of_product(&all[2], w->model, &(dr_sides){.of = only[0], .to = only[1]}, 0, 2));
    ok(dr_instrument_new(&all[3], w->model, &(dr_sides){.of = only[3], .to = only[1]}, 2, DR_ORIGIN_FROM));
    all[1].limited = all[2].limited = all[2].volume = true;
    assert_int_equal(all[0].count, 1);
    assert_int_equal(all[1].count, 2);
    assert_int_equal(all[2].count, 1);
    return all;
}

static void policy_of(dr_policy *policy, const world *w)
{
    dr_aim *aims = dr_new(AIMS, sizeof *aims);
    for (size_t a = 0; a < AIMS; a++) {
        aims[a].result.kind = a == 0 ? DR_RESULT_WELFARE : DR_RESULT_SHARE;
        aims[a].result.of = dr_new(R, sizeof(bool));
        aims[a].result.from = dr_new(R, sizeof(bool));
        aims[a].result.sectors = dr_new(S, sizeof(bool));
        aims[a].result.of[0] = aims[a].result.from[1] = aims[a].result.sectors[0] = true;
    }
    ok(dr_policy_new(policy, w->model, instruments_of(w), INSTRUMENTS, aims, AIMS));
}

static void derivatives(void **state)
{
    static const char *const horizons[] = {NULL, "short", "medium"};
    static const double y[INSTRUMENTS] = {0.2, 0.1, -0.5, 0.15};
    (void)state;
    for (size_t h = 0; h < 3; h++) {
        world w;
        dr_policy policy = {0};
        const double step = 1e-3;
        world_new(&w, horizons[h]);
        policy_of(&policy, &w);
        ok(dr_policy_evaluate(&policy, y, true));
        assert_true(policy.solution->limits[1].wedge > 1.05);
        for (size_t l = 0; l < INSTRUMENTS; l++) {
            double values[AIMS][5], at[INSTRUMENTS];
            for (int j = -2; j <= 2; j++) {
                dr_solution *solution = NULL;
                memcpy(at, y, sizeof at);
                at[l] += step * j;
                ok(dr_policy_solve(&solution, &policy, at));
                for (size_t a = 0; a < AIMS; a++)
                    values[a][j + 2] = dr_result_value(&policy.aims[a].result, w.model, solution);
                dr_solution_free(solution);
            }
            for (size_t a = 0; a < AIMS; a++) {
                double slope = (8 * (values[a][3] - values[a][1]) - (values[a][4] - values[a][0])) / (12 * step);
                near(policy.aims[a].gradient[l], slope, 1e-6 * (fabs(slope) + 1e-2));
            }
        }
        dr_policy_free(&policy);
        world_free(&w);
    }
}

static void same_as_a_scenario(void **state)
{
    static const double y[INSTRUMENTS] = {0.2, 0.1, -0.5, 0.15};
    (void)state;
    world w;
    dr_policy policy = {0};
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    world_new(&w, "medium");
    policy_of(&policy, &w);
    ok(dr_policy_evaluate(&policy, y, false));
    ok(dr_scenario_new(&scenario, w.economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00", expm1(y[0]), DR_RATE_ADD));
    ok(dr_scenario_export_tax(scenario, "A2", "A0,A3", "HS01", expm1(y[1])));
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "HS02", -expm1(y[2]), DR_RENT_EXPORTER, true));
    ok(dr_scenario_tariff(scenario, "A3", "A1", "s2", expm1(y[3]), DR_RATE_ADD));
    ok(dr_model_solve(&solution, w.model, scenario));
    for (size_t f = 0; f < R * R * S; f++)
        near(policy.solution->flow[f], solution->flow[f], 1e-9 * w.data.flow[f] + 1e-12);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_policy_free(&policy);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(derivatives), cmocka_unit_test(same_as_a_scenario)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
