/* The search for the equilibrium: sweeps (sweep.h) whose steps Anderson acceleration takes, and continuation in the size of the
 * scenario where that fails. */
#define _GNU_SOURCE /* clock_gettime */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "solve/anderson.h"
#include "solve/sweep.h"

/* The search for the fixed point. */
typedef struct search {
    dr_sweep sweep;
    dr_anderson *anderson;
    double *reached; /* x of the largest part of the scenario solved so far */
    double *best;    /* x of the smallest residual since the last start */
    double smallest; /* that residual */
    int since;       /* sweeps since then */
    double damping;  /* part of its step that x takes before acceleration */
    int sweeps;      /* in all */
} search;

static void search_free(search *f)
{
    dr_sweep_free(&f->sweep);
    dr_anderson_free(f->anderson);
    free(f->reached);
    free(f->best);
}

static dr_status search_new(search *f, const dr_model *model, const dr_scenario *scenario)
{
    DR_TRY(dr_sweep_new(&f->sweep, model, scenario));
    f->reached = dr_new_doubles(f->sweep.unknowns);
    f->best = dr_new_doubles(f->sweep.unknowns);
    if (!f->reached || !f->best)
        return dr_fail_memory();
    return dr_anderson_new(&f->anderson, f->sweep.unknowns, f->sweep.kernels);
}

static void copy(const dr_sweep *w, double *to, const double *from)
{
    memcpy(to, from, w->unknowns * sizeof(double));
}

/* Begins again at the largest part solved so far. */
static void search_start(search *f)
{
    copy(&f->sweep, f->sweep.x, f->reached);
    dr_anderson_restart(f->anderson);
    f->smallest = INFINITY;
    f->since = 0;
    f->damping = 1;
}

/* Acceleration overshoots where a shock is large. When no better point has been found for a while the search goes back to the
 * best one, forgets its steps, and takes smaller ones. */
static void search_guard(search *f, double residual)
{
    const int patience = 40;
    const double least_damping = 1.0 / 64;
    dr_sweep *w = &f->sweep;
    if (residual < f->smallest) {
        f->smallest = residual;
        f->since = 0;
        copy(w, f->best, w->x);
    } else if (++f->since > patience || !(residual < 1e6)) {
        f->since = 0;
        f->damping = fmax(f->damping / 2, least_damping);
        copy(w, w->x, f->best);
        dr_anderson_restart(f->anderson);
        dr_sweep_once(w);
    }
    for (size_t i = 0; f->damping < 1 && i < w->unknowns; i++)
        w->f[i] *= f->damping;
}

/* Sweeps until the residual is within tolerance, `most` times at most; false if it never is. */
static bool search_converge(search *f, int most)
{
    dr_sweep *w = &f->sweep;
    search_start(f);
    for (int k = 0; k < most; k++) {
        double residual = dr_sweep_once(w);
        f->sweeps++;
        if (residual <= w->model->tolerance)
            return w->starved < 0;
        search_guard(f, residual);
        dr_anderson_step(f->anderson, w->x, w->f);
    }
    return false;
}

/* Says how far the scenario could be followed, and whose income was nearest to nothing there. */
static dr_status no_equilibrium(search *f, double reached)
{
    size_t poorest = 0;
    dr_sweep *w = &f->sweep;
    copy(w, w->x, f->reached);
    dr_sweep_once(w);
    for (size_t n = 0; n < w->r; n++)
        if (w->income[n] / w->earned[n] < w->income[poorest] / w->earned[poorest])
            poorest = n;
    return dr_fail(
        DR_NO_SOLUTION,
        "no equilibrium found in %d sweeps: the scenario can be followed to %.0f%% of its size, where %s spends "
        "%.1f%% of what it earns; under another closure a solution may exist",
        f->sweeps, 100 * reached, w->model->economy->region_codes.names[poorest],
        100 * w->income[poorest] / w->earned[poorest]);
}

/* Solves at once where that works, else by continuation: part by part of the shock, each from the solution before it. */
static dr_status search_solve(search *f, const dr_scenario *scenario)
{
    const int most = 400, all = f->sweep.model->max_sweeps;
    const double least_step = 1.0 / 512;
    double reached = 0, step = 1;
    dr_sweep *w = &f->sweep;
    dr_sweep_base(w);
    copy(w, f->reached, w->x);
    while (reached < 1 && step >= least_step && f->sweeps < all) {
        double part = fmin(1, reached + step);
        dr_sweep_load(w, scenario, part);
        if (search_converge(f, most < all - f->sweeps ? most : all - f->sweeps)) {
            reached = part;
            copy(w, f->reached, w->x);
            step *= 2;
        } else {
            step /= 2;
        }
    }
    if (reached == 1)
        return DR_OK;
    dr_sweep_load(w, scenario, reached);
    return no_equilibrium(f, reached);
}

