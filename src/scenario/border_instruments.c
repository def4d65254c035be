/* Instruments at the border in a document: tariffs, trade costs, bans, curbs and quotas. */
#include <limits.h>
#include <math.h>

#include "scenario/instruments.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

static dr_status read_tariff_file(dr_entry *e)
{
    static const dr_key others[] = {DR_KEY_BY,     DR_KEY_ON,     DR_KEY_SECTORS,  DR_KEY_PRODUCTS,
                                    DR_KEY_EXCEPT, DR_KEY_INSIDE, DR_KEY_DOMESTIC, DR_KEY_SPECIFIC,
                                    DR_KEY_PER,    DR_KEY_PRICE,  DR_KEY_LEAKAGE,  DR_KEY_THROUGH};
    char path[PATH_MAX];
    bool replace = false;
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (e->v[others[k]])
            return fail(e, e->map, "'file' lists the flows itself: it excludes '%s'", dr_entry_keys[others[k]]);
    DR_TRY(dr_entry_path(e, e->v[DR_KEY_FILE], path));
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_REPLACE], &replace));
    return dr_scenario_tariff_file(e->scenario, e->own, path, replace);
}

/* A duty on a unit of weight of products, whose own quantities make a rate of it. */
static dr_status take_duty_on_weight(dr_entry *e, double duty)
{
    const yaml_node_t *per = e->v[DR_KEY_PER];
    double tonnes = 1;
    DR_TRY(dr_entry_need(e, DR_KEY_PER));
    DR_TRY(dr_yaml_need_text(e->yaml, per, "tonne or kg"));
    if (!dr_tonnes_of(dr_yaml_text(per), &tonnes))
        return fail(e, per, "'%.40s'; expected tonne or kg, in which product flows have quantities, or a 'price'",
                    dr_yaml_text(per));
    if (!(duty >= 0 && isfinite(duty)))
        return fail(e, e->v[DR_KEY_SPECIFIC], "a specific duty of %g; expected 0 or more", duty);
    e->change.specific = duty / tonnes;
    return DR_OK;
}

/* A specific duty as a rate: the duty on a unit over the price of a unit, which the scenario states. */
static dr_status take_specific(dr_entry *e, double *rate)
{
    double duty = 0, price = 0;
    const yaml_node_t *per = e->v[DR_KEY_PER];
    *rate = 0;
    if (!e->v[DR_KEY_SPECIFIC] && (per || e->v[DR_KEY_PRICE]))
        return fail(e, per ? per : e->v[DR_KEY_PRICE], "'%s' is one of a 'specific' duty, which is missing",
                    per ? "per" : "price");
    if (!e->v[DR_KEY_SPECIFIC])
        return DR_OK;
    if (!e->v[DR_KEY_PRODUCTS])
        DR_TRY(dr_entry_need(e, DR_KEY_PRICE));
    DR_TRY(dr_entry_number(e, e->v[DR_KEY_SPECIFIC], "a duty on a unit such as 12.5", &duty));
    if (!e->v[DR_KEY_PRICE])
        return take_duty_on_weight(e, duty);
    DR_TRY(dr_entry_number(e, e->v[DR_KEY_PRICE], "the price of a unit without duty such as 250", &price));
    if (!(price > 0 && isfinite(price)))
        return fail(e, e->v[DR_KEY_PRICE], "a price of %g; expected more than 0", price);
    if (!(duty >= 0 && isfinite(duty)))
        return fail(e, e->v[DR_KEY_SPECIFIC], "a specific duty of %g; expected 0 or more", duty);
    if (per)
        DR_TRY(dr_yaml_need_text(e->yaml, per, "a unit such as tonne"));
    *rate = duty / price;
    return DR_OK;
}

static dr_status note_specific(dr_entry *e, double equivalent)
{
    const char *unit = e->v[DR_KEY_PER] ? dr_yaml_text(e->v[DR_KEY_PER]) : "unit";
    return dr_scenario_note(
        e->scenario,
        "change %zu: a specific duty of %s per %.40s at a price of %s is a tariff of %.10g%%, which "
        "is kept as prices change",
        e->scenario->changes, dr_yaml_text(e->v[DR_KEY_SPECIFIC]), unit, dr_yaml_text(e->v[DR_KEY_PRICE]),
        100 * equivalent);
}

