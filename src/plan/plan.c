/* The cheapest plan: which levers there are, and what is asked of them. docs/plan.md. */
#include "plan/plan.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

/* Of searches from other settings; each takes as long as the first. */
enum { MOST_STARTS = 1000 };

void dr_plan_free(dr_plan *plan)
{
    if (!plan)
        return;
    dr_policy_free(&plan->policy);
    dr_cutoff_free(plan->cut);
    dr_look_free(plan->look);
    dr_optimum_free(&plan->optimum);
    free(plan->low);
    free(plan->high);
    free(plan->unit);
    dr_sides_free(&plan->sides);
    dr_result_free(&plan->all);
    free(plan->of);
    free(plan->from);
    free(plan->cap);
    free(plan->taxed);
    free(plan->one);
    free(plan);
}

/* ---- Levers and aims --------------------------------------------------------------------------------------------------- */

/* The share of `from` in what `of` buys of one sector. */
double dr_plan_share(const dr_plan *plan, const dr_solution *solution, size_t s)
{
    dr_result one = plan->all;
    one.sectors = plan->one;
    plan->one[s] = true;
    double share = dr_result_value(&one, plan->model, solution);
    plan->one[s] = false;
    return share;
}

bool dr_plan_covers(const dr_plan *plan, size_t s)
{
    return plan->all.sectors[s] && dr_plan_share(plan, NULL, s) > 0;
}

/* The share of `from` in the sectors marked. */
static dr_status share_result(dr_result *result, const dr_plan *plan, const bool *sectors)
{
    static const dr_result_kind kinds[] = {[DR_SHARE_OF_IMPORTS] = DR_RESULT_SHARE,
                                           [DR_SHARE_OF_USE] = DR_RESULT_USE,
                                           [DR_SHARE_LOOK_THROUGH] = DR_RESULT_LOOK};
    const dr_model *m = plan->model;
    *result = (dr_result){.kind = kinds[plan->share],
                          .look = plan->look,
                          .of = dr_new(m->regions, sizeof(bool)),
                          .from = dr_new(m->regions, sizeof(bool)),
                          .sectors = dr_new(m->sectors, sizeof(bool))};
    if (!result->of || !result->from || !result->sectors)
        return dr_fail_memory();
    memcpy(result->of, plan->sides.of, m->regions * sizeof(bool));
    memcpy(result->from, plan->sides.to, m->regions * sizeof(bool));
    memcpy(result->sectors, sectors, m->sectors * sizeof(bool));
    return DR_OK;
}

/* That of all sectors with a cap. */
static dr_status read_all(dr_plan *plan)
{
    plan->one = dr_new(plan->model->sectors, sizeof *plan->one);
    if (!plan->one)
        return dr_fail_memory();
    for (size_t s = 0; s < plan->model->sectors; s++)
        plan->one[s] = !isnan(plan->cap[s]);
    DR_TRY(share_result(&plan->all, plan, plan->one));
    memset(plan->one, 0, plan->model->sectors * sizeof *plan->one);
    if (dr_result_value(&plan->all, plan->model, NULL) > 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s buys nothing of these sectors from %s: there is nothing to plan", plan->of,
                   plan->from);
}

static bool bought(const dr_plan *plan, size_t s)
{
    const dr_model *m = plan->model;
    bool any = false;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && plan->sides.of[n]; i++)
            any |= plan->sides.to[i] && m->base.flow[(n * m->regions + i) * m->sectors + s] > 0;
    return any;
}

/* Levers are on sectors with a cap that are bought from there. What a sector takes of others as inputs, though, hangs on what they are
 * all bought for: look-through shares have levers on all goods. */
static dr_status choose_taxed(dr_plan *plan)
{
    const dr_model *m = plan->model;
    plan->taxed = dr_new(m->sectors, sizeof *plan->taxed);
    if (!plan->taxed)
        return dr_fail_memory();
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        DR_TRY(dr_select_goods(m->economy, NULL, plan->taxed));
    for (size_t s = 0; s < m->sectors; s++)
        plan->taxed[s] = (plan->taxed[s] || plan->all.sectors[s]) && bought(plan, s);
    return DR_OK;
}

/* The levers of every sector that has some. */
static dr_status make_levers(dr_plan *plan, const dr_plan_options *options, dr_lever **out, size_t *count)
{
    const dr_model *m = plan->model;
    double tariff = options->most_tariff > 0 ? options->most_tariff : 10;
    double support = options->most_support > 0 ? options->most_support : 0.5;
    dr_lever *levers = dr_new(m->sectors * DR_SIDES, sizeof *levers);
    if (!levers)
        return dr_fail_memory();
    *out = levers;
    for (size_t s = 0; s < m->sectors; s++) {
        if (!plan->taxed[s])
            continue;
        for (size_t side = 0; side < DR_SIDES; side++) {
            dr_lever *lever = &levers[*count];
            if (!plan->side[side])
                continue;
            DR_TRY(dr_lever_new(lever, m, &plan->sides, s, (dr_side)side));
            lever->low = side == DR_SIDE_FROM ? 0 : fmax(log(1 - support), dr_lever_lowest(lever, m));
            lever->high = side == DR_SIDE_FROM ? log(1 + tariff) : 0;
            if (lever->count > 0)
                ++*count;
            else
                dr_lever_free(lever);
        }
    }
    return DR_OK;
}

