/* The search for a plan: its cost and limits with their derivatives, where to begin, and whether what was found is an optimum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "plan/plan.h"

/* A cap that is missed by more than this, relative to it, is not met; and the largest residual of a plan. */
static const double MET = 1e-8, OPTIMAL = 1e-6;

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
    if (status == DR_OK && better(&plan->optimum, &next)) {
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

static dr_status find_bounds(dr_plan *plan)
{
    const dr_policy *p = &plan->policy;
    plan->low = dr_new_doubles(p->count);
    plan->high = dr_new_doubles(p->count);
    plan->unit = dr_new_doubles(p->count);
    if (!plan->low || !plan->high || !plan->unit)
        return dr_fail_memory();
    dr_lever_units(plan->unit, p->levers, p->count);
    for (size_t l = 0; l < p->count; l++) {
        plan->low[l] = p->levers[l].low;
        plan->high[l] = p->levers[l].high;
    }
    return DR_OK;
}

/* The scale of f's derivatives: what the largest lever would move if the other side bore all of its rate. */
static double scale_of(const dr_plan *plan)
{
    const dr_policy *p = &plan->policy;
    double largest = 0;
    for (size_t l = 0; l < p->count; l++)
        largest = fmax(largest, 100 * p->levers[l].base / dr_plan_income(plan));
    return plan->budget > 0 ? largest / plan->budget : largest;
}

dr_status dr_plan_search(dr_plan *plan, const dr_plan *earlier, const dr_plan_options *options)
{
    dr_policy *p = &plan->policy;
    errand e = {plan, options, 0};
    DR_TRY(find_bounds(plan));
    dr_problem problem = {.variables = p->count,
                          .constraints = plan->shares + (plan->max_loss > 0),
                          .low = plan->low,
                          .high = plan->high,
                          .unit = plan->unit,
                          .objective = objective,
                          .steps = 3,
                          .scale = scale_of(plan),
                          .user = &e};
    put_to_rest(plan);
    do {
        dr_optimum_free(&plan->optimum);
        DR_TRY(dr_optimum_new(&plan->optimum, &problem));
        plan->optimum.f = plan->optimum.violation = INFINITY; /* any is better */
        DR_TRY(search_plan(plan, earlier, &problem));
        DR_TRY(check_plan(plan));
        DR_TRY(dr_policy_evaluate(p, plan->optimum.y, false));
    } while (wake(plan));
    return plan->cut ? dr_cutoff_evaluate(plan->cut, p, plan->optimum.y, false) : DR_OK;
}
