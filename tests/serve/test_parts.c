/* The parts of the server that need no sockets: what is kept, who waits, who may ask, what is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "serve/api.h"
#include "serve/queue.h"

/* ---- What is kept ------------------------------------------------------------------------------------------------------ */

static atomic_int made, freed;

static dr_status make_number(void **out, void *user)
{
    const int *number = user;
    if (*number < 0)
        return dr_fail(DR_BAD_INPUT, "a number below 0");
    usleep(1000); /* so that others ask meanwhile */
    atomic_fetch_add(&made, 1);
    *out = dr_new(1, sizeof *number);
    *(int *)*out = *number;
    return DR_OK;
}

static void free_number(void *thing)
{
    atomic_fetch_add(&freed, 1);
    free(thing);
}

static const serve_kind numbers = {2, make_number, free_number};

static serve_kept *take(serve_cache *cache, int number)
{
    char name[16];
    serve_kept *kept = NULL;
    snprintf(name, sizeof name, "%d", number);
    assert_int_equal(serve_cache_take(&kept, cache, &numbers, name, &number), DR_OK);
    assert_int_equal(*(int *)serve_kept_thing(kept), number);
    return kept;
}

static void the_last_few_stay(void **state)
{
    serve_cache *cache = NULL;
    (void)state;
    made = freed = 0;
    assert_int_equal(serve_cache_new(&cache), DR_OK);
    for (int i = 0; i < 3; i++)
        serve_cache_give(cache, take(cache, i));
    assert_int_equal(freed, 1); /* 0 was used longest ago */
    serve_cache_give(cache, take(cache, 1));
    assert_int_equal(made, 3);
    serve_cache_give(cache, take(cache, 3));
    serve_cache_give(cache, take(cache, 1)); /* not 1 went, but 2 */
    assert_int_equal(made, 4);
    serve_cache_free(cache);
    assert_int_equal(freed, made);
}

static void what_is_used_stays(void **state)
{
    serve_cache *cache = NULL;
    serve_kept *kept[5];
    (void)state;
    made = freed = 0;
    assert_int_equal(serve_cache_new(&cache), DR_OK);
    for (int i = 0; i < 5; i++)
        kept[i] = take(cache, i);
    assert_int_equal(freed, 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(*(int *)serve_kept_thing(kept[i]), i);
        serve_cache_give(cache, kept[i]);
    }
    assert_int_equal(freed, 3);
    serve_cache_free(cache);
}

static void what_fails_is_not_kept(void **state)
{
    serve_cache *cache = NULL;
    serve_kept *kept = NULL;
    int bad = -1;
    (void)state;
    assert_int_equal(serve_cache_new(&cache), DR_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(serve_cache_take(&kept, cache, &numbers, "-1", &bad), DR_BAD_INPUT);
    assert_null(kept);
    assert_string_equal(dr_error_text(), "a number below 0");
    serve_cache_free(cache);
}

static void *take_and_give(void *user)
{
    serve_cache *cache = user;
    for (int i = 0; i < 200; i++)
        serve_cache_give(cache, take(cache, i % 2));
    return NULL;
}

static void what_several_ask_for_is_made_once(void **state)
{
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    serve_cache *cache = NULL;
    (void)state;
    made = freed = 0;
    assert_int_equal(serve_cache_new(&cache), DR_OK);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, cache), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(made, 2);
    serve_cache_free(cache);
    assert_int_equal(freed, 2);
}

/* ---- Who waits --------------------------------------------------------------------------------------------------------- */

typedef struct errand {
    serve_task task; /* the first member */
    atomic_bool begun, may_end, ended;
} errand;

static void run_errand(serve_task *task, serve_desk *desk)
{
    errand *e = (errand *)task;
    (void)desk;
    atomic_store(&e->begun, true);
    while (!atomic_load(&e->may_end))
        usleep(100);
    atomic_store(&e->ended, true);
}

static void a_line_is_bounded_and_can_be_left(void **state)
{
    serve_core core = {.lock = PTHREAD_MUTEX_INITIALIZER};
    serve_queue *queue = NULL;
    errand errands[4];
    size_t waiting, running, done;
    (void)state;
    memset(errands, 0, sizeof errands);
    for (size_t i = 0; i < 4; i++)
        errands[i].task.run = run_errand;
    assert_int_equal(serve_queue_new(&queue, &core, 1, 2), DR_OK);
    assert_true(serve_queue_put(queue, &errands[0].task));
    while (!atomic_load(&errands[0].begun))
        usleep(100);
    assert_true(serve_queue_put(queue, &errands[1].task));
    assert_true(serve_queue_put(queue, &errands[2].task));
    assert_false(serve_queue_put(queue, &errands[3].task));
    serve_queue_count(queue, &waiting, &running, &done);
    assert_int_equal(waiting, 2);
    assert_int_equal(running, 1);
    assert_true(serve_queue_drop(queue, &errands[2].task));
    assert_false(serve_queue_drop(queue, &errands[2].task));
    assert_false(serve_queue_drop(queue, &errands[0].task)); /* it runs */
    assert_true(serve_queue_put(queue, &errands[3].task));
    for (size_t i = 0; i < 4; i++)
        atomic_store(&errands[i].may_end, true);
    serve_queue_free(queue);
    assert_true(errands[0].ended && errands[1].ended && errands[3].ended);
    assert_false(errands[2].begun);
}

/* ---- Who may ask ------------------------------------------------------------------------------------------------------- */

static unsigned asks(const serve_guard *guard, serve_request request)
{
    serve_reply reply = {0};
    request.method = "GET";
    request.path = "/api/v1/status";
    unsigned status = serve_find(&reply, guard, &request) ? 200 : reply.status;
    serve_reply_free(&reply);
    return status;
}

