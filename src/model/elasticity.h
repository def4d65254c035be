/* Trade elasticities: the estimates that are given, and the theta of each sector that follows from them. */
#ifndef DR_MODEL_ELASTICITY_H
#define DR_MODEL_ELASTICITY_H

#include "model/model.h"

/* Fills the model's estimates and theta from `text`: a number, a set by name or a CSV file; NULL: the world's own, else
 * 5. The model's `elasticity` says where they are from. Errors: DR_BAD_INPUT (with the nearest name, or
 * file:line:column), DR_MACHINE. */
dr_status dr_elasticity_fill(dr_model *model, const char *text);

/* theta[s], the mean of the estimates of sector s by weight, if the estimates were `value`. */
void dr_estimates_theta(const dr_estimates *estimates, size_t sectors, const double *value, double *theta);

#endif
