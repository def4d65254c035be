/* Changes that hold with and without a plan: the equilibrium under them, which the plan is measured from. */
#include <math.h>

#include "base/table.h"
#include "model/tier.h"
#include "plan/plan.h"
#include "scenario/product_change.h"

const dr_solution *dr_plan_before(const dr_plan *plan)
{
    return plan->before ? plan->before->solution : NULL;
}

static dr_status check_options(const dr_plan_options *o)
{
    if (o->max_loss > 0 || o->risk > 0)
        return dr_fail(DR_USAGE, "a plan against a cut-off begins at the base; expected no changes, max_loss or risk");
    if (o->share == DR_SHARE_LOOK_THROUGH)
        return dr_fail(DR_USAGE, "a plan with look-through shares begins at the base; expected no changes, or the "
                                 "share of imports or use");
    return DR_OK;
}

/* What a plan costs is what its wedges do at the technology and at the prices of the equilibrium without it: a price of
 * carbon moves what firms produce with, and what a lost rent is spent on depends on the plan. */
static dr_status check_changes(const dr_model *m, const dr_scenario *changes)
{
    if (changes->economy != m->economy)
        return dr_fail(DR_BAD_INPUT, "the changes of a plan are by sector, which the armington model sums; expected "
                                     "another model");
    if (dr_scenario_products(changes))
        return dr_fail(DR_BAD_INPUT, "the changes of a plan cannot be of products; expected sectors");
    if (changes->carbon)
        return dr_fail(DR_BAD_INPUT, "the changes of a plan cannot have a carbon-price: firms abate, so that the cost "
                                     "of the plan is not that of its tariffs alone; expected other instruments");
    for (size_t c = 0; c < changes->limit_count; c++)
        if (changes->limits[c].rent == DR_RENT_LOST)
            return dr_fail(DR_BAD_INPUT, "the changes of a plan cannot have a limit whose rent is lost, because the "
                                         "plan moves what is lost; expected the rent exporter or importer");
    return DR_OK;
}

dr_status dr_plan_take_changes(dr_plan *plan, const dr_plan_options *options)
{
    dr_solution *before = NULL;
    if (!options->changes)
        return DR_OK;
    DR_TRY(dr_scenario_check("dr_plan_new", plan->model, options->changes));
    DR_TRY(check_options(options));
    DR_TRY(check_changes(plan->model, options->changes));
    DR_TRY(dr_model_solve(&before, plan->model, options->changes));
    plan->changes = options->changes;
    return dr_reference_new(&plan->before, before);
}

/* Whether a scenario bans a flow of an instrument; *value is what it is in the base. */
static bool is_banned(double *value, const dr_instrument *instrument, size_t j, const dr_model *m,
                      const dr_scenario *standing)
{
    size_t flow = instrument->flows[j], n = flow / m->sectors / m->regions,
           row = instrument->rows ? instrument->rows[j] : 0;
    *value = m->base.flow[flow];
    if (!instrument->rows)
        return standing && standing->change[flow] & DR_CHANGE_BAN;
    size_t cell = dr_tier_cell_of(m->tier, instrument->sector * m->regions + n, m->tier->source[row]);
    *value = dr_tier_value(m, flow, row, cell);
    return isinf(dr_product_kappa(standing, dr_base_tariff(&m->base, flow), flow, m->tier->source[row],
                                  dr_tier_theta(m->tier, cell)));
}

void dr_instrument_leave_banned(dr_instrument *instrument, const dr_model *m, const dr_scenario *standing)
{
    size_t kept = 0, home = 0;
    for (size_t j = 0; j < instrument->count; j++) {
        double value;
        if (is_banned(&value, instrument, j, m, standing)) {
            instrument->base -= value;
            continue;
        }
        home += j < instrument->home;
        instrument->flows[kept] = instrument->flows[j];
        if (instrument->rows)
            instrument->rows[kept] = instrument->rows[j];
        kept++;
    }
    instrument->count = kept;
    instrument->home = home;
    instrument->limited = instrument->limited && kept > home;
}

dr_status dr_plan_leave_banned(const dr_plan *plan, dr_instrument *instrument)
{
    const dr_scenario *changes = plan->changes;
    const dr_model *m = plan->model;
    const dr_economy *e = m->economy;
    for (size_t j = 0; j < instrument->count && changes; j++) {
        size_t flow = instrument->flows[j];
        if (changes->change[flow] & DR_CHANGE_RATE_QUOTA)
            return dr_fail(DR_BAD_INPUT,
                           "the plan has a rate on %s from %s to %s, on which its changes set a tariff-rate quota; "
                           "expected other changes or sectors",
                           dr_economy_sector(e, instrument->sector),
                           e->region_codes.names[flow / m->sectors % m->regions],
                           e->region_codes.names[flow / m->sectors / m->regions]);
    }
    dr_instrument_leave_banned(instrument, m, changes);
    return DR_OK;
}

void dr_plan_note_changes(dr_table *table, const dr_scenario *changes, const dr_plan *plan)
{
    char heading[DR_HEADLINE_SIZE];
    if (!changes)
        return;
    dr_table_add_note(
        table,
        "changes that hold with and without the plan: %s; shares without it, costs and gains are measured "
        "from the equilibrium under them",
        dr_scenario_heading(heading, changes));
    if (plan)
        dr_table_add_note(table, "by themselves they change the real income of %s by %.4f%%", plan->of_words,
                          dr_regions_welfare(plan->before->solution, plan->sides.of));
}
