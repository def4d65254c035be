/* Scenarios from YAML files (docs/simulate.md): the keys of the document, its groups, the files that it includes, and
 * the baselines that come before it. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "scenario/change_yaml.h"
#include "scenario/document.h"
#include "scenario/scenario_keys.h"
#include "scenario/value_range.h"

/* No scenario names files that name files any deeper. */
enum { MOST_DEEP = 16 };

/* A document, and the one that names it. */
typedef struct reader {
    dr_yaml yaml;
    dr_scenario *scenario;
    dr_own_groups *own; /* of all documents read so far */
    const struct reader *outer;
    size_t depth;
    bool included;         /* by the outer one */
    bool baseline;         /* its changes become a base */
    const dr_dates *dates; /* the year for which it is read; NULL: none */
} reader;

#define fail(r, node, ...) dr_yaml_fail(&(r)->yaml, node, __VA_ARGS__)

static dr_status read_document(reader *r, const yaml_node_t *unused);

/* ---- Files that a document names --------------------------------------------------------------------------------- */

/* Whether the file is being read already, here or further out. */
static bool is_open(const reader *r, const char *path)
{
    char *wanted = realpath(path, NULL);
    bool found = false;
    for (; r && wanted && !found; r = r->outer) {
        char *there = realpath(r->yaml.path, NULL);
        found = there && strcmp(there, wanted) == 0;
        free(there);
    }
    free(wanted);
    return found;
}

/* The path of a scenario that a node of r names, which none of those being read is. */
static dr_status take_path(const reader *r, const yaml_node_t *node, char path[PATH_MAX])
{
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "the path of a scenario"));
    DR_TRY(dr_yaml_beside(&r->yaml, node, path));
    if (is_open(r, path))
        return fail(r, node, "'%s' names itself, directly or by way of other files", dr_yaml_text(node));
    if (r->depth == MOST_DEEP)
        return fail(r, node, "files that name files more than %d deep", MOST_DEEP);
    return DR_OK;
}

static dr_status include(reader *r, const yaml_node_t *node)
{
    char path[PATH_MAX];
    reader in = {.scenario = r->scenario,
                 .own = r->own,
                 .outer = r,
                 .depth = r->depth + 1,
                 .included = true,
                 .baseline = r->baseline,
                 .dates = r->dates};
    DR_TRY(take_path(r, node, path));
    dr_status status = dr_yaml_load(&in.yaml, path, "a scenario");
    if (status == DR_OK)
        status = read_document(&in, NULL);
    dr_yaml_free(&in.yaml);
    return status;
}

static dr_status read_included(reader *r, const yaml_node_t *node)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return include(r, node);
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
        DR_TRY(include(r, dr_yaml_node(&r->yaml, *item)));
    return DR_OK;
}

/* ---- The document ------------------------------------------------------------------------------------------------ */

static dr_status read_changes(reader *r, const yaml_node_t *list)
{
    const dr_change_reader changes = {&r->yaml, r->scenario, r->own, r->baseline, r->dates};
    if (list->type != YAML_SEQUENCE_NODE)
        return fail(r, list, "expected a list of changes, each line beginning with '- '");
    for (yaml_node_item_t *item = list->data.sequence.items.start; item < list->data.sequence.items.top; item++)
        DR_TRY(dr_change_read(&changes, dr_yaml_node(&r->yaml, *item)));
    return DR_OK;
}

const char *const dr_scenario_keys[DR_SCENARIO_KEYS] = {
    [DR_SCENARIO_CHANGES] = "changes",        [DR_SCENARIO_TITLE] = "title",
    [DR_SCENARIO_GROUPS] = "groups",          [DR_SCENARIO_INCLUDE] = "include",
    [DR_SCENARIO_BASELINE] = DR_BASELINE_KEY, DR_SETTINGS_KEYS};

