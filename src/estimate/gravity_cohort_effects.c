/* Averages of effects by cohort: of coefficients, and what they change of the outcome; tables of both. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/memory.h"
#include "base/table.h"
#include "estimate/dense.h"
#include "estimate/gravity_cohorts.h"
#include "estimate/variance.h"

/* ---- Averages ---------------------------------------------------------------------------------------------------- */

bool dr_cohort_has(const dr_cohort_effect *e, const dr_cell *cell)
{
    int since = cell->year - cell->cohort;
    switch (e->average) {
    case DR_AVERAGE_ALL:
        return since >= 0;
    case DR_AVERAGE_EVENT:
        return since == e->when;
    case DR_AVERAGE_COHORT:
        return since >= 0 && cell->cohort == e->when;
    case DR_AVERAGE_YEAR:
        return since >= 0 && cell->year == e->when;
    }
    return false;
}

static int when_of(dr_average average, const dr_cell *cell)
{
    return average == DR_AVERAGE_EVENT    ? cell->year - cell->cohort
           : average == DR_AVERAGE_COHORT ? cell->cohort
           : average == DR_AVERAGE_YEAR   ? cell->year
                                          : 0;
}

static int in_order(const void *a, const void *b)
{
    const dr_cohort_effect *x = a, *y = b;
    if (x->average != y->average)
        return x->average < y->average ? -1 : 1;
    return (x->when > y->when) - (x->when < y->when);
}

static bool has_coefficient(const dr_regression *r, const dr_fitted *fit, const dr_cell *cell)
{
    return r->left_out[fit->variable[cell->variable].at] == DR_KEPT;
}

/* All averages that have a cell with a coefficient. */
static dr_status list_effects(const dr_regression *r, const dr_fitted *fit)
{
    struct dr_cohorts *c = fit->cohorts;
    c->effect = dr_new(4 * c->cells, sizeof *c->effect);
    if (!c->effect)
        return dr_fail_memory();
    for (size_t j = 0; j < c->cells; j++)
        for (int a = DR_AVERAGE_ALL; a <= DR_AVERAGE_YEAR && has_coefficient(r, fit, &c->cell[j]); a++) {
            dr_cohort_effect e = {.average = (dr_average)a,
                                  .when = when_of((dr_average)a, &c->cell[j]),
                                  .change = NAN,
                                  .change_error = NAN};
            size_t i = 0;
            if (!dr_cohort_has(&e, &c->cell[j]))
                continue;
            while (i < c->effects && in_order(&c->effect[i], &e) != 0)
                i++;
            if (i == c->effects)
                c->effect[c->effects++] = e;
            c->effect[i].rows += c->cell[j].weight;
        }
    qsort(c->effect, c->effects, sizeof *c->effect, in_order);
    return DR_OK;
}

/* Adds `times` the coefficient of a variable to a gradient; returns its part of the value. */
static double add_part(double *gradient, const dr_regression *r, const dr_fitted *fit, size_t variable, double times)
{
    size_t at = fit->variable[variable].at;
    if (r->left_out[at] != DR_KEPT)
        return 0;
    gradient[at] += times;
    return times * r->coefficient[at];
}

double dr_cohort_gradient(double *gradient, const dr_regression *r, const dr_fitted *fit, const dr_cohort_effect *e)
{
    const struct dr_cohorts *c = fit->cohorts;
    double value = 0;
    memset(gradient, 0, r->regressors * sizeof *gradient);
    for (size_t j = 0; j < c->cells; j++) {
        const dr_cell *cell = &c->cell[j];
        double share = cell->weight / e->rows;
        if (!dr_cohort_has(e, cell) || !has_coefficient(r, fit, cell))
            continue;
        value += add_part(gradient, r, fit, cell->variable, share);
        for (size_t k = 0; k < c->covariates; k++)
            value += add_part(gradient, r, fit, c->products + k * c->cells + j, share * c->mean[j * c->covariates + k]);
    }
    return value;
}

/* ---- Changes of the outcome -------------------------------------------------------------------------------------- */

/* The effect on a row of the sample, which has a cell; with `gradient` [regressor] by it, times `times`. */
static double effect_on(double *gradient, double times, const dr_regression *r, const dr_fitted *fit, size_t i)
{
    const struct dr_cohorts *c = fit->cohorts;
    size_t j = (size_t)c->of_row[i];
    double sum = 0;
    for (size_t k = 0; k <= c->covariates; k++) {
        const dr_variable *v = &fit->variable[k == 0 ? c->cell[j].variable : c->products + (k - 1) * c->cells + j];
        double x = k == 0 ? 1 : v->value[i];
        if (r->left_out[v->at] != DR_KEPT)
            continue;
        sum += x * r->coefficient[v->at];
        if (gradient)
            gradient[v->at] += times * x;
    }
    return sum;
}

