/* The pictures of 'derisk plan'. */
#ifndef DR_CLI_PLAN_PLOT_H
#define DR_CLI_PLAN_PLOT_H

#include "base/table.h"
#include "cli/line.h"

/* The frontier: cost over the share of the supplier. */
dr_status cli_plot_frontier(const cli_line *line, const dr_table *curve);

/* The cost of plans with one cap for all sectors over the loss from a cut-off after them, with the plan that was
 * chosen. */
dr_status cli_plot_cut_off(const cli_line *line, const dr_table *curve, const dr_plan *plan);

#endif
