#include "solve/precondition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* LAPACK, as Fortran has it: everything by reference, matrices by column. */
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetrs_(const char *trans, const int *n, const int *count, const double *a, const int *lda, const int *pivots,
             double *b, const int *ldb, int *info);
void dgemm_(const char *trans_a, const char *trans_b, const int *m, const int *n, const int *k, const double *alpha,
            const double *a, const int *lda, const double *b, const int *ldb, const double *beta, double *c,
            const int *ldc);

dr_status dr_preconditioner_new(dr_preconditioner *p, dr_tangent *tangent)
{
    const dr_sweep *w = tangent->equations->sweep;
    size_t square = w->r * w->r, unknowns = w->unknowns, row = w->stride;
    *p = (dr_preconditioner){.tangent = tangent, .r = w->r, .markets = w->wages > 1 ? w->s : 0};
    p->numbers = dr_new_doubles((3 + p->markets) * square + row + 2 * unknowns);
    p->pivots = dr_new((1 + p->markets) * w->r, sizeof *p->pivots);
    if (!p->numbers || !p->pivots)
        return dr_fail_memory();
    p->first = p->numbers;
    p->image = p->first + unknowns;
    p->right = p->image + unknowns;
    p->balance = p->right + row;
    p->flow = p->balance + square;
    p->share = p->flow + square;
    p->market = p->share + square;
    return DR_OK;
}

void dr_preconditioner_free(dr_preconditioner *p)
{
    free(p->numbers);
    free(p->pivots);
}

/* Import shares of sector s, by column: share[m + r j] of exporter j in what m buys. */
static void fill_shares(dr_preconditioner *p, size_t s)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    for (size_t m = 0; m < p->r; m++)
        for (size_t j = 0; j < p->r; j++) {
            double delivered = m == j ? q->home[s * w->stride + m] : q->delivered[s * w->r + m][j];
            p->share[m + p->r * j] = delivered * w->supply[s * w->stride + j] / w->power[s * w->stride + m];
        }
}

/* c += times * flow * share */
static void multiply(const dr_preconditioner *p, double times, double *c)
{
    int n = (int)p->r;
    double one = 1;
    dgemm_("N", "N", &n, &n, &n, &times, p->flow, &n, p->share, &n, &one, c, &n);
}

static void factor(const dr_preconditioner *p, double *matrix, int *pivots)
{
    int n = (int)p->r, info = 0;
    dgetrf_(&n, &n, matrix, &n, pivots, &info);
    for (int i = 0; info != 0 && i < n; i++) /* singular: it leaves things as they are, with the sign of the Jacobian */
        for (int j = 0; j < n; j++) {
            matrix[i + n * j] = i == j ? -1 : 0;
            pivots[i] = i + 1;
        }
}

static void divide(const dr_preconditioner *p, const double *matrix, const int *pivots, double *x)
{
    int n = (int)p->r, one = 1, info;
    dgetrs_("N", &n, &one, matrix, &n, pivots, x, &n, &info);
}

/* Adds sector s to the matrix of trade balances. With v the flow into m from i:
 * d ln v = d ln w[m] - theta (d ln w[i] - sum_j share[m, j] d ln w[j]). */
static void add_balance(dr_preconditioner *p, size_t s)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    size_t r = p->r;
    double theta = w->model->theta[s];
    memset(p->flow, 0, r * r * sizeof *p->flow);
    for (size_t m = 0; m < r; m++)
        for (size_t i = 0; i < r; i++) {
            double v = q->basic[s * w->r + m][i] * w->supply[s * w->stride + i] * q->bought[s * w->stride + m];
            double sold = dr_equations_trades(q, i) ? v / dr_equations_sources(q, i) : 0;
            double bought = dr_equations_trades(q, m) ? v / dr_equations_uses(q, m) : 0;
            p->flow[i + r * m] += sold;
            p->flow[m + r * m] -= bought;
            p->balance[i + r * m] += sold;
            p->balance[m + r * m] -= bought;
            p->balance[i + r * i] -= theta * sold;
            p->balance[m + r * i] += theta * bought;
        }
    multiply(p, theta, p->balance);
}

