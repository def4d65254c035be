/* The dependence shares of a plan: the part of `from` in what `of` buys of a sector, or of several together. */
#include <string.h>

#include "plan/plan.h"

dr_status dr_plan_share_result(dr_result *result, const dr_plan *plan, const bool *sectors)
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

double dr_plan_share(const dr_plan *plan, const dr_solution *solution, size_t sector)
{
    dr_result result = plan->total;
    result.sectors = plan->one_sector;
    plan->one_sector[sector] = true;
    double share = dr_result_value(&result, plan->model, solution);
    plan->one_sector[sector] = false;
    return share;
}

size_t dr_plan_limited(const dr_plan *plan)
{
    return plan->shares + plan->concentrations;
}

double dr_plan_limit_of(const dr_plan *plan, const dr_aim *aim)
{
    size_t s = 0;
    while (!aim->result.sectors[s])
        s++;
    return aim->result.kind == DR_RESULT_CONCENTRATION ? plan->most_concentration : plan->cap[s];
}

bool dr_plan_covers(const dr_plan *plan, size_t sector)
{
    return plan->total.sectors[sector] && dr_plan_share(plan, dr_plan_before(plan), sector) > 0;
}
