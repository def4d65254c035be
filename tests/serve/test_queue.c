/* The queue of the server: who goes before whom, and who waits for nobody. Tasks here look whether they are cancelled
 * until they are told to end, as solves do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cancel.h"
#include "serve/queue.h"

typedef struct turn {
    serve_task task; /* the first member */
    atomic_bool begun, may_end, cancelled, gone, holds;
    atomic_ullong looks; /* how often it has looked */
} turn;

static void run(serve_task *task)
{
    turn *t = (turn *)task;
    atomic_store(&t->begun, true);
    if (atomic_load(&t->holds))
        dr_pause_hold();
    while (!atomic_load(&t->may_end)) {
        dr_cancelled();
        atomic_fetch_add(&t->looks, 1);
        usleep(100);
    }
    if (atomic_load(&t->holds))
        dr_pause_release();
}

static void end(serve_task *task)
{
    atomic_store(&((turn *)task)->gone, true);
}

static serve_queue *queue_of(size_t places, size_t most)
{
    serve_queue *queue = NULL;
    assert_int_equal(serve_queue_new(&queue, places, most), DR_OK);
    return queue;
}

static turn turn_of(const char *client, bool takes_long)
{
    return (turn){.task = {.run = run, .end = end, .client = client, .takes_long = takes_long}};
}

static void wait_for(const atomic_bool *sign)
{
    for (int tries = 0; tries < 300000 && !atomic_load(sign); tries++)
        usleep(100);
    assert_true(atomic_load(sign));
}

static void put_and_begin(serve_queue *queue, turn *t)
{
    assert_true(serve_queue_put(queue, &t->task));
    wait_for(&t->begun);
}

static void let_end(turn *t)
{
    atomic_store(&t->may_end, true);
    wait_for(&t->gone);
}

/* Whether a task makes no step while others make many. */
static bool stands_still(turn *still, turn *other)
{
    unsigned long long before = atomic_load(&still->looks), from = atomic_load(&other->looks);
    for (int tries = 0; tries < 300000 && atomic_load(&other->looks) < from + 100; tries++)
        usleep(100);
    return atomic_load(&still->looks) <= before + 1 && atomic_load(&other->looks) >= from + 100;
}

static unsigned long long moved(turn *t, unsigned long long from)
{
    return atomic_load(&t->looks) - from;
}

/* ---- The room of a client ---------------------------------------------------------------------------------------- */

static void each_client_has_room_of_its_own(void **state)
{
    serve_queue *queue = queue_of(1, 2);
    turn runs = turn_of("a", false), waits[3] = {turn_of("a", false), turn_of("a", false), turn_of("a", false)};
    turn other = turn_of("b", false);
    size_t waiting, running, done;
    (void)state;
    put_and_begin(queue, &runs);
    assert_true(serve_queue_put(queue, &waits[0].task));
    assert_true(serve_queue_put(queue, &waits[1].task));
    assert_false(serve_queue_put(queue, &waits[2].task));
    assert_true(serve_queue_put(queue, &other.task));
    serve_queue_count(queue, &waiting, &running, &done);
    assert_int_equal(waiting, 3);
    assert_int_equal(running, 1);
    atomic_store(&other.may_end, true);
    if (serve_queue_drop(queue, &waits[1].task)) /* unless its turn has come */
        assert_true(serve_queue_put(queue, &waits[2].task));
    atomic_store(&waits[0].may_end, true);
    atomic_store(&waits[1].may_end, true);
    atomic_store(&waits[2].may_end, true);
    let_end(&runs);
    assert_false(serve_queue_drop(queue, &runs.task)); /* it has ended */
    serve_queue_free(queue);
    assert_true(waits[0].gone && other.gone && waits[1].begun != waits[2].begun);
}

/* ---- Turns ------------------------------------------------------------------------------------------------------- */

static void a_short_task_takes_the_place_of_a_long_one(void **state)
{
    serve_queue *queue = queue_of(2, 10);
    turn draws[2] = {turn_of("a", true), turn_of("b", true)}, slider = turn_of("c", false);
    (void)state;
    put_and_begin(queue, &draws[0]);
    put_and_begin(queue, &draws[1]);
    put_and_begin(queue, &slider);
    unsigned long long from[2] = {atomic_load(&draws[0].looks), atomic_load(&draws[1].looks)};
    for (int tries = 0; tries < 300000 && moved(&draws[0], from[0]) + moved(&draws[1], from[1]) < 100; tries++)
        usleep(100);
    size_t still = moved(&draws[0], from[0]) < moved(&draws[1], from[1]) ? 0 : 1;
    assert_true(moved(&draws[still], from[still]) <= 1 && moved(&draws[1 - still], from[1 - still]) >= 99);
    let_end(&slider);
    assert_false(draws[0].gone || draws[1].gone);
    let_end(&draws[0]);
    let_end(&draws[1]);
    serve_queue_free(queue);
}

