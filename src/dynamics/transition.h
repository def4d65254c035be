/* A path over years from the inside: its points in time, and the equilibria along it. */
#ifndef DR_DYNAMICS_TRANSITION_H
#define DR_DYNAMICS_TRANSITION_H

#include "dynamics/growth.h"
#include "dynamics/horizons.h"
#include "dynamics/mobility.h"
#include "equilibrium/solution.h"

/* How capital accumulates (Anderson, Larch & Yotov 2020): with log utility, Cobb-Douglas production and K' = K^(1 - d)
 * investment^d, investment is a constant share of income, so that over the base, which is steady,
 *
 *   K' = K^(1 - d) (I / P)^d,   I income, P the consumer price, d depreciation,
 *
 * with I less revenue that is kept and the value of the time worked, as in real income (result/welfare.h). */
typedef enum dr_capital_kind { DR_CAPITAL_NONE, DR_CAPITAL_SHARE, DR_CAPITAL_ACCOUNTS } dr_capital_kind;

/* Equilibria at the points of a path: `steps` of each year, and where workers look ahead the years after its end. */
typedef struct dr_course {
    const dr_scenario *const *in_force; /* [year], NULL: none at all */
    size_t first;                       /* the point from which on it differs from the course before it */
    dr_solution **solution;             /* [point] */
    double *capital;                    /* [point, n] over base */
    double *labour;                     /* [point, factor, n, s] over base; NULL: it does not move at a cost */
} dr_course;

struct dr_transition {
    const dr_model *model; /* of the long run */
    size_t years, steps, points;
    bool changed;                 /* whether there is any change */
    size_t known, change;         /* points at which the changes become known, and in force */
    const dr_scenario **in_force; /* [year] */
    dr_scenario *none;            /* of the model's economy: no change */
    double discount;              /* of a year */
    dr_horizon_table horizons;
    dr_mobility mobility;
    dr_capital_kind capital_kind;
    double capital_share;
    dr_growth growth;
    dr_model *models;           /* [point] the model with what holds then; they share its arrays but for */
    double *theta;              /* [point, s] */
    dr_course policy, baseline; /* the baseline has no points where nothing grows, or nothing changes: it is the base */
    dr_solution *at_once;       /* the static equilibrium of the last year */
    void (*progress)(const char *what, size_t done, size_t all, void *user);
    void *user;
    const char *mobility_text, *capital_text, *growth_text; /* as given, for people */
    dr_arena arena;
};

/* The year of a point, the last one after the end. */
static inline size_t dr_transition_year_of(const dr_transition *t, size_t point)
{
    size_t year = point / t->steps;
    return year < t->years ? year : t->years - 1;
}

/* Solves the course; `before` (NULL: none) is the one that it leaves at its first point. Errors: DR_NO_SOLUTION,
 * DR_CANCELLED, DR_MACHINE. */
dr_status dr_course_solve(dr_transition *t, dr_course *course, const dr_course *before);
void dr_course_free(const dr_transition *t, dr_course *course);

/* The equilibrium at a point, with capital [n] and labour [factor, n, s] over base, from `near` (NULL: from the base)
 * on; `certified`: with its certificate and notes. */
dr_status dr_point_solve(dr_solution **out, const dr_transition *t, size_t point, const dr_scenario *scenario,
                         const double *capital, const double *labour, const dr_solution *near, bool certified);

/* Real income of region n over base. */
double dr_point_income(const dr_solution *solution, size_t n);

#endif
