/* Cut-offs in sentences. */
#ifndef DR_RESULT_CUT_SUMMARY_H
#define DR_RESULT_CUT_SUMMARY_H

#include "base/error.h"

/* The table of dr_exposure_cuts, or that of its bands, in sentences (about, says); its answer moves there. Errors:
 * DR_MACHINE. Free with dr_table_free. */
dr_status dr_cut_summary(dr_table **out, const dr_economy *economy, dr_table *cuts, const char *of);

#endif
