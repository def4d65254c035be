/* An approximate inverse of the Jacobian of the equations (equations.h), for the Krylov method inside Newton's. What
 * makes the Jacobian stiff is trade: at a trade elasticity of 60 a wage that rises by 1% loses most of its exports. So
 * that part is taken whole, in small matrices that are factored:
 *
 *   one of regions by regions: the balances of trade, if all costs of a region follow its wage and so does its
 *     spending;
 *   where labour is not mobile, one of regions by regions for each sector: its labour markets, if a unit cost follows
 *     the wage by the share of value added in it.
 *
 * Costs and spending beyond that are left as they are: what inputs do to them decays from sector to sector. */
#ifndef DR_EQUILIBRIUM_PRECONDITION_H
#define DR_EQUILIBRIUM_PRECONDITION_H

#include "equilibrium/tangent.h"

typedef struct dr_preconditioner {
    dr_tangent *tangent;
    size_t r, stride, markets; /* matrices of sectors: 0 where labour is mobile */
    double *numbers;           /* the arrays below, matrices by row of `stride` */
    double *right;             /* [r] */
    double *sources, *uses;    /* one over the sides of the trade balance [r] */
    double *balance;           /* factored [r][r] */
    double *market;            /* factored [markets][r][r] */
    double *flow, *share;      /* of one sector: sales over what they are part of, and import shares [r][r] */
    const double **rows;       /* of the latter */
    int *pivots;               /* [1 + markets][r] */
} dr_preconditioner;

dr_status dr_preconditioner_new(dr_preconditioner *p, dr_tangent *tangent);
void dr_preconditioner_free(dr_preconditioner *p);

/* To be called after dr_tangent_at. */
void dr_preconditioner_at(dr_preconditioner *p);

/* z such that J z is about `r`. */
void dr_preconditioner_solve(dr_preconditioner *p, const double *r, double *z);

#endif
