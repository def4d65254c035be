/* The change of real income, exact and to first order. */
#ifndef DR_RESULT_WELFARE_H
#define DR_RESULT_WELFARE_H

#include "equilibrium/solution.h"

/* What a region earns: income in all, tariff revenue, and what labour and all factors earn. */
typedef struct dr_earned {
    double income, revenue, labour, factors;
} dr_earned;

/* Real income before prices, in the base and after: what households buy, less the value of the time they work. */
typedef struct dr_real_income {
    double left[2], effort[2]; /* effort is a part of what `left` leaves out; both are 0 without labour supply */
    double of_worked;          /* effort over what labour earns */
} dr_real_income;

dr_real_income dr_real_income_of(const dr_model *model, size_t region, const dr_earned *earned);
dr_real_income dr_solution_real_income(const dr_solution *solution, size_t region);

/* The exact change of a region's real income in percent, 100 (I' / I / P - 1), P the price index of final demand over
 * base. I is without tariff revenue that is kept, and, where labour follows its real wage with the elasticity k, less
 * the value of the time worked, k / (1 + k) of what labour earns after taxes (Greenwood, Hercowitz & Huffman 1988). */
double dr_solution_welfare(const dr_solution *solution, size_t region);

/* The same as a value at base prices: the equivalent variation. */
double dr_solution_equivalent(const dr_solution *solution, size_t region);

/* The relative change of a flow, new over base less 1: -1 where it stops, 0 where there never was one. */
double dr_solution_flow_change(const dr_solution *solution, size_t flow);

/* The terms of trade and the volume of trade of a region, in percent of its base income: the first-order change of
 * welfare under a change of tariffs (Caliendo & Parro 2015, eq. 18, with relative instead of logarithmic changes, as
 * they compute it):
 *
 *   terms  = sum_{i != n, k} (X[i,n,k] d ln c[n,k] - X[n,i,k] d ln c[i,k]) / I[n]
 *   volume = sum_{i != n, k} tau[n,i,k] X[n,i,k] (d ln X[n,i,k] - d ln c[i,k]) / I[n]
 *
 * with X[n,i,k] what n buys of good k from i, without tariff, and c unit costs. */
void dr_solution_trade_terms(const dr_solution *solution, size_t region, double *terms, double *volume);

/* What the tariffs of the base would raise on the purchases of a region under the solution, beyond the base, at the
 * prices of the base: a value, sum over i, k of tau[n,i,k] (X'[n,i,k] / c[i,k] - X[n,i,k]). The scenario changes
 * tariffs alone, so that X' / c is a volume. */
double dr_solution_base_tariffs(const dr_solution *solution, size_t region);

/* An equilibrium that others are measured from, in place of the base: that under changes which hold in all of them. */
typedef struct dr_reference {
    dr_solution *solution;
    double *wedge; /* [n, i, s] what is paid for a flow beyond what its producers earn, per unit of its base volume */
} dr_reference;

/* Takes ownership of the solution, on failure too. Errors: DR_MACHINE. Free with dr_reference_free. */
dr_status dr_reference_new(dr_reference **out, dr_solution *solution);
void dr_reference_free(dr_reference *reference);

/* 100 times the equivalent variation of a region, a value at the prices of the reference (NULL: of the base). */
double dr_solution_gain(const dr_solution *solution, const dr_reference *reference, size_t region);

/* What the wedges of the reference yield more on the purchases of a region, at its prices: a value, sum over flows of
 * wedge (m' - m), with the volume m of what producers earn at their base prices. NULL: dr_solution_base_tariffs. */
double dr_solution_standing(const dr_solution *solution, const dr_reference *reference, size_t region);

/* What producers earn on a flow. */
double dr_solution_earned(const dr_solution *solution, size_t flow);

#endif
