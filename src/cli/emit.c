#include "cli/emit.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/clock.h"
#include "base/print.h"
#include "cli/host.h"
#include "cli/keep.h"
#include "report/table_write.h"

/* ---- Formats ---------------------------------------------------------------------------------------------------- */

/* Formats, by the word of --format and by the ending of a file name. */
static const struct {
    const char *word, *ending;
    dr_format format;
} formats[] = {{"text", "txt", DR_FORMAT_TEXT},   {"csv", "csv", DR_FORMAT_CSV},
               {"json", "json", DR_FORMAT_JSON},  {"parquet", "parquet", DR_FORMAT_PARQUET},
               {"latex", "tex", DR_FORMAT_LATEX}, {"markdown", "md", DR_FORMAT_MARKDOWN},
               {"html", "html", DR_FORMAT_HTML},  {"word", "docx", DR_FORMAT_WORD}};

enum { FORMATS = sizeof formats / sizeof *formats, NO_FORMAT = FORMATS };

static size_t format_by_ending(const char *path)
{
    const char *ending = option_ending(path);
    size_t i = 0;
    while (i < FORMATS && strcasecmp(formats[i].ending, ending) != 0)
        i++;
    return i;
}

/* The format given as an option; NO_FORMAT where none is. */
static size_t format_by_option(const cli_line *line)
{
    const char *word = cli_given(line, "latex") ? "latex" : cli_text(line, "format");
    size_t i = 0;
    while (i < FORMATS && (!word || strcmp(formats[i].word, word) != 0))
        i++;
    return i;
}

/* Whether the command writes the format. Those for papers have no words of their own, and are written by commands that
 * write text. */
static bool is_written(const cli_line *line, size_t format)
{
    const char *word = formats[format].format >= DR_FORMAT_LATEX ? "text" : formats[format].word;
    return cli_takes(line, "format", word);
}

static dr_status unknown_ending(const cli_line *line, const char *path)
{
    char known[128] = "";
    size_t size = 0, left = 0;
    for (size_t i = 0; i < FORMATS; i++)
        left += is_written(line, i);
    for (size_t i = 0; i < FORMATS; i++)
        if (is_written(line, i)) {
            const char *before = size == 0 ? "" : left == 1 ? " or " : ", ";
            size += (size_t)snprintf(known + size, sizeof known - size, "%s.%s", before, formats[i].ending);
            left--;
        }
    return cli_misuse(line, "--output '%s': expected a name that ends with %s", path, known);
}

dr_status cli_check_output(const cli_line *line)
{
    const char *path = cli_text(line, "output");
    if (!path || !*option_ending(path) || !option_find(line->command->options, "format"))
        return DR_OK;
    size_t named = format_by_ending(path), asked = format_by_option(line);
    if (named == NO_FORMAT && asked != NO_FORMAT)
        return DR_OK;
    if (named == NO_FORMAT || !is_written(line, named))
        return unknown_ending(line, path);
    if (asked != NO_FORMAT && asked != named)
        return cli_misuse(line, "--output '%s' contradicts %s%s", path, cli_given(line, "latex") ? "" : "--format ",
                          cli_given(line, "latex") ? "--latex" : formats[asked].word);
    return DR_OK;
}

dr_format cli_format(const cli_line *line)
{
    const char *path = cli_text(line, "output");
    size_t format = format_by_option(line);
    if (format == NO_FORMAT && !path && cli_is_call(line))
        return DR_FORMAT_JSON; /* a program reads it */
    if (format == NO_FORMAT && path)
        format = format_by_ending(path);
    if (format == NO_FORMAT)
        for (format = 0; format + 1 < FORMATS && !is_written(line, format);)
            format++;
    return formats[format].format;
}

dr_format cli_file_format(const char *path)
{
    return formats[format_by_ending(path)].format;
}

/* ---- Results and remarks ----------------------------------------------------------------------------------------- */

