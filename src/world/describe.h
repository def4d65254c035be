/* What every table of results says about its data: facts, and the names of codes. */
#ifndef DR_WORLD_DESCRIBE_H
#define DR_WORLD_DESCRIBE_H

#include "base/table.h"
#include "world/economy.h"

/* Adds the facts world (its path, "" if none), year (unless 0), unit and source. */
void dr_describe(dr_table *table, const char *world, int year, const char *unit, const char *source);

/* Names the codes in the table's columns of regions (region, importer, partner, ...) and of sectors, which text writes
 * instead of the codes; dr_table_pick takes the groups of the year. `names` NULL: countries as the register has them.
 * */
void dr_describe_names(dr_table *table, const dr_economy *names);

/* Names as a sentence says them, into `out`: "the EU and South Korea" of "EU,KOR", "all other regions" of NULL (`names`
 * NULL: of the register); and a sector "electrical and optical equipment" of its code or slug. Return it. */
enum { DR_SPOKEN_SIZE = 256 };
const char *dr_spoken(char out[DR_SPOKEN_SIZE], const dr_economy *names, const char *regions);
const char *dr_spoken_sector(char out[DR_SPOKEN_SIZE], const dr_economy *names, const char *sector);

/* The title, with the year after it unless it is 0. */
void dr_describe_title(dr_table *table, int year, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
