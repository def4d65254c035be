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
#include "equilibrium/kernels.h"
#include "support/synthetic.h"

enum { REGIONS = 13, STRIDE = 16, ROWS = 7 };

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
        double *x = padded(1, 1), *z = padded(1, 2);
        for (size_t i = 0; i < STRIDE; i++)
            x[i] = 40 * x[i] - 20;
        of[v]->exp(STRIDE, x, z);
        for (size_t i = 0; i < STRIDE; i++)
            near(z[i] / exp(x[i]), 1);
        of[v]->log(STRIDE, z, z);
        for (size_t i = 0; i < STRIDE; i++)
            near(z[i], x[i]);
        free(x);
        free(z);
    }
}

/* Any number of rows, whatever number of them the kernel takes at a time. */
static void rows(void **state)
{
    const dr_kernels *of[3];
    (void)state;
    for (size_t v = 0, count = versions(of); v < count; v++)
        for (size_t many = 0; many <= ROWS; many++) {
            double *x = padded(ROWS, 1), *y = padded(1, 2), *before = padded(1, 2), product[ROWS];
            const double *row[ROWS], weight[ROWS] = {0.5, -2, 3, 0, 1, -1, 0.25};
            for (size_t j = 0; j < ROWS; j++)
                row[j] = x + (ROWS - 1 - j) * STRIDE;
            of[v]->dots(many, STRIDE, row, y, product);
            for (size_t j = 0; j < many; j++) {
                double sum = 0;
                for (size_t i = 0; i < STRIDE; i++)
                    sum += row[j][i] * y[i];
                near(product[j], sum);
            }
            of[v]->combine(many, STRIDE, row, weight, y);
            for (size_t i = 0; i < STRIDE; i++) {
                double sum = before[i];
                for (size_t j = 0; j < many; j++)
                    sum += weight[j] * row[j][i];
                near(y[i], sum);
            }
            free(x);
            free(y);
            free(before);
        }
}

/* The largest change, wherever it is; and a change that is not a number, whatever stands beside it. */
static void changes(void **state)
{
    const dr_kernels *of[3];
    (void)state;
    for (size_t v = 0, count = versions(of); v < count; v++)
        for (size_t at = 0; at < REGIONS; at++) {
            double *to = padded(1, 1), *from = padded(1, 1), *f = dr_new_doubles(STRIDE);
            from[at] = -0.02;
            to[at] = -0.03;
            near(of[v]->change(STRIDE, to, from, 1, 0, f), 0.01);
            near(of[v]->change(STRIDE, to, from, 1e-9, 1, f), 0.5);
            near(of[v]->change(STRIDE, to, from, 0.1, 1, f), 0.1);
            for (size_t i = 0; i < STRIDE; i++)
                near(f[i], to[i] - from[i]);
            to[at] = NAN;
            assert_true(isinf(of[v]->change(STRIDE, to, from, 1, 0, f)));
            to[at] = INFINITY;
            assert_true(isinf(of[v]->change(STRIDE, to, from, 1, 0, f)));
            free(to);
            free(from);
            free(f);
        }
}

