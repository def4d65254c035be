#include "equilibrium/sweep_tier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/product_change.h"

void dr_sweep_tier_free(dr_sweep_tier *t)
{
    if (!t)
        return;
    free((void *)t->k);
    free((void *)t->untaxed);
    free(t->own);
    free(t->home);
    free(t->taxed);
    free(t->limited);
    free(t->limit_of);
    free(t->thin);
    free(t->numbers);
    free(t);
}

size_t dr_sweep_tier_scratch(const dr_sweep *w)
{
    const dr_tier *tier = w->model->tier;
    size_t most = 0;
    for (size_t s = 0; s < w->s; s++)
        most = tier->class_of[s + 1] - tier->class_of[s] > most ? tier->class_of[s + 1] - tier->class_of[s] : most;
    return dr_tier_room(tier) + most * w->stride;
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* What a scenario does to a block: its rows have a K of their own, or even tariffs of their own. */
enum { ROWS_CHANGED = 1, PRODUCTS_CHANGED = 2 };

static int block_change(const dr_sweep *w, const dr_scenario *scenario, size_t block)
{
    size_t n = block % w->r, s = block / w->r;
    int change = 0;
    for (size_t i = 0; i < w->r && scenario; i++) {
        size_t flow = (n * w->r + i) * w->s + s;
        change |= scenario->change[flow] ? ROWS_CHANGED : 0;
        change |= dr_products_of_flow(scenario, flow) ? PRODUCTS_CHANGED : 0;
    }
    return change;
}

/* Points each block at the tier's shares, or at rows of its own. */
static dr_status take_rows(dr_sweep *w, const dr_scenario *scenario)
{
    dr_sweep_tier *t = w->tier;
    size_t rows = 0;
    for (int pass = 0; pass < 2; pass++) {
        double *next = t->own;
        for (size_t b = 0; b < t->tier->blocks; b++) {
            size_t count = dr_tier_end(t->tier, b) - dr_tier_first(t->tier, b);
            int change = block_change(w, scenario, b);
            size_t kinds = (size_t)(change & ROWS_CHANGED) + (size_t)((change & PRODUCTS_CHANGED) / PRODUCTS_CHANGED);
            rows += pass == 0 ? kinds * count : 0;
            if (pass == 0)
                continue;
            t->k[b] = kinds > 0 ? next : t->tier->share + dr_tier_first(t->tier, b);
            t->untaxed[b] = kinds > 1 ? next + count : NULL;
            next += kinds * count;
        }
        if (pass == 0 && !(t->own = dr_new_doubles(rows + 1)))
            return dr_fail_memory();
    }
    return DR_OK;
}

/* Lists the flows under limits by block. */
static dr_status list_limited(dr_sweep *w)
{
    dr_sweep_tier *t = w->tier;
    t->limited = dr_new(t->tier->blocks + 2, sizeof *t->limited);
    t->limit_of = dr_new(w->limited_count + 1, sizeof *t->limit_of);
    if (!t->limited || !t->limit_of)
        return dr_fail_memory();
    for (size_t j = 0; j < w->limited_count; j++)
        t->limited[w->limited[j].s * w->r + w->limited[j].n + 2]++;
    for (size_t b = 0; b < t->tier->blocks; b++)
        t->limited[b + 2] += t->limited[b + 1];
    for (size_t j = 0; j < w->limited_count; j++)
        t->limit_of[t->limited[w->limited[j].s * w->r + w->limited[j].n + 1]++] = j;
    return DR_OK;
}

static bool any_taxed(const dr_sweep *w)
{
    for (size_t row = 0; row < w->r * w->s; row++)
        if (w->basic[row] != w->delivered[row])
            return true;
    return false;
}

dr_status dr_sweep_tier_new(dr_sweep *w, const dr_scenario *scenario)
{
    const dr_tier *tier = w->model->tier;
    dr_sweep_tier *t = w->tier = dr_new(1, sizeof *t);
    if (!t)
        return dr_fail_memory();
    t->tier = tier;
    size_t cells = (tier->cells + 8) / 8 * 8;
    const dr_array wanted[] = {{&t->cost_power, tier->classes * w->stride},
                               {&t->part, cells},
                               {&t->pick, cells},
                               {&t->imported, (tier->blocks + 7) / 8 * 8},
                               {&t->scratch, w->limited_count ? dr_sweep_tier_scratch(w) : 0},
                               {&t->cell_power, dr_tier_room(tier)},
                               {&t->row, 2 * w->stride}};
    t->numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    t->k = dr_new(tier->blocks + 1, sizeof *t->k);
    t->untaxed = dr_new(tier->blocks + 1, sizeof *t->untaxed);
    t->home = dr_new_doubles(tier->blocks);
    if (w->pools && !(t->thin = dr_new_doubles(tier->cells + 1)))
        return dr_fail_memory();
    if (any_taxed(w))
        t->taxed = dr_new_doubles(tier->blocks * w->stride);
    if (!t->numbers || !t->k || !t->untaxed || !t->home || (any_taxed(w) && !t->taxed))
        return dr_fail_memory();
    DR_TRY(take_rows(w, scenario));
    return list_limited(w);
}

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

/* The factor on K that a part of kappa makes; of a ban, (1 - part)^4 is left. */
static double k_factor(double kappa, double theta, double part)
{
    return isinf(kappa) ? pow(1 - part, 4) : kappa == 1 ? 1 : pow(kappa, -theta * part);
}

/* What takes the place of a product that has no supplier any more is made at home, at the choke price times the cost
 * there. It comes as the product goes. */
static void load_substitute(const dr_sweep *w, const dr_scenario *scenario, double part, size_t block, size_t cell,
                            double *k)
{
    const dr_tier *tier = w->tier->tier;
    size_t n = block % w->r, s = block / w->r, flow = (n * w->r + n) * w->s + s;
    double tariff = dr_base_tariff(&w->model->base, flow), theta = dr_tier_theta(tier, cell);
    for (size_t row = tier->start[cell] + 1; row < tier->start[cell + 1]; row++) {
        size_t from = (n * w->r + tier->origin[row]) * w->s + s;
        double base = dr_base_tariff(&w->model->base, from);
        if (!isinf(dr_product_kappa(scenario, base, from, tier->source[row], theta)))
            return;
    }
    double kappa = tier->choke * dr_scenario_kappa(scenario, tariff, flow, theta);
    k[tier->start[cell] - dr_tier_first(tier, block)] = (1 - pow(1 - part, 4)) * pow(kappa, -theta);
}

static void load_cell(const dr_sweep *w, const dr_scenario *scenario, double part, size_t block, size_t cell)
{
    const dr_tier *tier = w->tier->tier;
    size_t n = block % w->r, s = block / w->r, first = dr_tier_first(tier, block);
    double theta = dr_tier_theta(tier, cell);
    double *k = w->tier->own + (w->tier->k[block] - w->tier->own), *untaxed = NULL;
    if (w->tier->untaxed[block])
        untaxed = w->tier->own + (w->tier->untaxed[block] - w->tier->own);
    for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++) {
        size_t flow = (n * w->r + tier->origin[row]) * w->s + s;
        double tariff = dr_base_tariff(&w->model->base, flow);
        double kappa = dr_product_kappa(scenario, tariff, flow, tier->source[row], theta);
        k[row - first] = tier->share[row] * k_factor(kappa, theta, part);
        if (untaxed)
            untaxed[row - first] = pow((1 + dr_scenario_rate(scenario, tariff, flow)) /
                                           (1 + dr_product_rate(scenario, tariff, flow, tier->source[row])),
                                       part);
    }
    if (dr_tier_replaced(tier, cell))
        load_substitute(w, scenario, part, block, cell, k);
}

