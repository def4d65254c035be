/* How commands give out what they have: results, remarks, progress. */
#ifndef DR_CLI_EMIT_H
#define DR_CLI_EMIT_H

#include "base/table.h"
#include "cli/options.h"

/* The format asked for with --format, or by the ending of --output, or the command's first. */
dr_format cli_format(const cli_line *line);

/* Is --output a name for what is written to it? Errors: DR_USAGE (an ending that names no format, or another than --format). */
dr_status cli_check_output(const cli_line *line);

/* The format of a file by the ending of its name, which is known to name one. */
dr_format cli_file_format(const char *path);

/* Writes a command's table as --format and --output say; its first fact becomes the command's name. */
dr_status cli_emit(const cli_line *line, dr_table *table);

/* Says a thing on standard error, unless --quiet is given. */
void cli_remark(const cli_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A bar on standard error: for terminals, and only for what takes more than a second. */
typedef struct cli_bar {
    bool wanted, drawn;
    double started, drawn_at; /* seconds */
    double part_started, part,
        share; /* when the part now being done began, and what share of it was done then and now */
} cli_bar;
void cli_bar_start(cli_bar *bar, const cli_line *line);

/* The callback for dr_import_options; `bar` is a cli_bar. */
void cli_bar_step(const char *what, size_t done, size_t all, void *bar);
void cli_bar_end(cli_bar *bar);

#endif
