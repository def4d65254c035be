/* Uncertainty bands by Monte Carlo: the same scenario solved for many draws of the trade elasticities and, optionally,
 * of the shares of the base. Every draw is a full solve with its certificate, from the random numbers of its own stream
 * (base/random.h), so that nothing depends on the number of threads. */
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/table.h"
#include "equilibrium/new_model.h"
#include "equilibrium/solve.h"
#include "model/elasticity.h"
#include "result/bands.h"
#include "result/result.h"

enum { MOST_DRAWS = 1000000000 };

typedef struct run {
    const dr_model *model;
    const dr_scenario *scenario;
    const dr_draw_options *options;
    dr_table *point;      /* the regions at the estimates */
    size_t rows, figures; /* of it: figures of each row */
    double *error;        /* [estimate] standard error as a part of the estimate; 0: not drawn */
    size_t drawn;         /* estimates that are */
    size_t effects;       /* of the scenario that are */
    dr_bands *bands;      /* the result wanted: bands, or */
    double *all;          /* [draw, row, figure] */
    char **why;           /* [draw] why it failed, or NULL; with `all` */
    size_t thetas;        /* columns of trade elasticities: one for each sector, or for all together; with `all` */
    double *theta;        /* [draw, column] */
    size_t failed, done;
    dr_failure failure;   /* of the first draw that failed */
    dr_certificate worst; /* of all draws */
    size_t worst_draw;
    double sweeps, seconds;
    struct worker *workers; /* [thread] */
    pthread_mutex_t lock;   /* of what all draws add to */
} run;

/* The working memory of a thread. */
typedef struct worker {
    bool ready;
    double *value, *theta, *figures;
    dr_effect *effects; /* of the scenario, drawn; NULL: it has none */
    dr_certificate certificate;
} worker;

static void run_free(run *d)
{
    for (size_t i = 0; d->why && i < d->options->draws; i++)
        free(d->why[i]);
    free(d->why);
    free(d->all);
    free(d->theta);
    dr_bands_free(d->bands);
    dr_table_free(d->point);
    free(d->error);
}

static dr_status worker_new(worker *w, const run *d)
{
    *w = (worker){.value = dr_new(d->model->estimates.count, sizeof *w->value),
                  .theta = dr_new(d->model->sectors, sizeof *w->theta),
                  .figures = dr_new(d->rows * d->figures, sizeof *w->figures)};
    size_t effects = d->scenario ? d->scenario->effect_count : 0;
    w->effects = effects ? dr_new(effects, sizeof *w->effects) : NULL;
    w->ready = w->value && w->theta && w->figures && (w->effects || !effects);
    return w->ready ? DR_OK : dr_fail_memory();
}

static void worker_free(worker *w)
{
    free(w->value);
    free(w->theta);
    free(w->figures);
    free(w->effects);
}

/* ---- One draw ---------------------------------------------------------------------------------------------------- */

typedef struct disturbance {
    dr_random *random;
    double error;
} disturbance;

/* Multiplies a cell by a factor of its own; zeros stay. */
static double disturb(double *cell, disturbance *by)
{
    if (*cell > 0)
        *cell *= dr_random_factor(by->random, by->error);
    return *cell;
}

/* Import shares of n in s; total spending stays the same. */
static void disturb_imports(dr_model *m, size_t n, size_t s, disturbance *by)
{
    dr_base *b = &m->base;
    double before = 0, after = 0;
    for (size_t i = 0; i < m->regions; i++) {
        size_t flow = (n * m->regions + i) * m->sectors + s;
        double taxed = b->tariff ? 1 + b->tariff[flow] : 1;
        before += b->flow[flow] * taxed;
        after += disturb(&b->flow[flow], by) * taxed;
    }
    for (size_t i = 0; i < m->regions && after > 0; i++)
        b->flow[(n * m->regions + i) * m->sectors + s] *= before / after;
}

/* Shares in the cost of sector s of n; total cost stays the same. */
static void disturb_cost(dr_model *m, size_t n, size_t s, disturbance *by)
{
    double *value_added = &m->base.value_added[n * m->sectors + s], before = *value_added;
    double after = disturb(value_added, by);
    for (size_t k = 0; k < m->sectors; k++) {
        double *input = &m->base.input[(n * m->sectors + k) * m->sectors + s];
        before += *input;
        after += disturb(input, by);
    }
    *value_added *= after > 0 ? before / after : 1;
    for (size_t k = 0; k < m->sectors && after > 0; k++)
        m->base.input[(n * m->sectors + k) * m->sectors + s] *= before / after;
}

