/* Products within imports: against the plain model, against sectors without them, and against themselves. */
#include <string.h>

#include "equilibrium/certificate.h"
#include "equilibrium/solution.h"
#include "model/tier.h"
#include "support/check.h"
#include "support/slow_model.h"

typedef struct shock {
    const char *name;
    double tariff; /* of A0 on product 00 from A1, where above 0 */
    double times;  /* cost of product 01 between A0 and A2 */
    bool ban;      /* by A2 of product 02 from A1 */
    double flow;   /* tariff of A1 on all of A0 */
    double dearer; /* cost of all goods between A1 and A2 */
    double export; /* tax of A2 on its sales to A0 */
    double used;   /* tax of A0 on its use of all sectors */
} shock;

static const shock shocks[] = {{"tariff", 0.5, 1, false, 0, 1, 0, 0},
                               {"trade cost", 0, 2, false, 0, 1, 0, 0},
                               {"cheaper trade", 0, 0.7, false, 0, 1, 0, 0},
                               {"ban", 0, 1, true, 0, 1, 0, 0},
                               {"flows", 0, 1, false, 0.25, 1.5, 0, 0},
                               {"export tax", 0, 1, false, 0, 1, 0.2, 0},
                               {"all at once", 1, 1.5, true, 0.1, 1.2, 0.1, 0.05}};
enum { SHOCKS = sizeof shocks / sizeof *shocks };

static dr_scenario *scenario_of(const dr_economy *economy, const shock *change)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    if (change->tariff > 0)
        ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00", change->tariff, DR_RATE_SET));
    if (change->times != 1)
        ok(dr_scenario_trade_cost(scenario, "A0", "A2", "HS01", change->times, true));
    if (change->ban)
        ok(dr_scenario_ban(scenario, "A2", "A1", "HS02"));
    if (change->flow > 0)
        ok(dr_scenario_tariff(scenario, "A1", "A0", "all", change->flow, DR_RATE_SET));
    if (change->dearer != 1)
        ok(dr_scenario_trade_cost(scenario, "A1", "A2", "s1", change->dearer, true));
    if (change->export != 0)
        ok(dr_scenario_export_tax(scenario, "A2", "A0", "all", change->export));
    if (change->used != 0)
        ok(dr_scenario_use_tax(scenario, "A0", "all", change->used));
    return scenario;
}

/* The same by hand: tariffs and costs of flows, and of products. */
static void arrays_of(const synthetic *y, slow_products *p, const shock *c, double *tariff, double *kappa, double *tax)
{
    for (size_t n = 0; n < y->r; n++)
        for (size_t i = 0; i < y->r; i++)
            for (size_t s = 0; s < y->s; s++) {
                size_t f = (n * y->r + i) * y->s + s;
                double rate = c->flow > 0 && n == 1 && i == 0 ? c->flow : y->tariff[f];
                tariff[f] = n == 0 ? (1 + rate) * (1 + c->used) - 1 : rate;
                tax[f] = n == 0 && i == 2 ? 1 + c->export : 1;
                kappa[f] = (1 + tariff[f]) / (1 + y->tariff[f]) * tax[f];
                if (s == 1 && ((n == 1 && i == 2) || (n == 2 && i == 1)))
                    kappa[f] *= c->dearer;
            }
    size_t f = (0 * y->r + 1) * y->s + p->sector[0];
    if (c->tariff > 0) {
        p->tariff[0][1][0] = (1 + c->tariff) * (1 + c->used) - 1;
        p->times[0][1][0] = (1 + y->tariff[f]) / (1 + tariff[f]); /* not that of the flow */
    }
    p->times[0][2][1] = p->times[2][0][1] = c->times;
    p->times[2][1][2] = c->ban ? INFINITY : 1;
}

static void near_all(const dr_solution *fast, const slow *plain, const synthetic *y, const shock *change)
{
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, fast));
    for (size_t n = 0; n < y->r; n++) {
        double welfare = dr_table_number(table, n, 1);
        if (!(fabs(welfare - plain->welfare[n]) < 1e-9))
            fail_msg("%s, region %zu: welfare %.12g%% against %.12g%%", change->name, n, welfare, plain->welfare[n]);
    }
    for (size_t f = 0; f < y->r * y->r * y->s; f++)
        if (!(fabs(fast->flow[f] - plain->flow[f]) <= 1e-9 * y->flow[f]))
            fail_msg("%s: flow %zu is %.12g against %.12g", change->name, f, fast->flow[f], plain->flow[f]);
    dr_table_free(table);
}

