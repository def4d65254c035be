/* The certificate: the equilibrium conditions of docs/model.md, recomputed in levels with plain loops and pow() from
 * the base table, the scenario and the solution's prices, wages and spending. Nothing of the solver's arithmetic is
 * used. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "equilibrium/certificate.h"
#include "equilibrium/certificate_tier.h"
#include "equilibrium/solution.h"
#include "model/closure.h"
#include "model/factors.h"
#include "model/labour.h"
#include "model/tier.h"
#include "scenario/carbon.h"
#include "scenario/product_change.h"

/* The largest residual of a solution; one of a flow that may be rounding. */
static const double WORST = 1e-8, ROUNDING = 1e-14;

typedef struct check {
    const dr_model *model;
    const dr_base *base;
    const dr_scenario *scenario;
    dr_solution *solution;
    dr_certificate *certificate;
    size_t r, s;
    double *sales;          /* [n, s] */
    double *cost;           /* [n, s] base cost of production, the denominator of its shares */
    double *wedge;          /* [n, i, s] of limits; NULL: none */
    double *producer;       /* [n, i, s] the part of it that producers do not earn */
    dr_tier_levels tier;    /* shares where there are products within imports */
    double *left;           /* [i] scratch */
    unsigned *limit;        /* [n, i, s] number of the limit, from 1 */
    double *volume;         /* [limit] at base prices */
    double *rent;           /* [limit] */
    double *part;           /* [limit] the part of its volume whose scarcity is rent: 1, or quota / volume beyond it */
    double *bundle;         /* [n, s] price of the bundle of inputs over base */
    double *used;           /* [n, s] price of what production uses over base */
    double *cheap;          /* [n, s] c^-theta */
    double *wanted;         /* [k] scratch */
    double *share, *value;  /* [s] of an importer and an exporter */
    struct market *markets; /* [s] of an importer */
    double *terms;          /* [k] of the prices of a region at one elasticity: */
    size_t terms_of;        /* which region, */
    double terms_at;        /* which elasticity */
    double *exports, *imports, *revenue, *rents, *paid, *earned, *deficit, *overhead; /* [n] */
} check;

/* Keeps a residual if it is the worst of its kind, and of all with its equation in words. */
static void keep(check *c, double *kind, double residual, const char *equation, size_t region, size_t sector)
{
    if (residual <= *kind)
        return;
    residual = isfinite(residual) ? residual : INFINITY;
    *kind = residual;
    if (residual <= c->certificate->worst_residual)
        return;
    c->certificate->worst_residual = residual;
    const dr_economy *e = c->model->economy;
    char *text = c->certificate->worst_equation;
    size_t size = sizeof c->certificate->worst_equation;
    if (sector < c->s)
        snprintf(text, size, "%s of %s %s", equation, e->region_codes.names[region], e->sector_codes.names[sector]);
    else if (region < c->r)
        snprintf(text, size, "%s of %s", equation, e->region_codes.names[region]);
    else
        snprintf(text, size, "%s", equation);
}

/* A rent is the difference of two values of trade, and no more precise than they are: no relative precision is asked of
 * one that is below this part of the trade. */
static const double PRECISE_RENT = 1e-2, PRECISE_REVENUE = 1e-6;

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double relative(double left, double right, double least)
{
    double size = larger(larger(fabs(left), fabs(right)), least);
    return size > 0 ? fabs(left - right) / size : fabs(left - right); /* 0, or no number */
}

/* A CES mean of prices over base, elasticity `e`, from its sum over goods of share * term(price). */
static double term(double price, double e)
{
    return e == 1 ? log(price) : pow(price, 1 - e);
}

static double mean(double sum, double e)
{
    return e == 1 ? exp(sum) : pow(sum, 1 / (1 - e));
}

/* A power that neither overflows nor loses digits times another; else no number. */
static double plain(double power)
{
    return power > 1e-150 && power < 1e150 ? power : NAN;
}

/* The terms of all prices of a region, which sectors of one elasticity share. */
static const double *price_terms(check *c, size_t n, double e)
{
    if (c->terms_of == n && c->terms_at == e)
        return c->terms;
    for (size_t k = 0; k < c->s; k++)
        c->terms[k] = term(c->solution->price[n * c->s + k], e);
    c->terms_of = n;
    c->terms_at = e;
    return c->terms;
}

/* The base income of a factor in a sector, and its wage there over base. */
static double factor_base(const check *c, size_t f, size_t n, size_t s)
{
    double value_added = c->base->value_added[n * c->s + s];
    return c->model->factors > 1 ? value_added * c->base->factor_share[(f * c->r + n) * c->s + s] : value_added;
}

static double factor_wage(const check *c, size_t f, size_t n, size_t s)
{
    return c->solution->factor_wage[(f * c->r + n) * c->s + s];
}

static double employment(const check *c, size_t f, size_t n, size_t s)
{
    return c->solution->employment ? c->solution->employment[(f * c->r + n) * c->s + s] : 1;
}

/* The expected income of a unit of the factor, employed or not: wage times employment. */
static double factor_earned(const check *c, size_t f, size_t n, size_t s)
{
    return factor_wage(c, f, n, s) * employment(c, f, n, s);
}

