#include "estimate/iv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/dense.h"
#include "estimate/variance.h"

typedef struct stages {
    const dr_regression_data *data;
    const dr_regression_options *options;
    size_t exogenous;        /* regressors before the endogenous ones */
    double **fitted, **rest; /* [endogenous][row] of the first stages: what they predict, and what is left */
    double *f;               /* [endogenous] */
    double freedom;          /* second degrees of freedom of F */
    size_t kept;             /* instruments that no stage leaves out */
    const char **name;       /* [regressors + instruments] scratch */
    const double **column;
} stages;

static void free_stages(stages *s)
{
    for (size_t k = 0; k < s->data->endogenous; k++) {
        free(s->fitted ? s->fitted[k] : NULL);
        free(s->rest ? s->rest[k] : NULL);
    }
    free((void *)s->fitted);
    free((void *)s->rest);
    free(s->f);
    free((void *)s->name);
    free((void *)s->column);
}

static dr_status new_stages(stages *s)
{
    const dr_regression_data *d = s->data;
    s->exogenous = d->regressors - d->constant - d->controls - d->endogenous;
    s->fitted = (double **)dr_new(d->endogenous, sizeof *s->fitted);
    s->rest = (double **)dr_new(d->endogenous, sizeof *s->rest);
    s->f = dr_new_doubles(d->endogenous);
    s->name = (const char **)dr_new(d->regressors + d->instruments, sizeof *s->name);
    s->column = (const double **)dr_new(d->regressors + d->instruments, sizeof *s->column);
    if (!s->fitted || !s->rest || !s->f || !s->name || !s->column)
        return dr_fail_memory();
    for (size_t k = 0; k < d->endogenous; k++)
        if (!(s->fitted[k] = dr_new_doubles(d->rows)) || !(s->rest[k] = dr_new_doubles(d->rows)))
            return dr_fail_memory();
    return DR_OK;
}

/* The first stage of an endogenous regressor: exogenous regressors, instruments, constant. */
static dr_regression_data first_stage(const stages *s, size_t k)
{
    dr_regression_data first = *s->data;
    size_t at = 0;
    for (size_t i = 0; i < s->exogenous; i++, at++) {
        s->name[at] = s->data->names[i];
        s->column[at] = s->data->regressor[i];
    }
    for (size_t i = 0; i < s->data->instruments; i++, at++) {
        s->name[at] = s->data->instrument_names[i];
        s->column[at] = s->data->instrument[i];
    }
    if (s->data->constant) {
        s->name[at] = s->data->names[s->data->regressors - 1];
        s->column[at++] = s->data->regressor[s->data->regressors - 1];
    }
    first.outcome = s->data->regressor[s->exogenous + k];
    first.offset = NULL;
    first.regressors = at;
    first.names = s->name;
    first.regressor = s->column;
    first.endogenous = first.controls = first.instruments = 0;
    return first;
}

static dr_regression_options first_options(const stages *s)
{
    dr_regression_options options = *s->options;
    options.fit = DR_FIT_OLS;
    options.keep_rows = true;
    options.bootstrap = NULL;
    options.inspect = NULL;
    options.progress = NULL;
    return options;
}

/* F of the instruments in a first stage; counts those that it keeps. */
static dr_status test_instruments(stages *s, size_t k, const dr_regression *first)
{
    size_t all = s->data->instruments, q = 0;
    double *v = dr_new_doubles(all * all), *b = dr_new_doubles(all), *solved = dr_new_doubles(all),
           *least = dr_new_doubles(all), sum = 0;
    size_t *kept = dr_new(all, sizeof *kept);
    bool done = v && b && solved && least && kept;
    for (size_t i = 0; done && i < all; i++)
        if (first->left_out[s->exogenous + i] == DR_KEPT)
            kept[q++] = s->exogenous + i;
    for (size_t i = 0; done && i < q; i++) {
        b[i] = solved[i] = first->coefficient[kept[i]];
        for (size_t j = 0; j < q; j++)
            v[i * q + j] = first->variance[kept[i] * first->regressors + kept[j]];
        least[i] = 1e-12 * v[i * q + i];
    }
    if (done) {
        bool whole = dr_cholesky(v, q, least) == q;
        dr_cholesky_solve(v, q, solved);
        for (size_t i = 0; i < q; i++)
            sum += b[i] * solved[i];
        s->f[k] = whole && q > 0 ? sum / (double)q : NAN;
        s->kept = k == 0 || q < s->kept ? q : s->kept;
        s->freedom = first->freedom;
    }
    free(v);
    free(b);
    free(solved);
    free(least);
    free(kept);
    return done ? DR_OK : dr_fail_memory();
}

