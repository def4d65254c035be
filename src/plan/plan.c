/* The cheapest plan: which levers there are, what is asked of them, and the search. docs/plan.md. */
#define _GNU_SOURCE /* strdup */
#include "plan/plan.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

/* A cap that is missed by more than this, relative to it, is not met; and the largest residual of a plan. */
static const double MET = 1e-8, OPTIMAL = 1e-6;

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
            lever->low = side == DR_SIDE_FROM ? 0 : log(1 - support);
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
    plan->policy.threads = options->threads > 0 ? options->threads : omp_get_max_threads();
    plan->policy.look = plan->look;
    return DR_OK;
}

/* ---- The search -------------------------------------------------------------------------------------------------------- */

/* What a search needs to say how far it is. */
typedef struct errand {
    dr_plan *plan;
    const dr_plan_options *options;
    size_t done;
} errand;

/* The sector that a share is of. */
static size_t sector_of(const dr_aim *aim)
{
    size_t s = 0;
    while (!aim->result.sectors[s])
        s++;
    return s;
}

static double cap_of(const dr_plan *plan, const dr_aim *aim)
{
    return plan->cap[sector_of(aim)];
}

/* What the plan costs: the loss of welfare and what a stock costs to carry; where a risk is all that is asked, with what a cut-off then takes
 * of what is left, times its probability. */
static void cost_of(const dr_plan *plan, double *f, double *df)
{
    const dr_policy *p = &plan->policy;
    const dr_aim *welfare = &p->aims[0], *stock = plan->months > 0 ? &p->aims[plan->shares + 1] : NULL;
    double carried = dr_plan_carried(plan), chance = dr_plan_insures(plan) ? plan->risk * dr_plan_uncovered(plan) : 0;
    double loss = chance > 0 ? plan->cut->loss : 0;
    *f = -welfare->value + (stock ? carried * stock->value : 0) + chance * loss * (1 + welfare->value / 100);
    for (size_t l = 0; l < p->count; l++) {
        df[l] = welfare->gradient[l] * (chance * loss / 100 - 1) + (stock ? carried * stock->gradient[l] : 0);
        df[l] += chance > 0 ? chance * (1 + welfare->value / 100) * plan->cut->gradient[l] : 0;
    }
}

/* f: the cost; g: ln(share / cap) of each capped sector, which says nothing while that is idle, and what a cut-off takes over its limit,
 * less 1. */
static void cost_under_limits(const dr_plan *plan, double *f, double *df, double *g, double *dg)
{
    const dr_policy *p = &plan->policy;
    cost_of(plan, f, df);
    for (size_t a = 1; a <= plan->shares; a++) {
        const dr_aim *aim = &p->aims[a];
        g[a - 1] = aim->idle ? -1 : log(aim->value / cap_of(plan, aim));
        for (size_t l = 0; l < p->count; l++)
            dg[(a - 1) * p->count + l] = aim->idle ? 0 : aim->gradient[l] / aim->value;
    }
    if (plan->max_loss == 0)
        return;
    double part = dr_plan_uncovered(plan) / plan->max_loss;
    g[plan->shares] = part * plan->cut->loss - 1;
    for (size_t l = 0; l < p->count; l++)
        dg[plan->shares * p->count + l] = part * plan->cut->gradient[l];
}

/* f: ln of the share in all sectors together; g: what the loss of welfare is above the budget. */
static void share_under_budget(const dr_plan *plan, double *f, double *df, double *g, double *dg)
{
    const dr_policy *p = &plan->policy;
    *f = log(p->aims[1].value);
    *g = -p->aims[0].value - plan->budget;
    for (size_t l = 0; l < p->count; l++) {
        df[l] = p->aims[1].gradient[l] / p->aims[1].value;
        dg[l] = -p->aims[0].gradient[l];
    }
}

static dr_status objective(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    errand *e = user;
    DR_TRY(dr_policy_evaluate(&e->plan->policy, y, true));
    if (e->plan->max_loss > 0 || dr_plan_insures(e->plan))
        DR_TRY(dr_cutoff_evaluate(e->plan->cut, &e->plan->policy, y, true));
    if (e->plan->budget > 0)
        share_under_budget(e->plan, f, df, g, dg);
    else
        cost_under_limits(e->plan, f, df, g, dg);
    if (e->options->progress)
        e->options->progress("searching for the cheapest plan", ++e->done, 0, e->options->user);
    return DR_OK;
}

