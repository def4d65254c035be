/* A change of policy in a document while it is read: the values of its keys, and the flows that they name. */
#ifndef DR_SCENARIO_CHANGE_ENTRY_H
#define DR_SCENARIO_CHANGE_ENTRY_H

#include <limits.h>

#include "scenario/change_yaml.h"
#include "scenario/product_change.h"

/* All keys that any instrument has. */
typedef enum dr_key {
    DR_KEY_BY,
    DR_KEY_ON,
    DR_KEY_TO,
    DR_KEY_IN,
    DR_KEY_BETWEEN,
    DR_KEY_AND,
    DR_KEY_SECTORS,
    DR_KEY_PRODUCTS,
    DR_KEY_EXCEPT,
    DR_KEY_RATE,
    DR_KEY_ADD,
    DR_KEY_AT_MOST,
    DR_KEY_AT_LEAST,
    DR_KEY_FILE,
    DR_KEY_TIMES,
    DR_KEY_CUT,
    DR_KEY_AT,
    DR_KEY_RENT,
    DR_KEY_TOGETHER,
    DR_KEY_REGION,
    DR_KEY_GROUP,
    DR_KEY_MEMBERS,
    DR_KEY_TRADE_COST,
    DR_KEY_ESTIMATE,
    DR_KEY_VARIABLE,
    DR_KEY_INSIDE,
    DR_KEY_DOMESTIC,
    DR_KEY_REPLACE,
    DR_KEY_QUOTA,
    DR_KEY_IN_QUOTA,
    DR_KEY_OVER_QUOTA,
    DR_KEY_SPECIFIC,
    DR_KEY_PER,
    DR_KEY_PRICE,
    DR_KEY_CHANGE,
    DR_KEY_FACTOR,
    DR_KEY_FROM,
    DR_KEY_AMOUNT,
    DR_KEY_PART,
    DR_KEY_LEAKAGE,
    DR_KEY_STANDARD_ERROR,
    DR_KEY_THROUGH,
    DR_KEY_CURRENCY,
    DR_KEY_ABATEMENT,
    DR_KEY_BASIS,
    DR_KEY_REBATE,
    DR_KEYS
} dr_key;

/* Their names. */
extern const char *const dr_entry_keys[DR_KEYS];

struct dr_instrument;

/* A change being read. */
typedef struct dr_entry {
    dr_yaml *yaml;
    dr_scenario *scenario;
    const dr_own_groups *own;
    const struct dr_instrument *of;
    yaml_node_t *map, *v[DR_KEYS]; /* the values of the keys, NULL where one is not given */
    dr_change change;
    dr_product_set products;
} dr_entry;

typedef struct dr_instrument {
    const char *name;
    int kind;     /* DR_CHANGE_... */
    bool subsidy; /* of taxes: the rate is received, not paid */
    dr_status (*read)(dr_entry *e);
    dr_key keys[DR_CHANGE_MOST_KEYS]; /* ending with DR_KEYS */
    const dr_key *line; /* those whose values are a change in one line, in this order, ending with DR_KEYS */
    dr_key optional;    /* the last of them, where it may be left out; else 0 */
} dr_instrument;

/* What follows fails at its place in the document: DR_BAD_INPUT, DR_MACHINE. */

/* Fails unless the key is given. */
dr_status dr_entry_need(const dr_entry *e, dr_key which);

/* A rate such as 25%. */
dr_status dr_entry_rate(const dr_entry *e, const yaml_node_t *node, double *rate);

/* A number; `expected` says of what, for errors. */
dr_status dr_entry_number(const dr_entry *e, const yaml_node_t *node, const char *expected, double *number);

/* The weight of a unit such as tonne or kg in tonnes; false: it is none. */
bool dr_tonnes_of(const char *unit, double *tonnes);

/* A volume as the amount of the change: a part of the base where it is a percentage, or its tonnes, else a value. */
dr_status dr_entry_value(dr_entry *e, const yaml_node_t *node, const char *expected);

/* The path of a file that the document names: relative to the document's own folder. */
dr_status dr_entry_path(const dr_entry *e, const yaml_node_t *node, char path[PATH_MAX]);

/* Who receives the rent of a limit: the key rent. */
dr_status dr_entry_rent(dr_entry *e);

/* The regions of a list, and its words for the headline. */
dr_status dr_entry_regions(dr_entry *e, yaml_node_t *node, bool *mask, dr_named *named, char *names);

/* The two sides of a change, each a key: that of the importers and that of the exporters, the subject first. */
dr_status dr_entry_sides(dr_entry *e, dr_key importers, dr_key exporters);

/* by and on, or between and and (both directions). */
dr_status dr_entry_ways(dr_entry *e);

/* Sectors (all if not said), products, exceptions, and what holds for every instrument; then the change is applied. */
dr_status dr_entry_finish(dr_entry *e);

#endif