static dr_status run_first(stages *s, size_t k)
{
    dr_regression_data data = first_stage(s, k);
    dr_regression_options options = first_options(s);
    dr_regression *first = NULL;
    dr_status status = dr_regression_fit(&first, &data, &options);
    if (status != DR_OK)
        return dr_fail_at(status, "first stage");
    for (size_t r = 0; r < data.rows; r++) /* rows that are left out are so in the second stage, too */
        if (first->row_out[r] == DR_KEPT) {
            s->fitted[k][r] = first->fitted[r];
            s->rest[k][r] = data.outcome[r] - first->fitted[r];
        }
    status = test_instruments(s, k, first);
    dr_regression_free(first);
    return status;
}

static dr_status check_instruments(const stages *s)
{
    const dr_regression_data *d = s->data;
    if (s->kept >= d->endogenous)
        return DR_OK;
    return dr_fail(
        DR_BAD_INPUT,
        "%zu endogenous variable%s need%s as many instruments, and of %zu given %zu %s left once the effects "
        "and the other variables are taken out: %s%s",
        d->endogenous, d->endogenous == 1 ? "" : "s", d->endogenous == 1 ? "s" : "", d->instruments, s->kept,
        s->kept == 1 ? "is" : "are", d->instrument_names[0], d->instruments > 1 ? ", ..." : "");
}

/* ---- Overidentification ---- */

typedef struct moments {
    const stages *s;
    const dr_regression *second;
    dr_fitting *f; /* of the first stage: instruments and exogenous regressors less effects */
    size_t m, n;
    double *g, *d, *v; /* [m] sums of z e; [m][n] of z x; [m, m] of their squares by cluster */
} moments;

static dr_status fill_moments(moments *o)
{
    const dr_regression_data *data = o->s->data;
    const dr_sample *sample = o->f->sample;
    uint32_t *group = dr_new(sample->rows, sizeof *group);
    size_t groups = 1;
    dr_status status = group ? DR_OK : dr_fail_memory();
    if (status == DR_OK && data->clusters > 0)
        status = dr_split_groups(group, &groups, sample, &data->cluster[0]);
    else
        groups = sample->rows;
    double *sums = status == DR_OK ? dr_new_doubles(groups * o->m) : NULL;
    for (size_t r = 0; sums && r < sample->rows; r++) {
        size_t row = sample->row[r];
        double e = data->outcome[row] - o->second->fitted[row];
        for (size_t i = 0; i < o->m; i++) {
            double z = o->f->w[r] * o->f->x[r * o->m + i];
            sums[(data->clusters > 0 ? group[r] : r) * o->m + i] += z * e;
            for (size_t k = 0; k < o->n; k++)
                o->d[i * o->n + k] += z * data->regressor[k][row];
        }
    }
    for (size_t g = 0; sums && g < groups; g++)
        for (size_t i = 0; i < o->m; i++) {
            o->g[i] += sums[g * o->m + i];
            for (size_t j = 0; j < o->m; j++)
                o->v[i * o->m + j] += sums[g * o->m + i] * sums[g * o->m + j];
        }
    bool done = sums || status != DR_OK;
    free(sums);
    free(group);
    return done ? status : dr_fail_memory();
}

/* The least of (g - D c)' V^-1 (g - D c). */
static dr_status least(double *j, const moments *o)
{
    size_t m = o->m, n = o->n;
    double *vd = dr_new_doubles(m * n), *vg = dr_new_doubles(m), *a = dr_new_doubles(n * n), *c = dr_new_doubles(n);
    dr_status status = vd && vg && a && c ? dr_generalised_inverse(o->v, m) : dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < m; i++)
        for (size_t k = 0; k < m; k++) {
            vg[i] += o->v[i * m + k] * o->g[k];
            for (size_t l = 0; l < n; l++)
                vd[i * n + l] += o->v[i * m + k] * o->d[k * n + l];
        }
    for (size_t i = 0; status == DR_OK && i < m; i++)
        for (size_t k = 0; k < n; k++) {
            c[k] += vd[i * n + k] * o->g[i];
            for (size_t l = 0; l < n; l++)
                a[k * n + l] += o->d[i * n + k] * vd[i * n + l];
        }
    if (status == DR_OK)
        status = dr_generalised_inverse(a, n);
    *j = 0;
    for (size_t i = 0; status == DR_OK && i < m; i++)
        *j += o->g[i] * vg[i];
    for (size_t k = 0; status == DR_OK && k < n; k++)
        for (size_t l = 0; l < n; l++)
            *j -= c[k] * a[k * n + l] * c[l];
    free(vd);
    free(vg);
    free(a);
    free(c);
    return status;
}

