/* All commands, in the order in which help lists them: the program's table of contents. */
#ifndef DR_CLI_COMMANDS_H
#define DR_CLI_COMMANDS_H

#include "cli/line.h"

extern const cli_command cli_demo, cli_fetch, cli_import, cli_info, cli_check, cli_export, cli_aggregate, cli_update,
    cli_concordance, cli_balance, cli_ties, cli_exposure, cli_footprint, cli_position, cli_gravity, cli_simulate,
    cli_combine, cli_propagate, cli_plan, cli_play, cli_report, cli_serve, cli_results, cli_schema, cli_completion,
    cli_help;

/* NULL at the end. */
extern const cli_command *const cli_commands[];

/* The command of that name; NULL, with the nearest name in the error, if there is none. */
const cli_command *cli_find_command(const char *name);

#endif
