/* The leverage of a cluster's rows by regressors and all effects, as a matrix of these rows: with w the weights of
 * least squares, x~ the regressors less effects, V the inverse of x~'w x~, z the other effects less the means of
 * segments, A the generalised inverse of their normal equations and W the weight of a segment,
 *
 *   H_ij = sqrt(w_i w_j) (x~_i V x~_j' + z_i A z_j' + 1 / W if i and j are of one segment)
 *
 * I - H is singular where levels or regressors have rows in no other cluster. Residuals are orthogonal to those
 * directions, so that what is solved for has a solution, and any of them has the same scores. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "estimate/dense.h"
#include "estimate/variance.h"

static const double nothing = 1e-8; /* of I - H: what is left of this size is rounding */

typedef struct leverage {
    const dr_fitting *f;
    const double *bread; /* [n, n] */
    bool root;
    double *direct;    /* [unknowns, unknowns] */
    uint32_t *segment; /* [rows] */
    uint32_t *order;   /* [rows] by group */
    size_t *start;     /* [groups + 1] */
    size_t most;       /* rows of a group */
    /* of one group, whose rows are `row` [m] */
    const uint32_t *row;
    size_t m;
    double *toward; /* [m][n] V x */
    double *solved; /* [m][unknowns] A z */
    double *mean;   /* [unknowns] A times the mean of a segment */
    double *rest;   /* [m, m] I - H */
    double *half;   /* [m] */
} leverage;

/* ---- Whether it can be done ---- */

static dr_status all_nested(bool *nested, const dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    *nested = d->effects == 0 ? d->constant : d->clusters > 0;
    for (size_t e = 0; e < d->effects && *nested; e++)
        DR_TRY(dr_nested(nested, f->sample, &d->effect[e], &d->cluster[0]));
    return DR_OK;
}

dr_status dr_leverage_by_rows(bool *by_rows, bool *possible, size_t groups, const uint32_t *group, const dr_fitting *f)
{
    const double most_work = 4e10; /* products, less than a minute */
    const double most_unknowns = 4000, most_rows = 4000;
    const dr_sample *s = f->sample;
    bool nested = false, root = f->options.small_sample == DR_SMALL_SAMPLE_CR2;
    DR_TRY(all_nested(&nested, f));
    double n = (double)s->unknowns, segment = (double)s->rows / (double)s->segments * (double)s->others;
    double work = n * n * n + (double)s->rows * n * (segment + 1), largest = 0;
    size_t *count = dr_new(groups, sizeof *count);
    if (!count)
        return dr_fail_memory();
    for (size_t r = 0; r < s->rows; r++)
        count[group[r]]++;
    for (size_t g = 0; g < groups; g++) {
        double m = (double)count[g];
        work += m * m * (m * (root ? 10 : 1) / 3 + segment);
        largest = fmax(largest, m);
    }
    free(count);
    *by_rows = !nested;
    *possible = n <= most_unknowns && largest <= most_rows && work <= most_work;
    return DR_OK;
}

/* ---- The matrix ---- */

static double factor_of(const dr_sample *s, size_t r, size_t j)
{
    return s->factor ? s->factor[r * s->others + j] : 1;
}

/* to = A times the mean of the segment's rows. */
static void solve_mean(leverage *l, size_t segment)
{
    const dr_sample *s = l->f->sample;
    size_t n = s->unknowns;
    memset(l->mean, 0, n * sizeof *l->mean);
    for (size_t r = s->start[segment]; r < s->start[segment + 1]; r++)
        for (size_t j = 0; j < s->others; j++) {
            double times = l->f->w[r] * factor_of(s, r, j) / l->f->absorb->weight[segment];
            const double *column = l->direct + s->place[r * s->others + j] * n;
            for (size_t k = 0; k < n; k++)
                l->mean[k] += times * column[k];
        }
}

/* V x and A z of each row. */
static void solve_rows(leverage *l)
{
    const dr_sample *s = l->f->sample;
    size_t n = s->unknowns, columns = l->f->columns;
    for (size_t i = 0; i < l->m; i++) {
        size_t r = l->row[i];
        double *toward = l->toward + i * columns, *solved = l->solved + i * n;
        for (size_t k = 0; k < columns; k++) {
            toward[k] = 0;
            for (size_t j = 0; j < columns; j++)
                toward[k] += l->bread[k * columns + j] * l->f->x[r * columns + j];
        }
        if (n > 0 && (i == 0 || l->segment[r] != l->segment[l->row[i - 1]]))
            solve_mean(l, l->segment[r]);
        for (size_t k = 0; k < n; k++)
            solved[k] = -l->mean[k];
        for (size_t j = 0; j < s->others; j++) {
            double times = factor_of(s, r, j);
            const double *column = l->direct + s->place[r * s->others + j] * n;
            for (size_t k = 0; k < n; k++)
                solved[k] += times * column[k];
        }
    }
}

static double times_unknowns(const dr_sample *s, size_t r, const double *v)
{
    double sum = 0;
    for (size_t j = 0; j < s->others; j++)
        sum += factor_of(s, r, j) * v[s->place[r * s->others + j]];
    return sum;
}

