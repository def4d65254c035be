#include "cli/line.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/names.h"
#include "base/print.h"
#include "report/sheet.h"

enum { FIRST_CODE = 256, SPELLED_SIZE = 64 };

static const char *const formats[] = {"text", "csv", "json", "parquet", NULL};

const option_row cli_output_rows[] = {
    {"format", "FORMAT", .kind = OPTION_WORD, .words = formats, .fallback = "text", .help = "format of the result"},
    {"output", "FILE", .kind = OPTION_FILE,
     .help = "write the result to FILE, completely or not at all: FILE.txt, .csv, .json, .parquet, .tex, .md, .html or "
             ".docx"},
    {"all", NULL, .kind = OPTION_FLAG, .excludes = "top",
     .help = "in text, show all rows and columns, not only the most important rows and the columns that are not zero"},
    {"top", "N", .kind = OPTION_COUNT, .least = 1, .most = 1e9,
     .help = "in every format, only the N most important rows, and totals"},
    {"quiet", NULL, .kind = OPTION_FLAG, .help = "print only errors on standard error"},
    {0},
};

const option_row cli_pick_rows[] = {
    {"of", "NAMES", .kind = OPTION_REGION,
     .help = "in every format, only the rows of these regions, groups or sectors, separated by commas"},
    {0},
};

const option_row cli_report_rows[] = {
    {"format", "FORMAT", .kind = OPTION_WORD, .words = formats, .fallback = "text", .help = "format of the report"},
    {"output", "FILE", .kind = OPTION_FILE,
     .help = "write the report to FILE, completely or not at all: FILE.txt, .csv, .json, .parquet, .tex, .md, .html or "
             ".docx"},
    {"quiet", NULL, .kind = OPTION_FLAG, .help = "no report on standard output, no progress bar"},
    {0},
};

const option_row cli_plot_rows[] = {
    {"plot", "FILE", .kind = OPTION_FILE, .words = dr_sheet_endings,
     .help = "also draw the result: FILE.svg, .png or .pdf"},
    {0},
};

dr_status cli_misuse(const cli_line *line, const char *format, ...)
{
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(what, sizeof what, format, arguments);
    va_end(arguments);
    return dr_fail(DR_USAGE, "%s: %s", line->command->name, what);
}

/* ---- Parsing ----------------------------------------------------------------------------------------------------- */

/* Puts the command in front of what is wrong with its use. */
static dr_status of_command(const cli_line *line, dr_status status)
{
    return status == DR_USAGE ? dr_fail_at(status, line->command->name) : status;
}

static size_t count_options(const cli_command *command)
{
    size_t count = 0;
    while (option_at(command->options, count))
        count++;
    return count;
}

dr_status cli_unknown_option(const cli_line *line, const char *given)
{
    char hint[DR_HINT_SIZE] = "", name[128];
    const char *dashes = line->values.dashes ? "--" : "";
    size_t count = count_options(line->command);
    char(*spelled)[SPELLED_SIZE] = dr_new(count + 1, sizeof *spelled);
    const char **candidates = dr_new(count + 1, sizeof *candidates);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given, "="), given);
    if (spelled && candidates) {
        for (size_t i = 0; i < count; i++) {
            snprintf(spelled[i], sizeof spelled[i], "%s%s", dashes, option_at(line->command->options, i)->name);
            candidates[i] = spelled[i];
        }
        if (line->values.dashes)
            candidates[count++] = "--help";
        dr_hint(hint, name, candidates, count);
    }
    free(spelled);
    free((void *)candidates);
    return cli_misuse(line, "unknown option '%s'%s", name, hint);
}

