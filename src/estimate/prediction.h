/* Standard errors of predictions for any rows. A row's predictor is z'(b, effects), with z its regressors and a 1 (of
 * slopes the variable) for the level of each effect, so that its variance is z' H^- M H^- z, H = Z'WZ and M the
 * cross-products of the scores of all parameters, clustered as those of the coefficients are: dense matrices, for
 * regressions that are not too large. */
#ifndef DR_ESTIMATE_PREDICTION_H
#define DR_ESTIMATE_PREDICTION_H

#include "estimate/fit.h"

enum { DR_MOST_PARAMETERS = 2500 };

typedef struct dr_prediction {
    size_t parameters, columns, effects, regressors;
    size_t *column;       /* [columns] which of the data's regressors */
    double *mean, *scale; /* [columns] that are taken off and divided by */
    size_t *first;        /* [effects] the place of their first level */
    double *variance;     /* [parameters, parameters] */
} dr_prediction;

/* Of a fit with its estimates; NULL where it has more parameters than DR_MOST_PARAMETERS, or errors that are not of
 * scores by row or cluster. Errors: DR_MACHINE. Free with dr_prediction_free. */
dr_status dr_prediction_new(dr_prediction **out, const dr_regression *r, const dr_fitting *f);
void dr_prediction_free(dr_prediction *p);

/* The standard error of a predictor: x [regressor] as the data have them, level and slope [effect] (slope of effects
 * that are none: 1). */
double dr_prediction_error(const dr_prediction *p, const double *x, const uint32_t *level, const double *slope);

#endif
