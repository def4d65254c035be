/* The optimisation problem of a plan: its instruments, and the results that its objective and limits are made of. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

/* ---- The total share --------------------------------------------------------------------------------------------- */

static dr_status build_total(dr_plan *plan)
{
    size_t sectors = plan->model->sectors;
    plan->one_sector = dr_new(sectors, sizeof *plan->one_sector);
    if (!plan->one_sector)
        return dr_fail_memory();
    for (size_t s = 0; s < sectors; s++)
        plan->one_sector[s] = !isnan(plan->cap[s]);
    DR_TRY(dr_plan_share_result(&plan->total, plan, plan->one_sector));
    memset(plan->one_sector, 0, sectors * sizeof *plan->one_sector);
    if (dr_result_value(&plan->total, plan->model, dr_plan_before(plan)) > 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s buys nothing of these sectors from %s: there is no dependence to reduce", plan->of,
                   plan->from);
}

/* ---- Instruments ------------------------------------------------------------------------------------------------- */

static bool buys(const dr_plan *plan, size_t s)
{
    const dr_model *m = plan->model;
    bool any = false;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && plan->sides.of[n]; i++)
            any |= plan->sides.to[i] && m->base.flow[(n * m->regions + i) * m->sectors + s] > 0;
    return any;
}

/* Sectors with a cap that are bought from `from` have instruments. A look-through share depends on the purchases of all
 * inputs, so that there all goods have instruments. */
static dr_status choose_taxed(dr_plan *plan)
{
    const dr_model *m = plan->model;
    plan->taxed = dr_new(m->sectors, sizeof *plan->taxed);
    if (!plan->taxed)
        return dr_fail_memory();
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        DR_TRY(dr_select_goods(m->economy, NULL, plan->taxed));
    for (size_t s = 0; s < m->sectors; s++)
        plan->taxed[s] = (plan->taxed[s] || plan->total.sectors[s]) && buys(plan, s);
    return DR_OK;
}

/* One instrument for each taxed sector and each origin that the plan may tax; those without trade are left out. */
static dr_status make_instruments(dr_plan *plan, const dr_plan_options *options, dr_instrument **out, size_t *count)
{
    const double default_tariff = 10, default_support = 0.5;
    const dr_model *m = plan->model;
    double tariff = options->most_tariff > 0 ? options->most_tariff : default_tariff;
    double support = options->most_support > 0 ? options->most_support : default_support;
    dr_instrument *instruments = dr_new(m->sectors * DR_ORIGINS, sizeof *instruments);
    if (!instruments)
        return dr_fail_memory();
    *out = instruments;
    for (size_t s = 0; s < m->sectors; s++) {
        if (!plan->taxed[s])
            continue;
        for (size_t origin = 0; origin < DR_ORIGINS; origin++) {
            dr_instrument *instrument = &instruments[*count];
            bool is_tariff = origin == DR_ORIGIN_FROM;
            if (!plan->origin[origin])
                continue;
            DR_TRY(dr_instrument_new(instrument, m, &plan->sides, s, (dr_origin)origin));
            ++*count; /* freed with the others, if that fails */
            DR_TRY(dr_plan_leave_banned(plan, instrument));
            --*count;
            instrument->low = is_tariff ? 0 : fmax(log(1 - support), dr_instrument_lowest(instrument, m));
            instrument->high = is_tariff ? log(1 + tariff) : 0;
            if (instrument->count > 0)
                ++*count;
            else
                dr_instrument_free(instrument);
        }
    }
    return DR_OK;
}

/* ---- Aims -------------------------------------------------------------------------------------------------------- */

/* The cost of the plan with the sign of a gain. */
static dr_status objective_aim(dr_aim *aim, const dr_plan *plan)
{
    aim->result = (dr_result){.kind = plan->efficient ? DR_RESULT_EFFICIENCY : DR_RESULT_WELFARE,
                              .of = dr_new(plan->model->regions, sizeof(bool)),
                              .before = plan->before};
    if (!aim->result.of)
        return dr_fail_memory();
    memcpy(aim->result.of, plan->sides.of, plan->model->regions * sizeof(bool));
    return DR_OK;
}

/* The purchases of the taxed sectors from `from`, of which a stock is a part. */
static dr_status stock_aim(dr_aim *aim, const dr_plan *plan)
{
    DR_TRY(dr_plan_share_result(&aim->result, plan, plan->taxed));
    aim->result.kind = DR_RESULT_FLOW;
    return DR_OK;
}

/* One aim for each sector in which there is something to limit: its share or, with `concentration`, its index. */
static dr_status sector_aims(dr_plan *plan, bool concentration, dr_aim *aims, size_t *count)
{
    const dr_model *m = plan->model;
    bool *mask = dr_new(m->sectors, sizeof *mask);
    dr_status status = mask ? DR_OK : dr_fail_memory();
    for (size_t s = 0; s < m->sectors && status == DR_OK; s++) {
        if (concentration ? !plan->total.sectors[s] : !dr_plan_covers(plan, s))
            continue;
        dr_aim *aim = &aims[(*count)++];
        memset(mask, 0, m->sectors * sizeof *mask);
        mask[s] = true;
        status = dr_plan_share_result(&aim->result, plan, mask);
        if (concentration)
            aim->result.kind = DR_RESULT_CONCENTRATION;
        if (status == DR_OK && concentration &&
            isnan(dr_result_value(&aim->result, m, dr_plan_before(plan)))) { /* no imports */
            dr_result_free(&aim->result);
            *aim = (dr_aim){0};
            --*count;
        }
    }
    free(mask);
    return status;
}

/* The objective; the share in each capped sector or, under a budget, the total share; concentrations; the purchases to
 * be stocked. */
static dr_status make_aims(dr_plan *plan, dr_aim **out, size_t *count)
{
    dr_aim *aims = *out = dr_new(2 * plan->model->sectors + 2, sizeof *aims);
    if (!aims)
        return dr_fail_memory();
    DR_TRY(objective_aim(&aims[(*count)++], plan));
    if (plan->budget > 0)
        DR_TRY(dr_plan_share_result(&aims[(*count)++].result, plan, plan->total.sectors));
    if (plan->capped)
        DR_TRY(sector_aims(plan, false, aims, count));
    plan->shares = *count - 1;
    if (plan->most_concentration > 0)
        DR_TRY(sector_aims(plan, true, aims, count));
    plan->concentrations = *count - 1 - plan->shares;
    return plan->stock_months > 0 ? stock_aim(&aims[(*count)++], plan) : DR_OK;
}

static dr_status make_policy(dr_plan *plan, const dr_plan_options *options)
{
    dr_instrument *instruments = NULL;
    dr_aim *aims = NULL;
    size_t instrument_count = 0, aim_count = 0;
    dr_status status = make_instruments(plan, options, &instruments, &instrument_count);
    if (status == DR_OK)
        status = make_aims(plan, &aims, &aim_count);
    dr_status taken = dr_policy_new(&plan->policy, plan->model, instruments, instrument_count, aims, aim_count);
    DR_TRY(status);
    DR_TRY(taken);
    plan->policy.standing = plan->changes;
    plan->policy.threads = options->threads;
    plan->policy.look = plan->look;
    return DR_OK;
}

dr_status dr_plan_build(dr_plan *plan, const dr_plan_options *options)
{
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        DR_TRY(dr_look_new(&plan->look, plan->model, plan->sides.to));
    DR_TRY(build_total(plan));
    DR_TRY(choose_taxed(plan));
    return make_policy(plan, options);
}
