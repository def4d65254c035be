/* Stored runs: the tables of a simulation kept in the world file under a name. */
#ifndef DR_WORLD_RUNS_H
#define DR_WORLD_RUNS_H

#include "base/table.h"

/* Keeps `count` tables (named by `kinds`, such as "regions") as the run `name` of the world at `path`, in one
 * transaction. The first table's facts, notes and title are the run's. Errors: DR_BAD_INPUT (the name is taken, not a
 * world), DR_MACHINE. */
dr_status dr_runs_store(const char *path, const char *name, const dr_table *const *tables, const char *const *kinds,
                        size_t count);

#endif
