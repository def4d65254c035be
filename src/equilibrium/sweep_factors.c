/* Several factors: value added is CES (sigma) of them, v^(1 - sigma) = sum_f share_f w_f^(1 - sigma), and each is in
 * fixed supply, mobile between sectors or not (psi). A single factor is value added itself, and nothing here costs a
 * sweep any time. */
#include <math.h>
#include <string.h>

#include "equilibrium/sweep.h"
#include "equilibrium/sweep_factors.h"
#include "model/factors.h"

/* The row of a factor's wages in sector s. */
static const double *wage_row(const dr_sweep *w, const double *wages, size_t factor, size_t s)
{
    return wages + (w->first[factor] + (w->rows[factor] > 1 ? s : 0)) * w->stride;
}

/* to = (1 - sigma) ln w_f for all sectors, or ln w_f where sigma is 1; w_f is at least the floor of labour, and what
 * its supply leaves of earnings. */
static void scale_wages(const dr_sweep *w, const double *wages, size_t factor, double *to)
{
    double sigma = w->model->nests.sigma, power = sigma == 1 ? 1 : 1 - sigma;
    const double *floor = dr_factor_is_labour(w->model, factor) ? w->floor : NULL;
    const double *hours = w->hours ? w->hours + factor * w->stride : w->zero;
    for (size_t s = 0; s < w->s; s++) {
        const double *wage = wage_row(w, wages, factor, s);
        for (size_t n = 0; n < w->stride; n++)
            to[s * w->stride + n] = power * ((floor ? fmax(wage[n], floor[n]) : wage[n]) - hours[n]);
    }
}

/* The wages themselves, the floor where it is above them, or what the supply of labour leaves of earnings. */
static dr_rows one_factor(dr_sweep *w, const double *wages)
{
    for (size_t j = 0; j < w->wages * w->stride && w->floor; j++)
        w->primary[j] = fmax(wages[j], w->floor[j % w->stride]);
    for (size_t j = 0; j < w->wages * w->stride && w->hours; j++)
        w->primary[j] = (w->floor ? w->primary[j] : wages[j]) - w->hours[j % w->stride];
    return (dr_rows){w->floor || w->hours ? w->primary : wages, w->wages > 1 ? w->stride : 0};
}

/* Uses `quantity`, which is free before the demand for inputs. */
dr_rows dr_sweep_primary(dr_sweep *w, const double *wages)
{
    const dr_model *m = w->model;
    double *sum = w->primary, sigma = m->nests.sigma;
    if (m->factors == 1)
        return one_factor(w, wages);
    memset(sum, 0, w->block * sizeof(double));
    for (size_t f = 0; f < m->factors; f++) {
        const double *share = m->factor_share + f * w->block;
        scale_wages(w, wages, f, w->quantity);
        if (sigma != 1)
            w->kernels->exp(w->block, w->quantity, w->quantity);
        for (size_t j = 0; j < w->block; j++)
            sum[j] += share[j] * w->quantity[j];
    }
    for (size_t j = 0; j < w->block && sigma != 1; j++)
        sum[j] = sum[j] > 0 ? sum[j] : 1; /* where there is no value added */
    if (sigma != 1)
        w->kernels->log(w->block, sum, sum);
    for (size_t j = 0; j < w->block && sigma != 1; j++)
        sum[j] /= 1 - sigma;
    return (dr_rows){sum, w->stride};
}

/* A factor's part of value added: share (w_f / v)^(1 - sigma). */
static void pay_factor(dr_sweep *w, size_t factor, const double *wages, double *pay)
{
    const double *share = w->model->factor_share + factor * w->block, sigma = w->model->nests.sigma;
    scale_wages(w, wages, factor, pay);
    for (size_t j = 0; j < w->block; j++)
        pay[j] = sigma == 1 ? 0 : pay[j] - (1 - sigma) * w->primary[j];
    w->kernels->exp(w->block, pay, pay);
    for (size_t j = 0; j < w->block; j++)
        pay[j] *= share[j] * w->pay[j];
}

void dr_sweep_factors(dr_sweep *w)
{
    memset(w->paid, 0, w->wages * w->stride * sizeof(double));
    for (size_t f = 0; f < w->model->factors; f++) {
        double *pay = w->model->factors > 1 ? w->factor_pay + f * w->block : w->pay;
        if (w->model->factors > 1)
            pay_factor(w, f, w->x + 2 * w->block, pay);
        for (size_t s = 0; s < w->s; s++) {
            double *paid = w->paid + (w->first[f] + (w->rows[f] > 1 ? s : 0)) * w->stride;
            for (size_t n = 0; n < w->stride; n++)
                paid[n] += pay[s * w->stride + n];
        }
    }
}
