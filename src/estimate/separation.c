/* Rows of a Poisson regression for which the pseudo-likelihood has no maximum, found by the iterative rectifier of Correia, Guimaraes &
 * Zylkin (2019, "Verifying the existence of maximum likelihood estimates for generalized linear models"): u, at first 1 where y = 0 and
 * 0 elsewhere, is regressed on regressors and effects with so large a weight where y > 0 that the fit is zero there; what is negative
 * of the fit becomes zero, and so on, until nothing is negative. Rows with a positive fit are separated. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "estimate/fit.h"

typedef struct rectifier {
    dr_fitting *f;
    double *u; /* [rows] */
    double *w; /* [rows] */
} rectifier;

/* The fit of u, into f->t. */
static void fit(rectifier *r)
{
    const double tolerance = 1e-11;
    dr_fitting *f = r->f;
    const dr_sample *s = f->sample;
#pragma omp parallel for schedule(static) num_threads(s->threads)
    for (size_t i = 0; i < s->rows; i++)
        f->t[i] = r->w[i] * r->u[i];
    dr_absorb_solve(f->absorb, true, f->t, tolerance, 0);
    dr_absorb_fitted(f->absorb, true, f->t);
}

typedef struct findings {
    size_t positive, negative; /* fits of rows without trade, beyond what is taken for zero */
    bool ends;                 /* no more rows are to be found */
} findings;

/* Takes for zero what is not farther from it than the fit of any row with trade is, and then some. */
static findings rectify(rectifier *r)
{
    const double some = 1e-5, tiny = 1e-9;
    dr_fitting *f = r->f;
    double zero = 0;
    bool below = false;
    findings found = {0};
    for (size_t i = 0; i < f->sample->rows; i++)
        if (f->y[i] > 0)
            zero = fmax(zero, fabs(f->t[i]));
    zero += some;
    for (size_t i = 0; i < f->sample->rows; i++) {
        if (f->y[i] > 0)
            continue;
        below |= r->u[i] - f->t[i] < -tiny;
        found.negative += f->t[i] < -0.1 * zero;
        r->u[i] = f->t[i] > zero ? f->t[i] : 0;
        found.positive += r->u[i] > 0;
    }
    /* Residuals are orthogonal to any separating vector: where none is negative, those of separated rows are zero. */
    found.ends = found.negative == 0 || !below;
    return found;
}

static void mark(const rectifier *r, unsigned char *row_out)
{
    for (size_t i = 0; i < r->f->sample->rows; i++)
        if (r->u[i] > 0)
            row_out[r->f->sample->row[i]] = DR_SEPARATED;
}

static bool run(rectifier *r)
{
    const double heavy = 1e8;
    const int most = 100;
    dr_fitting *f = r->f;
    for (size_t i = 0; i < f->sample->rows; i++) {
        r->u[i] = f->y[i] <= 0;
        r->w[i] = f->y[i] > 0 ? heavy : 1;
    }
    dr_absorb_prepare(f->absorb, r->w, f->x, f->columns);
    findings found = {0};
    for (int i = 0; i < most && !found.ends; i++) {
        fit(r);
        found = rectify(r);
    }
    return found.ends && found.positive > 0;
}

dr_status dr_separation_find(dr_fitting *f, unsigned char *row_out, bool *found)
{
    rectifier r = {f, dr_new_doubles(f->sample->rows), dr_new_doubles(f->sample->rows)};
    dr_status status = r.u && r.w ? DR_OK : dr_fail_memory();
    *found = status == DR_OK && run(&r);
    if (*found)
        mark(&r, row_out);
    free(r.u);
    free(r.w);
    return status;
}