/* What is included comes first, whatever the order of the keys. Its title is its own. */
static dr_status read_document(reader *r, const yaml_node_t *unused)
{
    (void)unused;
    yaml_node_t *v[DR_SCENARIO_KEYS] = {0};
    DR_TRY(dr_yaml_root(&r->yaml, "a scenario", dr_scenario_keys, DR_SCENARIO_KEYS, v));
    if (v[DR_SCENARIO_TITLE]) {
        DR_TRY(dr_yaml_need_text(&r->yaml, v[DR_SCENARIO_TITLE], "a title"));
        if (!r->included)
            DR_TRY(dr_scenario_title(r->scenario, dr_yaml_text(v[DR_SCENARIO_TITLE])));
    }
    if (v[DR_SCENARIO_BASELINE] && r->included)
        return fail(r, v[DR_SCENARIO_BASELINE],
                    "an included scenario has no baseline; give it in the one that includes it");
    DR_TRY(dr_baseline_check(&r->yaml, r->scenario->economy, v[DR_SCENARIO_BASELINE]));
    if (v[DR_SCENARIO_INCLUDE])
        DR_TRY(read_included(r, v[DR_SCENARIO_INCLUDE]));
    DR_TRY(dr_document_groups(r->own, r->scenario->economy, &r->yaml, v[DR_SCENARIO_GROUPS]));
    return read_changes(r, v[DR_SCENARIO_CHANGES]);
}

/* Makes a scenario of what `read` reads of `node`, with the groups that the reader has. */
static dr_status read_into(dr_scenario **out, const dr_economy *economy, reader *r,
                           dr_status (*read)(reader *r, const yaml_node_t *node), const yaml_node_t *node)
{
    dr_scenario *scenario = NULL;
    DR_TRY(dr_scenario_new(&scenario, economy));
    scenario->reading = true;
    r->scenario = scenario;
    dr_status status = read(r, node);
    scenario->reading = false;
    if (status == DR_OK)
        status = dr_scenario_tax_limits(scenario);
    if (status == DR_OK)
        *out = scenario;
    else
        dr_scenario_free(scenario);
    return status;
}

dr_status dr_scenario_read_changes(dr_scenario **out, const dr_economy *economy, const dr_yaml *yaml,
                                   dr_own_groups *own, const yaml_node_t *list)
{
    reader r = {.yaml = *yaml, .own = own};
    return read_into(out, economy, &r, read_changes, list);
}

/* Makes a scenario of what `read` reads of the document that is loaded. */
static dr_status read_scenario(dr_scenario **out, const dr_economy *economy, reader *r,
                               dr_status (*read)(reader *r, const yaml_node_t *node))
{
    dr_own_groups own = {0};
    r->own = &own;
    dr_status status = read_into(out, economy, r, read, NULL);
    dr_own_groups_free(&own);
    return status;
}

/* The same, and drops it. */
static dr_status read_whole(dr_scenario **out, const dr_economy *economy, reader *r)
{
    dr_status status = read_scenario(out, economy, r, read_document);
    dr_yaml_free(&r->yaml);
    return status;
}

dr_status dr_scenario_load(dr_scenario **out, const dr_economy *economy, const char *path)
{
    DR_TRY(DR_GIVEN(out, economy, path));
    reader r = {0};
    DR_TRY(dr_yaml_load(&r.yaml, path, "a scenario"));
    return read_whole(out, economy, &r);
}

dr_status dr_scenario_load_swept(dr_scenario **out, const dr_economy *economy, const char *path, const char *key,
                                 const char *value)
{
    reader r = {0};
    DR_TRY(dr_yaml_load(&r.yaml, path, "a scenario"));
    dr_status status = dr_range_document(&r.yaml, key, value);
    if (status == DR_OK)
        return read_whole(out, economy, &r);
    dr_yaml_free(&r.yaml);
    return status;
}

dr_status dr_scenario_parse(dr_scenario **out, const dr_economy *economy, const char *text, size_t size,
                            const char *name)
{
    DR_TRY(DR_GIVEN(out, economy, name));
    reader r = {0};
    DR_TRY(dr_yaml_parse(&r.yaml, text, size, name, "a scenario"));
    return read_whole(out, economy, &r);
}

/* ---- Years of a path --------------------------------------------------------------------------------------------- */

static dr_status check_dates(const char *function, const dr_economy *economy, int year, int last)
{
    DR_TRY(DR_WITHIN(function, year, economy->year + 1, last));
    return DR_WITHIN(function, last, economy->year + 1, 9999);
}

dr_status dr_scenario_load_dated(dr_scenario **out, const dr_economy *economy, const char *path, int year, int last)
{
    DR_TRY(DR_GIVEN(out, economy, path));
    DR_TRY(check_dates(__func__, economy, year, last));
    const dr_dates dates = {economy->year, year, last};
    reader r = {.dates = &dates};
    DR_TRY(dr_yaml_load(&r.yaml, path, "a scenario"));
    return read_whole(out, economy, &r);
}

