/* Leontief algebra as a textbook writes it: whole matrices, Gauss-Jordan, no cleverness. For tables small enough to
 * check by hand. */
#ifndef TESTS_MEASURE_SLOW_LEONTIEF_H
#define TESTS_MEASURE_SLOW_LEONTIEF_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum { SLOW_MOST = 16 };

typedef struct slow_table {
    size_t regions, sectors, size;
    double inputs[SLOW_MOST][SLOW_MOST], final[SLOW_MOST][SLOW_MOST]; /* [row][column], [row][region] */
    double output[SLOW_MOST], value_share[SLOW_MOST];
    double a[SLOW_MOST][SLOW_MOST], inverse[SLOW_MOST][SLOW_MOST];
} slow_table;

static inline size_t slow_region(const slow_table *t, size_t row)
{
    return row / t->sectors;
}

/* to = (I - from)^-1, without pivots: I - A has a dominant diagonal. */
static inline void slow_invert(size_t size, double to[SLOW_MOST][SLOW_MOST], double from[SLOW_MOST][SLOW_MOST])
{
    double left[SLOW_MOST][SLOW_MOST];
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            left[i][j] = (i == j) - from[i][j];
            to[i][j] = i == j;
        }
    for (size_t c = 0; c < size; c++)
        for (size_t i = 0; i < size; i++) {
            double factor = left[i][c] / left[c][c];
            for (size_t j = 0; j < size && i != c; j++) {
                left[i][j] -= factor * left[c][j];
                to[i][j] -= factor * to[c][j];
            }
        }
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            to[i][j] /= left[i][i];
}

/* Everything that follows from inputs and final use. */
static inline void slow_complete(slow_table *t)
{
    t->size = t->regions * t->sectors;
    for (size_t i = 0; i < t->size; i++) {
        t->output[i] = 0;
        for (size_t j = 0; j < t->size; j++)
            t->output[i] += t->inputs[i][j];
        for (size_t n = 0; n < t->regions; n++)
            t->output[i] += t->final[i][n];
    }
    for (size_t j = 0; j < t->size; j++) {
        t->value_share[j] = 1;
        for (size_t i = 0; i < t->size; i++) {
            t->a[i][j] = t->inputs[i][j] / t->output[j];
            t->value_share[j] -= t->a[i][j];
        }
    }
    slow_invert(t->size, t->inverse, t->a);
}

/* Value added of region s (all sectors) in what n finally uses. */
static inline double slow_value_added(const slow_table *t, size_t s, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < t->size; i++)
        for (size_t j = 0; j < t->size && slow_region(t, i) == s; j++)
            sum += t->value_share[i] * t->inverse[i][j] * t->final[j][n];
    return sum;
}

/* What region s sells to region n. */
static inline double slow_exports(const slow_table *t, size_t s, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < t->size; i++) {
        if (slow_region(t, i) != s)
            continue;
        sum += t->final[i][n];
        for (size_t j = 0; j < t->size; j++)
            sum += slow_region(t, j) == n ? t->inputs[i][j] : 0;
    }
    return sum;
}

#endif
