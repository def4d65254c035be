/* Weighted least squares on regressors and absorbed effects together:
 *
 *   least sum_r w_r (target_r - x_r'b - sum_e z_e,r effect_e[level_e(r)])^2
 *
 * with z = 1 but for slopes, by conjugate gradients on its normal equations. The effect that the sample is sorted by is
 * eliminated exactly (what is left of a vector is its distance from the mean of its segment), which halves the
 * iterations that the whole system would take; the rest is preconditioned by its diagonal and the regressors' block.
 * One product with the matrix is one pass over the rows, without a vector of their length. Alternating projections, on
 * which regressions with several effects are commonly built, converge as the square of the largest cosine between
 * effects; conjugate gradients as the square root of the condition number that it makes. */
#ifndef DR_ESTIMATE_ABSORB_H
#define DR_ESTIMATE_ABSORB_H

#include "estimate/sample.h"

typedef struct dr_absorb {
    const dr_sample *sample;
    size_t columns;                              /* regressors */
    const double *x;                             /* [rows][columns] */
    const double *w;                             /* [rows] */
    double *weight;                              /* [segments] sum of w */
    double *total;                               /* [segments] sum of w target */
    double *level;                               /* [segments] the effect that rows are sorted by */
    double *inverse;                             /* [unknowns] inverse of the diagonal */
    double *gram;                                /* [columns][columns] x'w x about the means of segments */
    double *factor;                              /* its Cholesky factor */
    const double *direct;                        /* [unknowns][unknowns] borrowed, of dr_absorb_direct; NULL */
    double *least;                               /* [columns] pivots below which it leaves a regressor out */
    double *solution;                            /* [columns + unknowns] b, then the levels of the other effects */
    double *left, *direction, *product, *scaled; /* [columns + unknowns] of the conjugate gradients */
    double *sums;                                /* [blocks][size] */
    size_t size;                                 /* of one block's sums */
    size_t sweeps;                               /* products with the matrix so far */
    int most;                                    /* products that one call of dr_absorb_solve may take */
} dr_absorb;

/* For up to `columns` regressors. Errors: DR_MACHINE. */
dr_status dr_absorb_new(dr_absorb **out, const dr_sample *sample, size_t columns);
void dr_absorb_free(dr_absorb *absorb);

/* Takes weights [rows] and regressors [rows][columns], both borrowed: to be called again when they have changed, which
 * `direct` does not survive. */
void dr_absorb_prepare(dr_absorb *a, const double *w, const double *x, size_t columns);

/* Solves for a target given as w_r target_r [rows]. With `joint` for b and the effects, else for the effects alone.
 * Ends when the norm of what is left of the normal equations (in that of the preconditioner, in which it estimates
 * the weighted norm of the error) is below relative times its first value, or below `absolute`. Returns the weighted
 * sum of squares that the solution explains. */
double dr_absorb_solve(dr_absorb *a, bool joint, const double *weighted_target, double relative, double absolute);

/* absorb_direct.c: a generalised inverse of the normal equations of the effects but the first, for the weights that
 * were prepared. Set as `direct` of any dr_absorb with these weights, it takes the place of conjugate gradients where
 * the effects are solved for alone. Free with free. Errors: DR_MACHINE. */
dr_status dr_absorb_direct(double **out, const dr_absorb *a);

/* Multiply-adds of a solution by conjugate gradients, about: 20 products, each of which is a pass over the rows. */
static inline size_t dr_absorb_work(const dr_sample *sample)
{
    const size_t products = 20;
    return products * sample->rows * (sample->others + 1);
}

/* Whether it takes less time than conjugate gradients for so many solutions, and little memory. */
bool dr_absorb_direct_pays(const dr_sample *sample, size_t solutions);

/* x'b + effects of the last solution, by row. */
void dr_absorb_fitted(dr_absorb *a, bool joint, double *fitted);

#endif
