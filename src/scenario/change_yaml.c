/* The instruments of the policy language (docs/simulate.md): their keys, and what these mean. */
#include "scenario/change_yaml.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/change_entry.h"
#include "scenario/settings.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

/* ---- Instruments ------------------------------------------------------------------------------------------------- */

static dr_status read_tariff_file(dr_entry *e)
{
    static const dr_key others[] = {DR_KEY_BY,     DR_KEY_ON,       DR_KEY_SECTORS,  DR_KEY_PRODUCTS, DR_KEY_EXCEPT,
                                    DR_KEY_INSIDE, DR_KEY_DOMESTIC, DR_KEY_SPECIFIC, DR_KEY_PER,      DR_KEY_PRICE};
    char path[PATH_MAX];
    bool replace = false;
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (e->v[others[k]])
            return fail(e, e->map, "'file' lists the flows itself: it excludes '%s'", dr_entry_keys[others[k]]);
    DR_TRY(dr_entry_path(e, e->v[DR_KEY_FILE], path));
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_REPLACE], &replace));
    return dr_scenario_tariff_file(e->scenario, e->own, path, replace);
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
    DR_TRY(dr_entry_need(e, DR_KEY_PRICE));
    DR_TRY(dr_entry_number(e, e->v[DR_KEY_SPECIFIC], "a duty on a unit such as 12.5", &duty));
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

static dr_status read_tariff(dr_entry *e)
{
    static const dr_key rates[] = {[DR_RATE_SET] = DR_KEY_RATE,
                                   [DR_RATE_ADD] = DR_KEY_ADD,
                                   [DR_RATE_AT_MOST] = DR_KEY_AT_MOST,
                                   [DR_RATE_AT_LEAST] = DR_KEY_AT_LEAST};
    size_t given = e->v[DR_KEY_FILE] != NULL;
    double specific = 0;
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
    e->change.amount += specific;
    DR_TRY(dr_entry_sides(e, DR_KEY_BY, DR_KEY_ON));
    DR_TRY(dr_entry_finish(e));
    return e->v[DR_KEY_SPECIFIC] ? note_specific(e, specific) : DR_OK;
}

static dr_status read_trade_cost(dr_entry *e)
{
    DR_TRY(dr_entry_need(e, DR_KEY_TIMES));
    DR_TRY(dr_entry_number(e, e->v[DR_KEY_TIMES], "a factor such as 2", &e->change.amount));
    DR_TRY(dr_entry_ways(e));
    return dr_entry_finish(e);
}

static dr_status read_ban(dr_entry *e)
{
    DR_TRY(dr_entry_ways(e));
    return dr_entry_finish(e);
}

/* A volume: a part of the base where it is a percentage, else a value. */
static dr_status take_value(dr_entry *e, const yaml_node_t *node, const char *expected)
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, expected));
    e->change.relative = strchr(dr_yaml_text(node), '%') != NULL;
    return e->change.relative ? dr_entry_rate(e, node, &e->change.amount)
                              : dr_entry_number(e, node, expected, &e->change.amount);
}

/* The largest volume: without the part that is cut, or at a part or a value of the base. */
static dr_status take_level(dr_entry *e)
{
    static const char expected[] = "a value in the unit of the world, or a part of the base such as 60%";
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
    return take_value(e, at, expected);
}

/* A curb in parts is one of each flow unless it says otherwise; a value is that of all flows. */
static dr_status read_curb(dr_entry *e)
{
    DR_TRY(take_level(e));
    DR_TRY(dr_entry_rent(e));
    e->change.together = !e->change.relative;
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_TOGETHER], &e->change.together));
    DR_TRY(dr_entry_sides(e, DR_KEY_TO, DR_KEY_BY));
    return dr_entry_finish(e);
}

static dr_status read_quota(dr_entry *e)
{
    DR_TRY(take_level(e));
    DR_TRY(dr_entry_rent(e));
    e->change.together = true;
    DR_TRY(dr_entry_sides(e, DR_KEY_BY, DR_KEY_ON));
    return dr_entry_finish(e);
}