/* The change that an average is of; f->t = by how much it rises with the predictor of each row, gradient [regressor] by
 * how much with the coefficients at given predictors. */
static double find_change(double *gradient, const dr_regression *r, const dr_fitting *f, const dr_fitted *fit,
                          const dr_cohort_effect *e)
{
    const struct dr_cohorts *c = fit->cohorts;
    double change = 0;
    memset(gradient, 0, r->regressors * sizeof *gradient);
    for (size_t s = 0; s < f->sample->rows; s++) {
        size_t i = f->sample->row[s];
        f->t[s] = 0;
        if (c->of_row[i] < 0 || !dr_cohort_has(e, &c->cell[c->of_row[i]]) ||
            !has_coefficient(r, fit, &c->cell[c->of_row[i]]))
            continue;
        double share = (f->prior ? f->prior[s] : 1) / e->rows, mu = exp(f->predictor[s]);
        double without = exp(-effect_on(NULL, 0, r, fit, i));
        f->t[s] = share * mu * (1 - without);
        change += f->t[s];
        effect_on(gradient, share * mu * without, r, fit, i);
    }
    return change;
}

/* psi [rows, columns], column `k`; turned [columns] is for use here. */
static void find_influence(double *psi, size_t k, const double *gradient, double *turned, const dr_fitting *f)
{
    const double tolerance = 1e-11;
    size_t n = f->columns;
    for (size_t l = 0; l < n; l++)
        turned[l] = gradient[f->column[l]] / f->scale[l];
    dr_cholesky_solve(f->absorb->factor, n, turned);
    dr_absorb_solve(f->absorb, true, f->t, tolerance, 0);
    dr_absorb_fitted(f->absorb, true, f->t);
    for (size_t s = 0; s < f->sample->rows; s++) {
        double sum = f->t[s];
        for (size_t l = 0; l < n; l++)
            sum += turned[l] * f->x[s * n + l];
        psi[s * n + k] = sum;
    }
}

/* The variances of up to f->columns functions whose influence is psi: the sandwich with psi for the regressors and the
 * identity for their cross-products. */
static dr_status find_variances(double *variance, double *psi, const dr_fitting *f)
{
    size_t n = f->columns;
    dr_fitting like = *f;
    dr_absorb identity = *f->absorb;
    dr_regression out = {.regressors = n};
    like.absorb = &identity;
    like.x = psi;
    identity.factor = dr_new_doubles(n * n);
    like.scale = dr_new_doubles(n);
    like.column = dr_new(n, sizeof *like.column);
    out.variance = dr_new_doubles(n * n);
    out.cluster_count = dr_new(f->data->clusters, sizeof *out.cluster_count);
    bool done = identity.factor && like.scale && like.column && out.variance && out.cluster_count;
    for (size_t k = 0; done && k < n; k++) {
        identity.factor[k * n + k] = like.scale[k] = 1;
        like.column[k] = k;
    }
    dr_status status = done ? dr_variance(&out, &like) : dr_fail_memory();
    for (size_t k = 0; status == DR_OK && k < n; k++)
        variance[k] = out.variance[k * n + k];
    free(identity.factor);
    free(like.scale);
    free(like.column);
    free(out.variance);
    free(out.cluster_count);
    return status;
}

/* As many averages at once as there are coefficients, so that the degrees of freedom are those of the regression. With
 * errors whose corrections go by the regressors themselves, changes have none. */
static dr_status find_changes(dr_regression *r, dr_fitting *f, const dr_fitted *fit)
{
    struct dr_cohorts *c = fit->cohorts;
    size_t n = f->columns;
    double *psi = dr_new_doubles(f->sample->rows * n), *gradient = dr_new_doubles(r->regressors);
    double *variance = dr_new_doubles(n), *turned = dr_new_doubles(n);
    dr_status status = psi && gradient && variance && turned ? DR_OK : dr_fail_memory();
    for (size_t from = 0; status == DR_OK && from < c->effects; from += n) {
        memset(psi, 0, f->sample->rows * n * sizeof *psi);
        for (size_t k = 0; k < n && from + k < c->effects; k++) {
            c->effect[from + k].change = find_change(gradient, r, f, fit, &c->effect[from + k]);
            find_influence(psi, k, gradient, turned, f);
        }
        bool plain = f->options.small_sample <= DR_SMALL_SAMPLE_NONE && !f->options.bias_correct;
        status = plain ? find_variances(variance, psi, f) : DR_OK;
        for (size_t k = 0; plain && status == DR_OK && k < n && from + k < c->effects; k++)
            c->effect[from + k].change_error = sqrt(variance[k]);
    }
    free(psi);
    free(gradient);
    free(variance);
    free(turned);
    return status;
}

