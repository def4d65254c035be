/* Many scenarios, each a set of things that is done: what they cost both sides. Each is solved by itself, from the base, so that the
 * result does not depend on the number of threads. */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/residual.h"
#include "equilibrium/solve.h"
#include "play/game.h"

void dr_trials_free(dr_trials *t)
{
    for (size_t j = 0; j < t->tried_count; j++) {
        free(t->tried[j].now.why);
        free(t->tried[j].after.why);
        free(t->tried[j].partners);
    }
    for (size_t j = 0; j < t->count && t->partners; j++) {
        free(t->partners[j]);
        free(t->partner[j]);
    }
    dr_before_free(&t->before);
    dr_sides_free(&t->sides);
    dr_named_free(&t->named);
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

double dr_game_welfare(const dr_solution *solution, const bool *regions)
{
    dr_result result = {.kind = DR_RESULT_WELFARE, .of = (bool *)regions};
    return dr_result_value(&result, solution->model, solution);
}

bool dr_game_exceeds(const dr_game *g, const bool *sectors, double cap)
{
    const dr_model *m = g->model;
    const dr_sides *sides = &g->trials.sides;
    for (size_t s = 0; s < m->sectors; s++) {
        double from = 0, all = 0;
        for (size_t n = 0; n < m->regions && sectors[s]; n++)
            for (size_t i = 0; i < m->regions && sides->of[n]; i++) {
                double flow = sides->of[i] ? 0 : m->base.flow[(n * m->regions + i) * m->sectors + s];
                all += flow;
                from += sides->to[i] ? flow : 0;
            }
        if (from > cap * all)
            return true;
    }
    return false;
}

dr_plan_options dr_game_plan_options(const dr_game *g, const char *sectors, double cap)
{
    return DR_OPTIONS(dr_plan_options, .sectors = sectors, .cap = cap, .inside = g->trials.sides.inside,
                      .starts = g->options->starts, .threads = g->options->threads);
}

char *dr_game_sectors(const dr_game *g, const bool *sectors)
{
    const dr_economy *e = g->model->economy;
    size_t size = 1, length = 0;
    for (size_t s = 0; s < g->model->sectors; s++)
        size += strlen(e->sector_codes.names[s]) + 1;
    char *list = dr_new(size, 1);
    for (size_t s = 0; s < g->model->sectors && list; s++)
        if (sectors[s])
            length +=
                (size_t)snprintf(list + length, size - length, "%s%s", length ? "," : "", e->sector_codes.names[s]);
    return list;
}

/* ---- A set --------------------------------------------------------------------------------------------------------------- */

static void swap(bool **a, bool **b)
{
    bool *keep = *a;
    *a = *b;
    *b = keep;
}

/* Coercion: a ban of the goods in the set. */
static void withhold(dr_change *change, const dr_trials *t, uint64_t set)
{
    for (size_t j = 0; j < t->count; j++)
        if (set >> j & 1)
            change->sectors[t->goods[j]] = true;
}

/* Coalition: what `of` and the partners in the set do. Curbs and bans of exports are changes of what the other side imports. */
static void join(dr_change *change, const dr_game *g, uint64_t set)
{
    const dr_trials *t = &g->trials;
    memcpy(change->sectors, t->sectors, g->model->sectors * sizeof *change->sectors);
    for (size_t j = 0; j < t->count; j++)
        for (size_t n = 0; n < g->model->regions && set >> j & 1; n++)
            change->by[n] |= t->partner[j][n];
    change->amount = t->means == DR_MEANS_CURB ? 1 - t->rate : t->rate;
    change->add = t->means == DR_MEANS_TARIFF;
    change->relative = t->means == DR_MEANS_CURB;
    change->rent = DR_RENT_EXPORTER;
    if (t->means == DR_MEANS_CURB || t->means == DR_MEANS_BAN_EXPORTS)
        swap(&change->by, &change->on);
}

static dr_status build(dr_scenario *scenario, const dr_game *g, uint64_t set)
{
    static const int kinds[] = {[DR_MEANS_TARIFF] = DR_CHANGE_TARIFF,
                                [DR_MEANS_CURB] = DR_CHANGE_LIMIT,
                                [DR_MEANS_BAN_IMPORTS] = DR_CHANGE_BAN,
                                [DR_MEANS_BAN_EXPORTS] = DR_CHANGE_BAN};
    const dr_trials *t = &g->trials;
    dr_change change;
    bool coercion = g->play == DR_PLAY_COERCION;
    DR_TRY(dr_change_new(&change, g->model->economy, coercion ? DR_CHANGE_BAN : kinds[t->means]));
    memcpy(change.by, t->sides.of, g->model->regions * sizeof *change.by);
    memcpy(change.on, t->sides.to, g->model->regions * sizeof *change.on);
    if (coercion)
        withhold(&change, t, set);
    else
        join(&change, g, set);
    dr_status status = dr_scenario_apply(scenario, &change);
    dr_change_free(&change);
    return status;
}

static dr_status keep_partners(const dr_trials *t, dr_trial *trial, const dr_solution *solution)
{
    trial->partners = dr_new_doubles(t->count);
    if (!trial->partners)
        return dr_fail_memory();
    for (size_t j = 0; j < t->count; j++)
        trial->partners[j] = dr_game_welfare(solution, t->partner[j]);
    return DR_OK;
}

/* What a set does in a model. */
static dr_status try_set(const dr_game *g, const dr_model *model, dr_trial *trial, dr_harm *out, double *residual)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    const dr_sides *sides = &g->trials.sides;
    dr_status status = DR_OK;
    if (trial->set != 0 || g->play == DR_PLAY_COALITION) {
        status = dr_scenario_new(&scenario, model->economy);
        if (status == DR_OK)
            status = build(scenario, g, trial->set);
    }
    if (status == DR_OK)
        status = dr_model_certified(&solution, model, scenario);
    if (status == DR_OK) {
        out->of = dr_game_welfare(solution, sides->of);
        out->against = dr_game_welfare(solution, sides->to);
        *residual = dr_worse(*residual, solution->certificate.worst_residual);
        status = g->play == DR_PLAY_COALITION ? keep_partners(&g->trials, trial, solution) : DR_OK;
    } else if (status == DR_NO_SOLUTION) {
        out->of = out->against = NAN;
        out->why = strdup(dr_error_text());
        status = out->why ? DR_OK : dr_fail_memory();
    }
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return status;
}

