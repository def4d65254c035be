#include "plan/optimum_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/residual.h"

/* LAPACK: least squares of least norm by singular values. */
extern void dgelsd_(const int *rows, const int *columns, const int *sides, double *a, const int *lda, double *b,
                    const int *ldb, double *singular, const double *least, int *rank, double *work, const int *size,
                    int *whole, int *info);

/* A constraint this close to zero counts as binding, and a variable this close to a bound as held by it. */
static const double ACTIVE = 1e-6, HELD = 1e-6;

dr_status dr_optimum_new(dr_optimum *out, const dr_problem *problem)
{
    *out = (dr_optimum){.y = dr_new_doubles(problem->variables),
                        .g = dr_new_doubles(problem->constraints),
                        .multiplier = dr_new_doubles(problem->constraints)};
    return out->y && out->g && out->multiplier ? DR_OK : dr_fail_memory();
}

void dr_optimum_free(dr_optimum *optimum)
{
    free(optimum->y);
    free(optimum->g);
    free(optimum->multiplier);
}

static void search_free(dr_search *s)
{
    free(s->y);
    free(s->df);
    free(s->g);
    free(s->dg);
    free(s->z);
    free(s->at);
    free(s->low);
    free(s->high);
}

static dr_status search_new(dr_search *s, const dr_problem *problem)
{
    size_t variables = problem->variables, constraints = problem->constraints;
    *s = (dr_search){.problem = problem,
                     .y = dr_new_doubles(variables),
                     .df = dr_new_doubles(variables),
                     .g = dr_new_doubles(constraints),
                     .dg = dr_new_doubles(constraints * variables),
                     .z = dr_new_doubles(variables),
                     .at = dr_new_doubles(variables),
                     .low = dr_new_doubles(variables),
                     .high = dr_new_doubles(variables)};
    if (!s->y || !s->df || !s->g || !s->dg || !s->z || !s->at || !s->low || !s->high)
        return dr_fail_memory();
    for (size_t v = 0; v < variables; v++) {
        s->low[v] = problem->low[v] * dr_search_unit(problem, v);
        s->high[v] = problem->high[v] * dr_search_unit(problem, v);
    }
    return DR_OK;
}

static double worst(const dr_search *s)
{
    double most = 0;
    for (size_t j = 0; j < s->problem->constraints; j++)
        most = dr_larger(most, s->g[j]);
    return most;
}

/* Evaluates at y unless the last evaluation was there. */
dr_status dr_search_evaluate(dr_search *s, const double *y)
{
    size_t size = s->problem->variables * sizeof(double);
    if (s->evaluated && memcmp(s->y, y, size) == 0)
        return DR_OK;
    memcpy(s->y, y, size);
    s->evaluated = false;
    s->evaluations++;
    DR_TRY(s->problem->objective(y, &s->f, s->df, s->g, s->dg, s->problem->user));
    s->evaluated = true;
    for (size_t v = 0; v < s->problem->variables; v++) {
        s->df[v] /= dr_search_unit(s->problem, v);
        for (size_t j = v; j < s->problem->constraints * s->problem->variables; j += s->problem->variables)
            s->dg[j] /= dr_search_unit(s->problem, v);
        s->steepest = fmax(s->steepest, fabs(s->df[v]));
    }
    return DR_OK;
}

/* ---- First-order conditions ------------------------------------------------------------------------------------- */

static bool is_free(const dr_problem *p, const double *y, size_t v)
{
    return y[v] > p->low[v] + HELD && y[v] < p->high[v] - HELD;
}

/* The multipliers of the `taken` constraints that minimise |df + multiplier' dg| over the free variables. */
static dr_status least_squares(const dr_search *s, const size_t *taken, size_t count, double *multiplier)
{
    enum { WORK = 1 << 16, WHOLE = 1 << 12 };
    const dr_problem *p = s->problem;
    const int one = 1, work_size = WORK;
    const double least = 1e-12;
    int lda = (int)(p->variables > count ? p->variables : count), rows = 0, columns = (int)count, rank, info = 0;
    double *a = dr_new_doubles((size_t)lda * count), *b = dr_new_doubles((size_t)lda),
           *work = dr_new_doubles(WORK + count);
    int *whole = dr_new(WHOLE, sizeof *whole);
    bool there = a && b && work && whole;
    for (size_t v = 0; v < p->variables && there; v++) {
        if (!is_free(p, s->y, v))
            continue;
        for (size_t j = 0; j < count; j++)
            a[j * (size_t)lda + (size_t)rows] = s->dg[taken[j] * p->variables + v];
        b[rows++] = -s->df[v];
    }
    if (there && rows > 0)
        dgelsd_(&rows, &columns, &one, a, &lda, b, &lda, work + WORK, &least, &rank, work, &work_size, whole, &info);
    for (size_t j = 0; j < count && there; j++)
        multiplier[taken[j]] = rows > 0 ? b[j] : 0;
    free(a);
    free(b);
    free(work);
    free(whole);
    if (!there)
        return dr_fail_memory();
    return info == 0 ? DR_OK : dr_fail(DR_MACHINE, "the multipliers of the constraints could not be computed");
}