/* The model with the elasticities of `products` and these nests. */
static dr_model *model_of(const dr_economy *economy, const slow_products *p, slow_model nests)
{
    char theta[32], sigma[32], mu[32];
    dr_model *model = NULL;
    snprintf(theta, sizeof theta, "%.17g", nests.theta);
    snprintf(sigma, sizeof sigma, "%.17g", p->sigma);
    snprintf(mu, sizeof mu, "%.17g", p->mu);
    FILE *file = fopen("thetas.csv", "w");
    fputs("product,trade_elasticity\n", file);
    for (size_t k = 0; k < p->count; k++)
        fprintf(file, "%02zu,%.17g\n", k, p->theta[k]);
    fclose(file);
    dr_model_options options = {.size = sizeof(dr_model_options),
                                .elasticity = theta,
                                .products = "nest",
                                .product_elasticity = "thetas.csv",
                                .product_substitution = sigma,
                                .import_elasticity = mu,
                                .tolerance = 1e-13};
    ok(dr_model_new(&model, economy, &options));
    (void)remove("thetas.csv");
    for (size_t s = 0; s < model->sectors; s++) {
        model->nests.eta[s] = nests.eta;
        model->nests.rho[s] = nests.rho;
    }
    model->nests.phi = nests.phi;
    model->nests.psi = nests.psi;
    model->nests.cobb_douglas = false;
    return model;
}

static void compare(const shock *change, slow_model nests, double sigma, double mu, const double *theta, size_t sectors,
                    bool taxed, unsigned long long seed)
{
    synthetic y = synthetic_new(3, 2, seed, taxed, true);
    slow_products p = slow_products_new(&y, 4, sectors, seed);
    size_t flows = y.r * y.r * y.s;
    double *tariff = synthetic_numbers(flows), *kappa = synthetic_numbers(flows), *tax = synthetic_numbers(flows);
    p.sigma = sigma;
    p.mu = mu;
    memcpy(p.theta, theta, 4 * sizeof *theta);
    for (size_t k = 0; k < 4; k++) /* these pairs have products in any case */
        p.value[0][1][k] = p.value[2][1][k] = p.value[0][2][k] = p.value[2][0][k] = 0.3 + (double)k;
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    dr_model *model = model_of(economy, &p, nests);
    dr_scenario *scenario = scenario_of(economy, change);
    dr_solution *fast = NULL;
    ok(dr_model_solve(&fast, model, scenario));
    arrays_of(&y, &p, change, tariff, kappa, tax);
    slow plain = slow_solve_taxed(&y, nests, tariff, kappa, tax);
    near_all(fast, &plain, &y, change);
    slow_free(&plain);
    dr_solution_free(fast);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    free(tariff);
    free(kappa);
    free(tax);
    synthetic_free(&y);
}

/* Long, medium and short run; products that replace each other, complement each other, and neither. */
static void plain_model(void **state)
{
    static const slow_model nests[] = {{5, 1, 1, 1, INFINITY, 1, 0, 0, 0, 0},
                                       {2, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0},
                                       {0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0}};
    static const double sigmas[] = {3, 1, 0.4}, mus[] = {1.2, 2, 0.6},
                        thetas[][4] = {{5, 5, 5, 5}, {2, 4, 6, 3}, {0.9, 0.76, 1.5, 0.76}};
    (void)state;
    for (size_t c = 0; c < SHOCKS; c++)
        for (size_t m = 0; m < 3; m++)
            for (size_t k = 0; k < 3; k++)
                compare(&shocks[c], nests[m], sigmas[k], mus[m], thetas[m], 1 + (c + k) % 2, (c + m) % 2 == 0, 7 + c);
}

static double welfare_gap(const dr_solution *a, const dr_solution *b, size_t regions)
{
    dr_table *x = NULL, *z = NULL;
    double gap = 0;
    ok(dr_solution_regions(&x, a));
    ok(dr_solution_regions(&z, b));
    for (size_t n = 0; n < regions; n++)
        gap = fmax(gap, fabs(dr_table_number(x, n, 1) - dr_table_number(z, n, 1)));
    dr_table_free(x);
    dr_table_free(z);
    return gap;
}

