/* The whole inter-country table of one year in memory: sales of each sector of each region to each sector and final
 * use. */
#ifndef DR_WORLD_MATRIX_H
#define DR_WORLD_MATRIX_H

#include "world/economy.h"

/* Row and column i * sectors + k is sector k of region i. Values in the unit of the world. Cells that are negative in
 * the table (changes of stocks, mostly) are kept, so that every total is the table's; what a sector without output buys
 * is final use. */
typedef struct dr_matrix {
    dr_economy *names; /* regions, sectors, groups, year and source: an economy without arrays */
    size_t regions, sectors;
    size_t size;         /* R S */
    double *inputs;      /* Z [row, column], R S x R S row-major: what the column's sector buys of the row's */
    double *final;       /* F [row, n], R S x R: what n buys of the row's sector for all final uses */
    double *output;      /* Y [row]: the sum of its row */
    double *value_added; /* [column]: output less inputs, as in docs/model.md */
} dr_matrix;

/* Loads a year (0: the last). Tables in the long format do not say which sector buys from whom: all users of a good in
 * a region are taken to buy from its suppliers in the same proportion (docs/measures.md). Memory: 8 (R S)^2 bytes.
 * Errors: DR_BAD_INPUT (no such year), DR_MACHINE. Free with dr_matrix_free. */
dr_status dr_matrix_load(dr_matrix **out, dr_world *world, int year);

/* Makes one from plain arrays, for tests and benchmarks: inputs and final are copied, names are NULL. */
dr_status dr_matrix_new(dr_matrix **out, size_t regions, size_t sectors, const double *inputs, const double *final);
void dr_matrix_free(dr_matrix *matrix);

#endif
