#include "plan/policy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "equilibrium/solve.h"

void dr_instrument_free(dr_instrument *instrument)
{
    free(instrument->flows);
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

double dr_instrument_lowest(const dr_instrument *instrument, const dr_model *m)
{
    const double left = 0.01;
    double lowest = -INFINITY;
    for (size_t j = 0; j < instrument->count && !instrument->export_tax; j++) {
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

/* An export tax at a given rate, or a limit on volume; tax revenue and quota rent go to the exporter. */
static dr_status set_export_tax(dr_scenario *scenario, const dr_instrument *instrument, double y)
{
    if (!dr_grow((void **)&scenario->limits, &scenario->limit_capacity, scenario->limit_count + 1,
                 sizeof *scenario->limits))
        return dr_fail_memory();
    dr_volume_limit *limit = &scenario->limits[scenario->limit_count];
    *limit = (dr_volume_limit){.rent = DR_RENT_EXPORTER, .relative = true, .level = exp(y), .count = instrument->count};
    limit->wedge = instrument->volume ? 0 : exp(y);
    limit->flows = dr_new(instrument->count, sizeof *limit->flows);
    if (!limit->flows)
        return dr_fail_memory();
    scenario->limit_count++;
    memcpy(limit->flows, instrument->flows, instrument->count * sizeof *limit->flows);
    for (size_t j = 0; j < instrument->count; j++)
        scenario->change[instrument->flows[j]] |= DR_CHANGE_LIMIT;
    return DR_OK;
}

/* Writes the settings into a scenario. Unlike the changes of a scenario file, instruments may also tax domestic
 * flows. */
static dr_status set_instruments(dr_scenario *scenario, const dr_policy *p, const double *y)
{
    for (size_t l = 0; l < p->count; l++) {
        if (p->instruments[l].export_tax)
            DR_TRY(set_export_tax(scenario, &p->instruments[l], y[l]));
        for (size_t j = 0; j < p->instruments[l].count && !p->instruments[l].export_tax; j++) {
            size_t flow = p->instruments[l].flows[j];
            double tariff = scenario->change[flow] & DR_CHANGE_TARIFF ? scenario->rate[flow]
                                                                      : dr_base_tariff(&p->model->base, flow);
            scenario->change[flow] |= DR_CHANGE_TARIFF;
            scenario->rate[flow] = tariff + expm1(y[l]);
        }
    }
    return DR_OK;
}

static dr_status aim_ready(dr_aim *aim, const dr_point *point)
{
    if (aim->ready)
        return DR_OK;
    DR_TRY(dr_seed_new(&aim->seed, point));
    DR_TRY(dr_adjoint_new(&aim->adjoint, point));
    aim->ready = true;
    return DR_OK;
}

/* A tariff instrument adds e^y - 1 to the rates t of its flows: d ln(1 + t) / dy = e^y / (1 + t). */
static dr_status aim_gradient(dr_aim *aim, const dr_policy *p, const double *y)
{
    const dr_model *m = p->model;
    dr_seed_fill(&aim->seed, &aim->result, &p->point, p->solution);
    DR_TRY(dr_adjoint_solve(&aim->adjoint, &aim->seed));
    for (size_t l = 0, cap = 0; l < p->count; l++) {
        aim->gradient[l] = 0;
        if (p->instruments[l].export_tax) {
            aim->gradient[l] = p->instruments[l].volume ? dr_adjoint_limit(&aim->adjoint, &aim->seed, cap)
                                                        : dr_adjoint_wedge(&aim->adjoint, cap);
            cap++;
        }
        for (size_t j = 0; j < p->instruments[l].count && !p->instruments[l].export_tax; j++) {
            size_t flow = p->instruments[l].flows[j];
            aim->gradient[l] += exp(y[l]) / (1 + p->scenario->rate[flow]) *
                                dr_adjoint_tariff(&aim->adjoint, &aim->seed, flow / m->sectors / m->regions,
                                                  flow / m->sectors % m->regions, flow % m->sectors);
        }
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
        DR_TRY(aim_ready(&p->aims[a], &p->point));
    dr_status status = dr_parallel(p->aim_count, p->threads, gradient_of, &(gradient_work){p, y});
    return status == DR_NO_SOLUTION ? dr_fail_at(status, "the derivatives of the policy") : status;
}

/* Returns the scenario of y and its equilibrium, or neither. The solve starts from `near` (NULL: from the base) unless
 * the result must be certified. */
static dr_status solve_at(const dr_policy *p, const double *y, const dr_solution *near, bool certified,
                          dr_scenario **scenario, dr_solution **solution)
{
    DR_TRY(dr_scenario_new(scenario, p->model->economy));
    dr_status status = set_instruments(*scenario, p, y);
    if (status == DR_OK)
        status = certified ? dr_model_certified(solution, p->model, *scenario)
                           : dr_model_solve_near(solution, p->model, *scenario, near);
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

dr_status dr_policy_evaluate(dr_policy *p, const double *y, bool gradients)
{
    dr_solution *near = p->solution;
    dr_scenario_free(p->scenario);
    p->scenario = NULL;
    p->solution = NULL;
    dr_status status = solve_at(p, y, gradients ? near : NULL, !gradients, &p->scenario, &p->solution);
    dr_solution_free(near);
    DR_TRY(status);
    p->solves++;
    if (p->look)
        DR_TRY(dr_look_at(p->look, p->solution));
    for (size_t a = 0; a < p->aim_count; a++)
        p->aims[a].value = dr_result_value(&p->aims[a].result, p->model, p->solution);
    return gradients ? gradients_of(p, y) : DR_OK;
}
