/* Opening worlds, and what they tell of themselves. */
#include "support/world_files.h"

#include <locale.h>

#include "base/names.h"
#include "world/economy.h"
#include "world/world.h"

static dr_world *open_world(const char *path)
{
    dr_world *world = NULL;
    assert_ok(dr_world_open(&world, path));
    return world;
}

static void run_sql(const char *path, const char *sql)
{
    dr_duck duck = {0};
    assert_ok(dr_duck_open(&duck, path, false));
    assert_ok(dr_duck_run(&duck, "%s", sql));
    dr_duck_close(&duck);
}

/* ---- Opening ---- */

static void a_world_tells_its_regions_sectors_and_years(void **state)
{
    (void)state;
    make_small_world("a.world");
    import_text("small_1999.csv", small_table, "a.world", NULL);
    dr_world *world = open_world("a.world");
    assert_int_equal(dr_world_regions(world), 2);
    assert_string_equal(dr_world_region_code(world, 1), "BBB");
    assert_string_equal(dr_world_region_name(world, 1), "");
    assert_int_equal(dr_world_sectors(world), 2);
    assert_string_equal(dr_world_sector_code(world, 0), "x");
    assert_string_equal(dr_world_sector_name(world, 0), "");
    assert_int_equal(dr_world_years(world), 2);
    assert_int_equal(dr_world_year(world, 0), 1999);
    assert_int_equal(dr_world_year(world, 1), 2011);
    dr_economy *e = NULL;
    assert_ok(dr_economy_load(&e, world, 0));
    assert_int_equal(e->year, 2011);
    dr_economy_free(e);
    assert_failed(dr_economy_load(&e, world, 2001), DR_BAD_INPUT,
                  "a.world: has no year 2001; it has 2 years from 1999 to 2011, the nearest is 1999");
    dr_world_close(world);
    dr_world_close(NULL);
}

static void what_is_no_world_is_refused(void **state)
{
    (void)state;
    static char zeros[300000];
    dr_world *world = NULL;
    assert_failed(dr_world_open(&world, "no.world"), DR_BAD_INPUT, "no.world: no such file; expected a world file");
    assert_failed(dr_world_open(&world, "no/no.world"), DR_BAD_INPUT,
                  "no/no.world: no such file; expected a world file");
    assert_failed(dr_world_open(&world, "."), DR_BAD_INPUT, ".: is a folder; expected a world file");
    write_text("text.world", "a world\n");
    assert_failed(dr_world_open(&world, "text.world"), DR_BAD_INPUT,
                  "text.world: not a DuckDB file that this version reads; expected a world file");
    write_text("table.csv", "V1,A_a\nA_a,1\n");
    assert_failed(dr_world_open(&world, "table.csv"), DR_BAD_INPUT,
                  "table.csv: not a DuckDB file that this version reads; expected a world file");
    write_text("empty.world", "");
    assert_failed(dr_world_open(&world, "empty.world"), DR_BAD_INPUT,
                  "empty.world: not a DuckDB file that this version reads; expected a world file");
    write_bytes("zeros.world", zeros, sizeof zeros);
    assert_failed(dr_world_open(&world, "zeros.world"), DR_BAD_INPUT,
                  "zeros.world: not a DuckDB file that this version reads; expected a world file");
    run_sql("other.world", "CREATE TABLE t (i INTEGER)");
    assert_failed(dr_world_open(&world, "other.world"), DR_BAD_INPUT,
                  "other.world: a DuckDB file, but not a world (it has no table 'schema')");
    assert_null(world);
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    dr_world *world = NULL;
    const char *file = "small_2011.csv";
    make_small_world("a.world");
    run_sql("a.world", "UPDATE schema SET version = 5");
    const char text[] = "a.world: the world has schema version 5; this version of derisk (" DR_VERSION
                        ") reads 1 to 4; use a newer version of derisk";
    assert_failed(dr_world_open(&world, "a.world"), DR_BAD_INPUT, text);
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT, text);
    run_sql("a.world", "UPDATE schema SET version = 0");
    assert_failed(dr_world_open(&world, "a.world"), DR_BAD_INPUT,
                  "a.world: the world has schema version 0; this version of derisk (" DR_VERSION ") reads 1 to 4");
}