dr_status dr_scenario_parse_dated(dr_scenario **out, const dr_economy *economy, const char *text, size_t size,
                                  const char *name, int year, int last)
{
    DR_TRY(DR_GIVEN(out, economy, text, name));
    DR_TRY(check_dates(__func__, economy, year, last));
    const dr_dates dates = {economy->year, year, last};
    reader r = {.dates = &dates};
    DR_TRY(dr_yaml_parse(&r.yaml, text, size, name, "a scenario"));
    return read_whole(out, economy, &r);
}

/* ---- Baselines --------------------------------------------------------------------------------------------------- */

/* The value of a key at the top of a document of any kind; NULL: it has none. */
static yaml_node_t *find_key(dr_yaml *yaml, const char *name)
{
    const yaml_node_t *root = yaml_document_get_root_node(&yaml->document);
    if (!root || root->type != YAML_MAPPING_NODE)
        return NULL;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = dr_yaml_node(yaml, pair->key);
        if (key->type == YAML_SCALAR_NODE && strcmp(dr_yaml_text(key), name) == 0)
            return dr_yaml_node(yaml, pair->value);
    }
    return NULL;
}

dr_status dr_baseline_check(const dr_yaml *yaml, const dr_economy *economy, const yaml_node_t *node)
{
    if (!node || economy->baseline)
        return DR_OK;
    return dr_yaml_fail(yaml, node, "the baseline has not been solved (dr_baseline_load does so)");
}

/* The changes that a document lists as its baseline, with its own groups. */
static dr_status read_listed(reader *r, const yaml_node_t *unused)
{
    (void)unused;
    DR_TRY(dr_document_groups(r->own, r->scenario->economy, &r->yaml, find_key(&r->yaml, "groups")));
    return read_changes(r, find_key(&r->yaml, DR_BASELINE_KEY));
}

static dr_status take_step(const dr_baselines *b, reader *r, dr_status (*read)(reader *r, const yaml_node_t *unused),
                           const char *file)
{
    dr_scenario *scenario = NULL;
    r->baseline = true;
    dr_status status = read_scenario(&scenario, b->economy, r, read);
    if (status == DR_OK)
        status = b->step(b->user, scenario, file);
    dr_scenario_free(scenario);
    return status;
}

static dr_status take_file(const dr_baselines *b, const reader *outer, const char *path);

/* The baseline of the document that is loaded, after its own one. */
static dr_status take_baseline(const dr_baselines *b, reader *r)
{
    char path[PATH_MAX];
    const yaml_node_t *node = find_key(&r->yaml, DR_BASELINE_KEY);
    if (!node)
        return DR_OK;
    if (node->type == YAML_SEQUENCE_NODE)
        return take_step(b, r, read_listed, NULL);
    if (node->type != YAML_SCALAR_NODE)
        return fail(r, node, "expected a list of changes, or the path of a scenario");
    DR_TRY(take_path(r, node, path));
    return take_file(b, r, path);
}

static dr_status take_file(const dr_baselines *b, const reader *outer, const char *path)
{
    reader r = {.outer = outer, .depth = outer ? outer->depth + 1 : 0};
    dr_status status = dr_yaml_load(&r.yaml, path, "a scenario");
    if (status == DR_OK)
        status = take_baseline(b, &r);
    if (status == DR_OK)
        status = take_step(b, &r, read_document, path);
    dr_yaml_free(&r.yaml);
    return status;
}

dr_status dr_baselines_apply(const dr_baselines *b, const char *path)
{
    return take_file(b, NULL, path);
}

dr_status dr_baselines_load(const dr_baselines *b, const char *path)
{
    reader r = {0};
    DR_TRY(dr_yaml_load(&r.yaml, path, "a scenario or game"));
    dr_status status = take_baseline(b, &r);
    dr_yaml_free(&r.yaml);
    return status;
}

dr_status dr_baselines_parse(const dr_baselines *b, const char *text, size_t size, const char *name)
{
    reader r = {0};
    DR_TRY(dr_yaml_parse(&r.yaml, text, size, name, "a scenario or game"));
    dr_status status = take_baseline(b, &r);
    dr_yaml_free(&r.yaml);
    return status;
}
