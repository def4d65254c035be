/* Maps of tables whose rows are regions, drawn by gnuplot. */
#ifndef DR_REPORT_MAP_H
#define DR_REPORT_MAP_H

#include "report/sheet.h"

/* A map in which each country has the colour of its row; title and source line are the table's. The rows are those of
 * single regions: sums are left out. Countries are lists of ISO 3166 codes with '|' between. */
typedef struct dr_map {
    const dr_table *table;
    const char *what; /* is drawn, such as "share in imports" */
    size_t key;       /* column of regions' codes */
    size_t column;    /* of the numbers: shares, light to dark; or changes in percent, losses red, gains blue */
    const char *const *places; /* [row]: the countries of a region, "" where they are not known */
    const char *own;           /* the countries that the shares are those of; NULL: none */
    const char *own_label;
} dr_map;

/* Draws the picture as SVG or to a file: outlines in Equal Earth from data/map, in steps of 1, 2 and 5. A region of
 * several countries is hatched, and named below; so is the rest of the world, in all countries that are in no other
 * region. Another region whose countries nobody knows stands in the legend, with its number. Errors: as
 * dr_plot_write. */
dr_status dr_map_draw(const dr_map *map, dr_sheet_to to);

/* Writes the picture, whole or not at all. Errors: as dr_plot_write. */
dr_status dr_map_write(const dr_map *map, const char *path);

#endif
