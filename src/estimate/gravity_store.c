/* Estimates kept in a world, and shown again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/names.h"
#include "base/sql.h"
#include "estimate/gravity_joint.h"
#include "world/estimates.h"
#include "world/products.h"
#include "world/world.h"
#include "world/world_sql.h"

/* ---- Kept -------------------------------------------------------------------------------------------------------- */

/* Adds the coefficients of a fit, with effects by cohort their average; by sector with the sector in front. */
static dr_status add_coefficients(dr_table *table, const dr_gravity *g, const dr_fitted *fit)
{
    char label[600];
    for (size_t i = 0; i < dr_stored_lines(g, fit); i++) {
        dr_estimate_line line;
        DR_TRY(dr_stored_line(&line, g, fit, i));
        if (*line.why)
            continue;
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, dr_stored_label(label, g, fit, line.label));
        dr_table_set_number(table, row, 1, line.coefficient);
        dr_table_set_number(table, row, 2, line.error);
        dr_table_set_number(table, row, 3, (double)fit->regression->used);
        dr_table_set_text(table, row, 4, g->formula[0].text);
        dr_table_set_text(table, row, 5, g->flows);
    }
    return DR_OK;
}

static dr_status coefficients_of(dr_table **out, const dr_gravity *g)
{
    static const dr_column_spec columns[] = {{"variable", DR_SHOW_TEXT},         {"coefficient", DR_SHOW_NUMBER},
                                             {"standard_error", DR_SHOW_NUMBER}, {"observations", DR_SHOW_COUNT},
                                             {"formula", DR_SHOW_TEXT},          {"flows", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    dr_status status = DR_OK;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    for (size_t i = 0; i < g->fits && status == DR_OK; i++)
        status = add_coefficients(table, g, &g->fit[i]);
    if (status == DR_OK && table->rows == 0)
        status = dr_fail(DR_BAD_INPUT, "no coefficient to store");
    return dr_table_finish(out, table, status);
}

static dr_status fits_of(dr_table **out, const dr_gravity *g)
{
    static const dr_column_spec columns[] = {{"level", DR_SHOW_TEXT},       {"estimator", DR_SHOW_TEXT},
                                             {"errors", DR_SHOW_TEXT},      {"observations", DR_SHOW_COUNT},
                                             {"clusters", DR_SHOW_TEXT},    {"freedom", DR_SHOW_NUMBER},
                                             {"pseudo_r2", DR_SHOW_NUMBER}, {"log_likelihood", DR_SHOW_NUMBER}};
    char text[600];
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    for (size_t i = 0; i < g->fits; i++) {
        const dr_fitted *fit = &g->fit[i];
        const dr_regression *r = fit->regression;
        if (!r)
            continue;
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, dr_fit_level(g, fit));
        dr_table_set_text(table, row, 1, dr_gravity_estimator(g, fit->formula));
        dr_table_set_text(table, row, 2, dr_gravity_errors(text, sizeof text, g));
        dr_table_set_number(table, row, 3, (double)r->used);
        dr_table_set_text(table, row, 4, dr_fit_clusters(text, sizeof text, g, fit));
        dr_table_set_number(table, row, 5, isinf(r->freedom) ? NAN : r->freedom);
        dr_table_set_number(table, row, 6, r->pseudo_r2);
        dr_table_set_number(table, row, 7, r->log_likelihood);
    }
    return dr_table_finish(out, table, DR_OK);
}

dr_status dr_gravity_store(const dr_gravity *gravity, const char *path, const char *name)
{
    DR_TRY(DR_GIVEN(gravity, path, name));
    dr_table *coefficients = NULL, *fits = NULL, *covariances = NULL;
    if (gravity->formulas != 1)
        return dr_fail(DR_USAGE, "only the estimate of one formula can be stored, but there are %zu",
                       gravity->formulas);
    if (dr_gravity_is_ols(gravity, gravity->fit[0].formula) && !gravity->fit[0].formula->logs)
        return dr_fail(DR_USAGE, "an estimate of levels cannot be stored: scenarios use changes of log(trade)");
    dr_status status = coefficients_of(&coefficients, gravity);
    if (status == DR_OK)
        status = fits_of(&fits, gravity);
    if (status == DR_OK && gravity->options.joint)
        status = dr_gravity_joint(&covariances, gravity);
    if (status == DR_OK)
        status = dr_stored_write(DR_STORED_ESTIMATES, path, name, coefficients, fits, covariances);
    dr_table_free(coefficients);
    dr_table_free(fits);
    dr_table_free(covariances);
    return status;
}

/* ---- Shown again ------------------------------------------------------------------------------------------------- */

/* A fit as it is stored; `by` "" of all rows. */
typedef struct stored_fit {
    const char *by, *estimator, *errors, *clusters;
    double observations, freedom, pseudo_r2, log_likelihood;
} stored_fit;

typedef struct replay {
    const dr_duck *duck;
    const char *name;
    stored_fit *fit;
    size_t fits;
    dr_arena texts;
} replay;

static dr_status no_estimate(const replay *r)
{
    dr_cursor cursor;
    dr_names names = {0};
    char hint[DR_HINT_SIZE];
    bool there = false, more = false;
    DR_TRY(dr_products_table(r->duck, "estimate", &there));
    dr_status status = there ? dr_sql_open(&cursor, r->duck, dr_world_sql.estimates.names, NULL) : DR_OK;
    while (there && status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *name = dr_cursor_text(&cursor, 0, &((replay *)r)->texts);
        status = name && dr_names_add(&names, name) >= 0 ? DR_OK : dr_fail_memory();
    }
    if (there)
        dr_cursor_close(&cursor);
    if (status == DR_OK) {
        dr_hint(hint, r->name, (const char *const *)names.names, names.count);
        status = dr_fail(DR_BAD_INPUT, "the world has no estimate '%s'%s", r->name,
                         *hint ? hint : "; 'derisk gravity --store' stores one");
    }
    dr_names_free(&names);
    return status;
}

static dr_status read_fits(replay *r)
{
    dr_cursor cursor;
    size_t capacity = 0;
    bool there = false, more = false;
    DR_TRY(dr_products_table(r->duck, "estimate_fit", &there));
    if (!there) /* stored by a version before */
        return DR_OK;
    DR_TRY(dr_sql_open(&cursor, r->duck, dr_world_sql.estimates.fits, DR_VALUES(dr_sql_text("name", r->name))));
    dr_status status = DR_OK;
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        if (!dr_grow((void **)&r->fit, &capacity, r->fits + 1, sizeof *r->fit)) {
            status = dr_fail_memory();
            break;
        }
        r->fit[r->fits++] = (stored_fit){.by = dr_cursor_text(&cursor, 0, &r->texts),
                                         .estimator = dr_cursor_text(&cursor, 1, &r->texts),
                                         .errors = dr_cursor_text(&cursor, 2, &r->texts),
                                         .observations = dr_cursor_number(&cursor, 3),
                                         .clusters = dr_cursor_text(&cursor, 4, &r->texts),
                                         .freedom = dr_cursor_number(&cursor, 5),
                                         .pseudo_r2 = dr_cursor_number(&cursor, 6),
                                         .log_likelihood = dr_cursor_number(&cursor, 7)};
        const stored_fit *f = &r->fit[r->fits - 1];
        if (!f->by || !f->estimator || !f->errors || !f->clusters)
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    return status;
}

/* The fit of a stored label, and where its variable begins. */
static const stored_fit *fit_of(const replay *r, const char *label, const char **variable)
{
    *variable = label;
    for (size_t i = 0; i < r->fits; i++) {
        size_t size = strlen(r->fit[i].by);
        if (size > 0 && strncmp(label, r->fit[i].by, size) == 0 && strncmp(label + size, ": ", 2) == 0) {
            *variable = label + size + 2;
            return &r->fit[i];
        }
    }
    for (size_t i = 0; i < r->fits; i++)
        if (!*r->fit[i].by)
            return &r->fit[i];
    return NULL;
}

static void add_replayed(dr_table *table, const replay *r, const char *label, double b, double error, double rows)
{
    const char *variable = NULL;
    const stored_fit *fit = fit_of(r, label, &variable);
    double freedom = fit && !isnan(fit->freedom) ? fit->freedom : INFINITY, reach = dr_critical(0.05, freedom) * error;
    const double numbers[] = {b, error, b / error, dr_two_sided(b / error, freedom), b - reach, b + reach, rows};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, fit ? fit->by : "");
    dr_table_set_text(table, row, 1, variable);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        dr_table_set_number(table, row, 2 + k, numbers[k]);
}

