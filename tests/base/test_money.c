/* Sums of money in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/money.h"

static void sums_have_four_digits_and_the_unit_once(void **state)
{
    static const struct {
        double value;
        const char *unit, *text;
    } cases[] = {
        {445011, "million US dollars, current prices", "445.0 billion US dollars"},
        {-4251.3, "million US dollars, current prices", "4.251 billion US dollars"},
        {999.94, "million euros", "999.9 million euros"},
        {999.96, "million euros", "1000 million euros"},
        {1000, "million euros", "1.000 billion euros"},
        {5, "thousand tonnes", "5.000 thousand tonnes"},
        {0.5, "million euros", "500,000 euros"},
        {0.00157512, "million US dollars", "1575 US dollars"},
        {-0.5, "thousand tonnes", "500.0 tonnes"},
        {0.0021, "billion euros", "2.100 million euros"},
        {2e-10, "billion euros", "0.2000 euros"},
        {1234.4, "euros", "1234 euros"},
        {12.3456, "euros", "12.35 euros"},
        {2.5e9, "thousand euros", "2.500 trillion euros"},
        {2.5e9, "billion euros", "2,500,000 trillion euros"},
        {0, "million euros", "0 million euros"},
    };
    char text[DR_MONEY_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(dr_money(text, cases[i].value, cases[i].unit), cases[i].text);
}

static void a_sum_without_its_currency(void **state)
{
    char text[DR_MONEY_SIZE];
    (void)state;
    assert_string_equal(dr_money_short(text, -323810, "million US dollars, current prices"), "323.8 billion");
    assert_string_equal(dr_money_short(text, 12.3456, "euros"), "12.35");
    assert_string_equal(dr_money_short(text, 123456, "kt"), "123,456");
    assert_string_equal(dr_money_short(text, 0, "million euros"), "0 million");
}

static void a_unit_is_shortened_while_numbers_are_large(void **state)
{
    char unit[DR_MONEY_SIZE] = "thousand euros";
    (void)state;
    assert_true(dr_money_shorten(unit, 9.9e6, 1e4) == 1e-3);
    assert_string_equal(unit, "million euros");
    assert_true(dr_money_shorten(unit, 9999, 1e4) == 1);
    assert_string_equal(unit, "million euros");
    assert_true(dr_money_shorten(unit, 1e7, 1e3) == 1e-3 * 1e-3);
    assert_string_equal(unit, "trillion euros");
}

static void the_power_of_a_unit(void **state)
{
    const char *rest = NULL;
    (void)state;
    assert_true(dr_money_power("million US dollars, current prices", &rest) == 1e6);
    assert_string_equal(rest, "US dollars, current prices");
    assert_true(dr_money_power("thousand euros", NULL) == 1e3);
    assert_true(dr_money_power("trillion euros", NULL) == 1e12);
    assert_true(dr_money_power("euros", &rest) == 1);
    assert_string_equal(rest, "euros");
    assert_true(dr_money_power("millions", &rest) == 1);
    assert_string_equal(rest, "millions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_have_four_digits_and_the_unit_once),
        cmocka_unit_test(a_sum_without_its_currency),
        cmocka_unit_test(the_power_of_a_unit),
        cmocka_unit_test(a_unit_is_shortened_while_numbers_are_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
