/* Worlds that somebody else made or changed: the first thing that is wrong is told, or the answers are those of the
 * sound world. */
#include "support/world_files.h"

#include "world/economy.h"

static void copy_file(const char *from, const char *to)
{
    size_t size = 0;
    char *bytes = read_bytes(from, &size);
    write_bytes(to, bytes, size);
    free(bytes);
}

/* Everything that reads the numbers of a world: what it holds, a year, all that is sold. */
static dr_status use(const char *path)
{
    dr_world *world = NULL;
    dr_economy *e = NULL;
    dr_table *info = NULL, *ties = NULL;
    dr_status status = dr_world_open(&world, path);
    if (status == DR_OK)
        status = dr_economy_load(&e, world, 0);
    if (status == DR_OK)
        status = dr_world_info(&info, world);
    if (status == DR_OK)
        status = dr_balance(&ties, world, "AAA", "BBB", NULL);
    dr_table_free(info);
    dr_table_free(ties);
    dr_economy_free(e);
    dr_world_close(world);
    return status;
}

static void make_earlier_world(const char *path)
{
    make_small_world(path);
    change_world(path, AS_BEFORE);
}

typedef struct row {
    const char *sql,
        *message; /* "" and after the path of the world: what is said; NULL: the world is as good as before */
} row;

static void check_rows(const char *base, dr_status (*used)(const char *path), const row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char expected[512];
        copy_file(base, "b.world");
        change_world("b.world", rows[i].sql);
        snprintf(expected, sizeof expected, "b.world: %s", rows[i].message ? rows[i].message : "");
        dr_status status = used("b.world");
        if (rows[i].message)
            assert_failed(status, DR_BAD_INPUT, expected);
        else
            assert_ok(status);
    }
}

#define CHECK(base, rows) check_rows(base, use, rows, sizeof(rows) / sizeof *(rows))

