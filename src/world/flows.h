/* One year of product flows in memory, product by product. */
#ifndef DR_WORLD_FLOWS_H
#define DR_WORLD_FLOWS_H

#include "world/harmonized.h"
#include "world/products.h"
#include "world/sums.h"

enum { DR_LONGEST_PRODUCT = 12 }; /* bytes of a product's code */

/* The flows of product k are rows [start[k], start[k + 1]), in the order of the file; without those of zero or less and
 * those from an economy to itself. A zeroed struct is an empty one. */
typedef struct dr_flows {
    dr_names regions;                    /* codes of economies */
    bool *untold;                        /* [region]: an undisclosed partner, and not an economy */
    dr_names products;                   /* codes, in order */
    size_t *start;                       /* [products + 1] */
    unsigned short *exporter, *importer; /* [row], indices of regions */
    double *value;                       /* [row] */
    size_t rows;
    dr_total total;  /* of all rows */
    size_t repeated; /* rows with the same economies and product as one before, to whose value theirs was added */
} dr_flows;

/* Loads a year. 12 bytes a flow, checked against the free memory first.
 * Errors: DR_BAD_INPUT (the world was changed by hand to what makes no sense), DR_MACHINE. */
dr_status dr_flows_load(dr_flows *out, const dr_duck *duck, int year);
void dr_flows_free(dr_flows *flows);

/* The quantities of a year's flows, [row], NAN where one is not known. Errors: DR_MACHINE. To be freed. */
dr_status dr_flows_quantities(double **out, const dr_flows *flows, const dr_duck *duck, int year);

/* Adds up rows of one product between the same two economies; `repeated` counts them. Errors: DR_MACHINE. */
dr_status dr_flows_merge(dr_flows *flows);

/* What became of a year's codes in another edition of the Harmonized System. */
typedef struct dr_flows_moved {
    size_t codes, divided; /* codes that it does not have; of these, codes whose goods several of its codes have */
    double value, divided_value; /* of all flows, and of those of divided codes */
} dr_flows_moved;

/* Carries flows to the edition that the changes lead to. Goods of a code that several take are divided in proportion to
 * the trade in those in `year`, of whose flows the codes are in that edition; equally where there is none. Their sum
 * stays the same but for rounding; `total` stays that of the year's own codes. Errors: DR_MACHINE. */
dr_status dr_flows_convert(dr_flows *flows, dr_flows_moved *moved, const dr_hs_changes *changes, const dr_flows *year);

/* Compares the year's total with that of its import. Errors: DR_BAD_INPUT. */
dr_status dr_flows_compare(const dr_flows *flows, const dr_duck *duck, int year);

/* Writes the totals of all years that a world has, into its table year_sum. */
dr_status dr_flows_sums_write(const dr_duck *duck);

#endif
