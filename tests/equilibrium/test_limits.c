/* Limits of the nests: no substitution (Leontief), elasticities of 1 (Cobb-Douglas), factors that do not move, small
 * shocks. */
#include <string.h>

#include "result/result.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/slow_model.h"

static const slow_model usual = {3, 0.5, 0.4, 0.8, 0.7, 0.6, 0.3, 0, 0, 0};

static dr_model *model_of(const dr_economy *economy, slow_model p)
{
    dr_model *model = NULL;
    char theta[32];
    snprintf(theta, sizeof theta, "%.17g", p.theta);
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = theta, .tolerance = 3e-12};
    ok(dr_model_new(&model, economy, &options));
    for (size_t s = 0; s < model->sectors; s++) {
        model->nests.eta[s] = p.eta;
        model->nests.rho[s] = p.rho;
    }
    model->nests.phi = p.phi;
    model->nests.psi = p.psi;
    model->nests.sigma = p.sigma;
    model->nests.psi_other = p.psi_other;
    model->nests.cobb_douglas = p.eta == 1 && p.rho == 1 && p.phi == 1;
    return model;
}

/* A0 and A1 trade at `times` the cost. */
static dr_solution *solve(const dr_model *model, double times)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, model->economy));
    ok(dr_scenario_trade_cost(scenario, "A0", "A1", "all", times, true));
    ok(dr_model_solve(&solution, model, scenario));
    dr_scenario_free(scenario);
    return solution;
}

/* What is compared: real incomes, unit costs, outputs over base, and wages. */
enum { REGIONS = 4, SECTORS = 3, MARKETS = REGIONS * SECTORS, FIGURES = REGIONS + 4 * MARKETS };

