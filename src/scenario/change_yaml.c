/* The instruments of the policy language (docs/simulate.md) with their keys, and the reading of one change. */
#include "scenario/change_yaml.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/instruments.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

#define LINE(...) ((const dr_key[]){__VA_ARGS__, DR_KEYS}), (dr_key)0
#define LINE_WITH(optional, ...) ((const dr_key[]){__VA_ARGS__, optional, DR_KEYS}), optional

static const dr_instrument instruments[] = {
    {"tariff",
     DR_CHANGE_TARIFF,
     false,
     dr_read_tariff,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_RATE, DR_KEY_ADD, DR_KEY_AT_MOST, DR_KEY_AT_LEAST,
      DR_KEY_FILE, DR_KEY_SPECIFIC, DR_KEY_PER, DR_KEY_PRICE, DR_KEY_LEAKAGE, DR_KEY_THROUGH, DR_KEY_INSIDE,
      DR_KEY_DOMESTIC, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_RATE)},
    {"trade-cost",
     DR_CHANGE_COST,
     false,
     dr_read_trade_cost,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_BETWEEN, DR_KEY_AND, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_TIMES, DR_KEY_INSIDE,
      DR_KEY_DOMESTIC, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_BETWEEN, DR_KEY_AND, DR_KEY_SECTORS, DR_KEY_TIMES)},
    {"ban",
     DR_CHANGE_BAN,
     false,
     dr_read_ban,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_BETWEEN, DR_KEY_AND, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_LEAKAGE,
      DR_KEY_STANDARD_ERROR, DR_KEY_THROUGH, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS)},
    {"autarky",
     DR_CHANGE_BAN,
     false,
     dr_read_autarky,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE_WITH(DR_KEY_SECTORS, DR_KEY_IN)},
    {"export-curb",
     DR_CHANGE_LIMIT,
     false,
     dr_read_curb,
     {DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_CUT, DR_KEY_AT, DR_KEY_RENT, DR_KEY_TOGETHER,
      DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_CUT)},
    {"quota",
     DR_CHANGE_LIMIT,
     false,
     dr_read_quota,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_CUT, DR_KEY_AT, DR_KEY_RENT, DR_KEY_INSIDE,
      DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_AT)},
    {"tariff-rate-quota",
     DR_CHANGE_RATE_QUOTA,
     false,
     dr_read_rate_quota,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_QUOTA, DR_KEY_IN_QUOTA, DR_KEY_OVER_QUOTA,
      DR_KEY_RENT, DR_KEY_TOGETHER, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_QUOTA, DR_KEY_IN_QUOTA, DR_KEY_OVER_QUOTA)},
    {"export-tax",
     DR_CHANGE_EXPORT_TAX,
     false,
     dr_read_export_tax,
     {DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_RATE, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE,
      DR_KEYS},
     LINE(DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_RATE)},
    {"export-subsidy",
     DR_CHANGE_EXPORT_TAX,
     true,
     dr_read_export_tax,
     {DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_PRODUCTS, DR_KEY_RATE, DR_KEY_INSIDE, DR_KEY_EXCEPT, DR_KEY_REPLACE,
      DR_KEYS},
     LINE(DR_KEY_BY, DR_KEY_TO, DR_KEY_SECTORS, DR_KEY_RATE)},
    {"production-tax",
     DR_CHANGE_PRODUCTION_TAX,
     false,
     dr_read_production_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE)},
    {"production-subsidy",
     DR_CHANGE_PRODUCTION_TAX,
     true,
     dr_read_production_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE)},
    {"use-tax",
     DR_CHANGE_USE_TAX,
     false,
     dr_read_use_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE)},
    {"use-subsidy",
     DR_CHANGE_USE_TAX,
     true,
     dr_read_use_tax,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_RATE)},
    {"productivity",
     DR_CHANGE_PRODUCTIVITY,
     false,
     dr_read_shift,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE)},
    {"labour",
     DR_CHANGE_SUPPLY,
     false,
     dr_read_shift,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE)},
    {"factor-supply",
     DR_CHANGE_SUPPLY,
     false,
     dr_read_shift,
     {DR_KEY_IN, DR_KEY_FACTOR, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_FACTOR, DR_KEY_CHANGE)},
    {"demand",
     DR_CHANGE_DEMAND,
     false,
     dr_read_shift,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE, DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_CHANGE)},
    {"direction",
     DR_CHANGE_DEMAND,
     false,
     dr_read_direction,
     {DR_KEY_IN, DR_KEY_FROM, DR_KEY_TO, DR_KEY_PART, DR_KEY_REPLACE, DR_KEYS},
     LINE(DR_KEY_IN, DR_KEY_FROM, DR_KEY_TO, DR_KEY_PART)},
    {"transfer",
     DR_CHANGE_TRANSFER,
     false,
     dr_read_transfer,
     {DR_KEY_FROM, DR_KEY_TO, DR_KEY_AMOUNT, DR_KEYS},
     LINE(DR_KEY_FROM, DR_KEY_TO, DR_KEY_AMOUNT)},
    {"carbon-price",
     DR_CHANGE_CARBON_PRICE,
     false,
     dr_read_carbon_price,
     {DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_PRICE, DR_KEY_CURRENCY, DR_KEY_ABATEMENT, DR_KEY_EXCEPT, DR_KEY_REPLACE,
      DR_KEYS},
     LINE_WITH(DR_KEY_ABATEMENT, DR_KEY_IN, DR_KEY_SECTORS, DR_KEY_PRICE)},
    {"carbon-border",
     DR_CHANGE_CARBON_BORDER,
     false,
     dr_read_carbon_border,
     {DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_PRICE, DR_KEY_CURRENCY, DR_KEY_BASIS, DR_KEY_REBATE, DR_KEY_INSIDE,
      DR_KEY_EXCEPT, DR_KEY_REPLACE, DR_KEYS},
     LINE_WITH(DR_KEY_BASIS, DR_KEY_BY, DR_KEY_ON, DR_KEY_SECTORS, DR_KEY_PRICE)},
    {"leave",
     DR_CHANGE_COST,
     false,
     dr_read_leave,
     {DR_KEY_REGION, DR_KEY_GROUP, DR_KEY_MEMBERS, DR_KEY_TRADE_COST, DR_KEY_ESTIMATE, DR_KEY_VARIABLE, DR_KEYS},
     LINE(DR_KEY_REGION, DR_KEY_GROUP, DR_KEY_TRADE_COST)},
    {"join",
     DR_CHANGE_COST,
     false,
     dr_read_join,
     {DR_KEY_REGION, DR_KEY_GROUP, DR_KEY_MEMBERS, DR_KEY_TRADE_COST, DR_KEY_ESTIMATE, DR_KEY_VARIABLE, DR_KEYS},
     LINE(DR_KEY_REGION, DR_KEY_GROUP, DR_KEY_TRADE_COST)},
};

