/* A small chart in text, to stand below a table. */
#ifndef DR_REPORT_CHART_H
#define DR_REPORT_CHART_H

#include <stdio.h>

#include "base/table.h"

/* One bar a row, from a common zero: how far column `first` reaches is drawn light; as far as column `second`
 * reaches too, full. `second` may be the same column: then all is full. The key is a column of years. */
void dr_chart_write(const dr_table *table, size_t key, size_t first, size_t second, FILE *file);

#endif