static void tables_are_as_they_should_be(void **state)
{
    (void)state;
    static const row rows[] = {
        {"ALTER TABLE intermediate ALTER origin TYPE VARCHAR",
         "the column 'origin' of the table 'intermediate' is VARCHAR; expected region_code (an ENUM)"},
        {"ALTER TABLE intermediate ALTER origin TYPE ENUM ('BBB', 'AAA')",
         "the column 'origin' of the table 'intermediate' is an ENUM of other codes, or in another order, than "
         "region_code: expected the codes of the regions"},
        {"ALTER TABLE region ALTER code TYPE VARCHAR",
         "the column 'code' of the table 'region' is VARCHAR; expected region_code (an ENUM)"},
        {"ALTER TABLE output ALTER value TYPE FLOAT",
         "the column 'value' of the table 'output' is FLOAT; expected DOUBLE"},
        {"ALTER TABLE intermediate ALTER year TYPE BIGINT",
         "the column 'year' of the table 'intermediate' is BIGINT; expected INTEGER"},
        {"ALTER TABLE final RENAME use TO useful", "the table 'final' has a column 'useful'; expected 'use'"},
        {"ALTER TABLE final DROP value", "the table 'final' has no column 'value'"},
        {"ALTER TABLE final ADD COLUMN more DOUBLE",
         "the table 'final' has a column 'more' after its last one, 'value'"},
        {"ALTER TABLE year ALTER unit SET DEFAULT 'euros'",
         "the column 'unit' of the table 'year' is computed or has a default; expected plain numbers and texts"},
        {"DROP TABLE final", "the table 'final' is missing"},
        {"DROP TABLE year_sum", "the table 'year_sum' is missing"},
        {"CREATE TABLE estimate (name VARCHAR)", "the table 'estimate' has no column 'variable'"},
        {"CREATE TABLE product_flow (year INTEGER)", "the table 'product_flow' has no column 'exporter'"},
        {"CREATE TABLE run_regions (run VARCHAR, welfare DATE)",
         "the column 'welfare' of the table 'run_regions' is DATE; expected VARCHAR or DOUBLE"},
        {"UPDATE schema SET kind = 'products'", "the table 'schema' says that this is a world of version 3 and of the "
                                                "kind 'products', which has no table 'region'"},
        {"UPDATE schema SET kind = 'long'", "the table 'schema' says that this is a world of version 3 and of the kind "
                                            "'long', which has no table 'final_use'"},
        {"UPDATE schema SET kind = 'ICIO'",
         "the kind in the table 'schema' is 'ICIO'; expected icio, long or products"},
        {"UPDATE schema SET kind = NULL", "the table 'schema' holds NULL; expected a version and a kind"},
        {"INSERT INTO schema SELECT * FROM schema", "the table 'schema' has several rows; expected one"},
        {"DELETE FROM schema", "the table 'schema' has no row; expected one"},
        {"ALTER TABLE year RENAME TO mine; CREATE VIEW year AS SELECT year, (SELECT content FROM "
         "read_text('small_2011.csv')) AS"
         " unit FROM mine",
         "'year' is a view; expected a table"},
        {"ALTER TABLE final RENAME TO mine; CREATE VIEW final AS WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT i "
         "+ 1 FROM x)"
         " SELECT mine.* FROM mine, x",
         "the table 'final' is missing"},
        {"CREATE VIEW mine AS SELECT 1", "contains the view 'mine', which is not part of a world file"},
        {"DROP VIEW membership; CREATE TABLE membership AS SELECT 'EU' AS group_code, 100000000 AS region, 2011 AS "
         "year",
         "'membership' is a table; expected a view"},
        {"CREATE SEQUENCE mine", "contains the sequence 'mine', which is not part of a world file"},
        {"CREATE INDEX mine ON year (year)", "contains the index 'mine', which is not part of a world file"},
        {"CREATE SCHEMA mine", "contains the schema 'mine', which is not part of a world file"},
        {"CREATE TYPE mine AS ENUM ('a')", "contains the type 'mine', which is not part of a world file"},
        /* what others add for themselves, and views of the file, which nobody reads */
        {"CREATE TABLE mine AS SELECT * FROM final", NULL},
        {"CREATE OR REPLACE VIEW membership AS SELECT 'EU' AS group_code, 100000000 AS region, 2011 AS year", NULL},
    };
    make_earlier_world("a.world");
    CHECK("a.world", rows);
}

static void rows_are_as_they_should_be(void **state)
{
    (void)state;
    static const row rows[] = {
        {"UPDATE intermediate SET value = NULL WHERE origin = 'AAA' AND user = 'y'",
         "the column 'value' of the table 'intermediate' is NULL in some row; expected a value in each"},
        {"UPDATE final SET origin = NULL WHERE origin = 'AAA'",
         "the column 'origin' of the table 'final' is NULL in some row; expected a value in each"},
        {"UPDATE output SET year = NULL",
         "the column 'year' of the table 'output' is NULL in some row; expected a value in each"},
        {"INSERT INTO intermediate SELECT * FROM intermediate",
         "the table 'intermediate' has two rows in 2011 of AAA, x, AAA, x; expected one"},
        {"INSERT INTO final VALUES (2011, 'AAA', 'x', 'AAA', 'C', 'nan')",
         "the column 'value' of the table 'final' is not a finite number of at most 1e30 in 2011, for AAA, x, AAA, C"},
        {"INSERT INTO intermediate VALUES (2011, 'AAA', 'x', 'AAA', 'x', '-inf')",
         "the column 'value' of the table 'intermediate' is not a finite number of at most 1e30 in 2011, for AAA, x, "
         "AAA, x"},
        {"DELETE FROM region WHERE code = 'AAA'", "the table 'region' has no row of 'AAA'; expected one of each code"},
        {"INSERT INTO region SELECT * FROM region",
         "row 3 of the table 'region' has the same key as an earlier row (0)"},
        {"INSERT INTO year SELECT * FROM year", "row 2 of the table 'year' has the same key as an earlier row (2011)"},
        {"UPDATE sector SET slug = NULL WHERE code = 'y'",
         "the column 'slug' of the table 'sector' is NULL in row 2; expected a value"},
        {"UPDATE sector SET name = 'a' || chr(0) || 'b' WHERE code = 'x'",
         "the column 'name' of the table 'sector' is a text with a zero byte in row 1; expected plain text"},
        {"UPDATE year SET year = 2147483647",
         "the column 'year' of the table 'year' is 2147483647 in row 1; expected a year from 1 to 9999"},
    };
    make_earlier_world("a.world");
    CHECK("a.world", rows);
}

