/* The model once more, slow and plain: wages outermost, moved by excess demand for labour; for given wages, prices and then
 * spending are iterated until nothing moves. It shares no code with src/solve: data and scenario come as plain arrays. Algorithm:
 * after Alvarez & Lucas (2007) and Caliendo & Parro (2015). Balanced tables without a base solve; trade deficits fixed. */
#ifndef TESTS_SOLVE_SLOW_H
#define TESTS_SOLVE_SLOW_H

#include <math.h>
#include <stdlib.h>

#include "synthetic.h"

/* Elasticities, the same in all sectors; psi infinite: mobile labour. */
typedef struct slow_model {
    double theta, eta, rho, phi, psi;
} slow_model;

typedef struct slow {
    size_t r, s;
    double *wage;    /* [n, s] over base */
    double *price;   /* [n, s] over base */
    double *flow;    /* [n, i, s] without tariff */
    double *welfare; /* [n] exact, percent */
} slow;

typedef struct slow_work {
    double *share, *spending, *output, *income, *labour, *deficit, *cost, *bundle, *new_share;
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

/* Base levels from the table; labour [n, s] is value added. */
static inline slow_work slow_base(const synthetic *y)
{
    size_t r = y->r, s = y->s;
    slow_work w = {synthetic_numbers(r * r * s), synthetic_numbers(r * s), synthetic_numbers(r * s),
                   synthetic_numbers(r),         synthetic_numbers(r * s), synthetic_numbers(r),
                   synthetic_numbers(r * s),     synthetic_numbers(r * s), synthetic_numbers(r * r * s)};
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
            w.labour[n * s + k] = w.output[n * s + k] - slow_inputs(y, n, k);
            w.income[n] += w.labour[n * s + k];
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
                w->cost[n * s + k] = slow_mean((1 - inputs / output) * slow_term(out->wage[n * s + k], m.eta) +
                                                   inputs / output * slow_term(w->bundle[n * s + k], m.eta),
                                               m.eta);
            }
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double sum = 0;
                for (size_t i = 0; i < r; i++) {
                    size_t f = (n * r + i) * s + k;
                    if (isfinite(kappa[f]))
                        sum += w->share[f] * pow(kappa[f] * w->cost[i * s + k], -m.theta);
                }
                double price = pow(sum, -1 / m.theta);
                moved = fmax(moved, slow_relative(price, out->price[n * s + k]));
                out->price[n * s + k] = price;
            }
    }
}

/* What a region earns over base, in all sectors together. */
static inline double slow_wage(const slow_work *w, slow_model m, const slow *out, size_t n)
{
    double sum = 0, all = 0;
    for (size_t k = 0; k < out->s; k++) {
        sum += w->labour[n * out->s + k] * (isinf(m.psi) ? 1 : pow(out->wage[n * out->s + k], 1 + m.psi));
        all += w->labour[n * out->s + k];
    }
    return isinf(m.psi) ? out->wage[n * out->s] * all : pow(sum / all, 1 / (1 + m.psi)) * all;
}

