/* Draws of the wild and of the score bootstrap: sums of scores, and their squares by cluster. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "estimate/bootstrap_impl.h"
#include "estimate/dense.h"

/* ---- Multipliers ---- */

static double draw_one(dr_random *random, dr_multiplier multiplier)
{
    const double golden = (1 + sqrt(5)) / 2, six[] = {sqrt(1.5), 1, sqrt(0.5)};
    double u = dr_random_uniform(random), sum = 0;
    switch (multiplier) {
    case DR_MULTIPLIER_RADEMACHER:
        return u < 0.5 ? -1 : 1;
    case DR_MULTIPLIER_WEBB:
        return u < 0.5 ? -six[(size_t)(6 * u)] : six[(size_t)(6 * u) - 3];
    case DR_MULTIPLIER_MAMMEN:
        return u < golden / sqrt(5) ? 1 - golden : golden;
    case DR_MULTIPLIER_NORMAL:
        return dr_random_normal(random);
    default:
        sum = -log(u);
        for (int i = 0; i < 3; i++)
            sum -= log(dr_random_uniform(random));
        return sum / 2 - 2;
    }
}

void dr_draw_multipliers(double *v, const dr_drawing *d, size_t draw)
{
    dr_random random = dr_random_stream(d->plan->seed, draw);
    for (size_t g = 0; g < d->groups; g++)
        if (draw == 0)
            v[g] = 1;
        else if (d->every) /* draw 2^groups, with all bits of its rest zero, is the data itself once more */
            v[g] = draw >> g & 1 ? -1 : 1;
        else
            v[g] = draw_one(&random, d->plan->multiplier);
}

/* ---- One draw ---- */

/* What a thread works with. */
typedef struct bench {
    dr_sample sample; /* that of the fit, with one thread */
    dr_absorb *absorb;
    double *v;    /* [groups] */
    double *u;    /* [rows] an input times v, weighted */
    double *left; /* [rows] its part that effects explain */
    double *step; /* [inputs + 1][n] V x'u, and scratch */
    double *sums; /* [all groups of ways][channels] */
} bench;

typedef struct drawing {
    dr_drawing *d;
    bool again, project; /* effects do not lie within clusters, so that residuals made anew differ by them */
    double *bread;       /* [n, n] V */
    double *basis;       /* [groups][groups of ways][channels] what each group adds, if not NULL; then */
    double *basis_sum;   /* [groups][channels] */
    double *direct;      /* the inverse of the effects, where it pays; NULL */
    double *score;       /* [groups][channels] scores of each group, where there is nothing to project, ... */
    uint32_t *within;    /* ... and [ways][groups] the group of the way in which it is; NULL */
    double *input_x;     /* [groups][inputs][n] x'input and ... */
    double *forward_x;   /* ... [groups][q][n] forward'W x of each group, where residuals are made anew; NULL */
    size_t all_groups;   /* of ways */
    bench *bench;        /* [thread] */
    size_t threads;
} drawing;

/* step = V x'u, and the part of u that effects explain. */
static void explain(const drawing *w, bench *b)
{
    const dr_fitting *f = w->d->f;
    size_t n = w->d->n;
    double tolerance = w->basis ? 1e-9 : 1e-6;
    double *sum = b->step + n;
    memset(sum, 0, n * sizeof *sum);
    for (size_t r = 0; r < f->sample->rows; r++)
        for (size_t k = 0; k < n && b->u[r] != 0; k++)
            sum[k] += f->x[r * n + k] * b->u[r];
    for (size_t k = 0; k < n; k++) {
        b->step[k] = 0;
        for (size_t j = 0; j < n; j++)
            b->step[k] += w->bread[k * n + j] * sum[j];
    }
    dr_absorb_solve(b->absorb, false, b->u, tolerance, 0);
    dr_absorb_fitted(b->absorb, false, b->left);
}

