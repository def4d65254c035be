/* GMM of exponential means with instruments. Formulas: iv.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "estimate/dense.h"
#include "estimate/iv.h"
#include "estimate/variance.h"

typedef struct gmm {
    const dr_regression_data *data;
    const dr_regression_options *options;
    size_t n, m, rows;
    const double **x, **z; /* [n], [m] columns by row */
    double *b, *step;      /* [n] */
    double *weights;       /* [m, m] */
    double *g, *slope;     /* [m] means of moments; [m][n] their derivatives */
    double *moment;        /* [rows] y - mu, or y / mu - 1, weighted */
    double *curvature;     /* [n, n] second derivatives of half the objective */
    double *scratch;       /* [n + m] */
    double *bread;         /* [n, n] inverse of slope' weights slope */
    double *sums;          /* [groups][m] */
    uint32_t *group;       /* [rows] */
    size_t groups;
} gmm;

static void free_gmm(gmm *o)
{
    free((void *)o->x);
    free((void *)o->z);
    free(o->b);
    free(o->step);
    free(o->weights);
    free(o->g);
    free(o->slope);
    free(o->moment);
    free(o->curvature);
    free(o->scratch);
    free(o->bread);
    free(o->sums);
    free(o->group);
}

/* Clusters, or rows. */
static dr_status find_groups(gmm *o)
{
    const dr_regression_data *d = o->data;
    uint32_t *number = dr_new(d->clusters > 0 ? d->cluster[0].levels : 1, sizeof *number); /* 1 + that of a level */
    o->group = dr_new(o->rows, sizeof *o->group);
    if (!number || !o->group) {
        free(number);
        return dr_fail_memory();
    }
    for (size_t r = 0; r < o->rows; r++) {
        uint32_t *known = d->clusters > 0 ? &number[d->cluster[0].level[r]] : NULL;
        if (!known || *known == 0)
            o->groups++;
        if (known && *known == 0)
            *known = (uint32_t)o->groups;
        o->group[r] = (known ? *known : (uint32_t)o->groups) - 1;
    }
    free(number);
    return DR_OK;
}

static dr_status new_gmm(gmm *o)
{
    const dr_regression_data *d = o->data;
    size_t exogenous = d->regressors - d->constant - d->endogenous, at = 0;
    o->rows = d->rows;
    o->n = d->regressors;
    o->m = exogenous + d->instruments + d->constant;
    DR_TRY(find_groups(o));
    o->x = (const double **)dr_new(o->n, sizeof *o->x);
    o->z = (const double **)dr_new(o->m, sizeof *o->z);
    o->b = dr_new_doubles(o->n);
    o->step = dr_new_doubles(2 * o->n);
    o->weights = dr_new_doubles(o->m * o->m);
    o->g = dr_new_doubles(o->m);
    o->slope = dr_new_doubles(o->m * o->n);
    o->moment = dr_new_doubles(o->rows);
    o->bread = dr_new_doubles(o->n * o->n);
    o->curvature = dr_new_doubles(o->n * o->n);
    o->scratch = dr_new_doubles(o->n + o->m);
    o->sums = dr_new_doubles(o->groups * o->m);
    if (!o->x || !o->z || !o->b || !o->step || !o->weights || !o->g || !o->slope || !o->moment || !o->bread ||
        !o->curvature || !o->scratch || !o->sums)
        return dr_fail_memory();
    memcpy((void *)o->x, d->regressor, o->n * sizeof *o->x);
    for (size_t k = 0; k < exogenous; k++)
        o->z[at++] = d->regressor[k];
    for (size_t k = 0; k < d->instruments; k++)
        o->z[at++] = d->instrument[k];
    if (d->constant)
        o->z[at++] = d->regressor[d->regressors - 1];
    return DR_OK;
}

static double weight_of(const gmm *o, size_t r)
{
    return o->data->weight ? o->data->weight[r] : 1;
}

