/* CSV, plain and gzip: what is read, and the one line said about what cannot be. */
#include <locale.h>
#include <math.h>
#include <zlib.h>

#include "base/csv.h"
#include "support/world_files.h"

/* ---- Reading ---- */

static dr_csv *open_text(const char *text)
{
    dr_csv *csv = NULL;
    assert_ok(dr_csv_open_memory(&csv, "t.csv", text, strlen(text)));
    return csv;
}

/* All rows as one text: fields in brackets, rows by lines, each with its line in front. */
static const char *rows_of(dr_csv *csv)
{
    static char all[4096];
    size_t length = 0;
    bool more = true;
    for (all[0] = '\0'; assert_ok(dr_csv_next(csv, &more)), more;) {
        length += (size_t)snprintf(all + length, sizeof all - length, "%zu", dr_csv_line(csv));
        for (size_t i = 0; i < dr_csv_fields(csv); i++)
            length += (size_t)snprintf(all + length, sizeof all - length, "[%s]", dr_csv_field(csv, i));
        length += (size_t)snprintf(all + length, sizeof all - length, "\n");
        assert_true(length < sizeof all);
    }
    dr_csv_close(csv);
    return all;
}

static void rows_and_fields(void **state)
{
    (void)state;
    assert_string_equal(rows_of(open_text("a,b\n1,2\n")), "1[a][b]\n2[1][2]\n");
    assert_string_equal(rows_of(open_text("a,b\n1,2")), "1[a][b]\n2[1][2]\n");
    assert_string_equal(rows_of(open_text("a,b\r\n1,2\r\n")), "1[a][b]\n2[1][2]\n");
    assert_string_equal(rows_of(open_text("a,b\r1,2\r3,4")), "1[a][b]\n2[1][2]\n3[3][4]\n");
    assert_string_equal(rows_of(open_text("\n\na,b\n\n\r\n1,2\n\n")), "3[a][b]\n6[1][2]\n");
    assert_string_equal(rows_of(open_text(" a , b\n,1\n")), "1[a][b]\n2[][1]\n");
    assert_string_equal(rows_of(open_text(",,\na,b\n,\n , \n,1\n,,,\n")), "2[a][b]\n5[][1]\n"); /* separators only */
    assert_string_equal(rows_of(open_text("")), "");
    assert_string_equal(rows_of(open_text("\n\n")), "");
}

static void quoted_fields(void **state)
{
    (void)state;
    assert_string_equal(rows_of(open_text("\"a,b\",\"say \"\"no\"\"\",c\n")), "1[a,b][say \"no\"][c]\n");
    assert_string_equal(rows_of(open_text("a,\"two\nlines\"\nb,c\n")), "2[a][two\nlines]\n3[b][c]\n");
    assert_string_equal(rows_of(open_text("a,\"open to the end")), "1[a][open to the end]\n");
    assert_string_equal(rows_of(open_text("\" kept \",\"\"\n")), "1[ kept ][]\n");
}

/* What RFC 4180 leaves open: blanks around fields, stray quotes, any line end. */
static void odd_fields(void **state)
{
    (void)state;
    assert_string_equal(rows_of(open_text(" a\t, b c ,\t\n")), "1[a][b c][]\n");
    assert_string_equal(rows_of(open_text("\"a\" ,\" b \"\n")), "1[a][ b ]\n");
    assert_string_equal(rows_of(open_text("a\"b\"c,\"\"\n")), "1[a\"b\"c][]\n");
    assert_string_equal(rows_of(open_text("\"a\"\"b\",\"\"\"\"\n")), "1[a\"b][\"]\n");
    assert_string_equal(rows_of(open_text("\"a\"b,c\"\nd\n")), "1[a\"b,c]\n2[d]\n");
    assert_string_equal(rows_of(open_text("\"a\" \"b\",c\n")), "1[a\" \"b][c]\n");
    assert_string_equal(rows_of(open_text("a,b\r\nc,d\re,f")), "1[a][b]\n2[c][d]\n3[e][f]\n");
    assert_string_equal(rows_of(open_text("a,\"b\" ")), "1[a][b]\n");
    assert_string_equal(rows_of(open_text("a,")), "1[a][]\n");
    assert_string_equal(rows_of(open_text("\n\r\n \na\n\n")), "4[a]\n");
}