/* Shares in final demand, likewise. */
static void disturb_final(dr_model *m, size_t n, disturbance *by)
{
    double *final = m->base.final + n * m->sectors, before = 0, after = 0;
    for (size_t k = 0; k < m->sectors; k++) {
        before += final[k];
        after += disturb(&final[k], by);
    }
    for (size_t k = 0; k < m->sectors && after > 0; k++)
        final[k] *= before / after;
}

static void disturb_shares(dr_model *m, void *by)
{
    for (size_t n = 0; n < m->regions; n++) {
        for (size_t s = 0; s < m->sectors; s++) {
            disturb_imports(m, n, s, by);
            disturb_cost(m, n, s, by);
        }
        disturb_final(m, n, by);
    }
}

/* Solves a model and keeps the figures of its regions. */
static dr_status solve_model(const run *d, worker *w, const dr_model *model)
{
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    dr_scenario scenario = d->scenario ? *d->scenario : (dr_scenario){0};
    if (w->effects)
        scenario.effects = w->effects;
    dr_status status = dr_model_certified(&solution, model, d->scenario ? &scenario : NULL);
    if (status == DR_OK) {
        w->certificate = solution->certificate;
        status = dr_solution_regions(&table, solution);
    }
    for (size_t row = 0; row < d->rows && status == DR_OK; row++)
        for (size_t f = 0; f < d->figures; f++)
            w->figures[row * d->figures + f] = dr_table_number(table, row, f + 1);
    dr_table_free(table);
    dr_solution_free(solution);
    return status;
}

/* Draws the estimates of the scenario from normal distributions. */
static void draw_effects(const run *d, worker *w, dr_random *random)
{
    for (size_t i = 0; w->effects && i < d->scenario->effect_count; i++) {
        w->effects[i] = d->scenario->effects[i];
        w->effects[i].coefficient += w->effects[i].error * dr_random_normal(random);
    }
}

/* One draw. The base is shared with the model where it does not depend on the draw. */
static dr_status solve_draw(const run *d, worker *w, size_t draw)
{
    const dr_estimates *e = &d->model->estimates;
    dr_random random = dr_random_stream(d->options->seed, draw);
    for (size_t i = 0; i < e->count; i++)
        w->value[i] = e->value[i] * dr_random_factor(&random, d->error[i]);
    dr_estimates_theta(e, d->model->sectors, w->value, w->theta);
    draw_effects(d, w, &random);
    if (d->options->share_error == 0 && !d->model->solved_base) {
        dr_model model = *d->model;
        model.theta = w->theta;
        return solve_model(d, w, &model);
    }
    dr_model *model = NULL;
    disturbance by = {&random, d->options->share_error};
    DR_TRY(dr_model_again(&model, d->model, w->theta, by.error > 0 ? disturb_shares : NULL, &by));
    dr_status status = solve_model(d, w, model);
    dr_model_free(model);
    return status;
}

/* ---- All draws --------------------------------------------------------------------------------------------------- */

static void keep_solved(run *d, const worker *w, size_t draw)
{
    const dr_certificate *c = &w->certificate;
    bool worse = c->worst_residual > d->worst.worst_residual;
    if (worse || (c->worst_residual == d->worst.worst_residual && draw < d->worst_draw)) {
        d->worst = *c;
        d->worst_draw = draw;
    }
    d->sweeps += c->sweeps;
    if (d->all)
        memcpy(d->all + draw * d->rows * d->figures, w->figures, d->rows * d->figures * sizeof *w->figures);
}

static dr_status keep_failed(run *d, size_t draw)
{
    d->failed++;
    for (size_t j = 0; d->all && j < d->rows * d->figures; j++)
        d->all[draw * d->rows * d->figures + j] = NAN;
    dr_failure_keep(&d->failure, draw, DR_NO_SOLUTION);
    if (d->why && !(d->why[draw] = strdup(dr_error_text())))
        return dr_fail_memory();
    return DR_OK;
}

/* A draw without an equilibrium is counted, and is not an error. `done`: how many there are now. */
static dr_status keep(run *d, const worker *w, size_t draw, bool solved, size_t *done)
{
    dr_status status = DR_OK;
    if (solved && d->bands)
        dr_bands_add(d->bands, draw, w->figures);
    pthread_mutex_lock(&d->lock);
    if (d->theta)
        memcpy(d->theta + draw * d->thetas, w->theta, d->thetas * sizeof *w->theta);
    if (solved)
        keep_solved(d, w, draw);
    else
        status = keep_failed(d, draw);
    *done = ++d->done;
    pthread_mutex_unlock(&d->lock);
    return status;
}

