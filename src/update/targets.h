/* The sums to which an update brings a table: trade between regions, and what sectors make and buy. */
#ifndef DR_UPDATE_TARGETS_H
#define DR_UPDATE_TARGETS_H

#include "update/gras.h"
#include "update/match.h"
#include "world/world.h"

enum { DR_MARGINS = 3 };

/* An update under way. Rows are [i * S + s]; columns [n * S + u] for sectors, then [R S + n * U + f] for final uses. */
typedef struct dr_update {
    dr_world *world, *flows;
    dr_economy *table, *trade; /* names and years of both */
    dr_match match;
    size_t r, s, u, rows, columns;
    double *cells;      /* [rows, columns]: the table, as it is and then as it becomes */
    double *before;     /* the same as it is */
    double *flow;       /* [region block, sector block, region block]: what is sold in the new year */
    double *added;      /* [region block, sector block]: share of value added in output; NULL: not known */
    double left_out;    /* flows that are not in `flow`: the table has no cells for them */
    double largest_out; /* the largest of them, and its group of the margin of flows */
    size_t largest_group;
    double *make, *buy;             /* targets: output of [rows], inputs of [rows] and NAN for all final uses */
    size_t *groups[2 * DR_MARGINS]; /* rows and columns of each margin */
    dr_margin margins[DR_MARGINS];  /* inputs, output, flows */
} dr_update;

/* Reads the table, the flows and value added. Errors: DR_BAD_INPUT (sectors with negative output or value added above
 * it), DR_MACHINE. */
dr_status dr_targets_read(dr_update *update);

/* "DEU TEQ" and "DEU TEQ to CHN": a block by the first region and sector of the flows in it, and a flow, a group of the
 * margin of flows; into `out`, which is returned. */
enum { DR_TARGET_NAME = 400 }; /* three codes of at most 120 bytes */
const char *dr_target_block(char out[DR_TARGET_NAME], const dr_update *update, size_t block);
const char *dr_target_flow(char out[DR_TARGET_NAME], const dr_update *update, size_t group);

void dr_targets_free(dr_update *update);

#endif
