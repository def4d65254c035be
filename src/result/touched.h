/* The imports that a scenario touches: of which importers, from which exporters, before and after. */
#ifndef DR_RESULT_TOUCHED_H
#define DR_RESULT_TOUCHED_H

#include "equilibrium/solution.h"

/* Imports of some regions from the same exporters, by the same changes. */
typedef struct dr_touched {
    bool *importers, *exporters; /* [n]; of the list */
    size_t sector;               /* SIZE_MAX: all that are touched together, */
    size_t sectors;              /* which are so many, */
    size_t goods;                /* and so many of them are known to be goods, not services */
    size_t named[3];             /* the first of them */
    bool part;                   /* one of several sectors of another item */
    double value[2];             /* base and new, in the numeraire, without tariffs */
} dr_touched;

/* Wholes first, then their parts; each the largest change first. */
typedef struct dr_touched_list {
    dr_touched *items;
    size_t count, capacity;
    size_t wholes;
    bool *masks; /* of their regions */
} dr_touched_list;

/* `scenario` (NULL: none) is of the model's whole economy or of its one good. Errors: DR_MACHINE. Free with
 * dr_touched_free, on failure too. */
dr_status dr_touched_find(dr_touched_list *out, const dr_solution *solution, const dr_scenario *scenario);
void dr_touched_free(dr_touched_list *list);

/* Sets of regions in words for sentences: groups and regions by name, five at most; otherwise "the EU except the United
 * Kingdom", "all regions except Canada and Mexico", "12 regions", or "all regions". */
enum { DR_SET_SIZE = 320 };
const char *dr_set_words(char out[DR_SET_SIZE], const dr_economy *economy, const bool *set);

/* Whether dr_set_words says by names who is in the set, not all regions: "the EU and Japan" does, "14 regions" and
 * "all regions except China" do not. */
bool dr_set_is_named(const dr_economy *economy, const bool *set);

/* What is traded: "electrical equipment", "goods", "goods and services", "products of 5 sectors". */
const char *dr_touched_goods(char out[DR_SET_SIZE], const dr_economy *economy, const dr_touched *touched);

/* Where the importers and the exporters are all regions between them: the one of the two sets, of more than one region,
 * that is said best as "all other regions". NULL otherwise. */
const bool *dr_touched_others(const dr_economy *economy, const dr_touched *touched);

/* By whom: as dr_set_words, or "all other regions" than the exporters. */
const char *dr_touched_by(char out[DR_SET_SIZE], const dr_economy *economy, const dr_touched *touched);

/* From whom: as dr_set_words, or "all other regions", or "each other". */
const char *dr_touched_from(char out[DR_SET_SIZE], const dr_economy *economy, const dr_touched *touched);

#endif
