/* The fast solver against the slow one. */
#include <string.h>

#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/slow_model.h"

typedef struct shock {
    const char *name;
    double tariff; /* of A0 on A1, where above 0 */
    double times;  /* cost between A0 and A2 */
    bool ban;      /* by A2 on A3, of the last sector */
    double export; /* tax of A1 on its sales to A0 */
    double made;   /* tax of A2 on its production of the first sector */
    double used;   /* tax of A0 on its use of all sectors */
} shock;

static dr_scenario *scenario_of(const dr_economy *economy, const synthetic *y, const shock *change)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    if (change->tariff > 0)
        ok(dr_scenario_tariff(scenario, "A0", "A1", "all", change->tariff, DR_RATE_SET));
    if (change->times != 1)
        ok(dr_scenario_trade_cost(scenario, "A0", "A2", "all", change->times, true));
    if (change->ban)
        ok(dr_scenario_ban(scenario, "A2", "A3", y->sector_names[y->s - 1]));
    if (change->export != 0)
        ok(dr_scenario_export_tax(scenario, "A1", "A0", "all", change->export));
    if (change->made != 0)
        ok(dr_scenario_production_tax(scenario, "A2", y->sector_names[0], change->made));
    if (change->used != 0)
        ok(dr_scenario_use_tax(scenario, "A0", "all", change->used));
    return scenario;
}

/* The same shock as arrays, written out by hand. A tax on use is paid on the price with tariff. */
static void arrays_of(const synthetic *y, const shock *change, double *tariff, double *kappa, double *tax)
{
    for (size_t n = 0; n < y->r; n++)
        for (size_t i = 0; i < y->r; i++)
            for (size_t s = 0; s < y->s; s++) {
                size_t f = (n * y->r + i) * y->s + s;
                tariff[f] = change->tariff > 0 && n == 0 && i == 1 ? change->tariff : y->tariff[f];
                tariff[f] = n == 0 ? (1 + tariff[f]) * (1 + change->used) - 1 : tariff[f];
                tax[f] = n == 0 && i == 1 ? 1 + change->export : i == 2 && s == 0 ? 1 + change->made : 1;
                kappa[f] = (1 + tariff[f]) / (1 + y->tariff[f]) * tax[f];
                if ((n == 0 && i == 2) || (n == 2 && i == 0))
                    kappa[f] *= change->times;
                if (change->ban && n == 2 && i == 3 && s == y->s - 1)
                    kappa[f] = INFINITY;
            }
}

static void compare(const shock *change, slow_model parameters, bool taxed, unsigned long long seed, size_t factors)
{
    static const char *const names[] = {"labour", "capital", "land"};
    synthetic y = synthetic_new(5, 4, seed, taxed, true);
    if (factors > 1)
        synthetic_split(&y, names, factors, seed + 1);
    size_t flows = y.r * y.r * y.s;
    char text[32], rigid[32], scale[32];
    double *tariff = synthetic_numbers(flows), *kappa = synthetic_numbers(flows), *tax = synthetic_numbers(flows),
           theta = parameters.theta;
    snprintf(text, sizeof text, "%g", theta);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_solution *fast = NULL;
    snprintf(rigid, sizeof rigid, "all:%g", parameters.floor);
    snprintf(scale, sizeof scale, "%g", fmax(parameters.scale, parameters.markup));
    dr_model_options options = {.size = sizeof(dr_model_options),
                                .elasticity = text,
                                .tolerance = 1e-13,
                                .scale = parameters.scale + parameters.markup > 0 ? scale : NULL,
                                .entry = parameters.markup > 0 ? "restricted" : NULL,
                                .rigid_wages = parameters.floor > 0 ? rigid : NULL};
    ok(dr_model_new(&model, economy, &options));
    for (size_t s = 0; s < y.s; s++) {
        model->nests.eta[s] = parameters.eta;
        model->nests.rho[s] = parameters.rho;
    }
    model->nests.phi = parameters.phi;
    model->nests.psi = parameters.psi;
    model->nests.psi_other = parameters.psi_other;
    model->nests.sigma = parameters.sigma;
    model->nests.cobb_douglas = false; /* where all are 1, the two passes must give what the one does */
    dr_scenario *scenario = scenario_of(economy, &y, change);
    ok(dr_model_solve(&fast, model, scenario));
    arrays_of(&y, change, tariff, kappa, tax);
    slow plain = slow_solve_taxed(&y, parameters, tariff, kappa, tax);
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, fast));
    for (size_t n = 0; n < y.r; n++) {
        double welfare = dr_table_number(table, n, 1);
        if (!(fabs(welfare - plain.welfare[n]) < 1e-9))
            fail_msg("%s, theta %g, eta %g, psi %g, region %zu: welfare %.12g%% against %.12g%%", change->name, theta,
                     parameters.eta, parameters.psi, n, welfare, plain.welfare[n]);
    }
    double idle = 0;
    for (size_t i = 0; i < factors * y.r * y.s; i++) {
        double part = fast->employment ? fast->employment[i] : 1;
        near(fast->factor_wage[i] * part, plain.wage[i], 1e-9);
        idle = fmax(idle, 1 - part);
    }
    assert_true(parameters.floor > 0 ? idle > 1e-3 : idle == 0);
    assert_true(fast->certificate.complementarity < 1e-9);
    for (size_t f = 0; f < flows; f++) {
        if (f / y.s % y.r == f / y.s / y.r && tax[f] != 1)
            plain.flow[f] /= tax[f]; /* at home a tax on production is one on use */
        if (!(fabs(fast->flow[f] - plain.flow[f]) <= 1e-9 * y.flow[f]))
            fail_msg("%s, theta %g: flow %zu is %.12g against %.12g", change->name, theta, f, fast->flow[f],
                     plain.flow[f]);
    }
    dr_table_free(table);
    slow_free(&plain);
    dr_scenario_free(scenario);
    dr_solution_free(fast);
    dr_model_free(model);
    dr_economy_free(economy);
    free(tariff);
    free(kappa);
    free(tax);
    synthetic_free(&y);
}

