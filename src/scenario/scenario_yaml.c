/* Scenarios from YAML files (docs/simulate.md): what the nodes mean, and where in the file something is wrong. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/names.h"
#include "base/yaml.h"
#include "scenario/scenario.h"
#include "scenario/settings.h"
#include "world/select.h"

typedef struct reader {
    dr_yaml yaml;
    dr_scenario *scenario;
} reader;

#define fail(r, node, ...) dr_yaml_fail(&(r)->yaml, node, __VA_ARGS__)

static dr_status take_regions(reader *r, yaml_node_t *node, bool *mask, dr_named *named)
{
    return dr_select_yaml(dr_select_region, r->scenario->economy, &r->yaml, node, mask, named);
}

/* by and on (one direction), or between and (both); sectors (all if not said); and whether flows between members of a
 * group are meant. */
static dr_status take_flows(reader *r, const yaml_node_t *map, const char *kind, yaml_node_t *const ways[4],
                            yaml_node_t *sectors, const yaml_node_t *inside, dr_change *change)
{
    bool one_way = ways[0] || ways[1], both = ways[2] || ways[3];
    if (one_way && both)
        return fail(r, map, "'%s' takes either 'by' and 'on' or 'between' and 'and', not both", kind);
    change->both = both;
    yaml_node_t *first = both ? ways[2] : ways[0], *second = both ? ways[3] : ways[1];
    DR_TRY(dr_yaml_need_key(&r->yaml, map, first, both ? "between" : "by", kind));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, second, both ? "and" : "on", kind));
    DR_TRY(dr_yaml_truth(&r->yaml, inside, &change->inside));
    DR_TRY(take_regions(r, first, change->by, &change->named));
    DR_TRY(take_regions(r, second, change->on, &change->named));
    dr_headline_node(change->names[0], &r->yaml, first);
    dr_headline_node(change->names[1], &r->yaml, second);
    dr_headline_names(change->names[2], "all");
    if (sectors)
        dr_headline_node(change->names[2], &r->yaml, sectors);
    if (sectors)
        return dr_select_yaml(dr_select_sector, r->scenario->economy, &r->yaml, sectors, change->sectors, NULL);
    return dr_select_sector(r->scenario->economy, "all", change->sectors, NULL);
}

/* The path of a file that the scenario names: relative to the scenario's own folder. */
static dr_status take_path(reader *r, const yaml_node_t *node, char path[PATH_MAX])
{
    const char *slash = strrchr(r->yaml.path, '/');
    if (r->yaml.from_memory)
        return fail(r, node, "'file': only a scenario that is a file itself names others");
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "the path of a CSV file"));
    int folder = dr_yaml_text(node)[0] == '/' || !slash ? 0 : (int)(slash - r->yaml.path + 1);
    if (snprintf(path, PATH_MAX, "%.*s%s", folder, r->yaml.path, dr_yaml_text(node)) >= PATH_MAX)
        return fail(r, node, "the path is too long");
    return DR_OK;
}

static dr_status take_rate(reader *r, const yaml_node_t *node, double *rate)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "a rate such as 25%"));
    return dr_yaml_at(&r->yaml, node, dr_parse_rate(dr_yaml_text(node), rate));
}

static dr_status read_tariff(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "on", "sectors", "rate", "add", "file", "inside"};
    yaml_node_t *v[7] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 7, v));
    if (!!v[3] + !!v[4] + !!v[5] != 1)
        return fail(r, map, "'tariff' takes one of 'rate', 'add' and 'file'");
    if (v[5]) {
        if (v[0] || v[1] || v[2] || v[6])
            return fail(r, map, "'file' lists the flows itself: it excludes 'by', 'on', 'sectors' and 'inside'");
        char path[PATH_MAX];
        DR_TRY(take_path(r, v[5], path));
        return dr_scenario_tariff_file(r->scenario, path);
    }
    change->add = v[4] != NULL;
    DR_TRY(take_rate(r, change->add ? v[4] : v[3], &change->amount));
    DR_TRY(take_flows(r, map, "tariff", (yaml_node_t *[]){v[0], v[1], NULL, NULL}, v[2], v[6], change));
    return dr_yaml_at(&r->yaml, map, dr_scenario_apply(r->scenario, change));
}

static dr_status read_trade_cost(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "on", "between", "and", "sectors", "times", "inside"};
    yaml_node_t *v[7] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 7, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[5], "times", "trade-cost"));
    DR_TRY(dr_yaml_need_text(&r->yaml, v[5], "a factor such as 2"));
    if (!dr_parse_number(dr_yaml_text(v[5]), &change->amount))
        return fail(r, v[5], "'%.40s' is not a number, a factor such as 2 was expected", dr_yaml_text(v[5]));
    DR_TRY(take_flows(r, map, "trade-cost", v, v[4], v[6], change));
    return dr_yaml_at(&r->yaml, map, dr_scenario_apply(r->scenario, change));
}

