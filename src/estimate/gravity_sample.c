/* The sample of one regression: rows of the panel, the outcome and the regressors in them, and what becomes of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/gravity.h"

/* A sample on its way. */
typedef struct sampling {
    dr_fitted *fit;
    const dr_gravity *gravity;
    const dr_flow_panel *panel;
    const dr_formula *formula;
    uint32_t *row; /* [row of the sample] */
    size_t rows;
    double *outcome, *weight;
    uint32_t **effect, **cluster; /* [effect][row of the sample] */
} sampling;

/* ---- Which rows -------------------------------------------------------------------------------------------------- */

static dr_status start_rows(sampling *s)
{
    const dr_flow_panel *p = s->panel;
    bool drop = s->gravity->options.domestic == DR_DOMESTIC_DROP;
    s->row = dr_new(p->rows, sizeof *s->row);
    if (!s->row)
        return dr_fail_memory();
    for (size_t row = 0; row < p->rows; row++) {
        if (s->fit->level != DR_NO_LEVEL && p->field[p->by].level[row] != s->fit->level)
            continue;
        if (drop && dr_flow_panel_is_domestic(p, row))
            s->fit->domestic++;
        else
            s->row[s->rows++] = (uint32_t)row;
    }
    return DR_OK;
}

static dr_status negative(const sampling *s, size_t row, double value)
{
    char place[256];
    dr_flow_panel_place(place, sizeof place, s->panel, row);
    return dr_fail(DR_BAD_INPUT, "%s: %s is %g; expected 0 or more", place, s->formula->outcome_label, value);
}

/* The outcome; rows where it is missing, or the logarithm of zero, are marked with NAN. */
static dr_status take_outcome(sampling *s)
{
    s->outcome = dr_new_doubles(s->rows);
    if (!s->outcome)
        return dr_fail_memory();
    for (size_t i = 0; i < s->rows; i++) {
        double value = dr_flow_panel_value(s->panel, s->formula->outcome, s->row[i]);
        if (value < 0)
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

static dr_status take_weight(sampling *s)
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
        if (s->weight[i] < 0)
            return dr_fail(DR_BAD_INPUT, "%s: the weight %s is %g; expected 0 or more",
                           dr_flow_panel_place(place, sizeof place, s->panel, s->row[i]), f->name, s->weight[i]);
    }
    return DR_OK;
}

/* ---- Variables --------------------------------------------------------------------------------------------------- */

static dr_status add_variable(sampling *s, size_t term, const char *label, bool first_level, dr_variable **out)
{
    dr_fitted *fit = s->fit;
    size_t capacity = fit->variables;
    if (!dr_grow((void **)&fit->variable, &capacity, fit->variables + 1, sizeof *fit->variable))
        return dr_fail_memory();
    dr_variable *v = &fit->variable[fit->variables];
    *v = (dr_variable){.label = dr_arena_text(&fit->arena, label),
                       .term = term,
                       .first_level = first_level,
                       .value = dr_new_doubles(s->rows)};
    fit->variables++;
    *out = v;
    return v->label && v->value ? DR_OK : dr_fail_memory();
}

double dr_term_value(const dr_flow_panel *panel, const dr_term *term, size_t row)
{
    double product = 1;
    for (size_t k = 0; k < term->factors; k++)
        if (!term->factor[k]->category)
            product *= dr_flow_panel_value(panel, term->factor[k], row);
    return product;
}

/* A crossing of a term's categories; without names where it has none. */
static dr_crossing categories_of(const dr_term *term)
{
    dr_crossing c = {0};
    for (size_t k = 0; k < term->factors; k++)
        if (term->factor[k]->category) {
            c.name[c.names] = term->factor[k]->name;
            c.bound[c.names++] = term->factor[k]->bound;
        }
    return c;
}

/* "rta:year=1994": the term with the level of each category. */
static void level_label(char *text, size_t size, const sampling *s, const dr_term *term, size_t row)
{
    char name[256];
    size_t used = 0;
    const char *at = term->label;
    for (size_t k = 0; k < term->factors && used < size; k++) {
        size_t length = strcspn(at, ":");
        used += (size_t)snprintf(text + used, size - used, "%s%.*s", k ? ":" : "", (int)length, at);
        at += length + (at[length] == ':');
        if (!term->factor[k]->category || used >= size)
            continue;
        dr_crossing one = {.name = {term->factor[k]->name}, .bound = {term->factor[k]->bound}, .names = 1};
        dr_flow_panel_level_name(name, sizeof name, s->panel, &one, row, false);
        used += (size_t)snprintf(text + used, size - used, "=%s", name);
    }
}

/* A level of a term's categories, and where it comes in the order of theirs. */
typedef struct placed {
    uint32_t level;
    uint64_t rank[2];
    char label[512];
} placed;

static int in_place(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    for (size_t i = 0; i < 2; i++)
        if (x->rank[i] != y->rank[i])
            return x->rank[i] < y->rank[i] ? -1 : 1;
    return strcmp(x->label, y->label);
}

