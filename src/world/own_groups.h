/* Groups of regions or of sectors that a document defines for its own names. */
#ifndef DR_WORLD_OWN_GROUPS_H
#define DR_WORLD_OWN_GROUPS_H

#include "base/error.h"
#include "world/groups.h"

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

/* The group of that name. NULL: none. */
const dr_own_group *dr_own_group_find(const dr_own_groups *own, const char *name);

#endif
