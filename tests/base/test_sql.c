/* SQL statements take their values in the form that each has, whatever the values hold. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sql.h"

static void fills(const char *statement, const dr_sql_value *values, const char *expected)
{
    char *sql = NULL;
    assert_int_equal(dr_sql_fill(&sql, statement, values), DR_OK);
    assert_string_equal(sql, expected);
    free(sql);
}

static void each_form_is_written_as_sql_needs_it(void **state)
{
    (void)state;
    const char *texts[] = {"a", "b'c"};
    fills("{a_1} {a_1}", DR_VALUES(dr_sql_integer("a_1", -12)), "-12 -12");
    fills("x = {a}", DR_VALUES(dr_sql_text("a", "Cote d'Ivoire")), "x = 'Cote d''Ivoire'");
    fills("x IN ({a})", DR_VALUES(dr_sql_texts("a", texts, 2)), "x IN ('a', 'b''c')");
    fills("x IN ({a})", DR_VALUES(dr_sql_texts("a", texts, 0)), "x IN ()");
    fills("{a}", DR_VALUES(dr_sql_path("a", "it's [1]*?.csv")), "'it''s [[]1][*][?].csv'");
    fills("FROM {a}", DR_VALUES(dr_sql_name("a", "ta\"ble")), "FROM \"ta\"\"ble\"");
    fills("SELECT {a}", DR_VALUES(dr_sql_columns("a", texts, 2)), "SELECT \"a\", \"b'c\"");
    fills("FROM ({a})", DR_VALUES(dr_sql_part("a", "SELECT '{b}'")), "FROM (SELECT '{b}')");
}

static void values_are_not_searched_for_parameters(void **state)
{
    (void)state;
    fills("{a}, {b}", DR_VALUES(dr_sql_text("a", "{b}"), dr_sql_text("b", "{a}")), "'{b}', '{a}'");
}

static void other_braces_stand_for_themselves(void **state)
{
    (void)state;
    const char *sql = "format('{} {:,} {:.4f} {', x) {'key': 1} {a b} {A} {0} {a- }";
    fills(sql, NULL, sql);
    fills("", NULL, "");
}

static void a_parameter_and_its_value_come_together(void **state)
{
    (void)state;
    char *sql = NULL;
    assert_int_equal(dr_sql_fill(&sql, "{year}", NULL), DR_MACHINE);
    assert_non_null(strstr(dr_error_text(), "{year} has no value"));
    assert_int_equal(dr_sql_fill(&sql, "{year}", DR_VALUES(dr_sql_integer("years", 1))), DR_MACHINE);
    assert_non_null(strstr(dr_error_text(), "no parameter {years}"));
    assert_null(sql);
}

static void the_database_reads_values_as_they_were(void **state)
{
    (void)state;
    static const char odd[] = "'; DROP TABLE \"t\"; --{a}";
    dr_duck duck = {0};
    dr_names names = {0};
    int *years = NULL;
    size_t count = 0;
    double number = 0;
    bool any = true;
    assert_int_equal(dr_duck_open(&duck, NULL, false), DR_OK);
    assert_int_equal(
        dr_sql_run(&duck,
                   "CREATE TABLE {table} (name VARCHAR, year INTEGER);"
                   " INSERT INTO {table} VALUES ({text}, {year}), ('b', NULL)",
                   DR_VALUES(dr_sql_name("table", odd), dr_sql_text("text", odd), dr_sql_integer("year", 2011))),
        DR_OK);
    const dr_sql_value *table = DR_VALUES(dr_sql_name("table", odd));
    assert_int_equal(dr_sql_names(&names, &duck, "SELECT name FROM {table}", table), DR_OK);
    assert_int_equal(names.count, 2);
    assert_string_equal(names.names[0], odd);
    assert_int_equal(dr_sql_list(&years, &count, &duck, "SELECT year FROM {table} WHERE year > 0", table), DR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(years[0], 2011);
    assert_int_equal(dr_sql_number(&number, &duck, "SELECT sum(year) FROM {table}", table), DR_OK);
    assert_true(number == 2011);
    assert_int_equal(dr_sql_number(&number, &duck, "SELECT year FROM {table} WHERE name = 'b'", table), DR_OK);
    assert_true(isnan(number));
    assert_int_equal(dr_sql_any(&any, &duck, "SELECT 1 FROM {table} WHERE year = 1", table), DR_OK);
    assert_false(any);
    assert_int_equal(dr_sql_any(&any, &duck, "SELECT 1 FROM {table}", table), DR_OK);
    assert_true(any);
    free(years);
    dr_names_free(&names);
    dr_duck_close(&duck);
}

static void a_query_fills_a_table(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {{"name", DR_SHOW_TEXT}, {"number", DR_SHOW_NUMBER}};
    dr_duck duck = {0};
    dr_table *table = NULL;
    assert_int_equal(dr_duck_open(&duck, NULL, false), DR_OK);
    assert_int_equal(dr_table_new(&table, columns, 2), DR_OK);
    assert_int_equal(dr_sql_table(table, &duck, "SELECT {name}, 1.5::DOUBLE UNION ALL SELECT NULL, NULL",
                                  DR_VALUES(dr_sql_text("name", "a"))),
                     DR_OK);
    assert_int_equal(dr_table_rows(table), 2);
    assert_string_equal(dr_table_text(table, 0, 0), "a");
    assert_true(dr_table_number(table, 0, 1) == 1.5);
    assert_string_equal(dr_table_text(table, 1, 0), "");
    assert_true(isnan(dr_table_number(table, 1, 1)));
    dr_table_free(table);
    dr_duck_close(&duck);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_written_as_sql_needs_it),
        cmocka_unit_test(values_are_not_searched_for_parameters),
        cmocka_unit_test(other_braces_stand_for_themselves),
        cmocka_unit_test(a_parameter_and_its_value_come_together),
        cmocka_unit_test(the_database_reads_values_as_they_were),
        cmocka_unit_test(a_query_fills_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
