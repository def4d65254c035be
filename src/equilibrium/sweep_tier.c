#include "equilibrium/sweep_tier.h"

#include <math.h>
#include <string.h>

#include "equilibrium/sweep_limits.h"
#include "scenario/product_change.h"

/* ---- Sweeps ------------------------------------------------------------------------------------------------------ */

/* c^-theta of every class. */
static void raise_costs(dr_sweep *w)
{
    const dr_tier *tier = w->tier->tier;
    double *power = w->tier->cost_power;
    for (size_t s = 0; s < w->s; s++)
        for (size_t c = tier->class_of[s]; c < tier->class_of[s + 1]; c++)
            for (size_t i = 0; i < w->stride; i++)
                power[c * w->stride + i] = -tier->theta[c] * w->x[s * w->stride + i];
    w->kernels->exp(tier->classes * w->stride, power, power);
}

/* c^-theta of the classes of a block, with the wedges of its limits: row c - the first class of the sector. */
static const double *block_powers(const dr_sweep *w, size_t block, double *scratch)
{
    const dr_sweep_tier *t = w->tier;
    size_t s = block / w->r, first = t->tier->class_of[s], count = t->tier->class_of[s + 1] - first;
    if (t->limited[block] == t->limited[block + 1])
        return t->cost_power + first * w->stride;
    memcpy(scratch, t->cost_power + first * w->stride, count * w->stride * sizeof(double));
    for (size_t j = t->limited[block]; j < t->limited[block + 1]; j++) {
        const dr_limited *l = &w->limited[t->limit_of[j]];
        double wedge = dr_limits_wedge(w, l->limit);
        for (size_t c = 0; c < count && wedge != 1 && l->row == DR_WHOLE_FLOW; c++)
            scratch[c * w->stride + l->i] *= pow(wedge, -t->tier->theta[first + c]);
    }
    return scratch;
}

/* The row of c^-theta for a cell. */
static const double *cell_powers(const dr_sweep *w, const double *powers, size_t block, size_t cell)
{
    const dr_tier *tier = w->tier->tier;
    return powers + (tier->theta_class[cell] - tier->class_of[block / w->r]) * w->stride;
}

/* q of each product, into `pick`. */
static void sum_origins(const dr_sweep *w, size_t block, const double *powers)
{
    const dr_tier *tier = w->tier->tier;
    const double *k = w->tier->k[block] - dr_tier_first(tier, block);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        const double *power = cell_powers(w, powers, block, cell);
        double q = 0;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
            q += k[row] * power[tier->origin[row]];
        w->tier->pick[cell] = q;
    }
}

/* From q to the parts of products in imports; returns ln M. A product without supplier has no part. */
static double sum_products(const dr_sweep *w, size_t block)
{
    const dr_tier *tier = w->tier->tier;
    size_t first = tier->cell[block], count = tier->cell[block + 1] - first, whole = (count + 7) / 8 * 8;
    double sigma = tier->sigma[block / w->r], *power = w->tier->cell_power, sum = 0, flexible = sigma - 1;
    const double *q = w->tier->pick + first;
    double *part = w->tier->part + first;
    for (size_t c = 0; c < whole; c++)
        power[c] = c < count && q[c] > 0 ? q[c] : 1;
    w->kernels->log(whole, power, power);
    for (size_t c = 0; c < count; c++)
        power[c] /= dr_tier_theta(tier, first + c);
    if (flexible == 0) {
        for (size_t c = 0; c < count; c++)
            sum -= (part[c] = tier->weight[first + c]) * power[c];
        return sum;
    }
    for (size_t c = 0; c < count; c++)
        power[c] *= flexible;
    w->kernels->exp(whole, power, power);
    for (size_t c = 0; c < count; c++)
        sum += part[c] = q[c] > 0 ? tier->weight[first + c] * power[c] : 0;
    for (size_t c = 0; c < count && sum > 0; c++)
        part[c] /= sum;
    return sum > 0 ? -log(sum) / flexible : INFINITY;
}