/* The mean of the segment's rows times v. */
static double times_mean(const leverage *l, size_t segment, const double *v)
{
    const dr_sample *s = l->f->sample;
    double sum = 0;
    for (size_t r = s->start[segment]; r < s->start[segment + 1] && s->others > 0; r++)
        sum += l->f->w[r] * times_unknowns(s, r, v);
    return sum / l->f->absorb->weight[segment];
}

static void fill_rest(leverage *l)
{
    const dr_fitting *f = l->f;
    size_t m = l->m, n = f->sample->unknowns, columns = f->columns;
    for (size_t j = 0; j < m; j++) {
        const double *toward = l->toward + j * columns, *solved = l->solved + j * n;
        double mean = 0;
        for (size_t i = 0; i <= j; i++) {
            size_t r = l->row[i], segment = l->segment[r];
            if (i == 0 || segment != l->segment[l->row[i - 1]])
                mean = times_mean(l, segment, solved);
            double h = times_unknowns(f->sample, r, solved) - mean;
            for (size_t k = 0; k < columns; k++)
                h += f->x[r * columns + k] * toward[k];
            if (segment == l->segment[l->row[j]])
                h += 1 / f->absorb->weight[segment];
            l->rest[i * m + j] = l->rest[j * m + i] = (i == j) - h * sqrt(f->w[r] * f->w[l->row[j]]);
        }
    }
}

/* ---- What residuals become ---- */

static double root_inverse(double rest)
{
    return rest > nothing ? 1 / sqrt(rest) : 0;
}

/* rest becomes the root of its inverse, or its Cholesky factor. */
static dr_status factorise(leverage *l)
{
    double range[2];
    if (l->root)
        return dr_change_eigenvalues(l->rest, l->m, root_inverse, range);
    for (size_t i = 0; i < l->m; i++)
        l->half[i] = nothing;
    dr_cholesky(l->rest, l->m, l->half);
    return DR_OK;
}

/* Values of the cluster's rows are residuals times w. */
static void correct(leverage *l, double *values)
{
    size_t m = l->m;
    double *solved = l->half + l->most;
    for (size_t i = 0; i < m; i++)
        solved[i] = l->half[i] = values[l->row[i]] / sqrt(l->f->w[l->row[i]]);
    if (!l->root)
        dr_cholesky_solve(l->rest, m, solved);
    for (size_t i = 0; i < m && l->root; i++) {
        solved[i] = 0;
        for (size_t j = 0; j < m; j++)
            solved[i] += l->rest[i * m + j] * l->half[j];
    }
    for (size_t i = 0; i < m; i++)
        values[l->row[i]] = solved[i] * sqrt(l->f->w[l->row[i]]);
}

static void sort_rows(leverage *l, size_t groups, const uint32_t *group)
{
    const dr_sample *s = l->f->sample;
    for (size_t r = 0; r < s->rows; r++)
        l->start[group[r] + 1]++;
    for (size_t g = 0; g < groups; g++) {
        l->most = l->start[g + 1] > l->most ? l->start[g + 1] : l->most;
        l->start[g + 1] += l->start[g];
    }
    for (size_t r = 0; r < s->rows; r++)
        l->order[l->start[group[r]]++] = (uint32_t)r;
    memmove(l->start + 1, l->start, groups * sizeof *l->start);
    l->start[0] = 0;
    for (size_t g = 0; g < s->segments; g++)
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++)
            l->segment[r] = (uint32_t)g;
}

static dr_status set_up(leverage *l, size_t groups, const uint32_t *group)
{
    const dr_sample *s = l->f->sample;
    l->segment = dr_new(s->rows, sizeof *l->segment);
    l->order = dr_new(s->rows, sizeof *l->order);
    l->start = dr_new(groups + 1, sizeof *l->start);
    l->mean = dr_new_doubles(s->unknowns);
    if (!l->segment || !l->order || !l->start || !l->mean)
        return dr_fail_memory();
    sort_rows(l, groups, group);
    l->toward = dr_new_doubles(l->most * l->f->columns);
    l->solved = dr_new_doubles(l->most * s->unknowns);
    l->rest = dr_new_doubles(l->most * l->most);
    l->half = dr_new_doubles(2 * l->most);
    if (!l->toward || !l->solved || !l->rest || !l->half)
        return dr_fail_memory();
    return dr_absorb_direct(&l->direct, l->f->absorb);
}

static dr_status run(leverage *l, double *values, size_t count, size_t groups, const uint32_t *group)
{
    DR_TRY(set_up(l, groups, group));
    for (size_t g = 0; g < groups; g++) {
        DR_TRY(dr_cancel_check());
        l->row = l->order + l->start[g];
        l->m = l->start[g + 1] - l->start[g];
        solve_rows(l);
        fill_rest(l);
        DR_TRY(factorise(l));
        for (size_t i = 0; i < count; i++)
            correct(l, values + i * l->f->sample->rows);
    }
    return DR_OK;
}

dr_status dr_leverage_correct_rows(double *values, size_t count, size_t groups, const uint32_t *group,
                                   const double *bread, const dr_fitting *f)
{
    leverage l = {.f = f, .bread = bread, .root = f->options.small_sample == DR_SMALL_SAMPLE_CR2};
    dr_status status = run(&l, values, count, groups, group);
    free(l.direct);
    free(l.segment);
    free(l.order);
    free(l.start);
    free(l.toward);
    free(l.solved);
    free(l.mean);
    free(l.rest);
    free(l.half);
    return status;
}
