/* Leaving and joining a group at an estimated effect: the logarithm of trade between members changes by a coefficient b
 * of a gravity regression, so that trade costs change by exp(b / theta), theta the trade elasticity of the sector. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "scenario/scenario.h"
#include "world/economy.h"

/* Whether a variable is about the group, as in "both(BRI)": its name stands in brackets. */
static bool is_about(const char *variable, const char *group)
{
    size_t size = strlen(group);
    for (const char *at = strchr(variable, '('); at; at = strchr(at + 1, '('))
        if (strncmp(at + 1, group, size) == 0 && at[1 + size] == ')')
            return true;
    return false;
}

static dr_status no_estimate(const dr_economy *e, const char *name)
{
    char hint[DR_HINT_SIZE];
    const char **names = dr_new(e->stored_estimates.count, sizeof *names);
    for (size_t i = 0; names && i < e->stored_estimates.count; i++)
        names[i] = e->stored_estimates.row[i].name;
    dr_hint(hint, name, names, names ? e->stored_estimates.count : 0);
    free(names);
    return dr_fail(DR_BAD_INPUT, "the world has no estimate '%s'%s", name,
                   *hint ? hint : "; 'derisk gravity --store' stores one");
}

/* What is behind the sector in "C29: both(EU)", as estimates by sector are stored; all of it where there is none. */
static const char *variable_of(const char *of)
{
    const char *colon = strstr(of, ": ");
    return colon ? colon + 2 : of;
}

/* Whether the row is of the sector; without one, of no sector. */
static bool is_of(const char *of, const char *sector)
{
    size_t size = (size_t)(variable_of(of) - of);
    return sector ? size == strlen(sector) + 2 && strncmp(of, sector, size - 2) == 0 : size == 0;
}

/* The coefficient that is meant: of the variable, or the only one about the group, or the only one; `sector` NULL: of
 * all. NULL where there is none. */
static dr_status find_estimate(const dr_economy *e, const char *name, const char *variable, const char *group,
                               const char *sector, const dr_stored **out)
{
    const dr_stored *only = NULL, *about = NULL;
    size_t all = 0, abouts = 0;
    for (size_t i = 0; i < e->stored_estimates.count; i++) {
        const dr_stored *row = &e->stored_estimates.row[i];
        if (strcmp(row->name, name) != 0 || !is_of(row->of, sector))
            continue;
        all++;
        only = row;
        if (variable ? strcmp(variable_of(row->of), variable) == 0 : is_about(variable_of(row->of), group)) {
            abouts++;
            about = row;
        }
    }
    *out = abouts == 1 ? about : !variable && all == 1 ? only : NULL;
    if (*out || all == 0)
        return DR_OK;
    if (variable)
        return dr_fail(DR_BAD_INPUT, "the estimate '%s' has no variable '%s'", name, variable);
    return dr_fail(DR_BAD_INPUT,
                   "the estimate '%s' has %zu variables, of which %zu are about %s: name one with 'variable'", name,
                   all, abouts, group);
}

static bool is_by_sector(const dr_economy *e, const char *name)
{
    for (size_t i = 0; i < e->stored_estimates.count; i++) {
        const dr_stored *row = &e->stored_estimates.row[i];
        if (strcmp(row->name, name) == 0 && variable_of(row->of) != row->of)
            return true;
    }
    return false;
}

/* On the flows of the last change, of one sector or (SIZE_MAX) all. */
static dr_status add_effect(dr_scenario *sc, dr_effect effect, size_t sector)
{
    size_t sectors = sc->economy->sectors, flows = sc->economy->regions * sc->economy->regions * sectors;
    size_t capacity = sc->effect_count;
    if (!sc->effect_of && !(sc->effect_of = dr_new(flows, sizeof *sc->effect_of)))
        return dr_fail_memory();
    if (!dr_grow((void **)&sc->effects, &capacity, sc->effect_count + 1, sizeof *sc->effects))
        return dr_fail_memory();
    sc->effects[sc->effect_count++] = effect;
    for (size_t flow = 0; flow < flows; flow++)
        if ((sector == SIZE_MAX || flow % sectors == sector) && sc->last[flow] == sc->changes &&
            (sc->change[flow] & DR_CHANGE_COST))
            sc->effect_of[flow] = (unsigned short)sc->effect_count;
    return DR_OK;
}

dr_status dr_scenario_add_effect(dr_scenario *sc, dr_effect effect)
{
    return add_effect(sc, effect, SIZE_MAX);
}

static dr_effect effect_of(const dr_stored *estimate, double sign)
{
    return (dr_effect){sign, estimate->value, isnan(estimate->error) ? 0 : estimate->error, estimate};
}

