/* Flows that a scenario changes and that differ from customs statistics. */
#include "measure/customs.h"

#include <stdlib.h>

#include "base/check.h"
#include "scenario/scenario.h"

dr_status dr_note_scenario(dr_table *table, dr_world *world, const dr_scenario *scenario)
{
    DR_TRY(DR_GIVEN(table, world, scenario));
    const dr_economy *e = scenario->economy;
    size_t flows = e->regions * e->regions * e->sectors;
    if (!world->has[DR_OF_PRODUCTS])
        return DR_OK;
    bool *marked = dr_new(flows, sizeof *marked);
    if (!marked)
        return dr_fail_memory();
    for (size_t f = 0; f < flows; f++)
        marked[f] = scenario->change[f] != 0;
    dr_status status = dr_customs_note(table, world, e, e->flow, marked, "flows that the scenario changes and that");
    free(marked);
    return status;
}
