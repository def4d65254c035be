/* Which regions or sectors become which: the maps of dr_world_aggregate. */
#ifndef DR_WORLD_MERGE_H
#define DR_WORLD_MERGE_H

#include "world/world.h"

/* to[old index] is the new index. */
typedef struct dr_merge {
    size_t *regions, *sectors;
} dr_merge;

/* Reads the maps (NULL: everything stays as it is) and makes the layout of the new world. */
dr_status dr_merge_read(dr_merge *merge, dr_layout *layout, const dr_layout *old, const char *region_map,
                        const char *sector_map);
void dr_merge_free(dr_merge *merge);

#endif
