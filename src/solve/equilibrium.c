/* The equilibrium under a scenario, as a fixed point in x = (ln P[n,s], e[n,s], ln w[n]): purchaser prices over base, spending
 * over base spending, wages over base. A sweep computes from x (docs/model.md):
 *
 *   ln c[i,s] = g[i,s] ln w[i] + sum_k a[i,k,s] ln P[i,k]            unit cost
 *   m[i,s]    = c[i,s]^-theta_s
 *   q[n,s]    = sum_i K[n,i,s] m[i,s],  K = pi kappa^-theta constant  so that P[n,s] = q[n,s]^(-1/theta_s)
 *   Y[i,s]    = m[i,s] sum_n K[n,i,s]/(1 + tariff'[n,i,s]) E[n,s] / q[n,s]
 *   E[n,k]    = sum_s a[n,k,s] Y[n,s] + alpha[n,k] I[n],  I = w L + revenue + D
 *   w[n]      = sum_s g[n,s] Y[n,s] / L[n], scaled so that world income stays
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
    size_t r, s, stride, block; /* block: s * stride */
    double *delivered;          /* K [s][n][i] */
    double *basic;              /* K / (1 + tariff') [s][n][i] */
    bool *taxed;                /* [s]: basic differs from delivered */
    double *x, *f;              /* unknowns and residual: prices, spending ratios [s][n], wages [n] */
    double *cost, *supply;      /* ln c, m [s][n] */
    double *power;              /* q [s][n] */
    double *spent, *output;     /* E, Y [s][n] */
    double *demand;             /* E of the next sweep [s][n] */
    double *labour, *wage;      /* base factor income; e^x [n] */
    double *revenue, *earned, *deficit, *income, *paid; /* [n] */
    double residual;            /* of the last sweep */
    double *reached;            /* x of the largest part of the shock solved so far */
    double *best;               /* x of the smallest residual so far */
    double smallest;            /* that residual */
    int since;                  /* sweeps since then */
    double damping;             /* part of its step that x takes before acceleration */
    int starved;                /* a region whose income was held at the floor in the last sweep, or -1 */
    dr_anderson *anderson;
} sweep;

static void sweep_free(sweep *w)
{
    double *arrays[] = {w->delivered, w->basic,  w->x,       w->f,      w->cost,    w->supply, w->power, w->spent, w->output,
                        w->demand,    w->labour, w->wage,    w->revenue, w->earned, w->deficit, w->income, w->paid,  w->best,
                        w->reached};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    free(w->taxed);
    dr_anderson_free(w->anderson);
}

static dr_status sweep_new(sweep *w, const dr_model *model)
{
    *w = (sweep){.model = model, .kernels = dr_kernels_best(), .starved = -1};
    w->r = model->regions;
    w->s = model->sectors;
    w->stride = model->stride;
    w->block = w->s * w->stride;
    size_t unknowns = 2 * w->block + w->stride;
    double **large[] = {&w->delivered, &w->basic};
    double **blocks[] = {&w->cost, &w->supply, &w->power, &w->spent, &w->output, &w->demand};
    double **rows[] = {&w->labour, &w->wage, &w->revenue, &w->earned, &w->deficit, &w->income, &w->paid};
    bool there = (w->x = dr_new_doubles(unknowns)) && (w->f = dr_new_doubles(unknowns)) && (w->best = dr_new_doubles(unknowns)) &&
                 (w->reached = dr_new_doubles(unknowns)) &&
                 (w->taxed = dr_new(w->s, sizeof *w->taxed));
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        there = (*large[i] = dr_new_doubles(w->block * w->r)) && there;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        there = (*blocks[i] = dr_new_doubles(w->block)) && there;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        there = (*rows[i] = dr_new_doubles(w->stride)) && there;
    if (!there)
        return dr_fail_memory();
    return dr_anderson_new(&w->anderson, unknowns, w->kernels);
}

/* K and K / (1 + tariff') from the base's shares and a part of the scenario: kappa^part, and tariffs that much of the way in
 * logs. Bans are whole. The power is taken for changed flows only. */
