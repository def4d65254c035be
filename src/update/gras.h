/* GRAS: a table with cells of either sign is brought to given sums, as close to what it was as they allow (Junius &
 * Oosterhaven 2003, Economic Systems Research 15(1), 87-96; with the objective of Lenzen, Wood & Gallego 2007,
 * Economic Systems Research 19(4), 461-465):
 *
 *   minimise sum |a| (z ln z - z + 1), z = x / a,  where the cells x of each group add up to its target.
 *
 * Signs are kept, and a cell that is zero stays zero. The solution multiplies positive cells by the factors of their
 * groups and divides negative ones by them. */
#ifndef DR_UPDATE_GRAS_H
#define DR_UPDATE_GRAS_H

#include <stddef.h>

#include "base/error.h"

/* Sums that a table is to have: cells belong to the group [row_group[row], column_group[column]]. A target that is NAN
 * leaves its group free. */
typedef struct dr_margin {
    const size_t *row_group, *column_group;
    size_t row_groups, column_groups;
    const double *target; /* [row_groups, column_groups] */
} dr_margin;

typedef struct dr_gras {
    double *cells; /* [rows, columns], brought to the margins in place */
    size_t rows, columns;
    const dr_margin *margins; /* in the order in which they are met in each sweep; the last is met exactly */
    size_t margin_count;
    double tolerance; /* largest gap between a sum and its target, in the unit of the cells */
    size_t max_sweeps;

    /* Results. */
    size_t sweeps;
    double gap;                   /* the largest that is left, */
    size_t gap_margin, gap_group; /* and where: a margin, and a group of it, row-major */
} dr_gras;

/* Errors: DR_NO_SOLUTION (a gap is left after the last sweep: `gap` and its place say which; the cells are then of no
 * use), DR_MACHINE. */
dr_status dr_gras_run(dr_gras *gras);

/* The factor r of a group with positive cells P, negative cells -N and target u: r P - N / r = u. 1 where no factor
 * meets it: without cells, or with cells of one sign only and a target of the other. */
double dr_gras_factor(double positive, double negative, double target);

#endif
