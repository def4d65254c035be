/* Words that name no sector of a table: groups of sectors, and common goods and services. */
#ifndef DR_WORLD_SECTOR_WORDS_H
#define DR_WORLD_SECTOR_WORDS_H

#include "world/economy.h"

/* The first sector of the economy that has the ISIC Rev. 3 division of the word ("steel": 27), by
 * products/sector-words.csv; e->sectors if the word is none of these, or the economy's sectors have no such codes.
 * Errors: DR_MACHINE. */
dr_status dr_sector_of_word(size_t *found, const dr_economy *e, const char *word);

/* Marks the sectors that a group of divisions of ISIC Rev. 3 holds ("transport-equipment": 34 and 35), by
 * classifications/words.csv: those all of whose own divisions are in it. *found is whether there are any. Errors:
 * DR_MACHINE. */
dr_status dr_sectors_under_word(bool *mask, bool *found, const dr_economy *e, const char *word);

#endif
