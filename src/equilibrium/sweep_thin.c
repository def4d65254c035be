/* Markets that a scenario leaves (almost) without supply (docs/model.md, "Thin markets"). At base costs, what the
 * scenario leaves of the supply of s to n is the part of base spending
 *
 *   R[n,s] = sum_i pi[n,i,s] kappa[n,i,s]^-theta_s l[n,i,s]
 *
 * with l = level / base volume of a flow's limit where that is below 1. Where R is below the model's share T of thin
 * markets, what is left is pooled: every K of the market is multiplied by T / R, so that its price rises T^(-1/theta)
 * times and no more, but for costs. */
#include <math.h>

#include "equilibrium/sweep.h"
#include "equilibrium/sweep_thin.h"
#include "equilibrium/sweep_tier.h"

bool dr_thin(const dr_sweep *w, size_t row)
{
    return w->pools && w->remains[row] > 0 && w->remains[row] < w->model->nests.thin;
}

static void pool(dr_sweep *w, size_t row)
{
    double pooled = w->model->nests.thin / w->remains[row];
    double *delivered = dr_sweep_own(w, w->delivered[row]), *basic = dr_sweep_own(w, w->basic[row]);
    for (size_t i = 0; i < w->r; i++) {
        delivered[i] *= pooled;
        if (basic != delivered)
            basic[i] *= pooled;
    }
}

void dr_thin_load(dr_sweep *w, double part)
{
    for (size_t row = 0; row < w->r * w->s; row++) {
        w->remains[row] = 1;
        if (w->delivered[row] == w->model->import_share + row * w->stride || dr_in_tier(w, row % w->r, row / w->r))
            continue; /* as in the base; or its products are pooled */
        w->remains[row] = 0;
        for (size_t i = 0; i < w->r; i++)
            w->remains[row] += w->delivered[row][i];
    }
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        size_t row = c->s * w->r + c->n;
        w->remains[row] -= dr_in_tier(w, c->n, c->s) ? 0 : (1 - pow(c->left, part)) * w->delivered[row][c->i];
    }
    for (size_t row = 0; row < w->r * w->s; row++)
        if (dr_thin(w, row))
            pool(w, row);
}

dr_status dr_thin_report(const dr_sweep *w, dr_solution *solution)
{
    size_t count = 0;
    for (size_t row = 0; row < w->r * w->s; row++)
        count += dr_thin(w, row);
    if (count == 0)
        return DR_OK;
    if (!(solution->thin = dr_new(count, sizeof *solution->thin)))
        return dr_fail_memory();
    for (size_t row = 0; row < w->r * w->s; row++)
        if (dr_thin(w, row))
            solution->thin[solution->thin_count++] =
                (dr_thin_market){.region = row % w->r, .sector = row / w->r, .remains = w->remains[row]};
    return DR_OK;
}
