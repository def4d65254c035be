/* Compiled once for each instruction set, with DR_KERNELS the name of the table to define. */
#include "equilibrium/kernels.h"

#include <math.h>
#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>
#include <sleef.h>
#endif

#if defined(__AVX512F__)
enum { WIDTH = 8 };
#define EXP Sleef_expd8_u10avx512f
#define LOG Sleef_logd8_u10avx512f
#elif defined(__AVX2__)
enum { WIDTH = 4 };
#define EXP Sleef_expd4_u10avx2
#define LOG Sleef_logd4_u10avx2
#else
enum { WIDTH = 2 };
#endif

typedef double vec __attribute__((vector_size(WIDTH * sizeof(double)), may_alias));

/* The vector that begins at x. */
#define LOAD(x) (*(const vec *)(x))
#define VECTOR(x) (*(vec *)(x))

/* Rows are taken this many at a time, so that what they share is loaded and stored so much less often; the last few go
 * one by one. The compiler makes a version of each inline function below for either. */
enum { MANY = 4 };
#define INLINE static inline __attribute__((always_inline))

INLINE double total(vec v)
{
    for (int half = WIDTH / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            v[i] += v[i + half];
    return v[0];
}

INLINE void dots_of(int many, size_t count, const double *const *row, const double *x, double *y)
{
    vec sum[MANY] = {{0}};
    for (size_t i = 0; i < count; i += WIDTH)
        for (int m = 0; m < many; m++)
            sum[m] += LOAD(row[m] + i) * LOAD(x + i);
    for (int m = 0; m < many; m++)
        y[m] = total(sum[m]);
}

static void dots(size_t rows, size_t count, const double *const *row, const double *x, double *y)
{
    size_t j = 0;
    for (; j + MANY <= rows; j += MANY)
        dots_of(MANY, count, row + j, x, y + j);
    for (; j < rows; j++)
        dots_of(1, count, row + j, x, y + j);
}

INLINE void combine_of(int many, size_t count, const double *const *restrict row, const double *restrict a,
                       double *restrict y)
{
    for (size_t i = 0; i < count; i += WIDTH) {
        vec sum = LOAD(y + i);
        for (int m = 0; m < many; m++)
            sum += a[m] * LOAD(row[m] + i);
        VECTOR(y + i) = sum;
    }
}

static void combine(size_t rows, size_t count, const double *const *row, const double *a, double *y)
{
    size_t j = 0;
    for (; j + MANY <= rows; j += MANY)
        combine_of(MANY, count, row + j, a + j, y);
    for (; j < rows; j++)
        combine_of(1, count, row + j, a + j, y);
}

static void take_exp(size_t count, const double *x, double *y)
{
#if defined(__AVX2__)
    for (size_t i = 0; i < count; i += WIDTH)
        VECTOR(y + i) = EXP(LOAD(x + i));
#else
    for (size_t i = 0; i < count; i++)
        y[i] = exp(x[i]);
#endif
}

static void take_log(size_t count, const double *x, double *y)
{
#if defined(__AVX2__)
    for (size_t i = 0; i < count; i += WIDTH)
        VECTOR(y + i) = LOG(LOAD(x + i));
#else
    for (size_t i = 0; i < count; i++)
        y[i] = log(x[i]);
#endif
}

INLINE void inputs_of(int many, size_t goods, size_t stride, const double *restrict share, const double *restrict price,
                      const double *restrict output, double *restrict cost, double *restrict demand)
{
    for (size_t n = 0; n < stride; n += WIDTH) {
        vec c[MANY], y[MANY];
        for (int m = 0; m < many; m++) {
            c[m] = LOAD(cost + (size_t)m * stride + n);
            y[m] = LOAD(output + (size_t)m * stride + n);
        }
        for (size_t k = n; k < goods * stride; k += stride) {
            vec d = LOAD(demand + k);
            for (int m = 0; m < many; m++) {
                vec a = LOAD(share + (size_t)m * goods * stride + k);
                c[m] += a * LOAD(price + k);
                d += a * y[m];
            }
            VECTOR(demand + k) = d;
        }
        for (int m = 0; m < many; m++)
            VECTOR(cost + (size_t)m * stride + n) = c[m];
    }
}

static void inputs(size_t sectors, size_t goods, size_t stride, const double *share, const double *price,
                   const double *output, double *cost, double *demand)
{
    size_t s = 0, block = goods * stride;
    for (; s + MANY <= sectors; s += MANY)
        inputs_of(MANY, goods, stride, share + s * block, price, output + s * stride, cost + s * stride, demand);
    for (; s < sectors; s++)
        inputs_of(1, goods, stride, share + s * block, price, output + s * stride, cost + s * stride, demand);
}

static void trade(size_t regions, size_t stride, const double *const *delivered, const double *const *basic,
                  const double *restrict supply, const double *restrict spending, double *restrict price_power,
                  double *restrict bought, double *restrict output, double *restrict revenue)
{
    dots(regions, stride, delivered, supply, price_power);
    for (size_t n = 0; n < stride; n++) {
        price_power[n] = price_power[n] > 0 ? price_power[n] : 1;
        bought[n] = spending[n] / price_power[n];
    }
    combine(regions, stride, basic, bought, output);
    for (size_t n = 0; n < regions; n++) {
        double at_basic_prices;
        if (basic[n] == delivered[n])
            continue;
        dots_of(1, stride, basic + n, supply, &at_basic_prices);
        revenue[n] += spending[n] - bought[n] * at_basic_prices;
    }
    for (size_t i = 0; i < stride; i++)
        output[i] *= supply[i];
}

/* Magnitudes are compared by their bits, as integers: these have the order of the numbers, and above all numbers stands
 * what is none. */
typedef long long bits __attribute__((vector_size(WIDTH * sizeof(long long)), may_alias));

INLINE bits magnitude(vec v)
{
    return (bits)v & 0x7fffffffffffffff;
}

INLINE bits larger(bits a, bits b)
{
    bits first = a > b;
    return (a & first) | (b & ~first);
}

static double change(size_t count, const double *to, const double *from, double least, double part, double *f)
{
    long long most = 0;
    double result;
    bits largest = {0}, floor = magnitude(least + (vec){0});
    for (size_t i = 0; i < count; i += WIDTH) {
        vec g = LOAD(to + i) - LOAD(from + i);
        bits size = larger(magnitude(part * LOAD(from + i)), floor);
        largest = larger(largest, magnitude(g / (vec)size));
        VECTOR(f + i) = g;
    }
    for (int i = 0; i < WIDTH; i++)
        most = largest[i] > most ? largest[i] : most;
    memcpy(&result, &most, sizeof result);
    return isfinite(result) ? result : INFINITY;
}

/* Eight regions side by side; two vectors of them where there are none of that width. */
typedef float lanes __attribute__((vector_size(DR_LANES * sizeof(float)), may_alias));

#define LANE(x) (*(const lanes *)(x))
#define LANES(x) (*(lanes *)(x))

INLINE void lanes_rows(int many, size_t size, const float *restrict matrix, const float *restrict x, float *restrict y)
{
    lanes sum[MANY] = {{0}};
    for (size_t b = 0; b < size; b++)
        for (int m = 0; m < many; m++)
            sum[m] += LANE(matrix + ((size_t)m * size + b) * DR_LANES) * LANE(x + b * DR_LANES);
    for (int m = 0; m < many; m++)
        LANES(y + m * DR_LANES) = sum[m];
}

static void lanes_product(size_t size, const float *matrix, const float *x, float *y)
{
    size_t a = 0, row = size * DR_LANES;
    for (; a + MANY <= size; a += MANY)
        lanes_rows(MANY, size, matrix + a * row, x, y + a * DR_LANES);
    for (; a < size; a++)
        lanes_rows(1, size, matrix + a * row, x, y + a * DR_LANES);
}

INLINE void lanes_columns(int many, size_t size, const float *restrict matrix, const float *restrict x,
                          float *restrict y)
{
    for (size_t b = 0; b < size * DR_LANES; b += DR_LANES) {
        lanes sum = LANE(y + b);
        for (int m = 0; m < many; m++)
            sum += LANE(matrix + (size_t)m * size * DR_LANES + b) * LANE(x + m * DR_LANES);
        LANES(y + b) = sum;
    }
}

static void lanes_transposed(size_t size, const float *matrix, const float *x, float *y)
{
    size_t a = 0, row = size * DR_LANES;
    memset(y, 0, row * sizeof *y);
    for (; a + MANY <= size; a += MANY)
        lanes_columns(MANY, size, matrix + a * row, x + a * DR_LANES, y);
    for (; a < size; a++)
        lanes_columns(1, size, matrix + a * row, x + a * DR_LANES, y);
}

static void lanes_invert(size_t size, float *matrix)
{
    size_t row = size * DR_LANES;
    for (size_t p = 0; p < size; p++) {
        float *pivot = matrix + p * row, *at = pivot + p * DR_LANES;
        lanes inverse = 1 / LANE(at);
        LANES(at) = (lanes){0} + 1;
        for (size_t b = 0; b < row; b += DR_LANES)
            LANES(pivot + b) *= inverse;
        for (size_t a = 0; a < size; a++) {
            float *of = matrix + a * row;
            lanes times = LANE(of + p * DR_LANES);
            if (a == p)
                continue;
            LANES(of + p * DR_LANES) = (lanes){0};
            for (size_t b = 0; b < row; b += DR_LANES)
                LANES(of + b) -= times * LANE(pivot + b);
        }
    }
}

extern const dr_kernels DR_KERNELS;
const dr_kernels DR_KERNELS = {dots,  combine, take_exp,      take_log,         inputs,
                               trade, change,  lanes_product, lanes_transposed, lanes_invert};
