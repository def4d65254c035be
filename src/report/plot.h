/* Pictures of tables, drawn by gnuplot, the plotting program. */
#ifndef DR_REPORT_PLOT_H
#define DR_REPORT_PLOT_H

#include "base/table.h"

enum { DR_MOST_SERIES = 6 };

typedef enum dr_plot_kind {
    DR_PLOT_LINES,  /* over the years in the key column */
    DR_PLOT_BARS,   /* one beside each text of the key column, from top to bottom */
    DR_PLOT_POINTS, /* over the numbers in the key column, with a line from `low` to `high` */
    DR_PLOT_CURVES  /* each text of the key column a curve of the second series over the first; one row alone a point */
} dr_plot_kind;

/* A picture of some columns of a table; its title, unit and source line are the table's. */
typedef struct dr_plot {
    const dr_table *table;
    dr_plot_kind kind;
    const char *what; /* is drawn, such as "balance" */
    size_t key;       /* column */
    size_t key_more;  /* bars: a column whose text follows; 0: none */
    size_t rows;      /* the first so many of the table */
    bool ranked;      /* bars: only the largest by the first series, in order */
    size_t series;    /* 1 to DR_MOST_SERIES */
    size_t columns[DR_MOST_SERIES];
    const char *labels[DR_MOST_SERIES]; /* of the series; of curves the axes */
    size_t low, high;                   /* points: columns */
} dr_plot;

/* Writes the picture, whole or not at all. Errors: DR_USAGE (dr_sheet_check), DR_BAD_INPUT (no such folder),
 * DR_MACHINE (no gnuplot there, cannot write). */
dr_status dr_plot_write(const dr_plot *plot, const char *path);

#endif
