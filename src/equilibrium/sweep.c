#include "equilibrium/sweep.h"
#include "equilibrium/sweep_carbon.h"
#include "equilibrium/sweep_factors.h"
#include "equilibrium/sweep_labour.h"
#include "equilibrium/sweep_limits.h"
#include "equilibrium/sweep_nests.h"
#include "equilibrium/sweep_scale.h"
#include "equilibrium/sweep_shifts.h"
#include "equilibrium/sweep_thin.h"
#include "equilibrium/sweep_tier.h"
#include "model/closure.h"
#include "model/factors.h"
#include "model/labour.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"

/* A wage falls no further than this in a sweep, and an income no lower than this share of earnings, on the way; an
 * income that ends there is an infeasible closure. */
static const double LEAST_STEP = 1e-3, LEAST_INCOME = 1e-6;

void dr_sweep_free(dr_sweep *w)
{
    free((void *)w->delivered);
    free((void *)w->basic);
    free(w->own);
    free(w->numbers);
    free(w->first);
    free(w->rows);
    free(w->limited);
    dr_sweep_tier_free(w->tier);
    dr_shifts_free(w);
    dr_scale_free(w);
    dr_sweep_carbon_free(w);
    dr_labour_free(w);
}

/* The reasons for which a row needs memory of its own: changed costs, and tariffs, since basic values exclude them. */
enum { CHANGED = 1, TAXED = 2 };

/* Marks the rows [s][n] of the sweep; returns how many of its own they need. */
static size_t mark_rows(const dr_sweep *w, const dr_scenario *scenario, unsigned char *mark)
{
    size_t r = w->r, s = w->s, own = 0;
    memset(mark, w->model->reach ? CHANGED | TAXED : 0, r * s);
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t flow = (n * r + i) * s + k;
                int change = scenario ? scenario->change[flow] : 0;
                bool taxed =
                    dr_base_tariff(&w->model->base, flow) != 0 || (change & (DR_CHANGE_RATES | DR_CHANGE_WEDGES));
                mark[k * r + n] |= (unsigned char)((change ? CHANGED : 0) | (taxed ? CHANGED | TAXED : 0));
            }
    for (size_t row = 0; row < r * s; row++)
        mark[row] |= w->model->tier && w->model->tier->cell[row] < w->model->tier->cell[row + 1] ? CHANGED : 0;
    for (size_t row = 0; row < r * s; row++)
        own += (size_t)((mark[row] & CHANGED) != 0) + (size_t)((mark[row] & TAXED) != 0);
    return own;
}

/* Points every row [s][n] at the model's import shares, but for those with a tariff or a change, which get rows of
 * their own. Where there is no tariff both rows are the same. */
static dr_status sweep_rows(dr_sweep *w, const dr_scenario *scenario)
{
    unsigned char *mark = dr_new(w->r * w->s, 1);
    w->delivered = dr_new(w->r * w->s, sizeof *w->delivered);
    w->basic = dr_new(w->r * w->s, sizeof *w->basic);
    if (!mark || !w->delivered || !w->basic) {
        free(mark);
        return dr_fail_memory();
    }
    w->own = dr_new_doubles(mark_rows(w, scenario, mark) * w->stride);
    double *next = w->own;
    for (size_t row = 0; row < w->r * w->s && next; row++) {
        w->delivered[row] = w->basic[row] = w->model->import_share + row * w->stride;
        if (mark[row] & CHANGED) {
            w->delivered[row] = w->basic[row] = next;
            next += w->stride;
        }
        if (mark[row] & TAXED) {
            w->basic[row] = next;
            next += w->stride;
        }
    }
    free(mark);
    return next ? DR_OK : dr_fail_memory();
}

static void sweep_constants(dr_sweep *w)
{
    for (size_t j = 0; j < w->block; j++)
        w->power[j] = 1; /* stays so in the padding, where the logarithm must be 0 */
    for (size_t s = 0; s < w->s; s++)
        w->price_step[s] = -1 / w->model->theta[s];
}

/* A row of wages for each region's factor, or one for each sector where it is not mobile. */
static dr_status sweep_wage_rows(dr_sweep *w)
{
    const dr_model *m = w->model;
    w->first = dr_new(m->factors, sizeof *w->first);
    w->rows = dr_new(m->factors, sizeof *w->rows);
    if (!w->first || !w->rows)
        return dr_fail_memory();
    for (size_t f = 0; f < m->factors; f++) {
        w->first[f] = w->wages;
        w->rows[f] = isinf(dr_factor_mobility(m, f)) ? 1 : m->sectors;
        w->wages += w->rows[f];
    }
    return DR_OK;
}

