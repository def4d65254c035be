/* What scenarios, games and shocks have in common as documents: groups of their own, and exceptions. */
#ifndef DR_SCENARIO_DOCUMENT_H
#define DR_SCENARIO_DOCUMENT_H

#include "base/yaml.h"
#include "world/select.h"

/* Adds the groups that a document defines, a mapping from names to lists (NULL: none). Errors: DR_BAD_INPUT with the
 * place, DR_MACHINE. */
dr_status dr_document_groups(dr_own_groups *own, const dr_economy *economy, dr_yaml *yaml, const yaml_node_t *map);

/* Marks what the names under 'except' stand for, each a list of regions or one of sectors. Errors: as above. */
dr_status dr_document_except(const dr_economy *economy, const dr_own_groups *own, dr_yaml *yaml,
                             const yaml_node_t *node, bool *regions, bool *sectors);

/* A scenario of the changes that a document lists, besides which it may be no scenario; `own`: the groups that it
 * defines. Errors: as above. */
dr_status dr_scenario_read_changes(dr_scenario **out, const dr_economy *economy, const dr_yaml *yaml,
                                   dr_own_groups *own, const yaml_node_t *list);

#endif
