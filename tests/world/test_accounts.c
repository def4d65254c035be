/* Accounts in a world file: what is written is read, changes are seen, sums are kept, and nothing else is taken. */
#include "support/world_files.h"
#include <unistd.h>

#include "world/accounts.h"
#include "world/economy.h"

static const double emissions[] = {10, 0, 30, 45}, of_final[] = {5, 2};

static const dr_account co2 = {"CO2", "kt", "An inventory", 2011, emissions, of_final};

static dr_status put(const char *path, const dr_account *account, bool *replaced)
{
    dr_writer *writer = NULL;
    const dr_source source = {.id = "inventory",
                              .title = account->source,
                              .publisher = "An office",
                              .licence = "free",
                              .retrieved = "",
                              .url = "",
                              .name = "co2.csv",
                              .sha256 = "0123",
                              .year = account->year};
    assert_ok(dr_writer_open(&writer, path));
    dr_status status = dr_account_write(writer, account, replaced);
    if (status == DR_OK)
        status = dr_account_source(writer, &source);
    if (status == DR_OK)
        return dr_writer_commit(writer);
    dr_writer_abandon(writer);
    return status;
}

static void make_world(const char *path)
{
    make_small_world(path);
    assert_ok(put(path, &co2, NULL));
}

/* All that reads an account. */
static dr_status use(const char *path, const char *name, int year)
{
    dr_world *world = NULL;
    dr_account_year *account = NULL;
    assert_ok(dr_world_open(&world, path));
    dr_status status = dr_account_load(&account, world, name, year);
    dr_account_free(account);
    dr_world_close(world);
    return status;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    dr_world *world = NULL;
    dr_account_year *account = NULL;
    make_world("a.world");
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_account_load(&account, world, "co2", 2011));
    assert_string_equal(account->name, "CO2");
    assert_string_equal(account->unit, "kt");
    assert_string_equal(account->source, "An inventory");
    assert_memory_equal(account->value, emissions, sizeof emissions);
    assert_memory_equal(account->final, of_final, sizeof of_final);
    dr_account_free(account);
    assert_ok(dr_account_load(&account, world, NULL, 2011)); /* the only one */
    dr_account_free(account);
    dr_world_close(world);
    assert_true(query_number("a.world", "SELECT count(*) FROM account_value") == 3); /* zero cells are not stored */
    assert_true(query_number("a.world", "SELECT version FROM schema") == 4);
}

static void a_year_is_replaced(void **state)
{
    (void)state;
    bool replaced = true;
    make_small_world("a.world");
    assert_ok(put("a.world", &co2, &replaced));
    assert_false(replaced);
    const double less[] = {1, 2, 3, 4};
    assert_ok(put("a.world", &(dr_account){"CO2", "Mt", "Another", 2011, less, NULL}, &replaced));
    assert_true(replaced);
    assert_true(query_number("a.world", "SELECT sum(value) FROM account_value") == 10);
    assert_true(query_number("a.world", "SELECT count(*) FROM account_final") == 0);
    assert_true(query_number("a.world", "SELECT count(*) FROM account WHERE unit = 'Mt'") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM account_source WHERE title = 'Another'") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM account_source") == 1);
    assert_ok(use("a.world", "CO2", 2011));
}

/* The table of a year may be imported anew, and its accounts stay as they are. */
static void accounts_stay_when_a_table_is_replaced(void **state)
{
    (void)state;
    make_world("a.world");
    make_small_world("a.world");
    assert_true(query_number("a.world", "SELECT sum(value) FROM account_value") == 85);
    assert_ok(use("a.world", "CO2", 2011));
}

static void an_earlier_world_takes_accounts(void **state)
{
    (void)state;
    make_small_world("a.world");
    change_world("a.world", AS_BEFORE);
    assert_ok(put("a.world", &co2, NULL));
    assert_true(query_number("a.world", "SELECT version FROM schema") == 4);
    make_small_world("b.world");
    change_world("b.world", AS_BEFORE "DROP TABLE year_sum; UPDATE schema SET version = 1");
    assert_ok(put("b.world", &co2, NULL));
    assert_ok(use("b.world", "CO2", 2011));
}

