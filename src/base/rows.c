#include "base/rows.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"

static duckdb_type type_of(duckdb_vector vector)
{
    duckdb_logical_type logical = duckdb_vector_get_column_type(vector);
    duckdb_type type = duckdb_get_type_id(logical);
    if (type == DUCKDB_TYPE_ENUM)
        type = duckdb_enum_internal_type(logical);
    duckdb_destroy_logical_type(&logical);
    return type;
}

/* ---- Out ---- */

static dr_status start_stream(dr_cursor *cursor, const dr_duck *duck, const char *sql)
{
    duckdb_prepared_statement statement = NULL;
    duckdb_pending_result pending = NULL;
    dr_status status = DR_OK;
    if (duckdb_prepare(duck->connection, sql, &statement) != DuckDBSuccess)
        status = dr_duck_fail(DUCKDB_ERROR_INVALID, duckdb_prepare_error(statement));
    else if (duckdb_pending_prepared_streaming(statement, &pending) != DuckDBSuccess)
        status = dr_duck_fail(DUCKDB_ERROR_INVALID, duckdb_pending_error(pending));
    else if (duckdb_execute_pending(pending, &cursor->result) != DuckDBSuccess)
        status = dr_duck_fail(duckdb_result_error_type(&cursor->result), duckdb_result_error(&cursor->result));
    duckdb_destroy_pending(&pending);
    duckdb_destroy_prepare(&statement);
    return status;
}

static dr_status open_cursor(dr_cursor *out, const dr_duck *duck, const char *sql, va_list arguments)
{
    *out = (dr_cursor){0};
    char *text = NULL;
    if (dr_vprint_new(&text, sql, arguments) < 0)
        return dr_fail_memory();
    dr_status status = start_stream(out, duck, text);
    free(text);
    out->columns = duckdb_column_count(&out->result);
    if (status == DR_OK && !(out->column = dr_new(out->columns, sizeof *out->column)))
        status = dr_fail_memory();
    return status;
}

dr_status dr_cursor_open(dr_cursor *out, const dr_duck *duck, const char *sql, ...)
{
    va_list arguments;
    va_start(arguments, sql);
    dr_status status = open_cursor(out, duck, sql, arguments);
    va_end(arguments);
    return status;
}

