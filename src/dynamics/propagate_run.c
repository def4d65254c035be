#include "dynamics/propagate_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/residual.h"

/* The largest residual, relative, that a result may have. */
static const double tolerance = 1e-9;

/* ---- Figures of a step ------------------------------------------------------------------------------------------- */

static void figures_of_regions(dr_propagation *r)
{
    const dr_dynamics *d = &r->dynamics;
    memset(r->now, 0, d->regions * sizeof *r->now);
    for (size_t row = 0; row < d->size; row++)
        if (d->base[row] > 0)
            r->now[row / d->sectors].value += r->table->value_added[row] * (d->output[row] / d->base[row]);
    for (size_t k = 0; k < d->sectors; k++)
        for (size_t n = 0; n < d->regions; n++) {
            const double *stock = d->stock + k * d->size + n * d->sectors;
            r->now[n].final += d->final_use[k * d->regions + n];
            for (size_t s = 0; s < d->sectors; s++)
                r->now[n].stock += stock[s];
        }
}

/* Of an area, after figures_of_regions. */
static dr_step_figures figures_of(const dr_propagation *r, const dr_area *a)
{
    dr_step_figures sum = {0, 0, 0};
    for (size_t n = 0; n < r->dynamics.regions; n++)
        if (a->member[n]) {
            sum.value += r->now[n].value;
            sum.final += r->now[n].final;
            sum.stock += r->now[n].stock;
        }
    return sum;
}

/* The relative change from the base; zero over zero is no change. */
static double change(double now, double base)
{
    return base != 0 ? now / base - 1 : 0;
}

static void follow(dr_track *t, double now, size_t step, double years, int held_by)
{
    double by = change(now, t->base);
    t->lost += (t->base - now) * years;
    t->end = by;
    if (by < t->low) {
        t->low = by;
        t->low_step = step;
        t->held_by = held_by;
    }
    if (by < -DR_RECOVERED_WITHIN)
        t->last_below = step;
}

static void follow_step(dr_propagation *r, size_t step)
{
    dr_dynamics *d = &r->dynamics;
    double years = d->days / 365;
    figures_of_regions(r);
    for (size_t i = 0; i < r->areas; i++) {
        size_t at = (step - 1) * r->areas + i;
        dr_step_figures now = figures_of(r, &r->area[i]);
        follow(&r->value[i], now.value, step, years, 0);
        follow(&r->final[i], now.final, step, years, 0);
        follow(&r->stock[i], now.stock, step, years, 0);
        r->value_at[at] = r->value[i].end;
        r->final_at[at] = r->final[i].end;
        r->stock_at[at] = r->stock[i].end;
    }
    for (size_t row = 0; row < d->size; row++)
        follow(&r->sector[row], d->output[row], step, years, d->held_by[row]);
}

static void watch_residual(dr_propagation *r, size_t step)
{
    double residual = dr_dynamics_residual(&r->dynamics);
    r->inventories = dr_worse(r->inventories, dr_dynamics_inventory_residual(&r->dynamics));
    if (step <= r->steps)
        r->residual[step - 1] = residual;
    if (residual > r->worst) {
        r->worst = residual;
        r->worst_step = step;
    }
}

/* ---- The run ----------------------------------------------------------------------------------------------------- */

static void begin(dr_propagation *r)
{
    dr_dynamics *d = &r->dynamics;
    memcpy(d->final_use, d->final_need, d->sectors * d->regions * sizeof *d->final_use);
    figures_of_regions(r);
    for (size_t i = 0; i < r->areas; i++) {
        dr_step_figures base = figures_of(r, &r->area[i]);
        r->value[i].base = base.value;
        r->final[i].base = base.final;
        r->stock[i].base = base.stock;
    }
    for (size_t row = 0; row < d->size; row++)
        r->sector[row].base = d->base[row];
}

static void report(const dr_propagation *r, size_t step)
{
    if (r->progress)
        r->progress("days", step * r->days, r->steps * r->days, r->user);
}

static dr_status go(dr_propagation *r)
{
    for (size_t step = 1; step <= r->steps; step++) {
        DR_TRY(dr_cancel_check());
        dr_dynamics_step(&r->dynamics, 1 + (double)((step - 1) * r->days));
        follow_step(r, step);
        watch_residual(r, step);
        report(r, step);
    }
    return DR_OK;
}

/* Whether value added has stayed where it was when the window began; begins the next. */
static bool settled(dr_propagation *r)
{
    bool still = true;
    figures_of_regions(r);
    for (size_t i = 0; i < r->areas; i++) {
        double now = change(figures_of(r, &r->area[i]).value, r->value[i].base);
        still &= fabs(now - r->window[i]) <= DR_REST_WITHIN;
        r->window[i] = now;
    }
    return still;
}

