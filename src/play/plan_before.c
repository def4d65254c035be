/* Coercion after a plan: what could be done to `of` once it has met its caps. The plan is made with the time that its horizon gives; the
 * equilibrium where it ends, with its tariffs, is the base that the game's model, perhaps a short-run one, measures cut-offs from. */
#include <math.h>
#include <stdlib.h>

#include "base/residual.h"
#include "equilibrium/new_model.h"
#include "plan/plan.h"
#include "play/game.h"

void dr_before_free(dr_before *b)
{
    dr_model_free(b->model);
    dr_model_free(b->long_run);
    free(b->sectors);
}

static dr_status take_plan(dr_game *g, const dr_plan *plan)
{
    dr_before *b = &g->trials.before;
    const dr_solution *solution = dr_plan_solution(plan);
    b->cost = -dr_game_welfare(solution, g->trials.sides.of);
    b->cost_value = b->cost / 100 * dr_plan_income(plan);
    b->share = dr_result_value(&plan->total, plan->model, NULL);
    b->new_share = dr_result_value(&plan->total, plan->model, solution);
    b->residual = dr_optimum_residual(&plan->optimum);
    g->trials.worst_residual = dr_worse(g->trials.worst_residual, solution->certificate.worst_residual);
    g->trials.solves += plan->policy.solves;
    return dr_model_after(&b->model, g->model, solution);
}

static dr_status make_plan(dr_game *g, const char *sectors)
{
    dr_before *b = &g->trials.before;
    dr_plan *plan = NULL;
    const dr_plan_options of_plan = dr_game_plan_options(g, sectors, b->cap);
    DR_TRY(dr_model_sibling(&b->long_run, g->model, b->horizon, false));
    DR_TRY(dr_plan_new(&plan, b->long_run, g->trials.of, g->trials.against, &of_plan));
    dr_status status = take_plan(g, plan);
    dr_plan_free(plan);
    return status;
}

dr_status dr_game_plan_first(dr_game *g)
{
    dr_before *b = &g->trials.before;
    if (b->cap == 0 || b->model)
        return DR_OK;
    if (g->model->economy != g->model->whole)
        return dr_fail(DR_BAD_INPUT, "'after' has a plan by sector: a model with sectors was expected");
    if (!dr_game_exceeds(g, b->sectors, b->cap))
        return dr_fail(DR_BAD_INPUT,
                       "the share of %s in what %s imports is above %.4g%% in none of these sectors: there is nothing "
                       "to plan",
                       g->trials.against, g->trials.of, 100 * b->cap);
    char *sectors = dr_game_sectors(g, b->sectors);
    dr_status status = sectors ? make_plan(g, sectors) : dr_fail_memory();
    free(sectors);
    return status;
}
