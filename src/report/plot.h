/* Pictures of tables, drawn by gnuplot, the plotting program. */
#ifndef DR_REPORT_PLOT_H
#define DR_REPORT_PLOT_H

#include "report/sheet.h"

enum { DR_MOST_SERIES = 6, DR_MOST_MORE = 3 };

typedef enum dr_plot_kind {
    DR_PLOT_BARS,   /* one beside each text of the key column, from top to bottom */
    DR_PLOT_LINES,  /* over the years in the key column */
    DR_PLOT_POINTS, /* over the numbers in the key column, with a line from `low` to `high` */
    DR_PLOT_CURVES  /* each text of the key column a curve of the second series over the first; one row alone a point */
} dr_plot_kind;

/* A picture of some columns of a table; its title, unit and source line are the table's. */
typedef struct dr_plot {
    const dr_table *table;
    dr_plot_kind kind;
    const char *what;          /* is drawn, such as "balance" */
    const char *unit;          /* of numbers that are no shares or percentages; NULL: the table's */
    size_t key;                /* column */
    size_t more[DR_MOST_MORE]; /* bars: columns whose texts follow; 0: none */
    size_t rows;               /* the first so many of the table; 0: all */
    size_t most;               /* bars that are ranked: rows besides groups; 0: 20 */
    bool ranked;               /* bars: only the largest by the first series, from the highest down */
    bool foreign;              /* bars: no rows with the same text in the first two columns of the name */
    size_t series;             /* 1 to DR_MOST_SERIES */
    size_t columns[DR_MOST_SERIES];
    const char *labels[DR_MOST_SERIES]; /* of the series, "": none; of curves the axes */
    size_t less;                        /* a column that is taken off the numbers of the first series; 0: none */
    size_t low, high;                   /* points, bars of one series: columns of the interval; 0: none */
    size_t money;                       /* bars of one series: a column of sums beside the numbers; 0: none */
    const char *const *places; /* bars: [row] the countries of a region with '|' between, as of a map; NULL: unknown */
} dr_plot;

/* Draws the picture as SVG or to a file. Bars leave out totals, and have groups below single items, in grey. Errors: as
 * dr_plot_write. */
dr_status dr_plot_draw(const dr_plot *plot, dr_sheet_to to);

/* Writes the picture, whole or not at all. Errors: DR_USAGE (dr_sheet_check), DR_BAD_INPUT (no such folder),
 * DR_MACHINE (no gnuplot there, cannot write). */
dr_status dr_plot_write(const dr_plot *plot, const char *path);

#endif
