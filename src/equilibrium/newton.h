/* Newton's method on the equations (equations.h), where sweeps do not converge: KINSOL's, with its line search, the
 * products of tangent.h in GMRES, and the preconditioner of precondition.h. Volume limits make it semismooth: their
 * equation is the larger of two. */
#ifndef DR_EQUILIBRIUM_NEWTON_H
#define DR_EQUILIBRIUM_NEWTON_H

#include "equilibrium/sweep.h"

typedef struct dr_newton dr_newton;

/* Takes all memory, for the sweep, which must outlive it. In all it makes no more than `most_products` products with
 * the Jacobian. */
dr_status dr_newton_new(dr_newton **out, dr_sweep *sweep, int most_products);
void dr_newton_free(dr_newton *newton);

/* From the sweep's x, under the part of the scenario that is loaded; true if the largest residual of an equation is
 * within tolerance in the end. Then x, and the sweep's values, are those of the solution. Else x is what it was. */
bool dr_newton_solve(dr_newton *newton);

/* Steps and products so far. */
long dr_newton_steps(const dr_newton *newton);
long dr_newton_products(const dr_newton *newton);

#endif
