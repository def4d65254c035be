/* Parquet and R's data frames, read as the CSV that they would be. */
#include <rdata/rdata.h>
#include <zlib.h>

#include "base/csv.h"
#include "base/frame.h"
#include "support/world_files.h"

/* The whole table as text. */
static const char *text_of(const char *path)
{
    static char text[4096];
    dr_stream *stream = NULL;
    size_t size = 0, got = 1;
    assert_ok(dr_frame_open(&stream, path));
    while (got > 0) {
        assert_true(size + 1 < sizeof text);
        assert_ok(dr_stream_read(stream, text + size, sizeof text - 1 - size, &got));
        size += got;
    }
    dr_stream_close(stream);
    text[size] = '\0';
    return text;
}

/* ---- Parquet ---- */

static void write_parquet(const char *path, const char *query)
{
    dr_duck duck = {0};
    assert_ok(dr_duck_open(&duck, NULL, false));
    assert_ok(dr_duck_run(&duck, "COPY (%s) TO '%s' (FORMAT parquet)", query, path));
    dr_duck_close(&duck);
}

static void parquet_is_read_with_texts_first(void **state)
{
    (void)state;
    const char *path = "t.parquet";
    write_parquet(path, "SELECT 1.5 AS \"A_x\", 2::INTEGER AS \"A,y\", 'row \"1\"' AS label "
                        "UNION ALL SELECT 1e-7, NULL, NULL");
    assert_string_equal(text_of(path), "\"label\",\"A_x\",\"A,y\"\n\"row \"\"1\"\"\",1.5,2\n\"\",1e-07,\"\"\n");
}

/* More columns than one table of the database may have elsewhere, and more rows than it gives at once. */
static void wide_and_long_parquet(void **state)
{
    (void)state;
    enum { COLUMNS = 300, ROWS = 5000 };
    char query[16384] = "SELECT range AS c0", *at = query + strlen(query);
    for (int i = 1; i < COLUMNS; i++)
        at += snprintf(at, 40, ", range + %d AS c%d", i, i);
    snprintf(at, 40, " FROM range(%d)", ROWS);
    const char *path = "wide.parquet";
    write_parquet(path, query);
    dr_csv *csv = NULL;
    bool more = true;
    size_t rows = 0;
    assert_ok(dr_csv_open(&csv, path));
    assert_ok(dr_csv_header(csv, NULL, 0, NULL));
    for (assert_ok(dr_csv_record(csv, &more)); more; rows++) {
        double value = 0;
        assert_ok(dr_csv_number(csv, COLUMNS - 1, &value));
        assert_true(value == (double)rows + COLUMNS - 1);
        assert_ok(dr_csv_record(csv, &more));
    }
    assert_int_equal(rows, ROWS);
    dr_csv_close(csv);
}

/* ---- R ---- */

static ssize_t write_gz(const void *bytes, size_t size, void *user)
{
    return gzwrite(user, bytes, (unsigned)size);
}

/* A frame of two rows: numbers, texts (the last missing) and a factor. */
static void write_r(const char *path, rdata_file_format_t format, const char *mode)
{
    gzFile file = gzopen(path, mode);
    rdata_writer_t *writer = rdata_writer_init(write_gz, format);
    rdata_column_t *number = rdata_add_column(writer, "A_x", RDATA_TYPE_REAL);
    rdata_column_t *text = rdata_add_column(writer, "label", RDATA_TYPE_STRING);
    rdata_column_t *factor = rdata_add_column(writer, "use", RDATA_TYPE_INT32);
    rdata_column_add_factor(factor, "HFCE");
    rdata_column_add_factor(factor, "GFCF");
    rdata_begin_file(writer, file);
    rdata_begin_table(writer, "t");
    rdata_begin_column(writer, number, 2);
    rdata_append_real_value(writer, 0.1);
    rdata_append_real_value(writer, -3);
    rdata_end_column(writer, number);
    rdata_begin_column(writer, text, 2);
    rdata_append_string_value(writer, "A_x");
    rdata_append_string_value(writer, NULL);
    rdata_end_column(writer, text);
    rdata_begin_column(writer, factor, 2);
    rdata_append_int32_value(writer, 2);
    rdata_append_int32_value(writer, 1);
    rdata_end_column(writer, factor);
    rdata_end_table(writer, 2, "");
    rdata_end_file(writer);
    rdata_writer_free(writer);
    assert_int_equal(gzclose(file), Z_OK);
}

static const char frame_text[] = "\"label\",\"use\",\"A_x\"\n\"A_x\",\"GFCF\",0.1\n\"\",\"HFCE\",-3\n";

static void r_frames_are_read(void **state)
{
    (void)state;
    const char *path = "t.RData";
    write_r(path, RDATA_WORKSPACE, "wb");
    assert_string_equal(text_of(path), frame_text);
    write_r(path, RDATA_WORKSPACE, "wbT"); /* not compressed */
    assert_string_equal(text_of(path), frame_text);
    path = "t.rds";
    write_r(path, RDATA_SINGLE_OBJECT, "wb");
    assert_string_equal(text_of(path), frame_text);
}

/* Whatever is cut off, there is one line of error, or the whole frame. */
static void truncated_r_is_refused(void **state)
{
    (void)state;
    const char *path = "t.RData";
    write_r(path, RDATA_WORKSPACE, "wbT");
    for (off_t size = 400; size >= 8; size--) {
        if (truncate(path, size) != 0)
            continue;
        dr_stream *stream = NULL;
        if (dr_frame_open(&stream, path) == DR_OK)
            dr_stream_close(stream);
        else
            assert_non_null(strstr(dr_error_text(), "t.RData: "));
    }
    dr_stream *stream = NULL;
    assert_failed(dr_frame_open(&stream, path), DR_BAD_INPUT,
                  "t.RData: not an R data file that can be read: it ends too early");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parquet_is_read_with_texts_first),
        cmocka_unit_test(wide_and_long_parquet),
        cmocka_unit_test(r_frames_are_read),
        cmocka_unit_test(truncated_r_is_refused),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