/* What limits on all products leave of an origin's sales into a block, at most 1. */
static double limits_leave(const dr_sweep *w, size_t block, size_t origin)
{
    const dr_sweep_tier *t = w->tier;
    for (size_t j = t->limited[block]; j < t->limited[block + 1]; j++) {
        const dr_limited *c = &w->limited[t->limit_of[j]];
        if (c->i == origin && c->row == DR_WHOLE_FLOW)
            return c->left;
    }
    return 1;
}

/* Thin markets (sweep_thin.c) of each product. */
static void pool_block(const dr_sweep *w, double part, size_t block)
{
    const dr_tier *tier = w->tier->tier;
    size_t first = dr_tier_first(tier, block), cells = tier->cell[block];
    double *k = w->tier->own + (w->tier->k[block] - w->tier->own) - first, *remains = w->tier->cell_power;
    double *leave = w->tier->row;
    for (size_t i = 0; i < w->r; i++)
        leave[i] = pow(limits_leave(w, block, i), part);
    for (size_t cell = cells; cell < tier->cell[block + 1]; cell++) {
        remains[cell - cells] = 0;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
            remains[cell - cells] += k[row] * leave[tier->origin[row]];
    }
    for (size_t j = w->tier->limited[block]; j < w->tier->limited[block + 1]; j++) {
        const dr_limited *c = &w->limited[w->tier->limit_of[j]];
        if (c->row != DR_WHOLE_FLOW)
            remains[c->cell - cells] -= k[c->row] * (1 - pow(c->left, part));
    }
    for (size_t cell = cells; cell < tier->cell[block + 1]; cell++) {
        double left = remains[cell - cells];
        bool replaced = dr_tier_replaced(tier, cell) && k[tier->start[cell]] > 0;
        w->tier->thin[cell] = left > 0 && left < w->model->nests.thin && !replaced ? w->model->nests.thin / left : 0;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1] && w->tier->thin[cell] > 0; row++)
            k[row] *= w->tier->thin[cell];
    }
}

