/* Numbers as people read them; base/print.h writes them for machines. */
#ifndef DR_REPORT_NUMBER_H
#define DR_REPORT_NUMBER_H

#include "base/print.h"
#include "base/table.h"

/* The decimals that a column with numbers up to `largest` (in absolute value) needs; -1: four significant digits
 * each. */
int dr_number_decimals(dr_show show, double largest);

/* As people read it: percent sign, thousands separators, never a negative zero; "" for NAN. Returns text. */
const char *dr_number_shown(char text[DR_NUMBER_SIZE], dr_show show, int decimals, double number);

/* A cell as papers show it: its text, or its number; and whether its column stands right, as numbers and the columns of
 * regressions do. */
const char *dr_cell_shown(char text[DR_NUMBER_SIZE], const dr_table *table, size_t row, size_t column);
bool dr_column_is_right(const dr_table *table, size_t column);

#endif
