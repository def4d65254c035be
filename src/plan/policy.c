#include "plan/policy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "equilibrium/solve.h"
#include "model/tier.h"
#include "scenario/carbon.h"
#include "scenario/product_change.h"

void dr_instrument_free(dr_instrument *instrument)
{
    free(instrument->flows);
    free(instrument->rows);
}

double dr_regions_welfare(const dr_solution *solution, const bool *regions)
{
    const dr_result result = {.kind = DR_RESULT_WELFARE, .of = (bool *)regions};
    return dr_result_value(&result, solution->model, solution);
}

/* Whether purchases of n from i have this origin. Trade between members of a group that was named, or within `of`,
 * counts as home only, unless the sides include it. */
static bool has_origin(const dr_sides *sides, size_t n, size_t i, dr_origin origin)
{
    if (origin == DR_ORIGIN_HOME)
        return sides->of[i];
    if (origin == DR_ORIGIN_OTHERS)
        return !sides->of[i] && !sides->to[i];
    return sides->to[i] && (sides->inside ? i != n : !sides->of[i] && !dr_named_together(&sides->named, n, i));
}

dr_status dr_instrument_new(dr_instrument *out, const dr_model *m, const dr_sides *sides, size_t sector,
                            dr_origin origin)
{
    size_t r = m->regions;
    *out = (dr_instrument){.origin = origin, .sector = sector, .flows = dr_new(r * r, sizeof *out->flows)};
    if (!out->flows)
        return dr_fail_memory();
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r && sides->of[n]; i++) {
            size_t flow = (n * r + i) * m->sectors + sector;
            if (!has_origin(sides, n, i, origin) || m->base.flow[flow] == 0)
                continue;
            out->flows[out->count++] = flow;
            out->base += m->base.flow[flow];
        }
    return DR_OK;
}

dr_status dr_instrument_of_product(dr_instrument *out, const dr_model *m, const dr_sides *sides, size_t sector,
                                   unsigned product)
{
    const dr_tier *t = m->tier;
    size_t capacity = 0, rows = 0;
    *out = (dr_instrument){.origin = DR_ORIGIN_FROM, .sector = sector};
    for (size_t n = 0; n < m->regions; n++) {
        size_t block = sector * m->regions + n, cell = dr_tier_cell(t, block, product);
        if (!sides->of[n] || cell == t->cell[block + 1])
            continue;
        for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++) {
            size_t flow = (n * m->regions + t->origin[row]) * m->sectors + sector;
            if (!has_origin(sides, n, t->origin[row], DR_ORIGIN_FROM))
                continue;
            if (!dr_grow((void **)&out->flows, &capacity, out->count + 1, sizeof *out->flows) ||
                !dr_grow((void **)&out->rows, &rows, out->count + 1, sizeof *out->rows))
                return dr_fail_memory();
            out->rows[out->count] = row;
            out->flows[out->count++] = flow;
            out->base += dr_tier_value(m, flow, row, cell);
        }
    }
    return DR_OK;
}

double dr_instrument_lowest(const dr_instrument *instrument, const dr_model *m)
{
    const double left = 0.01;
    double lowest = -INFINITY;
    for (size_t j = 0; j < instrument->count && !instrument->limited; j++) {
        double tariff = dr_base_tariff(&m->base, instrument->flows[j]);
        if (tariff < 0)
            lowest = fmax(lowest, log(-tariff + left * (1 + tariff)));
    }
    return lowest;
}

void dr_instrument_units(double *unit, const dr_instrument *instruments, size_t count)
{
    const double least = 1e-2;
    double largest = 0;
    for (size_t l = 0; l < count; l++)
        largest = fmax(largest, instruments[l].base);
    for (size_t l = 0; l < count; l++)
        unit[l] = fmax(least, sqrt(instruments[l].base / largest));
}