/* A quota in parts is one of each flow unless it says otherwise; a value is that of all flows. */
static dr_status read_rate_quota(dr_entry *e)
{
    static const char expected[] = "a value in the unit of the world, or a part of the base such as 60%";
    dr_change *c = &e->change;
    DR_TRY(dr_entry_need(e, DR_KEY_QUOTA));
    DR_TRY(dr_entry_need(e, DR_KEY_IN_QUOTA));
    DR_TRY(dr_entry_need(e, DR_KEY_OVER_QUOTA));
    DR_TRY(take_value(e, e->v[DR_KEY_QUOTA], expected));
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_IN_QUOTA], &c->in_quota));
    DR_TRY(dr_entry_rate(e, e->v[DR_KEY_OVER_QUOTA], &c->over_quota));
    DR_TRY(dr_entry_rent(e));
    c->together = !c->relative;
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_TOGETHER], &c->together));
    DR_TRY(dr_entry_sides(e, DR_KEY_BY, DR_KEY_ON));
    return dr_entry_finish(e);
}

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

static dr_status read_export_tax(dr_entry *e)
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

static dr_status read_production_tax(dr_entry *e)
{
    return read_inland(e, true);
}

static dr_status read_use_tax(dr_entry *e)
{
    return read_inland(e, false);
}

/* What regions can produce, have or want; 'labour' is the supply of that factor. */
static dr_status read_shift(dr_entry *e)
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

static dr_status read_transfer(dr_entry *e)
{
    DR_TRY(dr_entry_need(e, DR_KEY_AMOUNT));
    DR_TRY(take_value(e, e->v[DR_KEY_AMOUNT], "a value in the unit of the world, or a part of income such as 1%"));
    DR_TRY(dr_entry_need(e, DR_KEY_FROM));
    DR_TRY(dr_entry_need(e, DR_KEY_TO));
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_TO], e->change.by, &e->scenario->named, e->change.names[0]));
    DR_TRY(dr_entry_regions(e, e->v[DR_KEY_FROM], e->change.on, &e->scenario->named, e->change.names[1]));
    return dr_entry_finish(e);
}

/* ---- Memberships ------------------------------------------------------------------------------------------------- */

/* The effect of membership on trade costs is an estimate that the world keeps. */
static dr_status read_estimate(dr_entry *e, const char *region, const char *group, bool leaving)
{
    const yaml_node_t *variable = e->v[DR_KEY_VARIABLE];
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_ESTIMATE], "the name of an estimate"));
    if (variable)
        DR_TRY(dr_yaml_need_text(e->yaml, variable, "a variable of the estimate"));
    return dr_yaml_at(
        e->yaml, e->map,
        (leaving ? dr_scenario_leave_estimate : dr_scenario_join_estimate)(
            e->scenario, region, group, dr_yaml_text(e->v[DR_KEY_ESTIMATE]), variable ? dr_yaml_text(variable) : NULL));
}

/* It is a factor, or a file of factors. */
static dr_status read_factor(dr_entry *e, const char *region, const char *group, bool leaving)
{
    static const char *const sources[] = {"file"};
    yaml_node_t *cost = e->v[DR_KEY_TRADE_COST], *source[1] = {0};
    char path[PATH_MAX];
    double times = 0;
    if (cost->type != YAML_MAPPING_NODE) {
        DR_TRY(dr_entry_number(e, cost, "a factor such as 1.05, or {file: ...}", &times));
        return dr_yaml_at(e->yaml, e->map,
                          (leaving ? dr_scenario_leave : dr_scenario_join)(e->scenario, region, group, times));
    }
    DR_TRY(dr_yaml_keys(e->yaml, cost, sources, 1, source));
    DR_TRY(dr_yaml_need_key(e->yaml, cost, source[0], "file", "trade-cost"));
    DR_TRY(dr_entry_path(e, source[0], path));
    return (leaving ? dr_scenario_leave_file : dr_scenario_join_file)(e->scenario, region, group, path);
}

