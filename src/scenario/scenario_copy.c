/* A scenario of its own with the changes of another one, to which more can be added. */
#include <stdlib.h>
#include <string.h>

#include "scenario/carbon.h"
#include "scenario/product_change.h"

/* A copy of `count` items; *out stays NULL where there are none. */
static dr_status copy(void *out, const void *from, size_t count, size_t size)
{
    void **to = (void **)out;
    if (!from)
        return DR_OK;
    *to = dr_new(count, size);
    if (!*to)
        return dr_fail_memory();
    memcpy(*to, from, count * size);
    return DR_OK;
}

static dr_status copy_limits(dr_scenario *to, const dr_scenario *from)
{
    for (size_t l = 0; l < from->limit_count; l++) {
        const dr_volume_limit *limit = &from->limits[l];
        if (!dr_grow((void **)&to->limits, &to->limit_capacity, l + 1, sizeof *to->limits))
            return dr_fail_memory();
        to->limits[l] = *limit;
        to->limits[l].flows = NULL;
        to->limits[l].rows = NULL;
        to->limit_count = l + 1;
        DR_TRY(copy(&to->limits[l].flows, limit->flows, limit->count, sizeof *limit->flows));
        DR_TRY(copy(&to->limits[l].rows, limit->rows, limit->count, sizeof *limit->rows));
    }
    to->tax_limits = from->tax_limits;
    return DR_OK;
}

static dr_status copy_transfers(dr_scenario *to, const dr_scenario *from)
{
    size_t regions = from->economy->regions;
    for (size_t t = 0; t < from->transfer_count; t++) {
        const dr_transfer *transfer = &from->transfers[t];
        if (!dr_grow((void **)&to->transfers, &to->transfer_capacity, t + 1, sizeof *to->transfers))
            return dr_fail_memory();
        to->transfers[t] = *transfer;
        to->transfers[t].from = to->transfers[t].to = NULL;
        to->transfer_count = t + 1;
        DR_TRY(copy(&to->transfers[t].from, transfer->from, regions, sizeof(bool)));
        DR_TRY(copy(&to->transfers[t].to, transfer->to, regions, sizeof(bool)));
    }
    return DR_OK;
}

static dr_status copy_shifts(dr_scenario *to, const dr_scenario *from)
{
    for (size_t k = 0; k < DR_SHIFT_COUNT; k++) {
        const dr_shift *shift = &from->shift[k];
        size_t cells = dr_shift_cells(from->economy, k);
        DR_TRY(copy(&to->shift[k].times, shift->times, cells, sizeof *shift->times));
        DR_TRY(copy(&to->shift[k].last, shift->last, cells, sizeof *shift->last));
    }
    return DR_OK;
}

static dr_status copy_carbon(dr_scenario *to, const dr_scenario *from, size_t cells, size_t flows)
{
    const struct dr_carbon *c = from->carbon;
    if (!c)
        return DR_OK;
    struct dr_carbon *made = to->carbon = dr_new(1, sizeof *made);
    if (!made)
        return dr_fail_memory();
    DR_TRY(copy(&made->price, c->price, cells, sizeof *c->price));
    DR_TRY(copy(&made->abatement, c->abatement, cells, sizeof *c->abatement));
    DR_TRY(copy(&made->last, c->last, cells, sizeof *c->last));
    DR_TRY(copy(&made->direct, c->direct, cells, sizeof *c->direct));
    DR_TRY(copy(&made->embodied, c->embodied, cells, sizeof *c->embodied));
    DR_TRY(copy(&made->border_price, c->border_price, flows, sizeof *c->border_price));
    DR_TRY(copy(&made->duty, c->duty, flows, sizeof *c->duty));
    return copy(&made->basis, c->basis, flows, sizeof *c->basis);
}

static dr_status copy_changes(dr_scenario *to, const dr_scenario *from)
{
    const dr_economy *e = from->economy;
    size_t cells = e->regions * e->sectors, flows = e->regions * cells;
    memcpy(to->rate, from->rate, flows * sizeof *to->rate);
    memcpy(to->times, from->times, flows * sizeof *to->times);
    memcpy(to->change, from->change, flows * sizeof *to->change);
    memcpy(to->last, from->last, flows * sizeof *to->last);
    for (size_t t = 0; t < DR_TAX_FACTORS; t++)
        DR_TRY(copy(&to->factor[t], from->factor[t], flows, sizeof(double)));
    DR_TRY(copy(&to->effects, from->effects, from->effect_count, sizeof *to->effects));
    DR_TRY(copy(&to->effect_of, from->effect_of, flows, sizeof *to->effect_of));
    to->effect_count = from->effect_count;
    to->changes = from->changes;
    to->changed = from->changed;
    DR_TRY(copy_shifts(to, from));
    DR_TRY(copy_transfers(to, from));
    DR_TRY(copy_carbon(to, from, cells, flows));
    DR_TRY(dr_product_changes_copy(to, from));
    return copy_limits(to, from);
}

dr_status dr_scenario_copy(dr_scenario **out, const dr_scenario *from)
{
    dr_scenario *to = NULL;
    DR_TRY(dr_scenario_new(&to, from->economy));
    dr_status status = copy_changes(to, from);
    for (size_t i = 0; i < from->note_count && status == DR_OK; i++)
        status = dr_scenario_note(to, "%s", from->notes[i]);
    if (status == DR_OK)
        status = dr_named_merge(&to->named, &from->named, from->economy->regions);
    if (status == DR_OK)
        *out = to;
    else
        dr_scenario_free(to);
    return status;
}
