/* Tariffs beside a table: what is written is read, the year in memory pays them and still adds up, and changes are
 * seen. */
#include "support/world_files.h"

#include <math.h>
#include <unistd.h>

#include "world/economy.h"
#include "world/tariffs.h"

static void assert_close(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12))
        fail_msg("%.17g; expected %.17g", a, b);
}

/* [n, i, s]: AAA taxes x and y of BBB, BBB lets x of AAA in free; nothing is known of y. */
static const double rates[] = {NAN, NAN, 0.1, 0.2, 0, NAN, NAN, NAN};

static dr_status put(const char *path, int year, const double *rate)
{
    dr_writer *writer = NULL;
    const dr_source source = {.id = "t.csv",
                              .title = "Tariffs",
                              .publisher = "",
                              .licence = "",
                              .retrieved = "",
                              .url = "",
                              .name = "t.csv",
                              .sha256 = "0123",
                              .year = year};
    assert_ok(dr_writer_open(&writer, path));
    dr_status status = dr_tariffs_write(writer, year, rate);
    if (status == DR_OK)
        status = dr_tariffs_source(writer, &source);
    if (status == DR_OK)
        return dr_writer_commit(writer);
    dr_writer_abandon(writer);
    return status;
}

static void make_world(const char *path)
{
    make_small_world(path);
    assert_ok(put(path, 2011, rates));
}

static dr_status load(const char *path, dr_economy **economy)
{
    dr_world *world = NULL;
    assert_ok(dr_world_open(&world, path));
    dr_status status = dr_economy_load(economy, world, 2011);
    dr_world_close(world);
    return status;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    dr_world *world = NULL;
    double *rate = NULL;
    make_world("a.world");
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_tariffs_read(&rate, world, 2011));
    for (size_t i = 0; i < 8; i++)
        assert_true(isnan(rates[i]) ? isnan(rate[i]) : rate[i] == rates[i]);
    free(rate);
    assert_ok(dr_tariffs_read(&rate, world, 2012));
    assert_null(rate);
    dr_world_close(world);
    assert_true(query_number("a.world", "SELECT count(*) FROM tariff") == 3);
    assert_ok(put("a.world", 2011, rates)); /* in place of the first */
    assert_true(query_number("a.world", "SELECT count(*) FROM tariff") == 3);
    assert_true(query_number("a.world", "SELECT count(*) FROM tariff_source") == 1);
}

/* Users pay the duties of the cells that they import, output and flows stay, and spending is income: for each region,
 * final use at purchaser prices = value added (output less inputs) + revenue + imports less exports. */
static void a_loaded_year_pays_them_and_adds_up(void **state)
{
    (void)state;
    dr_economy *with = NULL, *without = NULL;
    make_small_world("b.world");
    make_world("a.world");
    assert_ok(load("a.world", &with));
    assert_ok(load("b.world", &without));
    assert_memory_equal(with->flow, without->flow, 8 * sizeof(double));
    assert_null(without->tariff);
    assert_true(with->tariff[2] == 0.1 && with->tariff[3] == 0.2 && with->tariff[0] == 0 && with->tariff[5] == 0);
    assert_close(with->input[0], 10 + 3 * 1.1); /* x in x of AAA */
    assert_close(with->input[3], 30 + 4 * 1.2); /* y in y */
    assert_close(with->final[0], 22 + 6 * 1.1);
    assert_close(with->input_duties, 4 * 0.1 + 5 * 0.2);
    assert_close(with->final_duties, 6 * 0.1 + 2 * 0.2);
    for (size_t n = 0; n < 2; n++) {
        double spent = 0, income = 0;
        for (size_t s = 0; s < 2; s++) {
            spent += with->final[n * 2 + s];
            for (size_t i = 0; i < 2; i++) {
                size_t bought = (n * 2 + i) * 2 + s, sold = (i * 2 + n) * 2 + s;
                income += with->flow[sold] + with->tariff[bought] * with->flow[bought]; /* output, revenue */
                income += with->flow[bought] - with->flow[sold];                        /* deficit */
                income -= with->input[(n * 2 + s) * 2 + i];
            }
        }
        assert_close(spent, income);
    }
    dr_economy_free(with);
    dr_economy_free(without);
}

