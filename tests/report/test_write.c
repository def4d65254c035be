/* Tables as files: every format holds the same rows, and a file is written whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/duck.h"
#include "base/table.h"
#include "report/table_write.h"

static char folder[] = "/tmp/derisk-report-XXXXXX";
static char path[128];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/table", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails if a test left anything */
}

static dr_table *two_regions(void)
{
    const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                      {"welfare", DR_SHOW_PERCENT},
                                      {"tariff_revenue_share", DR_SHOW_SHARE},
                                      {"year", DR_SHOW_COUNT},
                                      {"base", DR_SHOW_VALUE}};
    dr_table *table = NULL;
    assert_int_equal(dr_table_new(&table, columns, 5), DR_OK);
    dr_table_set_title(table, "A \"small\" tariff");
    dr_table_set_unit(table, "million US dollars");
    dr_table_add_fact_text(table, "command", "simulate");
    dr_table_add_fact(table, "certificate.worst_residual", 3e-13);
    dr_table_add_fact_text(table, "closure", "fixed");
    dr_table_add_fact_text(table, "certificate.worst_equation", "market of EU, cars");
    dr_table_add_fact(table, "certificate.sweeps", 44);
    dr_table_add_fact(table, "certificate.solve_seconds", 0.0042);
    dr_table_add_fact(table, "certificate.parts.walras", NAN);
    dr_table_say(table, "the \"small\" tariff costs China %.1f%%.", 2.5);
    dr_table_add_note(table, "the first note");
    dr_table_add_note(table, "the second");
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, "Côte, \"d'Ivoire\"");
    dr_table_set_number(table, row, 1, 0.1);
    dr_table_set_number(table, row, 2, 1.0 / 3);
    dr_table_set_number(table, row, 3, 2011);
    dr_table_set_number(table, row, 4, 1234567.25);
    row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, "CHN");
    dr_table_set_number(table, row, 1, -2.5);
    dr_table_set_number(table, row, 3, 2011);
    assert_int_equal(dr_table_done(table), DR_OK);
    return table;
}

static char *file_text(void)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 16);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

static char *written(dr_format format)
{
    dr_table *table = two_regions();
    assert_int_equal(dr_table_write(table, format, path), DR_OK);
    dr_table_free(table);
    return file_text();
}

static char *shown(const dr_table *table, dr_text_device device)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    assert_int_equal(dr_write_text(table, file, device), DR_OK);
    fclose(file);
    return text;
}

static void csv_is_rfc_4180(void **state)
{
    (void)state;
    char *text = written(DR_FORMAT_CSV);
    assert_string_equal(text, "region,welfare,tariff_revenue_share,year,base\n"
                              "\"Côte, \"\"d'Ivoire\"\"\",0.1,0.3333333333333333,2011,1234567.25\n"
                              "CHN,-2.5,,2011,\n");
    free(text);
}

static const char *said_of(json_t *root, const char *column, const char *key)
{
    return json_string_value(json_object_get(json_object_get(json_object_get(root, "columns"), column), key));
}

