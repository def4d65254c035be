/* Tables in memory and by the Arrow C data interface, read back by a plain reader of the interface and by DuckDB. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "base/duck.h"
#include "base/table.h"

enum { REGION, YEAR, WELFARE, BASE, COLUMNS };

static dr_table *regions(size_t rows)
{
    const dr_column_spec columns[] = {
        {"region", DR_SHOW_TEXT}, {"year", DR_SHOW_COUNT}, {"welfare_p5", DR_SHOW_PERCENT}, {"base", DR_SHOW_VALUE}};
    dr_table *table = NULL;
    assert_int_equal(dr_table_new(&table, columns, COLUMNS), DR_OK);
    dr_table_set_title(table, "A tariff");
    dr_table_set_unit(table, "million US dollars");
    dr_table_add_fact_text(table, "source", "made up");
    dr_table_add_fact(table, "certificate.sweeps", 44);
    dr_table_add_note(table, "the first note");
    dr_table_add_note(table, "the second");
    dr_table_say(table, "the tariff costs %.1f%%.", 2.5);
    for (size_t i = 0; i < rows; i++) {
        char code[32];
        snprintf(code, sizeof code, i % 3 ? "Côte %zu" : "R%zu", i);
        dr_table_add_row(table);
        dr_table_set_text(table, i, REGION, code);
        if (i % 4)
            dr_table_set_number(table, i, YEAR, 2000 + (double)(i % 20));
        if (i % 7)
            dr_table_set_number(table, i, WELFARE, (double)i / 3);
        dr_table_set_number(table, i, BASE, 1e6 * (double)i);
    }
    assert_int_equal(dr_table_done(table), DR_OK);
    return table;
}

/* ---- A plain reader ---------------------------------------------------------------------------------------------- */

static bool is_there(const struct ArrowArray *array, size_t row)
{
    const unsigned char *bits = array->buffers[0];
    return !bits || bits[row / 8] >> row % 8 & 1;
}

static void check_text(const struct ArrowArray *array, size_t row, const char *expected)
{
    const int32_t *offsets = array->buffers[1];
    const char *text = array->buffers[2];
    assert_int_equal(offsets[row + 1] - offsets[row], strlen(expected));
    assert_memory_equal(text + offsets[row], expected, strlen(expected));
}

static void check_number(const struct ArrowArray *array, size_t row, double expected, bool whole)
{
    assert_true(is_there(array, row) == !isnan(expected));
    if (!isnan(expected))
        assert_true((whole ? (double)((const int64_t *)array->buffers[1])[row]
                           : ((const double *)array->buffers[1])[row]) == expected);
}

static void check_rows(const struct ArrowArray *array, const dr_table *table)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        const struct ArrowArray *child = array->children[column];
        size_t empty = 0;
        assert_int_equal(child->length, dr_table_rows(table));
        for (size_t row = 0; row < dr_table_rows(table); row++)
            if (column == REGION) {
                check_text(child, row, dr_table_text(table, row, column));
            } else {
                empty += isnan(dr_table_number(table, row, column)) != 0;
                check_number(child, row, dr_table_number(table, row, column), column == YEAR);
            }
        assert_int_equal(child->null_count, empty);
    }
}

/* The value of a key of the metadata; "" if there is none. */
static void metadata_value(char *out, size_t room, const char *bytes, const char *key)
{
    int32_t pairs, size;
    memcpy(&pairs, bytes, sizeof pairs);
    bytes += sizeof pairs;
    snprintf(out, room, "%s", "");
    for (int32_t i = 0; i < pairs; i++) {
        memcpy(&size, bytes, sizeof size);
        bool found = strlen(key) == (size_t)size && memcmp(bytes + sizeof size, key, (size_t)size) == 0;
        bytes += sizeof size + (size_t)size;
        memcpy(&size, bytes, sizeof size);
        if (found)
            snprintf(out, room, "%.*s", (int)size, bytes + sizeof size);
        bytes += sizeof size + (size_t)size;
    }
}

