/* The one-sector model of Armington (1969) and of structural gravity: the sectors of the table are summed to one good
 * for each region. */
#ifndef DR_MODEL_ONE_GOOD_H
#define DR_MODEL_ONE_GOOD_H

#include "model/model.h"

/* Makes model->one_good from model->whole, and lets the model be of it. Errors: DR_MACHINE. */
dr_status dr_one_good_take(dr_model *model);

/* The scenario `of`, whose flows are by sector, for the one good. Errors: DR_BAD_INPUT (it does not change all sectors
 * of a pair of regions alike), DR_MACHINE. Free with dr_scenario_free. */
dr_status dr_one_good_scenario(dr_scenario **out, const dr_model *model, const dr_scenario *of);

#endif
