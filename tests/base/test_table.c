/* Tables from the inside and through the public getters. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/table.h"

static dr_table *new_table(void)
{
    const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT}, {"welfare", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    assert_int_equal(dr_table_new(&table, columns, 2), DR_OK);
    return table;
}

static void columns(void **state)
{
    (void)state;
    dr_table *table = new_table();
    assert_int_equal(dr_table_columns(table), 2);
    assert_string_equal(dr_table_column(table, 0), "region");
    assert_int_equal(dr_table_find(table, "welfare"), 1);
    assert_int_equal(dr_table_find(table, "Welfare"), -1);
    assert_int_equal(dr_table_rows(table), 0);
    dr_table_free(table);
    dr_table_free(NULL);
}

static void cells(void **state)
{
    char text[16] = "DEU";
    (void)state;
    dr_table *table = new_table();
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, text);
    dr_table_set_number(table, row, 1, -1.25);
    memset(text, 'x', 3); /* the table has a copy */
    assert_int_equal(dr_table_add_row(table), 1);
    assert_string_equal(dr_table_text(table, 0, 0), "DEU");
    assert_true(dr_table_number(table, 0, 1) == -1.25);
    assert_string_equal(dr_table_text(table, 1, 0), "");
    assert_true(isnan(dr_table_number(table, 1, 1)));
    assert_string_equal(dr_table_text(table, 0, 1), "");
    assert_true(isnan(dr_table_number(table, 0, 0)));
    assert_int_equal(dr_table_done(table), DR_OK);
    dr_table_free(table);
}

static void many_rows(void **state)
{
    enum { ROWS = 5000 };
    char text[16];
    (void)state;
    dr_table *table = new_table();
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(dr_table_add_row(table), i);
        snprintf(text, sizeof text, "R%zu", i);
        dr_table_set_text(table, i, 0, text);
        dr_table_set_number(table, i, 1, (double)i);
    }
    assert_int_equal(dr_table_rows(table), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(text, sizeof text, "R%zu", i);
        assert_string_equal(dr_table_text(table, i, 0), text);
        assert_true(dr_table_number(table, i, 1) == (double)i);
    }
    dr_table_free(table);
}

/* Kinds stay with their rows as the table grows, and as a column that is kept elsewhere. */
static void kinds(void **state)
{
    enum { ROWS = 100 };
    (void)state;
    dr_table *table = new_table();
    for (size_t row = 0; row < ROWS; row++) {
        dr_table_add_row(table);
        assert_int_equal(dr_table_row_kind(table, row), DR_ROW_ONE);
        if (row % 7 == 3)
            dr_table_set_kind(table, row, DR_ROW_GROUP);
    }
    dr_table_set_kind(table, ROWS - 1, DR_ROW_TOTAL);
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t row = 0; row < ROWS; row++)
            assert_int_equal(dr_table_row_kind(table, row), row == ROWS - 1 ? DR_ROW_TOTAL
                                                            : row % 7 == 3  ? DR_ROW_GROUP
                                                                            : DR_ROW_ONE);
        assert_int_equal(dr_table_kinds_to_column(table), DR_OK);
        assert_int_equal(dr_table_columns(table), 3);
        assert_string_equal(dr_table_text(table, 3, 2), "group");
        assert_string_equal(dr_table_text(table, 4, 2), "");
        assert_string_equal(dr_table_text(table, ROWS - 1, 2), "total");
        dr_table_kinds_from_column(table);
        assert_int_equal(dr_table_columns(table), 2);
    }
    dr_table_free(table);
    table = new_table();
    dr_table_add_row(table);
    assert_int_equal(dr_table_kinds_to_column(table), DR_OK);
    dr_table_kinds_from_column(table);
    assert_int_equal(dr_table_columns(table), 2);
    dr_table_free(table);
}

static void facts_and_notes(void **state)
{
    (void)state;
    dr_table *table = new_table();
    dr_table_set_title(table, "%d%% tariff", 25);
    dr_table_set_unit(table, "million US dollars");
    dr_table_add_fact(table, "certificate.worst_residual", 3e-13);
    dr_table_add_fact_text(table, "closure", "fixed");
    dr_table_add_note(table, "%s is left out", "C33");
    assert_string_equal(table->title, "25% tariff");
    assert_string_equal(table->unit, "million US dollars");
    assert_true(dr_table_fact(table, "certificate.worst_residual") == 3e-13);
    assert_true(isnan(dr_table_fact(table, "closure")));
    assert_true(isnan(dr_table_fact(table, "certificate")));
    assert_int_equal(table->note_count, 1);
    assert_string_equal(table->notes[0], "C33 is left out");
    dr_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(columns), cmocka_unit_test(cells), cmocka_unit_test(many_rows),
                                       cmocka_unit_test(kinds), cmocka_unit_test(facts_and_notes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
