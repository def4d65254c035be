/* An inter-country input-output table as WIOD's release of 2016 has it in R, written as CSV: IndustryCode,
 * IndustryDescription, Country, RNr, Year, AUS1 ... ROW61, TOT. */
#ifndef DR_IMPORT_WIOT_FRAME_H
#define DR_IMPORT_WIOT_FRAME_H

#include "import/icio_file.h"

/* Reads the file; *found is the year in it. Errors: DR_BAD_INPUT with file:line:column, DR_MACHINE. `progress` may be
 * NULL. Free with dr_icio_file_free. */
dr_status dr_wiot_frame_read(dr_icio_file *file, const char *path, int *found,
                             void (*progress)(double done, void *user), void *user);

#endif