static void all_inputs(void **state)
{
    const dr_kernels *of[3];
    (void)state;
    for (size_t v = 0, count = versions(of); v < count; v++)
        for (size_t sectors = 1; sectors <= ROWS; sectors++) {
            double *share = padded(ROWS * ROWS, 3), *price = padded(ROWS, 4), *output = padded(ROWS, 5);
            double *cost = padded(ROWS, 6), *demand = padded(ROWS, 7), *cost_before = padded(ROWS, 6),
                   *wanted = padded(ROWS, 7);
            of[v]->inputs(sectors, sectors, STRIDE, share, price, output, cost, demand);
            for (size_t s = 0; s < sectors; s++)
                for (size_t n = 0; n < STRIDE; n++) {
                    double expected = cost_before[s * STRIDE + n];
                    for (size_t k = 0; k < sectors; k++) {
                        double a = share[(s * sectors + k) * STRIDE + n];
                        expected += a * price[k * STRIDE + n];
                        wanted[k * STRIDE + n] += a * output[s * STRIDE + n];
                    }
                    near(cost[s * STRIDE + n], expected);
                }
            for (size_t j = 0; j < ROWS * STRIDE; j++)
                near(demand[j], wanted[j]);
            double *all[] = {share, price, output, cost, demand, cost_before, wanted};
            for (size_t i = 0; i < sizeof all / sizeof *all; i++)
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
            double *delivered = padded(REGIONS, 7), *lower = padded(REGIONS, 8), *supply = padded(1, 9),
                   *spending = padded(1, 10);
            double *power = padded(1, 11), *bought = dr_new_doubles(STRIDE), *output = dr_new_doubles(STRIDE),
                   *revenue = dr_new_doubles(STRIDE);
            memset(delivered + 2 * STRIDE, 0, STRIDE * sizeof(double));
            memset(lower + 2 * STRIDE, 0, STRIDE * sizeof(double));
            spending[2] = 0;
            const double *basic = taxed ? lower : delivered, *delivered_rows[REGIONS], *basic_rows[REGIONS];
            for (size_t n = 0; n < REGIONS; n++) {
                delivered_rows[n] = delivered + n * STRIDE;
                basic_rows[n] = basic + n * STRIDE;
            }
            of[v]->trade(REGIONS, STRIDE, delivered_rows, basic_rows, supply, spending, power, bought, output, revenue);
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
                near(power[n] * bought[n], spending[n]);
                near(revenue[n], taxed ? kept : 0);
            }
            for (size_t i = 0; i < REGIONS; i++)
                near(output[i], made[i]);
            double *all[] = {delivered, lower, supply, spending, power, bought, output, revenue};
            for (size_t i = 0; i < sizeof all / sizeof *all; i++)
                free(all[i]);
        }
}

/* The small matrices of eight regions: their products, and an inverse whose product with the matrix is the identity. */
static void lanes(void **state)
{
    const dr_kernels *of[3];
    (void)state;
    for (size_t v = 0, count = versions(of); v < count; v++)
        for (size_t size = 1; size <= ROWS; size++) {
            float *matrix = (float *)padded(ROWS * ROWS, 3), *inverse = (float *)padded(ROWS * ROWS, 3),
                  *x = (float *)padded(ROWS, 4), *y = (float *)padded(ROWS, 5);
            unsigned long long seed = 6;
            for (size_t j = 0; j < size * size * DR_LANES; j++)
                inverse[j] = matrix[j] = (float)synthetic_random(&seed) + (j / DR_LANES % (size + 1) ? 0 : ROWS);
            of[v]->lanes_invert(size, inverse);
            for (size_t column = 0; column < size; column++) {
                for (size_t j = 0; j < size * DR_LANES; j++)
                    x[j] = inverse[(j / DR_LANES * size + column) * DR_LANES + j % DR_LANES];
                of[v]->lanes_product(size, matrix, x, y);
                for (size_t j = 0; j < size * DR_LANES; j++)
                    assert_true(fabsf(y[j] - (j / DR_LANES == column ? 1 : 0)) < 1e-5F);
                for (size_t j = 0; j < size * DR_LANES; j++) /* row `column` of the inverse */
                    x[j] = inverse[(column * size + j / DR_LANES) * DR_LANES + j % DR_LANES];
                of[v]->lanes_transposed(size, matrix, x, y);
                for (size_t j = 0; j < size * DR_LANES; j++)
                    assert_true(fabsf(y[j] - (j / DR_LANES == column ? 1 : 0)) < 1e-5F);
            }
            free(matrix), free(inverse), free(x), free(y);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors),
                                       cmocka_unit_test(rows),
                                       cmocka_unit_test(changes),
                                       cmocka_unit_test(all_inputs),
                                       cmocka_unit_test(one_sector_of_trade),
                                       cmocka_unit_test(lanes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
