/* A plan from the inside; shared by the files of plan/. */
#ifndef DR_PLAN_PLAN_H
#define DR_PLAN_PLAN_H

#include "plan/optimum.h"
#include "plan/policy.h"
#include "world/select.h"

enum { DR_SIDES = DR_SIDE_HOME + 1 };

struct dr_plan {
    const dr_model *model;
    char *of, *from;
    dr_sides sides;
    bool of_use;
    bool side[DR_SIDES]; /* which levers there are */
    double *cap;         /* [sector] NAN: none */
    bool *needed;        /* [sector] that have levers */
    bool *one;           /* [sector] all false: space for dr_plan_share */
    dr_result all;       /* the share over all sectors with a cap together */
    double budget;       /* percent of real income; 0: caps */
    dr_policy policy;    /* aim 0 is welfare, the others are shares: of each capped sector, or `all` under a budget */
    double *low, *high;  /* [lever] bounds of y */
    dr_optimum optimum;
    bool several; /* the two starts did not lead to the same cost */
};

/* The share of `from` in what `of` buys of one sector, in the base (solution NULL) or after. */
double dr_plan_share(const dr_plan *plan, const dr_solution *solution, size_t sector);

#endif