/* The shares of exporters in imports, and the same before tariffs of products, over (1 + tariff of the pair). */
static void spread(const dr_sweep *w, size_t block, const double *powers, double *share, double *basic)
{
    const dr_tier *tier = w->tier->tier;
    const double *k = w->tier->k[block] - dr_tier_first(tier, block);
    const double *untaxed = w->tier->untaxed[block] ? w->tier->untaxed[block] - dr_tier_first(tier, block) : NULL;
    memset(share, 0, w->stride * sizeof *share);
    memset(basic, 0, w->stride * sizeof *basic);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        const double *power = cell_powers(w, powers, block, cell);
        double q = w->tier->pick[cell], pick = w->tier->pick[cell] = q > 0 ? w->tier->part[cell] / q : 0;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++) {
            double of_row = pick * k[row] * power[tier->origin[row]];
            share[tier->origin[row]] += of_row;
            if (untaxed)
                basic[tier->origin[row]] += of_row * untaxed[row];
        }
    }
    if (!untaxed)
        memcpy(basic, share, w->stride * sizeof *basic);
}

/* The wedge that is in the price of a flow, but not in what its producers earn. */
static void take_wedges(const dr_sweep *w, size_t block, double *basic)
{
    const dr_sweep_tier *t = w->tier;
    for (size_t j = t->limited[block]; j < t->limited[block + 1]; j++) {
        const dr_limited *l = &w->limited[t->limit_of[j]];
        if (!l->used && l->row == DR_WHOLE_FLOW) /* that of a product is in its row */
            basic[l->i] /= dr_limits_wedge(w, l->limit);
    }
}

/* Writes the rows of the sweep. */
static void apply_block(dr_sweep *w, size_t block)
{
    dr_sweep_tier *t = w->tier;
    size_t n = block % w->r, s = block / w->r, at = s * w->stride;
    const double *powers = block_powers(w, block, t->scratch);
    double *share = t->row, *basic = t->row + w->stride, mu = t->tier->mu[s];
    sum_origins(w, block, powers);
    double imports = sum_products(w, block), home = t->home[block] * exp(-mu * w->x[at + n]);
    spread(w, block, powers, share, basic);
    double abroad = (1 - w->model->import_share[block * w->stride + n]) * exp(-mu * imports), all = home + abroad;
    double power = exp(w->model->theta[s] / mu * log(all)); /* P^-theta */
    t->imported[block] = abroad / all;
    for (size_t i = 0; i < w->r; i++) {
        share[i] *= t->imported[block];
        basic[i] *= t->imported[block];
    }
    share[n] += home / all; /* beside what takes the place of lost products */
    basic[n] += home / all;
    take_wedges(w, block, basic);
    double *delivered = dr_sweep_own(w, w->delivered[block]), *before = dr_sweep_own(w, w->basic[block]);
    for (size_t i = 0; i < w->r; i++) {
        delivered[i] = share[i] * power / w->supply[at + i];
        if (before != delivered)
            before[i] = basic[i] * power / w->supply[at + i] / (t->taxed ? t->taxed[block * w->stride + i] : 1);
    }
}

void dr_sweep_tier_apply(dr_sweep *w)
{
    raise_costs(w);
    for (size_t block = 0; block < w->tier->tier->blocks; block++)
        if (dr_in_tier(w, block % w->r, block / w->r))
            apply_block(w, block);
}

/* ---- Rows of a block --------------------------------------------------------------------------------------------- */

/* What shares do in a block beyond one good with the theta of the sector, in d ln of delivered costs x, with q, m and p
 * those of the prices of products, of imports and of the sector:
 *
 *   imports  d ln e[i,p] = (theta - theta_p) x[i] + (theta_p + 1 - sigma) q[p] + (sigma - 1 - mu) m + (mu - theta) p
 *   home     d ln e      = (theta - mu) (x - p) */
typedef struct response {
    double theta, sigma, mu;
    const double *k, *untaxed, *powers;
    double imported, home;
    const double *taxed;
} response;

