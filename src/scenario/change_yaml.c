/* The instruments of the policy language (docs/simulate.md): their keys, and what these mean. */
#include "scenario/change_yaml.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/names.h"
#include "scenario/document.h"
#include "scenario/product_tariff.h"
#include "scenario/settings.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

/* All keys that any instrument has. */
typedef enum key {
    BY,
    ON,
    TO,
    IN,
    BETWEEN,
    AND,
    SECTORS,
    PRODUCTS,
    EXCEPT,
    RATE,
    ADD,
    AT_MOST,
    AT_LEAST,
    FILE_KEY,
    TIMES,
    CUT,
    AT,
    RENT,
    TOGETHER,
    REGION,
    GROUP,
    TRADE_COST,
    ESTIMATE,
    VARIABLE,
    INSIDE,
    DOMESTIC,
    REPLACE,
    QUOTA,
    IN_QUOTA,
    OVER_QUOTA,
    SPECIFIC,
    PER,
    PRICE,
    CHANGE,
    FACTOR,
    FROM,
    AMOUNT,
    KEYS
} key;

static const char *const key_names[KEYS] = {[BY] = "by",
                                            [ON] = "on",
                                            [TO] = "to",
                                            [IN] = "in",
                                            [BETWEEN] = "between",
                                            [AND] = "and",
                                            [SECTORS] = "sectors",
                                            [PRODUCTS] = "products",
                                            [EXCEPT] = "except",
                                            [RATE] = "rate",
                                            [ADD] = "add",
                                            [AT_MOST] = "at-most",
                                            [AT_LEAST] = "at-least",
                                            [FILE_KEY] = "file",
                                            [TIMES] = "times",
                                            [CUT] = "cut",
                                            [AT] = "at",
                                            [RENT] = "rent",
                                            [TOGETHER] = "together",
                                            [REGION] = "region",
                                            [GROUP] = "group",
                                            [TRADE_COST] = "trade-cost",
                                            [ESTIMATE] = "estimate",
                                            [VARIABLE] = "variable",
                                            [INSIDE] = "inside",
                                            [DOMESTIC] = "domestic",
                                            [REPLACE] = "replace",
                                            [QUOTA] = "quota",
                                            [IN_QUOTA] = "in-quota",
                                            [OVER_QUOTA] = "over-quota",
                                            [SPECIFIC] = "specific",
                                            [PER] = "per",
                                            [PRICE] = "price",
                                            [CHANGE] = "change",
                                            [FACTOR] = "factor",
                                            [FROM] = "from",
                                            [AMOUNT] = "amount"};

struct instrument;

/* A change being read. */
typedef struct entry {
    dr_yaml *yaml;
    dr_scenario *scenario;
    const dr_own_groups *own;
    const struct instrument *of;
    yaml_node_t *map, *v[KEYS]; /* the values of the keys, NULL where one is not given */
    dr_change change;
    dr_product_set products;
} entry;

typedef struct instrument {
    const char *name;
    int kind;     /* DR_CHANGE_... */
    bool subsidy; /* of taxes: the rate is received, not paid */
    dr_status (*read)(entry *e);
    key keys[DR_CHANGE_MOST_KEYS]; /* ending with KEYS */
} instrument;

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static dr_status need(const entry *e, key which)
{
    return dr_yaml_need_key(e->yaml, e->map, e->v[which], key_names[which], e->of->name);
}

static dr_status take_rate(const entry *e, const yaml_node_t *node, double *rate)
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, "a rate such as 25%"));
    return dr_yaml_at(e->yaml, node, dr_parse_rate(dr_yaml_text(node), rate));
}

static dr_status take_number(const entry *e, const yaml_node_t *node, const char *expected, double *number)
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, expected));
    if (!dr_parse_number(dr_yaml_text(node), number))
        return fail(e, node, "'%.40s' is not a number; expected %s", dr_yaml_text(node), expected);
    return DR_OK;
}

