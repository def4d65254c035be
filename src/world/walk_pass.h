/* A walk under way, for the files that make walks (walk.c, walk_lists.c). */
#ifndef DR_WORLD_WALK_PASS_H
#define DR_WORLD_WALK_PASS_H

#include "base/rows.h"
#include "world/walk.h"

/* A walk under way. */
typedef struct dr_pass {
    dr_walk *walk;
    const dr_cells *cells;
    const dr_layout *layout;
    int version; /* of the world's tables */
    int year;
    size_t limits[DR_MOST_INDICES], measures;
    uint64_t *seen; /* a bit for each cell */
    size_t *place;  /* [row of the chunk]: where the cell is in the table */

    /* Of cells in lists: the codes before the last of the chunk's rows, and the codes and numbers of one list. */
    unsigned *head[DR_MOST_INDICES], *codes;
    double *numbers;
    dr_totals totals[DR_MOST_MEASURES];
} dr_pass;

/* Reads the codes of a column of the chunk. Errors: DR_BAD_INPUT (NULL, beyond their limit). */
dr_status dr_pass_codes(dr_pass *p, const dr_cursor *cursor, size_t column, unsigned *codes);

/* Marks a place, and says whether it was marked before; the failure for one that was, called `name`. */
bool dr_pass_seen(dr_pass *p, size_t place);
dr_status dr_pass_twice(const dr_pass *p, const char *table, const char *name);

/* The failure for a cell of these codes, whose `column` is `what`. */
#define DR_BEYOND "not a finite number of at most 1e30" /* DR_LARGEST */
dr_status dr_pass_fail(const dr_pass *p, const size_t *index, const char *column, const char *what);

/* Takes a chunk of rows that are lists of cells (icio_rows.h). Errors: DR_BAD_INPUT. */
dr_status dr_pass_lists(dr_pass *p, const dr_cursor *cursor);

#endif