/* With one elasticity in all nests and wedges that are the same for all products, products are the sector. */
static void same_as_sectors(void **state)
{
    static const char *const horizons[] = {NULL, "short", "medium"};
    (void)state;
    synthetic y = synthetic_new(5, 3, 5, true, true);
    slow_products p = slow_products_new(&y, 6, 2, 9);
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    for (size_t h = 0; h < 3; h++) {
        dr_model *with = NULL, *without = NULL;
        dr_solution *a = NULL, *b = NULL;
        dr_scenario *scenario = NULL;
        dr_model_options options = {
            .size = sizeof options, .horizon = horizons[h], .thin_markets = "0", .tolerance = 1e-13};
        ok(dr_model_new(&without, economy, &options));
        options.products = "nest";
        char sigma[32];
        snprintf(sigma, sizeof sigma, "%.17g", 1 + without->theta[0]);
        options.product_substitution = sigma;
        ok(dr_model_new(&with, economy, &options));
        ok(dr_scenario_new(&scenario, economy));
        ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "all", 0.4, DR_RATE_SET));
        ok(dr_scenario_ban(scenario, "A3", "A1", "s1"));
        ok(dr_scenario_trade_cost(scenario, "A4", "A0", "all", 1.3, true));
        ok(dr_scenario_export_curb(scenario, "A2", "A1", "s0", 0.5, DR_RENT_EXPORTER, false));
        ok(dr_scenario_quota(scenario, "A4", "A2", "s1", 0.3, DR_RENT_IMPORTER));
        ok(dr_scenario_export_curb(scenario, "A3", "A2", "s0", 0.3, DR_RENT_LOST, false));
        ok(dr_model_solve(&a, with, scenario));
        ok(dr_model_solve(&b, without, scenario));
        assert_true(welfare_gap(a, b, y.r) < 1e-10);
        for (size_t f = 0; f < y.r * y.r * y.s; f++)
            assert_true(fabs(a->flow[f] - b->flow[f]) <= 1e-10 * y.flow[f]);
        dr_solution_free(a);
        dr_solution_free(b);
        dr_scenario_free(scenario);
        dr_model_free(with);
        dr_model_free(without);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* A curb is the export tax of its wedge; a change of all products of a pair is one of the flow. */
static void equal_instruments(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 2, 3, true, true);
    slow_products p = slow_products_new(&y, 4, 2, 4);
    for (size_t k = 0; k < 4; k++)
        p.theta[k] = 2 + (double)k, p.value[0][1][k] = 1 + (double)k;
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    dr_model *model = model_of(economy, &p, (slow_model){4, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0});
    dr_solution *curbed = NULL, *taxed = NULL, *products = NULL, *sectors = NULL;
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "s0", 0.5, DR_RENT_EXPORTER, false));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00", 0.3, DR_RATE_SET));
    ok(dr_model_solve(&curbed, model, scenario));
    dr_scenario_free(scenario);
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_export_tax(scenario, "A1", "A0", "s0", curbed->limits[0].wedge - 1));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00", 0.3, DR_RATE_SET));
    ok(dr_model_solve(&taxed, model, scenario));
    dr_scenario_free(scenario);
    assert_true(curbed->limits[0].wedge > 1.1);
    assert_true(welfare_gap(curbed, taxed, y.r) < 1e-9);
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00,HS01,HS02,HS03", 0.3, DR_RATE_SET));
    ok(dr_model_solve(&products, model, scenario));
    dr_scenario_free(scenario);
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "all", 0.3, DR_RATE_SET));
    ok(dr_model_solve(&sectors, model, scenario));
    dr_scenario_free(scenario);
    assert_true(welfare_gap(products, sectors, y.r) < 1e-10);
    dr_solution *all[] = {curbed, taxed, products, sectors};
    for (size_t k = 0; k < 4; k++)
        dr_solution_free(all[k]);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* A product without supplier: an error where no other replaces it; else it is gone. */
static void lost_products(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 2, 3, false, true);
    slow_products p = slow_products_new(&y, 4, 2, 4);
    for (size_t k = 0; k < 4; k++)
        p.value[0][1][k] = 1, p.value[0][2][k] = k == 0 ? 0 : 1;
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_ban(scenario, "A0", "A1", "HS00"));
    for (int k = 0; k < 2; k++) {
        dr_solution *solution = NULL;
        p.sigma = k == 0 ? 1 : 1.5;
        dr_model *model = model_of(economy, &p, (slow_model){4, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0});
        dr_status status = dr_model_solve(&solution, model, scenario);
        assert_int_equal(status, k == 0 ? DR_NO_SOLUTION : DR_OK);
        if (k == 0)
            assert_string_equal(dr_error_text(),
                                "A0 loses its last supplier of product 00 (s0), which no other product replaces at an "
                                "elasticity of substitution of 1 between products; expected a supplier that is left, "
                                "a choke price, or a product substitution above 1");
        else
            assert_true(isinf(solution->product_price[0]));
        dr_solution_free(solution);
        dr_model_free(model);
    }
    dr_scenario_free(scenario);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* With a choke price what takes the place of a lost product is made at home. */
