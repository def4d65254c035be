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

/* A sector's code, slug or kind, a group of sectors ("transport-equipment" where a table has motor vehicles and the
 * rest apart), or "all". */
dr_select dr_select_sector;

/* A group that a document defines itself: of regions, or of sectors. */
typedef struct dr_own_group {
    char *name;
    bool *regions, *sectors; /* [region], [sector]: one of the two, the other is NULL */
    dr_named named;          /* the groups of the world among its names */
} dr_own_group;

/* Those of one document. A zeroed struct has none. */
typedef struct dr_own_groups {
    dr_own_group *group;
    size_t count, capacity;
} dr_own_groups;

/* Defines a group by a list of names, of regions or of sectors, which may be groups defined before. Errors:
 * DR_BAD_INPUT (names; the name means something already), DR_MACHINE. */
dr_status dr_own_groups_add(dr_own_groups *own, const dr_economy *economy, const char *name, const char *list);
void dr_own_groups_free(dr_own_groups *own);

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

/* The two sides of a relation. A region named on both is on the first only. A zeroed struct is an empty one. */
typedef struct dr_sides {
    bool *of, *to;  /* [region] */
    dr_named named; /* the groups among their names */
    bool inside;    /* what acts on the trade between them acts on that between members of a group, too */
} dr_sides;

/* Marks the regions `of`, and those `to` whom they are related (NULL: all others). Errors: DR_BAD_INPUT (unknown name;
 * no region left on the other side), DR_MACHINE. Free with dr_sides_free, on failure too. */
dr_status dr_sides_read(dr_sides *out, const dr_economy *economy, const dr_own_groups *own, const char *of,
                        const char *to);
void dr_sides_free(dr_sides *sides);

/* A copy of sides of so many regions. Errors: DR_MACHINE. Free with dr_sides_free, on failure too. */
dr_status dr_sides_copy(dr_sides *out, const dr_sides *sides, size_t regions);

/* For instruments on the trade between the two sides as a whole: fails where some of it is inside a group that was
 * named. Errors: DR_BAD_INPUT. */
dr_status dr_sides_apart(const dr_sides *sides, const dr_economy *economy, const char *of, const char *to);

#endif