static dr_status make_draw(run *d, size_t draw, size_t thread)
{
    worker *w = &d->workers[thread];
    if (!w->ready) {
        worker_free(w);
        DR_TRY(worker_new(w, d));
    }
    dr_status status = solve_draw(d, w, draw);
    if (status != DR_OK && status != DR_NO_SOLUTION)
        return status;
    size_t done = 0;
    DR_TRY(keep(d, w, draw, status == DR_OK, &done));
    if (d->options->progress && thread == 0)
        d->options->progress("drawing", done, d->options->draws, d->options->user);
    return DR_OK;
}

static dr_status first_draw(void *work, size_t i, size_t thread)
{
    return make_draw(work, i, thread);
}

static dr_status later_draw(void *work, size_t i, size_t thread)
{
    return make_draw(work, DR_BANDS_KEPT + i, thread);
}

static dr_status none_solved(const run *d)
{
    return dr_fail(DR_NO_SOLUTION, "none of the first %zu draws has an equilibrium; draw 1: %s", d->failed,
                   d->failure.line);
}

static dr_status solve_in_order(run *d)
{
    size_t draws = d->options->draws, first = draws < DR_BANDS_KEPT ? draws : DR_BANDS_KEPT;
    DR_TRY(dr_parallel(first, d->options->threads, first_draw, d));
    if (d->failed == first || (d->bands && !dr_bands_settle(d->bands)))
        return none_solved(d);
    return dr_parallel(draws - first, d->options->threads, later_draw, d);
}

static dr_status solve_all(run *d)
{
    size_t threads = dr_threads(d->options->threads, d->options->draws);
    double start = dr_seconds();
    d->workers = dr_new(threads, sizeof *d->workers);
    if (!d->workers)
        return dr_fail_memory();
    pthread_mutex_init(&d->lock, NULL);
    dr_failure_init(&d->failure);
    dr_status status = solve_in_order(d);
    dr_failure_free(&d->failure);
    pthread_mutex_destroy(&d->lock);
    for (size_t w = 0; w < threads; w++)
        worker_free(&d->workers[w]);
    free(d->workers);
    d->seconds = dr_seconds() - start;
    return status;
}

/* ---- Before ------------------------------------------------------------------------------------------------------ */

static dr_status check_error(const char *what, double error)
{
    if (error >= 0 && isfinite(error))
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s of %g; expected 0 or more", what, error);
}

static dr_status check_options(const dr_draw_options *options)
{
    if (options->draws < 1 || options->draws > MOST_DRAWS)
        return dr_fail(DR_BAD_INPUT, "the number of draws must be between 1 and %d (got %zu)", MOST_DRAWS,
                       options->draws);
    DR_TRY(check_error("an elasticity error", options->elasticity_error));
    return check_error("a share error", options->share_error);
}

/* Unknown standard errors are those of the options. */
static dr_status fill_errors(run *d)
{
    const dr_estimates *e = &d->model->estimates;
    d->error = dr_new(e->count, sizeof *d->error);
    if (!d->error)
        return dr_fail_memory();
    for (size_t i = 0; i < e->count; i++) {
        bool known = !isnan(e->error[i]);
        d->error[i] = known ? e->error[i] / e->value[i] : d->options->elasticity_error;
        d->drawn += known || d->error[i] > 0;
    }
    for (size_t i = 0; d->scenario && i < d->scenario->effect_count; i++)
        d->effects += d->scenario->effects[i].error > 0;
    if (d->drawn || d->effects || d->options->share_error > 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "nothing to draw: the trade elasticity '%s' has no standard error, and none was given for it or for "
                   "the shares",
                   d->model->elasticity);
}

static dr_status solve_point(run *d)
{
    dr_solution *solution = NULL;
    DR_TRY(dr_model_certified(&solution, d->model, d->scenario));
    dr_status status = dr_solution_regions(&d->point, solution);
    dr_solution_free(solution);
    if (status == DR_OK) {
        d->rows = dr_table_rows(d->point);
        d->figures = dr_table_columns(d->point) - 1;
    }
    return status;
}

static dr_status run_draws(run *d, bool all)
{
    DR_TRY(check_options(d->options));
    DR_TRY(fill_errors(d));
    DR_TRY(solve_point(d));
    size_t draws = d->options->draws;
    if (all) {
        d->all = dr_new(draws * d->rows * d->figures, sizeof *d->all);
        d->why = dr_new(draws, sizeof *d->why);
        d->thetas = d->model->estimates.count == 1 ? 1 : d->model->sectors;
        d->theta = dr_new(draws * d->thetas, sizeof *d->theta);
        if (!d->all || !d->why || !d->theta)
            return dr_fail_memory();
    } else {
        DR_TRY(dr_bands_new(&d->bands, d->rows * d->figures, draws));
    }
    return solve_all(d);
}

