/* Names in commands and files: regions and groups, sectors by code, slug or kind. */
#ifndef DR_WORLD_SELECT_H
#define DR_WORLD_SELECT_H

#include "base/error.h"
#include "base/yaml.h"
#include "world/groups.h"
#include "world/own_groups.h"

/* Marks the regions or sectors that a name stands for in mask (one bool each), and adds the name to `named` (NULL: not
 * wanted) if it is a group. Errors: DR_BAD_INPUT with the nearest name. */
typedef dr_status dr_select(const dr_economy *economy, const char *name, bool *mask, dr_named *named);

/* A region's code, a group (EU, EU@2020), or "all". */
dr_select dr_select_region;

/* A sector's code, slug or kind, a group of sectors ("transport-equipment" where a table has motor vehicles and the
 * rest apart), or "all". */
dr_select dr_select_sector;

/* Marks the regions or sectors that a list of names stands for: names separated by commas, then perhaps " except " and
 * those to leave out: "all except EU, USA". The names may be those of `own` groups (NULL: none). Errors: DR_BAD_INPUT
 * with the nearest name; nothing left. */
dr_status dr_select_list(dr_select *select, const dr_economy *economy, const dr_own_groups *own, const char *list,
                         bool *mask, dr_named *named);

/* Marks the sectors of a list; without one (NULL) goods, or all where the world does not say which sectors are
 * goods. */
dr_status dr_select_goods(const dr_economy *economy, const char *list, bool *mask);

/* Marks the regions or sectors of a node: a list of names as text, or a sequence of such. */
dr_status dr_select_yaml(dr_select *select, const dr_economy *economy, const dr_own_groups *own, dr_yaml *yaml,
                         const yaml_node_t *node, bool *mask, dr_named *named);

#endif
