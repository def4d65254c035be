/* The interior-point method of IPOPT (Wächter & Biegler 2006), on first derivatives. */
#include <IpStdCInterface.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plan/optimum_search.h"

/* IPOPT's linear solver, MUMPS, has global state, so that only one thread at a time may be inside it. Evaluations,
 * which take most of the time, release the lock. */
static pthread_mutex_t in_ipopt = PTHREAD_MUTEX_INITIALIZER;

/* The callbacks of IPOPT. They return false at a point without an equilibrium, and its line search shortens the step;
 * any other error ends the search at the next iteration. */
static DR_IPOPT_BOOL visit(dr_search *s, const double *z)
{
    const dr_problem *p = s->problem;
    if (s->status != DR_OK)
        return 0;
    for (size_t v = 0; v < p->variables; v++) /* rounding must not leave the bounds */
        s->at[v] = fmin(p->high[v], fmax(p->low[v], z[v] / dr_search_unit(p, v)));
    pthread_mutex_unlock(&in_ipopt);
    dr_status status = dr_search_evaluate(s, s->at);
    pthread_mutex_lock(&in_ipopt);
    if (status != DR_OK && status != DR_NO_SOLUTION)
        s->status = status;
    return status == DR_OK;
}

static DR_IPOPT_BOOL ipopt_f(int n, double *z, DR_IPOPT_BOOL new_z, double *f, UserDataPtr user)
{
    dr_search *s = user;
    (void)n, (void)new_z;
    if (!visit(s, z))
        return 0;
    *f = s->f / dr_search_scale(s->problem);
    return 1;
}

static DR_IPOPT_BOOL ipopt_df(int n, double *z, DR_IPOPT_BOOL new_z, double *df, UserDataPtr user)
{
    dr_search *s = user;
    (void)new_z;
    if (!visit(s, z))
        return 0;
    for (int v = 0; v < n; v++)
        df[v] = s->df[v] / dr_search_scale(s->problem);
    return 1;
}

static DR_IPOPT_BOOL ipopt_g(int n, double *z, DR_IPOPT_BOOL new_z, int m, double *g, UserDataPtr user)
{
    dr_search *s = user;
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
    dr_search *s = user;
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
    const dr_search *s = user;
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
static IpoptProblem ipopt_problem(dr_search *s, double *below, double *zero)
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

dr_status dr_search_run(dr_search *s, dr_optimum *out)
{
    const dr_problem *p = s->problem;
    double *below = dr_new_doubles(p->constraints), *zero = dr_new_doubles(p->constraints), f;
    enum ApplicationReturnStatus result = Insufficient_Memory;
    for (size_t v = 0; v < p->variables; v++)
        s->z[v] = out->y[v] * dr_search_unit(p, v);
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
        out->y[v] = fmin(p->high[v], fmax(p->low[v], s->z[v] / dr_search_unit(p, v)));
    if (s->status != DR_OK)
        return s->status;
    return result == Insufficient_Memory ? dr_fail_memory() : DR_OK;
}
