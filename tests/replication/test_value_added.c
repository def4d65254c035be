/* Value added in trade on the table of three countries and three industries that the R package decompr ships (Quast &
 * Kummritz 2015, decompr: Global Value Chain decomposition in R, CTEI Working Paper 2015-01): rows sell. Its vignette
 * prints the value added of each sector in each sector's exports, and in its output; the nine terms are those of
 * Koopman, Wang & Wei (2014). */
#include "support/world_files.h"

#include <math.h>

#include "measure/leontief.h"

enum { COUNTRIES = 3, INDUSTRIES = 3, ROWS = 9 };

static const double inputs[ROWS][ROWS] = {
    {16.1, 5.1, 1.8, 3.2, 4.3, 0.4, 3.1, 2.8, 4.9},   {2.4, 8.0, 3.2, 0.1, 3.2, 1.6, 1.2, 3.9, 11.5},
    {0.9, 0.5, 4.0, 0.0, 0.1, 0.3, 0.0, 0.4, 0.5},    {1.1, 1.9, 0.2, 18.0, 13.2, 6.1, 9.0, 3.1, 8.9},
    {0.3, 2.8, 0.1, 6.1, 28.1, 6.3, 2.1, 2.5, 25.6},  {0.0, 0.1, 0.3, 4.1, 3.2, 8.9, 0.2, 0.0, 1.8},
    {1.2, 4.2, 0.3, 4.1, 1.2, 0.6, 29.0, 19.5, 17.9}, {1.3, 1.1, 0.0, 3.2, 4.8, 2.6, 5.1, 29.1, 24.1},
    {2.1, 1.4, 3.0, 4.1, 3.1, 3.9, 11.3, 8.1, 51.3},
};
static const double final[ROWS][COUNTRIES] = {
    {21.5, 6.1, 8.4}, {16.2, 1.9, 5.1},  {11.0, 0.5, 0.8},  {7.5, 29.5, 14.2},  {8.9, 24.9, 16.9},
    {1.2, 18.5, 4.9}, {9.2, 17.9, 51.2}, {7.9, 10.1, 38.5}, {25.1, 35.2, 68.4},
};
static const double output[ROWS] = {77.7, 58.3, 19.0, 112.7, 124.6, 43.2, 156.3, 127.8, 217.0};
static const char *const countries[] = {"ARG", "TUR", "DEU"};
static const char *const industries[] = {"agriculture", "textile", "transport"};

static void near(double got, double expected, double within)
{
    if (!(fabs(got - expected) <= within))
        fail_msg("%.17g, expected %.17g within %g", got, expected, within);
}

/* The table as a file in the ICIO layout, imported. */
static dr_world *import_table(void)
{
    const char *name = "leather_2000.csv";
    FILE *file = fopen(name, "w");
    dr_world *world = NULL;
    assert_non_null(file);
    fputs("V1", file);
    for (size_t i = 0; i < ROWS; i++)
        fprintf(file, ",%s_%s", countries[i / INDUSTRIES], industries[i % INDUSTRIES]);
    for (size_t n = 0; n < COUNTRIES; n++)
        fprintf(file, ",%s_FD", countries[n]);
    fputs(",OUT\n", file);
    for (size_t i = 0; i < ROWS; i++) {
        fprintf(file, "%s_%s", countries[i / INDUSTRIES], industries[i % INDUSTRIES]);
        for (size_t j = 0; j < ROWS; j++)
            fprintf(file, ",%g", inputs[i][j]);
        for (size_t n = 0; n < COUNTRIES; n++)
            fprintf(file, ",%g", final[i][n]);
        fprintf(file, ",%g\n", output[i]);
    }
    for (int out = 0; out < 2; out++) {
        fputs(out ? "OUT" : "VA", file);
        for (size_t j = 0; j < ROWS; j++) {
            double used = 0;
            for (size_t i = 0; i < ROWS; i++)
                used += inputs[i][j];
            fprintf(file, ",%.10g", out ? output[j] : output[j] - used);
        }
        fputs(",0,0,0,0\n", file);
    }
    assert_int_equal(fclose(file), 0);
    assert_ok(dr_import_icio(NULL, &name, 1, "leather.world", NULL));
    assert_ok(dr_world_open(&world, "leather.world"));
    return world;
}

