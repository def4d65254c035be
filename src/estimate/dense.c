#include "estimate/dense.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"

/* LAPACK, as Fortran has it: everything by reference, matrices by column. */
void dpstrf_(const char *uplo, const int *n, double *a, const int *lda, int *pivots, int *rank, const double *tolerance,
             double *work, int *info);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info);

static double dot(size_t count, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i] * y[i];
    return sum;
}

size_t dr_cholesky(double *a, size_t size, const double *least)
{
    size_t rank = 0;
    for (size_t i = 0; i < size; i++) {
        double *row = a + i * size;
        for (size_t j = 0; j < i; j++) {
            const double *other = a + j * size;
            row[j] = other[j] > 0 ? (row[j] - dot(j, row, other)) / other[j] : 0;
        }
        double left = row[i] - dot(i, row, row);
        bool kept = left > least[i];
        if (!kept)
            memset(row, 0, i * sizeof *row);
        row[i] = kept ? sqrt(left) : 0;
        rank += kept;
    }
    return rank;
}

void dr_cholesky_solve(const double *l, size_t size, double *x)
{
    for (size_t i = 0; i < size; i++) {
        const double *row = l + i * size;
        x[i] = row[i] > 0 ? (x[i] - dot(i, row, x)) / row[i] : 0;
    }
    for (size_t i = size; i-- > 0;) {
        const double *row = l + i * size;
        x[i] = row[i] > 0 ? x[i] / row[i] : 0;
        for (size_t j = 0; j < i; j++)
            x[j] -= row[j] * x[i];
    }
}

void dr_cholesky_inverse(double *inverse, const double *l, size_t size)
{
    memset(inverse, 0, size * size * sizeof *inverse);
    for (size_t i = 0; i < size; i++) {
        inverse[i * size + i] = l[i * size + i] > 0;
        dr_cholesky_solve(l, size, inverse + i * size);
    }
}

/* Rows and columns by 1 / sqrt(diagonal), or back: `scale` [size]. */
static void scale_symmetric(double *a, size_t size, const double *scale)
{
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            a[i * size + j] *= scale[i] * scale[j];
}

/* From the inverse of the leading block of the pivoted matrix, in the triangle that LAPACK calls lower, to where its
 * rows come from. */
static void put_back(double *to, const double *from, size_t size, const int *pivots, int rank)
{
    memset(to, 0, size * size * sizeof *to);
    for (size_t j = 0; j < (size_t)rank; j++)
        for (size_t i = j; i < (size_t)rank; i++) {
            size_t row = (size_t)pivots[i] - 1, column = (size_t)pivots[j] - 1;
            to[row * size + column] = to[column * size + row] = from[j * size + i];
        }
}

dr_status dr_generalised_inverse(double *a, size_t size)
{
    const double tolerance = 1e-11;
    int n = (int)size, rank = 0, info = 0, *pivots = dr_new(size, sizeof *pivots);
    double *copy = dr_new_doubles(size * size), *work = dr_new_doubles(2 * size), *scale = dr_new_doubles(size);
    bool done = pivots && copy && work && scale;
    dr_blas_alone();
    if (done && size > 0) {
        for (size_t i = 0; i < size; i++)
            scale[i] = a[i * size + i] > 0 ? 1 / sqrt(a[i * size + i]) : 0;
        memcpy(copy, a, size * size * sizeof *copy);
        scale_symmetric(copy, size, scale);
        dpstrf_("L", &n, copy, &n, pivots, &rank, &tolerance, work, &info);
        dpotri_("L", &rank, copy, &n, &info);
        put_back(a, copy, size, pivots, rank);
        scale_symmetric(a, size, scale);
    }
    free(pivots);
    free(copy);
    free(work);
    free(scale);
    return done ? DR_OK : dr_fail_memory();
}
