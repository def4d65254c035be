/* Ties of all pairs of regions: against the textbook's formulas on small random tables, and pair by pair against
 * balances. */
#include "support/world_files.h"

#include "random_table.h"

static dr_table *ties(dr_world *world, const char *sectors, bool value_added)
{
    dr_table *table = NULL;
    dr_ties_options options = {.size = sizeof(dr_ties_options), .sectors = sectors, .value_added = value_added};
    assert_ok(dr_ties(&table, world, &options));
    assert_true(!value_added || dr_table_fact(table, "certificate.worst_residual") < 1e-12);
    return table;
}

static double find(const dr_table *table, const char *exporter, const char *importer)
{
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, 0), exporter) == 0 && strcmp(dr_table_text(table, row, 1), importer) == 0)
            return dr_table_number(table, row, 2);
    fail_msg("there is no tie of %s to %s", exporter, importer);
    return NAN;
}

static void ties_are_the_textbook_s(void **state)
{
    (void)state;
    slow_table t = random_table(4, 3, 12);
    dr_world *world = import_random(&t);
    dr_table *gross = ties(world, NULL, false), *value_added = ties(world, NULL, true);
    assert_int_equal(dr_table_rows(gross), 12);
    assert_int_equal(dr_table_rows(value_added), 12);
    for (size_t i = 0; i < t.regions; i++)
        for (size_t n = 0; n < t.regions; n++) {
            if (i == n)
                continue;
            near(find(gross, region(i), region(n)), slow_exports(&t, i, n));
            near(find(value_added, region(i), region(n)), slow_value_added(&t, i, n));
        }
    for (size_t row = 1; row < 12; row++)
        assert_true(dr_table_number(gross, row, 2) <= dr_table_number(gross, row - 1, 2));
    dr_table_free(gross);
    dr_table_free(value_added);
    dr_world_close(world);
}

/* Each pair, and each set of sectors, is what the balance of the two says. */
static void a_tie_is_the_balance_of_two(void **state)
{
    static const char *const lists[] = {"s0", "s1", "s0, s2"};
    (void)state;
    slow_table t = random_table(3, 3, 13);
    dr_world *world = import_random(&t);
    for (size_t l = 0; l < 3; l++) {
        dr_table *gross = ties(world, lists[l], false), *value_added = ties(world, lists[l], true);
        for (size_t i = 0; i < 3; i++)
            for (size_t n = 0; n < 3; n++) {
                dr_table *balance = NULL;
                dr_balance_options options = {
                    .size = sizeof(dr_balance_options), .by = DR_BALANCE_BY_SECTOR, .value_added = true};
                double exports = 0, added = 0;
                if (i == n)
                    continue;
                assert_ok(dr_balance(&balance, world, region(i), region(n), &options));
                for (size_t row = 0; row < 3; row++)
                    if (strstr(lists[l], dr_table_text(balance, row, 0))) {
                        exports += dr_table_number(balance, row, 1);
                        added += dr_table_number(balance, row, 4);
                    }
                near(find(gross, region(i), region(n)), exports);
                near(find(value_added, region(i), region(n)), added);
                dr_table_free(balance);
            }
        dr_table_free(gross);
        dr_table_free(value_added);
    }
    dr_world_close(world);
}

static void refusals(void **state)
{
    (void)state;
    slow_table t = random_table(3, 3, 14);
    dr_world *world = import_random(&t);
    dr_table *table = NULL;
    assert_failed(dr_ties(&table, world, &DR_OPTIONS(dr_ties_options, .sectors = "s9")), DR_BAD_INPUT,
                  "'s9' is not a sector of this world, by code, slug or kind; did you mean 's0'?");
    assert_failed(dr_ties(&table, world, &DR_OPTIONS(dr_ties_options, .year = 1999)), DR_BAD_INPUT,
                  "random.world: has no year 1999, only 2000");
    assert_null(table);
    dr_world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(ties_are_the_textbook_s, empty_folder),
        cmocka_unit_test_setup(a_tie_is_the_balance_of_two, empty_folder),
        cmocka_unit_test_setup(refusals, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
