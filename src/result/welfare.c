#include "result/welfare.h"

#include "result/result.h"

double dr_solution_welfare(const dr_solution *solution, size_t n)
{
    return dr_percent(solution->income[n] / solution->model->base.income[n] / dr_solution_consumer_price(solution, n));
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
