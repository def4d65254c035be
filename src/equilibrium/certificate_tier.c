#include "equilibrium/certificate_tier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "model/tier.h"
#include "scenario/product_change.h"

size_t dr_tier_levels_row(const dr_model *m, const dr_volume_limit *limit, size_t j)
{
    size_t flow = limit->flows[j], n = flow / m->sectors / m->regions;
    size_t block = flow % m->sectors * m->regions + n, cell = dr_tier_cell_of(m->tier, block, limit->rows[j]);
    if (cell == m->tier->cell[block + 1] || m->base.flow[flow] == 0)
        return DR_TIER_NO_ROW;
    for (size_t row = m->tier->start[cell]; row < m->tier->start[cell + 1]; row++)
        if (m->tier->source[row] == limit->rows[j])
            return row;
    return DR_TIER_NO_ROW;
}

/* What a limit on products leaves of their base value, which is that of their flow times their part in its products. */
static void find_left(dr_tier_levels *l, size_t k)
{
    const dr_model *m = l->solution->model;
    const dr_volume_limit *limit = &l->scenario->limits[k];
    for (size_t j = 0; j < limit->count; j++) {
        size_t flow = limit->flows[j], row = dr_tier_levels_row(m, limit, j);
        if (row == DR_TIER_NO_ROW)
            continue;
        l->limit[row] = (unsigned)k + 1;
        l->base[k] += m->base.flow[flow] * dr_product_part(l->scenario, flow, limit->rows[j]);
    }
    double left = limit->relative ? limit->level : limit->level / l->base[k];
    l->left[k] = limit->wedge > 0 ? 1 : fmin(1, left);
}

static bool take_limits(dr_tier_levels *l)
{
    const dr_scenario *sc = l->scenario;
    bool any = false;
    for (size_t k = 0; k < l->solution->limit_count; k++)
        any |= sc->limits[k].rows != NULL;
    if (!any)
        return true;
    l->limit = dr_new(l->solution->model->tier->rows + 1, sizeof *l->limit);
    l->part = dr_new_doubles(l->solution->model->tier->rows + 1);
    l->base = dr_new_doubles(l->solution->limit_count);
    l->left = dr_new_doubles(l->solution->limit_count);
    if (!l->limit || !l->part || !l->base || !l->left)
        return false;
    for (size_t k = 0; k < l->solution->limit_count; k++)
        if (sc->limits[k].rows)
            find_left(l, k);
    return true;
}

dr_status dr_tier_levels_new(dr_tier_levels *l, const dr_solution *solution, const dr_scenario *scenario,
                             const double *wedge, const double *producer)
{
    const dr_model *m = solution->model;
    size_t flows = m->regions * m->regions * m->sectors;
    *l = (dr_tier_levels){.solution = solution, .scenario = scenario, .wedge = wedge, .producer = producer};
    if (!m->tier)
        return DR_OK;
    l->cost_power = dr_new_doubles(m->tier->classes * m->regions);
    l->share = dr_new_doubles(flows);
    l->basic = dr_new_doubles(flows);
    l->product = dr_new_doubles(m->tier->cells + 1);
    if (!l->cost_power || !l->share || !l->basic || !l->product || !take_limits(l))
        return dr_fail_memory();
    for (size_t s = 0; s < m->sectors; s++)
        for (size_t c = m->tier->class_of[s]; c < m->tier->class_of[s + 1]; c++)
            for (size_t i = 0; i < m->regions; i++)
                l->cost_power[c * m->regions + i] = pow(solution->cost[i * m->sectors + s], -m->tier->theta[c]);
    return DR_OK;
}

void dr_tier_levels_free(dr_tier_levels *l)
{
    free(l->cost_power);
    free(l->share);
    free(l->basic);
    free(l->product);
    free(l->limit);
    free(l->part);
    free(l->base);
    free(l->left);
}

bool dr_tier_levels_has(const dr_tier_levels *l, size_t n, size_t s)
{
    const dr_model *m = l->solution->model;
    size_t block = s * m->regions + n;
    return m->tier && m->tier->cell[block] < m->tier->cell[block + 1];
}

