/* Files of accounts: plain CSV, WIOD's socio-economic accounts, extensions of pymrio and EXIOBASE. */
#include "support/world_files.h"

#include <math.h>

#include "world/accounts.h"

static dr_account_year *load(const char *name)
{
    dr_world *world = NULL;
    dr_account_year *account = NULL;
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_account_load(&account, world, name, 2011));
    dr_world_close(world);
    return account;
}

static dr_status import_file(const char *file, const dr_import_options *options)
{
    return dr_import_accounts(NULL, &file, 1, "a.world", options);
}

static void assert_account(const char *name, const char *unit, const double value[4], const double final[2])
{
    dr_account_year *account = load(name);
    assert_string_equal(account->unit, unit);
    assert_memory_equal(account->value, value, 4 * sizeof *value);
    assert_memory_equal(account->final, final, 2 * sizeof *final);
    dr_account_free(account);
}

static const char header[] = "region,sector,year,account,unit,value\n";

static void write_rows(const char *rows)
{
    char text[1024];
    snprintf(text, sizeof text, "%s%s", header, rows);
    write_text("co2.csv", text);
}

static void plain_rows_are_read(void **state)
{
    (void)state;
    make_small_world("a.world");
    write_rows("AAA,x,2011,CO2,kt,1\naaa,y,2011,CO2,kt,2\nBBB,y,2011,CO2,kt,-3\nBBB,households,2011,CO2,kt,5\n"
               "AAA,x,1999,CO2,kt,77\nBBB,x,2011,CO2,kt,\nAAA,x,2011,jobs,1000 p,1.5\n");
    assert_ok(import_file("co2.csv", NULL));
    assert_account("CO2", "kt", (double[]){1, 2, 0, -3}, (double[]){0, 5});
    assert_account("jobs", "persons", (double[]){1500, 0, 0, 0}, (double[]){0, 0});
    assert_true(query_number("a.world", "SELECT count(*) FROM account_source WHERE length(sha256) = 64") == 1);
    assert_true(
        query_number("a.world", "SELECT count(*) FROM account_finding WHERE found LIKE '%of other years%: 1'") == 1);
    /* again, described, and without a column of years: that of the options */
    write_text("source.csv", "id,title,publisher,licence,url\noffice,An inventory,An office,free,\n");
    write_text("later.csv", "region,sector,account,unit,value\nAAA,x,CO2,kt,9\n");
    const dr_import_options options = {.size = sizeof(dr_import_options), .year = 2011, .source = "source.csv"};
    assert_ok(import_file("later.csv", &options));
    assert_account("CO2", "kt", (double[]){9, 0, 0, 0}, (double[]){0, 0});
    assert_true(query_number("a.world", "SELECT count(*) FROM account WHERE source = 'An inventory'") == 1);
    assert_true(query_number("a.world", "SELECT count(*) FROM account_source") == 2);
}

/* The order of rows changes nothing. */
static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    make_small_world("a.world");
    write_rows("BBB,y,2011,CO2,kt,3\nAAA,x,2011,CO2,kt,1\n");
    assert_ok(import_file("co2.csv", NULL));
    assert_account("CO2", "kt", (double[]){1, 0, 0, 3}, (double[]){0, 0});
}

static void other_sectors_are_mapped(void **state)
{
    (void)state;
    make_small_world("a.world");
    write_rows("AAA,01,2011,CO2,kt,1\nAAA,02,2011,CO2,kt,2\nAAA,TOTAL,2011,CO2,kt,3\n");
    write_text("map.csv", "sector,to\n01,x\n02,x\nTOTAL,\n");
    const dr_import_options options = {.size = sizeof(dr_import_options), .concordance = "map.csv"};
    assert_failed(import_file("co2.csv", NULL), DR_BAD_INPUT,
                  "co2.csv:2:2: the world has no sector '01'; --concordance maps other sectors to the world's");
    assert_ok(import_file("co2.csv", &options));
    assert_account("CO2", "kt", (double[]){3, 0, 0, 0}, (double[]){0, 0});
}

static void make_countries(void)
{
    import_text("t_2011.csv",
                "V1,DEU_x,USA_x,ROW_x,DEU_C,USA_C,ROW_C,OUT\nDEU_x,1,1,1,5,1,1,10\nUSA_x,1,1,1,1,5,1,10\n"
                "ROW_x,1,1,1,1,1,5,10\nVA,7,7,7,0,0,0,21\nOUT,10,10,10,7,7,7,51\n",
                "a.world", NULL);
}

