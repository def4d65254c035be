/* The model once more, slow and plain: wages outermost, moved by excess demand for labour; for given wages, prices and
 * then spending are iterated until nothing moves. It shares no code with src/solve: data and scenario come as plain
 * arrays. Algorithm: after Alvarez & Lucas (2007) and Caliendo & Parro (2015). Balanced tables without a base solve;
 * trade deficits fixed. */
#ifndef TESTS_SOLVE_SLOW_H
#define TESTS_SOLVE_SLOW_H

#include <math.h>
#include <stdlib.h>

#include "support/slow_products.h"
#include "support/synthetic.h"

/* Elasticities, the same in all sectors; psi infinite: mobile labour. Of several factors the first is labour, the
 * others move by psi_other. What labour is paid does not fall below the floor (0: it is flexible). Unit cost falls with
 * the size of a sector by `scale`, or a `markup` on it is profit. */
typedef struct slow_model {
    double theta, eta, rho, phi, psi, sigma, psi_other, floor, scale, markup;
} slow_model;

typedef struct slow {
    size_t r, s, f;
    double
        *wage; /* [factor, n, s] earnings of a unit of it over base: what it is paid, times the part that is employed */
    double *price;   /* [n, s] over base */
    double *flow;    /* [n, i, s] without tariff */
    double *welfare; /* [n] exact, percent */
} slow;

typedef struct slow_work {
    double *share, *spending, *output, *income, *labour, *deficit, *cost, *bundle, *new_share;
    double *unit; /* [n, s] unit cost; `cost` is that of what a unit took in the base, `output` the base cost of all */
    double *size; /* [n, s] sales over base; NULL: as in the base */
} slow_work;

static inline double slow_relative(double a, double b)
{
    return fabs(a - b) / fmax(fabs(a), 1e-300);
}

/* A weighted CES mean, elasticity e: add share * slow_term, then take slow_mean of the sum. */
static inline double slow_term(double price, double e)
{
    return e == 1 ? log(price) : pow(price, 1 - e);
}

static inline double slow_mean(double sum, double e)
{
    return e == 1 ? exp(sum) : pow(sum, 1 / (1 - e));
}

static inline double slow_inputs(const synthetic *y, size_t n, size_t s)
{
    double inputs = 0;
    for (size_t k = 0; k < y->s; k++)
        inputs += y->input[(n * y->s + k) * y->s + s];
    return inputs;
}

/* Base levels from the table; labour [factor, n, s] is value added but for profits. */
static inline slow_work slow_base(const synthetic *y, slow_model m)
{
    size_t r = y->r, s = y->s;
    slow_work w = {synthetic_numbers(r * r * s),
                   synthetic_numbers(r * s),
                   synthetic_numbers(r * s),
                   synthetic_numbers(r),
                   synthetic_numbers((y->factors + 1) * r * s),
                   synthetic_numbers(r),
                   synthetic_numbers(r * s),
                   synthetic_numbers(r * s),
                   synthetic_numbers(r * r * s),
                   synthetic_numbers(r * s),
                   NULL};
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t f = (n * r + i) * s + k;
                w.spending[n * s + k] += y->flow[f] * (1 + y->tariff[f]);
                w.output[i * s + k] += y->flow[f];
                w.deficit[n] += y->flow[f];
                w.deficit[i] -= y->flow[f];
                w.income[n] += y->flow[f] * y->tariff[f];
            }
    for (size_t n = 0; n < r; n++) {
        for (size_t k = 0; k < s; k++) {
            double all = w.output[n * s + k] - slow_inputs(y, n, k), value_added;
            w.income[n] += all;
            w.output[n * s + k] /= 1 + m.markup;
            value_added = w.output[n * s + k] - slow_inputs(y, n, k);
            w.unit[n * s + k] = 1;
            for (size_t f = 0; f < (y->factor ? y->factors : 1); f++)
                w.labour[(f * r + n) * s + k] =
                    y->factor ? y->factor[(f * r + n) * s + k] * value_added / all : value_added;
        }
        w.income[n] += w.deficit[n];
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t f = (n * r + i) * s + k;
                w.share[f] = y->flow[f] * (1 + y->tariff[f]) / w.spending[n * s + k];
            }
    }
    return w;
}