static void numbers_are_those_of_the_import(void **state)
{
    (void)state;
    static const row rows[] = {
        {"UPDATE intermediate SET value = value + 1e-9 WHERE value = 10",
         "the 4 cells of 'intermediate' from AAA to AAA in 2011 add up to 49.000000001; at import 4 cells added up to "
         "49"},
        {"UPDATE intermediate SET value = 15 - value WHERE origin = 'AAA' AND supplier = 'x' AND destination = 'AAA'",
         "the 4 cells of 'intermediate' from AAA to AAA in 2011 add up as they did at import, but some of them have "
         "been changed since"},
        {"DELETE FROM final WHERE origin = 'BBB' AND destination = 'BBB'",
         "the 0 cells of 'final' from BBB to BBB in 2011 add up to 0; at import 4 cells added up to 130"},
        {"DELETE FROM output WHERE region = 'AAA'",
         "the 2 cells of 'output' in 2011 add up to 230; at import 4 cells added up to 380"},
        {"DELETE FROM year_sum WHERE numbers = 'intermediate' AND origin = 'AAA' AND destination = 'BBB'",
         "the 4 cells of 'intermediate' from AAA to BBB in 2011 add up to 7; at import 0 cells added up to 0"},
        {"UPDATE year_sum SET origin = 'CCC' WHERE numbers = 'final'",
         "the table 'year_sum' has sums of 'final' from 'CCC' to 'AAA', which are not regions"},
        /* the order of rows is nobody's promise */
        {"CREATE TABLE mine AS SELECT * FROM intermediate ORDER BY value; DROP TABLE intermediate;"
         " ALTER TABLE mine RENAME TO intermediate",
         NULL},
        /* a world of an earlier derisk has no sums */
        {"DROP TABLE year_sum; UPDATE schema SET version = 1", NULL},
        {"DROP TABLE year_sum; UPDATE schema SET version = 1; UPDATE intermediate SET value = 11 WHERE value = 10",
         NULL},
        {"DROP TABLE year_sum; UPDATE schema SET version = 1; UPDATE intermediate SET value = 0; UPDATE final SET "
         "value = 0",
         "2011: no flow is above zero; expected sales"},
    };
    make_earlier_world("a.world");
    CHECK("a.world", rows);
}

