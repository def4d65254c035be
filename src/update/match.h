/* Which regions and sectors of trade flows are which of a table. Where neither is within the other, they are put
 * together into blocks, of which both know the sum. */
#ifndef DR_UPDATE_MATCH_H
#define DR_UPDATE_MATCH_H

#include "base/table.h"
#include "world/economy.h"

/* The block of each item of the table and of the flows. */
typedef struct dr_blocks {
    size_t *table, *flows, count;
} dr_blocks;

typedef struct dr_match {
    dr_blocks regions, sectors;
} dr_match;

/* Matches regions by their countries: those of neither side's other regions are in its rest of the world. Sectors by
 * code where all codes are the same, else by slug, and by the divisions of ISIC Rev. 3 that they share. Errors:
 * DR_BAD_INPUT (a region or sector without counterpart), DR_MACHINE. Free with dr_match_free, on failure too. */
dr_status dr_match_read(dr_match *out, const dr_economy *table, const dr_economy *flows);
void dr_match_free(dr_match *match);

/* What was put together, into `text`: "CHE, VNM, ROW are ROW; ..."; "" where every item has one counterpart. */
const char *dr_match_text(char *text, size_t size, const dr_blocks *blocks, const dr_names *table,
                          const dr_names *flows);

#endif
