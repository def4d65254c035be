#include "update/gras.h"

#include <math.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/memory.h"

double dr_gras_factor(double positive, double negative, double target)
{
    double root = sqrt(target * target + 4 * positive * negative);
    if (positive > 0 && target > 0)
        return (target + root) / (2 * positive);
    /* Of a target below zero the other form of the same root, which loses no digits. */
    if (negative > 0 && target - root < 0)
        return 2 * negative / (root - target);
    return positive > 0 && negative == 0 && target == 0 ? 0 : 1;
}

/* The sums of the groups of a margin, of positive and of negative cells, and then their factors. */
typedef struct sums {
    double *positive, *negative, *factor;
} sums;

static void add_up(const dr_gras *g, const dr_margin *m, const sums *s, size_t groups)
{
    for (size_t i = 0; i < groups; i++)
        s->positive[i] = s->negative[i] = 0;
    for (size_t row = 0; row < g->rows; row++) {
        const double *cells = g->cells + row * g->columns;
        size_t first = m->row_group[row] * m->column_groups;
        for (size_t column = 0; column < g->columns; column++) {
            size_t group = first + m->column_group[column];
            double cell = cells[column];
            s->positive[group] += cell > 0 ? cell : 0;
            s->negative[group] += cell < 0 ? -cell : 0;
        }
    }
}

/* Multiplies the cells of each group by its factor, or divides them. A factor of zero has no negative cells. */
static void scale(const dr_gras *g, const dr_margin *m, const sums *s)
{
    for (size_t row = 0; row < g->rows; row++) {
        double *cells = g->cells + row * g->columns;
        const double *factor = s->factor + m->row_group[row] * m->column_groups;
        for (size_t column = 0; column < g->columns; column++) {
            double by = factor[m->column_group[column]];
            cells[column] = cells[column] < 0 ? cells[column] / by : cells[column] * by;
        }
    }
}

/* Notes the largest gap of a margin, before its cells are scaled. */
static void compare(dr_gras *g, size_t margin, const sums *s, size_t groups)
{
    const double *target = g->margins[margin].target;
    for (size_t i = 0; i < groups; i++) {
        double gap = fabs(s->positive[i] - s->negative[i] - target[i]);
        if (!isnan(target[i]) && !(gap <= g->gap)) {
            g->gap = gap;
            g->gap_margin = margin;
            g->gap_group = i;
        }
    }
}

static void sweep(dr_gras *g, const sums *s)
{
    g->gap = 0;
    for (size_t k = 0; k < g->margin_count; k++) {
        const dr_margin *m = &g->margins[k];
        size_t groups = m->row_groups * m->column_groups;
        add_up(g, m, s, groups);
        compare(g, k, s, groups);
        for (size_t i = 0; i < groups; i++)
            s->factor[i] = isnan(m->target[i]) ? 1 : dr_gras_factor(s->positive[i], s->negative[i], m->target[i]);
        scale(g, m, s);
    }
    g->sweeps++;
}

dr_status dr_gras_run(dr_gras *g)
{
    size_t most = 1;
    for (size_t k = 0; k < g->margin_count; k++) {
        size_t groups = g->margins[k].row_groups * g->margins[k].column_groups;
        most = groups > most ? groups : most;
    }
    sums s;
    double *memory = dr_new_arrays((dr_array[]){{&s.positive, most}, {&s.negative, most}, {&s.factor, most}}, 3);
    if (!memory)
        return dr_fail_memory();
    g->sweeps = 0;
    do
        sweep(g, &s);
    while (g->gap > g->tolerance && g->sweeps < g->max_sweeps && !dr_cancelled());
    free(memory);
    DR_TRY(dr_cancel_check());
    if (g->gap <= g->tolerance)
        return DR_OK;
    return dr_fail(DR_NO_SOLUTION, "the table does not reach its sums: after %zu sweeps a gap of %.6g is left",
                   g->sweeps, g->gap);
}
