/* Cholesky factors of small symmetric matrices, in which what adds (almost) nothing to the columns before it is left out. Their order
 * of operations is fixed, so that results do not depend on the number of threads. */
#ifndef DR_ESTIMATE_DENSE_H
#define DR_ESTIMATE_DENSE_H

#include <stddef.h>

/* Overwrites the lower triangle of a [size, size] by L with L L' = a. Where what is left of a diagonal is no more than least[i], row and
 * column i of L are zero: i depends on those before it. Returns how many are left. */
size_t dr_cholesky(double *a, size_t size, const double *least);

/* Overwrites x by the solution of L L' x = x; zero where a column was left out. */
void dr_cholesky_solve(const double *l, size_t size, double *x);

/* The inverse of L L' [size, size]; zero where a column was left out. */
void dr_cholesky_inverse(double *inverse, const double *l, size_t size);

#endif
