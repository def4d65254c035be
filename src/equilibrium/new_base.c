/* Baselines: the equilibrium under a scenario becomes the base of the economy, so that what follows is measured from
 * it. The new base has the flows, uses, incomes and tariffs of the equilibrium, at prices of 1. As all nests are CES,
 * the effects of B on the base after A are those of A and B together over those of A (hat algebra: Dekle, Eaton &
 * Kortum 2008). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "equilibrium/new_model.h"
#include "scenario/baseline.h"

typedef struct step {
    dr_economy *economy;
    const dr_model_options *options;
} step;

/* ---- The economy ------------------------------------------------------------------------------------------------- */

static dr_status take_note(dr_economy *e, const char *text)
{
    const char *note = dr_arena_text(&e->arena, text);
    if (!note || !dr_grow((void **)&e->notes, &e->note_capacity, e->note_count + 1, sizeof *e->notes))
        return dr_fail_memory();
    e->notes[e->note_count++] = note;
    return DR_OK;
}

/* What the model notes of its base, as far as the economy does not note it already, then the baseline itself. */
static dr_status take_notes(dr_economy *e, const dr_model *m, const dr_solution *solution)
{
    char text[1024];
    for (size_t i = 0; i < m->note_count; i++) {
        bool known = false;
        for (size_t j = 0; j < e->note_count; j++)
            known |= strcmp(e->notes[j], m->notes[i]) == 0;
        if (!known)
            DR_TRY(take_note(e, m->notes[i]));
    }
    dr_print_text(text, sizeof text, "the base is the equilibrium under the baseline: %.600s (worst residual %.1e)",
                  solution->scenario, solution->certificate.worst_residual);
    DR_TRY(take_note(e, text));
    for (size_t i = 0; i < solution->note_count; i++) {
        dr_print_text(text, sizeof text, "baseline: %.900s", solution->notes[i]);
        DR_TRY(take_note(e, text));
    }
    e->negative_final = e->negative_intermediate = 0; /* noted */
    return DR_OK;
}

/* The arrays that the table left out. */
static dr_status make_room(dr_economy *e, bool tariffs)
{
    size_t r = e->regions, s = e->sectors;
    if (tariffs && !e->tariff && !(e->tariff = dr_new_doubles(r * r * s)))
        return dr_fail_memory();
    if (!e->value_added && !(e->value_added = dr_new_doubles(r * s)))
        return dr_fail_memory();
    if (!e->deficit && !(e->deficit = dr_new_doubles(r)))
        return dr_fail_memory();
    return DR_OK;
}

static void take_base(dr_economy *e, const dr_model *m)
{
    size_t r = e->regions, s = e->sectors, cells = r * s;
    const dr_base *b = &m->base;
    memcpy(e->flow, b->flow, r * cells * sizeof(double));
    if (e->tariff && b->tariff)
        memcpy(e->tariff, b->tariff, r * cells * sizeof(double));
    memcpy(e->input, b->input, cells * s * sizeof(double));
    memcpy(e->final, b->final, cells * sizeof(double));
    for (size_t i = 0; i < cells; i++) /* profits are part of it in a table */
        e->value_added[i] = b->value_added[i] + (1 - dr_cost_part(m, i % s)) * b->output[i];
    memcpy(e->deficit, b->deficit, r * sizeof(double));
    for (size_t f = 0; f < e->factors.count && e->factor; f++)
        for (size_t i = 0; i < cells; i++)
            e->factor[f * cells + i] = b->value_added[i] * (b->factor_share ? b->factor_share[f * cells + i] : 1);
}

/* Whoever works where labour has gone. */
static void move_jobs(dr_economy *e, const dr_solution *solution)
{
    for (size_t at = 0; e->jobs && at < e->regions * e->sectors; at++)
        e->jobs[at] *= dr_solution_sector_employment(solution, at / e->sectors, at % e->sectors);
}

