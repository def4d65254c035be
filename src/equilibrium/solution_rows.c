/* The barriers of a part of a scenario to product flows, for the terms of the change of welfare. */
#include <math.h>
#include <stdlib.h>

#include "equilibrium/solution.h"
#include "model/tier.h"
#include "scenario/product_change.h"

/* The limit of a product flow: its own, or that of its whole flow; NULL: none. */
static const dr_limit_result *limit_of(const dr_solution *solution, size_t flow, size_t row)
{
    size_t own = dr_solution_row_limit(solution, row);
    const dr_barrier *barrier = own ? NULL : dr_solution_barrier(solution, flow);
    size_t limit = own ? own : barrier ? barrier->limit : 0;
    return limit ? &solution->limits[limit - 1] : NULL;
}

static dr_row_barrier barrier_of(const dr_solution *solution, const dr_scenario *scenario, double part, size_t flow,
                                 size_t row, size_t cell)
{
    const dr_model *m = solution->model;
    unsigned source = m->tier->source[row];
    double base = dr_base_tariff(&m->base, flow), theta = dr_tier_theta(m->tier, cell);
    double rate = dr_product_rate(scenario, base, flow, source),
           times = dr_product_kappa(scenario, base, flow, source, theta) * (1 + base) / (1 + rate);
    dr_row_barrier b = {.flow = flow, .row = row, .cell = cell, .rent = 1, .fee = 1};
    b.taxed = part == 1 || rate == base ? 1 + rate : (1 + base) * pow((1 + rate) / (1 + base), part);
    b.used = isfinite(times) ? pow(times, part) : part == 1 ? INFINITY : pow(1 - part, -4 / theta);
    if (solution->pooled && solution->pooled[cell] > 0) /* as a trade cost that falls for all (docs/model.md) */
        b.used *= pow(solution->pooled[cell], -1 / theta);
    const dr_limit_result *limit = solution->limit_count ? limit_of(solution, flow, row) : NULL;
    if (!limit)
        return b;
    double *to[] = {[DR_RENT_EXPORTER] = &b.rent, [DR_RENT_IMPORTER] = &b.fee, [DR_RENT_LOST] = &b.used};
    double mean = dr_limit_mean_wedge(limit);
    *to[limit->rent_to] *= mean;
    if (limit->in_quota < 1)
        b.taxed *= limit->wedge / mean;
    return b;
}

/* Marks the blocks [s][n] of which flows have changes; where supply may be pooled, this moves all their products. */
static bool *changed_blocks(const dr_model *m, const dr_scenario *scenario)
{
    bool *changed = dr_new(m->regions * m->sectors, sizeof *changed);
    for (size_t flow = 0; changed && flow < m->regions * m->regions * m->sectors; flow++)
        changed[flow % m->sectors * m->regions + flow / m->sectors / m->regions] |= scenario->change[flow] != 0;
    return changed;
}

/* Whether the terms of a flow are those of its products. */
static bool by_product(const dr_model *m, const dr_scenario *scenario, size_t flow, const bool *blocks)
{
    size_t n = flow / m->sectors / m->regions, block = flow % m->sectors * m->regions + n;
    bool changed = dr_products_of_flow(scenario, flow) || (scenario->change[flow] & DR_CHANGE_BAN);
    changed |= m->nests.thin > 0 && blocks[block];
    return changed && flow / m->sectors % m->regions != n && m->tier->cell[block] < m->tier->cell[block + 1];
}

static dr_status add_rows(dr_solution *solution, const dr_scenario *scenario, double part, size_t flow,
                          size_t *capacity)
{
    const dr_model *m = solution->model;
    const dr_tier *t = m->tier;
    size_t n = flow / m->sectors / m->regions, i = flow / m->sectors % m->regions,
           block = flow % m->sectors * m->regions + n;
    for (size_t cell = t->cell[block]; cell < t->cell[block + 1]; cell++)
        for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++) {
            if (t->origin[row] != i)
                continue;
            if (!dr_grow((void **)&solution->rows, capacity, solution->row_count + 1, sizeof *solution->rows))
                return dr_fail_memory();
            solution->rows[solution->row_count++] = barrier_of(solution, scenario, part, flow, row, cell);
        }
    return DR_OK;
}

dr_status dr_solution_keep_rows(dr_solution *solution, const dr_scenario *scenario, double part)
{
    const dr_model *m = solution->model;
    size_t capacity = 0;
    if (!m->tier || !scenario)
        return DR_OK;
    bool *blocks = changed_blocks(m, scenario);
    dr_status status = blocks ? DR_OK : dr_fail_memory();
    for (size_t flow = 0; status == DR_OK && flow < m->regions * m->regions * m->sectors; flow++)
        if (by_product(m, scenario, flow, blocks))
            status = add_rows(solution, scenario, part, flow, &capacity);
    free(blocks);
    return status;
}
