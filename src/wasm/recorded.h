/* The answers of DuckDB to queries, as record.c writes them and recorded.c reads them. Numbers are of this processor,
 * whose order of bytes is that of WebAssembly.
 *
 *     unsigned       number of answers
 *     each answer:   text of the query; unsigned columns, rows; each column
 *     column:        unsigned type; unsigned there: whether a byte for each row follows, 0 for NULL; these; the cells
 *     cells:         of texts, a text each; of lists, their lengths, then a column, of all elements; else the numbers
 *     text:          unsigned length, bytes
 *
 * The type of an ENUM is that of its index. */
#ifndef DR_WASM_RECORDED_H
#define DR_WASM_RECORDED_H

#include <duckdb.h>
#include <stddef.h>
#include <string.h>

/* How much of a query is looked up: without its end, and without conditions on regions (src/world/sql/years.sql,
 * of_regions), which recorded.c applies to all rows. */
static inline size_t recorded_length(const char *query)
{
    const char *conditions = strstr(query, "::region_code") ? strstr(query, "AND ") : NULL;
    size_t length = conditions ? (size_t)(conditions - query) : strlen(query);
    while (length > 0 && strchr(" \n;", query[length - 1]))
        length--;
    return length;
}

/* Bytes of a number; 0 for texts, lists, and what is not recorded. */
static inline size_t recorded_size(duckdb_type type)
{
    switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_UTINYINT:
        return 1;
    case DUCKDB_TYPE_USMALLINT:
        return 2;
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE:
        return 4;
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_DOUBLE:
        return 8;
    default:
        return 0;
    }
}

#endif
