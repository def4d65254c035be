/* Limits on the volumes of products, and taxes of their exporters: against the plain model, in which a wedge is a trade
 * cost, a tax or a tariff; that a limit holds is checked with what the plain model sells. */
#include <string.h>

#include "equilibrium/certificate.h"
#include "equilibrium/solution.h"
#include "model/tier.h"
#include "scenario/product_change.h"
#include "support/check.h"
#include "support/slow_model.h"

enum { R = 3, S = 2, P = 4 };

/* The flows of products from A1 and A2 to A0, one instrument on some of them. */
typedef struct instrument {
    const char *name;
    dr_rent rent;
    const char *products, *from;
    double level; /* a part of the base; of a tax, its rate */
    double in_quota, over_quota;
    bool together;
} instrument;

static const instrument instruments[] = {
    {"export-curb", DR_RENT_EXPORTER, "HS00", "A1", 0.4, 0, 0, false},
    {"export-curb", DR_RENT_EXPORTER, "HS00,HS02", "A1,A2", 0.6, 0, 0, true},
    {"export-curb", DR_RENT_IMPORTER, "HS01", "A1,A2", 0.5, 0, 0, false},
    {"export-curb", DR_RENT_LOST, "HS00,HS01", "A2", 0.5, 0, 0, true},
    {"quota", DR_RENT_IMPORTER, "HS00,HS01", "A1,A2", 0.3, 0, 0, true},
    {"quota", DR_RENT_EXPORTER, "HS03", "A1", 4, 0, 0, true},
    {"tariff-rate-quota", DR_RENT_IMPORTER, "HS00", "A1,A2", 0.5, 0.05, 0.3, false},
    {"tariff-rate-quota", DR_RENT_EXPORTER, "HS00,HS01", "A1", 0.5, 0.05, 0.3, true},
    {"tariff-rate-quota", DR_RENT_LOST, "HS02", "A1,A2", 0.6, 0, 0.4, false},
    {"tariff-rate-quota", DR_RENT_EXPORTER, "HS02", "A1", 0.7, 0, 3, false},
    {"tariff-rate-quota", DR_RENT_IMPORTER, "HS02", "A1", 2, 0, 0.4, false},
    {"export-tax", DR_RENT_EXPORTER, "HS00,HS02", "A1", 0.25, 0, 0, false},
    {"export-subsidy", DR_RENT_EXPORTER, "HS01", "A1,A2", -0.15, 0, 0, false}};
enum { INSTRUMENTS = sizeof instruments / sizeof *instruments };

static dr_model *model_of(const dr_economy *economy, const slow_products *p, slow_model nests)
{
    char theta[32], sigma[32], mu[32];
    dr_model *model = NULL;
    snprintf(theta, sizeof theta, "%.17g", nests.theta);
    snprintf(sigma, sizeof sigma, "%.17g", p->sigma);
    snprintf(mu, sizeof mu, "%.17g", p->mu);
    FILE *file = fopen("limit-thetas.csv", "w");
    fputs("product,trade_elasticity\n", file);
    for (size_t k = 0; k < p->count; k++)
        fprintf(file, "%02zu,%.17g\n", k, p->theta[k]);
    fclose(file);
    ok(dr_model_new(&model, economy,
                    &DR_OPTIONS(dr_model_options, .elasticity = theta, .products = "nest",
                                .product_elasticity = "limit-thetas.csv", .product_substitution = sigma,
                                .import_elasticity = mu, .tolerance = 1e-13)));
    (void)remove("limit-thetas.csv");
    for (size_t s = 0; s < model->sectors; s++) {
        model->nests.eta[s] = nests.eta;
        model->nests.rho[s] = nests.rho;
    }
    model->nests.phi = nests.phi;
    model->nests.psi = nests.psi;
    model->nests.cobb_douglas = false;
    return model;
}

static dr_scenario *scenario_of(const dr_economy *economy, const instrument *of)
{
    char line[200];
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    if (strncmp(of->name, "tariff", 6) != 0) /* one with a tariff of its own */
        ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00", 0.2, DR_RATE_SET));
    ok(dr_scenario_trade_cost(scenario, "A0", "A2", "HS01", 1.3, false));
    if (of->in_quota > 0 || of->over_quota > 0)
        snprintf(line, sizeof line,
                 "{by: A0, on: [%s], products: [%s], quota: %.17g%%, in-quota: %.17g%%, over-quota: %.17g%%, rent: %s, "
                 "together: %s}",
                 of->from, of->products, 100 * of->level, 100 * of->in_quota, 100 * of->over_quota,
                 (const char *[]){"exporter", "importer", "lost"}[of->rent], of->together ? "true" : "false");
    else if (strncmp(of->name, "export-", 7) == 0 && of->name[7] != 'c')
        snprintf(line, sizeof line, "{by: [%s], to: A0, products: [%s], rate: %.17g%%}", of->from, of->products,
                 100 * fabs(of->level));
    else if (*of->name == 'e')
        snprintf(line, sizeof line, "{by: [%s], to: A0, products: [%s], cut: %.17g%%, rent: %s, together: %s}",
                 of->from, of->products, 100 * (1 - of->level),
                 (const char *[]){"exporter", "importer", "lost"}[of->rent], of->together ? "true" : "false");
    else
        snprintf(line, sizeof line, "{by: A0, on: [%s], products: [%s], at: %.17g, rent: %s}", of->from, of->products,
                 of->level, (const char *[]){"exporter", "importer", "lost"}[of->rent]);
    ok(dr_scenario_change(scenario, of->name, line));
    return scenario;
}