dr_status dr_cursor_chunk(dr_cursor *cursor, bool *more)
{
    duckdb_destroy_data_chunk(&cursor->chunk);
    cursor->chunk = duckdb_fetch_chunk(cursor->result);
    cursor->rows = cursor->chunk ? duckdb_data_chunk_get_size(cursor->chunk) : 0;
    cursor->row = 0;
    *more = cursor->rows > 0;
    if (!*more) {
        const char *error = duckdb_result_error(&cursor->result);
        return error && *error ? dr_duck_fail(duckdb_result_error_type(&cursor->result), error) : DR_OK;
    }
    for (size_t i = 0; i < cursor->columns; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(cursor->chunk, i);
        cursor->column[i] =
            (dr_vector){type_of(vector), duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
    }
    return DR_OK;
}

dr_status dr_cursor_next(dr_cursor *cursor, bool *more)
{
    cursor->row++;
    *more = cursor->row < cursor->rows;
    return *more ? DR_OK : dr_cursor_chunk(cursor, more);
}

bool dr_cursor_null(const dr_cursor *cursor, size_t column)
{
    uint64_t *valid = cursor->column[column].valid;
    return valid && !duckdb_validity_row_is_valid(valid, cursor->row);
}

static long index_at(const dr_vector *vector, size_t row)
{
    switch (vector->type) {
    case DUCKDB_TYPE_UTINYINT:
        return ((const uint8_t *)vector->data)[row];
    case DUCKDB_TYPE_USMALLINT:
        return ((const uint16_t *)vector->data)[row];
    case DUCKDB_TYPE_UINTEGER:
        return ((const uint32_t *)vector->data)[row];
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE:
        return ((const int32_t *)vector->data)[row];
    case DUCKDB_TYPE_BIGINT:
        return (long)((const int64_t *)vector->data)[row];
    default:
        return -1;
    }
}

#define COPY_INDICES(type)                                                                                             \
    for (size_t i = 0; i < count; i++)                                                                                 \
    out[i] = ((const type *)vector->data)[first + i]

void dr_vector_indices(const dr_vector *vector, size_t first, size_t count, unsigned *out)
{
    if (vector->type == DUCKDB_TYPE_UTINYINT)
        COPY_INDICES(uint8_t);
    else if (vector->type == DUCKDB_TYPE_USMALLINT)
        COPY_INDICES(uint16_t);
    else
        for (size_t i = 0; i < count; i++)
            out[i] = (unsigned)index_at(vector, first + i);
}

long dr_cursor_index(const dr_cursor *cursor, size_t column)
{
    return dr_cursor_null(cursor, column) ? 0 : index_at(&cursor->column[column], cursor->row);
}

void dr_cursor_indices(const dr_cursor *cursor, size_t column, unsigned *out)
{
    dr_vector_indices(&cursor->column[column], 0, cursor->rows, out);
}

const duckdb_list_entry *dr_cursor_lists(const dr_cursor *cursor, size_t column, dr_vector *elements)
{
    if (cursor->column[column].type != DUCKDB_TYPE_LIST)
        return NULL;
    duckdb_vector child = duckdb_list_vector_get_child(duckdb_data_chunk_get_vector(cursor->chunk, column));
    *elements = (dr_vector){type_of(child), duckdb_vector_get_data(child), duckdb_vector_get_validity(child)};
    return cursor->column[column].data;
}

double dr_cursor_number(const dr_cursor *cursor, size_t column)
{
    if (dr_cursor_null(cursor, column))
        return NAN;
    const dr_vector *vector = &cursor->column[column];
    if (vector->type == DUCKDB_TYPE_VARCHAR)
        return NAN;
    return vector->type == DUCKDB_TYPE_DOUBLE ? ((const double *)vector->data)[cursor->row]
                                              : (double)index_at(vector, cursor->row);
}

const char *dr_cursor_bytes(const dr_cursor *cursor, size_t column, size_t *size)
{
    *size = 0;
    if (dr_cursor_null(cursor, column) || cursor->column[column].type != DUCKDB_TYPE_VARCHAR)
        return "";
    duckdb_string_t *string = (duckdb_string_t *)cursor->column[column].data + cursor->row;
    *size = duckdb_string_t_length(*string);
    return duckdb_string_t_data(string);
}

const char *dr_cursor_text(const dr_cursor *cursor, size_t column, dr_arena *arena)
{
    size_t size = 0;
    const char *bytes = dr_cursor_bytes(cursor, column, &size);
    return size ? dr_arena_format(arena, "%.*s", (int)size, bytes) : "";
}

void dr_cursor_close(dr_cursor *cursor)
{
    duckdb_destroy_data_chunk(&cursor->chunk);
    duckdb_destroy_result(&cursor->result);
    free(cursor->column);
    *cursor = (dr_cursor){0};
}

static void set_text(dr_table *table, size_t row, size_t column, const char *text)
{
    if (text)
        dr_table_set_text(table, row, column, text);
    else
        table->failed = true;
}

dr_status dr_cursor_fill(dr_table *table, const dr_duck *duck, const char *sql)
{
    dr_cursor cursor;
    bool more = false;
    dr_arena texts = {0};
    dr_status status = dr_cursor_open(&cursor, duck, "%s", sql);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        size_t row = dr_table_add_row(table);
        for (size_t i = 0; i < table->column_count; i++)
            if (table->columns[i].show == DR_SHOW_TEXT)
                set_text(table, row, i, dr_cursor_text(&cursor, i, &texts));
            else
                dr_table_set_number(table, row, i, dr_cursor_number(&cursor, i));
        dr_arena_free(&texts);
    }
    dr_cursor_close(&cursor);
    return status == DR_OK ? dr_table_done(table) : status;
}

dr_status dr_cursor_list(int **list, size_t *count, const dr_duck *duck, const char *sql, ...)
{
    dr_cursor cursor;
    bool more = false;
    size_t capacity = *count;
    va_list arguments;
    va_start(arguments, sql);
    dr_status status = open_cursor(&cursor, duck, sql, arguments);
    va_end(arguments);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        if (dr_grow((void **)list, &capacity, *count + 1, sizeof **list))
            (*list)[(*count)++] = (int)dr_cursor_index(&cursor, 0);
        else
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    return status;
}

