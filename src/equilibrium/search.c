#include "equilibrium/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/print.h"
#include "equilibrium/region_response.h"

void dr_search_free(dr_search *f)
{
    dr_newton_free(f->newton);
    dr_sweep_free(&f->sweep);
    dr_anderson_free(f->anderson);
    free(f->scratch);
    free(f->best);
    free(f->reached);
    free(f->before);
}

dr_status dr_search_new(dr_search *f, const dr_model *model, const dr_scenario *scenario, double part)
{
    f->part = part;
    DR_TRY(dr_sweep_new(&f->sweep, model, scenario));
    f->best = dr_new_doubles(f->sweep.unknowns);
    f->reached = dr_new_doubles(f->sweep.unknowns);
    f->before = dr_new_doubles(f->sweep.unknowns);
    if (!f->best || !f->reached || !f->before)
        return dr_fail_memory();
    if (model->response && dr_region_response_fits(model->response, &f->sweep)) {
        f->scratch = (float *)dr_new_doubles(dr_region_response_scratch(model->response) / 2);
        if (!f->scratch)
            return dr_fail_memory();
    }
    return dr_anderson_new(&f->anderson, f->sweep.unknowns, f->sweep.kernels);
}

static void copy(const dr_sweep *w, double *to, const double *from)
{
    memcpy(to, from, w->unknowns * sizeof(double));
}

/* Sweeps from x until the residual is within tolerance; false once it has not fallen by half for a while, or the sweeps
 * are used up. The response of regions at the base either saves most of the sweeps or, far from the base, is no help:
 * then the search turns to plain sweeps. */
static bool sweep_to_rest(dr_search *f)
{
    const int patience = f->scratch ? 20 : 60;
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
        if (f->scratch)
            dr_region_response_apply(w->model->response, w, f->scratch, w->f);
        dr_anderson_step(f->anderson, w->x, w->f);
    }
    return false;
}

/* Spending of a region as a share of its earnings; and in the base. */
static double spends(const dr_sweep *w, size_t region)
{
    return w->income[region] / w->earned[region];
}

static double spent_before(const dr_sweep *w, size_t region)
{
    const dr_base *b = &w->model->base;
    return b->income[region] / (b->factor_income[region] + b->tariff_revenue[region]);
}

/* Goes back to the largest part solved so far; returns the region whose spending has fallen most against what it
 * earns. */
static size_t poorest_region(dr_search *f, const dr_scenario *scenario, double reached)
{
    size_t poorest = 0;
    dr_sweep *w = &f->sweep;
    dr_sweep_load(w, scenario, reached);
    copy(w, w->x, f->reached);
    dr_sweep_values(w);
    for (size_t n = 0; n < w->r; n++)
        if (spends(w, n) / spent_before(w, n) < spends(w, poorest) / spent_before(w, poorest))
            poorest = n;
    return poorest;
}

/* Linear extrapolation from the two last parts of the scenario to `part`, in the unknowns of the sweep: logarithms, but
 * spending as a ratio, which stays above 0. */
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

