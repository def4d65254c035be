#include "equilibrium/sweep_shifts.h"
#include "equilibrium/sweep_carbon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/closure.h"
#include "model/factors.h"

void dr_shifts_free(dr_sweep *w)
{
    free(w->ease);
    free(w->wants);
    free(w->given);
}

/* A factor of the scenario to the power `part`. */
static double shifted(const dr_scenario *scenario, size_t shift, size_t cell, double part)
{
    double times = dr_scenario_shifted(scenario, shift, cell);
    return times == 1 ? 1 : pow(times, part);
}

/* Base incomes of factors, at base wages, with the part of their change. */
static void load_supply(dr_sweep *w, const dr_scenario *scenario, double part)
{
    memset(w->labour, 0, w->wages * w->stride * sizeof(double));
    memset(w->all_labour, 0, w->model->factors * w->stride * sizeof(double));
    for (size_t f = 0; f < w->model->factors; f++)
        for (size_t n = 0; n < w->r; n++)
            for (size_t s = 0; s < w->s; s++) {
                size_t cell = (f * w->r + n) * w->s + s;
                double there = dr_factor_base(w->model, f, n, s) * shifted(scenario, DR_SHIFT_SUPPLY, cell, part);
                w->labour[(w->first[f] + (w->rows[f] > 1 ? s : 0)) * w->stride + n] += there;
                w->all_labour[f * w->stride + n] += there;
            }
}

dr_status dr_shifts_new(dr_sweep *w, const dr_scenario *scenario)
{
    w->final_share = w->model->final_share;
    load_supply(w, NULL, 1);
    for (size_t j = 0; j < w->model->factors * w->stride; j++)
        w->world += w->all_labour[j];
    if (!scenario)
        return DR_OK;
    bool eased = scenario->shift[DR_SHIFT_PRODUCTIVITY].times, wanted = scenario->shift[DR_SHIFT_DEMAND].times;
    if (eased && !(w->ease = dr_new_doubles(w->block)))
        return dr_fail_memory();
    if (wanted && !(w->wants = dr_new_doubles(w->block)))
        return dr_fail_memory();
    if (scenario->transfer_count && !(w->given = dr_new_doubles(w->stride)))
        return dr_fail_memory();
    w->final_share = wanted ? w->wants : w->final_share;
    return DR_OK;
}

/* The shares of final demand at base prices, shifted and scaled to 1. */
static void load_demand(dr_sweep *w, const dr_scenario *scenario, double part)
{
    for (size_t n = 0; n < w->r; n++) {
        double sum = 0;
        for (size_t s = 0; s < w->s; s++) {
            size_t at = s * w->stride + n;
            w->wants[at] = w->model->final_share[at] * shifted(scenario, DR_SHIFT_DEMAND, n * w->s + s, part);
            sum += w->wants[at];
        }
        for (size_t s = 0; s < w->s && sum > 0; s++)
            w->wants[s * w->stride + n] /= sum;
    }
}

void dr_shifts_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    for (size_t n = 0; n < w->r && w->ease; n++) /* carbon prices come after this */
        for (size_t s = 0; s < w->s; s++)
            w->ease[s * w->stride + n] = part * log(dr_scenario_shifted(scenario, DR_SHIFT_PRODUCTIVITY, n * w->s + s));
    if (scenario && scenario->shift[DR_SHIFT_SUPPLY].times)
        load_supply(w, scenario, part);
    if (w->wants)
        load_demand(w, scenario, part);
    if (!w->given)
        return;
    dr_closure_transfers(w->model, scenario, w->given);
    for (size_t n = 0; n < w->r; n++)
        w->given[n] *= part;
}

void dr_shifts_cost(const dr_sweep *w, double *cost)
{
    for (size_t j = 0; j < w->block && w->ease; j++)
        cost[j] -= w->ease[j];
    dr_sweep_carbon_cost(w, cost);
}

/* Factors to the power `part`. */
static dr_status copy(double **out, const double *from, size_t count, double part)
{
    if (!from)
        return DR_OK;
    if (!(*out = dr_new_doubles(count)))
        return dr_fail_memory();
    for (size_t j = 0; j < count; j++)
        (*out)[j] = part == 1 ? from[j] : pow(from[j], part);
    return DR_OK;
}

dr_status dr_shifts_report(const dr_sweep *w, const dr_scenario *scenario, double part, dr_solution *solution)
{
    if (!scenario)
        return DR_OK;
    size_t cells = w->r * w->s;
    DR_TRY(copy(&solution->productivity, scenario->shift[DR_SHIFT_PRODUCTIVITY].times, cells, part));
    DR_TRY(dr_sweep_carbon_report(w, scenario, part, solution));
    DR_TRY(copy(&solution->supplied, scenario->shift[DR_SHIFT_SUPPLY].times, w->model->factors * cells, part));
    return copy(&solution->final_share, w->wants, w->block, 1);
}