/* The flow that a row of an importer and sector is a part of. */
static size_t flow_of(const dr_model *m, size_t n, size_t s, size_t row)
{
    return (n * m->regions + m->tier->origin[row]) * m->sectors + s;
}

/* lambda kappa^-theta of a row, without its wedge. */
static double supplied(const dr_tier_levels *l, size_t flow, size_t row, double theta)
{
    const dr_model *m = l->solution->model;
    double tariff = dr_base_tariff(&m->base, flow);
    double kappa = dr_product_kappa(l->scenario, tariff, flow, m->tier->source[row], theta);
    return isinf(kappa) ? 0 : m->tier->share[row] * (kappa == 1 ? 1 : pow(kappa, -theta));
}

/* Whether a product has lost its last supplier, and what is made at home takes its place. */
static bool replaced(const dr_tier_levels *l, size_t n, size_t s, size_t cell)
{
    const dr_tier *t = l->solution->model->tier;
    bool any = !dr_tier_replaced(t, cell);
    for (size_t row = t->start[cell] + 1; row < t->start[cell + 1] && !any; row++)
        any = supplied(l, flow_of(l->solution->model, n, s, row), row, dr_tier_theta(t, cell)) > 0;
    return !any;
}

static double without_wedge(const dr_tier_levels *l, size_t flow, size_t row, size_t cell)
{
    const dr_model *m = l->solution->model;
    double theta = dr_tier_theta(m->tier, cell), tariff = dr_base_tariff(&m->base, flow);
    if (!dr_tier_replaced(m->tier, cell) || row > m->tier->start[cell])
        return supplied(l, flow, row, theta);
    if (!replaced(l, flow / m->sectors / m->regions, flow % m->sectors, cell))
        return 0;
    return pow(m->tier->choke * dr_scenario_kappa(l->scenario, tariff, flow, theta), -theta);
}

/* The wedge of a row: that of its flow, and that of the limit on the product. */
static double wedge_of(const dr_tier_levels *l, size_t flow, size_t row)
{
    double wedge = l->wedge ? l->wedge[flow] : 1;
    return l->limit && l->limit[row] ? wedge * l->solution->limits[l->limit[row] - 1].wedge : wedge;
}

/* What of it producers do not earn. */
static double producer_of(const dr_tier_levels *l, size_t flow, size_t row)
{
    double wedge = l->wedge ? l->producer[flow] : 1;
    const dr_volume_limit *limit = l->limit && l->limit[row] ? &l->scenario->limits[l->limit[row] - 1] : NULL;
    bool used = !limit || (limit->rent == DR_RENT_LOST && !(limit->most > 0));
    return used ? wedge : wedge * l->solution->limits[l->limit[row] - 1].wedge;
}

/* The part of its base supply that limits leave: `left` that of limits on its flow. A tariff-rate quota leaves what is
 * bought at its highest rate. */
static double left_of(const dr_tier_levels *l, size_t row, double theta, double left)
{
    if (!l->limit || !l->limit[row])
        return left;
    double most = l->scenario->limits[l->limit[row] - 1].most;
    return left * fmax(l->left[l->limit[row] - 1], most > 0 ? pow(most, -theta) : 0);
}

/* lambda (kappa c)^-theta. */
static double term_of(const dr_tier_levels *l, size_t flow, size_t row, size_t cell)
{
    const dr_model *m = l->solution->model;
    double theta = dr_tier_theta(m->tier, cell), wedge = wedge_of(l, flow, row);
    double term = without_wedge(l, flow, row, cell) *
                  l->cost_power[m->tier->theta_class[cell] * m->regions + m->tier->origin[row]];
    return wedge == 1 ? term : term * pow(wedge, -theta);
}

/* The factor on all terms of a product whose supply is pooled. */
static double pooled(const dr_tier_levels *l, size_t n, size_t s, size_t cell, const double *left)
{
    const dr_model *m = l->solution->model;
    double remains = 0, theta = dr_tier_theta(m->tier, cell);
    if (!l->scenario || m->nests.thin == 0)
        return 1;
    for (size_t row = m->tier->start[cell]; row < m->tier->start[cell + 1]; row++)
        remains +=
            without_wedge(l, flow_of(m, n, s, row), row, cell) * left_of(l, row, theta, left[m->tier->origin[row]]);
    return remains > 0 && !replaced(l, n, s, cell) ? fmax(1, m->nests.thin / remains) : 1;
}

