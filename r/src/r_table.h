/* Tables of the library as data frames. */
#ifndef DERISK_R_TABLE_H
#define DERISK_R_TABLE_H

#include "r_object.h"

/* A data frame of class derisk_table from an object of kind RD_TABLE. Its attribute "derisk" is a list: table (the
 * object), title, unit, answer, notes (texts), facts (a named list), columns (texts: unit, description), kind (of each
 * row: 0 a single item, 1 a group, 2 a total). */
SEXP rd_table_frame(SEXP handle);

/* The table as people read it; NULL for a table of another session. */
SEXP derisk_table_text(SEXP handle);

#endif
