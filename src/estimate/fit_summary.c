#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/residual.h"
#include "estimate/fit.h"

/* Sums over rows, of which each block has its own. */
typedef struct sums {
    double weight, y, yy, fit, fit_fit, y_fit; /* weighted */
    double likelihood, deviance, null;         /* of PPML; deviance: y log(y / mu) - y + mu, or squares */
} sums;

static void add_row(sums *s, const dr_fitting *f, size_t r)
{
    bool ppml = f->options.fit == DR_FIT_PPML;
    double p = f->prior ? f->prior[r] : 1, y = f->y[r], eta = f->predictor[r], fit = ppml ? exp(eta) : eta;
    s->weight += p;
    s->y += p * y;
    s->yy += p * y * y;
    s->fit += p * fit;
    s->fit_fit += p * fit * fit;
    s->y_fit += p * y * fit;
    if (!ppml) {
        s->deviance += p * (y - fit) * (y - fit);
        return;
    }
    int sign = 0;
    double factorial = lgamma_r(y + 1, &sign);
    s->likelihood += p * (y * eta - fit - factorial);
    double least = f->offset ? f->base * exp(f->offset[r]) : f->mean; /* of a constant and the offset alone */
    s->null += p * (y * log(least) - least - factorial);
    s->deviance += 2 * p * ((y > 0 ? y * (log(y) - eta) : 0) - y + fit);
}

typedef struct adding {
    const dr_fitting *fitting;
    sums blocks[DR_SAMPLE_BLOCKS];
} adding;

static dr_status add_block(void *work, size_t b, size_t thread)
{
    adding *a = work;
    const dr_sample *s = a->fitting->sample;
    (void)thread;
    for (size_t r = s->start[s->block[b]]; r < s->start[s->block[b + 1]]; r++)
        add_row(&a->blocks[b], a->fitting, r);
    return DR_OK;
}

static sums add_rows(const dr_fitting *f)
{
    const dr_sample *s = f->sample;
    adding work = {.fitting = f};
    sums all = {0};
    (void)dr_parallel(s->blocks, s->threads, add_block, &work); /* cannot fail */
    const size_t numbers = sizeof all / sizeof(double);
    for (size_t b = 0; b < s->blocks; b++)
        for (size_t i = 0; i < numbers; i++)
            ((double *)&all)[i] += ((const double *)&work.blocks[b])[i];
    return all;
}

/* ---- The certificate ---- */

/* The largest |sum of scores| of any level over what it sums, half of weight times (|y| + |mu|). */
static void certify_levels(double *worst, const double *score, const double *size, size_t levels)
{
    for (size_t level = 0; level < levels; level++) {
        double missed = size[level] == 0 ? 0 : fabs(score[level]) / size[level];
        *worst = dr_worse(*worst, missed);
    }
}

static double fit_of(const dr_fitting *f, size_t r)
{
    return f->options.fit == DR_FIT_PPML ? exp(f->predictor[r]) : f->predictor[r];
}

static double score_of(const dr_fitting *f, size_t r)
{
    return (f->prior ? f->prior[r] : 1) * (f->y[r] - fit_of(f, r));
}

static double size_of(const dr_fitting *f, size_t r)
{
    double p = f->prior ? f->prior[r] : 1;
    return p * (fabs(f->y[r]) + fabs(fit_of(f, r))) / 2;
}

static void certify_regressors(double *worst, const dr_fitting *f)
{
    for (size_t k = 0; k < f->columns; k++) {
        double score = 0, size = 0;
        for (size_t r = 0; r < f->sample->rows; r++) {
            double x = f->x[r * f->columns + k];
            score += x * score_of(f, r);
            size += fabs(x) * size_of(f, r);
        }
        certify_levels(worst, &score, &size, 1);
    }
}

/* That the coefficients are those of the predictor: regressors less effects are orthogonal to all effects, so that
 * x'W (predictor - x b) is 0; over the norms of both. */
static void certify_coefficients(double *worst, const dr_fitting *f)
{
    for (size_t k = 0; k < f->columns; k++) {
        double product = 0, of_x = 0, of_predictor = 0;
        for (size_t r = 0; r < f->sample->rows; r++) {
            const double *x = &f->x[r * f->columns];
            double whole = f->predictor[r] - (f->offset ? f->offset[r] : 0), rest = whole;
            for (size_t l = 0; l < f->columns; l++)
                rest -= x[l] * f->b[l];
            product += f->w[r] * x[k] * rest;
            of_x += f->w[r] * x[k] * x[k];
            of_predictor += f->w[r] * whole * whole;
        }
        certify_levels(worst, &product, &(double){sqrt(of_x * of_predictor)}, 1);
    }
}

static dr_status within_limit(double worst)
{
    const double tolerance = 1e-6;
    if (worst <= tolerance)
        return DR_OK;
    return dr_fail(DR_NO_SOLUTION, "the score equations have a relative residual of %.1e; at most %.0e is allowed",
                   worst, tolerance);
}

dr_status dr_fitting_certify(double *worst, const dr_fitting *f)
{
    const dr_sample *s = f->sample;
    size_t all = s->segments + s->unknowns;
    double *score = dr_new_doubles(all), *size = dr_new_doubles(all);
    *worst = 0;
    for (size_t g = 0; score && size && g < s->segments; g++)
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            double t = score_of(f, r), scale = size_of(f, r);
            score[g] += t;
            size[g] += scale;
            for (size_t j = 0; j < s->others; j++) {
                double z = s->factor ? s->factor[r * s->others + j] : 1;
                score[s->segments + s->place[r * s->others + j]] += z * t;
                size[s->segments + s->place[r * s->others + j]] += fabs(z) * scale;
            }
        }
    bool done = score && size;
    if (done)
        certify_levels(worst, score, size, all);
    free(score);
    free(size);
    if (!done)
        return dr_fail_memory();
    certify_regressors(worst, f);
    certify_coefficients(worst, f);
    return within_limit(*worst);
}

