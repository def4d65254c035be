/* An optimum to the last digits. */
#ifndef DR_WASM_POLISH_H
#define DR_WASM_POLISH_H

#include "plan/optimum_search.h"

/* Near an optimum z [variable] of the search, within its bounds: solves the first-order conditions, of the derivatives
 * alone, for the variables that no bound holds and the multipliers of the constraints that bind, by Powell's hybrid
 * method. The objective has larger rounding errors than its derivatives, so that no line search comes as near. z stays
 * where that leads to no optimum. Errors: none. */
void wasm_polish(dr_search *s, double *z);

#endif
