/* The path from the base to the equilibrium under a scenario, and sums along it. A part p of the scenario has trade
 * costs, 1 + tariffs and limits by that fraction of the way in logs, and leaves (1 - p)^4 of what is banned, as in
 * continuation (equilibrium/search.h).
 *
 * Piece by piece of the path, a sum is taken in one, two and four steps, whose differences extrapolate to a step of
 * length zero (Romberg: weights 1/45, -20/45, 64/45). A piece is halved until the terms of each region explain the
 * change of its real income on it, or is too short, or solves are used up. */
#ifndef DR_RESULT_PATH_H
#define DR_RESULT_PATH_H

#include "result/step.h"

/* Takes a step of the path, whose terms count `weight` times. */
typedef dr_status dr_path_step(void *user, dr_step *step, double weight);

/* Follows the path to `solution`, found under `scenario` (NULL: none), until the terms of the regions marked in `of`
 * [n] (NULL: of all) add up. Errors: DR_NO_SOLUTION (a part of the scenario has none), DR_CANCELLED, DR_MACHINE,
 * those of `take`. */
dr_status dr_path_follow(const dr_solution *solution, const dr_scenario *scenario, const bool *of, dr_path_step *take,
                         void *user);

#endif