/* The same of cells in lists. */
static void lists_are_as_they_should_be(void **state)
{
    (void)state;
    static const row rows[] = {
        {"UPDATE intermediate_row SET amounts = list_transform(amounts, x -> CASE WHEN x = 10 THEN x + 1e-9 ELSE x "
         "END)",
         "the 4 cells of 'intermediate' from AAA to AAA in 2011 add up to 49.000000001; at import 4 cells added up to "
         "49"},
        {"UPDATE intermediate_row SET amounts = list_reverse(amounts) WHERE origin = 'AAA' AND supplier = 'x' AND "
         "destination = 'AAA'",
         "the 4 cells of 'intermediate' from AAA to AAA in 2011 add up as they did at import, but some of them have "
         "been changed since"},
        {"UPDATE final_row SET amounts = list_append(amounts, 1)",
         "the table 'final_row' has in 2011, for AAA, x, AAA, a list that has not one number for each code"},
        {"UPDATE intermediate_row SET amounts = [1, NULL] WHERE origin = 'BBB' AND destination = 'BBB'",
         "the table 'intermediate_row' has in 2011, for BBB, x, BBB, a list with NULL; expected numbers"},
        {"UPDATE intermediate_row SET amounts = ['inf'::DOUBLE, 1] WHERE origin = 'AAA' AND destination = 'AAA'",
         "the column 'value' of the table 'intermediate' is not a finite number of at most 1e30 in 2011, for AAA, x, "
         "AAA, x"},
        {"UPDATE intermediate_row SET amounts = NULL",
         "the column 'amounts' of the table 'intermediate_row' is NULL in some row; expected a value in each"},
        {"UPDATE intermediate_row SET origin = NULL",
         "the column 'origin' of the table 'intermediate_row' is NULL in some row; expected a value in each"},
        {"INSERT INTO final_row SELECT * FROM final_row",
         "the table 'final_row' has two rows in 2011 of AAA, x, AAA; expected one"},
        {"UPDATE intermediate_row SET users = ['x', 'y']::sector_code[]", NULL},
        {"UPDATE intermediate_row SET users = ['y', 'x']::sector_code[]",
         "the table 'intermediate_row' has in 2011, for AAA, x, AAA, a list of codes that are not in their order, each "
         "once"},
        {"UPDATE intermediate_row SET users = ['x']::sector_code[]",
         "the table 'intermediate_row' has in 2011, for AAA, x, AAA, lists of codes and of numbers that are not of one "
         "length"},
        {"UPDATE intermediate_row SET users = ['x', NULL]::sector_code[]",
         "the table 'intermediate_row' has in 2011, for AAA, x, AAA, a list of codes that are not in their order, each "
         "once"},
        {"ALTER TABLE intermediate_row ALTER amounts TYPE FLOAT[]",
         "the column 'amounts' of the table 'intermediate_row' is FLOAT[]; expected DOUBLE[]"},
        {"ALTER TABLE intermediate_row ALTER users TYPE VARCHAR[]",
         "the column 'users' of the table 'intermediate_row' is VARCHAR[]; expected sector_code[] (an ENUM)"},
        {"DROP VIEW intermediate; DROP TABLE intermediate_row", "the table 'intermediate_row' is missing"},
        {"DROP VIEW final; CREATE TABLE final AS SELECT 1 AS x",
         "the table 'schema' says that this is a world of version 4 and of the kind 'icio', which has no table "
         "'final'"},
        {"CREATE TABLE mine AS SELECT * FROM final_row ORDER BY amounts DESC; DROP VIEW final; DROP TABLE final_row;"
         " ALTER TABLE mine RENAME TO final_row",
         NULL},
    };
    make_small_world("a.world");
    CHECK("a.world", rows);
}

/* A world of the third version is as good as one of today, and becomes one with its next year. */
static void an_earlier_world_gets_lists(void **state)
{
    (void)state;
    static const char *const tables[] = {"intermediate", "final", "year_sum"};
    make_small_world("a.world");
    copy_file("a.world", "b.world");
    change_world("b.world", AS_BEFORE);
    assert_ok(use("b.world"));
    import_text("small_2012.csv", small_table, "a.world", NULL);
    import_text("small_2012.csv", small_table, "b.world", NULL);
    assert_true(query_number("b.world", "SELECT version FROM schema") == 4);
    for (size_t i = 0; i < 3; i++) {
        char sql[160];
        snprintf(sql, sizeof sql, "SELECT sum(hash(t)::DOUBLE) FROM %s t", tables[i]);
        assert_true(query_number("a.world", sql) == query_number("b.world", sql));
    }
    assert_ok(use("b.world"));
}

