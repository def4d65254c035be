/* The taxes that exporters earn or pay, as limits whose wedge is set: one for all flows with the same factor. */
#include <stdlib.h>

#include "scenario/change_parts.h"
#include "scenario/product_change.h"

void dr_scenario_drop_tax_limits(dr_scenario *sc)
{
    for (; sc->tax_limits > 0; sc->tax_limits--)
        dr_volume_limit_free(&sc->limits[--sc->limit_count]);
}

/* The factor of a tax on a flow, 1 where it has none. */
static double factor_on(const dr_scenario *sc, int kind, size_t tax, size_t flow)
{
    const double *factor = sc->factor[tax];
    return factor && sc->change[flow] & kind ? factor[flow] : 1;
}

/* The factor on the price of a flow abroad that its exporter earns. */
static double exporter_factor(const dr_scenario *sc, size_t flow)
{
    return factor_on(sc, DR_CHANGE_EXPORT_TAX, DR_EXPORT_TAX_FACTOR, flow) *
           factor_on(sc, DR_CHANGE_PRODUCTION_TAX, DR_PRODUCTION_TAX_FACTOR, flow);
}

/* The limit of all flows, or of all product flows, with a factor, which is made where there is none yet; NULL without
 * memory. */
static dr_volume_limit *tax_limit(dr_scenario *sc, double factor, bool products)
{
    for (size_t c = sc->limit_count - sc->tax_limits; c < sc->limit_count; c++)
        if (sc->limits[c].wedge == factor && (sc->limits[c].rows != NULL) == products)
            return &sc->limits[c];
    if (!dr_grow((void **)&sc->limits, &sc->limit_capacity, sc->limit_count + 1, sizeof *sc->limits))
        return NULL;
    sc->limits[sc->limit_count] =
        (dr_volume_limit){.rent = DR_RENT_EXPORTER, .relative = true, .level = 1, .wedge = factor};
    sc->tax_limits++;
    return &sc->limits[sc->limit_count++];
}

dr_status dr_scenario_tax_product(dr_scenario *sc, double factor, size_t flow, unsigned row)
{
    dr_volume_limit *limit = tax_limit(sc, factor, true);
    size_t flows = limit ? limit->count : 0, rows = flows;
    if (!limit || !dr_grow((void **)&limit->flows, &flows, flows + 1, sizeof *limit->flows) ||
        !dr_grow((void **)&limit->rows, &rows, rows + 1, sizeof *limit->rows))
        return dr_fail_memory();
    limit->rows[limit->count] = row;
    limit->flows[limit->count++] = flow;
    return DR_OK;
}

/* Adds a flow to its limit, which gets room for as many as there are. */
static dr_status take_flow(dr_scenario *sc, size_t flow, size_t flows)
{
    dr_volume_limit *limit = tax_limit(sc, exporter_factor(sc, flow), false);
    if (limit && !limit->flows)
        limit->flows = dr_new(flows, sizeof *limit->flows);
    if (!limit || !limit->flows)
        return dr_fail_memory();
    limit->flows[limit->count++] = flow;
    return DR_OK;
}

dr_status dr_scenario_tax_limits(dr_scenario *sc)
{
    const dr_economy *e = sc->economy;
    const int taxes = DR_CHANGE_EXPORT_TAX | DR_CHANGE_PRODUCTION_TAX;
    size_t flows = e->regions * e->regions * e->sectors, count = 0;
    dr_scenario_drop_tax_limits(sc);
    DR_TRY(dr_product_taxes(sc));
    if (!sc->factor[DR_EXPORT_TAX_FACTOR] && !sc->factor[DR_PRODUCTION_TAX_FACTOR])
        return DR_OK;
    for (size_t flow = 0; flow < flows; flow++)
        count += (sc->change[flow] & taxes) != 0;
    for (size_t flow = 0; flow < flows; flow++) {
        bool domestic = flow / e->sectors % e->regions == flow / e->sectors / e->regions;
        if (!domestic && sc->change[flow] & taxes)
            DR_TRY(take_flow(sc, flow, count));
    }
    return DR_OK;
}
