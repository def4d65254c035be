/* One change as a line of text, as the command line has it. */
#ifndef DR_SCENARIO_CHANGE_LINE_H
#define DR_SCENARIO_CHANGE_LINE_H

#include "scenario/scenario.h"

/* As dr_scenario_change, of an instrument that there is; where `key` is not NULL and the change has it, it gets this
 * value, and *taken becomes true. */
dr_status dr_change_line(dr_scenario *scenario, const char *instrument, const char *text, const char *key,
                         const char *value, bool *taken);

#endif
