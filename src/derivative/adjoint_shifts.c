/* Derivatives with respect to what regions have, want and are given: docs/model.md, "Derivatives". After the solve
 * of an adjoint, `wage` is that of the next ln w, `mean_wage` that of ln W through the supply of labour, `earned`
 * and `factor` those of what a region and a factor earn, `income` that of I, and `demand` that of the
 * next demand for a good. */
#include <math.h>

#include "derivative/adjoint.h"
#include "model/factors.h"

/* The supply of labour L of a row of wages: w' = (V / L)^(1 / (1 + psi)) W^(psi / (1 + psi)), W^(1 + psi) the mean of
 * w^(1 + psi) with weights L, and the income W sum of L. With respect to ln L. */
static double of_row(const dr_adjoint *a, size_t f, size_t j)
{
    const dr_sweep *w = &a->at->w;
    size_t n = j % w->stride, of = f * w->stride + n;
    double psi = dr_factor_mobility(w->model, f), mean = w->mean_wage[of], all = w->all_labour[of];
    double through_wage = -DR_WAGE_STEP * a->wage[j] / (1 + (w->rows[f] > 1 ? psi : 0));
    double to_mean = 0;
    if (!(w->labour[j] > 0))
        return 0;
    if (w->rows[f] > 1)
        to_mean = w->labour[j] / all * (pow(w->wage[j] / mean, 1 + psi) - 1) / (1 + psi);
    double earned = a->earned[n] + a->factor[of];
    return through_wage + to_mean * (a->mean_wage[of] + mean * all * earned) + earned * mean * w->labour[j];
}

double dr_adjoint_supply(const dr_adjoint *a, size_t factor, size_t n)
{
    const dr_sweep *w = &a->at->w;
    double sum = 0;
    for (size_t row = w->first[factor]; row < w->first[factor] + w->rows[factor]; row++)
        sum += of_row(a, factor, row * w->stride + n);
    return sum;
}

/* Shares in final demand are f[k] = a[k] (p[k] / P)^(1 - phi), with a[k] = a0[k] t[k] / sum of a0 t, so that
 *
 *   d ln f[k] / d ln t[s] = [k = s] - f[s],   d ln P / d ln t[s] = (f[s] - a[s]) / (1 - phi)
 *
 * and, where phi is 1, a[s] (ln p[s] - sum of a ln p). */
static double of_price(const dr_adjoint *a, const dr_solution *solution, size_t n, size_t s)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    double phi = w->model->nests.phi, wanted = w->final_share[s * w->stride + n], mean = 0;
    if (phi != 1)
        return (p->final_share[s * w->stride + n] - wanted) / (1 - phi);
    for (size_t k = 0; k < w->s; k++)
        if (w->final_share[k * w->stride + n] > 0)
            mean += w->final_share[k * w->stride + n] * log(solution->price[n * w->s + k]);
    return wanted > 0 ? wanted * (log(solution->price[n * w->s + s]) - mean) : 0;
}

double dr_adjoint_demand(const dr_adjoint *a, const dr_seed *seed, const dr_solution *solution, size_t n, size_t s)
{
    const dr_point *p = a->at;
    const dr_sweep *w = &p->w;
    size_t at = s * w->stride + n;
    double mean = 0, direct = a->consumer[n];
    for (size_t k = n; k < w->block; k += w->stride) {
        mean += p->final_share[k] * a->demand[k];
        direct += seed ? seed->price[k] : 0;
    }
    return w->income[n] * p->final_share[at] * (a->demand[at] - mean) + direct * of_price(a, solution, n, s);
}

double dr_adjoint_income(const dr_adjoint *a, size_t n)
{
    return a->income[n];
}
