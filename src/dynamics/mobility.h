/* Labour that moves between the sectors of a region at a cost, looking ahead (Artuç, Chaudhuri & McLaren 2010;
 * Caliendo, Dvorkin & Parro 2019). A worker in sector j earns ln(wage / price) this year, and then goes where
 *
 *   V[j] = ln(w[j] / P) + nu ln sum_h exp((beta V'[h] - tau[j,h]) / nu),   V' of the next year,
 *
 * is largest after tastes for sectors of dispersion nu. In the base, which is steady, the share mu0[j,h] of the workers
 * of j goes to h. With y = exp(V - V of the base) and r = w / P over the base, costs drop out (dynamic hat algebra):
 *
 *   y[t,j]    = r[t,j] (sum_h mu0[j,h] y[t+1,h]^(beta/nu))^nu
 *   mu[t,j,h] = mu0[j,h] y[t+1,h]^(beta/nu) / sum_i mu0[j,i] y[t+1,i]^(beta/nu)
 *   L[t+1,h]  = sum_j mu[t,j,h] L[t,j]
 */
#ifndef DR_DYNAMICS_MOBILITY_H
#define DR_DYNAMICS_MOBILITY_H

#include "model/model.h"

typedef enum dr_mobility_kind {
    DR_MOBILITY_HORIZON, /* as the horizon says */
    DR_MOBILITY_FREE,
    DR_MOBILITY_FIXED,
    DR_MOBILITY_COST /* the matrix */
} dr_mobility_kind;

typedef struct dr_mobility {
    dr_mobility_kind kind;
    double *share;    /* [factor, n, j, h] mu0; of factors that are no labour, and of sectors without labour, the unit
                    * matrix; NULL unless it is of a cost */
    double moved;     /* the largest change of a share that made employment in the base steady */
    const char *text; /* as given; borrowed */
} dr_mobility;

/* Reads "free", "fixed", the share of workers who stay in a year, or a CSV (from, to, share, perhaps region); NULL: as
 * the horizon says. Shares of a file are scaled by rows and columns (RAS) so that employment in the base is steady.
 * Errors: DR_BAD_INPUT, DR_MACHINE. Free with dr_mobility_free, on failure too. */
dr_status dr_mobility_read(dr_mobility *out, const dr_model *model, const char *text);
void dr_mobility_free(dr_mobility *mobility);

/* The dispersion of tastes nu, and the weight of the next year beta. */
typedef struct dr_tastes {
    double nu, beta;
} dr_tastes;

/* y[j] of a year from y' [h] of the next one (`next`) and r[j], of one region and factor, whose matrix is `share`
 * [j, h]. `weight` [h] is room. */
void dr_mobility_value(const double *share, size_t sectors, dr_tastes tastes, const double *real_wage,
                       const double *next, double *weight, double *value);

/* L'[h] of the next year from L[j], both over the base, whose labour is `base` [j]. */
void dr_mobility_move(const double *share, size_t sectors, dr_tastes tastes, const double *base, const double *labour,
                      const double *next, double *weight, double *moved);

#endif