/* What there is of it, at base wages. */
static double factor_supply(const check *c, size_t f, size_t n, size_t s)
{
    return factor_base(c, f, n, s) * dr_scenario_shifted(c->scenario, DR_SHIFT_SUPPLY, (f * c->r + n) * c->s + s);
}

/* All factors of a region, at base wages. */
static double all_supply(const check *c, size_t n)
{
    double sum = 0;
    for (size_t f = 0; f < c->model->factors; f++)
        for (size_t s = 0; s < c->s; s++)
            sum += factor_supply(c, f, n, s);
    return sum;
}

/* What a sector pays for the emissions of a unit of its output, at its base value. */
static double carbon_tax(const check *c, size_t n, size_t s)
{
    size_t cell = n * c->s + s;
    return dr_carbon_cost_of(c->scenario, cell, c->base->output[cell], 1).tax;
}

/* The price b over base of what production uses: unit cost less what emissions cost, times productivity less what
 * abatement takes, and with scale economies c = b (Y / Y0 / b)^-mu. */
static double input_cost(const check *c, size_t n, size_t s)
{
    size_t cell = n * c->s + s;
    double abates = 1 + dr_carbon_cost_of(c->scenario, cell, c->base->output[cell], 1).resources;
    double productive = dr_scenario_shifted(c->scenario, DR_SHIFT_PRODUCTIVITY, cell) / abates;
    double cost = (c->solution->cost[cell] - carbon_tax(c, n, s)) * productive;
    double mu = c->model->scale ? c->model->scale[s] : 0, base = c->base->output[cell],
           size = c->solution->output[cell];
    if (c->model->reach) { /* of the one good: all labour */
        base = c->base->value_added[cell];
        size = c->solution->value_added[cell];
    }
    return mu > 0 && base > 0 ? pow(cost * pow(size / base, mu), 1 / (1 + mu)) : cost;
}

/* The part of sales that is cost; the rest is profit. */
static double spent_part(const check *c, size_t s)
{
    return c->model->cost_part ? c->model->cost_part[s] : 1;
}

/* What a sector pays for emissions at its sales, and what is left to inputs and factors. */
static double carbon_paid(const check *c, size_t n, size_t s)
{
    return c->sales[n * c->s + s] * carbon_tax(c, n, s) / c->solution->cost[n * c->s + s];
}

static double net_sales(const check *c, size_t n, size_t s)
{
    return spent_part(c, s) * c->sales[n * c->s + s] - carbon_paid(c, n, s);
}

/* The price of value added over base is the CES mean (sigma) of factors' wages. */
static double value_added_price(check *c, size_t n, size_t s)
{
    double sum = 0, sigma = c->model->nests.sigma, value_added = c->base->value_added[n * c->s + s];
    if (value_added == 0)
        return 1;
    for (size_t f = 0; f < c->model->factors; f++)
        if (factor_base(c, f, n, s) > 0)
            sum += factor_base(c, f, n, s) / value_added * term(factor_wage(c, f, n, s), sigma);
    double price = c->model->factors == 1 ? factor_wage(c, 0, n, s) : mean(sum, sigma);
    keep(c, &c->certificate->adding_up, relative(c->solution->sector_wage[n * c->s + s], price, 0),
         "the price of value added", n, s);
    return price;
}

/* Unit cost over base is the CES mean (eta) of value added and bundle, which is that (rho) of input prices; weights are
 * shares in base cost. */
static void check_cost(check *c, size_t n, size_t s)
{
    const dr_base *b = c->base;
    double inputs = 0, value_added = b->value_added[n * c->s + s], bundle = 0, index;
    double eta = c->model->nests.eta[s], rho = c->model->nests.rho[s];
    for (size_t k = 0; k < c->s; k++)
        inputs += b->input[(n * c->s + k) * c->s + s];
    double cost = c->cost[n * c->s + s] = value_added + inputs;
    c->bundle[n * c->s + s] = 1;
    c->used[n * c->s + s] = input_cost(c, n, s);
    c->cheap[n * c->s + s] = plain(pow(c->solution->cost[n * c->s + s], -c->model->theta[s]));
    if (cost == 0)
        return;
    const double *terms = price_terms(c, n, rho);
    for (size_t k = 0; k < c->s && inputs > 0; k++)
        bundle += b->input[(n * c->s + k) * c->s + s] * terms[k];
    if (inputs > 0)
        c->bundle[n * c->s + s] = mean(bundle / inputs, rho);
    index =
        value_added / cost * term(value_added_price(c, n, s), eta) + inputs / cost * term(c->bundle[n * c->s + s], eta);
    keep(c, &c->certificate->market_clearing, relative(c->used[n * c->s + s], mean(index, eta), 0), "zero profit", n,
         s);
}

/* The share of a part in its aggregate, new over base: (price of the part / price of the aggregate)^(1 - e). */
static double shift(double part, double aggregate, double e)
{
    return pow(part / aggregate, 1 - e);
}

/* The value at the border of a flow, or of a product flow in it, under limit `of` (0: none), given what is paid for it
 * without tariff; adds what producers earn to sales, rents to incomes, and its volume to its limit's. What is neither a
 * rent nor the value is a duty. */
