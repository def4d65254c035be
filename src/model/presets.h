/* Presets: the nests of a model that is named, and the settings that a horizon stands for
 * (data/elasticities/presets). */
#ifndef DR_MODEL_PRESETS_H
#define DR_MODEL_PRESETS_H

#include "model/model.h"

/* Fills the nests from the model and the horizon among the model's options; *elasticity is the trade elasticity that
 * the options, or else the horizon, ask for (NULL: none). A one-sector model is summed to one good here. Errors:
 * DR_BAD_INPUT (an unknown name, with the nearest one; thin markets out of range), DR_MACHINE. */
dr_status dr_presets_fill(dr_model *model, const char **elasticity);

/* Notes which version of the published numbers a built-in set of trade elasticities has. */
dr_status dr_presets_note_set(dr_model *model, const char *set);

#endif
