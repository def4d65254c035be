#include "solve/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A wage falls no further than this in a sweep, and an income no lower than this share of earnings, on the way; an income that
 * ends there is an infeasible closure. */
static const double LEAST_STEP = 1e-3, LEAST_INCOME = 1e-6;

void dr_sweep_free(dr_sweep *w)
{
    free((void *)w->delivered);
    free((void *)w->basic);
    free(w->own);
    free(w->numbers);
    free(w->capped);
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
                                      dr_base_tariff(&w->model->base, (n * r + i) * s + k) != 0;
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
        for (size_t s = 0; s < w->s; s++) {
            double value_added = w->model->base.value_added[n * w->s + s];
            w->labour[(w->wages > 1 ? s : 0) * w->stride + n] += value_added;
            w->all_labour[n] += value_added;
        }
    for (size_t s = 0; s < w->s; s++)
        w->price_step[s] = -1 / w->model->theta[s];
}

dr_status dr_sweep_new(dr_sweep *w, const dr_model *model, const dr_scenario *scenario)
{
    size_t row = model->stride, block = model->sectors * row, all = 0;
    size_t wages = isinf(model->nests.psi) ? 1 : model->sectors, caps = scenario ? scenario->cap_count : 0;
    size_t cap_row = dr_cap_row(caps), unknowns = 2 * block + wages * row + cap_row;
    *w = (dr_sweep){.model = model, .kernels = dr_kernels_best(), .loaded = -1, .starved = -1};
    w->r = model->regions;
    w->s = model->sectors;
    w->stride = row;
    w->block = block;
    w->unknowns = unknowns;
    w->wages = wages;
    w->caps = caps;
    struct {
        double **array;
        size_t count;
    } wanted[] = {{&w->x, unknowns},         {&w->f, unknowns},       {&w->next, unknowns},
                  {&w->supply, block},       {&w->power, block},      {&w->price, block},
                  {&w->spent, block},        {&w->output, block},     {&w->price_step, (w->s + 7) / 8 * 8},
                  {&w->labour, wages * row}, {&w->wage, wages * row}, {&w->paid, wages * row},
                  {&w->pay, block},          {&w->mean_wage, row},    {&w->all_labour, row},
                  {&w->quantity, block},     {&w->bundle, block},     {&w->use, block},
                  {&w->spread, block},       {&w->zero, block},       {&w->revenue, row},
                  {&w->earned, row},         {&w->deficit, row},      {&w->income, row},
                  {&w->bought, row},         {&w->rents, row},        {&w->limit, cap_row},
                  {&w->volume, cap_row},     {&w->cap_step, cap_row}, {&w->set_wedge, cap_row}};
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
    DR_TRY(sweep_rows(w, scenario));
    return caps ? dr_curbs_new(w, scenario) : DR_OK;
}

/* Fills a row of K, and one of K / (1 + tariff'). */
static void load_row(const dr_sweep *w, const dr_scenario *scenario, double part, size_t n, size_t s, double *delivered,
                     double *basic)
{
    const dr_model *m = w->model;
    const double *shares = m->import_share + (s * w->r + n) * w->stride;
    for (size_t i = 0; i < w->r; i++) {
        size_t flow = (n * w->r + i) * w->s + s;
        double tariff = dr_base_tariff(&m->base, flow), taxed = 1 + tariff;
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
    if (w->caps)
        dr_curbs_load(w, scenario, part);
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

/* What labour earns over base, in all sectors together: W^(1 + psi) = mean of w^(1 + psi), base value added as weight (CET). */
static double mean_wage(const dr_sweep *w, size_t n)
{
    double sum = 0, power = 1 + w->model->nests.psi;
    if (w->wages == 1)
        return w->wage[n];
    for (size_t s = 0; s < w->s; s++) {
        double wage = w->wage[s * w->stride + n];
        sum += w->labour[s * w->stride + n] * (power == 1 ? wage : pow(wage, power));
    }
    return power == 1 ? sum / w->all_labour[n] : pow(sum / w->all_labour[n], 1 / power);
}

/* Incomes at the wages of x. */
static void sweep_incomes(dr_sweep *w)
{
    w->kernels->exp(w->wages * w->stride, w->x + 2 * w->block, w->wage);
    for (size_t n = 0; n < w->r; n++) {
        w->mean_wage[n] = mean_wage(w, n);
        w->earned[n] = w->mean_wage[n] * w->all_labour[n] + w->revenue[n] + w->rents[n];
    }
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

/* The next wages, a part of the way to what sectors pay; returns the largest change that the whole way would be. Labour that is
 * not mobile is supplied by w^psi: w L (w / W)^psi = value added. */
static double sweep_wages(dr_sweep *w)
{
    const double *wage = w->x + 2 * w->block, psi = w->model->nests.psi;
    double *next = w->next + 2 * w->block, all_labour = 0, all_paid = 0, largest = 0;
    dr_sweep_pay(w);
    memset(w->paid, 0, w->wages * w->stride * sizeof(double));
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++)
            w->paid[(w->wages > 1 ? s : 0) * w->stride + n] += w->pay[s * w->stride + n];
    for (size_t j = 0; j < w->wages * w->stride; j++) {
        all_labour += w->labour[j];
        all_paid += w->paid[j];
    }
    for (size_t j = 0; j < w->wages * w->stride; j++) {
        if (w->labour[j] == 0)
            continue; /* no labour, no wage: next stays 0 */
        double target = w->paid[j] / w->labour[j] * all_labour / all_paid;
        if (w->wages > 1 && psi > 0)
            target = pow(target * pow(w->mean_wage[j % w->stride], psi), 1 / (1 + psi));
        double step = log(fmax(target, LEAST_STEP * w->wage[j])) - wage[j];
        next[j] = wage[j] + DR_WAGE_STEP * step;
        largest = fmax(largest, fabs(step));
    }
    return isfinite(largest) ? largest : INFINITY;
}

double dr_sweep_once(dr_sweep *w)
{
    size_t block = w->block;
    if (w->caps)
        dr_curbs_apply(w);
    sweep_trade(w);
    if (w->caps)
        dr_curbs_settle(w);
    sweep_incomes(w);
    double wages = sweep_wages(w);
    dr_sweep_inputs(w, w->next + 2 * block, w->next, w->next + block);
    for (size_t j = 0; j < block; j++)
        w->next[block + j] = w->model->spending[j] > 0 ? w->next[block + j] / w->model->spending[j] : 0;
    double costs = w->kernels->change(block, w->next, w->x, 1, 0, w->f);
    double ratios = w->kernels->change(block, w->next + block, w->x + block, DR_NEGLIGIBLE, 1, w->f + block);
    w->kernels->change(w->wages * w->stride, w->next + 2 * block, w->x + 2 * block, 1, 0, w->f + 2 * block);
    size_t at = 2 * block + w->wages * w->stride;
    double wedges = w->caps ? w->kernels->change(w->unknowns - at, w->next + at, w->x + at, 1, 0, w->f + at) : 0;
    return fmax(fmax(wages, wedges), fmax(costs, ratios));
}