/* An error, or the right numbers. */
static void assert_not_misread(const char *path)
{
    dr_world *world = NULL;
    dr_economy *e = NULL;
    dr_status status = dr_world_open(&world, path);
    if (status == DR_OK)
        status = dr_economy_load(&e, world, 0);
    if (status == DR_OK)
        assert_true(e->flow[0] == 37 && e->flow[7] == 143 && e->final[0] == 28);
    else
        assert_true(*dr_error_text());
    dr_economy_free(e);
    dr_world_close(world);
}

static void a_damaged_world_is_never_misread(void **state)
{
    (void)state;
    size_t size = 0;
    make_small_world("a.world");
    char *bytes = read_bytes("a.world", &size);
    for (size_t cut = size / 16; cut < size; cut += size / 16) {
        write_bytes("b.world", bytes, cut);
        assert_not_misread("b.world");
    }
    for (size_t at = 10; at < size; at += 20011) {
        bytes[at] = (char)~bytes[at];
        write_bytes("b.world", bytes, size);
        bytes[at] = (char)~bytes[at];
        assert_not_misread("b.world");
    }
    free(bytes);
}

static void a_world_is_open_twice(void **state)
{
    (void)state;
    make_small_world("a.world");
    dr_world *first = open_world("a.world"), *second = open_world("./a.world");
    dr_economy *e = NULL;
    dr_world_close(first);
    assert_ok(dr_economy_load(&e, second, 0));
    dr_economy_free(e);
    const char *file = "small_2011.csv";
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_MACHINE,
                  "a.world: this program already has it open; close it first");
    dr_world_close(second);
    assert_ok(dr_import_icio(NULL, &file, 1, "a.world", NULL));
}

/* ---- Groups ---- */

static const char four_countries[] = "V1,ITA_x,GBR_x,POL_x,MIX_x,ITA_C,GBR_C,POL_C,MIX_C,OUT\n"
                                     "ITA_x,1,1,1,1,1,1,1,1,8\n"
                                     "GBR_x,1,1,1,1,1,1,1,1,8\n"
                                     "POL_x,1,1,1,1,1,1,1,1,8\n"
                                     "MIX_x,1,1,1,1,1,1,1,1,8\n"
                                     "VA,4,4,4,4,0,0,0,0,16\n";

static bool is_member(const char *path, const char *group, const char *region, int year)
{
    dr_world *world = open_world(path);
    dr_economy *e = NULL;
    assert_ok(dr_economy_load(&e, world, year));
    dr_world_close(world);
    int g = dr_names_find(&e->groups, group), n = dr_names_find(&e->region_codes, region);
    bool member = g >= 0 && e->member[(size_t)g * e->regions + (size_t)n];
    dr_economy_free(e);
    return member;
}