/* Moments and derivatives at b; returns the objective g' W g. */
static double evaluate(gmm *o, const double *b)
{
    bool additive = o->options->gmm == DR_GMM_ADDITIVE;
    double objective = 0, rows = (double)o->rows;
    memset(o->g, 0, o->m * sizeof *o->g);
    memset(o->slope, 0, o->m * o->n * sizeof *o->slope);
    for (size_t r = 0; r < o->rows; r++) {
        double eta = o->data->offset ? o->data->offset[r] : 0, y = o->data->outcome[r], p = weight_of(o, r);
        for (size_t k = 0; k < o->n; k++)
            eta += o->x[k][r] * b[k];
        double mu = exp(eta), derivative = -p * (additive ? mu : y / mu);
        o->moment[r] = p * (additive ? y - mu : y / mu - 1);
        for (size_t i = 0; i < o->m; i++) {
            o->g[i] += o->z[i][r] * o->moment[r] / rows;
            for (size_t k = 0; k < o->n; k++)
                o->slope[i * o->n + k] += o->z[i][r] * derivative * o->x[k][r] / rows;
        }
    }
    for (size_t i = 0; i < o->m; i++)
        for (size_t j = 0; j < o->m; j++)
            objective += o->g[i] * o->weights[i * o->m + j] * o->g[j];
    return objective;
}

/* step = -(G'WG)^-1 G'W g, and bread. Returns by how much it could change the objective, over what it is. */
static dr_status find_step(gmm *o, double *gain)
{
    size_t n = o->n, m = o->m;
    double *toward = o->step + n;
    memset(o->bread, 0, n * n * sizeof *o->bread);
    memset(toward, 0, n * sizeof *toward);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            for (size_t k = 0; k < n; k++) {
                double part = o->slope[i * n + k] * o->weights[i * m + j];
                toward[k] += part * o->g[j];
                for (size_t l = 0; l < n; l++)
                    o->bread[k * n + l] += part * o->slope[j * n + l];
            }
    memcpy(o->curvature, o->bread, n * n * sizeof *o->bread);
    DR_TRY(dr_generalised_inverse(o->bread, n));
    *gain = 0;
    for (size_t k = 0; k < n; k++) {
        o->step[k] = 0;
        for (size_t l = 0; l < n; l++)
            o->step[k] -= o->bread[k * n + l] * toward[l];
        *gain -= o->step[k] * toward[k];
    }
    return DR_OK;
}

/* Newton's step in place of Gauss and Newton's, which converge slowly where moments are not zero in the end: the second
 * derivatives of moments, sum of (z'W g) times -mu or y / mu times x x', count too. Nothing where the sum is not
 * positive definite. */
static void improve_step(gmm *o)
{
    bool additive = o->options->gmm == DR_GMM_ADDITIVE;
    size_t n = o->n;
    double *least = o->scratch, *pull = o->scratch + n, *toward = o->step + n;
    for (size_t i = 0; i < o->m; i++) {
        pull[i] = 0;
        for (size_t j = 0; j < o->m; j++)
            pull[i] += o->weights[i * o->m + j] * o->g[j] / (double)o->rows;
    }
    for (size_t r = 0; r < o->rows; r++) {
        double times = 0, p = weight_of(o, r); /* p y / mu is the moment and p; p mu is p y less it */
        for (size_t i = 0; i < o->m; i++)
            times += o->z[i][r] * pull[i];
        times *= additive ? o->moment[r] - p * o->data->outcome[r] : o->moment[r] + p;
        for (size_t k = 0; k < n; k++)
            for (size_t l = 0; l < n; l++)
                o->curvature[k * n + l] += times * o->x[k][r] * o->x[l][r];
    }
    for (size_t k = 0; k < n; k++)
        least[k] = 1e-12 * fabs(o->curvature[k * n + k]);
    if (dr_cholesky(o->curvature, n, least) < n)
        return;
    for (size_t k = 0; k < n; k++)
        o->step[k] = -toward[k];
    dr_cholesky_solve(o->curvature, n, o->step);
}

