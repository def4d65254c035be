/* One fit on a sample: iteratively reweighted least squares (Newton's method on the pseudo-likelihood), in which each
 * system is solved only as far as the step is worth (Correia, Guimaraes & Zylkin 2020 do so for speed; Dembo, Eisenstat
 * & Steihaug 1982 show that the limit is the same). The linear predictor only ever moves by regressors and effects, so
 * that an inexact step costs iterations, never correctness: the score equations hold at the end or there is no result.
 *
 * Conventions of this folder, those of the literature: y outcome, x regressors, b coefficients, mu fitted values, w
 * weights of least squares, t its target and then the step of the predictor; r a row, k a regressor, g a segment (a
 * level of the first effect, whose rows stand together), e an effect. A count in brackets is an array's length:
 * [rows][columns]. */
#ifndef DR_ESTIMATE_FIT_H
#define DR_ESTIMATE_FIT_H

#include "estimate/absorb.h"

typedef struct dr_fitting {
    const dr_regression_data *data;
    dr_regression_options options; /* defaults filled in */
    dr_sample *sample;
    dr_absorb *absorb;
    size_t columns;    /* regressors that have a coefficient */
    size_t *column;    /* [columns] which of the data's */
    double *scale;     /* [columns] by which the data's regressor was divided */
    double *x;         /* [rows][columns] regressors, scaled, less effects */
    double *y;         /* [rows] outcome */
    double *prior;     /* [rows] weight; NULL: 1 */
    double *offset;    /* [rows] NULL: 0 */
    double *predictor; /* [rows] offset + x'b + effects */
    double *w;         /* [rows] weight of least squares: prior times mu, or prior */
    double *t;         /* [rows] weighted target, then the step */
    double *b;         /* [columns] of scaled regressors */
    double mean;       /* of the outcome */
    double base;       /* where there is an offset o: sum of y over sum of exp(o), weighted */
    double spread;     /* what steps are measured by: 1, or the outcome's standard deviation */
    double change;     /* root mean square of the last step over spread */
    int iterations;
} dr_fitting;

/* Takes the sample, which then belongs to it. Marks in `left_out` [regressor] those that the effects and the
 * regressors before them determine. Errors: DR_MACHINE. */
dr_status dr_fitting_new(dr_fitting **out, dr_sample *sample, const dr_regression_data *data,
                         const dr_regression_options *options, unsigned char *left_out);
void dr_fitting_free(dr_fitting *fitting);

/* Fits. Where a search for separated rows finds any it marks them in `row_out` and sets *separated; the fit is then
 * worth nothing. Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_fitting_run(dr_fitting *f, unsigned char *row_out, bool *separated);

/* Takes the effects out of the regressors once more, with the weights as they are, and prepares `absorb` with them.
 * What is left of their effects is below `tolerance` times the regressor, in norms. */
void dr_fitting_clean(dr_fitting *f, double tolerance);

/* The contribution of a row to the score equations: its weight times y - mu, or times y less the fit. */
static inline double dr_fitting_score(const dr_fitting *f, size_t r)
{
    double prior = f->prior ? f->prior[r] : 1;
    return f->options.fit == DR_FIT_PPML ? prior * f->y[r] - f->w[r] : prior * (f->y[r] - f->predictor[r]);
}

/* A measure of how separated a row of PPML looks: by how much its predictor fell in the last step if that was by
 * more than it would on its way to an end (a separated row falls by 1 in each), else 1 if its mu has all but
 * vanished, else 0. */
static inline double dr_fitting_suspicion(const dr_fitting *f, size_t r)
{
    const double falling = 0.3, vanished = 1e-8;
    if (f->y[r] > 0)
        return 0;
    return f->t[r] < -falling ? -f->t[r] : f->w[r] < vanished * f->mean * (f->prior ? f->prior[r] : 1);
}

/* The certificate, after dr_fitting_clean: the largest relative residual of the score equations, of each level and
 * regressor, at the predictor as it is, and of the coefficients against the predictor; INFINITY if one is no number.
 * Errors: DR_NO_SOLUTION (more than 1e-6; `worst` is filled in), DR_MACHINE. */
dr_status dr_fitting_certify(double *worst, const dr_fitting *f);

/* Fills in what describes how well it fits: likelihoods, deviance, R2 and the residual of the score equations.
 * Overwrites f->t. Errors: as dr_fitting_certify. */
dr_status dr_fitting_summarise(dr_regression *out, dr_fitting *f);

/* Fills fitted, effect and constant. Overwrites f->t. */
void dr_fitting_keep(dr_regression *out, dr_fitting *f);

/* After a step of dr_fitting_run that makes rows suspicious: marks in `row_out` the rows without trade that some
 * combination of regressors and effects tells apart: it is zero where there is trade, never negative, and positive
 * for them. Errors: DR_MACHINE. */
dr_status dr_separation_find(dr_fitting *f, unsigned char *row_out, bool *found);

#endif
