/* PPML under linear hypotheses: the equations are solved for as many coefficients, whose regressors go into the offset
 * and into the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/bootstrap_impl.h"

typedef struct null {
    const dr_drawing *d;
    size_t regressors;
    double *r, *value;     /* the equations, solved: [q][regressors], [q] */
    size_t *pivot;         /* [q] regressors that are solved for */
    double *offset, *x;    /* [row of the data], [regressor][row of the data] those that are changed */
    const double **column; /* [regressor] */
    const char **name;
    unsigned char *out; /* [row of the data] */
} null;

static void free_null(null *o)
{
    free(o->r);
    free(o->value);
    free(o->pivot);
    free(o->offset);
    free(o->x);
    free((void *)o->column);
    free((void *)o->name);
    free(o->out);
}

static dr_status new_null(null *o, const double *value)
{
    const dr_drawing *d = o->d;
    const dr_regression_data *data = d->f->data;
    o->regressors = data->regressors;
    o->r = dr_new_doubles(d->q * o->regressors);
    o->value = dr_new_doubles(d->q);
    o->pivot = dr_new(d->q, sizeof *o->pivot);
    o->offset = dr_new_doubles(data->rows);
    o->x = dr_new_doubles(data->rows * o->regressors);
    o->column = (const double **)dr_new(o->regressors, sizeof *o->column);
    o->name = (const char **)dr_new(o->regressors, sizeof *o->name);
    o->out = dr_new(data->rows, 1);
    if (!o->r || !o->value || !o->pivot || !o->offset || !o->x || !o->column || !o->name || !o->out)
        return dr_fail_memory();
    memcpy(o->r, d->hypothesis->r, d->q * o->regressors * sizeof *o->r);
    memcpy(o->value, value, d->q * sizeof *o->value);
    memset(o->out, DR_SINGLETON, data->rows);
    for (size_t r = 0; r < d->f->sample->rows; r++)
        o->out[d->f->sample->row[r]] = DR_KEPT;
    return DR_OK;
}

/* Gauss and Jordan's elimination, the largest coefficient of an equation first. */
static dr_status solve(null *o)
{
    const double nothing = 1e-12;
    size_t q = o->d->q, n = o->regressors;
    for (size_t i = 0; i < q; i++) {
        double *row = o->r + i * n, most = nothing;
        o->pivot[i] = n;
        for (size_t k = 0; k < n; k++)
            if (fabs(row[k]) > most) {
                most = fabs(row[k]);
                o->pivot[i] = k;
            }
        if (o->pivot[i] == n)
            return dr_fail(DR_BAD_INPUT, "the hypotheses of a test depend on each other: state each only once");
        double pivot = row[o->pivot[i]];
        for (size_t k = 0; k < n; k++)
            row[k] /= pivot;
        o->value[i] /= pivot;
        for (size_t j = 0; j < q; j++) {
            double times = o->r[j * n + o->pivot[i]];
            if (j == i || times == 0)
                continue;
            for (size_t k = 0; k < n; k++)
                o->r[j * n + k] -= times * row[k];
            o->value[j] -= times * o->value[i];
        }
    }
    return DR_OK;
}

static bool is_pivot(const null *o, size_t regressor)
{
    for (size_t i = 0; i < o->d->q; i++)
        if (o->pivot[i] == regressor)
            return true;
    return false;
}

/* b_pivot = value - sum of the others' r b: x_k - sum_i r_ik x_pivot(i) for each other k, and the offset. */
static void change(null *o, dr_regression_data *data)
{
    const dr_regression_data *d = o->d->f->data;
    size_t kept = 0;
    for (size_t row = 0; row < d->rows; row++) {
        o->offset[row] = d->offset ? d->offset[row] : 0;
        for (size_t i = 0; i < o->d->q; i++)
            o->offset[row] += o->value[i] * d->regressor[o->pivot[i]][row];
    }
    for (size_t at = 0; at < o->d->n; at++) {
        size_t k = o->d->f->column[at];
        if (is_pivot(o, k))
            continue;
        double *x = o->x + k * d->rows;
        for (size_t row = 0; row < d->rows; row++) {
            x[row] = d->regressor[k][row];
            for (size_t i = 0; i < o->d->q; i++)
                x[row] -= o->r[i * o->regressors + k] * d->regressor[o->pivot[i]][row];
        }
        o->name[kept] = d->names[k];
        o->column[kept++] = x;
    }
    *data = *d;
    data->regressors = kept;
    data->constant = false;
    data->names = o->name;
    data->regressor = o->column;
    data->offset = o->offset;
}

/* Rows of one sample and the other are in the same order, as both are sorted by the same effects. */
static dr_status estimate(bool *found, null *o)
{
    const double tolerance = 1e-10;
    dr_regression_data data;
    dr_sample *sample = NULL;
    dr_fitting *fit = NULL, *f = o->d->f;
    bool separated = false;
    DR_TRY(solve(o));
    change(o, &data);
    DR_TRY(dr_sample_new(&sample, o->out, &data, f->options.threads));
    unsigned char *left_out = dr_new(data.regressors + 1, 1);
    if (!left_out) {
        dr_sample_free(sample);
        return dr_fail_memory();
    }
    dr_status status = dr_fitting_new(&fit, sample, &data, &f->options, left_out);
    if (status == DR_OK) { /* from the fit before, which is under a value that is not far away */
        memcpy(fit->w, f->w, f->sample->rows * sizeof *f->w);
        status = dr_fitting_run(fit, o->out, &separated);
    }
    *found = status == DR_OK && !separated;
    if (status == DR_NO_SOLUTION)
        status = DR_OK;
    if (*found) {
        memcpy(f->predictor, fit->predictor, f->sample->rows * sizeof *f->predictor);
        memcpy(f->w, fit->w, f->sample->rows * sizeof *f->w);
        dr_fitting_clean(f, tolerance);
    }
    dr_fitting_free(fit);
    free(left_out);
    return status;
}

dr_status dr_bootstrap_null(bool *found, const dr_drawing *d, const double *value)
{
    null o = {.d = d};
    dr_status status = new_null(&o, value);
    if (status == DR_OK)
        status = estimate(found, &o);
    free_null(&o);
    return status;
}
