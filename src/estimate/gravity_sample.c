/* The sample of one regression: rows of the panel, the outcome and the regressors in them, and what becomes of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "estimate/gravity_cohorts.h"
#include "estimate/gravity_joint.h"

/* ---- Which rows -------------------------------------------------------------------------------------------------- */

static dr_status start_rows(dr_sampling *s)
{
    const dr_flow_panel *p = s->panel;
    bool drop = s->gravity->options.domestic == DR_DOMESTIC_DROP;
    bool all = s->fit->level == DR_NO_LEVEL;
    const uint32_t *of_level = all ? NULL : s->gravity->level_row + s->gravity->level_start[s->fit->level];
    size_t rows = all ? p->rows : s->gravity->level_start[s->fit->level + 1] - s->gravity->level_start[s->fit->level];
    s->row = dr_new(rows, sizeof *s->row);
    if (!s->row)
        return dr_fail_memory();
    for (size_t i = 0; i < rows; i++) {
        size_t row = of_level ? of_level[i] : i;
        if (drop && dr_flow_panel_is_domestic(p, row))
            s->fit->domestic++;
        else if (s->gravity->entry && isnan(s->gravity->entry[row]))
            s->fit->unfit++;
        else
            s->row[s->rows++] = (uint32_t)row;
    }
    return DR_OK;
}

static dr_status negative(const dr_sampling *s, size_t row, double value)
{
    char place[256];
    dr_flow_panel_place(place, sizeof place, s->panel, row);
    return dr_fail(DR_BAD_INPUT, "%s: %s is %g; expected 0 or more", place, s->formula->outcome_label, value);
}

/* The outcome; rows where it is missing, or the logarithm of zero, are marked with NAN. */
static dr_status take_outcome(dr_sampling *s)
{
    s->outcome = dr_new_doubles(s->rows);
    if (!s->outcome)
        return dr_fail_memory();
    for (size_t i = 0; i < s->rows; i++) {
        double value = dr_flow_panel_value(s->panel, s->formula->outcome, s->row[i]);
        if (value < 0 && (s->formula->logs || !dr_gravity_is_ols(s->gravity, s->formula)))
            return negative(s, s->row[i], value);
        if (s->formula->logs && value == 0)
            s->fit->zeros++;
        else if (!isfinite(value))
            s->fit->missing++;
        s->outcome[i] = !isfinite(value) || (s->formula->logs && value == 0) ? NAN
                        : s->formula->logs                                   ? log(value)
                                                                             : value;
    }
    return DR_OK;
}

static dr_status take_weight(dr_sampling *s)
{
    char place[256];
    if (s->gravity->weight < 0)
        return DR_OK;
    const dr_field *f = &s->panel->field[s->gravity->weight];
    s->weight = dr_new_doubles(s->rows);
    if (!s->weight)
        return dr_fail_memory();
    for (size_t i = 0; i < s->rows; i++) {
        s->weight[i] = f->number[s->row[i]];
        s->fit->weightless += s->weight[i] == 0 && !isnan(s->outcome[i]);
        if (s->weight[i] < 0)
            return dr_fail(DR_BAD_INPUT, "%s: the weight %s is %g; expected 0 or more",
                           dr_flow_panel_place(place, sizeof place, s->panel, s->row[i]), f->name, s->weight[i]);
    }
    return DR_OK;
}

static dr_status take_place(dr_sampling *s)
{
    for (size_t side = 0; side < 2 && s->gravity->place[side] >= 0; side++) {
        s->place[side] = dr_new_doubles(s->rows);
        if (!s->place[side])
            return dr_fail_memory();
        for (size_t i = 0; i < s->rows; i++)
            s->place[side][i] = s->panel->field[s->gravity->place[side]].number[s->row[i]];
    }
    return DR_OK;
}

/* Of PPML on the scale of logarithms, as log(y) is in offset(log(y)). */
static dr_status take_offset(dr_sampling *s)
{
    if (!s->formula->offset)
        return DR_OK;
    s->offset = dr_new_doubles(s->rows);
    if (!s->offset)
        return dr_fail_memory();
    for (size_t i = 0; i < s->rows; i++)
        s->offset[i] = dr_flow_panel_value(s->panel, s->formula->offset, s->row[i]);
    return DR_OK;
}

