/* Numbers as machines and as people read them. */
#ifndef DR_REPORT_NUMBER_H
#define DR_REPORT_NUMBER_H

#include "base/table.h"

enum { DR_NUMBER_SIZE = 400 }; /* the longest double with thousands separators fits */

/* The fewest digits that read back as the same double. Returns text. */
const char *dr_number_exact(char text[DR_NUMBER_SIZE], double number);

/* The decimals that a column with numbers up to `largest` (in absolute value) needs; -1: four significant digits each. */
int dr_number_decimals(dr_show show, double largest);

/* As people read it: percent sign, thousands separators, never a negative zero; "" for NAN. Returns text. */
const char *dr_number_shown(char text[DR_NUMBER_SIZE], dr_show show, int decimals, double number);

#endif
