/* YAML that is too deep, too long, too many documents, or no text: refused at once, with the place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/yaml.h"

enum { MB = 1 << 20 };

static void expect(const char *text, size_t size, const char *line)
{
    dr_yaml yaml;
    assert_int_equal(dr_yaml_parse(&yaml, text, size, "a.yaml", "a scenario"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), line);
    dr_yaml_free(&yaml);
}

static void good(const char *text, size_t size)
{
    dr_yaml yaml;
    if (dr_yaml_parse(&yaml, text, size, "a.yaml", "a scenario") != DR_OK)
        fail_msg("%s", dr_error_text());
    dr_yaml_free(&yaml);
}

/* `piece` again and again, `count` times; free with free(). */
static char *repeat(const char *piece, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    for (size_t i = 0; i < count; i++)
        fputs(piece, stream);
    fclose(stream);
    return text;
}

static void test_depth(void **state)
{
    (void)state;
    char *open = repeat("[", 100), *close = repeat("]", 100), *deeper = repeat("[", 101);
    char text[256];
    snprintf(text, sizeof text, "%s%s", open, close);
    good(text, strlen(text));
    snprintf(text, sizeof text, "%s%s]", deeper, close);
    expect(text, strlen(text), "a.yaml:1:101: lists and mappings nested more than 100 deep");
    free(open);
    free(close);
    free(deeper);
}

static void test_whatever_is_deep_or_long_ends_soon(void **state)
{
    (void)state;
    static const char *const pieces[] = {"[",     "{a: ", "- ",   "? ",       "[[a]: ", "&a [",  "[\n", "{? ",
                                         "!!a [", "'",    "\"\\", "&a1 b: c", "- &a\n", "*a ",   "a: ", "%TAG !a! b\n",
                                         "a\n",   "|\n ", "# \n", "[],",      "---\n",  "- *a\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct timespec before, after;
        char *text = repeat(pieces[i], MB / strlen(pieces[i]));
        dr_yaml yaml;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        dr_status status = dr_yaml_parse(&yaml, text, strlen(text), "a.yaml", "a scenario");
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        dr_yaml_free(&yaml);
        free(text);
        assert_true(status == DR_OK || status == DR_BAD_INPUT);
        if (after.tv_sec - before.tv_sec > 5) /* a sanitizer takes its time, too */
            fail_msg("%s: more than five seconds", pieces[i]);
    }
}

static void test_documents(void **state)
{
    (void)state;
    static const char two[] = "a: b\n---\nc: d\n", ended[] = "---\na: b\n...\n";
    expect(two, sizeof two - 1, "a.yaml:2:1: a second document begins here; expected one");
    good(ended, sizeof ended - 1);
    good("", 0);
    expect(NULL, 0, "a.yaml: empty; expected a scenario");
}

static void test_no_text(void **state)
{
    (void)state;
    expect("a: b\0c", 6, "a.yaml: not a scenario: binary data; expected YAML text");
    char *large = repeat("#", MB + 1);
    expect(large, MB + 1, "a.yaml: not a scenario: too large; expected YAML of at most 1 MB");
    free(large);
}

static void test_anchors(void **state)
{
    (void)state;
    static const char shared[] = "a: &list [b, c]\nd: *list\n";
    good(shared, sizeof shared - 1);
    char *many = repeat("- &a b\n", 1001);
    expect(many, strlen(many), "a.yaml:1001:3: more than 1000 anchors and aliases");
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_depth),     cmocka_unit_test(test_whatever_is_deep_or_long_ends_soon),
        cmocka_unit_test(test_documents), cmocka_unit_test(test_no_text),
        cmocka_unit_test(test_anchors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
