#include "scenario/json_schema.h"

#include <stdio.h>
#include <string.h>

#include "base/output.h"
#include "scenario/carbon.h"
#include "scenario/change_yaml.h"
#include "scenario/scenario_keys.h"
#include "scenario/settings.h"

/* ---- Values ------------------------------------------------------------------------------------------------------ */

json_t *dr_schema_shape(dr_shape shape)
{
    static const char names[] = "{\"type\": [\"string\", \"number\", \"array\"], \"minItems\": 1, "
                                "\"items\": {\"type\": [\"string\", \"number\"]}}";
    static const char *const texts[] = {
        [DR_SHAPE_NAMES] = names,
        [DR_SHAPE_RATE] = "{\"type\": [\"string\", \"number\"], \"examples\": [\"25%\"]}",
        [DR_SHAPE_NUMBER] = "{\"type\": [\"number\", \"string\"]}",
        [DR_SHAPE_TEXT] = "{\"type\": [\"string\", \"number\"]}",
        [DR_SHAPE_TRUTH] = "{\"type\": \"boolean\"}",
    };
    return json_loads(texts[shape], 0, NULL);
}

json_t *dr_schema_words(const char *const *words)
{
    json_t *list = json_array();
    for (; *words; words++)
        json_array_append_new(list, json_string(*words));
    return json_pack("{s:o}", "enum", list);
}