static void figures_of(slow_model p, double figures[FIGURES])
{
    static const char *const names[] = {"labour", "capital"};
    synthetic y = synthetic_new(REGIONS, SECTORS, 91, true, true);
    synthetic_split(&y, names, 2, 92);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = model_of(economy, p);
    dr_solution *solution = solve(model, 1.6);
    for (size_t n = 0; n < REGIONS; n++)
        figures[n] = dr_solution_welfare(solution, n) / 100;
    for (size_t i = 0; i < MARKETS; i++) {
        figures[REGIONS + i] = solution->cost[i];
        figures[REGIONS + MARKETS + i] = solution->output[i] / model->base.output[i];
    }
    memcpy(figures + REGIONS + 2 * MARKETS, solution->factor_wage, 2 * MARKETS * sizeof *figures);
    dr_solution_free(solution);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* The figures at `limit` are those near it, at `nearby` and `further`, which is twice as far away, drawn out to it. */
static void compare(slow_model limit, slow_model nearby, slow_model further)
{
    double at[FIGURES], near_it[FIGURES], far[FIGURES];
    figures_of(limit, at);
    figures_of(nearby, near_it);
    figures_of(further, far);
    for (size_t i = 0; i < FIGURES; i++) {
        near(at[i], 2 * near_it[i] - far[i], 1e-6);
        near(at[i], near_it[i], 0.01);
    }
}

/* The elasticities of the nests one by one, and all at once. */
static slow_model with(size_t which, double value)
{
    slow_model p = usual;
    double *const of[] = {&p.eta, &p.rho, &p.phi, &p.sigma};
    for (size_t i = 0; i < 4; i++)
        if (which == i || which == 4)
            *of[i] = value;
    return p;
}

/* From both sides; nearer than this, 1 / (1 - e) takes the digits. */
static void one_is_continuous(void **state)
{
    (void)state;
    for (size_t which = 0; which < 5; which++)
        for (int side = -1; side <= 1; side += 2)
            compare(with(which, 1), with(which, 1 + side * 1e-4), with(which, 1 + side * 2e-4));
}

static void zero_is_continuous(void **state)
{
    (void)state;
    for (size_t which = 0; which < 5; which++)
        compare(with(which, 0), with(which, 1e-6), with(which, 2e-6));
}

/* And so is labour that hardly moves, or that moves all but freely. */
static void mobility_is_continuous(void **state)
{
    (void)state;
    slow_model limit = usual, nearby = usual, further = usual;
    limit.psi = limit.psi_other = 0;
    nearby.psi = nearby.psi_other = 1e-5;
    further.psi = further.psi_other = 2e-5;
    compare(limit, nearby, further);
    limit.psi = limit.psi_other = INFINITY;
    nearby.psi = nearby.psi_other = 4e3;
    further.psi = further.psi_other = 2e3;
    compare(limit, nearby, further);
}

/* Without substitution anywhere quantities are in fixed proportion: inputs to output, and goods in final demand to each
 * other. */
static void leontief_has_fixed_proportions(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 3, 93, false, true);
    dr_economy *economy = synthetic_economy(&y);
    slow_model p = usual;
    p.eta = p.rho = p.phi = 0;
    dr_model *model = model_of(economy, p);
    dr_solution *solution = solve(model, 1.6);
    for (size_t n = 0; n < y.r; n++) {
        double basket = 1 + dr_solution_welfare(solution, n) / 100;
        for (size_t k = 0; k < y.s; k++) {
            double cost = 0, wanted = y.final[n * y.s + k] * basket;
            for (size_t s = 0; s < y.s; s++) {
                double made =
                    solution->output[n * y.s + s] / solution->cost[n * y.s + s] / model->base.output[n * y.s + s];
                wanted += y.input[(n * y.s + k) * y.s + s] * made;
                cost += y.input[(n * y.s + s) * y.s + k] * solution->price[n * y.s + s];
            }
            near(solution->spending[n * y.s + k] / solution->price[n * y.s + k], wanted, 1e-9 * wanted);
            cost += model->base.value_added[n * y.s + k] * solution->sector_wage[n * y.s + k];
            near(solution->cost[n * y.s + k], cost / model->base.output[n * y.s + k], 1e-9);
        }
    }
    dr_solution_free(solution);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Labour that stays in its sector, two regions and two sectors, against the slow solver. */
static void fixed_factors_two_by_two(void **state)
{
    (void)state;
    static const slow_model models[] = {{0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0},
                                        {5, 1, 1, 1, 0, 1, 0, 0, 0, 0},
                                        {2, 0.05, 0.05, 0.05, 0, 1, 0, 0, 0, 0},
                                        {2, 0.05, 2, 3, 0, 0.5, 0, 0, 0, 0}};
    for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
        synthetic y = synthetic_new(2, 2, 94 + k, true, true);
        double tariff[8], kappa[8];
        for (size_t f = 0; f < 8; f++) {
            tariff[f] = y.tariff[f];
            kappa[f] = f / 2 == 1 || f / 2 == 2 ? 1.6 : 1;
        }
        dr_economy *economy = synthetic_economy(&y);
        dr_model *model = model_of(economy, models[k]);
        dr_solution *fast = solve(model, 1.6);
        slow plain = slow_solve(&y, models[k], tariff, kappa);
        for (size_t i = 0; i < 4; i++) {
            near(fast->sector_wage[i], plain.wage[i], 1e-9);
            near(fast->price[i], plain.price[i], 1e-9);
        }
        for (size_t n = 0; n < 2; n++)
            near(dr_solution_welfare(fast, n), plain.welfare[n], 1e-8);
        slow_free(&plain);
        dr_solution_free(fast);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
}

/* Real income of the world, and of region 0, against their derivatives: without tariffs the world loses what the dearer
 * flows are worth (Hulten 1978), and a region what its own dearer imports are worth, and its terms of trade. Returns
 * the gaps in percent. */
static void gaps(const dr_model *model, double step, double *of_world, double *of_region, double *change)
{
    const dr_base *b = &model->base;
    size_t r = model->regions, s = model->sectors;
    dr_solution *solution = solve(model, 1 + step);
    dr_table *table = NULL;
    double real = 0, income = 0, dearer = 0, own = 0;
    for (size_t n = 0; n < r; n++) {
        real += b->income[n] * dr_solution_welfare(solution, n);
        income += b->income[n];
    }
    for (size_t k = 0; k < s; k++) {
        dearer += b->flow[(0 * r + 1) * s + k] + b->flow[(1 * r + 0) * s + k];
        own += b->flow[(0 * r + 1) * s + k];
    }
    ok(dr_solution_regions(&table, solution));
    double terms = dr_table_number(table, 0, (size_t)dr_table_find(table, "terms_of_trade"));
    *change = real / income;
    *of_world = *change + 100 * step * dearer / income;
    *of_region = dr_solution_welfare(solution, 0) - terms + 100 * step * own / b->income[0];
    dr_table_free(table);
    dr_solution_free(solution);
}

static void small_shocks_are_hultens(void **state)
{
    static const char *const names[] = {"labour", "capital"};
    (void)state;
    static const double mobility[] = {0, 0.5, INFINITY};
    for (size_t k = 0; k < 6; k++) {
        synthetic y = synthetic_new(4, 3, 98, false, true);
        if (k >= 3)
            synthetic_split(&y, names, 2, 99);
        dr_economy *economy = synthetic_economy(&y);
        slow_model p = usual;
        p.psi = mobility[k % 3];
        dr_model *model = model_of(economy, p);
        double world[2], region[2], small, large;
        gaps(model, 1e-4, &world[0], &region[0], &small);
        gaps(model, 1e-3, &world[1], &region[1], &large);
        near(large / small, 10, 0.05);
        assert_true(fabs(world[0]) < 1e-3 * fabs(small) && fabs(region[0]) < 1e-3 * fabs(small) * 10);
        near(world[1] / world[0], 100, 2);
        near(region[1] / region[0], 100, 2);
        dr_model_free(model);
        dr_economy_free(economy);
        synthetic_free(&y);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_continuous),        cmocka_unit_test(zero_is_continuous),
        cmocka_unit_test(mobility_is_continuous),   cmocka_unit_test(leontief_has_fixed_proportions),
        cmocka_unit_test(fixed_factors_two_by_two), cmocka_unit_test(small_shocks_are_hultens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
