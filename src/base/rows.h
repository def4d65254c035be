/* Rows out of a query and rows into a table of a database, a chunk at a time: any number of them in little memory. */
#ifndef DR_BASE_ROWS_H
#define DR_BASE_ROWS_H

#include "base/duck.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/table.h"

/* A column of the current chunk. */
typedef struct dr_vector {
    duckdb_type type; /* of an ENUM column: the type of its index */
    void *data;
    uint64_t *valid;
} dr_vector;

/* A walk over a query's rows, in order. */
typedef struct dr_cursor {
    duckdb_result result;
    duckdb_data_chunk chunk;
    size_t columns, rows, row; /* rows of the chunk */
    dr_vector *column;
} dr_cursor;

/* Starts a query that streams. Close it whatever happens after. */
dr_status dr_cursor_open(dr_cursor *out, const dr_duck *duck, const char *sql, ...)
    __attribute__((format(printf, 3, 4)));

/* Steps to the next row; *more is false after the last. */
dr_status dr_cursor_next(dr_cursor *cursor, bool *more);

/* Steps to the next chunk instead; its rows are 0 .. cursor->rows - 1. For loops that have to be fast. */
dr_status dr_cursor_chunk(dr_cursor *cursor, bool *more);

/* A cell of the row: an integer, a day or the index of an ENUM (0 for NULL, -1 for what is none of these); a number
 * (NAN for NULL and texts); a text ("" for NULL), kept in the arena. */
long dr_cursor_index(const dr_cursor *cursor, size_t column);
double dr_cursor_number(const dr_cursor *cursor, size_t column);
const char *dr_cursor_text(const dr_cursor *cursor, size_t column, dr_arena *arena);
void dr_cursor_close(dr_cursor *cursor);

/* Whether the cell is NULL. */
bool dr_cursor_null(const dr_cursor *cursor, size_t column);

/* The bytes of a text, among which there may be zeros; "" for NULL. Good until the next chunk. */
const char *dr_cursor_bytes(const dr_cursor *cursor, size_t column, size_t *size);

/* The integers or ENUM indices of a whole column of the chunk, into `out`. */
void dr_cursor_indices(const dr_cursor *cursor, size_t column, unsigned *out);

/* Appends a query's rows to a table of as many columns, text to text and numbers to numbers. */
dr_status dr_cursor_fill(dr_table *table, const dr_duck *duck, const char *sql);

/* Adds the whole numbers of a query's first column, such as years, to a list that free() drops, also after a failure.
 * Read at once: a cursor is at an end when its connection does anything else. */
dr_status dr_cursor_list(int **list, size_t *count, const dr_duck *duck, const char *sql, ...)
    __attribute__((format(printf, 4, 5)));

/* The `count` integers or ENUM indices of a column, or of the elements of lists, from place `first` on, into `out`. */
void dr_vector_indices(const dr_vector *vector, size_t first, size_t count, unsigned *out);

/* The lists of a column of the chunk: list i is the elements [offset, offset + length) of entries[i], and *elements is
 * all of them. NULL where the column holds no lists. Good until the next chunk. */
const duckdb_list_entry *dr_cursor_lists(const dr_cursor *cursor, size_t column, dr_vector *elements);

/* Adds the texts of a query's first column to the set. */
dr_status dr_cursor_names(dr_names *names, const dr_duck *duck, const char *sql, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends a query's rows to a table of another database whose columns are of the same types; *rows is how many. */
dr_status dr_cursor_copy(size_t *rows, const dr_duck *from, const char *sql, const dr_duck *to, const char *table);

/* Rows being appended to a table. A zeroed struct is a closed one. */
enum { DR_MOST_COLUMNS = 64 };
typedef struct dr_append {
    duckdb_appender appender;
    duckdb_data_chunk chunk;
    size_t columns, row, capacity;
    dr_vector column[DR_MOST_COLUMNS];
    duckdb_vector vector[DR_MOST_COLUMNS];
    size_t elements[DR_MOST_COLUMNS]; /* of the lists in the chunk */
    size_t held;                      /* elements that the appender holds */
} dr_append;

dr_status dr_append_open(dr_append *out, const dr_duck *duck, const char *table);

/* Sets a cell of the row being built: every cell of every row is to be set. The index is an integer or that of an ENUM;
 * NAN is NULL; in a text that is not UTF-8 the bytes beyond ASCII become question marks. */
void dr_append_index(dr_append *append, size_t column, size_t index);
void dr_append_number(dr_append *append, size_t column, double number);
void dr_append_text(dr_append *append, size_t column, const char *text);
void dr_append_null(dr_append *append, size_t column);

/* The same for a cell that is a list: of numbers, none of which is NAN, or of indices of an ENUM. */
void dr_append_numbers(dr_append *append, size_t column, const double *numbers, size_t count);
void dr_append_indices(dr_append *append, size_t column, const unsigned *indices, size_t count);

/* Ends the row. */
dr_status dr_append_row(dr_append *append);

/* Closes; hands over what is left if `status`, that of the rows so far, is DR_OK. Returns the first failure. */
dr_status dr_append_end(dr_append *append, dr_status status);

/* Makes a temporary table of the database with the columns and rows of `table`; counts become BIGINT. */
dr_status dr_append_table(const dr_duck *duck, const char *name, const dr_table *table);

#endif
