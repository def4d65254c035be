#include "estimate/fit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "estimate/dense.h"

void dr_fitting_free(dr_fitting *f)
{
    if (!f)
        return;
    dr_absorb_free(f->absorb);
    dr_sample_free(f->sample);
    free(f->column);
    free(f->scale);
    free(f->x);
    free(f->y);
    free(f->prior);
    free(f->offset);
    free(f->predictor);
    free(f->w);
    free(f->t);
    free(f->b);
    free(f);
}

static double prior(const dr_fitting *f, size_t r)
{
    return f->prior ? f->prior[r] : 1;
}

/* ---- Setting up ---- */

static void take_rows(void *fitting, size_t from, size_t to)
{
    dr_fitting *f = fitting;
    const dr_sample *s = f->sample;
    const dr_regression_data *d = f->data;
    for (size_t r = from; r < to; r++) {
        f->y[r] = d->outcome[s->row[r]];
        if (f->prior)
            f->prior[r] = d->weight[s->row[r]];
        if (f->offset)
            f->predictor[r] = f->offset[r] = d->offset[s->row[r]];
        for (size_t k = 0; k < f->columns; k++)
            f->x[r * f->columns + k] = d->regressor[k][s->row[r]];
    }
}

/* Mean and standard deviation of every `stride`th number, in the order of the blocks. */
static void moments(const dr_fitting *f, const double *numbers, size_t stride, double *mean, double *deviation)
{
    const dr_sample *s = f->sample;
    double sum = 0, weight = 0, square = 0;
    for (size_t r = 0; r < s->rows; r++) {
        sum += prior(f, r) * numbers[r * stride];
        weight += prior(f, r);
    }
    *mean = sum / weight;
    for (size_t r = 0; r < s->rows; r++)
        square += prior(f, r) * (numbers[r * stride] - *mean) * (numbers[r * stride] - *mean);
    *deviation = sqrt(square / weight);
}

/* Regressors about their means, over their standard deviations. One that is constant but for rounding becomes zero. */
static void standardise(dr_fitting *f)
{
    const double rounding = 1e-13;
    for (size_t k = 0; k < f->columns; k++) {
        double mean, deviation;
        moments(f, f->x + k, f->columns, &mean, &deviation);
        bool varies = deviation > rounding * fabs(mean);
        f->scale[k] = varies ? deviation : 1;
        for (size_t r = 0; r < f->sample->rows; r++) {
            double *x = &f->x[r * f->columns + k];
            *x = varies ? (*x - mean) / deviation : 0;
        }
    }
}

/* The customary start of a Poisson regression, mu = (y + mean) / 2. The first step is to all of its logarithm. */
static void start(dr_fitting *f)
{
    bool ppml = f->options.fit == DR_FIT_PPML;
    moments(f, f->y, 1, &f->mean, &f->spread);
    if (ppml || !(f->spread > 0))
        f->spread = 1;
    for (size_t r = 0; r < f->sample->rows; r++)
        f->w[r] = prior(f, r) * (ppml ? (f->y[r] + f->mean) / 2 : 1);
}

/* ---- Regressors ---- */

typedef struct cleaning {
    dr_fitting *fitting;
    size_t column;
} cleaning;

static void weigh_column(void *work, size_t from, size_t to)
{
    const cleaning *c = work;
    dr_fitting *f = c->fitting;
    for (size_t r = from; r < to; r++)
        f->t[r] = f->w[r] * f->x[r * f->columns + c->column];
}

static void subtract_fitted(void *work, size_t from, size_t to)
{
    const cleaning *c = work;
    dr_fitting *f = c->fitting;
    for (size_t r = from; r < to; r++)
        f->x[r * f->columns + c->column] -= f->t[r];
}

static void clean_column(dr_fitting *f, size_t k, double tolerance)
{
    const dr_sample *s = f->sample;
    cleaning work = {f, k};
    dr_parallel_stretches(s->rows, s->threads, weigh_column, &work);
    dr_absorb_solve(f->absorb, false, f->t, 0, tolerance * sqrt(f->absorb->gram[k * f->columns + k]));
    dr_absorb_fitted(f->absorb, false, f->t);
    dr_parallel_stretches(s->rows, s->threads, subtract_fitted, &work);
}

