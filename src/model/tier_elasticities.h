/* The elasticities of products within imports: by the model's options, else those of the horizon. */
#ifndef DR_MODEL_TIER_ELASTICITIES_H
#define DR_MODEL_TIER_ELASTICITIES_H

#include "model/tier.h"

/* Fills theta by product, sigma and mu of a tier whose cells are made, and notes them. Errors: DR_BAD_INPUT (an option
 * out of range; a file, with file:line:column), DR_MACHINE. */
dr_status dr_tier_elasticities(dr_tier *tier, dr_model *model);

/* Takes the choke price, a multiple of base prices above 1 (NULL: none). Errors: DR_BAD_INPUT. */
dr_status dr_tier_choke(dr_tier *tier, const char *text);

#endif
