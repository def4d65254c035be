/* The closure of trade balances: deficits D[n], given what regions earn before transfers, earned = factor income +
 * tariff revenue + rents.
 *
 *   fixed          D as in the base, in units of world income, the numeraire
 *   zero           D = 0
 *   income-share   a deficit keeps its base ratio to earned income; surpluses keep theirs up to one common factor,
 *                  which makes all add up */
#ifndef DR_MODEL_CLOSURE_H
#define DR_MODEL_CLOSURE_H

#include "model/model.h"

void dr_closure_deficits(const dr_model *model, const double *earned, double *deficit);

/* What each region receives from others by the transfers of a scenario (NULL: none), less what it gives, in the unit of
 * the world; among several it is divided by base income. It is part of the deficit, but not of what the closure
 * decides. */
void dr_closure_transfers(const dr_model *model, const dr_scenario *scenario, double *received);

/* The transpose of its derivative, at `earned` and the `deficit` there: given the derivatives of a result with respect
 * to earned + deficit, `income` [n], those with respect to `earned` go to `back` [n]. */
void dr_closure_back(const dr_model *model, const double *earned, const double *deficit, const double *income,
                     double *back);

#endif