static double check_value(check *c, size_t flow, unsigned of, double paid, double tariff, double *duty)
{
    size_t n = flow / c->s / c->r, i = flow / c->s % c->r, s = flow % c->s;
    if (of == 0) {
        c->sales[i * c->s + s] += paid * (1 - dr_overhead(c->model, n));
        c->overhead[n] += paid * dr_overhead(c->model, n);
        *duty = tariff * paid;
        return paid;
    }
    size_t limit = of - 1;
    dr_rent rent = c->scenario->limits[limit].rent;
    double earned = paid / c->solution->limits[limit].wedge, scarce = (paid - earned) * c->part[limit];
    double value = rent == DR_RENT_IMPORTER ? earned : earned + scarce;
    scarce *= rent == DR_RENT_IMPORTER ? 1 + tariff : 1;
    c->sales[i * c->s + s] += rent == DR_RENT_LOST ? value : earned;
    c->volume[limit] += earned / c->solution->cost[i * c->s + s];
    if (rent != DR_RENT_LOST) {
        c->rents[rent == DR_RENT_EXPORTER ? i : n] += scarce;
        c->rent[limit] += scarce;
    }
    *duty =
        c->part[limit] == 1 ? tariff * value : (1 + tariff) * paid - value - (rent == DR_RENT_IMPORTER ? scarce : 0);
    return value;
}

/* The same of a flow of which products are under limits. */
static double check_product_values(check *c, size_t flow, double *duty)
{
    const dr_tier *t = c->model->tier;
    size_t n = flow / c->s / c->r, i = flow / c->s % c->r, s = flow % c->s, block = s * c->r + n;
    double value = 0, base = dr_base_tariff(c->base, flow), spent = c->solution->spending[n * c->s + s];
    *duty = 0;
    for (size_t row = dr_tier_first(t, block); row < dr_tier_end(t, block); row++) {
        double tariff = dr_product_rate(c->scenario, base, flow, t->source[row]), more = 0;
        if (t->origin[row] != i)
            continue;
        value += check_value(c, flow, c->tier.limit[row], c->tier.part[row] * spent / (1 + tariff), tariff, &more);
        *duty += more;
    }
    return value;
}

/* max(0, x), and a NaN for a NaN. */
static double above_zero(double x)
{
    return x <= 0 ? 0 : x;
}

/* That of a tariff-rate quota: a wedge of 1 below it, of the most beyond it, and in between at it. */
static double quota_gap(double over, double wedge, double most)
{
    return fabs(fmin(log(most), above_zero(log(wedge) + over)) - log(wedge));
}

/* Complementary slackness of a limit: the volume is its level, or it is less and the wedge is 1; or the wedge is as
 * set. */
static void check_caps(check *c)
{
    for (size_t k = 0; k < c->solution->limit_count; k++) {
        const dr_limit_result *limit = &c->solution->limits[k];
        double over = limit->level != 0 ? c->volume[k] / limit->level - 1 : 0, set = c->scenario->limits[k].wedge;
        double most = c->scenario->limits[k].most;
        double gap = set > 0            ? fabs(limit->wedge / set - 1)
                     : most > 0         ? quota_gap(over, limit->wedge, most)
                     : limit->wedge > 1 ? fabs(over)
                                        : above_zero(over);
        keep(c, &c->certificate->complementarity, gap, "a limit on imports", limit->importer, limit->sector);
        double least = DR_NEGLIGIBLE * limit->base;
        keep(c, &c->certificate->adding_up, relative(limit->volume, c->volume[k], least),
             "the volume of a limit on imports", limit->importer, limit->sector);
        keep(c, &c->certificate->adding_up, relative(limit->in_quota, c->part[k], 0), "the part within a quota",
             limit->importer, limit->sector);
        keep(c, &c->certificate->adding_up, relative(limit->rent, c->rent[k], PRECISE_RENT * limit->base),
             "the rent of a limit on imports", limit->importer, limit->sector);
    }
}

/* The part of its base volume that a flow's limit leaves: 1 where it has none. */
static double limit_left(const check *c, size_t flow)
{
    double volume = 0;
    if (!c->wedge || !c->limit[flow])
        return 1;
    const dr_volume_limit *limit = &c->scenario->limits[c->limit[flow] - 1];
    for (size_t j = 0; j < limit->count; j++)
        volume += c->base->flow[limit->flows[j]];
    double left = limit->relative ? limit->level : limit->level / volume;
    if (limit->most > 0)
        left = fmax(left, pow(limit->most, -c->model->theta[flow % c->s]));
    return limit->wedge > 0 ? 1 : fmin(1, left);
}

/* The factor on all shares of a thin market: what is left at base costs, R = sum of pi kappa^-theta l, counts as the
 * part T. */
static double pooled(const check *c, size_t n, size_t s)
{
    double remains = 0, spending = c->base->spending[n * c->s + s], thin = c->model->nests.thin;
    bool changed = c->wedge;
    for (size_t i = 0; i < c->r && c->scenario && thin > 0 && !changed; i++)
        changed = c->scenario->change[(n * c->r + i) * c->s + s];
    for (size_t i = 0; i < c->r && c->scenario && thin > 0 && changed; i++) {
        size_t flow = (n * c->r + i) * c->s + s;
        double tariff = dr_base_tariff(c->base, flow), share = c->base->flow[flow] * (1 + tariff) / spending;
        double kappa = c->scenario->change[flow] ? dr_scenario_kappa(c->scenario, tariff, flow, c->model->theta[s]) : 1;
        if (share > 0 && !isinf(kappa))
            remains += share * (kappa == 1 ? 1 : pow(kappa, -c->model->theta[s])) * limit_left(c, flow);
    }
    return remains > 0 ? fmax(1, thin / remains) : 1;
}

