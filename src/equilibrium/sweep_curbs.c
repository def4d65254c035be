/* Caps on volumes: export curbs and quotas. Each has a wedge mu >= 1 on the delivered cost of its flows, so that the volume stays
 * within the limit, and mu = 1 where it would anyway (docs/model.md, "Caps"). The unknown is ln mu; its step is
 *
 *   ln mu <- max(0, ln mu + ln(volume / limit) / (1 + theta))
 *
 * for volume falls by about mu^-(1 + theta). Producers earn v = c q on a capped flow. The rent is (mu - 1) v to the exporter;
 * (mu - 1) (1 + tariff) v to the importer; nothing where it is lost, for then mu is a trade cost and v includes what is used up. A
 * wedge that is set is a tax (or a subsidy) of mu - 1 on v, and its rent the revenue; the unknown follows it at once. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/sweep.h"

static double *log_wedge(const dr_sweep *w, size_t cap)
{
    return w->x + w->unknowns - dr_cap_row(w->caps) + cap;
}

double dr_curbs_wedge(const dr_sweep *w, size_t cap)
{
    return exp(isnan(w->set_wedge[cap]) ? fmax(0, *log_wedge(w, cap)) : w->set_wedge[cap]);
}

static double base_flow(const dr_sweep *w, const dr_capped *c)
{
    return w->model->base.flow[(c->n * w->r + c->i) * w->s + c->s];
}

/* What the limits leave of base volumes. */
static void find_left(dr_sweep *w, const dr_scenario *scenario)
{
    for (size_t j = 0; j < w->capped_count; j++)
        w->volume[w->capped[j].cap] += base_flow(w, &w->capped[j]);
    for (size_t j = 0; j < w->capped_count; j++) {
        dr_capped *c = &w->capped[j];
        const dr_cap *cap = &scenario->caps[c->cap];
        c->left = cap->wedge > 0 ? 1 : fmin(1, cap->relative ? cap->limit : cap->limit / w->volume[c->cap]);
    }
}

dr_status dr_curbs_new(dr_sweep *w, const dr_scenario *scenario)
{
    size_t count = 0;
    for (size_t c = 0; c < w->caps; c++)
        count += scenario->caps[c].count;
    w->capped = dr_new(count, sizeof *w->capped);
    if (!w->capped)
        return dr_fail_memory();
    for (size_t c = 0; c < w->caps; c++)
        for (size_t j = 0; j < scenario->caps[c].count; j++) {
            size_t flow = scenario->caps[c].flows[j];
            if (w->model->base.flow[flow] == 0)
                continue;
            w->capped[w->capped_count++] = (dr_capped){.cap = c,
                                                       .n = flow / w->s / w->r,
                                                       .i = flow / w->s % w->r,
                                                       .s = flow % w->s,
                                                       .rent = scenario->caps[c].rent};
        }
    find_left(w, scenario);
    return DR_OK;
}

void dr_curbs_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    memset(w->volume, 0, w->caps * sizeof(double)); /* of the base, for now */
    for (size_t j = 0; j < w->capped_count; j++) {
        dr_capped *c = &w->capped[j];
        c->delivered = w->delivered[c->s * w->r + c->n][c->i];
        c->basic = w->basic[c->s * w->r + c->n][c->i];
        w->volume[c->cap] += base_flow(w, c);
        w->cap_step[c->cap] = 1 / (1 + w->model->theta[c->s]);
    }
    for (size_t c = 0; c < w->caps; c++) {
        const dr_cap *cap = &scenario->caps[c];
        double base = w->volume[c], limit = cap->relative ? cap->limit * base : cap->limit;
        w->set_wedge[c] = cap->wedge > 0 ? part * log(cap->wedge) : NAN;
        w->limit[c] = limit < base ? pow(base, 1 - part) * pow(limit, part) : limit;
    }
}