/* Continues after the run, with the final state of the stops, to the steady state. Capacity follows demand quickly,
 * because its speed does not affect the steady state. */
static void come_to_rest(dr_propagation *r)
{
    const double quick = 10;
    dr_dynamics *d = &r->dynamics;
    size_t window = DR_REST_DAYS / r->days, step = r->steps;
    d->expansion = fmin(d->expansion, quick);
    r->rest_day = NAN;
    settled(r);
    for (size_t day = 0; day < DR_MOST_REST_DAYS && isnan(r->rest_day) && !dr_cancelled(); day += window * r->days) {
        for (size_t i = 0; i < window; i++) {
            dr_dynamics_step(d, INFINITY);
            watch_residual(r, ++step);
        }
        if (settled(r))
            r->rest_day = (double)(step * r->days);
    }
    for (size_t i = 0; i < r->areas; i++)
        r->value[i].rest = r->window[i];
    for (size_t row = 0; row < d->size; row++)
        r->sector[row].rest = change(d->output[row], d->base[row]);
}

/* ---- What a run needs -------------------------------------------------------------------------------------------- */

void dr_propagation_clear(dr_propagation *r)
{
    dr_dynamics_free(&r->dynamics);
    void *arrays[] = {r->area,     r->members,  r->value,    r->final,    r->stock,  r->sector,
                      r->value_at, r->final_at, r->stock_at, r->residual, r->window, r->now};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

void dr_propagation_free(dr_propagation *r)
{
    dr_propagation_clear(r);
    dr_shock_free(r->shock);
    dr_matrix_free(r->table);
}

/* The regions, the groups, and all together. */
static void name_areas(dr_propagation *r, const dr_economy *names)
{
    size_t regions = names->regions;
    for (size_t i = 0; i < r->areas; i++) {
        unsigned char *member = r->members + i * regions;
        size_t group = i - regions;
        for (size_t n = 0; n < regions; n++)
            member[n] = i < regions ? n == i : i + 1 < r->areas ? names->member[group * regions + n] : 1;
        r->area[i].member = member;
        r->area[i].name = i < regions        ? names->region_codes.names[i]
                          : i + 1 < r->areas ? names->groups.names[group]
                                             : "all";
        r->area[i].kind = i < regions ? DR_ROW_ONE : i + 1 < r->areas ? DR_ROW_GROUP : DR_ROW_TOTAL;
    }
}

static dr_status allocate(dr_propagation *r)
{
    const dr_economy *names = r->table->names;
    r->areas = names->regions + names->groups.count + 1;
    r->area = dr_new(r->areas, sizeof *r->area);
    r->members = dr_new(r->areas * names->regions, 1);
    r->value = dr_new(r->areas, sizeof *r->value);
    r->final = dr_new(r->areas, sizeof *r->final);
    r->stock = dr_new(r->areas, sizeof *r->stock);
    r->sector = dr_new(r->table->size, sizeof *r->sector);
    r->value_at = dr_new_doubles(r->steps * r->areas);
    r->final_at = dr_new_doubles(r->steps * r->areas);
    r->stock_at = dr_new_doubles(r->steps * r->areas);
    r->residual = dr_new_doubles(r->steps);
    r->window = dr_new_doubles(r->areas);
    r->now = dr_new(names->regions, sizeof *r->now);
    if (!r->area || !r->members || !r->value || !r->final || !r->stock || !r->sector || !r->value_at || !r->final_at ||
        !r->stock_at || !r->residual || !r->window || !r->now)
        return dr_fail_memory();
    name_areas(r, names);
    return DR_OK;
}

static dr_status check(const dr_propagation *r)
{
    if (r->worst > tolerance)
        return dr_fail(DR_NO_SOLUTION, "goods are lost in step %zu: %.1e of them; expected at most %.0e", r->worst_step,
                       r->worst, tolerance);
    if (r->inventories > tolerance)
        return dr_fail(DR_NO_SOLUTION, "inventories do not balance: %.1e of them are lost; expected at most %.0e",
                       r->inventories, tolerance);
    return DR_OK;
}

dr_status dr_propagation_run(dr_propagation *r)
{
    DR_TRY(dr_dynamics_new(&r->dynamics, r->table, r->shock, r->days));
    if (r->alone)
        r->dynamics.threads = 1;
    DR_TRY(allocate(r));
    begin(r);
    DR_TRY(go(r));
    if (r->to_rest)
        come_to_rest(r);
    DR_TRY(dr_cancel_check());
    return check(r);
}
