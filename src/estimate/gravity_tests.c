/* Hypotheses about the coefficients of a fit: Wald tests, and what the bootstrap says of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "base/table.h"
#include "estimate/dense.h"
#include "estimate/gravity.h"

size_t dr_fit_tests(const dr_gravity *g, const dr_fitted *fit)
{
    if (g->options.test_count > 0)
        return g->options.test_count;
    return g->options.bootstrap == DR_BOOTSTRAP_NONE ? 0 : fit->variables;
}

/* The side of an equation that stands left (0) or right (1) of its sign; NULL: 0. */
static const dr_node *side_of(const dr_formula *test, size_t equation, size_t side)
{
    const dr_term *t = &test->term[equation];
    return side < t->factors ? t->factor[side] : NULL;
}

static bool has_all(const dr_fitted *fit, const dr_formula *test)
{
    for (size_t i = 0; i < test->terms; i++)
        for (size_t side = 0; side < 2; side++)
            if (!dr_coefficients_known(fit, side_of(test, i, side)))
                return false;
    return true;
}

/* ---- For the bootstrap ---- */

/* R and value of linear equations: gradients, and minus what is left at b = 0. */
static dr_status take_equations(dr_hypothesis *h, const dr_fitted *fit, const dr_formula *test)
{
    size_t n = fit->variables;
    double *zero = dr_new_doubles(n), *gradient = dr_new_doubles(n);
    dr_status status = zero && gradient ? DR_OK : dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < h->equations; i++)
        for (size_t side = 0; status == DR_OK && side < 2; side++) {
            const dr_node *node = side_of(test, i, side);
            double sign = side == 0 ? 1 : -1;
            if (!node)
                continue;
            h->value[i] -= sign * dr_coefficients_value(fit, node, zero, gradient);
            for (size_t k = 0; k < n; k++)
                h->r[i * n + k] += sign * gradient[k];
        }
    free(zero);
    free(gradient);
    return status;
}

/* The first side of a test that is not linear in the coefficients of a fit; NULL if all are. */
static const dr_node *not_linear(const dr_fitted *fit, const dr_formula *test)
{
    for (size_t i = 0; i < test->terms; i++)
        for (size_t side = 0; side < 2; side++)
            if (!dr_coefficients_linear(fit, side_of(test, i, side)))
                return side_of(test, i, side);
    return NULL;
}

dr_status dr_gravity_check_tests(const dr_gravity *g)
{
    for (size_t t = 0; t < g->options.test_count && g->options.bootstrap != DR_BOOTSTRAP_NONE; t++)
        for (size_t i = 0; i < g->fits; i++) {
            const dr_node *node = not_linear(&g->fit[i], &g->test[t]);
            if (node)
                return dr_formula_fail(&g->test[t], node->at, "the bootstrap tests linear hypotheses only");
        }
    return DR_OK;
}

dr_status dr_fit_hypotheses(dr_hypothesis **out, const dr_gravity *g, dr_fitted *fit)
{
    size_t count = dr_fit_tests(g, fit), n = fit->variables;
    dr_hypothesis *h = dr_arena_take(&fit->arena, (count + 1) * sizeof *h);
    if (!h)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        const dr_formula *test = g->options.test_count > 0 ? &g->test[i] : NULL;
        /* 0: not of this formula, or not linear, which dr_gravity_check_tests tells */
        h[i].equations = !test ? 1 : has_all(fit, test) && !not_linear(fit, test) ? test->terms : 0;
        h[i].r = dr_arena_take(&fit->arena, (h[i].equations * n + 1) * sizeof *h[i].r);
        h[i].value = dr_arena_take(&fit->arena, (h[i].equations + 1) * sizeof *h[i].value);
        if (!h[i].r || !h[i].value)
            return dr_fail_memory();
        if (!test)
            h[i].r[fit->variable[i].at] = 1;
        else
            DR_TRY(take_equations(&h[i], fit, test));
    }
    *out = h;
    return DR_OK;
}

/* ---- Wald tests ---- */

typedef struct wald {
    size_t q, n;
    double *distance, *gradient, *v; /* [q], [q][n], [q, q] */
} wald;

static void fill_equation(wald *w, size_t i, const dr_fitted *fit, const dr_formula *test)
{
    const dr_regression *r = fit->regression;
    for (size_t side = 0; side < 2; side++) {
        const dr_node *node = side_of(test, i, side);
        double sign = side == 0 ? 1 : -1;
        if (!node)
            continue;
        w->distance[i] += sign * dr_coefficients_value(fit, node, r->coefficient, fit->gradient);
        for (size_t k = 0; k < w->n; k++)
            w->gradient[i * w->n + k] += sign * fit->gradient[k];
    }
}