static dr_status read_coefficients(dr_table *table, replay *r)
{
    dr_cursor cursor;
    bool there = false, more = false;
    DR_TRY(dr_products_table(r->duck, "estimate", &there));
    if (!there)
        return no_estimate(r);
    DR_TRY(dr_sql_open(&cursor, r->duck, dr_world_sql.estimates.coefficients, DR_VALUES(dr_sql_text("name", r->name))));
    dr_status status = DR_OK;
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *label = dr_cursor_text(&cursor, 0, &r->texts), *formula = dr_cursor_text(&cursor, 4, &r->texts),
                   *flows = dr_cursor_text(&cursor, 5, &r->texts);
        if (!label || !formula || !flows) {
            status = dr_fail_memory();
            break;
        }
        if (table->rows == 0) {
            dr_table_set_title(table, "Gravity estimate '%s' on %s", r->name, flows);
            dr_table_add_note(table, "formula: %s", formula);
        }
        add_replayed(table, r, label, dr_cursor_number(&cursor, 1), dr_cursor_number(&cursor, 2),
                     dr_cursor_number(&cursor, 3));
    }
    dr_cursor_close(&cursor);
    return status == DR_OK && table->rows == 0 ? no_estimate(r) : status;
}

/* The estimator and the errors are the same for all fits; figures are those of one. */
static void describe(dr_table *table, const replay *r)
{
    if (r->fits == 0)
        return;
    const stored_fit *f = &r->fit[0];
    dr_table_add_note(table, "%s, %s%s%s", f->estimator, f->errors, *f->clusters ? ": " : "", f->clusters);
    if (r->fits > 1)
        return;
    dr_table_add_fact(table, "observations", f->observations);
    if (!isnan(f->pseudo_r2))
        dr_table_add_fact(table, "pseudo_r2", f->pseudo_r2);
    dr_table_add_fact(table, "log_likelihood", f->log_likelihood);
}

