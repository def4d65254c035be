/* Changes of policy applied to the flows of a scenario: what each kind does, and which exclude each other. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "scenario/product_change.h"

/* ---- Names ------------------------------------------------------------------------------------------------------- */

const char *dr_change_name(int kind, bool relative)
{
    switch (kind) {
    case DR_CHANGE_TARIFF:
        return "tariff";
    case DR_CHANGE_COST:
        return "trade-cost";
    case DR_CHANGE_LIMIT:
        return relative ? "export-curb" : "quota";
    case DR_CHANGE_EXPORT_TAX:
        return "export-tax";
    case DR_CHANGE_PRODUCTION_TAX:
        return "production-tax";
    case DR_CHANGE_USE_TAX:
        return "use-tax";
    case DR_CHANGE_RATE_QUOTA:
        return "tariff-rate-quota";
    case DR_CHANGE_PRODUCTIVITY:
        return "productivity";
    case DR_CHANGE_SUPPLY:
        return "factor-supply";
    case DR_CHANGE_DEMAND:
        return "demand";
    case DR_CHANGE_TRANSFER:
        return "transfer";
    default:
        return "ban";
    }
}

/* "25%", "+5%", "at most 10%". */
static void rate_text(char out[48], const dr_change *c)
{
    static const char *const words[] = {
        [DR_RATE_SET] = "", [DR_RATE_ADD] = "", [DR_RATE_AT_MOST] = "at most ", [DR_RATE_AT_LEAST] = "at least "};
    bool plus = c->rate == DR_RATE_ADD && c->amount >= 0;
    dr_print_text(out, 48, "%s%s%.10g%%", words[c->rate], plus ? "+" : "", 100 * c->amount);
}

static void tell_limit(dr_scenario *s, const dr_change *c)
{
    const char *by = c->names[0], *on = c->names[1], *sectors = c->names[2], *inside = c->inside ? ":inside" : "";
    const char *without = *c->except ? " except " : "", *except = c->except;
    if (c->kind == DR_CHANGE_RATE_QUOTA)
        dr_headline_add(&s->changed, "tariff-rate-quota %s:%s:%s:%.10g%s:%.10g%%:%.10g%%%s%s%s", by, on, sectors,
                        (c->relative ? 100 : 1) * c->amount, c->relative ? "%" : "", 100 * c->in_quota,
                        100 * c->over_quota, inside, without, except);
    else if (c->relative)
        dr_headline_add(&s->changed, "export-curb %s:%s:%s:%.10g%%%s%s%s", on, by, sectors, 100 * (1 - c->amount),
                        inside, without, except);
    else
        dr_headline_add(&s->changed, "quota %s:%s:%s:%.10g%s%s%s", by, on, sectors, c->amount, inside, without, except);
}

static void tell_shift(dr_scenario *s, const dr_change *c)
{
    const char *in = c->names[0], *from = c->names[1], *sectors = c->names[2];
    if (c->kind == DR_CHANGE_TRANSFER)
        dr_headline_add(&s->changed, "transfer %s:%s:%.10g%s", from, in, (c->relative ? 100 : 1) * c->amount,
                        c->relative ? "%" : "");
    else
        dr_headline_add(&s->changed, "%s %s:%s%s%s:%s%.10g%%%s%s", dr_change_name(c->kind, false), in, sectors,
                        c->factor ? ":" : "", c->factor ? c->factor : "", c->amount > 0 ? "+" : "", 100 * c->amount,
                        *c->except ? " except " : "", c->except);
}

/* Adds a change to what the scenario is headed by: as on the command line, "tariff EU:CHN:all:25%". */
static void tell_change(dr_scenario *s, const dr_change *c)
{
    const char *by = c->names[0], *on = c->names[1], *sectors = c->names[2], *inside = c->inside ? ":inside" : "";
    const char *without = *c->except ? " except " : "", *except = c->except;
    char rate[48];
    if (!*by && !*on)
        return;
    rate_text(rate, c);
    switch (c->kind) {
    case DR_CHANGE_TARIFF:
        dr_headline_add(&s->changed, "tariff %s:%s:%s:%s%s%s%s", by, on, sectors, rate, inside, without, except);
        break;
    case DR_CHANGE_COST:
        dr_headline_add(&s->changed, "trade-cost %s:%s:%s:%.10g%s%s%s%s", by, on, sectors, c->amount, inside,
                        c->both ? "" : " one way", without, except);
        break;
    case DR_CHANGE_BAN:
        dr_headline_add(&s->changed, "ban %s:%s:%s%s%s%s%s", by, on, sectors, inside, c->both ? " both ways" : "",
                        without, except);
        break;
    case DR_CHANGE_EXPORT_TAX:
        dr_headline_add(&s->changed, "export-tax %s:%s:%s:%s%s%s%s", on, by, sectors, rate, inside, without, except);
        break;
    case DR_CHANGE_PRODUCTION_TAX:
    case DR_CHANGE_USE_TAX:
        dr_headline_add(&s->changed, "%s %s:%s:%s%s%s", dr_change_name(c->kind, false), *on ? on : by, sectors, rate,
                        without, except);
        break;
    case DR_CHANGE_LIMIT:
    case DR_CHANGE_RATE_QUOTA:
        tell_limit(s, c);
        break;
    default:
        tell_shift(s, c);
    }
}

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

