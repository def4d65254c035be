#include "cli/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/print.h"

enum { MOST_OPTIONS = 40, FIRST_CODE = 256, WORDS_SIZE = 256 };

const char *const cli_formats[] = {"text", "csv", "json", "parquet", NULL};
const char *const cli_result_tables[] = {"regions", "sectors", "flows", "decomposition", "factors", "curbs", NULL};

dr_status cli_misuse(const cli_line *line, const char *format, ...)
{
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(what, sizeof what, format, arguments);
    va_end(arguments);
    return dr_fail(DR_USAGE, "%s: %s", line->command->name, what);
}

static size_t count_words(const char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    return count;
}

/* "text, csv, json or parquet"; each with `before` in front of it. */
static const char *join_words(char joined[WORDS_SIZE], const char *const *words, const char *before)
{
    size_t count = count_words(words), size = 0;
    joined[0] = '\0';
    for (size_t i = 0; i < count && size < WORDS_SIZE; i++) {
        const char *between = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        size += (size_t)snprintf(joined + size, WORDS_SIZE - size, "%s%s%s", between, before, words[i]);
    }
    return joined;
}

const char *cli_ending(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return dot && dot != name ? dot + 1 : "";
}

static dr_status check_file(const cli_line *line, const cli_option *option, const char *text)
{
    char joined[WORDS_SIZE];
    if (!*text)
        return cli_misuse(line, "%s%s is empty, the name of a file was expected", option->value ? "--" : "",
                          option->name);
    for (size_t i = 0; option->words && option->words[i]; i++)
        if (strcasecmp(option->words[i], cli_ending(text)) == 0)
            return DR_OK;
    if (option->words)
        return cli_misuse(line, "--%s '%s': a name that ends with %s was expected", option->name, text,
                          join_words(joined, option->words, "."));
    return DR_OK;
}

static dr_status check_word(const cli_line *line, const cli_option *option, const char *text)
{
    char hint[DR_HINT_SIZE], joined[WORDS_SIZE];
    if (option->takes == CLI_FILE)
        return check_file(line, option, text);
    if (option->takes != CLI_WORD)
        return DR_OK;
    size_t count = count_words(option->words);
    for (size_t i = 0; i < count; i++)
        if (strcmp(option->words[i], text) == 0)
            return DR_OK;
    return cli_misuse(line, "%s%s is %s, not '%s'%s", option->value ? "--" : "", option->name,
                      join_words(joined, option->words, ""), text, dr_hint(hint, text, option->words, count));
}

static dr_status unknown_option(const cli_line *line, const char *given)
{
    char hint[DR_HINT_SIZE], name[128], dashed[MOST_OPTIONS + 1][64] = {"--help"};
    const char *candidates[MOST_OPTIONS + 1] = {dashed[0]};
    size_t count = 1;
    for (const cli_option *option = line->command->options; option->name; option++, count++) {
        snprintf(dashed[count], sizeof dashed[count], "--%s", option->name);
        candidates[count] = dashed[count];
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given, "="), given);
    return cli_misuse(line, "unknown option '%s'%s", name, dr_hint(hint, name, candidates, count));
}

static dr_status keep_value(cli_line *line, const cli_option *option, const char *text)
{
    if (!option->many && cli_option_value(line, option->name))
        return cli_misuse(line, "--%s is given twice", option->name);
    DR_TRY(check_word(line, option, text ? text : ""));
    line->values[line->value_count++] = (cli_value){option, text ? text : ""};
    return DR_OK;
}