/* Headings and descriptions are those of the name, or of the table. */
static void json_says_what_columns_are(void **state)
{
    (void)state;
    static const dr_column_spec columns[] = {
        {"region", DR_SHOW_TEXT}, {"real_gdp_change", DR_SHOW_VALUE}, {"loss_p5", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    char *text = NULL;
    size_t size = 0;
    json_error_t error;
    assert_int_equal(dr_table_new(&table, columns, 3), DR_OK);
    dr_table_set_unit(table, "million US dollars");
    dr_table_word(table, "loss_p5", "China loses", "of its real income");
    dr_table_word(table, "gain", "China gains", "no such column");
    assert_int_equal(dr_table_write_memory(&text, &size, table, DR_FORMAT_JSON), DR_OK);
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    assert_int_equal(json_object_size(json_object_get(root, "columns")), 3);
    assert_string_equal(said_of(root, "region", "type"), "text");
    assert_string_equal(said_of(root, "region", "unit"), "");
    assert_string_equal(said_of(root, "real_gdp_change", "heading"), "real GDP, change");
    assert_string_equal(said_of(root, "real_gdp_change", "unit"), "million US dollars");
    assert_string_equal(said_of(root, "real_gdp_change", "description"),
                        "gross domestic product at base prices; change from the base");
    assert_string_equal(said_of(root, "loss_p5", "type"), "percent");
    assert_string_equal(said_of(root, "loss_p5", "heading"), "China loses");
    assert_string_equal(said_of(root, "loss_p5", "description"), "of its real income");
    assert_string_equal(dr_table_column_heading(table, 1), "real GDP, change");
    json_decref(root);
    dr_memory_free(text);
    dr_table_free(table);
}

static void json_holds_facts_notes_and_rows(void **state)
{
    (void)state;
    char *text = written(DR_FORMAT_JSON);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(root);
    assert_memory_equal(text, "{\n  \"command\": \"simulate\"", 24);
    assert_string_equal(json_string_value(json_object_get(root, "title")), "A \"small\" tariff");
    assert_string_equal(json_string_value(json_object_get(root, "unit")), "million US dollars");
    assert_string_equal(json_string_value(json_object_get(root, "closure")), "fixed");
    json_t *certificate = json_object_get(root, "certificate");
    assert_int_equal(json_object_size(certificate), 5);
    assert_true(json_number_value(json_object_get(certificate, "worst_residual")) == 3e-13);
    assert_true(json_is_null(json_object_get(json_object_get(certificate, "parts"), "walras")));
    assert_int_equal(json_array_size(json_object_get(root, "notes")), 2);
    assert_int_equal(json_array_size(json_object_get(root, "answer")), 1);
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "answer"), 0)),
                        "The \"small\" tariff costs China 2.5%.");
    json_t *rows = json_object_get(root, "rows"), *first = json_array_get(rows, 0);
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(json_string_value(json_object_get(first, "region")), "Côte, \"d'Ivoire\"");
    assert_true(json_number_value(json_object_get(first, "tariff_revenue_share")) == 1.0 / 3);
    assert_true(json_is_null(json_object_get(json_array_get(rows, 1), "base")));
    json_decref(root);
    free(text);
}

static void json_says_what_it_cannot_hold(void **state)
{
    (void)state;
    dr_table *table = two_regions();
    dr_table_set_text(table, 0, 0, "\xff\xfe");
    unlink(path);
    assert_int_equal(dr_table_write(table, DR_FORMAT_JSON, path), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "not UTF-8"));
    assert_int_equal(access(path, F_OK), -1);
    dr_table_free(table);
}

static void parquet_reads_back(void **state)
{
    (void)state;
    free(written(DR_FORMAT_PARQUET));
    dr_duck duck = {0};
    duckdb_result result;
    assert_int_equal(dr_duck_open(&duck, NULL, false), DR_OK);
    assert_int_equal(dr_duck_query(&duck, &result, "SELECT * FROM read_parquet('%s')", path), DR_OK);
    assert_int_equal(duckdb_row_count(&result), 2);
    assert_int_equal(duckdb_column_count(&result), 5);
    assert_string_equal(duckdb_column_name(&result, 2), "tariff_revenue_share");
    assert_int_equal(duckdb_column_type(&result, 3), DUCKDB_TYPE_BIGINT);
    char *region = duckdb_value_varchar(&result, 0, 0);
    assert_string_equal(region, "Côte, \"d'Ivoire\"");
    duckdb_free(region);
    assert_true(duckdb_value_double(&result, 2, 0) == 1.0 / 3);
    assert_int_equal(duckdb_value_int64(&result, 3, 1), 2011);
    assert_true(duckdb_value_is_null(&result, 4, 1));
    duckdb_destroy_result(&result);
    dr_duck_close(&duck);
}

