/* Products within imports, plainly: the shares and the price of one sector of an importer (docs/model.md,
 * "Products"), for slow_model.h; and the product flows as the engine takes them. */
#ifndef TESTS_SUPPORT_SLOW_PRODUCTS_H
#define TESTS_SUPPORT_SLOW_PRODUCTS_H

#include "measure/product_trade.h"
#include "support/synthetic.h"

enum { SLOW_REGIONS = 6, SLOW_PRODUCTS = 8 };

typedef struct slow_products {
    size_t count;
    size_t sector[SLOW_PRODUCTS];
    double theta[SLOW_PRODUCTS], sigma, mu;
    double choke; /* the multiple of base prices at which a product without supplier is made at home; 0: none is */
    double value[SLOW_REGIONS][SLOW_REGIONS][SLOW_PRODUCTS];  /* [n][i][p]; 0: there is no such flow */
    double times[SLOW_REGIONS][SLOW_REGIONS][SLOW_PRODUCTS];  /* of trade costs of their own; infinite: a ban */
    double tariff[SLOW_REGIONS][SLOW_REGIONS][SLOW_PRODUCTS]; /* of their own; below -1: that of the flow */
    double tax[SLOW_REGIONS][SLOW_REGIONS][SLOW_PRODUCTS];    /* a factor on the price, which the exporter levies */
    double sold[SLOW_REGIONS][SLOW_REGIONS][SLOW_PRODUCTS];   /* what producers earn, for a unit of spending; volumes */
} slow_products;

/* Random flows of products that are in sectors in turn, beginning with the first; a third of all pairs has none. */
static inline slow_products slow_products_new(const synthetic *y, size_t count, size_t sectors, unsigned long long seed)
{
    slow_products p = {.count = count, .sigma = 2, .mu = 3};
    for (size_t k = 0; k < count; k++) {
        p.sector[k] = k % sectors;
        p.theta[k] = 4;
    }
    for (size_t n = 0; n < y->r; n++)
        for (size_t i = 0; i < y->r; i++) {
            bool none = n != i && (n + 2 * i + seed) % 3 == 0;
            for (size_t k = 0; k < count; k++) {
                p.value[n][i][k] = none || n == i ? 0 : 0.1 + synthetic_random(&seed);
                p.times[n][i][k] = 1;
                p.tariff[n][i][k] = -2;
                p.tax[n][i][k] = 1;
            }
        }
    return p;
}

/* The economy's product flows; codes 00, 01, ... */
static inline void slow_products_give(const dr_economy *economy, const synthetic *y)
{
    const slow_products *p = y->products;
    dr_product_trade *t = dr_new(1, sizeof *t);
    t->names = economy;
    t->year = (dr_product_year){.year = 2020, .classification = "HS17", .unit = "US dollars"};
    t->scale = 1;
    t->region = dr_new(y->r, sizeof *t->region);
    t->known = dr_new(y->r, sizeof *t->known);
    t->sector = dr_new(p->count, sizeof *t->sector);
    dr_flows *f = &t->flows;
    f->untold = dr_new(y->r, sizeof *f->untold);
    f->start = dr_new(p->count + 1, sizeof *f->start);
    f->exporter = dr_new(y->r * y->r * p->count, sizeof *f->exporter);
    f->importer = dr_new(y->r * y->r * p->count, sizeof *f->importer);
    f->value = dr_new_doubles(y->r * y->r * p->count);
    for (size_t n = 0; n < y->r; n++) {
        t->region[n] = dr_names_add(&f->regions, y->region_names[n]);
        t->known[n] = true;
    }
    for (size_t k = 0; k < p->count; k++) {
        char code[8];
        snprintf(code, sizeof code, "%02zu", k);
        dr_names_add(&f->products, code);
        t->sector[k] = (int)p->sector[k];
        for (size_t n = 0; n < y->r; n++)
            for (size_t i = 0; i < y->r; i++)
                if (p->value[n][i][k] > 0) {
                    f->exporter[f->rows] = (unsigned short)i;
                    f->importer[f->rows] = (unsigned short)n;
                    f->value[f->rows++] = p->value[n][i][k];
                }
        f->start[k + 1] = f->rows;
    }
    dr_product_trade_give(economy, t);
}

/* What importer n buys of product k (count: the rest) of sector s from i in the base, as a part of its spending. */
static inline double slow_product_part(const slow_products *p, size_t n, size_t i, size_t k, size_t s, double share)
{
    double all = 0;
    for (size_t j = 0; j < p->count; j++)
        all += p->sector[j] == s ? p->value[n][i][j] : 0;
    if (n == i || (k < p->count && p->sector[k] != s))
        return 0;
    return k < p->count ? (all > 0 ? p->value[n][i][k] / all * share : 0) : all > 0 ? 0 : share;
}

/* For each product k of sector s in n: what is bought of it in the base, all and by origin at the new costs, to the
 * power of -theta of the product; a choke price takes the place of origins where none is left. */
