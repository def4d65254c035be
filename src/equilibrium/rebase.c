/* An equilibrium as the base of a model: of the same, or of one that looks at another horizon. */
#include <math.h>
#include <string.h>

#include "equilibrium/rebase.h"
#include "equilibrium/solution.h"
#include "model/calibrate.h"
#include "model/prices.h"

/* The final demand of region n of a solution for good k, a value. */
static double new_final(const dr_solution *solution, size_t n, size_t k)
{
    const dr_model *m = solution->model;
    double relative = solution->price[n * m->sectors + k] / dr_solution_consumer_price(solution, n);
    const double *share = solution->final_share ? solution->final_share : m->final_share;
    return share[k * m->stride + n] * pow(relative, 1 - m->nests.phi) * solution->income[n];
}

double dr_input_share(const dr_solution *solution, size_t n, size_t k, size_t s, double bundle)
{
    const dr_model *m = solution->model;
    double in_bundle = pow(solution->price[n * m->sectors + k] / bundle, 1 - m->nests.rho[s]);
    double in_cost = pow(bundle / dr_solution_input_cost(solution, n, s), 1 - m->nests.eta[s]);
    return m->input_share[(s * m->sectors + k) * m->stride + n] * in_bundle * in_cost;
}

void dr_rebase(dr_model *m, const dr_solution *solution)
{
    size_t r = m->regions, s = m->sectors;
    dr_base *b = &m->base;
    memcpy(b->flow, solution->flow, r * r * s * sizeof(double));
    memcpy(b->deficit, solution->deficit, r * sizeof(double));
    for (size_t flow = 0; flow < r * r * s && b->tariff; flow++)
        b->tariff[flow] = solution->tariff ? solution->tariff[flow] : 0;
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++) {
            double bundle = dr_bundle_price(solution->model, solution->price, n, k);
            double value_added = b->value_added[n * s + k] = solution->value_added[n * s + k];
            for (size_t f = 0; f < m->factors && b->factor_share; f++)
                b->factor_share[(f * r + n) * s + k] =
                    value_added > 0 ? solution->factor_pay[(f * r + n) * s + k] / value_added : 0;
            b->final[n * s + k] = new_final(solution, n, k);
            double net = dr_solution_net_sales(solution, n * s + k);
            for (size_t j = 0; j < s; j++)
                b->input[(n * s + j) * s + k] = dr_input_share(solution, n, j, k, bundle) * net;
        }
    dr_base_incomes(m);
    dr_base_shares(m);
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++)
            m->spending[k * m->stride + n] = b->spending[n * s + k];
}