static void fill_variance(wald *w, const dr_regression *r)
{
    for (size_t i = 0; i < w->q; i++)
        for (size_t j = 0; j < w->q; j++)
            for (size_t k = 0; k < w->n; k++)
                for (size_t l = 0; l < w->n; l++)
                    if (w->gradient[i * w->n + k] != 0 && w->gradient[j * w->n + l] != 0)
                        w->v[i * w->q + j] +=
                            w->gradient[i * w->n + k] * r->variance[k * w->n + l] * w->gradient[j * w->n + l];
}

/* The interval of what stands left of the sign where a number stands right of it, else of left less right. */
static void one_equation(dr_test_line *out, const wald *w, const dr_fitted *fit, const dr_formula *test)
{
    const dr_regression *r = fit->regression;
    double error = sqrt(w->v[0]), right = 0;
    const dr_node *node = test ? side_of(test, 0, 1) : NULL;
    if (node && dr_coefficients_none(fit, node))
        right = dr_coefficients_value(fit, node, r->coefficient, NULL);
    out->statistic = w->distance[0] / error;
    out->p = dr_two_sided(out->statistic, r->freedom);
    double reach = dr_critical(0.05, r->freedom) * error;
    out->low = right + w->distance[0] - reach;
    out->high = right + w->distance[0] + reach;
    if (isinf(r->freedom))
        snprintf(out->distribution, sizeof out->distribution, "z");
    else
        dr_print_text(out->distribution, sizeof out->distribution, "t(%.0f)", r->freedom);
}

/* F, or chi-squared where degrees of freedom are infinite; nothing where the variance has not the rank of the test, as
 * with fewer clusters than equations. Overwrites the variance. */
static void several_equations(dr_test_line *out, wald *w, double freedom, double *least, double *solved)
{
    double sum = 0, q = (double)w->q;
    for (size_t i = 0; i < w->q; i++)
        least[i] = 1e-12 * w->v[i * w->q + i];
    memcpy(solved, w->distance, w->q * sizeof *solved);
    if (dr_cholesky(w->v, w->q, least) < w->q) {
        out->why = "the variance has a lower rank than the test: fewer clusters than hypotheses, or one that follows "
                   "from the others";
        return;
    }
    dr_cholesky_solve(w->v, w->q, solved);
    for (size_t i = 0; i < w->q; i++)
        sum += w->distance[i] * solved[i];
    out->statistic = isinf(freedom) ? sum : sum / q;
    out->p = dr_upper_tail(sum / q, q, freedom);
    if (isinf(freedom))
        snprintf(out->distribution, sizeof out->distribution, "chi2(%zu)", w->q);
    else
        dr_print_text(out->distribution, sizeof out->distribution, "F(%zu, %.0f)", w->q, freedom);
}

static void fill_test(dr_test_line *out, wald *w, const dr_gravity *g, const dr_fitted *fit, size_t line)
{
    const dr_regression *r = fit->regression;
    const dr_formula *test = g->options.test_count > 0 ? &g->test[line] : NULL;
    double *scratch = w->gradient + w->q * w->n;
    for (size_t i = 0; test && i < w->q; i++)
        fill_equation(w, i, fit, test);
    if (!test) {
        w->gradient[fit->variable[line].at] = 1;
        w->distance[0] = r->coefficient[fit->variable[line].at];
    }
    fill_variance(w, r);
    for (size_t i = 0; i < w->q; i++)
        if (isnan(w->distance[i])) {
            out->why = "a variable has no coefficient";
            return;
        }
    if (w->q == 1)
        one_equation(out, w, fit, test);
    else
        several_equations(out, w, r->freedom, scratch, scratch + w->q);
}

dr_status dr_fit_test(dr_test_line *out, const dr_gravity *g, const dr_fitted *fit, size_t line)
{
    const dr_formula *test = g->options.test_count > 0 ? &g->test[line] : NULL;
    const dr_regression *r = fit->regression;
    wald w = {.q = test ? test->terms : 1, .n = fit->variables};
    *out = (dr_test_line){.statistic = NAN, .p = NAN, .low = NAN, .high = NAN, .bootstrap = {NAN, NAN, NAN, NAN, 0, 0}};
    if (test)
        snprintf(out->label, sizeof out->label, "%s", test->text);
    else
        snprintf(out->label, sizeof out->label, "%s = 0", fit->variable[line].label);
    out->why = "";
    if (test && !has_all(fit, test)) {
        out->why = "not all of its terms are in the formula";
        return DR_OK;
    }
    w.distance = dr_new_doubles(w.q);
    w.gradient = dr_new_doubles(w.q * w.n + 2 * w.q);
    w.v = dr_new_doubles(w.q * w.q);
    bool done = w.distance && w.gradient && w.v;
    if (done)
        fill_test(out, &w, g, fit, line);
    if (r->test)
        out->bootstrap = r->test[line];
    free(w.distance);
    free(w.gradient);
    free(w.v);
    return done ? DR_OK : dr_fail_memory();
}