enum { INSTRUMENTS = sizeof instruments / sizeof *instruments };

/* What a table can hold when it has become the base: tariffs as such, all else in its flows, uses and imbalances. */
enum { IN_A_BASE = DR_CHANGE_TARIFF | DR_CHANGE_COST | DR_CHANGE_BAN | DR_CHANGE_SHIFTS | DR_CHANGE_TRANSFER };

static size_t list_keys(const dr_instrument *of, const char *names[DR_CHANGE_MOST_KEYS])
{
    size_t count = 0;
    for (; of->keys[count] != DR_KEYS; count++)
        names[count] = dr_entry_keys[of->keys[count]];
    return count;
}

const dr_instrument *dr_instrument_named(const char *name)
{
    for (size_t k = 0; k < INSTRUMENTS; k++)
        if (strcmp(instruments[k].name, name) == 0)
            return &instruments[k];
    return NULL;
}

const char *dr_change_instrument(size_t position, const char *names[DR_CHANGE_MOST_KEYS], size_t *count)
{
    if (position >= INSTRUMENTS)
        return NULL;
    *count = list_keys(&instruments[position], names);
    return instruments[position].name;
}

const char *const *dr_change_amounts(void)
{
    static const char *const amounts[] = {"rate",       "add",    "at-most", "at-least", "specific",
                                          "times",      "cut",    "at",      "quota",    "in-quota",
                                          "over-quota", "change", "amount",  "part",     NULL};
    return amounts;
}

