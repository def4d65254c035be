/* Regressions the plain way: every effect as dummy variables in one dense matrix, Newton's method on all of them,
 * variances by their formula. For small problems. */
#ifndef DR_TEST_PLAIN_H
#define DR_TEST_PLAIN_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "estimate/regression.h"

enum { PLAIN_REGRESSORS = 4, PLAIN_EFFECTS = 3, PLAIN_ROWS = 4000 };

/* A made-up panel; owns its arrays. */
typedef struct problem {
    dr_regression_data data;
    double y[PLAIN_ROWS], weight[PLAIN_ROWS], x[PLAIN_REGRESSORS][PLAIN_ROWS];
    uint32_t level[PLAIN_EFFECTS][PLAIN_ROWS], cluster[2][PLAIN_ROWS];
    const double *regressor[PLAIN_REGRESSORS];
    dr_category effect[PLAIN_EFFECTS], clusters[2];
} problem;

static const char *const plain_names[PLAIN_REGRESSORS] = {"x1", "x2", "x3", "x4"};

/* Points the data at the arrays. */
static inline void problem_bind(problem *p)
{
    for (size_t k = 0; k < PLAIN_REGRESSORS; k++)
        p->regressor[k] = p->x[k];
    for (size_t e = 0; e < PLAIN_EFFECTS; e++)
        p->effect[e].level = p->level[e];
    for (size_t c = 0; c < 2; c++)
        p->clusters[c].level = p->cluster[c];
    p->data.outcome = p->y;
    p->data.names = plain_names;
    p->data.regressor = p->regressor;
    p->data.effect = p->effect;
    p->data.cluster = p->clusters;
}

/* Trade of `exporters` with `importers` over `years`, with exporter-year, importer-year and pair effects (the first
 * `effects` of them), `regressors` variables that the effects explain in part, and zeros. Clusters: pairs and
 * exporters. */
static inline problem *problem_new(uint32_t exporters, uint32_t importers, uint32_t years, size_t regressors,
                                   size_t effects, uint64_t seed)
{
    problem *p = dr_new(1, sizeof *p);
    size_t r = 0;
    if (!p || exporters * importers * years > PLAIN_ROWS)
        abort();
    for (uint32_t i = 0; i < exporters; i++)
        for (uint32_t n = 0; n < importers; n++)
            for (uint32_t t = 0; t < years; t++, r++) {
                dr_random random = dr_random_stream(seed, r);
                double eta = 0.3 * i - 0.2 * n + 0.1 * t * i;
                p->level[0][r] = i * years + t;
                p->level[1][r] = n * years + t;
                p->level[2][r] = p->cluster[0][r] = i * importers + n;
                p->cluster[1][r] = i;
                for (size_t k = 0; k < regressors; k++) {
                    p->x[k][r] = dr_random_normal(&random) + 0.2 * i + 0.5 * (k == 0) * t;
                    eta += (0.3 - 0.2 * (double)k) * p->x[k][r];
                }
                p->weight[r] = 0.5 + dr_random_uniform(&random);
                p->y[r] = exp(eta) * pow(dr_random_normal(&random), 2);
                if (dr_random_uniform(&random) < 0.2)
                    p->y[r] = 0;
            }
    const char *const names[] = {"exporter^year", "importer^year", "pair"};
    const size_t levels[] = {exporters * years, importers * years, exporters * importers};
    for (size_t e = 0; e < PLAIN_EFFECTS; e++)
        p->effect[e] = (dr_category){.name = names[e], .levels = levels[e]};
    p->clusters[0] = (dr_category){.name = "pair", .levels = exporters * importers};
    p->clusters[1] = (dr_category){.name = "exporter", .levels = exporters};
    p->data = (dr_regression_data){.rows = r, .regressors = regressors, .effects = effects};
    problem_bind(p);
    return p;
}

/* ---- Dense linear algebra ---- */

typedef struct dense {
    size_t rows, columns;
    double *x;   /* [rows][columns]: regressors, dummies (a constant where there are no effects) */
    double *b;   /* [columns]; 0 for columns that depend on those before them */
    double *h;   /* [columns][columns] inverse of X'WX, 0 where left out */
    double *eta; /* [rows] */
    size_t rank;
} dense;

static inline void dense_free(dense *d)
{
    free(d->x);
    free(d->b);
    free(d->h);
    free(d->eta);
}

/* Inverse of a symmetric matrix by sweeps; a pivot with nothing left of it is skipped, its row and column become
 * zero. */