/* Macros of the file stand for none of DuckDB's functions, and a file with macros is not written to. */
static void macros_are_not_run(void **state)
{
    (void)state;
    const char *file = "small_2011.csv";
    make_small_world("a.world");
    change_world(
        "a.world",
        "CREATE MACRO enum_range(x) AS ['DEU', 'FRA']; CREATE MACRO sum(x) AS 3; CREATE MACRO \"+\"(a, b) AS 4;"
        " CREATE MACRO string_split(a, b) AS ['DEU']; CREATE MACRO unnest(a) AS a");
    assert_ok(use("a.world"));
    change_world("a.world", "DROP MACRO enum_range; DROP MACRO sum; DROP MACRO string_split; DROP MACRO unnest");
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT,
                  "a.world: contains the macro '+', which is not part of a world file");
}

/* What is refused for reading is refused for writing, and is left as it was. */
static void writers_look_first(void **state)
{
    (void)state;
    const char *file = "small_2011.csv";
    make_earlier_world("a.world");
    change_world("a.world", "ALTER TABLE final ALTER value TYPE FLOAT");
    copy_file("a.world", "before.world");
    assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT,
                  "a.world: the column 'value' of the table 'final' is FLOAT; expected DOUBLE");
    assert_same_files("a.world", "before.world");
}

/* A world without sums gets them with its next year. */
static void an_earlier_world_gets_sums(void **state)
{
    (void)state;
    make_small_world("a.world");
    double before = query_number("a.world", "SELECT sum(total) FROM year_sum");
    change_world("a.world", AS_BEFORE "DROP TABLE year_sum; UPDATE schema SET version = 1");
    import_text("small_2012.csv", small_table, "a.world", NULL);
    assert_true(query_number("a.world", "SELECT version FROM schema") == 4);
    assert_true(query_number("a.world", "SELECT sum(total) FROM year_sum WHERE year = 2011") == before);
    assert_true(query_number("a.world", "SELECT sum(total) FROM year_sum WHERE year = 2012") == before);
    assert_ok(use("a.world"));
}

/* Numbers of which no answer can be made are refused where they would come in, and leave no world. */
static void an_import_has_numbers_to_work_with(void **state)
{
    (void)state;
    static const char *const tables[][2] = {
        {"V1,A_x,B_x,A_C,B_C,OUT\nA_x,0,0,0,0,0\nB_x,0,0,0,0,0\nVA,0,0,0,0,0\nOUT,0,0,0,0,0\n",
         "a.world: 2011: all cells of 'final' are zero; expected a table with sales"},
        {"V1,A_x,B_x,A_C,B_C,OUT\nA_x,1e308,1,1,1,4\nB_x,1,1,1,1,4\nVA,1,1,0,0,2\nOUT,3,3,2,2,10\n",
         "a.world: the column 'value' of the table 'intermediate' is not a finite number of at most 1e30 in 2011, for "
         "A, x, A, x"},
    };
    const char *file = "t_2011.csv";
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        write_text(file, tables[i][0]);
        assert_failed(dr_import_icio(NULL, &file, 1, "a.world", NULL), DR_BAD_INPUT, tables[i][1]);
        assert_false(is_there("a.world"));
    }
}

static void product_flows_are_those_of_the_import(void **state)
{
    (void)state;
    const char *file = "baci.csv";
    const dr_import_options options = {.size = sizeof(dr_import_options), .classification = "HS17"};
    dr_world *world = NULL;
    dr_table *table = NULL;
    write_text(file, "t,i,j,k,v,q\n2020,276,156,010121,1.5,0.25\n2020,842,276,270900,2.5,\n");
    assert_ok(dr_import_products(NULL, DR_BACI, &file, 1, "a.world", &options));
    for (int changed = 0; changed < 2; changed++) {
        if (changed)
            change_world("a.world", "UPDATE product_flow SET value = 3 WHERE value = 1.5");
        assert_ok(dr_world_open(&world, "a.world"));
        dr_status status = dr_exposure_products(&table, world, "DEU", NULL);
        if (changed)
            assert_failed(
                status, DR_BAD_INPUT,
                "a.world: the 2 cells of 'product_flow' in 2020 add up to 5.5; at import 2 cells added up to 4");
        else
            assert_ok(status);
        dr_table_free(table);
        table = NULL;
        dr_world_close(world);
    }
}

