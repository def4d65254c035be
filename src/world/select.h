/* Names in commands and files: regions and groups, sectors by code, slug or kind. */
#ifndef DR_WORLD_SELECT_H
#define DR_WORLD_SELECT_H

#include "base/error.h"
#include "base/yaml.h"
#include "world/groups.h"

/* Marks the regions or sectors that a name stands for in mask (one bool each), and adds the name to `named` (NULL: not
 * wanted) if it is a group. Errors: DR_BAD_INPUT with the nearest name. */
typedef dr_status dr_select(const dr_economy *economy, const char *name, bool *mask, dr_named *named);

/* A region's code, a group (EU, EU@2020), or "all". */
dr_select dr_select_region;

/* A sector's code, slug or kind, or "all". */
dr_select dr_select_sector;

/* Marks the regions or sectors that a list of names, separated by commas, stands for. */
dr_status dr_select_list(dr_select *select, const dr_economy *economy, const char *list, bool *mask, dr_named *named);

/* Marks the sectors of a list; without one (NULL) goods, or all where the world does not say which sectors are
 * goods. */
dr_status dr_select_goods(const dr_economy *economy, const char *list, bool *mask);

/* Marks the regions or sectors of a node: one name, or a sequence of names. */
dr_status dr_select_yaml(dr_select *select, const dr_economy *economy, dr_yaml *yaml, const yaml_node_t *node,
                         bool *mask, dr_named *named);

/* The two sides of a relation. A region named on both is on the first only. A zeroed struct is an empty one. */
typedef struct dr_sides {
    bool *of, *to;  /* [region] */
    dr_named named; /* the groups among their names */
    bool inside;    /* what acts on the trade between them acts on that between members of a group, too */
} dr_sides;

/* Marks the regions `of`, and those `to` whom they are related (NULL: all others). Errors: DR_BAD_INPUT (unknown name;
 * no region left on the other side), DR_MACHINE. Free with dr_sides_free, on failure too. */
dr_status dr_sides_read(dr_sides *out, const dr_economy *economy, const char *of, const char *to);
void dr_sides_free(dr_sides *sides);

/* For instruments on the trade between the two sides as a whole: fails where some of it is inside a group that was
 * named. Errors: DR_BAD_INPUT. */
dr_status dr_sides_apart(const dr_sides *sides, const dr_economy *economy, const char *of, const char *to);

#endif