dr_status dr_change_new(dr_change *out, const dr_economy *economy, int kind)
{
    *out = (dr_change){.kind = kind};
    out->by = dr_new(economy->regions, sizeof *out->by);
    out->on = dr_new(economy->regions, sizeof *out->on);
    out->sectors = dr_new(economy->sectors, sizeof *out->sectors);
    if (out->by && out->on && out->sectors)
        return DR_OK;
    dr_change_free(out);
    return dr_fail_memory();
}

void dr_change_free(dr_change *change)
{
    free(change->by);
    free(change->on);
    free(change->sectors);
    change->by = change->on = change->sectors = NULL;
    dr_named_free(&change->named);
}

/* The rates and the quota of a tariff-rate quota. */
static dr_status check_rate_quota(const dr_change *c)
{
    if (!(c->in_quota > -1 && isfinite(c->in_quota)))
        return dr_fail(DR_BAD_INPUT, "an in-quota tariff of %.2f%%; expected more than -100%%", 100 * c->in_quota);
    if (!(c->over_quota >= c->in_quota && isfinite(c->over_quota)))
        return dr_fail(
            DR_BAD_INPUT,
            "an over-quota tariff of %.2f%% and an in-quota tariff of %.2f%%; expected one that is not lower",
            100 * c->over_quota, 100 * c->in_quota);
    if (!(c->amount >= 0 && isfinite(c->amount)))
        return dr_fail(DR_BAD_INPUT, "a quota at %g%s; expected a value of at least 0",
                       (c->relative ? 100 : 1) * c->amount, c->relative ? "%" : "");
    return DR_OK;
}

dr_status dr_change_check(const dr_change *change)
{
    double amount = change->amount;
    switch (change->kind) {
    case DR_CHANGE_RATE_QUOTA:
        return check_rate_quota(change);
    case DR_CHANGE_PRODUCTIVITY:
    case DR_CHANGE_SUPPLY:
    case DR_CHANGE_DEMAND:
        if (amount > -1 && isfinite(amount))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "a change of %.2f%%; expected more than -100%%", 100 * amount);
    case DR_CHANGE_TRANSFER:
        if (amount > 0 && isfinite(amount) && (!change->relative || amount < 1))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "a transfer of %g%s; expected more than 0%s",
                       (change->relative ? 100 : 1) * amount, change->relative ? "%" : "",
                       change->relative ? " and less than 100% of income" : "");
    case DR_CHANGE_TARIFF:
    case DR_CHANGE_EXPORT_TAX:
    case DR_CHANGE_PRODUCTION_TAX:
    case DR_CHANGE_USE_TAX:
        if (amount > -1 && isfinite(amount))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "a %s of %.2f%%; expected more than -100%%",
                       change->kind == DR_CHANGE_TARIFF ? "tariff" : "tax", 100 * amount);
    case DR_CHANGE_COST:
        if (amount > 0 && isfinite(amount))
            return DR_OK;
        return dr_fail(DR_BAD_INPUT, "trade cost times %g; expected a finite factor above 0", amount);
    case DR_CHANGE_LIMIT:
        if (change->relative && !(amount >= 0 && amount <= 1))
            return dr_fail(DR_BAD_INPUT, "a cut of %.2f%%; expected one between 0%% and 100%%", 100 * (1 - amount));
        if (!(amount >= 0 && isfinite(amount)))
            return dr_fail(DR_BAD_INPUT, "a quota at %g; expected a value of at least 0", amount);
        return DR_OK;
    default:
        return DR_OK;
    }
}

dr_status dr_scenario_next(dr_scenario *sc)
{
    if (sc->changes == USHRT_MAX)
        return dr_fail(DR_BAD_INPUT, "more than %d changes in a scenario", USHRT_MAX);
    sc->changes++;
    sc->limit_open = false;
    return DR_OK;
}

/* ---- Conflicts --------------------------------------------------------------------------------------------------- */

/* The flow [n, i, s] in words. */
#define FLOW_FORMAT "the flow of %s from %s to %s"
#define FLOW_NAMES(e, n, i, s) (e)->sector_codes.names[s], (e)->region_codes.names[i], (e)->region_codes.names[n]

