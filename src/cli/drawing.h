/* Monte Carlo draws: their options for every command, and those of 'derisk simulate'. */
#ifndef DR_CLI_DRAWING_H
#define DR_CLI_DRAWING_H

#include "cli/emit.h"

/* The draws that the options ask for, with a bar that shows how far they are: it is started; end it. */
dr_draw_options cli_draws(cli_bar *bar, const cli_line *line);

/* Whether --table asks for the table of that name. */
bool cli_wants_table(const cli_line *line, const char *name);

/* Uncertainty bands from Monte Carlo draws, every draw, or the summary with bands. */
dr_status cli_make_draws(dr_table **out, const cli_line *line, const dr_model *model, const dr_scenario *scenario);

/* Whether the rows of all draws can be written as they come, as many as there may be: in CSV, where nothing else needs
 * all of them at once. */
bool cli_writes_draws(const cli_line *line);

/* Writes them to --output. Errors: those of dr_draw_all, DR_BAD_INPUT, DR_MACHINE. */
dr_status cli_write_draws(const cli_line *line, const dr_model *model, const dr_scenario *scenario);

/* The numbers of --part K/N, and the file that it goes to; errors: DR_USAGE (--part, --output). And what is said once
 * it is written, or was there already. */
dr_status cli_part_read(size_t numbers[2], const char **path, const cli_line *line);
void cli_part_remark(const cli_line *line, const char *path, const size_t numbers[2], bool there);

/* The part of the draws that --part asks for, written to its file unless it is there. Errors: DR_USAGE (--part,
 * --output), and those of dr_draw_part. */
dr_status cli_make_part(const cli_line *line, const dr_model *model, const dr_scenario *scenario);

#endif
