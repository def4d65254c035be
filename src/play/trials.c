/* Many scenarios, each a set of things that is done: what they cost both sides. Each is solved by itself, from the base, so that the
 * result does not depend on the number of threads. */
#define _GNU_SOURCE /* strdup */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "play/game.h"

void dr_trials_free(dr_trials *t)
{
    for (size_t j = 0; j < t->tried_count; j++)
        free(t->tried[j].why);
    for (size_t j = 0; j < t->count && t->partners; j++) {
        free(t->partners[j]);
        free(t->partner[j]);
    }
    dr_sides_free(&t->sides);
    free(t->of);
    free(t->against);
    free(t->sectors);
    free(t->goods);
    free(t->partners);
    free(t->partner);
    free(t->tried);
    free(t->years);
}

double dr_game_income(const dr_game *g, const bool *regions)
{
    double sum = 0;
    for (size_t n = 0; n < g->model->regions; n++)
        sum += regions[n] ? g->model->base.income[n] : 0;
    return sum;
}

const dr_trial *dr_trials_find(const dr_trials *t, uint64_t set)
{
    for (size_t j = 0; j < t->tried_count; j++)
        if (t->tried[j].set == set)
            return &t->tried[j];
    return NULL;
}

dr_status dr_trials_add(dr_trials *t, uint64_t set)
{
    if (dr_trials_find(t, set))
        return DR_OK;
    if (!dr_grow((void **)&t->tried, &t->tried_capacity, t->tried_count + 1, sizeof *t->tried))
        return dr_fail_memory();
    t->tried[t->tried_count++] = (dr_trial){.set = set};
    return DR_OK;
}

/* A ban of the goods in the set; or the tariff of `of` and of the partners in it. */
static dr_status build(dr_scenario *scenario, const dr_game *g, uint64_t set)
{
    const dr_trials *t = &g->trials;
    dr_change change;
    bool coercion = g->play == DR_PLAY_COERCION;
    DR_TRY(dr_change_new(&change, g->model->economy, coercion ? DR_CHANGE_BAN : DR_CHANGE_TARIFF));
    change.amount = t->rate;
    change.add = true;
    memcpy(change.by, t->sides.of, g->model->regions * sizeof *change.by);
    memcpy(change.on, t->sides.to, g->model->regions * sizeof *change.on);
    if (!coercion)
        memcpy(change.sectors, t->sectors, g->model->sectors * sizeof *change.sectors);
    for (size_t j = 0; j < t->count; j++) {
        bool in = set >> j & 1;
        if (in && coercion)
            change.sectors[t->goods[j]] = true;
        for (size_t n = 0; n < g->model->regions && in && !coercion; n++)
            change.by[n] |= t->partner[j][n];
    }
    dr_status status = dr_scenario_apply(scenario, &change);
    dr_change_free(&change);
    return status;
}

static double welfare_of(const dr_game *g, const dr_solution *solution, const bool *regions)
{
    double sum = 0;
    for (size_t n = 0; n < g->model->regions; n++)
        sum += regions[n] ? dr_solution_welfare(solution, n) * g->model->base.income[n] : 0;
    return sum / dr_game_income(g, regions);
}

static dr_status try_set(const dr_game *g, dr_trial *trial, double *residual)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_status status = DR_OK;
    *residual = 0;
    if (trial->set != 0 || g->play == DR_PLAY_COALITION) {
        status = dr_scenario_new(&scenario, g->model->economy);
        if (status == DR_OK)
            status = build(scenario, g, trial->set);
    }
    if (status == DR_OK)
        status = dr_model_solve(&solution, g->model, scenario);
    if (status == DR_OK) {
        trial->of = welfare_of(g, solution, g->trials.sides.of);
        trial->against = welfare_of(g, solution, g->trials.sides.to);
        *residual = solution->certificate.worst_residual;
    } else if (status == DR_NO_SOLUTION) {
        trial->of = trial->against = NAN;
        trial->why = strdup(dr_error_text());
        status = trial->why ? DR_OK : dr_fail_memory();
    }
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return status;
}

dr_status dr_trials_solve(dr_game *g, size_t first)
{
    dr_trials *t = &g->trials;
    int failed = DR_OK;
    size_t done = first;
    double worst = t->worst_residual;
    const dr_cancel *cancel = dr_cancel_watched();
#pragma omp parallel for schedule(dynamic)                                                                             \
    num_threads(g->options->threads > 0 ? g->options->threads : omp_get_max_threads()) reduction(max                   \
                                                                                                 : worst)
    for (size_t j = first; j < t->tried_count; j++) {
        double residual;
        size_t now;
        const dr_cancel *before = dr_cancel_watch(cancel);
        dr_status status = try_set(g, &t->tried[j], &residual);
        dr_cancel_watch(before);
        worst = fmax(worst, residual);
        if (status != DR_OK) {
#pragma omp atomic write
            failed = (int)status;
        }
#pragma omp atomic capture
        now = ++done;
        if (omp_get_thread_num() == 0)
            dr_game_progress(g, "trying sets", now);
    }
    t->worst_residual = worst;
    DR_TRY(dr_cancel_check());
    return failed == DR_OK ? DR_OK : dr_fail((dr_status)failed, "sets could not be tried: out of memory");
}
