/* Trade elasticities estimated from tariffs, sector by sector. */
#ifndef DR_ESTIMATE_ELASTICITIES_H
#define DR_ESTIMATE_ELASTICITIES_H

#include "base/table.h"
#include "estimate/gravity.h"

/* A table of elasticities without rows; `method` and `flows` are for people. */
dr_status dr_elasticities_table(dr_table **out, const char *method, const char *flows, bool with_tariff);

/* Adds a sector: its coefficient on the logarithm of 1 + tariff, with its error. */
void dr_elasticities_add(dr_table *table, const char *sector, double coefficient, double error, double freedom,
                         double observations, bool with_tariff);

#endif