/* What a lever was set to in an earlier plan; NAN: it had none like it. */
static double earlier_setting(const dr_plan *earlier, const dr_lever *lever)
{
    for (size_t l = 0; earlier && l < earlier->policy.count; l++)
        if (earlier->policy.levers[l].side == lever->side && earlier->policy.levers[l].sector == lever->sector)
            return earlier->optimum.y[l];
    return NAN;
}

/* ln of how far the share that hangs on a lever of this sector is above its cap; that of a look-through share, on all of them. */
static double excess(const dr_plan *plan, size_t sector)
{
    double most = 0;
    for (size_t s = 0; s < plan->model->sectors; s++)
        if (dr_plan_covers(plan, s) && (s == sector || plan->share == DR_SHARE_LOOK_THROUGH))
            most = fmax(most, log(dr_plan_share(plan, NULL, s) / plan->cap[s]));
    return most;
}

/* Where to begin: at an earlier plan's settings; else shares are taken to fall by rate^theta. */
static void guess(const dr_plan *plan, const dr_plan *earlier, double *y)
{
    const dr_policy *p = &plan->policy;
    for (size_t l = 0; l < p->count; l++) {
        const dr_lever *lever = &p->levers[l];
        y[l] = earlier_setting(earlier, lever);
        if (!isnan(y[l]))
            continue;
        double over = plan->capped ? 1.2 * excess(plan, lever->sector) : plan->budget > 0 ? 0 : 0.5;
        bool taxed = lever->side == DR_SIDE_FROM;
        y[l] = taxed ? fmin(lever->high, over / plan->model->theta[lever->sector]) : 0;
    }
}

/* Where the k-th start begins: at the guess, at no policy at all, or anywhere: tariffs up to 100%, support up to 30%. */
static void begin_at(const dr_plan *plan, const dr_plan *earlier, size_t k, double *y)
{
    const double highest = log(2), lowest = log(0.7);
    dr_random random = dr_random_stream(1, k);
    if (k == 0)
        guess(plan, earlier, y);
    for (size_t l = 0; l < plan->policy.count && k > 1; l++)
        y[l] = dr_random_uniform(&random) * (fmin(highest, plan->high[l]) + fmax(lowest, plan->low[l]));
}

/* Whether the second optimum is the better one: within the limits before all. */
static bool better(const dr_optimum *a, const dr_optimum *b)
{
    bool a_meets = a->violation <= MET, b_meets = b->violation <= MET;
    return a_meets != b_meets ? b_meets : b->f < a->f;
}

/* How many of the starts lead to another cost than the best: they end in an optimum that is one nearby only. */
static void count_others(dr_plan *plan, const double *costs)
{
    double best = plan->optimum.f;
    plan->others = 0;
    for (size_t k = 0; k < plan->starts; k++)
        plan->others += !(fabs(costs[k] - best) <= 1e-6 * fmax(fabs(best), 1e-3));
}

/* Finds the optimum from the k-th start and keeps the better one. From other starts than the first two a search may fail. */
static dr_status search_from(dr_plan *plan, const dr_plan *earlier, const dr_problem *problem, size_t k, double *cost)
{
    dr_optimum next;
    dr_status status = dr_optimum_new(&next, problem);
    if (status == DR_OK) {
        begin_at(plan, earlier, k, next.y);
        status = dr_optimum_find(&next, problem);
    }
    *cost = status == DR_OK ? next.f : NAN;
    if (status == DR_OK && (k == 0 || better(&plan->optimum, &next))) {
        dr_optimum swap = plan->optimum;
        plan->optimum = next;
        next = swap;
    }
    dr_optimum_free(&next);
    return status == DR_NO_SOLUTION && k > 1 ? DR_OK : status;
}

/* From a guess, from no policy at all, and from other places; or only from an earlier plan nearby. */
static dr_status search_plan(dr_plan *plan, const dr_plan *earlier, const dr_problem *problem)
{
    double *costs = dr_new_doubles(plan->starts);
    dr_status status = costs ? DR_OK : dr_fail_memory();
    for (size_t k = 0; k < plan->starts && status == DR_OK; k++) {
        status = search_from(plan, earlier, problem, k, &costs[k]);
        if (earlier && plan->optimum.violation <= MET)
            plan->starts = 1;
    }
    if (status == DR_OK)
        count_others(plan, costs);
    free(costs);
    return status;
}

