/* Minimise f(y) subject to g_j(y) <= 0 and bounds on y: an interior-point method (IPOPT: Wächter & Biegler 2006) on
 * first derivatives, and an independent check of the first-order (Karush-Kuhn-Tucker) conditions. */
#ifndef DR_PLAN_OPTIMUM_H
#define DR_PLAN_OPTIMUM_H

#include "base/error.h"

/* Computes f and g [constraint] at y and their derivatives df [variable] and dg [constraint, variable]. Returns
 * DR_NO_SOLUTION where there is no equilibrium: the line search then shortens its step. */
typedef dr_status dr_objective(const double *y, double *f, double *df, double *g, double *dg, void *user);

typedef struct dr_problem {
    size_t variables, constraints;
    const double *low, *high; /* [variable] bounds of y */
    const double *unit; /* [variable] the search runs over z = unit y, in which f should be about equally curved in
                               * every direction; NULL: z = y */
    dr_objective *objective;
    void *user;
    int max_iterations;    /* 0: 300 */
    int line_search_steps; /* after so many steps a line search accepts its point: f has larger rounding errors than its
                            * derivatives, so that near an optimum no step seems to improve it; 0: no limit */
    double
        scale; /* size of df/dz far from an optimum: the search minimises f / scale, and residuals are relative to it;
                   * 0: unknown, residuals are then relative to the largest df/dz of the search */
} dr_problem;

typedef struct dr_optimum {
    double *y;           /* [variable] the starting point, then the optimum */
    double f, *g;        /* at y; g [constraint] */
    double *multiplier;  /* [constraint] 0 or more: the fall of f for each unit by which the constraint is loosened */
    double stationarity; /* largest component of df + multiplier' dg, projected on the bounds, over the scale */
    double violation;    /* largest g, or 0 */
    double complementarity; /* largest of min(multiplier / scale, |g|) */
    int evaluations;
} dr_optimum;

/* Allocates the arrays, with y zero. Errors: DR_MACHINE. Free with dr_optimum_free, on failure too. */
dr_status dr_optimum_new(dr_optimum *out, const dr_problem *problem);
void dr_optimum_free(dr_optimum *optimum);

/* Searches from out->y and fills in the rest as dr_optimum_check does. Errors: DR_NO_SOLUTION (no equilibrium at the
 * starting point or at the end), DR_MACHINE. */
dr_status dr_optimum_find(dr_optimum *out, const dr_problem *problem);

/* Computes f, g, multipliers and residuals at out->y without moving it. Errors: as above. */
dr_status dr_optimum_check(dr_optimum *out, const dr_problem *problem);

/* The largest of the residuals stationarity, violation and complementarity. */
double dr_optimum_residual(const dr_optimum *optimum);

#endif
