/* Event studies: the coefficients of one variable over time, from years since entry, lags and leads or an interaction
 * with the year. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "base/table.h"
#include "estimate/gravity_cohorts.h"

/* Whether a term is a variable with the category `year`, and no other. */
static bool is_by_year(const dr_gravity *g, const dr_term *term)
{
    bool year = false;
    for (size_t k = 0; k < term->factors; k++)
        if (term->factor[k]->category) {
            if (year || term->factor[k]->bound != g->panel.year)
                return false;
            year = true;
        }
    return year;
}

static const dr_node *shift_of(const dr_term *term)
{
    return term->factors == 1 && term->factor[0]->kind == DR_NODE_SHIFT ? term->factor[0] : NULL;
}

/* Whether the term is what a lag or lead of is taken: "rta" in "lag(rta, 4)". */
static bool is_inside(const dr_term *shift, const dr_term *term)
{
    const char *open = strchr(shift->label, '('), *comma = strrchr(shift->label, ',');
    size_t size = strlen(term->label);
    return open && comma && (size_t)(comma - open - 1) == size && strncmp(open + 1, term->label, size) == 0;
}

static bool same_inside(const dr_term *a, const dr_term *b)
{
    const char *open = strchr(a->label, '('), *comma = strrchr(a->label, ',');
    const char *other = strchr(b->label, '('), *end = strrchr(b->label, ',');
    return comma - open == end - other && strncmp(open, other, (size_t)(comma - open)) == 0;
}

static void add_point(dr_table *table, double when, const dr_estimate_line *e)
{
    bool reference = strcmp(e->why, "reference") == 0;
    size_t row = dr_table_add_row(table);
    const double numbers[] = {when, reference ? 0 : e->coefficient, reference ? 0 : e->low, reference ? 0 : e->high};
    for (size_t i = 0; i < 4; i++)
        dr_table_set_number(table, row, i, numbers[i]);
}

static const dr_term *term_of(const dr_fitted *fit, size_t variable)
{
    return &fit->formula->term[fit->variable[variable].term];
}

/* The first variable by year; NULL if there is none. */
static const dr_term *find_by_year(const dr_gravity *g, const dr_fitted *fit)
{
    for (size_t i = 0; i < fit->variables; i++)
        if (is_by_year(g, term_of(fit, i)))
            return term_of(fit, i);
    return NULL;
}

/* The first lag or lead; NULL if there is none. */
static const dr_term *find_shift(const dr_fitted *fit)
{
    for (size_t i = 0; i < fit->variables; i++)
        if (shift_of(term_of(fit, i)))
            return term_of(fit, i);
    return NULL;
}

static void add_years(dr_table *table, const dr_gravity *g, const dr_fitted *fit, const dr_term *by)
{
    for (size_t i = 0; i < fit->variables; i++) {
        dr_estimate_line e;
        if (term_of(fit, i) != by)
            continue;
        dr_fit_line(&e, g, fit, i);
        const char *year = strstr(e.label, "year=");
        if (year && (!*e.why || strcmp(e.why, "reference") == 0)) /* levels come in order */
            add_point(table, dr_number_read(year + strlen("year="), NULL), &e);
    }
}

/* The first variable of event(...); NULL if there is none. */
static const dr_term *find_event(const dr_fitted *fit)
{
    for (size_t i = 0; i < fit->variables; i++)
        if (term_of(fit, i)->event)
            return term_of(fit, i);
    return NULL;
}

/* Years since entry, with the last before it, with which the others are compared. */
static void add_events(dr_table *table, const dr_gravity *g, const dr_fitted *fit, const dr_term *first)
{
    const dr_estimate_line reference = {.why = "reference"};
    bool shown = false;
    for (size_t i = 0; i < fit->variables; i++) {
        dr_estimate_line e;
        const dr_term *term = term_of(fit, i);
        if (term->event != first->event)
            continue;
        if (term->when >= 0 && !shown)
            add_point(table, -1, &reference);
        shown = shown || term->when >= 0;
        dr_fit_line(&e, g, fit, i);
        if (!*e.why)
            add_point(table, term->when, &e);
    }
}

/* Lags, leads and the variable itself, in the order of time. */
static void add_shifts(dr_table *table, const dr_gravity *g, const dr_fitted *fit, const dr_term *first)
{
    enum { MOST = 200 };
    for (int when = -MOST; when <= MOST; when++)
        for (size_t i = 0; i < fit->variables; i++) {
            dr_estimate_line e;
            const dr_term *term = term_of(fit, i);
            const dr_node *shift = shift_of(term);
            bool here =
                shift ? same_inside(first, term) && -shift->number == when : when == 0 && is_inside(first, term);
            dr_fit_line(&e, g, fit, i);
            if (here && !*e.why)
                add_point(table, when, &e);
        }
}

static const dr_column_spec points[] = {
    {"when", DR_SHOW_COUNT}, {"coefficient", DR_SHOW_NUMBER}, {"low", DR_SHOW_NUMBER}, {"high", DR_SHOW_NUMBER}};

/* By years since entry. */
static dr_status cohort_study(dr_table **out, const dr_gravity *g)
{
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, points, 4));
    dr_table_set_title(table, "%s: effect by years since, and 95%% interval", g->cohort->term[0].label);
    dr_table_set_unit(table, "log points");
    dr_table_add_fact_text(table, "source", g->flows);
    return dr_table_finish(out, table, dr_cohorts_event(table, &g->fit[0]));
}

dr_status dr_gravity_event_study(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    const dr_fitted *fit = &gravity->fit[0];
    dr_table *table = NULL;
    if (!fit->regression)
        return dr_fail(DR_BAD_INPUT, "the first formula has no estimate");
    if (gravity->cohort)
        return cohort_study(out, gravity);
    const dr_term *by = find_by_year(gravity, fit), *shift = find_shift(fit), *event = find_event(fit);
    if (!by && !shift && !event)
        return dr_fail(DR_BAD_INPUT,
                       "the first formula has neither event(...), lags or leads nor a variable by year, such as "
                       "rta:year, to draw");
    DR_TRY(dr_table_new(&table, points, 4));
    if (event) {
        const char *open = strchr(event->label, '('), *comma = strrchr(event->label, ',');
        add_events(table, gravity, fit, event);
        dr_table_set_title(table, "%.*s: effect by years since, and 95%% interval", (int)(comma - open - 1), open + 1);
    } else if (by) {
        add_years(table, gravity, fit, by);
        dr_table_set_title(table, "%s: coefficient by year, and 95%% interval", by->label);
    } else {
        const char *open = strchr(shift->label, '('), *comma = strrchr(shift->label, ',');
        add_shifts(table, gravity, fit, shift);
        dr_table_set_title(table, "%.*s: coefficient by years since, and 95%% interval", (int)(comma - open - 1),
                           open + 1);
    }
    dr_table_set_unit(table, "log points");
    dr_table_add_fact_text(table, "source", gravity->flows);
    return dr_table_finish(out, table, DR_OK);
}
