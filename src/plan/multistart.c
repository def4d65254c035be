/* The search for the optimum of a plan from several starting points: objective and constraints with their derivatives,
 * the starting points, and the check that the result is an optimum within the limits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "plan/plan.h"

/* Largest relative excess over a limit that counts as met; largest residual of the first-order conditions of a plan. */
static const double MET = 1e-8, OPTIMAL = 1e-6;

/* The user data of the objective. */
typedef struct search_state {
    dr_plan *plan;
    const dr_plan_options *options;
    size_t evaluations; /* reported as progress */
} search_state;

/* The cost -W + S of the plan and, where it maximises expected real income, the expected loss p (1 + W) L besides
 * (insurance.c has the notation), all in percent of real income; and the derivatives. */
static void cost_of(const dr_plan *plan, double *f, double *df)
{
    const dr_policy *p = &plan->policy;
    const dr_aim *welfare = &p->aims[0], *stock = plan->stock_months > 0 ? &p->aims[dr_plan_limited(plan) + 1] : NULL;
    double carrying = dr_plan_carrying_cost(plan),
           chance = dr_plan_insures(plan) ? plan->risk * dr_plan_uncovered(plan) : 0;
    double loss = chance > 0 ? plan->cutoff->loss : 0;
    *f = -welfare->value + (stock ? carrying * stock->value : 0) + chance * loss * (1 + welfare->value / 100);
    for (size_t l = 0; l < p->count; l++) {
        df[l] = welfare->gradient[l] * (chance * loss / 100 - 1) + (stock ? carrying * stock->gradient[l] : 0);
        df[l] += chance > 0 ? chance * (1 + welfare->value / 100) * plan->cutoff->gradient[l] : 0;
    }
}

/* Minimise f, the cost, subject to g <= 0: ln(share / cap) of each capped sector (a constant -1 while its aim is idle),
 * the same of concentrations, and loss / largest loss - 1 where the loss from a cut-off is limited. */
static void cost_under_limits(const dr_plan *plan, double *f, double *df, double *g, double *dg)
{
    const dr_policy *p = &plan->policy;
    cost_of(plan, f, df);
    size_t limited = dr_plan_limited(plan);
    for (size_t a = 1; a <= limited; a++) {
        const dr_aim *aim = &p->aims[a];
        g[a - 1] = aim->idle ? -1 : log(aim->value / dr_plan_limit_of(plan, aim));
        for (size_t l = 0; l < p->count; l++)
            dg[(a - 1) * p->count + l] = aim->idle ? 0 : aim->gradient[l] / aim->value;
    }
    if (plan->max_loss == 0)
        return;
    double part = dr_plan_uncovered(plan) / plan->max_loss;
    g[limited] = part * plan->cutoff->loss - 1;
    for (size_t l = 0; l < p->count; l++)
        dg[limited * p->count + l] = part * plan->cutoff->gradient[l];
}

/* Minimise f, the logarithm of the total share, subject to g <= 0: the loss of welfare less the budget. */
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
    search_state *state = user;
    DR_TRY(dr_policy_evaluate(&state->plan->policy, y, true));
    if (state->plan->max_loss > 0 || dr_plan_insures(state->plan))
        DR_TRY(dr_cutoff_evaluate(state->plan->cutoff, &state->plan->policy, y, true));
    if (state->plan->budget > 0)
        share_under_budget(state->plan, f, df, g, dg);
    else
        cost_under_limits(state->plan, f, df, g, dg);
    if (state->options->progress)
        state->options->progress("searching for the least-cost plan", ++state->evaluations, 0, state->options->user);
    return DR_OK;
}

/* The setting of an instrument in an earlier plan; NAN: that plan has no such instrument. */
static double earlier_setting(const dr_plan *earlier, const dr_instrument *instrument)
{
    for (size_t l = 0; earlier && l < earlier->policy.count; l++)
        if (earlier->policy.instruments[l].origin == instrument->origin &&
            earlier->policy.instruments[l].sector == instrument->sector)
            return earlier->optimum.y[l];
    return NAN;
}