#define METADATA(schema, key, expected)                                                                                \
    do {                                                                                                               \
        char value[256];                                                                                               \
        metadata_value(value, sizeof value, (schema)->metadata, key);                                                  \
        assert_string_equal(value, expected);                                                                          \
    } while (0)

/* ---- Tests ------------------------------------------------------------------------------------------------------- */

static void arrays_hold_the_cells(void **state)
{
    static const size_t rows[] = {0, 1, 8, 9, 5000};
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        dr_table *table = regions(rows[k]);
        assert_int_equal(dr_table_arrow(&schema, &array, table), DR_OK);
        assert_string_equal(schema.format, "+s");
        assert_int_equal(schema.n_children, COLUMNS);
        assert_int_equal(array.n_children, COLUMNS);
        check_rows(&array, table);
        array.release(&array);
        schema.release(&schema);
        assert_null(array.release);
        assert_null(schema.release);
        dr_table_free(table);
    }
}

static void schemas_say_what_columns_are(void **state)
{
    static const char *const formats[] = {"u", "l", "g", "g"};
    struct ArrowSchema schema;
    struct ArrowArray array;
    (void)state;
    dr_table *table = regions(3);
    assert_int_equal(dr_table_arrow(&schema, &array, table), DR_OK);
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_string_equal(schema.children[i]->format, formats[i]);
        assert_string_equal(schema.children[i]->name, dr_table_column(table, i));
        assert_int_equal(schema.children[i]->flags, i == REGION ? 0 : ARROW_FLAG_NULLABLE);
    }
    METADATA(&schema, "title", "A tariff");
    METADATA(&schema, "unit", "million US dollars");
    METADATA(&schema, "source", "made up");
    METADATA(&schema, "certificate.sweeps", "44");
    METADATA(&schema, "notes", "the first note\nthe second");
    METADATA(&schema, "answer", "The tariff costs 2.5%.");
    METADATA(schema.children[WELFARE], "unit", "percent");
    METADATA(schema.children[BASE], "unit", "million US dollars");
    METADATA(schema.children[WELFARE], "description", "real income of final demand; 5% quantile of the draws");
    array.release(&array);
    schema.release(&schema);
    dr_table_free(table);
}

/* Numbers are the table's own, which lives until the last array of it is gone, and does not change meanwhile. */
static void arrays_share_the_numbers(void **state)
{
    struct ArrowSchema schema;
    struct ArrowArray array, moved;
    (void)state;
    dr_table *table = regions(100);
    const double *numbers = dr_table_numbers(table, WELFARE);
    assert_int_equal(dr_table_arrow(&schema, &array, table), DR_OK);
    assert_ptr_equal(array.children[WELFARE]->buffers[1], numbers);
    assert_int_equal(dr_table_top(table, 3), DR_USAGE);
    assert_string_equal(dr_error_text(), "dr_table_top: table: Arrow arrays share its rows; release them first");
    assert_int_equal(dr_table_pick(table, "R0"), DR_USAGE);
    moved = *array.children[WELFARE]; /* as the interface allows */
    array.children[WELFARE]->release = NULL;
    array.release(&array);
    schema.release(&schema);
    dr_table_free(table);
    assert_true(((const double *)moved.buffers[1])[50] == 50.0 / 3);
    moved.release(&moved);
    table = regions(100);
    assert_int_equal(dr_table_arrow(&schema, &array, table), DR_OK);
    array.release(&array);
    schema.release(&schema);
    assert_int_equal(dr_table_top(table, 3), DR_OK);
    assert_int_equal(dr_table_rows(table), 3);
    dr_table_free(table);
}

static void text_that_is_no_utf_8_becomes_question_marks(void **state)
{
    struct ArrowSchema schema;
    struct ArrowArray array;
    (void)state;
    dr_table *table = regions(1);
    dr_table_set_text(table, 0, REGION, "C\xf4te");
    assert_int_equal(dr_table_arrow(&schema, &array, table), DR_OK);
    check_text(array.children[REGION], 0, "C?te");
    array.release(&array);
    schema.release(&schema);
    dr_table_free(table);
}

