#include "solve/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Acceleration overshoots where a shock is large. When no better point has been found for a while the search goes back to the
 * best one, forgets its steps, and takes smaller ones. */
static void search_guard(dr_search *f, double residual)
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

/* Sweeps from x until the residual is within tolerance, `most` times at most; false if it never is. */
static bool sweep_to_rest(dr_search *f, int most)
{
    dr_sweep *w = &f->sweep;
    dr_anderson_restart(f->anderson);
    f->smallest = INFINITY;
    f->since = 0;
    f->damping = 1;
    for (int k = 0; k < most; k++) {
        double residual = dr_sweep_once(w);
        f->sweeps++;
        if (residual <= w->model->tolerance)
            return w->starved < 0 && dr_sweep_balanced(w);
        search_guard(f, residual);
        dr_anderson_step(f->anderson, w->x, w->f);
    }
    return false;
}

/* Says how far the scenario could be followed, and whose income was nearest to nothing there. */
static dr_status no_equilibrium(dr_search *f, double reached)
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
    const double least_step = 1.0 / 1024, most_steps = 8;
    double before = 0, last = 0, step = 0.25;
    dr_sweep *w = &f->sweep;
    dr_sweep_base(w);
    copy(w, f->reached, w->x);
    copy(w, f->before, w->x);
    while (last < 1 && step >= least_step) {
        double part = fmin(1, last + step);
        long steps = dr_newton_steps(f->newton);
        dr_sweep_load(w, scenario, part);
        predict(f, before, last, part);
        if (!dr_newton_solve(f->newton)) {
            step /= 2;
            continue;
        }
        copy(w, f->before, f->reached);
        copy(w, f->reached, w->x);
        before = last;
        last = part;
        f->parts++;
        if (dr_newton_steps(f->newton) - steps <= (long)most_steps)
            step *= 2;
    }
    *reached = last;
    return last == 1;
}

dr_status dr_search_solve(dr_search *f, const dr_scenario *scenario)
{
    const int most = 400;
    dr_sweep *w = &f->sweep;
    double reached = 0;
    dr_sweep_load(w, scenario, 1);
    dr_sweep_base(w);
    f->parts = 1;
    if (!getenv("NOSWEEP") && sweep_to_rest(f, most < w->model->max_sweeps ? most : w->model->max_sweeps))
        return DR_OK;
    DR_TRY(dr_newton_new(&f->newton, w));
    copy(w, w->x, f->best);
    if (!getenv("NOSWEEP") && dr_newton_solve(f->newton))
        return DR_OK;
    f->parts = 0;
    if (follow(f, scenario, &reached))
        return DR_OK;
    dr_sweep_load(w, scenario, reached);
    return no_equilibrium(f, reached);
}