typedef struct slow_cells {
    double q[SLOW_PRODUCTS + 1], in_base[SLOW_PRODUCTS + 1], term[SLOW_REGIONS][SLOW_PRODUCTS + 1];
    double imports;
    bool any; /* the sector has products */
} slow_cells;

static inline slow_cells slow_cells_at(const synthetic *y, const double *share, const double *cost, double theta,
                                       const double *kappa, size_t n, size_t s)
{
    slow_products *p = y->products;
    slow_cells c = {.imports = 0};
    for (size_t k = 0; k < p->count; k++)
        c.any |= p->sector[k] == s;
    for (size_t k = 0; k <= p->count; k++)
        for (size_t i = 0; i < y->r; i++) {
            size_t f = (n * y->r + i) * y->s + s;
            double part = slow_product_part(p, n, i, k, s, share[f]), own = kappa[f];
            if (k < p->count && p->tariff[n][i][k] > -1)
                own *= (1 + p->tariff[n][i][k]) / (1 + y->tariff[f]); /* the flow has no other tariff then */
            own *= k < p->count ? p->times[n][i][k] * p->tax[n][i][k] : 1;
            c.term[i][k] = part > 0 && isfinite(own)
                               ? part * pow(own * cost[i * y->s + s], -(k < p->count ? p->theta[k] : theta))
                               : 0;
            c.q[k] += c.term[i][k];
            c.in_base[k] += part;
            c.imports += part;
        }
    for (size_t k = 0; k <= p->count && p->choke > 0; k++) {
        double of = k < p->count ? p->theta[k] : theta;
        if (c.q[k] == 0 && c.in_base[k] > 0)
            c.q[k] = c.term[n][k] = c.in_base[k] * pow(p->choke * cost[n * y->s + s], -of);
    }
    return c;
}

/* The price of imports over base: the products within them. */
static inline double slow_imports_price(const slow_products *p, const slow_cells *c, double theta, double sigma)
{
    double m = 0;
    for (size_t k = 0; k <= p->count; k++) {
        double of = k < p->count ? p->theta[k] : theta, price = pow(c->q[k] / c->in_base[k], -1 / of);
        if (c->in_base[k] > 0)
            m += c->in_base[k] / c->imports * (sigma == 1 ? log(price) : c->q[k] > 0 ? pow(price, 1 - sigma) : 0);
    }
    return sigma == 1 ? exp(m) : pow(m, 1 / (1 - sigma));
}

/* What slow_products_at fills, by flow: new shares, and (NULL: not wanted) mean tariffs and what taxes of exporters on
 * products leave to producers. */
typedef struct slow_product_flows {
    double *share, *tariff, *left;
} slow_product_flows;

/* The price of sector s in n over base at unit costs `cost`; fills its flows, whose mean tariffs follow from `given`,
 * the tariffs of flows (NULL where they are not wanted). A sector without products is one good with the theta of the
 * sector. */
static inline double slow_products_at(const synthetic *y, const double *share, const double *cost, double theta,
                                      const double *kappa, const double *given, size_t n, size_t s,
                                      slow_product_flows out)
{
    slow_products *p = y->products;
    slow_cells c = slow_cells_at(y, share, cost, theta, kappa, n, s);
    double imports = c.imports, whole[SLOW_REGIONS] = {0}, without[SLOW_REGIONS] = {0};
    double earned[SLOW_REGIONS] = {0};
    size_t at_home = (n * y->r + n) * y->s + s;
    double mu = c.any ? p->mu : theta;
    double home = isfinite(kappa[at_home]) ? share[at_home] * pow(kappa[at_home] * cost[n * y->s + s], -mu) : 0;
    double sigma = c.any ? p->sigma : 1 + theta, m = slow_imports_price(p, &c, theta, sigma);
    double price = pow(home + imports * pow(m, -mu), -1 / mu);
    for (size_t k = 0; k <= p->count; k++)
        for (size_t i = 0; i < y->r && c.q[k] > 0; i++) {
            size_t f = (n * y->r + i) * y->s + s;
            double of = k < p->count ? p->theta[k] : theta, product = pow(c.q[k] / c.in_base[k], -1 / of);
            double part = imports * pow(m / price, -mu) * c.in_base[k] / imports * pow(product / m, 1 - sigma) *
                          c.term[i][k] / c.q[k];
            bool own = k < p->count && p->tariff[n][i][k] > -1;
            whole[i] += part;
            double value = given ? part / (1 + (own ? p->tariff[n][i][k] : given[f])) : 0;
            without[i] += value;
            earned[i] += k < p->count ? value / p->tax[n][i][k] : value;
            if (given && k < p->count && p->sector[k] == s)
                p->sold[n][i][k] = value / p->tax[n][i][k];
        }
    for (size_t i = 0; i < y->r; i++) {
        size_t f = (n * y->r + i) * y->s + s;
        out.share[f] = (i == n ? home * pow(price, mu) : 0) + whole[i];
        if (out.tariff && i != n && without[i] > 0)
            out.tariff[f] = whole[i] / without[i] - 1;
        if (out.left)
            out.left[f] = i != n && without[i] > 0 ? earned[i] / without[i] : 1;
    }
    return price;
}

#endif
