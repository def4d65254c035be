/* The smallest f(y) with g_j(y) <= 0 and y within bounds: an interior-point method (IPOPT: Wächter & Biegler 2006) on first
 * derivatives, and a check of the first-order conditions that does not trust it. */
#ifndef DR_PLAN_OPTIMUM_H
#define DR_PLAN_OPTIMUM_H

#include "base/error.h"

/* f and g [constraint] at y, and their derivatives df [variable] and dg [constraint, variable]. A point without an equilibrium is
 * DR_NO_SOLUTION: the search turns back from it. */
typedef dr_status dr_objective(const double *y, double *f, double *df, double *g, double *dg, void *user);

typedef struct dr_problem {
    size_t variables, constraints;
    const double *low, *high; /* [variable] */
    const double
        *unit; /* [variable] the search sees z = unit y, in which f should be about as curved every way; NULL: y */
    dr_objective *objective;
    void *user;
    int most; /* iterations; 0: 300 */
    int steps; /* of a line search, after which its point is taken: f is rounded more than its derivatives, so that near an optimum
                   * no step looks better; 0: as many as it takes */
    double
        scale; /* of derivatives of f with respect to z, far from an optimum: the search sees f / scale, and residuals are relative
                     * to it; 0: unknown, and the largest on the way takes its place in residuals */
} dr_problem;

typedef struct dr_optimum {
    double *y;          /* [variable]: where to begin, then the optimum */
    double f, *g;       /* there */
    double *multiplier; /* [constraint], 0 or more: how much f falls for each unit that the constraint is loosened */
    double
        stationarity; /* largest |df + multiplier' dg| of a variable that is not held by its bound, or the part of it that points
                          * out of the bounds; over the size of its terms */
    double violation;       /* largest g, or 0 */
    double complementarity; /* largest of the smaller one of a multiplier, over the same, and -g */
    int evaluations;
} dr_optimum;

/* Takes room for the arrays (y zero); dr_optimum_free frees them, on failure too. */
dr_status dr_optimum_new(dr_optimum *out, const dr_problem *problem);
void dr_optimum_free(dr_optimum *optimum);

/* Searches from out->y. Errors: DR_NO_SOLUTION (no point within the constraints was found; no equilibrium where it begins),
 * DR_MACHINE. */
dr_status dr_optimum_find(dr_optimum *out, const dr_problem *problem);

/* Computes f, g, multipliers and residuals at out->y, where it stands. Errors: as above. */
dr_status dr_optimum_check(dr_optimum *out, const dr_problem *problem);

/* The largest of the three conditions' residuals. */
double dr_optimum_residual(const dr_optimum *optimum);

#endif