static dr_status sweep_arrays(dr_sweep *w)
{
    size_t row = w->stride, block = w->block, wages = w->wages, unknowns = w->unknowns, factors = w->model->factors;
    size_t limit_row = dr_limit_row(w->limit_count), several = factors > 1 ? factors : 0;
    const dr_array wanted[] = {{&w->x, unknowns},
                               {&w->f, unknowns},
                               {&w->next, unknowns},
                               {&w->supply, block},
                               {&w->power, block},
                               {&w->price, block},
                               {&w->spent, block},
                               {&w->output, block},
                               {&w->price_step, (w->s + 7) / 8 * 8},
                               {&w->labour, wages * row},
                               {&w->wage, wages * row},
                               {&w->paid, wages * row},
                               {&w->pay, block},
                               {&w->mean_wage, factors * row},
                               {&w->all_labour, factors * row},
                               {&w->primary, several                ? block
                                             : w->floor || w->hours ? wages * row
                                                                    : 0},
                               {&w->factor_pay, several * block},
                               {&w->quantity, block},
                               {&w->bundle, block},
                               {&w->use, block},
                               {&w->spread, block},
                               {&w->zero, block},
                               {&w->revenue, row},
                               {&w->earned, row},
                               {&w->deficit, row},
                               {&w->income, row},
                               {&w->bought, row},
                               {&w->rents, row},
                               {&w->limit, limit_row},
                               {&w->volume, limit_row},
                               {&w->limit_step, limit_row},
                               {&w->set_wedge, limit_row},
                               {&w->most, limit_row},
                               {&w->in_quota, limit_row},
                               {&w->remains, w->pools ? (w->r * w->s + 7) / 8 * 8 : 0}};
    w->numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    return w->numbers ? DR_OK : dr_fail_memory();
}

dr_status dr_sweep_new(dr_sweep *w, const dr_model *model, const dr_scenario *scenario)
{
    *w = (dr_sweep){.model = model, .kernels = dr_kernels_best(), .loaded = -1, .starved = -1};
    w->r = model->regions;
    w->s = model->sectors;
    w->stride = model->stride;
    w->block = w->s * w->stride;
    w->limit_count = scenario ? scenario->limit_count : 0;
    w->floor = model->floor;
    w->pools = scenario && model->nests.thin > 0;
    DR_TRY(sweep_wage_rows(w));
    w->unknowns = 2 * w->block + w->wages * w->stride + dr_limit_row(w->limit_count);
    DR_TRY(dr_labour_new(w));
    DR_TRY(sweep_arrays(w));
    sweep_constants(w);
    DR_TRY(dr_scale_new(w));
    DR_TRY(dr_shifts_new(w, scenario));
    DR_TRY(dr_sweep_carbon_new(w, scenario));
    DR_TRY(sweep_rows(w, scenario));
    if (w->limit_count)
        DR_TRY(dr_limits_new(w, scenario));
    return model->tier ? dr_sweep_tier_new(w, scenario) : DR_OK;
}

/* Fills a row of K, and one of K / (1 + tariff'), which may be the same if there are no tariffs. A ban is followed as
 * what is left of the flow, (1 - part)^4. */
static void load_row(const dr_sweep *w, const dr_scenario *scenario, double part, size_t n, size_t s, double *delivered,
                     double *basic)
{
    const dr_model *m = w->model;
    const double *shares = m->import_share + (s * w->r + n) * w->stride;
    for (size_t i = 0; i < w->r; i++) {
        size_t flow = (n * w->r + i) * w->s + s;
        double tariff = dr_base_tariff(&m->base, flow), taxed = 1 + tariff, k = shares[i];
        if (scenario && (scenario->change[flow] & DR_CHANGE_BAN)) {
            k *= pow(1 - part, 4);
        } else if (scenario && scenario->change[flow]) {
            k *= pow(dr_scenario_kappa(scenario, tariff, flow, m->theta[s]), -m->theta[s] * part);
            taxed *= pow((1 + dr_scenario_rate(scenario, tariff, flow)) / taxed, part);
        }
        if (m->reach)
            k *= pow(taxed / (1 + tariff), -m->theta[s] * (m->reach[n] - 1));
        delivered[i] = k;
        basic[i] = k / taxed * (1 - dr_overhead(m, n));
    }
}