/* The levels that have a row of the sample where the numbers are not zero. */
static dr_status levels_in_use(sampling *s, const dr_term *term, const dr_crossing *c, const dr_flow_levels *l,
                               const double *number, placed **out, size_t *count)
{
    bool *used = dr_new(l->count + 1, sizeof *used);
    *out = dr_new(l->count + 1, sizeof **out);
    if (!used || !*out) {
        free(used);
        return dr_fail_memory();
    }
    for (size_t i = 0; i < s->rows; i++) {
        uint32_t level = l->level[s->row[i]];
        if (level == DR_NO_LEVEL || used[level] || !isfinite(number[i]) || number[i] == 0)
            continue;
        placed *p = &(*out)[(*count)++];
        used[level] = true;
        p->level = level;
        for (size_t k = 0; k < 2 && k < c->names; k++)
            p->rank[k] = c->bound[k] >= 0 ? s->panel->field[c->bound[k]].level[l->first[level]] : 0;
        level_label(p->label, sizeof p->label, s, term, l->first[level]);
    }
    free(used);
    qsort(*out, *count, sizeof **out, in_place);
    return DR_OK;
}

enum { MOST_LEVELS = 1000 };

/* One variable for each level: the numbers where the row has it, else 0. */
static dr_status take_levels(sampling *s, size_t t, const dr_crossing *c, const dr_flow_levels *l, const double *number)
{
    const dr_term *term = &s->formula->term[t];
    placed *levels = NULL;
    size_t count = 0;
    dr_variable *v = NULL;
    dr_status status = levels_in_use(s, term, c, l, number, &levels, &count);
    if (status == DR_OK && count > MOST_LEVELS)
        status = dr_fail(DR_BAD_INPUT,
                         "%s: %zu levels, each with a coefficient, and the maximum is %d; absorb them as "
                         "effects instead",
                         term->label, count, MOST_LEVELS);
    for (size_t k = 0; status == DR_OK && k < count; k++) {
        status = add_variable(s, t, levels[k].label, k == 0, &v);
        for (size_t i = 0; status == DR_OK && i < s->rows; i++) {
            uint32_t level = l->level[s->row[i]];
            v->value[i] = level == DR_NO_LEVEL ? NAN : level == levels[k].level || isnan(number[i]) ? number[i] : 0;
        }
    }
    free(levels);
    return status;
}

static dr_status take_categories(sampling *s, size_t t, const dr_crossing *c)
{
    dr_flow_levels levels = {0};
    double *number = dr_new_doubles(s->rows);
    dr_status status = number ? dr_flow_panel_cross(&levels, s->panel, c, false) : dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < s->rows; i++)
        number[i] = dr_term_value(s->panel, &s->formula->term[t], s->row[i]);
    if (status == DR_OK)
        status = take_levels(s, t, c, &levels, number);
    dr_flow_levels_free(&levels);
    free(number);
    return status;
}

static dr_status take_term(sampling *s, size_t t)
{
    const dr_term *term = &s->formula->term[t];
    dr_crossing categories = categories_of(term);
    dr_variable *v = NULL;
    if (categories.names > 0)
        return take_categories(s, t, &categories);
    DR_TRY(add_variable(s, t, term->label, false, &v));
    for (size_t i = 0; i < s->rows; i++)
        v->value[i] = dr_term_value(s->panel, term, s->row[i]);
    return DR_OK;
}

/* The estimator leaves out what those before it determine: of a category's levels the first comes last. */
static void place_variables(dr_fitted *fit)
{
    size_t at = 0;
    for (size_t i = 0; i < fit->variables;) {
        size_t end = i + 1;
        while (end < fit->variables && fit->variable[end].term == fit->variable[i].term)
            end++;
        for (size_t k = i + 1; k < end; k++)
            fit->variable[k].at = at++;
        fit->variable[i].at = at++;
        i = end;
    }
}

/* ---- Only rows that have everything ------------------------------------------------------------------------------ */

static bool has_levels(const sampling *s, const dr_formula *f, bool cluster, size_t row)
{
    bool one = !cluster && s->gravity->options.domestic == DR_DOMESTIC_ONE;
    for (size_t e = 0; e < f->effects; e++)
        if (dr_gravity_levels(s->gravity, &f->effect[e], one)->level[row] == DR_NO_LEVEL)
            return false;
    return true;
}

static bool is_whole(const sampling *s, size_t i)
{
    for (size_t k = 0; k < s->fit->variables; k++)
        if (!isfinite(s->fit->variable[k].value[i]))
            return false;
    if (s->weight && !(isfinite(s->weight[i]) && s->weight[i] > 0))
        return false;
    return has_levels(s, s->formula, false, s->row[i]) &&
           (!s->gravity->options.cluster || has_levels(s, &s->gravity->formula[s->gravity->formulas], true, s->row[i]));
}

