/* One inter-country input-output table with a row for each cell: Eurostat's FIGARO as a flat file, and as the API gives
 * it. */
#ifndef DR_IMPORT_FLAT_FILE_H
#define DR_IMPORT_FLAT_FILE_H

#include "import/icio_file.h"

/* Reads the file; cells that have no row are zero. Of several years in it, `year` is read; 0: it must hold one, which
 * *found is (0: the file does not say). Errors: DR_BAD_INPUT (a cell twice, another unit than euro, several years),
 * DR_MACHINE. `progress` may be NULL. Free with dr_icio_file_free. */
dr_status dr_flat_file_read(dr_icio_file *file, const char *path, int year, int *found,
                            void (*progress)(double done, void *user), void *user);

#endif
