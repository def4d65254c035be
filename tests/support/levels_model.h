/* The model in levels: quantities, prices and money, with technologies and preferences whose parameters are found
 * from a table at base prices that are not 1. It has none of the hat algebra of src/equilibrium nor of slow_model.h.
 * The regime of a tariff-rate quota is found by trying all. Wages outermost, then prices, then quantities, each
 * iterated until nothing moves. One factor. */
#ifndef TESTS_EQUILIBRIUM_LEVELS_H
#define TESTS_EQUILIBRIUM_LEVELS_H

#include <math.h>
#include <string.h>

#include "support/slow_model.h"

enum { LR = 6, LS = 4, LQ = 2 };

/* A CES price index in levels: scale (sum of coef p^(1 - e))^(1 / (1 - e)). */
typedef struct nest {
    size_t n;
    double e, scale, coef[LR];
} nest;

static inline double nest_price(const nest *a, const double *p)
{
    double sum = 0;
    for (size_t j = 0; j < a->n; j++)
        sum += a->coef[j] * (a->e == 1 ? log(p[j]) : pow(p[j], 1 - a->e));
    return a->scale * (a->e == 1 ? exp(sum) : pow(sum, 1 / (1 - a->e)));
}

/* The quantity of a part in a unit of the aggregate (Shephard's lemma). */
static inline double nest_use(const nest *a, const double *p, size_t j)
{
    double price = nest_price(a, p);
    return a->e == 1 ? a->coef[j] * price / p[j] : a->coef[j] * pow(p[j] / (price / a->scale), -a->e) * a->scale;
}

/* The index that has these shares at prices p, and the price `at` there. */
static inline nest nest_new(const double *share, const double *p, size_t n, double e, double at)
{
    nest a = {n, e, 1, {0}};
    for (size_t j = 0; j < n; j++)
        a.coef[j] = share[j] * (e == 1 ? 1 : pow(p[j], e - 1));
    a.scale = at / nest_price(&a, p);
    return a;
}

typedef struct levels_quota {
    size_t flows[LR * LS], count; /* [n, i, s] */
    double level, in, over;       /* in base prices; rates */
    dr_rent rent;
} levels_quota;

/* What is done; NULL: nothing. Factors multiply what the base has. */
typedef struct levels_policy {
    const double *tariff;       /* [n, i, s] */
    const double *productivity; /* [n, s] */
    const double *labour;       /* [n, s] */
    const double *taste;        /* [n, s] */
    const double *transfer;     /* [n] */
    const levels_quota *quotas;
    size_t quota_count;
    bool income_share;
} levels_policy;

typedef struct levels {
    const synthetic *y;
    slow_model m;
    levels_policy policy;
    size_t r, s;
    double wage0[LR], cost0[LR][LS], price0[LR][LS], all_labour; /* the base; world labour income */
    double labour[LR][LS], deficit0[LR], earned0[LR], real0[LR];
    double tech[LR][LS];
    nest unit[LR][LS], bundle[LR][LS], final[LR], source[LR][LS];
    double tariff[LR][LR][LS], premium[LR][LR][LS];
    size_t quota_of[LR][LR][LS]; /* from 1 */
    int regime[LQ];              /* 0 below, 1 at the quota, 2 beyond it */
    double mu[LQ], volume[LQ];
    double wage[LR][LS], cost[LR][LS], price[LR][LS], want[LR][LS], made[LR][LS], user[LR][LS][LR];
    double income[LR], revenue[LR], rents[LR], deficit[LR], real[LR], excess;
} levels;

/* ---- The base ---------------------------------------------------------------------------------------------------- */

