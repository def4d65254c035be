/* The supply of labour, the use of revenue and overhead, backwards: the transpose of equilibrium/sweep_labour.c. */
#ifndef DR_DERIVATIVE_ADJOINT_LABOUR_H
#define DR_DERIVATIVE_ADJOINT_LABOUR_H

#include "derivative/adjoint.h"

/* From the derivatives with respect to labour and to prices after it, to those with respect to what labour and prices
 * follow: delivered costs (into `price`), mean wages, revenue, and what factors earn. */
void dr_adjoint_back_labour(dr_adjoint *a, const dr_seed *seed);

/* Adds what prices owe to spending to the derivative with respect to it. */
void dr_adjoint_back_market(dr_adjoint *a);

#endif
