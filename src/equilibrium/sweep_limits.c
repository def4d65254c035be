/* Limits on volumes: export curbs and quotas. Each has a wedge mu >= 1 on the delivered cost of its flows, so that the
 * volume stays within the limit, and mu = 1 where it would anyway (docs/model.md, "Volume limits"). The unknown is ln
 * mu; its step is
 *
 *   ln mu <- max(0, ln mu + ln(volume / limit) / (1 + theta))
 *
 * for volume falls by about mu^-(1 + theta). Producers earn v = c q on a flow under a limit. The rent is (mu - 1) v to
 * the exporter; (mu - 1) (1 + tariff) v to the importer; nothing where it is lost, for then mu is a trade cost and v
 * includes what is used up. A wedge that is set is a tax (or a subsidy) of mu - 1 on v, and its rent the revenue; the
 * unknown follows it at once.
 *
 * A tariff-rate quota has a largest wedge M = (1 + over-quota rate) / (1 + in-quota rate): below the quota mu is 1, at
 * it between 1 and M, and beyond it M. Then the licences earn the rent on the part level / volume of the flows, and the
 * importer the rest of (mu - 1) (1 + tariff) v as a tariff. Where the rent is lost, producers make what is used up from
 * it, which is added to their earnings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/sweep.h"
#include "equilibrium/sweep_limits.h"
#include "equilibrium/sweep_tier.h"
#include "scenario/product_change.h"

static double *log_wedge(const dr_sweep *w, size_t limit)
{
    return w->x + w->unknowns - dr_limit_row(w->limit_count) + limit;
}

double dr_limits_wedge(const dr_sweep *w, size_t limit)
{
    return exp(isnan(w->set_wedge[limit]) ? fmin(w->most[limit], fmax(0, *log_wedge(w, limit))) : w->set_wedge[limit]);
}

/* The share of base volumes that the limits leave. */
static void find_left(dr_sweep *w, const dr_scenario *scenario)
{
    for (size_t j = 0; j < w->limited_count; j++)
        w->volume[w->limited[j].limit] += w->limited[j].base;
    for (size_t j = 0; j < w->limited_count; j++) {
        dr_limited *c = &w->limited[j];
        const dr_volume_limit *limit = &scenario->limits[c->limit];
        double left = limit->relative ? limit->level : limit->level / w->volume[c->limit];
        if (limit->most > 0)
            left = fmax(left, pow(limit->most, -c->theta));
        c->left = limit->wedge > 0 ? 1 : fmin(1, left);
    }
}

/* A flow under limit c, or the row of a cell of the tier. */
static dr_status add_limited(dr_sweep *w, const dr_scenario *scenario, size_t c, size_t flow, size_t row, size_t cell)
{
    const dr_model *m = w->model;
    dr_rent rent = scenario->limits[c].rent;
    bool lost = rent == DR_RENT_LOST, quota = scenario->limits[c].most > 0, whole = row == DR_WHOLE_FLOW;
    if (m->base.flow[flow] == 0)
        return DR_OK;
    if (!dr_grow((void **)&w->limited, &w->limited_capacity, w->limited_count + 1, sizeof *w->limited))
        return dr_fail_memory();
    w->limited[w->limited_count++] =
        (dr_limited){.limit = c,
                     .n = flow / w->s / w->r,
                     .i = flow / w->s % w->r,
                     .s = flow % w->s,
                     .row = row,
                     .cell = cell,
                     .theta = whole ? m->theta[flow % w->s] : dr_tier_theta(m->tier, cell),
                     .base = whole ? m->base.flow[flow] : dr_tier_value(m, flow, row, cell),
                     .rent = rent,
                     .used = lost && !quota,
                     .border = rent == DR_RENT_EXPORTER || (lost && quota)};
    return DR_OK;
}

/* Whether a whole flow under a limit is taken product by product: where a rent is a part of the tariff, and products
 * have tariffs of their own. */
static bool by_product(const dr_model *m, const dr_scenario *scenario, const dr_volume_limit *limit, size_t flow)
{
    size_t block = flow % m->sectors * m->regions + flow / m->sectors / m->regions;
    return m->tier && m->tier->cell[block] < m->tier->cell[block + 1] && dr_products_of_flow(scenario, flow) &&
           (limit->rent == DR_RENT_IMPORTER || limit->most > 0);
}