/* The wedges of the solution as costs, taxes and tariffs of the plain model. */
static void give_wedges(slow_products *p, const dr_scenario *scenario, const dr_solution *fast, const synthetic *y)
{
    const dr_product_trade *trade = fast->model->tier->trade;
    for (size_t c = 0; c < scenario->limit_count; c++) {
        const dr_volume_limit *limit = &scenario->limits[c];
        const dr_limit_result *is = &fast->limits[c];
        for (size_t j = 0; j < limit->count; j++) {
            size_t flow = limit->flows[j], n = flow / S / R, i = flow / S % R, k = 0;
            while (trade->flows.start[k + 1] <= limit->rows[j])
                k++;
            double rate = p->tariff[n][i][k] > -1 ? p->tariff[n][i][k] : y->tariff[flow];
            double scarce = 1 + (is->wedge - 1) * is->in_quota, paid = (1 + rate) * is->wedge;
            if (limit->rent == DR_RENT_EXPORTER)
                p->tax[n][i][k] = scarce;
            else if (limit->rent == DR_RENT_LOST)
                p->times[n][i][k] *= scarce;
            p->tariff[n][i][k] = (limit->rent == DR_RENT_IMPORTER ? paid : paid / scarce) - 1;
        }
    }
}

/* What is sold under a limit is its level, or less and the wedge is 1, or more and the wedge the largest. */
static void check_levels(const slow_products *p, const dr_scenario *scenario, const dr_solution *fast,
                         const synthetic *y, const instrument *of)
{
    const dr_product_trade *trade = fast->model->tier->trade;
    for (size_t c = 0; c < scenario->limit_count; c++) {
        const dr_volume_limit *limit = &scenario->limits[c];
        const dr_limit_result *is = &fast->limits[c];
        double sold = 0, base = 0, earned = 0;
        for (size_t j = 0; j < limit->count; j++) {
            size_t flow = limit->flows[j], n = flow / S / R, i = flow / S % R, k = 0;
            while (trade->flows.start[k + 1] <= limit->rows[j])
                k++;
            double used = limit->rent == DR_RENT_LOST ? 1 + (is->wedge - 1) * is->in_quota : 1;
            sold += p->sold[n][i][k] / used;
            earned += p->sold[n][i][k] / used * fast->cost[i * S + p->sector[k]];
            base += y->flow[flow] * slow_product_part(p, n, i, k, p->sector[k], 1);
        }
        double level = limit->relative ? limit->level * base : limit->level;
        near(is->base, base, 1e-9 * base);
        near(is->volume, sold, 1e-9 * base);
        if (limit->wedge > 0)
            near(is->wedge, limit->wedge, 1e-12);
        else if (is->wedge == 1)
            assert_true(sold <= level * (1 + 1e-9));
        else if (is->in_quota < 1)
            near(is->in_quota, level / sold, 1e-9);
        else
            near(sold, level, 1e-9 * base);
        if (limit->rent == DR_RENT_EXPORTER)
            near(is->rent, earned * (is->wedge - 1) * is->in_quota, 1e-8 * base);
        if (strcmp(of->name, "export-curb") == 0)
            assert_true(is->wedge > 1.01);
    }
}

static void near_all(const dr_solution *fast, const slow *plain, const synthetic *y, const instrument *of)
{
    dr_table *table = NULL;
    ok(dr_solution_regions(&table, fast));
    for (size_t n = 0; n < R; n++) {
        double welfare = dr_table_number(table, n, 1);
        if (!(fabs(welfare - plain->welfare[n]) < 1e-8))
            fail_msg("%s of %s, region %zu: welfare %.12g%% against %.12g%%", of->name, of->products, n, welfare,
                     plain->welfare[n]);
    }
    for (size_t f = 0; f < R * R * S; f++)
        if (!(fabs(fast->flow[f] - plain->flow[f]) <= 1e-9 * (y->flow[f] + fast->flow[f])))
            fail_msg("%s of %s: flow %zu is %.12g against %.12g", of->name, of->products, f, fast->flow[f],
                     plain->flow[f]);
    dr_table_free(table);
}

