/* The variables of a formula with instruments, in the order of the estimator: those that are exogenous, those that are
 * not, residuals of first stages, the constant; and after them the instruments. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/table.h"
#include "estimate/gravity_sample.h"

/* What a variable of a formula is: 0 exogenous, 1 endogenous, 2 a residual, 3 the constant, 4 an instrument. */
static unsigned kind_of(const dr_formula *f, const dr_variable *v)
{
    size_t instruments = f->terms - f->instruments, constant = f->effects == 0, others = instruments - constant;
    if (v->term >= f->terms)
        return 2;
    if (v->term >= instruments)
        return 4;
    if (v->term >= others)
        return 3;
    return v->term >= others - f->endogenous;
}

static dr_status add_controls(dr_sampling *s)
{
    char label[600];
    size_t count = s->fit->variables;
    for (size_t k = 0; k < count; k++) {
        dr_variable *v = NULL;
        if (kind_of(s->formula, &s->fit->variable[k]) != 1)
            continue;
        snprintf(label, sizeof label, "residual of %s", s->fit->variable[k].label);
        DR_TRY(dr_sampling_add_variable(s, s->formula->terms + k, label, false, &v));
    }
    return DR_OK;
}

static dr_status check(const dr_gravity *g, const dr_formula *f)
{
    bool gmm = g->options.iv != DR_IV_CONTROL;
    if (f->instruments == 0 && gmm)
        return dr_fail(DR_BAD_INPUT,
                       "there are no instruments: write them as in \"trade ~ dist | year | tariff ~ instrument\"");
    if (g->options.two_step && !gmm)
        return dr_fail(DR_BAD_INPUT, "two steps are of GMM (--iv additive or --iv multiplicative)");
    if (gmm && dr_gravity_is_ols(g, f))
        return dr_fail(DR_BAD_INPUT, "GMM is of PPML; least squares with instruments are in two stages");
    if (f->instruments > 0 && g->options.keep_rows)
        return dr_fail(DR_BAD_INPUT, "fixed effects and predictions are not kept of formulas with instruments");
    if (f->instruments > 0 && g->cohort)
        return dr_fail(DR_BAD_INPUT, "effects by cohort are not for formulas with instruments");
    if (f->instruments > 0 && g->options.bias_correct)
        return dr_fail(DR_BAD_INPUT, "bias correction is not for formulas with instruments");
    return DR_OK;
}

dr_status dr_sampling_arrange_instruments(dr_sampling *s)
{
    dr_fitted *fit = s->fit;
    const dr_gravity *g = s->gravity;
    DR_TRY(check(g, s->formula));
    if (s->formula->instruments == 0)
        return DR_OK;
    if (!dr_gravity_is_ols(g, s->formula) && g->options.iv == DR_IV_CONTROL)
        DR_TRY(add_controls(s));
    dr_variable *ordered = dr_new(fit->variables, sizeof *ordered);
    if (!ordered)
        return dr_fail_memory();
    size_t at = 0, count[5] = {0};
    for (unsigned kind = 0; kind < 5; kind++)
        for (size_t k = 0; k < fit->variables; k++)
            if (kind_of(s->formula, &fit->variable[k]) == kind) {
                ordered[at++] = fit->variable[k];
                count[kind]++;
            }
    free(fit->variable);
    fit->variable = ordered;
    fit->endogenous = count[1];
    fit->controls = count[2];
    fit->instruments = count[4];
    fit->variables -= fit->instruments;
    for (size_t k = 0; k < fit->instruments; k++)
        fit->variable[fit->variables + k].at = fit->variables + k;
    return DR_OK;
}

const char *dr_gravity_estimator(const dr_gravity *g, const dr_formula *f)
{
    static const char *const words[] = {"PPML, control function", "GMM, additive", "GMM, multiplicative"};
    if (dr_gravity_is_ols(g, f))
        return f->instruments > 0 ? "2SLS" : "OLS";
    return f->instruments > 0 ? words[g->options.iv] : "PPML";
}

/* F of the first stages, below which instruments are commonly called weak (Staiger & Stock 1997). */
static const double weak = 10;

static void note_first_stages(dr_table *table, const char *name, const dr_fitted *fit)
{
    const dr_regression *r = fit->regression;
    size_t at = 0;
    char fact[700];
    for (size_t k = 0; k < fit->variables && at < fit->endogenous; k++) {
        const dr_variable *v = &fit->variable[k];
        size_t from = fit->variables - fit->controls - fit->endogenous - (fit->formula->effects == 0);
        if (v->at < from || v->at >= from + fit->endogenous)
            continue;
        double f = r->first_f[v->at - from];
        at++;
        dr_table_add_note(table, "%s: first stage of %s: F(%zu, %.0f) = %.4g, p = %.4g, of the instruments%s", name,
                          v->label, r->first_count, r->first_freedom, f,
                          dr_upper_tail(f, (double)r->first_count, r->first_freedom),
                          f < weak ? ": weak, so that estimates are biased and tests reject too often" : "");
        snprintf(fact, sizeof fact, "first_stage_f.%s.%s", name, v->label);
        dr_table_add_fact(table, fact, f);
    }
}

static void note_anderson_rubin(dr_table *table, const char *name, const dr_fitted *fit)
{
    static const char says[] = "Anderson-Rubin 95% interval, which holds however weak the instruments are";
    const dr_anderson_rubin *a = &fit->regression->anderson_rubin;
    char fact[340];
    if (a->kind == DR_AR_EMPTY)
        dr_table_add_note(table, "%s: %s: empty, so that the instruments contradict each other", name, says);
    else if (a->kind == DR_AR_LINE)
        dr_table_add_note(table, "%s: %s: all numbers", name, says);
    else if (a->kind == DR_AR_OUTSIDE)
        dr_table_add_note(table, "%s: %s: up to %.4g, and from %.4g on", name, says, a->low, a->high);
    else if (a->kind == DR_AR_INTERVAL)
        dr_table_add_note(table, "%s: %s: %.4g to %.4g", name, says, a->low, a->high);
    if (a->kind != DR_AR_INTERVAL)
        return;
    snprintf(fact, sizeof fact, "anderson_rubin_low.%s", name);
    dr_table_add_fact(table, fact, a->low);
    snprintf(fact, sizeof fact, "anderson_rubin_high.%s", name);
    dr_table_add_fact(table, fact, a->high);
}

void dr_gravity_note_instruments(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300], fact[340];
    const dr_regression *r = fit->regression;
    if (fit->instruments == 0)
        return;
    dr_fit_name(name, sizeof name, g, fit);
    if (r->first_f)
        note_first_stages(table, name, fit);
    note_anderson_rubin(table, name, fit);
    if (r->overidentifying > 0) {
        dr_table_add_note(
            table,
            "%s: overidentification: J = %.4g, chi2(%zu), p = %.4g: a small p says that the "
            "instruments contradict each other",
            name, r->overidentification, r->overidentifying,
            dr_upper_tail(r->overidentification / (double)r->overidentifying, (double)r->overidentifying, INFINITY));
        snprintf(fact, sizeof fact, "overidentification_j.%s", name);
        dr_table_add_fact(table, fact, r->overidentification);
    }
    if (fit->controls > 0)
        dr_table_add_note(table,
                          "%s: standard errors take the first stages as known; --bootstrap pairs does not, and a "
                          "residual whose coefficient is zero says that its variable is exogenous",
                          name);
}