dr_status cli_choose_rows(const cli_line *line, dr_table *table)
{
    if (cli_given(line, "of")) {
        dr_status status = dr_table_pick(table, cli_text(line, "of"));
        DR_TRY(status == DR_BAD_INPUT ? dr_fail_at(status, "--of") : status);
    }
    if (cli_given(line, "top"))
        DR_TRY(dr_table_top(table, (size_t)cli_number(line, "top")));
    if (cli_given(line, "all"))
        dr_table_show_all(table);
    return DR_OK;
}

dr_status cli_emit(const cli_line *line, dr_table *table)
{
    DR_TRY(dr_table_name_command(table, line->command->name));
    DR_TRY(cli_choose_rows(line, table));
    if (!cli_is_call(line))
        return dr_table_write(table, cli_format(line), cli_text(line, "output"));
    cli_host_take(line, table);
    return DR_OK;
}

dr_status cli_rows_add(cli_rows *rows, dr_table *table)
{
    DR_TRY(cli_choose_rows(rows->line, table));
    if (!rows->begun) {
        DR_TRY(dr_output_open(&rows->output, cli_text(rows->line, "output")));
        dr_write_csv_header(table, rows->output.file);
    }
    rows->begun = true;
    dr_write_csv_rows(table, rows->output.file);
    const char *name = rows->output.path ? rows->output.path : "standard output";
    return ferror(rows->output.file) ? dr_fail(DR_MACHINE, "%s: cannot be written: %s", name, strerror(errno)) : DR_OK;
}

dr_status cli_rows_end(cli_rows *rows, dr_status status)
{
    return rows->begun ? dr_output_close(&rows->output, status) : status;
}

dr_status cli_emit_world(const cli_line *line, dr_status (*make)(dr_table **out, dr_world *world))
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    dr_status status = cli_world_open(&world, line, cli_argument(line, 0));
    if (status == DR_OK)
        status = make(&table, world);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    cli_world_close(line, world);
    return status;
}

void cli_remark(const cli_line *line, const char *format, ...)
{
    if (cli_given(line, "quiet") || cli_is_call(line))
        return;
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(text, sizeof text, format, arguments);
    va_end(arguments);
    dr_clean(text);
    fprintf(stderr, "derisk: %s\n", text);
}

void cli_bar_start(cli_bar *bar, const cli_line *line)
{
    double now = dr_seconds();
    *bar = (cli_bar){.line = line,
                     .wanted = isatty(STDERR_FILENO) && !cli_given(line, "quiet"),
                     .started = now,
                     .part_started = now};
}

/* Estimated seconds left of the current part, at its speed so far; -1 where that is unknown. Work is done in parts,
 * one after the other. */
static long time_left(cli_bar *bar, double share, double now)
{
    if (share < bar->share) {
        bar->part_started = now;
        bar->part = share;
    }
    bar->share = share;
    double done = share - bar->part;
    return done > 0 ? lround((now - bar->part_started) * (1 - share) / done) : -1;
}

void cli_bar_step(const char *what, size_t done, size_t all, void *user)
{
    static const char full[] = "##############################";
    const double patience = 1, pause = 0.1;
    const int width = (int)sizeof full - 1;
    cli_bar *bar = user;
    if (cli_is_call(bar->line)) {
        cli_host_progress(bar->line, what, done, all);
        return;
    }
    double now = bar->wanted ? dr_seconds() : 0;
    if (!bar->wanted || now - bar->started < patience || now - bar->drawn_at < pause || all == 0)
        return;
    const char *slash = strrchr(what, '/'); /* of a path the file */
    double share = done < all ? (double)done / (double)all : 1;
    long left = time_left(bar, share, now);
    char name[64];
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : what);
    dr_clean(name);
    dr_print(stderr, "\r\033[K%-30.30s [%-*.*s] %3.0f%%", name, width, (int)(share * width), full, 100 * share);
    if (left >= 0)
        fprintf(stderr, " %3ld:%02ld left", left / 60, left % 60);
    fflush(stderr);
    bar->drawn = true;
    bar->drawn_at = now;
}

void cli_bar_end(cli_bar *bar)
{
    if (bar->drawn)
        fputs("\r\033[K", stderr);
    bar->drawn = false;
}
