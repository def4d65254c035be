/* Which rows of a table matter, in which order; cells by name; and tables that keep some of their rows. */
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

/* Leaves these rows alone, in this order. Errors: DR_MACHINE. */
dr_status dr_table_choose(dr_table *table, const dr_row_list *list);

/* An empty table with the title, unit, columns and names of another. Errors: DR_MACHINE. Free with dr_table_free. */
dr_status dr_table_alike(dr_table **out, const dr_table *of);

/* Adds the rows of `of` to *all, and those of its facts and notes that are not there. Texts that differ become
 * "several"; of numbers the largest is kept. Errors: DR_BAD_INPUT (other columns), DR_MACHINE. */
dr_status dr_table_join(dr_table *all, const dr_table *of);

/* Cells by the name of their column: NAN or "" where there is none. */
double dr_table_at(const dr_table *table, size_t row, const char *column);
const char *dr_table_text_at(const dr_table *table, size_t row, const char *column);

/* The last total; the single item with the largest `sign` times the number in a column, but for the row `but`.
 * DR_NO_ROW where there is none. */
#define DR_NO_ROW ((size_t)-1)
size_t dr_table_total(const dr_table *table);
size_t dr_table_largest(const dr_table *table, const char *column, double sign, size_t but);

#endif
