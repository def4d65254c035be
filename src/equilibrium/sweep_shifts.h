/* What a scenario shifts in a sweep besides flows: productivity, the supply of factors, final demand and transfers
 * (docs/model.md, "Shifts and transfers"). */
#ifndef DR_EQUILIBRIUM_SWEEP_SHIFTS_H
#define DR_EQUILIBRIUM_SWEEP_SHIFTS_H

#include "equilibrium/sweep.h"

/* Takes the memory that the shifts of the scenario (NULL: none) need, and fills the supply of factors of the base. */
dr_status dr_shifts_new(dr_sweep *w, const dr_scenario *scenario);
void dr_shifts_free(dr_sweep *w);

/* Sets a part of the scenario: factors to that power, transfers that much. */
void dr_shifts_load(dr_sweep *w, const dr_scenario *scenario, double part);

/* The logarithm of productivity over base at [s][n]. */
static inline double dr_shifts_ease(const dr_sweep *w, size_t at)
{
    return w->ease ? w->ease[at] : 0;
}

/* From ln of the cost of what production uses to ln of unit cost, for all sectors, with what carbon costs. */
void dr_shifts_cost(const dr_sweep *w, double *cost);

/* Copies what results need of the shifts to a solution. */
dr_status dr_shifts_report(const dr_sweep *w, const dr_scenario *scenario, double part, dr_solution *solution);

#endif
