/* A gravity estimate in general equilibrium: trade costs as estimated, with and without one variable, for
 * dr_structural_gravity. The cost of a pair, t^(1 - sigma), is the exponential of its effect and of what the
 * variables add. Pairs that never trade have no effect; a second regression, of costs on what `costs` names and on
 * exporter and importer, says what they would have (Anderson, Larch & Yotov 2018). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/table.h"
#include "estimate/gravity.h"

typedef struct setting {
    const dr_gravity *g;
    const dr_equilibrium_options *o;
    const dr_fitted *fit;
    int year; /* the base; 0: the flows have no year */
    dr_names countries;
    bool *among; /* [country] */
    size_t r;
    uint32_t *row; /* [i, n] of the panel in the base year, + 1 */
    double *pair;  /* [i, n] exp(effect of the pair), NAN where it has none */
    double *output, *expenditure, *cost, *counterfactual;
    size_t predicted, never; /* pairs without an effect: with a cost all the same, and without */
} setting;

static void free_setting(setting *s)
{
    dr_names_free(&s->countries);
    free(s->among);
    free(s->row);
    free(s->pair);
    free(s->output);
    free(s->expenditure);
    free(s->cost);
    free(s->counterfactual);
}

static const char *code_of(const setting *s, int field, size_t row)
{
    uint32_t level = s->g->panel.field[field].level[row];
    return level == DR_NO_LEVEL ? "" : s->g->panel.field[field].levels.names[level];
}

/* " in 2011"; nothing where flows have no year. */
enum { WHEN = 32 };
static const char *in_year(char when[WHEN], const setting *s)
{
    *when = '\0';
    if (s->year)
        snprintf(when, WHEN, " in %d", s->year);
    return when;
}

/* The base year: the one asked for, else the one there is. */
static dr_status find_year(setting *s)
{
    const dr_flow_panel *p = &s->g->panel;
    double first = INFINITY, last = -INFINITY;
    s->year = s->o->year;
    for (size_t row = 0; p->year >= 0 && row < p->rows; row++) {
        first = fmin(first, p->field[p->year].number[row]);
        last = fmax(last, p->field[p->year].number[row]);
    }
    if (s->year || first > last)
        return DR_OK;
    s->year = (int)first;
    if (first == last)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: the flows cover %.0f to %.0f: choose the base year (--base %.0f)", s->g->flows,
                   first, last, last);
}

static bool in_base(const setting *s, size_t row)
{
    const dr_flow_panel *p = &s->g->panel;
    return (p->year < 0 || p->field[p->year].number[row] == s->year) && *code_of(s, p->exporter, row) &&
           *code_of(s, p->importer, row);
}

static dr_status find_countries(setting *s)
{
    const dr_flow_panel *p = &s->g->panel;
    for (size_t row = 0; row < p->rows; row++)
        if (in_base(s, row) && (dr_names_add(&s->countries, code_of(s, p->exporter, row)) < 0 ||
                                dr_names_add(&s->countries, code_of(s, p->importer, row)) < 0))
            return dr_fail_memory();
    s->r = s->countries.count;
    if (s->r < 2)
        return s->year ? dr_fail(DR_BAD_INPUT, "%s: no flows of the base year %d", s->g->flows, s->year)
                       : dr_fail(DR_BAD_INPUT, "%s: no flows between two countries", s->g->flows);
    s->among = dr_new(s->r, sizeof *s->among);
    s->row = dr_new(s->r * s->r, sizeof *s->row);
    s->pair = dr_new_doubles(s->r * s->r);
    s->output = dr_new_doubles(s->r);
    s->expenditure = dr_new_doubles(s->r);
    s->cost = dr_new_doubles(s->r * s->r);
    s->counterfactual = dr_new_doubles(s->r * s->r);
    return s->among && s->row && s->pair && s->output && s->expenditure && s->cost && s->counterfactual
               ? DR_OK
               : dr_fail_memory();
}

