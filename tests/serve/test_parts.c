/* The parts of the server that need no sockets: cache, admission, error messages, reading of values. */
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

/* ---- Cache ------------------------------------------------------------------------------------------------------ */

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

static serve_entry *take(serve_cache *cache, int number)
{
    char name[16];
    serve_entry *entry = NULL;
    snprintf(name, sizeof name, "%d", number);
    assert_int_equal(serve_cache_take(&entry, cache, &numbers, name, &number), DR_OK);
    assert_int_equal(*(int *)serve_entry_thing(entry), number);
    return entry;
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

static void an_entry_in_use_stays(void **state)
{
    serve_cache *cache = NULL;
    serve_entry *entries[5];
    (void)state;
    made = freed = 0;
    assert_int_equal(serve_cache_new(&cache), DR_OK);
    for (int i = 0; i < 5; i++)
        entries[i] = take(cache, i);
    assert_int_equal(freed, 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(*(int *)serve_entry_thing(entries[i]), i);
        serve_cache_give(cache, entries[i]);
    }
    assert_int_equal(freed, 3);
    serve_cache_free(cache);
}

static void a_failure_is_not_cached(void **state)
{
    serve_cache *cache = NULL;
    serve_entry *entry = NULL;
    int bad = -1;
    (void)state;
    assert_int_equal(serve_cache_new(&cache), DR_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(serve_cache_take(&entry, cache, &numbers, "-1", &bad), DR_BAD_INPUT);
    assert_null(entry);
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

static void a_thing_that_several_need_is_made_once(void **state)
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

/* ---- Admission --------------------------------------------------------------------------------------------------- */

static unsigned asks(const serve_guard *guard, serve_request request)
{
    serve_reply reply = {0};
    request.method = "GET";
    request.path = "/api/v1/status";
    unsigned status = serve_find(&reply, guard, &request) ? 200 : reply.status;
    serve_reply_free(&reply);
    return status;
}

static void the_guard_admits_its_own_page_and_holders_of_the_token(void **state)
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

static void a_proxy_that_names_users_names_one(void **state)
{
    const serve_guard guard = {.port = 8787, .origin = "https://a.example", .user_header = "X-Forwarded-User"};
    (void)state;
    assert_int_equal(asks(&guard, (serve_request){.host = "a.example"}), 401);
    assert_int_equal(asks(&guard, (serve_request){.host = "a.example", .user = "ann"}), 200);
}

static void frames_are_origins(void **state)
{
    (void)state;
    char frames[SERVE_FRAMES_SIZE], one[2 * SERVE_FRAMES_SIZE] = "https://a.example";
    static const char *const wrong[] = {"",
                                        "*",
                                        "a.example",
                                        "https://a.example/path",
                                        "https://a.example,",
                                        "https://a.example; script-src *",
                                        "https://a b.example"};
    assert_int_equal(serve_frames_check(frames, "https://A.example:443 , http://b.example:8080"), DR_OK);
    assert_string_equal(frames, "https://A.example http://b.example:8080");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(serve_frames_check(frames, wrong[i]), DR_USAGE);
    while (strlen(one) < SERVE_FRAMES_SIZE)
        strcat(one, ",https://a.example");
    assert_int_equal(serve_frames_check(frames, one), DR_USAGE);
}

static void an_origin_may_have_a_path(void **state)
{
    static const char *const wrong[] = {"https://a.example/",     "https://a.example/b/",  "https://a.example//b",
                                        "https://a.example/../b", "https://a.example/b?c", "https:///b"};
    char origin[SERVE_ORIGIN_SIZE], path[SERVE_ORIGIN_SIZE];
    (void)state;
    assert_int_equal(serve_origin_check(origin, path, "https://a.example:443/tools/derisk"), DR_OK);
    assert_string_equal(origin, "https://a.example");
    assert_string_equal(path, "/tools/derisk");
    assert_int_equal(serve_origin_check(origin, path, "http://a.example:8080"), DR_OK);
    assert_string_equal(origin, "http://a.example:8080");
    assert_string_equal(path, "");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(serve_origin_check(origin, path, wrong[i]), DR_USAGE);
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

/* ---- Messages ---------------------------------------------------------------------------------------------------- */

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

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static const option_row rate = {"rate", .kind = OPTION_RATE, .example = "40%", .many = true};
static const option_row count = {"count", .kind = OPTION_COUNT, .least = 1, .most = 3, .many = true};
static const option_row flag = {"flag", .kind = OPTION_FLAG, .many = true};
static const option_row names = {"names", .kind = OPTION_REGION, .many = true};

/* Adds a value; the error's text, or "" if there is none. */
static const char *add(option_values *values, const option_row *row, const char *json)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    dr_status status = serve_add_json(values, row, value);
    json_decref(value);
    assert_true(status == DR_OK || status == DR_USAGE);
    return status == DR_OK ? "" : dr_error_text();
}

static double last_number(const option_values *values)
{
    return values->given[values->count - 1].number;
}

static void rates_and_numbers_are_read(void **state)
{
    option_values values = {0};
    (void)state;
    assert_string_equal(add(&values, &rate, "0.3"), "");
    assert_true(last_number(&values) == 0.3);
    assert_string_equal(add(&values, &rate, "\"1000%\""), "");
    assert_true(last_number(&values) == 10);
    assert_string_equal(add(&values, &rate, "2"),
                        "rate '2': expected a percentage of at least 0%, such as 40%; did you mean 2%?");
    assert_string_equal(add(&values, &rate, "[]"), "rate: expected a percentage of at least 0%, such as 40%");
    assert_string_equal(add(&values, &count, "2"), "");
    assert_true(last_number(&values) == 2);
    assert_string_equal(add(&values, &count, "2.5"), "count '2.5': expected a whole number from 1 to 3");
    assert_string_equal(add(&values, &count, "\"2\""), "count: expected a whole number from 1 to 3");
    assert_string_equal(add(&values, &count, "true"), "count: expected a whole number from 1 to 3");
    assert_string_equal(add(&values, &flag, "1"), "flag: expected true or false");
    option_values_free(&values);
}

static void false_is_a_flag_that_is_not_given(void **state)
{
    option_values values = {0};
    (void)state;
    assert_string_equal(add(&values, &flag, "false"), "");
    assert_false(option_given(&values, "flag"));
    assert_string_equal(add(&values, &flag, "true"), "");
    assert_true(option_given(&values, "flag"));
    option_values_free(&values);
}

static void lists_are_joined(void **state)
{
    static const char *const lists[] = {"\"EU,USA\"", "[\"EU\", \"USA\"]"};
    static const char *const wrong[] = {"[]", "[1]", "[\"\"]", "1"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        option_values values = {0};
        json_t *list = json_loads(lists[i], JSON_DECODE_ANY, NULL); /* which the values refer to */
        assert_int_equal(serve_add_json(&values, &names, list), DR_OK);
        assert_string_equal(option_text(&values, "names"), "EU,USA");
        option_values_free(&values);
        json_decref(list);
    }
    for (size_t i = 0; i < 4; i++) {
        option_values values = {0};
        assert_string_equal(add(&values, &names, wrong[i]),
                            "names: expected regions or groups, as a text or a list of texts");
        option_values_free(&values);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_few_stay),
        cmocka_unit_test(an_entry_in_use_stays),
        cmocka_unit_test(a_failure_is_not_cached),
        cmocka_unit_test(a_thing_that_several_need_is_made_once),
        cmocka_unit_test(the_guard_admits_its_own_page_and_holders_of_the_token),
        cmocka_unit_test(a_proxy_that_names_users_names_one),
        cmocka_unit_test(an_origin_may_have_a_path),
        cmocka_unit_test(frames_are_origins),
        cmocka_unit_test(secrets_are_compared_whole),
        cmocka_unit_test(errors_hide_the_folder_of_the_world),
        cmocka_unit_test(rates_and_numbers_are_read),
        cmocka_unit_test(false_is_a_flag_that_is_not_given),
        cmocka_unit_test(lists_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
