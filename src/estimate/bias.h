/* Incidental-parameter bias of PPML (Weidner & Zylkin 2021, "Bias and consistency in three-way gravity models", Journal
 * of International Economics 132), three-way: effects of exporter-time, importer-time and pair. With lambda the fitted
 * flows of a pair over time, Lambda their sum, S = y - lambda, x the regressors less effects,
 *
 *   H  = diag(lambda) - lambda lambda' / Lambda                                     of each pair, time by time
 *   W  = 1/P sum over pairs of x' H x                                               P pairs, I exporters, J importers
 *   B  = 1/I sum_i tr[ -(sum_j H)^- sum_j H x S' + 1/2 (sum_j H)^- (sum_j G x) (sum_j H)^- sum_j S S' ]
 *   D  = the same by importer
 *   bias = W^-1 [ I/(I-1) B I/P + J/(J-1) D J/P ]
 *
 * for each regressor, where G is the array of third derivatives; as sums of lambda x over a pair, an exporter-time or
 * an importer-time are zero, sum_j G x = -sum_j (H diag(x) + diag(x) H). Any generalised inverse does: what stands
 * beside it is orthogonal to constants.
 *
 * The variance, by pair: S is replaced on one side by (I - H (x V x' + d U d'))^-1 S, V = (P W)^-1, U a generalised
 * inverse of sum d' H d over pairs, d the dummies of exporter-time and importer-time. The factor is P / (P - 1), but
 * for DR_SMALL_SAMPLE_NONE.
 *
 * Two-way, without effects of pairs, the coefficients have no such bias and H = diag(lambda); the variance is corrected
 * in the same way, by cluster (which are the pairs, as a rule), or by row without clusters. */
#ifndef DR_ESTIMATE_BIAS_H
#define DR_ESTIMATE_BIAS_H

#include "estimate/fit.h"

/* Whether the data are such that dr_bias_correct can work. Errors: DR_BAD_INPUT (not PPML, not two or three effects,
 * weights, several ways of clustering). */
dr_status dr_bias_check(const dr_regression_data *data, dr_fit fit);

/* Keeps the coefficients as `uncorrected`, takes the bias off them (three-way) and replaces the variance. Of a fit
 * whose regressors were cleaned with its last weights. Errors: DR_BAD_INPUT (pairs that are the same in both
 * directions or otherwise not of one exporter and one importer, one exporter or importer only), DR_MACHINE. */
dr_status dr_bias_correct(dr_regression *out, const dr_fitting *f);

#endif
