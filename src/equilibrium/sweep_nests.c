/* The nests of the model (docs/model.md): unit cost is CES (eta) of value added and the bundle of inputs, the bundle is
 * CES (rho) of the inputs, final demand CES (phi) of the goods. With all three 1 the shares never change, and one pass
 * over the input shares does; else the bundle's price must be known before the demand for inputs, and it takes two. */
#include <math.h>
#include <string.h>

#include "equilibrium/sweep.h"
#include "equilibrium/sweep_carbon.h"
#include "equilibrium/sweep_factors.h"
#include "equilibrium/sweep_nests.h"
#include "equilibrium/sweep_scale.h"
#include "equilibrium/sweep_shifts.h"

void dr_sweep_pay(dr_sweep *w)
{
    const dr_model *m = w->model;
    dr_rows rows = dr_sweep_primary(w, w->x + 2 * w->block);
    for (size_t s = 0; s < w->s; s++) {
        const double *wage = rows.first + s * rows.step, *cost = w->x + s * w->stride;
        for (size_t n = 0; n < w->stride; n++)
            w->pay[s * w->stride + n] =
                (1 - m->nests.eta[s]) *
                (wage[n] - dr_scale_bundle(w, s * w->stride + n, cost[n]) - dr_sweep_carbon_net(w, s * w->stride + n));
    }
    if (!m->nests.cobb_douglas)
        w->kernels->exp(w->block, w->pay, w->pay);
    for (size_t j = 0; j < w->block; j++)
        w->pay[j] = m->value_added_share[j] * w->made[j] * (m->nests.cobb_douglas ? 1 : w->pay[j]);
    for (size_t n = 0; n < w->r && m->reach; n++) /* of the one good */
        w->pay[n] += w->overhead[n];
}

static void cobb_douglas_inputs(dr_sweep *w, dr_rows wages, double *cost, double *demand)
{
    const dr_model *m = w->model;
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++) {
            size_t j = s * w->stride + n;
            cost[j] = m->value_added_share[j] * wages.first[s * wages.step + n];
            demand[j] = w->final_share[j] * w->income[n];
        }
    w->kernels->inputs(w->s, w->s, w->stride, m->input_share, w->price, w->made, cost, demand);
}

/* Final demand: demand[k][n] = alpha (P[k] / P)^(1 - phi) I, with P^(1 - phi) = sum_k alpha P[k]^(1 - phi). */
static void final_demand(dr_sweep *w, double *demand)
{
    const dr_model *m = w->model;
    double *sum = w->bought; /* free at this point of a sweep */
    memset(sum, 0, w->stride * sizeof(double));
    for (size_t j = 0; j < w->block; j++)
        w->quantity[j] = (1 - m->nests.phi) * w->price[j];
    w->kernels->exp(w->block, w->quantity, w->quantity);
    for (size_t k = 0; k < w->s; k++)
        for (size_t n = 0; n < w->stride; n++) {
            demand[k * w->stride + n] = w->final_share[k * w->stride + n] * w->quantity[k * w->stride + n];
            sum[n] += demand[k * w->stride + n];
        }
    for (size_t k = 0; k < w->s; k++)
        for (size_t n = 0; n < w->r; n++)
            demand[k * w->stride + n] *= sum[n] > 0 ? w->income[n] / sum[n] : 0;
}

/* ln of the price of the bundle of the sectors [first, end), which share rho; `quantity` becomes P[k]^(1 - rho), or ln
 * P[k] where rho is 1. */
static void bundle_prices(dr_sweep *w, size_t first, size_t end, double rho)
{
    const dr_model *m = w->model;
    size_t at = first * w->stride, count = (end - first) * w->stride;
    double *bundle = w->bundle + at;
    memset(bundle, 0, count * sizeof(double));
    for (size_t j = 0; j < w->block; j++)
        w->quantity[j] = rho == 1 ? w->price[j] : (1 - rho) * w->price[j];
    if (rho != 1)
        w->kernels->exp(w->block, w->quantity, w->quantity);
    w->kernels->inputs(end - first, w->s, w->stride, m->input_share + first * w->block, w->quantity, w->zero, bundle,
                       w->spread);
    for (size_t j = 0; j < count; j++)
        bundle[j] = m->bundle_share[at + j] > 0 ? bundle[j] / m->bundle_share[at + j] : rho != 1;
    if (rho == 1)
        return;
    w->kernels->log(count, bundle, bundle);
    for (size_t j = 0; j < count; j++)
        bundle[j] /= 1 - rho;
}

