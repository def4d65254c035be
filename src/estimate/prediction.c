#include "estimate/prediction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/dense.h"
#include "estimate/variance.h"

void dgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k, const double *alpha,
            const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
            const int *ldc);

void dr_prediction_free(dr_prediction *p)
{
    if (!p)
        return;
    free(p->column);
    free(p->mean);
    free(p->scale);
    free(p->first);
    free(p->variance);
    free(p);
}

/* The nonzero parts of z. */
typedef struct part {
    size_t at;
    double value;
} part;

static size_t take_parts(part *z, const dr_prediction *p, const double *x, const uint32_t *level, const double *slope)
{
    size_t count = 0;
    for (size_t k = 0; k < p->columns; k++)
        z[count++] = (part){k, (x[p->column[k]] - p->mean[k]) / p->scale[k]};
    for (size_t e = 0; e < p->effects; e++)
        z[count++] = (part){p->first[e] + level[e], slope[e]};
    return count;
}

double dr_prediction_error(const dr_prediction *p, const double *x, const uint32_t *level, const double *slope)
{
    part *z = dr_new(p->columns + p->effects, sizeof *z);
    double sum = 0;
    if (!z)
        return NAN;
    size_t count = take_parts(z, p, x, level, slope);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            sum += z[i].value * p->variance[z[i].at * p->parameters + z[j].at] * z[j].value;
    free(z);
    return sum >= 0 ? sqrt(sum) : NAN;
}

/* ---- The matrices ------------------------------------------------------------------------------------------------ */

/* What adds to them row by row. */
typedef struct summing {
    const dr_prediction *p;
    const dr_fitting *f;
    double *matrix; /* [parameters, parameters] */
    double *score;  /* [parameters] of one cluster */
    size_t *touched;
    part *z;
    double *x, *slope;
    uint32_t *level;
} summing;

static size_t parts_of(summing *s, size_t r)
{
    const dr_regression_data *d = s->f->data;
    size_t row = s->f->sample->row[r];
    for (size_t k = 0; k < d->regressors; k++)
        s->x[k] = d->regressor[k][row];
    for (size_t e = 0; e < d->effects; e++) {
        s->level[e] = d->effect[e].level[row];
        s->slope[e] = d->effect[e].slope ? d->effect[e].slope[row] : 1;
    }
    if (d->effects == 0) {
        s->level[0] = 0;
        s->slope[0] = 1;
    }
    return take_parts(s->z, s->p, s->x, s->level, s->slope);
}

static void add_products(summing *s)
{
    for (size_t r = 0; r < s->f->sample->rows; r++) {
        size_t count = parts_of(s, r);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                s->matrix[s->z[i].at * s->p->parameters + s->z[j].at] += s->f->w[r] * s->z[i].value * s->z[j].value;
    }
}

/* The scores of the rows order[from .. to), added up, and their cross-products. */
static void add_cluster(summing *s, double sign, const uint32_t *order, size_t from, size_t to)
{
    size_t touched = 0, n = s->p->parameters;
    for (size_t i = from; i < to; i++) {
        double t = dr_fitting_score(s->f, order[i]);
        size_t count = parts_of(s, order[i]);
        for (size_t k = 0; k < count; k++) {
            if (s->score[s->z[k].at] == 0)
                s->touched[touched++] = s->z[k].at;
            s->score[s->z[k].at] += s->z[k].value * t;
            if (s->score[s->z[k].at] == 0) /* so that it is not there twice */
                s->score[s->z[k].at] = 1e-300;
        }
    }
    for (size_t i = 0; i < touched; i++)
        for (size_t j = 0; j < touched; j++)
            s->matrix[s->touched[i] * n + s->touched[j]] += sign * s->score[s->touched[i]] * s->score[s->touched[j]];
    for (size_t i = 0; i < touched; i++)
        s->score[s->touched[i]] = 0;
}

/* Rows in the order of their groups [rows]; start [groups + 1]. */
static void sort_rows(uint32_t *order, size_t *start, const uint32_t *group, size_t groups, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        start[group[r] + 1]++;
    for (size_t g = 0; g < groups; g++)
        start[g + 1] += start[g];
    for (size_t r = 0; r < rows; r++)
        order[start[group[r]]++] = (uint32_t)r;
    memmove(start + 1, start, groups * sizeof *start);
    start[0] = 0;
}

