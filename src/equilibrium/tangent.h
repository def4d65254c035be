/* The derivative of the equations (equations.h): J v for any v, by the chain rule through the steps of a sweep, at the
 * cost of about one. Between the steps v becomes the change of each thing that a sweep computes; every step is linear
 * and names what goes in and out, so that the product with the transpose goes through them backwards. */
#ifndef DR_EQUILIBRIUM_TANGENT_H
#define DR_EQUILIBRIUM_TANGENT_H

#include "equilibrium/equations.h"

typedef struct dr_tangent {
    const dr_equations *equations;
    double *numbers, *labour_numbers, *tier_numbers; /* the arrays below; those of labour; those of products */
    /* At y: */
    dr_rows value_added;  /* ln of its price */
    double *input_price;  /* P^(1 - rho), of the sectors looked at last [k][n] */
    double *bundle_power; /* sum over k of a P^(1 - rho) [s][n] */
    double *use;          /* what a sector spends on inputs, over P^(1 - rho) and share [s][n] */
    double *used;         /* sum over s of (1 - rho) times what it spends on good k [k][n] */
    double *final;        /* final demand for a good [k][n] */
    double *pay_share;    /* value added in unit cost [s][n] */
    double *wage_share;   /* of a row of wages in what its factor earns in the region [wages][n] */
    double *falls;        /* 0 where a wage stays at a floor, else 1 [wages][n] */
    double *factor_share; /* in value added [factor][s][n]; none if there is one factor */
    /* Changes, and work: */
    double *v;                                             /* of the unknowns */
    double *supply, *moved, *power, *price;                /* d ln m, d m, d ln q, d ln P [s][n] */
    double *from, *abroad, *bought, *sold;                 /* of one sector [n] */
    double *output;                                        /* d Y [s][n] */
    double *exports, *imports, *earned, *deficit, *income; /* [n] */
    double *mean_wage, *factor_income; /* d ln of what a factor earns [factor][n]; d of all of them [n] */
    double *primary;                   /* d ln of the price of value added [s][n] */
    double *rented;                    /* d of rents, then of revenue [n] */
    double *hours, *overhead;          /* d ln of labour [factor][n], d of what overhead pays [n] */
    double *market;                    /* d ln of labour markets [wages][n], and work [s][n] */
    double *bundle, *cost, *wanted;    /* d ln m, d ln c, d of demand [s][n] */
    double *spend, *ignored, *zero;    /* [s][n] */
    double *volume, *wedge;            /* [limit] */
    double *moved_cost, *moved_flow;   /* of products within imports [n]: d ln of delivered costs, d of flows */
    double *limited_more, *scratch;    /* [limited flow] what they add to its earnings */
} dr_tangent;

dr_status dr_tangent_new(dr_tangent *t, const dr_equations *equations);
void dr_tangent_free(dr_tangent *t);

/* To be called after dr_equations_at: products are those at its y. */
void dr_tangent_at(dr_tangent *t);

/* d ln of sales, in the product at hand; of what carbon prices leave of them. */
double dr_tangent_grows(const dr_tangent *t, size_t j);

/* out = J v. */
void dr_tangent_product(dr_tangent *t, const double *v, double *out);

#endif
