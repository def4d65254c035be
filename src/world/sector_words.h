/* Common words for goods and services, which name no sector: the sector that they belong to. */
#ifndef DR_WORLD_SECTOR_WORDS_H
#define DR_WORLD_SECTOR_WORDS_H

#include "world/economy.h"

/* The first sector of the economy that has the ISIC Rev. 3 division of the word ("steel": 27), by
 * products/sector-words.csv; e->sectors if the word is none of these, or the economy's sectors have no such codes.
 * Errors: DR_MACHINE. */
dr_status dr_sector_of_word(size_t *found, const dr_economy *e, const char *word);

#endif
