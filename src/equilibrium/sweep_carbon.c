#include "equilibrium/sweep_carbon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/carbon.h"

/* On the way to a solution at least this part of sales is left to inputs and factors. */
static const double LEAST_NET = 1e-6;

void dr_sweep_carbon_free(dr_sweep *w)
{
    free(w->carbon_numbers);
}

dr_status dr_sweep_carbon_new(dr_sweep *w, const dr_scenario *scenario)
{
    if (!scenario || !scenario->carbon || !scenario->carbon->price)
        return DR_OK;
    bool any = false;
    for (size_t cell = 0; cell < w->r * w->s; cell++)
        any = any || scenario->carbon->last[cell];
    if (!any)
        return DR_OK;
    if (w->model->scale)
        return dr_fail(DR_BAD_INPUT, "a price on emissions does not go with scale economies or markups yet; expected a "
                                     "model without them");
    const dr_array wanted[] = {
        {&w->carbon, w->block}, {&w->carbon_part, w->block}, {&w->net_part, w->block}, {&w->net, w->block}};
    w->carbon_numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    if (!w->carbon_numbers)
        return dr_fail_memory();
    w->made = w->net;
    if (!w->ease && !(w->ease = dr_new_doubles(w->block)))
        return dr_fail_memory();
    return DR_OK;
}

void dr_sweep_carbon_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    for (size_t n = 0; n < w->r && w->carbon; n++)
        for (size_t s = 0; s < w->s; s++) {
            size_t cell = n * w->s + s, at = s * w->stride + n;
            dr_carbon_cost cost = dr_carbon_cost_of(scenario, cell, w->model->base.output[cell], part);
            w->carbon[at] = cost.tax;
            w->ease[at] -= log1p(cost.resources);
        }
}

void dr_sweep_carbon_settle(dr_sweep *w)
{
    if (!w->carbon)
        return;
    for (size_t j = 0; j < w->block; j++)
        w->carbon_part[j] = -w->x[j];
    w->kernels->exp(w->block, w->carbon_part, w->carbon_part);
    for (size_t j = 0; j < w->block; j++) {
        w->carbon_part[j] = fmin(w->carbon[j] * w->carbon_part[j], 1 - LEAST_NET);
        w->net_part[j] = 1 - w->carbon_part[j];
        w->net[j] = w->output[j] * w->net_part[j];
        w->revenue[j % w->stride] += w->output[j] - w->net[j];
    }
    if (!w->model->nests.cobb_douglas)
        w->kernels->log(w->block, w->net_part, w->net_part);
}

void dr_sweep_carbon_cost(const dr_sweep *w, double *cost)
{
    if (!w->carbon)
        return;
    w->kernels->exp(w->block, cost, cost);
    for (size_t j = 0; j < w->block; j++)
        cost[j] += w->carbon[j];
    w->kernels->log(w->block, cost, cost);
}

double dr_sweep_carbon_part(const dr_sweep *w, size_t at, double cost)
{
    return w->carbon ? fmin(w->carbon[at] * exp(-cost), 1 - LEAST_NET) : 0;
}

dr_status dr_sweep_carbon_report(const dr_sweep *w, const dr_scenario *scenario, double part, dr_solution *solution)
{
    size_t cells = w->r * w->s;
    bool productive = solution->productivity != NULL;
    if (!w->carbon)
        return DR_OK;
    solution->carbon = dr_new_doubles(cells);
    solution->carbon_left = dr_new_doubles(cells);
    if (!productive)
        solution->productivity = dr_new_doubles(cells);
    if (!solution->carbon || !solution->carbon_left || !solution->productivity)
        return dr_fail_memory();
    for (size_t cell = 0; cell < cells; cell++) {
        dr_carbon_cost cost = dr_carbon_cost_of(scenario, cell, w->model->base.output[cell], part);
        solution->carbon[cell] = cost.tax;
        solution->carbon_left[cell] = cost.left;
        solution->productivity[cell] = (productive ? solution->productivity[cell] : 1) / (1 + cost.resources);
    }
    return DR_OK;
}