/* Home sales are of the nest of home and imports, whose theta is mu. */
static void load_home(const dr_sweep *w, const dr_scenario *scenario, double part, size_t block)
{
    size_t n = block % w->r, s = block / w->r, flow = (n * w->r + n) * w->s + s;
    double tariff = dr_base_tariff(&w->model->base, flow), mu = w->tier->tier->mu[s];
    double kappa = dr_scenario_kappa(scenario, tariff, flow, mu);
    w->tier->home[block] = w->model->import_share[block * w->stride + n] * k_factor(kappa, mu, part);
}

static void load_taxes(const dr_sweep *w, const dr_scenario *scenario, double part, size_t block)
{
    size_t n = block % w->r, s = block / w->r;
    for (size_t i = 0; i < w->r && w->tier->taxed; i++) {
        size_t flow = (n * w->r + i) * w->s + s;
        double tariff = dr_base_tariff(&w->model->base, flow), rate = dr_scenario_rate(scenario, tariff, flow);
        w->tier->taxed[block * w->stride + i] =
            rate == tariff ? 1 + tariff : (1 + tariff) * pow((1 + rate) / (1 + tariff), part);
    }
}

void dr_sweep_tier_load(dr_sweep *w, const dr_scenario *scenario, double part)
{
    const dr_tier *tier = w->tier->tier;
    for (size_t block = 0; block < tier->blocks; block++) {
        bool own = w->tier->k[block] != tier->share + dr_tier_first(tier, block);
        load_home(w, scenario, part, block);
        load_taxes(w, scenario, part, block);
        for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1] && own; cell++)
            load_cell(w, scenario, part, block, cell);
        if (own && w->pools)
            pool_block(w, part, block);
    }
}

/* ---- Suppliers --------------------------------------------------------------------------------------------------- */

static bool is_supplied(const dr_sweep *w, size_t block, size_t cell)
{
    const dr_tier *tier = w->tier->tier;
    const double *k = w->tier->k[block] - dr_tier_first(tier, block);
    for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
        if (k[row] > 0)
            return true;
    return false;
}

static dr_status lost_product(const dr_sweep *w, size_t block, size_t cell)
{
    const dr_tier *tier = w->tier->tier;
    const dr_economy *e = w->model->economy;
    const char *sector = e->sector_codes.names[block / w->r], *region = e->region_codes.names[block % w->r];
    bool rest = tier->product[cell] == DR_TIER_REST;
    return dr_fail(DR_NO_SOLUTION,
                   "%s loses its last supplier of %s%s (%s), which no other product replaces at an elasticity of "
                   "substitution of %g between products; expected a supplier that is left, a choke price, or a product "
                   "substitution above 1",
                   region, rest ? "imports without product flows" : "product ", dr_tier_code(tier, tier->product[cell]),
                   sector, tier->sigma[block / w->r]);
}

dr_status dr_sweep_tier_check(const dr_sweep *w)
{
    const dr_tier *tier = w->tier->tier;
    for (size_t block = 0; block < tier->blocks; block++) {
        bool any = w->tier->home[block] > 0 || tier->cell[block] == tier->cell[block + 1];
        for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
            bool supplied = is_supplied(w, block, cell);
            if (!supplied && tier->sigma[block / w->r] <= 1)
                return lost_product(w, block, cell);
            any |= supplied;
        }
        if (!any)
            return dr_fail(DR_NO_SOLUTION, "%s loses its last supplier of %s under the bans",
                           w->model->economy->region_codes.names[block % w->r],
                           w->model->economy->sector_codes.names[block / w->r]);
    }
    return DR_OK;
}