static void long_tasks_share_by_client(void **state)
{
    const double all = 2;
    serve_queue *queue = queue_of(1, 10);
    turn many[3] = {turn_of("a", true), turn_of("a", true), turn_of("a", true)}, one = turn_of("b", true);
    double ran[4] = {0}, sum = 0;
    (void)state;
    for (size_t i = 0; i < 3; i++)
        put_and_begin(queue, &many[i]);
    put_and_begin(queue, &one);
    double before[4];
    for (size_t i = 0; i < 4; i++)
        before[i] = serve_queue_ran(queue, i < 3 ? &many[i].task : &one.task);
    while (sum < all) {
        usleep(10000);
        sum = 0;
        for (size_t i = 0; i < 4; i++)
            sum += ran[i] = serve_queue_ran(queue, i < 3 ? &many[i].task : &one.task) - before[i];
    }
    assert_true(ran[3] > 0.4 * sum && ran[3] < 0.6 * sum);
    for (size_t i = 0; i < 3; i++)
        assert_true(ran[i] > 0.05 * sum); /* and so do those of one client */
    for (size_t i = 0; i < 3; i++)
        let_end(&many[i]);
    let_end(&one);
    serve_queue_free(queue);
}

static void a_short_task_that_takes_long_is_a_long_one(void **state)
{
    serve_queue *queue = queue_of(1, 10);
    turn first = turn_of("a", false), second = turn_of("b", false);
    (void)state;
    put_and_begin(queue, &first);
    while (serve_queue_ran(queue, &first.task) < 0.6)
        usleep(1000);
    assert_true(first.task.takes_long);
    put_and_begin(queue, &second);
    assert_true(stands_still(&first, &second));
    let_end(&second);
    let_end(&first);
    serve_queue_free(queue);
}

static void waiting_is_not_running(void **state)
{
    serve_queue *queue = queue_of(1, 10);
    turn draws = turn_of("a", true), slider = turn_of("b", false);
    (void)state;
    put_and_begin(queue, &draws);
    put_and_begin(queue, &slider);
    double ran = serve_queue_ran(queue, &draws.task);
    assert_true(stands_still(&draws, &slider));
    assert_true(serve_queue_ran(queue, &draws.task) == ran);
    let_end(&slider);
    let_end(&draws);
    serve_queue_free(queue);
}

static void who_holds_something_is_not_paused(void **state)
{
    serve_queue *queue = queue_of(1, 10);
    turn maker = turn_of("a", true), slider = turn_of("b", false);
    (void)state;
    atomic_store(&maker.holds, true);
    put_and_begin(queue, &maker);
    assert_true(serve_queue_put(queue, &slider.task));
    usleep(200000);
    assert_false(slider.begun);
    let_end(&maker);
    wait_for(&slider.begun);
    let_end(&slider);
    serve_queue_free(queue);
}

/* ---- Leaving ----------------------------------------------------------------------------------------------------- */

static void run_until_cancelled(serve_task *task)
{
    turn *t = (turn *)task;
    dr_cancel *cancel = NULL;
    assert_int_equal(dr_cancel_new(&cancel), DR_OK);
    dr_cancel_watch(cancel);
    atomic_store(&t->begun, true);
    while (!dr_cancelled())
        if (atomic_load(&t->cancelled))
            dr_cancel_now(cancel);
    dr_cancel_watch(NULL);
    dr_cancel_free(cancel);
}

static void a_paused_task_that_is_dropped_goes_on_to_its_end(void **state)
{
    serve_queue *queue = queue_of(1, 10);
    turn draws = turn_of("a", true), slider = turn_of("b", false);
    (void)state;
    draws.task.run = run_until_cancelled;
    put_and_begin(queue, &draws);
    put_and_begin(queue, &slider);
    atomic_store(&draws.cancelled, true);
    for (int tries = 0; tries < 300000 && !draws.gone; tries++) { /* it may yet pause */
        assert_false(serve_queue_drop(queue, &draws.task));
        usleep(100);
    }
    assert_true(draws.gone);
    assert_false(slider.gone);
    let_end(&slider);
    serve_queue_free(queue);
}

static void the_end_waits_for_all(void **state)
{
    serve_queue *queue = queue_of(2, 100);
    turn many[40];
    (void)state;
    for (size_t i = 0; i < 40; i++) {
        many[i] = turn_of(i % 3 ? "a" : "b", i % 2);
        atomic_store(&many[i].may_end, true);
        assert_true(serve_queue_put(queue, &many[i].task));
    }
    serve_queue_free(queue);
    for (size_t i = 0; i < 40; i++)
        assert_true(many[i].gone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_client_has_room_of_its_own),
        cmocka_unit_test(a_short_task_takes_the_place_of_a_long_one),
        cmocka_unit_test(long_tasks_share_by_client),
        cmocka_unit_test(a_short_task_that_takes_long_is_a_long_one),
        cmocka_unit_test(waiting_is_not_running),
        cmocka_unit_test(who_holds_something_is_not_paused),
        cmocka_unit_test(a_paused_task_that_is_dropped_goes_on_to_its_end),
        cmocka_unit_test(the_end_waits_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
