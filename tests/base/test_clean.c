/* Characters that steer whoever shows them, and those that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clean.h"
#include "base/error.h"

/* The text as UTF-8, of which nothing is left but blanks. */
static void expect_blank(const char *text)
{
    char copy[16], *printed = NULL;
    size_t size = 0;
    bool steers = false;
    assert_int_equal(dr_character(text, strlen(text), &steers), strlen(text));
    assert_true(steers);
    snprintf(copy, sizeof copy, "%s", text);
    dr_clean(copy);
    assert_int_equal(strspn(copy, " "), strlen(text));
    FILE *stream = open_memstream(&printed, &size);
    dr_print_clean(stream, text, strlen(text));
    fclose(stream);
    assert_string_equal(printed, " ");
    free(printed);
}

static size_t encode(long code, char text[5])
{
    unsigned char *to = (unsigned char *)text;
    size_t more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char first[] = {0, 0xc0, 0xe0, 0xf0};
    to[0] = (unsigned char)(first[more] | (code >> (6 * more)));
    for (size_t i = 1; i <= more; i++)
        to[i] = (unsigned char)(0x80 | ((code >> (6 * (more - i))) & 0x3f));
    to[more + 1] = 0;
    return more + 1;
}

static bool is_meant(long code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void every_character(void **state)
{
    (void)state;
    for (long code = 1; code <= 0x10ffff; code++) {
        char text[5];
        bool steers = false;
        size_t size = encode(code, text);
        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        assert_int_equal(dr_character(text, size, &steers), size);
        assert_int_equal(steers, is_meant(code));
        if (steers)
            expect_blank(text);
    }
}

static void what_is_no_utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = {"\x9b",     "\xff",         "\xc0\x9b",         "\xe0\x80\x9b",         "\xc2",
                                        "\xe2\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\x80"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char copy[16];
        snprintf(copy, sizeof copy, "%s", wrong[i]);
        dr_clean(copy);
        assert_int_equal(strspn(copy, " "), strlen(wrong[i]));
    }
}

static void what_stays(void **state)
{
    (void)state;
    char text[] = "Côte d'Ivoire, 中国, Ελλάδα, ü, €, 😀 a\u200cb";
    char copy[sizeof text];
    memcpy(copy, text, sizeof text);
    dr_clean(copy);
    assert_string_equal(copy, text);
}

static void errors_are_clean(void **state)
{
    (void)state;
    dr_error_keep("a\xc2\x9b"
                  "31mb\xe2\x80\xae"
                  "c\nd\x9b");
    assert_string_equal(dr_error_text(), "a  31mb   c d ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character),
        cmocka_unit_test(what_is_no_utf8),
        cmocka_unit_test(what_stays),
        cmocka_unit_test(errors_are_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