/* Adds what an input says to the channels of each cluster, and to `total` [channels]. */
static void add_input(const drawing *w, bench *b, size_t input, double *total)
{
    const dr_drawing *d = w->d;
    const dr_fitting *f = d->f;
    size_t n = d->n, q = d->q;
    explain(w, b);
    for (size_t r = 0; r < f->sample->rows; r++) {
        double u = b->u[r], fit = b->left[r];
        const double *forward = d->forward + r * q;
        for (size_t i = 0; i < q; i++)
            total[input * q + i] += forward[i] * u;
        for (size_t k = 0; k < n; k++)
            fit += f->x[r * n + k] * b->step[k];
        u -= f->w[r] * fit;
        double *sums = b->sums + input * q;
        for (size_t way = 0; way < d->ways; way++) {
            double *to = sums + d->way[way].group[r] * d->channels;
            for (size_t i = 0; i < q; i++)
                to[i] += forward[i] * u;
            sums += d->way[way].groups * d->channels;
        }
    }
}

/* All inputs with the multipliers in b->v. */
static void add_inputs(const drawing *w, bench *b, double *total)
{
    const dr_drawing *d = w->d;
    memset(b->sums, 0, w->all_groups * d->channels * sizeof *b->sums);
    memset(total, 0, d->channels * sizeof *total);
    for (size_t input = 0; input < d->inputs; input++) {
        const double *from = d->input + input * d->f->sample->rows;
        for (size_t r = 0; r < d->f->sample->rows; r++)
            b->u[r] = b->v[d->group[r]] * from[r];
        add_input(w, b, input, total);
    }
}

/* step [inputs][n] = V x'u of each input, from those of groups. */
static void find_steps(const drawing *w, bench *b)
{
    size_t n = w->d->n, inputs = w->d->inputs;
    for (size_t input = 0; input < inputs; input++) {
        double *step = b->step + input * n, *sum = b->step + inputs * n;
        memset(sum, 0, n * sizeof *sum);
        for (size_t g = 0; g < w->d->groups; g++)
            for (size_t k = 0; k < n; k++)
                sum[k] += b->v[g] * w->input_x[(g * inputs + input) * n + k];
        for (size_t k = 0; k < n; k++) {
            step[k] = 0;
            for (size_t j = 0; j < n; j++)
                step[k] += w->bread[k * n + j] * sum[j];
        }
    }
}

/* The same from the scores of groups, each of which lies in one of each way, where effects make no difference: a draw
 * costs groups times regressors (Roodman, MacKinnon, Nielsen & Webb 2019). */
static void add_groups(const drawing *w, bench *b, double *total)
{
    const dr_drawing *d = w->d;
    size_t c = d->channels, q = d->q, n = d->n;
    memset(b->sums, 0, w->all_groups * c * sizeof *b->sums);
    memset(total, 0, c * sizeof *total);
    if (w->again)
        find_steps(w, b);
    for (size_t g = 0; g < d->groups; g++)
        for (size_t i = 0; i < c; i++) {
            double score = b->v[g] * w->score[g * c + i], *sums = b->sums;
            total[i] += score;
            for (size_t k = 0; k < n && w->again; k++)
                score -= w->forward_x[(g * q + i % q) * n + k] * b->step[i / q * n + k];
            for (size_t way = 0; way < d->ways; way++) {
                sums[w->within[way * d->groups + g] * c + i] += score;
                sums += d->way[way].groups * c;
            }
        }
}

/* The same from what each group adds. */
static void add_basis(const drawing *w, bench *b, double *total)
{
    const dr_drawing *d = w->d;
    size_t size = w->all_groups * d->channels;
    memset(b->sums, 0, size * sizeof *b->sums);
    memset(total, 0, d->channels * sizeof *total);
    for (size_t g = 0; g < d->groups; g++) {
        const double *from = w->basis + g * size;
        double v = b->v[g];
        for (size_t i = 0; i < size; i++)
            b->sums[i] += v * from[i];
        for (size_t c = 0; c < d->channels; c++)
            total[c] += v * w->basis_sum[g * d->channels + c];
    }
}