dr_status dr_read_tariff(dr_entry *e)
{
    static const dr_key rates[] = {[DR_RATE_SET] = DR_KEY_RATE,
                                   [DR_RATE_ADD] = DR_KEY_ADD,
                                   [DR_RATE_AT_MOST] = DR_KEY_AT_MOST,
                                   [DR_RATE_AT_LEAST] = DR_KEY_AT_LEAST};
    size_t given = e->v[DR_KEY_FILE] != NULL;
    double specific = 0, leaks = 0;
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++)
        if (e->v[rates[k]]) {
            e->change.rate = (dr_rate_kind)k;
            given++;
        }
    if (given != 1 && (given > 1 || !e->v[DR_KEY_SPECIFIC]))
        return fail(e, e->map, "'tariff' takes one of 'rate', 'add', 'at-most', 'at-least' and 'file'");
    if (e->v[DR_KEY_FILE])
        return read_tariff_file(e);
    DR_TRY(take_specific(e, &specific));
    if (e->v[DR_KEY_SPECIFIC] && (e->v[DR_KEY_AT_MOST] || e->v[DR_KEY_AT_LEAST]))
        return fail(e, e->map, "'specific' goes with 'rate' or 'add', not with '%s'",
                    dr_entry_keys[rates[e->change.rate]]);
    if (given)
        DR_TRY(dr_entry_rate(e, e->v[rates[e->change.rate]], &e->change.amount));
    DR_TRY(dr_read_leakage(e, &leaks, NULL));
    e->change.amount = (e->change.amount + specific) * (1 - leaks); /* the mean of what pays it and what does not */
    e->change.specific *= 1 - leaks;
    DR_TRY(dr_entry_sides(e, DR_KEY_BY, DR_KEY_ON));
    DR_TRY(dr_entry_finish(e));
    if (leaks > 0)
        DR_TRY(dr_note_leakage(e, leaks));
    return e->v[DR_KEY_PRICE] ? note_specific(e, specific) : DR_OK;
}

dr_status dr_read_trade_cost(dr_entry *e)
{
    DR_TRY(dr_entry_need(e, DR_KEY_TIMES));
    DR_TRY(dr_entry_number(e, e->v[DR_KEY_TIMES], "a factor such as 2", &e->change.amount));
    DR_TRY(dr_entry_ways(e));
    return dr_entry_finish(e);
}

dr_status dr_read_ban(dr_entry *e)
{
    double share = 0, error = 0;
    DR_TRY(dr_read_leakage(e, &share, &error));
    DR_TRY(dr_entry_ways(e));
    if (share > 0)
        return dr_apply_leaking_ban(e, share, error);
    return dr_entry_finish(e);
}

/* Regions that trade with no other any more: a ban both ways. */
dr_status dr_read_autarky(dr_entry *e)
{
    DR_TRY(dr_entry_need(e, DR_KEY_IN));
    e->change.both = true;
    dr_headline_names(e->change.names[1], "all");
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_IN], e->change.by, &e->change.named, e->change.names[0]));
    return dr_entry_finish(e);
}

/* The largest volume: without the part that is cut, or at a part or a value of the base. */
static dr_status take_level(dr_entry *e)
{
    static const char expected[] =
        "a value in the unit of the world, a part of the base such as 60%, or, of products, tonnes";
    const yaml_node_t *at = e->v[DR_KEY_AT];
    double cut = 0;
    if (!e->v[DR_KEY_CUT] == !at)
        return fail(e, e->map, "'%s' takes one of 'cut' (40%%) and 'at' (60%% of the base, or a value)", e->of->name);
    e->change.relative = true;
    if (e->v[DR_KEY_CUT]) {
        DR_TRY(dr_entry_rate(e, e->v[DR_KEY_CUT], &cut));
        e->change.amount = 1 - cut;
        return DR_OK;
    }
    DR_TRY(dr_entry_value(e, at, expected));
    if (e->change.relative && !(e->change.amount >= 0 && e->change.amount <= 1))
        return fail(e, at, "a limit at %.10g%% of the base; expected one between 0%% and 100%%",
                    100 * e->change.amount);
    return DR_OK;
}

/* A curb in parts is one of each flow unless it says otherwise; a value is that of all flows. */
dr_status dr_read_curb(dr_entry *e)
{
    DR_TRY(take_level(e));
    DR_TRY(dr_entry_rent(e));
    e->change.together = !e->change.relative;
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_TOGETHER], &e->change.together));
    DR_TRY(dr_entry_sides(e, DR_KEY_TO, DR_KEY_BY));
    return dr_entry_finish(e);
}

dr_status dr_read_quota(dr_entry *e)
{
    DR_TRY(take_level(e));
    DR_TRY(dr_entry_rent(e));
    e->change.together = e->change.bought = true;
    DR_TRY(dr_entry_sides(e, DR_KEY_BY, DR_KEY_ON));
    return dr_entry_finish(e);
}

/* A quota in parts is one of each flow unless it says otherwise; a value is that of all flows. */
dr_status dr_read_rate_quota(dr_entry *e)
{
    static const char expected[] =
        "a value in the unit of the world, a part of the base such as 60%, or, of products, tonnes";
    dr_change *c = &e->change;
    DR_TRY(dr_entry_need(e, DR_KEY_QUOTA));
    DR_TRY(dr_entry_need(e, DR_KEY_IN_QUOTA));
    DR_TRY(dr_entry_need(e, DR_KEY_OVER_QUOTA));
    DR_TRY(dr_entry_value(e, e->v[DR_KEY_QUOTA], expected));
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_IN_QUOTA], &c->in_quota));
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_OVER_QUOTA], &c->over_quota));
    DR_TRY(dr_entry_rent(e));
    c->together = !c->relative;
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_TOGETHER], &c->together));
    DR_TRY(dr_entry_sides(e, DR_KEY_BY, DR_KEY_ON));
    return dr_entry_finish(e);
}
