/* An equilibrium as the base of a model. */
#ifndef DR_EQUILIBRIUM_REBASE_H
#define DR_EQUILIBRIUM_REBASE_H

#include "equilibrium/solution.h"

/* The share of input k in the unit cost of sector s of region n in a solution, given the price of its bundle of inputs
 * (model/prices.h): a (P / bundle)^(1 - rho) (bundle / c)^(1 - eta). */
double dr_input_share(const dr_solution *solution, size_t n, size_t k, size_t s, double bundle);

/* Makes a solution the base of a model whose arrays are allocated: its flows, tariffs, uses and incomes, at prices that
 * are 1 from then on, and the shares that follow. */
void dr_rebase(dr_model *model, const dr_solution *solution);

#endif