static response response_of(const dr_sweep *w, size_t block, double *scratch)
{
    const dr_sweep_tier *t = w->tier;
    size_t s = block / w->r, first = dr_tier_first(t->tier, block);
    return (response){.theta = w->model->theta[s],
                      .sigma = t->tier->sigma[s],
                      .mu = t->tier->mu[s],
                      .k = t->k[block] - first,
                      .untaxed = t->untaxed[block] ? t->untaxed[block] - first : NULL,
                      .powers = block_powers(w, block, scratch),
                      .imported = t->imported[block],
                      .home = 1 - t->imported[block],
                      .taxed = t->taxed ? t->taxed + block * w->stride : NULL};
}

/* The part of a row in spending. */
static double row_part(const dr_sweep *w, const response *o, size_t block, size_t cell, size_t row)
{
    size_t i = w->tier->tier->origin[row];
    return o->imported * w->tier->pick[cell] * o->k[row] * cell_powers(w, o->powers, block, cell)[i];
}

/* What is left of it for producers: without tariffs and wedges. */
static double row_basic(const response *o, size_t row, size_t i)
{
    return (o->untaxed ? o->untaxed[row] : 1) / (o->taxed ? o->taxed[i] : 1);
}

/* ---- The solution ------------------------------------------------------------------------------------------------ */

/* The mean tariff of a pair whose products have different ones: what is paid over what is earned, less its wedge. */
static void report_tariffs(const dr_sweep *w, const dr_scenario *scenario, size_t block, dr_solution *solution)
{
    const dr_sweep_tier *t = w->tier;
    size_t n = block % w->r, s = block / w->r;
    double *wedge = t->row;
    for (size_t i = 0; i < w->r; i++)
        wedge[i] = 1;
    take_wedges(w, block, wedge);
    for (size_t i = 0; i < w->r; i++) {
        size_t flow = (n * w->r + i) * w->s + s;
        double basic = w->basic[block][i];
        if (dr_products_of_flow(scenario, flow) && basic > 0)
            solution->tariff[flow] = w->delivered[block][i] / basic * wedge[i] - 1;
    }
}

static void report_block(const dr_sweep *w, size_t block, dr_solution *solution)
{
    const dr_tier *tier = w->tier->tier;
    size_t n = block % w->r, at = block / w->r * w->stride;
    response o = response_of(w, block, w->tier->scratch);
    double *producer = w->tier->row;
    for (size_t i = 0; i < w->r; i++)
        producer[i] = w->spent[at + n];
    take_wedges(w, block, producer);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        double q = w->tier->pick[cell] > 0 ? w->tier->part[cell] / w->tier->pick[cell] : 0;
        solution->product_price[cell] = q > 0 ? pow(q, -1 / dr_tier_theta(tier, cell)) : INFINITY;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++) {
            size_t i = tier->origin[row];
            solution->product_flow[row] = producer[i] * row_part(w, &o, block, cell, row) * row_basic(&o, row, i);
        }
    }
}

/* The products whose supply is pooled, and what is bought of them in the base. */
static void report_thin(const dr_sweep *w, dr_solution *solution)
{
    const dr_tier *tier = w->tier->tier;
    const dr_base *base = &w->model->base;
    double most = 0;
    for (size_t block = 0; block < tier->blocks; block++)
        for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
            size_t n = block % w->r, s = block / w->r;
            double abroad = 1 - w->model->import_share[block * w->stride + n];
            double use = base->spending[n * w->s + s] * abroad * tier->weight[cell];
            if (!(w->tier->thin[cell] > 0))
                continue;
            solution->pooled[cell] = w->tier->thin[cell];
            solution->thin_products++;
            solution->thin_use += use;
            if (use <= most)
                continue;
            most = use;
            solution->thin_product = cell;
            solution->thin_importer = n;
        }
}

/* The products that buyers do without, and what takes their place. */
static void report_replaced(const dr_sweep *w, size_t block, dr_solution *solution)
{
    const dr_tier *tier = w->tier->tier;
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        double made = dr_tier_replaced(tier, cell) ? solution->product_flow[tier->start[cell]] : 0;
        solution->replaced_products += made > 0;
        solution->replaced += made;
    }
}

