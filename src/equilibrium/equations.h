/* The equilibrium under a scenario as a system of equations, for Newton's method: F(y) = 0 in y = (ln c[n,s], ln
 * e[n,s], ln w, ln of the wedges of limits), the logarithms of what a sweep has in x. One equation an unknown, in the
 * same order:
 *
 *   ln c of what inputs and labour cost - ln c
 *   ln of the demand for a good - ln of the spending on it
 *   ln(exports + deficit) - ln(imports) of a region, where a surplus stands on the other side; world income is added to
 *     each, ln of the base's less ln of the present one, in place of the one that follows from the others
 *   where labour is not mobile, or there are several factors: ln of what is paid for it - ln of what it earns, less
 *     their mean over the region, plus the trade balance of the region
 *   max(0, ln mu + ln(volume / limit) / (1 + theta)) - ln mu
 *
 * By Walras' law this is the model of docs/model.md. The balance of trade takes the place of the labour market of the
 * region as a whole because it keeps its precision where trade has become small: the other is met to rounding then
 * whatever the wage. */
#ifndef DR_EQUILIBRIUM_EQUATIONS_H
#define DR_EQUILIBRIUM_EQUATIONS_H

#include "equilibrium/sweep.h"

typedef struct dr_equations {
    dr_sweep *sweep;
    size_t count;                      /* unknowns of the sweep, with padding */
    const double **delivered, **basic; /* the rows of the sweep, but 0 where a region buys from itself [s][n] */
    double *rows;                      /* these */
    double *home, *home_basic;         /* and what stands there [s][n] */
    double *numbers;                   /* the arrays below */
    double *sold, *bought, *at_basic;  /* exports, spending / q, and imports over that, basic prices [s][n] */
    double *exports, *imports;         /* values at the border [n] */
    double *gap;                       /* ln of the two sides of the trade balance [n] */
    double *wanted;                    /* demand for a good over base spending [s][n] */
    double *market, *mean_gap;         /* ln of the two sides of a labour market [wages][n]; their mean [n] */
    double *supply;                    /* factor income at base wages [n] */
    double *residual;                  /* F(y) */
} dr_equations;

/* Takes memory for the equations of the sweep, which must outlive them. On failure too, dr_equations_free frees it. */
dr_status dr_equations_new(dr_equations *q, dr_sweep *sweep);
void dr_equations_free(dr_equations *q);

/* To be called after each dr_sweep_load. */
void dr_equations_load(dr_equations *q);

/* y from the sweep's x, and back. */
void dr_equations_take(const dr_equations *q, double *y);
void dr_equations_give(dr_equations *q, const double *y);

/* F(y) into `residual`; returns the largest of its elements, infinite if one is not a number. The sweep's x and values
 * become those of y. */
double dr_equations_at(dr_equations *q, const double *y);

/* Whether the trade balance of a region, or its labour markets if it has no trade at all, decides on its wage. */
bool dr_equations_trades(const dr_equations *q, size_t region);

/* The income of its factors. */
double dr_equations_factor_income(const dr_equations *q, size_t region);

/* The two sides of the trade balance, without the floor against 0. */
double dr_equations_sources(const dr_equations *q, size_t region);
double dr_equations_uses(const dr_equations *q, size_t region);

/* A spending or a wage below this part of its base is held there: almost as small as a number can be. */
#define DR_VANISHED 1e-250

#endif
