/* The cheapest plan: which levers there are, what is asked of them, and the search. docs/plan.md. */
#define _GNU_SOURCE /* strdup */
#include "plan/plan.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

/* A cap that is missed by more than this, relative to it, is not met; and the largest residual of a plan. */
static const double MET = 1e-8, OPTIMAL = 1e-6;

void dr_plan_free(dr_plan *plan)
{
    if (!plan)
        return;
    dr_policy_free(&plan->policy);
    dr_optimum_free(&plan->optimum);
    free(plan->low);
    free(plan->high);
    free(plan->unit);
    dr_sides_free(&plan->sides);
    dr_result_free(&plan->all);
    free(plan->of);
    free(plan->from);
    free(plan->cap);
    free(plan->one);
    free(plan);
}

/* ---- What is asked ----------------------------------------------------------------------------------------------------- */

static dr_status check_cap(double cap)
{
    if (cap > 0 && cap <= 1)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "a cap of %g: a share above 0 and up to 1 (40%%) was expected", cap);
}

static dr_status cap_row(dr_plan *plan, dr_csv *csv, const int columns[2], bool *mask)
{
    size_t sectors = plan->model->sectors;
    double cap = 0;
    memset(mask, 0, sectors * sizeof *mask);
    dr_status status = dr_select_sector(plan->model->economy, dr_csv_field(csv, (size_t)columns[0]), mask);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    DR_TRY(status);
    if (dr_parse_rate(dr_csv_field(csv, (size_t)columns[1]), &cap) != DR_OK || check_cap(cap) != DR_OK)
        return dr_csv_fail(csv, columns[1], "'%s' is no cap: a share above 0 and up to 100%% was expected",
                           dr_csv_field(csv, (size_t)columns[1]));
    for (size_t s = 0; s < sectors; s++) {
        if (!mask[s])
            continue;
        if (!isnan(plan->cap[s]))
            return dr_csv_fail(csv, columns[0], "the sector %s has a cap already",
                               dr_economy_sector(plan->model->economy, s));
        plan->cap[s] = cap;
    }
    return DR_OK;
}