dr_status dr_sweep_tier_report(const dr_sweep *w, const dr_scenario *scenario, dr_solution *solution)
{
    const dr_tier *tier = w->tier->tier;
    solution->product_flow = dr_new_doubles(tier->rows + 1);
    solution->product_price = dr_new_doubles(tier->cells + 1);
    if (!solution->product_flow || !solution->product_price)
        return dr_fail_memory();
    if (w->tier->thin && !(solution->pooled = dr_new_doubles(tier->cells + 1)))
        return dr_fail_memory();
    if (w->tier->thin)
        report_thin(w, solution);
    for (size_t block = 0; block < tier->blocks; block++) {
        if (!dr_in_tier(w, block % w->r, block / w->r))
            continue;
        if (w->tier->untaxed[block])
            report_tariffs(w, scenario, block, solution);
        report_block(w, block, solution);
        report_replaced(w, block, solution);
    }
    return DR_OK;
}

/* ---- Derivatives ------------------------------------------------------------------------------------------------- */

/* d ln Q of a product. */
static double product_price(const dr_sweep *w, const response *o, size_t block, size_t cell, const double *x)
{
    const dr_tier *tier = w->tier->tier;
    double sum = 0, all = o->imported * w->tier->part[cell];
    for (size_t row = tier->start[cell]; row < tier->start[cell + 1] && all > 0; row++)
        sum += row_part(w, o, block, cell, row) * x[tier->origin[row]];
    return all > 0 ? sum / all : 0;
}

/* The wedges of limits on products move the prices of these: q[cell of the block]. */
static void move_limited(const dr_sweep *w, size_t block, const double *wedge, double *q)
{
    const dr_sweep_tier *t = w->tier;
    for (size_t j = t->limited[block]; j < t->limited[block + 1]; j++) {
        const dr_limited *c = &w->limited[t->limit_of[j]];
        double all = c->row == DR_WHOLE_FLOW ? 0 : t->imported[block] * t->part[c->cell];
        if (all > 0)
            q[c->cell - t->tier->cell[block]] += dr_sweep_tier_part(w, c) / all * wedge[c->limit];
    }
}

/* What is added to the flows under limits of a block: to whole ones, and to products. */
static void take_limited(const dr_sweep *w, const response *o, size_t block, const double *x, const double *more,
                         const double *q, double all, double *limited)
{
    const dr_sweep_tier *t = w->tier;
    for (size_t j = t->limited[block]; j < t->limited[block + 1]; j++) {
        const dr_limited *c = &w->limited[t->limit_of[j]];
        double theta = c->row == DR_WHOLE_FLOW ? 0 : dr_tier_theta(t->tier, c->cell);
        double earned = c->row == DR_WHOLE_FLOW ? 0 : dr_sweep_tier_part(w, c) * row_basic(o, c->row, c->i);
        limited[t->limit_of[j]] = c->row == DR_WHOLE_FLOW
                                      ? more[c->i]
                                      : earned * ((o->theta - theta) * x[c->i] +
                                                  (theta + 1 - o->sigma) * q[c->cell - t->tier->cell[block]] + all);
    }
}

void dr_sweep_tier_move(const dr_sweep *w, size_t block, const double *x, const double *wedge, double *more,
                        double *limited, double *scratch)
{
    const dr_tier *tier = w->tier->tier;
    response o = response_of(w, block, scratch + dr_tier_room(tier));
    size_t n = block % w->r;
    double m = 0, *q = scratch;
    memset(more, 0, w->stride * sizeof *more);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++)
        q[cell - tier->cell[block]] = product_price(w, &o, block, cell, x);
    move_limited(w, block, wedge, q);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++)
        m += w->tier->part[cell] * q[cell - tier->cell[block]];
    double p = o.home * x[n] + o.imported * m, all = (o.sigma - 1 - o.mu) * m + (o.mu - o.theta) * p;
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        double theta = dr_tier_theta(tier, cell), of = (theta + 1 - o.sigma) * q[cell - tier->cell[block]] + all;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++) {
            size_t i = tier->origin[row];
            more[i] += row_part(w, &o, block, cell, row) * row_basic(&o, row, i) * ((o.theta - theta) * x[i] + of);
        }
    }
    more[n] += o.home / (o.taxed ? o.taxed[n] : 1) * (o.theta - o.mu) * (x[n] - p);
    take_wedges(w, block, more);
    take_limited(w, &o, block, x, more, q, all, limited);
}

