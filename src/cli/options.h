/* The command line: each command is a table of arguments and options, from which parsing, help and completion all follow. */
#ifndef DR_CLI_OPTIONS_H
#define DR_CLI_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"

typedef enum cli_takes {
    CLI_NOTHING, /* an option that is there or not */
    CLI_TEXT,    /* anything; `words` are suggestions for completion */
    CLI_WORD,    /* one of `words` */
    CLI_FILE
} cli_takes;

/* An option --name, or an argument, whose name is that of its value. Arrays of these end with a nameless one. */
typedef struct cli_option {
    const char *name;
    const char *value; /* what it takes, in capitals; NULL for an argument */
    const char *help;
    const char *const *words; /* NULL at the end; of a CLI_FILE: the endings of its name, any without them */
    cli_takes takes;
    bool many;     /* may be given again */
    bool optional; /* of an argument: may be left out */
} cli_option;

typedef struct cli_line cli_line;

typedef struct cli_command {
    const char *name;
    const char *summary;     /* a few words for the list of commands */
    const char *description; /* what it does, in lines of at most 100 characters */
    const char *example;     /* a command line that works */
    const cli_option *arguments, *options;
    dr_status (*run)(const cli_line *line);
} cli_command;

typedef struct cli_value {
    const cli_option *option;
    const char *text;
} cli_value;

/* A command line taken apart: the arguments in order, and the options in the order given. */
struct cli_line {
    const cli_command *command;
    char **arguments;
    size_t argument_count;
    cli_value *values;
    size_t value_count;
    bool help; /* --help was asked for, and nothing else was checked */
};

/* Takes apart the words after the program's name; argv[0] is the command. Errors: DR_USAGE. Free with cli_line_free. */
dr_status cli_parse(cli_line *out, const cli_command *command, int argc, char **argv);
void cli_line_free(cli_line *line);

/* The value of an option, or NULL if it was not given; of one without a value, "". */
const char *cli_option_value(const cli_line *line, const char *name);

/* Which of its words an option was given; the first if it was not given. */
size_t cli_option_word(const cli_line *line, const char *name);

/* Is `word` among the words of the command's option of that name? */
bool cli_option_takes(const cli_line *line, const char *name, const char *word);

/* What stands behind the last dot of a file's name; "" where there is nothing. */
const char *cli_ending(const char *path);

/* The argument at `index`, or NULL if it was left out. */
const char *cli_argument(const cli_line *line, size_t index);

/* The year given with --year, 0 if there is none. Errors: DR_USAGE. */
dr_status cli_year(const cli_line *line, int *year);

/* Fails with the status DR_USAGE and "command: ..." */
dr_status cli_misuse(const cli_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The options that commands share, as rows of their tables. */
extern const char *const cli_formats[];
extern const char *const cli_result_tables[];
#define CLI_OPTION_FORMAT                                                                                              \
    {                                                                                                                  \
        "format", "FORMAT", .takes = CLI_WORD, .help = "text (the default), csv, json or parquet",                     \
                            .words = cli_formats                                                                       \
    }
#define CLI_OPTION_OUTPUT                                                                                              \
    {                                                                                                                  \
        "output", "FILE", .takes = CLI_FILE,                                                                           \
                          .help = "write to FILE, whole or not at all: FILE.txt, .csv, .json, .parquet or .tex"        \
    }
#define CLI_OPTION_QUIET                                                                                               \
    {                                                                                                                  \
        "quiet", NULL, .takes = CLI_NOTHING, .help = "nothing on standard error but errors"                            \
    }
#define CLI_OPTION_TABLE                                                                                               \
    {                                                                                                                  \
        "table", "TABLE", .takes = CLI_WORD,                                                                           \
                          .help = "regions (the default), sectors, flows, decomposition, factors or curbs",            \
                          .words = cli_result_tables                                                                   \
    }

#endif
