/* Stored tables as files and on standard output. */
#include "support/world_files.h"

#include <fcntl.h>
#include <jansson.h>
#include <sys/resource.h>

static dr_status export(const char *table, dr_format format, const char *to)
{
    dr_world *world = NULL;
    assert_ok(dr_world_open(&world, "a.world"));
    dr_status status = dr_world_export(world, table, format, to);
    dr_world_close(world);
    return status;
}

static void assert_text(const char *path, const char *expected)
{
    size_t size = 0;
    char *text = read_bytes(path, &size);
    assert_string_equal(text, expected);
    free(text);
}

static const char output_csv[] = "year,region,sector,value\n"
                                 "2011,AAA,x,50.0\n2011,AAA,y,100.0\n2011,BBB,x,80.0\n2011,BBB,y,150.0\n";

static void csv_holds_the_rows(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_ok(export("output", DR_FORMAT_CSV, "o.csv"));
    assert_text("o.csv", output_csv);
    assert_ok(export("final_use", DR_FORMAT_CSV, "o.csv")); /* in place of the old file */
    assert_text("o.csv", "code\nC\nG\n");
}

static void json_holds_the_rows(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_ok(export("output", DR_FORMAT_JSON, "o.json"));
    json_t *rows = json_load_file("o.json", 0, NULL);
    assert_int_equal(json_array_size(rows), 4);
    json_t *last = json_array_get(rows, 3);
    assert_string_equal(json_string_value(json_object_get(last, "region")), "BBB");
    assert_true(json_number_value(json_object_get(last, "value")) == 150);
    json_decref(rows);
}

static void parquet_holds_the_rows(void **state)
{
    (void)state;
    dr_duck duck = {0};
    duckdb_result result;
    make_small_world("a.world");
    assert_ok(export("output", DR_FORMAT_PARQUET, "o.parquet"));
    assert_ok(dr_duck_open(&duck, NULL, false));
    assert_ok(dr_duck_query(
        &duck, &result, "SELECT sum(value) FILTER (region = 'BBB' AND sector = 'y') FROM read_parquet('o.parquet')"));
    duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
    assert_true(*(double *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)) == 150);
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
    dr_duck_close(&duck);
}

/* Every table that docs/world.md lists. */
static void every_table_is_exported(void **state)
{
    (void)state;
    static const char *const tables[] = {"schema",  "region",       "region_part",  "sector",     "final_use",
                                         "year",    "source",       "region_group", "membership", "group_member",
                                         "finding", "intermediate", "final",        "output",     "value_added",
                                         "run",     "run_fact",     "run_note",     "run_column"};
    make_small_world("a.world");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (int format = DR_FORMAT_CSV; format <= DR_FORMAT_PARQUET; format++)
            assert_ok(export(tables[i], (dr_format)format, "o"));
}

/* Runs an export with a file as standard output; what was in the file stays in front. */
static void to_standard_output(const char *table, dr_format format, const char *path)
{
    fflush(stdout);
    int old = dup(STDOUT_FILENO), file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    dup2(file, STDOUT_FILENO);
    dr_status status = export(table, format, NULL);
    dup2(old, STDOUT_FILENO);
    close(old);
    close(file);
    assert_ok(status);
}

static void standard_output_gets_the_same(void **state)
{
    (void)state;
    make_small_world("a.world");
    for (int format = DR_FORMAT_CSV; format <= DR_FORMAT_PARQUET; format++) {
        unlink("piped");
        assert_ok(export("intermediate", (dr_format)format, "named"));
        to_standard_output("intermediate", (dr_format)format, "piped");
        assert_same_files("piped", "named");
    }
    write_text("log", "a line\n");
    to_standard_output("final_use", DR_FORMAT_CSV, "log");
    assert_text("log", "a line\ncode\nC\nG\n");
}

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_failed(export("intermediat", DR_FORMAT_CSV, "o"), DR_BAD_INPUT,
                  "a.world: there is no table 'intermediat'; did you mean 'intermediate'?");
    assert_failed(export("sector; DROP TABLE sector", DR_FORMAT_CSV, "o"), DR_BAD_INPUT,
                  "a.world: there is no table 'sector; DROP TABLE sector'; did you mean 'sector'?");
    assert_failed(export("sector", DR_FORMAT_TEXT, "o"), DR_USAGE,
                  "a stored table can be written as csv, json or parquet, not as text");
    assert_failed(export("sector", DR_FORMAT_CSV, "no/o"), DR_BAD_INPUT, "no/o: cannot be written: no such folder");
    assert_failed(export("sector", DR_FORMAT_CSV, "."), DR_BAD_INPUT, ".: is a folder; expected a file name");
    assert_failed(export("sector", DR_FORMAT_CSV, "/dev/full"), DR_MACHINE,
                  "/dev/full: cannot be written: No space left on device");
    assert_false(is_there("o"));
}

static void a_name_with_quotes_is_a_name(void **state)
{
    (void)state;
    make_small_world("a.world");
    assert_ok(export("output", DR_FORMAT_CSV, "it's \"o\".csv"));
    assert_text("it's \"o\".csv", output_csv);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, empty_folder)
    const struct CMUnitTest tests[] = {
        TEST(csv_holds_the_rows),
        TEST(json_holds_the_rows),
        TEST(parquet_holds_the_rows),
        TEST(every_table_is_exported),
        TEST(standard_output_gets_the_same),
        TEST(what_cannot_be_written_is_refused),
        TEST(a_name_with_quotes_is_a_name),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
