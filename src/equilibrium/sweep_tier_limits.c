/* Product flows under limits, in a sweep: their wedges are in the rows of the tier that a scenario changes, where the
 * sweep and its derivatives find them as they find costs and tariffs. */
#include <stdlib.h>

#include "equilibrium/sweep_limits.h"
#include "equilibrium/sweep_tier.h"

static size_t block_of(const dr_sweep *w, const dr_limited *c)
{
    return c->s * w->r + c->n;
}

/* The place of a row among those of its block. */
static size_t place(const dr_sweep *w, const dr_limited *c)
{
    return c->row - dr_tier_first(w->tier->tier, block_of(w, c));
}

/* A tariff of the pair, which the tier has beside the rows. */
static double taxed(const dr_sweep *w, const dr_limited *c)
{
    return w->tier->taxed ? w->tier->taxed[block_of(w, c) * w->stride + c->i] : 1;
}

void dr_sweep_tier_limit(const dr_sweep *w, dr_limited *c)
{
    size_t block = block_of(w, c), at = place(w, c);
    c->delivered = w->tier->k[block][at];
    c->untaxed = w->tier->untaxed[block][at];
    c->basic = c->delivered * c->untaxed / taxed(w, c);
}

void dr_sweep_tier_wedge(dr_sweep *w, const dr_limited *c, double fewer, double scarce)
{
    size_t block = block_of(w, c), at = place(w, c);
    double *own = w->tier->own;
    own[w->tier->k[block] - own + (ptrdiff_t)at] = c->delivered * fewer;
    own[w->tier->untaxed[block] - own + (ptrdiff_t)at] = c->untaxed / scarce;
}

double dr_sweep_tier_part(const dr_sweep *w, const dr_limited *c)
{
    const dr_sweep_tier *t = w->tier;
    size_t block = block_of(w, c);
    double power = t->cost_power[t->tier->theta_class[c->cell] * w->stride + c->i];
    return t->imported[block] * t->pick[c->cell] * t->k[block][place(w, c)] * power;
}

double dr_sweep_tier_earned(const dr_sweep *w, const dr_limited *c)
{
    double basic = w->tier->untaxed[block_of(w, c)][place(w, c)] / taxed(w, c);
    return w->spent[c->s * w->stride + c->n] * dr_sweep_tier_part(w, c) * basic;
}

static int compare(const void *a, const void *b)
{
    const dr_limited_row *x = a, *y = b;
    return (x->row > y->row) - (x->row < y->row);
}

dr_status dr_sweep_tier_report_limits(const dr_sweep *w, dr_solution *solution)
{
    size_t count = 0;
    for (size_t j = 0; j < w->limited_count; j++)
        count += w->limited[j].row != DR_WHOLE_FLOW;
    if (count == 0)
        return DR_OK;
    solution->limited_rows = dr_new(count, sizeof *solution->limited_rows);
    if (!solution->limited_rows)
        return dr_fail_memory();
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *c = &w->limited[j];
        if (c->row == DR_WHOLE_FLOW)
            continue;
        double border = c->border ? dr_limit_mean_wedge(&solution->limits[c->limit]) : 1;
        solution->limited_rows[solution->limited_row_count++] = (dr_limited_row){c->row, c->limit + 1, border};
    }
    qsort(solution->limited_rows, count, sizeof *solution->limited_rows, compare);
    return DR_OK;
}
