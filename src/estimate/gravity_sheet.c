/* Estimates side by side, as economists print them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "base/table.h"
#include "estimate/gravity.h"

/* The cells being laid out: a column of names and one for each fit. */
typedef struct sheet {
    const dr_gravity *g;
    char (*cell)[64]; /* [row, fit] */
    const char **name;
    size_t rows, capacity;
} sheet;

static bool add_line(sheet *s, const char *name)
{
    size_t capacity = s->capacity;
    if (!dr_grow((void **)&s->name, &capacity, s->rows + 1, sizeof *s->name))
        return false;
    capacity = s->capacity * s->g->fits;
    if (!dr_grow((void **)&s->cell, &capacity, (s->rows + 1) * s->g->fits, sizeof *s->cell))
        return false;
    s->capacity = capacity / s->g->fits;
    memset(s->cell + s->rows * s->g->fits, 0, s->g->fits * sizeof *s->cell);
    s->name[s->rows++] = name;
    return true;
}

static size_t find_line(const sheet *s, const char *name)
{
    for (size_t i = 0; i < s->rows; i++)
        if (strcmp(s->name[i], name) == 0)
            return i;
    return s->rows;
}

/* Four decimals, or as many as show two digits of the standard error. */
static int decimals_of(double error)
{
    int needed = error > 0 && isfinite(error) ? 1 - (int)floor(log10(error)) : 4;
    return needed < 4 ? 4 : needed > 12 ? 12 : needed;
}

static void put_estimate(sheet *s, size_t row, size_t column, const dr_estimate_line *e)
{
    char *above = s->cell[row * s->g->fits + column], *below = s->cell[(row + 1) * s->g->fits + column];
    int decimals = decimals_of(e->error);
    if (*e->why) {
        snprintf(above, sizeof *s->cell, "%s", e->why);
        return;
    }
    dr_print_text(above, sizeof *s->cell, "%.*f%s", decimals, e->coefficient, dr_stars(&s->g->style, e->p));
    dr_print_text(below, sizeof *s->cell, "(%.*f)", decimals, e->error);
}

/* A variable has its line where it comes first in any of the formulas; the constant and then functions follow. */
typedef enum lines { VARIABLES, CONSTANT, FUNCTIONS } lines;

static bool put_variables(sheet *s, lines which)
{
    bool functions = which == FUNCTIONS;
    for (size_t f = 0; f < s->g->fits; f++) {
        const dr_fitted *fit = &s->g->fit[f];
        for (size_t i = functions ? fit->variables : 0; i < (functions ? dr_fit_lines(s->g, fit) : fit->variables);
             i++) {
            dr_estimate_line e;
            if (!fit->regression)
                break;
            dr_fit_line(&e, s->g, fit, i);
            bool constant = strcmp(e.label, DR_CONSTANT) == 0;
            if (functions ? *e.why != 0 : constant != (which == CONSTANT))
                continue;
            size_t row = find_line(s, e.label);
            if (row == s->rows && (!add_line(s, e.label) || !add_line(s, " ")))
                return false;
            put_estimate(s, row, f, &e);
        }
    }
    return true;
}

static bool put_effects(sheet *s)
{
    for (size_t f = 0; f < s->g->fits; f++)
        for (size_t e = 0; e < s->g->fit[f].formula->effects; e++) {
            const char *label = s->g->fit[f].formula->effect[e].label;
            size_t row = find_line(s, label);
            if (row == s->rows && !add_line(s, label))
                return false;
            snprintf(s->cell[row * s->g->fits + f], sizeof *s->cell, "yes");
        }
    return true;
}

/* 28482 as 28,482. */
static void put_count(char *cell, size_t size, size_t count)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%zu", count);
    size_t used = 0;
    for (int i = 0; i < length && used + 2 < size; i++) {
        if (i && (length - i) % 3 == 0)
            cell[used++] = ',';
        cell[used++] = digits[i];
    }
    cell[used] = '\0';
}

