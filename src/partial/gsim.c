#include "partial/gsim.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"

void dgesv_(const int *n, const int *count, double *a, const int *lda, int *pivots, double *b, const int *ldb,
            int *info);

dr_status dr_gsim_new(dr_gsim *g, size_t regions)
{
    size_t pairs = regions * regions;
    *g = (dr_gsim){.regions = regions,
                   .trade = dr_new_doubles(pairs),
                   .base = dr_new_doubles(pairs),
                   .now = dr_new_doubles(pairs),
                   .new_trade = dr_new_doubles(pairs),
                   .matrix = dr_new_doubles(pairs),
                   .price = dr_new_doubles(regions),
                   .composite = dr_new_doubles(regions),
                   .producer = dr_new_doubles(regions),
                   .consumer = dr_new_doubles(regions),
                   .revenue = dr_new_doubles(regions),
                   .pivots = dr_new(regions, sizeof *g->pivots)};
    bool of_pairs = g->trade && g->base && g->now && g->new_trade && g->matrix;
    if (!of_pairs || !g->price || !g->composite || !g->producer || !g->consumer || !g->revenue || !g->pivots)
        return dr_fail_memory();
    for (size_t j = 0; j < pairs; j++)
        g->base[j] = g->now[j] = 1;
    return DR_OK;
}

void dr_gsim_free(dr_gsim *g)
{
    free(g->trade);
    free(g->base);
    free(g->now);
    free(g->new_trade);
    free(g->matrix);
    free(g->price);
    free(g->composite);
    free(g->producer);
    free(g->consumer);
    free(g->revenue);
    free(g->pivots);
}

/* B[n]: what n pays at internal prices. */
static double paid(const dr_gsim *g, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < g->regions; i++)
        sum += g->trade[i * g->regions + n] * g->base[i * g->regions + n];
    return sum;
}

/* R[i]. */
static double sold(const dr_gsim *g, size_t i)
{
    double sum = 0;
    for (size_t n = 0; n < g->regions; n++)
        sum += g->trade[i * g->regions + n];
    return sum;
}

static double theta_of(const dr_gsim *g, size_t i, size_t n, double all)
{
    return all > 0 ? g->trade[i * g->regions + n] * g->base[i * g->regions + n] / all : 0;
}

static double tariff_change(const dr_gsim *g, size_t i, size_t n)
{
    return g->now[i * g->regions + n] / g->base[i * g->regions + n] - 1;
}

/* q[i,n] = -sigma (x[i] + dT[i,n]) + (E + sigma) p[n], the same sum written with the composite price to first order. */
static double quantity(const dr_gsim *g, size_t i, size_t n)
{
    return (g->demand + g->substitution) * g->composite[n] - g->substitution * (g->price[i] + tariff_change(g, i, n));
}

/* To first order, as in q; or as it is. */
static void find_composite(dr_gsim *g, bool first_order)
{
    for (size_t n = 0; n < g->regions; n++) {
        double all = paid(g, n);
        g->composite[n] = 0;
        for (size_t i = 0; i < g->regions; i++)
            g->composite[n] += theta_of(g, i, n, all) * (g->price[i] + tariff_change(g, i, n) +
                                                         (first_order ? 0 : g->price[i] * tariff_change(g, i, n)));
    }
}

/* The clearing of the markets as matrix x = right side, the matrix by columns, right side into the prices. One who
 * sells nothing keeps his price. */
static void fill(dr_gsim *g)
{
    size_t r = g->regions;
    memset(g->price, 0, r * sizeof *g->price);
    find_composite(g, true); /* of the tariffs alone */
    memset(g->matrix, 0, r * r * sizeof *g->matrix);
    for (size_t i = 0; i < r; i++)
        g->matrix[i * r + i] = 1;
    for (size_t n = 0; n < r; n++) {
        double all = paid(g, n);
        for (size_t i = 0; i < r; i++) {
            double sales = sold(g, i), phi = sales > 0 ? g->trade[i * r + n] / sales : 0;
            if (phi == 0)
                continue;
            for (size_t k = 0; k < r; k++)
                g->matrix[k * r + i] -= phi * (g->demand + g->substitution) * theta_of(g, k, n, all);
            g->matrix[i * r + i] += phi * (g->supply + g->substitution - 1); /* phi adds up to 1, in place of the 1 */
            g->new_trade[i * r + n] = phi * quantity(g, i, n);
        }
    }
    for (size_t i = 0; i < r; i++)
        for (size_t n = 0; n < r; n++)
            g->price[i] += g->new_trade[i * r + n];
}

/* What is left of S x = sum of phi q. */
static void certify(dr_gsim *g)
{
    double largest = 0, left = 0;
    for (size_t i = 0; i < g->regions; i++) {
        double sales = sold(g, i), demanded = 0;
        for (size_t n = 0; n < g->regions && sales > 0; n++)
            demanded += g->trade[i * g->regions + n] / sales * quantity(g, i, n);
        left = fmax(left, fabs(g->supply * g->price[i] - demanded));
        largest = fmax(largest, g->supply * fabs(g->price[i]));
    }
    g->residual = largest > 0 ? left / largest : left;
}

static void find_results(dr_gsim *g)
{
    size_t r = g->regions;
    for (size_t i = 0; i < r; i++)
        for (size_t n = 0; n < r; n++)
            g->new_trade[i * r + n] = g->trade[i * r + n] * (1 + quantity(g, i, n)) * (1 + g->price[i]);
    find_composite(g, false);
    for (size_t n = 0; n < r; n++) {
        double p = g->composite[n], sign = (p > 0) - (p < 0);
        g->consumer[n] = paid(g, n) * (0.5 * g->demand * p * p * sign - p);
        g->producer[n] = g->price[n] * sold(g, n) * (1 + 0.5 * g->supply * g->price[n]);
        g->revenue[n] = 0;
        for (size_t i = 0; i < r; i++)
            g->revenue[n] +=
                g->new_trade[i * r + n] * (g->now[i * r + n] - 1) - g->trade[i * r + n] * (g->base[i * r + n] - 1);
    }
}

dr_status dr_gsim_solve(dr_gsim *g)
{
    const int size = (int)g->regions, one = 1;
    int info = 0;
    memset(g->new_trade, 0, g->regions * g->regions * sizeof *g->new_trade);
    fill(g);
    dr_blas_alone();
    dgesv_(&size, &one, g->matrix, &size, g->pivots, g->price, &size, &info);
    if (info != 0)
        return dr_fail(DR_NO_SOLUTION, "no world prices clear the markets at these elasticities");
    find_composite(g, true);
    certify(g);
    if (!(g->residual <= 1e-9))
        return dr_fail(DR_NO_SOLUTION, "the markets do not clear: %.1e of the largest price is left", g->residual);
    find_results(g);
    return DR_OK;
}
