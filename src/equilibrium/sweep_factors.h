/* Factors of production in the sweep: the price of value added, and the demand for each factor. */
#ifndef DR_EQUILIBRIUM_SWEEP_FACTORS_H
#define DR_EQUILIBRIUM_SWEEP_FACTORS_H

#include "equilibrium/sweep.h"

/* Logs of the price of value added, from rows of log wages [wages][n]. */
dr_rows dr_sweep_primary(dr_sweep *w, const double *wages);

/* The payments of sectors for each row of wages, into `paid`, given value added in `pay`. */
void dr_sweep_factors(dr_sweep *w);

#endif
