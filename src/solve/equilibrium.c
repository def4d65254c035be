/* The equilibrium under a scenario, as a fixed point in x = (ln c[n,s], e[n,s], ln w[n]): unit costs over base, spending over
 * base spending, wages over base. A sweep computes from x (docs/model.md):
 *
 *   m[i,s]    = c[i,s]^-theta_s
 *   q[n,s]    = sum_i K[n,i,s] m[i,s],  K = pi kappa^-theta constant  so that P[n,s] = q[n,s]^(-1/theta_s)
 *   Y[i,s]    = m[i,s] sum_n K[n,i,s]/(1 + tariff'[n,i,s]) E[n,s] / q[n,s]
 *   w[n]      = sum_s g[n,s] Y[n,s] / L[n], scaled so that world income stays
 *   ln c[n,s] = g[n,s] ln w[n] + sum_k a[n,k,s] ln P[n,k]
 *   E[n,k]    = sum_s a[n,k,s] Y[n,s] + alpha[n,k] I[n],  I = w L + revenue + D with the wage of x
 *
 * and Anderson acceleration takes the step. Everything is allocated before the first sweep. */
#define _GNU_SOURCE /* clock_gettime */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "solve/anderson.h"
#include "solve/kernels.h"
#include "solve/model.h"

/* The part of its own step that the wage takes before acceleration; the whole step overshoots where theta is large. */
static const double WAGE_STEP = 0.3;

/* A wage falls no further than this in a sweep, and an income no lower than this share of earnings, on the way; an income that
 * ends there is an infeasible closure. */
static const double LEAST_STEP = 1e-3, LEAST_INCOME = 1e-6;

typedef struct sweep {
    const dr_model *model;
    const dr_kernels *kernels;
    size_t r, s, stride, block, unknowns; /* block: s * stride */
    const double **delivered;             /* K [s][n], rows over exporters */
    const double **basic;                 /* K / (1 + tariff') */
    double *own;                          /* the rows of both that are not the model's */
    double loaded;                        /* the part of the scenario that they hold */
    double *numbers;                      /* the arrays below */
    double *x, *f;                        /* unknowns and residual: ln c, spending ratios [s][n], ln w [n] */
    double *next;                         /* G(x) */
    double *supply, *power, *price;       /* m, q, ln P [s][n] */
    double *price_step;                   /* -1 / theta [s] */
    double *spent, *output;               /* E, Y [s][n] */
    double *labour, *wage;                /* base factor income; e^x [n] */
    double *revenue, *earned, *deficit, *income, *paid, *bought; /* [n] */
    double residual;                                             /* of the last sweep */
    double *reached;                                             /* x of the largest part of the shock solved so far */
    double *best;                                                /* x of the smallest residual so far */
    double smallest;                                             /* that residual */
    int since;                                                   /* sweeps since then */
    double damping;                                              /* part of its step that x takes before acceleration */
    int starved; /* a region whose income was held at the floor in the last sweep, or -1 */
    dr_anderson *anderson;
} sweep;

static void sweep_free(sweep *w)
{
    free((void *)w->delivered);
    free((void *)w->basic);
    free(w->own);
    free(w->numbers);
    dr_anderson_free(w->anderson);
}

static double tariff_of(const dr_model *m, size_t flow)
{
    return m->base.tariff ? m->base.tariff[flow] : 0;
}

/* Points every row [s][n] at the model's import shares, but for those with a tariff or a change, which get rows of their own. */
static dr_status sweep_rows(sweep *w, const dr_scenario *scenario)
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

static dr_status sweep_new(sweep *w, const dr_model *model, const dr_scenario *scenario)
{
    size_t row = model->stride, block = model->sectors * row, unknowns = 2 * block + row, all = 0;
    *w = (sweep){.model = model, .kernels = dr_kernels_best(), .loaded = -1, .starved = -1};
    w->r = model->regions;
    w->s = model->sectors;
    w->stride = row;
    w->block = block;
    w->unknowns = unknowns;
    struct {
        double **array;
        size_t count;
    } wanted[] = {{&w->x, unknowns},
                  {&w->f, unknowns},
                  {&w->next, unknowns},
                  {&w->reached, unknowns},
                  {&w->best, unknowns},
                  {&w->supply, block},
                  {&w->power, block},
                  {&w->price, block},
                  {&w->spent, block},
                  {&w->output, block},
                  {&w->price_step, (w->s + 7) / 8 * 8},
                  {&w->labour, row},
                  {&w->wage, row},
                  {&w->revenue, row},
                  {&w->earned, row},
                  {&w->deficit, row},
                  {&w->income, row},
                  {&w->paid, row},
                  {&w->bought, row}};
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
    DR_TRY(sweep_rows(w, scenario));
    return dr_anderson_new(&w->anderson, unknowns, w->kernels);
}

