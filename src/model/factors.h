/* The factors of production: value added as a single factor, or several, each in fixed supply. */
#ifndef DR_MODEL_FACTORS_H
#define DR_MODEL_FACTORS_H

#include "model/model.h"

/* The name of a factor; "value added" where there is only one. Borrowed. */
const char *dr_factor_name(const dr_model *model, size_t factor);

/* Whether a factor is labour; a single factor counts as labour. */
bool dr_factor_is_labour(const dr_model *model, size_t factor);

/* The elasticity psi with which a factor moves between sectors: 0 fixed, INFINITY mobile. */
double dr_factor_mobility(const dr_model *model, size_t factor);

/* The base income of a factor in sector s of region n. */
double dr_factor_base(const dr_model *model, size_t factor, size_t n, size_t s);

#endif
