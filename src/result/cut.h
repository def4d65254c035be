/* Cut-offs: in parts, for several machines; and in sentences. */
#ifndef DR_RESULT_CUT_H
#define DR_RESULT_CUT_H

#include "base/error.h"

/* One of `parts` parts of the cut-offs of dr_exposure_cuts, with `options` that are whole, as the file `path`, which is
 * left alone where it is there already (*there); dr_draw_combine makes the table of all. `part` counts from 1. Errors:
 * those of dr_exposure_cuts and dr_part_task_begin. */
dr_status dr_cut_part(bool *there, const char *path, const dr_model *model, const char *of,
                      const dr_cut_options *options, size_t part, size_t parts);

/* The table of dr_exposure_cuts, or that of its bands, in sentences (about, says); its answer moves there. Errors:
 * DR_MACHINE. Free with dr_table_free. */
dr_status dr_cut_summary(dr_table **out, const dr_economy *economy, dr_table *cuts, const char *of);

#endif
