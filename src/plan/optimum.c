#include "plan/optimum.h"

#include <IpStdCInterface.h>
#include <math.h>
#include <pthread.h>
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

/* IPOPT asks for f, g and their derivatives at z = unit y one at a time; one evaluation gives them all and is kept. */
typedef struct search {
    const dr_problem *problem;
    double *y, f, *df, *g, *dg;  /* the last evaluation; derivatives with respect to z */
    double *z, *at, *low, *high; /* the current point, the same as y, and the bounds of z */
    bool evaluated;
    dr_status status; /* the error that ended the search, if any */
    int evaluations;
    double steepest; /* largest derivative of f during the search */
} search;

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

static void search_free(search *s)
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

static double unit_of(const dr_problem *problem, size_t v)
{
    return problem->unit ? problem->unit[v] : 1;
}

static double scale_of(const dr_problem *problem)
{
    return problem->scale > 0 ? problem->scale : 1;
}

static dr_status search_new(search *s, const dr_problem *problem)
{
    size_t variables = problem->variables, constraints = problem->constraints;
    *s = (search){.problem = problem,
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
        s->low[v] = problem->low[v] * unit_of(problem, v);
        s->high[v] = problem->high[v] * unit_of(problem, v);
    }
    return DR_OK;
}

static double worst(const search *s)
{
    double most = 0;
    for (size_t j = 0; j < s->problem->constraints; j++)
        most = dr_larger(most, s->g[j]);
    return most;
}

/* Evaluates at y unless the last evaluation was there. */
static dr_status evaluate(search *s, const double *y)
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
        s->df[v] /= unit_of(s->problem, v);
        for (size_t j = v; j < s->problem->constraints * s->problem->variables; j += s->problem->variables)
            s->dg[j] /= unit_of(s->problem, v);
        s->steepest = fmax(s->steepest, fabs(s->df[v]));
    }
    return DR_OK;
}

/* IPOPT's linear solver, MUMPS, has global state, so that only one thread at a time may be inside it. Evaluations,
 * which take most of the time, release the lock. */
static pthread_mutex_t in_ipopt = PTHREAD_MUTEX_INITIALIZER;

/* The callbacks of IPOPT. They return false at a point without an equilibrium, and its line search shortens the step;
 * any other error ends the search at the next iteration. */
static DR_IPOPT_BOOL visit(search *s, const double *z)
{
    const dr_problem *p = s->problem;
    if (s->status != DR_OK)
        return 0;
    for (size_t v = 0; v < p->variables; v++) /* rounding must not leave the bounds */
        s->at[v] = fmin(p->high[v], fmax(p->low[v], z[v] / unit_of(p, v)));
    pthread_mutex_unlock(&in_ipopt);
    dr_status status = evaluate(s, s->at);
    pthread_mutex_lock(&in_ipopt);
    if (status != DR_OK && status != DR_NO_SOLUTION)
        s->status = status;
    return status == DR_OK;
}

static DR_IPOPT_BOOL ipopt_f(int n, double *z, DR_IPOPT_BOOL new_z, double *f, UserDataPtr user)
{
    search *s = user;
    (void)n, (void)new_z;
    if (!visit(s, z))
        return 0;
    *f = s->f / scale_of(s->problem);
    return 1;
}

static DR_IPOPT_BOOL ipopt_df(int n, double *z, DR_IPOPT_BOOL new_z, double *df, UserDataPtr user)
{
    search *s = user;
    (void)new_z;
    if (!visit(s, z))
        return 0;
    for (int v = 0; v < n; v++)
        df[v] = s->df[v] / scale_of(s->problem);
    return 1;
}

static DR_IPOPT_BOOL ipopt_g(int n, double *z, DR_IPOPT_BOOL new_z, int m, double *g, UserDataPtr user)
{
    search *s = user;
    (void)n, (void)new_z;
    if (!visit(s, z))
        return 0;
    memcpy(g, s->g, (size_t)m * sizeof(double));
    return 1;
}

/* The derivatives of the constraints, a dense matrix; the first call asks for the positions only. */
static DR_IPOPT_BOOL ipopt_dg(int n, double *z, DR_IPOPT_BOOL new_z, int m, int count, int *row, int *column,
                              double *values, UserDataPtr user)
{
    search *s = user;
    (void)new_z, (void)m;
    for (int j = 0; j < count && !values; j++) {
        row[j] = j / n;
        column[j] = j % n;
    }
    if (!values)
        return 1;
    if (!visit(s, z))
        return 0;
    memcpy(values, s->dg, (size_t)count * sizeof(double));
    return 1;
}

/* No second derivatives are given: IPOPT approximates them by a limited-memory quasi-Newton update. */
/* NOLINTNEXTLINE(readability-function-size): IPOPT's signature */
static DR_IPOPT_BOOL ipopt_hessian(int n, double *z, DR_IPOPT_BOOL new_z, double factor, int m, double *lambda,
                                   DR_IPOPT_BOOL new_lambda, int count, int *row, int *column, double *values,
                                   UserDataPtr user)
{
    (void)n, (void)z, (void)new_z, (void)factor, (void)m, (void)lambda, (void)new_lambda, (void)count, (void)row,
        (void)column, (void)values, (void)user;
    return 0;
}

