/* Effects that differ by cohort: extended two-way fixed effects (Wooldridge 2021, "Two-way fixed effects, the two-way
 * Mundlak regression, and difference-in-differences estimators"; 2023, "Simple approaches to nonlinear
 * difference-in-differences with panel data", for PPML). A cohort are the flows that are treated from the same year on.
 * Beside the formula's variables and effects the regression has
 *
 *   d(g, t)            for each cohort g and year t: 1 in the rows of g in t; t >= g, or all but the last year before g
 *                      where never-treated rows alone are the controls
 *   d(g, t) (x - x_g)  and, for each covariate x with mean x_g in the cohort,
 *   1(g) x, 1(t) x     its slopes by cohort and by year
 *
 * so that the coefficient of d(g, t) is the effect on g in t at the cohort's mean of x. */
#ifndef DR_ESTIMATE_GRAVITY_COHORTS_H
#define DR_ESTIMATE_GRAVITY_COHORTS_H

#include "estimate/gravity_sample.h"

/* A cohort in a year. */
typedef struct dr_cell {
    int cohort, year;
    double weight;   /* of its rows in the sample, their number where they have none */
    size_t variable; /* d(g, t) among the variables */
} dr_cell;

/* Which cells an average is of. */
typedef enum dr_average { DR_AVERAGE_ALL, DR_AVERAGE_EVENT, DR_AVERAGE_COHORT, DR_AVERAGE_YEAR } dr_average;

/* An average of effects, weighted by rows: of all treated rows, or of those `when` years after entry (before:
 * negative), of the cohort or in the year `when`. */
typedef struct dr_cohort_effect {
    dr_average average;
    int when;
    double rows;                 /* weight */
    double change, change_error; /* PPML: of the outcome, in its unit, mean of mu (1 - exp(-effect)); else NAN */
} dr_cohort_effect;

/* The cohorts of a fit. */
struct dr_cohorts {
    dr_cell *cell;
    size_t cells, covariates;
    size_t products; /* d(g, t) (x - x_g) of covariate k and cell j among the variables: products + k cells + j */
    int32_t *of_row; /* [row of the sample] its cell, -1 if it has none; until it is estimated */
    double *mean;    /* [cells, covariates] of x - x_g */
    dr_cohort_effect *effect;
    size_t effects;
};

/* Fills gravity->entry. Errors: DR_BAD_INPUT (nothing is treated, no years), DR_MACHINE. */
dr_status dr_cohorts_enter(dr_gravity *gravity);

/* Adds the variables to a sample that has all its rows, and fills fit->cohorts. Errors: DR_BAD_INPUT (no row is never
 * treated, more than 1,000 variables), DR_MACHINE. */
dr_status dr_cohorts_take(dr_sampling *s);

/* For dr_regression_options.inspect, with the sampling: the changes of the outcome and their errors. The error of a
 * function F of coefficients and predictors is that of sum_r psi_r u_r, u the scores y - mu, where psi has the part
 * Z H^-1 Z' dF/deta of the predictors, effects included (Z regressors and effects, H = Z'WZ), and x H^-1 dF/db. */
dr_status dr_cohorts_inspect(dr_regression *r, struct dr_fitting *f, void *sampling);

/* Whether the average has the cell; and its value, with the gradient by the
 * coefficients [regressor]. */
bool dr_cohort_has(const dr_cohort_effect *effect, const dr_cell *cell);
double dr_cohort_gradient(double *gradient, const dr_regression *r, const dr_fitted *fit,
                          const dr_cohort_effect *effect);

/* The average of all treated rows, as if it were the coefficient of the treatment. */
dr_status dr_cohort_average(dr_estimate_line *out, const dr_gravity *gravity, const dr_fitted *fit);

/* Rows of an event study. */
dr_status dr_cohorts_event(dr_table *table, const dr_fitted *fit);

/* Sentence and notes of a table about a fit. */
void dr_cohorts_tell(dr_table *table, const dr_gravity *gravity, const dr_fitted *fit);

void dr_cohorts_free(struct dr_cohorts *cohorts);

#endif