/* More rows than fit into a chunk of the reader, so that some are cut in two by its end. */
static void many_rows(void **state)
{
    enum { ROWS = 100000 };
    (void)state;
    char *text = malloc(16 * ROWS), *end = text;
    assert_non_null(text);
    for (int i = 0; i < ROWS; i++)
        end += sprintf(end, "%d,%d\r\n", i, 3 * i);
    dr_csv *csv = open_text(text);
    bool more = true;
    double last = 0;
    for (size_t i = 0; i < ROWS; i++) {
        double a = -1, b = -1;
        assert_ok(dr_csv_next(csv, &more));
        assert_true(more);
        assert_int_equal(dr_csv_fields(csv), 2);
        assert_ok(dr_csv_number(csv, 0, &a));
        assert_ok(dr_csv_number(csv, 1, &b));
        assert_true(a == (double)i && b == 3 * a);
        assert_true(dr_csv_done(csv) >= last && dr_csv_done(csv) <= 1);
        last = dr_csv_done(csv);
    }
    assert_ok(dr_csv_next(csv, &more));
    assert_false(more);
    dr_csv_close(csv);
    free(text);
}

static void gzip_as_plain(void **state)
{
    const char text[] = "code,value\nDEU,1\n\"C\nHN\",2\n";
    dr_csv *csv = NULL;
    char plain[256];
    (void)state;
    gzFile file = gzopen("t.csv.gz", "wb");
    assert_int_equal(gzwrite(file, text, sizeof text - 1), sizeof text - 1);
    gzclose(file);
    write_text("t.csv", text);
    assert_ok(dr_csv_open(&csv, "t.csv"));
    snprintf(plain, sizeof plain, "%s", rows_of(csv));
    assert_ok(dr_csv_open(&csv, "t.csv.gz"));
    assert_string_equal(rows_of(csv), plain);
    assert_string_equal(plain, "1[code][value]\n2[DEU][1]\n4[C\nHN][2]\n");
}

/* ---- Columns by name ---- */

static dr_status header(dr_csv *csv, int columns[2])
{
    static const char *const names[] = {"code", "?value"};
    dr_status status = dr_csv_header(csv, names, 2, columns);
    dr_csv_close(csv);
    return status;
}

static void columns_by_name(void **state)
{
    int columns[2];
    (void)state;
    assert_ok(header(open_text("value,other,code\n"), columns));
    assert_int_equal(columns[0], 2);
    assert_int_equal(columns[1], 0);
    assert_ok(header(open_text("code\n"), columns));
    assert_int_equal(columns[1], -1);
    assert_ok(header(open_text("\xef\xbb\xbf"
                               "code,value\n"),
                     columns));
    assert_int_equal(columns[0], 0);
    assert_ok(header(open_text("\xef\xbb\xbf"
                               "\"code\",\"value\"\n"),
                     columns));
    assert_int_equal(columns[0], 0);
}

static void wrong_headers(void **state)
{
    int columns[2];
    (void)state;
    assert_failed(header(open_text("cod,value\n"), columns), DR_BAD_INPUT,
                  "t.csv:1: the column 'code' is missing; did you mean 'cod'?");
    assert_failed(header(open_text("\nregion,value\n"), columns), DR_BAD_INPUT,
                  "t.csv:2: the column 'code' is missing");
    assert_failed(header(open_text("code,value,code\n"), columns), DR_BAD_INPUT,
                  "t.csv:1: the column 'code' appears twice");
    assert_failed(header(open_text("code,value,value\n"), columns), DR_BAD_INPUT,
                  "t.csv:1: the column 'value' appears twice");
    assert_failed(header(open_text(""), columns), DR_BAD_INPUT, "t.csv: empty; expected a table with a header");
    assert_failed(header(open_text("\r\n\r\n"), columns), DR_BAD_INPUT, "t.csv: empty; expected a table with a header");
}

