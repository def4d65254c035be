/* One step towards the tariffs that bring shares to their caps. With v[n,b] what importer n buys from supplier b of a
 * product, lambda its part in what n pays for the product, and t the rate, at given unit costs
 *
 *   d ln v[n,a] / d ln(1 + t[n,b]) = -(1 + theta) [a = b] + (theta + 1 - sigma) lambda[n,b]
 *   d ln(1 + t[n,b]) / dy[b]       = e^y / (1 + t[n,b])
 *
 * but for what the price of the product does to imports as a whole. Far from the caps the step is that of an importer
 * by itself, for whom shares are c / (1 - c count) of what the suppliers without tariffs have together where
 *
 *   d ln(1 + t[a]) = (ln(v[a] / v[others]) - ln(c / (1 - c count))) / (1 + theta)
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "plan/product_caps.h"

void dgesv_(const int *n, const int *count, double *a, const int *lda, int *pivots, double *b, const int *ldb,
            int *info);

/* A tariff moves by no more than this in a step; ln(s / cap) from where on caps are far. A tariff that has been at its
 * bound for so many steps, and is too low, is not enough. */
static const double LARGEST_STEP = 1, FAR = 0.05;
enum { MOST_HELD = 4 };

double dr_supplier_rate(const dr_product_caps *caps, const dr_capped_product *product, const dr_supplier *supplier,
                        size_t row)
{
    const dr_model *m = caps->model;
    size_t n = 0, block = product->sector * m->regions;
    while (row >= dr_tier_end(m->tier, block + n))
        n++;
    return dr_base_tariff(&m->base, (n * m->regions + supplier->region) * m->sectors + product->sector) +
           expm1(supplier->y);
}

/* What is paid on all rows of a cell under the plan: by its own suppliers, and within the group that plans. */
static double paid_in(const dr_product_caps *caps, const dr_capped_product *p, size_t cell)
{
    const dr_model *m = caps->model;
    const double *flow = caps->solution->product_flow;
    double sum = 0;
    size_t n = 0, block = p->sector * m->regions;
    while (cell >= m->tier->cell[block + n + 1])
        n++;
    for (size_t row = m->tier->start[cell]; row < m->tier->start[cell + 1]; row++) {
        size_t f = (n * m->regions + m->tier->origin[row]) * m->sectors + p->sector;
        sum += flow[row] * (1 + dr_base_tariff(&m->base, f));
    }
    for (size_t b = p->first; b < p->first + p->count; b++)
        for (size_t j = caps->supplier[b].first; j < caps->supplier[b].first + caps->supplier[b].count; j++)
            if (caps->cell[j] == cell)
                sum += flow[caps->row[j]] * expm1(caps->supplier[b].y);
    return sum;
}

/* What importer `cell` buys of the product from a supplier; 0: nothing. */
static double bought_in(const dr_product_caps *caps, const dr_supplier *supplier, size_t cell)
{
    double sum = 0;
    for (size_t j = supplier->first; j < supplier->first + supplier->count; j++)
        sum += caps->cell[j] == cell ? caps->solution->product_flow[caps->row[j]] : 0;
    return sum;
}

/* The derivative of ln of each share by y of supplier b, into column [count]. */
static void slopes_by(const dr_product_caps *caps, const dr_capped_product *p, const size_t *of, size_t count, size_t b,
                      double *column)
{
    const dr_tier *t = caps->model->tier;
    const dr_supplier *by = &caps->supplier[of[b]];
    double all = 0, imports = dr_capped_imports(caps, p, false), sigma = t->sigma[p->sector];
    memset(column, 0, count * sizeof *column);
    for (size_t j = by->first; j < by->first + by->count; j++) {
        size_t cell = caps->cell[j];
        double taxed = 1 + dr_supplier_rate(caps, p, by, caps->row[j]), theta = dr_tier_theta(t, cell);
        double own = caps->solution->product_flow[caps->row[j]], paid = paid_in(caps, p, cell);
        double moves = exp(by->y) / taxed, part = paid > 0 ? own * taxed / paid : 0;
        for (size_t k = p->first; k < p->first + p->count; k++)
            all += moves * bought_in(caps, &caps->supplier[k], cell) * (theta + 1 - sigma) * part;
        all -= moves * own * (1 + theta);
        for (size_t a = 0; a < count; a++)
            column[a] += moves * bought_in(caps, &caps->supplier[of[a]], cell) * (theta + 1 - sigma) * part;
        column[b] -= moves * own * (1 + theta);
    }
    for (size_t a = 0; a < count; a++)
        column[a] = column[a] / caps->supplier[of[a]].now - all / imports;
}

void dr_product_caps_slopes(const dr_product_caps *caps, const dr_capped_product *product, const size_t *of,
                            size_t count, double *slope)
{
    for (size_t b = 0; b < count; b++)
        slopes_by(caps, product, of, count, b, slope + b * count);
}

