/* A path over years: its options, its points, and the courses with and without the scenario. */
#include "dynamics/transition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "equilibrium/solve.h"
#include "model/factors.h"

/* Years after the end of a path on which workers look ahead, until nothing moves any more to speak of. */
enum { TAIL = 60, MOST_YEARS = 200, MOST_STEPS = 64 };

void dr_transition_free(dr_transition *t)
{
    if (!t)
        return;
    dr_course_free(t, &t->policy);
    dr_course_free(t, &t->baseline);
    dr_solution_free(t->at_once);
    dr_mobility_free(&t->mobility);
    dr_growth_free(&t->growth);
    dr_scenario_free(t->none);
    free((void *)t->in_force);
    free(t->models);
    free(t->theta);
    dr_arena_free(&t->arena);
    free(t);
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static dr_status read_capital(dr_transition *t, const char *text)
{
    bool found = false;
    if (!text)
        return DR_OK;
    t->capital_kind = strcmp(text, "accounts") == 0 ? DR_CAPITAL_ACCOUNTS : DR_CAPITAL_SHARE;
    for (size_t f = 0; f < t->model->factors; f++)
        found = found || strncasecmp(dr_factor_name(t->model, f), "capital", 7) == 0;
    if (t->capital_kind == DR_CAPITAL_ACCOUNTS)
        return found ? DR_OK
                     : dr_fail(DR_BAD_INPUT, "capital accounts: no factor of this world is called capital; expected a "
                                             "share of value added, such as 33%%");
    if (found)
        return dr_fail(DR_BAD_INPUT, "capital '%.40s': this world has accounts of capital; expected accounts", text);
    DR_TRY(dr_parse_rate(text, &t->capital_share));
    return t->capital_share >= 0 && t->capital_share < 1
               ? DR_OK
               : dr_fail(DR_BAD_INPUT,
                         "capital '%.40s' is no share of value added; expected accounts, or 0%% or more "
                         "and less than 100%%",
                         text);
}

/* Keeps the texts of the options for the notes of results. */
static dr_status keep_texts(dr_transition *t, const dr_transition_options *options)
{
    const char **to[] = {&t->mobility_text, &t->capital_text, &t->growth_text};
    const char *from[] = {options->mobility, options->capital, options->growth};
    for (size_t k = 0; k < 3; k++)
        if (from[k] && !(*to[k] = dr_arena_text(&t->arena, from[k])))
            return dr_fail_memory();
    return DR_OK;
}

static dr_status read_options(dr_transition *t, const dr_transition_options *options)
{
    t->discount = options->discount > 0 ? options->discount : 0.04;
    t->steps = options->steps ? options->steps : 1;
    t->progress = options->progress;
    t->user = options->user;
    DR_TRY(keep_texts(t, options));
    DR_TRY(dr_horizons_read(&t->horizons));
    DR_TRY(read_capital(t, options->capital));
    DR_TRY(dr_mobility_read(&t->mobility, t->model, t->mobility_text));
    DR_TRY(dr_growth_read(&t->growth, t->model, t->years, t->growth_text));
    if (t->mobility.kind == DR_MOBILITY_COST && t->steps > 1)
        return dr_fail(DR_BAD_INPUT, "labour that moves at a cost moves once a year; expected 1 step of each year");
    t->points = t->years * t->steps + (t->mobility.kind == DR_MOBILITY_COST ? TAIL : 0);
    return DR_OK;
}

/* ---- Points ------------------------------------------------------------------------------------------------------ */

/* The changes by year, the first point at which there is one, and that from which on it is known. */
static dr_status take_changes(dr_transition *t, const dr_scenario *const *in_force, int announced)
{
    int table = t->model->economy->year;
    size_t first = t->years;
    t->in_force = dr_new(t->years, sizeof(void *));
    if (!t->in_force)
        return dr_fail_memory();
    for (size_t y = t->years; y-- > 0;)
        if (in_force && in_force[y] && in_force[y]->changes > 0) {
            t->in_force[y] = in_force[y];
            first = y;
        }
    t->changed = first < t->years;
    first = t->changed ? first : 0;
    if (announced && announced <= table)
        return dr_fail(DR_BAD_INPUT,
                       "announced in %d, which is not after the year of the table, %d; expected %d or "
                       "later",
                       announced, table, table + 1);
    if (announced > table + 1 + (int)first)
        return dr_fail(DR_BAD_INPUT,
                       "announced in %d, after the first change is in force, in %d; expected a year up to "
                       "%d",
                       announced, table + 1 + (int)first, table + 1 + (int)first);
    t->change = first * t->steps;
    t->known = announced ? (size_t)(announced - table - 1) * t->steps : t->change;
    return DR_OK;
}

/* The years since a point, at another one; at least 1. */
static double years_since(const dr_transition *t, size_t since, size_t point)
{
    return point > since ? 1 + (double)(point - since) / (double)t->steps : 1;
}

static void set_mobility(const dr_transition *t, dr_nests *nests, const dr_horizon *known)
{
    static const double of_kind[] = {[DR_MOBILITY_FREE] = INFINITY, [DR_MOBILITY_FIXED] = 0, [DR_MOBILITY_COST] = 0};
    nests->psi = t->mobility.kind == DR_MOBILITY_HORIZON ? known->psi : of_kind[t->mobility.kind];
    nests->psi_other = known->psi_other;
}

/* The model at each point: trade adjusts from when a change is in force, factors from when it is known. */
static dr_status make_models(dr_transition *t)
{
    const dr_model *m = t->model;
    t->models = dr_new(t->points, sizeof *t->models);
    t->theta = dr_new(t->points * m->sectors, sizeof(double));
    if (!t->models || !t->theta)
        return dr_fail_memory();
    for (size_t p = 0; p < t->points; p++) {
        dr_horizon known = dr_horizon_at(&t->horizons, years_since(t, t->known, p));
        dr_horizon_model(&t->models[p], m, t->theta + p * m->sectors, &t->horizons, years_since(t, t->change, p));
        set_mobility(t, &t->models[p].nests, &known);
    }
    return dr_scenario_new(&t->none, m->economy);
}

/* ---- The path ---------------------------------------------------------------------------------------------------- */

static dr_status solve(dr_transition *t)
{
    bool grows = t->growth.level && t->changed;
    if (grows)
        DR_TRY(dr_course_solve(t, &t->baseline, NULL));
    t->policy.in_force = t->in_force;
    t->policy.first = t->known;
    DR_TRY(dr_course_solve(t, &t->policy, grows ? &t->baseline : NULL));
    return dr_model_certified(&t->at_once, t->model, t->in_force[t->years - 1]);
}

static dr_status check_scenarios(const dr_model *model, const dr_scenario *const *in_force, size_t years)
{
    for (size_t y = 0; y < years && in_force; y++)
        if (dr_scenario_check("dr_transition_solve", model, in_force[y]) != DR_OK)
            return dr_fail(DR_USAGE, "dr_transition_solve: in_force[%zu] is of another economy than the model", y);
    return DR_OK;
}

dr_status dr_transition_solve(dr_transition **out, const dr_model *model, const dr_scenario *const *in_force,
                              size_t years, const dr_transition_options *options)
{
    DR_TRY(DR_GIVEN(out, model));
    dr_transition_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    DR_TRY(DR_WITHIN(__func__, years, 1, MOST_YEARS));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->steps, 0, MOST_STEPS));
    DR_TRY(DR_WITHIN(__func__, options->discount, 0, 1));
    DR_TRY(check_scenarios(model, in_force, years));
    DR_TRY(dr_horizon_check(model));
    dr_transition *t = dr_new(1, sizeof *t);
    if (!t)
        return dr_fail_memory();
    t->model = model;
    t->years = years;
    dr_status status = read_options(t, options);
    if (status == DR_OK)
        status = take_changes(t, in_force, options->announced);
    if (status == DR_OK)
        status = make_models(t);
    if (status == DR_OK)
        status = solve(t);
    if (status == DR_OK)
        *out = t;
    else
        dr_transition_free(t);
    return status;
}

const dr_solution *dr_transition_year(const dr_transition *t, size_t year)
{
    return t && year < t->years ? t->policy.solution[year * t->steps] : NULL;
}