/* Adds the rows of the tier that are product flow `source`, or all that are a part of the flow (DR_NO_PRODUCT). */
static dr_status add_rows(dr_sweep *w, const dr_scenario *scenario, size_t c, size_t flow, unsigned source)
{
    const dr_tier *t = w->model->tier;
    size_t block = flow % w->s * w->r + flow / w->s / w->r, origin = flow / w->s % w->r;
    size_t first = t->cell[block], end = t->cell[block + 1];
    if (source != DR_NO_PRODUCT) {
        first = dr_tier_cell_of(t, block, source);
        end = first < end ? first + 1 : end;
    }
    for (size_t cell = first; cell < end; cell++)
        for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++)
            if (t->origin[row] == origin && (source == DR_NO_PRODUCT || t->source[row] == source))
                DR_TRY(add_limited(w, scenario, c, flow, row, cell));
    return DR_OK;
}

static dr_status add_limit(dr_sweep *w, const dr_scenario *scenario, size_t c)
{
    const dr_volume_limit *limit = &scenario->limits[c];
    for (size_t j = 0; j < limit->count; j++) {
        size_t flow = limit->flows[j];
        if (limit->rows)
            DR_TRY(add_rows(w, scenario, c, flow, limit->rows[j]));
        else if (by_product(w->model, scenario, limit, flow))
            DR_TRY(add_rows(w, scenario, c, flow, DR_NO_PRODUCT));
        else
            DR_TRY(add_limited(w, scenario, c, flow, DR_WHOLE_FLOW, 0));
    }
    return DR_OK;
}

dr_status dr_limits_new(dr_sweep *w, const dr_scenario *scenario)
{
    for (size_t c = 0; c < w->limit_count; c++)
        DR_TRY(add_limit(w, scenario, c));
    find_left(w, scenario);
    return DR_OK;
}

void dr_limits_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    memset(w->volume, 0, w->limit_count * sizeof(double)); /* of the base, for now */
    for (size_t j = 0; j < w->limited_count; j++) {
        dr_limited *c = &w->limited[j];
        if (c->row == DR_WHOLE_FLOW) {
            c->delivered = w->delivered[c->s * w->r + c->n][c->i];
            c->basic = w->basic[c->s * w->r + c->n][c->i];
        } else {
            dr_sweep_tier_limit(w, c);
        }
        w->volume[c->limit] += c->base;
        w->limit_step[c->limit] = 1 / (1 + c->theta);
    }
    for (size_t c = 0; c < w->limit_count; c++) {
        const dr_volume_limit *limit = &scenario->limits[c];
        double base = w->volume[c], level = limit->relative ? limit->level * base : limit->level;
        w->set_wedge[c] = limit->wedge > 0 ? part * log(limit->wedge) : NAN;
        w->most[c] = limit->most > 0 ? part * log(limit->most) : INFINITY;
        w->limit[c] = level < base ? pow(base, 1 - part) * pow(level, part) : level;
    }
}

void dr_limits_apply(dr_sweep *w)
{
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        size_t row = c->s * w->r + c->n;
        double wedge = dr_limits_wedge(w, c->limit), fewer = pow(wedge, -c->theta);
        if (c->row != DR_WHOLE_FLOW) {
            dr_sweep_tier_wedge(w, c, fewer, c->used ? 1 : wedge);
            continue;
        }
        dr_sweep_own(w, w->delivered[row])[c->i] = c->delivered * fewer;
        dr_sweep_own(w, w->basic[row])[c->i] = c->basic * fewer / (c->used ? 1 : wedge);
    }
}

double dr_limits_earned(const dr_sweep *w, const dr_limited *c)
{
    if (c->row != DR_WHOLE_FLOW)
        return dr_sweep_tier_earned(w, c);
    size_t at = c->s * w->stride;
    return w->basic[c->s * w->r + c->n][c->i] * w->supply[at + c->i] * w->spent[at + c->n] / w->power[at + c->n];
}

static double rent_of(const dr_sweep *w, const dr_limited *c)
{
    double rent = (dr_limits_wedge(w, c->limit) - 1) * c->earned * w->in_quota[c->limit];
    if (c->used)
        return 0;
    return c->border || c->basic == 0 ? rent : rent * c->delivered / c->basic;
}

/* The rents go where the scenario says; one that is used up, to the sector that makes what is used. */
static void settle_rents(dr_sweep *w)
{
    memset(w->rents, 0, w->stride * sizeof(double));
    for (size_t j = 0; j < w->limited_count; j++) {
        dr_limited *c = &w->limited[j];
        c->scarcity = rent_of(w, c);
        w->revenue[c->n] -= c->scarcity;
        if (c->rent == DR_RENT_LOST)
            w->output[c->s * w->stride + c->i] += c->scarcity;
        else
            w->rents[c->border ? c->i : c->n] += c->scarcity;
    }
}