/* The estimate's effects: one for all sectors, or each sector's own; sectors without one are as they were. */
static dr_status add_effects(dr_scenario *sc, const char *name, const char *variable, const char *group, double sign)
{
    const dr_economy *e = sc->economy;
    const dr_stored *found = NULL;
    size_t before = sc->effect_count;
    if (!is_by_sector(e, name)) {
        DR_TRY(find_estimate(e, name, variable, group, NULL, &found));
        if (!found)
            return no_estimate(e, name);
        return dr_scenario_add_effect(sc, effect_of(found, sign));
    }
    for (size_t s = 0; s < e->sectors; s++) {
        DR_TRY(find_estimate(e, name, variable, group, e->sector_codes.names[s], &found));
        if (!found)
            DR_TRY(find_estimate(e, name, variable, group, dr_economy_sector(e, s), &found));
        if (found)
            DR_TRY(add_effect(sc, effect_of(found, sign), s));
    }
    if (sc->effect_count > before)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "the estimate '%s' is by sector, and has none of the sectors of this table", name);
}

dr_status dr_scenario_leave_estimate(dr_scenario *scenario, const char *region, const char *group, const char *estimate,
                                     const char *variable)
{
    DR_TRY(DR_GIVEN(scenario, region, group, estimate));
    const dr_headline before = scenario->changed;
    DR_TRY(dr_scenario_leave(scenario, region, group, 1)); /* marks the flows; what they cost is the estimate's */
    scenario->changed = before;
    dr_headline_add(&scenario->changed, "leave %s:%s:%s", region, group, estimate);
    return add_effects(scenario, estimate, variable, group, -1);
}

dr_status dr_scenario_join_estimate(dr_scenario *scenario, const char *region, const char *group, const char *estimate,
                                    const char *variable)
{
    DR_TRY(DR_GIVEN(scenario, region, group, estimate));
    const dr_headline before = scenario->changed;
    DR_TRY(dr_scenario_join(scenario, region, group, 1));
    scenario->changed = before;
    dr_headline_add(&scenario->changed, "join %s:%s:%s", region, group, estimate);
    return add_effects(scenario, estimate, variable, group, 1);
}

/* ---- Joint distributions ----------------------------------------------------------------------------------------- */

/* Whether an effect is the coefficient of that name in the estimate. */
static bool is_coefficient(const dr_effect *effect, const char *name, const char *of)
{
    return effect->stored && strcmp(effect->stored->of, of) == 0 && strcmp(effect->stored->name, name) == 0;
}

/* The covariances of effects, of which several may be of one coefficient. */
static void fill_covariances(double *v, const dr_scenario *sc)
{
    const dr_economy *e = sc->economy;
    size_t n = sc->effect_count;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (i == k || (sc->effects[i].stored && sc->effects[i].stored == sc->effects[k].stored))
                v[i * n + k] = sc->effects[i].error * sc->effects[k].error;
    for (size_t row = 0; row < e->covariances; row++) {
        const dr_stored_covariance *c = &e->covariance[row];
        if (strcmp(c->of, c->other) == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; is_coefficient(&sc->effects[i], c->name, c->of) && k < n; k++)
                if (is_coefficient(&sc->effects[k], c->name, c->other))
                    v[i * n + k] = v[k * n + i] = c->covariance;
    }
}

/* Cholesky factors of a matrix that need not have full rank: what adds nothing has a column of zeros. */
static void take_root(double *root, const double *v, size_t n)
{
    const double rounding = 1e-12;
    for (size_t j = 0; j < n; j++) {
        double left = v[j * n + j];
        for (size_t k = 0; k < j; k++)
            left -= root[j * n + k] * root[j * n + k];
        if (!(left > rounding * v[j * n + j]))
            continue;
        root[j * n + j] = sqrt(left);
        for (size_t i = j + 1; i < n; i++) {
            double sum = v[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= root[i * n + k] * root[j * n + k];
            root[i * n + j] = sum / root[j * n + j];
        }
    }
}

dr_status dr_scenario_effects_root(double **root, bool *joint, const dr_scenario *scenario)
{
    size_t n = scenario->effect_count;
    double *v = dr_new_doubles(n * n);
    *root = dr_new_doubles(n * n);
    *joint = false;
    if (!v || !*root) {
        free(v);
        return dr_fail_memory();
    }
    fill_covariances(v, scenario);
    for (size_t i = 0; i < n * n; i++)
        *joint = *joint || (i / n != i % n && v[i] != 0);
    take_root(*root, v, n);
    free(v);
    return DR_OK;
}