json_t *dr_schema_list(json_t *items)
{
    return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

json_t *dr_schema_either(json_t *one, json_t *other)
{
    return json_pack("{s:[o, o]}", "anyOf", one, other);
}

/* Keys in the order of the alphabet. */
static const struct {
    const char *key;
    dr_shape shape;
    const char *description;
} keys[] = {
    {"abatement", DR_SHAPE_NUMBER, "the elasticity of emissions to the price of fuel with carbon"},
    {"add", DR_SHAPE_RATE, "percentage points added to the tariff of the base"},
    {"against", DR_SHAPE_NAMES, "regions and groups at which the coalition aims"},
    {"amount", DR_SHAPE_RATE, "a value in the unit of the world, or a part of the payer's income"},
    {"and", DR_SHAPE_NAMES, "the other side of a change in both directions"},
    {"at", DR_SHAPE_RATE,
     "the largest volume, a part of the base, a value or, of products, tonnes; of a game, the rate at the start"},
    {"at-least", DR_SHAPE_RATE, "a lower bound"},
    {"at-most", DR_SHAPE_RATE, "an upper bound"},
    {"basis", DR_SHAPE_TEXT, "whose emissions bear the duty: direct, embodied or benchmark"},
    {"between", DR_SHAPE_NAMES, "one side of a change in both directions"},
    {"by", DR_SHAPE_NAMES, "regions and groups that act"},
    {"cap", DR_SHAPE_RATE, "the largest share of the supplier"},
    {"caution", DR_SHAPE_RATE, "the part of the target stock below which inputs are rationed"},
    {"change", DR_SHAPE_RATE, "percent by which it changes"},
    {"currency", DR_SHAPE_TEXT, "that of the price, which is the world's"},
    {"cut", DR_SHAPE_RATE, "the part of the base volume that is withheld"},
    {"days", DR_SHAPE_NUMBER, "how many days it lasts"},
    {"domestic", DR_SHAPE_TRUTH, "whether what regions buy from themselves is meant, too"},
    {"essential", DR_SHAPE_RATE, "the part of inputs without which there is no production"},
    {"estimate", DR_SHAPE_TEXT, "the name of an estimate that the world keeps"},
    {"except", DR_SHAPE_NAMES, "regions and sectors that are left out"},
    {"expansion", DR_SHAPE_NUMBER, "days until capacity is at its upper bound"},
    {"factor", DR_SHAPE_TEXT, "the name of a factor of production"},
    {"file", DR_SHAPE_TEXT, "the path of a CSV file, from the folder of the document"},
    {"group", DR_SHAPE_TEXT, "a group of the world"},
    {"hinder", DR_SHAPE_NAMES, "whose fall of dependence the player hinders"},
    {"horizon", DR_SHAPE_TEXT, "short, medium or long"},
    {"in", DR_SHAPE_NAMES, "regions and groups in which it is"},
    {"in-quota", DR_SHAPE_RATE, "the tariff within the quota"},
    {"include", DR_SHAPE_NAMES, "files of scenarios whose groups and changes come first"},
    {"inside", DR_SHAPE_TRUTH, "whether trade between members of a group that is named is meant, too"},
    {"leakage", DR_SHAPE_RATE, "the part of the flows that goes on through third countries"},
    {"leader", DR_SHAPE_TEXT, "the player that moves first"},
    {"least", DR_SHAPE_RATE, "a lower bound"},
    {"less", DR_SHAPE_TEXT, "the player whose welfare counts against one's own"},
    {"members", DR_SHAPE_NAMES, "regions that are the members of the group, in place of those of the world"},
    {"most", DR_SHAPE_RATE, "an upper bound"},
    {"of", DR_SHAPE_NAMES, "regions and groups that depend on others, or that begin"},
    {"on", DR_SHAPE_NAMES, "regions and groups whose goods are meant"},
    {"over-quota", DR_SHAPE_RATE, "the tariff beyond the quota"},
    {"overproduction", DR_SHAPE_NUMBER, "the largest capacity over that of the base"},
    {"per", DR_SHAPE_TEXT, "the unit of a specific duty"},
    {"player", DR_SHAPE_NAMES, "regions and groups that act as one player"},
    {"price", DR_SHAPE_NUMBER, "of a unit without duty, or of a tonne of emissions"},
    {"products", DR_SHAPE_NAMES, "HS codes, lists such as chpl, critical, green, food and vaccines, or a CSV file"},
    {"quota", DR_SHAPE_RATE, "a volume: a part of the base, a value or, of products, tonnes"},
    {"rate", DR_SHAPE_RATE, "a rate, such as 25%"},
    {"rebate", DR_SHAPE_TEXT, "exports: the price is paid back on them; none: it is not"},
    {"recovery", DR_SHAPE_NUMBER, "days until all is as before"},
    {"redirect", DR_SHAPE_RATE, "the part of missing supply that is ordered elsewhere"},
    {"region", DR_SHAPE_TEXT, "a region"},
    {"rent", DR_SHAPE_TEXT, "who earns the rent: exporter, importer or lost"},
    {"replace", DR_SHAPE_TRUTH, "whether it overrides earlier changes of the same flows"},
    {"responds", DR_SHAPE_TEXT, "the player that responds"},
    {"restock", DR_SHAPE_NUMBER, "days in which stocks are filled up"},
    {"sectors", DR_SHAPE_NAMES, "codes, slugs, kinds or groups of sectors"},
    {"specific", DR_SHAPE_NUMBER, "a duty on a unit"},
    {"standard-error", DR_SHAPE_RATE, "of the leakage, for uncertainty bands"},
    {"through", DR_SHAPE_NAMES, "the third countries whose sales embody the goods of the origin"},
    {"times", DR_SHAPE_NUMBER, "a factor, such as 2"},
    {"title", DR_SHAPE_TEXT, "the heading of results"},
    {"to", DR_SHAPE_NAMES, "regions and groups that buy"},
    {"together", DR_SHAPE_TRUTH, "whether one limit holds for the sum of all flows"},
    {"uniform", DR_SHAPE_TRUTH, "whether one rate holds for all sectors"},
    {"variable", DR_SHAPE_TEXT, "the variable of the estimate"},
    {"weight", DR_SHAPE_NUMBER, "of the other player's welfare"},
};

json_t *dr_schema_key(const char *key)
{
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (strcmp(keys[k].key, key) == 0) {
            json_t *schema = dr_schema_shape(keys[k].shape);
            json_object_set_new(schema, "description", json_string(keys[k].description));
            return schema;
        }
    return json_object();
}

/* ---- Mappings ---------------------------------------------------------------------------------------------------- */

json_t *dr_schema_map(const char *const *names, size_t count)
{
    json_t *properties = json_object();
    for (size_t k = 0; k < count; k++)
        json_object_set_new(properties, names[k], dr_schema_key(names[k]));
    return json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties, "additionalProperties", 0);
}

void dr_schema_set(json_t *map, const char *key, json_t *value)
{
    json_object_set_new(json_object_get(map, "properties"), key, value);
}

void dr_schema_need(json_t *map, const char *key)
{
    if (!json_object_get(map, "required"))
        json_object_set_new(map, "required", json_array());
    json_array_append_new(json_object_get(map, "required"), json_string(key));
}

static json_t *groups(void)
{
    return json_pack("{s:s, s:o, s:s}", "type", "object", "additionalProperties", dr_schema_shape(DR_SHAPE_NAMES),
                     "description", "groups of one's own: lists of regions or of sectors by name");
}

void dr_schema_document(json_t *map, bool settings)
{
    static const char *const settings_keys[DR_SETTINGS] = {DR_SETTINGS_KEYS};
    dr_schema_set(map, "groups", groups());
    for (size_t k = 0; k < DR_SETTINGS && settings; k++) {
        const char *key = settings_keys[k];
        const char *const *words = strcmp(key, "horizon") == 0   ? dr_horizons
                                   : strcmp(key, "model") == 0   ? dr_models
                                   : strcmp(key, "closure") == 0 ? dr_closures
                                                                 : NULL;
        dr_schema_set(map, key, words ? dr_schema_words(words) : dr_schema_shape(DR_SHAPE_TEXT));
    }
}

