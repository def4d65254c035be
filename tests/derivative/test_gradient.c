/* Derivatives by the adjoint against central differences of whole solves, on random worlds, in every kind of model. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "derivative/gradient.h"
#include "equilibrium/solution.h"
#include "equilibrium/solve.h"
#include "support/slow_products.h"
#include "support/synthetic.h"

enum { R = 4, S = 3, FLOWS = R * R * S };

/* A model, and the scenario around which derivatives are taken. */
typedef struct world {
    synthetic data;
    dr_economy *economy;
    dr_model *model;
    bool shifts; /* the scenario has shifts and transfers, too */
    bool carbon; /* and a price of carbon, under which there are no look-through shares */
} world;

static world world_new(unsigned long long seed, const dr_model_options *options, size_t factors)
{
    static const char *const names[] = {"labour", "capital"};
    world w = {.data = synthetic_new(R, S, seed, true, true)};
    if (factors > 1)
        synthetic_split(&w.data, names, factors, seed);
    w.economy = synthetic_economy(&w.data);
    synthetic_emit(w.economy, 1e-3, seed);
    slow_products products = slow_products_new(&w.data, 5, 2, seed);
    w.data.products = &products;
    if (options->products)
        slow_products_give(w.economy, &w.data);
    w.data.products = NULL;
    dr_model_options exact = *options;
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

/* What is varied: one flow's tariff, trade cost or export tax, the level of the volume limit, the exporter's tax on
 * production or productivity, the importer's tax on use, ... */
typedef enum lever { TARIFF, COST, LIMIT, TAXED, PRODUCED, USED, MADE, SUPPLIED, WANTED, GIVEN } lever;

/* A shock with a bit of everything; the lever's flow gets `tariff` and `times`, the limit `cut`. */
typedef struct shock {
    int importer, exporter, sector; /* sector -1: all, of the model with one good */
    double tariff, times, cut, made, supplied, wanted, given, taxed, produced, used;
    dr_rent rent;
    bool limits;
} shock;

static dr_scenario *scenario_of(const world *w, const shock *k)
{
    char n[8], i[8], s[8];
    dr_scenario *scenario = NULL;
    snprintf(n, sizeof n, "A%d", k->importer);
    snprintf(i, sizeof i, "A%d", k->exporter);
    snprintf(s, sizeof s, k->sector < 0 ? "all" : "s%d", k->sector);
    ok(dr_scenario_new(&scenario, w->economy));
    ok(dr_scenario_tariff(scenario, n, i, s, k->tariff, DR_RATE_SET));
    ok(dr_scenario_trade_cost(scenario, n, i, s, k->times, false));
    ok(dr_scenario_tariff(scenario, "A3", "A0", "all", 0.3, DR_RATE_SET));
    if (k->taxed != 0)
        ok(dr_scenario_export_tax(scenario, i, n, s, expm1(k->taxed)));
    if (k->produced != 0)
        ok(dr_scenario_production_tax(scenario, i, s, expm1(k->produced)));
    if (k->used != 0)
        ok(dr_scenario_use_tax(scenario, n, s, expm1(k->used)));
    if (k->made != 0)
        ok(dr_scenario_productivity(scenario, i, s, expm1(k->made)));
    if (k->supplied != 0)
        ok(dr_scenario_factor_supply(scenario, "A3", "labour", "all", expm1(k->supplied)));
    if (k->wanted != 0)
        ok(dr_scenario_demand(scenario, n, s, expm1(k->wanted)));
    if (k->given > 0)
        ok(dr_scenario_transfer(scenario, "A2", n, k->given, false));
    if (k->given < 0)
        ok(dr_scenario_transfer(scenario, n, "A2", -k->given, false));
    if (w->carbon)
        ok(dr_scenario_carbon_price(scenario, "A0,A3", "all", 70, 0.5));
    if (w->shifts) {
        ok(dr_scenario_productivity(scenario, "A0,A2", "s0,s1", -0.2));
        ok(dr_scenario_factor_supply(scenario, "A1,A2", "labour", "s0,s2", 0.3));
        ok(dr_scenario_demand(scenario, "A3", "s1", 0.5));
        ok(dr_scenario_transfer(scenario, "A0", "A3,A1", 0.05, true));
    }
    if (k->limits)
        ok(dr_scenario_export_curb(scenario, "A2", "A0,A1", "s1", k->cut, k->rent, true));
    return scenario;
}

static double value_at(const world *w, const shock *k, const char *result)
{
    dr_gradient gradient = {0};
    dr_solution *solution = NULL;
    dr_scenario *scenario = scenario_of(w, k);
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_solution_gradient(&gradient, solution, scenario, result));
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return gradient.value;
}

