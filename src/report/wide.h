/* Long tables as wide ones, whose columns can be drawn side by side. */
#ifndef DR_REPORT_WIDE_H
#define DR_REPORT_WIDE_H

#include "base/table.h"

/* A row for each run of the same number in the column `key` of a long table, with `value` in the column 1 + k where
 * the text in the column `name` is names[k]; NAN where there is none. Title and texts among the facts are kept, no
 * unit. */
dr_status dr_wide_table(dr_table **out, const dr_table *table, size_t key, size_t name, size_t value,
                        const char *const *names, size_t count);

#endif
