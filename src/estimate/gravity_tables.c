/* Gravity estimates as tables. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "base/table.h"
#include "estimate/gravity_cohorts.h"
#include "world/groups.h"

/* ---- What every table says --------------------------------------------------------------------------------------- */

/* "(1)", "all rows" of a split, or "C29" or "C29 (1)" where each value of a column is estimated. */
const char *dr_fit_name(char *text, size_t size, const dr_gravity *g, const dr_fitted *fit)
{
    const char *level = g->options.split && fit->level == DR_NO_LEVEL ? "all rows" : dr_fit_level(g, fit);
    if (*level && g->formulas == 1)
        snprintf(text, size, "%s", level);
    else
        snprintf(text, size, "%s%s(%zu)", level, *level ? " " : "", fit->number);
    return text;
}

const char *dr_gravity_errors(char *text, size_t size, const dr_gravity *g)
{
    static const char *const factors[] = {"small-sample factors of Stata's ppmlhdfe and reghdfe",
                                          "small-sample factors of R's fixest", "no small-sample factor",
                                          "corrected for leverage (CR2)", "corrected for leverage (CR3)"};
    if (g->options.errors == DR_ERRORS_CONLEY)
        dr_print_text(text, size, "standard errors correlated within %.0f km of %s (Conley 1999)", g->options.cutoff,
                      g->options.coordinates);
    else if (g->options.cluster)
        snprintf(text, size, "standard errors clustered by %s, %s", g->options.cluster, factors[g->options.errors]);
    else
        snprintf(text, size, "standard errors robust to heteroskedasticity, %s", factors[g->options.errors]);
    return text;
}

static void note_errors(dr_table *table, const dr_gravity *g)
{
    char text[600];
    dr_table_add_note(table, "%s", dr_gravity_errors(text, sizeof text, g));
    if (g->options.bias_correct)
        dr_table_add_note(table,
                          "corrected for the bias of incidental parameters (Weidner & Zylkin 2021): standard errors, "
                          "and of three-way effects coefficients");
}

/* The variables that a fit left out for one reason. */
static void note_left_out(dr_table *table, const dr_gravity *g, const dr_fitted *fit, const char *why,
                          const char *explained)
{
    char names[600] = "", name[300];
    size_t used = 0, lines = dr_fit_lines(g, fit);
    for (size_t i = 0; i < lines && i < fit->variables; i++) {
        dr_estimate_line line;
        dr_fit_line(&line, g, fit, i);
        if (strcmp(line.why, why) == 0 && used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", line.label);
    }
    if (used)
        dr_table_add_note(table, "%s: %s: %s", dr_fit_name(name, sizeof name, g, fit), explained, names);
}

static void note_rows(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300];
    const dr_regression *r = fit->regression;
    if (r->separated)
        dr_table_add_note(
            table,
            "%s: %zu rows are separated: the effects or variables fit their zero trade perfectly, so that "
            "they say nothing and are left out (Correia, Guimaraes & Zylkin 2019)",
            dr_fit_name(name, sizeof name, g, fit), r->separated);
    if (r->singletons)
        dr_table_add_note(table, "%s: %zu rows are alone in a level of an effect and left out",
                          dr_fit_name(name, sizeof name, g, fit), r->singletons);
    if (fit->missing)
        dr_table_add_note(table, "%s: %zu rows lack a value that the formula needs and are left out",
                          dr_fit_name(name, sizeof name, g, fit), fit->missing);
    if (fit->weightless)
        dr_table_add_note(table, "%s: %zu rows have a weight of zero and are left out",
                          dr_fit_name(name, sizeof name, g, fit), fit->weightless);
    if (fit->zeros)
        dr_table_add_note(table, "%s: %zu rows of zero trade have no logarithm and are left out",
                          dr_fit_name(name, sizeof name, g, fit), fit->zeros);
    if (fit->domestic)
        dr_table_add_note(table, "%s: %zu rows of domestic trade are left out", dr_fit_name(name, sizeof name, g, fit),
                          fit->domestic);
}

