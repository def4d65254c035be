/* A matrix in a text file whose rows and columns have labels of several levels (region and sector), as pandas, pymrio,
 * MARIO and EXIOBASE write them: lines with the labels of columns, perhaps a line with the names of the levels of rows,
 * then rows that begin with their labels. In Parquet the
 * labels of a column are its name, a tuple of Python: ('DE', 'Mining'). */
#ifndef DR_IMPORT_MATRIX_FILE_H
#define DR_IMPORT_MATRIX_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct dr_matrix {
    const char *path;
    size_t row_levels, column_levels; /* labels of a row, and of a column; 0 of columns: the file has bare rows */
    size_t line;                      /* of the file, from 1 */
    const char *const *names;         /* of columns: [level * columns + column] */
    size_t columns;
    double done; /* share of the file that is read */
} dr_matrix;

/* What takes a matrix: its columns, once, before its rows; and a row, its labels and cells, borrowed until it returns.
 * `columns` may be NULL. */
typedef struct dr_matrix_taker {
    dr_status (*columns)(void *user, const dr_matrix *matrix);
    dr_status (*row)(void *user, const dr_matrix *matrix, const char *const *labels, const double *cells);
    void *user;
} dr_matrix_taker;

/* Reads the file. Errors: DR_BAD_INPUT with file:line:column (a row of another length, a cell that is no finite number,
 * a label that is empty, too long or not UTF-8), what `taker` gives, DR_MACHINE. */
dr_status dr_matrix_read(const char *path, size_t row_levels, size_t column_levels, const dr_matrix_taker *taker);

/* The same of a sheet of a workbook. */
dr_status dr_matrix_read_sheet(const char *path, const char *sheet, size_t row_levels, size_t column_levels,
                               const dr_matrix_taker *taker);

/* The same of a file or sheet of texts: each row as it is, the header too. */
typedef dr_status dr_texts_row(void *user, const dr_matrix *matrix, const char *const *texts, size_t count);
dr_status dr_texts_read(const char *path, dr_texts_row *take, void *user);
dr_status dr_texts_read_sheet(const char *path, const char *sheet, dr_texts_row *take, void *user);

/* The next text of the name of a column in Parquet, without its quotes and escapes; NULL: there is none. */
enum { DR_LONGEST_LABEL = 200 };
const char *dr_tuple_next(const char **at, char out[DR_LONGEST_LABEL + 1]);

#endif