static inline void levels_nests(levels *l, const slow_work *w, size_t n, size_t k)
{
    const synthetic *y = l->y;
    double inputs = slow_inputs(y, n, k), output = w->output[n * l->s + k], part[LR], p[LR];
    double of_cost[2] = {1 - inputs / output, inputs / output}, at[2] = {l->wage0[n], 1};
    for (size_t j = 0; j < l->s; j++)
        part[j] = y->input[(n * l->s + j) * l->s + k] / inputs;
    l->bundle[n][k] = nest_new(part, l->price0[n], l->s, l->m.rho, 1);
    l->unit[n][k] = nest_new(of_cost, at, 2, l->m.eta, l->cost0[n][k]);
    for (size_t i = 0; i < l->r; i++) {
        size_t f = (n * l->r + i) * l->s + k;
        part[i] = w->share[f];
        p[i] = l->cost0[i][k] * (1 + y->tariff[f]);
    }
    l->source[n][k] = nest_new(part, p, l->r, 1 + l->m.theta, l->price0[n][k]);
    l->labour[n][k] = (output - inputs) / l->wage0[n];
    l->all_labour += output - inputs;
    l->earned0[n] += output - inputs;
}

static inline void levels_final(levels *l, const slow_work *w, size_t n)
{
    double part[LR], sum = 0;
    for (size_t k = 0; k < l->s; k++) {
        part[k] = l->y->final[n * l->s + k] * (l->policy.taste ? l->policy.taste[n * l->s + k] : 1);
        sum += part[k];
    }
    for (size_t k = 0; k < l->s; k++)
        part[k] /= sum;
    l->final[n] = nest_new(part, l->price0[n], l->s, l->m.phi, 1);
    l->real0[n] = w->income[n];
    l->deficit0[n] = w->deficit[n];
    l->earned0[n] = w->income[n] - w->deficit[n];
}

