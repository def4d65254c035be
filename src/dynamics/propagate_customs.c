#include "dynamics/propagate_customs.h"

#include <stdlib.h>

#include "measure/customs.h"

static void mark_stops(bool *marked, const dr_economy *e, const dr_shock *shock)
{
    for (size_t stop = 0; stop < shock->count; stop++)
        for (size_t n = 0; n < e->regions; n++)
            for (size_t i = 0; i < e->regions; i++)
                for (size_t s = 0; s < e->sectors && dr_stop_is_about(&shock->stops[stop], i, n); s++)
                    if (shock->stops[stop].sectors[s])
                        marked[(n * e->regions + i) * e->sectors + s] = true;
}

dr_status dr_propagate_note_customs(dr_table *out, const dr_world *world, const dr_economy *names, const double *flow,
                                    const dr_shock *shock)
{
    bool *marked = dr_new(names->regions * names->regions * names->sectors, sizeof *marked);
    if (!marked)
        return dr_fail_memory();
    mark_stops(marked, names, shock);
    dr_status status = dr_customs_note(out, world, names, flow, marked, "flows that stop and that");
    free(marked);
    return status;
}
