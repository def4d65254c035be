/* The Leontief model of an inter-country table: X = (I - A)^-1 F. Formulas: docs/measures.md. */
#ifndef DR_MEASURE_LEONTIEF_H
#define DR_MEASURE_LEONTIEF_H

#include <stdbool.h>

#include "world/matrix.h"

/* I - A in factors, A[row, column] = Z / Y[column]; of the whole table or of some regions among themselves. */
typedef struct dr_leontief {
    size_t size;     /* rows: all, or those of the regions taken */
    double *factors; /* LU of (I - A)', column-major, which is I - A row-major */
    int *pivots;     /* [size] */
    /* v [size]: value added over output of the whole table's column; 1 where there is no output, so that v B = 1 */
    double *value_share;
    size_t *rows; /* [size]: the row of the table */
} dr_leontief;

/* Factors I - A of the regions in the mask (NULL: all); the matrix is not needed afterwards. About 2/3 size^3 flops
 * and 8 size^2 bytes. Errors: DR_BAD_INPUT (a part of the table that takes all of its own output: there is no
 * inverse), DR_MACHINE. Free with dr_leontief_free. */
dr_status dr_leontief_new(dr_leontief **out, const dr_matrix *matrix, const bool *regions);
void dr_leontief_free(dr_leontief *leontief);

/* Solves (I - A) x = f in place for `count` vectors of `size` numbers, one after the other: the output that final
 * demand f takes, through every stage of production. 2 size^2 flops each. */
void dr_leontief_output(const dr_leontief *leontief, double *vectors, size_t count);

/* The certificate of a solution x of final demand f that adds up to `used`: the value added of all sectors in it, v
 * x, is `used`. Takes into *worst what is missed of it if that is more, relative. Errors: DR_NO_SOLUTION (more than
 * 1e-9, or no number). */
extern const char dr_leontief_equation[];
dr_status dr_leontief_certify(double *worst, const dr_leontief *leontief, const double *output, double used);

/* Solves w (I - A) = v in place, likewise: what a unit of each sector's final output holds of v (value added by
 * origin, say). */
void dr_leontief_content(const dr_leontief *leontief, double *vectors, size_t count);

/* The full inverse B = (I - A)^-1 of the whole table, row-major, for measures that need every cell: 2 (R S)^3 flops,
 * 8 (R S)^2 bytes more than the matrix. Errors: as dr_leontief_new. Free with free. */
dr_status dr_leontief_inverse(double **out, const dr_matrix *matrix);

#endif