static void countries_find_their_region(void **state)
{
    (void)state;
    make_countries();
    write_rows("Germany,x,2011,CO2,kt,1\nUS,x,2011,CO2,kt,2\nFRA,x,2011,CO2,kt,4\nJapan,x,2011,CO2,kt,8\n");
    assert_ok(import_file("co2.csv", NULL));
    dr_account_year *account = load("CO2");
    assert_memory_equal(account->value, ((double[]){1, 2, 12}), 3 * sizeof(double));
    dr_account_free(account);
    assert_true(query_number("a.world", "SELECT count(*) FROM account_finding WHERE subject = 'regions' AND found LIKE "
                                        "'%added to ROW: 2; the first is FRA'") == 1);
    write_rows("ROW,x,2011,CO2,kt,1\nFRA,x,2011,CO2,kt,4\n");
    assert_failed(
        import_file("co2.csv", NULL), DR_BAD_INPUT,
        "co2.csv: has rows of 'ROW' and of countries that belong there (1; the first is FRA): both would count "
        "twice; leave one out");
}

/* What pymrio saves as text and as Parquet is the same. */
static void parquet_is_read_as_text_is(void **state)
{
    (void)state;
    const dr_import_options options = {.size = sizeof(dr_import_options), .year = 2000};
    dr_account_year *accounts[2] = {NULL};
    static const char *const folders[] = {"pymrio_saved_txt", "pymrio_saved_parquet"};
    for (size_t i = 0; i < 2; i++) {
        char folder[256];
        dr_world *world = NULL;
        snprintf(folder, sizeof folder, "data/mrio_samples/%s", folders[i]);
        const char *path = shared(folder);
        unlink("p.world");
        assert_ok(dr_import(NULL, &path, 1, "p.world", &options));
        assert_ok(dr_import_accounts(NULL, &path, 1, "p.world", &options));
        assert_ok(dr_world_open(&world, "p.world"));
        assert_ok(dr_account_load(&accounts[i], world, "emission_type1 (air)", 2000));
        dr_world_close(world);
    }
    double sum = 0;
    for (size_t i = 0; i < 6 * 8; i++) {
        sum += accounts[0]->value[i];
        assert_true(fabs(accounts[0]->value[i] - accounts[1]->value[i]) <= 1e-6 * accounts[0]->value[i]);
    }
    assert_true(fabs(sum / 1080224500 - 1) < 1e-4);
    for (size_t i = 0; i < 6; i++)
        assert_true(fabs(accounts[0]->final[i] - accounts[1]->final[i]) <= 1e-6 * accounts[0]->final[i]);
    dr_account_free(accounts[0]);
    dr_account_free(accounts[1]);
}

static void socio_economic_accounts_are_read(void **state)
{
    (void)state;
    make_small_world("a.world");
    write_text("sea.csv",
               "country,variable,description,code,X2010,X2011\nAAA,EMP,Number,x,1,2\nAAA,EMP,Number,TOT,9,9\n"
               "BBB,EMP,Number,y,1,0.5\nBBB,VA,Value added,y,7,7\nBBB,H_EMP,Hours,y,4,\n");
    assert_ok(import_file("sea.csv", NULL));
    assert_account("persons engaged", "persons", (double[]){2000, 0, 0, 500}, (double[]){0, 0});
    assert_true(query_number("a.world", "SELECT count(*) FROM account_finding WHERE subject = 'money' AND found LIKE "
                                        "'%: 1'") == 1);
}

static const char f_txt[] = "region\t\tAAA\tAAA\tBBB\tBBB\nsector\t\tx\ty\tx\ty\nstressor\tcompartment\t\t\t\t\n"
                            "CO2\tair\t1\t2\t3\t4\njobs\tall\t0.001\t0\t0\t0\nTaxes\tnone\t5\t5\t5\t5\n";
static const char unit_txt[] = "stressor\tcompartment\tunit\nCO2\tair\tkg\njobs\tall\t1000 p\nTaxes\tnone\tM.EUR\n";

static void make_extension(const char *f, const char *f_y, const char *unit)
{
    mkdir("air", 0700);
    write_text("air/F.txt", f);
    write_text("air/F_Y.txt", f_y);
    write_text("air/unit.txt", unit);
}

static void extensions_are_read(void **state)
{
    (void)state;
    make_small_world("a.world");
    make_extension(
        f_txt,
        "region\t\tAAA\tAAA\tBBB\r\ncategory\t\tC\tG\tC\r\nstressor\tcompartment\t\t\t\r\nCO2\tair\t10\t20\t5\r\n",
        unit_txt);
    assert_ok(import_file("air", NULL));
    assert_account("CO2 (air)", "kg", (double[]){1, 2, 3, 4}, (double[]){30, 5});
    assert_account("jobs (all)", "persons", (double[]){1, 0, 0, 0}, (double[]){0, 0});
    assert_true(query_number("a.world", "SELECT count(*) FROM account") == 2);
    assert_true(query_number("a.world", "SELECT count(*) FROM account_source WHERE id = 'air/F.txt'") == 1);
}

