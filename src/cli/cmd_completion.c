#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/help.h"

static dr_status run_completion(const cli_line *line)
{
    char name[32];
    const char *shell = cli_argument(line, 0);
    if (strcmp(shell, "words") == 0) {
        cli_complete(stdout, (const char *const *)line->arguments + 1, line->argument_count - 1);
        return DR_OK;
    }
    snprintf(name, sizeof name, "completion.%s", shell);
    cli_print_text(stdout, name);
    return DR_OK;
}

static const char *const shells[] = {"bash", "zsh", "fish", "words", NULL};
static const option_row arguments[] = {
    {"SHELL", .kind = OPTION_WORD, .words = shells, .required = true, .help = "name of the shell"},
    {"WORD", .kind = OPTION_TEXT, .many = true, .needs = "SHELL=words",
     .help = "words of a command line; the scripts ask for the candidates for the last one with 'words -- WORD...'"},
    {0},
};
static const option_group options[] = {{0}};

const cli_command cli_completion = {
    .name = "completion",
    .summary = "completion script for the shell: bash, zsh or fish",
    .description =
        "Completes commands, options, their values, files, and the regions and sectors of the world that the command "
        "line names. 'make install' puts the scripts where the shells find them.",
    .example = "derisk completion bash",
    .arguments = arguments,
    .options = options,
    .run = run_completion,
};
