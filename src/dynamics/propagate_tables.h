/* The run of a shock as tables. */
#ifndef DR_DYNAMICS_PROPAGATE_TABLES_H
#define DR_DYNAMICS_PROPAGATE_TABLES_H

#include "base/table.h"
#include "dynamics/propagate_run.h"

/* By region and group; by step; by sector. Columns: include/derisk.h. Without title and notes; the answer is in the
 * words of propagate_answer.h. Errors: DR_MACHINE. */
dr_status dr_propagation_regions(dr_table **out, const dr_propagation *run);
dr_status dr_propagation_path(dr_table **out, const dr_propagation *run);
dr_status dr_propagation_sectors(dr_table **out, const dr_propagation *run);

/* By region for draws of inventories and times (docs/propagate.md), to be read with the table of the run itself, which
 * *out is: numbers have bands, and the answer a sentence on them. Errors: DR_BAD_INPUT (nothing to draw),
 * DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_propagation_bands(dr_table **out, const dr_propagation *run, const dr_propagate_options *options);

#endif
