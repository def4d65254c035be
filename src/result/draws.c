/* Uncertainty bands by Monte Carlo: the same scenario solved for many draws of the trade elasticities and, optionally,
 * of the shares of the base. Every draw is a full solve with its certificate, from the random numbers of its own stream
 * (base/random.h), so that nothing depends on the number of threads. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/table.h"
#include "equilibrium/new_model.h"
#include "equilibrium/solve.h"
#include "model/elasticity.h"
#include "result/draw_run.h"
#include "result/result.h"

enum { MOST_DRAWS = 1000000000 };

/* The working memory of a thread. */
typedef struct dr_draw_worker {
    bool ready;
    double *value, *theta, *figures;
    dr_effect *effects; /* of the scenario, drawn; NULL: it has none */
    dr_certificate certificate;
} worker;

void dr_draw_run_free(dr_draw_run *d)
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

static dr_status worker_new(worker *w, const dr_draw_run *d)
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
static dr_status solve_model(const dr_draw_run *d, worker *w, const dr_model *model)
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
static void draw_effects(const dr_draw_run *d, worker *w, dr_random *random)
{
    for (size_t i = 0; w->effects && i < d->scenario->effect_count; i++) {
        w->effects[i] = d->scenario->effects[i];
        w->effects[i].coefficient += w->effects[i].error * dr_random_normal(random);
    }
}

/* One draw. The base is shared with the model where it does not depend on the draw. */
static dr_status solve_draw(const dr_draw_run *d, worker *w, size_t draw)
{
    const dr_estimates *e = &d->model->estimates;
    dr_random random = dr_random_stream(d->options->seed, d->options->first + draw);
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

static void keep_solved(dr_draw_run *d, const worker *w, size_t draw)
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

static dr_status keep_failed(dr_draw_run *d, size_t draw)
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
static dr_status keep(dr_draw_run *d, const worker *w, size_t draw, bool solved, size_t *done)
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

static dr_status make_draw(dr_draw_run *d, size_t draw, size_t thread)
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

static dr_status none_solved(const dr_draw_run *d)
{
    return dr_fail(DR_NO_SOLUTION, "none of the first %zu draws has an equilibrium; draw %zu: %s", d->failed,
                   d->options->first + 1, d->failure.line);
}

static dr_status solve_in_order(dr_draw_run *d)
{
    size_t draws = d->options->draws, first = draws < DR_BANDS_KEPT ? draws : DR_BANDS_KEPT;
    DR_TRY(dr_parallel(first, d->options->threads, first_draw, d));
    if ((d->failed == first && !d->part) || (d->bands && !dr_bands_settle(d->bands)))
        return none_solved(d);
    return dr_parallel(draws - first, d->options->threads, later_draw, d);
}

static dr_status solve_all(dr_draw_run *d)
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
    if (options->first > MOST_DRAWS - options->draws)
        return dr_fail(DR_BAD_INPUT, "%zu draws after the first %zu; expected at most %d in all", options->draws,
                       options->first, MOST_DRAWS);
    DR_TRY(check_error("an elasticity error", options->elasticity_error));
    return check_error("a share error", options->share_error);
}

/* Unknown standard errors are those of the options. */
static dr_status fill_errors(dr_draw_run *d)
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

/* What is drawn, as notes of the results at the estimates, which all tables of draws have. */
static void note_drawn(dr_table *table, const dr_draw_run *d)
{
    size_t estimates = d->model->estimates.count;
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
}

static dr_status solve_point(dr_draw_run *d)
{
    dr_solution *solution = NULL;
    DR_TRY(dr_model_certified(&solution, d->model, d->scenario));
    dr_status status = dr_solution_regions(&d->point, solution);
    dr_solution_free(solution);
    if (status == DR_OK) {
        d->rows = dr_table_rows(d->point);
        d->figures = dr_table_columns(d->point) - 1;
        note_drawn(d->point, d);
        status = dr_table_done(d->point);
    }
    return status;
}

dr_status dr_draw_run_all(dr_draw_run *d, bool all)
{
    DR_TRY(check_options(d->options));
    DR_TRY(fill_errors(d));
    DR_TRY(solve_point(d));
    size_t draws = d->options->draws;
    if (all) {
        d->all = dr_new(draws * d->rows * d->figures, sizeof *d->all);
        d->why = dr_new(draws, sizeof *d->why);
        d->thetas = d->part ? 0 : d->model->estimates.count == 1 ? 1 : d->model->sectors;
        d->theta = dr_new(draws * d->thetas, sizeof *d->theta);
        if (!d->all || !d->why || !d->theta)
            return dr_fail_memory();
    } else {
        DR_TRY(dr_bands_new(&d->bands, d->rows * d->figures, draws));
    }
    return solve_all(d);
}

dr_status dr_draw_check(const char *function, const dr_model *model, const dr_scenario *scenario,
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
    DR_TRY(dr_draw_check(__func__, model, scenario, options));
    dr_draw_run d = {.model = model, .scenario = scenario, .options = options};
    dr_status status = dr_draw_run_all(&d, false);
    if (status == DR_OK)
        status = dr_draw_write_bands(out, &d);
    dr_draw_run_free(&d);
    return status;
}

dr_status dr_draw_all(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                      const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, model, options));
    dr_draw_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(dr_draw_check(__func__, model, scenario, options));
    dr_draw_run d = {.model = model, .scenario = scenario, .options = options};
    dr_status status = dr_draw_run_all(&d, true);
    if (status == DR_OK)
        status = dr_draw_write_all(out, &d);
    dr_draw_run_free(&d);
    return status;
}
