/* A change applied to its flows, one after another. */
#include <math.h>

#include "scenario/carbon.h"
#include "scenario/change_parts.h"

dr_status dr_scenario_limit_flow(dr_scenario *sc, const dr_change *change, size_t flow, unsigned row)
{
    if (!sc->limit_open || !change->together) {
        dr_scenario_drop_tax_limits(sc); /* made again when the change is complete */
        if (!dr_grow((void **)&sc->limits, &sc->limit_capacity, sc->limit_count + 1, sizeof *sc->limits))
            return dr_fail_memory();
        sc->limits[sc->limit_count++] =
            (dr_volume_limit){.rent = change->rent, .relative = change->relative, .level = change->amount};
        if (change->kind == DR_CHANGE_RATE_QUOTA)
            sc->limits[sc->limit_count - 1].most = (1 + change->over_quota) / (1 + change->in_quota);
        sc->limit_open = true;
    }
    dr_volume_limit *limit = &sc->limits[sc->limit_count - 1];
    size_t capacity = limit->count, rows = limit->count;
    if (!dr_grow((void **)&limit->flows, &capacity, limit->count + 1, sizeof *limit->flows))
        return dr_fail_memory();
    if (row != DR_NO_PRODUCT && !dr_grow((void **)&limit->rows, &rows, limit->count + 1, sizeof *limit->rows))
        return dr_fail_memory();
    if (row != DR_NO_PRODUCT)
        limit->rows[limit->count] = row;
    limit->flows[limit->count++] = flow;
    return DR_OK;
}

double dr_change_rate(const dr_change *change, double base)
{
    switch (change->rate) {
    case DR_RATE_ADD:
        return base + change->amount;
    case DR_RATE_AT_MOST:
        return fmin(base, change->amount);
    case DR_RATE_AT_LEAST:
        return fmax(base, change->amount);
    default:
        return change->amount;
    }
}

static dr_status set_tariff(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s, size_t flow)
{
    const dr_economy *e = sc->economy;
    double rate = dr_change_rate(change, e->tariff ? e->tariff[flow] : 0);
    if (rate <= -1)
        return dr_fail(DR_BAD_INPUT, "a tariff of %.2f%% on " DR_FLOW_FORMAT "; expected more than -100%%", 100 * rate,
                       DR_FLOW_NAMES(e, n, i, s));
    sc->rate[flow] = rate;
    dr_odd_rates_add(&sc->odd, flow, rate);
    return DR_OK;
}

static dr_status set_factor(dr_scenario *sc, size_t tax, size_t flow, double factor)
{
    size_t flows = sc->economy->regions * sc->economy->regions * sc->economy->sectors;
    if (!sc->factor[tax] && !(sc->factor[tax] = dr_new_doubles(flows)))
        return dr_fail_memory();
    sc->factor[tax][flow] = factor;
    return DR_OK;
}

static dr_status set_change(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s, size_t flow)
{
    switch (change->kind) {
    case DR_CHANGE_TARIFF:
        return set_tariff(sc, change, n, i, s, flow);
    case DR_CHANGE_COST:
        sc->times[flow] = change->amount;
        return DR_OK;
    case DR_CHANGE_LIMIT:
        return dr_scenario_limit_flow(sc, change, flow, DR_NO_PRODUCT);
    case DR_CHANGE_RATE_QUOTA:
        sc->rate[flow] = change->in_quota;
        return dr_scenario_limit_flow(sc, change, flow, DR_NO_PRODUCT);
    case DR_CHANGE_CARBON_BORDER:
        return dr_carbon_set_duty(sc, change, flow);
    case DR_CHANGE_EXPORT_TAX:
        return set_factor(sc, DR_EXPORT_TAX_FACTOR, flow, 1 + change->amount);
    case DR_CHANGE_PRODUCTION_TAX:
        return set_factor(sc, DR_PRODUCTION_TAX_FACTOR, flow, 1 + change->amount);
    case DR_CHANGE_USE_TAX:
        return set_factor(sc, DR_USE_TAX_FACTOR, flow, 1 + change->amount);
    default:
        return DR_OK;
    }
}

dr_status dr_scenario_change_flow(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s)
{
    size_t flow = (n * sc->economy->regions + i) * sc->economy->sectors + s;
    if (sc->last[flow] == sc->changes) /* both directions of a change between overlapping groups */
        return DR_OK;
    DR_TRY(dr_scenario_clear_flow(sc, change, n, i, s));
    DR_TRY(set_change(sc, change, n, i, s, flow));
    sc->change[flow] |= (unsigned short)change->kind;
    sc->touched += sc->economy->flow[flow];
    sc->last[flow] = (unsigned short)sc->changes;
    return DR_OK;
}

dr_status dr_scenario_change_flows(dr_scenario *sc, const dr_change *c, bool *any, bool *left)
{
    const dr_economy *e = sc->economy;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions; i++) {
            bool meant = (c->by[n] && c->on[i]) || (c->both && c->by[i] && c->on[n]);
            if (!meant || (n == i && !c->domestic))
                continue;
            if (!c->inside && dr_named_together(&c->named, n, i)) {
                *left = true;
                continue;
            }
            for (size_t s = 0; s < e->sectors; s++)
                if (c->sectors[s]) {
                    *any = true;
                    DR_TRY(dr_scenario_change_flow(sc, c, n, i, s));
                }
        }
    return DR_OK;
}