static void they_stay_when_a_table_is_replaced(void **state)
{
    (void)state;
    dr_economy *economy = NULL;
    make_world("a.world");
    make_small_world("a.world");
    assert_ok(load("a.world", &economy));
    assert_true(economy->tariff[2] == 0.1);
    dr_economy_free(economy);
}

static void an_earlier_world_takes_them(void **state)
{
    (void)state;
    dr_economy *economy = NULL;
    make_small_world("a.world");
    change_world("a.world", AS_BEFORE);
    assert_ok(put("a.world", 2011, rates));
    assert_true(query_number("a.world", "SELECT version FROM schema") == 4);
    assert_ok(load("a.world", &economy));
    dr_economy_free(economy);
}

static void changes_are_seen(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *error;
    } cases[] = {
        {"UPDATE tariff SET rate = 0.3 WHERE rate = 0.2",
         "a.world: the 2 cells of 'tariff' from BBB to AAA in 2011 add up to 0.4; at import 2 cells added up to 0.3"},
        {"DELETE FROM tariff",
         "a.world: the 0 cells of 'tariff' from AAA to BBB in 2011 add up to 0; at import 1 cells added up to 0"},
        {"UPDATE tariff SET rate = 'nan'", "a.world: the column 'rate' of the table 'tariff' is not a finite number of "
                                           "at most 1e30 in 2011, for AAA, BBB, "
                                           "x"},
        {"INSERT INTO tariff SELECT * FROM tariff",
         "a.world: the table 'tariff' has two rows in 2011 of AAA, BBB, x; expected one"},
        {"DROP TABLE tariff_source", "a.world: the table 'tariff_source' is missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dr_world *world = NULL;
        dr_economy *economy = NULL;
        unlink("a.world");
        make_world("a.world");
        change_world("a.world", cases[i].sql);
        dr_status status = dr_world_open(&world, "a.world");
        if (status == DR_OK)
            status = dr_economy_load(&economy, world, 2011);
        assert_failed(status, DR_BAD_INPUT, cases[i].error);
        dr_world_close(world);
    }
}

static void impossible_ones_are_refused(void **state)
{
    (void)state;
    const double below[] = {NAN, NAN, -1, 0, 0, 0, 0, 0}, above[] = {NAN, NAN, 0, 1001, 0, 0, 0, 0};
    make_small_world("a.world");
    assert_failed(put("a.world", 2011, below), DR_BAD_INPUT,
                  "a.world: the tariff of AAA on x from BBB in 2011 is -1; expected a fraction above -1 and of at most "
                  "1000");
    assert_failed(
        put("a.world", 2011, above), DR_BAD_INPUT,
        "a.world: the tariff of AAA on y from BBB in 2011 is 1001; expected a fraction above -1 and of at most "
        "1000");
    assert_failed(put("a.world", 2012, rates), DR_BAD_INPUT,
                  "a.world: has no table of 2012, to which tariffs could belong");
}

/* Of x and y together: (10 * 0.1 + 7 * 0.2) / 17, what AAA buys of them being 10 and 7. */
static void an_aggregate_keeps_the_revenue(void **state)
{
    (void)state;
    dr_world *world = NULL;
    dr_economy *economy = NULL;
    make_world("a.world");
    write_text("sectors.csv", "sector,to\nx,all\ny,all\n");
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_world_aggregate(NULL, world, NULL, "sectors.csv", "b.world"));
    dr_world_close(world);
    assert_ok(load("b.world", &economy));
    assert_close(economy->tariff[1], 2.4 / 17);
    assert_close(economy->input_duties + economy->final_duties, 2.4);
    dr_economy_free(economy);
    assert_true(query_number("b.world", "SELECT count(*) FROM tariff_source WHERE title = 'Tariffs'") == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_written_is_read, empty_folder),
        cmocka_unit_test_setup(a_loaded_year_pays_them_and_adds_up, empty_folder),
        cmocka_unit_test_setup(they_stay_when_a_table_is_replaced, empty_folder),
        cmocka_unit_test_setup(an_earlier_world_takes_them, empty_folder),
        cmocka_unit_test_setup(changes_are_seen, empty_folder),
        cmocka_unit_test_setup(impossible_ones_are_refused, empty_folder),
        cmocka_unit_test_setup(an_aggregate_keeps_the_revenue, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
