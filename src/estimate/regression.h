/* Regressions of trade with absorbed fixed effects: Poisson pseudo-maximum likelihood (Santos Silva & Tenreyro 2006)
 * and least squares,
 *
 *   PPML   y = exp(x'b + sum_e effect_e[level_e]) + error, weighted sums of (y - mu) x and of (y - mu) by level are
 *          zero
 *   OLS    y =     x'b + sum_e effect_e[level_e]  + error
 *
 * where an offset may be added to x'b, and the effect of a level may be a slope times a variable,
 * on plain arrays: what the rows are called and where they come from is the business of those who call. */
#ifndef DR_ESTIMATE_REGRESSION_H
#define DR_ESTIMATE_REGRESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct dr_fitting;
struct dr_regression;

typedef enum dr_fit { DR_FIT_PPML, DR_FIT_OLS } dr_fit;

/* A category of rows: fixed effects, clusters. */
typedef struct dr_category {
    const char *name;      /* as in the formula: "exporter^year" */
    const uint32_t *level; /* [row], below levels; not every level need have rows */
    size_t levels;
    const double *slope; /* [row] absorbed: each level has a slope of this variable instead of a constant; NULL */
    bool centred;        /* of slopes: the levels have constants too, among the effects */
} dr_category;

typedef struct dr_regression_data {
    size_t rows;
    const double *outcome; /* [row]; PPML: 0 or more */
    const double *weight;  /* [row] above 0; NULL: 1. Of sampling: a weight of 2 is two rows that err together */
    const double *offset;  /* [row] added to x'b + effects; NULL: 0 */
    size_t regressors;
    bool constant; /* the last regressor is 1 in every row, and there are no effects: its coefficient is the constant */
    const char *const *names;       /* [regressor], for messages */
    const double *const *regressor; /* [regressor][row] */
    size_t effects;
    const dr_category *effect; /* absorbed; none: a constant is absorbed in their place */
    size_t clusters;
    const dr_category *cluster; /* none: robust; several: multiway (Cameron, Gelbach & Miller 2011) */
    /* Instrumental variables (iv.h): the last regressors before the constant are endogenous, and then come as many
     * controls, or none: columns of zeros, in whose place are the residuals of first stages. */
    size_t endogenous, controls, instruments;
    const char *const *instrument_names;
    const double *const *instrument;  /* [instruments][row] */
    const double *const *first_stage; /* of second stages of least squares: [endogenous][row] those residuals; NULL */
    const struct dr_regression_data *whole; /* of second stages: the data with instruments; NULL */
    const double *place[2];                 /* [row] latitude and longitude in degrees, for DR_SMALL_SAMPLE_CONLEY */
} dr_regression_data;

/* The variance: small-sample factors as the common programs have them, or scores corrected for leverage, or errors that
 * are correlated by distance. In the order of dr_errors. */
typedef enum dr_small_sample {
    DR_SMALL_SAMPLE_STATA, /* ppmlhdfe and reghdfe */
    DR_SMALL_SAMPLE_R,     /* fixest's defaults */
    DR_SMALL_SAMPLE_NONE,
    DR_SMALL_SAMPLE_CR2,
    DR_SMALL_SAMPLE_CR3,
    DR_SMALL_SAMPLE_CONLEY
} dr_small_sample;

/* How PPML uses instruments; in the order of dr_iv. */
typedef enum dr_gmm { DR_GMM_NONE, DR_GMM_ADDITIVE, DR_GMM_MULTIPLICATIVE } dr_gmm;

typedef struct dr_regression_options {
    dr_fit fit;
    dr_gmm gmm; /* of data with instruments */
    bool two_step;
    dr_small_sample small_sample;
    /* PPML (Weidner & Zylkin 2021): effects are exporter-time, importer-time and, of three, pair, in this order */
    bool bias_correct;
    const struct dr_bootstrap_plan *bootstrap; /* of the hypotheses; NULL: none */
    const struct dr_hypothesis *hypothesis;    /* [hypotheses], see bootstrap.h */
    size_t hypotheses;
    double cutoff;  /* kilometres, of DR_SMALL_SAMPLE_CONLEY */
    bool keep_rows; /* fill fitted and effect values */
    /* root mean square of the last change in x'b + effects, weighted by mu (OLS: over that of the outcome); 0: 1e-9 */
    double tolerance;
    int max_iterations; /* of weighted least squares; 0: 200 */
    int threads;        /* 0: as many as the machine has; the result does not depend on it */
    /* Called when all is estimated, with the fit from which more may be computed; NULL */
    dr_status (*inspect)(struct dr_regression *r, struct dr_fitting *f, void *inspected);
    void *inspected;
    void (*progress)(const char *what, size_t done, size_t all, void *user); /* NULL: silent */
    void *user;
} dr_regression_options;

