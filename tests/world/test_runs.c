/* Runs kept in a world come back as they were. */
#include "support/world_files.h"

#include <math.h>

#include "base/table.h"
#include "world/runs.h"

static dr_table *make_table(double welfare)
{
    const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT}, {"welfare", DR_SHOW_PERCENT}, {"year", DR_SHOW_COUNT}};
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 3));
    dr_table_set_title(table, "A \"tariff\", 100%% of it");
    dr_table_set_unit(table, "percent");
    dr_table_add_fact(table, "certificate.worst_residual", 3e-13);
    dr_table_add_fact_text(table, "closure", "fixed");
    dr_table_add_fact(table, "none", NAN);
    dr_table_add_note(table, "negative final use: 352 cells");
    dr_table_add_note(table, "another");
    static const char *const regions[] = {"EU", "China's", "ÅLA"};
    for (size_t i = 0; i < 3; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, 0, regions[i]);
        if (i != 1)
            dr_table_set_number(table, row, 1, welfare + 1.0 / 3 * (double)i);
        dr_table_set_number(table, row, 2, 2011);
    }
    assert_ok(dr_table_done(table));
    return table;
}

static void assert_same_tables(const dr_table *a, const dr_table *b)
{
    assert_string_equal(a->title, b->title);
    assert_string_equal(a->unit, b->unit);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->column_count, b->column_count);
    assert_int_equal(a->fact_count, b->fact_count);
    assert_int_equal(a->note_count, b->note_count);
    for (size_t i = 0; i < a->note_count; i++)
        assert_string_equal(a->notes[i], b->notes[i]);
    for (size_t i = 0; i < a->fact_count; i++) {
        assert_string_equal(a->facts[i].name, b->facts[i].name);
        assert_true(!a->facts[i].text == !b->facts[i].text);
        assert_true(a->facts[i].number == b->facts[i].number || isnan(a->facts[i].number));
    }
    for (size_t j = 0; j < a->column_count; j++) {
        assert_string_equal(a->columns[j].name, b->columns[j].name);
        assert_int_equal(a->columns[j].show, b->columns[j].show);
        for (size_t i = 0; i < a->rows; i++) {
            double x = dr_table_number(a, i, j), y = dr_table_number(b, i, j);
            assert_string_equal(dr_table_text(a, i, j), dr_table_text(b, i, j));
            assert_true(x == y || (isnan(x) && isnan(y)));
        }
    }
}

static dr_status store(const char *name, double welfare)
{
    static const char *const kinds[] = {"regions", "sectors"};
    dr_table *table = make_table(welfare);
    const dr_table *tables[] = {table, table};
    dr_status status = dr_runs_store("a.world", name, tables, kinds, 2);
    dr_table_free(table);
    return status;
}

static void runs_come_back(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_ok(store("it's one", 1));
    assert_ok(store("two", -2));
    dr_world *world = NULL;
    dr_table *table = NULL, *expected = make_table(-2);
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_world_runs(&table, world));
    assert_int_equal(dr_table_rows(table), 2);
    assert_string_equal(dr_table_text(table, 0, 0), "it's one");
    assert_string_equal(dr_table_text(table, 0, 1), "A \"tariff\", 100% of it");
    assert_string_equal(dr_table_text(table, 0, 2), "regions, sectors");
    assert_int_equal(strlen(dr_table_text(table, 0, 3)), strlen("2026-01-01 00:00:00"));
    dr_table_free(table);
    assert_ok(dr_world_run(&table, world, "two", "sectors"));
    assert_same_tables(table, expected);
    dr_table_free(table);
    assert_ok(dr_world_run(&table, world, "it's one", "regions"));
    assert_true(dr_table_number(table, 0, 1) == 1);
    dr_table_free(table);
    dr_table_free(expected);
    assert_failed(dr_world_run(&table, world, "tow", "sectors"), DR_BAD_INPUT,
                  "a.world: there is no run 'tow'; did you mean 'two'?");
    assert_failed(dr_world_run(&table, world, "two", "sector"), DR_BAD_INPUT,
                  "a.world: there is no table of the run 'sector'; did you mean 'sectors'?");
    assert_failed(dr_world_run(&table, world, "two", "flows"), DR_BAD_INPUT,
                  "a.world: there is no table of the run 'flows'; there are regions, sectors");
    dr_world_close(world);
}

static void a_run_with_other_columns_is_kept_beside(void **state)
{
    (void)state;
    static const char *const kinds[] = {"regions"};
    const dr_column_spec columns[] = {{"wage", DR_SHOW_SHARE}, {"region", DR_SHOW_TEXT}};
    dr_table *table = NULL, *back = NULL;
    dr_world *world = NULL;
    make_small_world("a.world");
    assert_ok(store("one", 1));
    assert_ok(dr_table_new(&table, columns, 2));
    dr_table_set_number(table, dr_table_add_row(table), 0, 0.5);
    dr_table_set_text(table, 0, 1, "EU");
    const dr_table *tables[] = {table};
    assert_ok(dr_runs_store("a.world", "two", tables, kinds, 1));
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_world_run(&back, world, "two", "regions"));
    assert_same_tables(back, table);
    dr_table_free(back);
    dr_table_free(table);
    assert_ok(dr_world_run(&back, world, "one", "regions"));
    table = make_table(1);
    assert_same_tables(back, table);
    dr_table_free(back);
    dr_table_free(table);
    dr_world_close(world);
}

static void what_cannot_be_stored_changes_nothing(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_ok(store("one", 1));
    assert_failed(store("one", 2), DR_BAD_INPUT, "a.world: the run 'one' already exists; choose another name");
    assert_failed(store("", 2), DR_BAD_INPUT, "the name of a run must be UTF-8 text and not empty");
    assert_failed(store("\xff", 2), DR_BAD_INPUT, "the name of a run must be UTF-8 text and not empty");
    assert_true(query_number("a.world", "SELECT count(*) FROM run_regions") == 3);
    assert_int_equal(remove("a.world"), 0);
    assert_failed(store("one", 2), DR_BAD_INPUT, "a.world: no such file; expected a world file");
    assert_false(is_there("a.world"));
    assert_false(is_there(".a.world.derisk"));
}

/* An import leaves the runs alone. */
static void runs_outlive_an_import(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_ok(store("one", 1));
    make_small_world("a.world");
    assert_true(query_number("a.world", "SELECT count(*) FROM run_regions WHERE run = 'one'") == 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_folder)
    const struct CMUnitTest tests[] = {
        TEST(runs_come_back),
        TEST(a_run_with_other_columns_is_kept_beside),
        TEST(what_cannot_be_stored_changes_nothing),
        TEST(runs_outlive_an_import),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
