/* The model once more, slow and plain: wages outermost, moved by excess demand; for given wages, prices and then spending are
 * iterated until nothing moves. It shares no code with src/solve: data and scenario come as plain arrays. Algorithm: after
 * Alvarez & Lucas (2007) and Caliendo & Parro (2015). Balanced tables without a base solve; trade deficits fixed. */
#ifndef TESTS_SOLVE_SLOW_H
#define TESTS_SOLVE_SLOW_H

#include <math.h>
#include <stdlib.h>

#include "synthetic.h"

typedef struct slow {
    size_t r, s;
    double *wage;    /* [n] over base */
    double *price;   /* [n, s] over base */
    double *flow;    /* [n, i, s] without tariff */
    double *welfare; /* [n] exact, percent */
} slow;

typedef struct slow_work {
    double *share, *spending, *output, *income, *labour, *deficit, *cost, *new_share;
} slow_work;

static inline double slow_relative(double a, double b)
{
    return fabs(a - b) / fmax(fabs(a), 1e-300);
}

/* Base levels from the table. */
static inline slow_work slow_base(const synthetic *y)
{
    size_t r = y->r, s = y->s;
    slow_work w = {synthetic_numbers(r * r * s), synthetic_numbers(r * s),    synthetic_numbers(r * s),
                   synthetic_numbers(r),         synthetic_numbers(r),        synthetic_numbers(r),
                   synthetic_numbers(r * s),     synthetic_numbers(r * r * s)};
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
            w.labour[n] += w.output[n * s + k];
            for (size_t j = 0; j < s; j++)
                w.labour[n] -= y->input[(n * s + j) * s + k];
        }
        w.income[n] += w.labour[n] + w.deficit[n];
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                size_t f = (n * r + i) * s + k;
                w.share[f] = y->flow[f] * (1 + y->tariff[f]) / w.spending[n * s + k];
            }
    }
    return w;
}

/* Prices and unit costs for given wages. */
static inline void slow_prices(const synthetic *y, const slow_work *w, const double *theta, const double *kappa,
                               slow *out)
{
    size_t r = y->r, s = y->s;
    for (double moved = 1; moved > 1e-14;) {
        moved = 0;
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double inputs = 0, logs = 0;
                for (size_t j = 0; j < s; j++) {
                    double input = y->input[(n * s + j) * s + k];
                    inputs += input;
                    logs += input * log(out->price[n * s + j]);
                }
                logs += (w->output[n * s + k] - inputs) * log(out->wage[n]);
                w->cost[n * s + k] = exp(logs / w->output[n * s + k]);
            }
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double sum = 0;
                for (size_t i = 0; i < r; i++) {
                    size_t f = (n * r + i) * s + k;
                    if (isfinite(kappa[f]))
                        sum += w->share[f] * pow(kappa[f] * w->cost[i * s + k], -theta[k]);
                }
                double price = pow(sum, -1 / theta[k]);
                moved = fmax(moved, slow_relative(price, out->price[n * s + k]));
                out->price[n * s + k] = price;
            }
    }
}

/* Spending for given shares, by iterating on who buys what; returns through out->flow. */
static inline void slow_spending(const synthetic *y, const slow_work *w, const double *theta, const double *kappa,
                                 const double *tariff, slow *out, double *income)
{
    size_t r = y->r, s = y->s;
    double *spending = synthetic_numbers(r * s), *output = synthetic_numbers(r * s), *final = synthetic_numbers(r);
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++) {
            final[n] += y->final[n * s + k];
            spending[n * s + k] = w->spending[n * s + k];
            for (size_t i = 0; i < r; i++) {
                size_t f = (n * r + i) * s + k;
                double delivered = kappa[f] * w->cost[i * s + k] / out->price[n * s + k];
                w->new_share[f] = isfinite(kappa[f]) ? w->share[f] * pow(delivered, -theta[k]) : 0;
            }
        }
    for (double moved = 1; moved > 1e-14;) {
        moved = 0;
        for (size_t i = 0; i < r * s; i++)
            output[i] = 0;
        for (size_t n = 0; n < r; n++) {
            income[n] = out->wage[n] * w->labour[n] + w->deficit[n];
            for (size_t i = 0; i < r; i++)
                for (size_t k = 0; k < s; k++) {
                    size_t f = (n * r + i) * s + k;
                    out->flow[f] = w->new_share[f] * spending[n * s + k] / (1 + tariff[f]);
                    output[i * s + k] += out->flow[f];
                    income[n] += tariff[f] * out->flow[f];
                }
        }
        for (size_t n = 0; n < r; n++)
            for (size_t k = 0; k < s; k++) {
                double wanted = y->final[n * s + k] / final[n] * income[n];
                for (size_t j = 0; j < s; j++)
                    wanted += y->input[(n * s + k) * s + j] / w->output[n * s + j] * output[n * s + j];
                moved = fmax(moved, slow_relative(wanted, spending[n * s + k]));
                spending[n * s + k] = wanted;
            }
    }
    free(spending);
    free(output);
    free(final);
}

/* Solves under new tariffs and factors kappa on delivered cost (infinite: a ban). */
static inline slow slow_solve(const synthetic *y, const double *theta, const double *tariff, const double *kappa)
{
    size_t r = y->r, s = y->s;
    slow out = {
        r, s, synthetic_numbers(r), synthetic_numbers(r * s), synthetic_numbers(r * r * s), synthetic_numbers(r)};
    slow_work w = slow_base(y);
    double *income = synthetic_numbers(r), world = 0, step = 1 / (1 + theta[0]);
    for (size_t n = 0; n < r; n++) {
        out.wage[n] = 1;
        world += w.labour[n];
        for (size_t k = 0; k < s; k++)
            out.price[n * s + k] = 1;
    }
    for (double excess = 1; excess > 1e-12;) {
        double all = 0;
        excess = 0;
        slow_prices(y, &w, theta, kappa, &out);
        slow_spending(y, &w, theta, kappa, tariff, &out, income);
        for (size_t n = 0; n < r; n++) {
            double balance = w.deficit[n];
            for (size_t i = 0; i < r; i++)
                for (size_t k = 0; k < s; k++)
                    balance += out.flow[(i * r + n) * s + k] - out.flow[(n * r + i) * s + k];
            excess = fmax(excess, fabs(balance) / (out.wage[n] * w.labour[n]));
            out.wage[n] *= 1 + step * balance / (out.wage[n] * w.labour[n]);
            all += out.wage[n] * w.labour[n];
        }
        for (size_t n = 0; n < r; n++)
            out.wage[n] *= world / all;
    }
    for (size_t n = 0; n < r; n++) {
        double logs = 0, final = 0;
        for (size_t k = 0; k < s; k++) {
            logs += y->final[n * s + k] * log(out.price[n * s + k]);
            final += y->final[n * s + k];
        }
        out.welfare[n] = 100 * (income[n] / w.income[n] / exp(logs / final) - 1);
    }
    double *arrays[] = {w.share, w.spending, w.output, w.income, w.labour, w.deficit, w.cost, w.new_share, income};
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
