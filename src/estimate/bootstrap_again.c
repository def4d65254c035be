/* Pairs bootstrap and randomisation inference: all is estimated anew in each draw. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "estimate/bootstrap_impl.h"
#include "estimate/dense.h"

typedef struct again {
    const dr_drawing *d;
    double *statistic;
    size_t tested;    /* regressor that is permuted */
    uint32_t *member; /* [groups] a row of each group */
} again;

/* The data of a draw. */
typedef struct redrawn {
    dr_regression_data data;
    size_t rows, *from; /* [rows] of the data */
    double *y, *weight, *offset, *x, *times;
    uint32_t *levels, *order;
    const double **regressor, **instrument;
    double *z; /* [instruments][rows] */
    dr_category *effect, *cluster;
} redrawn;

static void free_redrawn(redrawn *r)
{
    free(r->from);
    free(r->y);
    free(r->weight);
    free(r->offset);
    free(r->x);
    free(r->times);
    free(r->levels);
    free(r->order);
    free((void *)r->regressor);
    free((void *)r->instrument);
    free(r->z);
    free(r->effect);
    free(r->cluster);
}

static dr_status new_redrawn(redrawn *r, const dr_drawing *d)
{
    const dr_regression_data *data = d->f->data;
    size_t rows = d->f->sample->rows, kinds = data->effects + data->clusters;
    r->data = *data;
    r->from = dr_new(rows, sizeof *r->from);
    r->y = dr_new_doubles(rows);
    r->weight = dr_new_doubles(rows);
    r->offset = dr_new_doubles(rows);
    r->x = dr_new_doubles(rows * data->regressors);
    r->times = dr_new_doubles(d->groups);
    r->levels = dr_new(rows * kinds, sizeof *r->levels);
    r->order = dr_new(d->groups, sizeof *r->order);
    r->regressor = (const double **)dr_new(data->regressors, sizeof *r->regressor);
    r->instrument = (const double **)dr_new(data->instruments, sizeof *r->instrument);
    r->z = dr_new_doubles(rows * data->instruments);
    r->effect = dr_new(data->effects, sizeof *r->effect);
    r->cluster = dr_new(data->clusters, sizeof *r->cluster);
    return r->from && r->y && r->weight && r->offset && r->x && r->times && r->levels && r->order && r->regressor &&
                   r->instrument && r->z && r->effect && r->cluster
               ? DR_OK
               : dr_fail_memory();
}

static const uint32_t *take_levels(redrawn *r, size_t kind, const uint32_t *level, size_t capacity)
{
    uint32_t *to = r->levels + kind * capacity;
    for (size_t i = 0; i < r->rows; i++)
        to[i] = level[r->from[i]];
    return to;
}

/* The rows of the sample whose group is drawn, weighted by how often it is. */
static void take_rows(redrawn *r, const dr_drawing *d)
{
    const dr_fitting *f = d->f;
    const dr_regression_data *data = f->data;
    size_t capacity = f->sample->rows;
    for (size_t i = 0; i < capacity; i++) {
        double times = r->times[d->group[i]];
        size_t row = f->sample->row[i];
        if (times == 0)
            continue;
        r->from[r->rows] = row;
        r->y[r->rows] = data->outcome[row];
        r->weight[r->rows] = times * (data->weight ? data->weight[row] : 1);
        r->offset[r->rows] = data->offset ? data->offset[row] : 0;
        r->rows++;
    }
    for (size_t k = 0; k < data->regressors; k++) {
        double *x = r->x + k * capacity;
        for (size_t i = 0; i < r->rows; i++)
            x[i] = data->regressor[k][r->from[i]];
        r->regressor[k] = x;
    }
    for (size_t k = 0; k < data->instruments; k++) {
        double *z = r->z + k * capacity;
        for (size_t i = 0; i < r->rows; i++)
            z[i] = data->instrument[k][r->from[i]];
        r->instrument[k] = z;
    }
    for (size_t e = 0; e < data->effects; e++) {
        r->effect[e] = data->effect[e];
        r->effect[e].level = take_levels(r, e, data->effect[e].level, capacity);
    }
    for (size_t c = 0; c < data->clusters; c++) {
        r->cluster[c] = data->cluster[c];
        r->cluster[c].level = take_levels(r, data->effects + c, data->cluster[c].level, capacity);
    }
    r->data.rows = r->rows;
    r->data.outcome = r->y;
    r->data.weight = r->weight;
    r->data.offset = data->offset ? r->offset : NULL;
    r->data.regressor = r->regressor;
    r->data.instrument = r->instrument;
    r->data.effect = r->effect;
    r->data.cluster = r->cluster;
}

static void draw_pairs(redrawn *r, const dr_drawing *d, dr_random *random)
{
    for (size_t g = 0; g < d->groups; g++)
        r->times[(size_t)((double)d->groups * dr_random_uniform(random))] += 1;
    take_rows(r, d);
}