/* There is no flow where the base has none, or where a ban forbids it. */
static void check_nothing(check *c, double is, size_t n, size_t s)
{
    keep(c, &c->certificate->adding_up, is == 0 ? 0 : 1, "flows into", n, s);
}

/* The tariff of a flow: that of the scenario, or the mean of those of its products. */
static double tariff_of(const check *c, size_t flow)
{
    bool mean = c->model->tier && dr_products_of_flow(c->scenario, flow) && c->tier.basic[flow] > 0;
    return mean ? c->tier.share[flow] / c->tier.basic[flow] - 1
                : dr_scenario_rate(c->scenario, dr_base_tariff(c->base, flow), flow);
}

/* The tariff that a solution reports; one that is a mean is as precise as the price with it. */
static void check_tariff(check *c, size_t flow, double tariff)
{
    double reported = c->solution->tariff ? c->solution->tariff[flow] : 0;
    double with = c->model->tier && dr_products_of_flow(c->scenario, flow) ? 1 : 0;
    if (reported != tariff)
        keep(c, &c->certificate->adding_up, relative(with + reported, with + tariff, 0), "tariffs", flow / c->s / c->r,
             flow % c->s);
}

/* What a region buys of a sector. */
typedef struct market {
    double of_pool; /* the factor on the shares of a thin market */
    double shift;   /* P^theta over base spending, of the pool; 0 where nothing is bought */
    double all;     /* shares so far */
} market;

static market market_at(const check *c, size_t n, size_t s)
{
    size_t cell = n * c->s + s;
    double spending = c->base->spending[cell], of_pool = pooled(c, n, s);
    double dear = plain(pow(c->solution->price[cell], c->model->theta[s]));
    return (market){of_pool, spending > 0 ? of_pool * dear / spending : 0, 0};
}

/* The new share of a flow, pi' = pi (kappa c / P)^-theta; 0 where there is none. */
static double new_share(const check *c, market at, size_t flow)
{
    size_t n = flow / c->s / c->r, i = flow / c->s % c->r, s = flow % c->s;
    double tariff = dr_base_tariff(c->base, flow), theta = c->model->theta[s];
    if (dr_tier_levels_has(&c->tier, n, s))
        return c->tier.share[flow];
    double base_share = c->base->flow[flow] * (1 + tariff) / c->base->spending[n * c->s + s];
    double kappa = dr_scenario_kappa(c->scenario, tariff, flow, theta) * (c->wedge ? c->wedge[flow] : 1);
    if (base_share == 0 || isinf(kappa))
        return 0;
    double relative_cost = kappa * c->solution->cost[i * c->s + s] / c->solution->price[n * c->s + s];
    if (c->model->reach) {
        double phi = c->model->reach[n], taxed = (1 + dr_scenario_rate(c->scenario, tariff, flow)) / (1 + tariff);
        double spends = c->solution->spending[n] / c->base->spending[n];
        relative_cost *= pow(taxed, phi - 1) * pow(spends / factor_wage(c, 0, n, s), 1 - phi);
    }
    return at.of_pool * base_share * pow(relative_cost, -theta);
}

/* Shares where imports are made of products. */
static void check_products(check *c)
{
    for (size_t n = 0; n < c->r; n++)
        for (size_t s = 0; s < c->s; s++) {
            if (!dr_tier_levels_has(&c->tier, n, s))
                continue;
            for (size_t i = 0; i < c->r; i++)
                c->left[i] = limit_left(c, (n * c->r + i) * c->s + s);
            keep(c, &c->certificate->adding_up, dr_tier_levels_fill(&c->tier, n, s, c->left), "products in", n, s);
        }
}

/* What is paid without tariff for product flow `j` of a limit on products. */
static double product_paid(const check *c, const dr_volume_limit *limit, size_t j)
{
    size_t flow = limit->flows[j], row = dr_tier_levels_row(c->model, limit, j);
    double tariff = dr_product_rate(c->scenario, dr_base_tariff(c->base, flow), flow, limit->rows[j]);
    double part = row == DR_TIER_NO_ROW ? 0 : c->tier.part[row];
    return part * c->solution->spending[flow / c->s / c->r * c->s + flow % c->s] / (1 + tariff);
}