void dr_limits_settle(dr_sweep *w)
{
    memset(w->volume, 0, w->limit_count * sizeof(double));
    for (size_t j = 0; j < w->limited_count; j++) {
        dr_limited *c = &w->limited[j];
        double cost = exp(w->x[c->s * w->stride + c->i]);
        c->earned = dr_limits_earned(w, c);
        c->volume = c->earned / cost / (c->used ? dr_limits_wedge(w, c->limit) : 1);
        w->volume[c->limit] += c->volume;
    }
    for (size_t c = 0; c < w->limit_count; c++) {
        double x = fmin(w->most[c], fmax(0, *log_wedge(w, c)));
        double step = w->volume[c] > 0 ? w->limit_step[c] * log(w->volume[c] / w->limit[c]) : 0;
        w->in_quota[c] = w->volume[c] > w->limit[c] && isfinite(w->most[c]) ? w->limit[c] / w->volume[c] : 1;
        w->next[log_wedge(w, c) - w->x] =
            isnan(w->set_wedge[c]) ? fmin(w->most[c], fmax(0, x + step)) : w->set_wedge[c];
    }
    settle_rents(w);
}

/* Adds a flow to the result of its limit. A whole flow that is taken product by product is one. */
static void report_flow(const dr_sweep *w, const dr_scenario *scenario, size_t j, dr_limit_result *limit)
{
    const dr_limited *c = &w->limited[j], *before = j > 0 ? c - 1 : NULL;
    bool products = scenario->limits[c->limit].rows != NULL, one = limit->flows > 0;
    bool same = before && before->limit == c->limit && before->n == c->n && before->i == c->i && before->s == c->s;
    unsigned product = products ? w->model->tier->product[c->cell] : DR_NO_PRODUCT;
    if (!one) {
        limit->importer = c->n;
        limit->exporter = c->i;
        limit->sector = c->s;
        limit->product = product;
    }
    limit->one_importer &= c->n == limit->importer;
    limit->one_exporter &= c->i == limit->exporter;
    limit->one_sector &= c->s == limit->sector;
    limit->one_product &= product == limit->product;
    limit->flows += c->row == DR_WHOLE_FLOW || products || !same;
    limit->base += c->base;
    limit->rent += c->rent == DR_RENT_LOST ? 0 : rent_of(w, c);
}

/* Flows are valued as they cross the border; the tariff is the mean in and over a quota. */
static void report_values(const dr_sweep *w, const dr_limited *c, dr_solution *solution)
{
    const dr_limit_result *limit = &solution->limits[c->limit];
    size_t flow = (c->n * w->r + c->i) * w->s + c->s;
    double mean = dr_limit_mean_wedge(limit);
    if (c->border)
        solution->flow[flow] *= mean;
    if (limit->in_quota < 1)
        solution->tariff[flow] = (1 + solution->tariff[flow]) * limit->wedge / mean - 1;
}

/* Where a product is limited, the tariff is a mean: what is paid for the flow, less rents of importers, over its value
 * at the border, with rents of exporters. */
static void report_products(const dr_sweep *w, const dr_limited *c, dr_solution *solution)
{
    size_t flow = (c->n * w->r + c->i) * w->s + c->s;
    double scarce = rent_of(w, c), value = solution->flow[flow], paid = (1 + solution->tariff[flow]) * value;
    if (c->border)
        solution->flow[flow] = value += scarce;
    else if (!c->used)
        paid -= scarce;
    if (value > 0) /* but for rounding, which makes no tariff of none */
        solution->tariff[flow] = fabs(paid / value - 1) > 1e-14 ? paid / value - 1 : 0;
}

dr_status dr_limits_report(const dr_sweep *w, const dr_scenario *scenario, dr_solution *solution)
{
    solution->limits = dr_new(w->limit_count, sizeof *solution->limits);
    if (!solution->limits)
        return dr_fail_memory();
    solution->limit_count = w->limit_count;
    for (size_t c = 0; c < w->limit_count; c++)
        solution->limits[c] = (dr_limit_result){.rent_to = scenario->limits[c].rent,
                                                .relative = scenario->limits[c].relative,
                                                .level = isnan(w->set_wedge[c]) ? w->limit[c] : NAN,
                                                .volume = w->volume[c],
                                                .wedge = dr_limits_wedge(w, c),
                                                .most = scenario->limits[c].most,
                                                .in_quota = *log_wedge(w, c) < w->most[c] ? 1 : w->in_quota[c],
                                                .one_importer = true,
                                                .one_exporter = true,
                                                .one_sector = true,
                                                .one_product = true};
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        report_flow(w, scenario, j, &solution->limits[c->limit]);
        (c->row == DR_WHOLE_FLOW ? report_values : report_products)(w, c, solution);
    }
    return dr_sweep_tier_report_limits(w, solution);
}
