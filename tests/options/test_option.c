/* Options: values, ranges, lists, defaults, and conditions between options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "options/draw_rows.h"
#include "options/game_rows.h"
#include "options/measure_rows.h"
#include "options/plan_rows.h"
#include "options/result_rows.h"
#include "result/result_tables.h"

static const char *const colours[] = {"red", "green", "blue", NULL};
static const char *const endings[] = {"csv", "json", NULL};

static const option_row rows[] = {
    {"rate", "RATE", .kind = OPTION_RATE, .above = true, .most = 1, .unit = "/year", .example = "5%"},
    {"count", "N", .kind = OPTION_COUNT, .least = 1, .most = 1000, .fallback = "2"},
    {"number", "X", .kind = OPTION_NUMBER, .least = 1, .above = true, .fallback = "as the file says"},
    {"colour", "COLOUR", .kind = OPTION_WORD, .words = colours, .fallback = "green"},
    {"colours", "COLOURS", .kind = OPTION_WORDS, .words = colours},
    {"file", "FILE", .kind = OPTION_FILE, .words = endings},
    {"flag", NULL, .kind = OPTION_FLAG, .needs = "count colour=red|blue"},
    {"text", "TEXT", .kind = OPTION_TEXT, .many = true, .excludes = "flag colour=blue"},
    {0},
};
static const option_row needed[] = {
    {"must", "NAME", .kind = OPTION_REGION, .required = true, .help = "region to choose; or several"},
    {0},
};
static const option_group groups[] = {{"Options", .rows = rows}, {0}};
static const option_group with_needed[] = {{.rows = needed}, {.rows = rows, .needs = "must"}, {0}};

/* Adds a value; the error's text, or "" if there is none. */
static const char *add(option_values *values, const char *name, const char *text)
{
    dr_status status = option_add(values, option_find(values->groups, name), text);
    assert_true(status == DR_OK || status == DR_USAGE);
    return status == DR_OK ? "" : dr_error_text();
}

/* Reads one value alone. */
static const char *read(const char *name, const char *text, double *number)
{
    option_values values = {.groups = groups, .dashes = true};
    const char *error = add(&values, name, text);
    if (number)
        *number = option_number(&values, name);
    option_values_free(&values);
    return error;
}

static void numbers_have_types_and_ranges(void **state)
{
    double number = 0;
    (void)state;
    assert_string_equal(read("rate", "5%/year", &number), "");
    assert_true(number == 0.05);
    assert_string_equal(read("rate", "0.05", &number), "");
    assert_true(number == 0.05);
    assert_string_equal(read("rate", "100%", &number), "");
    assert_string_equal(read("rate", "0%", NULL),
                        "--rate '0%': expected a percentage above 0% and at most 100%, such as 5%");
    assert_string_equal(read("rate", "5", NULL),
                        "--rate '5': expected a percentage above 0% and at most 100%, such as 5%; did you mean 5%?");
    assert_string_equal(read("count", "1000", &number), "");
    assert_true(number == 1000);
    assert_string_equal(read("count", "1001", NULL), "--count '1001': expected a whole number from 1 to 1000");
    assert_string_equal(read("count", "2.5", NULL), "--count '2.5': expected a whole number from 1 to 1000");
    assert_string_equal(read("number", "1", NULL), "--number '1': expected a number above 1");
    assert_string_equal(read("number", "1.5", &number), "");
    assert_true(number == 1.5);
    assert_non_null(strstr(read("number", "1,5", NULL), "--number '1,5': expected a number above 1; write decimals"));
}

static void words_are_of_their_list(void **state)
{
    (void)state;
    assert_string_equal(read("colour", "blue", NULL), "");
    assert_string_equal(read("colour", "bleu", NULL),
                        "--colour 'bleu': expected red, green or blue; did you mean 'blue'?");
    assert_string_equal(read("colours", "red,blue", NULL), "");
    assert_string_equal(read("colours", "red,yellow", NULL), "--colours 'yellow': expected red, green or blue");
    assert_string_equal(read("file", "a.CSV", NULL), "");
    assert_string_equal(read("file", "a.txt", NULL), "--file 'a.txt': expected a name that ends with .csv or .json");
    assert_string_equal(read("text", "", NULL), "--text is empty: expected a text");
}

