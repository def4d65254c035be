#include "scenario/document.h"

#include <stdlib.h>
#include <string.h>

dr_status dr_document_groups(dr_own_groups *own, const dr_economy *economy, dr_yaml *yaml, const yaml_node_t *map)
{
    if (!map)
        return DR_OK;
    if (map->type != YAML_MAPPING_NODE)
        return dr_yaml_fail(yaml, map, "expected groups, each with its name: 'friends: [EU, USA]'");
    for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = dr_yaml_node(yaml, pair->key), *list = dr_yaml_node(yaml, pair->value);
        char *names = NULL;
        DR_TRY(dr_yaml_need_text(yaml, name, "the name of a group"));
        DR_TRY(dr_yaml_list(yaml, list, &names));
        dr_status status = dr_own_groups_add(own, economy, dr_yaml_text(name), names);
        free(names);
        DR_TRY(dr_yaml_at(yaml, list, status));
    }
    return DR_OK;
}

static dr_status except_one(const dr_economy *e, const dr_own_groups *own, const dr_yaml *yaml, const yaml_node_t *node,
                            bool *regions, bool *sectors)
{
    DR_TRY(dr_yaml_need_text(yaml, node, "a name"));
    const char *name = dr_yaml_text(node);
    if (strcmp(name, "all") == 0)
        return dr_yaml_fail(yaml, node, "'all' leaves nothing");
    dr_status region = dr_select_list(dr_select_region, e, own, name, regions, NULL);
    if (region != DR_OK && region != DR_BAD_INPUT)
        return region;
    dr_status sector = dr_select_list(dr_select_sector, e, own, name, sectors, NULL);
    if (region == DR_OK && sector == DR_OK)
        return dr_yaml_fail(
            yaml, node, "'%s' is both a region and a sector: leave it out of the list that is meant, 'all except %s'",
            name, name);
    if (region == DR_OK || sector == DR_OK)
        return DR_OK;
    if (sector != DR_BAD_INPUT)
        return sector;
    return dr_yaml_fail(yaml, node, "'%s' is neither a region nor a sector of this world", name);
}

dr_status dr_document_except(const dr_economy *e, const dr_own_groups *own, dr_yaml *yaml, const yaml_node_t *node,
                             bool *regions, bool *sectors)
{
    if (node->type == YAML_SCALAR_NODE)
        return except_one(e, own, yaml, node, regions, sectors);
    if (node->type != YAML_SEQUENCE_NODE)
        return dr_yaml_fail(yaml, node, "expected a name or a list of names");
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
        DR_TRY(except_one(e, own, yaml, dr_yaml_node(yaml, *item), regions, sectors));
    return DR_OK;
}