/* The kinds of change that a flow cannot have together with this one. */
static int excluded_by(int kind)
{
    switch (kind) {
    case DR_CHANGE_BAN:
        return ~0;
    case DR_CHANGE_LIMIT:
        return DR_CHANGE_BAN | DR_CHANGE_WEDGES;
    case DR_CHANGE_RATE_QUOTA:
        return DR_CHANGE_BAN | DR_CHANGE_WEDGES | DR_CHANGE_DUTIES;
    case DR_CHANGE_TARIFF:
        return DR_CHANGE_BAN | DR_CHANGE_DUTIES;
    case DR_CHANGE_EXPORT_TAX:
    case DR_CHANGE_PRODUCTION_TAX:
        return DR_CHANGE_BAN | DR_CHANGE_LIMITS | kind;
    default:
        return DR_CHANGE_BAN | kind;
    }
}

/* The number of the volume limit that a flow is under; that of all limits if there is none. */
static size_t limit_of(const dr_scenario *sc, size_t flow)
{
    for (size_t c = 0; c < sc->limit_count - sc->tax_limits; c++)
        for (size_t j = 0; j < sc->limits[c].count; j++)
            if (sc->limits[c].flows[j] == flow)
                return c;
    return sc->limit_count;
}

static dr_status conflict(const dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s, size_t flow)
{
    int there = sc->change[flow] & excluded_by(change->kind), before = there & -there; /* its lowest bit */
    if (there & DR_CHANGE_BAN)
        before = DR_CHANGE_BAN;
    size_t limit = before == DR_CHANGE_LIMIT ? limit_of(sc, flow) : sc->limit_count;
    return dr_fail(DR_BAD_INPUT, "change %zu (%s) conflicts with change %d (%s): both change " FLOW_FORMAT "%s",
                   sc->changes, dr_change_name(change->kind, change->relative), sc->last[flow],
                   dr_change_name(before, limit < sc->limit_count && sc->limits[limit].relative),
                   FLOW_NAMES(sc->economy, n, i, s), sc->reading ? "; 'replace: true' overrides the earlier one" : "");
}

/* Takes a flow out of the volume limit that it is under. */
static void leave_limit(dr_scenario *sc, size_t flow)
{
    size_t c = limit_of(sc, flow);
    if (c == sc->limit_count)
        return;
    dr_volume_limit *limit = &sc->limits[c];
    for (size_t j = 0; j < limit->count; j++)
        if (limit->flows[j] == flow) {
            memmove(&limit->flows[j], &limit->flows[j + 1], (limit->count - j - 1) * sizeof *limit->flows);
            limit->count--;
            break;
        }
    if (limit->count > 0)
        return;
    free(limit->flows);
    memmove(limit, limit + 1, (sc->limit_count - c - 1) * sizeof *limit);
    sc->limit_count--;
}

/* Undoes what earlier changes did to a flow and this one excludes. */
static void undo(dr_scenario *sc, int kind, size_t flow)
{
    int gone = sc->change[flow] & excluded_by(kind);
    if (gone & DR_CHANGE_LIMITS)
        leave_limit(sc, flow);
    dr_product_change_forget(sc->products, gone, flow);
    if ((gone & DR_CHANGE_COST) && sc->effect_of)
        sc->effect_of[flow] = 0;
    sc->change[flow] &= (unsigned short)~gone;
}

/* ---- One flow ---------------------------------------------------------------------------------------------------- */

/* Removes the limits that stand for taxes, which are the last. */
static void drop_tax_limits(dr_scenario *sc)
{
    for (; sc->tax_limits > 0; sc->tax_limits--)
        free(sc->limits[--sc->limit_count].flows);
}