/* The part of imports that is within each tariff-rate quota: less than all only where the wedge is the largest. */
static void find_parts(check *c)
{
    for (size_t k = 0; k < c->solution->limit_count; k++) {
        const dr_volume_limit *limit = &c->scenario->limits[k];
        double volume = 0, level = c->solution->limits[k].level;
        c->part[k] = 1;
        for (size_t j = 0; j < limit->count && limit->most > 0; j++) {
            size_t flow = limit->flows[j], n = flow / c->s / c->r, i = flow / c->s % c->r, s = flow % c->s;
            if (c->base->flow[flow] == 0)
                continue;
            double paid = limit->rows ? product_paid(c, limit, j)
                                      : new_share(c, market_at(c, n, s), flow) * c->solution->spending[n * c->s + s] /
                                            (1 + tariff_of(c, flow));
            volume += paid / c->solution->limits[k].wedge / c->solution->cost[i * c->s + s];
        }
        if (volume > level && limit->most > 0 && c->solution->limits[k].wedge > limit->most * (1 - DR_NEGLIGIBLE))
            c->part[k] = level / volume;
    }
}

/* Share, value at the border and duty of a flow. */
static double check_value_of(check *c, const market *at, size_t flow, double *share, double *duty)
{
    size_t n = flow / c->s / c->r, s = flow % c->s;
    double tariff = tariff_of(c, flow), value = 0;
    *share = new_share(c, *at, flow);
    unsigned limit = c->wedge ? c->limit[flow] : 0;
    double paid = *share * c->solution->spending[n * c->s + s] / (1 + tariff);
    bool products = *share > 0 && c->tier.limit && dr_product_wedges_of(c->scenario, flow);
    if (*share > 0)
        value = products ? check_product_values(c, flow, duty) : check_value(c, flow, limit, paid, tariff, duty);
    bool exceeded = *share > 0 && limit && c->part[limit - 1] < 1;
    if (exceeded || products) /* a mean, as precise as the price */
        keep(c, &c->certificate->adding_up, relative(1 + c->solution->tariff[flow], 1 + *duty / value, 0), "tariffs", n,
             s);
    else
        check_tariff(c, flow, tariff);
    return value;
}

/* A flow follows from the importer's share. */
static void check_flow(check *c, market *at, size_t n, size_t i, size_t s)
{
    size_t flow = (n * c->r + i) * c->s + s;
    double share = 0, duty = 0, spending = c->base->spending[n * c->s + s];
    double value = check_value_of(c, at, flow, &share, &duty);
    if (share == 0) {
        check_nothing(c, c->solution->flow[flow], n, s);
        return;
    }
    keep(c, &c->certificate->adding_up, relative(c->solution->flow[flow], value, DR_NEGLIGIBLE * spending),
         "flows into", n, s);
    at->all += share;
    c->revenue[n] += duty;
    if (i != n) {
        c->imports[n] += value * (1 - dr_overhead(c->model, n));
        c->exports[i] += value * (1 - dr_overhead(c->model, n));
    }
}

/* Whether costs and tariffs of all that n buys of i are those of the base, so that its shares follow from prices. */
static bool unchanged_row(const check *c, size_t n, size_t i)
{
    bool changed = c->wedge || c->model->tier || c->model->reach;
    const unsigned short *change = c->scenario ? c->scenario->change + (n * c->r + i) * c->s : NULL;
    for (size_t s = 0; s < c->s; s++)
        changed |= change && change[s];
    return !changed;
}

/* All that n buys of i, in such a row; false if a flow is off by more than rounding and the worst so far, and nothing
 * was added. */
static bool check_row(check *c, size_t n, size_t i)
{
    size_t row = (n * c->r + i) * c->s;
    double duties = 0, values = 0, worst = larger(c->certificate->adding_up, ROUNDING);
    const double *cheap = c->cheap + i * c->s, *spent = c->solution->spending + n * c->s;
    bool wrong = false;
    for (size_t s = 0; s < c->s; s++) {
        double tariff = dr_base_tariff(c->base, row + s);
        c->share[s] = c->base->flow[row + s] * (1 + tariff) * cheap[s] * c->markets[s].shift;
        c->value[s] = c->share[s] * spent[s] / (1 + tariff);
        wrong |= !(fabs(c->solution->flow[row + s] - c->value[s]) <= worst * c->value[s]);
        wrong |= c->solution->tariff && c->solution->tariff[row + s] != tariff;
        duties += tariff * c->value[s];
        values += c->value[s];
    }
    for (size_t s = 0; s < c->s && !wrong; s++) {
        c->markets[s].all += c->share[s];
        c->sales[i * c->s + s] += c->value[s];
    }
    c->revenue[n] += wrong ? 0 : duties;
    double traded = wrong || i == n ? 0 : values * (1 - dr_overhead(c->model, n));
    c->imports[n] += traded;
    c->exports[i] += traded;
    return !wrong;
}

/* The importer's shares add up to 1 in each sector. */
static void check_importer(check *c, size_t n)
{
    for (size_t s = 0; s < c->s; s++)
        c->markets[s] = market_at(c, n, s);
    for (size_t i = 0; i < c->r; i++) {
        if (unchanged_row(c, n, i) && check_row(c, n, i))
            continue;
        for (size_t s = 0; s < c->s; s++)
            if (c->base->spending[n * c->s + s] > 0)
                check_flow(c, &c->markets[s], n, i, s);
    }
    for (size_t s = 0; s < c->s; s++) {
        if (c->base->spending[n * c->s + s] > 0)
            keep(c, &c->certificate->adding_up, fabs(c->markets[s].all - 1), "import shares", n, s);
        else
            check_nothing(c, c->solution->spending[n * c->s + s], n, s);
    }
}