static void sweep_load(sweep *w, const dr_scenario *scenario, double part)
{
    const dr_model *m = w->model;
    memcpy(w->delivered, m->import_share, w->block * w->r * sizeof(double));
    memcpy(w->basic, m->import_share, w->block * w->r * sizeof(double));
    for (size_t n = 0; n < w->r; n++)
        for (size_t i = 0; i < w->r; i++)
            for (size_t s = 0; s < w->s; s++) {
                size_t flow = (n * w->r + i) * w->s + s;
                double base_tariff = m->base.tariff ? m->base.tariff[flow] : 0;
                bool changed = scenario && scenario->change[flow];
                if (base_tariff == 0 && !changed)
                    continue;
                double *k = w->delivered + (s * w->r + n) * w->stride + i;
                double taxed = 1 + base_tariff;
                if (changed) {
                    *k *= pow(dr_scenario_kappa(scenario, base_tariff, flow), -m->theta[s] * part);
                    taxed *= pow((1 + dr_scenario_rate(scenario, base_tariff, flow)) / taxed, part);
                }
                w->basic[(s * w->r + n) * w->stride + i] = *k / taxed;
                w->taxed[s] |= taxed != 1;
            }
}

/* Begins at x = `from`, or at the base if NULL. */
static void sweep_start(sweep *w, const double *from)
{
    size_t unknowns = 2 * w->block + w->stride;
    for (size_t j = 0; j < w->block; j++)
        w->power[j] = 1; /* and stays so in the padding, where the logarithm must be 0 */
    for (size_t j = 0; !from && j < unknowns; j++)
        w->x[j] = j >= w->block && j < 2 * w->block && w->model->spending[j - w->block] > 0;
    if (from)
        memcpy(w->x, from, unknowns * sizeof(double));
    for (size_t n = 0; n < w->r; n++)
        w->labour[n] = w->model->base.factor_income[n];
    dr_anderson_restart(w->anderson);
    w->smallest = INFINITY;
    w->since = 0;
    w->damping = 1;
}

/* Unit costs and what they do to supply: ln c and m = c^-theta. */
static void sweep_costs(sweep *w)
{
    const dr_model *m = w->model;
    const double *wage = w->x + 2 * w->block;
    for (size_t s = 0; s < w->s; s++) {
        double *cost = w->cost + s * w->stride, *supply = w->supply + s * w->stride;
        for (size_t n = 0; n < w->stride; n++)
            cost[n] = m->value_added_share[s * w->stride + n] * wage[n];
        w->kernels->gather(w->s, w->stride, m->input_share + s * w->block, w->x, cost);
        for (size_t n = 0; n < w->stride; n++)
            supply[n] = -m->theta[s] * cost[n];
    }
    w->kernels->exp(w->block, w->supply, w->supply);
}

/* Who buys from whom: price powers q, output Y and tariff revenue. */
static void sweep_trade(sweep *w)
{
    const double *ratio = w->x + w->block;
    memset(w->output, 0, w->block * sizeof(double));
    memset(w->revenue, 0, w->stride * sizeof(double));
    for (size_t j = 0; j < w->block; j++)
        w->spent[j] = ratio[j] * w->model->spending[j];
    for (size_t s = 0; s < w->s; s++) {
        size_t row = s * w->stride;
        const double *delivered = w->delivered + row * w->r;
        const double *basic = w->taxed[s] ? w->basic + row * w->r : delivered;
        w->kernels->trade(w->r, w->stride, delivered, basic, w->supply + row, w->spent + row, w->power + row,
                          w->output + row, w->revenue);
    }
}

/* Income and what it and the sectors demand. */
static void sweep_demand(sweep *w)
{
    const dr_model *m = w->model;
    memset(w->paid, 0, w->stride * sizeof(double));
    w->kernels->exp(w->stride, w->x + 2 * w->block, w->wage);
    for (size_t n = 0; n < w->r; n++)
        w->earned[n] = w->wage[n] * w->labour[n] + w->revenue[n];
    dr_closure_deficits(m, w->earned, w->deficit);
    w->starved = -1;
    for (size_t n = 0; n < w->r; n++) {
        w->income[n] = w->earned[n] + w->deficit[n];
        if (w->income[n] < LEAST_INCOME * w->earned[n]) {
            w->income[n] = LEAST_INCOME * w->earned[n];
            w->starved = (int)n;
        }
    }
    memset(w->demand, 0, w->block * sizeof(double));
    w->kernels->scatter(w->s, w->stride, m->final_share, w->income, w->demand);
    for (size_t s = 0; s < w->s; s++) {
        const double *output = w->output + s * w->stride;
        w->kernels->scatter(w->s, w->stride, m->input_share + s * w->block, output, w->demand);
        w->kernels->scatter(1, w->stride, m->value_added_share + s * w->stride, output, w->paid);
    }
}

