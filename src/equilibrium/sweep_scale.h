/* Scale economies and profits in a sweep (docs/model.md, "Scale economies"). The size of a sector is what it uses of
 * its bundle of factors and inputs, sales over the price b of the bundle, so that with elasticity mu
 *
 *   ln c = ln b - mu (ln(Y / Y0) - ln b) = (1 + mu) ln b - mu ln(Y / Y0)
 *
 * Where markups earn profits instead, they are a part of sales that is no cost. */
#ifndef DR_EQUILIBRIUM_SWEEP_SCALE_H
#define DR_EQUILIBRIUM_SWEEP_SCALE_H

#include "equilibrium/sweep.h"
#include "equilibrium/sweep_shifts.h"

/* Takes the memory that the model needs; after sweep_arrays, which fills `made` otherwise. */
dr_status dr_scale_new(dr_sweep *w);
void dr_scale_free(dr_sweep *w);

/* From sales: growth, costs in all, and profits. */
void dr_scale_settle(dr_sweep *w);

/* The scale elasticity of the sector at [s][n]. */
static inline double dr_scale_at(const dr_sweep *w, size_t at)
{
    return w->growth ? w->model->scale[at / w->stride] : 0;
}

/* What the size of a sector is read off, as far as scale economies and pay follow it: sales, after what is paid for
 * emissions, and what overhead pays to the labour that makes the one good. */
static inline double dr_sweep_size(const dr_sweep *w, size_t at)
{
    return w->carbon ? w->made[at] : w->output[at] + (w->model->reach ? w->overhead[at] : 0);
}

/* ln of the price of the bundle, given ln of unit cost, at the sales of the last sweep. */
static inline double dr_scale_bundle(const dr_sweep *w, size_t at, double cost)
{
    double mu = dr_scale_at(w, at), eased = cost + dr_shifts_ease(w, at);
    return w->growth ? (eased + mu * w->growth[at]) / (1 + mu) : eased;
}

/* From ln of the price of bundles to ln of unit cost, but for productivity. */
void dr_scale_cost(const dr_sweep *w, double *cost);

#endif