/* The variables of slopes. */
static dr_status take_slopes(dr_sampling *s)
{
    s->slope = dr_new(s->formula->effects, sizeof *s->slope);
    if (!s->slope)
        return dr_fail_memory();
    for (size_t e = 0; e < s->formula->effects; e++) {
        const dr_node *of = s->formula->effect[e].slope;
        if (of && !(s->slope[e] = dr_new_doubles(s->rows)))
            return dr_fail_memory();
        for (size_t i = 0; of && i < s->rows; i++)
            s->slope[e][i] = dr_flow_panel_value(s->panel, of, s->row[i]);
    }
    return DR_OK;
}

/* ---- Only rows that have everything ------------------------------------------------------------------------------ */

static bool has_levels(const dr_sampling *s, const dr_formula *f, bool cluster, size_t row)
{
    bool one = !cluster && s->gravity->options.domestic == DR_DOMESTIC_ONE;
    for (size_t e = 0; e < f->effects; e++)
        if (dr_gravity_levels(s->gravity, &f->effect[e], one)->level[row] == DR_NO_LEVEL)
            return false;
    return true;
}

static bool is_whole(const dr_sampling *s, size_t i)
{
    for (size_t k = 0; k < s->fit->variables; k++)
        if (!isfinite(s->fit->variable[k].value[i]))
            return false;
    if ((s->weight && !isfinite(s->weight[i])) || (s->offset && !isfinite(s->offset[i])))
        return false;
    for (size_t side = 0; side < 2; side++)
        if (s->place[side] && !isfinite(s->place[side][i]))
            return false;
    for (size_t e = 0; e < s->formula->effects; e++)
        if (s->slope[e] && !isfinite(s->slope[e][i]))
            return false;
    return has_levels(s, s->formula, false, s->row[i]) &&
           (!s->gravity->options.cluster || has_levels(s, &s->gravity->formula[s->gravity->formulas], true, s->row[i]));
}

static dr_status no_rows(const dr_sampling *s)
{
    char weightless[60] = "";
    if (s->fit->weightless)
        snprintf(weightless, sizeof weightless, ", %zu a weight of zero", s->fit->weightless);
    return dr_fail(DR_BAD_INPUT,
                   "no row has all values that the formula needs: %zu have missing values, %zu zero trade%s",
                   s->fit->missing, s->fit->zeros, weightless);
}

static void move_row(dr_sampling *s, size_t to, size_t from)
{
    s->row[to] = s->row[from];
    s->outcome[to] = s->outcome[from];
    if (s->weight)
        s->weight[to] = s->weight[from];
    if (s->offset)
        s->offset[to] = s->offset[from];
    for (size_t side = 0; side < 2; side++)
        if (s->place[side])
            s->place[side][to] = s->place[side][from];
    for (size_t e = 0; e < s->formula->effects; e++)
        if (s->slope[e])
            s->slope[e][to] = s->slope[e][from];
    for (size_t k = 0; k < s->fit->variables; k++)
        s->fit->variable[k].value[to] = s->fit->variable[k].value[from];
}

static dr_status drop_rows(dr_sampling *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->rows; i++) {
        if (isnan(s->outcome[i]) || (s->weight && s->weight[i] == 0)) /* counted before */
            continue;
        if (!is_whole(s, i)) {
            s->fit->missing++;
            continue;
        }
        move_row(s, kept, i);
        kept++;
    }
    s->rows = s->fit->rows = kept;
    return kept ? DR_OK : no_rows(s);
}

/* ---- The estimator's view ---------------------------------------------------------------------------------------- */

/* The effect of the same levels as slopes, which is made already; NULL if there is none. */
static const dr_category *constant_of(const dr_category *category, const dr_formula *f, size_t slope)
{
    size_t size = strcspn(f->effect[slope].label, "[");
    for (size_t e = 0; e < slope; e++)
        if (!f->effect[e].slope && strlen(f->effect[e].label) == size &&
            strncmp(f->effect[e].label, f->effect[slope].label, size) == 0)
            return &category[e];
    return NULL;
}

