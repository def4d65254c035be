/* Cholesky factors of small symmetric matrices, in which what adds (almost) nothing to the columns before it is left
 * out: their order of operations is fixed, so that results do not depend on the number of threads. And a generalised
 * inverse of larger ones, by LAPACK. */
#ifndef DR_ESTIMATE_DENSE_H
#define DR_ESTIMATE_DENSE_H

#include "base/error.h"

/* Overwrites the lower triangle of a [size, size] by L with L L' = a. Where what is left of a diagonal is no more
 * than least[i], row and column i of L are zero: i depends on those before it. Returns how many are left. */
size_t dr_cholesky(double *a, size_t size, const double *least);

/* Overwrites x by the solution of L L' x = x; zero where a column was left out. */
void dr_cholesky_solve(const double *l, size_t size, double *x);

/* The inverse of L L' [size, size]; zero where a column was left out. */
void dr_cholesky_inverse(double *inverse, const double *l, size_t size);

/* Overwrites a symmetric positive semidefinite matrix by a generalised inverse: that of its largest block of full
 * rank (pivots above 1e-11 of their diagonal), zero elsewhere. Errors: DR_MACHINE. */
dr_status dr_generalised_inverse(double *a, size_t size);

#endif
