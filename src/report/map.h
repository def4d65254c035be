/* Maps of tables whose rows are regions, drawn by gnuplot. */
#ifndef DR_REPORT_MAP_H
#define DR_REPORT_MAP_H

#include "base/table.h"

/* A map in which each country has the colour of its row; title and source line are the table's. Countries are lists
 * of ISO 3166 codes with '|' between. */
typedef struct dr_map {
    const dr_table *table;
    const char *what;          /* is drawn, such as "share in imports" */
    size_t key;                /* column of regions' codes */
    size_t column;             /* of the numbers, which are shares */
    size_t rows;               /* the first so many of the table */
    const char *const *places; /* [row]: the countries of a region, "" where they are not known */
    const char *own;           /* the countries that the shares are those of */
    const char *own_label;
} dr_map;

/* Writes the picture, whole or not at all: outlines in Equal Earth from data/map, light to dark in steps of 1, 2 and
 * 5. A region of several countries has one colour, and is named below; a region whose countries nobody knows stands
 * in the legend, with its share. Errors: as dr_plot_write. */
dr_status dr_map_write(const dr_map *map, const char *path);

#endif
