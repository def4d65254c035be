/* Editions of the Harmonized System (HS), and which codes of one take the goods of a code of another, by the
 * correspondences of the United Nations (data/products/hs-changes.csv).
 *
 * The rule: a code that both of two neighbouring editions have stands for the same goods in both, even where the
 * correspondence moves some of them; a code that the other edition does not have is divided among those that take its
 * goods. From an edition to one further away, the rule is applied from neighbour to neighbour. */
#ifndef DR_WORLD_HARMONIZED_H
#define DR_WORLD_HARMONIZED_H

#include "base/error.h"
#include "base/names.h"

/* The edition that a classification is: 0 for HS92, 6 for HS22; -1: none. */
int dr_hs_edition(const char *classification);

/* The same; the Combined Nomenclature (CN) of a year begins with the codes of the edition in force. */
int dr_hs_edition_of(const char *classification, int year);

/* "HS17". */
const char *dr_hs_name(int edition);

typedef struct dr_hs_changes dr_hs_changes;

/* Reads the changes from edition `from` to edition `to`, forwards or backwards. Errors: DR_MACHINE. */
dr_status dr_hs_changes_read(dr_hs_changes **out, int from, int to);
void dr_hs_changes_free(dr_hs_changes *changes);

/* Adds to `codes`, an empty set, the codes of edition `to` that take the goods of a code of edition `from`: itself
 * where both have it. Of codes with more than six digits the first six count, and a code that is kept is so as a
 * whole; what is no code of six digits or more stands for itself. Errors: DR_MACHINE. */
dr_status dr_hs_successors(const dr_hs_changes *changes, const char *code, dr_names *codes);

#endif