static dr_status take_crossings(dr_sampling *s, uint32_t ***out, dr_category *category, const dr_formula *f, bool one)
{
    *out = dr_new(f->effects + 1, sizeof **out);
    if (!*out)
        return dr_fail_memory();
    for (size_t e = 0; e < f->effects; e++) {
        const dr_flow_levels *l = dr_gravity_levels(s->gravity, &f->effect[e], one);
        const dr_category *constant = f->effect[e].slope ? constant_of(category, f, e) : NULL;
        if (constant) { /* which comes before its slopes */
            category[e] = *constant;
            category[e].name = f->effect[e].label;
            category[e].slope = s->slope[e];
            category[e].centred = true;
            continue;
        }
        uint32_t *level = (*out)[e] = dr_new(s->rows, sizeof *level);
        if (!level)
            return dr_fail_memory();
        for (size_t i = 0; i < s->rows; i++)
            level[i] = l->level[s->row[i]];
        category[e] = (dr_category){.name = f->effect[e].label,
                                    .level = level,
                                    .levels = l->count,
                                    .slope = f->effect[e].slope ? s->slope[e] : NULL};
    }
    return DR_OK;
}

static dr_status inspect(dr_regression *r, struct dr_fitting *f, void *sampling)
{
    dr_sampling *s = sampling;
    if (s->gravity->cohort)
        DR_TRY(dr_cohorts_inspect(r, f, sampling));
    if (s->gravity->options.joint)
        DR_TRY(dr_joint_take(s, r, f));
    if (s->gravity->cohort)
        return DR_OK;
    return s->gravity->options.keep_rows && s->gravity->options.prediction_errors
               ? dr_prediction_new(&s->prediction, r, f)
               : DR_OK;
}

/* Names and values of variables and then of instruments, by their places. */
static dr_status take_values(dr_sampling *s, const char ***names, const double ***values)
{
    size_t variables = s->fit->variables + s->fit->instruments;
    *names = dr_arena_take(&s->fit->arena, variables * sizeof **names);
    *values = dr_arena_take(&s->fit->arena, variables * sizeof **values);
    if (!*names || !*values)
        return dr_fail_memory();
    for (size_t k = 0; k < variables; k++) {
        (*names)[s->fit->variable[k].at] = s->fit->variable[k].label;
        (*values)[s->fit->variable[k].at] = s->fit->variable[k].value;
    }
    return DR_OK;
}

static dr_bootstrap_plan plan_of(const dr_gravity_options *o, int threads)
{
    return (dr_bootstrap_plan){.how = o->bootstrap,
                               .multiplier = o->multiplier,
                               .replications = (size_t)o->replications,
                               .seed = o->seed,
                               .equal_tails = o->equal_tails,
                               .threads = threads};
}

static dr_regression_options options_of(dr_sampling *s, int threads, dr_hypothesis *hypotheses,
                                        const dr_bootstrap_plan *plan)
{
    const dr_gravity_options *o = &s->gravity->options;
    return (dr_regression_options){.fit = dr_gravity_is_ols(s->gravity, s->formula) ? DR_FIT_OLS : DR_FIT_PPML,
                                   .gmm = (dr_gmm)o->iv,
                                   .two_step = o->two_step,
                                   .cutoff = o->cutoff,
                                   .bootstrap = hypotheses ? plan : NULL,
                                   .hypothesis = hypotheses,
                                   .hypotheses = dr_fit_tests(s->gravity, s->fit),
                                   .small_sample = (dr_small_sample)o->errors,
                                   .bias_correct = o->bias_correct,
                                   .keep_rows = o->keep_rows,
                                   .threads = threads,
                                   .inspect = inspect,
                                   .inspected = s,
                                   .progress = s->gravity->fits == 1 ? o->progress : NULL,
                                   .user = o->user};
}