dr_status dr_cursor_names(dr_names *names, const dr_duck *duck, const char *sql, ...)
{
    dr_cursor cursor;
    bool more = false;
    dr_arena texts = {0};
    va_list arguments;
    va_start(arguments, sql);
    dr_status status = open_cursor(&cursor, duck, sql, arguments);
    va_end(arguments);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *text = dr_cursor_text(&cursor, 0, &texts);
        if (!text || dr_names_add(names, text) < 0)
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

/* ---- In ---- */

static dr_status fail_append(duckdb_appender appender)
{
    duckdb_error_data error = duckdb_appender_error_data(appender);
    dr_status status = dr_duck_fail(duckdb_error_data_error_type(error), duckdb_error_data_message(error));
    duckdb_destroy_error_data(&error);
    return status;
}

static void find_columns(dr_append *append)
{
    for (size_t i = 0; i < append->columns; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(append->chunk, i);
        duckdb_vector_ensure_validity_writable(vector);
        append->vector[i] = vector;
        append->column[i] =
            (dr_vector){type_of(vector), duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
    }
}

/* The chunk with the table's columns. */
static dr_status make_chunk(dr_append *append)
{
    duckdb_logical_type types[DR_MOST_COLUMNS];
    append->columns = duckdb_appender_column_count(append->appender);
    if (append->columns > DR_MOST_COLUMNS)
        return dr_fail(DR_BAD_INPUT, "a table of %zu columns; at most %d are supported", append->columns,
                       DR_MOST_COLUMNS);
    for (size_t i = 0; i < append->columns; i++)
        types[i] = duckdb_appender_column_type(append->appender, i);
    append->chunk = duckdb_create_data_chunk(types, append->columns);
    for (size_t i = 0; i < append->columns; i++)
        duckdb_destroy_logical_type(&types[i]);
    if (!append->chunk)
        return dr_fail_memory();
    find_columns(append);
    return DR_OK;
}

dr_status dr_append_open(dr_append *out, const dr_duck *duck, const char *table)
{
    dr_append append = {.capacity = duckdb_vector_size()};
    dr_status status = DR_OK;
    if (duckdb_appender_create(duck->connection, NULL, table, &append.appender) != DuckDBSuccess)
        status = fail_append(append.appender);
    else
        status = make_chunk(&append);
    if (status == DR_OK)
        *out = append;
    else
        duckdb_appender_destroy(&append.appender);
    return status;
}

static void put_index(const dr_vector *vector, size_t at, size_t index)
{
    switch (vector->type) {
    case DUCKDB_TYPE_UTINYINT:
        ((uint8_t *)vector->data)[at] = (uint8_t)index;
        break;
    case DUCKDB_TYPE_USMALLINT:
        ((uint16_t *)vector->data)[at] = (uint16_t)index;
        break;
    case DUCKDB_TYPE_UINTEGER:
        ((uint32_t *)vector->data)[at] = (uint32_t)index;
        break;
    case DUCKDB_TYPE_BIGINT:
        ((int64_t *)vector->data)[at] = (int64_t)index;
        break;
    default:
        ((int32_t *)vector->data)[at] = (int32_t)index;
    }
}

void dr_append_index(dr_append *append, size_t column, size_t index)
{
    put_index(&append->column[column], append->row, index);
}

/* Makes a cell a list of so many elements, which are to be put into *elements from *first on. */
static void add_list(dr_append *append, size_t column, size_t count, dr_vector *elements, size_t *first)
{
    duckdb_vector lists = append->vector[column];
    *first = append->elements[column];
    append->elements[column] += count;
    duckdb_list_vector_reserve(lists, append->elements[column]);
    duckdb_list_vector_set_size(lists, append->elements[column]);
    duckdb_vector child = duckdb_list_vector_get_child(lists);
    *elements = (dr_vector){.type = type_of(child), .data = duckdb_vector_get_data(child)};
    ((duckdb_list_entry *)append->column[column].data)[append->row] = (duckdb_list_entry){*first, count};
}

void dr_append_numbers(dr_append *append, size_t column, const double *numbers, size_t count)
{
    dr_vector elements;
    size_t first = 0;
    add_list(append, column, count, &elements, &first);
    if (count > 0)
        memcpy((double *)elements.data + first, numbers, count * sizeof *numbers);
}

void dr_append_indices(dr_append *append, size_t column, const unsigned *indices, size_t count)
{
    dr_vector elements;
    size_t first = 0;
    add_list(append, column, count, &elements, &first);
    for (size_t i = 0; i < count; i++)
        put_index(&elements, first + i, indices[i]);
}

void dr_append_null(dr_append *append, size_t column)
{
    duckdb_validity_set_row_invalid(append->column[column].valid, append->row);
}

void dr_append_number(dr_append *append, size_t column, double number)
{
    if (isnan(number))
        dr_append_null(append, column);
    else
        ((double *)append->column[column].data)[append->row] = number;
}

/* Names of files may be any bytes; the database takes UTF-8 only. */
static void append_plain(dr_append *append, size_t column, const char *text)
{
    char *plain = strdup(text);
    for (char *c = plain; c && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    duckdb_vector_assign_string_element(append->vector[column], append->row, plain ? plain : "");
    free(plain);
}

void dr_append_text(dr_append *append, size_t column, const char *text)
{
    if (dr_utf8(text))
        duckdb_vector_assign_string_element(append->vector[column], append->row, text);
    else
        append_plain(append, column, text);
}

/* The appender holds some 200,000 rows, however long their lists are, before it hands them over. */
static dr_status hand_over(dr_append *append)
{
    const size_t most = (size_t)1 << 21;
    for (size_t i = 0; i < append->columns; i++)
        append->held += append->elements[i];
    if (append->held < most)
        return DR_OK;
    append->held = 0;
    return duckdb_appender_flush(append->appender) == DuckDBSuccess ? DR_OK : fail_append(append->appender);
}

static dr_status flush_chunk(dr_append *append)
{
    duckdb_data_chunk_set_size(append->chunk, append->row);
    if (duckdb_append_data_chunk(append->appender, append->chunk) != DuckDBSuccess)
        return fail_append(append->appender);
    DR_TRY(hand_over(append));
    duckdb_data_chunk_reset(append->chunk);
    find_columns(append);
    memset(append->elements, 0, sizeof append->elements);
    append->row = 0;
    return DR_OK;
}

dr_status dr_append_row(dr_append *append)
{
    const size_t most = (size_t)1 << 20; /* elements: a chunk of long lists is little memory, too */
    bool full = ++append->row == append->capacity;
    for (size_t i = 0; i < append->columns; i++)
        full = full || append->elements[i] >= most;
    return full ? flush_chunk(append) : DR_OK;
}

dr_status dr_append_end(dr_append *append, dr_status status)
{
    if (status == DR_OK && append->row)
        status = flush_chunk(append);
    if (status == DR_OK && duckdb_appender_close(append->appender) != DuckDBSuccess)
        status = fail_append(append->appender);
    duckdb_destroy_data_chunk(&append->chunk);
    duckdb_appender_destroy(&append->appender);
    *append = (dr_append){0};
    return status;
}

/* ---- A whole table ---- */

static dr_status create_table(const dr_duck *duck, const char *name, const dr_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const dr_column *column = &table->columns[i];
        const char *type = column->show == DR_SHOW_TEXT    ? "VARCHAR"
                           : column->show == DR_SHOW_COUNT ? "BIGINT"
                                                           : "DOUBLE";
        DR_TRY(dr_duck_run(duck, i ? "ALTER TABLE %s ADD COLUMN \"%s\" %s" : "CREATE TEMP TABLE %s (\"%s\" %s)", name,
                           column->name, type));
    }
    return DR_OK;
}

static void append_cell(dr_append *append, const dr_column *from, size_t row, size_t column)
{
    if (from->show == DR_SHOW_TEXT)
        dr_append_text(append, column, from->texts[row]);
    else if (from->show == DR_SHOW_COUNT && !isnan(from->numbers[row]))
        dr_append_index(append, column, (size_t)llround(from->numbers[row]));
    else
        dr_append_number(append, column, from->numbers[row]);
}

dr_status dr_append_table(const dr_duck *duck, const char *name, const dr_table *table)
{
    DR_TRY(create_table(duck, name, table));
    dr_append append;
    DR_TRY(dr_append_open(&append, duck, name));
    dr_status status = DR_OK;
    for (size_t row = 0; row < table->rows && status == DR_OK; row++) {
        for (size_t column = 0; column < table->column_count; column++)
            append_cell(&append, &table->columns[column], row, column);
        status = dr_append_row(&append);
    }
    return dr_append_end(&append, status);
}

static dr_status copy_chunks(size_t *rows, dr_cursor *cursor, duckdb_appender appender)
{
    bool more = false;
    *rows = 0;
    while (true) {
        DR_TRY(dr_cursor_chunk(cursor, &more));
        if (!more)
            return DR_OK;
        if (duckdb_append_data_chunk(appender, cursor->chunk) != DuckDBSuccess)
            return fail_append(appender);
        *rows += cursor->rows;
    }
}

dr_status dr_cursor_copy(size_t *rows, const dr_duck *from, const char *sql, const dr_duck *to, const char *table)
{
    dr_cursor cursor;
    duckdb_appender appender = NULL;
    dr_status status = dr_cursor_open(&cursor, from, "%s", sql);
    if (status == DR_OK && duckdb_appender_create(to->connection, NULL, table, &appender) != DuckDBSuccess)
        status = fail_append(appender);
    if (status == DR_OK)
        status = copy_chunks(rows, &cursor, appender);
    if (status == DR_OK && duckdb_appender_close(appender) != DuckDBSuccess)
        status = fail_append(appender);
    duckdb_appender_destroy(&appender);
    dr_cursor_close(&cursor);
    return status;
}