/* The lever moved by h times `steps`. */
static double moved(const world *w, shock k, lever what, double h, int steps, const char *result)
{
    double by = h * steps;
    k.tariff += what == TARIFF ? by : 0;
    k.times += what == COST ? by : 0;
    k.taxed += what == TAXED ? by : 0;
    k.produced += what == PRODUCED ? by : 0;
    k.used += what == USED ? by : 0;
    k.made += what == MADE ? by : 0;
    k.supplied += what == SUPPLIED ? by : 0;
    k.wanted += what == WANTED ? by : 0;
    k.given += what == GIVEN ? by : 0;
    k.cut = what == LIMIT ? 1 - (1 - k.cut) * exp(by) : k.cut;
    return value_at(w, &k, result);
}

/* To fourth order. */
static double difference(const world *w, const shock *k, lever what, const char *result)
{
    const double h = what == PRODUCED || what == USED ? 1e-5
                     : what >= TAXED                  ? 1e-4
                                                      : 1e-3; /* a whole sector may take a market to full employment */
    double near = moved(w, *k, what, h, 1, result) - moved(w, *k, what, h, -1, result);
    double far = moved(w, *k, what, h, 2, result) - moved(w, *k, what, h, -2, result);
    return (8 * near - far) / (12 * h);
}

static void same(double exact, double differences, double scale)
{
    near(exact, differences, 1e-6 * (fabs(differences) + 1e-3 * scale));
}

/* Taxes on all sales and purchases of a sector, the sums of those on the flows. */
static void check_taxes(const world *w, const shock *k, const dr_solution *solution, const double *tariff,
                        const double *taxed, const char *result, double scale)
{
    double produced = 0, used = 0;
    for (size_t o = 0; o < R; o++) {
        size_t i = (size_t)k->exporter, n = (size_t)k->importer, s = (size_t)k->sector;
        size_t sold = (o * R + i) * S + s, bought = (n * R + o) * S + s;
        produced += o == i ? tariff[sold] * (1 + (solution->tariff ? solution->tariff[sold] : 0)) : taxed[sold];
        used += tariff[bought] * (1 + (solution->tariff ? solution->tariff[bought] : 0));
    }
    size_t flow = ((size_t)k->importer * R + (size_t)k->exporter) * S + (size_t)k->sector;
    if (isnan(taxed[flow]))
        return;
    same(taxed[flow], difference(w, k, TAXED, result), scale);
    same(produced, difference(w, k, PRODUCED, result), scale);
    same(used, difference(w, k, USED, result), scale);
}

static void check(const world *w, const shock *k, const char *result)
{
    double tariff[FLOWS], cost[FLOWS], limit[2], made[R * S], supplied[3 * R], wanted[R * S], given[R], scale = 0;
    double taxed[FLOWS];
    const dr_shift_gradient shifts = {supplied, wanted, given, taxed};
    dr_gradient gradient = {.tariff = tariff, .trade_cost = cost, .limit = limit, .productivity = made};
    dr_solution *solution = NULL;
    dr_scenario *scenario = scenario_of(w, k);
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_gradient_find(&gradient, &shifts, solution, scenario, result));
    size_t flow = ((size_t)k->importer * R + (size_t)k->exporter) * S + (size_t)k->sector;
    for (size_t j = 0; j < FLOWS; j++)
        scale = fmax(scale, fabs(tariff[j]));
    assert_true(scale > 0);
    same(tariff[flow], difference(w, k, TARIFF, result), scale);
    same(cost[flow], difference(w, k, COST, result), scale);
    same(made[k->exporter * S + k->sector], difference(w, k, MADE, result), scale);
    same(supplied[3], difference(w, k, SUPPLIED, result), scale);
    same(wanted[k->importer * S + k->sector], difference(w, k, WANTED, result), scale);
    if (k->importer != 2)
        same(given[k->importer] - given[2], difference(w, k, GIVEN, result), scale);
    if (k->limits)
        same(limit[0], difference(w, k, LIMIT, result), scale);
    check_taxes(w, k, solution, tariff, taxed, result, scale);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
}

