#include "solve/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"

void dr_search_free(dr_search *f)
{
    dr_newton_free(f->newton);
    dr_sweep_free(&f->sweep);
    dr_anderson_free(f->anderson);
    free(f->best);
    free(f->reached);
    free(f->before);
}

dr_status dr_search_new(dr_search *f, const dr_model *model, const dr_scenario *scenario)
{
    DR_TRY(dr_sweep_new(&f->sweep, model, scenario));
    f->best = dr_new_doubles(f->sweep.unknowns);
    f->reached = dr_new_doubles(f->sweep.unknowns);
    f->before = dr_new_doubles(f->sweep.unknowns);
    if (!f->best || !f->reached || !f->before)
        return dr_fail_memory();
    return dr_anderson_new(&f->anderson, f->sweep.unknowns, f->sweep.kernels);
}

static void copy(const dr_sweep *w, double *to, const double *from)
{
    memcpy(to, from, w->unknowns * sizeof(double));
}

/* Sweeps from x until the residual is within tolerance; false once it has not fallen by half for a while, or the sweeps are used
 * up. */
static bool sweep_to_rest(dr_search *f)
{
    const int patience = 60;
    dr_sweep *w = &f->sweep;
    double aim = INFINITY;
    int since = 0;
    dr_anderson_restart(f->anderson);
    f->smallest = INFINITY;
    while (f->sweeps < w->model->options.max_sweeps && since < patience && !dr_cancelled()) {
        double residual = dr_sweep_once(w);
        f->sweeps++;
        since++;
        if (residual <= w->model->options.tolerance)
            return w->starved < 0 && dr_sweep_balanced(w);
        if (residual < f->smallest) {
            f->smallest = residual;
            copy(w, f->best, w->x);
        }
        if (residual < aim) {
            aim = residual / 2;
            since = 0;
        }
        dr_anderson_step(f->anderson, w->x, w->f);
    }
    return false;
}

/* The region that spends least of what it earns, at the largest part solved so far. */
static size_t poorest_region(dr_search *f, const dr_scenario *scenario, double reached)
{
    size_t poorest = 0;
    dr_sweep *w = &f->sweep;
    dr_sweep_load(w, scenario, reached);
    copy(w, w->x, f->reached);
    dr_sweep_values(w);
    for (size_t n = 0; n < w->r; n++)
        if (w->income[n] / w->earned[n] < w->income[poorest] / w->earned[poorest])
            poorest = n;
    return poorest;
}

/* What a region has to spend, of what it earns. */
static double spends(const dr_sweep *w, size_t region)
{
    return w->income[region] / w->earned[region];
}

/* Where the way from the part before through the last one leads at `part`, in the unknowns' own terms: logarithms, but spending as a
 * ratio, which stays above 0. */
static void predict(dr_search *f, double before, double last, double part)
{
    dr_sweep *w = &f->sweep;
    double ahead = last > before ? (part - last) / (last - before) : 0;
    for (size_t j = 0; j < w->unknowns; j++) {
        double from = f->before[j], to = f->reached[j];
        bool ratio = j >= w->block && j < 2 * w->block;
        if (!ratio)
            w->x[j] = to + ahead * (to - from);
        else
            w->x[j] = to > 0 && from > 0 ? to * pow(to / from, ahead) : to;
    }
}

/* Part by part. */
static bool follow(dr_search *f, const dr_scenario *scenario, double *reached)
{
    const double least_step = 1.0 / 1024, small_step = 1.0 / 64, poor = 0.02;
    const long most_steps = 8;
    double before = 0, last = 0, step = 0.25;
    dr_sweep *w = &f->sweep;
    dr_sweep_base(w);
    copy(w, f->reached, w->x);
    copy(w, f->before, w->x);
    while (last < 1 && step >= least_step && !dr_cancelled()) {
        double part = fmin(1, last + step);
        long steps = dr_newton_steps(f->newton);
        dr_sweep_load(w, scenario, part);
        predict(f, before, last, part);
        if (!dr_newton_solve(f->newton)) {
            step /= 2;
            if (step < small_step && spends(w, poorest_region(f, scenario, last)) < poor)
                break;
            continue;
        }
        copy(w, f->before, f->reached);
        copy(w, f->reached, w->x);
        before = last;
        last = part;
        f->parts++;
        if (dr_newton_steps(f->newton) - steps <= most_steps)
            step *= 2;
    }
    *reached = last;
    return last == 1;
}

/* Says how far the scenario could be followed, and whose income was nearest to nothing there. */
static dr_status no_equilibrium(dr_search *f, const dr_scenario *scenario, double reached)
{
    const dr_sweep *w = &f->sweep;
    size_t poorest = poorest_region(f, scenario, reached);
    return dr_fail(
        DR_NO_SOLUTION,
        "no equilibrium found in %d sweeps and %ld Newton steps: the scenario can be followed to %.0f%% of its "
        "size, where %s spends %.1f%% of what it earns; under another closure a solution may exist",
        f->sweeps, dr_newton_steps(f->newton), floor(100 * reached), w->model->economy->region_codes.names[poorest],
        100 * spends(w, poorest));
}

dr_status dr_search_solve(dr_search *f, const dr_scenario *scenario, const dr_solution *near)
{
    dr_sweep *w = &f->sweep;
    double reached = 0;
    dr_sweep_load(w, scenario, 1);
    f->parts = 1;
    if (near) {
        dr_sweep_at(w, near);
        if (sweep_to_rest(f))
            return DR_OK;
    }
    dr_sweep_base(w);
    if (sweep_to_rest(f))
        return DR_OK;
    DR_TRY(dr_cancel_check());
    DR_TRY(dr_newton_new(&f->newton, w, w->model->options.max_sweeps - f->sweeps));
    copy(w, w->x, f->best);
    if (dr_newton_solve(f->newton))
        return DR_OK;
    f->parts = 0;
    if (follow(f, scenario, &reached))
        return DR_OK;
    DR_TRY(dr_cancel_check());
    return no_equilibrium(f, scenario, reached);
}
