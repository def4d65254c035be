#include "estimate/regression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/bias.h"
#include "estimate/bootstrap.h"
#include "estimate/fit.h"
#include "estimate/iv.h"
#include "estimate/variance.h"

/* ---- What was given ---- */

static dr_status check_numbers(const char *what, const double *numbers, size_t rows, double least, const char *expected)
{
    for (size_t r = 0; r < rows; r++)
        if (!isfinite(numbers[r]) || numbers[r] < least)
            return dr_fail(DR_BAD_INPUT, "row %zu: %s is %g, expected %s", r + 1, what, numbers[r], expected);
    return DR_OK;
}

static dr_status check_outcome(const dr_regression_data *d, dr_fit fit)
{
    bool ppml = fit == DR_FIT_PPML;
    DR_TRY(check_numbers("the outcome", d->outcome, d->rows, ppml ? 0 : -INFINITY,
                         ppml ? "a number that is 0 or more" : "a number"));
    for (size_t r = 0; ppml && r < d->rows; r++)
        if (d->outcome[r] > 0)
            return DR_OK;
    return ppml ? dr_fail(DR_BAD_INPUT, "the outcome is 0 in all rows") : DR_OK;
}

static dr_status check_category(const dr_category *category, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        if (category->level[r] >= category->levels)
            return dr_fail(DR_BAD_INPUT, "row %zu: level %u of %s, which has %zu", r + 1, category->level[r],
                           category->name, category->levels);
    return DR_OK;
}

static dr_status check_effects(const dr_regression_data *d)
{
    bool any = d->effects == 0;
    for (size_t e = 0; e < d->effects; e++) {
        const dr_category *c = &d->effect[e];
        DR_TRY(check_category(c, d->rows));
        if (c->slope)
            DR_TRY(check_numbers(c->name, c->slope, d->rows, -INFINITY, "a number"));
        any = any || !c->slope;
    }
    return any ? DR_OK
               : dr_fail(DR_BAD_INPUT,
                         "%s: slopes need a constant beside them; add an effect, such as year, or write "
                         "them as pair[year], which has both",
                         d->effect[0].name);
}

static dr_status check(const dr_regression_data *d, const dr_regression_options *options)
{
    const size_t most_clusters = 8;
    if (d->rows == 0 || d->rows >= UINT32_MAX)
        return dr_fail(DR_BAD_INPUT, "%zu rows, expected 1 to %u", d->rows, UINT32_MAX - 1);
    if (d->clusters > most_clusters)
        return dr_fail(DR_BAD_INPUT, "%zu ways of clustering, expected no more than %zu", d->clusters, most_clusters);
    if (options->bias_correct)
        DR_TRY(dr_bias_check(d, options->fit));
    DR_TRY(check_outcome(d, options->fit));
    for (size_t k = 0; k < d->regressors; k++)
        DR_TRY(check_numbers(d->names[k], d->regressor[k], d->rows, -INFINITY, "a number"));
    if (d->weight)
        DR_TRY(check_numbers("the weight", d->weight, d->rows, 1e-300, "a number above 0"));
    if (d->offset)
        DR_TRY(check_numbers("the offset", d->offset, d->rows, -INFINITY, "a number"));
    DR_TRY(check_effects(d));
    for (size_t c = 0; c < d->clusters; c++)
        DR_TRY(check_category(&d->cluster[c], d->rows));
    return DR_OK;
}

static dr_regression_options with_defaults(const dr_regression_options *given, size_t rows)
{
    const size_t few_rows =
        100000; /* below this threads cost more than they bring, and much where others use the machine */
    dr_regression_options o = given ? *given : (dr_regression_options){0};
    o.tolerance = o.tolerance > 0 ? o.tolerance : 1e-9;
    o.max_iterations = o.max_iterations > 0 ? o.max_iterations : 200;
    if (rows < few_rows)
        o.threads = 1;
    return o;
}

/* ---- What is given back ---- */