static void defaults_are_read_as_values(void **state)
{
    option_values values = {.groups = groups};
    (void)state;
    assert_true(option_number(&values, "count") == 2);
    assert_true(option_number(&values, "number") == 0); /* its default is words */
    assert_int_equal(option_word(&values, "colour"), 1);
    assert_null(option_text(&values, "colour"));
    assert_string_equal(add(&values, "colour", "blue"), "");
    assert_int_equal(option_word(&values, "colour"), 2);
    assert_string_equal(add(&values, "colour", "red"), "'colour' is given twice");
    assert_string_equal(add(&values, "text", "a"), "");
    assert_string_equal(add(&values, "text", "b"), "");
    option_values_free(&values);
}

/* Checks a line of options, each with a value that is right. */
static const char *check(const option_group *of, bool dashes, const char *const *names)
{
    option_values values = {.groups = of, .dashes = dashes};
    for (; *names; names += 2)
        assert_string_equal(add(&values, names[0], names[1]), "");
    dr_status status = option_check(&values);
    option_values_free(&values);
    assert_true(status == DR_OK || status == DR_USAGE);
    return status == DR_OK ? "" : dr_error_text();
}

#define CHECK(...) check(groups, true, (const char *const[]){__VA_ARGS__, NULL})

static void options_need_and_exclude_others(void **state)
{
    (void)state;
    assert_string_equal(CHECK("flag", ""), "--flag needs --count or --colour red or blue");
    assert_string_equal(CHECK("flag", "", "count", "3"), "");
    assert_string_equal(CHECK("flag", "", "colour", "blue"), "");
    assert_string_equal(CHECK("flag", "", "colour", "green"), "--flag needs --count or --colour red or blue");
    assert_string_equal(CHECK("text", "a", "colour", "red"), "");
    assert_string_equal(CHECK("text", "a", "colour", "blue"), "--text cannot be combined with --colour blue");
    assert_string_equal(CHECK("flag", "", "count", "3", "text", "a"), "--text cannot be combined with --flag");
}

static void groups_need_and_rows_are_required(void **state)
{
    (void)state;
    assert_string_equal(check(with_needed, true, (const char *const[]){NULL}),
                        "--must NAME is missing: region to choose");
    assert_string_equal(check(with_needed, false, (const char *const[]){"count", "3", NULL}),
                        "'must' is missing: region to choose");
    assert_string_equal(check(with_needed, true, (const char *const[]){"must", "EU", "count", "3", NULL}), "");
}

static void one_of_several_is_needed(void **state)
{
    option_values values = {.groups = groups, .dashes = true};
    (void)state;
    assert_int_equal(option_check_any(&values, NULL), DR_OK);
    assert_int_equal(option_check_any(&values, "count rate flag"), DR_USAGE);
    assert_string_equal(dr_error_text(), "one of --count, --rate and --flag is needed");
    assert_int_equal(option_check_any(&values, "count"), DR_USAGE);
    assert_string_equal(dr_error_text(), "--count is needed");
    assert_string_equal(add(&values, "rate", "5%"), "");
    assert_int_equal(option_check_any(&values, "count rate flag"), DR_OK);
    option_values_free(&values);
}

/* A default that is a value of the option's type lies in its range and list. */
static void shared_rows_have_defaults_that_they_take(void **state)
{
    const option_group shared[] = {{.rows = option_plan_aims},    {.rows = option_plan_rows},
                                   {.rows = option_draw_rows},    {.rows = option_game_rows},
                                   {.rows = option_ties_rows},    {.rows = option_exposure_rows},
                                   {.rows = option_balance_rows}, {0}};
    const option_row *row;
    (void)state;
    for (size_t i = 0; (row = option_at(shared, i)); i++) {
        option_values values = {.groups = shared};
        bool is_year = strcmp(row->name, "year") == 0; /* "the last" */
        if (row->fallback && !is_year)
            assert_int_equal(option_add(&values, row, row->fallback), DR_OK);
        assert_non_null(row->help);
        option_values_free(&values);
    }
}

static void stored_tables_are_those_of_results(void **state)
{
    size_t count = 0;
    (void)state;
    for (; option_stored_tables[count]; count++)
        assert_string_equal(option_stored_tables[count], dr_result_tables[count].name);
    assert_int_equal(count, DR_STORED_TABLES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_types_and_ranges),
        cmocka_unit_test(words_are_of_their_list),
        cmocka_unit_test(defaults_are_read_as_values),
        cmocka_unit_test(options_need_and_exclude_others),
        cmocka_unit_test(groups_need_and_rows_are_required),
        cmocka_unit_test(one_of_several_is_needed),
        cmocka_unit_test(shared_rows_have_defaults_that_they_take),
        cmocka_unit_test(stored_tables_are_those_of_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