/* What producers earn on a row of a block, times the derivative of a result with respect to it: of its flow and, with
 * `own`, of it alone. */
static double row_earned(const dr_sweep *w, const response *o, size_t block, size_t cell, size_t row, const double *g,
                         const double *own)
{
    size_t i = w->tier->tier->origin[row];
    return (g[i] + (own ? own[row] : 0)) * row_part(w, o, block, cell, row) * row_basic(o, row, i);
}

/* The derivatives of a result with respect to ln Q of the products of a block, for each unit of their part in spending,
 * into `sum`; and with respect to ln c of home sales. With `less` the theta of the sector, what they are beyond one
 * good; with 0, all that they are, `price` being that with respect to ln P. */
static double back_prices(const dr_sweep *w, const response *o, size_t block, const double *g, const double *own,
                          double less, double price, double *sum)
{
    const dr_tier *tier = w->tier->tier;
    size_t n = block % w->r, first = tier->cell[block];
    double home = o->home / (o->taxed ? o->taxed[n] : 1) * g[n] * (less - o->mu), all = 0;
    for (size_t cell = first; cell < tier->cell[block + 1]; cell++) {
        double of_cell = 0;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
            of_cell += row_earned(w, o, block, cell, row, g, own);
        sum[cell - first] = (dr_tier_theta(tier, cell) + 1 - o->sigma) * of_cell;
        all += of_cell;
    }
    double p = (o->mu - less) * all - home + price;
    double m = (o->sigma - 1 - o->mu) * all + o->imported * p;
    for (size_t cell = first; cell < tier->cell[block + 1]; cell++) {
        double part = o->imported * w->tier->part[cell];
        sum[cell - first] = part > 0 ? (sum[cell - first] + m * w->tier->part[cell]) / part : 0;
    }
    return home + o->home * p;
}

/* Adds to the wedges of limits what the prices of their products do; what the wedge does to its own flow is the
 * caller's. Those of whole flows are as costs of their origin. */
static void back_limited(const dr_sweep *w, size_t block, const double *x, const double *of_price, double *wedge)
{
    const dr_sweep_tier *t = w->tier;
    for (size_t j = t->limited[block]; j < t->limited[block + 1]; j++) {
        const dr_limited *c = &w->limited[t->limit_of[j]];
        wedge[c->limit] +=
            c->row == DR_WHOLE_FLOW ? x[c->i] : of_price[c->cell - t->tier->cell[block]] * dr_sweep_tier_part(w, c);
    }
}

void dr_sweep_tier_back(const dr_sweep *w, size_t block, double *g, const double *own, double *x, double *wedge,
                        double *scratch)
{
    const dr_tier *tier = w->tier->tier;
    response o = response_of(w, block, scratch + dr_tier_room(tier));
    take_wedges(w, block, g);
    x[block % w->r] += back_prices(w, &o, block, g, own, o.theta, 0, scratch);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        double differs = o.theta - dr_tier_theta(tier, cell), of_price = scratch[cell - tier->cell[block]];
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
            x[tier->origin[row]] +=
                differs * row_earned(w, &o, block, cell, row, g, own) + of_price * row_part(w, &o, block, cell, row);
    }
    back_limited(w, block, x, scratch, wedge);
}

void dr_sweep_tier_back_rows(const dr_sweep *w, size_t block, double *g, const double *own, double price, double *cost,
                             double *earned, double *scratch)
{
    const dr_tier *tier = w->tier->tier;
    response o = response_of(w, block, scratch + dr_tier_room(tier));
    take_wedges(w, block, g);
    back_prices(w, &o, block, g, own, 0, price, scratch);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++)
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++) {
            earned[row] = row_earned(w, &o, block, cell, row, g, own);
            cost[row] = scratch[cell - tier->cell[block]] * row_part(w, &o, block, cell, row) -
                        dr_tier_theta(tier, cell) * earned[row];
        }
}
