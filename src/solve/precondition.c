#include "solve/precondition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* LAPACK, as Fortran has it: everything by reference, matrices by column. */
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetrs_(const char *trans, const int *n, const int *count, const double *a, const int *lda, const int *pivots,
             double *b, const int *ldb, int *info);

dr_status dr_preconditioner_new(dr_preconditioner *p, dr_tangent *tangent)
{
    const dr_sweep *w = tangent->equations->sweep;
    size_t row = w->stride, square = w->r * row;
    *p = (dr_preconditioner){.tangent = tangent, .r = w->r, .stride = w->stride, .markets = w->wages > 1 ? w->s : 0};
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

/* The matrix of the labour markets of sector s:
 * d ln Y[i] = sum_m v[m, i] / Y[i] (- theta) (d ln c[i] - sum_j share[m, j] d ln c[j]),  d ln c = pay_share d ln w. */
static void fill_market(dr_preconditioner *p, size_t s, double *matrix)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    size_t r = p->r, row = p->stride, at = s * row;
    double theta = w->model->theta[s], eta = w->model->nests.eta[s], psi = w->model->nests.psi;
    const double *pay = p->tangent->pay_share + at;
    memset(matrix, 0, r * row * sizeof *matrix);
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
            matrix[i * row + j] *= pay[j];
    for (size_t i = 0; i < r; i++)
        matrix[i * row + i] += (1 - eta) * (1 - pay[i]) - 1 - psi - theta * pay[i];
}

void dr_preconditioner_at(dr_preconditioner *p)
{
    const dr_equations *q = p->tangent->equations;
    const dr_sweep *w = q->sweep;
    size_t square = p->r * p->stride;
    double now = 0;
    for (size_t n = 0; n < p->r; n++) {
        bool trades = dr_equations_trades(q, n);
        p->sources[n] = trades ? 1 / dr_equations_sources(q, n) : 0;
        p->uses[n] = trades ? 1 / dr_equations_uses(q, n) : 0;
        now += w->all_labour[n] * w->mean_wage[n];
    }
    for (size_t n = 0; n < p->r; n++)
        for (size_t m = 0; m < p->r; m++)
            p->balance[n * p->stride + m] = -w->all_labour[m] * w->mean_wage[m] / now;
    for (size_t s = 0; s < w->s; s++) {
        fill_shares(p, s);
        add_balance(p, s);
        if (p->markets == 0)
            continue;
        fill_market(p, s, p->market + s * square);
        factor(p, p->market + s * square, p->pivots + (1 + s) * p->r);
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
        divide(p, p->market + s * p->r * p->stride, p->pivots + (1 + s) * p->r, of);
    }
    divide(p, p->balance, p->pivots, p->right);
    for (size_t j = 0; j < w->wages * w->stride; j++)
        z[j] = w->labour[j] > 0 ? z[j] + p->right[j % w->stride] : -r[j];
}

void dr_preconditioner_solve(dr_preconditioner *p, const double *r, double *z)
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