/* ---- Scenarios --------------------------------------------------------------------------------------------------- */

/* Amounts may differ from year to year. */
static void date_amounts(json_t *map)
{
    json_t *properties = json_object_get(map, "properties");
    for (const char *const *key = dr_change_amounts(); *key; key++) {
        json_t *amount = json_object_get(properties, *key);
        if (amount)
            dr_schema_set(map, *key,
                          dr_schema_either(json_incref(amount),
                                           json_pack("{s:s, s:O}", "type", "object", "additionalProperties", amount)));
    }
}

/* The keys of one instrument. */
static json_t *instrument(const char *const *names, size_t count)
{
    json_t *map = dr_schema_map(names, count);
    if (json_object_get(json_object_get(map, "properties"), "rent"))
        dr_schema_set(map, "rent", dr_schema_words(dr_rents));
    if (json_object_get(json_object_get(map, "properties"), "basis")) {
        dr_schema_set(map, "basis", dr_schema_words(dr_carbon_bases));
        dr_schema_set(map, "rebate", dr_schema_words(dr_carbon_rebates));
    }
    if (json_object_get(json_object_get(map, "properties"), "trade-cost")) {
        static const char *const file[] = {"file"};
        dr_schema_set(map, "trade-cost", dr_schema_either(dr_schema_shape(DR_SHAPE_NUMBER), dr_schema_map(file, 1)));
    }
    if (json_object_get(json_object_get(map, "properties"), "from"))
        dr_schema_set(map, "from", dr_schema_shape(DR_SHAPE_NAMES));
    date_amounts(map);
    return map;
}

/* One instrument, and its dates. */
static json_t *change(void)
{
    json_t *properties = json_object(), *one = json_array();
    const char *name, *names[DR_CHANGE_MOST_KEYS];
    for (size_t k = 0, count = 0; (name = dr_change_instrument(k, names, &count)); k++) {
        json_object_set_new(properties, name, instrument(names, count));
        json_array_append_new(one, json_pack("{s:[s]}", "required", name));
    }
    for (size_t k = 0; k < DR_DATES_KEYS; k++)
        json_object_set_new(
            properties, dr_dates_keys[k],
            json_pack("{s:s, s:s}", "type", "integer", "description",
                      k == DR_DATES_FROM ? "the first year in force, on a path over years" : "the last year in force"));
    return json_pack("{s:s, s:o, s:b, s:o}", "type", "object", "properties", properties, "additionalProperties", 0,
                     "oneOf", one);
}

json_t *dr_schema_changes(void)
{
    return dr_schema_list(json_pack("{s:s}", "$ref", "#/$defs/change"));
}

json_t *dr_schema_baseline(void)
{
    return dr_schema_either(dr_schema_shape(DR_SHAPE_TEXT), dr_schema_changes());
}

json_t *dr_scenario_schema(void)
{
    json_t *map = dr_schema_map(dr_scenario_keys, DR_SCENARIO_KEYS);
    dr_schema_document(map, true);
    dr_schema_set(map, "changes", dr_schema_changes());
    dr_schema_set(map, DR_BASELINE_KEY, dr_schema_baseline());
    dr_schema_need(map, "changes");
    return map;
}

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

json_t *dr_scenario_schema_alone(void)
{
    return json_pack("{s:s, s:s, s:{s:o, s:o}, s:s}", "$schema", DIALECT, "title", "A scenario of derisk", "$defs",
                     "change", change(), "scenario", dr_scenario_schema(), "$ref", "#/$defs/scenario");
}

dr_status dr_schema_write(json_t *game, json_t *shock, const char *path)
{
    dr_output out;
    json_t *whole = json_pack("{s:s, s:s, s:{s:o, s:o, s:o, s:o}, s:{s:[s]}, s:{s:s}, s:{s:{s:[s]}, s:{s:s}, s:{s:s}}}",
                              "$schema", DIALECT, "title", "A scenario, a game or a supply stop of derisk", "$defs",
                              "change", change(), "scenario", dr_scenario_schema(), "game", game, "shock", shock, "if",
                              "required", "play", "then", "$ref", "#/$defs/game", "else", "if", "required", "stops",
                              "then", "$ref", "#/$defs/shock", "else", "$ref", "#/$defs/scenario");
    if (!whole)
        return dr_fail_memory();
    dr_status status = dr_output_open(&out, path);
    if (status == DR_OK) {
        bool good = json_dumpf(whole, out.file, JSON_INDENT(2)) == 0 && putc('\n', out.file) != EOF;
        status = dr_output_close(&out, good || ferror(out.file) ? DR_OK : dr_fail_memory());
    }
    json_decref(whole);
    return status;
}
