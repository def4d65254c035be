/* Limits on volumes in the sweep: export curbs and quotas, and taxes on exports, whose wedges are set. */
#ifndef DR_EQUILIBRIUM_SWEEP_LIMITS_H
#define DR_EQUILIBRIUM_SWEEP_LIMITS_H

#include "equilibrium/sweep.h"

/* Finds the flows under the limits of a scenario. Errors: DR_MACHINE. */
dr_status dr_limits_new(dr_sweep *w, const dr_scenario *scenario);

/* Sets what these flows hold, and the levels of the limits, for a part of the scenario. */
void dr_limits_load(dr_sweep *w, const dr_scenario *scenario, double part);

/* Before trade: puts the wedges of x into the rows of the flows. */
void dr_limits_apply(dr_sweep *w);

/* After trade: takes rents out of revenue, and computes volumes and the next wedges. */
void dr_limits_settle(dr_sweep *w);

/* The earnings of producers on a flow under a limit, in the last sweep. */
double dr_limits_earned(const dr_sweep *w, const dr_limited *flow);

/* The wedge of a limit at x. */
double dr_limits_wedge(const dr_sweep *w, size_t limit);

/* Fills the solution's limits, and puts the exporters' rents into its flows. Errors: DR_MACHINE. */
dr_status dr_limits_report(const dr_sweep *w, const dr_scenario *scenario, dr_solution *solution);

#endif
