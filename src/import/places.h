/* Economies of a source of trade statistics, and their numbers in the world file: those of the register of countries,
 * and codes that it does not have. */
#ifndef DR_IMPORT_PLACES_H
#define DR_IMPORT_PLACES_H

#include "base/duck.h"
#include "base/names.h"
#include "world/countries.h"

/* A zeroed struct holds none. */
typedef struct dr_places {
    const dr_countries *countries; /* the places before countries->count */
    dr_names strangers;            /* the others: codes as the source has them */
    unsigned short *ids;           /* [place], 0 where it has none yet */
    size_t id_capacity;
    unsigned short next; /* free number */
} dr_places;

/* Reads the register, and what the world has (NULL: none). */
dr_status dr_places_read(dr_places *places, const dr_duck *duck);

/* The place of a code or name; one that is not known becomes a place of its own. Errors: DR_BAD_INPUT (too long, not
 * UTF-8; too many of them). */
dr_status dr_places_find(dr_places *places, const char *code, size_t *place);

/* The code of a place, ISO 3166 or the source's; and its entry in the register, NULL for an unknown code. */
const char *dr_places_code(const dr_places *places, size_t place);
const dr_country *dr_places_country(const dr_places *places, size_t place);

/* The number of a place. Errors: DR_BAD_INPUT (there are too many). */
dr_status dr_places_id(dr_places *places, size_t place, unsigned short *id);

/* The code of a number: of the place that has it, or that a source means by it (BACI has two numbers for some), else
 * its digits. */
const char *dr_places_code_of(const dr_places *places, unsigned id, char digits[16]);
void dr_places_free(dr_places *places);

#endif
