/* Charts in text, read back cell by cell, and long tables as wide ones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "derisk.h"
#include "report/chart.h"
#include "report/wide.h"

/* The cells of one line of a chart: light and full ones on both sides of zero. */
typedef struct bar {
    size_t year;
    size_t blank, light_below, full_below, light_above, full_above;
} bar;

/* Reads a line, and returns where the next begins. Each cell is a character: nothing, light or full. */
static const char *read_bar(bar *out, const char *line)
{
    static const char zero[] = "│", light[] = "░", full[] = "█";
    char *at = NULL;
    bool above = false;
    *out = (bar){.year = strtoul(line, &at, 10)};
    assert_true(strncmp(at, "  ", 2) == 0);
    for (at += 2; *at != '\n';) {
        bool is_zero = strncmp(at, zero, strlen(zero)) == 0, is_light = strncmp(at, light, strlen(light)) == 0,
             is_full = strncmp(at, full, strlen(full)) == 0;
        assert_true(is_zero || is_light || is_full || *at == ' ');
        *(above ? &out->light_above : &out->light_below) += is_light;
        *(above ? &out->full_above : &out->full_below) += is_full;
        out->blank += *at == ' ';
        above = above || is_zero;
        at += is_zero ? strlen(zero) : is_light ? strlen(light) : is_full ? strlen(full) : 1;
    }
    assert_true(above);
    return at + 1;
}

/* From -20 to 40 in 60 cells, so that a cell is 1. */
static void bars_are_as_long_as_the_numbers(void **state)
{
    static const double first[] = {40, 10, -20, -3, 0}, second[] = {10, 40, -5, 7, 0};
    static const bar expected[] = {
        {2001, 20, 0, 0, 30, 10}, /* full as far as the second reaches, light up to the first */
        {2002, 20, 0, 0, 0, 40},  /* full to its end where the second is the longer one */
        {2003, 0, 15, 5, 0, 0},   /* below zero likewise */
        {2004, 17, 3, 0, 0, 7},   /* one on either side */
        {2005, 20, 0, 0, 0, 0},
    };
    static const dr_column_spec columns[] = {{"year", DR_SHOW_COUNT}, {"a", DR_SHOW_VALUE}, {"b", DR_SHOW_VALUE}};
    enum { YEARS = sizeof expected / sizeof *expected };
    dr_table *table = NULL;
    char *text = NULL;
    size_t size = 0;
    (void)state;
    assert_int_equal(dr_table_new(&table, columns, 3), DR_OK);
    for (size_t i = 0; i < YEARS; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_number(table, row, 0, (double)expected[i].year);
        dr_table_set_number(table, row, 1, first[i]);
        dr_table_set_number(table, row, 2, second[i]);
    }
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    dr_chart_write(table, 0, 1, 2, to);
    assert_int_equal(fclose(to), 0);
    const char *line = text;
    for (size_t i = 0; i < YEARS; i++) {
        bar got;
        line = read_bar(&got, line);
        assert_memory_equal(&got, &expected[i], sizeof got);
    }
    assert_true(*line == '\0');
    free(text);
    dr_table_free(table);
}

static dr_table *long_table(void)
{
    static const dr_column_spec columns[] = {{"day", DR_SHOW_COUNT}, {"region", DR_SHOW_TEXT}, {"loss", DR_SHOW_VALUE}};
    static const struct {
        double day;
        const char *region;
        double loss;
    } rows[] = {{1, "DEU", 10}, {1, "CHN", 20}, {1, "USA", 30}, {2, "CHN", 5}, {3, "DEU", 7}, {4, "USA", 9}};
    dr_table *table = NULL;
    assert_int_equal(dr_table_new(&table, columns, 3), DR_OK);
    dr_table_set_title(table, "Losses by day");
    dr_table_set_unit(table, "million euros");
    dr_table_add_fact_text(table, "source", "made up");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_number(table, row, 0, rows[i].day);
        dr_table_set_text(table, row, 1, rows[i].region);
        dr_table_set_number(table, row, 2, rows[i].loss);
    }
    return table;
}

/* Each number stands in the row of its key and the column of its name. */
static void long_tables_become_wide(void **state)
{
    static const char *const names[] = {"CHN", "DEU"};
    static const double expected[][3] = {{1, 20, 10}, {2, 5, NAN}, {3, NAN, 7}};
    dr_table *table = long_table(), *wide = NULL;
    (void)state;
    assert_int_equal(dr_wide_table(&wide, table, 0, 1, 2, names, 2), DR_OK);
    assert_int_equal(dr_table_rows(wide), 3);
    for (size_t row = 0; row < 3; row++)
        for (size_t column = 0; column < 3; column++) {
            double got = dr_table_number(wide, row, column), want = expected[row][column];
            assert_true(got == want || (isnan(got) && isnan(want)));
        }
    assert_string_equal(wide->title, "Losses by day");
    assert_string_equal(dr_table_fact_text(wide, "source"), "made up");
    assert_string_equal(wide->unit, "");
    dr_table_free(wide);
    dr_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_as_long_as_the_numbers),
        cmocka_unit_test(long_tables_become_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
