/* Carbon prices in a sweep (docs/model.md, "Carbon prices"). A sector pays t for the emissions of a unit of its output,
 * an amount in the numeraire that does not move with prices, so that
 *
 *   c[i,s] = what inputs and factors of a unit cost + t[i,s]
 *
 * and of its sales Y the part t / c is revenue of its region; inputs and factors are paid from the rest, the net sales.
 * What abatement takes of inputs is a fall of productivity. Nothing here costs a sweep any time where there is no
 * price. */
#ifndef DR_EQUILIBRIUM_SWEEP_CARBON_H
#define DR_EQUILIBRIUM_SWEEP_CARBON_H

#include "equilibrium/sweep.h"

/* Takes the memory that the carbon prices of the scenario need. */
dr_status dr_sweep_carbon_new(dr_sweep *w, const dr_scenario *scenario);
void dr_sweep_carbon_free(dr_sweep *w);

/* Sets t at a part of the prices, and takes from productivity what abatement costs, after the shifts. */
void dr_sweep_carbon_load(dr_sweep *w, const dr_scenario *scenario, double part);

/* After trade: the part of sales that is paid for emissions, net sales, and the revenue. */
void dr_sweep_carbon_settle(dr_sweep *w);

/* From ln of the cost of what production uses to ln of unit cost, for all sectors. */
void dr_sweep_carbon_cost(const dr_sweep *w, double *cost);

/* Copies what results need of carbon prices to a solution. */
dr_status dr_sweep_carbon_report(const dr_sweep *w, const dr_scenario *scenario, double part, dr_solution *solution);

/* The part of unit cost that is paid for emissions where ln of unit cost is `cost`. */
double dr_sweep_carbon_part(const dr_sweep *w, size_t at, double cost);

/* The same at [s][n] at the costs of the last sweep. */
static inline double dr_sweep_carbon_paid(const dr_sweep *w, size_t at)
{
    return w->carbon ? w->carbon_part[at] : 0;
}

/* The ln of what is left of unit cost, in the last sweep; not for models of Cobb-Douglas nests, which do not ask. */
static inline double dr_sweep_carbon_net(const dr_sweep *w, size_t at)
{
    return w->carbon ? w->net_part[at] : 0;
}

#endif