static void the_guard_lets_in_whom_it_should(void **state)
{
    const serve_guard here = {.port = 8787}, far = {.port = 80, .token = "secret"};
    (void)state;
    assert_int_equal(asks(&here, (serve_request){.host = "127.0.0.1:8787"}), 200);
    assert_int_equal(asks(&here, (serve_request){.host = "[::1]:8787"}), 200);
    assert_int_equal(asks(&here, (serve_request){0}), 400);
    assert_int_equal(asks(&here, (serve_request){.host = "127.0.0.1:87870"}), 403);
    assert_int_equal(asks(&here, (serve_request){.host = "127.0.0.1.example:8787"}), 403);
    assert_int_equal(asks(&here, (serve_request){.host = "localhost:8787", .origin = "http://localhost:8787"}), 200);
    assert_int_equal(asks(&here, (serve_request){.host = "localhost:8787", .origin = "http://localhost:87870"}), 403);
    assert_int_equal(asks(&here, (serve_request){.host = "localhost:8787", .origin = ""}), 403);
    assert_int_equal(asks(&far, (serve_request){.host = "a.example"}), 401);
    assert_int_equal(asks(&far, (serve_request){.host = "a.example", .authorization = "bearer secret"}), 200);
    assert_int_equal(asks(&far, (serve_request){.host = "a.example", .authorization = "Bearer secre"}), 401);
    assert_int_equal(asks(&far, (serve_request){.host = "a.example", .authorization = "Bearer secretsecret"}), 401);
}

static void secrets_are_compared_whole(void **state)
{
    (void)state;
    assert_true(serve_same_secret("abc", "abc"));
    assert_false(serve_same_secret("", "abc"));
    assert_false(serve_same_secret("abc", ""));
    assert_false(serve_same_secret("abcabc", "abc"));
    assert_false(serve_same_secret("abc", "abd"));
}

/* ---- What is told ------------------------------------------------------------------------------------------------------ */

static void errors_hide_the_folder_of_the_world(void **state)
{
    serve_reply reply = {0};
    (void)state;
    dr_error_keep("a/folder/a.world: no year; a/folder/a.world again \"quoted\"");
    serve_refuse_failure(&reply, DR_BAD_INPUT, 0, "a/folder/a.world", "a.world");
    assert_int_equal(reply.status, 400);
    assert_string_equal(reply.text, "{\"error\": {\"status\": \"bad-input\", \"message\": \"a.world: no year; a.world "
                                    "again \\\"quoted\\\"\"}}");
    serve_reply_free(&reply);
    dr_error_keep("not UTF-8: \xff");
    serve_refuse_failure(&reply, DR_NO_SOLUTION, 0, NULL, NULL);
    assert_int_equal(reply.status, 422);
    assert_non_null(strstr(reply.text, "\"error\""));
    serve_reply_free(&reply);
}

/* ---- What is read ------------------------------------------------------------------------------------------------------ */

static void rates_and_numbers_are_read(void **state)
{
    double out = -1;
    json_t *body = json_loads("{\"a\": 0.3, \"b\": \"1000%\", \"c\": 2, \"d\": [], \"e\": 3.5, \"f\": true}", 0, NULL);
    (void)state;
    assert_int_equal(serve_rate(NULL, "x", &out), DR_OK);
    assert_true(out == -1);
    assert_int_equal(serve_rate(json_object_get(body, "a"), "a", &out), DR_OK);
    assert_true(out == 0.3);
    assert_int_equal(serve_rate(json_object_get(body, "b"), "b", &out), DR_OK);
    assert_true(out == 10);
    assert_int_equal(serve_rate(json_object_get(body, "c"), "c", &out), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "c: the rate 2 would be 200%; did you mean 2%?");
    assert_int_equal(serve_rate(json_object_get(body, "d"), "d", &out), DR_USAGE);
    assert_int_equal(serve_whole(json_object_get(body, "c"), "c", 1, 3, &out), DR_OK);
    assert_true(out == 2);
    assert_int_equal(serve_whole(json_object_get(body, "e"), "e", 1, 5, &out), DR_USAGE);
    assert_string_equal(dr_error_text(), "e: a whole number from 1 to 5 was expected");
    assert_int_equal(serve_number(json_object_get(body, "f"), "f", 0, 1, &out), DR_USAGE);
    json_decref(body);
}

static void lists_are_joined(void **state)
{
    char *list = NULL;
    json_t *body = json_loads("{\"a\": \"EU,USA\", \"b\": [\"EU\", \"USA\"], \"c\": [], \"d\": [1]}", 0, NULL);
    (void)state;
    for (const char *key = "a"; key; key = *key == 'a' ? "b" : NULL) {
        assert_int_equal(serve_list(json_object_get(body, key), key, &list), DR_OK);
        assert_string_equal(list, "EU,USA");
        free(list);
    }
    assert_int_equal(serve_list(json_object_get(body, "c"), "c", &list), DR_USAGE);
    assert_int_equal(serve_list(json_object_get(body, "d"), "d", &list), DR_USAGE);
    assert_string_equal(dr_error_text(), "d: a text that is not empty was expected");
    json_decref(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_few_stay),
        cmocka_unit_test(what_is_used_stays),
        cmocka_unit_test(what_fails_is_not_kept),
        cmocka_unit_test(what_several_ask_for_is_made_once),
        cmocka_unit_test(a_line_is_bounded_and_can_be_left),
        cmocka_unit_test(the_guard_lets_in_whom_it_should),
        cmocka_unit_test(secrets_are_compared_whole),
        cmocka_unit_test(errors_hide_the_folder_of_the_world),
        cmocka_unit_test(rates_and_numbers_are_read),
        cmocka_unit_test(lists_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