static dr_status no_rows(const sampling *s)
{
    return dr_fail(DR_BAD_INPUT,
                   "no row has all values that the formula needs: %zu have missing values, %zu zero trade",
                   s->fit->missing, s->fit->zeros);
}

static dr_status drop_rows(sampling *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->rows; i++) {
        if (isnan(s->outcome[i])) /* counted before */
            continue;
        if (!is_whole(s, i)) {
            s->fit->missing++;
            continue;
        }
        s->row[kept] = s->row[i];
        s->outcome[kept] = s->outcome[i];
        if (s->weight)
            s->weight[kept] = s->weight[i];
        for (size_t k = 0; k < s->fit->variables; k++)
            s->fit->variable[k].value[kept] = s->fit->variable[k].value[i];
        kept++;
    }
    s->rows = s->fit->rows = kept;
    return kept ? DR_OK : no_rows(s);
}

/* ---- The estimator's view ---------------------------------------------------------------------------------------- */

static dr_status take_crossings(sampling *s, uint32_t ***out, dr_category *category, const dr_formula *f, bool one)
{
    *out = dr_new(f->effects + 1, sizeof **out);
    if (!*out)
        return dr_fail_memory();
    for (size_t e = 0; e < f->effects; e++) {
        const dr_flow_levels *l = dr_gravity_levels(s->gravity, &f->effect[e], one);
        uint32_t *level = (*out)[e] = dr_new(s->rows, sizeof *level);
        if (!level)
            return dr_fail_memory();
        for (size_t i = 0; i < s->rows; i++)
            level[i] = l->level[s->row[i]];
        category[e] = (dr_category){f->effect[e].label, level, l->count};
    }
    return DR_OK;
}

static dr_status estimate(sampling *s, int threads)
{
    const dr_gravity_options *o = &s->gravity->options;
    const dr_formula *clusters = o->cluster ? &s->gravity->formula[s->gravity->formulas] : NULL;
    dr_category effect[DR_MOST_FACTORS], cluster[DR_MOST_FACTORS];
    const char **names = dr_arena_take(&s->fit->arena, s->fit->variables * sizeof *names);
    const double **values = dr_arena_take(&s->fit->arena, s->fit->variables * sizeof *values);
    if (!names || !values)
        return dr_fail_memory();
    for (size_t k = 0; k < s->fit->variables; k++) {
        names[s->fit->variable[k].at] = s->fit->variable[k].label;
        values[s->fit->variable[k].at] = s->fit->variable[k].value;
    }
    DR_TRY(take_crossings(s, &s->effect, effect, s->formula, o->domestic == DR_DOMESTIC_ONE));
    if (clusters)
        DR_TRY(take_crossings(s, &s->cluster, cluster, clusters, false));
    dr_regression_data data = {.rows = s->rows,
                               .outcome = s->outcome,
                               .weight = s->weight,
                               .regressors = s->fit->variables,
                               .names = names,
                               .regressor = values,
                               .effects = s->formula->effects,
                               .effect = effect,
                               .clusters = clusters ? clusters->effects : 0,
                               .cluster = cluster};
    dr_regression_options options = {.fit = s->formula->logs ? DR_FIT_OLS : DR_FIT_PPML,
                                     .small_sample = (dr_small_sample)o->errors,
                                     .bias_correct = o->bias_correct,
                                     .keep_rows = o->keep_rows,
                                     .threads = threads,
                                     .progress = s->gravity->fits == 1 ? o->progress : NULL,
                                     .user = o->user};
    return dr_regression_fit(&s->fit->regression, &data, &options);
}

static dr_status sample(sampling *s, int threads)
{
    DR_TRY(start_rows(s));
    DR_TRY(take_outcome(s));
    DR_TRY(take_weight(s));
    for (size_t t = 0; t < s->formula->terms; t++)
        DR_TRY(take_term(s, t));
    DR_TRY(drop_rows(s));
    place_variables(s->fit);
    return estimate(s, threads);
}

static void free_crossings(uint32_t **levels, size_t count)
{
    for (size_t e = 0; levels && e < count; e++)
        free(levels[e]);
    free(levels);
}

dr_status dr_fit_estimate(dr_fitted *fit, const dr_gravity *gravity, int threads)
{
    sampling s = {.fit = fit, .gravity = gravity, .panel = &gravity->panel, .formula = fit->formula};
    dr_status status = sample(&s, threads);
    for (size_t k = 0; k < fit->variables; k++) {
        free(fit->variable[k].value);
        fit->variable[k].value = NULL;
    }
    free_crossings(s.effect, s.formula->effects);
    free_crossings(s.cluster, gravity->options.cluster ? gravity->formula[gravity->formulas].effects : 0);
    free(s.outcome);
    free(s.weight);
    if (gravity->options.keep_rows)
        fit->row = s.row;
    else
        free(s.row);
    if (status != DR_OK && !(fit->failure = strdup(dr_error_text())))
        status = dr_fail_memory();
    fit->status = status;
    return status;
}