static dr_status read_ban(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "on", "between", "and", "sectors", "inside"};
    yaml_node_t *v[6] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 6, v));
    DR_TRY(take_flows(r, map, "ban", v, v[4], v[5], change));
    return dr_yaml_at(&r->yaml, map, dr_scenario_apply(r->scenario, change));
}

/* Finds which of `count` words a node is. */
static dr_status take_word(reader *r, const yaml_node_t *node, const char *const *words, size_t count, size_t *found)
{
    char hint[DR_HINT_SIZE];
    DR_TRY(dr_yaml_need_text(&r->yaml, node, words[0]));
    for (*found = 0; *found < count; ++*found)
        if (strcmp(dr_yaml_text(node), words[*found]) == 0)
            return DR_OK;
    return fail(r, node, "unknown word '%.60s', one such as '%s' was expected%s", dr_yaml_text(node), words[0],
                dr_hint(hint, dr_yaml_text(node), words, count));
}

static dr_status take_number(reader *r, const yaml_node_t *node, const char *expected, double *number)
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, expected));
    if (!dr_parse_number(dr_yaml_text(node), number))
        return fail(r, node, "'%.40s' is not a number, %s was expected", dr_yaml_text(node), expected);
    return DR_OK;
}

static dr_status take_rent(reader *r, const yaml_node_t *node, dr_change *change)
{
    static const char *const words[] = {"exporter", "importer", "lost"};
    size_t word = DR_RENT_EXPORTER;
    if (node)
        DR_TRY(take_word(r, node, words, 3, &word));
    change->rent = (dr_rent)word;
    return DR_OK;
}

static dr_status read_curb(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "to", "sectors", "cut", "rent", "together", "inside"};
    yaml_node_t *v[7] = {0};
    double cut = 0;
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 7, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[0], "by", "export-curb"));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[1], "to", "export-curb"));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[3], "cut", "export-curb"));
    DR_TRY(take_rate(r, v[3], &cut));
    DR_TRY(take_rent(r, v[4], change));
    DR_TRY(dr_yaml_truth(&r->yaml, v[5], &change->together));
    change->relative = true;
    change->amount = 1 - cut;
    DR_TRY(take_flows(r, map, "export-curb", (yaml_node_t *[]){v[1], v[0], NULL, NULL}, v[2], v[6], change));
    return dr_yaml_at(&r->yaml, map, dr_scenario_apply(r->scenario, change));
}

static dr_status read_quota(reader *r, yaml_node_t *map, dr_change *change)
{
    static const char *const keys[] = {"by", "on", "sectors", "at", "rent", "inside"};
    yaml_node_t *v[6] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 6, v));
    DR_TRY(dr_yaml_need_key(&r->yaml, map, v[3], "at", "quota"));
    DR_TRY(take_number(r, v[3], "a value in the unit of the world", &change->amount));
    DR_TRY(take_rent(r, v[4], change));
    change->together = true;
    DR_TRY(take_flows(r, map, "quota", (yaml_node_t *[]){v[0], v[1], NULL, NULL}, v[2], v[5], change));
    return dr_yaml_at(&r->yaml, map, dr_scenario_apply(r->scenario, change));
}

/* The effect of membership on trade costs: a factor, or a file of factors. */
static dr_status read_membership(reader *r, yaml_node_t *map, const char *kind, bool leaving)
{
    static const char *const keys[] = {"region", "group", "trade-cost"}, *const sources[] = {"file"};
    char path[PATH_MAX];
    yaml_node_t *v[3] = {0}, *source[1] = {0};
    double times = 0;
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 3, v));
    for (size_t i = 0; i < 3; i++)
        DR_TRY(dr_yaml_need_key(&r->yaml, map, v[i], keys[i], kind));
    DR_TRY(dr_yaml_need_text(&r->yaml, v[0], "the code of a region"));
    DR_TRY(dr_yaml_need_text(&r->yaml, v[1], "the name of a group"));
    const char *region = dr_yaml_text(v[0]), *group = dr_yaml_text(v[1]);
    if (v[2]->type != YAML_MAPPING_NODE) {
        DR_TRY(take_number(r, v[2], "a factor such as 1.05, or {file: ...}", &times));
        return dr_yaml_at(&r->yaml, map,
                          (leaving ? dr_scenario_leave : dr_scenario_join)(r->scenario, region, group, times));
    }
    DR_TRY(dr_yaml_keys(&r->yaml, v[2], sources, 1, source));
    DR_TRY(dr_yaml_need_key(&r->yaml, v[2], source[0], "file", "trade-cost"));
    DR_TRY(take_path(r, source[0], path));
    return (leaving ? dr_scenario_leave_file : dr_scenario_join_file)(r->scenario, region, group, path);
}

static bool has_key(reader *r, const yaml_node_t *map, const char *key)
{
    if (map->type == YAML_MAPPING_NODE)
        for (yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
            const yaml_node_t *node = dr_yaml_node(&r->yaml, pair->key);
            if (node->type == YAML_SCALAR_NODE && strcmp(dr_yaml_text(node), key) == 0)
                return true;
        }
    return false;
}

