/* The terms of the change of real income of a region, to first and to second order (docs/model.md, "Welfare
 * explained"). They come from the solution's flows, costs, wages and incomes, and from the barriers that the scenario
 * puts in the way of flows; none comes from the exact welfare that they are compared with. */
#ifndef DR_RESULT_WELFARE_TERMS_H
#define DR_RESULT_WELFARE_TERMS_H

#include "equilibrium/solution.h"

enum {
    DR_TERM_WELFARE, /* exact */
    DR_TERM_TERMS_OF_TRADE,
    DR_TERM_VOLUME_OF_TRADE,
    DR_TERM_TECHNICAL,    /* resources used up by higher trade costs */
    DR_TERM_REALLOCATION, /* of factors between sectors, and into unemployment where wages are rigid */
    DR_TERM_RENTS,        /* of export curbs and quotas */
    DR_TERM_TRANSFERS,    /* of the trade deficit */
    DR_TERM_FIRST_ORDER,  /* the sum of the six terms before it */
    DR_TERM_SECOND_ORDER,
    DR_TERM_RESIDUAL, /* exact less second order */
    DR_TERMS
};

/* Purchases of n of sector s from i, in the base [0] and in the new equilibrium [1]; logs are of changes. */
typedef struct dr_trade {
    double gross[2];     /* paid by users, with tariff */
    double value[2];     /* at the border, without tariff */
    double earned[2];    /* by producers */
    double log_cost;     /* of unit cost */
    double log_used;     /* of trade cost: what is used up on the way */
    double log_rent;     /* of the exporter's rent in the price at the border */
    double log_quantity; /* of the quantity that is sent */
    bool stopped;
} dr_trade;

dr_trade dr_trade_of(const dr_solution *solution, size_t n, size_t i, size_t s);

/* The logarithmic mean (a - b) / ln(a / b) of two values as shares of base and new income, a = values[1] / income[1], b
 * = values[0] / income[0]. As a weight it makes a logarithmic change right to second order, and exact where shares
 * follow a power law (Sato 1976; Vartia 1976). */
double dr_log_mean_share(const double values[2], const double income[2]);

/* Adds the second-order terms of an import, and of an export, of a region to `terms` [DR_TERMS]; `income`: its base and
 * new income. */
void dr_add_import(const dr_trade *t, double theta, const double income[2], double *terms);
void dr_add_export(const dr_trade *t, const double income[2], double *terms);

/* The gain of region n from its productivity in sector s: ln of it times sales as a share of income (Hulten 1978);
 * `income` NULL: at base shares. */
double dr_productivity_gain(const dr_solution *solution, size_t n, size_t s, const double *income);

/* Factors that move between sectors, or are idle: the sum over factors and sectors of L' - L, at the mean of base and
 * new wage. */
double dr_reallocation(const dr_solution *solution, size_t n, const double income[2]);

/* The change of the deficit, at the mean of base and new income. */
double dr_transfers(const dr_solution *solution, size_t n, const double income[2]);

/* The log change of real income of region n to second order: all terms with logarithmic-mean weights. */
double dr_second_order(const dr_solution *solution, size_t n);

/* All terms of region n, `figures` [DR_TERMS], in percent of base income; the single terms are to first order. */
void dr_welfare_terms(const dr_solution *solution, size_t n, double *figures);

#endif