void dr_policy_free(dr_policy *p)
{
    for (size_t l = 0; l < p->count; l++)
        dr_instrument_free(&p->instruments[l]);
    for (size_t a = 0; a < p->aim_count; a++) {
        dr_result_free(&p->aims[a].result);
        dr_seed_free(&p->aims[a].seed);
        dr_adjoint_free(&p->aims[a].adjoint);
        free(p->aims[a].gradient);
        free(p->aims[a].trade_cost);
        free(p->aims[a].tariff);
    }
    free(p->instruments);
    free(p->aims);
    dr_point_free(&p->point);
    dr_solution_free(p->solution);
    dr_scenario_free(p->scenario);
}

dr_status dr_policy_new(dr_policy *p, const dr_model *model, dr_instrument *instruments, size_t count, dr_aim *aims,
                        size_t aim_count)
{
    *p = (dr_policy){.model = model, .instruments = instruments, .count = count, .aims = aims, .aim_count = aim_count};
    for (size_t a = 0; a < aim_count; a++) {
        aims[a].gradient = dr_new_doubles(count);
        if (!aims[a].gradient)
            return dr_fail_memory();
    }
    return DR_OK;
}

/* ---- The scenario ------------------------------------------------------------------------------------------------ */

/* The limits of instruments come before those that stand for the taxes of the standing changes (dr_scenario). */
static size_t first_limit(const dr_policy *p)
{
    return p->standing ? p->standing->limit_count - p->standing->tax_limits : 0;
}

size_t dr_policy_limit(const dr_policy *p, size_t instrument)
{
    size_t limit = first_limit(p);
    for (size_t l = 0; l < instrument; l++)
        limit += p->instruments[l].limited;
    return limit;
}

/* The product flows of a limit. */
static dr_status limit_products(dr_scenario *scenario, const dr_policy *p, const dr_instrument *instrument,
                                dr_volume_limit *limit)
{
    limit->rows = dr_new(instrument->count, sizeof *limit->rows);
    if (!limit->rows)
        return dr_fail_memory();
    for (size_t j = 0; j < instrument->count; j++) {
        limit->rows[j] = p->model->tier->source[instrument->rows[j]];
        DR_TRY(dr_product_limit_set(scenario, instrument->flows[j], limit->rows[j]));
    }
    return DR_OK;
}

/* A tax on exporters at a given rate, or a limit on volume: limit number `at`. */
static dr_status set_limit(dr_scenario *scenario, const dr_policy *p, const dr_instrument *instrument, double y,
                           size_t at)
{
    if (!dr_grow((void **)&scenario->limits, &scenario->limit_capacity, scenario->limit_count + 1,
                 sizeof *scenario->limits))
        return dr_fail_memory();
    size_t count = instrument->count - instrument->home;
    size_t *flows = dr_new(count + 1, sizeof *flows);
    if (!flows)
        return dr_fail_memory();
    dr_volume_limit *limit = &scenario->limits[at];
    memmove(limit + 1, limit, (scenario->limit_count - at) * sizeof *limit);
    scenario->limit_count++;
    *limit =
        (dr_volume_limit){.rent = instrument->rent, .relative = true, .level = exp(y), .flows = flows, .count = count};
    limit->wedge = instrument->volume ? 0 : exp(y);
    memcpy(flows, instrument->flows + instrument->home, count * sizeof *flows);
    if (instrument->rows)
        return limit_products(scenario, p, instrument, limit);
    for (size_t j = 0; j < count; j++)
        scenario->change[flows[j]] |= DR_CHANGE_LIMIT;
    return DR_OK;
}

static bool of_products(const dr_policy *p)
{
    bool any = false;
    for (size_t l = 0; l < p->count; l++)
        any |= p->instruments[l].rows != NULL;
    return any;
}

/* The tariff of a product flow without the instrument. */
static double standing_tariff(const dr_policy *p, const dr_instrument *instrument, size_t j)
{
    size_t flow = instrument->flows[j];
    return dr_product_tariff(p->standing, dr_base_tariff(&p->model->base, flow), flow,
                             p->model->tier->source[instrument->rows[j]]);
}

