/* Instrumental variables: some regressors are endogenous, and instruments that are not among the regressors move them.
 *
 *   least squares  two stages: endogenous regressors become what the other regressors, the instruments and the effects
 *                  predict; the variance has the residuals of the regressors themselves
 *   PPML           the control function (Wooldridge 2015): the residuals of the first stages are regressors, too; their
 *                  coefficients test whether the regressors are endogenous. The variance takes first stages as known.
 *   GMM            of exponential means without absorbed effects: the moments z'(y - mu) (Mullahy 1997: additive) or
 *                  z'(y / mu - 1) (multiplicative), weighted by the inverse of z'z, and with two steps then by the
 *                  inverse of the variance of the moments at the first estimate (Hansen 1982)
 *
 * Each first stage is least squares with the errors that were asked for; F is that of its instruments, the robust F of
 * Kleibergen & Paap where one regressor is endogenous. J tests whether instruments that are more than needed agree: of
 * GMM its objective (of one step over the mean square of residuals), of two stages that of GMM with the weights that
 * two-stage residuals give. */
#ifndef DR_ESTIMATE_IV_H
#define DR_ESTIMATE_IV_H

#include "estimate/fit.h"

/* An empty estimate for the data. Errors: DR_MACHINE. */
dr_status dr_regression_new(dr_regression **out, const dr_regression_data *data, bool keep_rows);

/* Both as dr_regression_fit, for data with instruments. Errors: DR_BAD_INPUT (fewer instruments than endogenous
 * regressors, once those are left out that effects and other regressors determine; GMM with effects), as the rest. */
dr_status dr_iv_fit(dr_regression **out, const dr_regression_data *data, const dr_regression_options *options);
dr_status dr_gmm_fit(dr_regression **out, const dr_regression_data *data, const dr_regression_options *options);

/* anderson_rubin.c: the set of the coefficient of the endogenous regressor x of `first`, its first stage, in the
 * equation of y; the first stage has `exogenous` variables and then q instruments, all of which have a coefficient.
 * The search is around the estimate, in units of its standard error. Errors: as dr_regression_fit. */
dr_status dr_anderson_rubin_find(dr_anderson_rubin *out, const dr_regression_data *first, const double *y,
                                 const dr_regression_options *options, size_t exogenous, size_t q, double estimate,
                                 double error);

#endif
