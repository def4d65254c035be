/* The rows of a CSV with known columns, one after another. */
#ifndef DR_DYNAMICS_FILE_ROWS_H
#define DR_DYNAMICS_FILE_ROWS_H

#include "base/csv.h"

/* Finds the columns (`at` [count]; a name that begins with ? may be missing) and hands over each row. Errors:
 * DR_BAD_INPUT (a column that is missing or unknown), those of `take`. */
dr_status dr_file_rows(dr_csv *csv, const char *const *names, size_t count, int *at, dr_status (*take)(void *of),
                       void *of);

#endif
