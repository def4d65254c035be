/* Limits on the volumes of products, and taxes of their exporters: each is a wedge on product flows (scenario.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/product_parts.h"

static dr_status take_room(dr_scenario *sc)
{
    const dr_economy *e = sc->economy;
    dr_product_changes *p = sc->products;
    if (p->factor)
        return DR_OK;
    p->wedge_since = p->wedge_since ? p->wedge_since : dr_new(e->regions * e->regions * e->sectors, sizeof(short));
    p->wedge_change = p->wedge_change ? p->wedge_change : dr_new(p->trade->flows.rows + 1, sizeof(short));
    p->factor = dr_new_doubles(p->trade->flows.rows + 1);
    return p->wedge_since && p->wedge_change && p->factor ? DR_OK : dr_fail_memory();
}

dr_status dr_product_changes_copy(dr_scenario *to, const dr_scenario *from)
{
    const dr_product_changes *x = from->products;
    const dr_economy *e = from->economy;
    if (!x)
        return DR_OK;
    DR_TRY(dr_product_changes_need(to));
    dr_product_changes *z = to->products;
    size_t flows = e->regions * e->regions * e->sectors, rows = x->trade->flows.rows + 1;
    memcpy(z->under, x->under, flows * sizeof *z->under);
    memcpy(z->since, x->since, flows * sizeof *z->since);
    memcpy(z->cost_since, x->cost_since, flows * sizeof *z->cost_since);
    memcpy(z->change, x->change, rows * sizeof *z->change);
    memcpy(z->cost_change, x->cost_change, rows * sizeof *z->cost_change);
    memcpy(z->rate, x->rate, rows * sizeof *z->rate);
    memcpy(z->part, x->part, rows * sizeof *z->part);
    memcpy(z->times, x->times, rows * sizeof *z->times);
    z->any_cost = x->any_cost;
    if (!x->factor)
        return DR_OK;
    DR_TRY(take_room(to));
    memcpy(z->wedge_since, x->wedge_since, flows * sizeof *z->wedge_since);
    memcpy(z->wedge_change, x->wedge_change, rows * sizeof *z->wedge_change);
    memcpy(z->factor, x->factor, rows * sizeof *z->factor);
    return DR_OK;
}

dr_status dr_product_clear_wedge(dr_scenario *sc, const dr_change *change, size_t k, size_t row, size_t flow)
{
    dr_product_changes *p = sc->products;
    if (!dr_product_has_wedge(p, flow, row))
        return DR_OK;
    if (!change->replace || p->wedge_change[row] == sc->changes)
        return dr_product_conflict(sc, change, k, flow, p->wedge_change[row],
                                   p->factor[row] > 0 ? "export-tax" : "limit");
    dr_scenario_leave_limits(sc, flow, (unsigned)row);
    p->factor[row] = 0;
    p->wedge_change[row] = 0;
    return DR_OK;
}

/* A ban leaves nothing to limit or to tax. */
static dr_status clear_ban(dr_scenario *sc, const dr_change *change, size_t k, size_t row, size_t flow)
{
    dr_product_changes *p = sc->products;
    if (!dr_product_has_cost(p, flow, row) || !isinf(p->times[row]))
        return DR_OK;
    if (!change->replace)
        return dr_product_conflict(sc, change, k, flow, p->cost_change[row], "ban");
    p->times[row] = 1;
    return DR_OK;
}

dr_status dr_product_change_wedge(dr_scenario *sc, const dr_change *change, size_t k, size_t row, size_t flow)
{
    const dr_economy *e = sc->economy;
    dr_product_changes *p = sc->products;
    DR_TRY(take_room(sc));
    DR_TRY(dr_scenario_clear_flow(sc, change, flow / e->sectors / e->regions, flow / e->sectors % e->regions,
                                  flow % e->sectors));
    if (!dr_product_wedges_of(sc, flow))
        p->wedge_since[flow] = (unsigned short)sc->changes;
    sc->change[flow] |= DR_CHANGE_PRODUCT_WEDGE;
    DR_TRY(clear_ban(sc, change, k, row, flow));
    DR_TRY(dr_product_clear_wedge(sc, change, k, row, flow));
    p->wedge_change[row] = (unsigned short)sc->changes;
    p->factor[row] = change->kind == DR_CHANGE_EXPORT_TAX ? 1 + change->amount : 0;
    if (change->kind == DR_CHANGE_EXPORT_TAX)
        return DR_OK;
    return dr_scenario_limit_flow(sc, change, flow, (unsigned)row);
}

dr_status dr_product_limit_set(dr_scenario *sc, size_t flow, unsigned row)
{
    dr_product_changes *p = sc->products;
    DR_TRY(take_room(sc));
    if (!dr_product_wedges_of(sc, flow))
        p->wedge_since[flow] = (unsigned short)sc->changes;
    p->wedge_change[row] = sc->last[flow] = (unsigned short)sc->changes;
    sc->change[flow] |= DR_CHANGE_PRODUCT_WEDGE;
    return DR_OK;
}

dr_status dr_product_taxes(dr_scenario *sc)
{
    const dr_product_changes *p = sc->products;
    size_t flow = 0;
    if (!p || !p->factor)
        return DR_OK;
    for (size_t k = 0; k < p->trade->flows.products.count; k++)
        for (size_t row = p->trade->flows.start[k]; row < p->trade->flows.start[k + 1]; row++)
            if (p->factor[row] > 0 && dr_product_trade_flow(p->trade, k, row, &flow) &&
                dr_product_has_wedge(p, flow, row))
                DR_TRY(dr_scenario_tax_product(sc, p->factor[row], flow, (unsigned)row));
    return DR_OK;
}
