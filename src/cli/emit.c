#define _GNU_SOURCE /* clock_gettime */
#include "cli/emit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/print.h"

dr_format cli_format(const cli_line *line)
{
    static const dr_format formats[] = {DR_FORMAT_TEXT, DR_FORMAT_CSV, DR_FORMAT_JSON, DR_FORMAT_PARQUET};
    const char *word = cli_option_value(line, "format");
    for (size_t i = 0; word && cli_formats[i]; i++)
        if (strcmp(cli_formats[i], word) == 0)
            return formats[i];
    return DR_FORMAT_TEXT;
}

dr_status cli_emit(const cli_line *line, dr_table *table)
{
    DR_TRY(dr_table_name_command(table, line->command->name));
    return dr_table_write(table, cli_format(line), cli_option_value(line, "output"));
}

void cli_remark(const cli_line *line, const char *format, ...)
{
    if (cli_option_value(line, "quiet"))
        return;
    va_list arguments;
    va_start(arguments, format);
    fputs("derisk: ", stderr);
    dr_vprint(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void cli_bar_start(cli_bar *bar, const cli_line *line)
{
    double now = seconds_now();
    *bar = (cli_bar){
        .wanted = isatty(STDERR_FILENO) && !cli_option_value(line, "quiet"), .started = now, .part_started = now};
}

/* Seconds left of the part being done, at its speed so far; -1 where there is no telling yet. What is done comes in parts, one
 * after the other. */
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
    double now = bar->wanted ? seconds_now() : 0;
    if (!bar->wanted || now - bar->started < patience || now - bar->drawn_at < pause || all == 0)
        return;
    const char *slash = strrchr(what, '/'); /* of a path the file */
    double share = done < all ? (double)done / (double)all : 1;
    long left = time_left(bar, share, now);
    dr_print(stderr, "\r\033[K%-30.30s [%-*.*s] %3.0f%%", slash ? slash + 1 : what, width, (int)(share * width), full,
             100 * share);
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