/* Puts a flow under a limit of its own, or under that of the whole change. */
static dr_status limit_flow(dr_scenario *sc, const dr_change *change, size_t flow)
{
    if (!sc->limit_open || !change->together) {
        drop_tax_limits(sc); /* made again when the change is complete */
        if (!dr_grow((void **)&sc->limits, &sc->limit_capacity, sc->limit_count + 1, sizeof *sc->limits))
            return dr_fail_memory();
        sc->limits[sc->limit_count++] =
            (dr_volume_limit){.rent = change->rent, .relative = change->relative, .level = change->amount};
        if (change->kind == DR_CHANGE_RATE_QUOTA)
            sc->limits[sc->limit_count - 1].most = (1 + change->over_quota) / (1 + change->in_quota);
        sc->limit_open = true;
    }
    dr_volume_limit *limit = &sc->limits[sc->limit_count - 1];
    size_t capacity = limit->count;
    if (!dr_grow((void **)&limit->flows, &capacity, limit->count + 1, sizeof *limit->flows))
        return dr_fail_memory();
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
        return dr_fail(DR_BAD_INPUT, "a tariff of %.2f%% on " FLOW_FORMAT "; expected more than -100%%", 100 * rate,
                       FLOW_NAMES(e, n, i, s));
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
        return limit_flow(sc, change, flow);
    case DR_CHANGE_RATE_QUOTA:
        sc->rate[flow] = change->in_quota;
        return limit_flow(sc, change, flow);
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

dr_status dr_scenario_clear_flow(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s)
{
    size_t flow = (n * sc->economy->regions + i) * sc->economy->sectors + s;
    if (!(sc->change[flow] & excluded_by(change->kind)))
        return DR_OK;
    if (!change->replace)
        return conflict(sc, change, n, i, s, flow);
    undo(sc, change->kind, flow);
    return DR_OK;
}

dr_status dr_scenario_change_flow(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s)
{
    size_t flow = (n * sc->economy->regions + i) * sc->economy->sectors + s;
    if (sc->last[flow] == sc->changes) /* both directions of a change between overlapping groups */
        return DR_OK;
    DR_TRY(dr_scenario_clear_flow(sc, change, n, i, s));
    DR_TRY(set_change(sc, change, n, i, s, flow));
    sc->change[flow] |= (unsigned short)change->kind;
    sc->last[flow] = (unsigned short)sc->changes;
    return DR_OK;
}

/* ---- All flows --------------------------------------------------------------------------------------------------- */

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
    const char *what = dr_change_name(change->kind, change->relative);
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
    tell_change(sc, change);
    if (change->kind & DR_CHANGE_SHIFTS)
        return dr_scenario_shift(sc, change);
    if (change->kind == DR_CHANGE_TRANSFER)
        return dr_scenario_give(sc, change);
    if (change->kind == DR_CHANGE_LIMIT && change->amount == 0) {
        change->kind = DR_CHANGE_BAN; /* a ban is exact; a volume of zero would need an infinite price */
        DR_TRY(dr_scenario_note(
            sc, "change %zu limits the volume to zero and is applied as a ban: there is no wedge and no rent",
            sc->changes));
    }
    if (change->kind == DR_CHANGE_RATE_QUOTA)
        DR_TRY(plain_tariff(sc, change));
    DR_TRY(change->products ? dr_product_change(sc, change, change->products, &any, &left)
                            : dr_scenario_change_flows(sc, change, &any, &left));
    if (!any)
        return no_flow(sc, change, left);
    snprintf(name, sizeof name, "change %zu", sc->changes);
    if (change->products)
        DR_TRY(dr_product_change_note(sc, name));
    if (change->kind == DR_CHANGE_TARIFF)
        DR_TRY(note_subsidies(sc));
    DR_TRY(dr_scenario_keep_groups(sc, change));
    return sc->reading ? DR_OK : dr_scenario_tax_limits(sc);
}

/* ---- Taxes of exporters ------------------------------------------------------------------------------------------ */

/* The factor of a tax on a flow, 1 where it has none. */
static double factor_on(const dr_scenario *sc, int kind, size_t tax, size_t flow)
{
    return sc->change[flow] & kind ? sc->factor[tax][flow] : 1;
}

/* The factor on the price of a flow abroad that its exporter earns. */
static double exporter_factor(const dr_scenario *sc, size_t flow)
{
    return factor_on(sc, DR_CHANGE_EXPORT_TAX, DR_EXPORT_TAX_FACTOR, flow) *
           factor_on(sc, DR_CHANGE_PRODUCTION_TAX, DR_PRODUCTION_TAX_FACTOR, flow);
}

/* The limit of all flows with a factor, which is made where there is none yet; NULL without memory. */
static dr_volume_limit *tax_limit(dr_scenario *sc, double factor)
{
    for (size_t c = sc->limit_count - sc->tax_limits; c < sc->limit_count; c++)
        if (sc->limits[c].wedge == factor)
            return &sc->limits[c];
    if (!dr_grow((void **)&sc->limits, &sc->limit_capacity, sc->limit_count + 1, sizeof *sc->limits))
        return NULL;
    sc->limits[sc->limit_count] =
        (dr_volume_limit){.rent = DR_RENT_EXPORTER, .relative = true, .level = 1, .wedge = factor};
    sc->tax_limits++;
    return &sc->limits[sc->limit_count++];
}

/* Adds a flow to its limit, which gets room for as many as there are. */
static dr_status take_flow(dr_scenario *sc, size_t flow, size_t flows)
{
    dr_volume_limit *limit = tax_limit(sc, exporter_factor(sc, flow));
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
    drop_tax_limits(sc);
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