/* ln(share / cap) of the base share that an instrument of this sector affects, or the same of its concentration, 0
 * where it is within its cap. Look-through shares are affected by the instruments of all sectors: the largest. */
static double excess(const dr_plan *plan, size_t sector)
{
    double most = 0;
    for (size_t a = 1; a <= dr_plan_limited(plan); a++) {
        const dr_aim *aim = &plan->policy.aims[a];
        double value = dr_result_value(&aim->result, plan->model, dr_plan_before(plan));
        if (aim->result.sectors[sector] || aim->result.kind == DR_RESULT_LOOK)
            most = fmax(most, log(value / dr_plan_limit_of(plan, aim)));
    }
    return most;
}

/* The first starting point: an earlier plan's settings, else the rates that meet the caps if a share falls as
 * (1 + rate)^-theta, with a fifth to spare. */
static void guess(const dr_plan *plan, const dr_plan *earlier, double *y)
{
    const dr_policy *p = &plan->policy;
    for (size_t l = 0; l < p->count; l++) {
        const dr_instrument *instrument = &p->instruments[l];
        y[l] = earlier_setting(earlier, instrument);
        if (!isnan(y[l]))
            continue;
        double over = plan->budget > 0 ? 0 : dr_plan_limited(plan) > 0 ? 1.2 * excess(plan, instrument->sector) : 0.5;
        bool taxed = instrument->origin == DR_ORIGIN_FROM;
        y[l] = taxed ? fmin(instrument->high, over / plan->model->theta[instrument->sector]) : 0;
    }
}

/* The k-th starting point: the guess (0), no policy (1), then random ones with tariffs up to 100% and support up to
 * 30%. */
static void starting_point(const dr_plan *plan, const dr_plan *earlier, size_t k, double *y)
{
    const double highest = log(2), lowest = log(0.7);
    dr_random random = dr_random_stream(1, k);
    if (k == 0)
        guess(plan, earlier, y);
    for (size_t l = 0; l < plan->policy.count && k > 1; l++)
        y[l] = dr_random_uniform(&random) * (fmin(highest, plan->high[l]) + fmax(lowest, plan->low[l]));
}

/* Whether b is better than a: first whether it is within the limits, then the objective. */
static bool better(const dr_optimum *a, const dr_optimum *b)
{
    bool a_meets = a->violation <= MET, b_meets = b->violation <= MET;
    return a_meets != b_meets ? b_meets : b->f < a->f;
}

/* Counts the starts that lead to another cost than the best one: to another local optimum, or to none. */
static void count_starts_elsewhere(dr_plan *plan, const double *costs)
{
    double best = plan->optimum.f;
    plan->starts_elsewhere = 0;
    for (size_t k = 0; k < plan->starts; k++)
        plan->starts_elsewhere += !(fabs(costs[k] - best) <= 1e-6 * fmax(fabs(best), 1e-3));
}

