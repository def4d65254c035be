/* Sequential quadratic programming (Kraft 1988) by NLopt, in place of IPOPT. The first-order conditions are checked by
 * the same code (optimum.c) and to the same tolerance. */
#include <math.h>
#include <nlopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "wasm/polish.h"

/* Goes to z. Where there is no equilibrium f and g are infinite, and the line search steps back; any other error ends
 * the search. */
static bool visit(dr_search *s, nlopt_opt optimiser, const double *z)
{
    const dr_problem *p = s->problem;
    for (size_t v = 0; v < p->variables; v++) /* rounding must not leave the bounds */
        s->at[v] = fmin(p->high[v], fmax(p->low[v], z[v] / dr_search_unit(p, v)));
    dr_status status = dr_search_evaluate(s, s->at);
    if (status != DR_OK && status != DR_NO_SOLUTION) {
        s->status = status;
        nlopt_force_stop(optimiser);
    }
    return status == DR_OK;
}

/* What the callbacks of NLopt are handed. */
typedef struct run {
    dr_search *search;
    nlopt_opt optimiser;
} run;

static double objective(unsigned n, const double *z, double *gradient, void *user)
{
    const run *r = user;
    dr_search *s = r->search;
    double scale = dr_search_scale(s->problem);
    bool good = visit(s, r->optimiser, z);
    for (unsigned v = 0; v < n && gradient; v++)
        gradient[v] = good ? s->df[v] / scale : 0;
    return good ? s->f / scale : HUGE_VAL;
}

static void constraints(unsigned m, double *g, unsigned n, const double *z, double *gradient, void *user)
{
    const run *r = user;
    bool good = visit(r->search, r->optimiser, z);
    for (unsigned j = 0; j < m; j++)
        g[j] = good ? r->search->g[j] : HUGE_VAL;
    if (gradient && good)
        memcpy(gradient, r->search->dg, sizeof(double) * m * n);
}

static bool set_up(const run *r, const double *tolerance)
{
    const dr_search *s = r->search;
    const dr_problem *p = s->problem;
    return r->optimiser && nlopt_set_min_objective(r->optimiser, objective, (void *)r) >= 0 &&
           nlopt_set_lower_bounds(r->optimiser, s->low) >= 0 && nlopt_set_upper_bounds(r->optimiser, s->high) >= 0 &&
           (p->constraints == 0 || nlopt_add_inequality_mconstraint(r->optimiser, (unsigned)p->constraints, constraints,
                                                                    (void *)r, tolerance) >= 0) &&
           nlopt_set_maxeval(r->optimiser, p->max_iterations ? p->max_iterations : 300) >= 0 &&
           nlopt_set_xtol_rel(r->optimiser, 1e-13) >= 0;
}

/* Begins anew where it stopped, which forgets the curvature so far, until that gains nothing. */
static bool go(const run *r, double *z)
{
    enum { MOST = 8 };
    const double gain = 1e-15;
    double f = 0, before = INFINITY;
    nlopt_result result = NLOPT_SUCCESS;
    for (int i = 0; i < MOST && result != NLOPT_OUT_OF_MEMORY && r->search->status == DR_OK; i++) {
        result = nlopt_optimize(r->optimiser, z, &f);
        if (!(f < before - gain))
            break;
        before = f;
    }
    return result != NLOPT_OUT_OF_MEMORY;
}

dr_status dr_search_run(dr_search *s, dr_optimum *out)
{
    const dr_problem *p = s->problem;
    double *tolerance = dr_new_doubles(p->constraints ? p->constraints : 1);
    run r = {s, nlopt_create(NLOPT_LD_SLSQP, (unsigned)p->variables)};
    for (size_t v = 0; v < p->variables; v++)
        s->z[v] = fmin(s->high[v], fmax(s->low[v], out->y[v] * dr_search_unit(p, v)));
    for (size_t j = 0; j < p->constraints && tolerance; j++)
        tolerance[j] = 1e-10;
    bool ran = tolerance && set_up(&r, tolerance) && go(&r, s->z);
    nlopt_destroy(r.optimiser);
    free(tolerance);
    if (ran && s->status == DR_OK)
        wasm_polish(s, s->z);
    for (size_t v = 0; v < p->variables; v++)
        out->y[v] = fmin(p->high[v], fmax(p->low[v], s->z[v] / dr_search_unit(p, v)));
    if (s->status != DR_OK)
        return s->status;
    return ran ? DR_OK : dr_fail_memory();
}
