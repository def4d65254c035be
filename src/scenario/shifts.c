/* Changes that are not of flows: of productivity, of what there is of factors, of final demand, and transfers of
 * income. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/names.h"
#include "scenario/direction.h"
#include "scenario/scenario.h"

size_t dr_scenario_factors(const dr_economy *e)
{
    return e->factors.count > 1 ? e->factors.count : 1;
}

size_t dr_shift_cells(const dr_economy *e, size_t shift)
{
    return (shift == DR_SHIFT_SUPPLY ? dr_scenario_factors(e) : 1) * e->regions * e->sectors;
}

double dr_scenario_shifted(const dr_scenario *sc, size_t shift, size_t cell)
{
    return sc && sc->shift[shift].times ? sc->shift[shift].times[cell] : 1;
}

static size_t shift_of(int kind)
{
    return kind == DR_CHANGE_PRODUCTIVITY ? DR_SHIFT_PRODUCTIVITY
           : kind == DR_CHANGE_SUPPLY     ? DR_SHIFT_SUPPLY
                                          : DR_SHIFT_DEMAND;
}

/* ---- Factors ----------------------------------------------------------------------------------------------------- */

/* Whether a factor is labour: the only one is (model/factors.h). */
static bool is_labour(const dr_economy *e, size_t f)
{
    const char *name = e->factors.count > 1 ? e->factors.names[f] : "labour";
    return strncasecmp(name, "labour", 6) == 0 || strncasecmp(name, "labor", 5) == 0;
}

static bool is_meant(const dr_economy *e, const char *name, size_t f)
{
    if (!name)
        return true;
    if (strcasecmp(name, "labour") == 0)
        return is_labour(e, f);
    return e->factors.count > 0 && strcasecmp(name, e->factors.names[f]) == 0;
}

static dr_status check_factor(const dr_economy *e, const char *name)
{
    char hint[DR_HINT_SIZE];
    for (size_t f = 0; f < dr_scenario_factors(e); f++)
        if (is_meant(e, name, f))
            return DR_OK;
    if (e->factors.count == 0)
        return dr_fail(DR_BAD_INPUT, "unknown factor '%.60s'; in this world labour stands for all factors", name);
    return dr_fail(DR_BAD_INPUT, "unknown factor '%.60s'; expected one that earns value added in this world%s", name,
                   dr_hint(hint, name, (const char *const *)e->factors.names, e->factors.count));
}

/* ---- Shifts ------------------------------------------------------------------------------------------------------ */

/* Whether a region makes a good at all, or, of final demand, uses it. */
static bool has_market(const dr_economy *e, size_t shift, size_t n, size_t s)
{
    if (shift == DR_SHIFT_DEMAND)
        return e->final && e->final[n * e->sectors + s] > 0;
    for (size_t m = 0; m < e->regions; m++)
        if (e->flow[(m * e->regions + n) * e->sectors + s] > 0)
            return true;
    return false;
}

static dr_status shift_new(dr_shift *shift, size_t cells)
{
    if (shift->times)
        return DR_OK;
    shift->last = dr_new(cells, sizeof *shift->last);
    shift->times = dr_new_doubles(cells);
    if (!shift->times || !shift->last)
        return dr_fail_memory();
    for (size_t j = 0; j < cells; j++)
        shift->times[j] = 1;
    return DR_OK;
}

static dr_status shift_cell(dr_scenario *sc, const dr_change *c, size_t n, size_t s, size_t cell, double times)
{
    const dr_economy *e = sc->economy;
    dr_shift *shift = &sc->shift[shift_of(c->kind)];
    const char *what = c->from_use ? "direction" : dr_change_name(c->kind, false);
    char earlier[DR_CHANGE_WORDS_SIZE];
    if (shift->last[cell] && !c->replace)
        return dr_fail(DR_BAD_INPUT, "change %zu (%s) conflicts with %s: both change %s in %s%s", sc->changes, what,
                       dr_change_words(earlier, sc, shift->last[cell], what), e->sector_codes.names[s],
                       e->region_codes.names[n], sc->reading ? "; 'replace: true' overrides the earlier one" : "");
    shift->times[cell] = times;
    shift->last[cell] = (unsigned short)sc->changes;
    return DR_OK;
}

dr_status dr_scenario_shift_demand(dr_scenario *sc, const dr_change *c, size_t n, size_t k, double times)
{
    DR_TRY(shift_new(&sc->shift[DR_SHIFT_DEMAND], dr_shift_cells(sc->economy, DR_SHIFT_DEMAND)));
    return shift_cell(sc, c, n, k, n * sc->economy->sectors + k, times);
}

dr_status dr_scenario_shift(dr_scenario *sc, const dr_change *c)
{
    const dr_economy *e = sc->economy;
    size_t shift = shift_of(c->kind), cells = dr_shift_cells(e, shift);
    bool any = false;
    if (c->from_use)
        return dr_scenario_turn(sc, c);
    if (shift == DR_SHIFT_SUPPLY)
        DR_TRY(check_factor(e, c->factor));
    DR_TRY(shift_new(&sc->shift[shift], cells));
    for (size_t cell = 0; cell < cells; cell++) {
        size_t s = cell % e->sectors, n = cell / e->sectors % e->regions, f = cell / e->sectors / e->regions;
        bool meant = c->by[n] && c->sectors[s] && (shift != DR_SHIFT_SUPPLY || is_meant(e, c->factor, f));
        if (!meant || !has_market(e, shift, n, s))
            continue;
        any = true;
        DR_TRY(shift_cell(sc, c, n, s, cell, 1 + c->amount));
    }
    return any ? DR_OK
               : dr_fail(DR_BAD_INPUT, "change %zu (%s) changes nothing: none of the sectors has any %s there",
                         sc->changes, dr_change_name(c->kind, false),
                         shift == DR_SHIFT_DEMAND ? "final demand" : "production");
}

/* ---- Transfers --------------------------------------------------------------------------------------------------- */

dr_status dr_scenario_give(dr_scenario *sc, const dr_change *c)
{
    size_t r = sc->economy->regions;
    for (size_t n = 0; n < r; n++)
        if (c->by[n] && c->on[n])
            return dr_fail(DR_BAD_INPUT, "change %zu (transfer): %s is among those that give and those that receive",
                           sc->changes, sc->economy->region_codes.names[n]);
    if (!dr_grow((void **)&sc->transfers, &sc->transfer_capacity, sc->transfer_count + 1, sizeof *sc->transfers))
        return dr_fail_memory();
    dr_transfer *t = &sc->transfers[sc->transfer_count++];
    *t = (dr_transfer){dr_new(r, sizeof(bool)), dr_new(r, sizeof(bool)), c->amount, c->relative};
    if (!t->from || !t->to)
        return dr_fail_memory();
    memcpy(t->to, c->by, r * sizeof(bool));
    memcpy(t->from, c->on, r * sizeof(bool));
    return DR_OK;
}