/* The path of a file that the document names: relative to the document's own folder. */
static dr_status take_path(const entry *e, const yaml_node_t *node, char path[PATH_MAX])
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, "the path of a CSV file"));
    return dr_yaml_beside(e->yaml, node, path);
}

static dr_status take_rent(entry *e)
{
    char hint[DR_HINT_SIZE];
    size_t word = DR_RENT_EXPORTER;
    const yaml_node_t *node = e->v[RENT];
    if (node) {
        DR_TRY(dr_yaml_need_text(e->yaml, node, "exporter, importer or lost"));
        for (word = 0; word < 3 && strcmp(dr_yaml_text(node), dr_rents[word]) != 0;)
            word++;
    }
    if (word == 3)
        return fail(e, node, "unknown word '%.60s'; expected one of exporter, importer and lost%s", dr_yaml_text(node),
                    dr_hint(hint, dr_yaml_text(node), dr_rents, 3));
    e->change.rent = (dr_rent)word;
    return DR_OK;
}

/* ---- Flows ------------------------------------------------------------------------------------------------------- */

static dr_status take_regions(entry *e, yaml_node_t *node, bool *mask, dr_named *named, char *names)
{
    dr_headline_node(names, e->yaml, node);
    return dr_select_yaml(dr_select_region, e->scenario->economy, e->own, e->yaml, node, mask, named);
}

/* Takes the regions of a list out of both sides of the change, and its sectors out of the sectors. */
static dr_status take_exceptions(entry *e)
{
    const dr_economy *names = e->scenario->economy;
    yaml_node_t *node = e->v[EXCEPT];
    bool *regions = dr_new(names->regions, sizeof *regions), *sectors = dr_new(names->sectors, sizeof *sectors);
    dr_status status = regions && sectors ? DR_OK : dr_fail_memory();
    if (status == DR_OK)
        status = dr_document_except(names, e->own, e->yaml, node, regions, sectors);
    for (size_t i = 0; i < names->regions && status == DR_OK; i++) {
        e->change.by[i] = e->change.by[i] && !regions[i];
        e->change.on[i] = e->change.on[i] && !regions[i];
    }
    for (size_t s = 0; s < names->sectors && status == DR_OK; s++)
        e->change.sectors[s] = e->change.sectors[s] && !sectors[s];
    free(regions);
    free(sectors);
    if (status == DR_OK)
        dr_headline_node(e->change.except, e->yaml, node);
    return status;
}

static dr_status take_sectors(entry *e)
{
    const dr_economy *names = e->scenario->economy;
    yaml_node_t *node = e->v[SECTORS];
    dr_headline_names(e->change.names[2], "all");
    if (!node)
        return dr_select_sector(names, "all", e->change.sectors, NULL);
    dr_headline_node(e->change.names[2], e->yaml, node);
    return dr_select_yaml(dr_select_sector, names, e->own, e->yaml, node, e->change.sectors, NULL);
}

/* Codes and lists of products, or a file of them. */
static dr_status take_product(entry *e, const yaml_node_t *node)
{
    char path[PATH_MAX];
    DR_TRY(dr_yaml_need_text(e->yaml, node, "a code of the Harmonized System, or the name of a list"));
    const char *name = dr_yaml_text(node);
    if (!dr_path_ends(name, ".csv"))
        return dr_yaml_at(e->yaml, node, dr_product_set_add(&e->products, e->scenario, name));
    DR_TRY(take_path(e, node, path));
    return dr_product_set_read(&e->products, e->scenario, path);
}

/* The products of the sectors to which a tariff is confined. */
static dr_status take_products(entry *e)
{
    yaml_node_t *node = e->v[PRODUCTS];
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_at(e->yaml, node, dr_product_tariffs_need(e->scenario)));
    DR_TRY(dr_product_set_new(&e->products, e->scenario));
    dr_headline_node(e->change.names[2], e->yaml, node);
    e->change.products = &e->products;
    if (node->type != YAML_SEQUENCE_NODE)
        return take_product(e, node);
    for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
        DR_TRY(take_product(e, dr_yaml_node(e->yaml, *item)));
    return DR_OK;
}

