/* The factors of a year in the long format: the parts of value added. */
#ifndef DR_WORLD_FACTORS_H
#define DR_WORLD_FACTORS_H

#include "world/world.h"

/* Adds the names of the year's factors, in the order in which they are stored; none where the world has one factor. */
dr_status dr_factors_read(dr_names *names, const dr_world *world, int year);

/* A walk (walk.h) over the incomes of one factor, by region and sector. The caller frees it; NULL without memory. */
char *dr_factors_sql(const char *name);

#endif
