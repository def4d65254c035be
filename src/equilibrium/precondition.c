#include "equilibrium/precondition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "model/factors.h"

/* LAPACK, as Fortran has it: everything by reference, matrices by column. */
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetrs_(const char *trans, const int *n, const int *count, const double *a, const int *lda, const int *pivots,
             double *b, const int *ldb, int *info);

dr_status dr_preconditioner_new(dr_preconditioner *p, dr_tangent *tangent)
{
    const dr_sweep *w = tangent->equations->sweep;
    size_t row = w->stride, square = w->r * row;
    dr_blas_alone();
    *p =
        (dr_preconditioner){.tangent = tangent, .r = w->r, .stride = w->stride, .markets = w->wages > 1 ? w->wages : 0};
    p->numbers = dr_new_doubles((3 + p->markets) * square + 3 * row);
    p->pivots = dr_new((1 + p->markets) * w->r, sizeof *p->pivots);
    p->rows = dr_new(w->r, sizeof *p->rows);
    if (!p->numbers || !p->pivots || !p->rows)
        return dr_fail_memory();
    p->right = p->numbers;
    p->sources = p->right + row;
    p->uses = p->sources + row;
    p->balance = p->uses + row;
    p->flow = p->balance + square;
    p->share = p->flow + square;
    p->market = p->share + square;
    for (size_t m = 0; m < w->r; m++)
        p->rows[m] = p->share + m * row;
    return DR_OK;
}

void dr_preconditioner_free(dr_preconditioner *p)
{
    free((void *)p->rows);
    free(p->numbers);
    free(p->pivots);
}

/* Import shares of sector s: of exporter j in what m buys. */
static void fill_shares(dr_preconditioner *p, size_t s)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    size_t at = s * w->stride;
    for (size_t m = 0; m < p->r; m++) {
        double *share = p->share + m * p->stride;
        for (size_t j = 0; j < p->r; j++)
            share[j] = q->delivered[s * w->r + m][j] * w->supply[at + j] / w->power[at + m];
        share[m] = q->home[at + m] * w->supply[at + m] / w->power[at + m];
    }
}

/* c += flow * share, of one sector, with flow by theta in size. */
static void multiply(const dr_preconditioner *p, double theta, double *c)
{
    for (size_t i = 0; i < p->r; i++) {
        double *flow = p->flow + i * p->stride;
        for (size_t m = 0; m < p->r; m++)
            flow[m] *= theta;
        p->tangent->equations->sweep->kernels->combine(p->r, p->stride, p->rows, flow, c + i * p->stride);
    }
}

/* Matrices lie by row, which LAPACK takes for columns. */
static void factor(const dr_preconditioner *p, double *matrix, int *pivots)
{
    int n = (int)p->r, row = (int)p->stride, info = 0;
    dgetrf_(&n, &n, matrix, &row, pivots, &info);
    for (size_t i = 0; info != 0 && i < p->r; i++) { /* singular: it leaves things as they are, but for the sign */
        for (size_t j = 0; j < p->r; j++)
            matrix[i * p->stride + j] = i == j ? -1 : 0;
        pivots[i] = (int)i + 1;
    }
}

static void divide(const dr_preconditioner *p, const double *matrix, const int *pivots, double *x)
{
    int n = (int)p->r, row = (int)p->stride, one = 1, info;
    dgetrs_("T", &n, &one, matrix, &row, pivots, x, &n, &info);
}

/* Adds sector s to the matrix of trade balances. With v the flow into m from i:
 * d ln v = d ln w[m] - theta (d ln w[i] - sum_j share[m, j] d ln w[j]). */
static void add_balance(dr_preconditioner *p, size_t s)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    size_t r = p->r, row = p->stride;
    double theta = w->model->theta[s];
    memset(p->flow, 0, r * row * sizeof *p->flow);
    for (size_t m = 0; m < r; m++)
        for (size_t i = 0; i < r; i++) {
            double v = q->basic[s * w->r + m][i] * w->supply[s * row + i] * q->bought[s * row + m];
            double sold = v * p->sources[i], bought = v * p->uses[m];
            p->flow[i * row + m] += sold;
            p->flow[m * row + m] -= bought;
            p->balance[i * row + m] += sold;
            p->balance[m * row + m] -= bought;
            p->balance[i * row + i] -= theta * sold;
            p->balance[m * row + i] += theta * bought;
        }
    multiply(p, theta, p->balance);
}

/* The elasticity of the price of value added to the wage of factor f. */
static double follows(const dr_preconditioner *p, size_t f, size_t j)
{
    const dr_tangent *t = p->tangent;
    const dr_sweep *w = t->equations->sweep;
    size_t at = w->first[f] * w->stride + (w->rows[f] > 1 ? j : j % w->stride);
    return t->falls[at] * (w->model->factors > 1 ? t->factor_share[f * w->block + j] : 1);
}

/* The matrix of the markets of factor f in sector s, if the price of value added follows the wage by the share of f in
 * it:
 *
 *   d ln Y[i] = sum_m v[m, i] / Y[i] (- theta) (d ln c[i] - sum_j share[m, j] d ln c[j]),  d ln c = pay_share share_f d
 *     ln w */
