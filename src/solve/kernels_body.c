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

/* Rows go four at a time, so that x and y are loaded and stored a quarter as often. */
static void dots(size_t rows, size_t count, const double *const *row, const double *restrict x, double *restrict y)
{
    size_t j = 0;
    for (; j + 4 <= rows; j += 4) {
        const double *restrict a = row[j], *restrict b = row[j + 1], *restrict c = row[j + 2], *restrict d = row[j + 3];
        double sum_a = 0, sum_b = 0, sum_c = 0, sum_d = 0;
#pragma omp simd reduction(+ : sum_a, sum_b, sum_c, sum_d) aligned(a, b, c, d, x : 64)
        for (size_t i = 0; i < count; i++) {
            sum_a += a[i] * x[i];
            sum_b += b[i] * x[i];
            sum_c += c[i] * x[i];
            sum_d += d[i] * x[i];
        }
        y[j] = sum_a;
        y[j + 1] = sum_b;
        y[j + 2] = sum_c;
        y[j + 3] = sum_d;
    }
    for (; j < rows; j++)
        y[j] = dot(count, row[j], x);
}

static void combine(size_t rows, size_t count, const double *const *row, const double *restrict a, double *restrict y)
{
    size_t j = 0;
    for (; j + 4 <= rows; j += 4) {
        const double *restrict p = row[j], *restrict q = row[j + 1], *restrict r = row[j + 2], *restrict s = row[j + 3];
#pragma omp simd aligned(p, q, r, s, y : 64)
        for (size_t i = 0; i < count; i++)
            y[i] += (a[j] * p[i] + a[j + 1] * q[i]) + (a[j + 2] * r[i] + a[j + 3] * s[i]);
    }
    for (; j < rows; j++) {
        const double *restrict p = row[j];
#pragma omp simd aligned(p, y : 64)
        for (size_t i = 0; i < count; i++)
            y[i] += a[j] * p[i];
    }
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

/* Goods go four at a time, so that the cost is loaded and stored a quarter as often; a last few go one by one. */
static void inputs(size_t goods, size_t stride, const double *restrict share, const double *restrict price,
                   const double *restrict output, double *restrict cost, double *restrict demand)
{
    size_t k = 0;
    for (; k + 4 <= goods; k += 4) {
        const double *restrict a = share + k * stride, *restrict p = price + k * stride;
        double *restrict d = demand + k * stride;
#pragma omp simd aligned(output, cost : 64)
        for (size_t n = 0; n < stride; n++) {
            size_t n1 = n + stride, n2 = n1 + stride, n3 = n2 + stride;
            cost[n] += (a[n] * p[n] + a[n1] * p[n1]) + (a[n2] * p[n2] + a[n3] * p[n3]);
            d[n] += a[n] * output[n];
            d[n1] += a[n1] * output[n];
            d[n2] += a[n2] * output[n];
            d[n3] += a[n3] * output[n];
        }
    }
    for (; k < goods; k++)
#pragma omp simd aligned(share, price, output, cost, demand : 64)
        for (size_t n = 0; n < stride; n++) {
            cost[n] += share[k * stride + n] * price[k * stride + n];
            demand[k * stride + n] += share[k * stride + n] * output[n];
        }
}

static void trade(size_t regions, size_t stride, const double *const *delivered, const double *const *basic,
                  const double *restrict supply, const double *restrict spending, double *restrict price_power,
                  double *restrict bought, double *restrict output, double *restrict revenue)
{
    dots(regions, stride, delivered, supply, price_power);
#pragma omp simd aligned(spending, price_power, bought : 64)
    for (size_t n = 0; n < stride; n++) {
        price_power[n] = price_power[n] > 0 ? price_power[n] : 1;
        bought[n] = spending[n] / price_power[n];
    }
    combine(regions, stride, basic, bought, output);
    for (size_t n = 0; n < regions; n++)
        if (basic[n] != delivered[n])
            revenue[n] += spending[n] - bought[n] * dot(stride, basic[n], supply);
#pragma omp simd aligned(supply, output : 64)
    for (size_t i = 0; i < stride; i++)
        output[i] *= supply[i];
}

static double change(size_t count, const double *restrict to, const double *restrict from, double least, double part,
                     double *restrict f)
{
    double largest = 0, lost = 0; /* a maximum passes over what is not a number, a sum does not */
#pragma omp simd reduction(max : largest) reduction(+ : lost) aligned(to, from, f : 64)
    for (size_t i = 0; i < count; i++) {
        double size = part * fabs(from[i]);
        f[i] = to[i] - from[i];
        size = fabs(f[i]) / (size > least ? size : least);
        largest = size > largest ? size : largest;
        lost += f[i] - f[i];
    }
    return lost == 0 ? largest : INFINITY;
}

extern const dr_kernels DR_KERNELS;
const dr_kernels DR_KERNELS = {dots, combine, take_exp, take_log, inputs, trade, change};