static void duckdb_reads_the_arrays(void **state)
{
    struct ArrowSchema schema;
    struct ArrowArray array;
    duckdb_arrow_converted_schema types = NULL;
    duckdb_data_chunk chunk = NULL;
    dr_duck duck = {0};
    (void)state;
    dr_table *table = regions(1000);
    assert_int_equal(dr_duck_open(&duck, NULL, false), DR_OK);
    assert_int_equal(dr_table_arrow(&schema, &array, table), DR_OK);
    assert_null(duckdb_schema_from_arrow(duck.connection, &schema, &types));
    assert_null(duckdb_data_chunk_from_arrow(duck.connection, &array, types, &chunk));
    assert_int_equal(duckdb_data_chunk_get_size(chunk), 1000);
    const double *numbers = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, BASE));
    assert_memory_equal(numbers, dr_table_numbers(table, BASE), 1000 * sizeof *numbers);
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_arrow_converted_schema(&types);
    schema.release(&schema);
    dr_duck_close(&duck);
    dr_table_free(table);
}

static void memory_holds_what_a_file_does(void **state)
{
    static const dr_format formats[] = {DR_FORMAT_TEXT, DR_FORMAT_CSV, DR_FORMAT_JSON, DR_FORMAT_LATEX,
                                        DR_FORMAT_PARQUET};
    char path[] = "/tmp/derisk-arrow-XXXXXX";
    (void)state;
    int made = mkstemp(path);
    assert_true(made >= 0);
    dr_table *table = regions(30);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char *bytes = NULL, *file_bytes = calloc(1, 1 << 16);
        size_t size = 0;
        assert_int_equal(dr_table_write_memory(&bytes, &size, table, formats[i]), DR_OK);
        assert_int_equal(bytes[size], 0);
        assert_int_equal(dr_table_write(table, formats[i], path), DR_OK);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        assert_int_equal(fread(file_bytes, 1, 1 << 16, file), size);
        assert_memory_equal(bytes, file_bytes, size);
        fclose(file);
        dr_memory_free(bytes);
        free(file_bytes);
    }
    dr_table_free(table);
    (void)remove(path);
}

static void columns_have_types_units_and_words(void **state)
{
    (void)state;
    dr_table *table = regions(2);
    assert_string_equal(dr_table_title(table), "A tariff");
    assert_string_equal(dr_table_unit(table), "million US dollars");
    assert_int_equal(dr_table_column_type(table, YEAR), DR_COLUMN_COUNT);
    assert_int_equal(dr_table_column_type(table, WELFARE), DR_COLUMN_PERCENT);
    assert_string_equal(dr_table_column_unit(table, REGION), "");
    assert_string_equal(dr_table_column_unit(table, YEAR), "");
    assert_string_equal(dr_table_column_description(table, REGION), "region");
    assert_string_equal(dr_table_column_description(table, BASE), "before the scenario");
    assert_null(dr_table_numbers(table, REGION));
    assert_null(dr_table_texts(table, YEAR));
    assert_string_equal(dr_table_texts(table, REGION)[1], "Côte 1");
    assert_true(dr_table_numbers(table, BASE)[1] == 1e6);
    assert_int_equal(dr_table_facts(table), 2);
    assert_string_equal(dr_table_fact_name(table, 0), "source");
    assert_true(dr_table_fact_is_text(table, 0) && !dr_table_fact_is_text(table, 1));
    assert_string_equal(dr_table_fact_text(table, "source"), "made up");
    assert_string_equal(dr_table_fact_text(table, "certificate.sweeps"), "");
    assert_int_equal(dr_table_notes(table), 2);
    assert_string_equal(dr_table_note(table, 1), "the second");
    dr_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_hold_the_cells),
        cmocka_unit_test(schemas_say_what_columns_are),
        cmocka_unit_test(arrays_share_the_numbers),
        cmocka_unit_test(text_that_is_no_utf_8_becomes_question_marks),
        cmocka_unit_test(duckdb_reads_the_arrays),
        cmocka_unit_test(memory_holds_what_a_file_does),
        cmocka_unit_test(columns_have_types_units_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
