/* Pictures of several scenarios: lines over the values of a sweep, or bars of each region side by side. */
#ifndef DR_CLI_SIDE_PLOT_H
#define DR_CLI_SIDE_PLOT_H

#include "base/table.h"
#include "cli/line.h"

/* Draws the changes of real income in the table of several scenarios (side_by_side.h) as --plot says, if it is given:
 * over the values of the sweep of a key, or for scenarios (key NULL). Errors: DR_USAGE (a table without regions; more
 * scenarios than a picture holds), and those of dr_plot_write. */
dr_status cli_side_plot(const cli_line *line, dr_table *table, const char *key);

#endif
