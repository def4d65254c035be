#include "estimate/dense.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

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
