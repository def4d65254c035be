/* The pictures of 'derisk exposure', a part of cmd_exposure.c. */
#ifndef DR_CLI_EXPOSURE_PLOT_H
#define DR_CLI_EXPOSURE_PLOT_H

#include "base/table.h"
#include "cli/line.h"

/* Draws the table of product flows, energy or materials that the line asks for, as --plot says. */
dr_status cli_plot_products(const cli_line *line, const dr_table *table);

/* Draws a table of partners, whose `column` is their share, on a map, as --map says. `year` is that of the table. */
dr_status cli_plot_map(const cli_line *line, const dr_table *table, const char *column, const char *what,
                       dr_world *world, int year);

#endif
