/* Rows of a Poisson regression for which the pseudo-likelihood has no maximum, found by the iterative rectifier of
 * Correia, Guimaraes & Zylkin (2019, "Verifying the existence of maximum likelihood estimates for generalized linear
 * models"): u is regressed on regressors and effects with so large a weight where y > 0 that the fit is zero there;
 * what is negative of the fit becomes zero, and so on, until nothing is negative. Rows with a positive fit are
 * separated: the fit proves it. They begin with u = 1 where y = 0, and may need very many steps; here u is what the
 * last step of the fit did, which without a maximum goes ever more straight along a combination that separates all
 * that can be, so that one or two steps do. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/fit.h"

typedef struct rectifier {
    dr_fitting *f;
    double *u;    /* [rows] */
    double *w;    /* [rows] */
    double *kept; /* [rows] u before it is settled */
} rectifier;

/* Weights that hold the fit to zero where there is trade, and with `settled` wherever u is zero. */
static void weigh(rectifier *r, bool settled)
{
    const double heavy = 1e8;
    dr_fitting *f = r->f;
    for (size_t i = 0; i < f->sample->rows; i++)
        r->w[i] = f->y[i] > 0 || (settled && r->u[i] <= 0) ? heavy : 1;
    dr_absorb_prepare(f->absorb, r->w, f->x, f->columns);
}

/* The fit of u, into f->t. */
static void fit(rectifier *r)
{
    const double tolerance = 1e-11;
    dr_fitting *f = r->f;
    for (size_t i = 0; i < f->sample->rows; i++)
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

/* Where the steps do no more than to shrink what is negative, what is positive may be all that is separated: fits u
 * with zeros in all other rows, and in those whose fit is negative, until none is. Whether anything is left; then u
 * is the fit. */
static bool settle(rectifier *r)
{
    const int most = 20;
    dr_fitting *f = r->f;
    findings found = {.positive = 1, .negative = 1};
    memcpy(r->kept, r->u, f->sample->rows * sizeof *r->u);
    for (int i = 0; i < most && found.negative > 0 && found.positive > 0; i++) {
        weigh(r, true);
        fit(r);
        found = rectify(r);
    }
    bool settled = found.negative == 0 && found.positive > 0;
    if (!settled) {
        memcpy(r->u, r->kept, f->sample->rows * sizeof *r->u);
        weigh(r, false);
    }
    return settled;
}

static void mark(const rectifier *r, unsigned char *row_out)
{
    for (size_t i = 0; i < r->f->sample->rows; i++)
        if (r->u[i] > 0)
            row_out[r->f->sample->row[i]] = DR_SEPARATED;
}

static bool run(rectifier *r)
{
    const int most = 100;
    dr_fitting *f = r->f;
    for (size_t i = 0; i < f->sample->rows; i++)
        r->u[i] = dr_fitting_suspicion(f, i);
    weigh(r, false);
    findings found = {0}, last;
    for (int i = 0; i < most && !found.ends; i++) {
        last = found;
        fit(r);
        found = rectify(r);
        if (!found.ends && found.positive > 0 && found.positive == last.positive && settle(r))
            return true;
    }
    return found.ends && found.positive > 0;
}

dr_status dr_separation_find(dr_fitting *f, unsigned char *row_out, bool *found)
{
    size_t rows = f->sample->rows;
    rectifier r = {f, dr_new_doubles(rows), dr_new_doubles(rows), dr_new_doubles(rows)};
    dr_status status = r.u && r.w && r.kept ? DR_OK : dr_fail_memory();
    *found = status == DR_OK && run(&r);
    if (*found)
        mark(&r, row_out);
    free(r.u);
    free(r.w);
    free(r.kept);
    return status;
}
