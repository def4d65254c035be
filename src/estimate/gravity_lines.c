/* The lines of a fit as tables show them: each coefficient, or function of coefficients, with its error, test and
 * interval. */
#include <math.h>

#include "estimate/gravity.h"

const char *dr_fit_level(const dr_gravity *g, const dr_fitted *fit)
{
    return fit->level == DR_NO_LEVEL ? "" : g->panel.field[g->panel.by].levels.names[fit->level];
}

size_t dr_fit_lines(const dr_gravity *g, const dr_fitted *fit)
{
    return fit->regression ? fit->variables + g->options.function_count : 0;
}

/* A function of coefficients, with its variance by the delta method. */
static void function_line(dr_estimate_line *out, const dr_fitted *fit, const dr_formula *function, double *gradient)
{
    const dr_regression *r = fit->regression;
    double variance = 0;
    out->coefficient = dr_coefficients_value(fit, function->term[0].factor[0], r->coefficient, gradient);
    for (size_t a = 0; a < r->regressors; a++)
        for (size_t b = 0; b < r->regressors; b++)
            if (gradient[a] != 0 && gradient[b] != 0) /* those that are left out have no variance */
                variance += gradient[a] * r->variance[a * r->regressors + b] * gradient[b];
    out->error = sqrt(variance);
    out->why = isnan(out->coefficient) ? "not all of its terms are in the formula" : "";
    if (*out->why)
        out->error = NAN;
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
        const dr_formula *function = &g->function[line - fit->variables];
        out->label = function->text;
        function_line(out, fit, function, fit->gradient);
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