static void make_rest_world(const char *path)
{
    const char *energy = "energy.csv", *const materials[] = {"world.csv", "eu.csv", "scores.csv"};
    write_text(energy, "geo,partner,siec,unit,TIME_PERIOD,OBS_VALUE\nDE,RU,G3000,TJ_GCV,2020,20\n"
                       "DE,NO,G3000,TJ_GCV,2020,30\nFR,NO,G3000,TJ_GCV,2021,5\n");
    write_text(materials[0], "Material,Stage,Country,Share,t\nGallium,P,China,94%,1.1\nGallium,P,Germany,6%,1\n");
    write_text(materials[1], "Material,Stage,Country,Share,t\nGallium,P,China,71%,1.1\n");
    write_text(materials[2], "Material,Year,SR\nGallium,2023,3.9\n");
    make_small_world(path);
    assert_ok(dr_import_energy(NULL, &energy, 1, path, NULL));
    assert_ok(dr_import_materials(NULL, materials, 3, path, NULL));
}

/* Everything that reads energy and materials. */
static dr_status use_rest(const char *path)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    assert_ok(dr_world_open(&world, path));
    dr_status checked = dr_world_check(&table, world);
    dr_table_free(table);
    table = NULL;
    dr_status status = dr_exposure_energy(&table, world, "DEU", "RUS", 0);
    dr_table_free(table);
    table = NULL;
    if (status == DR_OK)
        status = dr_exposure_materials(&table, world);
    dr_table_free(table);
    assert_int_equal(checked, status);
    dr_world_close(world);
    return status;
}

static void energy_and_materials_are_those_of_the_import(void **state)
{
    (void)state;
    static const row rows[] = {
        {"UPDATE energy_flow SET value = 2 WHERE value = 20",
         "the 3 cells of 'energy_flow.value' add up to 37; at import 3 cells added up to 55"},
        {"UPDATE energy_flow SET value = 50 - value WHERE importer = 'DEU'",
         "the 3 cells of 'energy_flow.value' add up as they did at import, but some of them have been changed since"},
        {"UPDATE energy_flow SET months = 6 WHERE year = 2021",
         "the 3 cells of 'energy_flow.value' add up as they did at import, but some of them have been changed since"},
        {"DELETE FROM energy_flow WHERE year = 2021",
         "the 2 cells of 'energy_flow.value' add up to 50; at import 3 cells added up to 55"},
        {"DELETE FROM year_sum WHERE numbers = 'energy_flow.value'",
         "the 3 cells of 'energy_flow.value' add up to 55; at import 0 cells added up to 0"},
        {"INSERT INTO year_sum SELECT * FROM year_sum WHERE numbers = 'energy_flow.value'",
         "the table 'year_sum' has two rows of the sum of 'energy_flow.value'"},
        {"UPDATE supply_share SET share = 0.5 WHERE country = 'DEU'",
         "the 3 cells of 'supply_share.share' add up to 2.15; at import 3 cells added up to 1.71"},
        {"UPDATE supply_share SET trade = trade + 1e-9 WHERE country = 'DEU'",
         "the 3 cells of 'supply_share.trade' add up to 3.200000001; at import 3 cells added up to 3.2"},
        {"UPDATE supply_share SET country = 'RUS' WHERE country = 'CHN'",
         "the 3 cells of 'supply_share.share' add up as they did at import, but some of them have been changed since"},
        {"UPDATE supply_score SET supply_risk = 1",
         "the 1 cells of 'supply_score.supply_risk' add up to 1; at import 1 cells added up to 3.9"},
        /* the order of rows is nobody's promise, and worlds of earlier versions have fewer sums or none */
        {"CREATE TABLE mine AS SELECT * FROM energy_flow ORDER BY value DESC; DROP TABLE energy_flow;"
         " ALTER TABLE mine RENAME TO energy_flow",
         NULL},
        {AS_BEFORE "DELETE FROM year_sum WHERE year = 0; UPDATE schema SET version = 2", NULL},
        {AS_BEFORE "DROP TABLE year_sum; UPDATE schema SET version = 1", NULL},
    };
    make_rest_world("a.world");
    assert_ok(use_rest("a.world"));
    check_rows("a.world", use_rest, rows, sizeof rows / sizeof *rows);
}

