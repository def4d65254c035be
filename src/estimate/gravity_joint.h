/* Covariances of estimates on different rows, or on some of the same: sectors, between which errors of a pair of
 * countries are correlated. An estimate is its true value plus the sum over clusters c of its influence psi[c], H^-1
 * times the scores of the cluster, so that
 *
 *   cov(a, b) = sum_c psi_a[c] psi_b[c]
 *
 * summed over the clusters that have rows of both; several kinds of cluster are added and subtracted as for variances.
 * What is kept of it is the correlation, times the standard errors that are reported, so that small-sample factors and
 * bias corrections of these count here, too. */
#ifndef DR_ESTIMATE_GRAVITY_JOINT_H
#define DR_ESTIMATE_GRAVITY_JOINT_H

#include "estimate/gravity_sample.h"

/* The influence of one kind of cluster, or of an intersection of several. */
typedef struct dr_influence {
    double sign; /* of its part in the sum */
    size_t groups;
    uint64_t *key; /* [groups], in order: which cluster it is, in every fit */
    double *psi;   /* [groups][lines] */
} dr_influence;

typedef struct dr_joint {
    size_t lines, ways;
    dr_influence *way;
    double *own; /* [lines] sum of psi^2 */
} dr_joint;

/* For dr_regression_options.inspect: fills fit->joint, of the lines that dr_gravity_store keeps. Errors: DR_MACHINE. */
dr_status dr_joint_take(dr_sampling *s, const dr_regression *r, const struct dr_fitting *f);
void dr_joint_free(dr_joint *joint);

/* The lines of a fit that are stored: its coefficients and functions, or the average of effects by cohort. */
size_t dr_stored_lines(const dr_gravity *gravity, const dr_fitted *fit);
dr_status dr_stored_line(dr_estimate_line *out, const dr_gravity *gravity, const dr_fitted *fit, size_t line);

/* The name of such a line in a world: "C29: rta". Returns text. */
const char *dr_stored_label(char text[600], const dr_gravity *gravity, const dr_fitted *fit, const char *label);

#endif