/* Marks those between which the variable is taken away; all without a list. */
static dr_status mark_among(setting *s)
{
    char hint[DR_HINT_SIZE], name[64], when[WHEN];
    for (size_t i = 0; i < s->r; i++)
        s->among[i] = !s->o->among;
    for (const char *at = s->o->among; at && *at;) {
        size_t size = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)(size < 63 ? size : 63), at);
        int country = dr_names_find(&s->countries, name);
        if (country < 0)
            return dr_fail(DR_BAD_INPUT, "'%s' has no flows%s%s", name, in_year(when, s),
                           dr_hint(hint, name, (const char *const *)s->countries.names, s->r));
        s->among[country] = true;
        at += size + (at[size] == ',');
    }
    return DR_OK;
}

static dr_status take_flows(setting *s)
{
    const dr_flow_panel *p = &s->g->panel;
    char place[256];
    for (size_t row = 0; row < p->rows; row++) {
        if (!in_base(s, row))
            continue;
        size_t i = (size_t)dr_names_find(&s->countries, code_of(s, p->exporter, row));
        size_t n = (size_t)dr_names_find(&s->countries, code_of(s, p->importer, row));
        double trade = dr_flow_panel_value(p, s->fit->formula->outcome, row);
        if (s->row[i * s->r + n])
            return dr_fail(DR_BAD_INPUT, "%s: appears twice", dr_flow_panel_place(place, sizeof place, p, row));
        s->row[i * s->r + n] = (uint32_t)(row + 1);
        if (isfinite(trade)) {
            s->output[i] += trade;
            s->expenditure[n] += trade;
        }
    }
    return DR_OK;
}

/* The effect that is of pairs alone; -1 if the formula has none. */
static int pair_effect(const dr_formula *f)
{
    for (size_t e = 0; e < f->effects; e++)
        if (!f->effect[e].slope && f->effect[e].names == 1 &&
            (f->effect[e].bound[0] == DR_BOUND_PAIR || f->effect[e].bound[0] == DR_BOUND_DIRECTED))
            return (int)e;
    return -1;
}

static void take_pairs(setting *s)
{
    int e = pair_effect(s->fit->formula);
    const dr_flow_levels *l =
        e < 0 ? NULL : dr_gravity_levels(s->g, &s->fit->formula->effect[e], s->g->options.domestic == DR_DOMESTIC_ONE);
    for (size_t c = 0; c < s->r * s->r; c++)
        s->pair[c] = !s->row[c] ? NAN : !l ? 1 : exp(s->fit->regression->effect[e][l->level[s->row[c] - 1]]);
    double scale = 0; /* costs matter up to a factor: the largest is 1 */
    for (size_t c = 0; c < s->r * s->r; c++)
        scale = s->pair[c] > scale ? s->pair[c] : scale;
    for (size_t c = 0; c < s->r * s->r; c++)
        s->pair[c] /= scale;
}

/* ---- Pairs that never trade -------------------------------------------------------------------------------------- */

typedef struct second {
    size_t rows;
    double *outcome, **x;
    uint32_t *exporter, *importer;
} second;

static void free_second(second *q, size_t terms)
{
    for (size_t k = 0; q->x && k < terms; k++)
        free(q->x[k]);
    free(q->x);
    free(q->outcome);
    free(q->exporter);
    free(q->importer);
}

static dr_status second_rows(second *q, const setting *s, const dr_formula *f)
{
    size_t most = s->r * s->r;
    q->x = dr_new(f->terms, sizeof *q->x);
    q->outcome = dr_new_doubles(most);
    q->exporter = dr_new(most, sizeof *q->exporter);
    q->importer = dr_new(most, sizeof *q->importer);
    bool enough = q->x && q->outcome && q->exporter && q->importer;
    for (size_t k = 0; enough && k < f->terms; k++)
        enough = (q->x[k] = dr_new_doubles(most)) != NULL;
    for (size_t c = 0; enough && c < most; c++) {
        if (c / s->r == c % s->r || isnan(s->pair[c]))
            continue;
        for (size_t k = 0; k < f->terms; k++)
            q->x[k][q->rows] = dr_term_value(&s->g->panel, &f->term[k], s->row[c] - 1);
        q->exporter[q->rows] = (uint32_t)(c / s->r);
        q->importer[q->rows] = (uint32_t)(c % s->r);
        q->outcome[q->rows++] = s->pair[c];
    }
    return enough ? DR_OK : dr_fail_memory();
}

