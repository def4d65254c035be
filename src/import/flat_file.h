/* One inter-country input-output table with a row for each cell: Eurostat's FIGARO as a flat file, and as the API gives
 * it. */
#ifndef DR_IMPORT_FLAT_FILE_H
#define DR_IMPORT_FLAT_FILE_H

#include "import/icio_file.h"

/* Cells that have no row are zero. Errors beside those of any reader: a cell twice, another unit than euro, several
 * years of which none was chosen. */
dr_table_reader dr_flat_file_read;

#endif
