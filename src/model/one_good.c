/* The one-sector model of Armington (1969) and of structural gravity: one good for each region, made of labour alone
 * and sold to all. Flows are those of all sectors in sum, at the mean tariff weighted by them, so that revenue stays;
 * what a region sells is what it earns. The rest of the model stays the same, and real income obeys Arkolakis, Costinot
 * & Rodriguez-Clare (2012): W'/W = (pi'[n,n] / pi[n,n])^(-1 / theta). */
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "model/one_good.h"

static const char *one_text[] = {""};

/* The sectors' names: one, "all". */
static dr_status name_good(dr_economy *good)
{
    good->sectors = 1;
    good->sector_codes = (dr_names){0};
    good->sector_names = good->sector_slugs = good->sector_kinds = good->sector_isic = one_text;
    return dr_names_add(&good->sector_codes, "all") >= 0 ? DR_OK : dr_fail_memory();
}

/* Sums over sectors: jobs (of zeros), flows, tariff revenue (for now in `tariff`), spending. */
static void add_sectors(dr_economy *good, const dr_economy *of)
{
    size_t r = of->regions, s = of->sectors;
    for (size_t at = 0; of->jobs && at < r * s; at++)
        good->jobs[at / s] += of->jobs[at];
    memset(good->flow, 0, r * r * sizeof(double));
    memset(good->final, 0, r * sizeof(double));
    if (good->tariff)
        memset(good->tariff, 0, r * r * sizeof(double));
    for (size_t pair = 0; pair < r * r; pair++)
        for (size_t k = 0; k < s; k++) {
            double flow = of->flow[pair * s + k], revenue = of->tariff ? of->tariff[pair * s + k] * flow : 0;
            good->flow[pair] += flow;
            good->final[pair / r] += flow + revenue;
            if (good->tariff)
                good->tariff[pair] += revenue;
        }
    for (size_t pair = 0; pair < r * r && good->tariff; pair++)
        good->tariff[pair] = good->flow[pair] > 0 ? good->tariff[pair] / good->flow[pair] : 0;
}

dr_status dr_one_good_take(dr_model *m)
{
    const dr_economy *of = m->whole;
    dr_economy *good = &m->one_good;
    size_t r = of->regions;
    *good = *of;
    good->summed = of;
    m->economy = good;
    m->sectors = 1;
    DR_TRY(name_good(good));
    good->value_added = good->elasticity = good->factor = NULL;
    good->emissions = good->emitted_by_final = good->jobs_of_kind = NULL;
    good->jobs_kinds = (dr_names){0};
    good->factors = (dr_names){0};
    good->flow = dr_arena_take(&m->arena, r * r * sizeof(double));
    good->tariff = of->tariff ? dr_arena_take(&m->arena, r * r * sizeof(double)) : NULL;
    good->final = dr_arena_take(&m->arena, r * sizeof(double));
    good->input = dr_arena_take(&m->arena, r * sizeof(double));
    good->jobs = of->jobs ? dr_arena_take(&m->arena, r * sizeof(double)) : NULL;
    if (!good->flow || (of->tariff && !good->tariff) || !good->final || !good->input || (of->jobs && !good->jobs))
        return dr_fail_memory();
    memset(good->input, 0, r * sizeof(double));
    if (good->jobs)
        memset(good->jobs, 0, r * sizeof(double));
    add_sectors(good, of);
    return dr_model_note(m,
                         "one-sector Armington model: flows are summed over all %zu sectors and made without inputs, "
                         "so that income equals total sales",
                         of->sectors);
}

/* ---- Scenarios --------------------------------------------------------------------------------------------------- */

/* A change applies to the one good only if it applies to all sectors with trade. */
static dr_status differ(const dr_economy *e, size_t pair, size_t a, size_t b)
{
    return dr_fail(DR_BAD_INPUT,
                   "the scenario does not change %s and %s from %s to %s alike; the armington model has one sector, so "
                   "that a change must cover all sectors",
                   e->sector_codes.names[a], e->sector_codes.names[b], e->region_codes.names[pair % e->regions],
                   e->region_codes.names[pair / e->regions]);
}

