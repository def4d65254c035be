#include <math.h>
#include <string.h>

#include "base/residual.h"
#include "model/calibrate.h"
#include "model/labour.h"
#include "model/prepare.h"
#include "model/scale.h"

/* The largest gap, relative to the size of each equation, of data that are an equilibrium up to rounding. */
static const double BALANCED = 1e-9;

void dr_base_incomes(dr_model *m)
{
    size_t r = m->regions, s = m->sectors;
    dr_base *b = &m->base;
    memset(b->spending, 0, r * s * sizeof(double));
    memset(b->output, 0, r * s * sizeof(double));
    for (size_t n = 0; n < r; n++) {
        b->tariff_revenue[n] = b->factor_income[n] = 0;
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                b->spending[n * s + k] += b->flow[flow] * (1 + dr_base_tariff(b, flow));
                b->output[i * s + k] += b->flow[flow] * (1 - dr_overhead(m, n));
                b->tariff_revenue[n] += b->flow[flow] * dr_base_tariff(b, flow);
            }
        for (size_t k = 0; k < s; k++)
            b->factor_income[n] += b->value_added[n * s + k];
    }
    dr_base_profits(m);
    for (size_t n = 0; n < r; n++)
        b->income[n] = dr_base_earned(b, n) + b->deficit[n];
}

/* Shares in cost and in final demand. */
static void fill_uses(dr_model *m)
{
    size_t r = m->regions, s = m->sectors, row = m->stride;
    const dr_base *b = &m->base;
    for (size_t n = 0; n < r; n++) {
        double all_final = 0;
        for (size_t k = 0; k < s; k++)
            all_final += b->final[n * s + k];
        for (size_t k = 0; k < s; k++) {
            double cost = b->value_added[n * s + k];
            for (size_t j = 0; j < s; j++)
                cost += b->input[(n * s + j) * s + k];
            m->final_share[k * row + n] = all_final > 0 ? b->final[n * s + k] / all_final : 0;
            m->value_added_share[k * row + n] = cost > 0 ? b->value_added[n * s + k] / cost : 0;
            m->bundle_share[k * row + n] = 0;
            for (size_t f = 0; f < m->factors && m->factor_share; f++)
                m->factor_share[(f * s + k) * row + n] = b->factor_share[(f * r + n) * s + k];
            for (size_t j = 0; j < s && cost > 0; j++) {
                m->input_share[(k * s + j) * row + n] = b->input[(n * s + j) * s + k] / cost;
                m->bundle_share[k * row + n] += b->input[(n * s + j) * s + k] / cost;
            }
        }
    }
}

void dr_base_shares(dr_model *m)
{
    fill_uses(m);
    size_t r = m->regions, s = m->sectors;
    const dr_base *b = &m->base;
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                double spending = b->spending[n * s + k];
                m->import_share[(k * r + n) * m->stride + i] =
                    spending > 0 ? b->flow[flow] * (1 + dr_base_tariff(b, flow)) / spending : 0;
            }
}

/* The demand of region n for good k at base output and income, alpha[n,k] I[n] + sum_s a[n,k,s] Y[n,s]. */
static double demand_of(const dr_model *m, size_t n, size_t k)
{
    double demand = m->final_share[k * m->stride + n] * m->base.income[n];
    for (size_t s = 0; s < m->sectors; s++)
        demand += m->input_share[(s * m->sectors + k) * m->stride + n] * dr_cost_part(m, s) *
                  m->base.output[n * m->sectors + s];
    return demand;
}

/* Fills the scale of spending, and returns how far the data are from an equilibrium: the largest gap between demand and
 * purchases, and between value added and its share in sales, relative to the larger side. */
static dr_status measure_imbalance(dr_model *m, double *imbalance)
{
    size_t s = m->sectors;
    const dr_base *b = &m->base;
    *imbalance = 0;
    for (size_t n = 0; n < m->regions; n++) {
        double paid = 0;
        for (size_t k = 0; k < s; k++) {
            double bought = b->spending[n * s + k], demand = demand_of(m, n, k);
            double larger = fmax(bought, demand);
            m->spending[k * m->stride + n] = bought > 0 ? demand : 0;
            paid += m->value_added_share[k * m->stride + n] * dr_cost_part(m, k) * b->output[n * s + k];
            if (larger != 0)
                *imbalance = dr_worse(*imbalance, (bought - demand) / larger);
            if (bought == 0 && demand > BALANCED * b->income[n])
                return dr_fail(DR_BAD_INPUT, "%s uses %s (%g %s), but the table has no flow of it from anywhere",
                               m->economy->region_codes.names[n], m->economy->sector_codes.names[k], demand,
                               m->economy->unit);
        }
        paid += dr_labour_overhead(m, n);
        if (b->factor_income[n] > 0)
            *imbalance = dr_worse(*imbalance, paid / b->factor_income[n] - 1);
    }
    return DR_OK;
}

dr_status dr_model_check_incomes(const dr_model *m)
{
    const dr_base *b = &m->base;
    for (size_t n = 0; n < m->regions; n++) {
        if (!(b->income[n] > 0))
            return dr_fail(DR_NO_SOLUTION,
                           "the closure is infeasible: %s has an income of %g %s after its trade balance; "
                           "expected more than 0",
                           m->economy->region_codes.names[n], b->income[n], m->economy->unit);
        if (!(b->factor_income[n] > 0))
            return dr_fail(DR_BAD_INPUT, "%s has no value added, so that the model has no income for it",
                           m->economy->region_codes.names[n]);
    }
    return DR_OK;
}

/* The deficits of the data add up to zero except for rounding; the remainder is distributed in proportion to value
 * added. */
static void balance_deficits(dr_model *m)
{
    double sum = 0, world = 0;
    dr_base *b = &m->base;
    for (size_t n = 0; n < m->regions; n++) {
        sum += b->deficit[n];
        world += b->factor_income[n];
    }
    for (size_t n = 0; n < m->regions; n++) {
        b->deficit[n] -= sum * b->factor_income[n] / world;
        b->income[n] = dr_base_earned(b, n) + b->deficit[n];
    }
}

dr_status dr_model_calibrate(dr_model *m, dr_disturb *disturb, void *user, const char **unsolved)
{
    double imbalance = 0, deficits = 0;
    *unsolved = NULL;
    DR_TRY(dr_prepare(m));
    DR_TRY(dr_scale_take_profits(m));
    dr_labour_take_overhead(m);
    if (disturb)
        disturb(m, user);
    dr_base_incomes(m);
    balance_deficits(m);
    for (size_t n = 0; n < m->regions; n++)
        deficits += fabs(m->base.deficit[n]);
    if (m->options.closure == DR_CLOSURE_ZERO)
        memset(m->base.deficit, 0, m->regions * sizeof(double));
    dr_base_incomes(m);
    DR_TRY(dr_model_check_incomes(m));
    dr_base_shares(m);
    DR_TRY(dr_labour_check(m));
    DR_TRY(measure_imbalance(m, &imbalance));
    if (m->options.closure == DR_CLOSURE_ZERO && deficits > 0)
        *unsolved = "trade balances are set to zero";
    else if (imbalance > BALANCED)
        *unsolved = "the data are not quite an equilibrium";
    return DR_OK;
}