static void changes_are_seen(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *error;
    } cases[] = {
        {"UPDATE account_value SET value = 11 WHERE value = 10",
         "a.world: the 3 cells of 'account_value.CO2' in 2011 add up to 86; at import 3 cells added up to 85"},
        {"UPDATE account_value SET value = 55 - value WHERE value IN (10, 45)",
         "a.world: the 3 cells of 'account_value.CO2' in 2011 add up as they did at import, but some of them have been "
         "changed since"},
        {"DELETE FROM account_value",
         "a.world: the 0 cells of 'account_value.CO2' in 2011 add up to 0; at import 3 cells added up to 85"},
        {"UPDATE account_final SET value = 'nan'",
         "a.world: the column 'value' of the table 'account_final' is not a finite number of at most 1e30 in 2011, for "
         "AAA"},
        {"INSERT INTO account_value SELECT * FROM account_value",
         "a.world: the table 'account_value' has two rows in 2011 of AAA, x; expected one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dr_world *world = NULL;
        dr_table *table = NULL;
        unlink("a.world");
        make_world("a.world");
        change_world("a.world", cases[i].sql);
        assert_failed(use("a.world", "CO2", 2011), DR_BAD_INPUT, cases[i].error);
        assert_ok(dr_world_open(&world, "a.world"));
        assert_failed(dr_world_check(&table, world), DR_BAD_INPUT, cases[i].error);
        assert_failed(dr_world_export(world, "account_value", DR_FORMAT_CSV, "a.csv"), DR_BAD_INPUT, cases[i].error);
        dr_world_close(world);
    }
}

static void what_is_no_account_is_refused(void **state)
{
    (void)state;
    static const double wrong[] = {1, 1e31, 0, 0};
    static const struct {
        dr_account account;
        const char *error;
    } cases[] = {
        {{"CO2", "kt", "", 2012, emissions, NULL},
         "a.world: the world has no table of 2012, to which an account could belong"},
        {{"", "kt", "", 2011, emissions, NULL},
         "a.world: the account '' with the unit 'kt': expected a name of 1 to 200 bytes and a unit, in UTF-8"},
        {{"CO2", "", "", 2011, emissions, NULL},
         "a.world: the account 'CO2' with the unit '': expected a name of 1 to 200 bytes and a unit, in UTF-8"},
        {{"CO2", "kt", "", 2011, wrong, NULL},
         "a.world: the account 'CO2' of 2011 is not a finite number of at most 1e30 for AAA, y"},
        {{"CO2", "kt", "", 2011, emissions, wrong},
         "a.world: the account 'CO2' of 2011 is not a finite number of at most 1e30 for the final use of BBB"},
    };
    make_small_world("a.world");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_failed(put("a.world", &cases[i].account, NULL), DR_BAD_INPUT, cases[i].error);
    import_text("small_2012.csv", small_table, "a.world", NULL);
    assert_ok(put("a.world", &co2, NULL));
    assert_failed(put("a.world", &(dr_account){"CO2", "Mt", "", 2012, emissions, NULL}, NULL), DR_BAD_INPUT,
                  "a.world: the account 'CO2' of 2012 is in Mt, where its other years in the world are in kt; give it "
                  "another name, or convert it");
}

static void what_is_not_there_is_said(void **state)
{
    (void)state;
    make_small_world("a.world");
    import_text("small_2012.csv", small_table, "a.world", NULL);
    assert_failed(use("a.world", "CO2", 2011), DR_BAD_INPUT,
                  "a.world: has no accounts; 'derisk import account FILE --to a.world' reads them");
    assert_ok(put("a.world", &co2, NULL));
    assert_failed(use("a.world", "C02", 2011), DR_BAD_INPUT, "a.world: has no account 'C02'; did you mean 'CO2'?");
    assert_failed(use("a.world", "CO2", 2012), DR_BAD_INPUT,
                  "a.world: has no account 'CO2' of 2012; it has that of 2011");
    assert_ok(put("a.world", &(dr_account){"jobs", "persons", "", 2011, emissions, NULL}, NULL));
    assert_failed(use("a.world", NULL, 2011), DR_BAD_INPUT, "a.world: has 2 accounts; say which one; it has CO2, jobs");
}