/* The rates of taxes on a pair, the same in all sectors with trade. */
static bool same_taxes(const dr_scenario *of, size_t a, size_t b)
{
    for (size_t tax = 0; tax < DR_TAX_FACTORS; tax++)
        if (of->factor[tax] && of->factor[tax][a] != of->factor[tax][b])
            return false;
    return true;
}

static dr_status take_taxes(dr_scenario *one, const dr_scenario *of)
{
    size_t r = of->economy->regions;
    for (size_t tax = 0; tax < DR_TAX_FACTORS; tax++)
        if (of->factor[tax] && !(one->factor[tax] = dr_new_doubles(r * r)))
            return dr_fail_memory();
    return DR_OK;
}

/* One pair's change. New tariffs are averaged as those of the base are. */
static dr_status merge_pair(dr_scenario *one, const dr_scenario *of, size_t pair)
{
    const dr_economy *e = of->economy;
    double all = 0, revenue = 0;
    size_t first = e->sectors;
    for (size_t k = 0; k < e->sectors; k++) {
        size_t flow = pair * e->sectors + k;
        if (e->flow[flow] == 0)
            continue;
        if (first == e->sectors)
            first = k;
        size_t of_first = pair * e->sectors + first;
        if (of->change[flow] != of->change[of_first] ||
            ((of->change[flow] & DR_CHANGE_COST) && of->times[flow] != of->times[of_first]) ||
            ((of->change[flow] & DR_CHANGE_RATE_QUOTA) && of->rate[flow] != of->rate[of_first]) ||
            !same_taxes(of, flow, of_first) || (of->effect_of && of->effect_of[flow] != of->effect_of[of_first]))
            return differ(e, pair, first, k);
        all += e->flow[flow];
        revenue += e->flow[flow] * of->rate[flow];
    }
    if (first == e->sectors)
        return DR_OK;
    one->change[pair] = of->change[pair * e->sectors + first];
    one->times[pair] = of->times[pair * e->sectors + first];
    one->rate[pair] = revenue / all;
    for (size_t tax = 0; tax < DR_TAX_FACTORS; tax++)
        if (of->factor[tax])
            one->factor[tax][pair] = of->factor[tax][pair * e->sectors + first];
    if (one->effect_of && of->effect_of)
        one->effect_of[pair] = of->effect_of[pair * e->sectors + first];
    return DR_OK;
}

/* Limits of single flows that ask for the same cut are one for the good. */
static bool same_limit(const dr_volume_limit *a, const dr_volume_limit *b)
{
    return a->count == 1 && b->count == 1 && a->relative && b->relative && a->level == b->level && a->rent == b->rent &&
           a->most == b->most && a->wedge == b->wedge;
}

/* A limit of the good from one of its sectors; owner[pair] is the number of the scenario's limit that the pair is
 * under, from 1. */
static dr_status merge_limit(dr_scenario *one, const dr_scenario *of, size_t c, size_t *owner)
{
    const dr_economy *e = of->economy;
    const dr_volume_limit *limit = &of->limits[c];
    dr_volume_limit good = *limit;
    good.count = 0;
    if (!(good.flows = dr_new(limit->count, sizeof *good.flows)))
        return dr_fail_memory();
    dr_status status = DR_OK;
    for (size_t j = 0; j < limit->count && status == DR_OK; j++) {
        size_t pair = limit->flows[j] / e->sectors, sector = limit->flows[j] % e->sectors;
        if (e->flow[limit->flows[j]] == 0 || owner[pair] == c + 1)
            continue;
        if (owner[pair] == 0) {
            owner[pair] = c + 1;
            good.flows[good.count++] = pair;
        } else if (!same_limit(&of->limits[owner[pair] - 1], limit)) {
            status = differ(e, pair, of->limits[owner[pair] - 1].flows[0] % e->sectors, sector);
        }
    }
    if (status == DR_OK && good.count > 0)
        one->limits[one->limit_count++] = good;
    else
        free(good.flows);
    return status;
}

static dr_status merge_limits(dr_scenario *one, const dr_scenario *of)
{
    size_t r = of->economy->regions, *owner = dr_new(r * r, sizeof *owner);
    one->limits = dr_new(of->limit_count, sizeof *one->limits);
    dr_status status = owner && one->limits ? DR_OK : dr_fail_memory();
    for (size_t c = 0; c < of->limit_count && status == DR_OK; c++)
        status = merge_limit(one, of, c, owner);
    free(owner);
    return status;
}