static dr_status make_replay(dr_table **out, dr_world *world, const char *name)
{
    static const dr_column_spec columns[] = {{"by", DR_SHOW_TEXT},
                                             {"variable", DR_SHOW_TEXT},
                                             {"coefficient", DR_SHOW_NUMBER},
                                             {"standard_error", DR_SHOW_NUMBER},
                                             {"z", DR_SHOW_NUMBER},
                                             {"p", DR_SHOW_NUMBER},
                                             {"low", DR_SHOW_NUMBER},
                                             {"high", DR_SHOW_NUMBER},
                                             {"observations", DR_SHOW_COUNT}};
    dr_table *table = NULL;
    replay r = {.duck = &world->duck, .name = name};
    dr_status status = dr_table_new(&table, columns, sizeof columns / sizeof *columns);
    if (status == DR_OK)
        status = read_fits(&r);
    if (status == DR_OK)
        status = read_coefficients(table, &r);
    if (status == DR_OK) {
        describe(table, &r);
        dr_table_keep_rows(table);
    }
    free(r.fit);
    dr_arena_free(&r.texts);
    if (table)
        return dr_table_finish(out, table, status);
    return status;
}

dr_status dr_gravity_replay(dr_table **out, const char *path, const char *name)
{
    DR_TRY(DR_GIVEN(out, path, name));
    dr_world *world = NULL;
    DR_TRY(dr_world_open(&world, path));
    dr_status status = make_replay(out, world, name);
    dr_world_close(world);
    return status;
}
