#include "equilibrium/equations.h"
#include "equilibrium/sweep_nests.h"
#include "equilibrium/sweep_tier.h"
#include "model/factors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

dr_status dr_equations_new(dr_equations *q, dr_sweep *sweep)
{
    size_t block = sweep->block, row = sweep->stride;
    *q = (dr_equations){.sweep = sweep, .count = sweep->unknowns};
    const dr_array wanted[] = {{&q->home, block},       {&q->home_basic, block}, {&q->sold, block},
                               {&q->bought, block},     {&q->wanted, block},     {&q->market, sweep->wages * row},
                               {&q->at_basic, block},   {&q->exports, row},      {&q->imports, row},
                               {&q->gap, row},          {&q->mean_gap, row},     {&q->supply, row},
                               {&q->residual, q->count}};
    q->numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    q->delivered = dr_new(sweep->r * sweep->s, sizeof *q->delivered);
    q->basic = dr_new(sweep->r * sweep->s, sizeof *q->basic);
    size_t rows = 0;
    for (size_t row_of = 0; row_of < sweep->r * sweep->s; row_of++)
        rows += sweep->basic[row_of] == sweep->delivered[row_of] ? 1 : 2;
    q->rows = dr_new_doubles(rows * row);
    if (!q->numbers || !q->delivered || !q->basic || !q->rows)
        return dr_fail_memory();
    return DR_OK;
}

void dr_equations_free(dr_equations *q)
{
    free((void *)q->delivered);
    free((void *)q->basic);
    free(q->rows);
    free(q->numbers);
}

void dr_equations_load(dr_equations *q)
{
    const dr_sweep *w = q->sweep;
    double *next = q->rows;
    memset(q->supply, 0, w->stride * sizeof(double));
    for (size_t j = 0; j < w->model->factors * w->stride; j++)
        q->supply[j % w->stride] += w->all_labour[j];
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->r; n++) {
            size_t row = s * w->r + n, own = s * w->stride + n;
            bool same = w->basic[row] == w->delivered[row];
            memcpy(next, w->delivered[row], w->stride * sizeof(double));
            q->home[own] = next[n];
            next[n] = 0;
            q->delivered[row] = q->basic[row] = next;
            q->home_basic[own] = w->basic[row][n];
            next += w->stride;
            if (same)
                continue;
            memcpy(next, w->basic[row], w->stride * sizeof(double));
            next[n] = 0;
            q->basic[row] = next;
            next += w->stride;
        }
}

/* The wedges of y in the rows without the home market. */
static void apply_wedges(dr_equations *q)
{
    const dr_sweep *w = q->sweep;
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        size_t row = c->s * w->r + c->n;
        q->rows[q->delivered[row] - q->rows + (ptrdiff_t)c->i] = w->delivered[row][c->i];
        q->rows[q->basic[row] - q->rows + (ptrdiff_t)c->i] = w->basic[row][c->i];
    }
}

/* The rows of products within imports, which follow costs, without the home market. */
static void apply_tier(dr_equations *q)
{
    const dr_sweep *w = q->sweep;
    for (size_t row = 0; row < w->r * w->s; row++) {
        size_t n = row % w->r, own = row / w->r * w->stride + n;
        if (!dr_in_tier(w, n, row / w->r))
            continue;
        const double **from[] = {&w->delivered[row], &w->basic[row]};
        double *home[] = {&q->home[own], &q->home_basic[own]};
        const double *to[] = {q->delivered[row], q->basic[row]};
        for (int k = 0; k < 2; k++) {
            double *copy = q->rows + (to[k] - q->rows);
            memcpy(copy, *from[k], w->stride * sizeof *copy);
            *home[k] = copy[n];
            copy[n] = 0;
        }
    }
}

void dr_equations_take(const dr_equations *q, double *y)
{
    const dr_sweep *w = q->sweep;
    memcpy(y, w->x, q->count * sizeof *y);
    for (size_t j = 0; j < w->block; j++)
        y[w->block + j] = w->model->spending[j] > 0 ? log(fmax(w->x[w->block + j], DR_VANISHED)) : 0;
}

void dr_equations_give(dr_equations *q, const double *y)
{
    dr_sweep *w = q->sweep;
    memcpy(w->x, y, q->count * sizeof *y);
    w->kernels->exp(w->block, y + w->block, w->x + w->block);
    for (size_t j = 0; j < w->block; j++)
        if (w->model->spending[j] == 0)
            w->x[w->block + j] = 0;
}