/* What is paid for the emissions of a unit of output, and the cost of what it takes of what it took in the base. */
static inline double slow_carbon(const synthetic *y, size_t at)
{
    return y->carbon_tax ? y->carbon_tax[at] : 0;
}

static inline double slow_used(const synthetic *y, const slow_work *w, size_t at)
{
    return (w->cost[at] - slow_carbon(y, at)) / (1 + (y->abates ? y->abates[at] : 0));
}

/* What a factor is paid. */
static inline double slow_paid(slow_model m, const slow *out, size_t f, size_t n, size_t k)
{
    double earned = out->wage[(f * out->r + n) * out->s + k];
    return f == 0 ? fmax(earned, m.floor) : earned;
}

/* The price of value added, and what of it is paid to factor f. */
static inline double slow_primary(const slow_work *w, slow_model m, const slow *out, size_t n, size_t k)
{
    double sum = 0, all = 0;
    for (size_t f = 0; f < out->f; f++) {
        sum += w->labour[(f * out->r + n) * out->s + k] * slow_term(slow_paid(m, out, f, n, k), m.sigma);
        all += w->labour[(f * out->r + n) * out->s + k];
    }
    return slow_mean(sum / all, m.sigma);
}

/* Prices and unit costs for given wages. */
static inline void slow_prices(const synthetic *y, const slow_work *w, slow_model m, const double *kappa, slow *out)
{
    size_t r = y->r, s = y->s;
    for (double moved = 1; moved > 1e-14;) {
        moved = 0;
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double inputs = slow_inputs(y, n, k), bundle = 0, output = w->output[n * s + k];
                for (size_t j = 0; j < s; j++)
                    bundle += y->input[(n * s + j) * s + k] / inputs * slow_term(out->price[n * s + j], m.rho);
                w->bundle[n * s + k] = slow_mean(bundle, m.rho);
                w->cost[n * s + k] = slow_mean((1 - inputs / output) * slow_term(slow_primary(w, m, out, n, k), m.eta) +
                                                   inputs / output * slow_term(w->bundle[n * s + k], m.eta),
                                               m.eta);
                w->cost[n * s + k] *= 1 + (y->abates ? y->abates[n * s + k] : 0);
                w->cost[n * s + k] += slow_carbon(y, n * s + k);
            }
        for (size_t at = 0; at < r * s; at++)
            w->unit[at] = w->cost[at] * (w->size ? pow(w->size[at] / w->cost[at], -m.scale) : 1);
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double sum = 0;
                for (size_t i = 0; i < r; i++) {
                    size_t f = (n * r + i) * s + k;
                    if (isfinite(kappa[f]))
                        sum += w->share[f] * pow(kappa[f] * w->unit[i * s + k], -m.theta);
                }
                double price = pow(sum, -1 / m.theta);
                if (y->products)
                    price = slow_products_at(y, w->share, w->unit, m.theta, kappa, NULL, n, k,
                                             (slow_product_flows){.share = w->new_share});
                moved = fmax(moved, slow_relative(price, out->price[n * s + k]));
                out->price[n * s + k] = price;
            }
    }
}

/* What factor f of region n earns in all sectors together, and over base. */
static inline double slow_earned(const slow_work *w, slow_model m, const slow *out, size_t f, size_t n, double *mean)
{
    const double *wage = out->wage + (f * out->r + n) * out->s, *labour = w->labour + (f * out->r + n) * out->s;
    double sum = 0, all = 0, psi = f == 0 ? m.psi : m.psi_other;
    for (size_t k = 0; k < out->s; k++) {
        sum += labour[k] * (isinf(psi) ? 1 : pow(wage[k], 1 + psi));
        all += labour[k];
    }
    *mean = isinf(psi) ? wage[0] : pow(sum / all, 1 / (1 + psi));
    return *mean * all;
}

static inline double slow_wage(const slow_work *w, slow_model m, const slow *out, size_t n)
{
    double sum = 0, mean;
    for (size_t f = 0; f < out->f; f++)
        sum += slow_earned(w, m, out, f, n, &mean);
    return sum;
}

