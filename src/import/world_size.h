/* Whether a table's value added may be that of the world: decimals that got lost show in it, and units that are not as
 * they are said to be. */
#ifndef DR_IMPORT_WORLD_SIZE_H
#define DR_IMPORT_WORLD_SIZE_H

#include <stdbool.h>

#include "base/error.h"

/* GDP of the world in the year in current US dollars (World Bank): NAN before 1960; beyond the last year that is built
 * in, 4% more a year. */
dr_status dr_world_gdp(double *out, int year);

enum { DR_SIZE_TEXT = 400 };

/* Compares `value_added`, the sum of a table in `unit` ("million US dollars, current prices"), with GDP of the world
 * in the year. A table of the whole world (`covers_world`) should be within a factor of 3 of it, another one at most
 * half as large again. *too_large, *too_small: it is not; then `text` says by how much and what the unit seems to be.
 * Units that are neither dollars nor euro are not compared. */
dr_status dr_world_size(bool *too_large, bool *too_small, char text[DR_SIZE_TEXT], double value_added, const char *unit,
                        int year, bool covers_world);

#endif
