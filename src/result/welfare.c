#include "result/welfare.h"

#include "model/factors.h"
#include "model/labour.h"
#include "result/result.h"

/* What households buy, in the base and at the prices after the scenario: income, without revenue that is kept. */
static void bought(const dr_solution *solution, size_t n, double values[2])
{
    const dr_base *b = &solution->model->base;
    bool kept = solution->model->revenue_use == DR_REVENUE_KEEP;
    values[0] = b->income[n] - (kept ? b->tariff_revenue[n] : 0);
    values[1] = solution->income[n] - (kept ? solution->tariff_revenue[n] : 0);
}

/* What labour earns, in the base and after the scenario. */
static void worked(const dr_solution *solution, size_t n, double values[2])
{
    const dr_model *m = solution->model;
    values[0] = values[1] = 0;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t s = 0; s < m->sectors && dr_factor_is_labour(m, f); s++) {
            values[0] += dr_factor_base(m, f, n, s);
            values[1] += solution->factor_pay[(f * m->regions + n) * m->sectors + s];
        }
}

/* The value of the time that is worked, of which the whole is the part k / (1 + k) of what is paid for it after taxes:
 * in the base, and at the prices after the scenario. */
static void effort(const dr_solution *solution, size_t n, double values[2])
{
    const dr_model *m = solution->model;
    double factors = solution->wage[n] * dr_solution_factor_supply(solution, n);
    double relief = dr_labour_relief(m, n, solution->tariff_revenue[n], factors);
    worked(solution, n, values);
    for (int t = 0; t < 2; t++)
        values[t] *= m->labour_supply / (1 + m->labour_supply) / relief;
}

double dr_solution_equivalent(const dr_solution *solution, size_t n)
{
    double buys[2], works[2] = {0}, price = dr_solution_consumer_price(solution, n);
    bought(solution, n, buys);
    if (solution->model->labour_supply > 0)
        effort(solution, n, works);
    return (buys[1] - works[1]) / price - (buys[0] - works[0]);
}

double dr_solution_welfare(const dr_solution *solution, size_t n)
{
    double buys[2], works[2] = {0};
    bought(solution, n, buys);
    if (solution->model->labour_supply > 0)
        effort(solution, n, works);
    return dr_percent((buys[1] - works[1]) / (buys[0] - works[0]) / dr_solution_consumer_price(solution, n));
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
