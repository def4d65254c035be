#include "scenario/change_entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/names.h"
#include "scenario/document.h"
#include "scenario/settings.h"

#define fail(e, node, ...) dr_yaml_fail((e)->yaml, node, __VA_ARGS__)

const char *const dr_entry_keys[DR_KEYS] = {[DR_KEY_BY] = "by",
                                            [DR_KEY_ON] = "on",
                                            [DR_KEY_TO] = "to",
                                            [DR_KEY_IN] = "in",
                                            [DR_KEY_BETWEEN] = "between",
                                            [DR_KEY_AND] = "and",
                                            [DR_KEY_SECTORS] = "sectors",
                                            [DR_KEY_PRODUCTS] = "products",
                                            [DR_KEY_EXCEPT] = "except",
                                            [DR_KEY_RATE] = "rate",
                                            [DR_KEY_ADD] = "add",
                                            [DR_KEY_AT_MOST] = "at-most",
                                            [DR_KEY_AT_LEAST] = "at-least",
                                            [DR_KEY_FILE] = "file",
                                            [DR_KEY_TIMES] = "times",
                                            [DR_KEY_CUT] = "cut",
                                            [DR_KEY_AT] = "at",
                                            [DR_KEY_RENT] = "rent",
                                            [DR_KEY_TOGETHER] = "together",
                                            [DR_KEY_REGION] = "region",
                                            [DR_KEY_GROUP] = "group",
                                            [DR_KEY_MEMBERS] = "members",
                                            [DR_KEY_TRADE_COST] = "trade-cost",
                                            [DR_KEY_ESTIMATE] = "estimate",
                                            [DR_KEY_VARIABLE] = "variable",
                                            [DR_KEY_INSIDE] = "inside",
                                            [DR_KEY_DOMESTIC] = "domestic",
                                            [DR_KEY_REPLACE] = "replace",
                                            [DR_KEY_QUOTA] = "quota",
                                            [DR_KEY_IN_QUOTA] = "in-quota",
                                            [DR_KEY_OVER_QUOTA] = "over-quota",
                                            [DR_KEY_SPECIFIC] = "specific",
                                            [DR_KEY_PER] = "per",
                                            [DR_KEY_PRICE] = "price",
                                            [DR_KEY_CHANGE] = "change",
                                            [DR_KEY_FACTOR] = "factor",
                                            [DR_KEY_FROM] = "from",
                                            [DR_KEY_AMOUNT] = "amount",
                                            [DR_KEY_PART] = "part",
                                            [DR_KEY_LEAKAGE] = "leakage",
                                            [DR_KEY_STANDARD_ERROR] = "standard-error",
                                            [DR_KEY_THROUGH] = "through",
                                            [DR_KEY_CURRENCY] = "currency",
                                            [DR_KEY_ABATEMENT] = "abatement",
                                            [DR_KEY_BASIS] = "basis",
                                            [DR_KEY_REBATE] = "rebate"};

/* ---- Values ------------------------------------------------------------------------------------------------------ */

dr_status dr_entry_need(const dr_entry *e, dr_key which)
{
    return dr_yaml_need_key(e->yaml, e->map, e->v[which], dr_entry_keys[which], e->of->name);
}

dr_status dr_entry_rate(const dr_entry *e, const yaml_node_t *node, double *rate)
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, "a rate such as 25%"));
    return dr_yaml_at(e->yaml, node, dr_parse_rate(dr_yaml_text(node), rate));
}

dr_status dr_entry_number(const dr_entry *e, const yaml_node_t *node, const char *expected, double *number)
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, expected));
    if (!dr_parse_number(dr_yaml_text(node), number))
        return fail(e, node, "'%.40s' is not a number; expected %s", dr_yaml_text(node), expected);
    return DR_OK;
}

bool dr_tonnes_of(const char *unit, double *tonnes)
{
    static const char *const names[] = {"tonne", "tonnes", "t", "kg"};
    static const double weights[] = {1, 1, 1, 1e-3};
    size_t k = 0;
    while (k < 4 && strcmp(unit, names[k]) != 0)
        k++;
    *tonnes = k < 4 ? weights[k] : 0;
    return k < 4;
}

/* A quantity such as "5000 tonnes" or "20 kg"; false where it is none. */
static bool take_tonnes(const char *text, double *tonnes)
{
    char number[64];
    size_t length = strcspn(text, " ");
    double unit;
    if (!text[length] || length >= sizeof number)
        return false;
    memcpy(number, text, length);
    number[length] = '\0';
    bool is_one = dr_parse_number(number, tonnes) && dr_tonnes_of(text + length + 1, &unit) && *tonnes > 0;
    *tonnes *= is_one ? unit : 0;
    return is_one;
}

dr_status dr_entry_value(dr_entry *e, const yaml_node_t *node, const char *expected)
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, expected));
    if (take_tonnes(dr_yaml_text(node), &e->change.tonnes)) {
        if (!e->v[DR_KEY_PRODUCTS])
            return fail(e, node, "'%.40s' is a quantity, which flows of products have; expected 'products', or %s",
                        dr_yaml_text(node), expected);
        e->change.relative = false;
        return DR_OK;
    }
    e->change.relative = strchr(dr_yaml_text(node), '%') != NULL;
    return e->change.relative ? dr_entry_rate(e, node, &e->change.amount)
                              : dr_entry_number(e, node, expected, &e->change.amount);
}

