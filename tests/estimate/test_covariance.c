/* The covariances of estimated coefficients, against the standard errors of the coefficients and of their sum. */
#include "support/world_files.h"

#include <math.h>

static const char *const file[] = {"flows.csv"}, *const sum[] = {"rta + dist"};

static void write_flows(void)
{
    char text[8192] = "exporter,importer,year,trade,rta,dist,twice\n";
    for (int i = 0; i < 6; i++)
        for (int n = 0; n < 6; n++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "C%d,C%d,2000,%d,%d,%d,%d\n", i, n,
                     1 + i * n + (i * 7 + n * 3) % 5, (i + n) % 3 == 0, (5 * i * n + i + n) % 7,
                     2 * ((5 * i * n + i + n) % 7));
    write_text("flows.csv", text);
}

static double standard_error(const dr_table *coefficients, const char *variable)
{
    size_t error = (size_t)dr_table_find(coefficients, "standard_error");
    for (size_t i = 0; i < dr_table_rows(coefficients); i++)
        if (strcmp(dr_table_text(coefficients, i, 2), variable) == 0)
            return dr_table_number(coefficients, i, error);
    fail_msg("there is no coefficient of %s", variable);
    return NAN;
}

static void check_formula(const char *formula, bool normal)
{
    const dr_gravity_options options = {
        .size = sizeof options, .formulas = &formula, .formula_count = 1, .functions = sum, .function_count = 1};
    dr_gravity *gravity = NULL;
    dr_table *table = NULL, *coefficients = NULL;
    double all = 0;
    assert_ok(dr_gravity_new(&gravity, file, 1, &options));
    assert_ok(dr_gravity_covariance(&table, gravity));
    assert_ok(dr_gravity_coefficients(&coefficients, gravity));
    assert_int_equal(dr_table_rows(table), 4); /* the collinear variable has none */
    for (size_t i = 0; i < 4; i++) {
        const char *a = dr_table_text(table, i, 2), *b = dr_table_text(table, i, 3);
        all += dr_table_number(table, i, 4);
        if (strcmp(a, b) == 0)
            assert_true(fabs(sqrt(dr_table_number(table, i, 4)) - standard_error(coefficients, a)) < 1e-14);
        assert_true(isnan(dr_table_number(table, i, 5)) == normal);
    }
    assert_true(fabs(dr_table_number(table, 1, 4) - dr_table_number(table, 2, 4)) < 1e-15);
    assert_true(fabs(sqrt(all) - standard_error(coefficients, sum[0])) < 1e-14);
    dr_table_free(coefficients);
    dr_table_free(table);
    dr_gravity_free(gravity);
}

static void test_covariances_are_those_of_the_standard_errors(void **state)
{
    (void)state;
    write_flows();
    check_formula("trade ~ rta + dist + twice | exporter + importer", true);
    check_formula("log(trade) ~ rta + dist + twice | exporter + importer", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_covariances_are_those_of_the_standard_errors, enter_folder, leave_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