/* Sums of squares by cluster; of scores, which add up to something, about their mean. */
static void add_squares(const drawing *w, const bench *b, const double *total, double *squares)
{
    const dr_drawing *d = w->d;
    size_t c = d->channels;
    const double *sums = b->sums;
    for (size_t way = 0; way < d->ways; way++) {
        double groups = (double)d->way[way].groups;
        for (size_t g = 0; g < d->way[way].groups; g++, sums += c)
            for (size_t i = 0; i < c; i++)
                for (size_t j = 0; j < c; j++)
                    squares[i * c + j] +=
                        d->way[way].sign *
                        (w->again ? sums[i] * sums[j] : (sums[i] - total[i] / groups) * (sums[j] - total[j] / groups));
    }
}

static dr_status draw_one_of(void *work, size_t draw, size_t thread)
{
    const drawing *w = work;
    const dr_drawing *d = w->d;
    bench *b = &w->bench[thread];
    double *to = d->kept + draw * (d->channels + d->channels * d->channels);
    DR_TRY(dr_cancel_check());
    dr_draw_multipliers(b->v, d, draw);
    if (w->score)
        add_groups(w, b, to);
    else if (w->basis)
        add_basis(w, b, to);
    else
        add_inputs(w, b, to);
    add_squares(w, b, to, to + d->channels);
    return DR_OK;
}

/* What group g adds by itself. */
static dr_status fill_basis(void *work, size_t g, size_t thread)
{
    const drawing *w = work;
    const dr_drawing *d = w->d;
    bench *b = &w->bench[thread];
    size_t size = w->all_groups * d->channels;
    memset(b->v, 0, d->groups * sizeof *b->v);
    b->v[g] = 1;
    add_inputs(w, b, w->basis_sum + g * d->channels);
    memcpy(w->basis + g * size, b->sums, size * sizeof *b->sums);
    return dr_cancel_check();
}

/* ---- Setting up ---- */

static void free_bench(bench *b)
{
    dr_absorb_free(b->absorb);
    free(b->v);
    free(b->u);
    free(b->left);
    free(b->step);
    free(b->sums);
}

static dr_status new_bench(bench *b, const drawing *w)
{
    const dr_fitting *f = w->d->f;
    b->sample = *f->sample;
    b->sample.threads = 1;
    b->v = dr_new_doubles(w->d->groups);
    b->step = dr_new_doubles((w->d->inputs + 1) * w->d->n);
    b->sums = dr_new_doubles(w->all_groups * w->d->channels);
    if (!b->v || !b->step || !b->sums)
        return dr_fail_memory();
    if (!w->project)
        return DR_OK;
    b->u = dr_new_doubles(f->sample->rows);
    b->left = dr_new_doubles(f->sample->rows);
    if (!b->u || !b->left)
        return dr_fail_memory();
    DR_TRY(dr_absorb_new(&b->absorb, &b->sample, w->d->n));
    dr_absorb_prepare(b->absorb, f->w, f->x, w->d->n);
    b->absorb->direct = w->direct;
    return DR_OK;
}

/* Whether residuals that are made anew differ by effects: not if each level lies within a cluster of each kind. */
static dr_status must_project(bool *project, const dr_fitting *f)
{
    const dr_regression_data *data = f->data;
    *project = data->effects == 0 || data->clusters == 0;
    for (size_t e = 0; e < data->effects; e++)
        for (size_t c = 0; c < data->clusters && !*project; c++) {
            bool nested = false;
            DR_TRY(dr_nested(&nested, f->sample, &data->effect[e], &data->cluster[c]));
            *project = !nested;
        }
    return DR_OK;
}

/* How often the effects are solved for: once for each draw, or for each group where those are fewer and adding them up
 * takes less than the passes of a solution. */
static size_t solutions(const drawing *w)
{
    const size_t most_numbers = 20000000;
    const dr_drawing *d = w->d;
    size_t numbers = w->all_groups * d->channels, most = dr_absorb_work(d->f->sample) * d->inputs;
    bool by_group = d->groups <= d->draws && numbers <= (most < most_numbers ? most : most_numbers) / d->groups;
    return by_group ? d->groups : d->draws + 1;
}

