#include <string.h>

#include "cli/commands.h"

enum { NAME_WIDTH = 12, OPTION_WIDTH = 24 };

void cli_print_overview(FILE *file)
{
    fputs("derisk: what depends on what in world trade, and what a change of trade policy costs whom\n\n"
          "usage: derisk COMMAND [ARGUMENTS] [OPTIONS]\n\n",
          file);
    for (size_t i = 0; cli_commands[i]; i++)
        fprintf(file, "  %-*s%s\n", NAME_WIDTH, cli_commands[i]->name, cli_commands[i]->summary);
    fputs("\n'derisk COMMAND --help' tells more; 'derisk demo' is a good start.\n"
          "Exit status: 0 done, 1 wrong use, 2 bad input, 3 no solution, 4 trouble with the machine.\n",
          file);
}

static void print_usage(FILE *file, const cli_command *command)
{
    fprintf(file, "usage: derisk %s", command->name);
    for (const cli_option *argument = command->arguments; argument->name; argument++)
        fprintf(file, argument->optional ? " [%s%s]" : " %s%s", argument->name, argument->many ? "..." : "");
    fputs(command->options->name ? " [OPTIONS]\n" : "\n", file);
}

static void print_option(FILE *file, const cli_option *option)
{
    char spelled[64];
    if (option->value)
        snprintf(spelled, sizeof spelled, "--%s %s", option->name, option->value);
    else
        snprintf(spelled, sizeof spelled, "--%s", option->name);
    if (strlen(spelled) >= OPTION_WIDTH) { /* its help begins on a line of its own */
        fprintf(file, "  %s\n", spelled);
        spelled[0] = '\0';
    }
    fprintf(file, "  %-*s%s\n", OPTION_WIDTH, spelled, option->help);
}

void cli_print_help(FILE *file, const cli_command *command)
{
    fprintf(file, "derisk %s: %s\n\n", command->name, command->summary);
    print_usage(file, command);
    fprintf(file, "\n%s\n", command->description);
    if (command->options->name)
        fputs("\nOptions:\n", file);
    for (const cli_option *option = command->options; option->name; option++)
        print_option(file, option);
    fprintf(file, "\nExample:\n  %s\n", command->example);
}

static dr_status run_help(const cli_line *line)
{
    const char *name = cli_argument(line, 0);
    if (!name) {
        cli_print_overview(stdout);
        return DR_OK;
    }
    const cli_command *command = cli_find_command(name);
    if (!command)
        return DR_USAGE;
    cli_print_help(stdout, command);
    return DR_OK;
}

static const cli_option arguments[] = {{"COMMAND", .takes = CLI_TEXT, .optional = true}, {0}};
static const cli_option options[] = {{0}};

const cli_command cli_help = {
    .name = "help",
    .summary = "how a command is used",
    .description = "Without a COMMAND, lists the commands.",
    .example = "derisk help simulate",
    .arguments = arguments,
    .options = options,
    .run = run_help,
};
