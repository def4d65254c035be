/* Errors: one line, whatever goes into it, and each thread its own. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void nothing_has_failed(void **state)
{
    (void)state;
    assert_string_equal(dr_error_text(), "");
}

static void status_and_text(void **state)
{
    (void)state;
    assert_int_equal(dr_fail(DR_NO_SOLUTION, "%s has %d", "DEU", 3), DR_NO_SOLUTION);
    assert_string_equal(dr_error_text(), "DEU has 3");
    assert_int_equal(dr_fail_at(DR_BAD_INPUT, "t.csv:7"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "t.csv:7: DEU has 3");
    assert_int_equal(dr_fail_memory(), DR_MACHINE);
    assert_string_equal(dr_error_text(), "out of memory");
}

static void one_line_without_controls(void **state)
{
    (void)state;
    assert_int_equal(dr_fail(DR_BAD_INPUT, "'%s' is wrong", "a\nb\r\tc\x1b[31md\x7f"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "'a b  c [31md ' is wrong");
    assert_int_equal(dr_fail(DR_BAD_INPUT, "C\xc3\xb4te"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "C\xc3\xb4te");
}

static void long_texts_are_cut(void **state)
{
    char text[10000];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(dr_fail(DR_BAD_INPUT, "%s", text), DR_BAD_INPUT);
    size_t length = strlen(dr_error_text());
    assert_true(length > 1000 && length < sizeof text);
    assert_int_equal(dr_fail_at(DR_BAD_INPUT, text), DR_BAD_INPUT);
    assert_int_equal(strlen(dr_error_text()), length);
}

/* The text itself may be an argument of the next failure. */
static void the_last_text_in_the_next(void **state)
{
    (void)state;
    assert_int_equal(dr_fail(DR_BAD_INPUT, "inner"), DR_BAD_INPUT);
    assert_int_equal(dr_fail(DR_BAD_INPUT, "outer (%s)", dr_error_text()), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "outer (inner)");
}

static void *other_thread(void *user)
{
    const char *before = dr_error_text();
    *(int *)user = strcmp(before, "") == 0 && dr_fail(DR_MACHINE, "of the other thread") == DR_MACHINE;
    return NULL;
}

static void threads_have_their_own(void **state)
{
    pthread_t thread;
    int empty = 0;
    (void)state;
    assert_int_equal(dr_fail(DR_BAD_INPUT, "of this thread"), DR_BAD_INPUT);
    assert_int_equal(pthread_create(&thread, NULL, other_thread, &empty), 0);
    pthread_join(thread, NULL);
    assert_true(empty);
    assert_string_equal(dr_error_text(), "of this thread");
}

static void version(void **state)
{
    (void)state;
    assert_string_equal(dr_version(), DR_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_has_failed),
        cmocka_unit_test(status_and_text),
        cmocka_unit_test(one_line_without_controls),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(the_last_text_in_the_next),
        cmocka_unit_test(threads_have_their_own),
        cmocka_unit_test(version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