/* What an instrument levies on one of its flows. */
static void levy(dr_scenario *scenario, const dr_policy *p, const dr_instrument *instrument, size_t j, double y)
{
    size_t flow = instrument->flows[j];
    double base = dr_base_tariff(&p->model->base, flow);
    if (instrument->rows) {
        dr_product_tariff_set(scenario, flow, p->model->tier->source[instrument->rows[j]],
                              standing_tariff(p, instrument, j) + expm1(y));
        return;
    }
    double tariff = scenario->change[flow] & DR_CHANGE_TARIFF ? scenario->rate[flow] : base;
    scenario->change[flow] |= DR_CHANGE_TARIFF;
    scenario->rate[flow] = tariff + expm1(y) * (instrument->use ? 1 + tariff : 1);
}

/* The flows on which the importers levy an instrument. */
static size_t levied(const dr_instrument *instrument)
{
    return instrument->limited ? instrument->home : instrument->count;
}

/* Writes the settings into a scenario. Unlike the changes of a scenario file, instruments may also tax domestic
 * flows. */
static dr_status set_instruments(dr_scenario *scenario, const dr_policy *p, const double *y)
{
    size_t limit = first_limit(p);
    if (of_products(p)) {
        DR_TRY(dr_product_changes_need(scenario));
        DR_TRY(dr_scenario_next(scenario));
    }
    for (size_t l = 0; l < p->count; l++) {
        const dr_instrument *instrument = &p->instruments[l];
        if (instrument->limited)
            DR_TRY(set_limit(scenario, p, instrument, y[l], limit++));
        for (size_t j = 0; j < levied(instrument); j++)
            levy(scenario, p, instrument, j, y[l]);
    }
    return DR_OK;
}

/* d ln(1 + rate) / dy of a flow, the rate being all that its importer levies on it: e^y - 1 is added to the tariff, and
 * taxes on use multiply that. */
static double rate_slope(const dr_policy *p, const dr_instrument *instrument, double y, size_t flow)
{
    const dr_scenario *s = p->scenario;
    double all = 1 + s->rate[flow] + dr_carbon_duty(s, flow);
    return instrument->use ? (1 + s->rate[flow]) / all : exp(y) / all;
}

/* ---- Derivatives ------------------------------------------------------------------------------------------------- */

static dr_status aim_ready(dr_aim *aim, const dr_policy *p, const dr_point *point)
{
    if (aim->ready)
        return DR_OK;
    DR_TRY(dr_seed_new(&aim->seed, point));
    DR_TRY(dr_adjoint_new(&aim->adjoint, point));
    if (aim->result.before && !(aim->seed.earned = dr_new_doubles(point->w.r * point->w.block)))
        return dr_fail_memory();
    if (of_products(p)) {
        aim->trade_cost = dr_new_doubles(p->model->tier->rows + 1);
        aim->tariff = dr_new_doubles(p->model->tier->rows + 1);
        if (!aim->trade_cost || !aim->tariff)
            return dr_fail_memory();
    }
    aim->ready = true;
    return DR_OK;
}

/* By y of what an instrument levies on one of its flows. */
static double slope_of(const dr_aim *aim, const dr_policy *p, const dr_instrument *instrument, size_t j, double y)
{
    const dr_model *m = p->model;
    size_t flow = instrument->flows[j];
    if (instrument->rows)
        return exp(y) / (standing_tariff(p, instrument, j) + exp(y)) * aim->tariff[instrument->rows[j]];
    return rate_slope(p, instrument, y, flow) * dr_adjoint_tariff(&aim->adjoint, &aim->seed,
                                                                  flow / m->sectors / m->regions,
                                                                  flow / m->sectors % m->regions, flow % m->sectors);
}