/* Fills a row of K, and one of K / (1 + tariff'). */
static void load_row(const sweep *w, const dr_scenario *scenario, double part, size_t n, size_t s, double *delivered,
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

/* K and K / (1 + tariff') from the base's shares and a part of the scenario: kappa^part, and tariffs that much of the way in
 * logs. Bans are whole. */
static void sweep_load(sweep *w, const dr_scenario *scenario, double part)
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

/* Begins at x = `from`, or at the base if NULL. */
static void sweep_start(sweep *w, const double *from)
{
    for (size_t j = 0; j < w->block; j++)
        w->power[j] = 1; /* and stays so in the padding, where the logarithm must be 0 */
    for (size_t j = 0; !from && j < w->unknowns; j++)
        w->x[j] = j >= w->block && j < 2 * w->block && w->model->spending[j - w->block] > 0;
    if (from)
        memcpy(w->x, from, w->unknowns * sizeof(double));
    for (size_t n = 0; n < w->r; n++)
        w->labour[n] = w->model->base.factor_income[n];
    for (size_t s = 0; s < w->s; s++)
        w->price_step[s] = -1 / w->model->theta[s];
    dr_anderson_restart(w->anderson);
    w->smallest = INFINITY;
    w->since = 0;
    w->damping = 1;
}

/* Who buys from whom at the costs of x: price powers q, prices, output Y and tariff revenue. */
static void sweep_trade(sweep *w)
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
static void sweep_incomes(sweep *w)
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
static double sweep_wages(sweep *w)
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
static void sweep_inputs(sweep *w)
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
    for (size_t s = 0; s < w->s; s++)
        w->kernels->inputs(w->s, w->stride, m->input_share + s * w->block, w->price, w->output + s * w->stride,
                           cost + s * w->stride, demand);
    for (size_t j = 0; j < w->block; j++)
        demand[j] = m->spending[j] > 0 ? demand[j] / m->spending[j] : 0;
}

/* From x to G(x); returns the largest change, the wage's in full. */
static double sweep_once(sweep *w)
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

/* Acceleration overshoots where a shock is large. When no better point has been found for a while the search goes back to the
 * best one, forgets its steps, and takes smaller ones. */
static void sweep_guard(sweep *w, double residual)
{
    const int patience = 40;
    const double least_damping = 1.0 / 64;
    if (residual < w->smallest) {
        w->smallest = residual;
        w->since = 0;
        memcpy(w->best, w->x, w->unknowns * sizeof(double));
    } else if (++w->since > patience || !(residual < 1e6)) {
        w->since = 0;
        w->damping = fmax(w->damping / 2, least_damping);
        memcpy(w->x, w->best, w->unknowns * sizeof(double));
        dr_anderson_restart(w->anderson);
        sweep_once(w);
    }
    for (size_t i = 0; w->damping < 1 && i < w->unknowns; i++)
        w->f[i] *= w->damping;
}

/* Sweeps until the residual is within tolerance, `most` times at most; false if it never is. */
static bool sweep_converge(sweep *w, int most, int *sweeps)
{
    for (int k = 0; k < most; k++) {
        w->residual = sweep_once(w);
        ++*sweeps;
        if (w->residual <= w->model->tolerance)
            return w->starved < 0;
        sweep_guard(w, w->residual);
        dr_anderson_step(w->anderson, w->x, w->f);
    }
    return false;
}

/* Says how far the scenario could be followed, and whose income was nearest to nothing there. */
static dr_status no_equilibrium(sweep *w, double reached, int sweeps)
{
    size_t poorest = 0;
    sweep_start(w, w->reached);
    sweep_once(w);
    for (size_t n = 0; n < w->r; n++)
        if (w->income[n] / w->earned[n] < w->income[poorest] / w->earned[poorest])
            poorest = n;
    return dr_fail(
        DR_NO_SOLUTION,
        "no equilibrium found in %d sweeps: the scenario can be followed to %.0f%% of its size, where %s spends "
        "%.1f%% of what it earns; under another closure a solution may exist",
        sweeps, 100 * reached, w->model->economy->region_codes.names[poorest],
        100 * w->income[poorest] / w->earned[poorest]);
}