/* The mean squares of moments, by cluster, or without `moments` of instruments alone; inverted into the weights. */
static dr_status find_weights(gmm *o, bool moments)
{
    size_t m = o->m;
    double rows = (double)o->rows;
    memset(o->weights, 0, m * m * sizeof *o->weights);
    memset(o->sums, 0, o->groups * m * sizeof *o->sums);
    for (size_t r = 0; r < o->rows; r++)
        for (size_t i = 0; i < m; i++) {
            o->sums[o->group[r] * m + i] += o->z[i][r] * o->moment[r];
            for (size_t j = 0; !moments && j < m; j++)
                o->weights[i * m + j] += weight_of(o, r) * o->z[i][r] * o->z[j][r] / rows;
        }
    for (size_t g = 0; moments && g < o->groups; g++)
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < m; j++)
                o->weights[i * m + j] += o->sums[g * m + i] * o->sums[g * m + j] / rows;
    return dr_generalised_inverse(o->weights, m);
}

static bool is_short(const gmm *o, double enough)
{
    for (size_t k = 0; k < o->n; k++)
        if (!(fabs(o->step[k]) <= enough * (1 + fabs(o->b[k]))))
            return false;
    return true;
}

/* Newton's method with steps halved until the objective does not rise. */
static dr_status minimise(gmm *o, double *objective)
{
    const int most = 200, most_halves = 40;
    double gain = INFINITY, *next = dr_new_doubles(o->n);
    dr_status status = next ? DR_OK : dr_fail_memory();
    *objective = evaluate(o, o->b);
    int i = 0;
    for (; status == DR_OK && i < most; i++) {
        status = find_step(o, &gain);
        if (status == DR_OK)
            improve_step(o);
        if (status != DR_OK || is_short(o, 1e-11))
            break;
        double reached = INFINITY;
        for (int half = 0; half < most_halves; half++) {
            const double part = ldexp(1, -half);
            for (size_t k = 0; k < o->n; k++)
                next[k] = o->b[k] + part * o->step[k];
            reached = evaluate(o, next);
            if (reached <= *objective)
                break;
        }
        if (!(reached <= *objective)) {
            *objective = evaluate(o, o->b); /* rounding: nothing is left to find */
            break;
        }
        memcpy(o->b, next, o->n * sizeof *next);
        bool level = *objective - reached <= 1e-14 * *objective; /* rounding is all that is left */
        *objective = reached;
        if (level && is_short(o, 1e-6))
            break;
        status = dr_cancel_check();
    }
    free(next);
    if (status == DR_OK && (i == most || !isfinite(*objective)))
        return dr_fail(DR_NO_SOLUTION,
                       "the moments have no solution after %d steps: other starting values, which are those "
                       "of PPML without instruments, would be needed, or fewer variables",
                       i);
    return status;
}

/* bread G'W S W G bread / rows, S the mean squares of moments. */
static void find_variance(dr_regression *out, gmm *o)
{
    size_t n = o->n, m = o->m;
    double *toward = o->sums, rows = (double)o->rows; /* of each group in turn: bread G'W times its sum */
    for (size_t g = 0; g < o->groups; g++) {
        double *half = o->step, *whole = o->step + n;
        memset(half, 0, 2 * n * sizeof *half);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < m; j++)
                for (size_t k = 0; k < n; k++)
                    half[k] += o->slope[i * n + k] * o->weights[i * m + j] * toward[g * m + j];
        for (size_t k = 0; k < n; k++)
            for (size_t l = 0; l < n; l++)
                whole[k] += o->bread[k * n + l] * half[l];
        for (size_t k = 0; k < n; k++)
            for (size_t l = 0; l < n; l++)
                out->variance[k * n + l] += whole[k] * whole[l] / (rows * rows);
    }
}

static void add_sums(gmm *o)
{
    memset(o->sums, 0, o->groups * o->m * sizeof *o->sums);
    for (size_t r = 0; r < o->rows; r++)
        for (size_t i = 0; i < o->m; i++)
            o->sums[o->group[r] * o->m + i] += o->z[i][r] * o->moment[r];
}

