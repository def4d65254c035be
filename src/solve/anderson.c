#include "solve/anderson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DEPTH = DR_ANDERSON_DEPTH };

struct dr_anderson {
    const dr_kernels *kernels;
    size_t count;
    size_t steps; /* since the restart */
    double *df;   /* [DEPTH][count] differences of residuals, a ring */
    double *dg;   /* [DEPTH][count] differences of G(x) */
    double *last_f, *last_g;
    double gram[DEPTH][DEPTH]; /* df . df */
};

dr_status dr_anderson_new(dr_anderson **out, size_t count, const dr_kernels *kernels)
{
    dr_anderson *a = dr_new(1, sizeof *a);
    if (!a)
        return dr_fail_memory();
    a->kernels = kernels;
    a->count = count;
    a->df = dr_new_doubles(DEPTH * count);
    a->dg = dr_new_doubles(DEPTH * count);
    a->last_f = dr_new_doubles(count);
    a->last_g = dr_new_doubles(count);
    if (!a->df || !a->dg || !a->last_f || !a->last_g) {
        dr_anderson_free(a);
        return dr_fail_memory();
    }
    *out = a;
    return DR_OK;
}

void dr_anderson_free(dr_anderson *a)
{
    if (!a)
        return;
    free(a->df);
    free(a->dg);
    free(a->last_f);
    free(a->last_g);
    free(a);
}

void dr_anderson_restart(dr_anderson *a)
{
    a->steps = 0;
}

/* Keeps the newest differences in their slot of the ring, and their products with all others. */
static void remember(dr_anderson *a, size_t slot, size_t kept, const double *x, const double *f)
{
    double *df = a->df + slot * a->count, *dg = a->dg + slot * a->count;
    for (size_t i = 0; i < a->count; i++) {
        df[i] = f[i] - a->last_f[i];
        dg[i] = x[i] + f[i] - a->last_g[i];
    }
    for (size_t j = 0; j < kept; j++)
        a->gram[slot][j] = a->gram[j][slot] = a->kernels->dot(a->count, df, a->df + j * a->count);
}

/* Solves the symmetric system gram * weights = right by Cholesky on the matrix scaled to a unit diagonal; a direction that adds
 * (almost) nothing to those before it gets no weight. */
static void solve(const dr_anderson *a, size_t kept, const double *right, double *weights)
{
    const double nothing = 1e-14; /* about where rounding drowns a pivot */
    double l[DEPTH][DEPTH] = {{0}}, scale[DEPTH], y[DEPTH], z[DEPTH];
    for (size_t i = 0; i < kept; i++)
        scale[i] = a->gram[i][i] > 0 ? 1 / sqrt(a->gram[i][i]) : 0;
    for (size_t i = 0; i < kept; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a->gram[i][j] * scale[i] * scale[j];
            for (size_t k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i == j)
                l[i][i] = sum > nothing ? sqrt(sum) : 0;
            else
                l[i][j] = l[j][j] > 0 ? sum / l[j][j] : 0;
        }
        double sum = right[i] * scale[i];
        for (size_t k = 0; k < i; k++)
            sum -= l[i][k] * y[k];
        y[i] = l[i][i] > 0 ? sum / l[i][i] : 0;
    }
    for (size_t i = kept; i-- > 0;) {
        double sum = y[i];
        for (size_t k = i + 1; k < kept; k++)
            sum -= l[k][i] * z[k];
        z[i] = l[i][i] > 0 ? sum / l[i][i] : 0;
        weights[i] = z[i] * scale[i];
    }
}

void dr_anderson_step(dr_anderson *a, double *x, const double *f)
{
    size_t kept = a->steps < DEPTH ? a->steps : DEPTH;
    double right[DEPTH], weights[DEPTH] = {0};
    if (kept > 0)
        remember(a, (a->steps - 1) % DEPTH, kept, x, f);
    for (size_t j = 0; j < kept; j++)
        right[j] = a->kernels->dot(a->count, a->df + j * a->count, f);
    solve(a, kept, right, weights);
    memcpy(a->last_f, f, a->count * sizeof *f);
    for (size_t i = 0; i < a->count; i++)
        a->last_g[i] = x[i] += f[i];
    for (size_t j = 0; j < kept; j++)
        if (weights[j] != 0)
            a->kernels->axpy(a->count, -weights[j], a->dg + j * a->count, x);
    a->steps++;
}
