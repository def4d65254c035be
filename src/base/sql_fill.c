/* Statements with their values written in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"

static void print_quoted(FILE *to, const char *text, char quote)
{
    fputc(quote, to);
    for (; *text; text++) {
        if (*text == quote)
            fputc(quote, to);
        fputc(*text, to);
    }
    fputc(quote, to);
}

static void print_all_quoted(FILE *to, const dr_sql_value *value, char quote)
{
    for (size_t i = 0; i < value->count; i++) {
        fputs(i ? ", " : "", to);
        print_quoted(to, value->texts[i], quote);
    }
}

/* The paths of read_csv and the like are patterns, in which a wildcard stands for itself when it is in brackets. */
static void print_path(FILE *to, const char *path)
{
    fputc('\'', to);
    for (; *path; path++)
        if (strchr("*?[", *path))
            fprintf(to, "[%c]", *path);
        else
            fprintf(to, *path == '\'' ? "''" : "%c", *path);
    fputc('\'', to);
}

static void print_value(FILE *to, const dr_sql_value *value)
{
    switch (value->form) {
    case DR_SQL_INTEGER:
        fprintf(to, "%lld", value->integer);
        break;
    case DR_SQL_TEXT:
        print_quoted(to, value->text, '\'');
        break;
    case DR_SQL_TEXTS:
        print_all_quoted(to, value, '\'');
        break;
    case DR_SQL_PATH:
        print_path(to, value->text);
        break;
    case DR_SQL_NAME:
        print_quoted(to, value->text, '"');
        break;
    case DR_SQL_NAMES:
        print_all_quoted(to, value, '"');
        break;
    case DR_SQL_PART:
        fputs(value->text, to);
        break;
    }
}

/* The bytes of the parameter that begins with the brace at `at`, both braces included; 0 if it is no parameter. */
static size_t parameter_size(const char *at)
{
    if (at[0] != '{' || at[1] < 'a' || at[1] > 'z')
        return 0;
    size_t size = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_0123456789");
    return at[1 + size] == '}' ? size + 2 : 0;
}

/* The value of the parameter `{name}` of `size` bytes, or NULL. */
static const dr_sql_value *find_value(const dr_sql_value *values, const char *parameter, size_t size)
{
    for (; values && values->parameter; values++)
        if (strlen(values->parameter) == size - 2 && strncmp(values->parameter, parameter + 1, size - 2) == 0)
            return values;
    return NULL;
}

static dr_status print_statement(FILE *to, const char *statement, const dr_sql_value *values)
{
    for (const char *at = statement; *at;) {
        size_t size = parameter_size(at);
        const dr_sql_value *value = size ? find_value(values, at, size) : NULL;
        if (size && !value)
            return dr_fail(DR_MACHINE, "a mistake in derisk: the SQL parameter %.*s has no value", (int)size, at);
        if (value)
            print_value(to, value);
        else
            fputc(*at, to);
        at += size ? size : 1;
    }
    return DR_OK;
}

/* Every value is of a parameter of the statement. */
static dr_status check_values(const char *statement, const dr_sql_value *values)
{
    char parameter[64];
    for (; values && values->parameter; values++) {
        snprintf(parameter, sizeof parameter, "{%s}", values->parameter);
        if (!strstr(statement, parameter))
            return dr_fail(DR_MACHINE, "a mistake in derisk: the SQL statement has no parameter %s", parameter);
    }
    return DR_OK;
}

dr_status dr_sql_fill(char **out, const char *statement, const dr_sql_value *values)
{
    char *text = NULL;
    size_t size = 0;
    DR_TRY(check_values(statement, values));
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return dr_fail_memory();
    dr_status status = print_statement(to, statement, values);
    bool failed = ferror(to) != 0;
    failed = fclose(to) != 0 || failed;
    if (status == DR_OK && failed)
        status = dr_fail_memory();
    if (status == DR_OK)
        *out = text;
    else
        free(text);
    return status;
}