static dr_status read_membership(dr_entry *e, bool leaving)
{
    DR_TRY(dr_entry_need(e, DR_KEY_REGION));
    DR_TRY(dr_entry_need(e, DR_KEY_GROUP));
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_REGION], "the code of a region"));
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[DR_KEY_GROUP], "the name of a group"));
    const char *region = dr_yaml_text(e->v[DR_KEY_REGION]), *group = dr_yaml_text(e->v[DR_KEY_GROUP]);
    if (!e->v[DR_KEY_ESTIMATE] && e->v[DR_KEY_VARIABLE])
        return fail(e, e->v[DR_KEY_VARIABLE], "'variable' is one of an 'estimate', which is missing");
    if (!e->v[DR_KEY_ESTIMATE])
        DR_TRY(dr_entry_need(e, DR_KEY_TRADE_COST));
    else if (e->v[DR_KEY_TRADE_COST])
        return fail(e, e->map, "'%s' takes one of 'trade-cost' and 'estimate'", e->of->name);
    return e->v[DR_KEY_ESTIMATE] ? read_estimate(e, region, group, leaving) : read_factor(e, region, group, leaving);
}

static dr_status read_leave(dr_entry *e)
{
    return read_membership(e, true);
}

static dr_status read_join(dr_entry *e)
{
    return read_membership(e, false);
}

/* ---- The list ---------------------------------------------------------------------------------------------------- */

