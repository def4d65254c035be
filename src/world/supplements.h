/* What stands beside the tables of a world: product flows, accounts, tariffs. */
#ifndef DR_WORLD_SUPPLEMENTS_H
#define DR_WORLD_SUPPLEMENTS_H

#include "world/world.h"

/* Adds the sources and findings in the tables PREFIX_source and PREFIX_finding to the table of dr_world_info. `kind`
 * says of what the sources are ("product flows"); findings on the subject `whole` are about all of it and left out. */
dr_status dr_supplement_info(dr_table *table, const dr_world *world, const char *prefix, const char *kind,
                             const char *whole);

#endif