static bool is_amount(const char *key)
{
    const char *const *amount = dr_change_amounts();
    while (*amount && strcmp(*amount, key) != 0)
        amount++;
    return *amount != NULL;
}

/* The keys of an instrument; *in_force becomes false where an amount by year begins later. */
static dr_status read_keys(dr_entry *e, const dr_dates *dates, yaml_node_t *map, bool *in_force)
{
    const char *names[DR_CHANGE_MOST_KEYS] = {0};
    yaml_node_t *values[DR_CHANGE_MOST_KEYS] = {0};
    size_t count = list_keys(e->of, names);
    DR_TRY(dr_yaml_keys(e->yaml, map, names, count, values));
    for (size_t k = 0; k < count; k++) {
        if (values[k] && is_amount(names[k])) {
            DR_TRY(dr_dates_amount(dates, e->yaml, &values[k]));
            *in_force = *in_force && values[k];
        }
        e->v[e->of->keys[k]] = values[k];
    }
    e->map = map;
    return DR_OK;
}

/* The one instrument of a change, and its dates. */
static dr_status find_instrument(const dr_change_reader *r, yaml_node_t *node, const dr_instrument **of,
                                 yaml_node_t **map, bool *in_force)
{
    const char *names[INSTRUMENTS + DR_DATES_KEYS];
    yaml_node_t *values[INSTRUMENTS + DR_DATES_KEYS] = {0};
    size_t found = 0;
    for (size_t k = 0; k < INSTRUMENTS; k++)
        names[k] = instruments[k].name;
    for (size_t k = 0; k < DR_DATES_KEYS; k++)
        names[INSTRUMENTS + k] = dr_dates_keys[k];
    DR_TRY(dr_yaml_keys(r->yaml, node, names, INSTRUMENTS + DR_DATES_KEYS, values));
    DR_TRY(dr_dates_in_force(r->dates, r->yaml, values + INSTRUMENTS, in_force));
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
    const dr_instrument *of = NULL;
    yaml_node_t *map = NULL;
    bool in_force = true;
    DR_TRY(find_instrument(r, node, &of, &map, &in_force));
    if (r->baseline && !(of->kind & IN_A_BASE))
        return fail(r, node,
                    "'%s' cannot be part of a baseline: a table has tariffs and flows, but no rates of other taxes and "
                    "no limits on volumes; expected 'tariff', 'trade-cost', 'ban', 'leave', 'join', a shift, a "
                    "'transfer', or this change among the 'changes' of the scenario, game or plan",
                    of->name);
    return dr_change_read_keys(r, of, map, in_force);
}

dr_status dr_change_read_keys(const dr_change_reader *r, const dr_instrument *of, yaml_node_t *map, bool in_force)
{
    dr_entry e = {.yaml = r->yaml, .scenario = r->scenario, .own = r->own, .of = of};
    DR_TRY(read_keys(&e, r->dates, map, &in_force));
    if (!in_force)
        return DR_OK;
    DR_TRY(dr_change_new(&e.change, r->scenario->economy, e.of->kind));
    r->scenario->document = r->yaml->path;
    dr_status status = of->read(&e);
    if (status == DR_OK && r->yaml->path) /* for errors of later changes that conflict with it */
        status = dr_scenario_keep_place(r->scenario, map->start_mark.line + 1);
    r->scenario->document = NULL;
    dr_change_free(&e.change);
    free(e.products.mask);
    return status;
}