static dr_status make_projections(drawing *w)
{
    const dr_drawing *d = w->d;
    size_t count = solutions(w);
    if (dr_absorb_direct_pays(d->f->sample, count * d->inputs))
        DR_TRY(dr_absorb_direct(&w->direct, d->f->absorb));
    for (size_t t = 0; t < w->threads; t++)
        DR_TRY(new_bench(&w->bench[t], w));
    if (count > d->draws)
        return DR_OK;
    w->basis = dr_new_doubles(d->groups * w->all_groups * d->channels);
    w->basis_sum = dr_new_doubles(d->groups * d->channels);
    if (!w->basis || !w->basis_sum)
        return dr_fail_memory();
    return dr_parallel(d->groups, d->plan->threads, fill_basis, w);
}

/* What a row adds to its group. */
static void add_row(drawing *w, size_t r)
{
    const dr_drawing *d = w->d;
    const double *x = d->f->x + r * d->n;
    size_t g = d->group[r], q = d->q, n = d->n, rows = d->f->sample->rows;
    for (size_t i = 0; i < d->channels; i++)
        w->score[g * d->channels + i] += d->input[i / q * rows + r] * d->forward[r * q + i % q];
    for (size_t way = 0; way < d->ways; way++)
        w->within[way * d->groups + g] = d->way[way].group[r];
    for (size_t k = 0; k < n && w->again; k++) {
        for (size_t input = 0; input < d->inputs; input++)
            w->input_x[(g * d->inputs + input) * n + k] += d->input[input * rows + r] * x[k];
        for (size_t i = 0; i < q; i++)
            w->forward_x[(g * q + i) * n + k] += d->forward[r * q + i] * d->f->w[r] * x[k];
    }
}

static dr_status make_scores(drawing *w)
{
    const dr_drawing *d = w->d;
    w->score = dr_new_doubles(d->groups * d->channels);
    w->within = dr_new(d->ways * d->groups, sizeof *w->within);
    if (w->again) {
        w->input_x = dr_new_doubles(d->groups * d->inputs * d->n);
        w->forward_x = dr_new_doubles(d->groups * d->q * d->n);
    }
    if (!w->score || !w->within || (w->again && (!w->input_x || !w->forward_x)))
        return dr_fail_memory();
    for (size_t r = 0; r < d->f->sample->rows; r++)
        add_row(w, r);
    for (size_t t = 0; t < w->threads; t++)
        DR_TRY(new_bench(&w->bench[t], w));
    return DR_OK;
}

static dr_status draw(drawing *w)
{
    dr_drawing *d = w->d;
    size_t numbers = d->channels + d->channels * d->channels;
    w->bread = dr_new_doubles(d->n * d->n);
    w->threads = dr_threads(d->plan->threads, d->draws + 1);
    w->bench = dr_new(w->threads, sizeof *w->bench);
    free(d->kept);
    d->kept = dr_new_doubles((d->draws + 1) * numbers);
    if (!w->bread || !w->bench || !d->kept)
        return dr_fail_memory();
    dr_cholesky_inverse(w->bread, d->f->absorb->factor, d->n);
    if (w->again)
        DR_TRY(must_project(&w->project, d->f));
    DR_TRY(w->project ? make_projections(w) : make_scores(w));
    return dr_parallel(d->draws + 1, d->plan->threads, draw_one_of, w);
}

dr_status dr_bootstrap_draw(dr_drawing *d, bool again)
{
    drawing w = {.d = d, .again = again};
    for (size_t way = 0; way < d->ways; way++)
        w.all_groups += d->way[way].groups;
    dr_status status = draw(&w);
    for (size_t t = 0; w.bench && t < w.threads; t++)
        free_bench(&w.bench[t]);
    free(w.bench);
    free(w.bread);
    free(w.score);
    free(w.within);
    free(w.input_x);
    free(w.forward_x);
    free(w.direct);
    free(w.basis);
    free(w.basis_sum);
    return status;
}