static void text_is_aligned(void **state)
{
    (void)state;
    char *text = written(DR_FORMAT_TEXT);
    assert_string_equal(text, "A \"small\" tariff\n"
                              "\n"
                              "The \"small\" tariff costs China 2.5%.\n"
                              "\n"
                              "million US dollars\n"
                              "\n"
                              "                            tariff\n"
                              "                           revenue\n"
                              "region            welfare    share  year       base\n"
                              "Côte, \"d'Ivoire\"    0.10%   33.33%  2011  1,234,567\n"
                              "CHN                -2.50%           2011\n"
                              "\n"
                              "Certificate: worst residual 3.0e-13 (market of EU, cars); 44 sweeps in 4.2 ms\n"
                              "- the first note\n"
                              "- the second\n");
    free(text);
}

static void text_fits_a_narrow_terminal(void **state)
{
    (void)state;
    dr_table *table = two_regions();
    char *text = shown(table, (dr_text_device){.width = 40});
    size_t blocks = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(strlen(line) <= 41); /* one letter of the region takes two bytes */
        blocks += strncmp(line, "region", 6) == 0;
    }
    assert_int_equal(blocks, 2);
    free(text);
    dr_table_free(table);
}

static void text_is_coloured_where_asked(void **state)
{
    (void)state;
    dr_table *table = two_regions();
    char *plain = shown(table, (dr_text_device){0}), *coloured = shown(table, (dr_text_device){.colour = true});
    assert_null(strchr(plain, '\033'));
    assert_non_null(strstr(coloured, "\033[31m-2.50%\033[0m"));
    free(plain);
    free(coloured);
    dr_table_free(table);
}

static void text_does_not_drive_the_terminal(void **state)
{
    (void)state;
    dr_table *table = two_regions();
    dr_table_set_text(table, 1, 0, "\033[2J\nX");
    char *text = shown(table, (dr_text_device){0});
    assert_null(strchr(text, '\033'));
    assert_non_null(strstr(text, "[2J X "));
    free(text);
    dr_table_free(table);
}

/* ---- What text shows --------------------------------------------------------------------------------------------- */

/* Regions R0, R1, ... with a value that grows, from the second on; a column of zeros, an empty one, a group, a total.
 * */
static dr_table *many_regions(size_t count)
{
    const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                      {"by", DR_SHOW_TEXT},
                                      {"value", DR_SHOW_COUNT},
                                      {"no_change", DR_SHOW_PERCENT},
                                      {"unknown", DR_SHOW_VALUE}};
    dr_table *table = NULL;
    char code[32];
    assert_int_equal(dr_table_new(&table, columns, 5), DR_OK);
    for (size_t i = 0; i < count; i++) {
        size_t row = dr_table_add_row(table);
        snprintf(code, sizeof code, "R%zu", i);
        dr_table_set_text(table, row, 0, code);
        dr_table_set_number(table, row, 2, i % 2 ? -(double)i : (double)i);
        dr_table_set_number(table, row, 3, 0.001);
    }
    return table;
}

