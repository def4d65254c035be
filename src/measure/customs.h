/* The table against customs statistics: trade of a world's table by importer, exporter and sector beside its product
 * flows, where it has both. Docs: docs/check.md. */
#ifndef DR_MEASURE_CUSTOMS_H
#define DR_MEASURE_CUSTOMS_H

#include "base/table.h"
#include "world/economy.h"
#include "world/world.h"

/* A pair of regions whose trade in a sector differs by a factor of three or more, in the unit of the table. */
typedef struct dr_gap {
    size_t importer, exporter, sector;
    double table, customs;
} dr_gap;

/* The comparison. Only trade between regions whose countries are known counts, and only sectors in which the product
 * flows as a whole come near the table (between a third and three times it): in others they cover some products, or
 * more than the sector, and only pairs for which they have more than three times the table's value are gaps. Of
 * the two values of a gap the larger is at least a thousandth of the importer's imports that are compared. */
typedef struct dr_customs {
    int year;          /* of the product flows: that of the table, or the nearest one; 0: there are none */
    char currency[96]; /* of the product flows, where it is another one than the table's; values are not converted */
    double *flow;      /* [n, i, s], in the power of a thousand of the table's unit */
    size_t sectors, covered; /* sectors with product flows; of these, those that they cover */
    size_t pairs;            /* importer, exporter and sector: compared */
    double table, customs;   /* sums over covered sectors */
    dr_gap *gaps;            /* the largest difference first */
    size_t gap_count, capacity;
} dr_customs;

/* Compares `trade` [n, i, s], in the unit of `names`. A world without tables or product flows gives year 0. Errors:
 * DR_BAD_INPUT (a damaged world), DR_MACHINE. Free with dr_customs_free, on failure too. */
dr_status dr_customs_compare(dr_customs *out, const dr_world *world, const dr_economy *names, const double *trade);
void dr_customs_free(dr_customs *customs);

/* Notes in a table of results how many of the flows [n, i, s] that are marked (NULL: all) are gaps, and the largest of
 * them; nothing if there are none. `what` says what they are: "flows that the scenario changes". */
dr_status dr_customs_note(dr_table *table, const dr_world *world, const dr_economy *names, const double *trade,
                          const bool *marked, const char *what);

/* A gap in words: "DEU buys 2.6 billion US dollars of mining from RUS in the table of 2011, customs statistics of 2022
 * have 11.0 billion euros". Returns out. */
enum { DR_GAP_SIZE = 600 };
const char *dr_gap_words(char out[DR_GAP_SIZE], const dr_gap *gap, const dr_customs *customs, const dr_economy *names);

#endif
