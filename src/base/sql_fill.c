/* Statements with their values written in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"

/* A text that grows; `failed` once memory ran out. */
typedef struct output {
    FILE *to;
    bool failed;
} output;

static void put(output *out, const char *text, size_t size)
{
    if (fwrite(text, 1, size, out->to) < size)
        out->failed = true;
}

static void put_quoted(output *out, const char *text, char quote)
{
    put(out, &quote, 1);
    for (; *text; text++)
        if (*text == quote)
            put(out, (const char[]){quote, quote}, 2);
        else
            put(out, text, 1);
    put(out, &quote, 1);
}

static void put_all_quoted(output *out, const dr_sql_value *value, char quote)
{
    for (size_t i = 0; i < value->count; i++) {
        put(out, ", ", i ? 2 : 0);
        put_quoted(out, value->texts[i], quote);
    }
}

/* The paths of read_csv and the like are patterns, in which a wildcard stands for itself when it is in brackets. */
static void put_path(output *out, const char *path)
{
    put(out, "'", 1);
    for (; *path; path++)
        if (strchr("*?[", *path))
            put(out, (const char[]){'[', *path, ']'}, 3);
        else
            put(out, *path == '\'' ? "''" : path, *path == '\'' ? 2 : 1);
    put(out, "'", 1);
}

static void put_value(output *out, const dr_sql_value *value)
{
    char digits[32];
    switch (value->form) {
    case DR_SQL_INTEGER:
        put(out, digits, (size_t)snprintf(digits, sizeof digits, "%lld", value->integer));
        break;
    case DR_SQL_TEXT:
        put_quoted(out, value->text, '\'');
        break;
    case DR_SQL_TEXTS:
        put_all_quoted(out, value, '\'');
        break;
    case DR_SQL_PATH:
        put_path(out, value->text);
        break;
    case DR_SQL_NAME:
        put_quoted(out, value->text, '"');
        break;
    case DR_SQL_NAMES:
        put_all_quoted(out, value, '"');
        break;
    case DR_SQL_PART:
        put(out, value->text, strlen(value->text));
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

static dr_status put_statement(output *out, const char *statement, const dr_sql_value *values)
{
    for (const char *at = statement; *at;) {
        size_t size = parameter_size(at);
        const dr_sql_value *value = size ? find_value(values, at, size) : NULL;
        if (size && !value)
            return dr_fail(DR_MACHINE, "a mistake in derisk: the SQL parameter %.*s has no value", (int)size, at);
        if (value)
            put_value(out, value);
        else
            put(out, at, 1);
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
    output stream = {.to = open_memstream(&text, &size)};
    if (!stream.to)
        return dr_fail_memory();
    dr_status status = put_statement(&stream, statement, values);
    bool failed = fclose(stream.to) != 0 || stream.failed;
    if (status == DR_OK && failed)
        status = dr_fail_memory();
    if (status == DR_OK)
        *out = text;
    else
        free(text);
    return status;
}