static dr_status check_caps(const dr_plan *plan)
{
    const dr_optimum *o = &plan->optimum;
    size_t worst = 0;
    for (size_t a = 1; a < plan->shares; a++)
        worst = o->g[a] > o->g[worst] ? a : worst;
    if (plan->shares == 0 || o->g[worst] <= MET)
        return DR_OK;
    size_t s = sector_of(&plan->policy.aims[worst + 1]);
    static const char *const wholes[] = {"imports of", "use of", "inputs, through every stage, of"};
    return dr_fail(DR_NO_SOLUTION,
                   "no plan within the bounds brings the share of %s in %s's %s %s to %.4g%%: the nearest has %.4g%%",
                   plan->from, plan->of, wholes[plan->share], dr_economy_sector(plan->model->economy, s),
                   100 * plan->cap[s], 100 * plan->cap[s] * exp(o->g[worst]));
}

/* A limit that nothing meets, or conditions that do not hold, are no plan. */
static dr_status check_plan(const dr_plan *plan)
{
    const dr_optimum *o = &plan->optimum;
    if (plan->capped)
        DR_TRY(check_caps(plan));
    if (plan->max_loss > 0 && o->g[plan->shares] > MET)
        return dr_fail(DR_NO_SOLUTION,
                       "no plan within the bounds brings what %s loses if %s cuts supply to %.4g%% of real income: the "
                       "nearest leaves %.4g%%",
                       plan->of, plan->from, plan->max_loss, plan->max_loss * (1 + o->g[plan->shares]));
    if (dr_optimum_residual(o) > OPTIMAL)
        return dr_fail(DR_NO_SOLUTION,
                       "no optimum was found in %d evaluations: first-order conditions hold to %.1e only, not %.0e",
                       o->evaluations, dr_optimum_residual(o), OPTIMAL);
    return DR_OK;
}

/* Caps that are far from what there is in the base will hardly bind: their derivatives are left out until they do. */
static void put_to_rest(dr_plan *plan)
{
    const double far = 0.8;
    for (size_t a = 1; a <= plan->shares && plan->capped; a++) {
        dr_aim *aim = &plan->policy.aims[a];
        aim->idle = dr_result_value(&aim->result, plan->model, NULL) < far * cap_of(plan, aim);
    }
}

/* Wakes the caps at rest that the plan breaks; true if there are any. */
static bool wake(dr_plan *plan)
{
    bool any = false;
    for (size_t a = 1; a <= plan->shares; a++) {
        dr_aim *aim = &plan->policy.aims[a];
        bool broken = aim->idle && aim->value > cap_of(plan, aim) * (1 + MET);
        aim->idle &= !broken;
        any |= broken;
    }
    return any;
}

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

static dr_status find_bounds(dr_plan *plan)
{
    const dr_policy *p = &plan->policy;
    plan->low = dr_new_doubles(p->count);
    plan->high = dr_new_doubles(p->count);
    if (!plan->low || !plan->high)
        return dr_fail_memory();
    for (size_t l = 0; l < p->count; l++) {
        plan->low[l] = p->levers[l].low;
        plan->high[l] = p->levers[l].high;
    }
    return DR_OK;
}

static dr_status find_plan(dr_plan *plan, const dr_plan *earlier, const dr_plan_options *options)
{
    dr_policy *p = &plan->policy;
    errand e = {plan, options, 0};
    DR_TRY(find_bounds(plan));
    dr_problem problem = {.variables = p->count,
                          .constraints = plan->shares + (plan->max_loss > 0),
                          .low = plan->low,
                          .high = plan->high,
                          .objective = objective,
                          .steps = plan->max_loss > 0 || dr_plan_insures(plan) ? 3 : 0,
                          .user = &e};
    put_to_rest(plan);
    do {
        dr_optimum_free(&plan->optimum);
        plan->optimum = (dr_optimum){0};
        DR_TRY(search_plan(plan, earlier, &problem));
        DR_TRY(check_plan(plan));
        DR_TRY(dr_policy_evaluate(p, plan->optimum.y, false));
    } while (wake(plan));
    return plan->cut ? dr_cutoff_evaluate(plan->cut, p, plan->optimum.y, false) : DR_OK;
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
    DR_TRY(dr_plan_read_levers(plan, options->levers));
    DR_TRY(dr_plan_read_caps(plan, options));
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        DR_TRY(dr_look_new(&plan->look, model, plan->sides.to));
    DR_TRY(read_all(plan));
    DR_TRY(choose_taxed(plan));
    DR_TRY(make_policy(plan, options));
    if (cut_off || plan->max_loss > 0 || plan->risk > 0)
        DR_TRY(find_loss(plan));
    return find_plan(plan, earlier, options);
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
    return dr_plan_near(out, NULL, model, of, from, options, false);
}

const dr_solution *dr_plan_solution(const dr_plan *plan)
{
    return plan->policy.solution;
}