void dr_fitting_clean(dr_fitting *f, double tolerance)
{
    dr_absorb_prepare(f->absorb, f->w, f->x, f->columns);
    for (size_t k = 0; k < f->columns; k++)
        clean_column(f, k, tolerance);
    dr_absorb_prepare(f->absorb, f->w, f->x, f->columns);
}

/* Leaves out the regressors that have no more than 1e-9 of their (weighted) sum of squares about the mean to
 * themselves. */
static void drop_collinear(dr_fitting *f, const double *squares, unsigned char *left_out)
{
    const double least = 1e-9;
    size_t all = f->columns, kept = 0;
    double *l = f->absorb->factor;
    for (size_t k = 0; k < all; k++)
        f->absorb->least[k] = least * squares[k];
    memcpy(l, f->absorb->gram, all * all * sizeof *l);
    dr_cholesky(l, all, f->absorb->least);
    for (size_t k = 0; k < all; k++) {
        left_out[k] = l[k * all + k] > 0 ? DR_KEPT : DR_COLLINEAR;
        if (left_out[k] != DR_KEPT)
            continue;
        f->column[kept] = k;
        f->scale[kept++] = f->scale[k];
    }
    f->columns = kept;
    if (kept == all)
        return;
    for (size_t r = 0; r < f->sample->rows; r++)
        for (size_t k = 0; k < kept; k++)
            f->x[r * kept + k] = f->x[r * all + f->column[k]];
}

static dr_status set_up(dr_fitting *f, unsigned char *left_out)
{
    const double tolerance = 1e-8;
    const dr_sample *s = f->sample;
    size_t n = f->data->regressors;
    f->columns = n;
    f->column = dr_new(n, sizeof *f->column);
    f->scale = dr_new_doubles(n);
    f->b = dr_new_doubles(n);
    f->x = dr_new_doubles(s->rows * n);
    f->y = dr_new_doubles(s->rows);
    f->predictor = dr_new_doubles(s->rows);
    f->w = dr_new_doubles(s->rows);
    f->t = dr_new_doubles(s->rows);
    f->prior = f->data->weight ? dr_new_doubles(s->rows) : NULL;
    f->offset = f->data->offset ? dr_new_doubles(s->rows) : NULL;
    double *squares = dr_new_doubles(n);
    if (!f->column || !f->scale || !f->b || !f->x || !f->y || !f->predictor || !f->w || !f->t || !squares ||
        (f->data->weight && !f->prior) || (f->data->offset && !f->offset)) {
        free(squares);
        return dr_fail_memory();
    }
    dr_parallel_stretches(s->rows, s->threads, take_rows, f);
    standardise(f);
    start(f);
    for (size_t r = 0; r < s->rows; r++)
        for (size_t k = 0; k < n; k++)
            squares[k] += f->w[r] * f->x[r * n + k] * f->x[r * n + k];
    dr_status status = dr_absorb_new(&f->absorb, s, n);
    if (status == DR_OK) {
        dr_fitting_clean(f, tolerance);
        drop_collinear(f, squares, left_out);
    }
    free(squares);
    return status;
}

dr_status dr_fitting_new(dr_fitting **out, dr_sample *sample, const dr_regression_data *data,
                         const dr_regression_options *options, unsigned char *left_out)
{
    dr_fitting *f = dr_new(1, sizeof *f);
    if (!f) {
        dr_sample_free(sample);
        return dr_fail_memory();
    }
    f->data = data;
    f->options = *options;
    f->sample = sample;
    dr_status status = set_up(f, left_out);
    if (status == DR_OK)
        *out = f;
    else
        dr_fitting_free(f);
    return status;
}

/* ---- Iterations ---- */

/* t = what least squares has as its weighted target: y - mu, or the distance of y from the predictor. In the first
 * iteration of PPML also the logarithm of the start, of which the predictor holds no more than the offset yet. */
