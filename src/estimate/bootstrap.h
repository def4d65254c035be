/* Tests of linear hypotheses R b = value whose distribution is simulated, and intervals by inverting them.
 *
 *   wild    least squares: y* = fit under the hypothesis + v_g times residuals under it, by cluster g (Cameron, Gelbach
 *           & Miller 2008); the t (or F) of R b* = value with the variance estimated anew
 *   score   scores under the hypothesis s_g = R V x_g'(y - mu), V the inverse of x'Wx there; the statistic is their sum
 *           over the root of the sum of squares about their mean, and so is that of v_g s_g (Kline & Santos 2012)
 *   pairs   clusters are drawn with replacement; the t of R b* = R b
 *   randomise  the one tested variable is permuted among clusters, or rows; the t of its coefficient
 *
 * As all of wild and score is linear in residuals and these are linear in the hypothesised value, of one equation,
 * each draw is kept as polynomials in the value (Roodman, MacKinnon, Nielsen & Webb 2019), and intervals cost no draws
 * of their own; PPML is estimated again at each value that the search for an end of the interval tries.
 *
 * Several kinds of cluster: signs are drawn for their intersections, as boottest does, and the variance is that of all
 * kinds, each sum of squares with the factor G / (G - 1) of its own clusters. A draw whose variance is not positive
 * does not count. */
#ifndef DR_ESTIMATE_BOOTSTRAP_H
#define DR_ESTIMATE_BOOTSTRAP_H

#include "derisk.h"
#include "estimate/fit.h"

typedef struct dr_hypothesis {
    size_t equations;
    double *r;     /* [equations][regressor of the data] */
    double *value; /* [equations] */
} dr_hypothesis;

typedef struct dr_bootstrap_plan {
    dr_bootstrap how;
    dr_multiplier multiplier;
    size_t replications;
    uint64_t seed;
    bool equal_tails;
    int threads;
} dr_bootstrap_plan;

typedef struct dr_bootstrap_test {
    double statistic; /* t of one equation, F of several; NAN where a coefficient was left out */
    double p;
    double low,
        high;     /* the values that are not rejected at 5%, of one equation; infinite where the search has no end */
    size_t draws; /* that count */
    bool every;   /* all combinations of signs rather than draws */
} dr_bootstrap_test;

/* Tests a hypothesis on a fit whose regressors were cleaned with its last weights, with the variance in `r`. Errors:
 * DR_BAD_INPUT (equations that depend on each other, PPML for wild, a variable that randomisation cannot permute),
 * DR_MACHINE. */
dr_status dr_bootstrap_run(dr_bootstrap_test *out, const dr_bootstrap_plan *plan, const dr_hypothesis *hypothesis,
                           const dr_regression *r, dr_fitting *f);

#endif
