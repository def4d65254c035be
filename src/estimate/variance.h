/* Variances of estimated coefficients, and the degrees of freedom that effects take. */
#ifndef DR_ESTIMATE_VARIANCE_H
#define DR_ESTIMATE_VARIANCE_H

#include "estimate/fit.h"

/* The sandwich H^-1 M H^-1, with H the weighted cross-products of the regressors less effects and M those of the scores
 * x_r (y_r - mu_r) by row, or of their sums by cluster; several clusters are added and subtracted as Cameron, Gelbach &
 * Miller (2011) do, and where the result has negative eigenvalues these become zero, as they advise (`repaired`). Of a
 * fit whose regressors were cleaned with its last weights. Fills the variance, cluster_count, absorbed and freedom of
 * `out`. Small-sample factors, with N rows, K regressors, G the fewest clusters:
 *
 *   Stata  PPML (ppmlhdfe 2.3; the ppml command too): N / (N - 1), or G / (G - 1) by cluster
 *          OLS (reghdfe 5, 6): N / (N - K - A), or (N - 1) / (N - K - A') G / (G - 1), with A the levels absorbed and
 *            A' those
 *          of effects that are not nested in a cluster, or 1 if all are
 *   R      (fixest 0.8 to 0.12, ssc()): (N - 1) / (N - K - B) times N / (N - 1) or G / (G - 1), with B = sum over
 *          effects (levels - 1)
 *          + 1, of which nested effects count 1 - 1, or B = 1 if all are nested
 *
 * CR2 and CR3 take the scores of a cluster (without clusters: of a row) times (I - H_g)^-1/2 or (I - H_g)^-1, with H_g
 * the weighted leverage of its rows by the regressors less effects (Bell & McCaffrey 2002), and CR3 by clusters has the
 * factor (G - 1) / G of the jackknife. Effects are accounted for exactly: by matrices of a cluster's rows where they do
 * not lie within clusters (leverage_rows.c), unless that takes too much; then they are taken as known (`approximate`).
 * Where they do lie within clusters, with z the scores of a cluster and H = L L' the cross-products of all, H_g z = 0
 * but for L^-1 z, on which it acts as M = L^-1 (those of the cluster) L^-T, without matrices of rows by rows.
 *
 * Conley: (1999) cross-products of the scores of all rows whose great-circle distance is at most the cutoff, with equal
 * weight; the factor is that of Stata without clusters.
 *
 * A counts, for each effect after the first, its levels less those that connected components with an effect before
 * it make redundant: exact for two effects, too many for more (reghdfe does the same). Errors: DR_BAD_INPUT (fewer
 * clusters than 2; more parameters than rows; several ways of clustering for CR2 and CR3), DR_MACHINE. */
dr_status dr_variance(dr_regression *out, const dr_fitting *f);

/* constant.c: the same where the last of the data's regressors is the constant, whose coefficient it fills in too. */
dr_status dr_variance_with_constant(dr_regression *out, const dr_fitting *f);

/* Fills the variance with `factor` times H^-1 meat H^-1 [columns, columns], in the data's units. Errors: DR_MACHINE. */
dr_status dr_variance_assemble(dr_regression *out, const dr_fitting *f, const double *meat, double factor);

/* conley.c: meat [columns, columns] of errors that are correlated by distance. Errors: DR_BAD_INPUT (a place that is
 * not on earth), DR_MACHINE. */
dr_status dr_conley_meat(double *meat, const dr_fitting *f);

static inline bool dr_corrects_leverage(const dr_fitting *f)
{
    return f->options.small_sample == DR_SMALL_SAMPLE_CR2 || f->options.small_sample == DR_SMALL_SAMPLE_CR3;
}

/* leverage.c: fills in the sums of scores by group [groups, columns], which are zero, corrected where the errors are
 * CR2 or CR3; group [rows] is the cluster of each row. `approximate` is set where effects are taken as known. Errors:
 * DR_MACHINE. */
dr_status dr_leverage_scores(double *sums, bool *approximate, size_t groups, const uint32_t *group,
                             const dr_fitting *f);

/* leverage_rows.c: whether effects do not lie within groups, so that rows are to be corrected one by one, and whether
 * that is possible: with at most 4,000 rows of a group and levels beside those of the first effect, in less than a
 * minute. Errors: DR_MACHINE. */
dr_status dr_leverage_by_rows(bool *by_rows, bool *possible, size_t groups, const uint32_t *group, const dr_fitting *f);

/* values [count][rows] of residuals, each times the weight of least squares, times (I - H)^-1, or of CR2 ^-1/2, of
 * their group; bread [columns, columns] is the inverse of the cross-products of the regressors. Errors: DR_MACHINE. */
dr_status dr_leverage_correct_rows(double *values, size_t count, size_t groups, const uint32_t *group,
                                   const double *bread, const dr_fitting *f);

/* What CR2 and CR3 multiply the score of a row by that is a cluster of its own; half [columns] is scratch. */
double dr_leverage_of_row(const dr_fitting *f, size_t row, double *half);

/* Splits groups [rows], of which there are *groups, by the levels of a cluster, and numbers them from 0 in the order in
 * which they come. Errors: DR_MACHINE. */
dr_status dr_split_groups(uint32_t *group, size_t *groups, const dr_sample *sample, const dr_category *cluster);

/* Overwrites a symmetric matrix [size, size] by sum over eigenvalues of change(eigenvalue) v v'. The least and the
 * largest eigenvalue are filled in. Errors: DR_MACHINE. */
dr_status dr_change_eigenvalues(double *a, size_t size, double (*change)(double), double range[2]);

/* Degrees of freedom that effects take together, without those whose `skip` is set. Errors: DR_MACHINE. */
dr_status dr_freedom(size_t *absorbed, const dr_sample *sample, const dr_regression_data *data, const bool *skip);

/* Whether each level of an effect lies within one level of a cluster. Errors: DR_MACHINE. */
dr_status dr_nested(bool *nested, const dr_sample *sample, const dr_category *effect, const dr_category *cluster);

#endif