/* A member in a year is one on its 1 July; a region of several countries while all of them are. */
static void members_come_and_go(void **state)
{
    (void)state;
    static const int years[] = {1994, 1995, 2003, 2004, 2018, 2019, 2023, 2024, 2019, 2020};
    write_text("regions.csv", "code,parts\nITA,\nGBR,\nPOL,\nMIX,AUT|CZE\n");
    const dr_import_options options = {.size = sizeof(dr_import_options), .regions = "regions.csv"};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        char name[64];
        snprintf(name, sizeof name, "t_%d.csv", years[i]);
        import_text(name, four_countries, "a.world", &options);
    }
    assert_true(is_member("a.world", "EU", "ITA", 1994));
    assert_false(is_member("a.world", "EU", "POL", 2003));
    assert_true(is_member("a.world", "EU", "POL", 2004));  /* from 1 May */
    assert_false(is_member("a.world", "EU", "MIX", 1995)); /* Austria alone */
    assert_false(is_member("a.world", "EU", "MIX", 2003));
    assert_true(is_member("a.world", "EU", "MIX", 2004));
    assert_true(is_member("a.world", "EU", "GBR", 2019));
    assert_false(is_member("a.world", "EU", "GBR", 2020)); /* to 31 January */
    assert_false(is_member("a.world", "BRI", "ITA", 2018));
    assert_true(is_member("a.world", "BRI", "ITA", 2019));
    assert_true(is_member("a.world", "BRI", "ITA", 2023));
    assert_false(is_member("a.world", "BRI", "ITA", 2024));
    assert_true(is_member("a.world", "G7", "GBR", 2024));
    assert_false(is_member("a.world", "G7", "MIX", 2024));
}

static void every_group_has_a_source(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_true(query_number("a.world", "SELECT count(*) FROM region_group") >= 4);
    assert_true(query_number("a.world",
                             "SELECT count(*) FROM group_member WHERE source_id NOT IN (SELECT id FROM source)") == 0);
    assert_true(query_number("a.world",
                             "SELECT count(*) FROM region_group WHERE source_id NOT IN (SELECT id FROM source)") == 0);
    assert_true(query_number("a.world", "SELECT count(*) FROM group_member WHERE since IS NULL OR until < since") == 0);
}

/* ---- Info ---- */

static const char *detail_of(const dr_table *table, const char *what, const char *name)
{
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, 0), what) == 0 && strcmp(dr_table_text(table, row, 1), name) == 0)
            return dr_table_text(table, row, 3);
    return "(none)";
}

static void info_tells_what_a_world_holds(void **state)
{
    (void)state;
    write_text("sectors.csv", "code,name,slug,kind,isic_rev3\nx,Things,things,goods,D\ny,Deeds,deeds,services,\n");
    const dr_import_options options = {.size = sizeof(dr_import_options), .sectors = "sectors.csv"};
    import_text("t_2004.csv", four_countries, "b.world", NULL);
    import_text("small_2011.csv", small_table, "a.world", &options);
    dr_world *world = open_world("a.world"), *other = open_world("b.world");
    dr_table *table = NULL;
    assert_ok(dr_world_info(&table, world));
    assert_string_equal(detail_of(table, "year", "2011"),
                        "output 380, value added 232, final use 232, trade between regions 46");
    assert_string_equal(detail_of(table, "region", "AAA"), "no country of its own");
    assert_string_equal(detail_of(table, "sector", "x"), "things; goods; ISIC Rev. 3 D");
    assert_string_equal(detail_of(table, "sector", "y"), "deeds; services");
    assert_string_equal(detail_of(table, "final use", "G"), "");
    assert_string_equal(detail_of(table, "check", "2011"),
                        "the file does not state it: million US dollars, current prices; assumed; another one is given "
                        "in the column 'unit' of a CSV for --source");
    assert_int_equal(strncmp(detail_of(table, "source", "small_2011.csv"), "year 2011; SHA-256 ", 19), 0);
    dr_table_free(table);
    assert_ok(dr_world_info(&table, other));
    assert_string_equal(detail_of(table, "group", "EU"), "3 of 25 members are in this world in 2004: GBR ITA POL");
    assert_string_equal(detail_of(table, "group change", "EU"), "POL");
    dr_table_free(table);
    dr_world_close(world);
    dr_world_close(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_world_tells_its_regions_sectors_and_years),
        TEST(what_is_no_world_is_refused),
        TEST(a_newer_schema_is_refused),
        TEST(a_damaged_world_is_never_misread),
        TEST(a_world_is_open_twice),
        TEST(members_come_and_go),
        TEST(every_group_has_a_source),
        TEST(info_tells_what_a_world_holds),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
