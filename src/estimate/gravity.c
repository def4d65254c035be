/* dr_gravity: formulas on a panel, each for every level of `by`. */
#include "estimate/gravity.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/parallel.h"
#include "estimate/gravity_cohorts.h"
#include "estimate/gravity_joint.h"

enum { MOST_OTHERS = 4 }; /* formulas beside those that are estimated */

/* ---- Formulas ---------------------------------------------------------------------------------------------------- */

/* Which formula is wrong, where there are several. */
static dr_status at_formula(const dr_gravity *g, dr_status status, size_t number)
{
    char where[32];
    snprintf(where, sizeof where, "(%zu)", number);
    return g->formulas > 1 ? dr_fail_at(status, where) : status;
}

/* The texts of all formulas: one that has steps or several outcomes stands for several. */
static dr_status list_formulas(dr_gravity *g, char ***text, size_t *count)
{
    size_t most = 0;
    char ***steps = dr_arena_take(&g->arena, g->options.formula_count * sizeof *steps);
    size_t *counts = dr_arena_take(&g->arena, g->options.formula_count * sizeof *counts);
    if (!steps || !counts)
        return dr_fail_memory();
    g->formulas = g->options.formula_count;
    for (size_t i = 0; i < g->options.formula_count; i++) {
        dr_status status = dr_formula_steps(&steps[i], &counts[i], g->options.formulas[i], &g->arena);
        if (status != DR_OK)
            return at_formula(g, status, i + 1);
        most += counts[i];
    }
    g->formulas = 0;
    if (!(*text = dr_arena_take(&g->arena, most * sizeof **text)))
        return dr_fail_memory();
    for (size_t i = 0; i < g->options.formula_count; i++)
        for (size_t k = 0; k < counts[i]; k++)
            (*text)[(*count)++] = steps[i][k];
    return DR_OK;
}

/* One of the formulas beside those that are estimated. */
static dr_status parse_other(dr_gravity *g, dr_formula **out, const char *text)
{
    if (!text)
        return DR_OK;
    *out = &g->formula[g->formulas + g->others++];
    return dr_formula_parse_terms(*out, text);
}

/* One treatment, and covariates that every formula has. */
static dr_status check_cohorts(dr_gravity *g)
{
    if (g->cohort->terms != 1 || g->cohort->term[0].factors != 1)
        return dr_formula_fail(g->cohort, 0, "expected one variable: the year of entry, 0 for never, or a treatment");
    for (size_t i = 0; i < g->formulas; i++)
        for (size_t k = 0; g->covariates && k < g->covariates->terms; k++)
            DR_TRY(dr_formula_add(&g->formula[i], &g->covariates->term[k]));
    return DR_OK;
}

static dr_status parse_formulas(dr_gravity *g)
{
    const dr_gravity_options *o = &g->options;
    char **text = NULL;
    size_t count = 0;
    if (o->formula_count == 0)
        return dr_fail(DR_USAGE, "expected a formula, such as \"trade ~ rta | exporter^year + importer^year + pair\"");
    DR_TRY(list_formulas(g, &text, &count));
    g->formula = dr_new(count + MOST_OTHERS, sizeof *g->formula);
    g->function = dr_new(o->function_count + 1, sizeof *g->function);
    g->test = dr_new(o->test_count + 1, sizeof *g->test);
    if (!g->formula || !g->function || !g->test)
        return dr_fail_memory();
    g->formulas = count;
    for (size_t i = 0; i < count; i++) {
        dr_status status = dr_formula_parse(&g->formula[i], text[i]);
        if (status != DR_OK)
            return at_formula(g, status, i + 1);
    }
    for (size_t i = 0; i < o->function_count; i++)
        DR_TRY(dr_formula_parse_equations(&g->function[i], o->functions[i], false));
    for (size_t i = 0; i < o->test_count; i++)
        DR_TRY(dr_formula_parse_equations(&g->test[i], o->tests[i], true));
    if (o->cluster)
        DR_TRY(dr_formula_parse_crossings(&g->formula[g->formulas], o->cluster));
    g->others = o->cluster ? 1 : 0;
    DR_TRY(parse_other(g, &g->costs, o->costs));
    DR_TRY(parse_other(g, &g->cohort, o->cohorts));
    DR_TRY(parse_other(g, &g->covariates, o->covariates));
    return o->cohorts ? check_cohorts(g) : DR_OK;
}