void dr_regression_free(dr_regression *r)
{
    if (!r)
        return;
    for (size_t e = 0; r->effect && e < r->effects; e++)
        free(r->effect[e]);
    free((void *)r->effect);
    free(r->coefficient);
    free(r->variance);
    free(r->uncorrected);
    free(r->left_out);
    free(r->row_out);
    free(r->fitted);
    free(r->cluster_count);
    free(r->test);
    free(r->first_f);
    free(r);
}

static dr_status new_kept(dr_regression *r, const dr_regression_data *d)
{
    r->effects = d->effects;
    r->fitted = dr_new_doubles(d->rows);
    r->effect = (double **)dr_new(d->effects, sizeof *r->effect);
    if (!r->fitted || !r->effect)
        return dr_fail_memory();
    for (size_t e = 0; e < d->effects; e++)
        if (!(r->effect[e] = dr_new_doubles(d->effect[e].levels)))
            return dr_fail_memory();
    return DR_OK;
}

dr_status dr_regression_new(dr_regression **out, const dr_regression_data *d, bool keep_rows)
{
    dr_regression *r = dr_new(1, sizeof *r);
    if (!r)
        return dr_fail_memory();
    r->rows = d->rows;
    r->regressors = d->regressors;
    r->constant = NAN;
    r->coefficient = dr_new_doubles(d->regressors);
    r->variance = dr_new_doubles(d->regressors * d->regressors);
    r->left_out = dr_new(d->regressors, 1);
    r->row_out = dr_new(d->rows, 1);
    r->cluster_count = dr_new(d->clusters, sizeof *r->cluster_count);
    bool done = r->coefficient && r->variance && r->left_out && r->row_out && r->cluster_count;
    dr_status status = !done ? dr_fail_memory() : keep_rows ? new_kept(r, d) : DR_OK;
    if (status == DR_OK) {
        for (size_t k = 0; k < d->regressors; k++)
            r->coefficient[k] = NAN;
        for (size_t k = 0; k < d->regressors * d->regressors; k++)
            r->variance[k] = NAN;
        *out = r;
    } else {
        dr_regression_free(r);
    }
    return status;
}

/* ---- The estimate ---- */

static dr_status no_rows(const dr_regression *r)
{
    size_t separated = 0, singletons = 0;
    for (size_t i = 0; i < r->rows; i++) {
        separated += r->row_out[i] == DR_SEPARATED;
        singletons += r->row_out[i] == DR_SINGLETON;
    }
    return dr_fail(DR_BAD_INPUT,
                   "no row is left to estimate from: of %zu, %zu are fitted perfectly as 0 by the effects and %zu are "
                   "alone in a level of one",
                   r->rows, separated, singletons);
}

static dr_status no_variation(const dr_regression_data *d)
{
    return dr_fail(DR_BAD_INPUT, "%s does not vary once the effects are taken out%s: there is nothing to estimate from",
                   d->names[0], d->regressors - d->constant > 1 ? ", and no other regressor does" : "");
}

/* A regressor that had variation in the first sample but has none without separated rows is separated too. */
static void mark_regressors(dr_regression *r, const unsigned char *left_out, bool first)
{
    for (size_t k = 0; k < r->regressors; k++)
        if (left_out[k] == DR_KEPT)
            r->left_out[k] = DR_KEPT;
        else if (first || r->left_out[k] == DR_KEPT)
            r->left_out[k] = first ? DR_COLLINEAR : DR_SEPARATED;
}

/* One attempt: *f is the fit, or NULL where rows turned out to be separated. */
static dr_status attempt(dr_fitting **f, dr_regression *r, const dr_regression_data *d, const dr_regression_options *o,
                         bool first)
{
    dr_sample *sample = NULL;
    bool separated = false;
    DR_TRY(dr_sample_prune(r->row_out, d, o->fit));
    DR_TRY(dr_sample_new(&sample, r->row_out, d, o->threads));
    if (sample->rows == 0) {
        dr_sample_free(sample);
        return no_rows(r);
    }
    unsigned char *left_out = dr_new(d->regressors, 1);
    dr_status status = left_out ? dr_fitting_new(f, sample, d, o, left_out) : dr_fail_memory();
    if (status == DR_OK) {
        mark_regressors(r, left_out, first);
        status = (*f)->columns == 0 && d->regressors > d->constant ? no_variation(d)
                                                                   : dr_fitting_run(*f, r->row_out, &separated);
    }
    free(left_out);
    if (status != DR_OK || separated) {
        dr_fitting_free(*f);
        *f = NULL;
    }
    return status;
}