static const dr_instrument instruments[] = {
    {"tariff",
     DR_CHANGE_TARIFF,
     false,
     read_tariff,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_RATE, DR_KEY_ADD, DR_KEY_AT_MOST, DR_KEY_AT_LEAST,
      DR_KEY_FILE, DR_KEY_SPECIFIC, DR_KEY_PER, DR_KEY_PRICE, DR_KEY_INSIDE, DR_KEY_DOMESTIC, DR_KEY_EXCEPT,
      DR_KEY_REPLACE, DR_KEYS}},
    {"trade-cost",
     DR_CHANGE_COST,
     false,
     read_trade_cost,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_BETWEEN, DR_KEY_AND, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_TIMES, DR_KEY_INSIDE,
      DR_KEY_DOMESTIC, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"ban",
     DR_CHANGE_BAN,
     false,
     read_ban,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_BETWEEN, DR_KEY_AND, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_INSIDE, DR_KEY_EXCEPT,
      DR_KEY_REPLACE, DR_KEYS}},
    {"export-curb",
     DR_CHANGE_LIMIT,
     false,
     read_curb,
     {DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_CUT, DR_KEY_AT, DR_KEY_RENT, DR_KEY_TOGETHER, DR_KEY_INSIDE,
      DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"quota",
     DR_CHANGE_LIMIT,
     false,
     read_quota,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_CUT, DR_KEY_AT, DR_KEY_RENT, DR_KEY_INSIDE, DR_KEY_EXCEPT,
      DR_KEY_REPLACE, DR_KEYS}},
    {"tariff-rate-quota",
     DR_CHANGE_RATE_QUOTA,
     false,
     read_rate_quota,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_QUOTA, DR_KEY_IN_QUOTA, DR_KEY_OVER_QUOTA, DR_KEY_RENT,
      DR_KEY_TOGETHER, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"export-tax",
     DR_CHANGE_EXPORT_TAX,
     false,
     read_export_tax,
     {DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"export-subsidy",
     DR_CHANGE_EXPORT_TAX,
     true,
     read_export_tax,
     {DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"production-tax",
     DR_CHANGE_PRODUCTION_TAX,
     false,
     read_production_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"production-subsidy",
     DR_CHANGE_PRODUCTION_TAX,
     true,
     read_production_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"use-tax",
     DR_CHANGE_USE_TAX,
     false,
     read_use_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"use-subsidy",
     DR_CHANGE_USE_TAX,
     true,
     read_use_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"productivity",
     DR_CHANGE_PRODUCTIVITY,
     false,
     read_shift,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"labour",
     DR_CHANGE_SUPPLY,
     false,
     read_shift,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"factor-supply",
     DR_CHANGE_SUPPLY,
     false,
     read_shift,
     {DR_KEY_IN, DR_KEY_FACTOR, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"demand",
     DR_CHANGE_DEMAND,
     false,
     read_shift,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS}},
    {"transfer", DR_CHANGE_TRANSFER, false, read_transfer, {DR_KEY_FROM, DR_KEY_TO, DR_KEY_AMOUNT, DR_KEYS}},
    {"leave",
     DR_CHANGE_COST,
     false,
     read_leave,
     {DR_KEY_REGION, DR_KEY_GROUP, DR_KEY_TRADE_COST, DR_KEY_ESTIMATE, DR_KEY_VARIABLE, DR_KEYS}},
    {"join",
     DR_CHANGE_COST,
     false,
     read_join,
     {DR_KEY_REGION, DR_KEY_GROUP, DR_KEY_TRADE_COST, DR_KEY_ESTIMATE, DR_KEY_VARIABLE, DR_KEYS}},
};

enum { INSTRUMENTS = sizeof instruments / sizeof *instruments };

/* What a table can hold when it has become the base. */
enum { IN_A_BASE = DR_CHANGE_TARIFF | DR_CHANGE_COST | DR_CHANGE_BAN };

static size_t list_keys(const dr_instrument *of, const char *names[DR_CHANGE_MOST_KEYS])
{
    size_t count = 0;
    for (; of->keys[count] != DR_KEYS; count++)
        names[count] = dr_entry_keys[of->keys[count]];
    return count;
}

const char *dr_change_instrument(size_t position, const char *names[DR_CHANGE_MOST_KEYS], size_t *count)
{
    if (position >= INSTRUMENTS)
        return NULL;
    *count = list_keys(&instruments[position], names);
    return instruments[position].name;
}

static dr_status read_keys(dr_entry *e, yaml_node_t *map)
{
    const char *names[DR_CHANGE_MOST_KEYS];
    yaml_node_t *values[DR_CHANGE_MOST_KEYS] = {0};
    size_t count = list_keys(e->of, names);
    DR_TRY(dr_yaml_keys(e->yaml, map, names, count, values));
    for (size_t k = 0; k < count; k++)
        e->v[e->of->keys[k]] = values[k];
    e->map = map;
    return DR_OK;
}

/* The one instrument of a change. */
static dr_status find_instrument(const dr_change_reader *r, yaml_node_t *node, const dr_instrument **of,
                                 yaml_node_t **map)
{
    const char *names[INSTRUMENTS];
    yaml_node_t *values[INSTRUMENTS] = {0};
    size_t found = 0;
    for (size_t k = 0; k < INSTRUMENTS; k++)
        names[k] = instruments[k].name;
    DR_TRY(dr_yaml_keys(r->yaml, node, names, INSTRUMENTS, values));
    for (size_t k = 0; k < INSTRUMENTS; k++)
        if (values[k]) {
            *of = &instruments[k];
            *map = values[k];
            found++;
        }
    return found == 1
               ? DR_OK
               : fail(r, node, "a change is one instrument, such as 'tariff' or 'ban'; begin the next with '- '");
}

dr_status dr_change_read(const dr_change_reader *r, yaml_node_t *node)
{
    dr_entry e = {.yaml = r->yaml, .scenario = r->scenario, .own = r->own};
    yaml_node_t *map = NULL;
    DR_TRY(find_instrument(r, node, &e.of, &map));
    if (r->baseline && !(e.of->kind & IN_A_BASE))
        return fail(r, node,
                    "'%s' cannot be part of a baseline: a table has tariffs and flows, but no rates of other taxes and "
                    "no limits on volumes; expected 'tariff', 'trade-cost', 'ban', 'leave' or 'join'",
                    e.of->name);
    DR_TRY(read_keys(&e, map));
    DR_TRY(dr_change_new(&e.change, r->scenario->economy, e.of->kind));
    dr_status status = e.of->read(&e);
    dr_change_free(&e.change);
    free(e.products.mask);
    return status;
}
