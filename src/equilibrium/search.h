/* The search for the equilibrium under a scenario: sweeps (sweep.h) whose steps Anderson acceleration takes; where they
 * do not converge, Newton's method (newton.h) from the best point they have found; and where that does not either,
 * continuation: part by part of the scenario, each by Newton's method from where the parts before it point to. */
#ifndef DR_EQUILIBRIUM_SEARCH_H
#define DR_EQUILIBRIUM_SEARCH_H

#include "equilibrium/anderson.h"
#include "equilibrium/newton.h"

typedef struct dr_search {
    dr_sweep sweep;
    dr_anderson *anderson;
    float *scratch;    /* of the response of regions (region_response.h); NULL: none fits */
    dr_newton *newton; /* NULL until sweeps fail */
    double *best;      /* x of the smallest residual of a sweep */
    double smallest;   /* that residual */
    double *reached;   /* x of the largest part of the scenario solved so far */
    double *before;    /* and of the part before it */
    double part;       /* of the scenario that is solved */
    int sweeps, parts; /* in all; parts of the scenario that were solved */
    bool surplus;      /* the surplus that the closure requires of a region is what diverges */
} dr_search;

/* Takes the memory for the search under a part of the scenario (NULL: none). On failure too, dr_search_free frees it.
 * */
dr_status dr_search_new(dr_search *f, const dr_model *model, const dr_scenario *scenario, double part);
void dr_search_free(dr_search *f);

/* Leaves the solution in the sweep. Sweeps begin where `near` ended (NULL, or where they do not converge from there: in
 * the base). Errors: DR_NO_SOLUTION, which says how far the scenario could be followed, and what diverges there. */
dr_status dr_search_solve(dr_search *f, const dr_scenario *scenario, const dr_solution *near);

#endif
