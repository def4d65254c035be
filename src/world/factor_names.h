/* The factors of a year in the long format: the parts of value added. */
#ifndef DR_WORLD_FACTOR_NAMES_H
#define DR_WORLD_FACTOR_NAMES_H

#include "base/duck.h"
#include "base/names.h"

/* Adds the names of the year's factors, in the order in which they are stored; none where the world has one factor. */
dr_status dr_factors_read(dr_names *names, const dr_duck *duck, int year);

#endif
