/* Downward nominal wage rigidity: floors under the wages of some regions. */
#ifndef DR_MODEL_RIGID_WAGES_H
#define DR_MODEL_RIGID_WAGES_H

#include "model/model.h"

/* Sets the model's floors from its option rigid_wages, "REGIONS" or "REGIONS:FLOOR", the floor a share of the base wage
 * (default: 100%). Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_rigid_fill(dr_model *model);

#endif