/* Spending for given prices, by iterating on who buys what: fills out->flow, income and sales [n, s]. */
static inline void slow_spending(const synthetic *y, const slow_work *w, slow_model m, const double *kappa,
                                 const double *given, const double *tax, slow *out, double *income, double *sales)
{
    size_t r = y->r, s = y->s;
    double *tariff = synthetic_numbers(r * r * s); /* means, where those of products differ */
    double *left = synthetic_numbers(r * r * s);   /* by taxes of exporters on products */
    for (size_t f = 0; f < r * r * s; f++) {
        tariff[f] = given[f];
        left[f] = 1;
    }
    double *spending = synthetic_numbers(r * s), *final = synthetic_numbers(r), *consumer = synthetic_numbers(r);
    for (size_t n = 0; n < r; n++) {
        for (size_t k = 0; k < s; k++) {
            final[n] += y->final[n * s + k];
            spending[n * s + k] = w->spending[n * s + k];
            for (size_t i = 0; i < r; i++) {
                size_t f = (n * r + i) * s + k;
                double delivered = kappa[f] * w->unit[i * s + k] / out->price[n * s + k];
                w->new_share[f] = isfinite(kappa[f]) ? w->share[f] * pow(delivered, -m.theta) : 0;
            }
            if (y->products)
                slow_products_at(y, w->share, w->unit, m.theta, kappa, given, n, k,
                                 (slow_product_flows){w->new_share, tariff, left});
        }
        for (size_t k = 0; k < s; k++)
            consumer[n] += y->final[n * s + k] / final[n] * slow_term(out->price[n * s + k], m.phi);
        consumer[n] = slow_mean(consumer[n], m.phi);
    }
    for (double moved = 1; moved > 1e-14;) {
        moved = 0;
        for (size_t i = 0; i < r * s; i++)
            sales[i] = 0;
        for (size_t n = 0; n < r; n++)
            income[n] = slow_wage(w, m, out, n) + w->deficit[n];
        for (size_t n = 0; n < r; n++)
            for (size_t i = 0; i < r; i++)
                for (size_t k = 0; k < s; k++) {
                    size_t f = (n * r + i) * s + k;
                    double keeps = left[f] * (tax ? 1 / tax[f] : 1);
                    out->flow[f] = w->new_share[f] * spending[n * s + k] / (1 + tariff[f]);
                    sales[i * s + k] += out->flow[f] * keeps;
                    income[n] += tariff[f] * out->flow[f];
                    income[i] += out->flow[f] * (1 - keeps) + out->flow[f] * keeps * m.markup / (1 + m.markup);
                }
        for (size_t at = 0; at < r * s; at++) {
            double paid = sales[at] * slow_carbon(y, at) / w->cost[at];
            income[at / s] += paid;
            sales[at] -= paid;
        }
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double price = out->price[n * s + k];
                double wanted = y->final[n * s + k] / final[n] * pow(price / consumer[n], 1 - m.phi) * income[n];
                for (size_t j = 0; j < s; j++) {
                    double bundle = w->bundle[n * s + j], cost = slow_used(y, w, n * s + j);
                    wanted += y->input[(n * s + k) * s + j] / w->output[n * s + j] * pow(price / bundle, 1 - m.rho) *
                              pow(bundle / cost, 1 - m.eta) * sales[n * s + j] / (1 + m.markup);
                }
                moved = fmax(moved, slow_relative(wanted, spending[n * s + k]));
                spending[n * s + k] = wanted;
            }
    }
    for (size_t n = 0; n < r && y->products; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < y->products->count; k++)
                y->products->sold[n][i][k] *=
                    spending[n * s + y->products->sector[k]] / w->unit[i * s + y->products->sector[k]];
    free(tariff);
    free(left);
    free(spending);
    free(final);
    free(consumer);
}

/* Moves the wages of one factor of region n towards clearing its markets; returns the largest excess demand, relative.
 */
