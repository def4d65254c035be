/* Work shared out among threads: all of it is done, once; failures are the same for any number of threads; who waits
 * sleeps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/cancel.h"
#include "base/parallel.h"

enum { PIECES = 1000 };

typedef struct counts {
    atomic_int done[PIECES];
    atomic_int foreign; /* pieces whose thread has a number that it should not have, or may start threads of its own */
    int threads;
} counts;

static dr_status count_piece(void *work, size_t i, size_t thread)
{
    counts *c = work;
    atomic_fetch_add(&c->done[i], 1);
    if (thread >= (size_t)c->threads || (c->threads > 1 && dr_threads(0, 100) != 1))
        atomic_fetch_add(&c->foreign, 1);
    return DR_OK;
}

static void every_piece_is_done_once(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 8; threads++) {
        static counts c;
        memset(&c, 0, sizeof c);
        c.threads = threads;
        assert_int_equal(dr_parallel(PIECES, threads, count_piece, &c), DR_OK);
        assert_int_equal(c.foreign, 0);
        for (size_t i = 0; i < PIECES; i++)
            assert_int_equal(c.done[i], 1);
        assert_int_equal(dr_threads(threads, 100), threads); /* the caller is again by itself */
    }
}

static dr_status fail_some(void *work, size_t i, size_t thread)
{
    (void)work, (void)thread;
    return i % 100 == 57 ? dr_fail(i == 57 ? DR_NO_SOLUTION : DR_MACHINE, "piece %zu", i) : DR_OK;
}

static void first_failure_is_the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 8; threads++)
        for (int again = 0; again < 20; again++) {
            assert_int_equal(dr_parallel(PIECES, threads, fail_some, NULL), DR_NO_SOLUTION);
            assert_string_equal(dr_error_text(), "piece 57");
        }
}

static void no_more_threads_than_work(void **state)
{
    (void)state;
    assert_int_equal(dr_threads(1000000, 3), 3);
    assert_int_equal(dr_threads(1000000, SIZE_MAX), DR_MOST_THREADS);
    assert_int_equal(dr_threads(8, 1), 1);
    assert_int_equal(dr_threads(8, 0), 1);
    setenv("OMP_NUM_THREADS", "3", 1);
    assert_int_equal(dr_threads(0, 100), 3);
    setenv("OMP_NUM_THREADS", "none", 1);
    assert_true(dr_threads(0, 100) >= 1);
    unsetenv("OMP_NUM_THREADS");
}

static dr_status look(void *work, size_t i, size_t thread)
{
    (void)work, (void)i, (void)thread;
    return dr_cancel_check();
}

static void threads_watch_what_their_caller_watches(void **state)
{
    (void)state;
    dr_cancel *cancel = NULL;
    assert_int_equal(dr_cancel_new(&cancel), DR_OK);
    dr_cancel_now(cancel);
    assert_int_equal(dr_parallel(PIECES, 4, look, NULL), DR_OK);
    dr_cancel_watch(cancel);
    assert_int_equal(dr_parallel(PIECES, 4, look, NULL), DR_CANCELLED);
    dr_cancel_watch(NULL);
    dr_cancel_free(cancel);
}

static void mark(void *work, size_t from, size_t to)
{
    unsigned char *marks = work;
    for (size_t i = from; i < to; i++)
        marks[i]++;
}

static void stretches_cover_every_number_once(void **state)
{
    (void)state;
    const size_t lengths[] = {0, 1, 2, 3, 7, 100, 101};
    for (int threads = 1; threads <= 8; threads++)
        for (size_t c = 0; c < sizeof lengths / sizeof *lengths; c++) {
            unsigned char marks[102] = {0};
            dr_parallel_stretches(lengths[c], threads, mark, marks);
            for (size_t i = 0; i < sizeof marks; i++)
                assert_int_equal(marks[i], i < lengths[c]);
        }
}

static dr_status sleep_in_one(void *work, size_t i, size_t thread)
{
    (void)work, (void)thread;
    return i == 0 && nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL) != 0 ? DR_MACHINE : DR_OK;
}

static double seconds_of_processor(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Four threads, of which one sleeps for 0.3 seconds: if the others waited for it on the processor, they would take up
 * to 0.9. */
static void who_waits_takes_no_processor(void **state)
{
    (void)state;
    double start = seconds_of_processor();
    assert_int_equal(dr_parallel(4, 4, sleep_in_one, NULL), DR_OK);
    assert_true(seconds_of_processor() - start < 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_is_done_once),
        cmocka_unit_test(first_failure_is_the_same_for_any_number_of_threads),
        cmocka_unit_test(no_more_threads_than_work),
        cmocka_unit_test(threads_watch_what_their_caller_watches),
        cmocka_unit_test(stretches_cover_every_number_once),
        cmocka_unit_test(who_waits_takes_no_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
