/* Scenarios from YAML files (docs/simulate.md): the keys of the document, its groups, and the files that it
 * includes. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "scenario/change_yaml.h"
#include "scenario/document.h"
#include "scenario/settings.h"

/* No scenario includes files that include files any deeper. */
enum { MOST_INCLUDED = 16 };

/* A document, and the one that includes it. */
typedef struct reader {
    dr_yaml yaml;
    dr_scenario *scenario;
    dr_own_groups *own; /* of all documents read so far */
    const struct reader *includer;
    size_t depth;
} reader;

#define fail(r, node, ...) dr_yaml_fail(&(r)->yaml, node, __VA_ARGS__)

static dr_status read_document(reader *r);

/* ---- Included files ---------------------------------------------------------------------------------------------- */

/* Whether the file is being read already, here or further out. */
static bool is_open(const reader *r, const char *path)
{
    char *wanted = realpath(path, NULL);
    bool found = false;
    for (; r && wanted && !found; r = r->includer) {
        char *there = realpath(r->yaml.path, NULL);
        found = there && strcmp(there, wanted) == 0;
        free(there);
    }
    free(wanted);
    return found;
}

static dr_status include(reader *r, const yaml_node_t *node)
{
    char path[PATH_MAX];
    reader in = {.scenario = r->scenario, .own = r->own, .includer = r, .depth = r->depth + 1};
    DR_TRY(dr_yaml_need_text(&r->yaml, node, "the path of a scenario"));
    DR_TRY(dr_yaml_beside(&r->yaml, node, path));
    if (is_open(r, path))
        return fail(r, node, "'%s' includes itself", dr_yaml_text(node));
    if (in.depth > MOST_INCLUDED)
        return fail(r, node, "files that include files more than %d deep", MOST_INCLUDED);
    dr_status status = dr_yaml_load(&in.yaml, path, "a scenario");
    if (status == DR_OK)
        status = read_document(&in);
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
    const dr_change_reader changes = {&r->yaml, r->scenario, r->own};
    if (list->type != YAML_SEQUENCE_NODE)
        return fail(r, list, "expected a list of changes, each line beginning with '- '");
    for (yaml_node_item_t *item = list->data.sequence.items.start; item < list->data.sequence.items.top; item++)
        DR_TRY(dr_change_read(&changes, dr_yaml_node(&r->yaml, *item)));
    return DR_OK;
}

/* What is included comes first, whatever the order of the keys. Its title is its own. */
static dr_status read_document(reader *r)
{
    enum { CHANGES, TITLE, GROUPS, INCLUDE, KEYS };
    static const char *const keys[] = {"changes", "title", "groups", "include", DR_SETTINGS_KEYS};
    yaml_node_t *v[KEYS + DR_SETTINGS] = {0};
    DR_TRY(dr_yaml_root(&r->yaml, "a scenario", keys, KEYS + DR_SETTINGS, v));
    if (v[TITLE]) {
        DR_TRY(dr_yaml_need_text(&r->yaml, v[TITLE], "a title"));
        if (!r->includer)
            DR_TRY(dr_scenario_title(r->scenario, dr_yaml_text(v[TITLE])));
    }
    if (v[INCLUDE])
        DR_TRY(read_included(r, v[INCLUDE]));
    DR_TRY(dr_document_groups(r->own, r->scenario->economy, &r->yaml, v[GROUPS]));
    return read_changes(r, v[CHANGES]);
}

/* Reads what is loaded, and drops it. */
static dr_status read_scenario(dr_scenario **out, const dr_economy *economy, reader *r)
{
    dr_own_groups own = {0};
    dr_scenario *scenario = NULL;
    dr_status status = dr_scenario_new(&scenario, economy);
    if (status == DR_OK) {
        scenario->reading = true;
        r->scenario = scenario;
        r->own = &own;
        status = read_document(r);
    }
    if (status == DR_OK) {
        scenario->reading = false;
        status = dr_scenario_tax_limits(scenario);
    }
    dr_own_groups_free(&own);
    dr_yaml_free(&r->yaml);
    if (status == DR_OK)
        *out = scenario;
    else
        dr_scenario_free(scenario);
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