static inline double slow_market(const synthetic *y, const slow_work *w, slow_model m, slow *out, const double *sales,
                                 size_t f, size_t n, const double *primary)
{
    double largest = 0, step = 1 / (1 + m.theta), psi = f == 0 ? m.psi : m.psi_other, mean, paid = 0;
    double earned = slow_earned(w, m, out, f, n, &mean);
    for (size_t k = 0; k < out->s; k++) {
        size_t at = (f * out->r + n) * out->s + k;
        double share = w->labour[at] / w->output[n * out->s + k];
        double of_sector = share * pow(slow_paid(m, out, f, n, k) / primary[k], 1 - m.sigma) *
                           pow(primary[k] / slow_used(y, w, n * out->s + k), 1 - m.eta) * sales[n * out->s + k] /
                           (1 + m.markup);
        paid += of_sector;
        if (isinf(psi))
            continue;
        double supplied = out->wage[at] * w->labour[at] * pow(out->wage[at] / mean, psi);
        largest = fmax(largest, fabs(of_sector / supplied - 1));
        out->wage[at] *= 1 + step * (of_sector / supplied - 1);
    }
    for (size_t k = 0; k < out->s && isinf(psi); k++)
        out->wage[(f * out->r + n) * out->s + k] *= 1 + step * (paid / earned - 1);
    return isinf(psi) ? fabs(paid / earned - 1) : largest;
}

static inline double slow_labour(const synthetic *y, const slow_work *w, slow_model m, slow *out, const double *sales)
{
    double largest = 0, *primary = synthetic_numbers(out->s);
    for (size_t n = 0; n < out->r; n++) {
        for (size_t k = 0; k < out->s; k++)
            primary[k] = slow_primary(w, m, out, n, k);
        for (size_t f = 0; f < out->f; f++)
            largest = fmax(largest, slow_market(y, w, m, out, sales, f, n, primary));
    }
    free(primary);
    return largest;
}

/* Solves under new tariffs and factors kappa on delivered cost (infinite: a ban), which hold the factors `tax` of what
 * exporters levy (NULL: nothing). Flows are without tariffs, with that tax. */
static inline slow slow_solve_taxed(const synthetic *y, slow_model m, const double *tariff, const double *kappa,
                                    const double *tax)
{
    size_t r = y->r, s = y->s, factors = y->factor ? y->factors : 1;
    slow out = {r,
                s,
                factors,
                synthetic_numbers(factors * r * s),
                synthetic_numbers(r * s),
                synthetic_numbers(r * r * s),
                synthetic_numbers(r)};
    slow_work w = slow_base(y, m);
    double *income = synthetic_numbers(r), *sales = synthetic_numbers(r * s), world = 0;
    w.size = synthetic_numbers(r * s);
    for (size_t i = 0; i < factors * r * s; i++) {
        out.wage[i] = 1;
        world += w.labour[i];
    }
    for (size_t i = 0; i < r * s; i++)
        out.price[i] = w.size[i] = 1;
    for (double excess = 1; excess > 1e-12;) {
        double all = 0;
        slow_prices(y, &w, m, kappa, &out);
        slow_spending(y, &w, m, kappa, tariff, tax, &out, income, sales);
        excess = slow_labour(y, &w, m, &out, sales);
        for (size_t i = 0; i < r * s && m.scale > 0; i++) {
            double grown = sales[i] / w.output[i] / (1 + m.markup);
            excess = fmax(excess, fabs(grown / w.size[i] - 1));
            w.size[i] = grown;
        }
        for (size_t n = 0; n < r; n++)
            all += slow_wage(&w, m, &out, n);
        for (size_t i = 0; i < factors * r * s; i++)
            out.wage[i] *= world / all;
    }
    for (size_t n = 0; n < r; n++) {
        double sum = 0, final = 0;
        for (size_t k = 0; k < s; k++)
            final += y->final[n * s + k];
        for (size_t k = 0; k < s; k++)
            sum += y->final[n * s + k] / final * slow_term(out.price[n * s + k], m.phi);
        out.welfare[n] = 100 * (income[n] / w.income[n] / slow_mean(sum, m.phi) - 1);
    }
    double *arrays[] = {w.share,  w.spending,  w.output, w.income, w.labour, w.deficit, w.cost,
                        w.bundle, w.new_share, income,   sales,    w.unit,   w.size};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    return out;
}

static inline slow slow_solve(const synthetic *y, slow_model m, const double *tariff, const double *kappa)
{
    return slow_solve_taxed(y, m, tariff, kappa, NULL);
}

static inline void slow_free(slow *out)
{
    free(out->wage);
    free(out->price);
    free(out->flow);
    free(out->welfare);
}

#endif