static void note_clusters(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300];
    const dr_formula *f = &g->formula[g->formulas];
    for (size_t i = 0; g->options.cluster && i < f->effects; i++)
        if (fit->regression->cluster_count[i] < DR_FEW_CLUSTERS)
            dr_table_add_note(table,
                              "%s: %s has %zu clusters only: standard errors that are clustered by few tend to be too "
                              "small, and tests reject too often; --bootstrap or --errors cr2 may do better",
                              dr_fit_name(name, sizeof name, g, fit), f->effect[i].label,
                              fit->regression->cluster_count[i]);
    if (g->options.cluster && isfinite(fit->regression->freedom) && fit->regression->freedom < DR_FEW_CLUSTERS)
        dr_table_add_note(table, "%s: p and intervals are from Student's t with %.0f degrees of freedom",
                          dr_fit_name(name, sizeof name, g, fit), fit->regression->freedom);
    if (fit->regression->repaired)
        dr_table_add_note(table,
                          "%s: the variance by several kinds of cluster was not positive: its negative eigenvalues "
                          "are set to zero (Cameron, Gelbach & Miller 2011)",
                          dr_fit_name(name, sizeof name, g, fit));
    if (fit->regression->approximate)
        dr_table_add_note(table,
                          "%s: the correction for leverage takes the fixed effects as known, since clusters of more "
                          "than 4,000 rows or more than 4,000 levels of effects would take too long: standard errors "
                          "are a little too small",
                          dr_fit_name(name, sizeof name, g, fit));
}

static void note_fit(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300];
    if (!fit->regression) {
        dr_table_add_note(table, "%s: not estimated: %s", dr_fit_name(name, sizeof name, g, fit),
                          fit->failure ? fit->failure : "out of memory");
        return;
    }
    note_left_out(table, g, fit, "reference", "the reference level, with which the others are compared");
    note_left_out(table, g, fit, "collinear", "left out, as the effects and the variables before determine it");
    note_left_out(table, g, fit, "separated", "left out, as only separated rows have it");
    note_rows(table, g, fit);
    note_clusters(table, g, fit);
    dr_gravity_note_instruments(table, g, fit);
}

/* The groups of the formulas that are not whole: each once, whatever names it. */
static void note_groups(dr_table *table, const dr_gravity *g)
{
    for (size_t i = 0; i < g->panel.groups; i++) {
        const dr_flow_panel_group *group = &g->panel.group[i];
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || strcmp(g->panel.group[j].told.name, group->told.name) == 0;
        if (!again)
            dr_group_tell(table, group->told.name, group->told.first, group->told.last, group->told.size,
                          group->told.here);
        if (!again && group->told.size.here < group->told.size.members)
            dr_table_add_note(table, "members of %s without flows are not in the sample", group->told.name);
    }
}

/* The effect of the last years of event(rta, -4, 8), if the formula has it. */
static bool say_event(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300];
    dr_estimate_line e;
    const dr_term *last = NULL;
    for (size_t i = 0; i < fit->variables; i++) {
        const dr_term *term =
            fit->variable[i].term < fit->formula->terms ? &fit->formula->term[fit->variable[i].term] : NULL;
        if (!term || !term->event || (last && last->event != term->event))
            continue;
        last = term;
        dr_fit_line(&e, g, fit, i);
    }
    if (!last)
        return false;
    if (!*e.why && !isnan(e.error))
        dr_table_say(table,
                     "By estimate %s, trade is %#.3g times as large %d years after the treatment begins or later as in "
                     "the year before it (95%% interval: %#.3g to %#.3g).",
                     dr_fit_name(name, sizeof name, g, fit), exp(e.coefficient), last->when, exp(e.low), exp(e.high));
    return true;
}

/* What the first coefficient of a fit means for trade: of a logarithm an elasticity, of others a factor for each unit.
 * */
static void say_fit(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char name[300];
    dr_estimate_line e;
    bool levels = dr_gravity_is_ols(g, fit->formula) && !fit->formula->logs;
    if (!fit->regression || dr_fit_lines(g, fit) == 0 || levels || say_event(table, g, fit))
        return;
    dr_fit_line(&e, g, fit, 0);
    if (*e.why || isnan(e.error) || strcmp(e.label, "constant") == 0)
        return;
    dr_fit_name(name, sizeof name, g, fit);
    if (strncmp(e.label, "log(", 4) == 0)
        dr_table_say(table, "By estimate %s, trade changes by %.3f%% for each 1%% of %s (95%% interval: %.3f to %.3f).",
                     name, e.coefficient, e.label, e.low, e.high);
    else
        dr_table_say(
            table, "By estimate %s, trade is %#.3g times as large for each unit of %s (95%% interval: %#.3g to %#.3g).",
            name, exp(e.coefficient), e.label, exp(e.low), exp(e.high));
}

