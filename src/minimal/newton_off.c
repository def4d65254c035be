/* Without Newton's method, a scenario in which sweeps do not converge has no solution. */
#include <stddef.h>

#include "equilibrium/newton.h"

dr_status dr_newton_new(dr_newton **out, dr_sweep *sweep, int most_products)
{
    (void)sweep;
    (void)most_products;
    *out = NULL;
    return DR_OK;
}

void dr_newton_free(dr_newton *newton)
{
    (void)newton;
}

bool dr_newton_solve(dr_newton *newton)
{
    (void)newton;
    return false;
}

long dr_newton_steps(const dr_newton *newton)
{
    (void)newton;
    return 0;
}

long dr_newton_products(const dr_newton *newton)
{
    (void)newton;
    return 0;
}