/* NOLINTNEXTLINE(readability-function-size): IPOPT's signature */
static DR_IPOPT_BOOL ipopt_iteration(int mode, int iteration, double f, double infeasible, double dual, double mu,
                                     double step, double damping, double dual_size, double primal_size, int tries,
                                     UserDataPtr user)
{
    const search *s = user;
    (void)mode, (void)iteration, (void)f, (void)infeasible, (void)dual, (void)mu, (void)step, (void)damping,
        (void)dual_size, (void)primal_size, (void)tries;
    return s->status == DR_OK;
}

static bool set_options(IpoptProblem ipopt, const dr_problem *p)
{
    static const struct {
        const char *name;
        double value;
    } numbers[] = {{"tol", 1e-8},
                   {"constr_viol_tol", 1e-10},
                   {"compl_inf_tol", 1e-14},
                   {"mu_init", 1e-4},
                   {"mu_linear_decrease_factor", 0.02},
                   {"mu_superlinear_decrease_power", 1.9},
                   {"bound_relax_factor", 0},
                   {"acceptable_tol", 1e-7}};
    static const char *const words[][2] = {{"hessian_approximation", "limited-memory"},
                                           {"mu_strategy", "monotone"},
                                           {"nlp_scaling_method", "none"},
                                           {"sb", "yes"}};
    bool good = AddIpoptIntOption(ipopt, (char *)"print_level", 0) &&
                AddIpoptIntOption(ipopt, (char *)"max_iter", p->max_iterations ? p->max_iterations : 300) &&
                AddIpoptIntOption(ipopt, (char *)"limited_memory_max_history", 24);
    if (p->line_search_steps)
        good = AddIpoptIntOption(ipopt, (char *)"accept_after_max_steps", p->line_search_steps) && good;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        good = AddIpoptNumOption(ipopt, (char *)numbers[i].name, numbers[i].value) && good;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        good = AddIpoptStrOption(ipopt, (char *)words[i][0], (char *)words[i][1]) && good;
    return good && SetIntermediateCallback(ipopt, ipopt_iteration);
}

/* The problem in the form of IPOPT: -infinity <= g <= 0. */
static IpoptProblem ipopt_problem(search *s, double *below, double *zero)
{
    const dr_problem *p = s->problem;
    int n = (int)p->variables, m = (int)p->constraints;
    for (size_t j = 0; j < p->constraints; j++)
        below[j] = -2e19;
    IpoptProblem ipopt = CreateIpoptProblem(n, s->low, s->high, m, below, zero, n * m, 0, 0, ipopt_f, ipopt_g, ipopt_df,
                                            ipopt_dg, ipopt_hessian);
    if (ipopt && set_options(ipopt, p))
        return ipopt;
    if (ipopt)
        FreeIpoptProblem(ipopt);
    return NULL;
}

/* ---- First-order conditions ------------------------------------------------------------------------------------- */

static bool is_free(const dr_problem *p, const double *y, size_t v)
{
    return y[v] > p->low[v] + HELD && y[v] < p->high[v] - HELD;
}

/* The multipliers of the `taken` constraints that minimise |df + multiplier' dg| over the free variables. */
static dr_status least_squares(const search *s, const size_t *taken, size_t count, double *multiplier)
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
static dr_status multipliers(const search *s, dr_optimum *out)
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
static double gap(const search *s, const dr_optimum *out, size_t v, double scale)
{
    const dr_problem *p = s->problem;
    double slope = s->df[v], z = s->y[v] * unit_of(p, v);
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

static void check(const search *s, dr_optimum *out)
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

static dr_status run(search *s, dr_optimum *out)
{
    const dr_problem *p = s->problem;
    double *below = dr_new_doubles(p->constraints), *zero = dr_new_doubles(p->constraints), f;
    enum ApplicationReturnStatus result = Insufficient_Memory;
    for (size_t v = 0; v < p->variables; v++)
        s->z[v] = out->y[v] * unit_of(p, v);
    pthread_mutex_lock(&in_ipopt);
    IpoptProblem ipopt = below && zero ? ipopt_problem(s, below, zero) : NULL;
    if (ipopt) {
        result = IpoptSolve(ipopt, s->z, NULL, &f, NULL, NULL, NULL, s);
        FreeIpoptProblem(ipopt);
    }
    pthread_mutex_unlock(&in_ipopt);
    free(below);
    free(zero);
    for (size_t v = 0; v < p->variables; v++)
        out->y[v] = fmin(p->high[v], fmax(p->low[v], s->z[v] / unit_of(p, v)));
    if (s->status != DR_OK)
        return s->status;
    return result == Insufficient_Memory ? dr_fail_memory() : DR_OK;
}

/* Fills in f, g, multipliers and residuals at out->y. */
static dr_status fill_conditions(search *s, dr_optimum *out)
{
    DR_TRY(evaluate(s, out->y));
    DR_TRY(multipliers(s, out));
    check(s, out);
    out->f = s->f;
    memcpy(out->g, s->g, s->problem->constraints * sizeof(double));
    out->evaluations = s->evaluations;
    return DR_OK;
}

dr_status dr_optimum_find(dr_optimum *out, const dr_problem *problem)
{
    search s;
    dr_status status = search_new(&s, problem);
    if (status == DR_OK && problem->variables > 0) /* IPOPT rejects problems without variables */
        status = run(&s, out);
    if (status == DR_OK)
        status = fill_conditions(&s, out);
    search_free(&s);
    return status;
}

dr_status dr_optimum_check(dr_optimum *out, const dr_problem *problem)
{
    search s;
    dr_status status = search_new(&s, problem);
    if (status == DR_OK)
        status = fill_conditions(&s, out);
    search_free(&s);
    return status;
}
