#include "result/welfare.h"

#include <stdlib.h>

#include "model/factors.h"
#include "model/labour.h"
#include "result/result.h"

dr_real_income dr_real_income_of(const dr_model *m, size_t n, const dr_earned *earned)
{
    const dr_base *b = &m->base;
    bool kept = m->revenue_use == DR_REVENUE_KEEP;
    dr_real_income real = {
        .left = {b->income[n] - (kept ? b->tariff_revenue[n] : 0), earned->income - (kept ? earned->revenue : 0)}};
    if (m->labour_supply == 0)
        return real;
    double part = m->labour_supply / (1 + m->labour_supply), before = 0;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t s = 0; s < m->sectors && dr_factor_is_labour(m, f); s++)
            before += dr_factor_base(m, f, n, s);
    real.of_worked = part / dr_labour_relief(m, n, earned->revenue, earned->factors);
    real.effort[0] = real.of_worked * before;
    real.effort[1] = real.of_worked * earned->labour;
    for (int t = 0; t < 2; t++)
        real.left[t] -= real.effort[t];
    return real;
}

/* What labour earns. */
static double worked(const dr_solution *solution, size_t n)
{
    const dr_model *m = solution->model;
    double sum = 0;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t s = 0; s < m->sectors && dr_factor_is_labour(m, f); s++)
            sum += solution->factor_pay[(f * m->regions + n) * m->sectors + s];
    return sum;
}

dr_real_income dr_solution_real_income(const dr_solution *solution, size_t n)
{
    return dr_real_income_of(solution->model, n,
                             &(dr_earned){.income = solution->income[n],
                                          .revenue = solution->tariff_revenue[n],
                                          .labour = worked(solution, n),
                                          .factors = solution->wage[n] * dr_solution_factor_supply(solution, n)});
}

double dr_solution_equivalent(const dr_solution *solution, size_t n)
{
    dr_real_income real = dr_solution_real_income(solution, n);
    return real.left[1] / dr_solution_consumer_price(solution, n) - real.left[0];
}

double dr_solution_welfare(const dr_solution *solution, size_t n)
{
    dr_real_income real = dr_solution_real_income(solution, n);
    return dr_percent(real.left[1] / real.left[0] / dr_solution_consumer_price(solution, n));
}

double dr_solution_flow_change(const dr_solution *solution, size_t flow)
{
    double base = solution->model->base.flow[flow];
    return base > 0 ? solution->flow[flow] / base - 1 : 0;
}

void dr_solution_trade_terms(const dr_solution *solution, size_t n, double *terms, double *volume)
{
    const dr_model *m = solution->model;
    const dr_base *b = &m->base;
    size_t r = m->regions, s = m->sectors;
    *terms = *volume = 0;
    for (size_t i = 0; i < r; i++)
        for (size_t k = 0; k < s && i != n; k++) {
            size_t bought = (n * r + i) * s + k, sold = (i * r + n) * s + k;
            double own = solution->cost[n * s + k] - 1, theirs = solution->cost[i * s + k] - 1;
            *terms += b->flow[sold] * own - b->flow[bought] * theirs;
            if (b->tariff)
                *volume += b->tariff[bought] * b->flow[bought] * (dr_solution_flow_change(solution, bought) - theirs);
        }
    *terms *= 100 / b->income[n];
    *volume *= 100 / b->income[n];
}

double dr_solution_base_tariffs(const dr_solution *solution, size_t n)
{
    const dr_model *m = solution->model;
    double sum = 0;
    for (size_t i = 0; i < m->regions && m->base.tariff; i++)
        for (size_t k = 0; k < m->sectors; k++) {
            size_t flow = (n * m->regions + i) * m->sectors + k;
            sum +=
                m->base.tariff[flow] * (solution->flow[flow] / solution->cost[i * m->sectors + k] - m->base.flow[flow]);
        }
    return sum;
}

/* ---- Measured from another equilibrium --------------------------------------------------------------------------- */

double dr_solution_earned(const dr_solution *solution, size_t flow)
{
    const dr_barrier *barrier = dr_solution_barrier(solution, flow);
    return barrier ? solution->flow[flow] / barrier->rented : solution->flow[flow];
}

/* What buyers pay for a flow, with its duty and whoever has its rent, over what producers earn. */
static double paid_over_earned(const dr_solution *solution, size_t flow)
{
    const dr_barrier *barrier = dr_solution_barrier(solution, flow);
    double tariff = solution->tariff ? solution->tariff[flow] : 0;
    return (1 + tariff) * (barrier && barrier->limit ? dr_limit_mean_wedge(&solution->limits[barrier->limit - 1]) : 1);
}

dr_status dr_reference_new(dr_reference **out, dr_solution *solution)
{
    const dr_model *m = solution->model;
    size_t flows = m->regions * m->regions * m->sectors;
    dr_reference *r = dr_new(1, sizeof *r);
    if (!r) {
        dr_solution_free(solution);
        return dr_fail_memory();
    }
    r->solution = solution;
    r->wedge = dr_new_doubles(flows);
    if (!r->wedge) {
        dr_reference_free(r);
        return dr_fail_memory();
    }
    for (size_t flow = 0; flow < flows; flow++) {
        size_t seller = flow / m->sectors % m->regions * m->sectors + flow % m->sectors;
        r->wedge[flow] = solution->cost[seller] * (paid_over_earned(solution, flow) - 1);
    }
    *out = r;
    return DR_OK;
}

void dr_reference_free(dr_reference *r)
{
    if (!r)
        return;
    dr_solution_free(r->solution);
    free(r->wedge);
    free(r);
}

double dr_solution_gain(const dr_solution *solution, const dr_reference *reference, size_t n)
{
    if (!reference)
        return 100 * dr_solution_equivalent(solution, n);
    double more = dr_solution_equivalent(solution, n) - dr_solution_equivalent(reference->solution, n);
    return 100 * dr_solution_consumer_price(reference->solution, n) * more;
}

double dr_solution_standing(const dr_solution *solution, const dr_reference *reference, size_t n)
{
    const dr_model *m = solution->model;
    double sum = 0;
    if (!reference)
        return dr_solution_base_tariffs(solution, n);
    const dr_solution *before = reference->solution;
    for (size_t i = 0; i < m->regions; i++)
        for (size_t k = 0; k < m->sectors; k++) {
            size_t flow = (n * m->regions + i) * m->sectors + k, seller = i * m->sectors + k;
            if (reference->wedge[flow] < 0 || reference->wedge[flow] > 0)
                sum += reference->wedge[flow] * (dr_solution_earned(solution, flow) / solution->cost[seller] -
                                                 dr_solution_earned(before, flow) / before->cost[seller]);
        }
    return sum;
}
