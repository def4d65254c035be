/* Every compiled version of the kernels that this processor can run, against plain loops. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "solve/kernels.h"
#include "synthetic.h"

enum { REGIONS = 13, STRIDE = 16, ROWS = 5 };

extern const dr_kernels dr_kernels_plain;
#if defined(__x86_64__)
extern const dr_kernels dr_kernels_v3, dr_kernels_v4;
#endif

/* The versions up to the best one of this processor. */
static size_t versions(const dr_kernels *of[3])
{
    size_t count = 0;
    of[count++] = &dr_kernels_plain;
#if defined(__x86_64__)
    if (dr_kernels_best() != &dr_kernels_plain)
        of[count++] = &dr_kernels_v3;
    if (dr_kernels_best() == &dr_kernels_v4)
        of[count++] = &dr_kernels_v4;
#endif
    return count;
}

static void near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-14 * fmax(1, fabs(b))))
        fail_msg("%.17g and %.17g differ", a, b);
}

/* `rows` rows of random numbers, zero in the padding. */
static double *padded(size_t rows, unsigned long long seed)
{
    double *x = dr_new_doubles(rows * STRIDE);
    assert_non_null(x);
    for (size_t k = 0; k < rows; k++)
        for (size_t n = 0; n < REGIONS; n++)
            x[k * STRIDE + n] = 0.1 + synthetic_random(&seed);
    return x;
}

static void vectors(void **state)
{
    const dr_kernels *of[3];
    (void)state;
    for (size_t v = 0, count = versions(of); v < count; v++) {
        double *x = padded(1, 1), *y = padded(1, 2), *z = padded(1, 2), sum = 0;
        for (size_t i = 0; i < STRIDE; i++)
            sum += x[i] * y[i];
        near(of[v]->dot(STRIDE, x, y), sum);
        of[v]->axpy(STRIDE, 0.5, x, z);
        for (size_t i = 0; i < STRIDE; i++)
            near(z[i], y[i] + 0.5 * x[i]);
        for (size_t i = 0; i < STRIDE; i++)
            x[i] = 40 * x[i] - 20;
        of[v]->exp(STRIDE, x, z);
        for (size_t i = 0; i < STRIDE; i++)
            near(z[i] / exp(x[i]), 1);
        of[v]->log(STRIDE, z, z);
        for (size_t i = 0; i < STRIDE; i++)
            near(z[i], x[i]);
        free(x);
        free(y);
        free(z);
    }
}

static void gathering_and_scattering(void **state)
{
    const dr_kernels *of[3];
    (void)state;
    for (size_t v = 0, count = versions(of); v < count; v++) {
        double *share = padded(ROWS, 3), *x = padded(ROWS, 4), *sum = padded(1, 5), *before = padded(1, 5);
        double *spread = padded(ROWS, 6), *old = padded(ROWS, 6);
        of[v]->gather(ROWS, STRIDE, share, x, sum);
        of[v]->scatter(ROWS, STRIDE, share, before, spread);
        for (size_t n = 0; n < STRIDE; n++) {
            double expected = before[n];
            for (size_t k = 0; k < ROWS; k++) {
                expected += share[k * STRIDE + n] * x[k * STRIDE + n];
                near(spread[k * STRIDE + n], old[k * STRIDE + n] + share[k * STRIDE + n] * before[n]);
            }
            near(sum[n], expected);
        }
        double *all[] = {share, x, sum, before, spread, old};
        for (size_t i = 0; i < 6; i++)
            free(all[i]);
    }
}

/* With and without tariffs, and with an importer whom nobody supplies. */
static void one_sector_of_trade(void **state)
{
    const dr_kernels *of[3];
    (void)state;
    for (size_t v = 0, count = versions(of); v < count; v++)
        for (int taxed = 0; taxed < 2; taxed++) {
            double *delivered = padded(REGIONS, 7), *lower = padded(REGIONS, 8), *supply = padded(1, 9), *spending = padded(1, 10);
            double *power = padded(1, 11), *output = dr_new_doubles(STRIDE), *revenue = dr_new_doubles(STRIDE);
            memset(delivered + 2 * STRIDE, 0, STRIDE * sizeof(double));
            memset(lower + 2 * STRIDE, 0, STRIDE * sizeof(double));
            spending[2] = 0;
            const double *basic = taxed ? lower : delivered;
            of[v]->trade(REGIONS, STRIDE, delivered, basic, supply, spending, power, output, revenue);
            double made[REGIONS] = {0};
            for (size_t n = 0; n < REGIONS; n++) {
                double q = 0, kept = spending[n];
                for (size_t i = 0; i < REGIONS; i++)
                    q += delivered[n * STRIDE + i] * supply[i];
                q = n == 2 ? 1 : q;
                near(power[n], q);
                for (size_t i = 0; i < REGIONS; i++) {
                    double value = basic[n * STRIDE + i] * supply[i] * spending[n] / q;
                    made[i] += value;
                    kept -= value;
                }
                near(revenue[n], taxed ? kept : 0);
            }
            for (size_t i = 0; i < REGIONS; i++)
                near(output[i], made[i]);
            double *all[] = {delivered, lower, supply, spending, power, output, revenue};
            for (size_t i = 0; i < sizeof all / sizeof *all; i++)
                free(all[i]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors), cmocka_unit_test(gathering_and_scattering),
                                       cmocka_unit_test(one_sector_of_trade)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
