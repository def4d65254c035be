/* Duties on tonnes and limits in tonnes, by the quantities of product flows. */
#include <math.h>
#include <stdlib.h>

#include "base/money.h"
#include "scenario/product_parts.h"

/* The value of a product flow in its currency, without thousands. */
static double value_of(const dr_product_changes *p, size_t row)
{
    const char *currency;
    return p->trade->flows.value[row] * dr_money_power(p->trade->year.unit, &currency);
}

double dr_product_specific(const dr_product_changes *p, const dr_change *change, size_t row)
{
    return change->specific * p->quantity[row] / value_of(p, row);
}

static dr_status no_quantity(const dr_scenario *sc, const dr_product_row *at)
{
    const dr_economy *e = sc->economy;
    const dr_product_trade *t = sc->products->trade;
    return dr_fail(DR_BAD_INPUT,
                   "the quantity of the flow of product %s from %s to %s in %d is not known; expected products with "
                   "quantities, a duty with 'price', or a limit as a value or a part of the base",
                   t->flows.products.names[at->product], t->flows.regions.names[t->flows.exporter[at->row]],
                   e->region_codes.names[at->flow / e->sectors / e->regions], t->year.year);
}

/* A limit in tonnes is a part of the quantity of its flows in the base, and with it of their value: of joint limits on
 * flows of several unit values, at the composition of the base. */
dr_status dr_product_quantities(dr_scenario *sc, dr_change *change)
{
    bool left = false;
    double tonnes = 0;
    size_t flows = 0;
    if (!(change->specific > 0 || change->tonnes > 0))
        return DR_OK;
    DR_TRY(dr_product_trade_quantities(&sc->products->quantity, sc->economy));
    for (dr_product_row at = {0}; dr_product_row_next(&at, sc, change, &left); flows++) {
        double quantity = sc->products->quantity[at.row];
        if (isnan(quantity))
            return no_quantity(sc, &at);
        tonnes += quantity;
    }
    if (!(change->tonnes > 0) || flows == 0)
        return DR_OK;
    if (!change->together && flows > 1)
        return dr_fail(DR_BAD_INPUT,
                       "a limit in tonnes on each of %zu product flows; expected 'together: true', or a "
                       "part of the base",
                       flows);
    if (change->kind == DR_CHANGE_LIMIT && change->tonnes > tonnes)
        return dr_fail(DR_BAD_INPUT, "a limit at %.10g tonnes; expected at most the %.10g tonnes of the base",
                       change->tonnes, tonnes);
    change->relative = true;
    change->amount = change->tonnes / tonnes;
    return DR_OK;
}

static dr_status note_limit(dr_scenario *sc, const dr_change *change)
{
    return dr_scenario_note(sc,
                            "change %zu: %.10g tonnes are %.2f%% of the quantity of its product flows in %d, and are "
                            "that part of their volume at base prices",
                            sc->changes, change->tonnes, 100 * change->amount, sc->products->trade->year.year);
}

dr_status dr_product_quantities_note(dr_scenario *sc, const dr_change *change)
{
    const dr_product_changes *p = sc->products;
    const char *currency = "";
    double least = INFINITY, most = 0, paid = 0, value = 0;
    bool left = false;
    size_t flows = 0;
    if (change->tonnes > 0)
        return note_limit(sc, change);
    if (!(change->specific > 0))
        return DR_OK;
    for (dr_product_row at = {0}; dr_product_row_next(&at, sc, change, &left); flows++) {
        double rate = dr_product_specific(p, change, at.row);
        least = fmin(least, rate);
        most = fmax(most, rate);
        paid += rate * p->trade->flows.value[at.row];
        value += p->trade->flows.value[at.row];
    }
    dr_money_power(p->trade->year.unit, &currency);
    return dr_scenario_note(sc,
                            "change %zu: a duty of %.10g a tonne (%s) is a tariff of %.4g%% to %.4g%% at the unit "
                            "values of its %zu product flows in %d, %.4g%% on average, which is kept as prices change",
                            sc->changes, change->specific, currency, 100 * least, 100 * most, flows,
                            p->trade->year.year, 100 * paid / value);
}
