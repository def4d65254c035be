/* The arithmetic of a sweep on plain arrays. kernels_body.c is compiled once for each x86-64 level (or once elsewhere) and the
 * best that the processor has is picked at run time. All arrays are aligned to 64 bytes, all strides and counts are multiples
 * of 8, padding is zero and stays zero unless said. */
#ifndef DR_SOLVE_KERNELS_H
#define DR_SOLVE_KERNELS_H

#include <stddef.h>

typedef struct dr_kernels {
    double (*dot)(size_t count, const double *x, const double *y);

    /* y += a x */
    void (*axpy)(size_t count, double a, const double *x, double *y);

    /* y = exp(x), y = ln(x), to one unit in the last place. x and y may be the same; padding becomes exp(0) or ln(0). */
    void (*exp)(size_t count, const double *x, double *y);
    void (*log)(size_t count, const double *x, double *y);

    /* sum[n] += sum over k of share[k][n] * x[k][n], for `rows` rows k: unit costs from prices. */
    void (*gather)(size_t rows, size_t stride, const double *share, const double *x, double *sum);

    /* sum[k][n] += share[k][n] * x[n], for `rows` rows k: demand for inputs from output. */
    void (*scatter)(size_t rows, size_t stride, const double *share, const double *x, double *sum);

    /* One sector's trade. For each importer n: price_power[n] = sum over i of delivered[n][i] * supply[i] (1 where nobody
     * supplies), x = spending[n] / price_power[n], output[i] += x * basic[n][i], and where basic is not delivered,
     * revenue[n] += spending[n] - x * sum over i of basic[n][i] * supply[i]. At the end output[i] *= supply[i]. */
    void (*trade)(size_t regions, size_t stride, const double *delivered, const double *basic, const double *supply,
                  const double *spending, double *price_power, double *output, double *revenue);
} dr_kernels;

/* The best for this processor. */
const dr_kernels *dr_kernels_best(void);

#endif