dr_status dr_cohorts_inspect(dr_regression *r, struct dr_fitting *f, void *sampling)
{
    const dr_fitted *fit = ((const dr_sampling *)sampling)->fit;
    DR_TRY(list_effects(r, fit));
    return f->options.fit == DR_FIT_PPML ? find_changes(r, f, fit) : DR_OK;
}

/* ---- The test of effects before treatment ------------------------------------------------------------------------ */

typedef struct pretrend {
    double statistic, p; /* F, or chi-squared over its degrees of freedom where there are infinitely many others */
    size_t restrictions;
} pretrend;

static double form(const double *a, const double *v, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum += a[i] != 0 && b[j] != 0 ? a[i] * v[i * n + j] * b[j] : 0;
    return sum;
}

/* Wald's: that the averages by years before entry are all zero. */
static dr_status test_before(pretrend *out, const dr_fitted *fit)
{
    const struct dr_cohorts *c = fit->cohorts;
    const dr_regression *r = fit->regression;
    size_t n = r->regressors, count = 0, rank = 0;
    double *gradient = dr_new_doubles(c->effects * n), *value = dr_new_doubles(c->effects);
    double *v = dr_new_doubles(c->effects * c->effects), *least = dr_new_doubles(c->effects);
    bool done = gradient && value && v && least;
    *out = (pretrend){.p = NAN, .statistic = NAN};
    for (size_t i = 0; done && i < c->effects; i++)
        if (c->effect[i].average == DR_AVERAGE_EVENT && c->effect[i].when < 0) {
            value[count] = dr_cohort_gradient(gradient + count * n, r, fit, &c->effect[i]);
            count++;
        }
    for (size_t i = 0; done && i < count; i++) {
        for (size_t j = 0; j < count; j++)
            v[i * count + j] = form(gradient + i * n, r->variance, gradient + j * n, n);
        least[i] = 1e-10 * v[i * count + i];
    }
    if (done && count > 0) {
        double *solved = gradient; /* no longer needed */
        rank = dr_cholesky(v, count, least);
        memcpy(solved, value, count * sizeof *solved);
        dr_cholesky_solve(v, count, solved);
        out->statistic = 0;
        for (size_t i = 0; i < count; i++)
            out->statistic += value[i] * solved[i] / (double)rank;
        out->restrictions = rank;
        out->p = dr_upper_tail(out->statistic, (double)rank, r->freedom);
    }
    free(gradient);
    free(value);
    free(v);
    free(least);
    return done ? DR_OK : dr_fail_memory();
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

typedef struct line {
    double effect, error, z, p, low, high;
} line;

static dr_status find_line(line *out, const dr_fitted *fit, const dr_cohort_effect *e)
{
    const dr_regression *r = fit->regression;
    double *gradient = dr_new_doubles(r->regressors);
    if (!gradient)
        return dr_fail_memory();
    out->effect = dr_cohort_gradient(gradient, r, fit, e);
    out->error = sqrt(form(gradient, r->variance, gradient, r->regressors));
    free(gradient);
    double reach = dr_critical(0.05, r->freedom) * out->error;
    out->z = out->effect / out->error;
    out->p = dr_two_sided(out->z, r->freedom);
    out->low = out->effect - reach;
    out->high = out->effect + reach;
    return DR_OK;
}

dr_status dr_cohort_average(dr_estimate_line *out, const dr_gravity *g, const dr_fitted *fit)
{
    line l = {0};
    DR_TRY(find_line(&l, fit, &fit->cohorts->effect[0]));
    *out = (dr_estimate_line){.label = g->cohort->term[0].label,
                              .coefficient = l.effect,
                              .error = l.error,
                              .z = l.z,
                              .p = l.p,
                              .low = l.low,
                              .high = l.high,
                              .uncorrected = NAN,
                              .why = ""};
    return DR_OK;
}

static dr_status add_effects(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    static const char *const averages[] = {"all", "event", "cohort", "year"};
    for (size_t i = 0; i < fit->cohorts->effects; i++) {
        const dr_cohort_effect *e = &fit->cohorts->effect[i];
        line l = {0};
        DR_TRY(find_line(&l, fit, e));
        size_t row = dr_table_add_row(table);
        const double numbers[] = {l.effect, l.error, l.z, l.p, l.low, l.high, e->change, e->change_error, e->rows};
        dr_table_set_number(table, row, 0, (double)fit->number);
        dr_table_set_text(table, row, 1, dr_fit_level(g, fit));
        dr_table_set_text(table, row, 2, averages[e->average]);
        dr_table_set_number(table, row, 3, e->average == DR_AVERAGE_ALL ? (double)NAN : (double)e->when);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            dr_table_set_number(table, row, 4 + k, numbers[k]);
    }
    return DR_OK;
}

static dr_status add_test(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    pretrend t;
    char name[300];
    DR_TRY(test_before(&t, fit));
    if (t.restrictions == 0)
        return DR_OK;
    if (g->fits == 1) {
        dr_table_add_fact(table, "pretrend.statistic", t.statistic);
        dr_table_add_fact(table, "pretrend.restrictions", (double)t.restrictions);
        dr_table_add_fact(table, "pretrend.p", t.p);
    }
    dr_table_add_note(table,
                      "%s: test that the effects before treatment are zero: F = %.2f with %zu restrictions, p = %.3f",
                      dr_fit_name(name, sizeof name, g, fit), t.statistic, t.restrictions, t.p);
    return DR_OK;
}

void dr_cohorts_tell(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300];
    dr_estimate_line l;
    if (!fit->regression || fit->cohorts->effects == 0 || dr_cohort_average(&l, g, fit) != DR_OK)
        return;
    dr_fit_name(name, sizeof name, g, fit);
    dr_table_say(table,
                 "By estimate %s, %s makes the outcome %#.3g times as large, on average over the treated rows (95%% "
                 "interval: %#.3g to %#.3g).",
                 name, l.label, exp(l.coefficient), exp(l.low), exp(l.high));
    if (fit->unfit)
        dr_table_add_note(
            table,
            "%s: %zu rows are left out, as they are treated from the first year on or their treatment has "
            "ended",
            name, fit->unfit);
}