static void predict(setting *s, const dr_formula *f, const dr_regression *r)
{
    for (size_t c = 0; c < s->r * s->r; c++) {
        if (!s->row[c] || !isnan(s->pair[c]))
            continue;
        double sum = r->effect[0][c / s->r] + r->effect[1][c % s->r];
        for (size_t k = 0; k < f->terms; k++)
            sum += r->left_out[k] == DR_KEPT
                       ? r->coefficient[k] * dr_term_value(&s->g->panel, &f->term[k], s->row[c] - 1)
                       : 0;
        s->pair[c] = exp(sum);
        s->predicted += isfinite(s->pair[c]) ? 1 : 0;
    }
}

static dr_status predict_pairs(setting *s)
{
    const dr_formula *f = s->g->costs;
    second q = {0};
    dr_regression *r = NULL;
    if (!f)
        return DR_OK;
    const char **names = dr_new(f->terms, sizeof *names);
    dr_status status = names ? second_rows(&q, s, f) : dr_fail_memory();
    for (size_t k = 0; names && k < f->terms; k++)
        names[k] = f->term[k].label;
    const dr_category effect[] = {{.name = "exporter", .level = q.exporter, .levels = s->r},
                                  {.name = "importer", .level = q.importer, .levels = s->r}};
    const dr_regression_data data = {.rows = q.rows,
                                     .outcome = q.outcome,
                                     .regressors = f->terms,
                                     .names = names,
                                     .regressor = (const double *const *)q.x,
                                     .effects = 2,
                                     .effect = effect};
    const dr_regression_options options = {.keep_rows = true};
    if (status == DR_OK && (status = dr_regression_fit(&r, &data, &options)) != DR_OK)
        status = dr_fail_at(status, "costs of pairs that never trade");
    if (status == DR_OK)
        predict(s, f, r);
    dr_regression_free(r);
    free_second(&q, f->terms);
    free(names);
    return status;
}

/* ---- With and without -------------------------------------------------------------------------------------------- */

static dr_status find_without(const setting *s, size_t *out)
{
    char hint[DR_HINT_SIZE];
    const char *names[64];
    size_t count = 0;
    for (*out = 0; *out < s->fit->variables; ++*out) {
        if (strcmp(s->fit->variable[*out].label, s->o->without) == 0)
            break;
        if (count < 64)
            names[count++] = s->fit->variable[*out].label;
    }
    if (*out == s->fit->variables)
        return dr_fail(DR_BAD_INPUT, "the formula has no variable '%s'%s", s->o->without,
                       dr_hint(hint, s->o->without, names, count));
    if (s->fit->regression->left_out[s->fit->variable[*out].at] != DR_KEPT)
        return dr_fail(DR_BAD_INPUT, "'%s' has no coefficient", s->o->without);
    return DR_OK;
}