void dr_gravity_describe(dr_table *table, const dr_gravity *g)
{
    enum { MOST_SENTENCES = 3 };
    double worst = 0;
    const dr_fitted *of = NULL;
    char name[300], text[340];
    dr_table_set_title(table, "Gravity estimates on %s", g->flows);
    note_errors(table, g);
    if (g->options.domestic == DR_DOMESTIC_ONE)
        dr_table_add_note(table, "domestic trade shares one level of pair");
    note_groups(table, g);
    for (size_t i = 0; i < g->fits && i < MOST_SENTENCES; i++)
        (g->cohort ? dr_cohorts_tell : say_fit)(table, g, &g->fit[i]);
    for (size_t i = 0; i < g->fits; i++) {
        note_fit(table, g, &g->fit[i]);
        if (g->fit[i].regression && g->fit[i].regression->residual >= worst) {
            worst = g->fit[i].regression->residual;
            of = &g->fit[i];
        }
    }
    for (size_t i = 0; i < g->options.note_count; i++)
        dr_table_add_note(table, "%s", g->options.notes[i]);
    if (!of)
        return;
    snprintf(text, sizeof text, "the score equations of %s", dr_fit_name(name, sizeof name, g, of));
    dr_table_add_fact(table, "certificate.worst_residual", worst);
    dr_table_add_fact_text(table, "certificate.worst_equation", text);
}

/* ---- Fits -------------------------------------------------------------------------------------------------------- */

static const dr_column_spec of_fits[] = {{"model", DR_SHOW_COUNT},        {"by", DR_SHOW_TEXT},
                                         {"formula", DR_SHOW_TEXT},       {"estimator", DR_SHOW_TEXT},
                                         {"observations", DR_SHOW_COUNT}, {"missing", DR_SHOW_COUNT},
                                         {"zeros", DR_SHOW_COUNT},        {"domestic", DR_SHOW_COUNT},
                                         {"singletons", DR_SHOW_COUNT},   {"separated", DR_SHOW_COUNT},
                                         {"absorbed", DR_SHOW_COUNT},     {"clusters", DR_SHOW_TEXT},
                                         {"pseudo_r2", DR_SHOW_NUMBER},   {"r2", DR_SHOW_NUMBER},
                                         {"within_r2", DR_SHOW_NUMBER},   {"log_likelihood", DR_SHOW_NUMBER},
                                         {"deviance", DR_SHOW_NUMBER},    {"iterations", DR_SHOW_COUNT},
                                         {"residual", DR_SHOW_NUMBER},    {"failure", DR_SHOW_TEXT}};

enum { FIT_COLUMNS = sizeof of_fits / sizeof *of_fits, FIT_OBSERVATIONS = 4, FIT_CLUSTERS = 11, FIT_PSEUDO_R2 = 12 };

const char *dr_fit_clusters(char *text, size_t size, const dr_gravity *g, const dr_fitted *fit)
{
    const dr_formula *f = &g->formula[g->formulas];
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; g->options.cluster && fit->regression && i < f->effects && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s %zu", i ? ", " : "", f->effect[i].label,
                                 fit->regression->cluster_count[i]);
    return text;
}

static void add_fit(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char text[600];
    const dr_regression *r = fit->regression;
    size_t row = dr_table_add_row(table);
    const double rows[] = {(double)fit->missing, (double)fit->zeros, (double)fit->domestic};
    dr_table_set_number(table, row, 0, (double)fit->number);
    dr_table_set_text(table, row, 1, dr_fit_level(g, fit));
    dr_table_set_text(table, row, 2, fit->formula->text);
    dr_table_set_text(table, row, 3, dr_gravity_estimator(g, fit->formula));
    for (size_t i = 0; i < 3; i++)
        dr_table_set_number(table, row, FIT_OBSERVATIONS + 1 + i, rows[i]);
    dr_table_set_text(table, row, FIT_CLUSTERS, dr_fit_clusters(text, sizeof text, g, fit));
    dr_table_set_text(table, row, FIT_COLUMNS - 1, fit->failure ? fit->failure : "");
    if (!r)
        return;
    const double counts[] = {(double)r->singletons, (double)r->separated, (double)r->absorbed};
    const double quality[] = {r->pseudo_r2, r->r2,         r->within_r2, r->log_likelihood,
                              r->deviance,  r->iterations, r->residual};
    dr_table_set_number(table, row, FIT_OBSERVATIONS, (double)r->used);
    for (size_t i = 0; i < 3; i++)
        dr_table_set_number(table, row, FIT_OBSERVATIONS + 4 + i, counts[i]);
    for (size_t i = 0; i < sizeof quality / sizeof *quality; i++)
        dr_table_set_number(table, row, FIT_PSEUDO_R2 + i, quality[i]);
}

dr_status dr_gravity_fits(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, of_fits, FIT_COLUMNS));
    dr_gravity_describe(table, gravity);
    for (size_t i = 0; i < gravity->fits; i++)
        add_fit(table, gravity, &gravity->fit[i]);
    return dr_table_finish(out, table, DR_OK);
}