static const char *const results[] = {"welfare:A0",        "welfare:A1,A2",      "share:A0:A2",
                                      "share:A1:A3:s1",    "use:A0:A1,A2:s0",    "flow:A0:A2:s1",
                                      "flow:A3:A0,A1:all", "look-through:A0:A2", "look-through:A0,A1:A3:s1,s2"};
enum { RESULTS = sizeof results / sizeof *results };

static void check_with(const dr_model_options *options, size_t factors)
{
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(seed, options, factors);
        w.shifts = seed == 3;
        for (int j = 0; j < RESULTS; j++) {
            w.carbon = w.shifts && !options->scale && strncmp(results[j], "look", 4) != 0;
            shock k = {.importer = (int)seed % 3, .exporter = 3, .sector = j % S, .tariff = 0.15, .times = 1.1};
            check(&w, &k, results[j]);
            k.limits = true;
            k.taxed = options->products ? 0 : 0.07;
            k.cut = 0.4;
            k.rent = (dr_rent)(j % 3);
            check(&w, &k, results[j]);
        }
        world_free(&w);
    }
}

static void check_all(const dr_model_options *options)
{
    check_with(options, 1);
}

static void test_caliendo_parro(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4"));
}

static void test_baqaee_farhi_mobile(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .model = "baqaee-farhi", .elasticity = "3"));
}

static void test_short(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "short"));
}

static void test_medium(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "medium"));
}

static void test_closures(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .closure = DR_CLOSURE_INCOME_SHARE));
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "medium", .closure = DR_CLOSURE_ZERO));
}

static void test_factors(void **state)
{
    (void)state;
    check_with(&DR_OPTIONS(dr_model_options, .horizon = "medium"), 2);
    check_with(&DR_OPTIONS(dr_model_options, .horizon = "short", .elasticity = "3"), 2);
    check_with(&DR_OPTIONS(dr_model_options, .model = "baqaee-farhi", .elasticity = "4"), 2);
}

/* Products that replace each other, and that complement each other. */
static void test_products(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .products = "nest", .product_elasticity = "3",
                          .product_substitution = "2.5", .import_elasticity = "1.5"));
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "short", .elasticity = "3", .thin_markets = "0",
                          .products = "nest", .product_elasticity = "5", .product_substitution = "0.4",
                          .import_elasticity = "2"));
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "medium", .products = "nest", .product_substitution = "1"));
}

/* Away from where a market begins to clear. */
static void test_thin_markets(void **state)
{
    (void)state;
    check_all(&(dr_model_options){.size = sizeof(dr_model_options), .thin_markets = "99%"});
    check_all(&(dr_model_options){
        .size = sizeof(dr_model_options), .horizon = "short", .elasticity = "3", .thin_markets = "99%"});
}

static void test_rigid_wages(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "medium", .rigid_wages = "A0,A3"));
    check_with(&DR_OPTIONS(dr_model_options, .horizon = "short", .elasticity = "3", .rigid_wages = "all"), 2);
}

static void test_scale(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .scale = "0.15"));
    check_with(&DR_OPTIONS(dr_model_options, .horizon = "medium", .scale = "0.2"), 2);
    check_all(&DR_OPTIONS(dr_model_options, .horizon = "short", .elasticity = "3", .scale = "0.1"));
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .scale = "0.2", .entry = "restricted"));
    check_with(&DR_OPTIONS(dr_model_options, .horizon = "medium", .scale = "0.3", .entry = "restricted",
                           .closure = DR_CLOSURE_INCOME_SHARE),
               2);
}