/* Active set: takes all binding constraints, then drops the one with the most negative multiplier until none is
 * negative. */
static dr_status multipliers(const dr_search *s, dr_optimum *out)
{
    size_t count = 0, constraints = s->problem->constraints;
    size_t *taken = dr_new(constraints ? constraints : 1, sizeof *taken);
    if (!taken)
        return dr_fail_memory();
    memset(out->multiplier, 0, constraints * sizeof(double));
    for (size_t j = 0; j < constraints; j++)
        if (s->g[j] > -ACTIVE)
            taken[count++] = j;
    dr_status status = DR_OK;
    while (count > 0 && status == DR_OK) {
        size_t lowest = 0;
        status = least_squares(s, taken, count, out->multiplier);
        for (size_t j = 1; j < count; j++)
            if (out->multiplier[taken[j]] < out->multiplier[taken[lowest]])
                lowest = j;
        if (out->multiplier[taken[lowest]] >= 0)
            break;
        out->multiplier[taken[lowest]] = 0;
        taken[lowest] = taken[--count];
    }
    free(taken);
    return status;
}

/* The natural residual of one variable: the length of a projected gradient step on the Lagrangian within its bounds. */
static double gap(const dr_search *s, const dr_optimum *out, size_t v, double scale)
{
    const dr_problem *p = s->problem;
    double slope = s->df[v], z = s->y[v] * dr_search_unit(p, v);
    for (size_t j = 0; j < p->constraints; j++)
        slope += out->multiplier[j] * s->dg[j * p->variables + v];
    double to = z - slope / scale;
    return isnan(to) ? INFINITY : fabs(z - fmin(s->high[v], fmax(s->low[v], to)));
}

/* The smaller one of a multiplier and of how far its constraint is from binding; INFINITY if either is no number. */
static double slack(double multiplier, double g)
{
    return isnan(multiplier) || isnan(g) ? INFINITY : fmin(multiplier, fabs(g));
}

static void check(const dr_search *s, dr_optimum *out)
{
    const dr_problem *p = s->problem;
    double scale = fmax(p->scale, s->steepest);
    scale = scale > 0 ? scale : 1;
    out->stationarity = out->complementarity = 0;
    for (size_t v = 0; v < p->variables; v++)
        out->stationarity = dr_worse(out->stationarity, gap(s, out, v, scale));
    for (size_t j = 0; j < p->constraints; j++)
        out->complementarity = dr_worse(out->complementarity, slack(out->multiplier[j] / scale, s->g[j]));
    out->violation = worst(s);
}

double dr_optimum_residual(const dr_optimum *optimum)
{
    return dr_worse(dr_worse(optimum->stationarity, optimum->violation), optimum->complementarity);
}

/* ---- The search ------------------------------------------------------------------------------------------------- */

/* Fills in f, g, multipliers and residuals at out->y. */
static dr_status fill_conditions(dr_search *s, dr_optimum *out)
{
    DR_TRY(dr_search_evaluate(s, out->y));
    DR_TRY(multipliers(s, out));
    check(s, out);
    out->f = s->f;
    memcpy(out->g, s->g, s->problem->constraints * sizeof(double));
    out->evaluations = s->evaluations;
    return DR_OK;
}

dr_status dr_optimum_find(dr_optimum *out, const dr_problem *problem)
{
    dr_search s;
    dr_status status = search_new(&s, problem);
    if (status == DR_OK && problem->variables > 0) /* IPOPT rejects problems without variables */
        status = dr_search_run(&s, out);
    if (status == DR_OK)
        status = fill_conditions(&s, out);
    search_free(&s);
    return status;
}

dr_status dr_optimum_check(dr_optimum *out, const dr_problem *problem)
{
    dr_search s;
    dr_status status = search_new(&s, problem);
    if (status == DR_OK)
        status = fill_conditions(&s, out);
    search_free(&s);
    return status;
}