/* Searches from the k-th starting point and keeps the better optimum. A search from a random start may fail. */
static dr_status search_from(dr_plan *plan, const dr_plan *earlier, const dr_problem *problem, size_t k, double *cost)
{
    dr_optimum next;
    dr_status status = dr_optimum_new(&next, problem);
    if (status == DR_OK) {
        starting_point(plan, earlier, k, next.y);
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

/* Searches from all starting points, or only from an earlier plan if that leads to a plan within the limits. */
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
        count_starts_elsewhere(plan, costs);
    free(costs);
    return status;
}

static dr_status check_caps(const dr_plan *plan)
{
    const dr_optimum *o = &plan->optimum;
    size_t worst = 0;
    for (size_t a = 1; a < dr_plan_limited(plan); a++)
        worst = o->g[a] > o->g[worst] ? a : worst;
    if (dr_plan_limited(plan) == 0 || o->g[worst] <= MET)
        return DR_OK;
    const dr_aim *aim = &plan->policy.aims[worst + 1];
    double limit = dr_plan_limit_of(plan, aim), lowest = limit * exp(o->g[worst]);
    size_t s = 0;
    while (!aim->result.sectors[s])
        s++;
    const char *sector = dr_economy_sector(plan->model->economy, s);
    static const char *const wholes[] = {"imports of", "use of", "direct and indirect inputs of"};
    if (aim->result.kind == DR_RESULT_CONCENTRATION)
        return dr_fail(DR_NO_SOLUTION,
                       "infeasible: by instruments against %s, within their bounds, the lowest attainable "
                       "concentration of %s's imports of %s is %.4g (limit %.4g)",
                       plan->from, plan->of, sector, lowest, limit);
    return dr_fail(
        DR_NO_SOLUTION,
        "infeasible: within the bounds the lowest attainable share of %s in %s's %s %s is %.4g%% (cap %.4g%%)",
        plan->from, plan->of, wholes[plan->share], sector, 100 * lowest, 100 * limit);
}

/* Fails where a limit is not met or the first-order conditions do not hold. */
static dr_status check_plan(const dr_plan *plan)
{
    const dr_optimum *o = &plan->optimum;
    if (plan->budget == 0)
        DR_TRY(check_caps(plan));
    if (plan->max_loss > 0 && o->g[dr_plan_limited(plan)] > MET)
        return dr_fail(
            DR_NO_SOLUTION,
            "infeasible: within the bounds the lowest attainable loss of %s from a cut-off by %s is %.4g%% of "
            "real income (limit %.4g%%)",
            plan->of, plan->from, plan->max_loss * (1 + o->g[dr_plan_limited(plan)]), plan->max_loss);
    if (dr_optimum_residual(o) > OPTIMAL)
        return dr_fail(DR_NO_SOLUTION,
                       "no optimum was found in %d evaluations: the residual of the first-order conditions is %.1e, "
                       "above %.0e",
                       o->evaluations, dr_optimum_residual(o), OPTIMAL);
    return DR_OK;
}

/* Caps that are far above the share in the base will hardly bind. Their derivatives are left out unless the plan breaks
 * them. */
static void skip_slack_caps(dr_plan *plan)
{
    const double far = 0.8;
    for (size_t a = 1; a <= dr_plan_limited(plan) && plan->budget == 0; a++) {
        dr_aim *aim = &plan->policy.aims[a];
        aim->idle =
            dr_result_value(&aim->result, plan->model, dr_plan_before(plan)) < far * dr_plan_limit_of(plan, aim);
    }
}

/* Restores the caps that were left out and are broken by the plan; true if there are any. */
static bool restore_broken_caps(dr_plan *plan)
{
    bool any = false;
    for (size_t a = 1; a <= dr_plan_limited(plan); a++) {
        dr_aim *aim = &plan->policy.aims[a];
        bool broken = aim->idle && aim->value > dr_plan_limit_of(plan, aim) * (1 + MET);
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
    dr_instrument_units(plan->unit, p->instruments, p->count);
    for (size_t l = 0; l < p->count; l++) {
        plan->low[l] = p->instruments[l].low;
        plan->high[l] = p->instruments[l].high;
    }
    return DR_OK;
}

/* The scale of f's derivatives: the revenue per unit of rate of the largest instrument, as a part of income, which is
 * its effect on welfare if the other side bore the whole tariff. */
static double scale_of(const dr_plan *plan)
{
    const dr_policy *p = &plan->policy;
    double largest = 0;
    for (size_t l = 0; l < p->count; l++)
        largest = fmax(largest, 100 * p->instruments[l].base / dr_plan_income(plan));
    return plan->budget > 0 ? largest / plan->budget : largest;
}

static dr_problem problem_of(const dr_plan *plan, dr_objective *minimised, size_t constraints, search_state *state)
{
    return (dr_problem){.variables = plan->policy.count,
                        .constraints = constraints,
                        .low = plan->low,
                        .high = plan->high,
                        .unit = plan->unit,
                        .objective = minimised,
                        .line_search_steps = 3,
                        .scale = scale_of(plan),
                        .user = state};
}

/* Whether nothing but tariffs stands between the base and what is best for all: no scale economies, no markups, no
 * larger markets with more varieties, no taxes on labour that revenue takes the place of. */
static bool undistorted(const dr_model *m)
{
    bool taxed = m->labour_supply > 0 && m->revenue_use == DR_REVENUE_INCOME_TAX;
    return !m->scale && !m->cost_part && !m->reach && !taxed;
}

/* Where all limits are met without a policy, nothing costs all regions together less: the cost of any policy is above
 * zero (docs/model.md, "Cost of a policy"). *done is whether that is the plan, in plan->optimum. */
static dr_status try_nothing(dr_plan *plan, const dr_problem *problem, bool *done)
{
    *done = false;
    if (!plan->efficient || plan->budget > 0 || dr_plan_insures(plan) || !undistorted(plan->model))
        return DR_OK;
    DR_TRY(dr_optimum_check(&plan->optimum, problem));
    *done = plan->optimum.violation <= MET;
    if (*done) {
        plan->starts = 1;
        plan->starts_elsewhere = 0;
    }
    return DR_OK;
}

dr_status dr_plan_search(dr_plan *plan, const dr_plan *earlier, const dr_plan_options *options)
{
    dr_policy *p = &plan->policy;
    search_state state = {plan, options, 0};
    bool done;
    DR_TRY(find_bounds(plan));
    dr_problem problem = problem_of(plan, objective, dr_plan_limited(plan) + (plan->max_loss > 0), &state);
    skip_slack_caps(plan);
    do {
        dr_optimum_free(&plan->optimum);
        DR_TRY(dr_optimum_new(&plan->optimum, &problem));
        DR_TRY(try_nothing(plan, &problem, &done));
        if (!done) {
            plan->optimum.f = plan->optimum.violation = INFINITY; /* every optimum is better */
            DR_TRY(search_plan(plan, earlier, &problem));
        }
        DR_TRY(check_plan(plan));
        DR_TRY(dr_policy_evaluate(p, plan->optimum.y, false));
    } while (restore_broken_caps(plan));
    return plan->cutoff ? dr_cutoff_evaluate(plan->cutoff, p, plan->optimum.y, false) : DR_OK;
}

/* ---- The best policy without limits ----------------------------------------------------------------------------- */

static dr_status objective_alone(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    const search_state *state = user;
    dr_policy *p = &state->plan->policy;
    (void)g, (void)dg;
    DR_TRY(dr_policy_evaluate(p, y, true));
    *f = -p->aims[0].value;
    for (size_t l = 0; l < p->count; l++)
        df[l] = -p->aims[0].gradient[l];
    return DR_OK;
}

/* Searches with all other aims idle, then returns to the plan. */
static dr_status search_alone(dr_plan *plan, const dr_plan_options *options)
{
    dr_policy *p = &plan->policy;
    search_state state = {plan, options, 0};
    dr_problem problem = problem_of(plan, objective_alone, 0, &state);
    dr_optimum best;
    for (size_t a = 1; a < p->aim_count; a++)
        p->aims[a].idle = true;
    dr_status status = dr_optimum_new(&best, &problem);
    if (status == DR_OK)
        memcpy(best.y, plan->optimum.y, p->count * sizeof *best.y);
    if (status == DR_OK)
        status = dr_optimum_find(&best, &problem);
    if (status == DR_OK && dr_optimum_residual(&best) > OPTIMAL)
        status = dr_fail(DR_NO_SOLUTION,
                         "the best policy without caps was not found: the residual of the first-order conditions is "
                         "%.1e, above %.0e",
                         dr_optimum_residual(&best), OPTIMAL);
    plan->best = -best.f;
    dr_optimum_free(&best);
    DR_TRY(status);
    return dr_policy_evaluate(p, plan->optimum.y, false);
}

dr_status dr_plan_search_best(dr_plan *plan, const dr_plan_options *options)
{
    plan->best = plan->efficient && undistorted(plan->model) ? 0 : NAN;
    if (plan->budget > 0 || dr_plan_insures(plan))
        plan->best = NAN;
    else if (isnan(plan->best))
        return search_alone(plan, options);
    return DR_OK;
}
