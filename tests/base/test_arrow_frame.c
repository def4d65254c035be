/* Data frames as Arrow streams: what they hold is what a file with these rows holds, wherever files are read. */
#include "support/world_files.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>

#include "base/table.h"

/* A stream of one table as several batches, or one that fails. */
typedef struct feed {
    dr_table *table;
    size_t batches, done;
    const char *trouble; /* NULL: there is none */
    int released;
} feed;

static int feed_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    feed *f = stream->private_data;
    struct ArrowArray rows;
    if (dr_table_arrow(out, &rows, f->table) != DR_OK)
        return ENOMEM;
    rows.release(&rows);
    return 0;
}

static int feed_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    feed *f = stream->private_data;
    struct ArrowSchema schema;
    if (f->trouble)
        return EIO;
    *out = (struct ArrowArray){0};
    if (f->done++ == f->batches)
        return 0;
    if (dr_table_arrow(&schema, out, f->table) != DR_OK)
        return ENOMEM;
    schema.release(&schema);
    return 0;
}

static const char *feed_error(struct ArrowArrayStream *stream)
{
    return ((feed *)stream->private_data)->trouble;
}

static void feed_release(struct ArrowArrayStream *stream)
{
    ((feed *)stream->private_data)->released++;
    stream->release = NULL;
}

static struct ArrowArrayStream stream_of(feed *f)
{
    return (struct ArrowArrayStream){feed_schema, feed_next, feed_error, feed_release, f};
}

static dr_table *flows(const char *twice)
{
    const dr_column_spec columns[] = {{"exporter", DR_SHOW_TEXT},
                                      {"importer", DR_SHOW_TEXT},
                                      {"year", DR_SHOW_COUNT},
                                      {"trade", DR_SHOW_VALUE},
                                      {twice, DR_SHOW_NUMBER}};
    dr_table *table = NULL;
    assert_ok(dr_table_new(&table, columns, 5));
    for (size_t i = 0; i < 216; i++) {
        char code[2][16];
        size_t from = i % 6, to = i / 6 % 6, year = i / 36;
        snprintf(code[0], sizeof code[0], "C%zu", from);
        snprintf(code[1], sizeof code[1], "C%zu", to);
        dr_table_add_row(table);
        dr_table_set_text(table, i, 0, code[0]);
        dr_table_set_text(table, i, 1, code[1]);
        dr_table_set_number(table, i, 2, 2000 + (double)year);
        dr_table_set_number(table, i, 3, 1 + (double)((7 * from + 3 * to + 5 * year + from * to * year) % 11) / 3);
        if (i % 50)
            dr_table_set_number(table, i, 4, (double)((from + 2 * to + year) % 3));
    }
    return table;
}

/* A panel from memory gives the digits of the same panel from a file. */
static void gravity_is_that_of_the_file(void **state)
{
    static const char *const formula[] = {"trade ~ rta | exporter + importer"};
    const dr_gravity_options options = {.size = sizeof options, .formulas = formula, .formula_count = 1};
    (void)state;
    feed f = {.table = flows("rta"), .batches = 1};
    struct ArrowArrayStream stream = stream_of(&f);
    dr_frame *frame = NULL;
    dr_gravity *gravity[2] = {NULL, NULL};
    dr_table *coefficients[2] = {NULL, NULL};
    assert_ok(dr_table_write(f.table, DR_FORMAT_CSV, "flows.csv"));
    assert_ok(dr_frame_new(&frame, &stream, "flows"));
    assert_int_equal(f.released, 1);
    const char *const paths[2] = {"flows.csv", dr_frame_path(frame)};
    for (int i = 0; i < 2; i++) {
        assert_ok(dr_gravity_new(&gravity[i], &paths[i], 1, &options));
        assert_ok(dr_gravity_coefficients(&coefficients[i], gravity[i]));
    }
    assert_true(dr_table_rows(coefficients[0]) > 0);
    for (size_t row = 0; row < dr_table_rows(coefficients[0]); row++)
        for (size_t column = 3; column < 5; column++) {
            double number = dr_table_number(coefficients[0], row, column);
            assert_true(isfinite(number) && number == dr_table_number(coefficients[1], row, column));
        }
    assert_true(dr_table_fact(coefficients[1], "model_1.observations") ==
                dr_table_fact(coefficients[0], "model_1.observations"));
    for (int i = 0; i < 2; i++) {
        dr_table_free(coefficients[i]);
        dr_gravity_free(gravity[i]);
    }
    dr_frame_free(frame);
    dr_table_free(f.table);
}

