/* DuckDB's functions that write rows into a database. The world is only read: none begins, and so nothing is left to do
 * for those that go on. */
#include <duckdb.h>
#include <stddef.h>

duckdb_state duckdb_appender_create(duckdb_connection connection, const char *schema, const char *table,
                                    duckdb_appender *out)
{
    (void)connection, (void)schema, (void)table;
    *out = NULL;
    return DuckDBError;
}

duckdb_error_data duckdb_appender_error_data(duckdb_appender appender)
{
    (void)appender;
    return NULL;
}

duckdb_error_type duckdb_error_data_error_type(duckdb_error_data error)
{
    (void)error;
    return DUCKDB_ERROR_NOT_IMPLEMENTED;
}

const char *duckdb_error_data_message(duckdb_error_data error)
{
    (void)error;
    return "the page without a server stores nothing";
}

void duckdb_destroy_error_data(duckdb_error_data *error)
{
    (void)error;
}

idx_t duckdb_appender_column_count(duckdb_appender appender)
{
    (void)appender;
    return 0;
}

duckdb_logical_type duckdb_appender_column_type(duckdb_appender appender, idx_t at)
{
    (void)appender, (void)at;
    return NULL;
}

duckdb_state duckdb_append_data_chunk(duckdb_appender appender, duckdb_data_chunk chunk)
{
    (void)appender, (void)chunk;
    return DuckDBError;
}

duckdb_state duckdb_appender_flush(duckdb_appender appender)
{
    (void)appender;
    return DuckDBError;
}

duckdb_state duckdb_appender_close(duckdb_appender appender)
{
    (void)appender;
    return DuckDBError;
}

duckdb_state duckdb_appender_destroy(duckdb_appender *appender)
{
    (void)appender;
    return DuckDBSuccess;
}

duckdb_data_chunk duckdb_create_data_chunk(duckdb_logical_type *types, idx_t count)
{
    (void)types, (void)count;
    return NULL;
}

void duckdb_data_chunk_reset(duckdb_data_chunk chunk)
{
    (void)chunk;
}

void duckdb_data_chunk_set_size(duckdb_data_chunk chunk, idx_t size)
{
    (void)chunk, (void)size;
}

void duckdb_validity_set_row_invalid(uint64_t *valid, idx_t row)
{
    (void)valid, (void)row;
}

void duckdb_vector_assign_string_element(duckdb_vector vector, idx_t at, const char *text)
{
    (void)vector, (void)at, (void)text;
}

void duckdb_vector_ensure_validity_writable(duckdb_vector vector)
{
    (void)vector;
}