static dr_status rebase_economy(dr_economy *e, const dr_model *m, const dr_solution *solution, const char *file)
{
    dr_model *after = NULL;
    DR_TRY(dr_model_after(&after, m, solution));
    dr_status status = make_room(e, after->base.tariff != NULL);
    if (status == DR_OK)
        status = take_notes(e, m, solution);
    e->baseline = status == DR_OK ? dr_arena_text(&e->arena, solution->scenario) : NULL;
    e->baseline_file = file ? dr_arena_text(&e->arena, file) : NULL;
    if (status == DR_OK && (!e->baseline || (file && !e->baseline_file)))
        status = dr_fail_memory();
    if (status == DR_OK) {
        move_jobs(e, solution);
        take_base(e, after);
    }
    dr_model_free(after);
    return status;
}

/* ---- One baseline ------------------------------------------------------------------------------------------------ */

/* A table says neither who is unemployed nor that goods of several suppliers are pooled; and of the imbalances that a
 * closure moves, it does not say which part was given. */
static dr_status check_solution(const dr_solution *solution, const dr_scenario *scenario)
{
    const double rounding = 1e-9;
    const dr_economy *e = solution->model->economy;
    if (scenario->transfer_count > 0 && solution->model->options.closure != DR_CLOSURE_FIXED)
        return dr_fail(DR_BAD_INPUT, "the baseline has transfers, which a table holds as imbalances of trade, and the "
                                     "closure changes these; expected the closure 'fixed'");
    for (size_t n = 0; n < e->regions && solution->model->floor; n++)
        if (dr_solution_employment(solution, n) < 1 - rounding)
            return dr_fail(
                DR_BAD_INPUT,
                "the baseline leaves labour of %s unemployed, which a table cannot hold; expected a baseline "
                "without rigid-wages that bind",
                e->region_codes.names[n]);
    if (solution->thin_count > 0)
        return dr_fail(DR_BAD_INPUT,
                       "the baseline leaves the market for %s in %s so thin that its supply is pooled, and a table "
                       "cannot hold that; expected thin-markets 0, or a baseline that leaves more",
                       dr_economy_sector(e, solution->thin[0].sector), e->region_codes.names[solution->thin[0].region]);
    return DR_OK;
}

static dr_status solve_step(const step *s, const dr_scenario *scenario, const char *file)
{
    dr_model *model = NULL;
    dr_solution *solution = NULL;
    dr_status status = dr_model_new(&model, s->economy, s->options);
    if (status == DR_OK && model->economy != model->whole)
        status = dr_fail(DR_BAD_INPUT, "a baseline needs the sectors of the table, and the armington model sums them; "
                                       "expected another model");
    if (status == DR_OK)
        status = dr_model_solve(&solution, model, scenario);
    if (status == DR_OK)
        status = check_solution(solution, scenario);
    if (status == DR_OK)
        status = rebase_economy(s->economy, model, solution, file);
    dr_solution_free(solution);
    dr_model_free(model);
    return status == DR_OK ? DR_OK : dr_fail_at(status, file ? file : "baseline");
}

static dr_status take_step(void *user, const dr_scenario *scenario, const char *file)
{
    return solve_step(user, scenario, file);
}

/* ---- Documents --------------------------------------------------------------------------------------------------- */

dr_status dr_baseline_apply(dr_economy *economy, const dr_model_options *options, const char *path)
{
    DR_TRY(DR_GIVEN(economy, path));
    dr_model_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    step s = {economy, &whole};
    return dr_baselines_apply(&(dr_baselines){economy, take_step, &s}, path);
}

dr_status dr_baseline_load(dr_economy *economy, const dr_model_options *options, const char *path)
{
    DR_TRY(DR_GIVEN(economy, path));
    dr_model_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    step s = {economy, &whole};
    return dr_baselines_load(&(dr_baselines){economy, take_step, &s}, path);
}

dr_status dr_baseline_parse(dr_economy *economy, const dr_model_options *options, const char *text, size_t size,
                            const char *name)
{
    DR_TRY(DR_GIVEN(economy, name));
    dr_model_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    step s = {economy, &whole};
    return dr_baselines_parse(&(dr_baselines){economy, take_step, &s}, text, size, name);
}
