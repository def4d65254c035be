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
    int starved;                /* a region whose income was held at the floor in the last sweep, or -1 */
    dr_anderson *anderson;
} sweep;

static void sweep_free(sweep *w)
{
    double *arrays[] = {w->delivered, w->basic,  w->x,       w->f,      w->cost,    w->supply, w->power, w->spent, w->output,
                        w->demand,    w->labour, w->wage, w->revenue, w->earned, w->deficit, w->income, w->paid};
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
    bool there = (w->x = dr_new_doubles(unknowns)) && (w->f = dr_new_doubles(unknowns)) &&
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

/* K and K / (1 + tariff') from the base's shares and the scenario; the power is taken for changed flows only. */
static void sweep_load(sweep *w, const dr_scenario *scenario)
{
    const dr_model *m = w->model;
    memcpy(w->delivered, m->import_share, w->block * w->r * sizeof(double));
    memcpy(w->basic, m->import_share, w->block * w->r * sizeof(double));
    for (size_t n = 0; n < w->r; n++)
        for (size_t i = 0; i < w->r; i++)
            for (size_t s = 0; s < w->s; s++) {
                size_t flow = (n * w->r + i) * w->s + s;
                double base_tariff = m->base.tariff ? m->base.tariff[flow] : 0;
                double tariff = dr_scenario_rate(scenario, base_tariff, flow);
                bool changed = scenario && scenario->change[flow];
                if (tariff == 0 && !changed)
                    continue;
                double *k = w->delivered + (s * w->r + n) * w->stride + i;
                if (changed)
                    *k *= pow(dr_scenario_kappa(scenario, base_tariff, flow), -m->theta[s]);
                w->basic[(s * w->r + n) * w->stride + i] = *k / (1 + tariff);
                w->taxed[s] |= tariff != 0;
            }
}

static void sweep_start(sweep *w)
{
    for (size_t j = 0; j < w->block; j++) {
        w->x[j] = 0;
        w->x[w->block + j] = w->model->spending[j] > 0;
    }
    for (size_t n = 0; n < w->r; n++) {
        w->x[2 * w->block + n] = 0;
        w->labour[n] = w->model->base.factor_income[n];
    }
    dr_anderson_restart(w->anderson);
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

/* Sweeps until the residual is within tolerance. The padding of price powers is kept at 1, whose logarithm is 0. */
static dr_status sweep_solve(sweep *w, int *sweeps)
{
    const dr_model *m = w->model;
    double residual = INFINITY;
    for (size_t j = 0; j < w->block; j++)
        w->power[j] = 1;
    sweep_start(w);
    for (int k = 1; k <= m->max_sweeps; k++) {
        residual = sweep_once(w);
        *sweeps = k;
        if (residual <= m->tolerance && w->starved >= 0)
            break;
        if (residual <= m->tolerance)
            return DR_OK;
        if (!isfinite(residual))
            break;
        dr_anderson_step(w->anderson, w->x, w->f);
    }
    if (w->starved >= 0)
        return dr_fail(DR_NO_SOLUTION,
                       "the closure is infeasible: the surplus of %s is more than it earns, so that nothing is left to spend",
                       m->economy->region_codes.names[w->starved]);
    return dr_fail(DR_NO_SOLUTION, "no convergence: after %d sweeps prices still change by %.1e (tolerance %.1e)", *sweeps,
                   residual, m->tolerance);
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

/* From the last sweep to levels in the public layout. */
static void solution_fill(dr_solution *solution, const sweep *w)
{
    size_t r = w->r, s = w->s;
    for (size_t n = 0; n < r; n++) {
        solution->wage[n] = w->wage[n];
        solution->tariff_revenue[n] = w->revenue[n];
        solution->deficit[n] = w->deficit[n];
        solution->income[n] = w->income[n];
        for (size_t k = 0; k < s; k++) {
            size_t j = k * w->stride + n;
            solution->price[n * s + k] = exp(w->x[j]);
            solution->cost[n * s + k] = exp(w->cost[j]);
            solution->output[n * s + k] = w->output[j];
            solution->spending[n * s + k] = w->spent[j];
            for (size_t i = 0; i < r; i++)
                solution->flow[(n * r + i) * s + k] = w->basic[(k * r + n) * w->stride + i] *
                                                      w->supply[k * w->stride + i] * w->spent[j] / w->power[j];
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
    sweep_load(w, scenario);
    DR_TRY(check_suppliers(w));
    DR_TRY(sweep_solve(w, &solution->certificate.sweeps));
    clock_gettime(CLOCK_MONOTONIC, &end);
    solution->certificate.solve_seconds =
        (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    DR_TRY(solution_arrays(solution));
    solution_fill(solution, w);
    return solution_tariffs(solution, scenario);
}

dr_status dr_equilibrium_solve(dr_solution *solution, const dr_model *model, const dr_scenario *scenario)
{
    sweep w = {0};
    solution->model = model;
    dr_status status = solve(solution, &w, scenario);
    sweep_free(&w);
    return status;
}