static inline size_t dense_invert(double *a, size_t n)
{
    double *first = dr_new_doubles(n);
    bool *kept = dr_new(n, sizeof *kept);
    size_t rank = 0;
    for (size_t k = 0; k < n; k++)
        first[k] = a[k * n + k];
    for (size_t k = 0; k < n; k++) {
        double pivot = a[k * n + k];
        if (!(pivot > 1e-10 * first[k]))
            continue;
        kept[k] = true;
        rank++;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                if (i != k && j != k)
                    a[i * n + j] -= a[i * n + k] * a[k * n + j] / pivot;
        for (size_t i = 0; i < n; i++)
            if (i != k)
                a[i * n + k] = a[k * n + i] = a[i * n + k] / pivot;
        a[k * n + k] = -1 / pivot;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = kept[i] && kept[j] ? -a[i * n + j] : 0;
    free(first);
    free(kept);
    return rank;
}

static inline double plain_weight(const dr_regression_data *data, size_t r)
{
    return data->weight ? data->weight[r] : 1;
}

static inline dense dense_new(const dr_regression_data *data)
{
    dense d = {.rows = data->rows, .columns = data->regressors + (data->effects == 0)};
    for (size_t e = 0; e < data->effects; e++)
        d.columns += data->effect[e].levels;
    d.x = dr_new_doubles(d.rows * d.columns);
    d.b = dr_new_doubles(d.columns);
    d.h = dr_new_doubles(d.columns * d.columns);
    d.eta = dr_new_doubles(d.rows);
    for (size_t r = 0; r < d.rows; r++) {
        double *x = d.x + r * d.columns;
        size_t at = data->regressors;
        for (size_t k = 0; k < data->regressors; k++)
            x[k] = data->regressor[k][r];
        if (data->effects == 0)
            x[at] = 1;
        for (size_t e = 0; e < data->effects; e++) {
            x[at + data->effect[e].level[r]] = 1;
            at += data->effect[e].levels;
        }
    }
    return d;
}

/* One weighted least-squares fit of z on all columns. */
static inline void dense_fit(dense *d, const double *w, const double *z)
{
    size_t n = d->columns;
    double *right = dr_new_doubles(n);
    memset(d->h, 0, n * n * sizeof *d->h);
    for (size_t r = 0; r < d->rows; r++)
        for (size_t i = 0; i < n; i++) {
            double wx = w[r] * d->x[r * n + i];
            right[i] += wx * z[r];
            for (size_t j = 0; j < n && wx != 0; j++)
                d->h[i * n + j] += wx * d->x[r * n + j];
        }
    d->rank = dense_invert(d->h, n);
    for (size_t i = 0; i < n; i++) {
        d->b[i] = 0;
        for (size_t j = 0; j < n; j++)
            d->b[i] += d->h[i * n + j] * right[j];
    }
    for (size_t r = 0; r < d->rows; r++) {
        d->eta[r] = 0;
        for (size_t i = 0; i < n; i++)
            d->eta[r] += d->x[r * n + i] * d->b[i];
    }
    free(right);
}

/* All rows must be fit for it: no separation. */
static inline dense dense_regression(const dr_regression_data *data, dr_fit fit)
{
    const int iterations = 60;
    dense d = dense_new(data);
    double *w = dr_new_doubles(d.rows), *z = dr_new_doubles(d.rows), mean = 0;
    for (size_t r = 0; r < d.rows; r++)
        mean += data->outcome[r] / (double)d.rows;
    for (int i = 0; i < (fit == DR_FIT_PPML ? iterations : 1); i++) {
        for (size_t r = 0; r < d.rows; r++) {
            double mu = i == 0 ? (data->outcome[r] + mean) / 2 : exp(d.eta[r]);
            w[r] = plain_weight(data, r) * (fit == DR_FIT_PPML ? mu : 1);
            z[r] = fit == DR_FIT_PPML ? log(mu) + (data->outcome[r] - mu) / mu : data->outcome[r];
        }
        dense_fit(&d, w, z);
    }
    free(w);
    free(z);
    return d;
}

/* meat += sign times the cross-products of scores summed within the rows that share a level of every cluster in
 * `ways`; 0: by row. */
static inline void dense_meat(double *meat, const dense *d, const dr_regression_data *data, dr_fit fit, unsigned ways,
                              double sign)
{
    size_t n = d->columns;
    for (size_t r = 0; r < d->rows; r++)
        for (size_t q = 0; q < d->rows; q++) {
            bool together = ways > 0 || r == q;
            for (size_t c = 0; c < data->clusters; c++)
                if (ways >> c & 1)
                    together = together && data->cluster[c].level[r] == data->cluster[c].level[q];
            if (!together)
                continue;
            double mu[2] = {d->eta[r], d->eta[q]};
            for (size_t s = 0; fit == DR_FIT_PPML && s < 2; s++)
                mu[s] = exp(mu[s]);
            double score = sign * plain_weight(data, r) * (data->outcome[r] - mu[0]) * plain_weight(data, q) *
                           (data->outcome[q] - mu[1]);
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n && d->x[r * n + i] != 0; j++)
                    meat[i * n + j] += score * d->x[r * n + i] * d->x[q * n + j];
        }
}

/* The variance of the coefficients of regressors [k][l], without small-sample factors. */
static inline double *dense_variance(const dense *d, const dr_regression_data *data, dr_fit fit)
{
    size_t n = d->columns, kept = data->regressors;
    double *meat = dr_new_doubles(n * n), *v = dr_new_doubles(kept * kept);
    if (data->clusters == 0)
        dense_meat(meat, d, data, fit, 0, 1);
    for (unsigned ways = 1; data->clusters > 0 && ways < 1U << data->clusters; ways++)
        dense_meat(meat, d, data, fit, ways, __builtin_popcount(ways) % 2 ? 1 : -1);
    for (size_t k = 0; k < kept; k++)
        for (size_t l = 0; l < kept; l++)
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                    v[k * kept + l] += d->h[k * n + i] * meat[i * n + j] * d->h[l * n + j];
    free(meat);
    return v;
}

/* The regression itself, which must succeed. */
static inline dr_regression *fit(const dr_regression_data *data, dr_regression_options options)
{
    dr_regression *r = NULL;
    if (dr_regression_fit(&r, data, &options) != DR_OK)
        fail_msg("%s", dr_error_text());
    return r;
}

static inline void assert_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance * (1 + fabs(wanted))))
        fail_msg("got %.15g, wanted %.15g", got, wanted);
}

#endif