/* The next option; *more is false after the last. */
static dr_status next_option(cli_line *line, int argc, char **argv, const struct option *options, bool *more)
{
    int code = getopt_long(argc, argv, ":h", options, NULL);
    *more = code != -1 && !line->help;
    if (code == 'h') {
        line->help = true;
        *more = false;
        return DR_OK;
    }
    if (code >= FIRST_CODE)
        return keep_value(line, &line->command->options[code - FIRST_CODE], optarg);
    const cli_option *option = optopt >= FIRST_CODE ? &line->command->options[optopt - FIRST_CODE] : NULL;
    if (code == ':' && option)
        return cli_misuse(line, "--%s: a value was expected: --%s %s", option->name, option->name, option->value);
    if (code == '?' && option)
        return cli_misuse(line, "--%s takes no value", option->name);
    if (code == '?') {
        char letter[] = {'-', (char)optopt, '\0'};
        return optopt ? unknown_option(line, letter) : unknown_option(line, argv[optind - 1]);
    }
    return DR_OK;
}

static dr_status take_options(cli_line *line, int argc, char **argv)
{
    struct option options[MOST_OPTIONS + 2] = {{"help", no_argument, NULL, 'h'}};
    size_t count = 1;
    for (const cli_option *option = line->command->options; option->name && count <= MOST_OPTIONS; option++, count++)
        options[count] = (struct option){option->name, option->takes == CLI_NOTHING ? no_argument : required_argument,
                                         NULL, FIRST_CODE + (int)count - 1};
    bool more = true;
    opterr = 0;
    while (more)
        DR_TRY(next_option(line, argc, argv, options, &more));
    return DR_OK;
}

static dr_status check_arguments(const cli_line *line)
{
    const cli_option *expected = line->command->arguments;
    for (size_t i = 0; i < line->argument_count; i++) {
        if (!expected->name)
            return cli_misuse(line, "unexpected argument '%s'", line->arguments[i]);
        DR_TRY(check_word(line, expected, line->arguments[i]));
        if (!expected->many || i + 1 == line->argument_count)
            expected++;
    }
    if (expected->name && !expected->optional)
        return cli_misuse(line, "%s is missing; see 'derisk %s --help'", expected->name, line->command->name);
    return DR_OK;
}

dr_status cli_parse(cli_line *out, const cli_command *command, int argc, char **argv)
{
    *out = (cli_line){.command = command, .values = dr_new((size_t)argc, sizeof *out->values)};
    if (!out->values)
        return dr_fail_memory();
    DR_TRY(take_options(out, argc, argv));
    if (out->help)
        return DR_OK;
    out->arguments = argv + optind;
    out->argument_count = (size_t)(argc - optind);
    return check_arguments(out);
}

void cli_line_free(cli_line *line)
{
    free(line->values);
    *line = (cli_line){0};
}

static const cli_value *find_value(const cli_line *line, const char *name)
{
    for (size_t i = 0; i < line->value_count; i++)
        if (strcmp(line->values[i].option->name, name) == 0)
            return &line->values[i];
    return NULL;
}

const char *cli_option_value(const cli_line *line, const char *name)
{
    const cli_value *value = find_value(line, name);
    return value ? value->text : NULL;
}

size_t cli_option_word(const cli_line *line, const char *name)
{
    const cli_value *value = find_value(line, name);
    for (size_t i = 0; value && value->option->words[i]; i++)
        if (strcmp(value->option->words[i], value->text) == 0)
            return i;
    return 0;
}

bool cli_option_takes(const cli_line *line, const char *name, const char *word)
{
    for (const cli_option *option = line->command->options; option->name; option++)
        for (size_t i = 0; strcmp(option->name, name) == 0 && option->words && option->words[i]; i++)
            if (strcmp(option->words[i], word) == 0)
                return true;
    return false;
}

const char *cli_argument(const cli_line *line, size_t index)
{
    return index < line->argument_count ? line->arguments[index] : NULL;
}

dr_status cli_year(const cli_line *line, int *year)
{
    const char *text = cli_option_value(line, "year");
    double number = 0;
    if (text && (!dr_parse_number(text, &number) || number < 1 || number > 9999 || number != (int)number))
        return cli_misuse(line, "--year: '%s' is not a year", text);
    *year = (int)number;
    return DR_OK;
}