static void jobs_are_found_by_name_and_unit(void **state)
{
    (void)state;
    dr_economy *economy = NULL;
    dr_world *world = NULL;
    static const char *const names[] = {"women", "employees", "Persons engaged"};
    const char *found[] = {"women", "employees", "Persons engaged"}; /* once they are there too */
    make_world("a.world");
    for (size_t i = 0; i < 3; i++) {
        const double persons[] = {1, 2, 3, 4 + (double)i};
        assert_ok(put("a.world", &(dr_account){names[i], "persons", "", 2011, persons, NULL}, NULL));
        assert_ok(dr_world_open(&world, "a.world"));
        assert_ok(dr_economy_load(&economy, world, 2011));
        assert_string_equal(economy->jobs_account, found[i]);
        assert_memory_equal(economy->jobs, persons, sizeof persons);
        dr_economy_free(economy);
        dr_world_close(world);
    }
    make_world("b.world");
    assert_ok(dr_world_open(&world, "b.world"));
    assert_ok(dr_economy_load(&economy, world, 2011));
    assert_null(economy->jobs);
    dr_economy_free(economy);
    dr_world_close(world);
}

/* EXIOBASE has nobody twice in its accounts by skill, and some of them again as vulnerable. */
static void jobs_by_skill_add_up(void **state)
{
    (void)state;
    dr_economy *economy = NULL;
    dr_world *world = NULL;
    static const char *const names[] = {"Employment: Low-skilled male", "Employment: High-skilled female",
                                        "Employment: Vulnerable employment"};
    const double persons[3][4] = {{1, 2, 3, 4}, {10, 20, 30, 40}, {5, 5, 5, 5}}, sum[] = {11, 22, 33, 44};
    make_world("a.world");
    for (size_t i = 0; i < 3; i++)
        assert_ok(put("a.world", &(dr_account){names[i], "persons", "", 2011, persons[i], NULL}, NULL));
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_economy_load(&economy, world, 2011));
    assert_memory_equal(economy->jobs, sum, sizeof sum);
    assert_string_equal(economy->jobs_account, "Employment: Low-skilled male and 1 more by skill");
    dr_economy_free(economy);
    dr_world_close(world);
}

static void sums_are_kept_in_aggregates(void **state)
{
    (void)state;
    dr_world *world = NULL;
    dr_account_year *account = NULL;
    make_world("a.world");
    write_text("regions.csv", "region,to\nAAA,W\nBBB,W\n");
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_world_aggregate(NULL, world, "regions.csv", NULL, "b.world"));
    dr_world_close(world);
    assert_ok(dr_world_open(&world, "b.world"));
    assert_ok(dr_account_load(&account, world, "CO2", 2011));
    const double value[] = {40, 45}, final[] = {7};
    assert_memory_equal(account->value, value, sizeof value);
    assert_memory_equal(account->final, final, sizeof final);
    assert_string_equal(account->unit, "kt");
    dr_account_free(account);
    dr_world_close(world);
    assert_true(query_number("b.world", "SELECT count(*) FROM account_source WHERE licence = 'free'") == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_written_is_read, empty_folder),
        cmocka_unit_test_setup(a_year_is_replaced, empty_folder),
        cmocka_unit_test_setup(accounts_stay_when_a_table_is_replaced, empty_folder),
        cmocka_unit_test_setup(an_earlier_world_takes_accounts, empty_folder),
        cmocka_unit_test_setup(changes_are_seen, empty_folder),
        cmocka_unit_test_setup(what_is_no_account_is_refused, empty_folder),
        cmocka_unit_test_setup(what_is_not_there_is_said, empty_folder),
        cmocka_unit_test_setup(jobs_are_found_by_name_and_unit, empty_folder),
        cmocka_unit_test_setup(jobs_by_skill_add_up, empty_folder),
        cmocka_unit_test_setup(sums_are_kept_in_aggregates, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