void dr_curbs_apply(dr_sweep *w)
{
    for (size_t j = 0; j < w->capped_count; j++) {
        const dr_capped *c = &w->capped[j];
        size_t row = c->s * w->r + c->n;
        double wedge = dr_curbs_wedge(w, c->cap), fewer = pow(wedge, -w->model->theta[c->s]);
        dr_sweep_own(w, w->delivered[row])[c->i] = c->delivered * fewer;
        dr_sweep_own(w, w->basic[row])[c->i] = c->basic * fewer / (c->rent == DR_RENT_LOST ? 1 : wedge);
    }
}

/* What a capped flow's producers earn in the last sweep. */
static double earned(const dr_sweep *w, const dr_capped *c)
{
    size_t at = c->s * w->stride;
    return w->basic[c->s * w->r + c->n][c->i] * w->supply[at + c->i] * w->spent[at + c->n] / w->power[at + c->n];
}

static double rent_of(const dr_sweep *w, const dr_capped *c)
{
    double rent = (dr_curbs_wedge(w, c->cap) - 1) * c->earned;
    if (c->rent == DR_RENT_LOST)
        return 0;
    return c->rent == DR_RENT_EXPORTER || c->basic == 0 ? rent : rent * c->delivered / c->basic;
}

void dr_curbs_settle(dr_sweep *w)
{
    memset(w->rents, 0, w->stride * sizeof(double));
    memset(w->volume, 0, w->caps * sizeof(double));
    for (size_t j = 0; j < w->capped_count; j++) {
        dr_capped *c = &w->capped[j];
        double cost = exp(w->x[c->s * w->stride + c->i]);
        c->earned = earned(w, c);
        c->scarcity = rent_of(w, c);
        c->volume = c->earned / cost / (c->rent == DR_RENT_LOST ? dr_curbs_wedge(w, c->cap) : 1);
        w->revenue[c->n] -= c->scarcity;
        w->rents[c->rent == DR_RENT_EXPORTER ? c->i : c->n] += c->scarcity;
        w->volume[c->cap] += c->volume;
    }
    for (size_t c = 0; c < w->caps; c++) {
        double x = fmax(0, *log_wedge(w, c));
        double step = w->volume[c] > 0 ? w->cap_step[c] * log(w->volume[c] / w->limit[c]) : 0;
        w->next[log_wedge(w, c) - w->x] = isnan(w->set_wedge[c]) ? fmax(0, x + step) : w->set_wedge[c];
    }
}

dr_status dr_curbs_report(const dr_sweep *w, const dr_scenario *scenario, dr_solution *solution)
{
    solution->caps = dr_new(w->caps, sizeof *solution->caps);
    if (!solution->caps)
        return dr_fail_memory();
    solution->cap_count = w->caps;
    for (size_t c = 0; c < w->caps; c++)
        solution->caps[c] = (dr_cap_result){.rent_to = scenario->caps[c].rent,
                                            .limit = isnan(w->set_wedge[c]) ? w->limit[c] : NAN,
                                            .volume = w->volume[c],
                                            .wedge = dr_curbs_wedge(w, c),
                                            .one_importer = true,
                                            .one_exporter = true,
                                            .one_sector = true};
    for (size_t j = 0; j < w->capped_count; j++) {
        const dr_capped *c = &w->capped[j];
        size_t flow = (c->n * w->r + c->i) * w->s + c->s;
        dr_cap_result *cap = &solution->caps[c->cap];
        if (cap->flows == 0) {
            cap->importer = c->n;
            cap->exporter = c->i;
            cap->sector = c->s;
        }
        cap->one_importer &= c->n == cap->importer;
        cap->one_exporter &= c->i == cap->exporter;
        cap->one_sector &= c->s == cap->sector;
        cap->flows++;
        cap->base += base_flow(w, c);
        cap->rent += rent_of(w, c);
        if (c->rent == DR_RENT_EXPORTER) /* flows are valued as they cross the border */
            solution->flow[flow] *= cap->wedge;
    }
    return DR_OK;
}