static void compare(const instrument *of, slow_model nests, double sigma, double mu, const double *theta,
                    size_t sectors, bool taxed, unsigned long long seed)
{
    synthetic y = synthetic_new(R, S, seed, taxed, true);
    slow_products p = slow_products_new(&y, P, sectors, seed);
    double *kappa = synthetic_numbers(R * R * S);
    p.sigma = sigma;
    p.mu = mu;
    memcpy(p.theta, theta, P * sizeof *theta);
    for (size_t k = 0; k < P; k++)
        p.value[0][1][k] = 0.3 + (double)k, p.value[0][2][k] = 1 + 0.2 * (double)k;
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    dr_model *model = model_of(economy, &p, nests);
    dr_scenario *scenario = scenario_of(economy, of);
    dr_solution *fast = NULL;
    ok(dr_model_solve(&fast, model, scenario));
    if (strncmp(of->name, "tariff", 6) != 0)
        p.tariff[0][1][0] = 0.2;
    else
        for (size_t k = 0; k < P; k++)
            for (size_t i = 1; i < R; i++)
                if (strstr(of->products, (char[]){'0', (char)('0' + k), 0}) &&
                    strstr(of->from, (char[]){'A', (char)('0' + i), 0}))
                    p.tariff[0][i][k] = of->in_quota;
    p.times[0][2][1] = 1.3;
    give_wedges(&p, scenario, fast, &y);
    for (size_t f = 0; f < R * R * S; f++)
        kappa[f] = 1;
    slow plain = slow_solve(&y, nests, y.tariff, kappa);
    near_all(fast, &plain, &y, of);
    check_levels(&p, scenario, fast, &y, of);
    slow_free(&plain);
    dr_solution_free(fast);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    free(kappa);
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
    for (size_t c = 0; c < INSTRUMENTS; c++)
        for (size_t m = 0; m < 3; m++)
            compare(&instruments[c], nests[m], sigmas[(c + m) % 3], mus[m], thetas[m], 1 + (c + m) % 2, m % 2 == 0,
                    7 + c);
}

/* A quota on a whole flow of which products have tariffs of their own: its rent, with the importer, is on top of each
 * tariff, which is one of (1 + tariff) wedge - 1 then. */
static void whole_flows(void **state)
{
    (void)state;
    synthetic y = synthetic_new(R, S, 5, true, true);
    slow_products p = slow_products_new(&y, P, 1, 5);
    const slow_model nests = {2, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0};
    const size_t flow = 1 * S; /* of s0 from A1 to A0 */
    double *kappa = synthetic_numbers(R * R * S), *tariff = synthetic_numbers(R * R * S);
    for (size_t k = 0; k < P; k++)
        p.theta[k] = 2 + (double)k, p.value[0][1][k] = 0.3 + (double)k;
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    dr_model *model = model_of(economy, &p, nests);
    dr_scenario *scenario = NULL;
    dr_solution *fast = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00,HS02", 0.3, DR_RATE_SET));
    ok(dr_scenario_quota(scenario, "A0", "A1", "s0", 0.5 * y.flow[flow], DR_RENT_IMPORTER));
    ok(dr_model_solve(&fast, model, scenario));
    double wedge = fast->limits[0].wedge;
    assert_true(wedge > 1.05);
    assert_int_equal(fast->limits[0].flows, 1);
    for (size_t f = 0; f < R * R * S; f++)
        kappa[f] = 1, tariff[f] = y.tariff[f];
    for (size_t k = 0; k < P; k++)
        p.tariff[0][1][k] = (1 + (k % 2 == 0 ? 0.3 : y.tariff[flow])) * wedge - 1;
    slow plain = slow_solve(&y, nests, tariff, kappa);
    near_all(fast, &plain, &y, &instruments[0]);
    double sold = 0;
    for (size_t k = 0; k < P; k++)
        sold += p.sold[0][1][k];
    near(sold, 0.5 * y.flow[flow], 1e-9 * y.flow[flow]);
    slow_free(&plain);
    dr_solution_free(fast);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    free(kappa);
    free(tariff);
    synthetic_free(&y);
}

/* Where a limit leaves almost nothing of a product, what is left is pooled; the certificate says how. */
static void thin_products(void **state)
{
    (void)state;
    synthetic y = synthetic_new(R, S, 5, false, true);
    slow_products p = slow_products_new(&y, P, 1, 5);
    for (size_t k = 0; k < P; k++)
        p.value[0][1][k] = 1, p.value[0][2][k] = k == 0 ? 1e-6 : 1;
    y.products = &p;
    dr_economy *economy = synthetic_economy(&y);
    slow_products_give(economy, &y);
    dr_model *model = model_of(economy, &p, (slow_model){0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0});
    model->nests.thin = 0.01;
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "HS00", 0.999, DR_RENT_EXPORTER, false));
    ok(dr_model_solve(&solution, model, scenario));
    assert_int_equal(solution->thin_products, 1);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plain_model), cmocka_unit_test(whole_flows),
                                       cmocka_unit_test(thin_products)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