/* The effect of membership on trade costs: an estimate that the world keeps. */
static dr_status read_estimate(reader *r, yaml_node_t *map, const char *kind, bool leaving)
{
    static const char *const keys[] = {"region", "group", "estimate", "variable"};
    static const char *const expected[] = {"the code of a region", "the name of a group", "the name of an estimate",
                                           "a variable of the estimate"};
    yaml_node_t *v[4] = {0};
    DR_TRY(dr_yaml_keys(&r->yaml, map, keys, 4, v));
    for (size_t i = 0; i < 4; i++) {
        if (i < 3)
            DR_TRY(dr_yaml_need_key(&r->yaml, map, v[i], keys[i], kind));
        if (v[i])
            DR_TRY(dr_yaml_need_text(&r->yaml, v[i], expected[i]));
    }
    return dr_yaml_at(&r->yaml, map,
                      (leaving ? dr_scenario_leave_estimate
                               : dr_scenario_join_estimate)(r->scenario, dr_yaml_text(v[0]), dr_yaml_text(v[1]),
                                                            dr_yaml_text(v[2]), v[3] ? dr_yaml_text(v[3]) : NULL));
}

static dr_status read_leave(reader *r, yaml_node_t *map, dr_change *change)
{
    (void)change;
    if (has_key(r, map, "estimate"))
        return read_estimate(r, map, "leave", true);
    return read_membership(r, map, "leave", true);
}

static dr_status read_join(reader *r, yaml_node_t *map, dr_change *change)
{
    (void)change;
    if (has_key(r, map, "estimate"))
        return read_estimate(r, map, "join", false);
    return read_membership(r, map, "join", false);
}

static dr_status read_change(reader *r, yaml_node_t *node)
{
    static const char *const kinds[] = {"tariff", "trade-cost", "ban", "export-curb", "quota", "leave", "join"};
    static dr_status (*const readers[])(reader *, yaml_node_t *, dr_change *) = {
        read_tariff, read_trade_cost, read_ban, read_curb, read_quota, read_leave, read_join};
    static const int bits[] = {DR_CHANGE_TARIFF, DR_CHANGE_COST, DR_CHANGE_BAN, DR_CHANGE_LIMIT,
                               DR_CHANGE_LIMIT,  DR_CHANGE_COST, DR_CHANGE_COST};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    yaml_node_t *v[KINDS] = {0};
    size_t kind = 0, found = 0;
    DR_TRY(dr_yaml_keys(&r->yaml, node, kinds, KINDS, v));
    for (size_t k = 0; k < KINDS; k++)
        if (v[k]) {
            kind = k;
            found++;
        }
    if (found != 1)
        return fail(r, node,
                    "a change is one of 'tariff', 'trade-cost', 'ban', 'export-curb', 'quota', 'leave' and 'join'; "
                    "begin the next with '- '");
    dr_change change;
    DR_TRY(dr_change_new(&change, r->scenario->economy, bits[kind]));
    dr_status status = readers[kind](r, v[kind], &change);
    dr_change_free(&change);
    return status;
}

static dr_status read_document(reader *r)
{
    static const char *const keys[] = {"changes", "title", DR_SETTINGS_KEYS};
    yaml_node_t *v[2 + DR_SETTINGS] = {0};
    DR_TRY(dr_yaml_root(&r->yaml, "a scenario", keys, 2 + DR_SETTINGS, v));
    if (v[1]) {
        DR_TRY(dr_yaml_need_text(&r->yaml, v[1], "a title"));
        DR_TRY(dr_scenario_title(r->scenario, dr_yaml_text(v[1])));
    }
    if (v[0]->type != YAML_SEQUENCE_NODE)
        return fail(r, v[0], "a list of changes was expected, each line beginning with '- '");
    for (yaml_node_item_t *item = v[0]->data.sequence.items.start; item < v[0]->data.sequence.items.top; item++)
        DR_TRY(read_change(r, dr_yaml_node(&r->yaml, *item)));
    return DR_OK;
}

/* Reads what is loaded, and drops it. */
static dr_status read_scenario(dr_scenario **out, const dr_economy *economy, reader *r)
{
    dr_status status = dr_scenario_new(&r->scenario, economy);
    if (status == DR_OK)
        status = read_document(r);
    dr_yaml_free(&r->yaml);
    if (status == DR_OK)
        *out = r->scenario;
    else
        dr_scenario_free(r->scenario);
    return status;
}

dr_status dr_scenario_load(dr_scenario **out, const dr_economy *economy, const char *path)
{
    DR_TRY(DR_GIVEN(out, economy, path));
    reader r = {0};
    DR_TRY(dr_yaml_load(&r.yaml, path, "a scenario"));
    return read_scenario(out, economy, &r);
}

dr_status dr_scenario_parse(dr_scenario **out, const dr_economy *economy, const char *text, size_t size,
                            const char *name)
{
    DR_TRY(DR_GIVEN(out, economy, name));
    reader r = {0};
    DR_TRY(dr_yaml_parse(&r.yaml, text, size, name, "a scenario"));
    return read_scenario(out, economy, &r);
}
