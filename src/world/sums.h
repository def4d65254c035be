/* The sums of a year's numbers, which an import writes beside them (table `year_sum`): a cell that was changed since shows. */
#ifndef DR_WORLD_SUMS_H
#define DR_WORLD_SUMS_H

#include "world/cells.h"

/* A sum that does not depend, to the last digits, on the order of what is added (Neumaier 1974): of the cells, and of the cells each
 * times a number from 1 to 2 of its own, which shows cells that were exchanged. */
typedef struct dr_total {
    size_t cells;
    double sum, sum_low, mixed, mixed_low;
    double size; /* of absolute values */
} dr_total;

/* Adds the number of the cell whose place in the table is `place`. */
void dr_total_add(dr_total *total, size_t place, double number);

/* The totals of one measure of a year: of a table of flows [seller * regions + buyer], else one. */
typedef struct dr_totals {
    dr_total *total;
    size_t count;
} dr_totals;

/* What the sums are of: "intermediate", "flow.tariff", "factor_income.labour". */
enum { DR_NUMBERS_SIZE = 320 };
const char *dr_sums_numbers(char text[DR_NUMBERS_SIZE], const dr_cells *cells, size_t measure, const char *factor);

/* Compares totals with those written at import, among `sellers` and `buyers` (NULL: all). Errors: DR_BAD_INPUT. */
dr_status dr_sums_compare(const dr_totals *totals, const dr_duck *duck, const dr_layout *layout, int year,
                          const char *numbers, const bool *sellers, const bool *buyers);

/* Writes the sums of a year that has just been stored. */
dr_status dr_sums_write(const dr_duck *duck, const dr_layout *layout, int year);

#endif