dr_status dr_entry_path(const dr_entry *e, const yaml_node_t *node, char path[PATH_MAX])
{
    DR_TRY(dr_yaml_need_text(e->yaml, node, "the path of a CSV file"));
    return dr_yaml_beside(e->yaml, node, path);
}

dr_status dr_entry_rent(dr_entry *e)
{
    char hint[DR_HINT_SIZE];
    size_t word = DR_RENT_EXPORTER;
    const yaml_node_t *node = e->v[DR_KEY_RENT];
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

dr_status dr_entry_regions(dr_entry *e, yaml_node_t *node, bool *mask, dr_named *named, char *names)
{
    dr_headline_node(names, e->yaml, node);
    return dr_select_yaml(dr_select_region, e->scenario->economy, e->own, e->yaml, node, mask, named);
}

/* Takes the regions of a list out of both sides of the change, and its sectors out of the sectors. */
static dr_status take_exceptions(dr_entry *e)
{
    const dr_economy *names = e->scenario->economy;
    yaml_node_t *node = e->v[DR_KEY_EXCEPT];
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

static dr_status take_sectors(dr_entry *e)
{
    const dr_economy *names = e->scenario->economy;
    yaml_node_t *node = e->v[DR_KEY_SECTORS];
    dr_headline_names(e->change.names[2], "all");
    if (!node)
        return dr_select_sector(names, "all", e->change.sectors, NULL);
    dr_headline_node(e->change.names[2], e->yaml, node);
    return dr_select_yaml(dr_select_sector, names, e->own, e->yaml, node, e->change.sectors, NULL);
}

/* Codes and lists of products, or a file of them. */
static dr_status take_product(dr_entry *e, const yaml_node_t *node)
{
    char path[PATH_MAX];
    DR_TRY(dr_yaml_need_text(e->yaml, node, "a code of the Harmonized System, or the name of a list"));
    const char *name = dr_yaml_text(node);
    if (!dr_path_ends(name, ".csv"))
        return dr_yaml_at(e->yaml, node, dr_product_set_list(&e->products, e->scenario, name));
    DR_TRY(dr_entry_path(e, node, path));
    return dr_product_set_read(&e->products, e->scenario, path);
}

/* The products of the sectors to which a change is confined. */
static dr_status take_products(dr_entry *e)
{
    yaml_node_t *node = e->v[DR_KEY_PRODUCTS];
    if (!node)
        return DR_OK;
    DR_TRY(dr_yaml_at(e->yaml, node, dr_product_changes_need(e->scenario)));
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
static void take_all(const dr_entry *e, bool *mask)
{
    for (size_t i = 0; i < e->scenario->economy->regions; i++)
        mask[i] = true;
}

dr_status dr_entry_finish(dr_entry *e)
{
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_INSIDE], &e->change.inside));
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_DOMESTIC], &e->change.domestic));
    DR_TRY(dr_yaml_truth(e->yaml, e->v[DR_KEY_REPLACE], &e->change.replace));
    DR_TRY(take_sectors(e));
    if (e->v[DR_KEY_EXCEPT])
        DR_TRY(take_exceptions(e));
    DR_TRY(take_products(e));
    if (e->v[DR_KEY_IN])
        take_all(e, *e->change.names[0] ? e->change.on : e->change.by);
    if (e->change.products)
        DR_TRY(dr_yaml_at(e->yaml, e->map, dr_product_quantities(e->scenario, &e->change)));
    DR_TRY(dr_yaml_at(e->yaml, e->map, dr_scenario_apply(e->scenario, &e->change)));
    return e->change.products ? dr_product_quantities_note(e->scenario, &e->change) : DR_OK;
}

dr_status dr_entry_sides(dr_entry *e, dr_key importers, dr_key exporters)
{
    bool importers_act = importers == DR_KEY_BY || importers == DR_KEY_BETWEEN;
    DR_TRY(dr_entry_need(e, importers_act ? importers : exporters));
    DR_TRY(dr_entry_need(e, importers_act ? exporters : importers));
    DR_TRY(dr_entry_regions(e, e->v[importers], e->change.by, &e->change.named, e->change.names[0]));
    return dr_entry_regions(e, e->v[exporters], e->change.on, &e->change.named, e->change.names[1]);
}

dr_status dr_entry_ways(dr_entry *e)
{
    bool both = e->change.both = e->v[DR_KEY_BETWEEN] || e->v[DR_KEY_AND];
    if (both && (e->v[DR_KEY_BY] || e->v[DR_KEY_ON]))
        return fail(e, e->map, "'%s' takes either 'by' and 'on' or 'between' and 'and', not both", e->of->name);
    return dr_entry_sides(e, both ? DR_KEY_BETWEEN : DR_KEY_BY, both ? DR_KEY_AND : DR_KEY_ON);
}