static void add_sums(dr_table *table)
{
    static const struct {
        const char *name;
        dr_row_kind kind;
        double value;
    } sums[] = {{"EU", DR_ROW_GROUP, 1000}, {"G7", DR_ROW_GROUP, 2000}, {"all", DR_ROW_TOTAL, 9000}};
    for (size_t i = 0; i < 3; i++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_kind(table, row, sums[i].kind);
        dr_table_set_text(table, row, 0, sums[i].name);
        dr_table_set_number(table, row, 2, sums[i].value);
        dr_table_set_number(table, row, 3, 0);
    }
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void text_shows_fifteen_rows(void **state)
{
    (void)state;
    dr_table *fifteen = many_regions(15), *sixteen = many_regions(16);
    char *few = shown(fifteen, (dr_text_device){0}), *many = shown(sixteen, (dr_text_device){0});
    assert_int_equal(lines_of(few), 17); /* a header, the rows, the columns left out */
    assert_null(strstr(few, "more row"));
    assert_int_equal(lines_of(many), 18);
    assert_non_null(strstr(many, "\nR14        14\n... 1 more row: --all\n"));
    assert_non_null(strstr(many, "Not shown, zero or empty in these rows: by, no change, unknown\n"));
    free(many);
    dr_table_show_all(sixteen);
    many = shown(sixteen, (dr_text_device){0});
    assert_int_equal(lines_of(many), 18); /* the header has two */
    assert_non_null(strstr(many, "unknown"));
    assert_non_null(strstr(many, "R15           -15"));
    assert_null(strstr(many, "Not shown"));
    free(few);
    free(many);
    dr_table_free(fifteen);
    dr_table_free(sixteen);
}

static void text_sorts_by_size(void **state)
{
    (void)state;
    dr_table *table = many_regions(20);
    add_sums(table);
    dr_table_rank(table, 2);
    char *text = shown(table, (dr_text_device){0});
    assert_non_null(strstr(text, "region  value\nR19       -19\nR18        18\n"));
    assert_non_null(
        strstr(text, "\nR8          8\nG7       2000\nEU       1000\nall      9000\n... 8 more rows: --all\n"));
    free(text);
    unlink(path);
    assert_int_equal(dr_table_write(table, DR_FORMAT_CSV, path), DR_OK);
    text = file_text(); /* machine formats keep rows and order */
    assert_non_null(strstr(text, "unknown\nR0,,0,0.001,\nR1,,-1,0.001,\n"));
    assert_int_equal(lines_of(text), 24);
    free(text);
    dr_table_free(table);
}

static void top_rows_are_those_of_every_format(void **state)
{
    (void)state;
    dr_table *table = many_regions(20);
    add_sums(table);
    dr_table_rank(table, 2);
    assert_int_equal(dr_table_top(table, 2), DR_OK);
    assert_int_equal(dr_table_rows(table), 3);
    assert_string_equal(dr_table_text(table, 0, 0), "R19");
    assert_string_equal(dr_table_text(table, 1, 0), "R18");
    assert_string_equal(dr_table_text(table, 2, 0), "all");
    assert_int_equal(dr_table_row_kind(table, 2), DR_ROW_TOTAL);
    assert_int_equal(dr_table_row_kind(table, 1), DR_ROW_ONE);
    assert_int_equal(dr_table_top(table, 1000), DR_OK); /* more than there are */
    assert_int_equal(dr_table_rows(table), 3);
    dr_table_free(table);
}

static void names_stand_for_codes(void **state)
{
    (void)state;
    const dr_code codes[] = {{"R1", "Atlantis", NULL}, {"R2", "", NULL}, {"NORTH", "The North", ",R2,R3,"}};
    dr_table *table = many_regions(5);
    table->columns[0].spelling = dr_table_spelling(table, codes, 3);
    char *text = shown(table, (dr_text_device){0});
    assert_non_null(strstr(text, "\nAtlantis     -1\nR2            2\n"));
    free(text);
    unlink(path);
    assert_int_equal(dr_table_write(table, DR_FORMAT_CSV, path), DR_OK);
    text = file_text();
    assert_non_null(strstr(text, "\nR1,"));
    assert_null(strstr(text, "Atlantis"));
    free(text);
    assert_int_equal(dr_table_pick(table, "NORTH, atlantis"), DR_OK);
    assert_int_equal(dr_table_rows(table), 3);
    assert_string_equal(dr_table_text(table, 0, 0), "R1");
    assert_string_equal(dr_table_text(table, 2, 0), "R3");
    assert_int_equal(dr_table_pick(table, "R1,Rl"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "the result has no row 'Rl'; did you mean 'R1'?");
    assert_int_equal(dr_table_rows(table), 3);
    assert_int_equal(dr_table_pick(table, ""), DR_BAD_INPUT);
    dr_table_free(table);
}

static void names_that_are_too_long_end_with_dots(void **state)
{
    (void)state;
    const dr_code codes[] = {{"R1", "Trade, hotels and restaurants, transport, post and telecommunications", NULL},
                             {"R2", "Coke, refined petroleum, and other things, for which there is no room", NULL}};
    const dr_code alike[] = {{"R1", "Trade, hotels and restaurants, transport, post and telecommunications", NULL},
                             {"R2", "Trade, hotels and restaurants, transport, post and all the rest of it", NULL}};
    dr_table *table = many_regions(3);
    table->columns[0].spelling = dr_table_spelling(table, codes, 2);
    char *text = shown(table, (dr_text_device){0});
    assert_non_null(strstr(text, "\nTrade, hotels and restaurants, transport, p\u2026     -1\n"));
    assert_non_null(strstr(text, "\nCoke, refined petroleum, and other things\u2026        2\n"));
    free(text);
    table->columns[0].spelling = dr_table_spelling(table, alike, 2); /* they would look the same: wrapped instead */
    text = shown(table, (dr_text_device){0});
    assert_null(strstr(text, "\u2026"));
    assert_non_null(strstr(text, "\npost and telecommunications\n"));
    assert_non_null(strstr(text, "\npost and all the rest of it\n"));
    free(text);
    dr_table_free(table);
}

static void assert_no_part_left(void)
{
    char pattern[160];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%s/*.part", folder);
    assert_int_equal(glob(pattern, 0, NULL, &found), GLOB_NOMATCH);
    globfree(&found);
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    (void)state;
    char *before = written(DR_FORMAT_CSV);
    struct rlimit old, small = {1000, 0};
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    dr_table *table = two_regions();
    for (int i = 0; i < 1000; i++)
        dr_table_add_row(table);
    dr_table_show_all(table);
    const dr_format formats[] = {DR_FORMAT_TEXT, DR_FORMAT_CSV, DR_FORMAT_JSON, DR_FORMAT_PARQUET};
    for (int i = 0; i < 4; i++) {
        setrlimit(RLIMIT_FSIZE, &small);
        dr_status status = dr_table_write(table, formats[i], path);
        setrlimit(RLIMIT_FSIZE, &old);
        assert_int_equal(status, DR_MACHINE);
        char *after = file_text();
        assert_string_equal(before, after);
        free(after);
        assert_no_part_left();
    }
    dr_table_free(table);
    free(before);
}

static void assert_refused(dr_status expected, const char *where, const char *words)
{
    dr_table *table = two_regions();
    assert_int_equal(dr_table_write(table, DR_FORMAT_CSV, where), expected);
    assert_non_null(strstr(dr_error_text(), where));
    assert_non_null(strstr(dr_error_text(), words));
    dr_table_free(table);
}

static void places_that_cannot_be_written(void **state)
{
    (void)state;
    assert_refused(DR_BAD_INPUT, folder, "is a folder");
    assert_refused(DR_BAD_INPUT, "/nowhere/at/all.csv", "no such folder");
    assert_refused(DR_MACHINE, "/dev/full", "No space left on device");
}

static void a_file_keeps_its_mode_and_a_link_stays_one(void **state)
{
    (void)state;
    char link_path[160];
    struct stat about;
    free(written(DR_FORMAT_CSV));
    assert_int_equal(chmod(path, 0640), 0);
    snprintf(link_path, sizeof link_path, "%s/link", folder);
    assert_int_equal(symlink("table", link_path), 0);
    dr_table *table = two_regions();
    assert_int_equal(dr_table_write(table, DR_FORMAT_JSON, link_path), DR_OK);
    dr_table_free(table);
    assert_int_equal(lstat(link_path, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0640);
    char *text = file_text();
    assert_int_equal(text[0], '{');
    free(text);
    unlink(link_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_rfc_4180),
        cmocka_unit_test(json_holds_facts_notes_and_rows),
        cmocka_unit_test(json_says_what_columns_are),
        cmocka_unit_test(json_says_what_it_cannot_hold),
        cmocka_unit_test(parquet_reads_back),
        cmocka_unit_test(text_is_aligned),
        cmocka_unit_test(text_fits_a_narrow_terminal),
        cmocka_unit_test(text_is_coloured_where_asked),
        cmocka_unit_test(text_does_not_drive_the_terminal),
        cmocka_unit_test(text_shows_fifteen_rows),
        cmocka_unit_test(text_sorts_by_size),
        cmocka_unit_test(top_rows_are_those_of_every_format),
        cmocka_unit_test(names_stand_for_codes),
        cmocka_unit_test(names_that_are_too_long_end_with_dots),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
        cmocka_unit_test(places_that_cannot_be_written),
        cmocka_unit_test(a_file_keeps_its_mode_and_a_link_stays_one),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