/* ln of unit cost of one sector: c^(1 - eta) = g w^(1 - eta) + (1 - g) m^(1 - eta). Uses `use` and `spread`, which are
 * free before the demand for inputs. */
static void unit_costs(const dr_sweep *w, size_t s, const double *wage, double *cost)
{
    const dr_model *m = w->model;
    const double *g = m->value_added_share + s * w->stride, *inputs = m->bundle_share + s * w->stride;
    const double *bundle = w->bundle + s * w->stride, power = 1 - m->nests.eta[s];
    double *of_wage = w->use, *of_inputs = w->spread;
    if (power == 0) {
        for (size_t n = 0; n < w->stride; n++)
            cost[n] = g[n] * wage[n] + inputs[n] * bundle[n];
        return;
    }
    for (size_t n = 0; n < w->stride; n++) {
        of_wage[n] = power * wage[n];
        of_inputs[n] = power * bundle[n];
    }
    w->kernels->exp(w->stride, of_wage, of_wage);
    w->kernels->exp(w->stride, of_inputs, of_inputs);
    for (size_t n = 0; n < w->stride; n++)
        cost[n] = g[n] + inputs[n] > 0 ? g[n] * of_wage[n] + inputs[n] * of_inputs[n] : 1;
    w->kernels->log(w->stride, cost, cost);
    for (size_t n = 0; n < w->stride; n++)
        cost[n] /= power;
}

/* Demand of the sectors [first, end) for inputs: a[k,s] (P[k] / m)^(1 - rho) (m / c)^(1 - eta) Y[s]. */
static void input_demand(dr_sweep *w, size_t first, size_t end, double rho, const double *cost, double *demand)
{
    const dr_model *m = w->model;
    size_t at = first * w->stride, count = (end - first) * w->stride;
    for (size_t s = first; s < end; s++)
        for (size_t n = 0; n < w->stride; n++) {
            size_t j = s * w->stride + n;
            w->use[j] = (rho - 1) * w->bundle[j] + (1 - m->nests.eta[s]) * (w->bundle[j] - cost[j]);
        }
    w->kernels->exp(count, w->use + at, w->use + at);
    for (size_t j = at; j < at + count; j++)
        w->use[j] *= w->made[j];
    memset(w->spread, 0, w->block * sizeof(double));
    w->kernels->inputs(end - first, w->s, w->stride, m->input_share + first * w->block, w->zero, w->use + at,
                       w->bundle + at, w->spread);
    for (size_t j = 0; j < w->block; j++)
        demand[j] += w->spread[j] * (rho == 1 ? 1 : w->quantity[j]);
}

void dr_sweep_inputs(dr_sweep *w, const double *wages, double *cost, double *demand)
{
    const dr_nests *nests = &w->model->nests;
    dr_rows rows = dr_sweep_primary(w, wages);
    if (nests->cobb_douglas) {
        cobb_douglas_inputs(w, rows, cost, demand);
        dr_scale_cost(w, cost);
        dr_shifts_cost(w, cost);
        return;
    }
    final_demand(w, demand);
    for (size_t first = 0, end; first < w->s; first = end) {
        end = first + 1;
        while (end < w->s && nests->rho[end] == nests->rho[first])
            end++;
        bundle_prices(w, first, end, nests->rho[first]);
        for (size_t s = first; s < end; s++)
            unit_costs(w, s, rows.first + s * rows.step, cost + s * w->stride);
        input_demand(w, first, end, nests->rho[first], cost, demand);
    }
    dr_scale_cost(w, cost);
    dr_shifts_cost(w, cost);
}