/* Continuation, part by part of the scenario. */
static bool follow(dr_search *f, const dr_scenario *scenario, double *reached)
{
    const double least_step = 1.0 / 1024, small_step = 1.0 / 64, poor = 0.02;
    const long most_steps = 8;
    double before = 0, last = 0, step = 0.25;
    dr_sweep *w = &f->sweep;
    dr_sweep_base(w);
    copy(w, f->reached, w->x);
    copy(w, f->before, w->x);
    while (last < f->part && step >= least_step && !dr_cancelled()) {
        double part = fmin(f->part, last + step);
        long steps = dr_newton_steps(f->newton);
        dr_sweep_load(w, scenario, part);
        predict(f, before, last, part);
        if (!dr_newton_solve(f->newton)) {
            step /= 2;
            size_t poorest = step < small_step ? poorest_region(f, scenario, last) : 0;
            if (step < small_step && spends(w, poorest) < poor * spent_before(w, poorest))
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
    return last == f->part;
}

/* The market [s][n] whose price has risen most at the largest part solved so far. */
static size_t dearest_market(const dr_sweep *w)
{
    size_t dearest = 0;
    for (size_t j = 0; j < w->block; j++)
        if (w->model->spending[j] > 0 && !(w->price[j] <= w->price[dearest]))
            dearest = j;
    return dearest;
}

/* The supplier of which the market loses most, and the cause: "whose supply from CHN (97.6% of it in the base) the
 * scenario bans". */
static void say_loss(const dr_sweep *w, const dr_scenario *scenario, size_t n, size_t s, char *text, size_t size)
{
    const double *share = w->model->import_share + (s * w->r + n) * w->stride;
    const char *does = "makes dearer";
    size_t most = n;
    double lost = 0;
    for (size_t i = 0; i < w->r; i++) {
        size_t flow = (n * w->r + i) * w->s + s;
        int change = scenario ? scenario->change[flow] : 0;
        if (change == 0 || share[i] <= lost)
            continue;
        lost = share[i];
        most = i;
        does = change & DR_CHANGE_BAN ? "bans" : change & DR_CHANGE_LIMIT ? "limits" : "makes dearer";
    }
    if (lost > 0)
        dr_print_text(text, size, "whose supply from %s (%.1f%% of it in the base) the scenario %s",
                      w->model->economy->region_codes.names[most], 100 * lost, does);
    else
        snprintf(text, size, "none of whose suppliers the scenario touches");
}

/* The error without a solution: the part of the scenario that could be solved, and the variable that diverges there:
 * the surplus that the closure requires of a region, or the price of a good. */
static dr_status no_equilibrium(dr_search *f, const dr_scenario *scenario, double reached)
{
    static const double squeezed = 0.25, runs_away = 100;
    const dr_sweep *w = &f->sweep;
    const dr_economy *e = w->model->economy;
    char way[200], loss[200];
    size_t poorest = poorest_region(f, scenario, reached), market = dearest_market(w);
    size_t n = market % w->stride, s = market / w->stride;
    dr_print_text(
        way, sizeof way,
        "no equilibrium found in %d sweeps and %ld Newton steps: the scenario can be followed to %.0f%% of its size",
        f->sweeps, dr_newton_steps(f->newton), floor(100 * reached));
    f->surplus = spends(w, poorest) < squeezed * spent_before(w, poorest) && exp(w->price[market]) < runs_away;
    if (f->surplus)
        return dr_fail(DR_NO_SOLUTION,
                       "%s, where %s spends %.1f%% of what it earns (%.1f%% in the base): the surplus that the closure "
                       "requires takes the rest",
                       way, e->region_codes.names[poorest], 100 * spends(w, poorest), 100 * spent_before(w, poorest));
    say_loss(w, scenario, n, s, loss, sizeof loss);
    return dr_fail(DR_NO_SOLUTION, "%s, where the price of %s (%s) in %s is %.3g times that of the base, %s", way,
                   e->sector_codes.names[s], dr_economy_sector(e, s), e->region_codes.names[n], exp(w->price[market]),
                   loss);
}

/* Whether there was one. */
static bool forget_response(dr_search *f)
{
    bool there = f->scratch;
    free(f->scratch);
    f->scratch = NULL;
    return there;
}

dr_status dr_search_solve(dr_search *f, const dr_scenario *scenario, const dr_solution *near)
{
    dr_sweep *w = &f->sweep;
    double reached = 0;
    dr_sweep_load(w, scenario, f->part);
    f->parts = 1;
    if (near) {
        dr_sweep_at(w, near);
        if (sweep_to_rest(f))
            return DR_OK;
        if (w->growth) { /* sweeps lead away from equilibria that scale economies make unstable */
            DR_TRY(dr_newton_new(&f->newton, w, w->model->options.max_sweeps - f->sweeps));
            copy(w, w->x, f->best);
            if (dr_newton_solve(f->newton))
                return DR_OK;
        }
    }
    do {
        dr_sweep_base(w);
        if (sweep_to_rest(f))
            return DR_OK;
    } while (forget_response(f));
    DR_TRY(dr_cancel_check());
    if (!f->newton)
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
