/* Calibration: the base equilibrium in levels, and the shares that follow from it. */
#ifndef DR_MODEL_CALIBRATE_H
#define DR_MODEL_CALIBRATE_H

#include "model/model.h"

/* Changes the prepared base before shares are taken from it; Monte Carlo draws do so. */
typedef void dr_disturb(dr_model *model, void *user);

/* Fills base and shares from the economy. *unsolved says why the data are not an equilibrium, so that the base has to
 * be solved first; NULL: they are one. Errors: DR_BAD_INPUT (a good that is used has no supplier), DR_NO_SOLUTION (the
 * closure is infeasible). */
dr_status dr_model_calibrate(dr_model *model, dr_disturb *disturb, void *user, const char **unsolved);

/* Fails if a region of the base has no income, DR_NO_SOLUTION, or no value added, DR_BAD_INPUT. */
dr_status dr_model_check_incomes(const dr_model *model);

/* From the flows, tariffs, value added and deficits of the base: spending, output, tariff revenue, factor income,
 * income. */
void dr_base_incomes(dr_model *model);

/* From all of these: the shares in cost, in final demand and in the spending on each good. */
void dr_base_shares(dr_model *model);

#endif
