/* The equilibrium under a scenario, in levels, before its certificate. */
#ifndef DR_EQUILIBRIUM_EQUILIBRIUM_H
#define DR_EQUILIBRIUM_EQUILIBRIUM_H

#include "equilibrium/solution.h"

/* Solves under a part of a scenario (1: all of it; NULL: none; dr_sweep_load says what a part is) and fills all of
 * `solution` but the residuals of the certificate. Sweeps begin at `near`, a solution of the same model with as many
 * volume limits (NULL: at the base), and begin anew at the base if they do not converge from there. Errors:
 * DR_NO_SOLUTION (a good without a supplier, an infeasible balance, no convergence), DR_CANCELLED, DR_MACHINE. */
dr_status dr_equilibrium_solve(dr_solution *solution, const dr_model *model, const dr_scenario *scenario, double part,
                               const dr_solution *near);

#endif
