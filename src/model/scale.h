/* Scale economies and profits, by sector (docs/model.md, "Scale economies"). With free entry, `scale` [s] of the model
 * is the elasticity of unit cost with respect to the size of the sector; with restricted entry, markups of that size
 * leave 1 / (1 + scale) of sales for costs (`cost_part`). */
#ifndef DR_MODEL_SCALE_H
#define DR_MODEL_SCALE_H

#include "model/model.h"

/* Fills both from the options of the model, whose trade elasticities are known. Errors: DR_BAD_INPUT (an unknown set, a
 * sector without an elasticity or beyond the bound of a unique equilibrium, entry without scale), DR_MACHINE. */
dr_status dr_scale_fill(dr_model *model);

/* Fills both like those of another model, at the trade elasticities of this one. Errors: the same. */
dr_status dr_scale_like(dr_model *model, const dr_model *of);

/* Takes profits from value added, which is that of factors from then on. Errors: DR_BAD_INPUT (a sector whose value
 * added they exceed). */
dr_status dr_scale_take_profits(dr_model *model);

/* The profits of regions in the base, from output. */
void dr_base_profits(dr_model *model);

#endif