size_t dr_product_caps_taxed(const dr_product_caps *caps, const dr_capped_product *p, size_t *of)
{
    size_t count = 0;
    for (size_t a = p->first; a < p->first + p->count; a++)
        if (caps->supplier[a].taxed)
            of[count++] = a;
    return count;
}

/* ln(s / cap). */
static double excess(const dr_product_caps *caps, const dr_capped_product *p, const dr_supplier *supplier)
{
    return supplier->now > 0 ? log(dr_supplier_share(caps, p, supplier, false) / p->cap) : -INFINITY;
}

double dr_product_caps_gap(const dr_product_caps *caps)
{
    double gap = 0;
    for (size_t k = 0; k < caps->products; k++) {
        const dr_capped_product *p = &caps->product[k];
        for (size_t a = p->first; a < p->first + p->count && !p->out_of_reach; a++) {
            const dr_supplier *supplier = &caps->supplier[a];
            double g = supplier->capped ? excess(caps, p, supplier) : -INFINITY;
            gap = fmax(gap, supplier->taxed ? fabs(g) : g);
        }
    }
    return gap;
}

/* Room for one product. */
typedef struct work {
    size_t *of;
    double *slope, *step;
    int *pivots;
} work;

/* Whether the step of an importer by itself applies, which is then in w->step. */
static bool step_from_afar(const dr_product_caps *caps, const dr_capped_product *p, size_t count, const work *w)
{
    double others = dr_capped_imports(caps, p, false), left = 1 - p->cap * (double)count, largest = 0;
    for (size_t a = 0; a < count; a++) {
        others -= caps->supplier[w->of[a]].now;
        largest = fmax(largest, fabs(excess(caps, p, &caps->supplier[w->of[a]])));
    }
    if (largest < FAR || left <= 0 || others <= 0)
        return false;
    for (size_t a = 0; a < count; a++) {
        const dr_supplier *supplier = &caps->supplier[w->of[a]];
        double theta = dr_tier_theta(caps->model->tier, caps->cell[supplier->first]);
        w->step[a] = (log(supplier->now / others) - log(p->cap / left)) / (1 + theta);
    }
    return true;
}

/* The step of each tariff; where they have no solution together, each by itself. */
static void solve(const dr_product_caps *caps, const dr_capped_product *p, size_t count, const work *w)
{
    const int size = (int)count, one = 1;
    int info = 0;
    if (step_from_afar(caps, p, count, w))
        return;
    dr_product_caps_slopes(caps, p, w->of, count, w->slope);
    for (size_t a = 0; a < count; a++)
        w->step[a] = -excess(caps, p, &caps->supplier[w->of[a]]);
    dr_blas_alone();
    dgesv_(&size, &one, w->slope, &size, w->pivots, w->step, &size, &info);
    for (size_t a = 0; a < count && info != 0; a++) {
        const dr_supplier *supplier = &caps->supplier[w->of[a]];
        w->step[a] = excess(caps, p, supplier) / (1 + dr_tier_theta(caps->model->tier, caps->cell[supplier->first]));
    }
}

static void give_up(dr_product_caps *caps, dr_capped_product *p)
{
    p->out_of_reach = true;
    for (size_t a = p->first; a < p->first + p->count; a++) {
        caps->supplier[a].taxed = false;
        caps->supplier[a].y = 0;
    }
}

static void move(dr_product_caps *caps, dr_capped_product *p, const work *w)
{
    for (size_t a = p->first; a < p->first + p->count; a++) {
        dr_supplier *supplier = &caps->supplier[a];
        supplier->taxed |= supplier->capped && excess(caps, p, supplier) > 0;
    }
    size_t count = dr_product_caps_taxed(caps, p, w->of);
    if (count == 0)
        return;
    solve(caps, p, count, w);
    for (size_t a = 0; a < count; a++) {
        dr_supplier *supplier = &caps->supplier[w->of[a]];
        double y = supplier->y + fmax(-LARGEST_STEP, fmin(LARGEST_STEP, w->step[a]));
        supplier->held = !(w->step[a] <= 0) && supplier->y == caps->most ? supplier->held + 1 : 0;
        if (supplier->held == MOST_HELD) {
            give_up(caps, p);
            return;
        }
        supplier->y = fmin(caps->most, fmax(0, y));
        supplier->taxed = supplier->y > 0;
    }
}

dr_status dr_product_caps_step(dr_product_caps *caps)
{
    size_t most = 0;
    for (size_t k = 0; k < caps->products; k++)
        most = caps->product[k].count > most ? caps->product[k].count : most;
    work w = {.of = dr_new(most + 1, sizeof *w.of),
              .slope = dr_new_doubles(most * most + 1),
              .step = dr_new_doubles(most + 1),
              .pivots = dr_new(most + 1, sizeof *w.pivots)};
    bool there = w.of && w.slope && w.step && w.pivots;
    for (size_t k = 0; k < caps->products && there; k++)
        if (!caps->product[k].out_of_reach)
            move(caps, &caps->product[k], &w);
    free(w.of);
    free(w.slope);
    free(w.step);
    free(w.pivots);
    return there ? DR_OK : dr_fail_memory();
}
