/* Estimated fixed effects by level, and predictions by row. */
#include <math.h>
#include <string.h>

#include "base/check.h"
#include "base/table.h"
#include "estimate/gravity.h"

static dr_status check_kept(const dr_gravity *g)
{
    if (g->options.keep_rows)
        return DR_OK;
    return dr_fail(DR_USAGE, "effects and predictions were not kept by these estimates");
}

static void add_effects(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    bool one = g->options.domestic == DR_DOMESTIC_ONE;
    char name[512];
    for (size_t e = 0; e < fit->formula->effects; e++) {
        const dr_crossing *c = &fit->formula->effect[e];
        const dr_flow_levels *l = dr_gravity_levels(g, c, one);
        for (size_t level = 0; level < l->count; level++) {
            double value = fit->regression->effect[e][level];
            if (isnan(value))
                continue;
            size_t row = dr_table_add_row(table);
            dr_table_set_number(table, row, 0, (double)fit->number);
            dr_table_set_text(table, row, 1, dr_fit_level(g, fit));
            dr_table_set_text(table, row, 2, c->label);
            dr_table_set_text(table, row, 3,
                              dr_flow_panel_level_name(name, sizeof name, &g->panel, c, l->first[level], one));
            dr_table_set_number(table, row, 4, value);
        }
    }
}

dr_status dr_gravity_effects(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    static const dr_column_spec columns[] = {{"model", DR_SHOW_COUNT},
                                             {"by", DR_SHOW_TEXT},
                                             {"effect", DR_SHOW_TEXT},
                                             {"level", DR_SHOW_TEXT},
                                             {"value", DR_SHOW_NUMBER}};
    dr_table *table = NULL;
    DR_TRY(check_kept(gravity));
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_table_set_title(table, "Effects of gravity estimates on %s", gravity->flows);
    for (size_t i = 0; i < gravity->fits; i++)
        if (gravity->fit[i].regression)
            add_effects(table, gravity, &gravity->fit[i]);
    return dr_table_finish(out, table, DR_OK);
}

static const char *text_of(const dr_flow_panel *p, int field, size_t row)
{
    uint32_t level = field >= 0 ? p->field[field].level[row] : DR_NO_LEVEL;
    return level == DR_NO_LEVEL ? "" : p->field[field].levels.names[level];
}

/* A row's prediction; NAN where there is none. */
typedef struct predicted {
    size_t row; /* of the panel */
    double value, error;
    unsigned char state;
} predicted;

static predicted prediction(const dr_fitted *fit, size_t i)
{
    if (fit->all_row)
        return (predicted){fit->all_row[i], fit->predicted[i], fit->predicted_error[i], fit->state[i]};
    return (predicted){fit->row[i], fit->regression->fitted[i], NAN, fit->regression->row_out[i]};
}

static void add_predictions(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    static const char *const why[] = {"", "", "separated", "singleton", "missing"};
    const dr_flow_panel *p = &g->panel;
    for (size_t i = 0; i < (fit->all_row ? fit->all : fit->rows); i++) {
        predicted here = prediction(fit, i);
        size_t at = here.row, row = dr_table_add_row(table);
        double outcome = dr_flow_panel_value(p, fit->formula->outcome, at);
        outcome = fit->formula->logs ? log(outcome) : outcome;
        dr_table_set_number(table, row, 0, (double)fit->number);
        dr_table_set_text(table, row, 1, dr_fit_level(g, fit));
        dr_table_set_text(table, row, 2, text_of(p, p->exporter, at));
        dr_table_set_text(table, row, 3, text_of(p, p->importer, at));
        dr_table_set_number(table, row, 4, p->year >= 0 ? p->field[p->year].number[at] : NAN);
        dr_table_set_number(table, row, 5, isfinite(outcome) ? outcome : NAN);
        dr_table_set_number(table, row, 6, here.value);
        dr_table_set_number(table, row, 7, here.error);
        dr_table_set_text(table, row, 8, why[here.state]);
    }
}

dr_status dr_gravity_predictions(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    static const dr_column_spec columns[] = {{"model", DR_SHOW_COUNT},   {"by", DR_SHOW_TEXT},
                                             {"exporter", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT},
                                             {"year", DR_SHOW_COUNT},    {"outcome", DR_SHOW_NUMBER},
                                             {"fitted", DR_SHOW_NUMBER}, {"standard_error", DR_SHOW_NUMBER},
                                             {"left_out", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    DR_TRY(check_kept(gravity));
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_table_set_title(table, "Predictions of gravity estimates on %s", gravity->flows);
    for (size_t i = 0; i < gravity->fits; i++)
        if (gravity->fit[i].regression)
            add_predictions(table, gravity, &gravity->fit[i]);
    return dr_table_finish(out, table, DR_OK);
}