typedef size_t count_of(const dr_fitted *fit);

static size_t observations(const dr_fitted *fit)
{
    return fit->regression->used;
}

static size_t separated(const dr_fitted *fit)
{
    return fit->regression->separated;
}

static size_t singletons(const dr_fitted *fit)
{
    return fit->regression->singletons;
}

static size_t zeros(const dr_fitted *fit)
{
    return fit->zeros;
}

static size_t missing(const dr_fitted *fit)
{
    return fit->missing;
}

static size_t weightless(const dr_fitted *fit)
{
    return fit->weightless;
}

static bool put_counts(sheet *s)
{
    static const struct {
        const char *name;
        count_of *of;
    } counts[] = {{"observations", observations},
                  {"  separated, left out", separated},
                  {"  singletons, left out", singletons},
                  {"  zero trade, left out", zeros},
                  {"  weight of zero, left out", weightless},
                  {"  missing values, left out", missing}};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        size_t most = 0;
        for (size_t f = 0; f < s->g->fits; f++)
            if (s->g->fit[f].regression && counts[k].of(&s->g->fit[f]) > most)
                most = counts[k].of(&s->g->fit[f]);
        if (most == 0 || !dr_sheet_shows(&s->g->style, counts[k].name))
            continue;
        if (!add_line(s, counts[k].name))
            return false;
        for (size_t f = 0; f < s->g->fits; f++)
            if (s->g->fit[f].regression)
                put_count(s->cell[(s->rows - 1) * s->g->fits + f], sizeof *s->cell, counts[k].of(&s->g->fit[f]));
    }
    return true;
}

static bool put_clusters(sheet *s, dr_arena *texts)
{
    const dr_formula *f = &s->g->formula[s->g->formulas];
    bool shown = s->g->options.cluster && dr_sheet_shows(&s->g->style, "clusters");
    for (size_t k = 0; shown && k < f->effects; k++) {
        const char *name = dr_arena_format(texts, "clusters (%s)", f->effect[k].label);
        if (!name || !add_line(s, name))
            return false;
        for (size_t i = 0; i < s->g->fits; i++)
            if (s->g->fit[i].regression)
                put_count(s->cell[(s->rows - 1) * s->g->fits + i], sizeof *s->cell,
                          s->g->fit[i].regression->cluster_count[k]);
    }
    return true;
}

static bool put_quality(sheet *s)
{
    static const char *const names[] = {"pseudo R2", "R2", "within R2", "log likelihood", "iterations"};
    static const int decimals[] = {4, 4, 4, 1, 0};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        bool any = false;
        if (!dr_sheet_shows(&s->g->style, names[k]))
            continue;
        for (size_t f = 0; f < s->g->fits; f++) {
            const dr_regression *r = s->g->fit[f].regression;
            bool ols = dr_gravity_is_ols(s->g, s->g->fit[f].formula);
            if (!r || (k == 0 ? ols : k < 3 ? !ols : k == 4 && ols))
                continue;
            const double numbers[] = {r->pseudo_r2, r->r2, r->within_r2, r->log_likelihood, r->iterations};
            if (isnan(numbers[k]))
                continue;
            if (!any && !add_line(s, names[k]))
                return false;
            any = true;
            dr_print_text(s->cell[(s->rows - 1) * s->g->fits + f], sizeof *s->cell, "%.*f", decimals[k], numbers[k]);
        }
    }
    return true;
}

static bool put_heads(sheet *s)
{
    if (!add_line(s, "outcome") || !add_line(s, "estimator") || !add_line(s, ""))
        return false;
    for (size_t f = 0; f < s->g->fits; f++) {
        snprintf(s->cell[f], sizeof *s->cell, "%.60s", s->g->fit[f].formula->outcome_label);
        snprintf(s->cell[s->g->fits + f], sizeof *s->cell, "%s", dr_gravity_estimator(s->g, s->g->fit[f].formula));
    }
    return true;
}

