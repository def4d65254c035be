/* The output of commands: results, remarks and progress. */
#ifndef DR_CLI_EMIT_H
#define DR_CLI_EMIT_H

#include "base/output.h"
#include "base/table.h"
#include "cli/line.h"

/* The format of --format, else of the ending of --output, else the first that the command writes. */
dr_format cli_format(const cli_line *line);

/* Checks the ending of --output. Errors: DR_USAGE (an ending that names no format, or another one than --format). */
dr_status cli_check_output(const cli_line *line);

/* The format of a file by the ending of its name, which must name one. */
dr_format cli_file_format(const char *path);

/* Keeps the rows that --of and --top choose, and shows all where --all asks for it; again, nothing more. Errors:
 * DR_BAD_INPUT (no such name), DR_MACHINE. */
dr_status cli_choose_rows(const cli_line *line, dr_table *table);

/* Writes the table of a command by --format and --output; its first fact becomes the name of the command. */
dr_status cli_emit(const cli_line *line, dr_table *table);

/* The same for a command whose first argument is a world, of which `make` makes its table. */
dr_status cli_emit_world(const cli_line *line, dr_status (*make)(dr_table **out, dr_world *world));

/* A table in CSV whose rows come some at a time. */
typedef struct cli_rows {
    const cli_line *line;
    dr_output output;
    bool begun;
} cli_rows;

/* Writes rows to --output, the names of their columns before the first. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status cli_rows_add(cli_rows *rows, dr_table *table);

/* Ends it: the output is whole, or there is none where `status` is a failure, which is returned. */
dr_status cli_rows_end(cli_rows *rows, dr_status status);

/* Prints a remark on standard error, unless --quiet is given. */
void cli_remark(const cli_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A progress bar on standard error: on terminals only, and only for work that takes more than a second. */
typedef struct cli_bar {
    const cli_line *line;
    bool wanted, drawn;
    double started, drawn_at;         /* seconds */
    double part_started, part, share; /* start of the current part; the share of it done then, and now */
} cli_bar;
void cli_bar_start(cli_bar *bar, const cli_line *line);

/* The callback for dr_import_options; `bar` is a cli_bar. */
void cli_bar_step(const char *what, size_t done, size_t all, void *bar);
void cli_bar_end(cli_bar *bar);

#endif