void dr_sweep_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    double *next = w->own;
    if (w->loaded == part)
        return;
    w->loaded = part;
    for (size_t row = 0; row < w->r * w->s; row++) {
        double *delivered = next, *basic = next + (w->basic[row] == w->delivered[row] ? 0 : w->stride);
        if (w->delivered[row] != delivered)
            continue;
        load_row(w, scenario, part, row % w->r, row / w->r, delivered, basic);
        next = basic + w->stride;
    }
    if (scenario)
        dr_shifts_load(w, scenario, part);
    if (w->carbon)
        dr_sweep_carbon_load(w, scenario, part);
    if (w->pools)
        dr_thin_load(w, part);
    if (w->tier)
        dr_sweep_tier_load(w, scenario, part);
    if (w->limit_count)
        dr_limits_load(w, scenario, part);
}

void dr_sweep_base(dr_sweep *w)
{
    for (size_t j = 0; j < w->unknowns; j++)
        w->x[j] = j >= w->block && j < 2 * w->block && w->model->spending[j - w->block] > 0;
    for (size_t j = 0; j < w->block && w->carbon; j++)
        w->x[j] = log1p(w->carbon[j]);
}

void dr_sweep_at(dr_sweep *w, const dr_solution *solution)
{
    double *wages = w->x + 2 * w->block, *wedges = wages + w->wages * w->stride;
    for (size_t n = 0; n < w->r; n++)
        for (size_t s = 0; s < w->s; s++) {
            size_t at = s * w->stride + n, cell = n * w->s + s;
            double base = w->model->spending[at];
            w->x[at] = log(solution->cost[cell]);
            w->x[w->block + at] = base > 0 ? solution->spending[cell] / base : 0;
            for (size_t f = 0; f < w->model->factors; f++) {
                size_t of = (f * w->r + n) * w->s + s, row = dr_wage_row(w, f, at);
                double part = solution->employment ? solution->employment[of] : 1;
                if (w->labour[row] > 0 && solution->factor_wage[of] > 0)
                    wages[row] = log(solution->factor_wage[of] * part);
            }
        }
    for (size_t c = 0; c < w->limit_count; c++)
        wedges[c] = log(solution->limits[c].wedge);
}

/* Trade at the costs of x: price powers q, prices, output Y and tariff revenue. */
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
    if (w->tier)
        dr_sweep_tier_apply(w);
    for (size_t s = 0; s < w->s; s++) {
        size_t row = s * w->stride;
        w->kernels->trade(w->r, w->stride, w->delivered + s * w->r, w->basic + s * w->r, w->supply + row,
                          w->spent + row, w->power + row, w->bought, w->output + row, w->revenue);
    }
    w->kernels->log(w->block, w->power, w->price);
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->stride; n++)
            w->price[s * w->stride + n] *= w->price_step[s];
    dr_labour_trade(w);
}

/* The mean wage over base, over all sectors: W^(1 + psi) = mean of w^(1 + psi), weighted by base value added (CET). */
static double mean_wage(const dr_sweep *w, size_t f, size_t n)
{
    double sum = 0, power = 1 + dr_factor_mobility(w->model, f), all = w->all_labour[f * w->stride + n];
    const double *wages = w->wage + w->first[f] * w->stride, *labour = w->labour + w->first[f] * w->stride;
    if (w->rows[f] == 1 || all == 0)
        return wages[n];
    for (size_t s = 0; s < w->s; s++) {
        double wage = wages[s * w->stride + n];
        sum += labour[s * w->stride + n] * (power == 1 ? wage : pow(wage, power));
    }
    return power == 1 ? sum / all : pow(sum / all, 1 / power);
}

/* Incomes at the wages of x. */
static void sweep_incomes(dr_sweep *w)
{
    w->kernels->exp(w->wages * w->stride, w->x + 2 * w->block, w->wage);
    for (size_t n = 0; n < w->r; n++) {
        w->earned[n] = 0;
        for (size_t f = 0; f < w->model->factors; f++) {
            w->mean_wage[f * w->stride + n] = mean_wage(w, f, n);
            w->earned[n] += w->mean_wage[f * w->stride + n] * w->all_labour[f * w->stride + n];
        }
        w->earned[n] += w->revenue[n] + w->rents[n] + (w->profit ? w->profit[n] : 0);
    }
    dr_closure_deficits(w->model, w->earned, w->deficit);
    for (size_t n = 0; n < w->r && w->given; n++)
        w->deficit[n] += w->given[n];
    w->starved = -1;
    for (size_t n = 0; n < w->r; n++) {
        w->income[n] = w->earned[n] + w->deficit[n];
        if (w->income[n] < LEAST_INCOME * w->earned[n]) {
            w->income[n] = LEAST_INCOME * w->earned[n];
            w->starved = (int)n;
        }
    }
}

/* The next wages of a factor, a part of the way to the payments of sectors; returns the largest change of a full step.
 * Labour that is not mobile is supplied by w^psi: w L (w / W)^psi = value added. */
