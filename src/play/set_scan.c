#include "play/set_scan.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/residual.h"
#include "equilibrium/solve.h"
#include "plan/policy.h"

void dr_scan_free(dr_scan *scan)
{
    for (size_t j = 0; j < scan->count; j++) {
        free(scan->results[j].now.why);
        free(scan->results[j].after.why);
        free(scan->results[j].members);
    }
    free(scan->results);
}

uint64_t dr_set_of(size_t member)
{
    return (uint64_t)1 << member;
}

uint64_t dr_set_all(size_t count)
{
    return count == DR_SET_MOST ? ~(uint64_t)0 : dr_set_of(count) - 1;
}

const dr_set_result *dr_scan_find(const dr_scan *scan, uint64_t set)
{
    for (size_t j = 0; j < scan->count; j++)
        if (scan->results[j].set == set)
            return &scan->results[j];
    return NULL;
}

dr_status dr_scan_add(dr_scan *scan, uint64_t set)
{
    if (dr_scan_find(scan, set))
        return DR_OK;
    if (!dr_grow((void **)&scan->results, &scan->capacity, scan->count + 1, sizeof *scan->results))
        return dr_fail_memory();
    scan->results[scan->count++] = (dr_set_result){.set = set};
    return DR_OK;
}

void dr_scan_add_facts(const dr_scan *scan, dr_table *table)
{
    dr_table_add_fact(table, "certificate.worst_residual", scan->worst_residual);
    dr_table_add_fact(table, "certificate.solves", (double)(scan->count + scan->other_solves));
}

void dr_summary_effect(const dr_summary *s, const dr_parties *parties, const dr_set_effect *effect)
{
    dr_summary_say(s, "%s ", parties->of_words);
    dr_summary_change(s, effect->of, parties->sides.of);
    dr_summary_say(s, "; %s ", parties->against_words);
    dr_summary_change(s, effect->against, parties->sides.to);
    dr_summary_say(s, ". ");
}

/* ---- One set ----------------------------------------------------------------------------------------------------- */

static dr_status keep_members(const dr_scan *scan, dr_set_result *result, const dr_solution *solution)
{
    result->members = dr_new_doubles(scan->member_count);
    if (!result->members)
        return dr_fail_memory();
    for (size_t j = 0; j < scan->member_count; j++)
        result->members[j] = dr_regions_welfare(solution, scan->members[j]);
    return DR_OK;
}

/* The effect of a set in a model. */
static dr_status solve_set(const dr_scan *scan, const dr_model *model, dr_set_result *result, dr_set_effect *effect,
                           double *residual)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    const dr_sides *sides = &scan->parties->sides;
    dr_status status = dr_scenario_new(&scenario, model->economy);
    if (status == DR_OK)
        status = scan->apply(scenario, scan->game, result->set);
    if (status == DR_OK)
        status = dr_model_certified(&solution, model, scenario);
    if (status == DR_OK) {
        effect->of = dr_regions_welfare(solution, sides->of);
        effect->against = dr_regions_welfare(solution, sides->to);
        *residual = dr_worse(*residual, solution->certificate.worst_residual);
        status = scan->members ? keep_members(scan, result, solution) : DR_OK;
    } else if (status == DR_NO_SOLUTION) {
        effect->of = effect->against = NAN;
        effect->why = strdup(dr_error_text());
        status = effect->why ? DR_OK : dr_fail_memory();
    }
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return status;
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

typedef struct scan_work {
    dr_scan *scan;
    size_t first;
    double *residual; /* [set] the worst of its solves */
    atomic_size_t done;
} scan_work;

static dr_status solve_piece(void *work, size_t j, size_t thread)
{
    scan_work *w = work;
    dr_scan *scan = w->scan;
    dr_set_result *result = &scan->results[w->first + j];
    DR_TRY(solve_set(scan, scan->game->model, result, &result->now, &w->residual[j]));
    if (scan->after)
        DR_TRY(solve_set(scan, scan->after, result, &result->after, &w->residual[j]));
    size_t done = atomic_fetch_add(&w->done, 1) + 1;
    if (thread == 0)
        dr_game_progress(scan->game, "solving sets", done);
    return DR_OK;
}

dr_status dr_scan_solve(dr_scan *scan, size_t first)
{
    size_t count = scan->count - first;
    scan_work work = {.scan = scan, .first = first, .residual = dr_new_doubles(count), .done = first};
    if (!work.residual)
        return dr_fail_memory();
    dr_status status = dr_parallel(count, scan->game->options->threads, solve_piece, &work);
    for (size_t j = 0; j < count; j++)
        scan->worst_residual = dr_worse(scan->worst_residual, work.residual[j]);
    free(work.residual);
    return status;
}