static double gross_exports(size_t row)
{
    double sum = 0;
    for (size_t j = 0; j < ROWS; j++)
        sum += j / INDUSTRIES != row / INDUSTRIES ? inputs[row][j] : 0;
    for (size_t n = 0; n < COUNTRIES; n++)
        sum += n != row / INDUSTRIES ? final[row][n] : 0;
    return sum;
}

static void output_is_what_its_row_adds_up_to(void **state)
{
    (void)state;
    dr_matrix *m = NULL;
    dr_world *world = import_table();
    assert_ok(dr_matrix_load(&m, world, 0));
    for (size_t i = 0; i < ROWS; i++)
        near(m->output[i], output[i], 1e-9);
    dr_matrix_free(m);
    dr_world_close(world);
}

static void value_added_in_exports_and_in_output(void **state)
{
    (void)state;
    double *inverse = NULL;
    dr_matrix *m = NULL;
    dr_leontief *l = NULL;
    assert_ok(dr_matrix_new(&m, COUNTRIES, INDUSTRIES, *inputs, *final));
    assert_ok(dr_leontief_new(&l, m, NULL));
    assert_ok(dr_leontief_inverse(&inverse, m));
    size_t last = ROWS - 1;
    double first_multiplier = l->value_share[0] * inverse[0];
    double last_multiplier = l->value_share[last] * inverse[last * ROWS + last];
    near(first_multiplier * gross_exports(0), 28.52278, 1e-5);
    near(last_multiplier * gross_exports(last), 34.74381, 1e-5);
    near(first_multiplier * output[0], 66.75361799, 5e-9);
    near(last_multiplier * output[last], 96.78316785, 5e-9);
    for (size_t j = 0; j < ROWS; j++) { /* all value comes from somewhere */
        double content = 0;
        for (size_t i = 0; i < ROWS; i++)
            content += l->value_share[i] * inverse[i * ROWS + j];
        near(content, 1, 1e-12);
    }
    free(inverse);
    dr_leontief_free(l);
    dr_matrix_free(m);
}

static double column_sum(const dr_table *table, const char *column)
{
    double sum = 0;
    for (size_t row = 0; row + 1 < dr_table_rows(table); row++)
        sum += dr_table_number(table, row, (size_t)dr_table_find(table, column));
    return sum;
}

static void terms_add_up_to_gross_exports(void **state)
{
    (void)state;
    const dr_terms sets[] = {DR_TERMS_KWW, DR_TERMS_BORIN_MANCINI};
    dr_world *world = import_table();
    for (size_t s = 0; s < 2; s++)
        for (size_t c = 0; c < COUNTRIES; c++) {
            double exports = 0;
            dr_table *table = NULL;
            assert_ok(dr_export_terms(&table, world, countries[c], NULL, 0, sets[s]));
            for (size_t k = 0; k < INDUSTRIES; k++)
                exports += gross_exports(c * INDUSTRIES + k);
            assert_int_equal(dr_table_rows(table), sets[s] == DR_TERMS_KWW ? 10 : 8);
            near(column_sum(table, "exports"), exports, 1e-9);
            near(column_sum(table, "share"), 1, 1e-12);
            dr_table_free(table);
        }
    dr_world_close(world);
}

static void balances_in_value_added_are_zero_in_sum(void **state)
{
    (void)state;
    dr_world *world = import_table();
    double sum = 0;
    for (size_t c = 0; c < COUNTRIES; c++) {
        dr_table *table = NULL;
        dr_balance_options options = {.size = sizeof(dr_balance_options), .value_added = true};
        assert_ok(dr_balance(&table, world, countries[c], NULL, &options));
        double balance = dr_table_number(table, 0, (size_t)dr_table_find(table, "balance"));
        double value_added = dr_table_number(table, 0, (size_t)dr_table_find(table, "value_added_balance"));
        near(value_added, balance, 1e-9); /* with all others together, the balance is income less spending either way */
        sum += value_added;
        dr_table_free(table);
    }
    near(sum, 0, 1e-9);
    dr_world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(output_is_what_its_row_adds_up_to, empty_folder),
        cmocka_unit_test_setup(value_added_in_exports_and_in_output, empty_folder),
        cmocka_unit_test_setup(terms_add_up_to_gross_exports, empty_folder),
        cmocka_unit_test_setup(balances_in_value_added_are_zero_in_sum, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
