#include "result/drawn_model.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "equilibrium/new_model.h"
#include "model/elasticity.h"

enum { MOST_DRAWS = 1000000000 };

/* ---- The sampler ------------------------------------------------------------------------------------------------- */

static dr_status check_error(const char *what, double error)
{
    if (error >= 0 && isfinite(error))
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s of %g; expected 0 or more", what, error);
}

static dr_status check_options(const dr_draw_options *options)
{
    if (options->draws < 1 || options->draws > MOST_DRAWS)
        return dr_fail(DR_BAD_INPUT, "the number of draws must be between 1 and %d (got %zu)", MOST_DRAWS,
                       options->draws);
    if (options->first > MOST_DRAWS - options->draws)
        return dr_fail(DR_BAD_INPUT, "%zu draws after the first %zu; expected at most %d in all", options->draws,
                       options->first, MOST_DRAWS);
    DR_TRY(check_error("an elasticity error", options->elasticity_error));
    return check_error("a share error", options->share_error);
}

/* Unknown standard errors are those of the options. */
static dr_status fill_errors(dr_sampler *s)
{
    const dr_estimates *e = &s->model->estimates;
    s->error = dr_new(e->count, sizeof *s->error);
    if (!s->error)
        return dr_fail_memory();
    for (size_t i = 0; i < e->count; i++) {
        bool known = !isnan(e->error[i]);
        s->error[i] = known ? e->error[i] / e->value[i] : s->options->elasticity_error;
        s->drawn += known || s->error[i] > 0;
    }
    for (size_t i = 0; s->scenario && i < s->scenario->effect_count; i++)
        s->effects += s->scenario->effects[i].error > 0;
    if (s->drawn || s->effects || s->options->share_error > 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "nothing to draw: the trade elasticity '%s' has no standard error, and none was given for it or for "
                   "the shares",
                   s->model->elasticity);
}

dr_status dr_sampler_new(dr_sampler *out, const dr_model *model, const dr_scenario *scenario,
                         const dr_draw_options *options)
{
    *out = (dr_sampler){.model = model, .scenario = scenario, .options = options};
    DR_TRY(check_options(options));
    dr_status status = fill_errors(out);
    if (status == DR_OK && out->effects)
        status = dr_scenario_effects_root(&out->root, &out->joint, scenario);
    if (status != DR_OK)
        dr_sampler_free(out);
    return status;
}

void dr_sampler_free(dr_sampler *s)
{
    free(s->error);
    free(s->root);
    s->error = s->root = NULL;
}

/* ---- The base ---------------------------------------------------------------------------------------------------- */

typedef struct disturbance {
    dr_random *random;
    double error;
} disturbance;

/* Multiplies a cell by a factor of its own; zeros stay. */
static double disturb(double *cell, disturbance *by)
{
    if (*cell > 0)
        *cell *= dr_random_factor(by->random, by->error);
    return *cell;
}

/* Import shares of n in s; total spending stays the same. */
static void disturb_imports(dr_model *m, size_t n, size_t s, disturbance *by)
{
    dr_base *b = &m->base;
    double before = 0, after = 0;
    for (size_t i = 0; i < m->regions; i++) {
        size_t flow = (n * m->regions + i) * m->sectors + s;
        double taxed = b->tariff ? 1 + b->tariff[flow] : 1;
        before += b->flow[flow] * taxed;
        after += disturb(&b->flow[flow], by) * taxed;
    }
    for (size_t i = 0; i < m->regions && after > 0; i++)
        b->flow[(n * m->regions + i) * m->sectors + s] *= before / after;
}

/* Shares in the cost of sector s of n; total cost stays the same. */
static void disturb_cost(dr_model *m, size_t n, size_t s, disturbance *by)
{
    double *value_added = &m->base.value_added[n * m->sectors + s], before = *value_added;
    double after = disturb(value_added, by);
    for (size_t k = 0; k < m->sectors; k++) {
        double *input = &m->base.input[(n * m->sectors + k) * m->sectors + s];
        before += *input;
        after += disturb(input, by);
    }
    *value_added *= after > 0 ? before / after : 1;
    for (size_t k = 0; k < m->sectors && after > 0; k++)
        m->base.input[(n * m->sectors + k) * m->sectors + s] *= before / after;
}

