/* The tables of a year's numbers: what each cell is named by, and what its numbers are. */
#ifndef DR_WORLD_CELLS_H
#define DR_WORLD_CELLS_H

#include "world/tables.h"
#include "world/world.h"

enum { DR_MOST_INDICES = 4, DR_MOST_MEASURES = 2 };

/* A cell is named by codes in `columns`; `codes` says of what: 'r' of a region, 's' of a sector, 'u' of a final use.
 * Its numbers are `measures`. Where there are `lists`, the file keeps the cells in that table, a list of numbers for
 * all codes of the last column (icio_rows.h), and `table` is a view, or, in a world of a version before these, the
 * table. */
typedef struct dr_cells {
    const char *table, *lists, *codes;
    dr_family family;
    const char *columns[DR_MOST_INDICES], *measures[DR_MOST_MEASURES];
    int seller, buyer;              /* which columns are a flow's two ends; -1: it is no flow */
    struct {                        /* a year has several items, factors or accounts; NULLs: a year is one table */
        const char *column;         /* says which one a row is of */
        const char *table, *listed; /* the table and column that list those of a year */
    } item;
} dr_cells;

extern const dr_cells dr_cells_all[]; /* the last has no table */

/* The cells of a table or of one that keeps them as lists; NULL: it is none of them. */
const dr_cells *dr_cells_find(const char *table);

/* Whether a world of that version keeps the cells as lists, and the table where they are. */
bool dr_cells_in_lists(const dr_cells *cells, int version);
const char *dr_cells_stored(const dr_cells *cells, int version);

/* Whether the cells are of a world's table, an inter-country or a long one; accounts and tariffs stand beside it. */
bool dr_cells_of_table(const dr_cells *cells, bool is_long);

/* How many codes there are for the column. */
size_t dr_cells_limit(const dr_cells *cells, size_t column, const dr_layout *layout);

/* "DEU, TEQ, CHN, MAC": the codes of a cell, into `text`, which is returned. */
const char *dr_cells_name(char text[256], const dr_cells *cells, const dr_layout *layout, const size_t *index);

#endif