/* All regions, on the side of a change that is not about one. */
static void take_all(const entry *e, bool *mask)
{
    for (size_t i = 0; i < e->scenario->economy->regions; i++)
        mask[i] = true;
}

/* Sectors (all if not said), exceptions, and what holds for every instrument; then the change is applied. */
static dr_status finish(entry *e)
{
    DR_TRY(dr_yaml_truth(e->yaml, e->v[INSIDE], &e->change.inside));
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DOMESTIC], &e->change.domestic));
    DR_TRY(dr_yaml_truth(e->yaml, e->v[REPLACE], &e->change.replace));
    DR_TRY(take_sectors(e));
    if (e->v[EXCEPT])
        DR_TRY(take_exceptions(e));
    DR_TRY(take_products(e));
    if (e->v[IN])
        take_all(e, *e->change.names[0] ? e->change.on : e->change.by);
    return dr_yaml_at(e->yaml, e->map, dr_scenario_apply(e->scenario, &e->change));
}

/* The two sides of a change, each a key: that of the importers and that of the exporters, the subject first. */
static dr_status take_sides(entry *e, key importers, key exporters)
{
    bool importers_act = importers == BY || importers == BETWEEN;
    DR_TRY(need(e, importers_act ? importers : exporters));
    DR_TRY(need(e, importers_act ? exporters : importers));
    DR_TRY(take_regions(e, e->v[importers], e->change.by, &e->change.named, e->change.names[0]));
    return take_regions(e, e->v[exporters], e->change.on, &e->change.named, e->change.names[1]);
}

/* by and on, or between and (both directions). */
static dr_status take_ways(entry *e)
{
    bool both = e->change.both = e->v[BETWEEN] || e->v[AND];
    if (both && (e->v[BY] || e->v[ON]))
        return fail(e, e->map, "'%s' takes either 'by' and 'on' or 'between' and 'and', not both", e->of->name);
    return take_sides(e, both ? BETWEEN : BY, both ? AND : ON);
}

/* ---- Instruments ------------------------------------------------------------------------------------------------- */

static dr_status read_tariff_file(entry *e)
{
    static const key others[] = {BY, ON, SECTORS, PRODUCTS, EXCEPT, INSIDE, DOMESTIC, SPECIFIC, PER, PRICE};
    char path[PATH_MAX];
    bool replace = false;
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (e->v[others[k]])
            return fail(e, e->map, "'file' lists the flows itself: it excludes '%s'", key_names[others[k]]);
    DR_TRY(take_path(e, e->v[FILE_KEY], path));
    DR_TRY(dr_yaml_truth(e->yaml, e->v[REPLACE], &replace));
    return dr_scenario_tariff_file(e->scenario, e->own, path, replace);
}

/* A specific duty as a rate: the duty on a unit over the price of a unit, which the scenario states. */
static dr_status take_specific(entry *e, double *rate)
{
    double duty = 0, price = 0;
    const yaml_node_t *per = e->v[PER];
    *rate = 0;
    if (!e->v[SPECIFIC] && (per || e->v[PRICE]))
        return fail(e, per ? per : e->v[PRICE], "'%s' is one of a 'specific' duty, which is missing",
                    per ? "per" : "price");
    if (!e->v[SPECIFIC])
        return DR_OK;
    DR_TRY(need(e, PRICE));
    DR_TRY(take_number(e, e->v[SPECIFIC], "a duty on a unit such as 12.5", &duty));
    DR_TRY(take_number(e, e->v[PRICE], "the price of a unit without duty such as 250", &price));
    if (!(price > 0 && isfinite(price)))
        return fail(e, e->v[PRICE], "a price of %g; expected more than 0", price);
    if (!(duty >= 0 && isfinite(duty)))
        return fail(e, e->v[SPECIFIC], "a specific duty of %g; expected 0 or more", duty);
    if (per)
        DR_TRY(dr_yaml_need_text(e->yaml, per, "a unit such as tonne"));
    *rate = duty / price;
    return DR_OK;
}

