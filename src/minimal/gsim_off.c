/* Partial equilibrium needs LAPACK. */
#include "partial/gsim.h"

dr_status dr_gsim_new(dr_gsim *gsim, size_t regions)
{
    (void)regions;
    *gsim = (dr_gsim){0};
    return dr_fail(DR_USAGE, "this build of derisk has no partial equilibrium; expected the general one");
}

void dr_gsim_free(dr_gsim *gsim)
{
    (void)gsim;
}

dr_status dr_gsim_solve(dr_gsim *gsim)
{
    (void)gsim;
    return DR_OK;
}