/* ---- Before entry ---- */

/* Whether a variable is an effect before entry, of event(rta, -4, 8). */
static bool is_before(const dr_fitted *fit, size_t variable)
{
    const dr_variable *v = &fit->variable[variable];
    const dr_term *term = v->term < fit->formula->terms ? &fit->formula->term[v->term] : NULL;
    return term && term->event && term->when < 0 && fit->regression->left_out[v->at] == DR_KEPT;
}

/* The joint test of the *restrictions that they are zero. */
static dr_status test_before(dr_test_line *out, size_t *restrictions, const dr_fitted *fit)
{
    const dr_regression *r = fit->regression;
    wald w = {.n = fit->variables};
    *out = (dr_test_line){.low = NAN, .high = NAN, .why = ""};
    for (size_t i = 0; i < fit->variables; i++)
        w.q += is_before(fit, i);
    *restrictions = w.q;
    if (w.q == 0)
        return DR_OK;
    w.distance = dr_new_doubles(w.q);
    w.gradient = dr_new_doubles(w.q * w.n + 2 * w.q);
    w.v = dr_new_doubles(w.q * w.q);
    bool done = w.distance && w.gradient && w.v;
    for (size_t i = 0, q = 0; done && i < fit->variables; i++)
        if (is_before(fit, i)) {
            w.distance[q] = r->coefficient[fit->variable[i].at];
            w.gradient[q++ * w.n + fit->variable[i].at] = 1;
        }
    if (done) {
        fill_variance(&w, r);
        several_equations(out, &w, r->freedom, w.gradient + w.q * w.n, w.gradient + w.q * w.n + w.q);
    }
    free(w.distance);
    free(w.gradient);
    free(w.v);
    return done ? DR_OK : dr_fail_memory();
}

static dr_status note_before(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300];
    dr_test_line t;
    size_t restrictions = 0;
    DR_TRY(test_before(&t, &restrictions, fit));
    if (restrictions == 0)
        return DR_OK;
    dr_fit_name(name, sizeof name, g, fit);
    if (*t.why) {
        dr_table_add_note(table, "%s: effects before entry are not tested: %s", name, t.why);
        return DR_OK;
    }
    dr_table_add_note(table, "%s: test that the effects before entry are zero: %s = %.4g, p = %.4g", name,
                      t.distribution, t.statistic, t.p);
    if (g->fits == 1) {
        dr_table_add_fact(table, "pretrend.statistic", t.statistic);
        dr_table_add_fact(table, "pretrend.restrictions", (double)restrictions);
        dr_table_add_fact(table, "pretrend.p", t.p);
    }
    return DR_OK;
}

/* ---- Tables ---- */

static const dr_column_spec of_tests[] = {{"model", DR_SHOW_COUNT},
                                          {"by", DR_SHOW_TEXT},
                                          {"test", DR_SHOW_TEXT},
                                          {"statistic", DR_SHOW_NUMBER},
                                          {"distribution", DR_SHOW_TEXT},
                                          {"p", DR_SHOW_NUMBER},
                                          {"low", DR_SHOW_NUMBER},
                                          {"high", DR_SHOW_NUMBER},
                                          {"bootstrap_statistic", DR_SHOW_NUMBER},
                                          {"bootstrap_p", DR_SHOW_NUMBER},
                                          {"bootstrap_low", DR_SHOW_NUMBER},
                                          {"bootstrap_high", DR_SHOW_NUMBER},
                                          {"draws", DR_SHOW_COUNT},
                                          {"left_out", DR_SHOW_TEXT}};

enum { TEST_COLUMNS = sizeof of_tests / sizeof *of_tests };