static dr_status caps_of_file(dr_plan *plan, const char *path)
{
    static const char *const names[] = {"sector", "cap"};
    int columns[2];
    bool more = true, *mask = dr_new(plan->model->sectors, sizeof *mask);
    dr_csv *csv = NULL;
    dr_status status = mask ? dr_csv_open(&csv, path) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_csv_header(csv, names, 2, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = cap_row(plan, csv, columns, mask);
    dr_csv_close(csv);
    free(mask);
    return status;
}

static dr_status caps_of_list(dr_plan *plan, const dr_plan_options *options)
{
    size_t sectors = plan->model->sectors;
    bool *mask = dr_new(sectors, sizeof *mask);
    dr_status status = mask ? dr_select_goods(plan->model->economy, options->sectors, mask) : dr_fail_memory();
    double cap = options->budget > 0 ? 1 : options->cap;
    if (status == DR_OK)
        status = check_cap(cap);
    for (size_t s = 0; s < sectors && status == DR_OK; s++)
        if (mask[s])
            plan->cap[s] = cap;
    free(mask);
    return status;
}

static dr_status read_caps(dr_plan *plan, const dr_plan_options *options)
{
    plan->cap = dr_new_doubles(plan->model->sectors);
    if (!plan->cap)
        return dr_fail_memory();
    for (size_t s = 0; s < plan->model->sectors; s++)
        plan->cap[s] = NAN;
    return options->cap_file ? caps_of_file(plan, options->cap_file) : caps_of_list(plan, options);
}

static dr_status read_levers(dr_plan *plan, const char *list)
{
    static const char *const names[DR_SIDES] = {"tariff", "others", "home"};
    char *copy = strdup(list ? list : names[DR_SIDE_FROM]), *rest = copy, hint[DR_HINT_SIZE];
    dr_status status = copy ? DR_OK : dr_fail_memory();
    for (char *name; status == DR_OK && (name = strsep(&rest, ","));) {
        size_t side = 0;
        while (side < DR_SIDES && strcmp(names[side], name) != 0)
            side++;
        if (side < DR_SIDES)
            plan->side[side] = true;
        else
            status = dr_fail(DR_BAD_INPUT, "unknown lever '%s': expected tariff, others or home%s", name,
                             dr_hint(hint, name, names, DR_SIDES));
    }
    free(copy);
    return status;
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
    const dr_model *m = plan->model;
    *result = (dr_result){.kind = plan->of_use ? DR_RESULT_USE : DR_RESULT_SHARE,
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

/* The levers of every sector with a cap that is bought from there. */
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
        if (!dr_plan_covers(plan, s))
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

/* Welfare; and the share in each sector that has levers or, with a budget, in all together. */
static dr_status make_aims(dr_plan *plan, dr_aim **out, size_t *count)
{
    const dr_model *m = plan->model;
    bool *mask = dr_new(m->sectors, sizeof *mask);
    dr_aim *aims = *out = dr_new(m->sectors + 1, sizeof *aims);
    dr_status status = mask && aims ? welfare_aim(&aims[(*count)++], plan) : dr_fail_memory();
    if (status == DR_OK && plan->budget > 0)
        status = share_result(&aims[(*count)++].result, plan, plan->all.sectors);
    for (size_t s = 0; s < m->sectors && plan->budget == 0 && status == DR_OK; s++) {
        if (!dr_plan_covers(plan, s))
            continue;
        memset(mask, 0, m->sectors * sizeof *mask);
        mask[s] = true;
        status = share_result(&aims[(*count)++].result, plan, mask);
    }
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

/* f: the loss of welfare; g: ln(share / cap) of each capped sector, which says nothing while that is idle. */
static void cost_under_caps(const dr_plan *plan, double *f, double *df, double *g, double *dg)
{
    const dr_policy *p = &plan->policy;
    *f = -p->aims[0].value;
    for (size_t l = 0; l < p->count; l++)
        df[l] = -p->aims[0].gradient[l];
    for (size_t a = 1; a < p->aim_count; a++) {
        const dr_aim *aim = &p->aims[a];
        g[a - 1] = aim->idle ? -1 : log(aim->value / cap_of(plan, aim));
        for (size_t l = 0; l < p->count; l++)
            dg[(a - 1) * p->count + l] = aim->idle ? 0 : aim->gradient[l] / aim->value;
    }
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
    if (e->plan->budget > 0)
        share_under_budget(e->plan, f, df, g, dg);
    else
        cost_under_caps(e->plan, f, df, g, dg);
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

/* Where to begin: at an earlier plan's settings; else shares are taken to fall by rate^theta. */
static void guess(const dr_plan *plan, const dr_plan *earlier, double *y)
{
    const dr_policy *p = &plan->policy;
    for (size_t l = 0; l < p->count; l++) {
        const dr_lever *lever = &p->levers[l];
        y[l] = earlier_setting(earlier, lever);
        if (!isnan(y[l]))
            continue;
        double over = log(dr_plan_share(plan, NULL, lever->sector) / plan->cap[lever->sector]);
        bool taxed = lever->side == DR_SIDE_FROM && plan->budget == 0;
        y[l] = taxed ? fmin(lever->high, fmax(0, 1.2 * over / plan->model->theta[lever->sector])) : 0;
    }
}

/* Whether the second optimum is the better one: within the caps before all. */
static bool better(const dr_optimum *a, const dr_optimum *b)
{
    bool a_meets = a->violation <= MET, b_meets = b->violation <= MET;
    return a_meets != b_meets ? b_meets : b->f < a->f;
}

/* From a guess, and from no policy at all; or only from an earlier plan nearby. */
static dr_status search_plan(dr_plan *plan, const dr_plan *earlier, const dr_problem *problem)
{
    dr_optimum second;
    DR_TRY(dr_optimum_new(&plan->optimum, problem));
    guess(plan, earlier, plan->optimum.y);
    DR_TRY(dr_optimum_find(&plan->optimum, problem));
    if (earlier && plan->optimum.violation <= MET)
        return DR_OK;
    dr_status status = dr_optimum_new(&second, problem);
    if (status == DR_OK)
        status = dr_optimum_find(&second, problem);
    if (status == DR_OK) {
        plan->several = fabs(second.f - plan->optimum.f) > 1e-6 * fmax(fabs(second.f), 1e-3);
        if (better(&plan->optimum, &second)) {
            dr_optimum swap = plan->optimum;
            plan->optimum = second;
            second = swap;
        }
    }
    dr_optimum_free(&second);
    return status;
}

/* A cap that nothing meets, or conditions that do not hold, are no plan. */
static dr_status check_plan(const dr_plan *plan)
{
    const dr_optimum *o = &plan->optimum;
    const dr_economy *e = plan->model->economy;
    size_t worst = 0;
    for (size_t a = 1; a + 1 < plan->policy.aim_count; a++)
        worst = o->g[a] > o->g[worst] ? a : worst;
    if (o->violation > MET && plan->budget == 0) {
        size_t s = sector_of(&plan->policy.aims[worst + 1]);
        return dr_fail(
            DR_NO_SOLUTION,
            "no plan within the bounds brings the share of %s in %s's %s of %s to %.4g%%: the nearest has %.4g%%",
            plan->from, plan->of, plan->of_use ? "use" : "imports", dr_economy_sector(e, s), 100 * plan->cap[s],
            100 * plan->cap[s] * exp(o->g[worst]));
    }
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
    for (size_t a = 1; a < plan->policy.aim_count && plan->budget == 0; a++) {
        dr_aim *aim = &plan->policy.aims[a];
        aim->idle = dr_result_value(&aim->result, plan->model, NULL) < far * cap_of(plan, aim);
    }
}

/* Wakes the caps at rest that the plan breaks; true if there are any. */
static bool wake(dr_plan *plan)
{
    bool any = false;
    for (size_t a = 1; a < plan->policy.aim_count; a++) {
        dr_aim *aim = &plan->policy.aims[a];
        bool broken = aim->idle && aim->value > cap_of(plan, aim) * (1 + MET);
        aim->idle &= !broken;
        any |= broken;
    }
    return any;
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

static dr_status find_plan(dr_plan *plan, const dr_plan *earlier, const dr_plan_options *options)
{
    dr_policy *p = &plan->policy;
    errand e = {plan, options, 0};
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
    dr_problem problem = {.variables = p->count,
                          .constraints = p->aim_count - 1,
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
        DR_TRY(search_plan(plan, earlier, &problem));
        DR_TRY(check_plan(plan));
        DR_TRY(dr_policy_evaluate(p, plan->optimum.y, false));
    } while (wake(plan));
    return DR_OK;
}

static dr_status fill_plan(dr_plan *plan, const dr_plan *earlier, const dr_model *model, const char *of,
                           const char *from, const dr_plan_options *options)
{
    plan->model = model;
    plan->of_use = options->of_use;
    plan->budget = options->budget;
    plan->of = strdup(of);
    plan->from = strdup(from);
    if (!plan->of || !plan->from)
        return dr_fail_memory();
    DR_TRY(dr_sides_read(&plan->sides, model->economy, of, from));
    DR_TRY(read_levers(plan, options->levers));
    DR_TRY(read_caps(plan, options));
    DR_TRY(read_all(plan));
    DR_TRY(make_policy(plan, options));
    return find_plan(plan, earlier, options);
}

dr_status dr_plan_near(dr_plan **out, const dr_plan *earlier, const dr_model *model, const char *of, const char *from,
                       const dr_plan_options *options)
{
    dr_plan *plan = dr_new(1, sizeof *plan);
    dr_status status = plan ? fill_plan(plan, earlier, model, of, from, options) : dr_fail_memory();
    if (status == DR_OK)
        *out = plan;
    else
        dr_plan_free(plan);
    return status;
}

dr_status dr_plan_new(dr_plan **out, const dr_model *model, const char *of, const char *from,
                      const dr_plan_options *options)
{
    return dr_plan_near(out, NULL, model, of, from, options);
}

const dr_solution *dr_plan_solution(const dr_plan *plan)
{
    return plan->policy.solution;
}
