/* Inter-country tables as MARIO exports them: rows and columns have three labels, a region, a level and an item. The
 * level says what the item is: Sector, Consumption category, Factor of production or Satellite account. Factors in the
 * table's unit are value added. */
#ifndef DR_IMPORT_MARIO_FILES_H
#define DR_IMPORT_MARIO_FILES_H

#include "import/icio_file.h"

/* A folder of matrices Z, Y and V, or of one file `data` with a row for each cell, beside their `units`: CSV, text or
 * Parquet. */
dr_table_reader dr_mario_read;

/* A workbook with the sheets `flows`, which holds all matrices, and `units`. */
dr_table_reader dr_mario_book_read;
bool dr_mario_book_is(const char *path);

#endif