static void add_test(dr_table *table, const dr_fitted *fit, const dr_gravity *g, const dr_test_line *t)
{
    const dr_bootstrap_test *b = &t->bootstrap;
    const double numbers[] = {t->p, t->low, t->high, b->statistic, b->p, b->low, b->high};
    size_t row = dr_table_add_row(table);
    dr_table_set_number(table, row, 0, (double)fit->number);
    dr_table_set_text(table, row, 1, dr_fit_level(g, fit));
    dr_table_set_text(table, row, 2, t->label);
    dr_table_set_number(table, row, 3, t->statistic);
    dr_table_set_text(table, row, 4, t->distribution);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        dr_table_set_number(table, row, 5 + i, isfinite(numbers[i]) ? numbers[i] : NAN);
    dr_table_set_number(table, row, 12, (double)b->draws);
    dr_table_set_text(table, row, 13, t->why);
}

static void note_bootstrap(dr_table *table, const dr_gravity *g)
{
    static const char *const kinds[] = {"", "wild bootstrap", "score bootstrap", "pairs bootstrap",
                                        "randomisation inference"};
    static const char *const multipliers[] = {"Rademacher", "Webb", "Mammen", "normal", "gamma"};
    const dr_gravity_options *o = &g->options;
    if (o->bootstrap == DR_BOOTSTRAP_NONE)
        return;
    bool signs = o->bootstrap <= DR_BOOTSTRAP_SCORE;
    dr_table_add_note(table, "%s%s%s%s, %d draws or all combinations where those are fewer, seed %llu%s",
                      kinds[o->bootstrap], signs ? " under the hypothesis with " : "",
                      signs ? multipliers[o->multiplier] : "", signs ? " weights" : "", o->replications, o->seed,
                      o->equal_tails ? ", p and intervals with equal tails" : "");
}

dr_status dr_gravity_tests(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    dr_table *table = NULL;
    dr_status status = DR_OK;
    if (gravity->options.test_count == 0 && gravity->options.bootstrap == DR_BOOTSTRAP_NONE)
        return dr_fail(DR_USAGE, "there is no test: name a hypothesis (--test \"rta = 0\") or a bootstrap");
    DR_TRY(dr_table_new(&table, of_tests, TEST_COLUMNS));
    dr_gravity_describe(table, gravity);
    note_bootstrap(table, gravity);
    dr_table_keep_rows(table);
    for (size_t i = 0; i < gravity->fits && status == DR_OK; i++) {
        const dr_fitted *fit = &gravity->fit[i];
        for (size_t line = 0; fit->regression && status == DR_OK && line < dr_fit_tests(gravity, fit); line++) {
            dr_test_line t;
            status = dr_fit_test(&t, gravity, fit, line);
            if (status == DR_OK)
                add_test(table, fit, gravity, &t);
        }
    }
    return dr_table_finish(out, table, status);
}

/* "p = 0.0757, 95% interval 0.0349 to 0.0784", of a test or of its bootstrap. */
static size_t put_result(char *text, size_t size, double p, double low, double high)
{
    size_t used = (size_t)dr_print_text(text, size, "p = %.4g", p);
    if (!isnan(low) && !isnan(high) && used < size)
        used += (size_t)dr_print_text(text + used, size - used, ", 95%% interval %.4g to %.4g", low, high);
    return used;
}

static void note_test(dr_table *table, const dr_gravity *g, const dr_fitted *fit, const dr_test_line *t)
{
    char name[300], result[200], simulated[200] = "";
    dr_fit_name(name, sizeof name, g, fit);
    if (*t->why) {
        dr_table_add_note(table, "%s: %s is not tested: %s", name, t->label, t->why);
        return;
    }
    put_result(result, sizeof result, t->p, t->low, t->high);
    if (t->bootstrap.draws > 0)
        put_result(simulated, sizeof simulated, t->bootstrap.p, t->bootstrap.low, t->bootstrap.high);
    dr_table_add_note(table, "%s: test of %s: %s = %.4g, %s%s%s%s", name, t->label, t->distribution, t->statistic,
                      result, *simulated ? "; bootstrap: " : "", simulated,
                      t->bootstrap.every ? " (all combinations of signs)" : "");
}

dr_status dr_gravity_note_tests(dr_table *table, const dr_gravity *g)
{
    note_bootstrap(table, g);
    for (size_t i = 0; i < g->fits; i++) {
        if (g->fit[i].regression)
            DR_TRY(note_before(table, g, &g->fit[i]));
        for (size_t line = 0; g->fit[i].regression && line < dr_fit_tests(g, &g->fit[i]); line++) {
            dr_test_line t;
            DR_TRY(dr_fit_test(&t, g, &g->fit[i], line));
            note_test(table, g, &g->fit[i], &t);
        }
    }
    return DR_OK;
}
