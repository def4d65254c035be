/* Concentration of a sum on few of its parts. */
#ifndef DR_MEASURE_CONCENTRATION_H
#define DR_MEASURE_CONCENTRATION_H

#include <stddef.h>

/* The Herfindahl-Hirschman index: the sum of squared shares of `count` values of at least 0; between 1 / count and
 * 1. NAN where the values add up to nothing. */
double dr_herfindahl(const double *values, size_t count);

#endif
