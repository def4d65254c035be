#include "measure/leontief.h"

#include <math.h>
#include <stdlib.h>

#include "base/blas.h"
#include "base/parallel.h"
#include "base/residual.h"

/* LAPACK and BLAS, as Fortran has it: everything by reference, matrices by column. */
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetrs_(const char *trans, const int *n, const int *count, const double *a, const int *lda, const int *pivots,
             double *b, const int *ldb, int *info);
void dlaswp_(const int *columns, double *a, const int *lda, const int *first, const int *last, const int *pivots,
             const int *step);
void dtrsm_(const char *side, const char *uplo, const char *trans, const char *diagonal, const int *m, const int *n,
            const double *alpha, const double *a, const int *lda, double *b, const int *ldb);
void dgemm_(const char *trans_a, const char *trans_b, const int *m, const int *n, const int *k, const double *alpha,
            const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
            const int *ldc);
void dgetri_(const int *n, double *a, const int *lda, const int *pivots, double *work, const int *lwork, int *info);

void dr_leontief_free(dr_leontief *leontief)
{
    if (!leontief)
        return;
    free(leontief->factors);
    free(leontief->pivots);
    free(leontief->value_share);
    free(leontief->rows);
    free(leontief);
}

static size_t take_rows(dr_leontief *l, const dr_matrix *m, const bool *regions)
{
    size_t count = 0;
    for (size_t row = 0; row < m->size; row++)
        if (!regions || regions[row / m->sectors])
            l->rows[count++] = row;
    return count;
}

static dr_status empty(dr_leontief **out, const dr_matrix *m, const bool *regions)
{
    dr_leontief *l = dr_new(1, sizeof *l);
    if (l && (l->rows = dr_new(m->size, sizeof *l->rows))) {
        l->size = take_rows(l, m, regions);
        l->factors = dr_new_doubles(l->size * l->size);
        l->pivots = dr_new(l->size, sizeof *l->pivots);
        l->value_share = dr_new_doubles(l->size);
        if (l->factors && l->pivots && l->value_share) {
            *out = l;
            return DR_OK;
        }
    }
    dr_leontief_free(l);
    return dr_fail_memory();
}

/* I - A, row-major. A sector without output has no inputs, and v = 1. */
static void fill(dr_leontief *l, const dr_matrix *m)
{
    size_t n = l->size;
    for (size_t j = 0; j < n; j++) {
        double output = m->output[l->rows[j]];
        l->value_share[j] = output == 0 ? 1 : m->value_added[l->rows[j]] / output;
    }
    for (size_t i = 0; i < n; i++) {
        const double *sales = m->inputs + l->rows[i] * m->size;
        for (size_t j = 0; j < n; j++) {
            double output = m->output[l->rows[j]];
            l->factors[i * n + j] = (i == j) - (output == 0 ? 0 : sales[l->rows[j]] / output);
        }
    }
}

/* A pivot that is nothing but rounding error means that there is no inverse. */
static dr_status check_pivots(const dr_leontief *l)
{
    const double least = 1e-13;
    double smallest = INFINITY, largest = 0;
    for (size_t i = 0; i < l->size; i++) {
        double pivot = fabs(l->factors[i * l->size + i]);
        smallest = fmin(smallest, pivot);
        largest = dr_worse(largest, pivot);
    }
    if (smallest >= least * largest && isfinite(largest))
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "the table has no Leontief inverse: some sectors take (almost) all of their own output as "
                   "inputs (smallest pivot %.1e)",
                   smallest);
}

/* Columns of a block of LU, and vectors of a block of solves: of fixed size, so that results do not depend on who
 * does which. */
enum { COLUMNS = 128, VECTORS = 16 };

/* LU, panel by panel: the rows and columns from `at` on are still to be done, and a panel of `width` columns has
 * just been. */
typedef struct panel {
    const dr_leontief *l;
    int at, width;
} panel;

/* Applies a panel to another block of columns: its swaps of rows; and to those on its right U = L^-1 A, and A - L
 * U below. */