/* Why a regressor has no coefficient, or a row no part in the sample. */
typedef enum dr_left_out {
    DR_KEPT,
    DR_COLLINEAR, /* a regressor that the effects and those before it determine */
    /* a row that is fitted perfectly with mu = 0 (Correia, Guimaraes & Zylkin 2019); a regressor that only such rows
     * have */
    DR_SEPARATED,
    DR_SINGLETON /* a row alone in a level of an effect */
} dr_left_out;

/* The set of coefficients that the Anderson-Rubin test does not reject at 5%. */
typedef enum dr_ar_kind {
    DR_AR_NONE,     /* none was asked for, or it does not exist */
    DR_AR_INTERVAL, /* from low to high */
    DR_AR_OUTSIDE,  /* up to low, and from high on */
    DR_AR_LINE,     /* all numbers */
    DR_AR_EMPTY
} dr_ar_kind;

typedef struct dr_anderson_rubin {
    dr_ar_kind kind;
    double low, high;
} dr_anderson_rubin;

/* The estimate. All arrays belong to it. */
typedef struct dr_regression {
    size_t regressors, rows, effects, used, separated, singletons;
    double *coefficient;     /* [regressor], NAN where left out */
    double *variance;        /* [regressor, regressor], NAN where left out; of the corrected ones if bias_correct */
    double *uncorrected;     /* [regressor] before the bias correction; NULL where there is none of coefficients */
    double factor;           /* of small samples, in the variance */
    bool repaired;           /* the variance had negative eigenvalues, which have become zero */
    bool approximate;        /* CR2 and CR3 took effects as known, as more would take too much time or memory */
    unsigned char *left_out; /* [regressor] dr_left_out */
    unsigned char *row_out;  /* [row] dr_left_out; NULL unless keep_rows */
    double *fitted;          /* [row] mu or x'b + effects; NAN for rows left out; NULL unless keep_rows */
    double **effect; /* [effect][level], normalised as documented; NAN for levels without rows; NULL unless keep_rows */
    size_t *cluster_count; /* [cluster] with rows in the sample */
    size_t absorbed;       /* degrees of freedom that the effects take */
    /* degrees of freedom of the t or z statistic: INFINITY for PPML, unless clusters are fewer than DR_FEW_CLUSTERS or
     * their leverage is corrected */
    double freedom;
    double log_likelihood, null_log_likelihood, deviance, pseudo_r2, r2, within_r2;
    double constant;                  /* where no effects are absorbed; else NAN */
    double residual;                  /* of the score equations, relative: the certificate */
    double *first_f;                  /* [endogenous] F of the instruments in first stages; NULL without */
    size_t first_count;               /* instruments, the first degrees of freedom of F */
    double first_freedom;             /* the second */
    size_t overidentifying;           /* instruments beyond those needed */
    double overidentification;        /* J, chi-squared with as many degrees of freedom */
    dr_anderson_rubin anderson_rubin; /* of least squares with one endogenous regressor */
    struct dr_bootstrap_test *test;   /* [hypotheses]; NULL without a bootstrap */
    int iterations;                   /* of weighted least squares */
    size_t sweeps;                    /* over the effects, in all */
} dr_regression;

/* Theory has clusters go to infinity; with fewer than these, tests reject too often (Cameron & Miller 2015). */
enum { DR_FEW_CLUSTERS = 30 };

/* Estimates. Errors: DR_BAD_INPUT (negative outcome, all zero, no variation left, fewer clusters than 2, slopes without
 * any constant, bias correction without two or three effects), DR_NO_SOLUTION (no convergence), DR_MACHINE. Free with
 * dr_regression_free. */
dr_status dr_regression_fit(dr_regression **out, const dr_regression_data *data, const dr_regression_options *options);
void dr_regression_free(dr_regression *regression);

#endif
