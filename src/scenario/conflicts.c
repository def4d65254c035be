/* Which changes exclude each other on a flow, and what is undone where a later one replaces an earlier one. */
#include <stdlib.h>
#include <string.h>

#include "scenario/change_parts.h"
#include "scenario/product_change.h"

/* The kinds of change that a flow cannot have together with this one. Limits and taxes of exporters on other products
 * of the flow do not matter to one on products. */
static int excluded_by(const dr_change *change)
{
    int kind = change->kind;
    if (change->products && (kind & DR_CHANGE_WEDGES))
        return DR_CHANGE_BAN | (DR_CHANGE_WEDGES & ~DR_CHANGE_PRODUCT_WEDGE);
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
        return DR_CHANGE_BAN | DR_CHANGE_LIMITS | DR_CHANGE_PRODUCT_WEDGE | kind;
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

/* A change as the document names it: one that pays is a subsidy. */
static const char *spoken_name(int kind, bool relative, bool subsidy)
{
    if (!subsidy)
        return dr_change_name(kind, relative);
    return kind == DR_CHANGE_EXPORT_TAX       ? "export-subsidy"
           : kind == DR_CHANGE_PRODUCTION_TAX ? "production-subsidy"
           : kind == DR_CHANGE_USE_TAX        ? "use-subsidy"
                                              : dr_change_name(kind, relative);
}

/* Whether a tax on the flow is one. */
static bool is_paid(const dr_scenario *sc, int kind, size_t flow)
{
    static const int kinds[DR_TAX_FACTORS] = {DR_CHANGE_EXPORT_TAX, DR_CHANGE_PRODUCTION_TAX, DR_CHANGE_USE_TAX};
    for (size_t t = 0; t < DR_TAX_FACTORS; t++)
        if (kinds[t] == kind && sc->factor[t])
            return sc->factor[t][flow] < 1;
    return false;
}

static dr_status conflict(const dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s, size_t flow)
{
    int there = sc->change[flow] & excluded_by(change), before = there & -there; /* its lowest bit */
    if (there & DR_CHANGE_BAN)
        before = DR_CHANGE_BAN;
    size_t limit = before == DR_CHANGE_LIMIT ? limit_of(sc, flow) : sc->limit_count;
    char earlier[DR_CHANGE_WORDS_SIZE];
    dr_change_words(
        earlier, sc, sc->last[flow],
        spoken_name(before, limit < sc->limit_count && sc->limits[limit].relative, is_paid(sc, before, flow)));
    return dr_fail(DR_BAD_INPUT, "change %zu (%s) conflicts with %s: both change " DR_FLOW_FORMAT "%s", sc->changes,
                   spoken_name(change->kind, !change->bought, change->amount < 0), earlier,
                   DR_FLOW_NAMES(sc->economy, n, i, s),
                   sc->reading ? "; 'replace: true' overrides the earlier one" : "");
}

void dr_volume_limit_free(dr_volume_limit *limit)
{
    free(limit->flows);
    free(limit->rows);
}

/* Takes a flow, or a product flow of it, out of one limit. */
static void leave_limit(dr_volume_limit *limit, size_t flow, unsigned row)
{
    size_t kept = 0;
    for (size_t j = 0; j < limit->count; j++) {
        if (limit->flows[j] == flow && (row == DR_NO_PRODUCT || (limit->rows && limit->rows[j] == row)))
            continue;
        limit->flows[kept] = limit->flows[j];
        if (limit->rows)
            limit->rows[kept] = limit->rows[j];
        kept++;
    }
    limit->count = kept;
}

void dr_scenario_leave_limits(dr_scenario *sc, size_t flow, unsigned row)
{
    for (size_t c = sc->limit_count - sc->tax_limits; c-- > 0;) {
        dr_volume_limit *limit = &sc->limits[c];
        leave_limit(limit, flow, row);
        if (limit->count > 0)
            continue;
        dr_volume_limit_free(limit);
        memmove(limit, limit + 1, (sc->limit_count - c - 1) * sizeof *limit);
        sc->limit_count--;
    }
}

/* Undoes what earlier changes did to a flow and this one excludes. */
static void undo(dr_scenario *sc, const dr_change *change, size_t flow)
{
    int gone = sc->change[flow] & excluded_by(change);
    if (gone & (DR_CHANGE_LIMITS | DR_CHANGE_PRODUCT_WEDGE))
        dr_scenario_leave_limits(sc, flow, DR_NO_PRODUCT);
    dr_product_change_forget(sc->products, gone, flow);
    if ((gone & DR_CHANGE_COST) && sc->effect_of)
        sc->effect_of[flow] = 0;
    sc->change[flow] &= (unsigned short)~gone;
}

dr_status dr_scenario_clear_flow(dr_scenario *sc, const dr_change *change, size_t n, size_t i, size_t s)
{
    size_t flow = (n * sc->economy->regions + i) * sc->economy->sectors + s;
    if (!(sc->change[flow] & excluded_by(change)))
        return DR_OK;
    if (!change->replace)
        return conflict(sc, change, n, i, s, flow);
    undo(sc, change, flow);
    return DR_OK;
}
