/* The command line: each command is a table of arguments and options (options/option.h), from which parsing, checks,
 * help, completion and the man page follow. */
#ifndef DR_CLI_LINE_H
#define DR_CLI_LINE_H

#include "options/option.h"

typedef struct cli_line cli_line;

typedef struct cli_command {
    const char *name;
    const char *summary;     /* a few words for the list of commands */
    const char *description; /* paragraphs, an empty line between */
    const char *example;     /* a command line that runs in a folder with the sample world */
    const option_row *arguments;
    const option_group *options;
    const char *needs_one; /* conditions (option_row), one of which must hold; NULL: none */
    dr_status (*run)(const cli_line *line);
} cli_command;

/* A command line taken apart: the arguments in order, and the values of all arguments and options. */
struct cli_line {
    const cli_command *command;
    char **arguments;
    size_t argument_count;
    option_values values;
    bool help;             /* --help is given, and nothing else was checked */
    struct cli_keep *keep; /* cli/keep.h; NULL in the program */
    struct cli_call *call; /* cli/host.h; NULL in the program */
};

/* Takes apart the words after the program's name, argv[0] being the command, and checks them by the rows. Errors:
 * DR_USAGE. Free with cli_line_free. */
dr_status cli_parse(cli_line *out, const cli_command *command, int argc, char **argv);
void cli_line_free(cli_line *line);

/* The same for a line without values whose command and arguments are in place: their checks, after the options have
 * been added to its values. Errors: DR_USAGE. */
dr_status cli_line_check(cli_line *line);

/* Fails with the nearest name of an option; `given` as the user wrote it. */
dr_status cli_unknown_option(const cli_line *line, const char *given);

/* Whether an option is given; its text, or NULL ("" for a flag); its number and word, or those of its default. */
bool cli_given(const cli_line *line, const char *name);
const char *cli_text(const cli_line *line, const char *name);
double cli_number(const cli_line *line, const char *name);
size_t cli_word(const cli_line *line, const char *name);

/* The year given with --year, 0 if there is none: the last. */
int cli_year(const cli_line *line);

/* Whether `word` is among the words of the command's option of that name. */
bool cli_takes(const cli_line *line, const char *name, const char *word);

/* The argument at `index`, or NULL if it was left out. */
const char *cli_argument(const cli_line *line, size_t index);

/* Fails with the status DR_USAGE and "command: ..." */
dr_status cli_misuse(const cli_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Arguments and options that commands share. */
#define CLI_WORLD                                                                                                      \
    {                                                                                                                  \
        "WORLD", .kind = OPTION_FILE, .required = true, .help = "world file"                                           \
    }
extern const option_row cli_output_rows[]; /* format, output, all, top, quiet */
extern const option_row cli_pick_rows[];   /* of: rows by the names of regions, groups and sectors */
extern const option_row cli_report_rows[]; /* the same of commands whose result is a report */
extern const option_row cli_plot_rows[];   /* plot, a picture of the result */

#endif
