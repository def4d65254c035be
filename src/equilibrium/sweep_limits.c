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

static double *log_wedge(const dr_sweep *w, size_t limit)
{
    return w->x + w->unknowns - dr_limit_row(w->limit_count) + limit;
}

double dr_limits_wedge(const dr_sweep *w, size_t limit)
{
    return exp(isnan(w->set_wedge[limit]) ? fmin(w->most[limit], fmax(0, *log_wedge(w, limit))) : w->set_wedge[limit]);
}

static double base_flow(const dr_sweep *w, const dr_limited *c)
{
    return w->model->base.flow[(c->n * w->r + c->i) * w->s + c->s];
}

/* The share of base volumes that the limits leave. */
static void find_left(dr_sweep *w, const dr_scenario *scenario)
{
    for (size_t j = 0; j < w->limited_count; j++)
        w->volume[w->limited[j].limit] += base_flow(w, &w->limited[j]);
    for (size_t j = 0; j < w->limited_count; j++) {
        dr_limited *c = &w->limited[j];
        const dr_volume_limit *limit = &scenario->limits[c->limit];
        double left = limit->relative ? limit->level : limit->level / w->volume[c->limit];
        if (limit->most > 0)
            left = fmax(left, pow(limit->most, -w->model->theta[c->s]));
        c->left = limit->wedge > 0 ? 1 : fmin(1, left);
    }
}

dr_status dr_limits_new(dr_sweep *w, const dr_scenario *scenario)
{
    size_t count = 0;
    for (size_t c = 0; c < w->limit_count; c++)
        count += scenario->limits[c].count;
    w->limited = dr_new(count, sizeof *w->limited);
    if (!w->limited)
        return dr_fail_memory();
    for (size_t c = 0; c < w->limit_count; c++)
        for (size_t j = 0; j < scenario->limits[c].count; j++) {
            size_t flow = scenario->limits[c].flows[j];
            if (w->model->base.flow[flow] == 0)
                continue;
            dr_rent rent = scenario->limits[c].rent;
            bool lost = rent == DR_RENT_LOST, quota = scenario->limits[c].most > 0;
            w->limited[w->limited_count++] = (dr_limited){.limit = c,
                                                          .n = flow / w->s / w->r,
                                                          .i = flow / w->s % w->r,
                                                          .s = flow % w->s,
                                                          .rent = rent,
                                                          .used = lost && !quota,
                                                          .border = rent == DR_RENT_EXPORTER || (lost && quota)};
        }
    find_left(w, scenario);
    return DR_OK;
}

void dr_limits_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    memset(w->volume, 0, w->limit_count * sizeof(double)); /* of the base, for now */
    for (size_t j = 0; j < w->limited_count; j++) {
        dr_limited *c = &w->limited[j];
        c->delivered = w->delivered[c->s * w->r + c->n][c->i];
        c->basic = w->basic[c->s * w->r + c->n][c->i];
        w->volume[c->limit] += base_flow(w, c);
        w->limit_step[c->limit] = 1 / (1 + w->model->theta[c->s]);
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
        double wedge = dr_limits_wedge(w, c->limit), fewer = pow(wedge, -w->model->theta[c->s]);
        dr_sweep_own(w, w->delivered[row])[c->i] = c->delivered * fewer;
        dr_sweep_own(w, w->basic[row])[c->i] = c->basic * fewer / (c->used ? 1 : wedge);
    }
}

/* The earnings of producers on a flow under a limit, in the last sweep. */
static double earned(const dr_sweep *w, const dr_limited *c)
{
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
        c->earned = earned(w, c);
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
                                                .one_sector = true};
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        size_t flow = (c->n * w->r + c->i) * w->s + c->s;
        dr_limit_result *limit = &solution->limits[c->limit];
        if (limit->flows == 0) {
            limit->importer = c->n;
            limit->exporter = c->i;
            limit->sector = c->s;
        }
        limit->one_importer &= c->n == limit->importer;
        limit->one_exporter &= c->i == limit->exporter;
        limit->one_sector &= c->s == limit->sector;
        limit->flows++;
        limit->base += base_flow(w, c);
        limit->rent += c->rent == DR_RENT_LOST ? 0 : rent_of(w, c);
        double mean = dr_limit_mean_wedge(limit);
        if (c->border) /* flows are valued as they cross the border */
            solution->flow[flow] *= mean;
        if (limit->in_quota < 1) /* its mean tariff, in and over the quota */
            solution->tariff[flow] = (1 + solution->tariff[flow]) * limit->wedge / mean - 1;
    }
    return DR_OK;
}