static void other_separators(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rows;
        char separator;
        bool decimal_comma;
    } cases[] = {
        {"a,b\n1,2\n", "1[a][b]\n2[1][2]\n", ',', false},
        {"a;b;c\n1,5;-2;3\n", "1[a][b][c]\n2[1.5][-2][3]\n", ';', true},
        {"a;b, of all;c\n1.5;2;3,x\n", "1[a][b, of all][c]\n2[1.5][2][3,x]\n", ';', false},
        {"sep=;\r\na\r\n1,5\r\n", "2[a]\n3[1.5]\n", ';', true},
        {"\n\na\tb\n1,5\t\n", "3[a][b]\n4[1,5][]\n", '\t', false},
        {"a|b\n1|2\n", "1[a][b]\n2[1][2]\n", '|', false},
        {"\"a;b;c\",d\n1;2;3,4\n", "1[a;b;c][d]\n2[1;2;3][4]\n", ',', false},
        {"name,a;b,c\n", "1[name][a;b][c]\n", ',', false}, /* one column may be called anything */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dr_csv *csv = open_text(cases[i].text);
        bool more = true;
        while (more)
            assert_ok(dr_csv_next(csv, &more));
        assert_int_equal(dr_csv_separator(csv), cases[i].separator);
        assert_int_equal(dr_csv_decimal_comma(csv), cases[i].decimal_comma);
        dr_csv_close(csv);
        assert_string_equal(rows_of(open_text(cases[i].text)), cases[i].rows);
    }
}

static void numbers_of_other_countries(void **state)
{
    (void)state;
    static const char hint[] = "; write decimals with a point, and thousands without a separator";
    assert_string_equal(dr_number_hint("1,5"), hint);
    assert_string_equal(dr_number_hint("1 234.5"), hint);
    assert_string_equal(dr_number_hint("1'234"), hint);
    assert_string_equal(dr_number_hint("-1.234,5"), hint);
    assert_string_equal(dr_number_hint("1.2.3"), "");
    assert_string_equal(dr_number_hint("x,y"), "");
    assert_string_equal(dr_number_hint(""), "");
}

static void unknown_columns(void **state)
{
    static const char *const names[] = {"code", "?value"};
    int columns[2];
    (void)state;
    dr_csv *csv = open_text("code,valeu\n");
    assert_ok(dr_csv_header(csv, names, 2, columns));
    assert_failed(dr_csv_known(csv, names, 2), DR_BAD_INPUT,
                  "t.csv:1:2: unknown column 'valeu'; did you mean 'value'?");
    dr_csv_close(csv);
    csv = open_text("value,code\n");
    assert_ok(dr_csv_header(csv, names, 2, columns));
    assert_ok(dr_csv_known(csv, names, 2));
    dr_csv_close(csv);
}

/* ---- Cells ---- */

/* The status of reading the second row of a table of two columns and the number in its second cell. */
static dr_status second_cell(const char *text, double *number)
{
    static const char *const names[] = {"code", "value"};
    int columns[2];
    bool more = false;
    dr_csv *csv = open_text(text);
    assert_ok(dr_csv_header(csv, names, 2, columns));
    dr_status status = dr_csv_record(csv, &more);
    if (status == DR_OK && more)
        status = dr_csv_number(csv, 1, number);
    dr_csv_close(csv);
    return status;
}

