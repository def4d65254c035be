#include "solve/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The part of its own step that the wage takes before acceleration; the whole step overshoots where theta is large. */
static const double WAGE_STEP = 0.3;

/* A wage falls no further than this in a sweep, and an income no lower than this share of earnings, on the way; an income that
 * ends there is an infeasible closure. */
static const double LEAST_STEP = 1e-3, LEAST_INCOME = 1e-6;

void dr_sweep_free(dr_sweep *w)
{
    free((void *)w->delivered);
    free((void *)w->basic);
    free(w->own);
    free(w->numbers);
}

static double tariff_of(const dr_model *m, size_t flow)
{
    return m->base.tariff ? m->base.tariff[flow] : 0;
}

/* Points every row [s][n] at the model's import shares, but for those with a tariff or a change, which get rows of their own. */
static dr_status sweep_rows(dr_sweep *w, const dr_scenario *scenario)
{
    size_t r = w->r, s = w->s, own = 0;
    unsigned char *touched = dr_new(r * s, 1); /* [n, s] */
    w->delivered = dr_new(r * s, sizeof *w->delivered);
    w->basic = dr_new(r * s, sizeof *w->basic);
    if (!touched || !w->delivered || !w->basic) {
        free(touched);
        return dr_fail_memory();
    }
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++)
                touched[n * s + k] |= (scenario && scenario->change[(n * r + i) * s + k]) ||
                                      tariff_of(w->model, (n * r + i) * s + k) != 0;
    for (size_t row = 0; row < r * s; row++)
        own += touched[row];
    w->own = dr_new_doubles(2 * own * w->stride);
    double *next = w->own;
    for (size_t row = 0; row < r * s && next; row++) {
        const double *shares = w->model->import_share + row * w->stride;
        bool is_own = touched[row % r * s + row / r];
        w->delivered[row] = is_own ? next : shares;
        w->basic[row] = is_own ? next + w->stride : shares;
        next += is_own ? 2 * w->stride : 0;
    }
    free(touched);
    return next ? DR_OK : dr_fail_memory();
}

static void sweep_constants(dr_sweep *w)
{
    for (size_t j = 0; j < w->block; j++)
        w->power[j] = 1; /* stays so in the padding, where the logarithm must be 0 */
    for (size_t n = 0; n < w->r; n++)
        w->labour[n] = w->model->base.factor_income[n];
    for (size_t s = 0; s < w->s; s++)
        w->price_step[s] = -1 / w->model->theta[s];
}

dr_status dr_sweep_new(dr_sweep *w, const dr_model *model, const dr_scenario *scenario)
{
    size_t row = model->stride, block = model->sectors * row, unknowns = 2 * block + row, all = 0;
    *w = (dr_sweep){.model = model, .kernels = dr_kernels_best(), .loaded = -1, .starved = -1};
    w->r = model->regions;
    w->s = model->sectors;
    w->stride = row;
    w->block = block;
    w->unknowns = unknowns;
    struct {
        double **array;
        size_t count;
    } wanted[] = {{&w->x, unknowns},   {&w->f, unknowns},   {&w->next, unknowns},
                  {&w->supply, block}, {&w->power, block},  {&w->price, block},
                  {&w->spent, block},  {&w->output, block}, {&w->price_step, (w->s + 7) / 8 * 8},
                  {&w->labour, row},   {&w->wage, row},     {&w->revenue, row},
                  {&w->earned, row},   {&w->deficit, row},  {&w->income, row},
                  {&w->paid, row},     {&w->bought, row}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        all += wanted[i].count;
    w->numbers = dr_new_doubles(all);
    if (!w->numbers)
        return dr_fail_memory();
    double *next = w->numbers;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        *wanted[i].array = next;
        next += wanted[i].count;
    }
    sweep_constants(w);
    return sweep_rows(w, scenario);
}

/* Fills a row of K, and one of K / (1 + tariff'). */
static void load_row(const dr_sweep *w, const dr_scenario *scenario, double part, size_t n, size_t s, double *delivered,
                     double *basic)
{
    const dr_model *m = w->model;
    const double *shares = m->import_share + (s * w->r + n) * w->stride;
    for (size_t i = 0; i < w->r; i++) {
        size_t flow = (n * w->r + i) * w->s + s;
        double tariff = tariff_of(m, flow), taxed = 1 + tariff;
        delivered[i] = shares[i];
        if (scenario && scenario->change[flow]) {
            delivered[i] *= pow(dr_scenario_kappa(scenario, tariff, flow), -m->theta[s] * part);
            taxed *= pow((1 + dr_scenario_rate(scenario, tariff, flow)) / taxed, part);
        }
        basic[i] = delivered[i] / taxed;
    }
}

