#include "cli/help.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/texts.h"

enum { NAME_WIDTH = 13, OPTION_WIDTH = 26, PAGE_WIDTH = 100 };

void cli_print_text(FILE *file, const char *name)
{
    for (size_t i = 0; i < cli_texts_count; i++)
        if (strcmp(cli_texts_files[i].name, name) == 0)
            fwrite(cli_texts_files[i].bytes, 1, cli_texts_files[i].size, file);
}

void cli_print_overview(FILE *file)
{
    fputs("derisk: trade dependence between economies, and the costs of trade policy\n\n"
          "usage: derisk COMMAND [ARGUMENTS] [OPTIONS]\n\n",
          file);
    for (size_t i = 0; cli_commands[i]; i++)
        fprintf(file, "  %-*s%s\n", NAME_WIDTH, cli_commands[i]->name, cli_commands[i]->summary);
    fputs("\n'derisk COMMAND --help' describes a command; 'derisk demo' is a good start.\n"
          "Exit status: 0 done, 1 wrong use, 2 bad input, 3 no solution, 4 system error (out of memory, disk full,\n"
          "permission denied).\n",
          file);
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static bool is_number(const option_row *row)
{
    return row->kind == OPTION_RATE || row->kind == OPTION_NUMBER || row->kind == OPTION_COUNT;
}

const char *cli_describe(char out[CLI_HELP_SIZE], const option_row *row)
{
    char list[OPTION_EXPECTED_SIZE];
    bool lists = (row->kind == OPTION_WORD || row->kind == OPTION_WORDS) && row->words;
    size_t size = (size_t)snprintf(out, CLI_HELP_SIZE, "%s", row->help);
    if (lists)
        size += (size_t)snprintf(out + size, CLI_HELP_SIZE - size, ": %s", option_join(list, row->words, ""));
    if (is_number(row) && row->example && !row->fallback && !strstr(row->help, "such as"))
        size += (size_t)snprintf(out + size, CLI_HELP_SIZE - size, ", such as %s", row->example);
    if (row->needs)
        size += (size_t)snprintf(out + size, CLI_HELP_SIZE - size, "; needs %s",
                                 option_conditions(list, row->needs, "or", true));
    if (row->many)
        size += (size_t)snprintf(out + size, CLI_HELP_SIZE - size, "; may be repeated");
    if (row->fallback)
        snprintf(out + size, CLI_HELP_SIZE - size, " (default: %s)", row->fallback);
    return out;
}

/* Writes a text in lines of at most PAGE_WIDTH bytes. The first line starts at column `at`, the others at `indent`. */
static void print_wrapped(FILE *file, const char *text, size_t at, size_t indent)
{
    bool begun = false;
    for (size_t length; *text; text += length + (text[length] == ' ')) {
        length = strcspn(text, " \n");
        if (*text == '\n') { /* a new paragraph */
            fprintf(file, "\n%*s", (int)indent, "");
            at = indent;
            begun = false;
            length = 1;
            continue;
        }
        if (begun && at + 1 + length > PAGE_WIDTH) {
            fprintf(file, "\n%*s", (int)indent, "");
            at = indent;
            begun = false;
        }
        fprintf(file, "%s%.*s", begun ? " " : "", (int)length, text);
        at += length + begun;
        begun = true;
    }
    fputc('\n', file);
}

static void print_row(FILE *file, const option_row *row)
{
    char spelled[128], help[CLI_HELP_SIZE];
    const char *dashes = option_is_argument(row) ? "" : "--";
    snprintf(spelled, sizeof spelled, "%s%s%s%s", dashes, row->name, row->value ? " " : "",
             row->value ? row->value : "");
    if (strlen(spelled) + 4 > OPTION_WIDTH) { /* its help begins on a line of its own */
        fprintf(file, "  %s\n", spelled);
        spelled[0] = '\0';
    }
    fprintf(file, "  %-*s", OPTION_WIDTH - 2, spelled);
    print_wrapped(file, cli_describe(help, row), OPTION_WIDTH, OPTION_WIDTH);
}

static void print_options(FILE *file, const option_group *groups)
{
    char list[OPTION_EXPECTED_SIZE];
    for (const option_group *group = groups; group->rows; group++) {
        if (group->title)
            fprintf(file, "\n%s%s%s%s:\n", group->title, group->repeats ? ", each of which may be repeated" : "",
                    group->needs ? "; needs " : "",
                    group->needs ? option_conditions(list, group->needs, "or", true) : "");
        for (const option_row *row = group->rows; row->name; row++) {
            option_row shown = *row;
            shown.many = row->many && !group->repeats;
            print_row(file, &shown);
        }
    }
}

/* ---- A command --------------------------------------------------------------------------------------------------- */

static void print_usage(FILE *file, const cli_command *command)
{
    const option_row *row;
    fprintf(file, "usage: derisk %s", command->name);
    for (const option_row *argument = command->arguments; argument->name; argument++)
        fprintf(file, argument->required ? " %s%s" : " [%s%s]", argument->name, argument->many ? "..." : "");
    for (size_t i = 0; (row = option_at(command->options, i)); i++)
        if (row->required)
            fprintf(file, " --%s %s", row->name, row->value);
    fputs(command->options->rows ? " [OPTIONS]\n" : "\n", file);
}

void cli_print_help(FILE *file, const cli_command *command)
{
    fprintf(file, "derisk %s: %s\n\n", command->name, command->summary);
    print_usage(file, command);
    fputc('\n', file);
    print_wrapped(file, command->description, 0, 0);
    if (command->arguments->name)
        fputs("\nArguments:\n", file);
    for (const option_row *argument = command->arguments; argument->name; argument++)
        print_row(file, argument);
    print_options(file, command->options);
    fprintf(file, "\nExample:\n  %s\n", command->example);
    fprintf(file, "\nDocumentation: docs/%s.md; terms: docs/glossary.md\n", command->name);
}

/* ---- The man page ------------------------------------------------------------------------------------------------ */

/* A text as troff reads it: dashes are minus signs, backslashes are escaped, and no line begins with a request. */
static void print_troff(FILE *file, const char *text)
{
    bool begins = true;
    for (; *text; text++) {
        if (begins && (*text == '.' || *text == '\''))
            fputs("\\&", file);
        if (*text == '\n') {
            fputs("\n.PP", file);
            while (text[1] == '\n')
                text++;
        }
        begins = *text == '\n';
        if (*text == '-')
            fputs("\\-", file);
        else if (*text == '\\')
            fputs("\\e", file);
        else
            fputc(*text, file);
    }
}

static void print_man_row(FILE *file, const option_row *row)
{
    char help[CLI_HELP_SIZE], list[OPTION_EXPECTED_SIZE];
    const char *dashes = option_is_argument(row) ? "" : "--";
    fputs(".TP\n.BI ", file);
    print_troff(file, dashes);
    print_troff(file, row->name);
    if (row->value) {
        fputs(" \" ", file);
        print_troff(file, row->value);
        fputc('"', file);
    }
    fputc('\n', file);
    print_troff(file, cli_describe(help, row));
    fputs(".\n", file);
    if (is_number(row) && !option_is_argument(row)) {
        fputs("A value is ", file);
        print_troff(file, option_expected(list, row));
        fputs(".\n", file);
    }
    if (row->excludes) {
        fputs("Cannot be combined with ", file);
        print_troff(file, option_conditions(list, row->excludes, "or", true));
        fputs(".\n", file);
    }
}

static void print_man_command(FILE *file, const cli_command *command)
{
    const option_row *row;
    fprintf(file, ".SS %s\n", command->name);
    print_troff(file, command->summary);
    fprintf(file, ".\n.PP\n.B derisk %s\n.I", command->name);
    for (const option_row *argument = command->arguments; argument->name; argument++)
        fprintf(file, argument->required ? " %s%s" : " [%s%s]", argument->name, argument->many ? "..." : "");
    for (size_t i = 0; (row = option_at(command->options, i)); i++)
        if (row->required)
            fprintf(file, " \\-\\-%s %s", row->name, row->value);
    fputs(command->options->rows ? " [OPTIONS]\n.PP\n" : "\n.PP\n", file);
    print_troff(file, command->description);
    fputc('\n', file);
    for (const option_row *argument = command->arguments; argument->name; argument++)
        print_man_row(file, argument);
    for (size_t i = 0; (row = option_at(command->options, i)); i++)
        print_man_row(file, row);
    fputs(".PP\nExample:\n.PP\n.EX\n", file);
    print_troff(file, command->example);
    fputs("\n.EE\n", file);
}

void cli_print_man(FILE *file)
{
    fprintf(file, ".TH DERISK 1 \"2026\" \"derisk %s\" \"User Commands\"\n", dr_version());
    cli_print_text(file, "man-begin.1");
    fputs(".SH COMMANDS\n", file);
    for (size_t i = 0; cli_commands[i]; i++)
        print_man_command(file, cli_commands[i]);
    cli_print_text(file, "man-end.1");
}