static void fill_market(dr_preconditioner *p, size_t f, size_t s, double *matrix)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    const dr_nests *nests = &w->model->nests;
    size_t r = p->r, row = p->stride, at = s * row;
    double theta = w->model->theta[s], own = nests->eta[s], psi = dr_factor_mobility(w->model, f);
    for (size_t i = 0; i < r; i++) {
        double of_output = w->output[at + i] > 0 ? w->supply[at + i] / w->output[at + i] : 0;
        for (size_t m = 0; m < r; m++) {
            double basic = m == i ? q->home_basic[at + m] : q->basic[s * r + m][i];
            p->flow[i * row + m] = basic * q->bought[at + m] * of_output;
        }
    }
    multiply(p, theta, matrix);
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < r; j++)
            matrix[i * row + j] *= follows(p, f, at + j) * p->tangent->pay_share[at + j];
    for (size_t i = 0; i < r; i++) {
        double share = follows(p, f, at + i), cost = share * p->tangent->pay_share[at + i];
        double among_factors = w->model->factors > 1 ? (1 - nests->sigma) * (1 - share) : 0;
        matrix[i * row + i] += among_factors + (1 - own) * (share - cost) - theta * cost - 1 - psi;
    }
}

/* The matrices of the rows of wages of factor f: a mobile one answers to its wage alone, as far as this goes. */
static void fill_factor(dr_preconditioner *p, size_t f)
{
    const dr_sweep *w = p->tangent->equations->sweep;
    for (size_t k = w->first[f]; k < w->first[f] + w->rows[f]; k++) {
        double *matrix = p->market + k * p->r * p->stride;
        memset(matrix, 0, p->r * p->stride * sizeof *matrix);
        if (w->rows[f] > 1) {
            fill_shares(p, k - w->first[f]);
            fill_market(p, f, k - w->first[f], matrix);
        }
        for (size_t n = 0; n < p->r && w->rows[f] == 1; n++)
            matrix[n * p->stride + n] = -1;
        factor(p, matrix, p->pivots + (1 + k) * p->r);
    }
}

void dr_preconditioner_at(dr_preconditioner *p)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    double now = 0;
    for (size_t n = 0; n < p->r; n++) {
        bool trades = dr_equations_trades(q, n);
        p->sources[n] = trades ? 1 / dr_equations_sources(q, n) : 0;
        p->uses[n] = trades ? 1 / dr_equations_uses(q, n) : 0;
        now += dr_equations_factor_income(q, n);
    }
    for (size_t n = 0; n < p->r; n++)
        for (size_t m = 0; m < p->r; m++)
            p->balance[n * p->stride + m] = -dr_equations_factor_income(q, m) / now;
    for (size_t s = 0; s < w->s; s++) {
        fill_shares(p, s);
        add_balance(p, s);
    }
    factor(p, p->balance, p->pivots);
    for (size_t f = 0; f < w->model->factors && p->markets; f++)
        fill_factor(p, f);
}

/* Wages from the equations of wages: z in both, and the part of it that is the same in all sectors of a region in
 * `right`. */
static void solve_wages(dr_preconditioner *p, const double *r, double *z)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    memset(p->right, 0, w->stride * sizeof(double));
    memset(z, 0, w->wages * w->stride * sizeof(double));
    for (size_t j = 0; j < w->wages * w->stride; j++)
        p->right[j % w->stride] += w->labour[j] > 0 ? w->labour[j] / q->supply[j % w->stride] * r[j] : 0;
    for (size_t k = 0; k < p->markets; k++) {
        double *of = z + k * w->stride;
        for (size_t n = 0; n < w->r; n++)
            of[n] = w->labour[k * w->stride + n] > 0 ? r[k * w->stride + n] - p->right[n] : 0;
        divide(p, p->market + k * p->r * p->stride, p->pivots + (1 + k) * p->r, of);
    }
    divide(p, p->balance, p->pivots, p->right);
    for (size_t j = 0; j < w->wages * w->stride; j++)
        z[j] = w->labour[j] > 0 ? z[j] + p->right[j % w->stride] : -r[j];
}

void dr_preconditioner_solve(dr_preconditioner *p, const double *r, double *z)
{
    const dr_tangent *t = p->tangent;
    const dr_sweep *w = t->equations->sweep;
    size_t block = w->block;
    const double *wages = z + 2 * block;
    solve_wages(p, r + 2 * block, z + 2 * block);
    for (size_t j = 0; j < block; j++) {
        double whole = p->right[j % w->stride], own = 0;
        for (size_t f = 0; f < w->model->factors && p->markets; f++)
            own += follows(p, f, j) * (wages[w->first[f] * w->stride + (w->rows[f] > 1 ? j : j % w->stride)] - whole);
        z[j] = (t->pay_share[j] > 0 ? whole + t->pay_share[j] * own : 0) - r[j];
        z[block + j] = (w->model->spending[j] > 0 ? whole : 0) - r[block + j];
    }
    for (size_t j = 2 * block + w->wages * w->stride; j < w->unknowns; j++)
        z[j] = -r[j];
}
