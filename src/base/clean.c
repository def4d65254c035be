#include "base/clean.h"

#include <string.h>

/* The character that begins there, and its bytes in *length; -1 and one byte where that is no UTF-8. */
static long decode(const unsigned char *text, size_t size, size_t *length)
{
    static const long least[] = {0, 0x80, 0x800, 0x10000}; /* a character in more bytes than it needs is none */
    size_t more = text[0] < 0x80 ? 0 : text[0] >= 0xf0 ? 3 : text[0] >= 0xe0 ? 2 : 1;
    long code = more ? text[0] & (0x3f >> more) : text[0];
    *length = 1;
    if ((text[0] & 0xc0) == 0x80 || text[0] >= 0xf8 || more >= size)
        return -1;
    for (size_t i = 1; i <= more; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return -1;
        code = code << 6 | (text[i] & 0x3f);
    }
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return -1;
    *length = more + 1;
    return code;
}

size_t dr_character(const char *text, size_t size, bool *steers)
{
    static const long ranges[][2] = {{-1, 0x1f},       {0x7f, 0x9f},     {0x61c, 0x61c},
                                     {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}};
    size_t length = 0;
    long code = decode((const unsigned char *)text, size, &length);
    *steers = false;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        *steers |= code >= ranges[i][0] && code <= ranges[i][1];
    return length;
}

void dr_clean(char *text)
{
    bool steers = false;
    for (size_t left = strlen(text), length; left > 0; text += length, left -= length) {
        length = dr_character(text, left, &steers);
        if (steers)
            memset(text, ' ', length);
    }
}

void dr_print_clean(FILE *to, const char *text, size_t size)
{
    size_t begin = 0;
    bool steers = false;
    for (size_t at = 0, length; at < size; at += length) {
        length = dr_character(text + at, size - at, &steers);
        if (steers) {
            fwrite(text + begin, 1, at - begin, to);
            fputc(' ', to);
            begin = at + length;
        }
    }
    fwrite(text + begin, 1, size - begin, to);
}
