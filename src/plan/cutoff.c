/* The loss J of the cut-off is a result of the short run's fixed point x = G(x, b), in which the base b is the
 * equilibrium under the plan:
 *
 *   dJ/dy = (J_b + G_b' lambda) db/dy,    lambda = J_x + G_x' lambda
 *
 * One adjoint solve gives lambda. The bracket times db is the difference of one sweep at the same x between two bases,
 * one on either side of y, so that the ban is solved at y only. */
#include "plan/cutoff.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "equilibrium/new_model.h"
#include "equilibrium/solve.h"

/* Step in y of the central differences, over the trade elasticity of the sector; their error is of the order of its
 * square. */
static const double STEP = 5e-4;

void dr_cutoff_free(dr_cutoff *c)
{
    if (!c)
        return;
    dr_result_free(&c->welfare);
    dr_seed_free(&c->seed);
    dr_adjoint_free(&c->adjoint);
    dr_point_free(&c->point);
    dr_solution_free(c->solution);
    dr_model_free(c->short_run);
    dr_scenario_free(c->ban);
    dr_model_free(c->settings);
    free(c->gradient);
    free(c);
}

static dr_status make_ban(dr_cutoff *c, const dr_sides *sides, const bool *sectors)
{
    dr_change ban = {0};
    const dr_model *m = c->settings;
    DR_TRY(dr_scenario_new(&c->ban, m->economy));
    dr_status status = dr_change_new(&ban, m->economy, DR_CHANGE_BAN);
    if (status == DR_OK) {
        memcpy(ban.by, sides->of, m->regions * sizeof *ban.by);
        memcpy(ban.on, sides->to, m->regions * sizeof *ban.on);
        memcpy(ban.sectors, sectors, m->sectors * sizeof *ban.sectors);
        status = dr_scenario_apply(c->ban, &ban);
    }
    dr_change_free(&ban);
    return status;
}

static dr_status begin(dr_cutoff *c, const dr_model *model, const dr_sides *sides, const bool *sectors,
                       size_t instruments)
{
    DR_TRY(dr_model_sibling(&c->settings, model, "short", true));
    DR_TRY(make_ban(c, sides, sectors));
    c->welfare = (dr_result){.kind = DR_RESULT_WELFARE, .of = dr_new(model->regions, sizeof(bool))};
    c->gradient = dr_new_doubles(instruments);
    if (!c->welfare.of || !c->gradient)
        return dr_fail_memory();
    memcpy(c->welfare.of, sides->of, model->regions * sizeof(bool));
    return DR_OK;
}

dr_status dr_cutoff_new(dr_cutoff **out, const dr_model *model, const dr_sides *sides, const bool *sectors,
                        size_t instruments)
{
    dr_cutoff *c = dr_new(1, sizeof *c);
    dr_status status = c ? begin(c, model, sides, sectors, instruments) : dr_fail_memory();
    if (status == DR_OK)
        *out = c;
    else
        dr_cutoff_free(c);
    return status == DR_OK ? DR_OK : dr_fail_at(status, "the cut-off");
}

/* ---- The loss -------------------------------------------------------------------------------------------------- */

static dr_status solve_ban(dr_cutoff *c, const dr_solution *start)
{
    dr_solution_free(c->solution);
    dr_model_free(c->short_run);
    c->solution = NULL;
    c->short_run = NULL;
    DR_TRY(dr_model_after(&c->short_run, c->settings, start));
    DR_TRY(dr_model_certified(&c->solution, c->short_run, c->ban));
    c->loss = -dr_result_value(&c->welfare, c->short_run, c->solution);
    return DR_OK;
}

static dr_status solve_adjoint(dr_cutoff *c)
{
    dr_point_free(&c->point);
    DR_TRY(dr_point_new(&c->point, c->solution, c->ban));
    if (!c->ready) {
        DR_TRY(dr_seed_new(&c->seed, &c->point));
        DR_TRY(dr_adjoint_new(&c->adjoint, &c->point));
        c->ready = true;
    }
    dr_seed_fill(&c->seed, &c->welfare, &c->point, c->solution);
    return dr_adjoint_solve(&c->adjoint, &c->seed);
}

/* ---- Its derivatives ------------------------------------------------------------------------------------------- */

/* The Lagrangian J + lambda' (G - x) at the x of the point, in the short run whose base is `start`. */
static dr_status lagrangian(double *out, const dr_cutoff *c, const dr_solution *start)
{
    dr_model *after = NULL;
    dr_sweep w = {0};
    DR_TRY(dr_model_after(&after, c->settings, start));
    dr_status status = dr_sweep_new(&w, after, c->ban);
    if (status == DR_OK) {
        dr_sweep_load(&w, c->ban, 1);
        memcpy(w.x, c->point.w.x, w.unknowns * sizeof *w.x);
        dr_sweep_once(&w);
        *out = dr_sweep_welfare(&w, c->welfare.of);
        for (size_t j = 0; j < w.unknowns; j++)
            *out += c->adjoint.lambda[j] * w.f[j];
    }
    dr_sweep_free(&w);
    dr_model_free(after);
    return status;
}

typedef struct difference_work {
    dr_cutoff *cut;
    const dr_policy *policy;
    const double *y;
} difference_work;

static dr_status central_difference(dr_cutoff *c, const dr_policy *p, const double *y, size_t l, double *moved)
{
    double side[2] = {0, 0}, step = STEP / p->model->theta[p->instruments[l].sector];
    for (int up = 0; up < 2; up++) {
        dr_solution *start = NULL;
        memcpy(moved, y, p->count * sizeof *y);
        moved[l] += up ? step : -step;
        DR_TRY(dr_policy_solve(&start, p, moved));
        dr_status status = lagrangian(&side[up], c, start);
        dr_solution_free(start);
        DR_TRY(status);
    }
    c->gradient[l] = -(side[1] - side[0]) / (2 * step);
    return DR_OK;
}

static dr_status difference_piece(void *work, size_t l, size_t thread)
{
    const difference_work *w = work;
    double *moved = dr_new_doubles(w->policy->count);
    dr_status status = moved ? central_difference(w->cut, w->policy, w->y, l, moved) : dr_fail_memory();
    (void)thread;
    free(moved);
    return status;
}

static dr_status fill_gradient(dr_cutoff *c, dr_policy *p, const double *y)
{
    difference_work work = {.cut = c, .policy = p, .y = y};
    dr_status status = dr_parallel(p->count, p->threads, difference_piece, &work);
    p->solves += 2 * p->count;
    return status == DR_NO_SOLUTION ? dr_fail_at(status, "the derivatives of the loss") : status;
}

dr_status dr_cutoff_evaluate(dr_cutoff *c, dr_policy *p, const double *y, bool gradients)
{
    dr_status status = solve_ban(c, p->solution);
    if (status == DR_OK && gradients)
        status = solve_adjoint(c);
    if (status == DR_OK && gradients)
        status = fill_gradient(c, p, y);
    return status == DR_OK ? DR_OK : dr_fail_at(status, "the cut-off");
}