static dr_status note_specific(entry *e, double equivalent)
{
    const char *unit = e->v[PER] ? dr_yaml_text(e->v[PER]) : "unit";
    return dr_scenario_note(
        e->scenario,
        "change %zu: a specific duty of %s per %.40s at a price of %s is a tariff of %.10g%%, which "
        "is kept as prices change",
        e->scenario->changes, dr_yaml_text(e->v[SPECIFIC]), unit, dr_yaml_text(e->v[PRICE]), 100 * equivalent);
}

static dr_status read_tariff(entry *e)
{
    static const key rates[] = {
        [DR_RATE_SET] = RATE, [DR_RATE_ADD] = ADD, [DR_RATE_AT_MOST] = AT_MOST, [DR_RATE_AT_LEAST] = AT_LEAST};
    size_t given = e->v[FILE_KEY] != NULL;
    double specific = 0;
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++)
        if (e->v[rates[k]]) {
            e->change.rate = (dr_rate_kind)k;
            given++;
        }
    if (given != 1 && (given > 1 || !e->v[SPECIFIC]))
        return fail(e, e->map, "'tariff' takes one of 'rate', 'add', 'at-most', 'at-least' and 'file'");
    if (e->v[FILE_KEY])
        return read_tariff_file(e);
    DR_TRY(take_specific(e, &specific));
    if (e->v[SPECIFIC] && (e->v[AT_MOST] || e->v[AT_LEAST]))
        return fail(e, e->map, "'specific' goes with 'rate' or 'add', not with '%s'", key_names[rates[e->change.rate]]);
    if (given)
        DR_TRY(take_rate(e, e->v[rates[e->change.rate]], &e->change.amount));
    e->change.amount += specific;
    DR_TRY(take_sides(e, BY, ON));
    DR_TRY(finish(e));
    return e->v[SPECIFIC] ? note_specific(e, specific) : DR_OK;
}

static dr_status read_trade_cost(entry *e)
{
    DR_TRY(need(e, TIMES));
    DR_TRY(take_number(e, e->v[TIMES], "a factor such as 2", &e->change.amount));
    DR_TRY(take_ways(e));
    return finish(e);
}

static dr_status read_ban(entry *e)
{
    DR_TRY(take_ways(e));
    return finish(e);
}

/* A volume: a part of the base where it is a percentage, else a value. */
static dr_status take_value(entry *e, const yaml_node_t *node, const char *expected)
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, expected));
    e->change.relative = strchr(dr_yaml_text(node), '%') != NULL;
    return e->change.relative ? take_rate(e, node, &e->change.amount)
                              : take_number(e, node, expected, &e->change.amount);
}

/* The largest volume: without the part that is cut, or at a part or a value of the base. */
static dr_status take_level(entry *e)
{
    static const char expected[] = "a value in the unit of the world, or a part of the base such as 60%";
    const yaml_node_t *at = e->v[AT];
    double cut = 0;
    if (!e->v[CUT] == !at)
        return fail(e, e->map, "'%s' takes one of 'cut' (40%%) and 'at' (60%% of the base, or a value)", e->of->name);
    e->change.relative = true;
    if (e->v[CUT]) {
        DR_TRY(take_rate(e, e->v[CUT], &cut));
        e->change.amount = 1 - cut;
        return DR_OK;
    }
    return take_value(e, at, expected);
}

/* A curb in parts is one of each flow unless it says otherwise; a value is that of all flows. */
static dr_status read_curb(entry *e)
{
    DR_TRY(take_level(e));
    DR_TRY(take_rent(e));
    e->change.together = !e->change.relative;
    DR_TRY(dr_yaml_truth(e->yaml, e->v[TOGETHER], &e->change.together));
    DR_TRY(take_sides(e, TO, BY));
    return finish(e);
}