static dr_status aim_gradient(dr_aim *aim, const dr_policy *p, const double *y)
{
    dr_seed_fill(&aim->seed, &aim->result, &p->point, p->solution);
    DR_TRY(dr_adjoint_solve(&aim->adjoint, &aim->seed));
    if (aim->tariff)
        dr_adjoint_products(&aim->adjoint, &aim->seed, aim->trade_cost, aim->tariff);
    size_t limit = first_limit(p);
    for (size_t l = 0; l < p->count; l++) {
        const dr_instrument *instrument = &p->instruments[l];
        aim->gradient[l] = 0;
        if (instrument->limited) {
            aim->gradient[l] = instrument->volume ? dr_adjoint_limit(&aim->adjoint, &aim->seed, limit)
                                                  : dr_adjoint_wedge(&aim->adjoint, limit);
            limit++;
        }
        for (size_t j = 0; j < levied(instrument); j++)
            aim->gradient[l] += slope_of(aim, p, instrument, j, y[l]);
    }
    return DR_OK;
}

/* The work of the parallel loop over aims. */
typedef struct gradient_work {
    dr_policy *policy;
    const double *y;
} gradient_work;

static dr_status gradient_of(void *work, size_t a, size_t thread)
{
    const gradient_work *w = work;
    dr_policy *p = w->policy;
    (void)thread;
    return p->aims[a].idle ? DR_OK : aim_gradient(&p->aims[a], p, w->y);
}

static dr_status gradients_of(dr_policy *p, const double *y)
{
    dr_point_free(&p->point);
    DR_TRY(dr_point_new(&p->point, p->solution, p->scenario));
    for (size_t a = 0; a < p->aim_count; a++)
        DR_TRY(aim_ready(&p->aims[a], p, &p->point));
    dr_status status = dr_parallel(p->aim_count, p->threads, gradient_of, &(gradient_work){p, y});
    return status == DR_NO_SOLUTION ? dr_fail_at(status, "the derivatives of the policy") : status;
}

/* Returns the scenario of y and its equilibrium, or neither. The solve starts from `near` (NULL: from the base) unless
 * the result must be certified. */
static dr_status solve_at(const dr_policy *p, const double *y, const dr_solution *near, bool certified,
                          dr_scenario **scenario, dr_solution **solution)
{
    DR_TRY(p->standing ? dr_scenario_copy(scenario, p->standing) : dr_scenario_new(scenario, p->model->economy));
    dr_status status = set_instruments(*scenario, p, y);
    if (status == DR_OK)
        status = certified ? dr_model_certified(solution, p->model, *scenario)
                           : dr_model_solve_near(solution, p->model, *scenario, near);
    if (status == DR_OK && !certified && p->aims[0].result.before)
        status = dr_solution_keep_barriers(*solution, *scenario, 1);
    if (status == DR_OK)
        return DR_OK;
    dr_scenario_free(*scenario);
    *scenario = NULL;
    return status;
}

dr_status dr_policy_solve(dr_solution **out, const dr_policy *p, const double *y)
{
    dr_scenario *scenario = NULL;
    DR_TRY(solve_at(p, y, p->solution, false, &scenario, out));
    dr_scenario_free(scenario);
    return DR_OK;
}

static dr_status evaluate(dr_policy *p, const double *y, const dr_solution *near, bool gradients)
{
    dr_solution *last = p->solution;
    dr_scenario_free(p->scenario);
    p->scenario = NULL;
    p->solution = NULL;
    dr_status status = solve_at(p, y, near, !gradients, &p->scenario, &p->solution);
    dr_solution_free(last);
    DR_TRY(status);
    p->solves++;
    if (p->look)
        DR_TRY(dr_look_at(p->look, p->solution));
    for (size_t a = 0; a < p->aim_count; a++)
        p->aims[a].value = dr_result_value(&p->aims[a].result, p->model, p->solution);
    return gradients ? gradients_of(p, y) : DR_OK;
}

dr_status dr_policy_evaluate(dr_policy *p, const double *y, bool gradients)
{
    return evaluate(p, y, gradients ? p->solution : NULL, gradients);
}

dr_status dr_policy_evaluate_from(dr_policy *p, const double *y, const dr_solution *near)
{
    return evaluate(p, y, near, true);
}
