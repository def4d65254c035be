/* Thin markets in the sweep: those that a scenario leaves almost without supply. */
#ifndef DR_EQUILIBRIUM_SWEEP_THIN_H
#define DR_EQUILIBRIUM_SWEEP_THIN_H

#include "equilibrium/sweep.h"

/* To be called after the rows are loaded with a part of the scenario: finds what remains of supply in each market, and
 * pools it in thin ones. */
void dr_thin_load(dr_sweep *w, double part);

/* Whether the market of row [s][n] is thin. */
bool dr_thin(const dr_sweep *w, size_t row);

/* Fills the solution's list of thin markets. Errors: DR_MACHINE. */
dr_status dr_thin_report(const dr_sweep *w, dr_solution *solution);

#endif