static dr_status read_quota(entry *e)
{
    DR_TRY(take_level(e));
    DR_TRY(take_rent(e));
    e->change.together = true;
    DR_TRY(take_sides(e, BY, ON));
    return finish(e);
}

/* A quota in parts is one of each flow unless it says otherwise; a value is that of all flows. */
static dr_status read_rate_quota(entry *e)
{
    static const char expected[] = "a value in the unit of the world, or a part of the base such as 60%";
    dr_change *c = &e->change;
    DR_TRY(need(e, QUOTA));
    DR_TRY(need(e, IN_QUOTA));
    DR_TRY(need(e, OVER_QUOTA));
    DR_TRY(take_value(e, e->v[QUOTA], expected));
    DR_TRY(take_rate(e, e->v[IN_QUOTA], &c->in_quota));
    DR_TRY(take_rate(e, e->v[OVER_QUOTA], &c->over_quota));
    DR_TRY(take_rent(e));
    c->together = !c->relative;
    DR_TRY(dr_yaml_truth(e->yaml, e->v[TOGETHER], &c->together));
    DR_TRY(take_sides(e, BY, ON));
    return finish(e);
}

static dr_status take_tax(entry *e)
{
    double rate = 0;
    DR_TRY(need(e, RATE));
    DR_TRY(take_rate(e, e->v[RATE], &rate));
    if (e->of->subsidy && !(rate >= 0 && rate < 1))
        return fail(e, e->v[RATE], "a subsidy of %.4g%% of the price; expected 0%% or more and less than 100%%",
                    100 * rate);
    if (!e->of->subsidy && !(rate > -1))
        return fail(e, e->v[RATE], "a tax of %.4g%%; expected more than -100%%", 100 * rate);
    e->change.amount = e->of->subsidy ? -rate : rate;
    return DR_OK;
}

static dr_status read_export_tax(entry *e)
{
    DR_TRY(take_tax(e));
    DR_TRY(take_sides(e, TO, BY));
    return finish(e);
}

/* A tax on all sales, or all purchases, of the regions `in`, domestic ones too. A group is not one actor here: what its
 * members sell each other is meant. */
static dr_status read_inland(entry *e, bool sales)
{
    DR_TRY(take_tax(e));
    DR_TRY(need(e, IN));
    e->change.domestic = true;
    DR_TRY(take_regions(e, e->v[IN], sales ? e->change.on : e->change.by, &e->scenario->named,
                        e->change.names[sales ? 1 : 0]));
    return finish(e);
}

static dr_status read_production_tax(entry *e)
{
    return read_inland(e, true);
}

static dr_status read_use_tax(entry *e)
{
    return read_inland(e, false);
}

/* What regions can produce, have or want; 'labour' is the supply of that factor. */
static dr_status read_shift(entry *e)
{
    bool labour = strcmp(e->of->name, "labour") == 0;
    DR_TRY(need(e, CHANGE));
    DR_TRY(take_rate(e, e->v[CHANGE], &e->change.amount));
    DR_TRY(need(e, IN));
    if (e->v[FACTOR])
        DR_TRY(dr_yaml_need_text(e->yaml, e->v[FACTOR], "a factor such as capital"));
    e->change.factor = labour ? e->of->name : e->v[FACTOR] ? dr_yaml_text(e->v[FACTOR]) : NULL;
    DR_TRY(take_regions(e, e->v[IN], e->change.by, &e->scenario->named, e->change.names[0]));
    return finish(e);
}

static dr_status read_transfer(entry *e)
{
    DR_TRY(need(e, AMOUNT));
    DR_TRY(take_value(e, e->v[AMOUNT], "a value in the unit of the world, or a part of income such as 1%"));
    DR_TRY(need(e, FROM));
    DR_TRY(need(e, TO));
    DR_TRY(take_regions(e, e->v[TO], e->change.by, &e->scenario->named, e->change.names[0]));
    DR_TRY(take_regions(e, e->v[FROM], e->change.on, &e->scenario->named, e->change.names[1]));
    return finish(e);
}

