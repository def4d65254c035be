/* Models that are made from other models; dr_model_new is here too. */
#ifndef DR_EQUILIBRIUM_NEW_MODEL_H
#define DR_EQUILIBRIUM_NEW_MODEL_H

#include "equilibrium/solution.h"
#include "model/calibrate.h"

/* The model of the same economy with the options of `of`, but for the horizon and, if `presets` is set, with the nests
 * and the trade elasticity of that horizon instead of those asked for in `of` (one good stays one good). `of` must
 * outlive it. Errors: as dr_model_new. */
dr_status dr_model_sibling(dr_model **out, const dr_model *of, const char *horizon, bool presets);

/* The model of the same economy with the same options, but for other trade elasticities [s] and, if `disturb` is given,
 * a base disturbed by it after preparation. `of` must outlive it. Errors: as dr_model_new. */
dr_status dr_model_again(dr_model **out, const dr_model *of, const double *theta, dr_disturb *disturb, void *user);

/* The model with the options of `like` whose base is an equilibrium of another model of the same economy, found without
 * volume limits: its flows, tariffs, incomes and prices, which are 1 from then on. `like` must outlive it. Errors:
 * DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_model_after(dr_model **out, const dr_model *like, const dr_solution *solution);

#endif