/* A random order of the groups, by Fisher and Yates; each gets the value of the one that comes in its place. */
static void permute(redrawn *r, const again *a, dr_random *random)
{
    const dr_drawing *d = a->d;
    const double *x = d->f->data->regressor[a->tested];
    for (size_t g = 0; g < d->groups; g++) {
        r->order[g] = (uint32_t)g;
        r->times[g] = 1;
    }
    for (size_t g = d->groups; g > 1; g--) {
        size_t with = (size_t)((double)g * dr_random_uniform(random));
        uint32_t kept = r->order[g - 1];
        r->order[g - 1] = r->order[with];
        r->order[with] = kept;
    }
    take_rows(r, d);
    double *to = r->x + a->tested * d->f->sample->rows;
    for (size_t i = 0; i < r->rows; i++) /* no group is left out, so that rows are those of the sample */
        to[i] = x[a->member[r->order[d->group[i]]]];
}

/* t or F of R b = value. */
static double statistic_of(const dr_drawing *d, const dr_regression *fit, const double *value)
{
    const dr_hypothesis *h = d->hypothesis;
    size_t q = d->q, n = fit->regressors;
    double distance[DR_MOST_WAYS], v[DR_MOST_WAYS] = {0};
    for (size_t i = 0; i < q; i++) {
        distance[i] = -value[i];
        for (size_t k = 0; k < n; k++) {
            if (h->r[i * n + k] == 0)
                continue;
            distance[i] += h->r[i * n + k] * fit->coefficient[k];
            for (size_t j = 0; j < q; j++)
                for (size_t l = 0; l < n; l++)
                    if (h->r[j * n + l] != 0)
                        v[i * q + j] += h->r[i * n + k] * fit->variance[k * n + l] * h->r[j * n + l];
        }
    }
    if (q == 1)
        return v[0] > 0 ? distance[0] / sqrt(v[0]) : NAN;
    return dr_bootstrap_square(v, distance, q) / (double)q;
}

/* Around R b of the data: R b - value is the distance. */
static void centre(double *value, const dr_drawing *d)
{
    for (size_t i = 0; i < d->q; i++)
        value[i] = d->hypothesis->value[i] + (d->plan->how == DR_BOOTSTRAP_PAIRS ? d->distance[i] : 0);
}

static dr_status estimate_one(void *work, size_t draw, size_t thread)
{
    again *a = work;
    const dr_drawing *d = a->d;
    double value[DR_MOST_WAYS];
    redrawn r = {0};
    dr_random random = dr_random_stream(d->plan->seed, draw);
    dr_regression_options options = d->f->options;
    dr_regression *fit = NULL;
    (void)thread;
    options.keep_rows = false;
    options.threads = 1;
    options.progress = NULL;
    options.bootstrap = NULL;
    options.inspect = NULL;
    a->statistic[draw] = NAN;
    dr_status status = new_redrawn(&r, d);
    if (status == DR_OK) {
        if (d->plan->how == DR_BOOTSTRAP_PAIRS)
            draw_pairs(&r, d, &random);
        else
            permute(&r, a, &random);
        status = dr_regression_fit(&fit, &r.data, &options);
    }
    if (status == DR_OK) {
        centre(value, d);
        a->statistic[draw] = statistic_of(d, fit, value);
    }
    dr_regression_free(fit);
    free_redrawn(&r);
    return status == DR_BAD_INPUT || status == DR_NO_SOLUTION ? dr_cancel_check()
                                                              : status; /* a draw without estimate */
}

/* The one variable that is tested against zero, which has one value within each group. */
static dr_status find_tested(again *a)
{
    const dr_drawing *d = a->d;
    const dr_regression_data *data = d->f->data;
    size_t found = 0;
    for (size_t k = 0; k < data->regressors; k++)
        if (d->hypothesis->r[k] != 0) {
            found++;
            a->tested = k;
        }
    if (d->q != 1 || found != 1 || d->hypothesis->value[0] != 0)
        return dr_fail(DR_BAD_INPUT, "randomisation tests that one variable has no effect: write --test \"rta = 0\"");
    a->member = dr_new(d->groups, sizeof *a->member);
    bool *seen = dr_new(d->groups, sizeof *seen);
    bool same = true;
    for (size_t i = 0; a->member && seen && i < d->f->sample->rows; i++) {
        uint32_t row = d->f->sample->row[i], *member = &a->member[d->group[i]];
        const double *x = data->regressor[a->tested];
        if (!seen[d->group[i]])
            *member = row;
        seen[d->group[i]] = true;
        same = same && x[row] == x[*member];
    }
    bool done = a->member && seen;
    free(seen);
    if (!done)
        return dr_fail_memory();
    if (same)
        return DR_OK;
    return dr_fail(
        DR_BAD_INPUT,
        "%s varies within clusters, which randomisation permutes as wholes: cluster by what it is constant in, "
        "or permute rows, without --cluster",
        data->names[a->tested]);
}

dr_status dr_bootstrap_again(double *statistic, const dr_drawing *d)
{
    again a = {.d = d, .statistic = statistic};
    dr_status status = d->plan->how == DR_BOOTSTRAP_RANDOMISE ? find_tested(&a) : DR_OK;
    if (status == DR_OK)
        status = dr_parallel(d->draws, d->plan->threads, estimate_one, &a);
    if (status == DR_OK)
        statistic[d->draws] = statistic_of(d, d->regression, d->hypothesis->value);
    free(a.member);
    return status;
}
