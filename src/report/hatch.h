/* Hatching as lines: patterns of gnuplot's SVG become bitmaps where a browser prints them. */
#ifndef DR_REPORT_HATCH_H
#define DR_REPORT_HATCH_H

#include <stddef.h>
#include <stdio.h>

typedef struct dr_point {
    double x, y;
} dr_point;

/* Writes the lines x + y = k * step within a polygon of `count` points as data of gnuplot: two points for each piece of
 * a line, an empty line after it. `crossings` has room for `count` numbers. */
void dr_hatch_write(FILE *file, const dr_point *points, size_t count, double step, double *crossings);

#endif