/* The estimated effects on trade costs, each once. */
static dr_status take_effects(dr_scenario *one, const dr_scenario *of)
{
    size_t r = of->economy->regions;
    if (of->effect_count == 0)
        return DR_OK;
    one->effects = dr_new(of->effect_count, sizeof *one->effects);
    one->effect_of = dr_new(r * r, sizeof *one->effect_of);
    if (!one->effects || !one->effect_of)
        return dr_fail_memory();
    memcpy(one->effects, of->effects, of->effect_count * sizeof *one->effects);
    one->effect_count = of->effect_count;
    return DR_OK;
}

/* A shift of productivity or of supply, which is to be the same for all sectors with output and all factors. */
static dr_status merge_shift(dr_scenario *one, const dr_scenario *of, size_t shift)
{
    const dr_economy *e = of->economy;
    size_t r = e->regions, s = e->sectors, cells = dr_shift_cells(e, shift);
    if (!of->shift[shift].times)
        return DR_OK;
    if (shift == DR_SHIFT_DEMAND)
        return dr_fail(DR_BAD_INPUT,
                       "the armington model has one sector, so that 'demand' cannot shift between sectors");
    one->shift[shift].times = dr_new_doubles(r);
    one->shift[shift].last = dr_new(r, sizeof(unsigned short));
    if (!one->shift[shift].times || !one->shift[shift].last)
        return dr_fail_memory();
    for (size_t cell = 0; cell < cells; cell++) {
        size_t n = cell / s % r;
        double sales = 0, times = of->shift[shift].times[cell];
        for (size_t m = 0; m < r; m++)
            sales += e->flow[(m * r + n) * s + cell % s];
        if (sales > 0 && one->shift[shift].last[n] && one->shift[shift].times[n] != times)
            return dr_fail(DR_BAD_INPUT,
                           "the scenario does not change all sectors and factors of %s alike; the armington model has "
                           "one sector, so that a change must cover all",
                           e->region_codes.names[n]);
        if (sales > 0) {
            one->shift[shift].times[n] = times;
            one->shift[shift].last[n] = 1;
        }
    }
    for (size_t n = 0; n < r; n++)
        one->shift[shift].times[n] = one->shift[shift].last[n] ? one->shift[shift].times[n] : 1;
    return DR_OK;
}

static dr_status take_transfers(dr_scenario *one, const dr_scenario *of)
{
    for (size_t t = 0; t < of->transfer_count; t++) {
        const dr_transfer *given = &of->transfers[t];
        const dr_change change = {.kind = DR_CHANGE_TRANSFER,
                                  .by = given->to,
                                  .on = given->from,
                                  .amount = given->amount,
                                  .relative = given->relative};
        DR_TRY(dr_scenario_give(one, &change));
    }
    return DR_OK;
}

static dr_status merge(dr_scenario *one, const dr_scenario *of)
{
    size_t r = of->economy->regions;
    if (of->carbon)
        return dr_fail(DR_BAD_INPUT,
                       "the armington model has one sector, so that carbon cannot be priced by what sectors emit; "
                       "expected another model");
    DR_TRY(take_effects(one, of));
    DR_TRY(take_taxes(one, of));
    DR_TRY(take_transfers(one, of));
    for (size_t shift = 0; shift < DR_SHIFT_COUNT; shift++)
        DR_TRY(merge_shift(one, of, shift));
    for (size_t pair = 0; pair < r * r; pair++)
        DR_TRY(merge_pair(one, of, pair));
    DR_TRY(of->limit_count ? merge_limits(one, of) : DR_OK);
    one->changed = of->changed;
    return of->title ? dr_scenario_title(one, of->title) : DR_OK;
}

dr_status dr_one_good_scenario(dr_scenario **out, const dr_model *m, const dr_scenario *of)
{
    dr_scenario *one = NULL;
    DR_TRY(dr_scenario_new(&one, m->economy));
    dr_status status = merge(one, of);
    if (status != DR_OK) {
        dr_scenario_free(one);
        return status;
    }
    *out = one;
    return DR_OK;
}
