/* The sums of a year's numbers, which an import writes beside them (table `year_sum`), so that later changes of cells
 * are detected. */
#ifndef DR_WORLD_SUMS_H
#define DR_WORLD_SUMS_H

#include <math.h>
#include <stdint.h>

#include "world/cells.h"

/* A sum that does not depend on the order of its terms (rounding errors are kept; Knuth, The Art of Computer
 * Programming 2, 4.2.2): of the cells, and of the cells each times a weight between 1 and 2 of its own, which detects
 * cells that were exchanged. */
typedef struct dr_total {
    size_t cells;
    double sum, sum_low, mixed, mixed_low;
    double size; /* of absolute values */
} dr_total;

static inline void dr_add_exactly(double *sum, double *low, double number)
{
    double next = *sum + number, added = next - *sum;
    *low += (*sum - (next - added)) + (number - added);
    *sum = next;
}

/* From 1 to 2, another one for each place. */
static inline double dr_place_weight(size_t place)
{
    uint64_t mixed = ((uint64_t)place + 1) * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 32)) * 0xd6e8feb86659fd93u;
    return 1 + (double)(mixed >> 11) * 0x1p-53;
}

/* Adds the number of the cell whose place in the table is `place`. */
static inline void dr_total_add(dr_total *total, size_t place, double number)
{
    total->cells++;
    dr_add_exactly(&total->sum, &total->sum_low, number);
    dr_add_exactly(&total->mixed, &total->mixed_low, number * dr_place_weight(place));
    total->size += fabs(number);
}

/* The same of `length` cells: at place + codes[j], or (codes NULL) at place + j. Zeros are no cells. */
void dr_total_add_list(dr_total *total, size_t place, const unsigned *codes, const double *numbers, size_t length);

/* The totals of one measure of a year: of a table of flows [seller * regions + buyer], else one. */
typedef struct dr_totals {
    dr_total *total;
    size_t count;
} dr_totals;

/* The name of the numbers that are summed: "intermediate", "flow.tariff", "factor_income.labour". */
enum { DR_NUMBERS_SIZE = 320 };
const char *dr_sums_numbers(char text[DR_NUMBERS_SIZE], const dr_cells *cells, size_t measure, const char *item);

/* Compares totals of a year (0: of a whole table) with those written at import, among `sellers` and `buyers` (NULL:
 * all). Errors: DR_BAD_INPUT. */
dr_status dr_sums_compare(const dr_totals *totals, const dr_duck *duck, const dr_layout *layout, int year,
                          const char *numbers, const bool *sellers, const bool *buyers);

/* Writes one sum that is of no pair of regions; year 0: of a whole table. */
dr_status dr_sums_put(const dr_duck *duck, int year, const char *numbers, const dr_total *total);

/* Writes the totals of a measure of a year's cells. Errors: DR_BAD_INPUT (a table of sales without any). */
dr_status dr_sums_write_totals(const dr_totals *totals, const dr_duck *duck, const dr_layout *layout, int year,
                               const dr_cells *cells, size_t measure, const char *item);

/* Writes the sums of a year's table of one factor or account (NULL: the table has no such items). */
dr_status dr_sums_write_item(const dr_duck *duck, const dr_layout *layout, int year, const dr_cells *cells,
                             const char *item);

/* Writes the sums of a year that has just been stored, but not those of accounts, and not those of cells in lists,
 * which are written with them. */
dr_status dr_sums_write(const dr_duck *duck, const dr_layout *layout, int year);

#endif
