/* Tables of the same kind under each other, with a first column that names them: scenarios side by side, and sweeps. */
#ifndef DR_CLI_SIDE_BY_SIDE_H
#define DR_CLI_SIDE_BY_SIDE_H

#include "base/table.h"

/* Gives `of` a first column `column`, which says `name`, and adds its rows to *all, which is made for the first one
 * with its columns, facts and notes. The certificate is that of the largest residual. Errors: DR_BAD_INPUT (other
 * columns), DR_MACHINE. */
dr_status cli_side_add(dr_table **all, const char *column, const char *name, dr_table *of);

#endif