/* The part of a cell that stands right of the line on which digits end. */
static size_t hanging(const char *text)
{
    size_t size = strlen(text), part = 0;
    while (part < size && part < DR_MOST_STARS && (text[size - 1 - part] == '*' || text[size - 1 - part] == ')'))
        part++;
    return part;
}

/* Blanks in front of a cell so that the digits of a column end below each other. */
static void align(char *to, size_t size, const char *cell, size_t width)
{
    size_t body = strlen(cell) - hanging(cell);
    snprintf(to, size, "%*s%s", (int)(*cell && body < width ? width - body : 0), "", cell);
}

static size_t width_of(const sheet *s, size_t column, const char *head)
{
    size_t width = strlen(head) - hanging(head);
    for (size_t row = 0; row < s->rows; row++) {
        const char *cell = s->cell[row * s->g->fits + column];
        size_t body = strlen(cell) - hanging(cell);
        width = body > width ? body : width;
    }
    return width;
}

static bool is_blank(const sheet *s, size_t row)
{
    for (size_t f = 0; f < s->g->fits; f++)
        if (*s->cell[row * s->g->fits + f])
            return false;
    return true;
}

static dr_status table_of(dr_table **out, const sheet *s)
{
    size_t fits = s->g->fits;
    dr_column_spec *columns = dr_new(fits + 1, sizeof *columns);
    char(*heads)[400] = dr_new(fits, sizeof *heads), name[300], cell[512];
    size_t *widths = dr_new(fits, sizeof *widths);
    dr_status status = columns && heads && widths ? DR_OK : dr_fail_memory();
    for (size_t f = 0; status == DR_OK && f < fits; f++) {
        dr_fit_name(name, sizeof name, s->g, &s->g->fit[f]);
        widths[f] = width_of(s, f, name);
        align(heads[f], sizeof heads[f], name, widths[f]);
        columns[f + 1] = (dr_column_spec){heads[f], DR_SHOW_TEXT};
    }
    if (status == DR_OK) {
        columns[0] = (dr_column_spec){"", DR_SHOW_TEXT};
        status = dr_table_new(out, columns, fits + 1);
    }
    for (size_t line = 0; status == DR_OK && line < s->rows; line++) {
        bool errors = strcmp(s->name[line], " ") == 0;
        if (errors && is_blank(s, line)) /* of a variable without a coefficient */
            continue;
        size_t row = dr_table_add_row(*out);
        dr_table_set_text(*out, row, 0, errors ? "" : s->name[line]);
        for (size_t f = 0; f < fits; f++) {
            align(cell, sizeof cell, s->cell[line * fits + f], widths[f]);
            dr_table_set_text(*out, row, f + 1, cell);
        }
    }
    free(columns);
    free(heads);
    free(widths);
    return status;
}

dr_status dr_gravity_side_by_side(dr_table **out, const dr_gravity *gravity)
{
    DR_TRY(DR_GIVEN(out, gravity));
    sheet s = {.g = gravity};
    dr_table *table = NULL;
    dr_arena texts = {0};
    char stars[200];
    bool laid = put_heads(&s) && put_variables(&s, VARIABLES) && put_variables(&s, CONSTANT) &&
                put_variables(&s, FUNCTIONS) && add_line(&s, "") && put_effects(&s) && put_counts(&s) &&
                put_clusters(&s, &texts) && put_quality(&s);
    dr_status status = laid ? table_of(&table, &s) : dr_fail_memory();
    if (status == DR_OK) {
        dr_gravity_describe(table, gravity);
        dr_table_keep_rows(table);
        dr_stars_explain(stars, sizeof stars, &gravity->style);
        dr_table_set_unit(table, stars);
    }
    free(s.cell);
    free(s.name);
    dr_arena_free(&texts);
    return status == DR_OK ? dr_table_finish(out, table, dr_gravity_note_tests(table, gravity)) : status;
}