/* Final demand for a good at base prices, as the scenario shifts it; to be divided by the sum over goods. */
static double wanted_share(const check *c, size_t n, size_t k)
{
    return c->base->final[n * c->s + k] * dr_scenario_shifted(c->scenario, DR_SHIFT_DEMAND, n * c->s + k);
}

/* Adds what final users want of each good. */
static void add_final(check *c, size_t n, double *wanted)
{
    double phi = c->model->nests.phi, final = 0, consumer = 0;
    const double *terms = price_terms(c, n, phi);
    for (size_t k = 0; k < c->s; k++)
        final += wanted_share(c, n, k);
    for (size_t k = 0; k < c->s && final > 0; k++)
        consumer += wanted_share(c, n, k) / final * terms[k];
    for (size_t k = 0; k < c->s && final > 0; k++)
        wanted[k] += wanted_share(c, n, k) / final * shift(c->solution->price[n * c->s + k], mean(consumer, phi), phi) *
                     c->solution->income[n];
}

/* Adds what sector s wants of each good at its new sales. */
static void add_inputs(check *c, size_t n, size_t s, double *wanted)
{
    size_t cell = n * c->s + s;
    double bundle = c->bundle[cell], rho = c->model->nests.rho[s], cost = c->cost[cell];
    if (cost == 0)
        return;
    double uses = shift(bundle, c->used[cell], c->model->nests.eta[s]) * net_sales(c, n, s) / cost;
    const double *terms = price_terms(c, n, rho);
    uses /= rho == 1 ? 1 : term(bundle, rho);
    for (size_t k = 0; k < c->s; k++) {
        double input = c->base->input[(n * c->s + k) * c->s + s];
        if (input > 0)
            wanted[k] += input * uses * (rho == 1 ? 1 : terms[k]);
    }
}

/* Goods markets clear: purchases are the demand of final users and of sectors at their new sales; reported sales are
 * the sum of flows. */
static void check_markets(check *c, size_t n)
{
    const dr_base *b = c->base;
    double *wanted = c->wanted;
    for (size_t k = 0; k < c->s; k++)
        wanted[k] = 0;
    add_final(c, n, wanted);
    for (size_t s = 0; s < c->s; s++)
        add_inputs(c, n, s, wanted);
    for (size_t k = 0; k < c->s; k++) {
        size_t cell = n * c->s + k;
        if (b->spending[cell] > 0)
            keep(c, &c->certificate->market_clearing,
                 relative(c->solution->spending[cell], wanted[k], DR_NEGLIGIBLE * b->spending[cell]), "market clearing",
                 n, k);
        keep(c, &c->certificate->market_clearing,
             relative(c->solution->output[cell], c->sales[cell], DR_NEGLIGIBLE * b->output[cell]),
             "output against sales", n, k);
    }
}

/* The mean wage of a factor over base, over all sectors: W^(1 + psi) = mean of w^(1 + psi); one wage where it is
 * mobile. */
static double mean_wage(const check *c, size_t f, size_t n, double all)
{
    double sum = 0, psi = dr_factor_mobility(c->model, f);
    if (isinf(psi))
        return factor_earned(c, f, n, 0);
    for (size_t s = 0; s < c->s; s++)
        sum += factor_supply(c, f, n, s) / all * pow(factor_earned(c, f, n, s), 1 + psi);
    return pow(sum, 1 / (1 + psi));
}

/* The payment of a sector for a factor at its new sales. */
static double factor_pay(const check *c, size_t f, size_t n, size_t s)
{
    double price = c->solution->sector_wage[n * c->s + s], cost = c->used[n * c->s + s];
    if (factor_base(c, f, n, s) == 0)
        return 0;
    double of_value_added = c->model->factors > 1 ? shift(factor_wage(c, f, n, s), price, c->model->nests.sigma) : 1;
    return factor_base(c, f, n, s) / c->cost[n * c->s + s] * of_value_added *
               shift(price, cost, c->model->nests.eta[s]) * net_sales(c, n, s) +
           c->overhead[n];
}

/* The consumer price over base. */
static double consumer_price(const check *c, size_t n)
{
    double final = 0, sum = 0, phi = c->model->nests.phi;
    for (size_t k = 0; k < c->s; k++)
        final += wanted_share(c, n, k);
    for (size_t k = 0; k < c->s && final > 0; k++)
        sum += wanted_share(c, n, k) / final * term(c->solution->price[n * c->s + k], phi);
    return mean(sum, phi);
}

/* The labour of a factor follows its real wage after taxes. */
static void check_supply(check *c, size_t f, size_t n, size_t s)
{
    double part = employment(c, f, n, s), wage = c->solution->factor_mean[f * c->r + n] / part, relief = 1;
    if (c->model->revenue_use == DR_REVENUE_INCOME_TAX) {
        double factors = c->solution->wage[n] * all_supply(c, n);
        relief = (1 - c->base->tariff_revenue[n] / c->base->factor_income[n]) / (1 - c->revenue[n] / factors);
    }
    double wanted =
        dr_factor_is_labour(c->model, f) ? pow(wage / consumer_price(c, n) * relief, c->model->labour_supply) : 1;
    keep(c, &c->certificate->market_clearing, relative(part, wanted, 0), "the supply of labour", n, s);
}

