#include <Eigen/Dense>
#include <unsupported/Eigen/NonLinearOptimization>
#include <vector>

extern "C" {
#include "wasm/polish.h"
}

using Eigen::MatrixXd;
using Eigen::VectorXd;

static const double NEAR = 1e-5; // to a bound that holds, and to zero of a constraint that binds

namespace
{
/* The first-order conditions as equations f(x) = 0; x is the free variables, and the multipliers. */
struct Conditions {
    dr_search *s;
    VectorXd z;
    std::vector<size_t> free, active;

    bool evaluate(const VectorXd &x) const
    {
        const dr_problem *p = s->problem;
        VectorXd y = z;
        for (size_t i = 0; i < free.size() && x.size() > 0; i++)
            y[(long)free[i]] = x[(long)i];
        for (size_t v = 0; v < p->variables; v++)
            s->at[v] = std::fmin(p->high[v], std::fmax(p->low[v], y[(long)v] / dr_search_unit(p, v)));
        return dr_search_evaluate(s, s->at) == DR_OK;
    }

    VectorXd slopes() const
    {
        VectorXd out((long)free.size());
        for (size_t i = 0; i < free.size(); i++)
            out[(long)i] = s->df[free[i]] / dr_search_scale(s->problem);
        return out;
    }

    /* The derivatives of the active constraints, one a column. */
    MatrixXd normals() const
    {
        MatrixXd out((long)free.size(), (long)active.size());
        for (size_t i = 0; i < free.size(); i++)
            for (size_t j = 0; j < active.size(); j++)
                out((long)i, (long)j) = s->dg[active[j] * s->problem->variables + free[i]];
        return out;
    }

    int operator()(const VectorXd &x, VectorXd &f) const
    {
        if (!evaluate(x))
            return -1;
        const long n = (long)free.size(), m = (long)active.size();
        f.head(n) = slopes() + normals() * x.tail(m);
        for (long j = 0; j < m; j++)
            f[n + j] = s->g[active[(size_t)j]];
        return 0;
    }

    /* The free variables, the active constraints and their multipliers at z; those with negative ones do not bind. */
    VectorXd start()
    {
        const dr_problem *p = s->problem;
        for (size_t v = 0; v < p->variables; v++)
            if (z[(long)v] > s->low[v] + NEAR && z[(long)v] < s->high[v] - NEAR)
                free.push_back(v);
        for (size_t j = 0; j < p->constraints; j++)
            if (s->g[j] > -NEAR)
                active.push_back(j);
        for (;;) {
            VectorXd multipliers(0);
            if (!active.empty())
                multipliers = normals().colPivHouseholderQr().solve(-slopes());
            long lowest = 0;
            if (active.empty() || multipliers.minCoeff(&lowest) >= 0) {
                VectorXd x((long)(free.size() + active.size()));
                for (size_t i = 0; i < free.size(); i++)
                    x[(long)i] = z[(long)free[i]];
                x.tail((long)active.size()) = multipliers;
                return x;
            }
            active.erase(active.begin() + lowest);
        }
    }

    /* Whether x is an optimum: within the bounds, and no constraint is broken. */
    bool meets(const VectorXd &x) const
    {
        const double tolerance = 1e-9;
        if (!x.allFinite() || !evaluate(x))
            return false;
        for (size_t i = 0; i < free.size(); i++)
            if (x[(long)i] < s->low[free[i]] || x[(long)i] > s->high[free[i]])
                return false;
        for (size_t j = 0; j < s->problem->constraints; j++)
            if (s->g[j] > tolerance)
                return false;
        return active.empty() || x.tail((long)active.size()).minCoeff() >= 0;
    }
};
} // namespace

void wasm_polish(dr_search *s, double *z)
{
    const long count = (long)s->problem->variables;
    Conditions conditions = {s, Eigen::Map<VectorXd>(z, count), {}, {}};
    VectorXd none(0);
    if (!conditions.evaluate(none))
        return;
    VectorXd x = conditions.start();
    if (x.size() == 0)
        return;
    Eigen::HybridNonLinearSolver<Conditions> solver(conditions);
    solver.parameters.epsfcn = 1e-10; // derivatives have an error of about 1e-11
    solver.parameters.xtol = 1e-13;
    solver.parameters.maxfev = 20 * (int)x.size();
    solver.solveNumericalDiff(x);
    if (!conditions.meets(x))
        return;
    for (size_t i = 0; i < conditions.free.size(); i++)
        z[conditions.free[i]] = x[(long)i];
}