/* The residual f = G(x) - x; returns its largest entry, the wage's in full. */
static double sweep_residual(sweep *w)
{
    const dr_model *m = w->model;
    const double *price = w->x, *ratio = w->x + w->block, *wage = w->x + 2 * w->block;
    double *f_price = w->f, *f_ratio = w->f + w->block, *f_wage = w->f + 2 * w->block;
    double largest = 0, all_labour = 0, all_paid = 0;
    w->kernels->log(w->block, w->power, f_price);
    for (size_t s = 0; s < w->s; s++)
        for (size_t n = 0; n < w->r; n++) {
            size_t j = s * w->stride + n;
            f_price[j] = -f_price[j] / m->theta[s] - price[j];
            f_ratio[j] = m->spending[j] > 0 ? w->demand[j] / m->spending[j] - ratio[j] : 0;
            largest = fmax(largest, fabs(f_price[j]));
            largest = fmax(largest, fabs(f_ratio[j]) / fmax(fabs(ratio[j]), DR_NEGLIGIBLE));
        }
    for (size_t n = 0; n < w->r; n++) {
        all_labour += w->labour[n];
        all_paid += w->paid[n];
    }
    for (size_t n = 0; n < w->r; n++) {
        double ratio_paid = w->labour[n] > 0 ? w->paid[n] / w->labour[n] * all_labour / all_paid : 1;
        double step = log(fmax(ratio_paid, LEAST_STEP * w->wage[n])) - wage[n];
        largest = fmax(largest, fabs(step));
        f_wage[n] = WAGE_STEP * step;
    }
    return isfinite(largest) ? largest : INFINITY;
}

static double sweep_once(sweep *w)
{
    sweep_costs(w);
    sweep_trade(w);
    sweep_demand(w);
    return sweep_residual(w);
}

/* Acceleration overshoots where a shock is large. When no better point has been found for a while the search goes back to the
 * best one, forgets its steps, and takes smaller ones. */
static void sweep_guard(sweep *w, double residual)
{
    const int patience = 40;
    const double least_damping = 1.0 / 64;
    size_t unknowns = 2 * w->block + w->stride;
    if (residual < w->smallest) {
        w->smallest = residual;
        w->since = 0;
        memcpy(w->best, w->x, unknowns * sizeof(double));
    } else if (++w->since > patience || !(residual < 1e6)) {
        w->since = 0;
        w->damping = fmax(w->damping / 2, least_damping);
        memcpy(w->x, w->best, unknowns * sizeof(double));
        dr_anderson_restart(w->anderson);
        sweep_once(w);
    }
    for (size_t i = 0; w->damping < 1 && i < unknowns; i++)
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
    return dr_fail(DR_NO_SOLUTION,
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
    memcpy(w->reached, w->x, (2 * w->block + w->stride) * sizeof(double));
    while (reached < 1 && step >= least_step && *sweeps < all) {
        double part = fmin(1, reached + step);
        sweep_load(w, scenario, part);
        sweep_start(w, w->reached);
        if (sweep_converge(w, most < all - *sweeps ? most : all - *sweeps, sweeps)) {
            reached = part;
            memcpy(w->reached, w->x, (2 * w->block + w->stride) * sizeof(double));
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
            solution->price[n * s + k] = exp(w->x[j]);
            solution->cost[n * s + k] = exp(w->cost[j]);
            solution->output[n * s + k] = w->output[j];
            solution->spending[n * s + k] = w->spent[j];
            for (size_t i = 0; i < r; i++) {
                size_t flow = (n * r + i) * s + k;
                solution->flow[flow] = w->basic[(k * r + n) * w->stride + i] * w->supply[k * w->stride + i] *
                                       w->spent[j] / w->power[j];
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
            const double *row = w->delivered + (s * w->r + n) * w->stride;
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
    DR_TRY(sweep_new(w, solution->model));
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
