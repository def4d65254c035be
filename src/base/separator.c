#include "base/separator.h"

#include <ctype.h>
#include <string.h>

static const char separators[] = {',', ';', '\t', '|'};
enum { SEPARATORS = sizeof separators };

static bool ends_line(unsigned char letter)
{
    return letter == '\n' || letter == '\r';
}

/* "sep=;" and the end of its line; 0: it is another line. */
static size_t said_length(const unsigned char *bytes, size_t size)
{
    if (size < 6 || memcmp(bytes, "sep=", 4) != 0 || !memchr(separators, bytes[4], SEPARATORS) || !ends_line(bytes[5]))
        return 0;
    return size > 6 && bytes[5] == '\r' && bytes[6] == '\n' ? 7 : 6;
}

char dr_separator_find(const unsigned char *bytes, size_t size, size_t *skip)
{
    size_t count[SEPARATORS] = {0}, most = 0, at = 0;
    bool quoted = false;
    if ((*skip = said_length(bytes, size)))
        return (char)bytes[4];
    while (at < size && isspace(bytes[at]) && bytes[at] != '\t')
        at++;
    for (; at < size && (quoted || !ends_line(bytes[at])); at++) {
        const char *which = memchr(separators, bytes[at], SEPARATORS);
        quoted ^= bytes[at] == '"';
        if (which && !quoted)
            count[which - separators]++;
    }
    for (size_t i = 1; i < SEPARATORS; i++)
        most = count[i] > count[most] ? i : most;
    return separators[most];
}

bool dr_decimal_comma_mend(char *field, size_t size)
{
    char *comma = size ? memchr(field, ',', size) : NULL;
    size_t digits = 0;
    for (size_t i = 0; comma && i < size; i++) {
        bool sign = i == 0 && (field[i] == '-' || field[i] == '+');
        bool digit = isdigit((unsigned char)field[i]);
        digits += digit;
        if (!digit && !sign && field + i != comma)
            return false;
    }
    if (digits == 0)
        return false;
    *comma = '.';
    return true;
}
