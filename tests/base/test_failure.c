/* The failure of a loop: the piece with the lowest number decides, and its line reaches the thread that waits. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/failure.h"

typedef struct piece {
    dr_failure *failure;
    size_t number;
    pthread_t thread;
} piece;

static void *fail_here(void *user)
{
    const piece *p = user;
    dr_status status = dr_fail(p->number % 2 ? DR_NO_SOLUTION : DR_MACHINE, "piece %zu", p->number);
    dr_failure_keep(p->failure, p->number, status);
    return NULL;
}

/* Threads that fail in any order, each with a line that only it can read. */
static void lowest_piece_decides(void **state)
{
    (void)state;
    enum { THREADS = 8, LOWEST = 3 };
    for (int again = 0; again < 20; again++) {
        dr_failure failure;
        piece pieces[THREADS];
        dr_failure_init(&failure);
        for (size_t i = 0; i < THREADS; i++) {
            pieces[i] = (piece){.failure = &failure, .number = LOWEST + (i * 5 + 2) % THREADS};
            assert_int_equal(pthread_create(&pieces[i].thread, NULL, fail_here, &pieces[i]), 0);
        }
        for (size_t i = 0; i < THREADS; i++)
            pthread_join(pieces[i].thread, NULL);
        dr_failure_free(&failure);
        dr_error_keep("another line of the thread that waited");
        assert_int_equal(dr_failure_give(&failure), DR_NO_SOLUTION);
        assert_string_equal(dr_error_text(), "piece 3");
        assert_int_equal(failure.piece, LOWEST);
    }
}

/* The lines below the first, where a formula is shown, go with it. */
static void line_is_kept_as_it_is(void **state)
{
    (void)state;
    dr_failure failure;
    char line[DR_ERROR_SIZE];
    dr_failure_init(&failure);
    dr_error_keep("unknown variable");
    dr_error_point("trade ~ rta", 8);
    snprintf(line, sizeof line, "%s", dr_error_text());
    assert_non_null(strchr(line, '\n'));
    dr_failure_keep(&failure, 0, DR_BAD_INPUT);
    dr_error_keep("later");
    assert_int_equal(dr_failure_give(&failure), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), line);
    dr_failure_free(&failure);
}

static void nothing_failed(void **state)
{
    (void)state;
    dr_failure failure;
    dr_failure_init(&failure);
    dr_error_keep("an older line");
    assert_int_equal(dr_failure_give(&failure), DR_OK);
    assert_string_equal(dr_error_text(), "an older line");
    dr_failure_free(&failure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lowest_piece_decides),
        cmocka_unit_test(line_is_kept_as_it_is),
        cmocka_unit_test(nothing_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
