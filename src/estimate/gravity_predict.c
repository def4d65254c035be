/* Predictions for all rows of a regression's sample and those that were left out of it, in the order of the file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/gravity_sample.h"

static bool copy(double **out, const double *from, size_t rows)
{
    if (!from)
        return true;
    *out = dr_new_doubles(rows);
    if (*out)
        memcpy(*out, from, rows * sizeof **out);
    return *out;
}

/* Before rows are dropped: what predictions need of all. */
dr_status dr_sampling_keep_all(dr_sampling *s)
{
    dr_fitted *fit = s->fit;
    size_t rows = s->rows, effects = s->formula->effects;
    fit->all = rows;
    fit->all_row = dr_new(rows, sizeof *fit->all_row);
    fit->predicted = dr_new_doubles(rows);
    fit->predicted_error = dr_new_doubles(rows);
    fit->state = dr_new(rows, sizeof *fit->state);
    s->all_value = dr_new(fit->variables, sizeof *s->all_value);
    s->all_slope = dr_new(effects, sizeof *s->all_slope);
    bool done = fit->all_row && fit->predicted && fit->predicted_error && fit->state && s->all_value && s->all_slope &&
                copy(&s->all_offset, s->offset, rows);
    for (size_t k = 0; done && k < fit->variables; k++)
        done = copy(&s->all_value[k], fit->variable[k].value, rows);
    for (size_t e = 0; done && e < effects; e++)
        done = copy(&s->all_slope[e], s->slope[e], rows);
    if (!done)
        return dr_fail_memory();
    memcpy(fit->all_row, s->row, rows * sizeof *fit->all_row);
    return DR_OK;
}

void dr_sampling_free_all(dr_sampling *s)
{
    for (size_t k = 0; s->all_value && k < s->kept_variables; k++)
        free(s->all_value[k]);
    for (size_t e = 0; s->all_slope && e < s->formula->effects; e++)
        free(s->all_slope[e]);
    free(s->all_value);
    free(s->all_slope);
    free(s->all_offset);
    dr_prediction_free(s->prediction);
}

/* Levels and slopes of a row; false where it lacks one, or the estimate has none for its level. */
static bool take_levels(const dr_sampling *s, size_t i, uint32_t *level, double *slope, double *sum)
{
    const dr_formula *f = s->formula;
    bool one = s->gravity->options.domestic == DR_DOMESTIC_ONE;
    level[0] = 0;
    slope[0] = 1;
    for (size_t e = 0; e < f->effects; e++) {
        level[e] = dr_gravity_levels(s->gravity, &f->effect[e], one)->level[s->fit->all_row[i]];
        slope[e] = s->all_slope[e] ? s->all_slope[e][i] : 1;
        if (level[e] == DR_NO_LEVEL)
            return false;
        *sum += s->fit->regression->effect[e][level[e]] * slope[e];
    }
    return isfinite(*sum);
}

/* A variable that is left out has no part; x [regressor] gets its values. Coefficients are those with which the effects
 * were estimated, before any correction of bias. */
static double sum_of(const dr_sampling *s, size_t i, double *x)
{
    const dr_regression *r = s->fit->regression;
    const double *b = r->uncorrected ? r->uncorrected : r->coefficient;
    double sum = s->all_offset ? s->all_offset[i] : 0;
    for (size_t k = 0; k < s->fit->variables; k++) {
        size_t at = s->fit->variable[k].at;
        x[at] = s->all_value[k][i];
        sum += r->left_out[at] == DR_KEPT ? b[at] * x[at] : 0;
    }
    return sum;
}

static void predict_row(const dr_sampling *s, size_t i, double *x)
{
    uint32_t level[DR_MOST_FACTORS];
    double slope[DR_MOST_FACTORS], sum = sum_of(s, i, x);
    dr_fitted *fit = s->fit;
    bool ppml = !fit->formula->logs, known = take_levels(s, i, level, slope, &sum);
    fit->predicted[i] = known && isfinite(sum) ? (ppml ? exp(sum) : sum) : NAN;
    fit->predicted_error[i] = NAN;
    if (s->prediction && !isnan(fit->predicted[i]))
        fit->predicted_error[i] = dr_prediction_error(s->prediction, x, level, slope) * (ppml ? fit->predicted[i] : 1);
}

/* Why rows are not in the sample: those of the panel that are missing in fit->row, and those that the regression left
 * out. */
static void mark_states(dr_fitted *fit)
{
    size_t kept = 0;
    for (size_t i = 0; i < fit->all; i++) {
        bool in = kept < fit->rows && fit->row[kept] == fit->all_row[i];
        fit->state[i] = in ? fit->regression->row_out[kept] : DR_ROW_MISSING;
        kept += in;
    }
}

dr_status dr_sampling_predict(dr_sampling *s)
{
    dr_fitted *fit = s->fit;
    double *x = dr_new_doubles(fit->variables);
    if (!x)
        return dr_fail_memory();
    mark_states(fit);
    for (size_t i = 0; i < fit->all; i++) {
        predict_row(s, i, x);
        if (fit->state[i] == DR_SEPARATED) { /* of trade, which the estimate says is none */
            fit->predicted[i] = 0;
            fit->predicted_error[i] = NAN;
        }
    }
    free(x);
    return DR_OK;
}
