/* CR2 and CR3: scores of clusters, or rows, corrected for their leverage by the regressors alone, where effects lie
 * within clusters; leverage_rows.c does so where they do not. variance.h has the formulas. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/dense.h"
#include "estimate/variance.h"

/* A share of leverage above this is all of it: the regressors fit the rows whatever their outcome, and what is left is
 * rounding. */
static const double all_of_it = 1 - 1e-9;

static double root_of_rest(double leverage)
{
    return leverage > all_of_it ? 0 : 1 / sqrt(1 - leverage);
}

static double inverse_of_rest(double leverage)
{
    return leverage > all_of_it ? 0 : 1 / (1 - leverage);
}

typedef struct leverage {
    const dr_fitting *f;
    size_t n;
    double (*change)(double);
    double *within; /* [groups][n, n] cross-products of a cluster, then M */
    double *half;   /* [n] */
} leverage;

/* x = L^-1 x, for the lower triangle L. */
static void solve_lower(const double *l, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++)
            x[i] -= l[i * n + j] * x[j];
        x[i] = l[i * n + i] > 0 ? x[i] / l[i * n + i] : 0;
    }
}

static void add_products(leverage *l, const uint32_t *group)
{
    size_t n = l->n;
    for (size_t r = 0; r < l->f->sample->rows; r++) {
        const double *x = l->f->x + r * n;
        double *to = l->within + group[r] * n * n;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                to[i * n + j] += l->f->w[r] * x[i] * x[j];
    }
}

/* L^-1 a L^-T of a symmetric matrix, row by row and then column by column. */
static void between(leverage *l, double *a)
{
    const double *factor = l->f->absorb->factor;
    size_t n = l->n;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++)
            solve_lower(factor, n, a + i * n);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) {
                double kept = a[i * n + j];
                a[i * n + j] = a[j * n + i];
                a[j * n + i] = kept;
            }
    }
}

/* score = L change(M) L^-1 score. */
static dr_status correct_group(leverage *l, double *m, double *score)
{
    const double *factor = l->f->absorb->factor;
    double range[2];
    size_t n = l->n;
    between(l, m);
    DR_TRY(dr_change_eigenvalues(m, n, l->change, range));
    solve_lower(factor, n, score);
    for (size_t i = 0; i < n; i++) {
        l->half[i] = 0;
        for (size_t j = 0; j < n; j++)
            l->half[i] += m[i * n + j] * score[j];
    }
    for (size_t i = 0; i < n; i++) {
        score[i] = 0;
        for (size_t j = 0; j <= i; j++)
            score[i] += factor[i * n + j] * l->half[j];
    }
    return DR_OK;
}

static double (*change_of(const dr_fitting *f))(double)
{
    return f->options.small_sample == DR_SMALL_SAMPLE_CR2 ? root_of_rest : inverse_of_rest;
}

double dr_leverage_of_row(const dr_fitting *f, size_t row, double *half)
{
    double sum = 0;
    memcpy(half, f->x + row * f->columns, f->columns * sizeof *half);
    solve_lower(f->absorb->factor, f->columns, half);
    for (size_t i = 0; i < f->columns; i++)
        sum += half[i] * half[i];
    return change_of(f)(f->w[row] * sum);
}

static dr_status correct_sums(double *scores, size_t groups, const uint32_t *group, const dr_fitting *f)
{
    size_t n = f->columns;
    leverage l = {
        .f = f, .n = n, .change = change_of(f), .within = dr_new_doubles(groups * n * n), .half = dr_new_doubles(n)};
    dr_status status = l.within && l.half ? DR_OK : dr_fail_memory();
    if (status == DR_OK)
        add_products(&l, group);
    for (size_t g = 0; status == DR_OK && g < groups; g++)
        status = correct_group(&l, l.within + g * n * n, scores + g * n);
    free(l.within);
    free(l.half);
    return status;
}

/* The scores of rows over regressors, corrected one by one. */
static dr_status correct_rows(double *score, size_t groups, const uint32_t *group, const dr_fitting *f)
{
    double *bread = dr_new_doubles(f->columns * f->columns);
    if (!bread)
        return dr_fail_memory();
    dr_cholesky_inverse(bread, f->absorb->factor, f->columns);
    dr_status status = dr_leverage_correct_rows(score, 1, groups, group, bread, f);
    free(bread);
    return status;
}

dr_status dr_leverage_scores(double *sums, bool *approximate, size_t groups, const uint32_t *group, const dr_fitting *f)
{
    bool by_rows = false, possible = false;
    size_t rows = f->sample->rows, n = f->columns;
    if (dr_corrects_leverage(f))
        DR_TRY(dr_leverage_by_rows(&by_rows, &possible, groups, group, f));
    *approximate = by_rows && !possible;
    by_rows = by_rows && possible;
    double *score = by_rows ? dr_new_doubles(rows) : NULL;
    dr_status status = score || !by_rows ? DR_OK : dr_fail_memory();
    for (size_t r = 0; score && r < rows; r++)
        score[r] = dr_fitting_score(f, r);
    if (score)
        status = correct_rows(score, groups, group, f);
    for (size_t r = 0; status == DR_OK && r < rows; r++) {
        double t = score ? score[r] : dr_fitting_score(f, r);
        for (size_t k = 0; k < n; k++)
            sums[group[r] * n + k] += f->x[r * n + k] * t;
    }
    free(score);
    return status == DR_OK && dr_corrects_leverage(f) && !by_rows ? correct_sums(sums, groups, group, f) : status;
}