/* Labour that follows real wages, and revenue that is used. */
static void test_labour(void **state)
{
    (void)state;
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .labour_supply = "0.5"));
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .revenue = "keep"));
    check_with(&DR_OPTIONS(dr_model_options, .horizon = "medium", .labour_supply = "0.8", .revenue = "income-tax"), 2);
    check_with(&DR_OPTIONS(dr_model_options, .horizon = "short", .elasticity = "3", .labour_supply = "0.3",
                           .revenue = "income-tax", .closure = DR_CLOSURE_INCOME_SHARE),
               2);
    check_with(&DR_OPTIONS(dr_model_options, .model = "baqaee-farhi", .elasticity = "4", .labour_supply = "1.5",
                           .revenue = "keep"),
               2);
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .scale = "0.15", .labour_supply = "0.5",
                          .revenue = "income-tax"));
    check_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .scale = "0.2", .entry = "restricted",
                          .labour_supply = "0.5", .revenue = "income-tax"));
    check_all(&DR_OPTIONS(dr_model_options, .products = "nest", .product_elasticity = "3",
                          .product_substitution = "2.5", .import_elasticity = "1.5", .labour_supply = "0.5",
                          .revenue = "income-tax"));
}

/* All that moves the one good, with overhead of sellers and tariffs that are passed on in part. */
static void check_sellers(const dr_model_options *options)
{
    static const char *const of[] = {"welfare:A0", "welfare:A1,A2", "share:A0:A2", "use:A0:A1,A2", "flow:A3:A0,A1:all"};
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(seed, options, 1);
        for (size_t j = 0; j < sizeof of / sizeof *of; j++) {
            double tariff[R * R], cost[R * R], made[R], supplied[R], given[R], scale = 0;
            shock k = {.importer = (int)seed % 2, .exporter = 3, .sector = -1, .tariff = 0.15, .times = 1.1};
            const dr_shift_gradient shifts = {.supply = supplied, .income = given};
            dr_gradient gradient = {.tariff = tariff, .trade_cost = cost, .productivity = made};
            dr_solution *solution = NULL;
            dr_scenario *scenario = scenario_of(&w, &k);
            size_t flow = (size_t)k.importer * R + (size_t)k.exporter;
            ok(dr_model_solve(&solution, w.model, scenario));
            ok(dr_gradient_find(&gradient, &shifts, solution, scenario, of[j]));
            for (size_t f = 0; f < R * R; f++)
                scale = fmax(scale, fabs(tariff[f]));
            same(tariff[flow], difference(&w, &k, TARIFF, of[j]), scale);
            same(cost[flow], difference(&w, &k, COST, of[j]), scale);
            same(made[k.exporter], difference(&w, &k, MADE, of[j]), scale);
            same(supplied[3], difference(&w, &k, SUPPLIED, of[j]), scale);
            same(given[k.importer] - given[2], difference(&w, &k, GIVEN, of[j]), scale);
            dr_solution_free(solution);
            dr_scenario_free(scenario);
        }
        world_free(&w);
    }
}

static void test_sellers(void **state)
{
    (void)state;
    check_sellers(&DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .overhead = "0.2"));
    check_sellers(&DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .pass_through = "50%",
                              .labour_supply = "0.5", .revenue = "income-tax"));
    check_sellers(&DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .overhead = "0.15",
                              .pass_through = "80%", .labour_supply = "0.5", .revenue = "income-tax",
                              .scale = "0.1675"));
    check_sellers(&DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .overhead = "0.1",
                              .revenue = "keep", .closure = DR_CLOSURE_INCOME_SHARE));
    check_sellers(&DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .overhead = "0.2",
                              .rigid_wages = "A1,A2"));
}