static void find_target(void *fitting, size_t from, size_t to)
{
    dr_fitting *f = fitting;
    bool ppml = f->options.fit == DR_FIT_PPML, first = f->iterations == 0;
    for (size_t r = from; r < to; r++) {
        double p = prior(f, r);
        f->t[r] = ppml ? p * f->y[r] - f->w[r] : p * (f->y[r] - f->predictor[r]);
        if (ppml && first)
            f->t[r] += f->w[r] * (log(f->w[r] / p) - f->predictor[r]);
    }
}

/* One segment of PPML: the predictor moves by `step` times t, and then all of it by what makes the sum of mu that of
 * y, which is the best that the segment's own effect can do. Without this a level whose trade is small would come
 * down from a high start by no more than 1 in each iteration. Exponentials are of distances from the highest
 * predictor, so that none overflows. Returns sum of prior (mu - y log mu). */
static double move_segment(dr_fitting *f, size_t from, size_t to, double step)
{
    const double least = 1e-280; /* so that no sum of weights is zero */
    double highest = -INFINITY, sum = 0, y = 0, objective = 0;
    for (size_t r = from; r < to; r++) {
        f->predictor[r] += step * f->t[r];
        highest = fmax(highest, f->predictor[r]);
    }
    for (size_t r = from; r < to; r++) {
        double p = prior(f, r);
        f->w[r] = p * exp(f->predictor[r] - highest);
        sum += f->w[r];
        y += p * f->y[r];
    }
    double times = y / sum, shift = log(times) - highest;
    for (size_t r = from; r < to; r++) {
        f->predictor[r] += shift;
        f->w[r] = fmax(f->w[r] * times, least);
        objective += f->w[r] - prior(f, r) * f->y[r] * f->predictor[r];
    }
    return objective;
}

static double move_ols(dr_fitting *f, size_t from, size_t to, double step)
{
    double objective = 0;
    for (size_t r = from; r < to; r++) {
        f->predictor[r] += step * f->t[r];
        double distance = f->y[r] - f->predictor[r];
        objective += prior(f, r) * distance * distance;
    }
    return objective;
}

typedef struct moving {
    dr_fitting *fitting;
    double step;
    double number[DR_SAMPLE_BLOCKS]; /* what each block says */
} moving;

static dr_status move_block(void *work, size_t b, size_t thread)
{
    moving *m = work;
    dr_fitting *f = m->fitting;
    const dr_sample *s = f->sample;
    (void)thread;
    for (size_t g = s->block[b]; g < s->block[b + 1]; g++)
        m->number[b] += f->options.fit == DR_FIT_PPML ? move_segment(f, s->start[g], s->start[g + 1], m->step)
                                                      : move_ols(f, s->start[g], s->start[g + 1], m->step);
    return DR_OK;
}

/* Moves the predictor by `step` times t and renews the weights. Returns what is minimised. */
static double move(dr_fitting *f, double step)
{
    const dr_sample *s = f->sample;
    moving work = {.fitting = f, .step = step};
    double objective = 0;
    (void)dr_parallel(s->blocks, s->threads, move_block, &work); /* cannot fail */
    for (size_t b = 0; b < s->blocks; b++)
        objective += work.number[b];
    return objective;
}

static dr_status longest_of_block(void *work, size_t b, size_t thread)
{
    moving *m = work;
    const dr_sample *s = m->fitting->sample;
    (void)thread;
    for (size_t r = s->start[s->block[b]]; r < s->start[s->block[b + 1]]; r++)
        m->number[b] = fmax(m->number[b], fabs(m->fitting->t[r]));
    return DR_OK;
}

static double longest(dr_fitting *f)
{
    const dr_sample *s = f->sample;
    moving work = {.fitting = f};
    double most = 0;
    (void)dr_parallel(s->blocks, s->threads, longest_of_block, &work); /* cannot fail */
    for (size_t b = 0; b < s->blocks; b++)
        most = fmax(most, work.number[b]);
    return most;
}

