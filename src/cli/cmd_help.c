#include "cli/commands.h"
#include "cli/help.h"

static dr_status run_help(const cli_line *line)
{
    const char *name = cli_argument(line, 0);
    const cli_command *command = name ? cli_find_command(name) : NULL;
    if (name && !command)
        return DR_USAGE;
    if (cli_given(line, "man"))
        cli_print_man(stdout);
    else if (command)
        cli_print_help(stdout, command);
    else
        cli_print_overview(stdout);
    return DR_OK;
}

static const option_row arguments[] = {
    {"COMMAND", .kind = OPTION_TEXT, .help = "command to describe; default: list the commands"},
    {0},
};
static const option_row own[] = {
    {"man", NULL, .kind = OPTION_FLAG, .excludes = "COMMAND", .help = "print the man page of all commands, for troff"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {0}};

const cli_command cli_help = {
    .name = "help",
    .summary = "use of a command: arguments, options, defaults, an example",
    .description = "Describes a command; 'derisk COMMAND --help' does the same. Without a COMMAND, lists the commands.",
    .example = "derisk help simulate",
    .arguments = arguments,
    .options = options,
    .run = run_help,
};
