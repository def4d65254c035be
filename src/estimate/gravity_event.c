/* Event studies: the coefficients of one variable over time, from lags and leads or from an interaction with the year. */
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "estimate/gravity.h"

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

/* The years of the first variable that has them; *by says which. */
static size_t add_years(dr_table *table, const dr_gravity *g, const dr_fitted *fit, const dr_term **by)
{
    for (size_t i = 0; i < fit->variables; i++) {
        dr_estimate_line e;
        const dr_term *term = &fit->formula->term[fit->variable[i].term];
        if (!is_by_year(g, term) || (*by && *by != term))
            continue;
        *by = term;
        dr_fit_line(&e, g, fit, i);
        const char *year = strstr(e.label, "year=");
        if (year && (!*e.why || strcmp(e.why, "reference") == 0)) /* levels come in order */
            add_point(table, strtod(year + strlen("year="), NULL), &e);
    }
    return table->rows;
}

/* Lags, leads and the variable itself, in the order of time. */
static void add_shifts(dr_table *table, const dr_gravity *g, const dr_fitted *fit, const dr_term *first)
{
    enum { MOST = 200 };
    for (int when = -MOST; when <= MOST; when++)
        for (size_t i = 0; i < fit->variables; i++) {
            dr_estimate_line e;
            const dr_term *term = &fit->formula->term[fit->variable[i].term];
            const dr_node *shift = shift_of(term);
            bool here =
                shift ? same_inside(first, term) && -shift->number == when : when == 0 && is_inside(first, term);
            dr_fit_line(&e, g, fit, i);
            if (here && !*e.why)
                add_point(table, when, &e);
        }
}

dr_status dr_gravity_event_study(dr_table **out, const dr_gravity *g)
{
    static const dr_column_spec columns[] = {
        {"when", DR_SHOW_COUNT}, {"coefficient", DR_SHOW_NUMBER}, {"low", DR_SHOW_NUMBER}, {"high", DR_SHOW_NUMBER}};
    const dr_fitted *fit = &g->fit[0];
    const dr_term *term = NULL;
    dr_table *table = NULL;
    if (!fit->regression)
        return dr_fail(DR_BAD_INPUT, "the first formula has no estimate");
    DR_TRY(dr_table_new(&table, columns, 4));
    bool years = add_years(table, g, fit, &term) > 0;
    for (size_t t = 0; !years && !term && t < fit->formula->terms; t++)
        if (shift_of(&fit->formula->term[t]))
            term = &fit->formula->term[t];
    if (!years && term)
        add_shifts(table, g, fit, term);
    if (table->rows > 0 && years)
        dr_table_set_title(table, "%s: coefficient by year, and 95%% interval", term->label);
    else if (table->rows > 0)
        dr_table_set_title(table, "%.*s: coefficient by years since, and 95%% interval",
                           (int)(strrchr(term->label, ',') - strchr(term->label, '(') - 1),
                           strchr(term->label, '(') + 1);
    dr_status status = table->rows > 0
                           ? DR_OK
                           : dr_fail(DR_BAD_INPUT, "the first formula has neither lags or leads nor a variable "
                                                   "by year, such as rta:year, to draw");
    dr_table_set_unit(table, "log points");
    dr_table_add_fact_text(table, "source", g->flows);
    return dr_table_finish(out, table, status);
}