static dr_status fill_costs(setting *s, size_t without)
{
    char when[WHEN];
    const dr_regression *r = s->fit->regression;
    for (size_t c = 0; c < s->r * s->r; c++) {
        double all = 0, part = 0;
        if (!s->row[c] || isnan(s->pair[c])) {
            s->cost[c] = s->counterfactual[c] = 0;
            s->never++;
            continue;
        }
        for (size_t k = 0; k < s->fit->variables; k++) {
            const dr_variable *v = &s->fit->variable[k];
            if (r->left_out[v->at] != DR_KEPT)
                continue;
            double effect =
                r->coefficient[v->at] * dr_term_value(&s->g->panel, &s->fit->formula->term[v->term], s->row[c] - 1);
            all += effect;
            part += k == without ? effect : 0;
        }
        if (!isfinite(all))
            return dr_fail(DR_BAD_INPUT, "%s to %s: a variable has no value%s", s->countries.names[c / s->r],
                           s->countries.names[c % s->r], in_year(when, s));
        s->cost[c] = s->pair[c] * exp(all);
        s->counterfactual[c] = s->among[c / s->r] && s->among[c % s->r] ? s->pair[c] * exp(all - part) : s->cost[c];
    }
    return DR_OK;
}

static dr_status solve(dr_table **out, setting *s)
{
    const dr_structural_data data = {.regions = s->r,
                                     .codes = (const char *const *)s->countries.names,
                                     .output = s->output,
                                     .expenditure = s->expenditure,
                                     .cost = s->cost,
                                     .counterfactual = s->counterfactual,
                                     .sigma = s->o->sigma,
                                     .reference = s->o->reference};
    dr_table *table = NULL;
    char base[32] = "";
    DR_TRY(dr_structural_gravity(&table, &data));
    if (s->year)
        snprintf(base, sizeof base, ", base %d", s->year);
    dr_table_set_title(table, "Without %s%s%s: general equilibrium of structural gravity%s, sigma %g", s->o->without,
                       s->o->among ? " among " : "", s->o->among ? s->o->among : "", base, s->o->sigma);
    dr_table_add_fact_text(table, "flows", s->g->flows);
    dr_table_add_fact_text(table, "formula", s->fit->formula->text);
    if (s->predicted)
        dr_table_add_note(table, "pairs that never trade, whose cost is predicted from %s: %zu", s->g->options.costs,
                          s->predicted);
    if (s->never)
        dr_table_add_note(table, "pairs without a cost, which do not trade: %zu of %zu", s->never, s->r * s->r);
    return dr_table_finish(out, table, DR_OK);
}

static dr_status run(dr_table **out, setting *s)
{
    size_t without = 0;
    DR_TRY(find_without(s, &without));
    DR_TRY(find_year(s));
    DR_TRY(find_countries(s));
    DR_TRY(mark_among(s));
    DR_TRY(take_flows(s));
    take_pairs(s);
    DR_TRY(predict_pairs(s));
    DR_TRY(fill_costs(s, without));
    return solve(out, s);
}

static dr_status check(const dr_gravity *g)
{
    const dr_formula *f = g->fit[0].formula;
    if (g->fits != 1 || !g->fit[0].regression)
        return dr_fail(DR_USAGE, "the equilibrium needs exactly one formula, but there are %zu", g->fits);
    if (!g->options.keep_rows || dr_gravity_is_ols(g, f) || !f->effects || f->instruments > 0)
        return dr_fail(DR_USAGE, "the equilibrium needs a PPML estimate with effects of exporters and importers, and "
                                 "without instruments");
    if (g->panel.exporter < 0 || g->panel.importer < 0)
        return dr_fail(DR_BAD_INPUT, "the equilibrium needs the exporter and importer of each flow");
    for (size_t t = 0; t < f->terms; t++)
        for (size_t k = 0; k < f->term[t].factors; k++)
            if (f->term[t].factor[k]->category)
                return dr_fail(DR_BAD_INPUT,
                               "the equilibrium cannot use a variable with a coefficient for each level, such as %s",
                               f->term[t].label);
    return DR_OK;
}

dr_status dr_gravity_equilibrium(dr_table **out, const dr_gravity *gravity, const dr_equilibrium_options *options)
{
    DR_TRY(DR_GIVEN(out, gravity, options));
    dr_equilibrium_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_GIVEN(options->without));
    setting s = {.g = gravity, .o = options, .fit = &gravity->fit[0]};
    DR_TRY(check(gravity));
    dr_status status = run(out, &s);
    free_setting(&s);
    return status;
}