/* Goes the whole step, or half of it, a quarter, ..., until the objective does not rise. Where mu is far below y,
 * Newton's step is y / mu, when the logarithm of that would do: no step moves a predictor by more than 8 at once.
 * The first, which goes to all of a logarithm, has nothing to be compared with. Returns the part that was gone. */
static double descend(dr_fitting *f, double *objective, bool first)
{
    const double slack = 1e-11, far = 8;
    const int most = 50;
    double part = first ? 1 : fmin(1, far / longest(f)), reached = move(f, part);
    for (int i = 0; i < most && !first && !(reached <= *objective + slack * fabs(*objective)); i++) {
        part /= 2;
        reached = move(f, -part);
    }
    *objective = reached;
    return part;
}

static double total_weight(const dr_absorb *a)
{
    double sum = 0;
    for (size_t g = 0; g < a->sample->segments; g++)
        sum += a->weight[g];
    return sum;
}

/* One step of Newton's method. */
static void iterate(dr_fitting *f, double *objective)
{
    const double first_tolerance = 1e-2, next_tolerance = 0.1, enough = 0.01;
    bool ppml = f->options.fit == DR_FIT_PPML, first = f->iterations == 0;
    dr_parallel_stretches(f->sample->rows, f->sample->threads, find_target, f);
    dr_absorb_prepare(f->absorb, f->w, f->x, f->columns);
    double whole = sqrt(total_weight(f->absorb)) * f->spread;
    double relative = !ppml ? 0 : first ? first_tolerance : fmin(next_tolerance, f->change);
    double explained = dr_absorb_solve(f->absorb, true, f->t, relative, f->options.tolerance * enough * whole);
    dr_absorb_fitted(f->absorb, true, f->t);
    double part = descend(f, objective, first || !ppml);
    for (size_t k = 0; k < f->columns; k++)
        f->b[k] += part * f->absorb->solution[k];
    f->change = first && ppml ? 1 : sqrt(explained) / whole;
    f->iterations++;
}

/* Whether there may be separated rows: some without trade whose mu has all but vanished, or is on its way there. */
static bool suspicious(const dr_fitting *f)
{
    bool found = false;
    for (size_t r = 0; r < f->sample->rows && !found && f->options.fit == DR_FIT_PPML; r++)
        found = dr_fitting_suspicion(f, r) > 0;
    return found;
}

static dr_status search(dr_fitting *f, unsigned char *row_out, bool *separated)
{
    DR_TRY(dr_separation_find(f, row_out, separated));
    memset(f->t, 0, f->sample->rows * sizeof *f->t);
    move(f, 0); /* the search had weights of its own */
    return DR_OK;
}

static dr_status diverged(const dr_fitting *f)
{
    return dr_fail(DR_NO_SOLUTION,
                   "the regression has not converged in %d iterations (last relative change %.1e, wanted %.1e): fewer "
                   "effects, or the logarithm of a regressor that is very large for a few rows, may help",
                   f->iterations, f->change, f->options.tolerance);
}

static void report_progress(const dr_fitting *f)
{
    if (!f->options.progress)
        return;
    double wanted = -log10(f->options.tolerance), there = f->change > 0 ? -log10(f->change) : wanted;
    there = fmin(wanted, fmax(0, there));
    f->options.progress("estimating", (size_t)(10 * there), (size_t)(10 * wanted), f->options.user);
}

dr_status dr_fitting_run(dr_fitting *f, unsigned char *row_out, bool *separated)
{
    const int early = 12; /* iterations after which a fit that goes on may be one that never ends */
    double objective = INFINITY;
    *separated = false;
    while (!*separated && (f->iterations < 2 || f->change > f->options.tolerance)) {
        if (f->iterations >= f->options.max_iterations || !isfinite(f->change))
            return diverged(f);
        DR_TRY(dr_cancel_check());
        iterate(f, &objective);
        report_progress(f);
        if (f->iterations % early == 0 && suspicious(f))
            DR_TRY(search(f, row_out, separated));
    }
    if (!*separated && suspicious(f))
        DR_TRY(search(f, row_out, separated));
    return DR_OK;
}
