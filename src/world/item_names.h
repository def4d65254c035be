/* The items of a table whose rows belong to one of several: the factors of a year in the long format, the accounts of
 * a year. */
#ifndef DR_WORLD_ITEM_NAMES_H
#define DR_WORLD_ITEM_NAMES_H

#include "base/duck.h"
#include "base/names.h"
#include "world/cells.h"

/* Adds the names of the year's items of a table of cells, in the order in which they are stored; none where the file
 * has no such table or year. */
dr_status dr_items_read(dr_names *names, const dr_duck *duck, const dr_cells *cells, int year);

#endif