void dr_sweep_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    double *next = w->own;
    if (w->loaded == part)
        return;
    w->loaded = part;
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->r; n++)
            if (w->delivered[s * w->r + n] == next) {
                load_row(w, scenario, part, n, s, next, next + w->stride);
                next += 2 * w->stride;
            }
}

void dr_sweep_base(dr_sweep *w)
{
    for (size_t j = 0; j < w->unknowns; j++)
        w->x[j] = j >= w->block && j < 2 * w->block && w->model->spending[j - w->block] > 0;
}

/* Who buys from whom at the costs of x: price powers q, prices, output Y and tariff revenue. */
static void sweep_trade(dr_sweep *w)
{
    const dr_model *m = w->model;
    const double *cost = w->x, *ratio = w->x + w->block;
    memset(w->output, 0, w->block * sizeof(double));
    memset(w->revenue, 0, w->stride * sizeof(double));
    for (size_t j = 0; j < w->block; j++)
        w->spent[j] = ratio[j] * m->spending[j];
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++)
            w->supply[s * w->stride + n] = -m->theta[s] * cost[s * w->stride + n];
    w->kernels->exp(w->block, w->supply, w->supply);
    for (size_t s = 0; s < w->s; s++) {
        size_t row = s * w->stride;
        w->kernels->trade(w->r, w->stride, w->delivered + s * w->r, w->basic + s * w->r, w->supply + row,
                          w->spent + row, w->power + row, w->bought, w->output + row, w->revenue);
    }
    w->kernels->log(w->block, w->power, w->price);
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++)
            w->price[s * w->stride + n] *= w->price_step[s];
}

/* Incomes at the wages of x. */
static void sweep_incomes(dr_sweep *w)
{
    w->kernels->exp(w->stride, w->x + 2 * w->block, w->wage);
    for (size_t n = 0; n < w->r; n++)
        w->earned[n] = w->wage[n] * w->labour[n] + w->revenue[n];
    dr_closure_deficits(w->model, w->earned, w->deficit);
    w->starved = -1;
    for (size_t n = 0; n < w->r; n++) {
        w->income[n] = w->earned[n] + w->deficit[n];
        if (w->income[n] < LEAST_INCOME * w->earned[n]) {
            w->income[n] = LEAST_INCOME * w->earned[n];
            w->starved = (int)n;
        }
    }
}

/* The next wages, a part of the way to what sectors pay; returns the largest change that the whole way would be. */
static double sweep_wages(dr_sweep *w)
{
    const double *share = w->model->value_added_share, *wage = w->x + 2 * w->block;
    double *next = w->next + 2 * w->block, all_labour = 0, all_paid = 0, largest = 0;
    memset(w->paid, 0, w->stride * sizeof(double));
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++)
            w->paid[n] += share[s * w->stride + n] * w->output[s * w->stride + n];
    for (size_t n = 0; n < w->r; n++) {
        all_labour += w->labour[n];
        all_paid += w->paid[n];
    }
    for (size_t n = 0; n < w->r; n++) {
        double ratio_paid = w->labour[n] > 0 ? w->paid[n] / w->labour[n] * all_labour / all_paid : 1;
        double step = log(fmax(ratio_paid, LEAST_STEP * w->wage[n])) - wage[n];
        next[n] = wage[n] + WAGE_STEP * step;
        largest = fmax(largest, fabs(step));
    }
    return isfinite(largest) ? largest : INFINITY;
}

/* The next unit costs and spending: what sectors pay for their inputs, and what they and final demand want. */
static void sweep_inputs(dr_sweep *w)
{
    const dr_model *m = w->model;
    const double *wage = w->next + 2 * w->block;
    double *cost = w->next, *demand = w->next + w->block;
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++) {
            size_t j = s * w->stride + n;
            cost[j] = m->value_added_share[j] * wage[n];
            demand[j] = m->final_share[j] * w->income[n];
        }
    w->kernels->inputs(w->s, w->stride, m->input_share, w->price, w->output, cost, demand);
    for (size_t j = 0; j < w->block; j++)
        demand[j] = m->spending[j] > 0 ? demand[j] / m->spending[j] : 0;
}

double dr_sweep_once(dr_sweep *w)
{
    size_t block = w->block;
    sweep_trade(w);
    sweep_incomes(w);
    double wages = sweep_wages(w);
    sweep_inputs(w);
    double costs = w->kernels->change(block, w->next, w->x, 1, 0, w->f);
    double ratios = w->kernels->change(block, w->next + block, w->x + block, DR_NEGLIGIBLE, 1, w->f + block);
    w->kernels->change(w->stride, w->next + 2 * block, w->x + 2 * block, 1, 0, w->f + 2 * block);
    return fmax(wages, fmax(costs, ratios));
}