/* The next option; *more is false after the last. */
static dr_status next_option(cli_line *line, int argc, char **argv, const struct option *options, bool *more)
{
    int code = getopt_long(argc, argv, ":h", options, NULL), wrong = code >= FIRST_CODE ? code : optopt;
    const option_row *row =
        wrong >= FIRST_CODE ? option_at(line->command->options, (size_t)(wrong - FIRST_CODE)) : NULL;
    *more = code != -1 && !line->help;
    if (code == 'h') {
        line->help = true;
        *more = false;
        return DR_OK;
    }
    if (code >= FIRST_CODE)
        return of_command(line, option_add(&line->values, row, optarg ? optarg : ""));
    if (code == ':' && row)
        return cli_misuse(line, "--%s: its value is missing: --%s %s", row->name, row->name, row->value);
    if (code == '?' && row)
        return cli_misuse(line, "--%s takes no value", row->name);
    if (code == '?') {
        char letter[] = {'-', (char)optopt, '\0'};
        return cli_unknown_option(line, optopt ? letter : argv[optind - 1]);
    }
    return DR_OK;
}

static dr_status take_options(cli_line *line, int argc, char **argv)
{
    size_t count = count_options(line->command);
    struct option *options = dr_new(count + 2, sizeof *options); /* the last one is zero */
    if (!options)
        return dr_fail_memory();
    options[0] = (struct option){"help", no_argument, NULL, 'h'};
    for (size_t i = 0; i < count; i++) {
        const option_row *row = option_at(line->command->options, i);
        options[i + 1] = (struct option){row->name, row->kind == OPTION_FLAG ? no_argument : required_argument, NULL,
                                         FIRST_CODE + (int)i};
    }
    dr_status status = DR_OK;
    opterr = 0;
    for (bool more = true; more && status == DR_OK;)
        status = next_option(line, argc, argv, options, &more);
    free(options);
    return status;
}

static dr_status take_arguments(cli_line *line)
{
    const option_row *expected = line->command->arguments;
    for (size_t i = 0; i < line->argument_count; i++) {
        if (!expected->name)
            return cli_misuse(line, "unexpected argument '%s'", line->arguments[i]);
        DR_TRY(of_command(line, option_add(&line->values, expected, line->arguments[i])));
        if (!expected->many || i + 1 == line->argument_count)
            expected++;
    }
    if (expected->name && expected->required)
        return cli_misuse(line, "%s is missing: %.*s", expected->name, (int)strcspn(expected->help, ";"),
                          expected->help);
    return DR_OK;
}

dr_status cli_line_check(cli_line *line)
{
    DR_TRY(take_arguments(line));
    DR_TRY(of_command(line, option_check(&line->values)));
    return of_command(line, option_check_any(&line->values, line->command->needs_one));
}

dr_status cli_parse(cli_line *out, const cli_command *command, int argc, char **argv)
{
    *out = (cli_line){.command = command, .values = {.groups = command->options, .dashes = true}};
    DR_TRY(take_options(out, argc, argv));
    if (out->help)
        return DR_OK;
    out->arguments = argv + optind;
    out->argument_count = (size_t)(argc - optind);
    return cli_line_check(out);
}

void cli_line_free(cli_line *line)
{
    option_values_free(&line->values);
    *line = (cli_line){0};
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

bool cli_given(const cli_line *line, const char *name)
{
    return option_given(&line->values, name);
}

const char *cli_text(const cli_line *line, const char *name)
{
    return option_text(&line->values, name);
}

double cli_number(const cli_line *line, const char *name)
{
    return option_number(&line->values, name);
}

size_t cli_word(const cli_line *line, const char *name)
{
    return option_word(&line->values, name);
}

int cli_year(const cli_line *line)
{
    return (int)cli_number(line, "year");
}

bool cli_takes(const cli_line *line, const char *name, const char *word)
{
    const option_row *row = option_find(line->command->options, name);
    for (size_t i = 0; row && row->words && row->words[i]; i++)
        if (strcmp(row->words[i], word) == 0)
            return true;
    return false;
}

const char *cli_argument(const cli_line *line, size_t index)
{
    return index < line->argument_count ? line->arguments[index] : NULL;
}
