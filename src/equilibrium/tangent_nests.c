/* The derivative of the nests (sweep_nests.c). With sigma[k,s] the share of good k in the bundle of s and gamma[s] that
 * of value added in unit cost:
 *
 *   d ln m[s] = sum_k sigma[k,s] d ln P[k]
 *   d ln c[s] = gamma[s] d ln w[s] + (1 - gamma[s]) d ln m[s]
 *   d demand of s for k = demand ((1 - rho) (d ln P[k] - d ln m[s]) + (1 - eta) (d ln m[s] - d ln c[s]) + d ln Y[s])
 *   d final demand for k = demand ((1 - phi) (d ln P[k] - mean of d ln P) + d ln I) */
#include <math.h>
#include <string.h>

#include "equilibrium/sweep_carbon.h"
#include "equilibrium/sweep_factors.h"
#include "equilibrium/sweep_scale.h"
#include "equilibrium/tangent.h"
#include "equilibrium/tangent_nests.h"

/* P[k]^(1 - rho), in input_price. */
static const double *input_prices(const dr_tangent *t, double rho)
{
    const dr_sweep *w = t->equations->sweep;
    for (size_t j = 0; j < w->block; j++)
        t->input_price[j] = (1 - rho) * w->price[j];
    w->kernels->exp(w->block, t->input_price, t->input_price);
    return t->input_price;
}

/* The first sector after `first` whose rho is another. */
static size_t run_end(const dr_sweep *w, size_t first)
{
    size_t end = first + 1;
    while (end < w->s && w->model->nests.rho[end] == w->model->nests.rho[first])
        end++;
    return end;
}

static bool one_run(const dr_sweep *w)
{
    return run_end(w, 0) == w->s;
}

/* Final demand at y. */
static void final_at(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    const dr_model *m = w->model;
    for (size_t n = 0; n < w->r; n++) {
        double sum = 0;
        for (size_t j = n; j < w->block; j += w->stride)
            sum += t->final[j] = w->final_share[j] * exp((1 - m->nests.phi) * w->price[j]);
        for (size_t j = n; j < w->block; j += w->stride)
            t->final[j] *= sum > 0 ? w->income[n] / sum : 0;
    }
}

/* ln of the price of value added at y, of the last sweep. */
static double wage(const dr_tangent *t, size_t j)
{
    return t->value_added
        .first[j / t->equations->sweep->stride * t->value_added.step + j % t->equations->sweep->stride];
}

/* ln of the cost of what a unit of output took in the base, at the costs to which the last sweep led. */
static double inputs_cost(const dr_sweep *w, size_t j)
{
    return dr_scale_bundle(w, j, w->next[j]) + log1p(-dr_sweep_carbon_part(w, j, w->next[j]));
}

/* The run of sectors [first, end): the sums that their bundles' prices are made of, value added in unit cost, and what
 * they spend. */
static void run_at(dr_tangent *t, size_t first, size_t end)
{
    const dr_sweep *w = t->equations->sweep;
    const dr_model *m = w->model;
    double rho = m->nests.rho[first];
    const double *prices = input_prices(t, rho), *share = m->input_share + first * w->block;
    size_t at = first * w->stride, after = end * w->stride;
    memset(t->bundle_power + at, 0, (after - at) * sizeof(double));
    memset(t->spend, 0, w->block * sizeof(double));
    w->kernels->inputs(end - first, w->s, w->stride, share, prices, t->zero, t->bundle_power + at, t->ignored);
    for (size_t j = at; j < after; j++) {
        double power = 1 - m->nests.eta[j / w->stride], inputs = 0;
        t->pay_share[j] = m->value_added_share[j] * exp(power * (wage(t, j) - inputs_cost(w, j)));
        if (m->bundle_share[j] > 0)
            inputs = m->value_added_share[j] > 0 ? 1 - t->pay_share[j] : 1;
        t->use[j] = t->bundle_power[j] > 0 ? inputs * w->made[j] / t->bundle_power[j] : 0;
    }
    w->kernels->inputs(end - first, w->s, w->stride, share, t->zero, t->use + at, t->ignored, t->spend);
    for (size_t j = 0; j < w->block; j++)
        t->used[j] += (1 - rho) * prices[j] * t->spend[j];
}

void dr_tangent_nests_at(dr_tangent *t)
{
    dr_sweep *w = t->equations->sweep;
    t->value_added = dr_sweep_primary(w, w->x + 2 * w->block);
    memset(t->used, 0, w->block * sizeof(double));
    for (size_t first = 0; first < w->s; first = run_end(w, first))
        run_at(t, first, run_end(w, first));
    final_at(t);
}

/* The response of the bundles of a run, and of unit costs, to prices; `moved` is work. */
static void run_costs(dr_tangent *t, size_t first, size_t end, const double *prices)
{
    const dr_sweep *w = t->equations->sweep;
    size_t at = first * w->stride, after = end * w->stride;
    for (size_t j = 0; j < w->block; j++)
        t->moved[j] = prices[j] * t->price[j];
    memset(t->bundle + at, 0, (after - at) * sizeof(double));
    w->kernels->inputs(end - first, w->s, w->stride, w->model->input_share + first * w->block, t->moved, t->zero,
                       t->bundle + at, t->ignored);
    for (size_t j = at; j < after; j++) {
        t->bundle[j] = t->bundle_power[j] > 0 ? t->bundle[j] / t->bundle_power[j] : 0;
        t->cost[j] =
            t->pay_share[j] * t->primary[j] + (t->bundle_power[j] > 0 ? (1 - t->pay_share[j]) * t->bundle[j] : 0);
    }
}

/* The response of their demand, except for the part that is common to all of them, which is in `used`. */
static void run_demand(dr_tangent *t, size_t first, size_t end, const double *prices)
{
    const dr_sweep *w = t->equations->sweep;
    const dr_model *m = w->model;
    size_t at = first * w->stride, after = end * w->stride;
    double rho = m->nests.rho[first];
    for (size_t j = at; j < after; j++) {
        double of_bundle = (1 - m->nests.eta[j / w->stride]) * (t->bundle[j] - t->cost[j]) - (1 - rho) * t->bundle[j];
        t->market[j] = w->output[j] > 0 ? t->use[j] * (of_bundle + dr_tangent_grows(t, j)) : 0;
    }
    memset(t->spend, 0, w->block * sizeof(double));
    w->kernels->inputs(end - first, w->s, w->stride, m->input_share + first * w->block, t->zero, t->market + at,
                       t->ignored, t->spend);
    for (size_t j = 0; j < w->block; j++)
        t->wanted[j] += prices[j] * t->spend[j];
}

static void final_demand(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    double phi = w->model->nests.phi;
    for (size_t n = 0; n < w->r; n++) {
        double mean = 0;
        for (size_t j = n; j < w->block; j += w->stride)
            mean += t->final[j] * t->price[j];
        mean /= w->income[n];
        for (size_t j = n; j < w->block; j += w->stride)
            t->wanted[j] += t->used[j] * t->price[j] +
                            t->final[j] * ((1 - phi) * (t->price[j] - mean) + t->income[n] / w->income[n]);
    }
}

void dr_tangent_nests(dr_tangent *t)
{
    const dr_sweep *w = t->equations->sweep;
    memset(t->wanted, 0, w->block * sizeof(double));
    for (size_t first = 0; first < w->s; first = run_end(w, first)) {
        size_t end = run_end(w, first);
        const double *prices = one_run(w) ? t->input_price : input_prices(t, w->model->nests.rho[first]);
        run_costs(t, first, end, prices);
        run_demand(t, first, end, prices);
    }
    final_demand(t);
}
