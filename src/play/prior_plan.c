#include "play/prior_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/new_model.h"
#include "plan/plan.h"
#include "scenario/settings.h"

enum { CAP, SECTORS, HORIZON, KEYS };
static const char *const keys[KEYS] = {"cap", "sectors", "horizon"};

json_t *dr_prior_plan_schema(void)
{
    json_t *map = dr_schema_map(keys, KEYS);
    dr_schema_set(map, keys[HORIZON], dr_schema_words(dr_horizons));
    dr_schema_need(map, keys[CAP]);
    return map;
}

dr_status dr_prior_plan_read(dr_prior_plan *out, dr_game_reader *r, yaml_node_t *map, const bool *sectors)
{
    yaml_node_t *v[KEYS] = {0};
    size_t horizon = 2;
    out->sectors = dr_new(r->economy->sectors, sizeof *out->sectors);
    if (!out->sectors)
        return dr_fail_memory();
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, KEYS, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[CAP], keys[CAP], "after"));
    DR_TRY(dr_game_read_share(r, v[CAP], "a share such as 30%", &out->cap));
    if (v[SECTORS])
        DR_TRY(dr_game_read_sectors(r, v[SECTORS], out->sectors));
    else
        memcpy(out->sectors, sectors, r->economy->sectors * sizeof *sectors);
    if (v[HORIZON])
        DR_TRY(dr_game_read_word(r, v[HORIZON], dr_horizons, 3, "short, medium or long", &horizon));
    out->horizon = dr_horizons[horizon];
    return DR_OK;
}

void dr_prior_plan_free(dr_prior_plan *p)
{
    dr_model_free(p->model);
    dr_model_free(p->plan_model);
    free(p->sectors);
}

/* ---- Solving ----------------------------------------------------------------------------------------------------- */

static dr_status take_result(dr_prior_plan *p, const dr_game *g, const dr_parties *parties, const dr_plan *plan)
{
    const dr_solution *solution = dr_plan_solution(plan);
    p->cost = dr_plan_cost(plan);
    p->cost_value = p->cost / 100 * dr_plan_income(plan);
    p->own_loss = -dr_regions_welfare(solution, parties->sides.of) / 100 * dr_plan_income(plan);
    p->share = dr_result_value(&plan->total, plan->model, NULL);
    p->new_share = dr_result_value(&plan->total, plan->model, solution);
    p->residual = dr_optimum_residual(&plan->optimum);
    p->worst_residual = solution->certificate.worst_residual;
    p->solves = plan->policy.solves;
    return dr_model_after(&p->model, g->model, solution);
}

static dr_status solve(dr_prior_plan *p, const dr_game *g, const dr_parties *parties)
{
    dr_plan *plan = NULL;
    DR_TRY(dr_model_sibling(&p->plan_model, g->model, p->horizon, false));
    DR_TRY(dr_parties_plan(&plan, parties, g, p->plan_model, p->sectors, p->cap));
    dr_status status = take_result(p, g, parties, plan);
    dr_plan_free(plan);
    return status;
}

dr_status dr_prior_plan_solve(dr_prior_plan *p, const dr_game *g, const dr_parties *parties)
{
    if (p->cap == 0 || p->model)
        return DR_OK;
    if (g->model->economy != g->model->whole)
        return dr_fail(DR_BAD_INPUT, "'after' has a plan by sector; expected a model with sectors");
    if (!dr_parties_exceed(parties, g->model, p->sectors, p->cap))
        return dr_fail(
            DR_BAD_INPUT,
            "the share of %s in the imports of %s is above %.4g%% in none of these sectors: there is nothing "
            "to plan",
            parties->against, parties->of, 100 * p->cap);
    return solve(p, g, parties);
}

/* ---- Results ----------------------------------------------------------------------------------------------------- */

void dr_prior_plan_describe(const dr_prior_plan *p, dr_table *table, const dr_game *g, const dr_parties *parties)
{
    char money[DR_MONEY_SIZE], own[DR_MONEY_SIZE];
    dr_table_add_fact(table, "plan.cap", p->cap);
    dr_table_add_fact(table, "plan.cost", p->cost);
    dr_table_add_fact(table, "plan.cost_value", p->cost_value);
    dr_table_add_fact(table, "plan.own_loss_value", p->own_loss);
    dr_table_add_fact(table, "plan.share_before", p->share);
    dr_table_add_fact(table, "plan.share", p->new_share);
    dr_table_add_fact(table, "certificate.kkt", p->residual);
    dr_table_add_note(
        table,
        "after: once %s has carried out its plan (horizon %s), by which no sector buys more than %.4g%% of "
        "its imports from %s; the share of %s in them is %.2f%% in the base and %.2f%% under the plan, which "
        "costs all regions together %s a year, %.4f%% of the real income of %s, and by which %s itself %s %s",
        parties->of_words, p->horizon, 100 * p->cap, parties->against_words, parties->against_words, 100 * p->share,
        100 * p->new_share, dr_money(money, p->cost_value, g->model->economy->unit), p->cost, parties->of_words,
        parties->of_words, p->own_loss < 0 ? "gains" : "loses", dr_money(own, p->own_loss, g->model->economy->unit));
    dr_table_add_note(table, "losses after the plan are in percent of real income under the plan");
}

void dr_prior_plan_summarise(const dr_prior_plan *p, const dr_summary *s, const dr_parties *parties)
{
    char money[DR_MONEY_SIZE], own[DR_MONEY_SIZE];
    dr_summary_say(
        s,
        "%s could first reduce the share of %s in its imports of every sector to %.4g%%, by which the share in "
        "all of them together goes from %.2f%% to %.2f%%. That costs all regions together %s a year (%.2f%% of "
        "its real income); it %s %s itself, as long as no other region retaliates. ",
        parties->of_words, parties->against_words, 100 * p->cap, 100 * p->share, 100 * p->new_share,
        dr_summary_money(s, p->cost_value, money), p->cost, p->own_loss < 0 ? "gains" : "loses",
        dr_summary_money(s, p->own_loss, own));
}
