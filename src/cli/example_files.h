/* The example files that the program carries: the tables of the sample world, trade in goods, scenarios, games and
 * supply stops. */
#ifndef DR_CLI_EXAMPLE_FILES_H
#define DR_CLI_EXAMPLE_FILES_H

#include "base/error.h"

/* Writes all of them into `folder`, which is made where it is missing, each under its own name. A file of that name
 * that is there stays as it is. Errors: DR_BAD_INPUT (no folder can be there), DR_MACHINE (disk full, permission
 * denied). */
dr_status cli_write_example_files(const char *folder);

#endif