/* ---- The tables -------------------------------------------------------------------------------------------------- */

static void add_facts(dr_table *table, const run *d)
{
    for (size_t i = 0; i < d->point->fact_count; i++) {
        const dr_fact *fact = &d->point->facts[i];
        if (strncmp(fact->name, "certificate.", strlen("certificate.")) == 0)
            continue;
        if (fact->text)
            dr_table_add_fact_text(table, fact->name, fact->text);
        else
            dr_table_add_fact(table, fact->name, fact->number);
    }
    for (size_t i = 0; i < d->point->fact_count; i++)
        if (strncmp(d->point->facts[i].name, "groups.", strlen("groups.")) == 0)
            dr_table_add_fact(table, d->point->facts[i].name, d->point->facts[i].number);
    dr_table_add_fact(table, "draws.count", (double)d->options->draws);
    dr_table_add_fact(table, "draws.failed", (double)d->failed);
    dr_table_add_fact(table, "draws.seed", (double)d->options->seed);
    dr_table_add_fact(table, "draws.elasticity_error", d->options->elasticity_error);
    dr_table_add_fact(table, "draws.share_error", d->options->share_error);
    dr_table_add_fact(table, "certificate.worst_residual", d->worst.worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", d->worst.worst_equation);
    dr_table_add_fact(table, "certificate.solves", (double)(d->options->draws - d->failed));
    dr_table_add_fact(table, "certificate.sweeps", d->sweeps);
    dr_table_add_fact(table, "certificate.solve_seconds", d->seconds);
}

static void add_notes(dr_table *table, const run *d)
{
    size_t estimates = d->model->estimates.count;
    for (size_t i = 0; i < d->point->note_count; i++)
        dr_table_add_note(table, "%s", d->point->notes[i]);
    if (d->drawn)
        dr_table_add_note(table,
                          "trade elasticities are drawn log-normal: the estimate is the mean, its standard error "
                          "the standard deviation");
    if (d->effects)
        dr_table_add_note(table, "estimates of the scenario are drawn normal, with their standard errors: %zu of %zu",
                          d->effects, d->scenario->effect_count);
    if (d->drawn < estimates)
        dr_table_add_note(table, "trade elasticities without a standard error, not drawn: %zu of %zu",
                          estimates - d->drawn, estimates);
    if (d->model->whole->baseline)
        dr_table_add_note(table, "the baseline is solved at the estimates, and not anew for each draw");
    if (d->options->share_error > 0)
        dr_table_add_note(table,
                          "shares are drawn log-normal with a standard deviation of %g%%: of exporters in imports, of "
                          "inputs in costs, of goods in final demand; the base is solved anew for each draw",
                          100 * d->options->share_error);
    if (d->failed)
        dr_table_add_note(table, "draws without an equilibrium: %zu of %zu, left out of quantiles; draw %zu: %s",
                          d->failed, d->options->draws, d->failure.piece + 1, d->failure.line);
}

static void describe(dr_table *table, const run *d, const char *what)
{
    dr_table_set_title(table, "%s, %s %zu draws", d->point->title, what, d->options->draws);
    dr_table_set_unit(table, d->point->unit);
    add_facts(table, d);
    add_notes(table, d);
}

static const struct {
    const char *suffix;
    double quantile;
} of_bands[] = {{"p5", 0.05}, {"median", 0.5}, {"p95", 0.95}};

enum { BAND = sizeof of_bands / sizeof *of_bands };

/* Each figure has a column with the result at the estimates, and one for each quantile. */
static dr_status bands_table(dr_table **out, const run *d)
{
    const dr_column *point = d->point->columns;
    size_t count = 1 + d->figures * (1 + BAND);
    dr_column_spec *columns = dr_new(count, sizeof *columns);
    char(*names)[64] = dr_new(count, sizeof *names);
    if (columns && names) {
        columns[0] = (dr_column_spec){point[0].name, point[0].show};
        for (size_t c = 1; c < count; c++) {
            size_t figure = (c - 1) / (1 + BAND) + 1, part = (c - 1) % (1 + BAND);
            snprintf(names[c], sizeof names[c], "%s%s%s", point[figure].name, part ? "_" : "",
                     part ? of_bands[part - 1].suffix : "");
            columns[c] = (dr_column_spec){names[c], point[figure].show};
        }
    }
    dr_status status = columns && names ? dr_table_new(out, columns, count) : dr_fail_memory();
    free(columns);
    free(names);
    return status;
}

static void add_band(dr_table *table, const run *d, size_t row)
{
    dr_table_add_row(table);
    dr_table_set_text(table, row, 0, dr_table_text(d->point, row, 0));
    dr_table_set_kind(table, row, dr_table_row_kind(d->point, row));
    for (size_t f = 0; f < d->figures; f++) {
        size_t column = 1 + f * (1 + BAND);
        dr_table_set_number(table, row, column, dr_table_number(d->point, row, f + 1));
        for (size_t q = 0; q < BAND; q++)
            dr_table_set_number(table, row, column + 1 + q,
                                dr_bands_quantile(d->bands, row * d->figures + f, of_bands[q].quantile));
    }
}

static dr_status write_bands(dr_table **out, const run *d)
{
    dr_table *table = NULL;
    DR_TRY(bands_table(&table, d));
    describe(table, d, "5% to 95% of");
    for (size_t row = 0; row < d->rows; row++)
        add_band(table, d, row);
    return dr_table_finish(out, table, DR_OK);
}

static dr_status draws_table(dr_table **out, const run *d)
{
    size_t count = d->figures + d->thetas + 3, column = 0;
    dr_column_spec *columns = dr_new(count, sizeof *columns);
    char(*names)[96] = dr_new(d->thetas, sizeof *names);
    if (columns && names) {
        columns[column++] = (dr_column_spec){"draw", DR_SHOW_COUNT};
        for (size_t c = 0; c <= d->figures; c++)
            columns[column++] = (dr_column_spec){d->point->columns[c].name, d->point->columns[c].show};
        for (size_t s = 0; s < d->thetas; s++) {
            snprintf(names[s], sizeof names[s], "trade_elasticity%s%.64s", d->thetas > 1 ? "_" : "",
                     d->thetas > 1 ? d->model->economy->sector_codes.names[s] : "");
            columns[column++] = (dr_column_spec){names[s], DR_SHOW_NUMBER};
        }
        columns[column] = (dr_column_spec){"failure", DR_SHOW_TEXT};
    }
    dr_status status = columns && names ? dr_table_new(out, columns, count) : dr_fail_memory();
    free(columns);
    free(names);
    return status;
}

static void add_draw(dr_table *table, const run *d, size_t draw, size_t at)
{
    size_t row = dr_table_add_row(table), column = 2;
    dr_table_set_number(table, row, 0, (double)(draw + 1));
    dr_table_set_text(table, row, 1, dr_table_text(d->point, at, 0));
    dr_table_set_kind(table, row, dr_table_row_kind(d->point, at));
    for (size_t f = 0; f < d->figures; f++)
        dr_table_set_number(table, row, column++, d->all[(draw * d->rows + at) * d->figures + f]);
    for (size_t s = 0; s < d->thetas; s++)
        dr_table_set_number(table, row, column++, d->theta[draw * d->thetas + s]);
    dr_table_set_text(table, row, column, d->why[draw] ? d->why[draw] : "");
}

static dr_status write_draws(dr_table **out, const run *d)
{
    dr_table *table = NULL;
    DR_TRY(draws_table(&table, d));
    describe(table, d, "each of");
    for (size_t draw = 0; draw < d->options->draws; draw++)
        for (size_t at = 0; at < d->rows; at++)
            add_draw(table, d, draw, at);
    return dr_table_finish(out, table, DR_OK);
}

static dr_status check_call(const char *function, const dr_model *model, const dr_scenario *scenario,
                            const dr_draw_options *options)
{
    DR_TRY(dr_scenario_check(function, model, scenario));
    return DR_WITHIN(function, options->threads, 0, INT_MAX);
}

dr_status dr_draw_bands(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                        const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, model, options));
    dr_draw_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(check_call(__func__, model, scenario, options));
    run d = {.model = model, .scenario = scenario, .options = options};
    dr_status status = run_draws(&d, false);
    if (status == DR_OK)
        status = write_bands(out, &d);
    run_free(&d);
    return status;
}

dr_status dr_draw_all(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                      const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, model, options));
    dr_draw_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(check_call(__func__, model, scenario, options));
    run d = {.model = model, .scenario = scenario, .options = options};
    dr_status status = run_draws(&d, true);
    if (status == DR_OK)
        status = write_draws(out, &d);
    run_free(&d);
    return status;
}
