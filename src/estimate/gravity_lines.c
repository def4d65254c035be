/* The lines of a fit as tables show them: each coefficient, or sum of coefficients, with its error, test and
 * interval. */
#include <math.h>
#include <string.h>

#include "estimate/gravity.h"

const char *dr_fit_level(const dr_gravity *g, const dr_fitted *fit)
{
    return fit->level == DR_NO_LEVEL ? "" : g->panel.field[g->panel.by].levels.names[fit->level];
}

size_t dr_fit_lines(const dr_gravity *g, const dr_fitted *fit)
{
    return fit->regression ? fit->variables + g->options.sum_count : 0;
}

static const dr_variable *variable_of(const dr_fitted *fit, const char *label)
{
    for (size_t k = 0; k < fit->variables; k++)
        if (strcmp(fit->variable[k].label, label) == 0)
            return &fit->variable[k];
    return NULL;
}

/* The sum of some coefficients, with its variance from theirs. */
static void sum_line(dr_estimate_line *out, const dr_fitted *fit, const dr_formula *sum)
{
    const dr_regression *r = fit->regression;
    double variance = 0;
    out->coefficient = 0;
    for (size_t a = 0; a < sum->terms; a++) {
        const dr_variable *x = variable_of(fit, sum->term[a].label);
        out->coefficient += x ? r->coefficient[x->at] : NAN;
        for (size_t b = 0; b < sum->terms; b++) {
            const dr_variable *y = variable_of(fit, sum->term[b].label);
            variance += x && y ? r->variance[x->at * r->regressors + y->at] : NAN;
        }
    }
    out->error = sqrt(variance);
    out->why = isnan(out->coefficient) ? "not all of its terms are in the formula" : "";
}

static const char *why_out(const dr_variable *v, unsigned char left_out)
{
    if (left_out == DR_KEPT)
        return "";
    return left_out == DR_SEPARATED ? "separated" : v->first_level ? "reference" : "collinear";
}

void dr_fit_line(dr_estimate_line *out, const dr_gravity *g, const dr_fitted *fit, size_t line)
{
    const dr_regression *r = fit->regression;
    *out = (dr_estimate_line){.uncorrected = NAN};
    if (line >= fit->variables) {
        out->label = g->sum[line - fit->variables].text;
        sum_line(out, fit, &g->sum[line - fit->variables]);
    } else {
        const dr_variable *v = &fit->variable[line];
        out->label = v->label;
        out->why = why_out(v, r->left_out[v->at]);
        out->coefficient = r->coefficient[v->at];
        out->error = sqrt(r->variance[v->at * r->regressors + v->at]);
        if (r->uncorrected)
            out->uncorrected = r->uncorrected[v->at];
    }
    double reach = dr_critical(0.05, r->freedom) * out->error;
    out->z = out->coefficient / out->error;
    out->p = dr_two_sided(out->z, r->freedom);
    out->low = out->coefficient - reach;
    out->high = out->coefficient + reach;
}