/* Fills q of the products, and compares their prices; returns the price of imports. */
static double products(dr_tier_levels *l, size_t n, size_t s, const double *left, double *gap)
{
    const dr_model *m = l->solution->model;
    const dr_tier *t = m->tier;
    size_t block = s * m->regions + n;
    double sum = 0, sigma = t->sigma[s];
    for (size_t cell = t->cell[block]; cell < t->cell[block + 1]; cell++) {
        double q = 0;
        for (size_t row = t->start[cell]; row < t->start[cell + 1]; row++)
            q += term_of(l, flow_of(m, n, s, row), row, cell);
        l->product[cell] = q *= pooled(l, n, s, cell, left);
        double price = pow(q, -1 / dr_tier_theta(t, cell)), is = l->solution->product_price[cell];
        if (q > 0 || !isinf(is))
            *gap = dr_worse(*gap, is / price - 1);
        if (q > 0)
            sum += t->weight[cell] * (sigma == 1 ? log(price) : pow(price, 1 - sigma));
    }
    return sigma == 1 ? exp(sum) : pow(sum, 1 / (1 - sigma));
}

/* The part of home sales in the sector, where their price and that of imports are given; sets the price of the
 * sector. */
static double part_of_home(const dr_tier_levels *l, size_t n, size_t s, double imports, double *price)
{
    const dr_model *m = l->solution->model;
    size_t flow = (n * m->regions + n) * m->sectors + s;
    double tariff = dr_base_tariff(&m->base, flow), mu = m->tier->mu[s], wedge = l->wedge ? l->wedge[flow] : 1;
    double base = m->base.flow[flow] * (1 + tariff) / m->base.spending[n * m->sectors + s];
    double kappa = dr_scenario_kappa(l->scenario, tariff, flow, mu) * wedge;
    double home = isinf(kappa) ? 0 : base * pow(kappa * l->solution->cost[n * m->sectors + s], -mu);
    double abroad = (1 - base) * pow(imports, -mu);
    *price = pow(home + abroad, -1 / mu);
    return home / (home + abroad);
}

/* The shares of exporters, and product flows against those of the solution. */
static void rows_of(dr_tier_levels *l, size_t n, size_t s, size_t cell, double pick, double *gap)
{
    const dr_model *m = l->solution->model;
    double spent = l->solution->spending[n * m->sectors + s];
    for (size_t row = m->tier->start[cell]; row < m->tier->start[cell + 1]; row++) {
        size_t flow = flow_of(m, n, s, row);
        double part = pick * term_of(l, flow, row, cell), tariff = dr_base_tariff(&m->base, flow);
        double basic = part / (1 + dr_product_rate(l->scenario, tariff, flow, m->tier->source[row]));
        l->share[flow] += part;
        l->basic[flow] += basic;
        if (l->part)
            l->part[row] = part;
        *gap = dr_worse(*gap, l->solution->product_flow[row] / spent - basic / producer_of(l, flow, row));
    }
}

double dr_tier_levels_fill(dr_tier_levels *l, size_t n, size_t s, const double *left)
{
    const dr_model *m = l->solution->model;
    const dr_tier *t = m->tier;
    size_t block = s * m->regions + n, home = (n * m->regions + n) * m->sectors + s;
    double gap = 0, price = 1, imports = products(l, n, s, left, &gap);
    double of_home = part_of_home(l, n, s, imports, &price), sigma = t->sigma[s];
    gap = dr_worse(gap, l->solution->price[n * m->sectors + s] / price - 1);
    for (size_t cell = t->cell[block]; cell < t->cell[block + 1]; cell++) {
        double q = l->product[cell], relative = pow(q, -1 / dr_tier_theta(t, cell)) / imports;
        if (q > 0)
            rows_of(l, n, s, cell,
                    (1 - of_home) * t->weight[cell] * pow(relative, 1 - sigma) / q * pooled(l, n, s, cell, left), &gap);
    }
    l->share[home] += of_home; /* beside what takes the place of lost products */
    l->basic[home] += of_home / (1 + dr_scenario_rate(l->scenario, dr_base_tariff(&m->base, home), home));
    return gap;
}