static dr_status estimate(dr_sampling *s, int threads)
{
    const dr_gravity_options *o = &s->gravity->options;
    const dr_formula *clusters = o->cluster ? &s->gravity->formula[s->gravity->formulas] : NULL;
    dr_category effect[DR_MOST_FACTORS], cluster[DR_MOST_FACTORS];
    const char **names = NULL;
    const double **values = NULL;
    DR_TRY(take_values(s, &names, &values));
    s->fit->gradient = dr_new_doubles(s->fit->variables);
    if (!s->fit->gradient)
        return dr_fail_memory();
    DR_TRY(take_crossings(s, &s->effect, effect, s->formula, o->domestic == DR_DOMESTIC_ONE));
    if (clusters)
        DR_TRY(take_crossings(s, &s->cluster, cluster, clusters, false));
    dr_regression_data data = {.rows = s->rows,
                               .outcome = s->outcome,
                               .weight = s->weight,
                               .offset = s->offset,
                               .constant = s->formula->effects == 0,
                               .regressors = s->fit->variables,
                               .names = names,
                               .regressor = values,
                               .effects = s->formula->effects,
                               .effect = effect,
                               .clusters = clusters ? clusters->effects : 0,
                               .cluster = cluster,
                               .endogenous = s->fit->endogenous,
                               .controls = s->fit->controls,
                               .instruments = s->fit->instruments,
                               .instrument_names = names + s->fit->variables,
                               .instrument = values + s->fit->variables,
                               .place = {s->place[0], s->place[1]}};
    dr_hypothesis *hypotheses = NULL;
    if (o->bootstrap != DR_BOOTSTRAP_NONE)
        DR_TRY(dr_fit_hypotheses(&hypotheses, s->gravity, s->fit));
    const dr_bootstrap_plan plan = plan_of(o, threads);
    dr_regression_options options = options_of(s, threads, hypotheses, &plan);
    return dr_regression_fit(&s->fit->regression, &data, &options);
}

/* Whether all rows get a prediction; with effects by cohort, those of the sample do. */
static bool keeps_all(const dr_sampling *s)
{
    return s->gravity->options.keep_rows && !s->gravity->cohort;
}

static dr_status sample(dr_sampling *s, int threads)
{
    DR_TRY(start_rows(s));
    DR_TRY(take_outcome(s));
    DR_TRY(take_weight(s));
    DR_TRY(take_offset(s));
    DR_TRY(take_slopes(s));
    DR_TRY(take_place(s));
    for (size_t t = 0; t < s->formula->terms; t++)
        DR_TRY(dr_sampling_take_term(s, t));
    s->kept_variables = s->fit->variables;
    DR_TRY(keeps_all(s) ? dr_sampling_keep_all(s) : DR_OK);
    DR_TRY(drop_rows(s));
    DR_TRY(s->gravity->cohort ? dr_cohorts_take(s) : DR_OK);
    DR_TRY(dr_sampling_arrange_instruments(s));
    dr_sampling_place_variables(s->fit);
    DR_TRY(estimate(s, threads));
    s->fit->row = s->row;
    return keeps_all(s) ? dr_sampling_predict(s) : DR_OK;
}

static void free_crossings(uint32_t **levels, size_t count)
{
    for (size_t e = 0; levels && e < count; e++)
        free(levels[e]);
    free(levels);
}

dr_status dr_fit_estimate(dr_fitted *fit, const dr_gravity *gravity, int threads)
{
    dr_sampling s = {.fit = fit, .gravity = gravity, .panel = &gravity->panel, .formula = fit->formula};
    dr_status status = sample(&s, threads);
    for (size_t k = 0; k < fit->variables + fit->instruments; k++) {
        free(fit->variable[k].value);
        fit->variable[k].value = NULL;
    }
    free_crossings(s.effect, s.formula->effects);
    free_crossings(s.cluster, gravity->options.cluster ? gravity->formula[gravity->formulas].effects : 0);
    for (size_t e = 0; s.slope && e < s.formula->effects; e++)
        free(s.slope[e]);
    free(s.slope);
    free(s.outcome);
    free(s.offset);
    free(s.weight);
    free(s.place[0]);
    free(s.place[1]);
    dr_sampling_free_all(&s);
    fit->row = gravity->options.keep_rows ? s.row : NULL;
    if (!fit->row)
        free(s.row);
    if (status != DR_OK && !(fit->failure = strdup(dr_error_text())))
        status = dr_fail_memory();
    fit->status = status;
    return status;
}
