#include "equilibrium/sweep_tier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/sweep_limits.h"
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

static size_t cell_room(const dr_tier *tier)
{
    return (tier->most_cells + 7) / 8 * 8;
}

size_t dr_sweep_tier_scratch(const dr_sweep *w)
{
    const dr_tier *tier = w->model->tier;
    size_t most = 0;
    for (size_t s = 0; s < w->s; s++)
        most = tier->class_of[s + 1] - tier->class_of[s] > most ? tier->class_of[s + 1] - tier->class_of[s] : most;
    return cell_room(tier) + most * w->stride;
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

/* The tariff of a pair is one for all of its products where a rent is a part of it. */
static dr_status check_limited(const dr_sweep *w, const dr_scenario *scenario)
{
    const dr_economy *e = w->model->economy;
    for (size_t j = 0; j < w->limited_count; j++) {
        const dr_limited *l = &w->limited[j];
        bool of_pair = l->rent == DR_RENT_IMPORTER || scenario->limits[l->limit].most > 0;
        if (of_pair && dr_products_of_flow(scenario, (l->n * w->r + l->i) * w->s + l->s))
            return dr_fail(DR_BAD_INPUT,
                           "%s of %s to %s: changes of products together with a quota whose rent stays with the "
                           "importer, or a tariff-rate quota, are not yet possible on one flow",
                           e->sector_codes.names[l->s], e->region_codes.names[l->i], e->region_codes.names[l->n]);
    }
    return DR_OK;
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
                               {&t->cell_power, cell_room(tier)},
                               {&t->row, 2 * w->stride}};
    t->numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    t->k = dr_new(tier->blocks + 1, sizeof *t->k);
    t->untaxed = dr_new(tier->blocks + 1, sizeof *t->untaxed);
    t->home = dr_new_doubles(tier->blocks);
    if (w->pools && !(t->thin = dr_new(tier->cells + 1, sizeof *t->thin)))
        return dr_fail_memory();
    if (any_taxed(w))
        t->taxed = dr_new_doubles(tier->blocks * w->stride);
    if (!t->numbers || !t->k || !t->untaxed || !t->home || (any_taxed(w) && !t->taxed))
        return dr_fail_memory();
    DR_TRY(check_limited(w, scenario));
    DR_TRY(take_rows(w, scenario));
    return list_limited(w);
}

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

/* The factor on K that a part of kappa makes; of a ban, (1 - part)^4 is left. */
static double k_factor(double kappa, double theta, double part)
{
    return isinf(kappa) ? pow(1 - part, 4) : kappa == 1 ? 1 : pow(kappa, -theta * part);
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
}

/* What limits leave of an origin's sales into a block, at most 1. */
static double limits_leave(const dr_sweep *w, size_t block, size_t origin)
{
    const dr_sweep_tier *t = w->tier;
    for (size_t j = t->limited[block]; j < t->limited[block + 1]; j++)
        if (w->limited[t->limit_of[j]].i == origin)
            return w->limited[t->limit_of[j]].left;
    return 1;
}

/* Thin markets (sweep_thin.c) of each product. */
static void pool_cell(const dr_sweep *w, double part, size_t block, size_t cell)
{
    const dr_tier *tier = w->tier->tier;
    size_t first = dr_tier_first(tier, block);
    double *k = w->tier->own + (w->tier->k[block] - w->tier->own), remains = 0;
    for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
        remains += k[row - first] * pow(limits_leave(w, block, tier->origin[row]), part);
    w->tier->thin[cell] = remains > 0 && remains < w->model->nests.thin;
    if (!w->tier->thin[cell])
        return;
    for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
        k[row - first] *= w->model->nests.thin / remains;
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
        for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1] && own; cell++) {
            load_cell(w, scenario, part, block, cell);
            if (w->pools)
                pool_cell(w, part, block, cell);
        }
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
                   "substitution of %g between products; expected a supplier that is left, or a product substitution "
                   "above 1",
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
        for (size_t c = 0; c < count && wedge != 1; c++)
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
        if (!l->used)
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
    share[n] = basic[n] = home / all;
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
            if (!w->tier->thin[cell])
                continue;
            solution->thin_products++;
            solution->thin_use += use;
            if (use <= most)
                continue;
            most = use;
            solution->thin_product = cell;
            solution->thin_importer = n;
        }
}

dr_status dr_sweep_tier_report(const dr_sweep *w, const dr_scenario *scenario, dr_solution *solution)
{
    const dr_tier *tier = w->tier->tier;
    solution->product_flow = dr_new_doubles(tier->rows + 1);
    solution->product_price = dr_new_doubles(tier->cells + 1);
    if (!solution->product_flow || !solution->product_price)
        return dr_fail_memory();
    if (w->tier->thin)
        report_thin(w, solution);
    for (size_t block = 0; block < tier->blocks; block++) {
        if (!dr_in_tier(w, block % w->r, block / w->r))
            continue;
        if (w->tier->untaxed[block])
            report_tariffs(w, scenario, block, solution);
        report_block(w, block, solution);
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

void dr_sweep_tier_move(const dr_sweep *w, size_t block, const double *x, double *more, double *scratch)
{
    const dr_tier *tier = w->tier->tier;
    response o = response_of(w, block, scratch + cell_room(tier));
    size_t n = block % w->r;
    double m = 0, *q = scratch;
    memset(more, 0, w->stride * sizeof *more);
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        q[cell - tier->cell[block]] = product_price(w, &o, block, cell, x);
        m += w->tier->part[cell] * q[cell - tier->cell[block]];
    }
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
}

void dr_sweep_tier_back(const dr_sweep *w, size_t block, double *g, double *x, double *scratch)
{
    const dr_tier *tier = w->tier->tier;
    response o = response_of(w, block, scratch + cell_room(tier));
    size_t n = block % w->r;
    double m = 0, *sum = scratch;
    take_wedges(w, block, g);
    double home = o.home / (o.taxed ? o.taxed[n] : 1) * g[n] * (o.theta - o.mu), all = 0;
    x[n] += home;
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        double theta = dr_tier_theta(tier, cell), of_cell = 0;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++) {
            size_t i = tier->origin[row];
            double e = g[i] * row_part(w, &o, block, cell, row) * row_basic(&o, row, i);
            x[i] += (o.theta - theta) * e;
            of_cell += e;
        }
        sum[cell - tier->cell[block]] = (theta + 1 - o.sigma) * of_cell;
        all += of_cell;
    }
    double p = (o.mu - o.theta) * all - home;
    m = (o.sigma - 1 - o.mu) * all + o.imported * p;
    x[n] += o.home * p;
    for (size_t cell = tier->cell[block]; cell < tier->cell[block + 1]; cell++) {
        double part = o.imported * w->tier->part[cell];
        double of_price = part > 0 ? (sum[cell - tier->cell[block]] + m * w->tier->part[cell]) / part : 0;
        for (size_t row = tier->start[cell]; row < tier->start[cell + 1]; row++)
            x[tier->origin[row]] += of_price * row_part(w, &o, block, cell, row);
    }
}