static dr_status update(void *work, size_t block, size_t thread)
{
    const panel *p = work;
    const double one = 1, minus = -1;
    const int n = (int)p->l->size, first = 1, step = 1, from = (int)block * COLUMNS, below = n - p->at - p->width;
    int columns = n - from < COLUMNS ? n - from : COLUMNS;
    double *a = p->l->factors, *top = a + (size_t)from * p->l->size + p->at;
    const double *lower = a + (size_t)p->at * p->l->size + p->at;
    (void)thread;
    if (from == p->at)
        return DR_OK;
    dlaswp_(&columns, top, &n, &first, &p->width, p->l->pivots + p->at, &step);
    if (from < p->at)
        return DR_OK;
    dtrsm_("L", "L", "N", "U", &p->width, &columns, &one, lower, &n, top, &n);
    if (below > 0)
        dgemm_("N", "N", &below, &columns, &p->width, &minus, lower + p->width, &n, top, &n, &one, top + p->width, &n);
    return DR_OK;
}

static dr_status factor(dr_leontief *l)
{
    int n = (int)l->size, info = 0;
    dr_blas_alone();
    for (panel p = {.l = l}; p.at < n; p.at += COLUMNS) {
        int rows = n - p.at;
        p.width = rows < COLUMNS ? rows : COLUMNS;
        dgetrf_(&rows, &p.width, l->factors + (size_t)p.at * l->size + p.at, &n, l->pivots + p.at, &info);
        (void)dr_parallel((l->size + COLUMNS - 1) / COLUMNS, 0, update, &p); /* cannot fail */
    }
    for (int i = 0; i < n; i++) /* from rows of a panel to rows of the whole */
        l->pivots[i] += i / COLUMNS * COLUMNS;
    return n > 0 ? check_pivots(l) : DR_OK;
}

dr_status dr_leontief_new(dr_leontief **out, const dr_matrix *matrix, const bool *regions)
{
    dr_leontief *l = NULL;
    DR_TRY(empty(&l, matrix, regions));
    fill(l, matrix);
    dr_status status = factor(l);
    if (status == DR_OK)
        *out = l;
    else
        dr_leontief_free(l);
    return status;
}

typedef struct right_sides {
    const dr_leontief *l;
    const char *trans;
    double *vectors;
    size_t count;
} right_sides;

static dr_status solve_block(void *work, size_t block, size_t thread)
{
    const right_sides *r = work;
    (void)thread;
    size_t from = block * VECTORS, left = r->count - from;
    int n = (int)r->l->size, columns = (int)(left < VECTORS ? left : VECTORS), info = 0;
    dgetrs_(r->trans, &n, &columns, r->l->factors, &n, r->l->pivots, r->vectors + from * r->l->size, &n, &info);
    return DR_OK;
}

/* The factors are those of the transpose, so that solving with I - A asks LAPACK for the transpose of what it has. */
static void solve(const dr_leontief *l, const char *trans, double *vectors, size_t count)
{
    right_sides r = {l, trans, vectors, count};
    if (l->size > 0)
        (void)dr_parallel((count + VECTORS - 1) / VECTORS, 0, solve_block, &r); /* cannot fail */
}

void dr_leontief_output(const dr_leontief *leontief, double *vectors, size_t count)
{
    solve(leontief, "T", vectors, count);
}

const char dr_leontief_equation[] = "value added of all regions = the final use that absorbs it";

dr_status dr_leontief_certify(double *worst, const dr_leontief *l, const double *output, double used)
{
    const double tolerance = 1e-9;
    double made = 0;
    for (size_t row = 0; row < l->size; row++)
        made += l->value_share[row] * output[row];
    double missed = dr_missed(used == 0 ? 0 : made / used - 1);
    if (!(missed <= tolerance))
        return dr_fail(DR_NO_SOLUTION, "%s: relative residual %.1e; at most %.0e is allowed", dr_leontief_equation,
                       missed, tolerance);
    *worst = dr_worse(*worst, missed);
    return DR_OK;
}

void dr_leontief_content(const dr_leontief *leontief, double *vectors, size_t count)
{
    solve(leontief, "N", vectors, count);
}

dr_status dr_leontief_inverse(double **out, const dr_matrix *matrix)
{
    const int block = 64;
    dr_leontief *l = NULL;
    DR_TRY(dr_leontief_new(&l, matrix, NULL));
    int n = (int)l->size, work_size = block * n, info = 0;
    double *work = dr_new_doubles((size_t)work_size);
    if (work) {
        dgetri_(&n, l->factors, &n, l->pivots, work, &work_size, &info);
        *out = l->factors;
        l->factors = NULL;
    }
    dr_leontief_free(l);
    free(work);
    return work ? DR_OK : dr_fail_memory();
}