static void lost_products_are_replaced(void **state)
{
    static const char *const horizons[] = {"5", "1.5"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        synthetic y = synthetic_new(3, 2, 3, k == 1, true);
        slow_products p = slow_products_new(&y, 4, 2, 4);
        const slow_model nests = {k == 0 ? 5 : 1.5, 0.5, 0.2, 0.9, k == 0 ? INFINITY : 0.5, 1, 0, 0, 0, 0};
        double *kappa = synthetic_numbers(18), *tariff = synthetic_numbers(18);
        for (size_t j = 0; j < 4; j++)
            p.value[0][1][j] = 1, p.value[0][2][j] = j == 0 ? 0 : 1;
        p.sigma = k == 0 ? 1 : 0.4;
        p.choke = 4;
        y.products = &p;
        dr_economy *economy = synthetic_economy(&y);
        slow_products_give(economy, &y);
        dr_scenario *scenario = NULL;
        dr_solution *fast = NULL;
        dr_model *model = NULL;
        char sigma[16];
        snprintf(sigma, sizeof sigma, "%g", p.sigma);
        ok(dr_model_new(&model, economy,
                        &DR_OPTIONS(dr_model_options, .elasticity = horizons[k], .products = "nest",
                                    .product_elasticity = "4", .product_substitution = sigma, .import_elasticity = "3",
                                    .choke_price = "4", .tolerance = 1e-13)));
        for (size_t s = 0; s < 2; s++)
            model->nests.eta[s] = nests.eta, model->nests.rho[s] = nests.rho;
        model->nests.phi = nests.phi, model->nests.psi = nests.psi, model->nests.cobb_douglas = false;
        ok(dr_scenario_new(&scenario, economy));
        ok(dr_scenario_ban(scenario, "A0", "A1", "HS00"));
        ok(dr_scenario_tariff(scenario, "A0", "A2", "HS02", 0.3, DR_RATE_SET));
        ok(dr_model_solve(&fast, model, scenario));
        assert_int_equal(fast->replaced_products, 1);
        assert_true(fast->replaced > 0);
        for (size_t f = 0; f < 18; f++)
            kappa[f] = 1, tariff[f] = y.tariff[f];
        p.times[0][1][0] = INFINITY;
        p.tariff[0][2][2] = 0.3;
        slow plain = slow_solve(&y, nests, tariff, kappa);
        near_all(fast, &plain, &y, &(shock){.name = "a choke price"});
        slow_free(&plain);
        dr_solution_free(fast);
        dr_scenario_free(scenario);
        dr_model_free(model);
        dr_economy_free(economy);
        free(kappa);
        free(tariff);
        synthetic_free(&y);
    }
}

/* Numbers of products that are wrong are found. */
static void certified(void **state)
{
    (void)state;
    synthetic y = synthetic_new(3, 2, 3, true, true);
    slow_products p = slow_products_new(&y, 4, 2, 4);
    p.value[0][1][0] = 1;
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    dr_model *model = model_of(economy, &p, (slow_model){4, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0});
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00", 0.3, DR_RATE_SET));
    ok(dr_model_solve(&solution, model, scenario));
    double *numbers[] = {solution->product_flow, solution->product_price, &solution->tariff[(0 * 3 + 1) * 2],
                         &solution->price[0]};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        double right = *numbers[k];
        *numbers[k] *= 1 + 1e-6;
        assert_int_equal(dr_certify(solution, scenario), DR_NO_SOLUTION);
        *numbers[k] = right;
        ok(dr_certify(solution, scenario));
    }
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_model),
                                       cmocka_unit_test(same_as_sectors),
                                       cmocka_unit_test(equal_instruments),
                                       cmocka_unit_test(lost_products),
                                       cmocka_unit_test(lost_products_are_replaced),
                                       cmocka_unit_test(certified)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