/* Share of the sum of squares within effects that the regressors explain. */
static double within_r2(dr_fitting *f, double squares)
{
    const double tolerance = 1e-10;
    const dr_sample *s = f->sample;
    double within = 0;
    for (size_t r = 0; r < s->rows; r++)
        f->t[r] = f->w[r] * (f->y[r] - (f->offset ? f->offset[r] : 0));
    dr_absorb_solve(f->absorb, false, f->t, tolerance, 0);
    dr_absorb_fitted(f->absorb, false, f->t);
    for (size_t r = 0; r < s->rows; r++) {
        double left = f->y[r] - (f->offset ? f->offset[r] : 0) - f->t[r];
        within += f->w[r] * left * left;
    }
    return 1 - squares / within;
}

static void find_base(dr_fitting *f)
{
    double y = 0, base = 0;
    for (size_t r = 0; f->offset && r < f->sample->rows; r++) {
        double p = f->prior ? f->prior[r] : 1;
        y += p * f->y[r];
        base += p * exp(f->offset[r]);
    }
    f->base = y / base;
}

dr_status dr_fitting_summarise(dr_regression *out, dr_fitting *f)
{
    find_base(f);
    sums s = add_rows(f);
    double rows = (double)f->sample->rows, total = s.yy - s.y * s.y / s.weight;
    out->deviance = s.deviance;
    if (f->options.fit == DR_FIT_PPML) {
        double covariance = s.y_fit - s.y * s.fit / s.weight, variance = s.fit_fit - s.fit * s.fit / s.weight;
        out->log_likelihood = s.likelihood;
        out->null_log_likelihood = s.null;
        out->r2 = covariance * covariance / (variance * total);
        out->within_r2 = NAN;
    } else {
        double normal = rows / s.weight; /* weights are relative */
        out->log_likelihood = -rows / 2 * (1 + log(2 * M_PI * normal * s.deviance / rows));
        out->null_log_likelihood = -rows / 2 * (1 + log(2 * M_PI * normal * total / rows));
        out->r2 = 1 - s.deviance / total;
        out->within_r2 = within_r2(f, s.deviance);
    }
    out->pseudo_r2 = 1 - out->log_likelihood / out->null_log_likelihood;
    return dr_fitting_certify(&out->residual, f);
}

/* ---- Fitted values and effects ---- */

/* Slopes in the data's units, and the constants that belong to slopes about means: constant + slope (z - mean) /
 * spread. */
static void unscale_slopes(dr_regression *out, const dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    const dr_sample *s = f->sample;
    for (size_t e = 0; e < d->effects; e++) {
        if (!d->effect[e].slope)
            continue;
        dr_levels l = dr_sample_levels(s, e);
        double *constant = NULL;
        for (size_t other = 0; other < d->effects && d->effect[e].centred; other++)
            if (!d->effect[other].slope && d->effect[other].level == d->effect[e].level)
                constant = out->effect[other];
        for (size_t level = 0; level < d->effect[e].levels; level++) {
            uint32_t code = s->code[e][level];
            if (code == UINT32_MAX)
                continue;
            out->effect[e][level] /= s->spread[l.column];
            if (constant)
                constant[level] -= out->effect[e][level] * s->centre[code];
        }
    }
}

/* Each effect after the data's first has mean 0 over the rows, slopes apart; the first that is none holds the rest. */
static void normalise(dr_regression *out, const dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    const dr_sample *s = f->sample;
    size_t first = 0;
    while (first < d->effects && d->effect[first].slope)
        first++;
    for (size_t e = first + 1; e < d->effects; e++) {
        double mean = 0;
        if (d->effect[e].slope)
            continue;
        for (size_t r = 0; r < s->rows; r++)
            mean += out->effect[e][d->effect[e].level[s->row[r]]] / (double)s->rows;
        for (size_t level = 0; level < d->effect[e].levels; level++)
            out->effect[e][level] -= mean;
        for (size_t level = 0; level < d->effect[first].levels; level++)
            out->effect[first][level] += mean;
    }
}

static void take_effects(dr_regression *out, const dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    const dr_sample *s = f->sample;
    for (size_t e = 0; e < d->effects; e++)
        for (size_t level = 0; level < d->effect[e].levels; level++) {
            uint32_t code = s->code[e][level];
            const double *values = e == s->first ? f->absorb->level : f->absorb->solution;
            out->effect[e][level] = code == UINT32_MAX ? NAN : values[code];
        }
    unscale_slopes(out, f);
    normalise(out, f);
}

void dr_fitting_keep(dr_regression *out, dr_fitting *f)
{
    const double tolerance = 1e-13;
    const dr_regression_data *d = f->data;
    const dr_sample *s = f->sample;
    for (size_t r = 0; r < d->rows; r++)
        out->fitted[r] = NAN;
    for (size_t r = 0; r < s->rows; r++) {
        double rest = f->predictor[r] - (f->offset ? f->offset[r] : 0);
        for (size_t k = 0; k < f->columns; k++)
            rest -= d->regressor[f->column[k]][s->row[r]] * f->b[k] / f->scale[k];
        f->t[r] = f->w[r] * rest;
        out->fitted[s->row[r]] = f->options.fit == DR_FIT_PPML ? exp(f->predictor[r]) : f->predictor[r];
    }
    dr_absorb_solve(f->absorb, false, f->t, tolerance, 0);
    dr_absorb_fitted(f->absorb, false, f->t);
    if (d->effects == 0)
        out->constant = f->absorb->level[0];
    take_effects(out, f);
}