static void test_one_good(void **state)
{
    (void)state;
    double tariff[R * R];
    world w = world_new(2, &DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4"), 1);
    double value[3];
    dr_gradient gradient = {.tariff = tariff};
    for (int step = 0; step < 3; step++) { /* 0 last: the gradient there stays */
        dr_scenario *scenario = NULL;
        dr_solution *solution = NULL;
        ok(dr_scenario_new(&scenario, w.economy));
        ok(dr_scenario_tariff(scenario, "A1", "A2", "all", 0.2 + (const double[]){-1e-4, 1e-4, 0}[step], DR_RATE_SET));
        ok(dr_model_solve(&solution, w.model, scenario));
        ok(dr_solution_gradient(&gradient, solution, scenario, "welfare:A1"));
        value[step] = gradient.value;
        dr_solution_free(solution);
        dr_scenario_free(scenario);
    }
    near(tariff[1 * R + 2], (value[1] - value[0]) / 2e-4, 1e-6 * fabs(tariff[1 * R + 2]));
    world_free(&w);
}

/* A solve that begins at another solution ends where one from the base does. */
static void check_near(const dr_model_options *options, size_t factors)
{
    world w = world_new(1, options, factors);
    shock before = {.importer = 1, .exporter = 3, .sector = 1, .tariff = 0.6, .times = 1.3, .limits = true, .cut = 0.2};
    shock after = {.importer = 1, .exporter = 3, .sector = 1, .tariff = 0.1, .times = 1.1, .limits = true, .cut = 0.5};
    dr_scenario *scenarios[] = {scenario_of(&w, &before), scenario_of(&w, &after)};
    dr_solution *from = NULL, *anew = NULL, *on = NULL;
    ok(dr_model_solve(&from, w.model, scenarios[0]));
    ok(dr_model_solve(&anew, w.model, scenarios[1]));
    ok(dr_model_solve_near(&on, w.model, scenarios[1], from));
    for (size_t flow = 0; flow < FLOWS; flow++)
        near(on->flow[flow], anew->flow[flow], 1e-10 * anew->flow[flow]);
    near(on->limits[0].wedge, anew->limits[0].wedge, 1e-10);
    dr_solution_free(on);
    ok(dr_model_solve_near(&on, w.model, scenarios[1], anew));
    assert_true(on->certificate.sweeps <= 3);
    dr_solution_free(on);
    dr_solution_free(anew);
    dr_solution_free(from);
    dr_scenario_free(scenarios[0]);
    dr_scenario_free(scenarios[1]);
    world_free(&w);
}

static void test_from_another_solution(void **state)
{
    (void)state;
    check_near(&DR_OPTIONS(dr_model_options, .elasticity = "4"), 1);
    check_near(&DR_OPTIONS(dr_model_options, .horizon = "short", .elasticity = "3", .rigid_wages = "all"), 2);
    check_near(&DR_OPTIONS(dr_model_options, .horizon = "medium", .closure = DR_CLOSURE_INCOME_SHARE), 1);
}

static void test_errors(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"wellfare:A0",
         "unknown result 'wellfare': expected welfare, share, use, flow or look-through; did you mean 'welfare'?"},
        {"welfare", "a result is welfare:OF, such as welfare:EU"},
        {"share:A0", "a result is share:OF:FROM[:SECTORS], such as share:EU:CHN:electrical-optical"},
        {"share:A0:A0", "no region of 'A0' is outside 'A0'"},
        {"welfare:A9", "'A9' is not a region or group of this world; did you mean 'A0'?"}};
    world w = world_new(1, &DR_OPTIONS(dr_model_options, .elasticity = "4"), 1);
    dr_gradient gradient = {0};
    dr_solution *solution = NULL;
    ok(dr_model_solve(&solution, w.model, NULL));
    for (size_t j = 0; j < sizeof wrong / sizeof *wrong; j++) {
        assert_int_equal(dr_solution_gradient(&gradient, solution, NULL, wrong[j][0]), DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), wrong[j][1]);
    }
    dr_solution_free(solution);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_caliendo_parro), cmocka_unit_test(test_baqaee_farhi_mobile),
        cmocka_unit_test(test_short),          cmocka_unit_test(test_medium),
        cmocka_unit_test(test_closures),       cmocka_unit_test(test_factors),
        cmocka_unit_test(test_rigid_wages),    cmocka_unit_test(test_thin_markets),
        cmocka_unit_test(test_products),       cmocka_unit_test(test_one_good),
        cmocka_unit_test(test_scale),          cmocka_unit_test(test_labour),
        cmocka_unit_test(test_sellers),        cmocka_unit_test(test_from_another_solution),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