/* Spending for given prices, by iterating on who buys what: fills out->flow, income and sales [n, s]. */
static inline void slow_spending(const synthetic *y, const slow_work *w, slow_model m, const double *kappa,
                                 const double *tariff, slow *out, double *income, double *sales)
{
    size_t r = y->r, s = y->s;
    double *spending = synthetic_numbers(r * s), *final = synthetic_numbers(r), *consumer = synthetic_numbers(r);
    for (size_t n = 0; n < r; n++) {
        for (size_t k = 0; k < s; k++) {
            final[n] += y->final[n * s + k];
            spending[n * s + k] = w->spending[n * s + k];
            for (size_t i = 0; i < r; i++) {
                size_t f = (n * r + i) * s + k;
                double delivered = kappa[f] * w->cost[i * s + k] / out->price[n * s + k];
                w->new_share[f] = isfinite(kappa[f]) ? w->share[f] * pow(delivered, -m.theta) : 0;
            }
        }
        for (size_t k = 0; k < s; k++)
            consumer[n] += y->final[n * s + k] / final[n] * slow_term(out->price[n * s + k], m.phi);
        consumer[n] = slow_mean(consumer[n], m.phi);
    }
    for (double moved = 1; moved > 1e-14;) {
        moved = 0;
        for (size_t i = 0; i < r * s; i++)
            sales[i] = 0;
        for (size_t n = 0; n < r; n++) {
            income[n] = slow_wage(w, m, out, n) + w->deficit[n];
            for (size_t i = 0; i < r; i++)
                for (size_t k = 0; k < s; k++) {
                    size_t f = (n * r + i) * s + k;
                    out->flow[f] = w->new_share[f] * spending[n * s + k] / (1 + tariff[f]);
                    sales[i * s + k] += out->flow[f];
                    income[n] += tariff[f] * out->flow[f];
                }
        }
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double price = out->price[n * s + k];
                double wanted = y->final[n * s + k] / final[n] * pow(price / consumer[n], 1 - m.phi) * income[n];
                for (size_t j = 0; j < s; j++) {
                    double bundle = w->bundle[n * s + j], cost = w->cost[n * s + j];
                    wanted += y->input[(n * s + k) * s + j] / w->output[n * s + j] * pow(price / bundle, 1 - m.rho) *
                              pow(bundle / cost, 1 - m.eta) * sales[n * s + j];
                }
                moved = fmax(moved, slow_relative(wanted, spending[n * s + k]));
                spending[n * s + k] = wanted;
            }
    }
    free(spending);
    free(final);
    free(consumer);
}

/* Moves wages towards clearing labour markets; returns the largest excess demand, relative. */
static inline double slow_labour(const slow_work *w, slow_model m, slow *out, const double *sales)
{
    size_t r = out->r, s = out->s;
    double largest = 0, step = 1 / (1 + m.theta);
    for (size_t n = 0; n < r; n++) {
        double paid = 0, mean = slow_wage(w, m, out, n), all = 0;
        for (size_t k = 0; k < s; k++)
            all += w->labour[n * s + k];
        for (size_t k = 0; k < s; k++) {
            double wage = out->wage[n * s + k], share = w->labour[n * s + k] / w->output[n * s + k];
            double of_sector = share * pow(wage / w->cost[n * s + k], 1 - m.eta) * sales[n * s + k];
            paid += of_sector;
            if (isinf(m.psi))
                continue;
            double supplied = wage * w->labour[n * s + k] * pow(wage * all / mean, m.psi);
            largest = fmax(largest, fabs(of_sector / supplied - 1));
            out->wage[n * s + k] *= 1 + step * (of_sector / supplied - 1);
        }
        for (size_t k = 0; k < s && isinf(m.psi); k++)
            out->wage[n * s + k] *= 1 + step * (paid / mean - 1);
        largest = isinf(m.psi) ? fmax(largest, fabs(paid / mean - 1)) : largest;
    }
    return largest;
}

/* Solves under new tariffs and factors kappa on delivered cost (infinite: a ban). */
static inline slow slow_solve(const synthetic *y, slow_model m, const double *tariff, const double *kappa)
{
    size_t r = y->r, s = y->s;
    slow out = {
        r, s, synthetic_numbers(r * s), synthetic_numbers(r * s), synthetic_numbers(r * r * s), synthetic_numbers(r)};
    slow_work w = slow_base(y);
    double *income = synthetic_numbers(r), *sales = synthetic_numbers(r * s), world = 0;
    for (size_t i = 0; i < r * s; i++) {
        out.wage[i] = out.price[i] = 1;
        world += w.labour[i];
    }
    for (double excess = 1; excess > 1e-12;) {
        double all = 0;
        slow_prices(y, &w, m, kappa, &out);
        slow_spending(y, &w, m, kappa, tariff, &out, income, sales);
        excess = slow_labour(&w, m, &out, sales);
        for (size_t n = 0; n < r; n++)
            all += slow_wage(&w, m, &out, n);
        for (size_t i = 0; i < r * s; i++)
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
    double *arrays[] = {w.share, w.spending, w.output,    w.income, w.labour, w.deficit,
                        w.cost,  w.bundle,   w.new_share, income,   sales};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    return out;
}

static inline void slow_free(slow *out)
{
    free(out->wage);
    free(out->price);
    free(out->flow);
    free(out->welfare);
}

#endif
