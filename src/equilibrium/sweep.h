/* One sweep of the solver. The equilibrium under a scenario is a fixed point of G in x = (ln c[n,s], e[n,s], ln w[n]):
 * unit costs over base, spending over base spending, wages over base (expected wages under wage rigidity:
 * rigid_wages.c). From x, a sweep computes (docs/model.md):
 *
 *   m[i,s]    = c[i,s]^-theta_s
 *   q[n,s]    = sum_i K[n,i,s] m[i,s],  K = pi kappa^-theta constant  so that P[n,s] = q[n,s]^(-1/theta_s)
 *   Y[i,s]    = m[i,s] sum_n K[n,i,s]/(1 + tariff'[n,i,s]) E[n,s] / q[n,s]
 *   w[n]      = sum_s g[n,s] Y[n,s] / L[n], scaled so that world income stays
 *   ln c[n,s] = g[n,s] ln w[n] + sum_k a[n,k,s] ln P[n,k]
 *   E[n,k]    = sum_s a[n,k,s] Y[n,s] + alpha[n,k] I[n],  I = w L + revenue + D with the wage of x
 *
 * and with them G(x). Everything is allocated before the first sweep. */
#ifndef DR_EQUILIBRIUM_SWEEP_H
#define DR_EQUILIBRIUM_SWEEP_H

#include "equilibrium/kernels.h"
#include "equilibrium/solution.h"

/* The part of its own step that the wage takes before acceleration; the whole step overshoots where theta is large. */
#define DR_WAGE_STEP 0.3

/* The place that the wedges of so many limits take among the unknowns: whole vectors, at their end. */
static inline size_t dr_limit_row(size_t limits)
{
    return (limits + 7) / 8 * 8;
}

/* A limited flow that is no row of the tier, but a whole flow. */
#define DR_WHOLE_FLOW ((size_t)-1)

/* A flow under a limit, or a product flow, a row of the tier in a cell of it: its place in the rows of the sweep, and
 * what it holds there without the wedge. */
typedef struct dr_limited {
    size_t limit, n, i, s;
    size_t row, cell; /* of the tier; DR_WHOLE_FLOW */
    double theta;     /* the trade elasticity that it has */
    double base;      /* its base value */
    dr_rent rent;
    bool used;   /* its wedge is a trade cost: what producers earn includes the rent, which is lost */
    bool border; /* it crosses the border at the price with the rent */
    double left; /* what the scenario leaves of its base volume at base costs, as far as the limit decides; at most 1 */
    double delivered, basic, untaxed; /* untaxed: of a row of the tier */
    double earned, scarcity, volume; /* in the last sweep: what producers earn, the rent, what is sold at base prices */
} dr_limited;

struct dr_sweep_tier;