/* Now, and once the plan is carried out. */
static dr_status try_both(const dr_game *g, dr_trial *trial, double *residual)
{
    const dr_model *after = g->trials.before.model;
    DR_TRY(try_set(g, g->model, trial, &trial->now, residual));
    return after ? try_set(g, after, trial, &trial->after, residual) : DR_OK;
}

typedef struct trying {
    dr_game *game;
    size_t first;
    double *residual; /* [set] worst of its solves */
    atomic_size_t done;
} trying;

static dr_status try_next(void *work, size_t j, size_t thread)
{
    trying *w = work;
    DR_TRY(try_both(w->game, &w->game->trials.tried[w->first + j], &w->residual[j]));
    size_t done = atomic_fetch_add(&w->done, 1) + 1;
    if (thread == 0)
        dr_game_progress(w->game, "trying sets", done);
    return DR_OK;
}

dr_status dr_trials_solve(dr_game *g, size_t first)
{
    dr_trials *t = &g->trials;
    size_t count = t->tried_count - first;
    trying work = {.game = g, .first = first, .residual = dr_new_doubles(count), .done = first};
    if (!work.residual)
        return dr_fail_memory();
    dr_status status = dr_parallel(count, g->options->threads, try_next, &work);
    for (size_t j = 0; j < count; j++)
        t->worst_residual = dr_worse(t->worst_residual, work.residual[j]);
    free(work.residual);
    return status;
}
