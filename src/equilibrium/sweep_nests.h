/* The nests of production and final demand in the sweep. */
#ifndef DR_EQUILIBRIUM_SWEEP_NESTS_H
#define DR_EQUILIBRIUM_SWEEP_NESTS_H

#include "equilibrium/sweep.h"

/* Value added of each sector at the costs and wages of x, into `pay`. */
void dr_sweep_pay(dr_sweep *w);

/* The next log unit costs and spending (in value), given prices, output, incomes and the next wages: the input cost of
 * sectors, and the demand of sectors and final users for each good. */
void dr_sweep_inputs(dr_sweep *w, const double *wages, double *cost, double *demand);

#endif
