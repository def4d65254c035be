/* CSV files, plain, compressed or in an archive (stream.h), read row by row, with errors that say where; and tables in
 * Parquet and R data files as the CSV that they would be (frame.h). */
#ifndef DR_BASE_CSV_H
#define DR_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct dr_csv dr_csv;

/* Opens a file for reading. Its columns are separated by commas, or by what its first line has most of (separator.h);
 * beside semicolons, the comma of a number is a decimal one and becomes a point. Errors: DR_BAD_INPUT (missing, a
 * folder), DR_MACHINE. */
dr_status dr_csv_open(dr_csv **out, const char *path);

/* As dr_csv_open for bytes in memory; `name` stands for the path in messages. The bytes are copied. */
dr_status dr_csv_open_memory(dr_csv **out, const char *name, const void *bytes, size_t size);
void dr_csv_close(dr_csv *csv);

/* Reads the next row that is not blank (no line, or nothing but separators); *more is false at the end. Errors:
 * DR_BAD_INPUT (binary data, damaged or truncated gzip, a row beyond all reason). */
dr_status dr_csv_next(dr_csv *csv, bool *more);

/* The row read last: its fields, zero-terminated, borrowed until the next row. */
size_t dr_csv_fields(const dr_csv *csv);
const char *dr_csv_field(const dr_csv *csv, size_t column);
size_t dr_csv_line(const dr_csv *csv);

/* What separates the columns, once a row was read; the lines in front of the header that say it; and whether a number
 * so far had a decimal comma. */
char dr_csv_separator(const dr_csv *csv);
size_t dr_csv_skipped(const dr_csv *csv);
bool dr_csv_decimal_comma(const dr_csv *csv);

/* The share of the file's bytes read so far, for progress. */
double dr_csv_done(const dr_csv *csv);

/* Reads the header and finds `count` columns by name; names that begin with '?' are optional (columns[i] = -1 if not
 * there). Columns at the right end of which neither header nor rows have anything, as spreadsheets leave them, are none
 * of the table. Errors: DR_BAD_INPUT (empty file, a column missing or twice, with the nearest right name). */
dr_status dr_csv_header(dr_csv *csv, const char *const *names, size_t count, int *columns);

/* How many such columns the header has. */
size_t dr_csv_empty_columns(const dr_csv *csv);

/* Fails if the header, just read, has a column that is not among `names` (a '?' in front means nothing here). */
dr_status dr_csv_known(const dr_csv *csv, const char *const *names, size_t count);

/* Fails with "path:line:column: ..." (column from 0 as in dr_csv_field; -1 for the whole row). */
#define dr_csv_fail(csv, column, ...) (dr_csv_error(csv, column, __VA_ARGS__), DR_BAD_INPUT)
void dr_csv_error(const dr_csv *csv, int column, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* As dr_csv_next, and the row must have as many fields as the header, beside empty ones at its end. */
dr_status dr_csv_record(dr_csv *csv, bool *more);

/* The finite number in a field of the row. Errors: DR_BAD_INPUT (empty, not a number, infinite). */
dr_status dr_csv_number(const dr_csv *csv, size_t column, double *out);

/* Rows read ahead: a label and numbers, as tables have thousands of. A zeroed struct is an empty one. */
typedef struct dr_csv_rows {
    size_t count, columns; /* rows; numbers of each */
    size_t line;           /* of the first row */
    char **labels;         /* [count], borrowed until more is read */
    size_t *decimals;      /* [count]: the most characters behind a point */
    double *numbers;       /* [row, column] */
    const char **ends;     /* of the lines */
    size_t capacity;       /* of numbers */
} dr_csv_rows;

/* Reads the next rows, up to some hundreds, that have a first field that is not empty and then numbers only, as many as
 * the header has fields, one line each; several threads share the numbers. None (rows->count is 0) where the next row
 * is not of this kind: dr_csv_record then reads it, and says what is wrong with it. Errors: as dr_csv_next. */
dr_status dr_csv_ahead(dr_csv *csv, dr_csv_rows *rows);

/* Makes one of them the row that dr_csv_fail is about. */
void dr_csv_ahead_row(dr_csv *csv, const dr_csv_rows *rows, size_t row);
void dr_csv_rows_free(dr_csv_rows *rows);

/* Parses the whole of `text` as a finite number, regardless of locale; false if it is not one. */
bool dr_parse_number(const char *text, double *out);

/* A hint for a text that is not a number but has a decimal comma or marks between thousands: "; write decimals ...",
 * else "". */
const char *dr_number_hint(const char *text);

#endif
