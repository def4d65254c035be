/* Whether a model with scale economies has several equilibria under a scenario: a search from several starts. */
#ifndef DR_EQUILIBRIUM_SEVERAL_H
#define DR_EQUILIBRIUM_SEVERAL_H

#include "equilibrium/solution.h"

/* Solves anew from other starting points where the equilibrium may not be the only one, and notes on the solution what
 * the searches found. Nothing where there is none but one: without scale economies, and with them if nothing is made of
 * inputs (Kucheryavyy, Lyn & Rodriguez-Clare 2024, at products of both elasticities of at most 1). Errors:
 * DR_MACHINE. */
dr_status dr_several_starts(dr_solution *solution, const dr_scenario *scenario);

#endif
