#include "equilibrium/anderson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { DEPTH = DR_ANDERSON_DEPTH };

struct dr_anderson {
    const dr_kernels *kernels;
    size_t count;
    size_t steps;              /* since the restart */
    double *numbers;           /* the vectors: df, dg, the last f and the last G(x) */
    const double *df[DEPTH];   /* differences of residuals, a ring */
    const double *dg[DEPTH];   /* differences of G(x) */
    double product[DEPTH];     /* df . f of the last step */
    double gram[DEPTH][DEPTH]; /* df . df */
};

static double *vector(dr_anderson *a, size_t index)
{
    return a->numbers + index * a->count;
}

dr_status dr_anderson_new(dr_anderson **out, size_t count, const dr_kernels *kernels)
{
    dr_anderson *a = dr_new(1, sizeof *a);
    if (!a)
        return dr_fail_memory();
    a->kernels = kernels;
    a->count = count;
    a->numbers = dr_new_doubles((2 * DEPTH + 2) * count);
    if (!a->numbers) {
        dr_anderson_free(a);
        return dr_fail_memory();
    }
    for (size_t j = 0; j < DEPTH; j++) {
        a->df[j] = vector(a, j);
        a->dg[j] = vector(a, DEPTH + j);
    }
    *out = a;
    return DR_OK;
}

void dr_anderson_free(dr_anderson *a)
{
    if (!a)
        return;
    free(a->numbers);
    free(a);
}

void dr_anderson_restart(dr_anderson *a)
{
    a->steps = 0;
}

/* Overwrites x with G(x) = x + f, and keeps the differences of f and G(x) from the last step in their slot of the
 * ring. */
static void remember(dr_anderson *a, size_t slot, double *restrict x, const double *restrict f)
{
    double *restrict df = vector(a, slot), *restrict dg = vector(a, DEPTH + slot);
    double *restrict last_f = vector(a, 2 * DEPTH), *restrict last_g = vector(a, 2 * DEPTH + 1);
    for (size_t i = 0; i < a->count; i++) {
        x[i] += f[i];
        df[i] = f[i] - last_f[i];
        dg[i] = x[i] - last_g[i];
        last_f[i] = f[i];
        last_g[i] = x[i];
    }
}

/* Products with f of all differences, from which those of the newest difference follow: it is f less the last f. */
static void multiply(dr_anderson *a, size_t slot, size_t kept, const double *f)
{
    double product[DEPTH];
    a->kernels->dots(kept, a->count, a->df, f, product);
    for (size_t j = 0; j < kept; j++)
        a->gram[slot][j] = a->gram[j][slot] = product[j] - a->product[j];
    a->kernels->dots(1, a->count, a->df + slot, a->df[slot], &a->gram[slot][slot]);
    memcpy(a->product, product, sizeof product);
}

/* Solves the symmetric system gram * weights = right by Cholesky on the matrix scaled to a unit diagonal; a direction
 * that adds (almost) nothing to those before it gets no weight. */
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
    size_t kept = a->steps < DEPTH ? a->steps : DEPTH, slot = (a->steps + DEPTH - 1) % DEPTH;
    double weights[DEPTH];
    remember(a, slot, x, f); /* the first step's go into the slot that is the last to be read, and are gone by then */
    if (kept > 0)
        multiply(a, slot, kept, f);
    solve(a, kept, a->product, weights);
    for (size_t j = 0; j < kept; j++)
        weights[j] = -weights[j];
    a->kernels->combine(kept, a->count, a->dg, weights, x);
    a->steps++;
}