static dr_status solution_arrays(dr_solution *solution)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    double **tables[] = {&solution->price,    &solution->cost,        &solution->output,
                         &solution->spending, &solution->sector_wage, &solution->value_added};
    double **of_factors[] = {&solution->factor_wage, &solution->factor_pay, &solution->factor_mean};
    double **rows[] = {&solution->wage, &solution->tariff_revenue, &solution->deficit, &solution->income,
                       &solution->rents};
    bool there = (solution->flow = dr_new_doubles(r * r * s)) != NULL;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        there = (*tables[i] = dr_new_doubles(r * s)) && there;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        there = (*rows[i] = dr_new_doubles(r)) && there;
    if (m->floor)
        there = (solution->employment = dr_new_doubles(m->factors * r * s)) && there;
    for (size_t i = 0; i < sizeof of_factors / sizeof *of_factors; i++)
        there = (*of_factors[i] = dr_new_doubles(m->factors * r * s)) && there;
    return there ? DR_OK : dr_fail_memory();
}

/* What factors earn: in region n, and in its sectors. */
static void solution_factors(dr_solution *solution, const dr_sweep *w, size_t n)
{
    const dr_model *m = solution->model;
    double earned = 0;
    for (size_t f = 0; f < m->factors; f++) {
        solution->factor_mean[f * w->r + n] = w->mean_wage[f * w->stride + n];
        earned += w->mean_wage[f * w->stride + n] * w->all_labour[f * w->stride + n];
        for (size_t k = 0; k < w->s; k++) {
            size_t at = (f * w->r + n) * w->s + k, j = k * w->stride + n;
            solution->factor_wage[at] = w->wage[(w->first[f] + (w->rows[f] > 1 ? k : 0)) * w->stride + n];
            if (m->floor) {
                double clears = solution->factor_wage[at], floor = dr_factor_is_labour(m, f) ? exp(m->floor[n]) : 0;
                solution->factor_wage[at] = fmax(clears, floor);
                solution->employment[at] = clears < floor ? clears / floor : 1;
            }
            solution->factor_pay[at] = m->factors > 1 ? w->factor_pay[f * w->block + j] : w->pay[j];
        }
    }
    solution->wage[n] = m->factors > 1 ? earned / m->base.factor_income[n] : w->mean_wage[n];
}

/* From the last sweep to levels in the public layout. */
static void solution_fill(dr_solution *solution, dr_sweep *w)
{
    size_t r = w->r, s = w->s;
    dr_rows primary = dr_sweep_primary(w, w->x + 2 * w->block);
    for (size_t n = 0; n < r; n++) {
        solution_factors(solution, w, n);
        solution->deficit[n] = w->deficit[n];
        solution->income[n] = w->income[n];
        solution->rents[n] = w->rents[n];
        for (size_t k = 0; k < s; k++) {
            size_t j = k * w->stride + n;
            solution->price[n * s + k] = exp(w->price[j]);
            solution->cost[n * s + k] = exp(w->x[j]);
            solution->sector_wage[n * s + k] = exp(primary.first[k * primary.step + n]);
            solution->value_added[n * s + k] = w->pay[j];
            solution->output[n * s + k] = w->output[j];
            solution->spending[n * s + k] = w->spent[j];
            for (size_t i = 0; i < r; i++) {
                size_t flow = (n * r + i) * s + k;
                solution->flow[flow] =
                    w->basic[k * r + n][i] * w->supply[k * w->stride + i] * w->spent[j] / w->power[j];
            }
        }
    }
}

/* Sums revenue anew, so that it is exactly zero where no tariff is. */
static void solution_revenue(dr_solution *solution)
{
    size_t r = solution->model->regions, row = r * solution->model->sectors;
    for (size_t flow = 0; solution->tariff && flow < r * row; flow++)
        solution->tariff_revenue[flow / row] += solution->tariff[flow] * solution->flow[flow];
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
        solution->tariff[flow] = dr_scenario_rate(scenario, dr_base_tariff(&m->base, flow), flow);
    return DR_OK;
}

/* A good that somebody needs and nobody may supply any more has no price. */
static dr_status check_suppliers(const dr_sweep *w)
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

static dr_status solve(dr_solution *solution, search *f, const dr_scenario *scenario)
{
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    DR_TRY(search_new(f, solution->model, scenario));
    dr_sweep_load(&f->sweep, scenario, 1);
    DR_TRY(check_suppliers(&f->sweep));
    DR_TRY(search_solve(f, scenario));
    clock_gettime(CLOCK_MONOTONIC, &end);
    solution->certificate.sweeps = f->sweeps;
    solution->certificate.solve_seconds =
        (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    DR_TRY(solution_arrays(solution));
    DR_TRY(solution_tariffs(solution, scenario));
    solution_fill(solution, &f->sweep);
    if (f->sweep.caps)
        DR_TRY(dr_curbs_report(&f->sweep, scenario, solution));
    solution_revenue(solution);
    return DR_OK;
}

dr_status dr_equilibrium_solve(dr_solution *solution, const dr_model *model, const dr_scenario *scenario)
{
    search f = {0};
    solution->model = model;
    dr_status status = solve(solution, &f, scenario);
    search_free(&f);
    return status;
}
