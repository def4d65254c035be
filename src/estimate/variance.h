/* Variances of estimated coefficients, and the degrees of freedom that effects take. */
#ifndef DR_ESTIMATE_VARIANCE_H
#define DR_ESTIMATE_VARIANCE_H

#include "estimate/fit.h"

/* The sandwich H^-1 M H^-1, with H the weighted cross-products of the regressors less effects and M those of the scores
 * x_r (y_r - mu_r) by row, or of their sums by cluster; several clusters are added and subtracted as Cameron, Gelbach &
 * Miller (2011) do, and where the result has negative eigenvalues these become zero, as they advise. Of a fit whose
 * regressors were cleaned with its last weights. Fills the variance, cluster_count, absorbed and freedom of `out`.
 * Small-sample factors, with N rows, K regressors, G the fewest clusters:
 *
 *   Stata  PPML (ppmlhdfe 2.3; the ppml command too): N / (N - 1), or G / (G - 1) by cluster
 *          OLS (reghdfe 5, 6): N / (N - K - A), or (N - 1) / (N - K - A') G / (G - 1), with A the levels absorbed and
 *            A' those
 *          of effects that are not nested in a cluster, or 1 if all are
 *   R      (fixest 0.8 to 0.12, ssc()): (N - 1) / (N - K - B) times N / (N - 1) or G / (G - 1), with B = sum over
 *          effects (levels - 1)
 *          + 1, of which nested effects count 1 - 1, or B = 1 if all are nested
 *
 * A counts, for each effect after the first, its levels less those that connected components with an effect before
 * it make redundant: exact for two effects, too many for more (reghdfe does the same). Errors: DR_BAD_INPUT (fewer
 * clusters than regressors, or than 2; more parameters than rows), DR_MACHINE. */
dr_status dr_variance(dr_regression *out, const dr_fitting *f);

/* constant.c: the same where the last of the data's regressors is the constant, whose coefficient it fills in too. */
dr_status dr_variance_with_constant(dr_regression *out, const dr_fitting *f);

/* Fills the variance with `factor` times H^-1 meat H^-1 [columns, columns], in the data's units. Errors: DR_MACHINE. */
dr_status dr_variance_assemble(dr_regression *out, const dr_fitting *f, const double *meat, double factor);

/* Splits groups [rows], of which there are *groups, by the levels of a cluster, and numbers them from 0 in the order in
 * which they come. Errors: DR_MACHINE. */
dr_status dr_split_groups(uint32_t *group, size_t *groups, const dr_sample *sample, const dr_category *cluster);

/* Degrees of freedom that effects take together, without those whose `skip` is set. Errors: DR_MACHINE. */
dr_status dr_freedom(size_t *absorbed, const dr_sample *sample, const dr_regression_data *data, const bool *skip);

/* Whether each level of an effect lies within one level of a cluster. Errors: DR_MACHINE. */
dr_status dr_nested(bool *nested, const dr_sample *sample, const dr_category *effect, const dr_category *cluster);

#endif
