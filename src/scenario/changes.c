/* Changes of policy applied to a scenario, each as the next one. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "scenario/carbon.h"
#include "scenario/change_parts.h"
#include "scenario/product_change.h"

dr_status dr_scenario_next(dr_scenario *sc)
{
    if (sc->changes == USHRT_MAX)
        return dr_fail(DR_BAD_INPUT, "more than %d changes in a scenario", USHRT_MAX);
    sc->changes++;
    sc->limit_open = false;
    sc->touched = 0;
    return DR_OK;
}

dr_status dr_scenario_keep_groups(dr_scenario *sc, const dr_change *c)
{
    const dr_economy *e = sc->economy;
    DR_TRY(dr_named_merge(&sc->named, &c->named, e->regions));
    DR_TRY(dr_insiders_add(&sc->insiders, e, c->by, c->on, c->sectors, &c->named, c->inside));
    return c->both ? dr_insiders_add(&sc->insiders, e, c->on, c->by, c->sectors, &c->named, c->inside) : DR_OK;
}

/* A change that affects no flow is an error. */
static dr_status no_flow(const dr_scenario *sc, const dr_change *change, bool left)
{
    char names[DR_GROUP_NAMES_SIZE];
    const char *what = dr_change_name(change->kind, !change->bought);
    if (left)
        return dr_fail(DR_BAD_INPUT,
                       "change %zu (%s) changes no flow: all flows are between members of %s; 'inside: true' (or "
                       "':inside') includes them",
                       sc->changes, what, dr_named_list(names, &change->named));
    if (change->products)
        return dr_fail(DR_BAD_INPUT,
                       "change %zu (%s) changes no flow: there are no product flows of %s between the two sides",
                       sc->changes, what, change->names[2]);
    if (*change->except)
        return dr_fail(DR_BAD_INPUT, "change %zu (%s) changes no flow: 'except' leaves none", sc->changes, what);
    return dr_fail(DR_BAD_INPUT, "change %zu (%s) changes no flow: domestic flows are never changed", sc->changes,
                   what);
}

/* One note on the subsidies of all changes, which each of them renews. */
static dr_status note_subsidies(dr_scenario *sc)
{
    const dr_economy *e = sc->economy;
    char text[DR_ODD_RATES_SIZE];
    if (!sc->odd.subsidies)
        return DR_OK;
    DR_TRY(dr_scenario_note(sc, "negative tariffs, which are import subsidies: %s",
                            dr_odd_rates_text(text, &sc->odd, false, &e->region_codes, &e->sector_codes)));
    if (sc->odd_note) {
        free(sc->notes[sc->odd_note - 1]);
        sc->notes[sc->odd_note - 1] = sc->notes[--sc->note_count];
    } else {
        sc->odd_note = sc->note_count;
    }
    return DR_OK;
}

/* A tariff-rate quota whose rates are the same, or whose quota is zero, is the tariff that it amounts to. */
static dr_status plain_tariff(dr_scenario *sc, dr_change *change)
{
    bool same = change->over_quota == change->in_quota;
    if (!same && change->amount > 0)
        return DR_OK;
    change->kind = DR_CHANGE_TARIFF;
    change->rate = DR_RATE_SET;
    change->amount = change->over_quota;
    return dr_scenario_note(sc, "change %zu is a tariff-rate quota %s, and is applied as a tariff of %.10g%%",
                            sc->changes, same ? "with one rate" : "of nothing", 100 * change->over_quota);
}

dr_status dr_scenario_apply(dr_scenario *sc, const dr_change *given)
{
    bool any = false, left = false;
    dr_change copy = *given, *change = &copy;
    char name[32];
    DR_TRY(dr_change_check(change));
    DR_TRY(dr_scenario_next(sc));
    dr_scenario_tell(sc, change);
    if (change->kind & DR_CHANGE_SHIFTS)
        return dr_scenario_shift(sc, change);
    if (change->kind == DR_CHANGE_TRANSFER)
        return dr_scenario_give(sc, change);
    if (change->kind == DR_CHANGE_CARBON_PRICE)
        return dr_carbon_price(sc, change);
    if (change->kind == DR_CHANGE_LIMIT && change->amount == 0) {
        change->kind = DR_CHANGE_BAN; /* a ban is exact; a volume of zero would need an infinite price */
        DR_TRY(dr_scenario_note(
            sc, "change %zu limits the volume to zero and is applied as a ban: there is no wedge and no rent",
            sc->changes));
    }
    if (change->kind == DR_CHANGE_RATE_QUOTA)
        DR_TRY(plain_tariff(sc, change));
    if (change->products)
        DR_TRY(dr_product_change(sc, change, &any, &left));
    else if (change->kind == DR_CHANGE_CARBON_BORDER)
        DR_TRY(dr_carbon_border(sc, change, &any, &left));
    else
        DR_TRY(dr_scenario_change_flows(sc, change, &any, &left));
    if (!any)
        return no_flow(sc, change, left);
    if (!change->products && sc->touched == 0)
        DR_TRY(dr_scenario_note(sc, "change %zu (%s) has no effect: all its flows are zero in the base", sc->changes,
                                dr_change_name(change->kind, !change->bought)));
    snprintf(name, sizeof name, "change %zu", sc->changes);
    if (change->products)
        DR_TRY(dr_product_change_note(sc, name));
    if (change->kind == DR_CHANGE_TARIFF)
        DR_TRY(note_subsidies(sc));
    DR_TRY(dr_scenario_keep_groups(sc, change));
    return sc->reading ? DR_OK : dr_scenario_tax_limits(sc);
}
