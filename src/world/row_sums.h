/* The sums of tables that are not of a world's regions, sectors and years: flows of energy, and shares in the supply of
 * materials. Each is a sum over the whole table, which an import writes with year 0 into `year_sum`. */
#ifndef DR_WORLD_ROW_SUMS_H
#define DR_WORLD_ROW_SUMS_H

#include "world/world.h"

/* Whether a table has such sums. */
bool dr_row_sums_of(const char *table);

/* Compares the table's sums with those of its import; a world of an earlier version has none of them, and nothing is
 * compared. What says which row it is, and whatever else is no DOUBLE, counts too. Errors: DR_BAD_INPUT. */
dr_status dr_row_sums_compare(const dr_world *world, const char *table);

/* Writes the sums of all such tables that are there, in place of those that there were. */
dr_status dr_row_sums_write(const dr_duck *duck);

#endif