/* Exports and imports, each summed without the home market, whose size would drown them. */
static void balance_trade(dr_equations *q)
{
    dr_sweep *w = q->sweep;
    memset(q->sold, 0, w->block * sizeof(double));
    memset(q->exports, 0, w->stride * sizeof(double));
    memset(q->imports, 0, w->stride * sizeof(double));
    for (size_t s = 0; s < w->s; s++) {
        size_t at = s * w->stride;
        for (size_t n = 0; n < w->stride; n++)
            q->bought[at + n] = w->spent[at + n] / w->power[at + n];
        w->kernels->dots(w->r, w->stride, q->basic + s * w->r, w->supply + at, q->at_basic + at);
        w->kernels->combine(w->r, w->stride, q->basic + s * w->r, q->bought + at, q->sold + at);
        for (size_t n = 0; n < w->r; n++) {
            q->sold[at + n] *= w->supply[at + n];
            q->exports[n] += q->sold[at + n];
            q->imports[n] += q->bought[at + n] * q->at_basic[at + n];
        }
    }
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        if (!c->border)
            continue;
        q->exports[c->i] += c->scarcity;
        q->imports[c->n] += c->scarcity;
    }
}

double dr_equations_sources(const dr_equations *q, size_t n)
{
    return q->exports[n] + fmax(q->sweep->deficit[n], 0);
}

double dr_equations_uses(const dr_equations *q, size_t n)
{
    return q->imports[n] + fmax(-q->sweep->deficit[n], 0);
}

bool dr_equations_trades(const dr_equations *q, size_t n)
{
    return dr_equations_sources(q, n) > 0 && dr_equations_uses(q, n) > 0;
}

/* The log gap of a factor market, payments of sectors over factor income; adds to the means over a region. */
static void balance_factor(dr_equations *q, size_t f)
{
    const dr_sweep *w = q->sweep;
    const double psi = dr_factor_mobility(w->model, f), *mean = w->mean_wage + f * w->stride;
    for (size_t j = w->first[f] * w->stride; j < (w->first[f] + w->rows[f]) * w->stride; j++) {
        size_t n = j % w->stride;
        if (w->labour[j] == 0) {
            q->market[j] = 0;
            continue;
        }
        double earned = w->x[2 * w->block + j];
        if (w->rows[f] > 1 && psi > 0)
            earned += psi * (earned - log(mean[n]));
        q->market[j] = log(fmax(w->paid[j] / w->labour[j], DR_VANISHED)) - earned;
        q->mean_gap[n] += w->labour[j] / q->supply[n] * q->market[j];
    }
}

double dr_equations_factor_income(const dr_equations *q, size_t n)
{
    const dr_sweep *w = q->sweep;
    double income = 0;
    for (size_t f = 0; f < w->model->factors; f++)
        income += w->all_labour[f * w->stride + n] * w->mean_wage[f * w->stride + n];
    return income;
}

static void fill_wages(dr_equations *q)
{
    const dr_sweep *w = q->sweep;
    double now = 0, *f = q->residual + 2 * w->block;
    memset(q->mean_gap, 0, w->stride * sizeof(double));
    for (size_t k = 0; k < w->model->factors; k++)
        balance_factor(q, k);
    for (size_t n = 0; n < w->r; n++)
        now += dr_equations_factor_income(q, n);
    double world = log(w->world / now);
    for (size_t n = 0; n < w->r; n++) {
        bool trades = dr_equations_trades(q, n);
        q->gap[n] = (trades ? log(dr_equations_sources(q, n) / dr_equations_uses(q, n)) : q->mean_gap[n]) + world;
    }
    for (size_t j = 0; j < w->wages * w->stride; j++) {
        size_t n = j % w->stride;
        f[j] = w->labour[j] > 0 ? q->gap[n] + q->market[j] - q->mean_gap[n] : -w->x[2 * w->block + j];
    }
}

/* Infinite if one of them is not a number. */
static double largest(size_t count, const double *x)
{
    double most = 0;
    for (size_t j = 0; j < count; j++) {
        if (!isfinite(x[j]))
            return INFINITY;
        most = fmax(most, fabs(x[j]));
    }
    return most;
}

double dr_equations_at(dr_equations *q, const double *y)
{
    dr_sweep *w = q->sweep;
    size_t block = w->block, wages = 2 * block + w->wages * w->stride;
    dr_equations_give(q, y);
    dr_sweep_values(w);
    if (w->limit_count)
        apply_wedges(q);
    if (w->tier)
        apply_tier(q);
    balance_trade(q);
    dr_sweep_inputs(w, w->x + 2 * block, w->next, w->next + block);
    w->kernels->change(block, w->next, y, 1, 0, q->residual);
    for (size_t j = 0; j < block; j++) {
        q->wanted[j] = w->model->spending[j] > 0 ? w->next[block + j] / w->model->spending[j] : 1;
        q->residual[block + j] = fmax(q->wanted[j], DR_VANISHED);
    }
    w->kernels->log(block, q->residual + block, q->residual + block);
    for (size_t j = 0; j < block; j++)
        q->residual[block + j] -= y[block + j];
    fill_wages(q);
    w->kernels->change(q->count - wages, w->next + wages, y + wages, 1, 0, q->residual + wages);
    return largest(q->count, q->residual);
}
