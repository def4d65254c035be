/* Economies by any code or name that a source of trade statistics uses, and their numbers in the world file. */
#ifndef DR_IMPORT_PLACES_H
#define DR_IMPORT_PLACES_H

#include "base/duck.h"
#include "base/names.h"

/* A zeroed struct holds none. */
typedef struct dr_places {
    dr_names spellings; /* in capitals: ISO codes, UN numbers, names and other names */
    size_t *place;      /* [spelling] */
    size_t place_capacity;
    dr_names codes;      /* of places: ISO 3166, or as the source has it */
    unsigned short *ids; /* [place], 0 where it has none yet */
    size_t id_capacity;
    size_t known;        /* places before this one are in data/; the others are codes nobody knows */
    unsigned short next; /* free number */
} dr_places;

/* Reads the lists in data/, and what the world has (NULL: none). */
dr_status dr_places_read(dr_places *places, const dr_duck *duck);

/* The place of a code or name; one that is not known becomes a place of its own. Errors: DR_BAD_INPUT (too long, not UTF-8; too
 * many of them). */
dr_status dr_places_find(dr_places *places, const char *code, size_t *place);

/* The number of a place. Errors: DR_BAD_INPUT (there are too many). */
dr_status dr_places_id(dr_places *places, size_t place, unsigned short *id);
void dr_places_free(dr_places *places);

#endif