/* The matrix of the labour markets of sector s:
 * d ln Y[i] = sum_m v[m, i] / Y[i] (- theta) (d ln c[i] - sum_j share[m, j] d ln c[j]),  d ln c = pay_share d ln w. */
static void fill_market(dr_preconditioner *p, size_t s, double *matrix)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    size_t r = p->r, at = s * w->stride;
    double theta = w->model->theta[s], eta = w->model->nests.eta[s], psi = w->model->nests.psi;
    const double *pay = p->tangent->pay_share + at;
    memset(matrix, 0, r * r * sizeof *matrix);
    for (size_t m = 0; m < r; m++)
        for (size_t i = 0; i < r; i++) {
            double basic = m == i ? q->home_basic[at + m] : q->basic[s * w->r + m][i];
            double v = basic * w->supply[at + i] * q->bought[at + m];
            p->flow[i + r * m] = w->output[at + i] > 0 ? v / w->output[at + i] : 0;
        }
    multiply(p, theta, matrix);
    for (size_t j = 0; j < r; j++)
        for (size_t i = 0; i < r; i++)
            matrix[i + r * j] *= pay[j];
    for (size_t i = 0; i < r; i++)
        matrix[i + r * i] += (1 - eta) * (1 - pay[i]) - 1 - psi - theta * pay[i];
}

void dr_preconditioner_at(dr_preconditioner *p)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    size_t r = p->r;
    double now = 0;
    for (size_t n = 0; n < r; n++)
        now += w->all_labour[n] * w->mean_wage[n];
    for (size_t m = 0; m < r; m++)
        for (size_t n = 0; n < r; n++)
            p->balance[n + r * m] = -w->all_labour[m] * w->mean_wage[m] / now;
    for (size_t s = 0; s < w->s; s++) {
        fill_shares(p, s);
        add_balance(p, s);
        if (p->markets == 0)
            continue;
        fill_market(p, s, p->market + s * r * r);
        factor(p, p->market + s * r * r, p->pivots + (1 + s) * r);
    }
    factor(p, p->balance, p->pivots);
}

/* Wages from the equations of wages: z in both, and the part of it that is the same in all sectors of a region in `right`. */
static void solve_wages(dr_preconditioner *p, const double *r, double *z)
{
    const dr_sweep *w = p->tangent->equations->sweep;
    memset(p->right, 0, w->stride * sizeof(double));
    for (size_t j = 0; j < w->wages * w->stride; j++)
        p->right[j % w->stride] += w->labour[j] > 0 ? w->labour[j] / w->all_labour[j % w->stride] * r[j] : 0;
    memset(z, 0, w->wages * w->stride * sizeof(double));
    for (size_t s = 0; s < p->markets; s++) {
        double *of = z + s * w->stride;
        for (size_t n = 0; n < w->r; n++)
            of[n] = w->labour[s * w->stride + n] > 0 ? r[s * w->stride + n] - p->right[n] : -r[s * w->stride + n];
        divide(p, p->market + s * p->r * p->r, p->pivots + (1 + s) * p->r, of);
    }
    divide(p, p->balance, p->pivots, p->right);
    for (size_t j = 0; j < w->wages * w->stride; j++)
        z[j] = w->labour[j] > 0 ? z[j] + p->right[j % w->stride] : -r[j];
}

static void solve_once(dr_preconditioner *p, const double *r, double *z)
{
    const dr_sweep *w = p->tangent->equations->sweep;
    size_t block = w->block;
    double *wages = z + 2 * block;
    solve_wages(p, r + 2 * block, wages);
    for (size_t j = 0; j < block; j++) {
        size_t n = j % w->stride;
        bool made = p->tangent->pay_share[j] > 0, wanted = w->model->spending[j] > 0;
        double own = p->markets ? wages[j] - p->right[n] : 0;
        z[j] = (made ? p->right[n] + p->tangent->pay_share[j] * own : 0) - r[j];
        z[block + j] = (wanted ? p->right[n] : 0) - r[block + j];
    }
    for (size_t j = 2 * block + w->wages * w->stride; j < w->unknowns; j++)
        z[j] = -r[j];
}

void dr_preconditioner_solve(dr_preconditioner *p, const double *r, double *z)
{
    solve_once(p, r, z);
}
