/* Growth that happens with and without a scenario, by region and sector, from a CSV. */
#ifndef DR_DYNAMICS_GROWTH_H
#define DR_DYNAMICS_GROWTH_H

#include "model/model.h"

typedef struct dr_growth {
    double *level; /* [year, n, s] productivity of value added over that of the table; NULL: it does not grow */
    size_t years;
} dr_growth;

/* Reads a CSV with the columns region, sector, growth (of a year) and perhaps year, whose names may be groups, kinds or
 * "all"; a later row replaces an earlier one. NULL: no growth. The first of `years` is the one after that of the table.
 * Errors: DR_BAD_INPUT (with its place; a region, sector and year without growth, which are named), DR_MACHINE. Free
 * with dr_growth_free, on failure too. */
dr_status dr_growth_read(dr_growth *out, const dr_model *model, size_t years, const char *path);
void dr_growth_free(dr_growth *growth);

/* What growth does to productivity of all that a unit of output takes in sector s of region n in a year: value added
 * alone grows, by its share in cost. */
double dr_growth_productivity(const dr_growth *growth, const dr_model *model, size_t year, size_t n, size_t s);

#endif
