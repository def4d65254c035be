/* The two sides of a relation between regions: whose trade, and with whom. */
#ifndef DR_WORLD_SIDES_H
#define DR_WORLD_SIDES_H

#include "base/error.h"
#include "world/own_groups.h"

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
