/* The derivatives by all product flows that one adjoint solve gives, of results that are functions of product flows
 * too, against central differences of whole solves. */
#include "support/check.h"

#include <stdio.h>

#include "derivative/gradient.h"
#include "equilibrium/solution.h"
#include "model/tier.h"
#include "support/slow_products.h"
#include "support/synthetic.h"

enum { R = 4, S = 3, PRODUCTS = 5 };

typedef struct world {
    synthetic data;
    dr_economy *economy;
    dr_model *model;
    bool limits;
} world;

/* The product flow whose tariff and trade cost are varied: of A0 from `from`. */
typedef struct lever {
    size_t from, product;
    double tariff, times;
} lever;

static world world_new(unsigned long long seed, const dr_model_options *options)
{
    world w = {.data = synthetic_new(R, S, seed, true, true), .limits = seed == 3};
    dr_model_options exact = *options;
    w.economy = synthetic_economy(&w.data);
    slow_products products = slow_products_new(&w.data, PRODUCTS, 2, seed);
    w.data.products = &products;
    slow_products_give(w.economy, &w.data);
    w.data.products = NULL;
    exact.tolerance = 1e-13;
    ok(dr_model_new(&w.model, w.economy, &exact));
    return w;
}

static void world_free(world *w)
{
    dr_model_free(w->model);
    dr_economy_free(w->economy);
    synthetic_free(&w->data);
}

static dr_scenario *scenario_of(const world *w, const lever *k)
{
    char from[8], product[8];
    dr_scenario *scenario = NULL;
    snprintf(from, sizeof from, "A%zu", k->from);
    snprintf(product, sizeof product, "HS%02zu", k->product);
    ok(dr_scenario_new(&scenario, w->economy));
    ok(dr_scenario_tariff(scenario, "A0", from, product, k->tariff, DR_RATE_SET));
    ok(dr_scenario_trade_cost(scenario, "A0", from, product, k->times, false));
    ok(dr_scenario_tariff(scenario, "A3", "A0,A1,A2", "HS01,HS02", 0.3, DR_RATE_SET));
    if (w->limits) {
        ok(dr_scenario_export_curb(scenario, "A2", "A1", "s0", 0.4, DR_RENT_IMPORTER, true));
        ok(dr_scenario_export_curb(scenario, "A1", "A2", "all", 0.4, DR_RENT_EXPORTER, true));
        ok(dr_scenario_export_tax(scenario, "A1,A3", "A0", "HS03", 0.2));
        ok(dr_scenario_export_curb(scenario, "A2,A3", "A0", "HS00,HS04", 0.3, DR_RENT_EXPORTER, true));
        ok(dr_scenario_export_curb(scenario, "A1,A2", "A0", "HS01", 0.3, DR_RENT_LOST, false));
        ok(dr_scenario_quota(scenario, "A0", "A1", "HS00,HS02", 0.5, DR_RENT_IMPORTER));
    }
    return scenario;
}

/* Any weights, of product flows in a result. */
static double weight_of(size_t row)
{
    return sin(3.7 * (double)row);
}

static double value_at(const world *w, lever k, double tariff, double times, const dr_result *result)
{
    dr_solution *solution = NULL;
    k.tariff += tariff;
    k.times += times;
    dr_scenario *scenario = scenario_of(w, &k);
    ok(dr_model_solve(&solution, w->model, scenario));
    double value = dr_result_value(result, w->model, solution);
    for (size_t row = 0; row < w->model->tier->rows; row++)
        value += weight_of(row) * solution->product_flow[row];
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return value;
}

/* To fourth order, by the tariff or by the trade cost. */
static double difference(const world *w, const lever *k, bool tariff, const dr_result *result)
{
    const double h = 1e-3;
    double values[5];
    for (int j = -2; j <= 2; j++)
        values[j + 2] = value_at(w, *k, tariff ? h * j : 0, tariff ? 0 : h * j, result);
    return (8 * (values[3] - values[1]) - (values[4] - values[0])) / (12 * h);
}

/* The row of what A0 buys of a product from an origin; SIZE_MAX: there is none. */
static size_t row_of(const world *w, const lever *k)
{
    const dr_tier *t = w->model->tier;
    for (size_t s = 0; s < S; s++)
        for (size_t cell = t->cell[s * R]; cell < t->cell[s * R + 1]; cell++)
            for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++)
                if (t->product[cell] == k->product && t->origin[row] == k->from)
                    return row;
    return SIZE_MAX;
}

static void check(const world *w, const lever *k, const dr_result *result)
{
    size_t rows = w->model->tier->rows, row = row_of(w, k);
    double *cost = dr_new_doubles(rows), *tariff = dr_new_doubles(rows), *weights = dr_new_doubles(rows);
    dr_scenario *scenario = scenario_of(w, k);
    dr_solution *solution = NULL;
    dr_point point = {0};
    dr_adjoint adjoint = {0};
    dr_seed seed = {0};
    for (size_t j = 0; j < rows; j++)
        weights[j] = weight_of(j);
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_point_new(&point, solution, scenario));
    ok(dr_adjoint_new(&adjoint, &point));
    ok(dr_seed_new(&seed, &point));
    dr_seed_fill(&seed, result, &point, solution);
    ok(dr_seed_add_rows(&seed, weights, &point, solution));
    ok(dr_adjoint_solve(&adjoint, &seed));
    dr_adjoint_products(&adjoint, &seed, cost, tariff);
    assert_true(row < rows);
    double by_tariff = difference(w, k, true, result), by_cost = difference(w, k, false, result);
    near(tariff[row] / (1 + k->tariff), by_tariff, 1e-6 * (fabs(by_tariff) + 1e-3));
    near(cost[row] / k->times, by_cost, 1e-6 * (fabs(by_cost) + 1e-3));
    dr_seed_free(&seed);
    dr_adjoint_free(&adjoint);
    dr_point_free(&point);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    free(cost), free(tariff), free(weights);
}

static void check_all(const dr_model_options *options)
{
    size_t checked = 0;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(seed, options);
        bool of[R] = {true, false, false, true}, from[R] = {false, true, true, false}, sectors[S] = {true, true, true};
        dr_result welfare = {.kind = DR_RESULT_WELFARE, .of = of},
                  share = {.kind = DR_RESULT_SHARE, .of = of, .from = from, .sectors = sectors},
                  efficiency = {.kind = DR_RESULT_EFFICIENCY, .of = of};
        for (size_t k = 0; k < PRODUCTS; k++) {
            lever moved = {.from = 1 + k % 3, .product = k, .tariff = 0.2, .times = 1.1};
            if (row_of(&w, &moved) == SIZE_MAX)
                continue;
            check(&w, &moved, k % 3 == 0 ? &welfare : k % 3 == 1 ? &share : &efficiency);
            checked++;
        }
        world_free(&w);
    }
    assert_true(checked > 5);
}

static void test_long(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .products = "nest", .product_elasticity = "3", .product_substitution = "2",
                          .import_elasticity = "1.5"));
}

static void test_complements(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "short", .products = "nest", .product_elasticity = "4",
                          .product_substitution = "0.4"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_complements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
