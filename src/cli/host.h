/* Commands called by a program in whose process they run, such as the Python package: options are given one by one,
 * results come back as tables in memory, progress goes to a callback, and worlds, economies and models stay from one
 * call to the next. */
#ifndef DR_CLI_HOST_H
#define DR_CLI_HOST_H

#include "base/table.h"
#include "cli/line.h"

/* What stays from one call to the next. Any thread may use it. */
typedef struct cli_host cli_host;

/* A command that was called, and what came of it. By one thread at a time. */
typedef struct cli_call cli_call;

/* Errors: DR_MACHINE. Freed after the results of all its calls. */
dr_status cli_host_new(cli_host **out);
void cli_host_free(cli_host *host);

/* Closes the worlds that no call uses at the moment, so that others may write to them. */
void cli_host_forget(cli_host *host);

/* An option by its name, and its value; "" for a flag. */
typedef struct cli_setting {
    const char *name, *text;
} cli_setting;

/* From the calling thread, at most about ten times a second; false stops the call, which fails with DR_CANCELLED. */
typedef bool cli_progress(const char *what, size_t done, size_t all, void *user);

/* Calls the command of that name with these arguments and options, of which all texts are copied. `progress` may be
 * NULL. Errors: those of the command, and DR_USAGE for names that it does not have, with the nearest one. Free with
 * cli_call_free. */
typedef struct cli_request {
    const char *command;
    const char *const *arguments;
    size_t argument_count;
    const cli_setting *settings;
    size_t setting_count;
    cli_progress *progress;
    void *user;
} cli_request;
dr_status cli_host_call(cli_call **out, cli_host *host, const cli_request *request);
void cli_call_free(cli_call *call);

/* The table of the command; NULL: it has none. Borrowed. */
dr_table *cli_call_table(const cli_call *call);

/* Another table of the same result, by a word of the command's option `table`, without solving again. Errors: DR_USAGE
 * (the result has no such table). Free with dr_table_free. */
dr_status cli_call_more(dr_table **out, cli_call *call, const char *name);

/* Draws a table of the result as the command does with the option ("plot" or "map") into a file. Errors: DR_USAGE (the
 * command, or the table, has no such picture), and those of the drawing. */
dr_status cli_call_draw(cli_call *call, dr_table *table, const char *option, const char *path);

/* ---- For commands ------------------------------------------------------------------------------------------------ */

/* Objects of a command that outlive its run in a call, and what is made of them. */
typedef struct cli_rest {
    dr_status (*make)(dr_table **out, const cli_line *line, void *objects, const char *name); /* NULL: nothing */
    dr_status (*draw)(const cli_line *line, void *objects, dr_table *table);                  /* NULL: cli_draw */
    void (*free)(void *objects);
} cli_rest;

/* In a call, takes over the objects, of `size` bytes (0: there are none), and leaves zeros in their place. Else
 * nothing. The table of the command, which the call has already, is freed before: *table (NULL: there is none). */
void cli_leave(const cli_line *line, void *objects, size_t size, dr_table **table, const cli_rest *rest);

/* Whether the line is that of a call; then cli_host_take keeps the table as its result. */
bool cli_is_call(const cli_line *line);
void cli_host_take(const cli_line *line, dr_table *table);

/* Tells the program that called how far it is. */
void cli_host_progress(const cli_line *line, const char *what, size_t done, size_t all);

#endif
