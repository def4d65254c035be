/* A plan from the inside; shared by the files of plan/. */
#ifndef DR_PLAN_PLAN_H
#define DR_PLAN_PLAN_H

#include "plan/cutoff.h"
#include "plan/optimum.h"
#include "world/select.h"

enum { DR_SIDES = DR_SIDE_HOME + 1 };

struct dr_plan {
    const dr_model *model;
    char *of, *from;
    dr_sides sides;
    dr_share share;
    bool side[DR_SIDES];     /* which levers there are */
    double *cap;             /* [sector] NAN: none */
    bool *taxed;             /* [sector] has levers */
    bool *one;               /* [sector] all false: space for dr_plan_share */
    dr_look *look;           /* of look-through shares, else NULL */
    dr_result all;           /* the share over all sectors with a cap together */
    bool capped;             /* there are caps; else all are 1 */
    double budget;           /* percent of real income; 0: none */
    double max_loss;         /* from a cut-off, percent of real income; 0: no limit */
    double risk;             /* of a cut-off in a year */
    double months, carrying; /* of use that a stock covers; what carrying it for a year costs, part of its value */
    dr_policy policy; /* aim 0 is welfare, then come `shares` shares: of each capped sector, or `all` under a budget */
    size_t shares;
    dr_cutoff *cut;     /* NULL: nobody asks */
    double loss_before; /* from it without a plan or a stock */
    double *low, *high; /* [lever] bounds of y */
    double *unit;       /* [lever] of the search */
    dr_optimum optimum;
    size_t starts, others; /* of the search; those that did not lead to the same cost */
};

/* The share of `from` in what `of` buys of one sector, in the base (solution NULL) or after; look-through, in what the sector takes. */
double dr_plan_share(const dr_plan *plan, const dr_solution *solution, size_t sector);

/* Whether a sector has a cap and anything of it is bought from `from`, or counted through every stage comes from there. */
bool dr_plan_covers(const dr_plan *plan, size_t sector);

/* plan_options.c: reads what the options say of limits, caps and levers. */
dr_status dr_plan_read_limits(dr_plan *plan, const dr_plan_options *options);
dr_status dr_plan_read_caps(dr_plan *plan, const dr_plan_options *options);
dr_status dr_plan_read_levers(dr_plan *plan, const char *list);

/* Checks what options name, for the public `function`. Errors: DR_USAGE. */
dr_status dr_plan_check(const char *function, const dr_plan_options *options);

/* multistart.c: finds the optimum of a plan whose policy is there, and evaluates it. */
dr_status dr_plan_search(dr_plan *plan, const dr_plan *earlier, const dr_plan_options *options);

/* dr_plan_new, but from the settings of an earlier plan that is much like it (NULL: none), and from there only; with `cut_off`, what
 * a cut-off takes is measured though no limit asks for it. */
dr_status dr_plan_near(dr_plan **out, const dr_plan *earlier, const dr_model *model, const char *of, const char *from,
                       const dr_plan_options *options, bool cut_off);

/* Base income of all that plan, in the unit of the world. */
double dr_plan_income(const dr_plan *plan);

/* What the plan takes in from its tariffs, and pays in support. */
void dr_plan_budget(const dr_plan *plan, double *revenue, double *support);

/* ---- insurance.c: formulas in docs/plan.md ---- */

/* Whether the plan is the best one for a risk, as there are no limits. */
bool dr_plan_insures(const dr_plan *plan);

/* The part of a cut-off's loss that a stock leaves. */
double dr_plan_uncovered(const dr_plan *plan);

/* What a stock costs a year, percent of real income, for each unit of what is bought in a year. */
double dr_plan_carried(const dr_plan *plan);

/* What the plan costs a year, percent of real income: by its levers, and by its stock. */
double dr_plan_cost(const dr_plan *plan);
double dr_plan_stock_cost(const dr_plan *plan);

/* What it leaves of a cut-off's loss, percent of today's real income; the part of that which it avoids. */
double dr_plan_loss(const dr_plan *plan);
double dr_plan_avoided(const dr_plan *plan);

/* What it adds to the real income that may be expected at its risk, percent. */
double dr_plan_gain(const dr_plan *plan);

/* The probability of a cut-off in a year above which the plan, or its stock by itself, pays; INFINITY: none is that high. */
double dr_plan_break_even(const dr_plan *plan);
double dr_plan_stock_break_even(const dr_plan *plan);

#endif
