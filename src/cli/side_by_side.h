/* Tables of the same kind under each other, with a first column that names them: scenarios side by side, and sweeps. */
#ifndef DR_CLI_SIDE_BY_SIDE_H
#define DR_CLI_SIDE_BY_SIDE_H

#include "base/table.h"

/* Adds the rows of `of`, called `name`, to *all, which is made for the first one with its columns, facts and notes, and
 * a column `column` before them. The certificate is that of the largest residual. Errors: DR_BAD_INPUT (other columns),
 * DR_MACHINE. */
dr_status cli_side_add(dr_table **all, const char *column, const char *name, const dr_table *of);

#endif