/* ---- Memberships ------------------------------------------------------------------------------------------------- */

/* The effect of membership on trade costs is an estimate that the world keeps. */
static dr_status read_estimate(entry *e, const char *region, const char *group, bool leaving)
{
    const yaml_node_t *variable = e->v[VARIABLE];
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[ESTIMATE], "the name of an estimate"));
    if (variable)
        DR_TRY(dr_yaml_need_text(e->yaml, variable, "a variable of the estimate"));
    return dr_yaml_at(e->yaml, e->map,
                      (leaving ? dr_scenario_leave_estimate
                               : dr_scenario_join_estimate)(e->scenario, region, group, dr_yaml_text(e->v[ESTIMATE]),
                                                            variable ? dr_yaml_text(variable) : NULL));
}

/* It is a factor, or a file of factors. */
static dr_status read_factor(entry *e, const char *region, const char *group, bool leaving)
{
    static const char *const sources[] = {"file"};
    yaml_node_t *cost = e->v[TRADE_COST], *source[1] = {0};
    char path[PATH_MAX];
    double times = 0;
    if (cost->type != YAML_MAPPING_NODE) {
        DR_TRY(take_number(e, cost, "a factor such as 1.05, or {file: ...}", &times));
        return dr_yaml_at(e->yaml, e->map,
                          (leaving ? dr_scenario_leave : dr_scenario_join)(e->scenario, region, group, times));
    }
    DR_TRY(dr_yaml_keys(e->yaml, cost, sources, 1, source));
    DR_TRY(dr_yaml_need_key(e->yaml, cost, source[0], "file", "trade-cost"));
    DR_TRY(take_path(e, source[0], path));
    return (leaving ? dr_scenario_leave_file : dr_scenario_join_file)(e->scenario, region, group, path);
}

static dr_status read_membership(entry *e, bool leaving)
{
    DR_TRY(need(e, REGION));
    DR_TRY(need(e, GROUP));
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[REGION], "the code of a region"));
    DR_TRY(dr_yaml_need_text(e->yaml, e->v[GROUP], "the name of a group"));
    const char *region = dr_yaml_text(e->v[REGION]), *group = dr_yaml_text(e->v[GROUP]);
    if (!e->v[ESTIMATE] && e->v[VARIABLE])
        return fail(e, e->v[VARIABLE], "'variable' is one of an 'estimate', which is missing");
    if (!e->v[ESTIMATE])
        DR_TRY(need(e, TRADE_COST));
    else if (e->v[TRADE_COST])
        return fail(e, e->map, "'%s' takes one of 'trade-cost' and 'estimate'", e->of->name);
    return e->v[ESTIMATE] ? read_estimate(e, region, group, leaving) : read_factor(e, region, group, leaving);
}

static dr_status read_leave(entry *e)
{
    return read_membership(e, true);
}

static dr_status read_join(entry *e)
{
    return read_membership(e, false);
}

/* ---- The list ---------------------------------------------------------------------------------------------------- */

