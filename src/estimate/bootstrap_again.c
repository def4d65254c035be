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
    size_t *times, *first; /* [groups] how often each is drawn, and the number of its first copy */
    uint32_t *order;       /* [groups] */
    size_t capacity, rows; /* of the sample's rows as often as their group is drawn */
    size_t *from;          /* [capacity] of the data */
    double *y, *weight, *offset, *x;
    uint32_t *levels;
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
    free(r->first);
    free(r->levels);
    free(r->order);
    free((void *)r->regressor);
    free((void *)r->instrument);
    free(r->z);
    free(r->effect);
    free(r->cluster);
}

/* For as many rows as are drawn. */
static dr_status new_redrawn(redrawn *r, const dr_drawing *d)
{
    const dr_regression_data *data = d->f->data;
    size_t rows = 0, kinds = data->effects + data->clusters;
    for (size_t i = 0; i < d->f->sample->rows; i++)
        rows += r->times[d->group[i]];
    r->capacity = rows;
    r->data = *data;
    r->from = dr_new(rows, sizeof *r->from);
    r->y = dr_new_doubles(rows);
    r->weight = dr_new_doubles(rows);
    r->offset = dr_new_doubles(rows);
    r->x = dr_new_doubles(rows * data->regressors);
    r->levels = dr_new(rows * kinds, sizeof *r->levels);
    r->regressor = (const double **)dr_new(data->regressors, sizeof *r->regressor);
    r->instrument = (const double **)dr_new(data->instruments, sizeof *r->instrument);
    r->z = dr_new_doubles(rows * data->instruments);
    r->effect = dr_new(data->effects, sizeof *r->effect);
    r->cluster = dr_new(data->clusters, sizeof *r->cluster);
    return r->from && r->y && r->weight && r->offset && r->x && r->levels && r->regressor && r->instrument && r->z &&
                   r->effect && r->cluster
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

/* What it points to. */
static void bind(redrawn *r, const dr_regression_data *data)
{
    r->data.rows = r->rows;
    r->data.outcome = r->y;
    r->data.weight = data->weight ? r->weight : NULL;
    r->data.offset = data->offset ? r->offset : NULL;
    r->data.regressor = r->regressor;
    r->data.instrument = r->instrument;
    r->data.effect = r->effect;
    r->data.cluster = r->cluster;
}

/* Columns of the rows that are drawn. */
static void take_columns(double *to, const double **column, redrawn *r, const double *const *from, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        double *x = to + k * r->capacity;
        for (size_t i = 0; i < r->rows; i++)
            x[i] = from[k][r->from[i]];
        column[k] = x;
    }
}

/* The rows of the sample as often as their group is drawn. Each copy of a cluster is a cluster of its own, so that what
 * it adds to the variance counts twice, not four times, where it is drawn twice; of several kinds of cluster, whose
 * intersections are drawn, copies keep the names of their clusters. */
static void take_rows(redrawn *r, const dr_drawing *d)
{
    const dr_regression_data *data = d->f->data;
    uint32_t *copy = r->levels + data->effects * r->capacity;
    for (size_t i = 0; i < d->f->sample->rows; i++) {
        size_t row = d->f->sample->row[i];
        for (size_t times = 0; times < r->times[d->group[i]]; times++) {
            r->from[r->rows] = row;
            r->y[r->rows] = data->outcome[row];
            r->weight[r->rows] = data->weight ? data->weight[row] : 1;
            r->offset[r->rows] = data->offset ? data->offset[row] : 0;
            if (data->clusters == 1)
                copy[r->rows] = (uint32_t)(r->first[d->group[i]] + times);
            r->rows++;
        }
    }
    take_columns(r->x, r->regressor, r, data->regressor, data->regressors);
    take_columns(r->z, r->instrument, r, data->instrument, data->instruments);
    for (size_t e = 0; e < data->effects; e++) {
        r->effect[e] = data->effect[e];
        r->effect[e].level = take_levels(r, e, data->effect[e].level, r->capacity);
    }
    for (size_t c = 0; c < data->clusters; c++) {
        bool alone = data->clusters == 1;
        r->cluster[c] = data->cluster[c];
        r->cluster[c].level = alone ? copy : take_levels(r, data->effects + c, data->cluster[c].level, r->capacity);
        r->cluster[c].levels = alone ? d->groups : data->cluster[c].levels;
    }
    bind(r, data);
}

/* How often each group is drawn, and the number of its first copy; of a permutation each once. */
static dr_status draw_groups(redrawn *r, const dr_drawing *d, dr_random *random)
{
    bool pairs = d->plan->how == DR_BOOTSTRAP_PAIRS;
    r->times = dr_new(d->groups, sizeof *r->times);
    r->first = dr_new(d->groups, sizeof *r->first);
    r->order = dr_new(d->groups, sizeof *r->order);
    if (!r->times || !r->first || !r->order)
        return dr_fail_memory();
    for (size_t g = 0; g < d->groups; g++)
        r->times[pairs ? (size_t)((double)d->groups * dr_random_uniform(random)) : g]++;
    for (size_t g = 1; g < d->groups; g++)
        r->first[g] = r->first[g - 1] + r->times[g - 1];
    return DR_OK;
}

/* A random order of the groups, by Fisher and Yates; each gets the value of the one that comes in its place. */
static void permute(redrawn *r, const again *a, dr_random *random)
{
    const dr_drawing *d = a->d;
    const double *x = d->f->data->regressor[a->tested];
    for (size_t g = 0; g < d->groups; g++)
        r->order[g] = (uint32_t)g;
    for (size_t g = d->groups; g > 1; g--) {
        size_t with = (size_t)((double)g * dr_random_uniform(random));
        uint32_t kept = r->order[g - 1];
        r->order[g - 1] = r->order[with];
        r->order[with] = kept;
    }
    double *to = r->x + a->tested * r->capacity;
    for (size_t i = 0; i < r->rows; i++) /* those of the sample */
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
    dr_status status = draw_groups(&r, d, &random);
    if (status == DR_OK)
        status = new_redrawn(&r, d);
    if (status == DR_OK) {
        take_rows(&r, d);
        if (d->plan->how == DR_BOOTSTRAP_RANDOMISE)
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