/* The clusters of `ways`, a bit for each; without any, each row is one. */
static dr_status add_ways(summing *s, unsigned ways)
{
    const dr_regression_data *d = s->f->data;
    size_t rows = s->f->sample->rows, groups = 1;
    uint32_t *group = dr_new(rows, sizeof *group), *order = dr_new(rows, sizeof *order);
    dr_status status = group && order ? DR_OK : dr_fail_memory();
    for (size_t c = 0; status == DR_OK && c < d->clusters; c++)
        if (ways >> c & 1)
            status = dr_split_groups(group, &groups, s->f->sample, &d->cluster[c]);
    if (status == DR_OK && ways == 0)
        for (groups = 0; groups < rows; groups++)
            group[groups] = (uint32_t)groups;
    size_t *start = status == DR_OK ? dr_new(groups + 1, sizeof *start) : NULL;
    if (status == DR_OK && !start)
        status = dr_fail_memory();
    if (status == DR_OK)
        sort_rows(order, start, group, groups, rows);
    for (size_t g = 0; status == DR_OK && g < groups; g++)
        add_cluster(s, ways == 0 || __builtin_popcount(ways) % 2 ? 1 : -1, order, start[g], start[g + 1]);
    free(group);
    free(order);
    free(start);
    return status;
}

static dr_status add_scores(summing *s)
{
    unsigned all = 1U << s->f->data->clusters;
    for (unsigned ways = all > 1; ways < all; ways++)
        DR_TRY(add_ways(s, ways));
    return DR_OK;
}

/* variance = factor H^- M H^-. Overwrites h. */
static dr_status multiply(dr_prediction *p, double *h, const double *m, double factor)
{
    const double none = 0, one = 1;
    int n = (int)p->parameters;
    double *half = dr_new_doubles(p->parameters * p->parameters);
    dr_status status = half ? dr_generalised_inverse(h, p->parameters) : dr_fail_memory();
    if (status == DR_OK) { /* symmetric, so that rows and columns are alike */
        dgemm_("N", "N", &n, &n, &n, &one, h, &n, m, &n, &none, half, &n);
        dgemm_("N", "N", &n, &n, &n, &factor, half, &n, h, &n, &none, p->variance, &n);
    }
    free(half);
    return status;
}

static void find_means(dr_prediction *p, const dr_fitting *f)
{
    for (size_t k = 0; k < p->columns; k++) {
        p->column[k] = f->column[k];
        p->scale[k] = f->scale[k];
        for (size_t r = 0; r < f->sample->rows; r++)
            p->mean[k] += f->data->regressor[f->column[k]][f->sample->row[r]] / (double)f->sample->rows;
    }
}

static dr_status fill(dr_prediction *p, summing *s, const dr_regression *r)
{
    size_t n = p->parameters, square = n * n, most = p->columns + p->effects;
    double *h = dr_new_doubles(square), *m = dr_new_doubles(square);
    p->variance = dr_new_doubles(square);
    s->score = dr_new_doubles(n);
    s->touched = dr_new(n, sizeof *s->touched);
    s->z = dr_new(most, sizeof *s->z);
    s->x = dr_new_doubles(p->regressors);
    s->slope = dr_new_doubles(p->effects);
    s->level = dr_new(p->effects, sizeof *s->level);
    bool done = h && m && p->variance && s->score && s->touched && s->z && s->x && s->slope && s->level;
    dr_status status = done ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        find_means(p, s->f);
        s->matrix = h;
        add_products(s);
        s->matrix = m;
        status = add_scores(s);
    }
    if (status == DR_OK)
        status = multiply(p, h, m, r->factor);
    free(h);
    free(m);
    free(s->score);
    free(s->touched);
    free(s->z);
    free(s->x);
    free(s->slope);
    free(s->level);
    return status;
}

dr_status dr_prediction_new(dr_prediction **out, const dr_regression *r, const dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    size_t parameters = f->columns + (d->effects == 0);
    for (size_t e = 0; e < d->effects; e++)
        parameters += d->effect[e].levels;
    *out = NULL;
    if (parameters > DR_MOST_PARAMETERS || f->options.small_sample > DR_SMALL_SAMPLE_NONE)
        return DR_OK;
    dr_prediction *p = dr_new(1, sizeof *p);
    if (!p)
        return dr_fail_memory();
    p->parameters = parameters;
    p->columns = f->columns;
    p->regressors = d->regressors;
    p->effects = d->effects == 0 ? 1 : d->effects;
    p->column = dr_new(p->columns, sizeof *p->column);
    p->mean = dr_new_doubles(p->columns);
    p->scale = dr_new_doubles(p->columns);
    p->first = dr_new(p->effects, sizeof *p->first);
    dr_status status = p->column && p->mean && p->scale && p->first ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        p->first[0] = p->columns;
        for (size_t e = 1; e < p->effects; e++)
            p->first[e] = p->first[e - 1] + d->effect[e - 1].levels;
        status = fill(p, &(summing){.p = p, .f = f}, r);
    }
    if (status == DR_OK)
        *out = p;
    else
        dr_prediction_free(p);
    return status;
}
