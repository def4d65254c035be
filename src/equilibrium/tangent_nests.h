/* The derivative of the nests (sweep_nests.h). */
#ifndef DR_EQUILIBRIUM_TANGENT_NESTS_H
#define DR_EQUILIBRIUM_TANGENT_NESTS_H

#include "equilibrium/tangent.h"

/* The shares that the nests have at y. */
void dr_tangent_nests_at(dr_tangent *t);

/* From the changes of prices, output, wages and incomes to those of unit costs and of demand. */
void dr_tangent_nests(dr_tangent *t);

#endif
