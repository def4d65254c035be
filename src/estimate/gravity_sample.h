/* The sample of one regression on its way: shared by gravity_sample.c, which takes the rows and what is by row,
 * gravity_variables.c, which makes the regressors, and gravity_cohorts.c, which adds those of effects by cohort. */
#ifndef DR_ESTIMATE_GRAVITY_SAMPLE_H
#define DR_ESTIMATE_GRAVITY_SAMPLE_H

#include "estimate/gravity.h"
#include "estimate/prediction.h"

/* A sample on its way. */
typedef struct dr_sampling {
    dr_fitted *fit;
    const dr_gravity *gravity;
    const dr_flow_panel *panel;
    const dr_formula *formula;
    uint32_t *row; /* [row of the sample] */
    size_t rows;
    double *outcome, *weight, *offset;            /* [row of the sample]; NULL where there is none */
    double *place[2];                             /* the same: latitude and longitude */
    uint32_t **effect, **cluster;                 /* [effect][row of the sample]; NULL where it is that of another */
    double **all_value, **all_slope, *all_offset; /* the same before rows are dropped, for predictions */
    size_t kept_variables;                        /* of all_value */
    dr_prediction *prediction;
    double **slope; /* [effect][row of the sample]; NULL where there are none */
} dr_sampling;

/* gravity_variables.c: makes the variables of a term of the formula, values of all rows of the sample. Errors:
 * DR_BAD_INPUT (more levels than 1,000, a reference that is no level), DR_MACHINE. */
dr_status dr_sampling_take_term(dr_sampling *s, size_t term);

/* Adds a variable, whose values are to be filled in. */
dr_status dr_sampling_add_variable(dr_sampling *s, size_t term, const char *label, bool first_level, dr_variable **out);

/* gravity_predict.c: keeps what predictions need before rows are dropped, and makes them of the estimate, for all rows.
 * Errors: DR_MACHINE. */
dr_status dr_sampling_keep_all(dr_sampling *s);
dr_status dr_sampling_predict(dr_sampling *s);
void dr_sampling_free_all(dr_sampling *s);

/* gravity_instruments.c: brings the variables of a formula with instruments into the order of the estimator, and adds
 * the residuals of first stages; instruments get their places, and count no longer among `variables`. Errors:
 * DR_BAD_INPUT (bias correction, cohorts, predictions), DR_MACHINE. */
dr_status dr_sampling_arrange_instruments(dr_sampling *s);

/* Gives the variables their places among the regressors. */
void dr_sampling_place_variables(dr_fitted *fit);

#endif
