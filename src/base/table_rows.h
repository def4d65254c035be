/* Which rows of a table matter, in which order, and tables that keep some of their rows. */
#ifndef DR_BASE_TABLE_ROWS_H
#define DR_BASE_TABLE_ROWS_H

#include "base/table.h"

typedef struct dr_row_list {
    size_t *rows;
    size_t count;
} dr_row_list;

/* At most `most` rows as people read them: single items by the absolute size in the column of dr_table_rank, then
 * groups, a quarter of the rows at most unless there is room, then totals; without such a column in the table's order.
 * Errors: DR_MACHINE. Free out->rows. */
dr_status dr_table_order(dr_row_list *out, const dr_table *table, size_t most);

#endif