static double mean_square(const gmm *o)
{
    double sum = 0;
    for (size_t r = 0; r < o->rows; r++)
        sum += o->moment[r] * o->moment[r] / (double)o->rows;
    return sum;
}

static void fill(dr_regression *out, gmm *o, double objective)
{
    const dr_regression_data *d = o->data;
    double gain = 0;
    memset(out->variance, 0, o->n * o->n * sizeof *out->variance);
    (void)find_step(o, &gain); /* has been done with the same matrices */
    out->residual = sqrt(fmax(0, gain));
    add_sums(o);
    find_variance(out, o);
    memcpy(out->coefficient, o->b, o->n * sizeof *o->b);
    out->used = o->rows;
    out->overidentifying = o->m - o->n;
    out->overidentification = objective * (double)o->rows / (o->options->two_step ? 1 : mean_square(o));
    out->freedom = INFINITY;
    out->factor = 1;
    out->log_likelihood = out->null_log_likelihood = out->deviance = out->pseudo_r2 = out->r2 = out->within_r2 = NAN;
    for (size_t c = 0; c < d->clusters; c++)
        out->cluster_count[c] = o->groups;
    for (size_t r = 0; out->fitted && r < o->rows; r++) {
        double eta = d->offset ? d->offset[r] : 0;
        for (size_t k = 0; k < o->n; k++)
            eta += o->x[k][r] * o->b[k];
        out->fitted[r] = exp(eta);
    }
}

/* Starts at PPML without instruments. */
static dr_status start(gmm *o)
{
    dr_regression_data plain = *o->data;
    dr_regression_options options = {.fit = DR_FIT_PPML, .threads = o->options->threads};
    dr_regression *r = NULL;
    plain.instruments = plain.endogenous = plain.clusters = 0;
    DR_TRY(dr_regression_fit(&r, &plain, &options));
    dr_status status = DR_OK;
    for (size_t k = 0; k < o->n && status == DR_OK; k++) {
        o->b[k] = r->coefficient[k];
        if (isnan(o->b[k]))
            status = dr_fail(DR_BAD_INPUT, "%s is determined by the variables before it: GMM needs it left out",
                             o->data->names[k]);
    }
    dr_regression_free(r);
    return status;
}

static dr_status check(const dr_regression_data *d, const dr_regression_options *o)
{
    if (d->effects > 0)
        return dr_fail(DR_BAD_INPUT, "GMM has no absorbed effects: leave them out, or use the control function (--iv "
                                     "control)");
    if (d->clusters > 1 || o->small_sample > DR_SMALL_SAMPLE_NONE || o->bias_correct || o->bootstrap)
        return dr_fail(DR_BAD_INPUT, "GMM has robust errors or those of one kind of cluster, without corrections or "
                                     "bootstrap");
    if (d->instruments < d->endogenous)
        return dr_fail(DR_BAD_INPUT, "%zu endogenous variables need as many instruments, and %zu are given",
                       d->endogenous, d->instruments);
    return DR_OK;
}

static dr_status run(dr_regression *out, gmm *o)
{
    double objective = 0;
    DR_TRY(new_gmm(o));
    DR_TRY(start(o));
    DR_TRY(find_weights(o, false));
    DR_TRY(minimise(o, &objective));
    if (o->options->two_step) {
        DR_TRY(find_weights(o, true));
        DR_TRY(minimise(o, &objective));
    }
    fill(out, o, objective);
    return DR_OK;
}

dr_status dr_gmm_fit(dr_regression **out, const dr_regression_data *data, const dr_regression_options *options)
{
    gmm o = {.data = data, .options = options};
    dr_regression *r = NULL;
    DR_TRY(check(data, options));
    DR_TRY(dr_regression_new(&r, data, options->keep_rows));
    dr_status status = run(r, &o);
    free_gmm(&o);
    if (status == DR_OK)
        *out = r;
    else
        dr_regression_free(r);
    return status;
}
