/* EMERGING, an inter-country table of 245 economies, as its authors publish it: a file of MATLAB 7.3, which is HDF5. */
#ifndef DR_IMPORT_EMERGING_H
#define DR_IMPORT_EMERGING_H

#include <stdbool.h>

#include "import/icio_file.h"

/* Whether a file of MATLAB 7.3 holds such a table: the arrays z, f, va and X, and the lists of their labels. */
bool dr_emerging_is(const char *path);

/* Reads it, in the first version (arrays at the root) and the second (in a group that has the year in its name). Codes
 * of sectors are the texts of the file's own list. Errors name the array. */
dr_table_reader dr_emerging_read;

#endif
