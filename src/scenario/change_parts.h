/* What the files that apply changes to a scenario share. */
#ifndef DR_SCENARIO_CHANGE_PARTS_H
#define DR_SCENARIO_CHANGE_PARTS_H

#include <stdio.h>

#include "scenario/scenario.h"

/* The flow [n, i, s] in words. */
#define DR_FLOW_FORMAT "the flow of %s from %s to %s"
#define DR_FLOW_NAMES(e, n, i, s) dr_economy_sector(e, s), (e)->region_codes.names[i], (e)->region_codes.names[n]

/* Adds a change to what the scenario is headed by: as on the command line, "tariff EU:CHN:all:25%". */
void dr_scenario_tell(dr_scenario *scenario, const dr_change *change);

/* Writes the names that are marked, "key: [A, B], ", in quotes where they need them. */
void dr_write_mask(FILE *file, const char *key, const bool *mask, const dr_names *names);

/* Adds a product flow to the limit of all those whose exporter levies a tax of this factor. Errors: DR_MACHINE. */
dr_status dr_scenario_tax_product(dr_scenario *scenario, double factor, size_t flow, unsigned row);

/* Removes the limits that stand for taxes of exporters, which are the last. */
void dr_scenario_drop_tax_limits(dr_scenario *scenario);

#endif