static void cells(void **state)
{
    double number = 0;
    (void)state;
    assert_ok(second_cell("code,value\nDEU,-1.5e3\n", &number));
    assert_true(number == -1500);
    assert_failed(second_cell("code,value\nDEU\n", &number), DR_BAD_INPUT,
                  "t.csv:2: a row of 1 cells, but the header has 2");
    assert_failed(second_cell("code,value\nDEU,1,2\n", &number), DR_BAD_INPUT,
                  "t.csv:2: a row of 3 cells, but the header has 2");
    assert_failed(second_cell("code,value\nDEU,\n", &number), DR_BAD_INPUT,
                  "t.csv:2:2: the cell is empty; expected a number");
    assert_failed(second_cell("code,value\n\nDEU,n/a\n", &number), DR_BAD_INPUT,
                  "t.csv:3:2: 'n/a' is not a finite number");
    assert_failed(second_cell("code,value\nDEU,inf\n", &number), DR_BAD_INPUT,
                  "t.csv:2:2: 'inf' is not a finite number");
    assert_failed(second_cell("code,value\nDEU,1e999\n", &number), DR_BAD_INPUT,
                  "t.csv:2:2: '1e999' is not a finite number");
    assert_failed(second_cell("code,value\nDEU,\"1\n2\"\n", &number), DR_BAD_INPUT,
                  "t.csv:3:2: '1 2' is not a finite number");
}

static void numbers(void **state)
{
    static const char *const good[] = {"0", "-0", "+7", ".5", "5.", "1e-3", "-1E+3", "4.9406564584124654e-324"};
    static const double values[] = {0, 0, 7, .5, 5, 1e-3, -1e3, 4.9406564584124654e-324};
    static const char *const bad[] = {"",
                                      " ",
                                      "-",
                                      "+",
                                      ".",
                                      "e5",
                                      "1e",
                                      "1,5",
                                      "1 ",
                                      " 1",
                                      "--1",
                                      "0x1",
                                      "1x",
                                      "nan",
                                      "-nan",
                                      "-inf",
                                      "inf",
                                      "infinity",
                                      "1.5.",
                                      "1_0",
                                      "1e400",
                                      "0x",
                                      "25%",
                                      ("\xc2\xa0"
                                       "1")};
    double number = 0;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(dr_parse_number(good[i], &number));
        assert_true(number == values[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (dr_parse_number(bad[i], &number))
            fail_msg("'%s' was read as %g", bad[i], number);
}

/* Sets a locale with a decimal comma: one that is there, or one made here where there is what it is made of. */
static bool set_comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "it_IT.UTF-8", "pl_PL.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setlocale(LC_NUMERIC, names[i]))
            return true;
    const char *command = "localedef -i de_DE -f UTF-8 ./de_DE.UTF-8 >/dev/null 2>&1";
    setenv("LOCPATH", test_folder, 1);
    int made = system(command); /* NOLINT(cert-env33-c): no part of it is input */
    return made == 0 && setlocale(LC_NUMERIC, "de_DE.UTF-8");
}

/* A program that uses the library may have set such a locale. */
static void numbers_in_any_locale(void **state)
{
    double number = 0;
    (void)state;
    if (!set_comma_locale()) {
        print_message("skipped: this machine has no locale with a decimal comma\n");
        skip();
    }
    bool comma_is_set = strtod("1,5", NULL) == 1.5;
    bool point = dr_parse_number("1.5", &number) && number == 1.5, comma = dr_parse_number("1,5", &number);
    assert_non_null(setlocale(LC_NUMERIC, "C"));
    unsetenv("LOCPATH");
    assert_true(comma_is_set);
    assert_true(point);
    assert_false(comma);
}

/* ---- Files that are none ---- */

static dr_status read_file(const char *path)
{
    dr_csv *csv = NULL;
    bool more = true;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = DR_OK;
    while (status == DR_OK && more)
        status = dr_csv_next(csv, &more);
    dr_csv_close(csv);
    return status;
}

static void no_files(void **state)
{
    (void)state;
    assert_failed(read_file("nowhere.csv"), DR_BAD_INPUT, "nowhere.csv: no such file");
    write_text("file", "a\n");
    assert_failed(read_file("file/t.csv"), DR_BAD_INPUT,
                  "file/t.csv: no such file: a part of the path is a file, which is neither a folder nor an archive");
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_failed(read_file("folder"), DR_BAD_INPUT, "folder: is a folder; expected a file");
}

static void other_kinds_of_files(void **state)
{
    static const unsigned char png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
    (void)state;
    write_bytes("picture.csv", png, sizeof png);
    assert_failed(read_file("picture.csv"), DR_BAD_INPUT, "picture.csv:1: not a table: binary data; expected CSV text");
}

static void damaged_gzip(void **state)
{
    size_t size = 0;
    (void)state;
    gzFile file = gzopen("t.csv.gz", "wb");
    for (int i = 0; i < 20000; i++)
        gzprintf(file, "%d,%d\n", i, i * 7919 % 10007);
    gzclose(file);
    char *bytes = read_bytes("t.csv.gz", &size);
    assert_ok(read_file("t.csv.gz"));
    write_bytes("cut.csv.gz", bytes, size / 2);
    assert_int_equal(read_file("cut.csv.gz"), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "cut.csv.gz:"));
    assert_non_null(strstr(dr_error_text(), ": the gzip data end too early: the file is truncated"));
    write_bytes("tail.csv.gz", bytes, size - 4);
    assert_int_equal(read_file("tail.csv.gz"), DR_BAD_INPUT);
    bytes[size / 2] ^= 0x55;
    write_bytes("bent.csv.gz", bytes, size);
    assert_int_equal(read_file("bent.csv.gz"), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "bent.csv.gz:"));
    free(bytes);
}