static dr_status overidentify(dr_regression *second, const stages *s)
{
    dr_regression_data first = first_stage(s, 0);
    dr_regression_options options = first_options(s);
    moments o = {.s = s, .second = second, .n = s->exogenous + s->data->endogenous};
    dr_sample *sample = NULL;
    const double tolerance = 1e-10;
    options.tolerance = 1e-9;
    options.max_iterations = 200;
    unsigned char *left_out = dr_new(first.regressors, 1);
    if (!left_out)
        return dr_fail_memory();
    dr_status status = dr_sample_new(&sample, second->row_out, &first, 1);
    if (status == DR_OK)
        status = dr_fitting_new(&o.f, sample, &first, &options, left_out);
    if (status == DR_OK) {
        dr_fitting_clean(o.f, tolerance);
        o.m = o.f->columns;
        o.g = dr_new_doubles(o.m);
        o.d = dr_new_doubles(o.m * o.n);
        o.v = dr_new_doubles(o.m * o.m);
        status = o.g && o.d && o.v ? fill_moments(&o) : dr_fail_memory();
    }
    if (status == DR_OK)
        status = least(&second->overidentification, &o);
    dr_fitting_free(o.f);
    free(left_out);
    free(o.g);
    free(o.d);
    free(o.v);
    return status;
}

/* ---- The second stage ---- */

static dr_status run_second(dr_regression **out, const stages *s)
{
    const dr_regression_data *d = s->data;
    dr_regression_data second = *d;
    dr_regression_options options = *s->options;
    bool ols = options.fit == DR_FIT_OLS;
    memcpy((void *)s->column, d->regressor, d->regressors * sizeof *s->column);
    for (size_t k = 0; k < d->endogenous; k++)
        if (ols)
            s->column[s->exogenous + k] = s->fitted[k];
        else
            s->column[s->exogenous + d->endogenous + k] = s->rest[k];
    second.regressor = s->column;
    second.first_stage = ols ? (const double *const *)s->rest : NULL;
    second.instruments = 0;
    second.whole = d;
    options.keep_rows = true;
    return dr_regression_fit(out, &second, &options);
}

/* Where errors are by one kind of cluster at most: the variance of several need not be a quadratic function of b. */
static dr_status find_interval(dr_regression *r, const stages *s)
{
    const dr_regression_data *d = s->data;
    size_t at = s->exogenous;
    bool apt = s->options->fit == DR_FIT_OLS && d->endogenous == 1 && d->clusters < 2 && !d->offset &&
               s->kept == d->instruments && r->left_out[at] == DR_KEPT;
    if (!apt)
        return DR_OK;
    const dr_regression_data first = first_stage(s, 0);
    dr_regression_options options = first_options(s);
    options.keep_rows = false;
    return dr_anderson_rubin_find(&r->anderson_rubin, &first, d->outcome, &options, s->exogenous, d->instruments,
                                  r->coefficient[at], sqrt(r->variance[at * r->regressors + at]));
}

static dr_status fit(dr_regression **out, stages *s)
{
    const dr_regression_data *d = s->data;
    DR_TRY(new_stages(s));
    for (size_t k = 0; k < d->endogenous; k++)
        DR_TRY(run_first(s, k));
    DR_TRY(check_instruments(s));
    DR_TRY(run_second(out, s));
    dr_regression *r = *out;
    r->first_f = s->f;
    s->f = NULL;
    r->first_count = s->kept;
    r->first_freedom = s->freedom;
    DR_TRY(find_interval(r, s));
    r->overidentifying = s->options->fit == DR_FIT_OLS && d->clusters < 2 ? s->kept - d->endogenous : 0;
    return r->overidentifying > 0 ? overidentify(r, s) : DR_OK;
}

dr_status dr_iv_fit(dr_regression **out, const dr_regression_data *data, const dr_regression_options *options)
{
    stages s = {.data = data, .options = options};
    dr_regression *r = NULL;
    dr_status status = fit(&r, &s);
    free_stages(&s);
    if (status == DR_OK)
        *out = r;
    else
        dr_regression_free(r);
    return status;
}
