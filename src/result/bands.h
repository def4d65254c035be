/* Quantiles of many figures over many draws, in memory that does not grow with the number of draws. The first draws are
 * kept whole, and while there are no others quantiles are exact. Later ones are counted in bins, which span the range
 * of the first draws of each figure: from its 1% to its 99% quantile, and a quarter of that on either side. Then a
 * quantile is right to the width of a bin, 1/2730 of the middle 98% of the draws: a tenth or less of the sampling error
 * of the draws, up to a million draws. What is counted does not depend on the order of the draws. */
#ifndef DR_RESULT_BANDS_H
#define DR_RESULT_BANDS_H

#include "base/error.h"

enum { DR_BANDS_KEPT = 4096 };

typedef struct dr_bands dr_bands;

/* For `draws` draws of `figures` figures each. */
dr_status dr_bands_new(dr_bands **out, size_t figures, size_t draws);
void dr_bands_free(dr_bands *bands);

/* Adds a draw, each at most once; figures that are NAN are left out of their quantiles. Those below DR_BANDS_KEPT
 * must all be there, or have failed, before dr_bands_settle, and the others come after it. May be called from many
 * threads for different draws. */
void dr_bands_add(dr_bands *bands, size_t draw, const double *figures);

/* Ends the first draws; false if there was none. */
bool dr_bands_settle(dr_bands *bands);

/* The quantile p of a figure, with linear interpolation between draws (type 7 of Hyndman & Fan 1996). */
double dr_bands_quantile(const dr_bands *bands, size_t figure, double p);

#endif