/* ---- The panel --------------------------------------------------------------------------------------------------- */

static int field_of(const dr_gravity *g, const char *name)
{
    for (size_t i = 0; name && i < g->panel.fields; i++)
        if (strcmp(g->panel.field[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The columns of "latitude, longitude", for errors that are correlated by distance. */
static dr_status read_coordinates(dr_gravity *g, const char *name[2])
{
    const char *text = g->options.coordinates;
    if (g->options.errors != DR_ERRORS_CONLEY)
        return text ? dr_fail(DR_USAGE, "coordinates are for Conley errors (--errors conley)") : DR_OK;
    if (!text || !(g->options.cutoff > 0))
        return dr_fail(DR_USAGE,
                       "Conley errors need the columns of latitude and longitude (--coordinates \"lat, lon\") "
                       "and a distance in kilometres (--cutoff 1000)");
    const char *comma = strchr(text, ',');
    if (!comma || strchr(comma + 1, ','))
        return dr_fail(DR_USAGE, "--coordinates: '%s'; expected two columns, \"latitude, longitude\"", text);
    for (size_t i = 0; i < 2; i++) {
        const char *from = i == 0 ? text : comma + 1, *to = i == 0 ? comma : text + strlen(text);
        while (from < to && *from == ' ')
            from++;
        while (from < to && to[-1] == ' ')
            to--;
        name[i] = dr_arena_format(&g->arena, "%.*s", (int)(to - from), from);
        if (!name[i])
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status read_panel(dr_gravity *g, const char *const *files, size_t count)
{
    const dr_gravity_options *o = &g->options;
    const char *numbers[4] = {NULL}, *place[2] = {NULL};
    size_t count_numbers = 0;
    DR_TRY(read_coordinates(g, place));
    for (size_t i = 0; i < 3; i++) {
        const char *name = i == 0 ? o->weights : place[i - 1];
        if (name)
            numbers[count_numbers++] = name;
    }
    dr_flow_panel_request request = {.files = files,
                                     .file_count = count,
                                     .world = o->world,
                                     .exporter = o->exporter,
                                     .importer = o->importer,
                                     .year = o->year,
                                     .where = o->where,
                                     .by = o->by ? o->by : o->split,
                                     .join = o->join,
                                     .on = o->on,
                                     .fill_zeros = o->fill_zeros,
                                     .numbers = numbers,
                                     .formulas = g->formula,
                                     .formula_count = g->formulas + g->others};
    if (o->progress)
        o->progress("reading flows", 0, 1, o->user);
    DR_TRY(dr_flow_panel_read(&g->panel, &request));
    g->weight = field_of(g, o->weights);
    for (size_t i = 0; i < 2; i++)
        g->place[i] = field_of(g, place[i]);
    if (o->domestic != DR_DOMESTIC_OWN && (g->panel.exporter < 0 || g->panel.importer < 0))
        return dr_fail(DR_BAD_INPUT,
                       "%s: domestic flows are those with the same exporter and importer: name these columns "
                       "with --exporter and --importer",
                       files[0]);
    return DR_OK;
}

const dr_flow_levels *dr_gravity_levels(const dr_gravity *g, const dr_crossing *crossing, bool one_domestic)
{
    for (size_t i = 0; i < g->shared_count; i++)
        if (g->shared[i].one_domestic == one_domestic && strcmp(g->shared[i].label, crossing->label) == 0)
            return &g->shared[i].levels;
    return NULL;
}

static dr_status share_levels(dr_gravity *g, const dr_formula *f, bool one_domestic)
{
    for (size_t e = 0; e < f->effects; e++) {
        size_t capacity = g->shared_count;
        if (dr_gravity_levels(g, &f->effect[e], one_domestic))
            continue;
        if (!dr_grow((void **)&g->shared, &capacity, g->shared_count + 1, sizeof *g->shared))
            return dr_fail_memory();
        dr_shared_levels *s = &g->shared[g->shared_count++];
        *s = (dr_shared_levels){.label = f->effect[e].label, .one_domestic = one_domestic};
        DR_TRY(dr_flow_panel_cross(&s->levels, &g->panel, &f->effect[e], one_domestic));
    }
    return DR_OK;
}

/* The reference of i(year, rta, ref = 1990) is a level that the flows have. */
static dr_status check_references(const dr_gravity *g)
{
    for (size_t i = 0; i < g->formulas; i++)
        for (size_t t = 0; t < g->formula[i].terms; t++) {
            char hint[DR_HINT_SIZE];
            const dr_term *term = &g->formula[i].term[t];
            int bound = term->reference ? term->referred->bound : -1;
            if (bound < 0)
                continue;
            const dr_names *levels = &g->panel.field[bound].levels;
            if (dr_names_find(levels, term->reference) < 0)
                return dr_formula_fail(
                    &g->formula[i], term->reference_at, "the flows have no %s '%s'%s", term->referred->name,
                    term->reference, dr_hint(hint, term->reference, (const char *const *)levels->names, levels->count));
        }
    return DR_OK;
}

static dr_status share_all_levels(dr_gravity *g)
{
    for (size_t i = 0; i < g->formulas; i++)
        DR_TRY(share_levels(g, &g->formula[i], g->options.domestic == DR_DOMESTIC_ONE));
    return g->options.cluster ? share_levels(g, &g->formula[g->formulas], false) : DR_OK;
}

/* ---- Estimates --------------------------------------------------------------------------------------------------- */

/* The rows of each level of `by`, so that no fit looks at those of others. */
static dr_status sort_rows(dr_gravity *g, size_t levels)
{
    const dr_flow_panel *p = &g->panel;
    if (p->by < 0)
        return DR_OK;
    const uint32_t *level = p->field[p->by].level;
    g->level_row = dr_new(p->rows + 1, sizeof *g->level_row);
    g->level_start = dr_new(levels + 2, sizeof *g->level_start);
    if (!g->level_row || !g->level_start)
        return dr_fail_memory();
    for (size_t row = 0; row < p->rows; row++)
        if (level[row] != DR_NO_LEVEL)
            g->level_start[level[row] + 2]++;
    for (size_t i = 2; i < levels + 2; i++)
        g->level_start[i] += g->level_start[i - 1];
    for (size_t row = 0; row < p->rows; row++) /* moves each start to its end, where the next begins */
        if (level[row] != DR_NO_LEVEL)
            g->level_row[g->level_start[level[row] + 1]++] = (uint32_t)row;
    return DR_OK;
}

static dr_status list_fits(dr_gravity *g)
{
    size_t levels = g->panel.by >= 0 ? g->panel.field[g->panel.by].levels.count : 0;
    DR_TRY(sort_rows(g, levels));
    g->fit = dr_new((levels + 1) * g->formulas, sizeof *g->fit);
    if (!g->fit)
        return dr_fail_memory();
    for (size_t i = 0; i < g->formulas && !g->options.by; i++)
        g->fit[g->fits++] = (dr_fitted){.formula = &g->formula[i], .number = i + 1, .level = DR_NO_LEVEL};
    for (size_t level = 0; level < levels; level++)
        for (size_t i = 0; i < g->formulas && g->level_start[level] < g->level_start[level + 1]; i++)
            g->fit[g->fits++] = (dr_fitted){.formula = &g->formula[i], .number = i + 1, .level = (uint32_t)level};
    return DR_OK;
}

/* One by one with all threads where there are few, else each with one thread. */
typedef struct estimating {
    dr_gravity *gravity;
    atomic_size_t done;
} estimating;

static dr_status estimate_one(void *work, size_t i, size_t thread)
{
    estimating *w = work;
    dr_gravity *g = w->gravity;
    const dr_gravity_options *o = &g->options;
    if (dr_fit_estimate(&g->fit[i], g, o->threads) == DR_CANCELLED)
        return DR_CANCELLED; /* else the fit keeps how it ended */
    size_t done = atomic_fetch_add(&w->done, 1) + 1;
    if (o->progress && thread == 0 && g->fits > 1)
        o->progress("estimating", done, g->fits, o->user);
    return DR_OK;
}

static dr_status estimate_all(dr_gravity *g)
{
    estimating work = {.gravity = g};
    return dr_parallel(g->fits, g->panel.by >= 0 ? g->options.threads : 1, estimate_one, &work);
}

/* A sector without an estimate does not spoil the others; without any, the first failure is the answer. */
static dr_status first_failure(const dr_gravity *g)
{
    bool any = false;
    for (size_t i = 0; i < g->fits; i++)
        any = any || g->fit[i].status == DR_OK;
    for (size_t i = 0; i < g->fits; i++) {
        const dr_fitted *f = &g->fit[i];
        if (f->status == DR_OK || (any && g->panel.by >= 0 && f->status != DR_MACHINE))
            continue;
        dr_status status = dr_fail(f->status, "%s", f->failure ? f->failure : "out of memory");
        if (*dr_fit_level(g, f))
            status = dr_fail_at(status, dr_fit_level(g, f));
        return at_formula(g, status, f->number);
    }
    return DR_OK;
}

/* Functions and hypotheses are of variables that some formula has. */
static dr_status check_variables(const dr_gravity *g, const dr_formula *f)
{
    enum { MOST_NAMES = 256 };
    const char *names[MOST_NAMES];
    char hint[DR_HINT_SIZE];
    size_t count = 0;
    const dr_node *unknown = NULL;
    for (size_t t = 0; t < f->terms && !unknown; t++)
        for (size_t k = 0; k < f->term[t].factors && !unknown; k++)
            unknown = dr_coefficients_unknown(g, f->term[t].factor[k]);
    if (!unknown)
        return DR_OK;
    for (size_t i = 0; i < g->fits; i++)
        for (size_t k = 0; k < g->fit[i].variables && count < MOST_NAMES; k++)
            names[count++] = g->fit[i].variable[k].label;
    return dr_formula_fail(f, unknown->at, "no formula has the variable '%s'%s", unknown->label,
                           dr_hint(hint, unknown->label, names, count));
}

static dr_status check_functions(const dr_gravity *g)
{
    for (size_t i = 0; i < g->options.function_count; i++)
        DR_TRY(check_variables(g, &g->function[i]));
    for (size_t i = 0; i < g->options.test_count; i++)
        DR_TRY(check_variables(g, &g->test[i]));
    return dr_gravity_check_tests(g);
}

static dr_status name_flows(dr_gravity *g, const char *const *files, size_t count)
{
    const char *slash = strrchr(files[0], '/'), *name = slash ? slash + 1 : files[0];
    g->flows =
        count > 1 ? dr_arena_format(&g->arena, "%s and %zu more", name, count - 1) : dr_arena_text(&g->arena, name);
    return g->flows ? DR_OK : dr_fail_memory();
}

static dr_status run(dr_gravity *g, const char *const *files, size_t count)
{
    DR_TRY(dr_sheet_style_read(&g->style, &g->options));
    DR_TRY(parse_formulas(g));
    if (count == 0)
        return dr_fail(DR_USAGE, "no file of flows is given");
    DR_TRY(name_flows(g, files, count));
    DR_TRY(read_panel(g, files, count));
    DR_TRY(check_references(g));
    DR_TRY(g->cohort ? dr_cohorts_enter(g) : DR_OK);
    DR_TRY(share_all_levels(g));
    DR_TRY(list_fits(g));
    DR_TRY(estimate_all(g));
    DR_TRY(first_failure(g));
    return check_functions(g);
}

static dr_status check_options(const char *function, const dr_gravity_options *options)
{
    DR_TRY(DR_TEXTS(function, options->formulas, options->formula_count));
    DR_TRY(DR_TEXTS(function, options->functions, options->function_count));
    DR_TRY(DR_TEXTS(function, options->tests, options->test_count));
    DR_TRY(DR_TEXTS(function, options->notes, options->note_count));
    DR_TRY(DR_ONE_OF(function, options->domestic, DR_DOMESTIC_DROP));
    DR_TRY(DR_ONE_OF(function, options->controls, DR_CONTROLS_NEVER));
    DR_TRY(DR_ONE_OF(function, options->errors, DR_ERRORS_CONLEY));
    DR_TRY(DR_ONE_OF(function, options->bootstrap, DR_BOOTSTRAP_RANDOMISE));
    DR_TRY(DR_ONE_OF(function, options->iv, DR_IV_MULTIPLICATIVE));
    DR_TRY(DR_ONE_OF(function, options->multiplier, DR_MULTIPLIER_GAMMA));
    DR_TRY(DR_WITHIN(function, options->replications, 0, DR_MOST_REPLICATIONS));
    if (options->by && options->split)
        return dr_fail(DR_USAGE, "%s: 'by' and 'split' exclude each other", function);
    return DR_WITHIN(function, options->threads, 0, INT_MAX);
}

dr_status dr_gravity_new(dr_gravity **out, const char *const *files, size_t count, const dr_gravity_options *options)
{
    DR_TRY(DR_GIVEN(out, options));
    dr_gravity_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_TEXTS(__func__, files, count));
    DR_TRY(check_options(__func__, options));
    dr_gravity *g = dr_new(1, sizeof *g);
    if (!g)
        return dr_fail_memory();
    g->options = *options;
    g->options.replications = options->replications > 0 ? options->replications : 999;
    g->options.seed = options->seed > 0 ? options->seed : 1;
    dr_status status = run(g, files, count);
    g->panel.files = NULL; /* the caller's */
    if (status == DR_OK)
        *out = g;
    else
        dr_gravity_free(g);
    return status;
}

static void free_fit(dr_fitted *fit)
{
    dr_regression_free(fit->regression);
    dr_cohorts_free(fit->cohorts);
    dr_joint_free(fit->joint);
    free(fit->variable);
    free(fit->gradient);
    free(fit->failure);
    free(fit->row);
    free(fit->all_row);
    free(fit->predicted);
    free(fit->predicted_error);
    free(fit->state);
    dr_arena_free(&fit->arena);
}

void dr_gravity_free(dr_gravity *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->fits; i++)
        free_fit(&g->fit[i]);
    free(g->fit);
    for (size_t i = 0; g->formula && i < g->formulas + MOST_OTHERS; i++)
        dr_formula_free(&g->formula[i]);
    for (size_t i = 0; g->function && i < g->options.function_count; i++)
        dr_formula_free(&g->function[i]);
    for (size_t i = 0; g->test && i < g->options.test_count; i++)
        dr_formula_free(&g->test[i]);
    for (size_t i = 0; i < g->shared_count; i++)
        dr_flow_levels_free(&g->shared[i].levels);
    free(g->entry);
    free(g->level_row);
    free(g->level_start);
    free(g->formula);
    free(g->function);
    free(g->test);
    free(g->shared);
    dr_flow_panel_free(&g->panel);
    dr_arena_free(&g->arena);
    free(g);
}
