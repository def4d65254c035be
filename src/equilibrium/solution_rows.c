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

/* Whether the terms of a flow are those of its products. */
static bool by_product(const dr_model *m, const dr_scenario *scenario, size_t flow)
{
    size_t block = flow % m->sectors * m->regions + flow / m->sectors / m->regions;
    bool changed = dr_products_of_flow(scenario, flow) || (scenario->change[flow] & DR_CHANGE_BAN);
    return changed && m->tier->cell[block] < m->tier->cell[block + 1];
}

dr_status dr_solution_keep_rows(dr_solution *solution, const dr_scenario *scenario, double part)
{
    const dr_model *m = solution->model;
    size_t capacity = 0;
    for (size_t flow = 0; m->tier && scenario && flow < m->regions * m->regions * m->sectors; flow++) {
        size_t n = flow / m->sectors / m->regions, i = flow / m->sectors % m->regions,
               block = flow % m->sectors * m->regions + n;
        if (!by_product(m, scenario, flow))
            continue;
        for (size_t cell = m->tier->cell[block]; cell < m->tier->cell[block + 1]; cell++)
            for (size_t row = m->tier->start[cell]; row < m->tier->start[cell + 1]; row++) {
                if (m->tier->origin[row] != i)
                    continue;
                if (!dr_grow((void **)&solution->rows, &capacity, solution->row_count + 1, sizeof *solution->rows))
                    return dr_fail_memory();
                solution->rows[solution->row_count++] = barrier_of(solution, scenario, part, flow, row, cell);
            }
    }
    return DR_OK;
}
