/* Numbers as machines read them (nothing lost) and as people do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "report/number.h"

static void exact_digits_read_back(void **state)
{
    (void)state;
    char text[DR_NUMBER_SIZE];
    uint64_t bits = 88172645463325252u; /* xorshift: every exponent and sign turns up */
    for (int i = 0; i < 200000; i++) {
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        double number;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        assert_true(strtod(dr_number_exact(text, number), NULL) == number);
    }
}

static void exact_digits_are_few(void **state)
{
    (void)state;
    char text[DR_NUMBER_SIZE];
    assert_string_equal(dr_number_exact(text, 0.1), "0.1");
    assert_string_equal(dr_number_exact(text, 0.1 + 0.2), "0.30000000000000004");
    assert_string_equal(dr_number_exact(text, 2011), "2011");
    assert_string_equal(dr_number_exact(text, -1e300), "-1e+300");
}

static void assert_shown(const char *expected, dr_show show, double largest, double number)
{
    char text[DR_NUMBER_SIZE];
    assert_string_equal(dr_number_shown(text, show, dr_number_decimals(show, largest), number), expected);
}

static void people_read_percents_and_shares(void **state)
{
    (void)state;
    assert_shown("1.25%", DR_SHOW_PERCENT, 2, 1.254);
    assert_shown("1.25%", DR_SHOW_SHARE, 1, 0.01254);
    assert_shown("-12,345.68%", DR_SHOW_PERCENT, 2e4, -12345.678);
    assert_shown("0.00%", DR_SHOW_PERCENT, 2, -0.0001);
    assert_shown("-0.01%", DR_SHOW_PERCENT, 2, -0.009);
    assert_shown("", DR_SHOW_PERCENT, 2, NAN);
}

static void people_read_values_and_counts(void **state)
{
    (void)state;
    assert_shown("1,234,568", DR_SHOW_VALUE, 1234567.8, 1234567.8);
    assert_shown("12", DR_SHOW_VALUE, 1234567.8, 12.3);
    assert_shown("999.9", DR_SHOW_VALUE, 999.9, 999.9);
    assert_shown("-1,000.0", DR_SHOW_VALUE, 1000, -1000);
    assert_shown("2011", DR_SHOW_COUNT, 2011, 2011);
    assert_shown("57,400", DR_SHOW_COUNT, 57400, 57400);
    assert_shown("3.142", DR_SHOW_NUMBER, 100, 3.14159);
    assert_shown("1.234e-12", DR_SHOW_NUMBER, 1, 1.2341e-12);
    assert_shown("23,456", DR_SHOW_NUMBER, 1, 23456.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_digits_read_back),
        cmocka_unit_test(exact_digits_are_few),
        cmocka_unit_test(people_read_percents_and_shares),
        cmocka_unit_test(people_read_values_and_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