dr_status dr_gravity_cohorts(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    static const dr_column_spec columns[] = {
        {"model", DR_SHOW_COUNT},       {"by", DR_SHOW_TEXT},       {"average", DR_SHOW_TEXT},
        {"when", DR_SHOW_COUNT},        {"effect", DR_SHOW_NUMBER}, {"standard_error", DR_SHOW_NUMBER},
        {"z", DR_SHOW_NUMBER},          {"p", DR_SHOW_NUMBER},      {"low", DR_SHOW_NUMBER},
        {"high", DR_SHOW_NUMBER},       {"change", DR_SHOW_NUMBER}, {"change_error", DR_SHOW_NUMBER},
        {"observations", DR_SHOW_COUNT}};
    dr_table *table = NULL;
    dr_status status = DR_OK;
    if (!gravity->cohort)
        return dr_fail(DR_USAGE, "these estimates have no effects by cohort");
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_gravity_describe(table, gravity);
    dr_table_keep_rows(table);
    for (size_t i = 0; i < gravity->fits && status == DR_OK; i++)
        if (gravity->fit[i].regression) {
            status = add_effects(table, gravity, &gravity->fit[i]);
            if (status == DR_OK)
                status = add_test(table, gravity, &gravity->fit[i]);
        }
    return dr_table_finish(out, table, status);
}

dr_status dr_cohorts_event(dr_table *table, const dr_fitted *fit)
{
    bool before = false, zero = false;
    for (size_t i = 0; i < fit->cohorts->effects; i++) {
        const dr_cohort_effect *e = &fit->cohorts->effect[i];
        line l = {0};
        if (e->average != DR_AVERAGE_EVENT)
            continue;
        before = before || e->when < 0;
        zero = zero || e->when == -1;
        if (before && !zero && e->when >= 0) { /* the last year before, with which all others are compared */
            size_t row = dr_table_add_row(table);
            const double reference[] = {-1, 0, 0, 0};
            for (size_t k = 0; k < 4; k++)
                dr_table_set_number(table, row, k, reference[k]);
            zero = true;
        }
        DR_TRY(find_line(&l, fit, e));
        size_t row = dr_table_add_row(table);
        const double numbers[] = {e->when, l.effect, l.low, l.high};
        for (size_t k = 0; k < 4; k++)
            dr_table_set_number(table, row, k, numbers[k]);
    }
    return DR_OK;
}