/* Complementary slackness of the wage floor: full employment, or the wage is at the floor; without a floor, full
 * employment. */
static void check_floor(check *c, size_t f, size_t n, size_t s)
{
    double floor = dr_factor_is_labour(c->model, f) ? exp(c->model->floor[n]) : 0, part = employment(c, f, n, s);
    double above = floor > 0 ? factor_wage(c, f, n, s) / floor - 1 : INFINITY;
    double wrong = isnan(above) || isnan(part) ? NAN : fmax(fmax(-above, part - 1), fmin(above, 1 - part));
    keep(c, &c->certificate->complementarity, above_zero(wrong), "complementary slackness of the wage floor", n, s);
}

/* Factor markets clear: payments of sectors equal the income of the factor; where it is not mobile, in each sector,
 * with supply (w / W)^psi. */
static void check_factor(check *c, size_t f, size_t n)
{
    double psi = dr_factor_mobility(c->model, f), all = 0, paid = 0, earned = c->solution->factor_mean[f * c->r + n];
    for (size_t s = 0; s < c->s; s++) {
        double base = factor_supply(c, f, n, s), wage = factor_earned(c, f, n, s), pays = factor_pay(c, f, n, s);
        all += base;
        paid += pays;
        if (c->model->floor)
            check_floor(c, f, n, s);
        if (c->model->labour_supply > 0 && base > 0)
            check_supply(c, f, n, s);
        keep(c, &c->certificate->adding_up,
             relative(c->solution->factor_pay[(f * c->r + n) * c->s + s], pays, DR_NEGLIGIBLE * base),
             "what is paid for a factor", n, s);
        if (isinf(psi))
            keep(c, &c->certificate->market_clearing, base > 0 ? relative(wage, earned, 0) : 0, "the labour market", n,
                 s);
        else
            keep(c, &c->certificate->market_clearing,
                 relative(pays, wage * base * pow(wage / earned, psi), DR_NEGLIGIBLE * base), "the labour market", n,
                 s);
    }
    c->paid[n] += paid;
    if (all == 0)
        return;
    keep(c, &c->certificate->market_clearing, relative(earned * all, paid, 0), "the labour market", n, c->s);
    keep(c, &c->certificate->adding_up, relative(earned, mean_wage(c, f, n, all), 0), "the mean wage", n, c->s);
}

static void check_labour(check *c, size_t n)
{
    for (size_t f = 0; f < c->model->factors; f++)
        check_factor(c, f, n);
    for (size_t s = 0; s < c->s; s++) {
        double paid = 0;
        for (size_t f = 0; f < c->model->factors; f++)
            paid += c->solution->factor_pay[(f * c->r + n) * c->s + s];
        keep(c, &c->certificate->adding_up,
             relative(c->solution->value_added[n * c->s + s], paid, DR_NEGLIGIBLE * c->base->value_added[n * c->s + s]),
             "value added", n, s);
    }
    keep(c, &c->certificate->adding_up, relative(c->solution->wage[n] * all_supply(c, n), c->paid[n], 0),
         "what factors earn", n, c->s);
}

static void check_region(check *c, size_t n)
{
    double trade = c->imports[n] + c->exports[n] + fabs(c->deficit[n]), least = DR_NEGLIGIBLE * c->base->income[n];
    check_labour(c, n);
    /* the revenue of a mean tariff is a difference of two values of trade, too */
    keep(c, &c->certificate->adding_up,
         relative(c->solution->tariff_revenue[n], c->revenue[n], fmax(least, PRECISE_REVENUE * trade)),
         "tariff revenue", n, c->s);
    keep(c, &c->certificate->adding_up, relative(c->solution->rents[n], c->rents[n], PRECISE_RENT * trade), "rents", n,
         c->s);
    keep(c, &c->certificate->adding_up, relative(c->solution->deficit[n], c->deficit[n], least),
         "the deficit that the closure asks for", n, c->s);
    keep(c, &c->certificate->adding_up, relative(c->solution->income[n], c->earned[n] + c->deficit[n], 0),
         "income against its sources", n, c->s);
    if (trade > 0)
        keep(c, &c->certificate->trade_balance, fabs(c->imports[n] - c->exports[n] - c->deficit[n]) / trade,
             "the trade balance", n, c->s);
}

/* Walras' law, the dropped equation: world factor income against the payments of all sectors; and the numeraire
 * itself. */
static void check_world(check *c)
{
    double paid = 0, wages = 0, base_wages = 0;
    for (size_t n = 0; n < c->r; n++) {
        paid += c->paid[n];
        wages += c->solution->wage[n] * all_supply(c, n);
        base_wages += c->base->factor_income[n];
    }
    keep(c, &c->certificate->walras, relative(wages, paid, 0), "Walras' law", c->r, c->s);
    keep(c, &c->certificate->adding_up, relative(wages, base_wages, 0), "world income against the numeraire", c->r,
         c->s);
}

/* Profits of a region, which the solution reports, at the sales found here. */
static double profits(check *c, size_t n)
{
    double sum = 0;
    for (size_t s = 0; s < c->s && c->model->cost_part; s++)
        sum += (1 - spent_part(c, s)) * c->sales[n * c->s + s];
    if (c->model->cost_part)
        keep(c, &c->certificate->adding_up, relative(c->solution->profits[n], sum, DR_NEGLIGIBLE * c->base->income[n]),
             "profits", n, c->s);
    return sum;
}