static void count_rows(dr_regression *r)
{
    for (size_t i = 0; i < r->rows; i++) {
        r->used += r->row_out[i] == DR_KEPT;
        r->separated += r->row_out[i] == DR_SEPARATED;
        r->singletons += r->row_out[i] == DR_SINGLETON;
    }
}

/* Second stages: residuals are those of the regressors themselves, not of what first stages predict. */
static void take_first_stage(const dr_regression *r, dr_fitting *f)
{
    const dr_regression_data *d = f->data;
    size_t from = d->regressors - d->constant - d->endogenous;
    for (size_t i = 0; i < f->sample->rows; i++)
        for (size_t k = 0; k < d->endogenous; k++)
            if (!isnan(r->coefficient[from + k]))
                f->predictor[i] += r->coefficient[from + k] * d->first_stage[k][f->sample->row[i]];
}

static dr_status run_tests(dr_regression *r, dr_fitting *f)
{
    const dr_regression_options *o = &f->options;
    r->test = dr_new(o->hypotheses, sizeof *r->test);
    if (!r->test)
        return dr_fail_memory();
    const dr_regression_data *data = f->data;
    dr_status status = DR_OK;
    if (data->whole)
        f->data = data->whole; /* first stages are estimated anew, too */
    for (size_t i = 0; i < o->hypotheses && status == DR_OK; i++)
        status = dr_bootstrap_run(&r->test[i], o->bootstrap, &o->hypothesis[i], r, f);
    f->data = data;
    return status;
}

static dr_status describe(dr_regression *r, dr_fitting *f)
{
    const double tolerance = 1e-10;
    dr_fitting_clean(f, tolerance);
    count_rows(r);
    for (size_t k = 0; k < f->columns; k++)
        r->coefficient[f->column[k]] = f->b[k] / f->scale[k];
    if (f->data->first_stage)
        take_first_stage(r, f);
    DR_TRY(f->data->constant ? dr_variance_with_constant(r, f) : dr_variance(r, f));
    if (f->options.bias_correct)
        DR_TRY(dr_bias_correct(r, f));
    DR_TRY(dr_fitting_summarise(r, f));
    if (f->options.keep_rows)
        dr_fitting_keep(r, f);
    if (f->options.bootstrap)
        DR_TRY(run_tests(r, f));
    r->iterations = f->iterations;
    r->sweeps = f->absorb->sweeps;
    return f->options.inspect ? f->options.inspect(r, f, f->options.inspected) : DR_OK;
}

static dr_status estimate(dr_regression *r, const dr_regression_data *d, const dr_regression_options *o)
{
    dr_fitting *f = NULL;
    for (bool first = true; !f; first = false)
        DR_TRY(attempt(&f, r, d, o, first));
    dr_status status = describe(r, f);
    dr_fitting_free(f);
    return status;
}

dr_status dr_regression_fit(dr_regression **out, const dr_regression_data *data, const dr_regression_options *options)
{
    dr_regression *r = NULL;
    dr_regression_options o = with_defaults(options, data->rows);
    DR_TRY(check(data, &o));
    if (data->instruments > 0)
        return o.gmm != DR_GMM_NONE && o.fit == DR_FIT_PPML ? dr_gmm_fit(out, data, &o) : dr_iv_fit(out, data, &o);
    DR_TRY(dr_regression_new(&r, data, o.keep_rows));
    dr_status status = estimate(r, data, &o);
    if (status == DR_OK && !o.keep_rows) {
        free(r->row_out);
        r->row_out = NULL;
    }
    if (status == DR_OK)
        *out = r;
    else
        dr_regression_free(r);
    return status;
}
