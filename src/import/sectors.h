/* Lists of which sector of a world each product belongs to: CSV with a column product and either sector or
 * isic_rev3. */
#ifndef DR_IMPORT_SECTORS_H
#define DR_IMPORT_SECTORS_H

#include "base/csv.h"
#include "world/world.h"

/* Opens the list at `path`, or the built-in one of the Harmonized System (NULL). Close with dr_csv_close. */
dr_status dr_sectors_open(dr_csv **out, const char *path);

/* Hands each product and the code of its sector to `take`, with `user`. Errors: DR_BAD_INPUT (a column, a code, a
 * sector that the world does not have, with the nearest name), those of `take`. */
typedef dr_status (*dr_sectors_take)(void *user, const char *product, const char *sector);
dr_status dr_sectors_read(dr_csv *csv, const dr_layout *layout, dr_sectors_take take, void *user);

#endif
