/* Monte Carlo draws of 'derisk simulate'. */
#ifndef DR_CLI_DRAWING_H
#define DR_CLI_DRAWING_H

#include "cli/line.h"

/* Whether --table asks for every draw. */
bool cli_wants_all_draws(const cli_line *line);

/* Uncertainty bands from Monte Carlo draws, or every draw. */
dr_status cli_make_draws(dr_table **out, const cli_line *line, const dr_model *model, const dr_scenario *scenario);

/* The part of the draws that --part asks for, written to its file unless it is there. Errors: DR_USAGE (--part,
 * --output), and those of dr_draw_part. */
dr_status cli_make_part(const cli_line *line, const dr_model *model, const dr_scenario *scenario);

#endif
