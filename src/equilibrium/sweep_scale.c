#include "equilibrium/sweep_scale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sector whose sales are below this part of their base is as good as gone. */
static const double GONE = 1e-250;

dr_status dr_scale_new(dr_sweep *w)
{
    const dr_model *m = w->model;
    w->made = w->output;
    if (!m->scale)
        return DR_OK;
    const dr_array wanted[] = {{&w->base_output, w->block}, {&w->growth, w->block}};
    const dr_array restricted[] = {{&w->cost, w->block}, {&w->profit, w->stride}};
    w->scale_numbers = m->cost_part ? dr_new_arrays(restricted, 2) : dr_new_arrays(wanted, 2);
    if (!w->scale_numbers)
        return dr_fail_memory();
    w->made = m->cost_part ? w->cost : w->output;
    for (size_t n = 0; n < w->r && w->growth; n++)
        for (size_t s = 0; s < w->s; s++)
            w->base_output[s * w->stride + n] = m->reach ? m->base.value_added[n] : m->base.output[n * w->s + s];
    return DR_OK;
}

void dr_scale_free(dr_sweep *w)
{
    free(w->scale_numbers);
}

/* A sector without sales in the base has neither size nor growth. */
static void settle_growth(dr_sweep *w)
{
    for (size_t j = 0; j < w->block; j++) {
        w->growth[j] = w->base_output[j] > 0 ? fmax(dr_sweep_size(w, j) / w->base_output[j], GONE) : 1;
    }
    w->kernels->log(w->block, w->growth, w->growth);
}

static void settle_profits(dr_sweep *w)
{
    memset(w->profit, 0, w->stride * sizeof(double));
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++) {
            size_t j = s * w->stride + n;
            w->cost[j] = w->model->cost_part[s] * w->output[j];
            w->profit[n] += w->output[j] - w->cost[j];
        }
}

void dr_scale_settle(dr_sweep *w)
{
    if (w->growth)
        settle_growth(w);
    if (w->profit)
        settle_profits(w);
}

void dr_scale_cost(const dr_sweep *w, double *cost)
{
    for (size_t s = 0; s < w->s && w->growth; s++) {
        double mu = w->model->scale[s];
        for (size_t j = s * w->stride; j < (s + 1) * w->stride; j++)
            cost[j] = (1 + mu) * cost[j] - mu * w->growth[j];
    }
}