static const instrument instruments[] = {
    {"tariff",
     DR_CHANGE_TARIFF,
     false,
     read_tariff,
     {BY, ON, SECTORS, PRODUCTS, RATE, ADD, AT_MOST, AT_LEAST, FILE_KEY, SPECIFIC, PER, PRICE, INSIDE, DOMESTIC, EXCEPT,
      REPLACE, KEYS}},
    {"trade-cost",
     DR_CHANGE_COST,
     false,
     read_trade_cost,
     {BY, ON, BETWEEN, AND, SECTORS, TIMES, INSIDE, DOMESTIC, EXCEPT, REPLACE, KEYS}},
    {"ban", DR_CHANGE_BAN, false, read_ban, {BY, ON, BETWEEN, AND, SECTORS, INSIDE, EXCEPT, REPLACE, KEYS}},
    {"export-curb",
     DR_CHANGE_LIMIT,
     false,
     read_curb,
     {BY, TO, SECTORS, CUT, AT, RENT, TOGETHER, INSIDE, EXCEPT, REPLACE, KEYS}},
    {"quota", DR_CHANGE_LIMIT, false, read_quota, {BY, ON, SECTORS, CUT, AT, RENT, INSIDE, EXCEPT, REPLACE, KEYS}},
    {"tariff-rate-quota",
     DR_CHANGE_RATE_QUOTA,
     false,
     read_rate_quota,
     {BY, ON, SECTORS, QUOTA, IN_QUOTA, OVER_QUOTA, RENT, TOGETHER, INSIDE, EXCEPT, REPLACE, KEYS}},
    {"export-tax",
     DR_CHANGE_EXPORT_TAX,
     false,
     read_export_tax,
     {BY, TO, SECTORS, RATE, INSIDE, EXCEPT, REPLACE, KEYS}},
    {"export-subsidy",
     DR_CHANGE_EXPORT_TAX,
     true,
     read_export_tax,
     {BY, TO, SECTORS, RATE, INSIDE, EXCEPT, REPLACE, KEYS}},
    {"production-tax",
     DR_CHANGE_PRODUCTION_TAX,
     false,
     read_production_tax,
     {IN, SECTORS, RATE, EXCEPT, REPLACE, KEYS}},
    {"production-subsidy",
     DR_CHANGE_PRODUCTION_TAX,
     true,
     read_production_tax,
     {IN, SECTORS, RATE, EXCEPT, REPLACE, KEYS}},
    {"use-tax", DR_CHANGE_USE_TAX, false, read_use_tax, {IN, SECTORS, RATE, EXCEPT, REPLACE, KEYS}},
    {"use-subsidy", DR_CHANGE_USE_TAX, true, read_use_tax, {IN, SECTORS, RATE, EXCEPT, REPLACE, KEYS}},
    {"productivity", DR_CHANGE_PRODUCTIVITY, false, read_shift, {IN, SECTORS, CHANGE, EXCEPT, REPLACE, KEYS}},
    {"labour", DR_CHANGE_SUPPLY, false, read_shift, {IN, SECTORS, CHANGE, EXCEPT, REPLACE, KEYS}},
    {"factor-supply", DR_CHANGE_SUPPLY, false, read_shift, {IN, FACTOR, SECTORS, CHANGE, EXCEPT, REPLACE, KEYS}},
    {"demand", DR_CHANGE_DEMAND, false, read_shift, {IN, SECTORS, CHANGE, EXCEPT, REPLACE, KEYS}},
    {"transfer", DR_CHANGE_TRANSFER, false, read_transfer, {FROM, TO, AMOUNT, KEYS}},
    {"leave", DR_CHANGE_COST, false, read_leave, {REGION, GROUP, TRADE_COST, ESTIMATE, VARIABLE, KEYS}},
    {"join", DR_CHANGE_COST, false, read_join, {REGION, GROUP, TRADE_COST, ESTIMATE, VARIABLE, KEYS}},
};

enum { INSTRUMENTS = sizeof instruments / sizeof *instruments };

/* What a table can hold when it has become the base. */
enum { IN_A_BASE = DR_CHANGE_TARIFF | DR_CHANGE_COST | DR_CHANGE_BAN };

static size_t list_keys(const instrument *of, const char *names[DR_CHANGE_MOST_KEYS])
{
    size_t count = 0;
    for (; of->keys[count] != KEYS; count++)
        names[count] = key_names[of->keys[count]];
    return count;
}

const char *dr_change_instrument(size_t position, const char *names[DR_CHANGE_MOST_KEYS], size_t *count)
{
    if (position >= INSTRUMENTS)
        return NULL;
    *count = list_keys(&instruments[position], names);
    return instruments[position].name;
}

static dr_status read_keys(entry *e, yaml_node_t *map)
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
static dr_status find_instrument(const dr_change_reader *r, yaml_node_t *node, const instrument **of, yaml_node_t **map)
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
    entry e = {.yaml = r->yaml, .scenario = r->scenario, .own = r->own};
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
