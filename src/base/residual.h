/* Residuals: by how much equations are missed. fmax() leaves out what is not a number, so that a NaN would pass for a
 * sound result; here it is infinitely far off. */
#ifndef DR_BASE_RESIDUAL_H
#define DR_BASE_RESIDUAL_H

#include <math.h>

/* |by|, and INFINITY for a NaN. */
static inline double dr_missed(double by)
{
    return isnan(by) ? INFINITY : fabs(by);
}

/* The larger of a residual and what something falls short by, which counts above 0 only. */
static inline double dr_larger(double worst, double shortfall)
{
    return isnan(worst) || isnan(shortfall) ? INFINITY : fmax(worst, shortfall);
}

/* The larger of a residual and what is missed elsewhere. */
static inline double dr_worse(double worst, double by)
{
    return fmax(dr_missed(worst), dr_missed(by));
}

#endif
