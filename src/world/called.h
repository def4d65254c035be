/* Which regions and sectors of a world go by a text. */
#ifndef DR_WORLD_CALLED_H
#define DR_WORLD_CALLED_H

#include "world/countries.h"
#include "world/economy.h"

/* Whether two texts are the same name, in any case; an empty text is no name. */
bool dr_same_name(const char *a, const char *b);

/* The region of that code or name, in any case, or that is the country (NULL: none); -1: none. */
int dr_region_called(const dr_economy *e, const char *name, const dr_countries *countries, const dr_country *country);

/* Whether the regions are countries: then the message about a country that is not one of them says which region
 * includes it. */
bool dr_has_countries(const dr_economy *e, const dr_countries *countries);

/* Whether the text is the sector's code, slug or kind. */
typedef bool dr_sector_test(const dr_economy *e, size_t s, const char *name);
dr_sector_test dr_sector_is;

/* The same in any case, and by the sector's name. */
dr_sector_test dr_sector_may_be;

/* Marks in mask (NULL: not wanted) the sectors of which the test holds; whether there are any. */
bool dr_sectors_called(const dr_economy *e, const char *name, bool *mask, dr_sector_test *is);

#endif