static double factor_wages(dr_sweep *w, size_t f, double all_paid)
{
    const double *wage = w->x + 2 * w->block, *mean = w->mean_wage + f * w->stride,
                 psi = dr_factor_mobility(w->model, f);
    double *next = w->next + 2 * w->block, *ln_mean = w->bought, least = log(LEAST_STEP), largest = 0;
    size_t first = w->first[f] * w->stride, count = w->rows[f] * w->stride;
    bool partly = w->rows[f] > 1 && psi > 0;
    for (size_t j = first; j < first + count; j++)
        next[j] = w->labour[j] > 0 ? w->paid[j] / w->labour[j] * w->world / all_paid : 1;
    w->kernels->log(count, next + first, next + first);
    if (partly)
        w->kernels->log(w->stride, mean, ln_mean);
    for (size_t j = first; j < first + count; j++) {
        if (w->labour[j] == 0)
            continue; /* no labour, no wage: next is 0 */
        double target = partly ? (next[j] + psi * ln_mean[j % w->stride]) / (1 + psi) : next[j];
        double step = fmax(target, wage[j] + least) - wage[j];
        next[j] = wage[j] + DR_WAGE_STEP * step;
        largest = dr_worse(largest, step);
    }
    return largest;
}

static double sweep_wages(dr_sweep *w)
{
    double all_paid = 0, largest = 0;
    for (size_t j = 0; j < w->wages * w->stride; j++)
        all_paid += w->paid[j];
    for (size_t f = 0; f < w->model->factors; f++)
        largest = dr_worse(largest, factor_wages(w, f, all_paid));
    return largest;
}

void dr_sweep_values(dr_sweep *w)
{
    if (w->limit_count)
        dr_limits_apply(w);
    sweep_trade(w);
    if (w->limit_count)
        dr_limits_settle(w);
    dr_scale_settle(w);
    dr_sweep_carbon_settle(w);
    sweep_incomes(w);
    dr_labour_settle(w);
    dr_sweep_pay(w);
    dr_sweep_factors(w);
}

double dr_sweep_once(dr_sweep *w)
{
    size_t block = w->block;
    dr_sweep_values(w);
    double wages = sweep_wages(w);
    dr_sweep_inputs(w, w->next + 2 * block, w->next, w->next + block);
    for (size_t j = 0; j < block; j++)
        w->next[block + j] = w->model->spending[j] > 0 ? w->next[block + j] / w->model->spending[j] : 0;
    double costs = w->kernels->change(block, w->next, w->x, 1, 0, w->f);
    double ratios = w->kernels->change(block, w->next + block, w->x + block, DR_NEGLIGIBLE, 1, w->f + block);
    w->kernels->change(w->wages * w->stride, w->next + 2 * block, w->x + 2 * block, 1, 0, w->f + 2 * block);
    size_t at = 2 * block + w->wages * w->stride;
    double wedges = w->limit_count ? w->kernels->change(w->unknowns - at, w->next + at, w->x + at, 1, 0, w->f + at) : 0;
    return dr_worse(dr_worse(wages, wedges), dr_worse(costs, ratios));
}

/* The value of the flows into n of sector s at the border, without the home market; adds each to its exporter's. */
static double imports(const dr_sweep *w, size_t n, size_t s, double *exports)
{
    size_t at = s * w->stride;
    const double *basic = w->basic[s * w->r + n];
    double all = 0, bought = w->spent[at + n] / w->power[at + n];
    for (size_t i = 0; i < w->r; i++) {
        double value = i == n ? 0 : bought * basic[i] * w->supply[at + i];
        all += value;
        exports[i] += value;
    }
    return all;
}

bool dr_sweep_balanced(dr_sweep *w)
{
    const double most = 1e-9;
    double *exports = w->bought, *imported = w->spread; /* free after a sweep */
    bool all = true;
    memset(exports, 0, w->stride * sizeof(double));
    for (size_t n = 0; n < w->r; n++) {
        imported[n] = 0;
        for (size_t s = 0; s < w->s; s++)
            imported[n] += imports(w, n, s, exports);
    }
    for (size_t j = 0; j < w->limited_count; j++)
        if (w->limited[j].border) {
            exports[w->limited[j].i] += w->limited[j].scarcity;
            imported[w->limited[j].n] += w->limited[j].scarcity;
        }
    for (size_t n = 0; n < w->r && all; n++) {
        double gap = imported[n] - exports[n] - w->deficit[n];
        all = fabs(gap) <= most * (imported[n] + exports[n] + fabs(w->deficit[n]));
    }
    return all;
}
