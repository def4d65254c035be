#include "base/column.h"

#include <ctype.h>
#include <string.h>

/* The next letter or digit of a name, in lower case; 0 at its end. */
static int next_letter(const char **at, const char *end)
{
    while (*at < end && !isalnum((unsigned char)**at))
        ++*at;
    return *at < end ? tolower((unsigned char)*(*at)++) : 0;
}

static bool is_same_name(const char *a, const char *a_end, const char *b)
{
    const char *b_end = b + strlen(b);
    int letter = 0;
    while ((letter = next_letter(&a, a_end)))
        if (letter != next_letter(&b, b_end))
            return false;
    return !next_letter(&b, b_end);
}

bool dr_column_is(const char *names, const char *column)
{
    for (const char *at = names; *at; at += strspn(at, "|")) {
        size_t size = strcspn(at, "|");
        if (is_same_name(at, at + size, column))
            return true;
        at += size;
    }
    return false;
}

/* The text of a column of a list, or of a header. */
static const char *column_at(const dr_names *columns, const dr_csv *csv, size_t i)
{
    return columns ? columns->names[i] : dr_csv_field(csv, i);
}

static int find_column(const dr_names *columns, const dr_csv *csv, const char *names)
{
    size_t count = columns ? columns->count : dr_csv_fields(csv);
    for (const char *at = names + (*names == '?'); *at; at += strspn(at, "|")) {
        size_t size = strcspn(at, "|");
        for (size_t i = 0; i < count; i++)
            if (is_same_name(at, at + size, column_at(columns, csv, i)))
                return (int)i;
        at += size;
    }
    return -1;
}

int dr_column_find(const dr_names *columns, const char *names)
{
    return find_column(columns, NULL, names);
}

int dr_csv_column(const dr_csv *csv, const char *names)
{
    return find_column(NULL, csv, names);
}
