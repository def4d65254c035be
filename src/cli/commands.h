/* All commands, in the order in which help lists them: the program's table of contents. */
#ifndef DR_CLI_COMMANDS_H
#define DR_CLI_COMMANDS_H

#include <stdio.h>

#include "cli/options.h"

extern const cli_command cli_demo, cli_import, cli_info, cli_export, cli_aggregate, cli_balance, cli_ties, cli_exposure,
    cli_gravity, cli_simulate, cli_propagate, cli_plan, cli_play, cli_serve, cli_results, cli_completion, cli_help;

/* NULL at the end. */
extern const cli_command *const cli_commands[];

/* The command of that name; if there is none, NULL, and the error's line has the nearest name. */
const cli_command *cli_find_command(const char *name);

/* What the program does, and its commands. */
void cli_print_overview(FILE *file);

/* One command's arguments, options and example. */
void cli_print_help(FILE *file, const cli_command *command);

#endif
