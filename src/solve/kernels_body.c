/* Compiled once for each instruction set, with DR_KERNELS the name of the table to define. */
#include "solve/kernels.h"

#include <math.h>

#if defined(__AVX2__)
#include <immintrin.h>
#include <sleef.h>
#endif

#if defined(__AVX512F__)
enum { WIDTH = 8 };
#define LOAD _mm512_load_pd
#define STORE _mm512_store_pd
#define EXP Sleef_expd8_u10avx512f
#define LOG Sleef_logd8_u10avx512f
#elif defined(__AVX2__)
enum { WIDTH = 4 };
#define LOAD _mm256_load_pd
#define STORE _mm256_store_pd
#define EXP Sleef_expd4_u10avx2
#define LOG Sleef_logd4_u10avx2
#endif

static double dot(size_t count, const double *restrict x, const double *restrict y)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum) aligned(x, y : 64)
    for (size_t i = 0; i < count; i++)
        sum += x[i] * y[i];
    return sum;
}

static void axpy(size_t count, double a, const double *restrict x, double *restrict y)
{
#pragma omp simd aligned(x, y : 64)
    for (size_t i = 0; i < count; i++)
        y[i] += a * x[i];
}

static void take_exp(size_t count, const double *x, double *y)
{
#if defined(__AVX2__)
    for (size_t i = 0; i < count; i += WIDTH)
        STORE(y + i, EXP(LOAD(x + i)));
#else
    for (size_t i = 0; i < count; i++)
        y[i] = exp(x[i]);
#endif
}

static void take_log(size_t count, const double *x, double *y)
{
#if defined(__AVX2__)
    for (size_t i = 0; i < count; i += WIDTH)
        STORE(y + i, LOG(LOAD(x + i)));
#else
    for (size_t i = 0; i < count; i++)
        y[i] = log(x[i]);
#endif
}

static void gather(size_t rows, size_t stride, const double *restrict share, const double *restrict x,
                   double *restrict sum)
{
    for (size_t k = 0; k < rows; k++)
#pragma omp simd aligned(share, x, sum : 64)
        for (size_t n = 0; n < stride; n++)
            sum[n] += share[k * stride + n] * x[k * stride + n];
}

static void scatter(size_t rows, size_t stride, const double *restrict share, const double *restrict x,
                    double *restrict sum)
{
    for (size_t k = 0; k < rows; k++)
#pragma omp simd aligned(share, x, sum : 64)
        for (size_t n = 0; n < stride; n++)
            sum[k * stride + n] += share[k * stride + n] * x[n];
}

static void trade(size_t regions, size_t stride, const double *delivered, const double *basic, const double *supply,
                  const double *spending, double *price_power, double *output, double *revenue)
{
    for (size_t n = 0; n < regions; n++) {
        const double *row = basic + n * stride;
        double power = dot(stride, delivered + n * stride, supply);
        power = power > 0 ? power : 1;
        double x = spending[n] / power;
        if (basic != delivered)
            revenue[n] += spending[n] - x * dot(stride, row, supply);
        axpy(stride, x, row, output);
        price_power[n] = power;
    }
    for (size_t i = 0; i < stride; i++)
        output[i] *= supply[i];
}

extern const dr_kernels DR_KERNELS;
const dr_kernels DR_KERNELS = {dot, axpy, take_exp, take_log, gather, scatter, trade};
