/* Names: order, lookup, and the nearest right one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/names.h"

static void order_is_that_of_adding(void **state)
{
    dr_names set = {0};
    (void)state;
    assert_int_equal(dr_names_find(&set, "DEU"), -1);
    assert_int_equal(dr_names_add(&set, "DEU"), 0);
    assert_int_equal(dr_names_add(&set, "CHN"), 1);
    assert_int_equal(dr_names_add(&set, "DEU"), 0);
    assert_int_equal(dr_names_add(&set, ""), 2);
    assert_int_equal(set.count, 3);
    assert_string_equal(set.names[0], "DEU");
    assert_string_equal(set.names[1], "CHN");
    assert_int_equal(dr_names_find(&set, "CHN"), 1);
    assert_int_equal(dr_names_find(&set, "chn"), -1);
    assert_int_equal(dr_names_find(&set, ""), 2);
    dr_names_free(&set);
    assert_int_equal(set.count, 0);
    assert_int_equal(dr_names_find(&set, "CHN"), -1);
}

static void many_names(void **state)
{
    enum { COUNT = 100000 };
    dr_names set = {0};
    char name[16];
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "name %d", i);
        assert_int_equal(dr_names_add(&set, name), i);
    }
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "name %d", i);
        assert_int_equal(dr_names_find(&set, name), i);
        assert_string_equal(set.names[i], name);
    }
    assert_int_equal(dr_names_find(&set, "name 100000"), -1);
    assert_int_equal(set.count, COUNT);
    dr_names_free(&set);
}

static const char *const codes[] = {"CHN",        "DEU",   "USA", "electrical-equipment", "transport-equipment",
                                    "trade-cost", "tariff"};
enum { CODES = sizeof codes / sizeof *codes };

static void nearest(const char *word, const char *expected)
{
    const char *found = dr_nearest(word, codes, CODES);
    if (!expected)
        assert_null(found);
    else
        assert_string_equal(found ? found : "(none)", expected);
}

static void the_nearest_name(void **state)
{
    (void)state;
    nearest("chn", "CHN");
    nearest("CHM", "CHN");
    nearest("DUE", "DEU"); /* neighbours swapped */
    nearest("tarif", "tariff");
    nearest("tarriff", "tariff");
    nearest("trade_cost", "trade-cost");
    nearest("eletrical-equipmnt", "electrical-equipment");
    nearest("transport", "transport-equipment"); /* a part of it */
    nearest("XYZ", NULL);
    nearest("services", NULL);
    nearest("", NULL);
    assert_null(dr_nearest("CHN", codes, 0));
}

static void words_too_long_to_compare(void **state)
{
    char word[512];
    const char *const candidate = word;
    (void)state;
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    assert_null(dr_nearest(word, codes, CODES));
    assert_null(dr_nearest("b", &candidate, 1));
}

static void hints(void **state)
{
    char hint[DR_HINT_SIZE];
    (void)state;
    assert_string_equal(dr_hint(hint, "CHM", codes, CODES), "; did you mean 'CHN'?");
    assert_string_equal(dr_hint(hint, "XYZ", codes, CODES), "");
    assert_ptr_equal(dr_hint(hint, "CHM", codes, CODES), hint);
}

static void utf8(void **state)
{
    static const char *const good[] = {
        "", "abc", "C\xc3\xb4te", "\xe2\x82\xac", "\xf0\x9f\x8c\x8d", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {
        "\x80",         "\xc3",     "C\xf4te",          "\xc0\xaf",         "\xe0\x80\xaf",
        "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80", "\xff"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(dr_utf8(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(dr_utf8(bad[i]));
}

/* The published values of FNV-1a, 64 bits. */
static void hash(void **state)
{
    (void)state;
    assert_true(dr_hash(DR_HASH_SEED, "", 0) == 0xcbf29ce484222325u);
    assert_true(dr_hash(DR_HASH_SEED, "a", 1) == 0xaf63dc4c8601ec8cu);
    assert_true(dr_hash(DR_HASH_SEED, "foobar", 6) == 0x85944171f73967e8u);
    assert_true(dr_hash(dr_hash(DR_HASH_SEED, "foo", 3), "bar", 3) == 0x85944171f73967e8u);
}

static void a_list_ends_with_null(void **state)
{
    (void)state;
    assert_int_equal(dr_list_length((const char *const[]){NULL}), 0);
    assert_int_equal(dr_list_length((const char *const[]){"a", "", "b", NULL}), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_that_of_adding),
        cmocka_unit_test(many_names),
        cmocka_unit_test(the_nearest_name),
        cmocka_unit_test(words_too_long_to_compare),
        cmocka_unit_test(hints),
        cmocka_unit_test(utf8),
        cmocka_unit_test(hash),
        cmocka_unit_test(a_list_ends_with_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
