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
    bool *one;           /* [sector] all false: space for dr_plan_share */
    dr_result all;       /* the share over all sectors with a cap together */
    double budget;       /* percent of real income; 0: caps */
    dr_policy policy;    /* aim 0 is welfare, the others are shares: of each capped sector, or `all` under a budget */
    double *low, *high;  /* [lever] bounds of y */
    double *unit;        /* [lever] of the search */
    dr_optimum optimum;
    bool several; /* the two starts did not lead to the same cost */
};

/* The share of `from` in what `of` buys of one sector, in the base (solution NULL) or after. */
double dr_plan_share(const dr_plan *plan, const dr_solution *solution, size_t sector);

/* Whether a sector has a cap and anything of it is bought from `from`: then it has levers. */
bool dr_plan_covers(const dr_plan *plan, size_t sector);

/* dr_plan_new, but from the settings of an earlier plan that is much like it (NULL: none), and from there only. */
dr_status dr_plan_near(dr_plan **out, const dr_plan *earlier, const dr_model *model, const char *of, const char *from,
                       const dr_plan_options *options);

/* Base income of all that plan, in the unit of the world. */
double dr_plan_income(const dr_plan *plan);

/* What the plan takes in from its tariffs, and pays in support. */
void dr_plan_budget(const dr_plan *plan, double *revenue, double *support);

#endif
