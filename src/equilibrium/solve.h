/* Solving a model under a scenario, for callers that solve many times; dr_model_solve is here too. */
#ifndef DR_EQUILIBRIUM_SOLVE_H
#define DR_EQUILIBRIUM_SOLVE_H

#include "equilibrium/solution.h"

/* dr_model_solve, but without the advice on other options where there is no solution: for callers that solve many
 * scenarios. */
dr_status dr_model_certified(dr_solution **out, const dr_model *model, const dr_scenario *scenario);

/* The solution from `near` on, without residuals, barriers and notes: for searches that solve many times and certify
 * where they end. */
dr_status dr_model_solve_near(dr_solution **out, const dr_model *model, const dr_scenario *scenario,
                              const dr_solution *near);

/* The solution of a part of a scenario (dr_sweep_load), from `near` on (NULL: from the base), with its barriers, but
 * without residuals and notes. The scenario is of the model's own economy. */
dr_status dr_model_solve_part(dr_solution **out, const dr_model *model, const dr_scenario *scenario, double part,
                              const dr_solution *near);

/* A scenario of the model's economy in which `ban`, to whose sectors it belongs, is of one product alone. Errors: as
 * dr_scenario_apply. */
dr_status dr_model_product_ban(dr_scenario **out, const dr_model *model, const dr_change *ban, size_t product);

#endif
