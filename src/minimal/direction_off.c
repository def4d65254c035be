/* Turning demand from one use to another needs the uses of a table in a world file, which this build does not read. */
#include "scenario/direction.h"

dr_status dr_scenario_turn(dr_scenario *scenario, const dr_change *change)
{
    (void)scenario;
    (void)change;
    return dr_fail(DR_USAGE, "this build of derisk has no changes of direction; expected a change of demand");
}
