/* From the table as published to data that the model can be calibrated to. */
#ifndef DR_MODEL_PREPARE_H
#define DR_MODEL_PREPARE_H

#include "model/model.h"

/* Fills base.flow, base.tariff, base.input, base.final, base.output, base.value_added, base.factor_share and
 * base.deficit from the economy, step by step as docs/model.md lists ("Preparation"), with a note on whatever was
 * changed. Errors: DR_MACHINE. */
dr_status dr_prepare(dr_model *model);

#endif
