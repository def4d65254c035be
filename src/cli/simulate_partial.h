/* 'derisk simulate --partial': partial equilibrium by product, a part of cmd_simulate.c. */
#ifndef DR_CLI_SIMULATE_PARTIAL_H
#define DR_CLI_SIMULATE_PARTIAL_H

#include "cli/line.h"

extern const option_row cli_partial_rows[];

/* Solves what the line asks for, and prints it. */
dr_status cli_run_partial(const cli_line *line);

#endif