/* A quote that is never closed must not take all memory. */
static void a_row_beyond_reason(void **state)
{
    enum { SIZE = 17 << 20 };
    dr_csv *csv = NULL;
    bool more = true;
    (void)state;
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, 'x', SIZE);
    text[0] = '"';
    write_bytes("long.csv", text, SIZE);
    assert_failed(read_file("long.csv"), DR_BAD_INPUT,
                  "long.csv:1: not a table: a row of more than 1048576 fields or 16 MB");
    memset(text, ',', SIZE);
    assert_ok(dr_csv_open_memory(&csv, "wide.csv", text, 1 << 21));
    assert_failed(dr_csv_next(csv, &more), DR_BAD_INPUT,
                  "wide.csv:1: not a table: a row of more than 1048576 fields or 16 MB");
    dr_csv_close(csv);
    free(text);
}

/* A table of labels and numbers, in all ways in which these are written, into `text`. */
static size_t write_numbers(char *text, size_t rows)
{
    static const char *const odd[] = {"0",     "-0.0", "+3",   ".5",  "7.",   "1e3",
                                      "-2E-4", "1e22", "1e23", "0.1", "3e-5", "123456789012345678901"};
    char *end = text + sprintf(text, "V1,a,b,c\n");
    for (size_t i = 0; i < rows; i++) {
        bool quoted = i % 7 == 0;
        end += sprintf(end, quoted ? "\"r%zu\"" : "r%zu", i);
        end += sprintf(end, ",%.17g,%.6f,%s%s", sin((double)i) * exp((double)(i % 60) - 30), 1e3 * cos((double)i),
                       odd[i % 12], i % 5 ? "\n" : "\r\n");
        if (i % 11 == 3)
            end += sprintf(end, i % 2 ? "\n" : ",,,\n"); /* blank */
        if (i % 13 == 5)
            end += sprintf(end, "\"two\nlines\",1,\"2\",3\n"); /* rows that are read one by one */
    }
    return (size_t)(end - text);
}

/* The next row, one by one. */
static void read_plainly(dr_csv *csv, char label[64], double numbers[3])
{
    bool more = false;
    assert_ok(dr_csv_record(csv, &more));
    assert_true(more);
    snprintf(label, 64, "%s", dr_csv_field(csv, 0));
    for (size_t i = 0; i < 3; i++)
        assert_ok(dr_csv_number(csv, i + 1, &numbers[i]));
}

