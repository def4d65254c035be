/* The cells of input-output tables as a world keeps them from version 4 on: the tables `intermediate_row` and
 * `final_row` have a row for each year, supplying sector and buying region with what is bought, as a list of numbers
 * in the order of the sectors (or final uses) of the world. Where fewer than half of them are not zero, the list has
 * these only, and `users` (or `uses`) their codes; it is NULL otherwise. A row without any number but zero is not kept.
 * The views `intermediate` and `final` give each cell a row of its own. Lists take half the space, as no code is
 * repeated in each row, and a fifth of the time to write. */
#ifndef DR_WORLD_ICIO_ROWS_H
#define DR_WORLD_ICIO_ROWS_H

#include "world/write.h"

/* Writes the cells of a year, and their sums (sums.h). Errors: DR_BAD_INPUT (no final use at all), DR_MACHINE. */
dr_status dr_icio_rows_write(const dr_duck *duck, const dr_layout *layout, const dr_icio *table);

/* Gives a world of an earlier version, which is being written, these tables in place of its own; and with `sums`
 * those of its cells, which it has otherwise. Memory: one year's cells. Errors: DR_BAD_INPUT (the world was changed
 * by hand to what makes no sense), DR_MACHINE. */
dr_status dr_icio_rows_convert(const dr_duck *duck, const dr_layout *layout, bool sums);

#endif