static const shock shocks[] = {{"tariff", 0.25, 1, false, 0, 0, 0},
                               {"cheaper trade", 0, 0.7, false, 0, 0, 0},
                               {"dearer trade", 0, 3, false, 0, 0, 0},
                               {"ban", 0, 1, true, 0, 0, 0},
                               {"export tax", 0, 1, false, 0.2, 0, 0},
                               {"subsidies", 0, 1, false, -0.1, -0.2, 0},
                               {"production and use taxed", 0, 1, false, 0, 0.3, 0.1},
                               {"all at once", 1, 2, true, 0.1, -0.1, 0.05}};

enum { SHOCKS = sizeof shocks / sizeof *shocks };

static void cobb_douglas_and_mobile(void **state)
{
    static const double thetas[] = {1, 5, 12};
    (void)state;
    for (size_t i = 0; i < SHOCKS; i++)
        for (size_t t = 0; t < sizeof thetas / sizeof *thetas; t++)
            for (int taxed = 0; taxed < 2; taxed++)
                compare(&shocks[i], (slow_model){thetas[t], 1, 1, 1, INFINITY, 1, 0, 0, 0, 0}, taxed, 11 + i, 1);
}

static void nests_and_fixed_labour(void **state)
{
    static const slow_model models[] = {{0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0},
                                        {2, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0},
                                        {4, 1.5, 2, 1.2, INFINITY, 1, 0, 0, 0, 0},
                                        {4, 1, 0.3, 1, 0, 1, 0, 0, 0, 0},
                                        {3, 0.6, 1, 1, 2, 1, 0, 0, 0, 0}};
    (void)state;
    for (size_t i = 0; i < SHOCKS; i++)
        for (size_t k = 0; k < sizeof models / sizeof *models; k++)
            for (int taxed = 0; taxed < 2; taxed++)
                compare(&shocks[i], models[k], taxed, 21 + i, 1);
}

/* Labour, capital and land: fixed, mobile, or in between, replacing each other easily or not. */
static void several_factors(void **state)
{
    static const slow_model models[] = {{0.76, 0.5, 0.2, 0.9, 0, 0.5, 0, 0, 0, 0},
                                        {2, 0.5, 0.2, 0.9, 0.5, 0.5, 0, 0, 0, 0},
                                        {4, 1, 1, 1, INFINITY, 1, 0, 0, 0, 0},
                                        {5, 1, 1, 1, INFINITY, 1, INFINITY, 0, 0, 0},
                                        {3, 0.6, 1, 1, INFINITY, 1.5, 2, 0, 0, 0}};
    (void)state;
    for (size_t i = 0; i < SHOCKS; i++)
        for (size_t k = 0; k < sizeof models / sizeof *models; k++)
            compare(&shocks[i], models[k], i % 2, 51 + i, 2 + k % 2);
}

/* Wages that do not fall, where labour is fixed, mobile or in between, alone or beside other factors. */
static void rigid_wages(void **state)
{
    static const slow_model models[] = {{0.76, 0.5, 0.2, 0.9, 0, 0.5, 0, 1, 0, 0},
                                        {2, 0.5, 0.2, 0.9, 0.5, 0.5, 0, 0.995, 0, 0},
                                        {4, 1, 1, 1, INFINITY, 1, 0, 1, 0, 0},
                                        {5, 1, 1, 1, INFINITY, 1, INFINITY, 0.999, 0, 0}};
    (void)state;
    for (size_t i = 0; i < SHOCKS; i++)
        for (size_t k = 0; k < sizeof models / sizeof *models; k++)
            for (size_t factors = 1; factors < 3; factors++)
                compare(&shocks[i], models[k], i % 2, 71 + i, factors);
}

/* Costs that fall with the size of sectors, and markups, in all nests. */
static void scale_economies(void **state)
{
    static const slow_model models[] = {
        {4, 1, 1, 1, INFINITY, 1, 0, 0, 0.15, 0},   {0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0.3, 0},
        {2, 0.5, 0.2, 0.9, 0.5, 0.5, 0, 0, 0.2, 0}, {3, 1.5, 2, 1.2, INFINITY, 1, 0, 0, 0.1, 0},
        {4, 1, 1, 1, INFINITY, 1, 0, 0, 0, 0.2},    {2, 0.5, 0.2, 0.9, 0.5, 0.5, 0, 0, 0, 0.15},
        {0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0.1}};
    (void)state;
    for (size_t i = 0; i < SHOCKS; i++)
        for (size_t k = 0; k < sizeof models / sizeof *models; k++)
            compare(&shocks[i], models[k], i % 2, 91 + i, 1 + k % 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cobb_douglas_and_mobile),
                                       cmocka_unit_test(nests_and_fixed_labour), cmocka_unit_test(several_factors),
                                       cmocka_unit_test(rigid_wages), cmocka_unit_test(scale_economies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
