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

/* ---- Several values of a column ---------------------------------------------------------------------------------- */

enum { COUNTRIES = 6, YEARS = 5, SECTORS = 3, ROWS = COUNTRIES * COUNTRIES * YEARS };

/* A regressor, and an outcome that is not far from it, of pair p in year t. */
static double x_of(int s, int p, int t)
{
    return (double)((7 * p + 11 * t + 5 * s * p) % 13) + 4 * (t * (s + 1) % 4) + 3 * (double)(p % 4);
}

static double y_of(int s, int p, int t)
{
    return (s + 1) * 0.2 * x_of(s, p, t) + (double)((p * p + 3 * t) % 9) + 3 * (t * (s + 2) % 5) + 2 * (double)(p % 3);
}

static void write_sectors(void)
{
    static char text[1 << 16];
    strcpy(text, "exporter,importer,year,sector,trade,x\n");
    for (int s = 0; s < SECTORS; s++)
        for (int p = 0; p < COUNTRIES * COUNTRIES; p++)
            for (int t = 0; t < YEARS; t++)
                snprintf(text + strlen(text), 64, "C%d,C%d,%d,s%d,%.17g,%.17g\n", p / COUNTRIES, p % COUNTRIES,
                         2000 + t, s, y_of(s, p, t), x_of(s, p, t));
    write_text("sectors.csv", text);
}

/* By hand, least squares with a constant: the slope's influence of each cluster, sum of (x - mean) e over Sxx. */
static void influence(double *psi, int s, bool by_pair, bool by_year)
{
    double x = 0, y = 0, xx = 0, xy = 0;
    for (int p = 0; p < COUNTRIES * COUNTRIES; p++)
        for (int t = 0; t < YEARS; t++) {
            x += x_of(s, p, t) / ROWS;
            y += y_of(s, p, t) / ROWS;
        }
    for (int p = 0; p < COUNTRIES * COUNTRIES; p++)
        for (int t = 0; t < YEARS; t++) {
            xx += (x_of(s, p, t) - x) * (x_of(s, p, t) - x);
            xy += (x_of(s, p, t) - x) * (y_of(s, p, t) - y);
        }
    for (int p = 0; p < COUNTRIES * COUNTRIES; p++)
        for (int t = 0; t < YEARS; t++) {
            double e = y_of(s, p, t) - y - xy / xx * (x_of(s, p, t) - x);
            psi[(by_pair ? p : 0) * YEARS + (by_year ? t : 0)] += (x_of(s, p, t) - x) * e / xx;
        }
}

static double part(int a, int b, bool by_pair, bool by_year)
{
    double p[ROWS] = {0}, q[ROWS] = {0}, product = 0;
    influence(p, a, by_pair, by_year);
    influence(q, b, by_pair, by_year);
    for (int i = 0; i < ROWS; i++)
        product += p[i] * q[i];
    return product;
}

static double by_hand(int a, int b, bool years)
{
    return years ? part(a, b, true, false) + part(a, b, false, true) - part(a, b, true, true) : part(a, b, true, false);
}

static void check_sectors(const char *cluster, bool years)
{
    static const char *const flows[] = {"sectors.csv"}, *const formula[] = {"trade ~ x"};
    const dr_gravity_options options = {.size = sizeof options,
                                        .formulas = formula,
                                        .formula_count = 1,
                                        .by = "sector",
                                        .cluster = cluster,
                                        .least_squares = true,
                                        .errors = DR_ERRORS_NONE,
                                        .joint = true};
    dr_gravity *gravity = NULL;
    dr_table *table = NULL;
    assert_ok(dr_gravity_new(&gravity, flows, 1, &options));
    assert_ok(dr_gravity_joint(&table, gravity));
    assert_int_equal(dr_table_rows(table), SECTORS * (SECTORS + 1) / 2); /* of the constant there are none */
    for (size_t i = 0, a = 0; a < SECTORS; a++)
        for (size_t b = 0; b <= a; b++, i++) {
            double expected = by_hand((int)a, (int)b, years);
            char name[32];
            snprintf(name, sizeof name, "s%zu: x", a);
            assert_string_equal(dr_table_text(table, i, 0), name);
            assert_true(fabs(dr_table_number(table, i, 2) - expected) < 1e-9 * fabs(expected));
        }
    dr_table_free(table);
    dr_gravity_free(gravity);
}

static void test_sectors_share_their_clusters(void **state)
{
    (void)state;
    write_sectors();
    check_sectors("exporter^importer", false);
    check_sectors("exporter^importer, year", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_covariances_are_those_of_the_standard_errors, enter_folder, leave_folder),
        cmocka_unit_test_setup_teardown(test_sectors_share_their_clusters, enter_folder, leave_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