/* A world of the second version gets the sums of energy and materials with what is imported next, and an aggregated
 * world has its own. */
static void an_earlier_world_gets_sums_of_energy(void **state)
{
    (void)state;
    const char *energy = "energy.csv";
    const char of_rows[] = "SELECT sum(total) FROM year_sum WHERE year = 0";
    make_rest_world("a.world");
    double before = query_number("a.world", of_rows);
    assert_true(before > 60);
    for (int way = 0; way < 3; way++) {
        copy_file("a.world", "b.world");
        change_world("b.world", way == 2 ? AS_BEFORE "DROP TABLE year_sum; UPDATE schema SET version = 1"
                                         : AS_BEFORE
                                    "DELETE FROM year_sum WHERE year = 0; UPDATE schema SET version = 2");
        if (way == 0)
            import_text("small_2012.csv", small_table, "b.world", NULL);
        else
            assert_ok(dr_import_energy(NULL, &energy, 1, "b.world", NULL));
        assert_true(query_number("b.world", "SELECT version FROM schema") == 4);
        assert_true(query_number("b.world", of_rows) == before);
        assert_ok(use("b.world"));
        assert_ok(use_rest("b.world"));
    }
    dr_world *world = NULL;
    assert_ok(dr_world_open(&world, "a.world"));
    assert_ok(dr_world_aggregate(NULL, world, NULL, NULL, "c.world"));
    dr_world_close(world);
    assert_true(query_number("c.world", of_rows) == before);
    assert_ok(use_rest("c.world"));
}

/* SQL on a world reaches no other file, whatever it is. */
static void no_other_file_is_reached(void **state)
{
    (void)state;
    dr_duck duck = {0};
    make_small_world("a.world");
    for (int read_only = 0; read_only < 2; read_only++) {
        assert_ok(dr_duck_open(&duck, "a.world", read_only));
        assert_int_not_equal(dr_duck_run(&duck, "SELECT * FROM read_text('small_2011.csv')"), DR_OK);
        assert_int_not_equal(dr_duck_run(&duck, "COPY year TO 'year.csv'"), DR_OK);
        assert_int_not_equal(dr_duck_run(&duck, "ATTACH 'other.world'"), DR_OK);
        assert_int_not_equal(dr_duck_run(&duck, "SET enable_external_access = true"), DR_OK);
        assert_int_not_equal(dr_duck_run(&duck, "SET threads = 1"), DR_OK);
        dr_duck_close(&duck);
    }
    assert_false(is_there("year.csv"));
}

/* A path is a path, and no service's address. */
static void paths_are_paths(void **state)
{
    (void)state;
    static const char *const paths[] = {"md:x", "sqlite:x.world", "temp.world", "system.world", "a\"b,c.d.world"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        import_text("small_2011.csv", small_table, paths[i], NULL);
        assert_ok(use(paths[i]));
    }
}

#define TEST(name) cmocka_unit_test_setup(name, empty_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tables_are_as_they_should_be),
        TEST(rows_are_as_they_should_be),
        TEST(numbers_are_those_of_the_import),
        TEST(lists_are_as_they_should_be),
        TEST(an_earlier_world_gets_lists),
        TEST(macros_are_not_run),
        TEST(writers_look_first),
        TEST(an_earlier_world_gets_sums),
        TEST(product_flows_are_those_of_the_import),
        TEST(energy_and_materials_are_those_of_the_import),
        TEST(an_earlier_world_gets_sums_of_energy),
        TEST(an_import_has_numbers_to_work_with),
        TEST(no_other_file_is_reached),
        TEST(paths_are_paths),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