static void wrong_extensions_are_refused(void **state)
{
    (void)state;
    static const char no_final[] = "region\t\tAAA\ncategory\t\tC\n";
    static const struct {
        const char *f, *unit, *error;
    } cases[] = {
        {"sector\tx\n1\t2\n", unit_txt,
         "air/F.txt:1:1: expected the label 'region', as in the extensions of pymrio and EXIOBASE"},
        {"region\t\tAAA\tCCC\nsector\t\tx\ty\n", unit_txt, "air/F.txt:1:4: the world has no region 'CCC'"},
        {"region\t\tAAA\tBBB\nsector\t\tx\tz\n", unit_txt,
         "air/F.txt:2:4: the world has no sector 'z'; --concordance maps other sectors to the world's"},
        {"region\t\tAAA\tBBB\nsector\t\tx\n", unit_txt,
         "air/F.txt:2: 3 fields; expected as many as in the first row, 4"},
        {"region\t\tAAA\tBBB\nsector\t\tx\tx\nCO2\tair\t1\n", unit_txt,
         "air/F.txt:3: 3 fields; expected as many as in the first row, 4"},
        {"region\t\tAAA\tBBB\nsector\t\tx\tx\nCO2\tair\t1\tmany\n", unit_txt,
         "air/F.txt:3:4: 'many' is not a finite number"},
        {"region\t\tAAA\tBBB\nsector\t\tx\tx\nCH4\tair\t1\t1\n", unit_txt,
         "air/F.txt:3: the list of units has none of 'CH4 (air)'"},
        {"region\t\tAAA\tBBB\nsector\t\tx\tx\n", unit_txt, "air/F.txt: no account in it"},
        {f_txt, "stressor\nCO2\n", "air/unit.txt:2: expected the name of a stressor and its unit"},
    };
    make_small_world("a.world");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_extension(cases[i].f, no_final, cases[i].unit);
        assert_failed(import_file("air", NULL), DR_BAD_INPUT, cases[i].error);
    }
    make_extension(f_txt, no_final, unit_txt);
    assert_int_equal(remove("air/unit.txt"), 0);
    assert_failed(import_file("air", NULL), DR_BAD_INPUT,
                  "air/F.txt: there is no unit.txt beside it, which has the units");
    assert_false(query_number("a.world", "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'account'") > 0);
}

static void wrong_rows_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *error;
    } cases[] = {
        {"AAA,x,2011,CO2,kt,1\nAAA,x,2011,CO2,kt,1\n",
         "co2.csv:3: the account 'CO2' of 2011 has two rows of AAA, x; expected one"},
        {"AAA,x,2011,CO2,kt,1\nAAA,y,2011,CO2,Mt,1\n",
         "co2.csv:3:5: the account 'CO2' of 2011 is in two units, 'kt' and 'Mt'"},
        {"AAB,x,2011,CO2,kt,1\n",
         "co2.csv:2:1: 'AAB' is neither a region of the world nor a country; did you mean 'AAA'?"},
        {"AAA,x,2011,,kt,1\n", "co2.csv:2:4: expected the name of an account, of 1 to 200 bytes of UTF-8"},
        {"AAA,x,2011,CO2,,1\n", "co2.csv:2:5: expected a unit, such as kt or persons"},
        {"AAA,x,soon,CO2,kt,1\n", "co2.csv:2:3: 'soon' is not a finite number"},
        {"AAA,x,2011.5,CO2,kt,1\n", "co2.csv:2:3: '2011.5' is not a year"},
        {"AAA,x,2012,CO2,kt,1\n", "co2.csv: all of its 1 cells are of years that the world does not have"},
        {"AAA,x,2011,CO2,kt,nan\n", "co2.csv:2:6: 'nan' is not a finite number"},
        {"AAA,x,2011,CO2,kt,1e31\n",
         "a.world: the account 'CO2' of 2011 is not a finite number of at most 1e30 for AAA, x"},
        {"", "co2.csv: no account in it"},
    };
    make_small_world("a.world");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_rows(cases[i].rows);
        assert_failed(import_file("co2.csv", NULL), DR_BAD_INPUT, cases[i].error);
    }
    write_text("co2.csv", "region,sector,account,value\n");
    assert_failed(import_file("co2.csv", NULL), DR_BAD_INPUT, "co2.csv:1: the column 'unit' is missing");
    const char *file = "co2.csv";
    assert_failed(dr_import_accounts(NULL, &file, 1, "none.world", NULL), DR_BAD_INPUT,
                  "none.world: no such world; import the table first to which the accounts belong");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(plain_rows_are_read, empty_folder),
        cmocka_unit_test_setup(the_order_of_rows_does_not_matter, empty_folder),
        cmocka_unit_test_setup(other_sectors_are_mapped, empty_folder),
        cmocka_unit_test_setup(countries_find_their_region, empty_folder),
        cmocka_unit_test_setup(parquet_is_read_as_text_is, empty_folder),
        cmocka_unit_test_setup(socio_economic_accounts_are_read, empty_folder),
        cmocka_unit_test_setup(extensions_are_read, empty_folder),
        cmocka_unit_test_setup(wrong_extensions_are_refused, empty_folder),
        cmocka_unit_test_setup(wrong_rows_are_refused, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
