/* The arithmetic of a sweep on plain arrays. kernels_body.c is compiled once for each x86-64 level (or once elsewhere)
 * and the best that the processor has is picked at run time. All arrays are aligned to 64 bytes, all strides and counts
 * are multiples of 8, padding is zero and stays zero unless said. Rows are given by pointers, so that some may be
 * shared. */
#ifndef DR_EQUILIBRIUM_KERNELS_H
#define DR_EQUILIBRIUM_KERNELS_H

#include <stddef.h>

/* Small matrices of several regions lie side by side, in single precision: element [a][b] of eight is one row of eight
 * numbers, aligned to 32 bytes. */
enum { DR_LANES = 8 };

typedef struct dr_kernels {
    /* y[j] = row[j] . x, for `rows` rows */
    void (*dots)(size_t rows, size_t count, const double *const *row, const double *x, double *y);

    /* y += sum over j of a[j] row[j] */
    void (*combine)(size_t rows, size_t count, const double *const *row, const double *a, double *y);

    /* y = exp(x), y = ln(x), to one unit in the last place. x and y may be the same; padding becomes exp(0) or
     * ln(0). */
    void (*exp)(size_t count, const double *x, double *y);
    void (*log)(size_t count, const double *x, double *y);

    /* Inputs of all sectors s, for each region n: cost[s][n] += sum over k of share[s][k][n] * price[k][n], unit costs
     * from prices, and demand[k][n] += sum over s of share[s][k][n] * output[s][n], their demand for each good. Both
     * at once, because reading the shares takes most of the time. */
    void (*inputs)(size_t sectors, size_t goods, size_t stride, const double *share, const double *price,
                   const double *output, double *cost, double *demand);

    /* One sector's trade. For each importer n: price_power[n] = sum over i of delivered[n][i] * supply[i] (1 without
     * any supplier), bought[n] = spending[n] / price_power[n], output[i] += bought[n] * basic[n][i], and where basic is
     * not delivered, revenue[n] += spending[n] - bought[n] * sum over i of basic[n][i] * supply[i]. At the end
     * output[i] *= supply[i]. */
    void (*trade)(size_t regions, size_t stride, const double *const *delivered, const double *const *basic,
                  const double *supply, const double *spending, double *price_power, double *bought, double *output,
                  double *revenue);

    /* f = to - from; returns the largest |f| / max(least, part * |from|), infinite if one is not a number. */
    double (*change)(size_t count, const double *to, const double *from, double least, double part, double *f);

    /* y[a] = sum over b of matrix[a][b] x[b], in each lane. y is not x. */
    void (*lanes_product)(size_t size, const float *matrix, const float *x, float *y);

    /* The transpose: y[b] = sum over a of matrix[a][b] x[a]. */
    void (*lanes_transposed)(size_t size, const float *matrix, const float *x, float *y);

    /* Inverts the matrix of each lane in place, by elimination without pivots: the largest elements of its rows or
     * columns must be those of the diagonal. */
    void (*lanes_invert)(size_t size, float *matrix);
} dr_kernels;

/* The best for this processor. */
const dr_kernels *dr_kernels_best(void);

#endif
