#include "result/region_accounts.h"

#include <math.h>
#include <stdlib.h>

#include "result/welfare.h"

dr_numeraire dr_solution_numeraire(const dr_solution *solution)
{
    const dr_model *m = solution->model;
    double price = 0;
    if (m->own_wages)
        return (dr_numeraire){.all = 1, .wage = solution->wage};
    for (size_t n = 0; n < m->regions && m->basket; n++)
        price += m->basket[n] > 0 ? m->basket[n] * dr_solution_consumer_price(solution, n) : 0;
    return (dr_numeraire){.all = m->basket ? 1 / price : 1};
}

double dr_numeraire_of(const dr_numeraire *numeraire, size_t n)
{
    return numeraire->wage ? 1 / numeraire->wage[n] : numeraire->all;
}

/* Final demand at base prices, sum over k of alpha'[n,k] I'[n] / P[n,k] with alpha' = alpha (P[n,k] / P[n])^(1 -
 * phi). */
static double final_volume(const dr_solution *solution, size_t n)
{
    const dr_model *m = solution->model;
    const double *shares = solution->final_share ? solution->final_share : m->final_share;
    double all = dr_solution_consumer_price(solution, n), sum = 0;
    for (size_t k = 0; k < m->sectors; k++) {
        double price = solution->price[n * m->sectors + k], share = shares[k * m->stride + n];
        sum += share > 0 ? share * pow(price / all, 1 - m->nests.phi) / price : 0;
    }
    return sum * solution->income[n];
}

/* Adds exports less imports in volume, what crosses the border at base unit cost, to real GDP. A value at the border
 * holds the exporter's rent of a limit, which is no volume. */
static void add_volumes(const dr_solution *solution, dr_account *accounts)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s && i != n; k++) {
                double volume = solution->flow[(n * r + i) * s + k] / solution->cost[i * s + k];
                accounts[i].real_gdp[1] += volume;
                accounts[n].real_gdp[1] -= volume;
            }
    for (size_t j = 0; j < solution->barrier_count && r > 0 && s > 0; j++) {
        const dr_barrier *barrier = &solution->barriers[j];
        size_t n = barrier->flow / s / r, i = barrier->flow / s % r, k = barrier->flow % s;
        if (barrier->rented == 1 || i == n)
            continue;
        double none = solution->flow[barrier->flow] / solution->cost[i * s + k] * (1 - 1 / barrier->rented);
        accounts[i].real_gdp[1] -= none;
        accounts[n].real_gdp[1] += none;
    }
}

/* Exports and imports of the regions marked, with all others. */
static void trade(const dr_solution *solution, const dr_numeraire *in, const unsigned char *members, dr_account *a)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++) {
            double sums[2] = {0};
            for (size_t k = 0; k < s && members[n] != members[i]; k++) {
                sums[0] += m->base.flow[(n * r + i) * s + k];
                sums[1] += solution->flow[(n * r + i) * s + k];
            }
            if (members[n] == members[i])
                continue;
            double *to = members[n] ? a->imports : a->exports;
            to[0] += sums[0];
            to[1] += sums[1] * dr_numeraire_of(in, members[n] ? n : i);
        }
}

static void fill(const dr_solution *solution, const dr_numeraire *in, size_t n, unsigned char *members, dr_account *a)
{
    const dr_base *b = &solution->model->base;
    double unit = dr_numeraire_of(in, n), paid = 0;
    for (size_t s = 0; s < solution->model->sectors; s++)
        paid += solution->value_added[n * solution->model->sectors + s];
    paid += solution->profits ? solution->profits[n] : 0;
    *a = (dr_account){.income = {b->income[n], solution->income[n] * unit},
                      .factor_income = {b->factor_income[n] + (b->profit ? b->profit[n] : 0), paid * unit},
                      .revenue = {b->tariff_revenue[n], solution->tariff_revenue[n] * unit},
                      .rents = {0, solution->rents[n] * unit},
                      .equivalent_variation = dr_solution_equivalent(solution, n),
                      .real_gdp = {b->income[n] - b->deficit[n], final_volume(solution, n)}};
    members[n] = 1;
    trade(solution, in, members, a);
    members[n] = 0;
}

dr_account *dr_accounts_new(const dr_solution *solution)
{
    size_t r = solution->model->regions;
    dr_numeraire in = dr_solution_numeraire(solution);
    dr_account *accounts = dr_new(r, sizeof *accounts);
    unsigned char *members = dr_new(r, 1);
    if (!accounts || !members) {
        free(accounts);
        free(members);
        return NULL;
    }
    for (size_t n = 0; n < r; n++)
        fill(solution, &in, n, members, &accounts[n]);
    add_volumes(solution, accounts);
    free(members);
    return accounts;
}

dr_account dr_account_sum(const dr_solution *solution, const dr_account *accounts, const unsigned char *members)
{
    dr_account sum = {0};
    dr_numeraire in = dr_solution_numeraire(solution);
    for (size_t n = 0; n < solution->model->regions; n++) {
        const dr_account *a = &accounts[n];
        for (int t = 0; t < 2 && members[n]; t++) {
            sum.income[t] += a->income[t];
            sum.factor_income[t] += a->factor_income[t];
            sum.revenue[t] += a->revenue[t];
            sum.rents[t] += a->rents[t];
            sum.real_gdp[t] += a->real_gdp[t];
        }
        sum.equivalent_variation += members[n] ? a->equivalent_variation : 0;
    }
    trade(solution, &in, members, &sum);
    return sum;
}
