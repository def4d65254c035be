/* A picture of a table that is being drawn: what the kinds of pictures share. A part of plot.c. */
#ifndef DR_REPORT_SKETCH_H
#define DR_REPORT_SKETCH_H

#include "base/money.h"
#include "report/plot.h"
#include "report/sheet.h"

typedef struct dr_sketch {
    const dr_plot *plot;
    dr_sheet sheet;
    size_t *rows, row_count; /* of the table, in the order in which they are drawn: groups after single items */
    double scale;            /* of the numbers of the table */
    char unit[DR_MONEY_SIZE];
} dr_sketch;

/* A number of a series in the unit of the picture. */
double dr_sketch_number(const dr_sketch *s, size_t series, size_t row);

/* The position among the rows drawn of the first group after single items; row_count: there is none. */
size_t dr_sketch_first_group(const dr_sketch *s);

/* Bars, from top to bottom: names beside them and, for a single series, numbers at their ends. */
void dr_sketch_bars(const dr_sketch *s);

#endif
