/* An inter-country table whose parts are matrices in files of their own: intermediate use Z or its coefficients A,
 * final use Y, and perhaps output x and value added. */
#ifndef DR_IMPORT_PARTS_TABLE_H
#define DR_IMPORT_PARTS_TABLE_H

#include "import/icio_file.h"
#include "import/matrix_file.h"

/* Paths of the parts, NULL: there is none. Rows and columns of Z, A and Y have `levels` labels, of which the first is
 * the region; `code` is the place of the sector or use among them. */
typedef struct dr_table_parts {
    const char *z, *a, *y, *x;
    size_t row_levels, column_levels, code;
} dr_table_parts;

/* Reads Z and Y. Where there is A alone, output solves x = A x + y (y the sums of the rows of Y), and Z[i, j] is
 * A[i, j] x[j]. Output is that of x where there is such a file, which the checks then compare with the sums of rows.
 * Value added is left to the caller. Errors: DR_BAD_INPUT (a row that another part does not have, coefficients of no
 * productive economy), DR_MACHINE. */
dr_status dr_parts_read(dr_icio_file *file, const dr_table_parts *parts, const dr_table_wish *wish);

/* Adds to a row of sums by column (`sum`, NULL before the first) the cells of a row of the matrix, whose columns are
 * those of the table; factor[column], where it is not NULL, multiplies them. */
dr_status dr_parts_add(const dr_icio_file *file, const dr_matrix *matrix, size_t code, const double *cells,
                       const double *factor, double **sum);

/* The outputs of columns, from the sums of their rows. Free the result; NULL: no memory. */
double *dr_parts_outputs(const dr_icio_file *file);

/* Value added as output less inputs, with a remark, where the files have none. */
dr_status dr_parts_derive_value_added(dr_icio_file *file);

/* A unit as it stands in such files ("M.EUR", "Mill USD") in our words, else as it is. */
const char *dr_parts_unit(dr_icio_file *file, const char *unit);

#endif