/* Solves at once where that works, else by continuation: part by part of the shock, each from the solution before it. */
static dr_status sweep_solve(sweep *w, const dr_scenario *scenario, int *sweeps)
{
    const int most = 400, all = w->model->max_sweeps;
    const double least_step = 1.0 / 512;
    double reached = 0, step = 1;
    *sweeps = 0;
    sweep_start(w, NULL);
    memcpy(w->reached, w->x, w->unknowns * sizeof(double));
    while (reached < 1 && step >= least_step && *sweeps < all) {
        double part = fmin(1, reached + step);
        sweep_load(w, scenario, part);
        sweep_start(w, w->reached);
        if (sweep_converge(w, most < all - *sweeps ? most : all - *sweeps, sweeps)) {
            reached = part;
            memcpy(w->reached, w->x, w->unknowns * sizeof(double));
            step *= 2;
        } else {
            step /= 2;
        }
    }
    if (reached == 1)
        return DR_OK;
    sweep_load(w, scenario, reached);
    return no_equilibrium(w, reached, *sweeps);
}

static dr_status solution_arrays(dr_solution *solution)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    double **tables[] = {&solution->price, &solution->cost, &solution->output, &solution->spending};
    double **rows[] = {&solution->wage, &solution->tariff_revenue, &solution->deficit, &solution->income};
    bool there = (solution->flow = dr_new_doubles(r * r * s)) != NULL;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        there = (*tables[i] = dr_new_doubles(r * s)) && there;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        there = (*rows[i] = dr_new_doubles(r)) && there;
    return there ? DR_OK : dr_fail_memory();
}

/* From the last sweep to levels in the public layout. Revenue is summed anew, so that it is exactly zero where no tariff is. */
static void solution_fill(dr_solution *solution, const sweep *w)
{
    size_t r = w->r, s = w->s;
    for (size_t n = 0; n < r; n++) {
        solution->wage[n] = w->wage[n];
        solution->deficit[n] = w->deficit[n];
        solution->income[n] = w->income[n];
        for (size_t k = 0; k < s; k++) {
            size_t j = k * w->stride + n;
            solution->price[n * s + k] = exp(w->price[j]);
            solution->cost[n * s + k] = exp(w->x[j]);
            solution->output[n * s + k] = w->output[j];
            solution->spending[n * s + k] = w->spent[j];
            for (size_t i = 0; i < r; i++) {
                size_t flow = (n * r + i) * s + k;
                solution->flow[flow] =
                    w->basic[k * r + n][i] * w->supply[k * w->stride + i] * w->spent[j] / w->power[j];
                solution->tariff_revenue[n] += solution->tariff ? solution->tariff[flow] * solution->flow[flow] : 0;
            }
        }
    }
}

static dr_status solution_tariffs(dr_solution *solution, const dr_scenario *scenario)
{
    const dr_model *m = solution->model;
    size_t flows = m->regions * m->regions * m->sectors;
    if (!m->base.tariff && !scenario)
        return DR_OK;
    solution->tariff = dr_new_doubles(flows);
    if (!solution->tariff)
        return dr_fail_memory();
    for (size_t flow = 0; flow < flows; flow++)
        solution->tariff[flow] = dr_scenario_rate(scenario, m->base.tariff ? m->base.tariff[flow] : 0, flow);
    return DR_OK;
}

/* A good that somebody needs and nobody may supply any more has no price. */
static dr_status check_suppliers(const sweep *w)
{
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->r; n++) {
            const double *row = w->delivered[s * w->r + n];
            bool supplied = w->model->spending[s * w->stride + n] == 0;
            for (size_t i = 0; i < w->r && !supplied; i++)
                supplied = row[i] > 0;
            if (!supplied)
                return dr_fail(DR_NO_SOLUTION, "%s loses its last supplier of %s: the bans leave nobody to buy it from",
                               w->model->economy->region_codes.names[n], w->model->economy->sector_codes.names[s]);
        }
    return DR_OK;
}

static dr_status solve(dr_solution *solution, sweep *w, const dr_scenario *scenario)
{
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    DR_TRY(sweep_new(w, solution->model, scenario));
    sweep_load(w, scenario, 1);
    DR_TRY(check_suppliers(w));
    DR_TRY(sweep_solve(w, scenario, &solution->certificate.sweeps));
    clock_gettime(CLOCK_MONOTONIC, &end);
    solution->certificate.solve_seconds =
        (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    DR_TRY(solution_arrays(solution));
    DR_TRY(solution_tariffs(solution, scenario));
    solution_fill(solution, w);
    return DR_OK;
}

dr_status dr_equilibrium_solve(dr_solution *solution, const dr_model *model, const dr_scenario *scenario)
{
    sweep w = {0};
    solution->model = model;
    dr_status status = solve(solution, &w, scenario);
    sweep_free(&w);
    return status;
}
