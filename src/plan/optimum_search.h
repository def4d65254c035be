/* A search for an optimum, of which an optimiser runs over z: IPOPT (interior_point.c), and where there is none, what
 * stands in for it. */
#ifndef DR_PLAN_OPTIMUM_SEARCH_H
#define DR_PLAN_OPTIMUM_SEARCH_H

#include <stdbool.h>

#include "plan/optimum.h"

/* The optimiser asks for f, g and their derivatives at z = unit y one at a time; one evaluation gives them all and is
 * kept. */
typedef struct dr_search {
    const dr_problem *problem;
    double *y, f, *df, *g, *dg;  /* the last evaluation; derivatives with respect to z */
    double *z, *at, *low, *high; /* the current point, the same as y, and the bounds of z */
    bool evaluated;
    dr_status status; /* the error that ended the search, if any */
    int evaluations;
    double steepest; /* largest derivative of f during the search */
} dr_search;

/* Evaluates at y unless the last evaluation was there. Errors: those of the objective. */
dr_status dr_search_evaluate(dr_search *s, const double *y);

/* Searches from out->y within the bounds, and leaves there what is found, an optimum or not. Errors: DR_MACHINE, and
 * those of the objective but DR_NO_SOLUTION. */
dr_status dr_search_run(dr_search *s, dr_optimum *out);

static inline double dr_search_unit(const dr_problem *problem, size_t v)
{
    return problem->unit ? problem->unit[v] : 1;
}

static inline double dr_search_scale(const dr_problem *problem)
{
    return problem->scale > 0 ? problem->scale : 1;
}

#endif