/* Rows read ahead are those that are read one by one, to the last bit, and begin on the same lines. */
static void rows_ahead_are_the_same(void **state)
{
    enum { ROWS = 60000 };
    (void)state;
    char *text = malloc(100 * ROWS), label[64];
    assert_non_null(text);
    size_t size = write_numbers(text, ROWS), ahead = 0, alone = 0;
    dr_csv *one = NULL, *many = NULL;
    dr_csv_rows rows = {0};
    double numbers[3];
    assert_ok(dr_csv_open_memory(&one, "t.csv", text, size));
    assert_ok(dr_csv_open_memory(&many, "t.csv", text, size));
    assert_ok(dr_csv_header(one, NULL, 0, NULL));
    assert_ok(dr_csv_header(many, NULL, 0, NULL));
    for (bool more = true; more; ahead += rows.count) {
        assert_ok(dr_csv_ahead(many, &rows));
        for (size_t i = 0; i < rows.count; i++) {
            read_plainly(one, label, numbers);
            assert_string_equal(rows.labels[i], label);
            assert_memory_equal(rows.numbers + 3 * i, numbers, sizeof numbers);
            assert_int_equal(rows.line + i, dr_csv_line(one));
        }
        if (rows.count > 0)
            continue;
        assert_ok(dr_csv_record(many, &more));
        if (!more)
            continue;
        read_plainly(one, label, numbers);
        assert_string_equal(dr_csv_field(many, 0), label);
        assert_int_equal(dr_csv_line(many), dr_csv_line(one));
        alone++;
    }
    assert_true(ahead > ROWS / 2 && alone > ROWS / 20);
    dr_csv_rows_free(&rows);
    dr_csv_close(one);
    dr_csv_close(many);
    free(text);
}

/* What is no plain row is left to the one who says what is wrong with it. */
static void rows_that_are_not_plain(void **state)
{
    (void)state;
    static const char *const tables[] = {
        "V1,a,b\nr,1\n",       "V1,a,b\nr,1,2,3\n", "V1,a,b\nr,1,\n",       "V1,a,b\nr,1,x\n",   "V1,a,b\nr,1,nan\n",
        "V1,a,b\nr,1,1e999\n", "V1,a,b\nr,0x1,2\n", "V1,a,b\n\"r,1,2\n",    "V1,a,b\n,1,2\n",    "V1,a,b\nr,1,2",
        "V1,a,b\nr,1e,2\n",    "V1,a,b\nr, 1,2\n",  "V1,a,b\nr,1,2\rs,1\n", "V1,a,b\nr,--1,2\n", "V1,a,b\nr,1,2e+\n"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        dr_csv_rows rows = {0};
        dr_csv *csv = open_text(tables[i]);
        assert_ok(dr_csv_header(csv, NULL, 0, NULL));
        assert_ok(dr_csv_ahead(csv, &rows));
        assert_int_equal(rows.count, 0);
        dr_csv_rows_free(&rows);
        dr_csv_close(csv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_ahead_are_the_same),
        cmocka_unit_test(rows_that_are_not_plain),
        cmocka_unit_test(rows_and_fields),
        cmocka_unit_test(quoted_fields),
        cmocka_unit_test(odd_fields),
        cmocka_unit_test(many_rows),
        cmocka_unit_test_setup(gzip_as_plain, empty_folder),
        cmocka_unit_test(columns_by_name),
        cmocka_unit_test(wrong_headers),
        cmocka_unit_test(other_separators),
        cmocka_unit_test(numbers_of_other_countries),
        cmocka_unit_test(unknown_columns),
        cmocka_unit_test(cells),
        cmocka_unit_test(numbers),
        cmocka_unit_test_setup(numbers_in_any_locale, empty_folder),
        cmocka_unit_test_setup(no_files, empty_folder),
        cmocka_unit_test_setup(other_kinds_of_files, empty_folder),
        cmocka_unit_test_setup(damaged_gzip, empty_folder),
        cmocka_unit_test_setup(a_row_beyond_reason, empty_folder),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
