/* Shared by the files of the bootstrap, and by them only: bootstrap.c sets up and finds p and intervals;
 * bootstrap_draws.c draws; bootstrap_null.c estimates PPML under a hypothesis; bootstrap_again.c estimates anew. */
#ifndef DR_ESTIMATE_BOOTSTRAP_IMPL_H
#define DR_ESTIMATE_BOOTSTRAP_IMPL_H

#include "base/random.h"
#include "estimate/bootstrap.h"
#include "estimate/variance.h"

enum { DR_MOST_WAYS = 256 };

/* An intersection of clusters, by which the variance adds or subtracts squares: the sign is times a factor. */
typedef struct dr_way {
    uint32_t *group; /* [rows] */
    size_t groups;
    double sign;
} dr_way;

typedef struct dr_drawing {
    const dr_bootstrap_plan *plan;
    const dr_hypothesis *hypothesis;
    const dr_regression *regression;
    dr_fitting *f;
    size_t n, q;      /* columns of the fit, equations */
    double *r;        /* [q][n] of scaled columns */
    double *distance; /* [q] R b - value */
    dr_way way[DR_MOST_WAYS];
    size_t ways;
    const uint32_t *group; /* [rows] by which signs are drawn: that of a way */
    size_t groups;
    size_t draws; /* after the first, which is the data itself */
    bool every;
    double *forward; /* [rows][q] R V x_r */
    size_t inputs;   /* residuals that are multiplied by signs: 2 of one equation, at 0 and by unit of distance */
    double *input;   /* [inputs][rows] */
    size_t channels; /* inputs q */
    double *kept;    /* [draws + 1][channels + channels^2] sums, and sums of squares, of each draw */
} dr_drawing;

/* distance' v^-1 distance, of q equations; NAN where v, which is overwritten, is not positive definite. */
double dr_bootstrap_square(double *v, const double *distance, size_t q);

/* The multipliers of all groups in a draw, of which draw 0 has ones. */
void dr_draw_multipliers(double *v, const dr_drawing *d, size_t draw);

/* bootstrap_draws.c: fills `kept`. With `again` residuals are made anew in each draw (wild), else not (score).
 * Errors: DR_MACHINE. */
dr_status dr_bootstrap_draw(dr_drawing *d, bool again);

/* bootstrap_null.c: makes f->predictor and f->w those of PPML with R b = value, cleans the regressors with them.
 * *found is false where there is no such estimate. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_bootstrap_null(bool *found, const dr_drawing *d, const double *value);

/* bootstrap_again.c: pairs and randomisation. statistic [draws], NAN where a draw has no estimate. Errors:
 * DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_bootstrap_again(double *statistic, const dr_drawing *d);

#endif
