/* The global simulation model (GSIM) of one product: Francois and Hall (2003), Global Simulation Analysis of
 * Industry-Level Trade Policy. With M[i,n] what importer n buys from exporter i at world prices, T = 1 + tariff,
 * dT = T' / T - 1, theta[i,n] the share of i in what n pays at internal prices, phi[i,n] that of n in what i sells,
 * x[i] the relative change of the world price of i, and the elasticities E of demand (below 0), S of supply and
 * sigma of substitution, the change of what n buys from i is to first order
 *
 *   q[i,n] = (theta[i,n] E - (1 - theta[i,n]) sigma) (x[i] + dT[i,n])
 *          + sum over k != i of theta[k,n] (E + sigma) (x[k] + dT[k,n])
 *
 * and world prices clear the markets of exporters: S x[i] = sum over n of phi[i,n] q[i,n]. From them
 *
 *   flows              M' = M (1 + q) (1 + x)
 *   composite price    p[n] = sum over i of theta[i,n] ((1 + x[i]) T'[i,n] / T[i,n] - 1)
 *   producer surplus   x[i] R[i] (1 + S x[i] / 2), R[i] = sum over n of M[i,n]
 *   consumer surplus   B[n] (E p[n]^2 sign(p[n]) / 2 - p[n]), B[n] = sum over i of M[i,n] T[i,n]
 *   tariff revenue     sum over i of M'[i,n] (T'[i,n] - 1) - M[i,n] (T[i,n] - 1) */
#ifndef DR_PARTIAL_GSIM_H
#define DR_PARTIAL_GSIM_H

#include "base/error.h"

/* One product. Arrays [i, n] hold what importer n has from exporter i. */
typedef struct dr_gsim {
    size_t regions;
    double *trade, *base, *now;          /* [i, n]: M, T, T' */
    double demand, supply, substitution; /* E below 0 */
    double *price;                       /* [i]: x */
    double *new_trade;                   /* [i, n] */
    double *composite;                   /* [n] */
    double *producer, *consumer, *revenue;
    double residual; /* what is left of the clearing of markets, as a part of the largest x */
    double *matrix;  /* scratch */
    int *pivots;
} dr_gsim;

/* Memory for so many regions, all zero but for T and T', which are 1. Errors: DR_MACHINE. Free with dr_gsim_free, on
 * failure too. */
dr_status dr_gsim_new(dr_gsim *gsim, size_t regions);
void dr_gsim_free(dr_gsim *gsim);

/* Solves from trade, tariffs and elasticities. Errors: DR_NO_SOLUTION (no prices clear the markets). */
dr_status dr_gsim_solve(dr_gsim *gsim);

#endif
