/* The interval of Anderson & Rubin (1949, "Estimation of the Parameters of a Single Equation in a Complete System of
 * Stochastic Equations", Annals of Mathematical Statistics 20) for the coefficient b of one endogenous regressor: the
 * values of b at which the instruments say nothing of y - b x. It holds however weak they are. With p_y, p_x the
 * coefficients of the instruments in least squares of y and of x,
 *
 *   AR(b) = (p_y - b p_x)' V(b)^-1 (p_y - b p_x) / q,  V(b) = V_yy - b (V_yx + V_xy) + b^2 V_xx,
 *
 * is F with q degrees of freedom, with the errors and clusters that were asked for; V_yx + V_xy is the variance of
 * y + s x, less the others, over s. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/dense.h"
#include "estimate/gravity.h"
#include "estimate/iv.h"

/* The instruments in a reduced form. */
typedef struct reduced {
    double *b, *v; /* [q], [q, q] */
} reduced;

typedef struct region {
    size_t q;
    reduced y, x, sum; /* of y, x, y + scale x */
    double scale, freedom;
    double centre, width;                    /* the two-stage estimate and its standard error */
    double *difference, *v, *least, *solved; /* scratch */
} region;

static void free_region(region *a)
{
    const reduced all[] = {a->y, a->x, a->sum};
    for (size_t i = 0; i < 3; i++) {
        free(all[i].b);
        free(all[i].v);
    }
    free(a->difference);
    free(a->v);
    free(a->least);
    free(a->solved);
}

static dr_status new_region(region *a, size_t q)
{
    reduced *const all[] = {&a->y, &a->x, &a->sum};
    a->q = q;
    for (size_t i = 0; i < 3; i++)
        if (!(all[i]->b = dr_new_doubles(q)) || !(all[i]->v = dr_new_doubles(q * q)))
            return dr_fail_memory();
    a->difference = dr_new_doubles(q);
    a->v = dr_new_doubles(q * q);
    a->least = dr_new_doubles(q);
    a->solved = dr_new_doubles(q);
    return a->difference && a->v && a->least && a->solved ? DR_OK : dr_fail_memory();
}

/* Least squares of an outcome on all exogenous variables; *freedom is that of its F. */
static dr_status reduce(reduced *out, double *freedom, const dr_regression_data *first, const double *outcome,
                        const dr_regression_options *options, size_t exogenous, size_t q)
{
    dr_regression_data data = *first;
    dr_regression *r = NULL;
    data.outcome = outcome;
    DR_TRY(dr_regression_fit(&r, &data, options));
    for (size_t i = 0; i < q; i++) {
        out->b[i] = r->coefficient[exogenous + i];
        for (size_t j = 0; j < q; j++)
            out->v[i * q + j] = r->variance[(exogenous + i) * r->regressors + exogenous + j];
    }
    *freedom = r->freedom;
    dr_regression_free(r);
    return DR_OK;
}

/* Whether b is not rejected at 5%. */
static bool holds(region *a, double b)
{
    size_t q = a->q;
    double sum = 0;
    for (size_t i = 0; i < q; i++) {
        a->difference[i] = a->solved[i] = a->y.b[i] - b * a->x.b[i];
        for (size_t j = 0; j < q; j++) {
            double cross = (a->sum.v[i * q + j] - a->y.v[i * q + j]) / a->scale - a->scale * a->x.v[i * q + j];
            a->v[i * q + j] = a->y.v[i * q + j] - b * cross + b * b * a->x.v[i * q + j];
        }
        a->least[i] = 1e-12 * a->v[i * q + i];
    }
    dr_cholesky(a->v, q, a->least);
    dr_cholesky_solve(a->v, q, a->solved);
    for (size_t i = 0; i < q; i++)
        sum += a->difference[i] * a->solved[i];
    return dr_upper_tail(sum / (double)q, (double)q, a->freedom) >= 0.05;
}

/* b, from the whole line put on angles between -pi/2 and pi/2. */
static double at_angle(const region *a, double angle)
{
    return a->centre + a->width * tan(angle);
}

static double crossing(region *a, double from, double to)
{
    enum { HALVINGS = 60 };
    bool inside = holds(a, at_angle(a, from));
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (from + to) / 2;
        if (holds(a, at_angle(a, middle)) == inside)
            from = middle;
        else
            to = middle;
    }
    return at_angle(a, (from + to) / 2);
}

/* The set is an interval, or all but one, or the whole line, or empty: the first and last change on a fine grid. */
static void search(dr_anderson_rubin *out, region *a)
{
    enum { POINTS = 4000 };
    bool before = false;
    double step = M_PI / (POINTS + 1), angle = -M_PI / 2;
    *out = (dr_anderson_rubin){.kind = DR_AR_EMPTY, .low = NAN, .high = NAN};
    for (size_t i = 1; i <= POINTS; i++) {
        double next = -M_PI / 2 + (double)i * step;
        bool inside = holds(a, at_angle(a, next));
        if (i == 1) {
            out->kind = inside ? DR_AR_LINE : DR_AR_EMPTY;
        } else if (inside != before && (out->kind == DR_AR_LINE || out->kind == DR_AR_EMPTY)) {
            out->kind = out->kind == DR_AR_LINE ? DR_AR_OUTSIDE : DR_AR_INTERVAL;
            out->low = crossing(a, angle, next);
        } else if (inside != before && isnan(out->high)) {
            out->high = crossing(a, angle, next);
        }
        before = inside;
        angle = next;
    }
    if (out->kind == DR_AR_INTERVAL && isnan(out->high))
        out->high = INFINITY;
    if (out->kind == DR_AR_OUTSIDE && isnan(out->high)) { /* it does not end below */
        out->kind = DR_AR_INTERVAL;
        out->high = out->low;
        out->low = -INFINITY;
    }
}

static double size_of(const double *v, size_t q)
{
    double sum = 0;
    for (size_t i = 0; i < q; i++)
        sum += v[i * q + i];
    return sum;
}

dr_status dr_anderson_rubin_find(dr_anderson_rubin *out, const dr_regression_data *first, const double *y,
                                 const dr_regression_options *options, size_t exogenous, size_t q, double estimate,
                                 double error)
{
    region a = {.centre = estimate, .width = error};
    double *sum = dr_new_doubles(first->rows);
    dr_status status = sum ? new_region(&a, q) : dr_fail_memory();
    if (status == DR_OK)
        status = reduce(&a.y, &a.freedom, first, y, options, exogenous, q);
    if (status == DR_OK)
        status = reduce(&a.x, &a.freedom, first, first->outcome, options, exogenous, q);
    if (status == DR_OK) {
        a.scale = sqrt(size_of(a.y.v, q) / size_of(a.x.v, q));
        for (size_t r = 0; r < first->rows; r++)
            sum[r] = y[r] + a.scale * first->outcome[r];
        status = reduce(&a.sum, &a.freedom, first, sum, options, exogenous, q);
    }
    if (status == DR_OK)
        search(out, &a);
    free_region(&a);
    free(sum);
    return status;
}