static void batches_follow_each_other(void **state)
{
    static const char *const formula[] = {"trade ~ rta | exporter + importer"};
    const dr_gravity_options options = {.size = sizeof options, .formulas = formula, .formula_count = 1};
    (void)state;
    feed f = {.table = flows("rta"), .batches = 3};
    struct ArrowArrayStream stream = stream_of(&f);
    dr_frame *frame = NULL;
    dr_gravity *gravity = NULL;
    dr_table *fits = NULL;
    assert_ok(dr_frame_new(&frame, &stream, "flows"));
    const char *path = dr_frame_path(frame);
    assert_ok(dr_gravity_new(&gravity, &path, 1, &options));
    assert_ok(dr_gravity_fits(&fits, gravity));
    double used = dr_table_number(fits, 0, (size_t)dr_table_find(fits, "observations"));
    double missing = dr_table_number(fits, 0, (size_t)dr_table_find(fits, "missing"));
    assert_true(used + missing == 3 * 216);
    assert_true(missing == 3 * 5);
    dr_table_free(fits);
    dr_gravity_free(gravity);
    dr_frame_free(frame);
    dr_table_free(f.table);
}

static void nothing_is_left_of_a_frame(void **state)
{
    char path[512], *slash;
    struct stat about;
    (void)state;
    feed f = {.table = flows("rta"), .batches = 1};
    struct ArrowArrayStream stream = stream_of(&f);
    dr_frame *frame = NULL;
    assert_ok(dr_frame_new(&frame, &stream, "flows"));
    snprintf(path, sizeof path, "%s", dr_frame_path(frame));
    slash = strrchr(path, '/');
    assert_string_equal(slash, "/flows.parquet");
    assert_int_equal(stat(path, &about), 0);
    dr_frame_free(frame);
    *slash = '\0';
    assert_int_equal(stat(path, &about), -1);
    dr_table_free(f.table);
}

static void bad_streams_are_refused(void **state)
{
    (void)state;
    dr_frame *frame = NULL;
    feed f = {.table = flows("rta"), .batches = 1, .trouble = "the wire was cut"};
    struct ArrowArrayStream stream = stream_of(&f);
    assert_int_equal(dr_frame_new(&frame, &stream, "flows"), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "flows: "));
    assert_non_null(strstr(dr_error_text(), "the wire was cut"));
    assert_int_equal(f.released, 1);
    dr_table_free(f.table);
    f = (feed){.table = flows("trade"), .batches = 1};
    stream = stream_of(&f);
    assert_int_equal(dr_frame_new(&frame, &stream, "flows"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "flows: the column 'trade' appears twice");
    assert_int_equal(f.released, 1);
    dr_table_free(f.table);
    f = (feed){.table = flows("rta"), .batches = 1};
    stream = stream_of(&f);
    assert_int_equal(dr_frame_new(&frame, &stream, "a b"), DR_USAGE);
    assert_int_equal(f.released, 1);
    dr_table_free(f.table);
    assert_null(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gravity_is_that_of_the_file),
        cmocka_unit_test(batches_follow_each_other),
        cmocka_unit_test(nothing_is_left_of_a_frame),
        cmocka_unit_test(bad_streams_are_refused),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
