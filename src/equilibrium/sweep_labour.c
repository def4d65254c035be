#include "equilibrium/sweep_labour.h"

#include <math.h>
#include <stdlib.h>

#include "model/factors.h"
#include "model/labour.h"

dr_status dr_labour_new(dr_sweep *w)
{
    const dr_model *m = w->model;
    if (m->labour_supply == 0 && !m->reach)
        return DR_OK;
    const dr_array wanted[] = {
        {&w->hours, m->factors * w->stride}, {&w->overhead, w->stride}, {&w->price_of, w->stride}};
    w->labour_numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    return w->labour_numbers ? DR_OK : dr_fail_memory();
}

void dr_labour_free(dr_sweep *w)
{
    free(w->labour_numbers);
}

void dr_labour_trade(dr_sweep *w)
{
    for (size_t n = 0; n < w->r && w->model->reach; n++) {
        double nu = dr_overhead(w->model, n), before = (w->spent[n] - w->revenue[n]) / (1 - nu);
        w->overhead[n] = nu * before;
        w->revenue[n] = w->spent[n] - before;
    }
}

double dr_sweep_consumer_price(const dr_sweep *w, size_t n)
{
    double sum = 0, power = 1 - w->model->nests.phi;
    for (size_t j = n; j < w->block; j += w->stride)
        sum += w->final_share[j] * (power == 0 ? w->price[j] : exp(power * w->price[j]));
    return power == 0 ? sum : log(sum) / power;
}

/* The price of the one good in a larger market. */
static void settle_price(dr_sweep *w, size_t n, double earned, double relief)
{
    const dr_model *m = w->model;
    double k = m->labour_supply, more = 1 - dr_reach(m, n), spent = w->spent[n] / m->spending[n];
    double market = log(fmax(spent, 1e-250)) - (earned - k * log(relief)) / (1 + k);
    w->price[n] = (w->price[n] + more * market) / (1 + more * dr_labour_response(m));
}

void dr_labour_settle(dr_sweep *w)
{
    const dr_model *m = w->model;
    for (size_t n = 0; n < w->r && w->hours; n++) {
        double income = 0;
        for (size_t f = 0; f < m->factors; f++)
            income += w->mean_wage[f * w->stride + n] * w->all_labour[f * w->stride + n];
        double relief = fmax(dr_labour_relief(m, n, w->revenue[n], income), 1e-3);
        if (m->reach && m->spending[n] > 0)
            settle_price(w, n, fmax(log(w->mean_wage[n]), w->floor ? w->floor[n] : -INFINITY), relief);
        w->price_of[n] = dr_sweep_consumer_price(w, n);
        for (size_t f = 0; f < m->factors; f++) {
            double mean = w->mean_wage[f * w->stride + n];
            bool there = dr_factor_is_labour(m, f) && w->all_labour[f * w->stride + n] > 0;
            w->hours[f * w->stride + n] =
                there ? dr_labour_response(m) * (log(mean) - w->price_of[n] + log(relief)) : 0;
        }
    }
}
