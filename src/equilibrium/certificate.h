/* The certificate of a solution: every equation of the model recomputed in levels, without the solver's arithmetic. */
#ifndef DR_EQUILIBRIUM_CERTIFICATE_H
#define DR_EQUILIBRIUM_CERTIFICATE_H

#include "equilibrium/solution.h"

/* Fills the residuals of the solution's certificate. Errors: DR_NO_SOLUTION (a residual beyond 1e-8, with the
 * equation's name), DR_MACHINE. */
dr_status dr_certify(dr_solution *solution, const dr_scenario *scenario);

#endif