/* The statistics of the fits, as facts model_1.observations, ... */
static dr_status add_fit_facts(dr_table *table, const dr_gravity *g)
{
    dr_table *fits = NULL;
    if (g->panel.by >= 0)
        return DR_OK;
    DR_TRY(dr_gravity_fits(&fits, g));
    for (size_t row = 0; row < fits->rows; row++)
        for (size_t c = 2; c < FIT_COLUMNS - 1; c++) {
            char name[80];
            snprintf(name, sizeof name, "model_%zu.%s", row + 1, of_fits[c].name);
            if (of_fits[c].show == DR_SHOW_TEXT)
                dr_table_add_fact_text(table, name, dr_table_text(fits, row, c));
            else if (!isnan(dr_table_number(fits, row, c)))
                dr_table_add_fact(table, name, dr_table_number(fits, row, c));
        }
    dr_table_free(fits);
    return DR_OK;
}

/* ---- Coefficients ------------------------------------------------------------------------------------------------ */

static const dr_column_spec of_coefficients[] = {{"model", DR_SHOW_COUNT},
                                                 {"by", DR_SHOW_TEXT},
                                                 {"variable", DR_SHOW_TEXT},
                                                 {"coefficient", DR_SHOW_NUMBER},
                                                 {"standard_error", DR_SHOW_NUMBER},
                                                 {"z", DR_SHOW_NUMBER},
                                                 {"p", DR_SHOW_NUMBER},
                                                 {"low", DR_SHOW_NUMBER},
                                                 {"high", DR_SHOW_NUMBER},
                                                 {"uncorrected", DR_SHOW_NUMBER},
                                                 {"left_out", DR_SHOW_TEXT}};

enum { COEFFICIENT_COLUMNS = sizeof of_coefficients / sizeof *of_coefficients };

static void add_coefficient(dr_table *table, const dr_gravity *g, const dr_fitted *fit, size_t line)
{
    dr_estimate_line e;
    dr_fit_line(&e, g, fit, line);
    size_t row = dr_table_add_row(table);
    const double numbers[] = {e.coefficient, e.error, e.z, e.p, e.low, e.high, e.uncorrected};
    dr_table_set_number(table, row, 0, (double)fit->number);
    dr_table_set_text(table, row, 1, dr_fit_level(g, fit));
    dr_table_set_text(table, row, 2, e.label);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        dr_table_set_number(table, row, 3 + i, numbers[i]);
    dr_table_set_text(table, row, COEFFICIENT_COLUMNS - 1, e.why);
}

dr_status dr_gravity_coefficients(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, of_coefficients, COEFFICIENT_COLUMNS));
    dr_gravity_describe(table, gravity);
    dr_table_keep_rows(table);
    for (size_t i = 0; i < gravity->fits; i++)
        for (size_t line = 0; line < dr_fit_lines(gravity, &gravity->fit[i]); line++)
            add_coefficient(table, gravity, &gravity->fit[i], line);
    dr_status status = dr_gravity_note_tests(table, gravity);
    return dr_table_finish(out, table, status == DR_OK ? add_fit_facts(table, gravity) : status);
}

/* ---- Covariances ------------------------------------------------------------------------------------------------- */

static void add_covariances(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    const dr_regression *r = fit->regression;
    for (size_t k = 0; r && k < fit->variables * fit->variables; k++) {
        const dr_variable *a = &fit->variable[k / fit->variables], *b = &fit->variable[k % fit->variables];
        if (r->left_out[a->at] != DR_KEPT || r->left_out[b->at] != DR_KEPT)
            continue;
        size_t row = dr_table_add_row(table);
        dr_table_set_number(table, row, 0, (double)fit->number);
        dr_table_set_text(table, row, 1, dr_fit_level(g, fit));
        dr_table_set_text(table, row, 2, a->label);
        dr_table_set_text(table, row, 3, b->label);
        dr_table_set_number(table, row, 4, r->variance[a->at * r->regressors + b->at]);
        dr_table_set_number(table, row, 5, isinf(r->freedom) ? NAN : r->freedom);
    }
}

dr_status dr_gravity_covariance(dr_table **out, const dr_gravity *gravity)
{
    static const dr_column_spec columns[] = {{"model", DR_SHOW_COUNT},       {"by", DR_SHOW_TEXT},
                                             {"variable", DR_SHOW_TEXT},     {"with", DR_SHOW_TEXT},
                                             {"covariance", DR_SHOW_NUMBER}, {"freedom", DR_SHOW_COUNT}};
    DR_TRY(DR_GIVEN(out, gravity));
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_gravity_describe(table, gravity);
    for (size_t i = 0; i < gravity->fits; i++)
        add_covariances(table, gravity, &gravity->fit[i]);
    return dr_table_finish(out, table, DR_OK);
}
