/* Help and the man page, written from the tables of commands and options. */
#ifndef DR_CLI_HELP_H
#define DR_CLI_HELP_H

#include <stdio.h>

#include "cli/line.h"

enum { CLI_HELP_SIZE = 1024 };

/* The help of an option in full: its purpose, the words that it takes, what it needs, and its default. Returns
 * `out`. */
const char *cli_describe(char out[CLI_HELP_SIZE], const option_row *row);

/* The purpose of the program, and its commands. */
void cli_print_overview(FILE *file);

/* One command's arguments, options, defaults and example. */
void cli_print_help(FILE *file, const cli_command *command);

/* The man page, for troff. */
void cli_print_man(FILE *file);

/* Writes one of the files of src/cli/texts. */
void cli_print_text(FILE *file, const char *name);

#endif