/* Shares in final demand, likewise. */
static void disturb_final(dr_model *m, size_t n, disturbance *by)
{
    double *final = m->base.final + n * m->sectors, before = 0, after = 0;
    for (size_t k = 0; k < m->sectors; k++) {
        before += final[k];
        after += disturb(&final[k], by);
    }
    for (size_t k = 0; k < m->sectors && after > 0; k++)
        final[k] *= before / after;
}

static void disturb_shares(dr_model *m, void *by)
{
    for (size_t n = 0; n < m->regions; n++) {
        for (size_t s = 0; s < m->sectors; s++) {
            disturb_imports(m, n, s, by);
            disturb_cost(m, n, s, by);
        }
        disturb_final(m, n, by);
    }
}

/* ---- One draw ---------------------------------------------------------------------------------------------------- */

static dr_status make_room(dr_drawn *d, const dr_sampler *s)
{
    size_t effects = s->scenario ? s->scenario->effect_count : 0;
    dr_drawn_free(d);
    d->value = dr_new(s->model->estimates.count, sizeof *d->value);
    d->theta = dr_new(s->model->sectors, sizeof *d->theta);
    d->effects = effects ? dr_new(effects, sizeof *d->effects) : NULL;
    d->ready = d->value && d->theta && (d->effects || !effects);
    return d->ready ? DR_OK : dr_fail_memory();
}

void dr_drawn_free(dr_drawn *d)
{
    dr_model_free(d->own);
    free(d->value);
    free(d->theta);
    free(d->effects);
    *d = (dr_drawn){0};
}

/* Draws the estimates of the scenario from their joint normal distribution. */
static void draw_effects(dr_drawn *d, const dr_sampler *s, dr_random *random)
{
    size_t count = d->effects ? s->scenario->effect_count : 0;
    d->scenario = s->scenario ? *s->scenario : (dr_scenario){0};
    for (size_t i = 0; i < count; i++)
        d->effects[i] = s->scenario->effects[i];
    for (size_t k = 0; k < count; k++) {
        double normal = dr_random_normal(random);
        for (size_t i = k; s->root && i < count; i++)
            d->effects[i].coefficient += s->root[i * count + k] * normal;
    }
    if (d->effects)
        d->scenario.effects = d->effects;
}

dr_status dr_sampler_draw(dr_drawn *d, const dr_sampler *s, size_t draw)
{
    const dr_estimates *e = &s->model->estimates;
    dr_random random = dr_random_stream(s->options->seed, draw);
    if (!d->ready)
        DR_TRY(make_room(d, s));
    dr_model_free(d->own);
    d->own = NULL;
    for (size_t i = 0; i < e->count; i++)
        d->value[i] = e->value[i] * dr_random_factor(&random, s->error[i]);
    dr_estimates_theta(e, s->model->sectors, d->value, d->theta);
    draw_effects(d, s, &random);
    if (s->options->share_error == 0 && !s->model->solved_base) {
        d->like = *s->model;
        d->like.theta = d->theta;
        d->model = &d->like;
        return DR_OK;
    }
    disturbance by = {&random, s->options->share_error};
    DR_TRY(dr_model_again(&d->own, s->model, d->theta, by.error > 0 ? disturb_shares : NULL, &by));
    d->model = d->own;
    return DR_OK;
}

/* ---- What is said of it ------------------------------------------------------------------------------------------ */

void dr_sampler_note(dr_table *table, const dr_sampler *s)
{
    size_t estimates = s->model->estimates.count;
    if (s->drawn)
        dr_table_add_note(table,
                          "trade elasticities are drawn log-normal: the estimate is the mean, its standard error "
                          "the standard deviation");
    if (s->scenario && s->effects)
        dr_table_add_note(table, "estimates of the scenario are drawn normal, with their standard errors%s: %zu of %zu",
                          s->joint ? " and covariances" : "", s->effects, s->scenario->effect_count);
    if (s->drawn < estimates)
        dr_table_add_note(table, "trade elasticities without a standard error, not drawn: %zu of %zu",
                          estimates - s->drawn, estimates);
    if (s->model->whole->baseline)
        dr_table_add_note(table, "the baseline is solved at the estimates, and not anew for each draw");
    if (s->options->share_error > 0)
        dr_table_add_note(table,
                          "shares are drawn log-normal with a standard deviation of %g%%: of exporters in imports, of "
                          "inputs in costs, of goods in final demand; the base is solved anew for each draw",
                          100 * s->options->share_error);
}