typedef struct dr_sweep {
    const dr_model *model;
    const dr_kernels *kernels;
    size_t r, s, stride, block, unknowns; /* block: s * stride */
    size_t wages;                         /* rows of wages: 1 for a factor that is mobile, else s, for each factor */
    size_t *first, *rows;                 /* [factor] of them */
    const double **delivered;             /* K [s][n], rows over exporters */
    const double **basic;                 /* K / (1 + tariff') */
    double *own;                          /* the rows of both that are not the model's */
    double loaded;                        /* the part of the scenario that they hold */
    bool pools;                           /* what remains of supply in thin markets: see sweep_thin.c */
    double *remains;                      /* of base supply [s][n], if so */
    double *numbers;                      /* the arrays below */
    double *x, *f;                        /* unknowns and residual: ln c, spending ratios [s][n], ln w [n] */
    double *next;                         /* G(x) */
    double *supply, *power, *price;       /* m, q, ln P [s][n] */
    double *price_step;                   /* -1 / theta [s] */
    double *spent, *output;               /* E, Y [s][n] */
    const double *made;                   /* [s][n] the part of Y that is cost: all of it, `cost` or `net` */
    double *base_output, *growth;         /* [s][n] base sales, ln of sales over them; NULL: constant returns */
    double *cost, *profit;                /* [s][n], [n] where markups earn profits; else NULL: see sweep_scale.c */
    double *scale_numbers;                /* these */
    double *labour, *wage, *paid;         /* base factor income, e^x, value added [wages][n] */
    double *pay;                          /* value added [s][n] */
    double *mean_wage, *all_labour;       /* over all sectors [factor][n] */
    const double *floor;                  /* [n] the model's, or NULL */
    /* Where labour or prices follow incomes, else NULL: see sweep_labour.c; ln of labour [factor][n], what overhead
     * pays, ln of the consumer price [n]. */
    double *labour_numbers, *hours, *overhead, *price_of;
    double *primary, *factor_pay;                         /* of several factors: see sweep_factors.c */
    double *quantity, *bundle, *use, *spread, *zero;      /* of the nests [s][n]: see sweep_nests.c */
    double *revenue, *earned, *deficit, *income, *bought; /* [n] */
    size_t limit_count;                                   /* ln of their wedges are the last unknowns */
    dr_limited *limited;
    size_t limited_count, limited_capacity;
    double *limit, *volume, *limit_step; /* [limit]: at base prices */
    double *set_wedge;                   /* [limit]: its ln where it is set, NAN where the limit makes it */
    double *most;                        /* [limit]: the largest ln of a wedge: of a tariff-rate quota; else INFINITY */
    double *in_quota;                    /* [limit]: the part of the volume whose scarcity is rent, in the last sweep */
    double *rents;                       /* [n] */
    double world;                        /* base income of all factors: the numeraire */
    const double *final_share;           /* [k][n] of final demand at base prices: the model's, or `wants` */
    double *ease, *wants, *given; /* of shifts and transfers, NULL without: see sweep_shifts.c; ln of productivity
                                          * [s][n], shares of final demand [k][n], income received [n] */
    /* Of carbon prices, NULL without: see sweep_carbon.c; t, t / c, ln(1 - t / c), and what is left of Y [s][n]. */
    double *carbon_numbers, *carbon, *carbon_part, *net_part, *net;
    struct dr_sweep_tier *tier; /* products within imports (sweep_tier.h); NULL: there are none */
    int starved;                /* a region whose income was held at the floor in the last sweep, or -1 */
} dr_sweep;

/* The place of the wage that factor f has at [s][n], which is `at`. */
static inline size_t dr_wage_row(const dr_sweep *w, size_t f, size_t at)
{
    return w->first[f] * w->stride + (w->rows[f] > 1 ? at : at % w->stride);
}

/* Takes the memory for sweeps of the model under the scenario (NULL: none), whose changed flows get rows of their own.
 * On failure too, dr_sweep_free frees it. */
dr_status dr_sweep_new(dr_sweep *w, const dr_model *model, const dr_scenario *scenario);
void dr_sweep_free(dr_sweep *w);

/* Sets K and K / (1 + tariff') from the base's shares and a part of the scenario: kappa^part, and tariffs that much of
 * the way in logs; of what is banned, (1 - part)^4 is left. */
void dr_sweep_load(dr_sweep *w, const dr_scenario *scenario, double part);

/* A row that is the sweep's own, so that it may be written. */
static inline double *dr_sweep_own(const dr_sweep *w, const double *row)
{
    return w->own + (row - w->own);
}

/* Rows of logs of the price of value added: that of sector s begins at first + s * step. */
typedef struct dr_rows {
    const double *first;
    size_t step;
} dr_rows;

/* Sets x to the base, or to a solution with as many limits. */
void dr_sweep_base(dr_sweep *w);
void dr_sweep_at(dr_sweep *w, const dr_solution *solution);

/* Trade, incomes and value added at x: the first half of a sweep. */
void dr_sweep_values(dr_sweep *w);

/* From x to G(x) in `next` and f = G(x) - x; returns the largest change, the wage's in full, infinite if one is not a
 * number. */
double dr_sweep_once(dr_sweep *w);

/* Whether exports, imports and the deficit of each region balance, within 1e-9 of their size, in the last sweep. Where
 * trade has become small, the convergence of incomes and wages does not imply it. */
bool dr_sweep_balanced(dr_sweep *w);

#endif