static dr_status welfare_aim(dr_aim *aim, const dr_plan *plan)
{
    aim->result = (dr_result){.kind = DR_RESULT_WELFARE, .of = dr_new(plan->model->regions, sizeof(bool))};
    if (!aim->result.of)
        return dr_fail_memory();
    memcpy(aim->result.of, plan->sides.of, plan->model->regions * sizeof(bool));
    return DR_OK;
}

/* What `of` buys of the taxed sectors from `from`: what a stock is a part of. */
static dr_status stock_aim(dr_aim *aim, const dr_plan *plan)
{
    DR_TRY(share_result(&aim->result, plan, plan->taxed));
    aim->result.kind = DR_RESULT_FLOW;
    return DR_OK;
}

/* Welfare; the share in each sector that has a cap or, with a budget, in all together; and where there is a stock, what it is of. */
static dr_status make_aims(dr_plan *plan, dr_aim **out, size_t *count)
{
    const dr_model *m = plan->model;
    bool *mask = dr_new(m->sectors, sizeof *mask);
    dr_aim *aims = *out = dr_new(m->sectors + 2, sizeof *aims);
    dr_status status = mask && aims ? welfare_aim(&aims[(*count)++], plan) : dr_fail_memory();
    if (status == DR_OK && plan->budget > 0)
        status = share_result(&aims[(*count)++].result, plan, plan->all.sectors);
    for (size_t s = 0; s < m->sectors && plan->capped && status == DR_OK; s++) {
        if (!dr_plan_covers(plan, s))
            continue;
        memset(mask, 0, m->sectors * sizeof *mask);
        mask[s] = true;
        status = share_result(&aims[(*count)++].result, plan, mask);
    }
    plan->shares = *count - 1;
    if (status == DR_OK && plan->months > 0)
        status = stock_aim(&aims[(*count)++], plan);
    free(mask);
    return status;
}

static dr_status make_policy(dr_plan *plan, const dr_plan_options *options)
{
    dr_lever *levers = NULL;
    dr_aim *aims = NULL;
    size_t lever_count = 0, aim_count = 0;
    dr_status status = make_levers(plan, options, &levers, &lever_count);
    if (status == DR_OK)
        status = make_aims(plan, &aims, &aim_count);
    dr_status taken = dr_policy_new(&plan->policy, plan->model, levers, lever_count, aims, aim_count);
    DR_TRY(status);
    DR_TRY(taken);
    plan->policy.threads = options->threads;
    plan->policy.look = plan->look;
    return DR_OK;
}

/* ---- The plan ---------------------------------------------------------------------------------------------------------- */

/* The cut-off, and what it takes where there is no plan. */
static dr_status find_loss(dr_plan *plan)
{
    dr_policy *p = &plan->policy;
    double *nothing = dr_new_doubles(p->count);
    dr_status status =
        nothing ? dr_cutoff_new(&plan->cut, plan->model, &plan->sides, plan->taxed, p->count) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_policy_evaluate(p, nothing, false);
    if (status == DR_OK)
        status = dr_cutoff_evaluate(plan->cut, p, nothing, false);
    if (status == DR_OK)
        plan->loss_before = plan->cut->loss;
    free(nothing);
    return status;
}

static dr_status fill_plan(dr_plan *plan, const dr_plan *earlier, const dr_model *model, const char *of,
                           const char *from, const dr_plan_options *options, bool cut_off)
{
    plan->model = model;
    plan->share = options->share;
    plan->starts = options->starts > 0 ? options->starts : 2;
    plan->of = strdup(of);
    plan->from = strdup(from);
    if (!plan->of || !plan->from)
        return dr_fail_memory();
    DR_TRY(dr_plan_read_limits(plan, options));
    DR_TRY(dr_sides_read(&plan->sides, model->economy, of, from));
    plan->sides.inside = options->inside;
    if (!options->inside)
        DR_TRY(dr_sides_apart(&plan->sides, model->economy, of, from));
    DR_TRY(dr_plan_read_levers(plan, options->levers));
    DR_TRY(dr_plan_read_caps(plan, options));
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        DR_TRY(dr_look_new(&plan->look, model, plan->sides.to));
    DR_TRY(read_all(plan));
    DR_TRY(choose_taxed(plan));
    DR_TRY(make_policy(plan, options));
    if (cut_off || plan->max_loss > 0 || plan->risk > 0)
        DR_TRY(find_loss(plan));
    return dr_plan_search(plan, earlier, options);
}

dr_status dr_plan_check(const char *function, const dr_plan_options *options)
{
    DR_TRY(DR_ONE_OF(function, options->share, DR_SHARE_LOOK_THROUGH));
    DR_TRY(DR_WITHIN(function, options->starts, 0, MOST_STARTS));
    return DR_WITHIN(function, options->threads, 0, INT_MAX);
}

dr_status dr_plan_near(dr_plan **out, const dr_plan *earlier, const dr_model *model, const char *of, const char *from,
                       const dr_plan_options *options, bool cut_off)
{
    dr_plan *plan = dr_new(1, sizeof *plan);
    dr_status status = plan ? fill_plan(plan, earlier, model, of, from, options, cut_off) : dr_fail_memory();
    if (status == DR_OK)
        *out = plan;
    else
        dr_plan_free(plan);
    return status;
}

dr_status dr_plan_new(dr_plan **out, const dr_model *model, const char *of, const char *from,
                      const dr_plan_options *options)
{
    DR_TRY(DR_GIVEN(out, model, of, from, options));
    dr_plan_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(dr_plan_check(__func__, options));
    return dr_plan_near(out, NULL, model, of, from, options, false);
}

const dr_solution *dr_plan_solution(const dr_plan *plan)
{
    return plan ? plan->policy.solution : NULL;
}