static void check_all(check *c)
{
    for (size_t n = 0; n < c->r; n++)
        for (size_t s = 0; s < c->s; s++)
            check_cost(c, n, s);
    if (c->model->tier)
        check_products(c);
    if (c->wedge && c->r * c->s > 0)
        find_parts(c);
    for (size_t n = 0; n < c->r; n++)
        check_importer(c, n);
    for (size_t n = 0; n < c->r; n++)
        for (size_t s = 0; s < c->s; s++)
            c->revenue[n] += carbon_paid(c, n, s);
    for (size_t n = 0; n < c->r; n++)
        c->earned[n] = c->solution->wage[n] * all_supply(c, n) + c->revenue[n] + c->rents[n] + profits(c, n);
    dr_closure_deficits(c->model, c->earned, c->deficit);
    dr_closure_transfers(c->model, c->scenario, c->paid);
    for (size_t n = 0; n < c->r; n++) {
        c->deficit[n] += c->paid[n];
        c->paid[n] = 0;
    }
    for (size_t n = 0; n < c->r; n++)
        check_markets(c, n);
    for (size_t n = 0; n < c->r; n++)
        check_region(c, n);
    check_world(c);
    check_caps(c);
}

/* The wedge and the limit of every flow; false without memory. */
static bool take_caps(check *c)
{
    size_t flows = c->r * c->r * c->s;
    c->wedge = dr_new_doubles(flows);
    c->producer = dr_new_doubles(flows);
    c->limit = dr_new(flows, sizeof *c->limit);
    c->volume = dr_new_doubles(c->solution->limit_count);
    c->rent = dr_new_doubles(c->solution->limit_count);
    c->part = dr_new_doubles(c->solution->limit_count);
    if (!c->wedge || !c->producer || !c->limit || !c->volume || !c->rent || !c->part)
        return false;
    for (size_t flow = 0; flow < flows; flow++)
        c->wedge[flow] = c->producer[flow] = 1;
    for (size_t k = 0; k < c->solution->limit_count; k++) {
        const dr_volume_limit *limit = &c->scenario->limits[k];
        bool used = limit->rent == DR_RENT_LOST && !(limit->most > 0);
        for (size_t j = 0; j < limit->count && !limit->rows; j++) {
            c->wedge[limit->flows[j]] = c->solution->limits[k].wedge;
            c->producer[limit->flows[j]] = used ? 1 : c->solution->limits[k].wedge;
            c->limit[limit->flows[j]] = (unsigned)k + 1;
        }
    }
    return true;
}

/* Where the factor income of a region is almost zero there is no interior equilibrium, and rounding hides what
 * remains. */
static dr_status fails(const dr_solution *solution)
{
    const dr_certificate *c = &solution->certificate;
    for (size_t n = 0; n < solution->model->regions; n++)
        if (solution->wage[n] < DR_NEGLIGIBLE)
            return dr_fail(DR_NO_SOLUTION,
                           "no interior equilibrium: factor income collapses in %s, to %.1e of its base",
                           solution->model->economy->region_codes.names[n], solution->wage[n]);
    return dr_fail(DR_NO_SOLUTION, "the certificate fails: %s has a residual of %.1e; expected at most %.0e",
                   c->worst_equation, c->worst_residual, WORST);
}

static void forget(dr_certificate *residuals)
{
    residuals->market_clearing = residuals->trade_balance = residuals->walras = residuals->adding_up = 0;
    residuals->complementarity = residuals->worst_residual = 0;
}

dr_status dr_certify(dr_solution *solution, const dr_scenario *scenario)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    forget(&solution->certificate);
    check c = {.model = m,
               .base = &m->base,
               .scenario = scenario,
               .solution = solution,
               .certificate = &solution->certificate,
               .r = r,
               .s = s,
               .terms_of = r};
    double **tables[] = {&c.sales, &c.cost, &c.bundle, &c.used, &c.cheap, &c.wanted, &c.terms, &c.share, &c.value},
           **rows[] = {&c.left, &c.exports, &c.imports, &c.revenue, &c.rents,
                       &c.paid, &c.earned,  &c.deficit, &c.overhead};
    bool there = true;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        there = (*tables[i] = dr_new_doubles(r * s)) && there;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        there = (*rows[i] = dr_new_doubles(r)) && there;
    there = (c.markets = dr_new(s, sizeof *c.markets)) && there;
    if (solution->limit_count)
        there = take_caps(&c) && there;
    there = there && dr_tier_levels_new(&c.tier, solution, scenario, c.wedge, c.producer) == DR_OK;
    if (there)
        check_all(&c);
    dr_tier_levels_free(&c.tier);
    free(c.markets);
    free(c.wedge);
    free(c.producer);
    free(c.limit);
    free(c.volume);
    free(c.rent);
    free(c.part);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        free(*tables[i]);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        free(*rows[i]);
    if (!there)
        return dr_fail_memory();
    if (solution->certificate.worst_residual > WORST)
        return fails(solution);
    return DR_OK;
}
