/* The constant of a regression without effects, as a coefficient like the others. The fit has taken means out of its
 * regressors, weighted as least squares is, so that a column of ones beside them is orthogonal to all: its
 * coefficient a is the mean of the predictor, the sandwich is of both at once, and the constant is a - mean(x)'b. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/variance.h"

/* A fit with the column of ones, which borrows all else. */
typedef struct widened {
    dr_fitting fit;
    dr_absorb absorb;
    double *mean; /* [columns of the fit] of the data's regressors; then of the predictor */
} widened;

static double total(const dr_fitting *f)
{
    double sum = 0;
    for (size_t r = 0; r < f->sample->rows; r++)
        sum += f->w[r];
    return sum;
}

static void fill(widened *wide, const dr_fitting *f)
{
    size_t n = f->columns, rows = f->sample->rows;
    double sum = total(f);
    for (size_t k = 0; k < n; k++) {
        memcpy(wide->absorb.factor + k * (n + 1), f->absorb->factor + k * n, n * sizeof(double));
        wide->fit.scale[k] = f->scale[k];
        wide->fit.column[k] = f->column[k];
    }
    wide->absorb.factor[n * (n + 1) + n] = sqrt(sum);
    wide->fit.scale[n] = 1;
    wide->fit.column[n] = f->data->regressors - 1;
    for (size_t r = 0; r < rows; r++) {
        memcpy(wide->fit.x + r * (n + 1), f->x + r * n, n * sizeof(double));
        wide->fit.x[r * (n + 1) + n] = 1;
        for (size_t k = 0; k < n; k++)
            wide->mean[k] += f->w[r] * f->data->regressor[f->column[k]][f->sample->row[r]] / sum;
        wide->mean[n] += f->w[r] * (f->predictor[r] - (f->offset ? f->offset[r] : 0)) / sum;
    }
}

/* From the variance of (b, a) to that of (b, a - mean'b): its last column, then its last row. */
static void turn(dr_regression *out, const dr_fitting *f, const double *mean)
{
    size_t all = out->regressors, last = all - 1;
    double *v = out->variance;
    for (size_t i = 0; i < all; i++)
        for (size_t k = 0; k < f->columns; k++)
            v[i * all + last] -= isnan(v[i * all + last]) ? 0 : mean[k] * v[i * all + f->column[k]];
    for (size_t i = 0; i < all; i++)
        for (size_t k = 0; k < f->columns; k++)
            v[last * all + i] -= isnan(v[last * all + i]) ? 0 : mean[k] * v[f->column[k] * all + i];
}

dr_status dr_variance_with_constant(dr_regression *out, const dr_fitting *f)
{
    size_t n = f->columns, wide = n + 1;
    widened w = {.fit = *f, .absorb = *f->absorb};
    w.fit.absorb = &w.absorb;
    w.fit.columns = wide;
    w.fit.x = dr_new_doubles(f->sample->rows * wide);
    w.fit.scale = dr_new_doubles(wide);
    w.fit.column = dr_new(wide, sizeof *w.fit.column);
    w.absorb.factor = dr_new_doubles(wide * wide);
    w.mean = dr_new_doubles(wide);
    bool done = w.fit.x && w.fit.scale && w.fit.column && w.absorb.factor && w.mean;
    if (done)
        fill(&w, f);
    dr_status status = done ? dr_variance(out, &w.fit) : dr_fail_memory();
    if (status == DR_OK) {
        turn(out, f, w.mean);
        double constant = w.mean[n];
        for (size_t k = 0; k < n; k++)
            constant -= w.mean[k] * out->coefficient[f->column[k]];
        out->coefficient[out->regressors - 1] = constant;
        out->left_out[out->regressors - 1] = DR_KEPT;
    }
    free(w.fit.x);
    free(w.fit.scale);
    free(w.fit.column);
    free(w.absorb.factor);
    free(w.mean);
    return status;
}
