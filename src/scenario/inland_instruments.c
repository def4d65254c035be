/* Taxes and subsidies in a document, and what regions can produce, have, want or give. */
#include <string.h>

#include "scenario/instruments.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

static dr_status take_tax(dr_entry *e)
{
    double rate = 0;
    DR_TRY(dr_entry_need(e, DR_KEY_RATE));
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_RATE], &rate));
    if (e->of->subsidy && !(rate >= 0 && rate < 1))
        return fail(e, e->v[DR_KEY_RATE], "a subsidy of %.4g%% of the price; expected 0%% or more and less than 100%%",
                    100 * rate);
    if (!e->of->subsidy && !(rate > -1))
        return fail(e, e->v[DR_KEY_RATE], "a tax of %.4g%%; expected more than -100%%", 100 * rate);
    e->change.amount = e->of->subsidy ? -rate : rate;
    return DR_OK;
}

dr_status dr_read_export_tax(dr_entry *e)
{
    DR_TRY(take_tax(e));
    DR_TRY(dr_entry_sides(e, DR_KEY_TO, DR_KEY_BY));
    return dr_entry_finish(e);
}

/* A tax on all sales, or all purchases, of the regions `in`, domestic ones too. A group is not one actor here: what its
 * members sell each other is meant. */
static dr_status read_inland(dr_entry *e, bool sales)
{
    DR_TRY(take_tax(e));
    DR_TRY(dr_entry_need(e, DR_KEY_IN));
    e->change.domestic = true;
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_IN], sales ? e->change.on : e->change.by, &e->scenario->named,
                            e->change.names[sales ? 1 : 0]));
    return dr_entry_finish(e);
}

dr_status dr_read_production_tax(dr_entry *e)
{
    return read_inland(e, true);
}

dr_status dr_read_use_tax(dr_entry *e)
{
    return read_inland(e, false);
}

/* What regions can produce, have or want; 'labour' is the supply of that factor. */
dr_status dr_read_shift(dr_entry *e)
{
    bool labour = strcmp(e->of->name, "labour") == 0;
    DR_TRY(dr_entry_need(e, DR_KEY_CHANGE));
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_CHANGE], &e->change.amount));
    DR_TRY(dr_entry_need(e, DR_KEY_IN));
    if (e->v[DR_KEY_FACTOR])
        DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_FACTOR], "a factor such as capital"));
    e->change.factor = labour ? e->of->name : e->v[DR_KEY_FACTOR] ? dr_yaml_text(e->v[DR_KEY_FACTOR]) : NULL;
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_IN], e->change.by, &e->scenario->named, e->change.names[0]));
    return dr_entry_finish(e);
}

dr_status dr_read_direction(dr_entry *e)
{
    static const dr_key keys[] = {DR_KEY_FROM, DR_KEY_TO};
    const char **uses[] = {&e->change.from_use, &e->change.to_use};
    for (int k = 0; k < 2; k++) {
        DR_TRY(dr_entry_need(e, keys[k]));
        DR_TRY(dr_yaml_need_text(e->yaml, e->v[keys[k]], "consumption, investment or the code of a final use"));
        *uses[k] = dr_yaml_text(e->v[keys[k]]);
    }
    DR_TRY(dr_entry_need(e, DR_KEY_PART));
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_PART], &e->change.amount));
    if (!(e->change.amount > 0 && e->change.amount < 1))
        return fail(e, e->v[DR_KEY_PART],
                    "a part of %.4g%% of final demand; expected more than 0%% and less than 100%%",
                    100 * e->change.amount);
    DR_TRY(dr_entry_need(e, DR_KEY_IN));
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_IN], e->change.by, &e->scenario->named, e->change.names[0]));
    return dr_entry_finish(e);
}

dr_status dr_read_transfer(dr_entry *e)
{
    DR_TRY(dr_entry_need(e, DR_KEY_AMOUNT));
    DR_TRY(dr_entry_value(e, e->v[DR_KEY_AMOUNT], "a value in the unit of the world, or a part of income such as 1%"));
    DR_TRY(dr_entry_need(e, DR_KEY_FROM));
    DR_TRY(dr_entry_need(e, DR_KEY_TO));
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_TO], e->change.by, &e->scenario->named, e->change.names[0]));
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_FROM], e->change.on, &e->scenario->named, e->change.names[1]));
    return dr_entry_finish(e);
}