static inline void levels_begin(levels *l, unsigned long long seed)
{
    slow_work w = slow_base(l->y, l->m);
    l->r = l->y->r;
    l->s = l->y->s;
    for (size_t n = 0; n < l->r; n++) {
        l->wage0[n] = 0.5 + synthetic_random(&seed);
        for (size_t k = 0; k < l->s; k++) {
            l->cost0[n][k] = 0.5 + 3 * synthetic_random(&seed);
            l->price0[n][k] = 0.5 + 2 * synthetic_random(&seed);
        }
    }
    for (size_t n = 0; n < l->r; n++) {
        for (size_t k = 0; k < l->s; k++)
            levels_nests(l, &w, n, k);
        levels_final(l, &w, n);
        for (size_t k = 0; k < l->s; k++) {
            const levels_policy *p = &l->policy;
            l->tech[n][k] = p->productivity ? p->productivity[n * l->s + k] : 1;
            l->labour[n][k] *= p->labour ? p->labour[n * l->s + k] : 1;
            l->wage[n][k] = l->wage0[n];
            l->price[n][k] = l->price0[n][k];
            l->want[n][k] = w.spending[n * l->s + k] / l->price0[n][k];
            for (size_t i = 0; i < l->r; i++)
                l->tariff[n][i][k] = (p->tariff ? p->tariff : l->y->tariff)[(n * l->r + i) * l->s + k];
        }
    }
    double *arrays[] = {w.share,   w.spending, w.output, w.income,    w.labour,
                        w.deficit, w.cost,     w.bundle, w.new_share, w.unit};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

/* ---- One regime -------------------------------------------------------------------------------------------------- */

static inline void levels_prices(levels *l)
{
    for (double moved = 1; moved > 1e-14;) {
        moved = 0;
        for (size_t n = 0; n < l->r; n++)
            for (size_t k = 0; k < l->s; k++) {
                double of[2] = {l->wage[n][k], nest_price(&l->bundle[n][k], l->price[n])};
                l->cost[n][k] = nest_price(&l->unit[n][k], of) / l->tech[n][k];
            }
        for (size_t n = 0; n < l->r; n++)
            for (size_t k = 0; k < l->s; k++) {
                for (size_t i = 0; i < l->r; i++)
                    l->user[n][k][i] = l->cost[i][k] * l->premium[n][i][k] * (1 + l->tariff[n][i][k]);
                double price = nest_price(&l->source[n][k], l->user[n][k]);
                moved = fmax(moved, slow_relative(price, l->price[n][k]));
                l->price[n][k] = price;
            }
    }
}

/* The mean wage, what a unit of labour earns, and what there is of it in sector k. */
static inline double levels_labour(const levels *l, size_t n, size_t k, double *mean, double *all)
{
    double sum = 0;
    *all = 0;
    for (size_t j = 0; j < l->s; j++) {
        *all += l->labour[n][j];
        sum += l->labour[n][j] * (isinf(l->m.psi) ? l->wage[n][0] : pow(l->wage[n][j], 1 + l->m.psi));
    }
    *mean = isinf(l->m.psi) ? l->wage[n][0] : pow(sum / *all, 1 / (1 + l->m.psi));
    return isinf(l->m.psi) ? NAN : l->labour[n][k] * pow(l->wage[n][k] / *mean, l->m.psi);
}

/* One flow: what is made for it, and who gets what of the money. */
static inline void levels_flow(levels *l, size_t n, size_t i, size_t k)
{
    double quantity = l->want[n][k] * nest_use(&l->source[n][k], l->user[n][k], i), cost = l->cost[i][k];
    double paid = l->user[n][k][i] * quantity, rent = 0;
    size_t q = l->quota_of[n][i][k];
    double border = cost * quantity;
    l->made[i][k] += quantity;
    if (q > 0) {
        const levels_quota *quota = &l->policy.quotas[q - 1];
        double licensed = l->regime[q - 1] == 2 ? quantity * quota->level / l->volume[q - 1] : quantity;
        rent = (l->mu[q - 1] - 1) * cost * licensed;
        if (quota->rent == DR_RENT_IMPORTER)
            rent *= 1 + quota->in;
        else
            border += rent;
        if (quota->rent == DR_RENT_LOST)
            l->made[i][k] += rent / cost;
        else
            l->rents[quota->rent == DR_RENT_EXPORTER ? i : n] += rent;
        rent = quota->rent == DR_RENT_IMPORTER ? rent : 0;
    }
    l->revenue[n] += paid - border - rent;
}

/* The volumes that come under each quota, in base prices. */
static inline void levels_volumes(levels *l)
{
    for (size_t q = 0; q < l->policy.quota_count; q++) {
        l->volume[q] = 0;
        for (size_t j = 0; j < l->policy.quotas[q].count; j++) {
            size_t f = l->policy.quotas[q].flows[j], n = f / l->s / l->r, i = f / l->s % l->r, k = f % l->s;
            l->volume[q] += l->cost0[i][k] * l->want[n][k] * nest_use(&l->source[n][k], l->user[n][k], i);
        }
    }
}

static inline void levels_incomes(levels *l)
{
    double taken = 0, given = 0, mean, all;
    for (size_t n = 0; n < l->r; n++) {
        levels_labour(l, n, 0, &mean, &all);
        l->income[n] = mean * all + l->revenue[n] + l->rents[n];
        l->deficit[n] = l->deficit0[n] * (l->policy.income_share ? l->income[n] / l->earned0[n] : 1);
        taken += fmax(0, l->deficit[n]);
        given += fmax(0, -l->deficit[n]);
    }
    for (size_t n = 0; n < l->r; n++) {
        if (l->policy.income_share && l->deficit[n] < 0)
            l->deficit[n] *= taken / given;
        l->deficit[n] += l->policy.transfer ? l->policy.transfer[n] : 0;
        l->income[n] += l->deficit[n];
        l->real[n] = l->income[n] / nest_price(&l->final[n], l->price[n]);
    }
}

static inline void levels_quantities(levels *l)
{
    for (double moved = 1; moved > 1e-14;) {
        moved = 0;
        memset(l->made, 0, sizeof l->made);
        memset(l->revenue, 0, sizeof l->revenue);
        memset(l->rents, 0, sizeof l->rents);
        levels_volumes(l);
        for (size_t n = 0; n < l->r; n++)
            for (size_t i = 0; i < l->r; i++)
                for (size_t k = 0; k < l->s; k++)
                    levels_flow(l, n, i, k);
        levels_incomes(l);
        for (size_t n = 0; n < l->r; n++)
            for (size_t k = 0; k < l->s; k++) {
                double want = l->real[n] * nest_use(&l->final[n], l->price[n], k);
                for (size_t u = 0; u < l->s; u++) {
                    double of[2] = {l->wage[n][u], nest_price(&l->bundle[n][u], l->price[n])};
                    want += nest_use(&l->bundle[n][u], l->price[n], k) * nest_use(&l->unit[n][u], of, 1) *
                            l->made[n][u] / l->tech[n][u];
                }
                moved = fmax(moved, slow_relative(want, l->want[n][k]));
                l->want[n][k] = want;
            }
    }
}

static inline void levels_wages(levels *l)
{
    double step = 1 / (1 + l->m.theta), paid = 0;
    for (size_t n = 0; n < l->r; n++) {
        double mean, all, used = 0, scarce[LS];
        for (size_t k = 0; k < l->s; k++) {
            double of[2] = {l->wage[n][k], nest_price(&l->bundle[n][k], l->price[n])};
            double wanted = nest_use(&l->unit[n][k], of, 0) * l->made[n][k] / l->tech[n][k];
            used += wanted;
            scarce[k] = wanted / levels_labour(l, n, k, &mean, &all) - 1;
        }
        for (size_t k = 0; k < l->s; k++) {
            double over = isinf(l->m.psi) ? used / all - 1 : scarce[k];
            l->excess = fmax(l->excess, fabs(over));
            l->wage[n][k] *= 1 + step * over;
        }
        levels_labour(l, n, 0, &mean, &all);
        paid += mean * all;
    }
    for (size_t n = 0; n < l->r; n++)
        for (size_t k = 0; k < l->s; k++)
            l->wage[n][k] *= l->all_labour / paid;
}

/* Solves in the regimes that are set. */
static inline void levels_regime(levels *l)
{
    for (l->excess = 1; l->excess > 1e-13;) {
        for (size_t f = 0; f < l->r * l->r * l->s; f++) {
            size_t n = f / l->s / l->r, i = f / l->s % l->r, k = f % l->s, q = l->quota_of[n][i][k];
            l->premium[n][i][k] = q ? l->mu[q - 1] : 1;
        }
        l->excess = 0;
        levels_prices(l);
        levels_quantities(l);
        levels_wages(l);
        for (size_t q = 0; q < l->policy.quota_count; q++) {
            double over = log(l->volume[q] / l->policy.quotas[q].level);
            if (l->regime[q] != 1)
                continue;
            l->mu[q] *= exp(over / (1 + l->m.theta));
            l->excess = fmax(l->excess, fabs(over));
        }
    }
}

/* ---- All regimes ------------------------------------------------------------------------------------------------- */

static inline double levels_most(const levels_quota *q)
{
    return (1 + q->over) / (1 + q->in);
}

/* Whether what was found in a regime is consistent with it. */
static inline bool levels_holds(const levels *l)
{
    const double slack = 1e-11;
    bool holds = true;
    for (size_t q = 0; q < l->policy.quota_count; q++) {
        const levels_quota *of = &l->policy.quotas[q];
        holds &= l->regime[q] != 0 || l->volume[q] <= of->level;
        holds &= l->regime[q] != 1 || (l->mu[q] >= 1 - slack && l->mu[q] <= levels_most(of) + slack);
        holds &= l->regime[q] != 2 || l->volume[q] >= of->level;
    }
    return holds;
}

/* Solves; the number of regimes that hold is to be 1, but at the very edge of two. */
static inline size_t levels_solve(levels *out, const synthetic *y, slow_model m, levels_policy policy,
                                  unsigned long long seed)
{
    size_t found = 0, tries = policy.quota_count == 0 ? 1 : policy.quota_count == 1 ? 3 : 9;
    levels start = {.y = y, .m = m, .policy = policy};
    levels_begin(&start, seed);
    for (size_t q = 0; q < policy.quota_count; q++)
        for (size_t j = 0; j < policy.quotas[q].count; j++) {
            size_t f = policy.quotas[q].flows[j], n = f / y->s / y->r, i = f / y->s % y->r, k = f % y->s;
            start.quota_of[n][i][k] = q + 1;
            start.tariff[n][i][k] = policy.quotas[q].in;
        }
    for (size_t t = 0; t < tries; t++) {
        levels l = start;
        for (size_t q = 0; q < policy.quota_count; q++) {
            l.regime[q] = (int)(q == 0 ? t % 3 : t / 3);
            l.mu[q] = l.regime[q] == 2 ? levels_most(&policy.quotas[q]) : 1;
        }
        levels_regime(&l);
        if (!levels_holds(&l))
            continue;
        *out = l;
        found++;
    }
    return found;
}

#endif
