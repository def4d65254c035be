/* The classifications of sectors in data/classifications: what a table's codes of sectors mean. A sector has one slug
 * in all tables, so that the same slug means the same thing in each. */
#ifndef DR_WORLD_CLASSIFICATION_H
#define DR_WORLD_CLASSIFICATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/names.h"

/* Texts are "" where there are none. */
typedef struct dr_known_sector {
    const char *slug, *name, *kind, *isic_rev3, *isic_rev4;
} dr_known_sector;

typedef struct dr_known_code {
    const char *code;
    const char *name; /* in this classification */
    size_t sector;    /* of dr_classifications.sectors */
} dr_known_code;

typedef struct dr_classification {
    const char *id, *title;
    const dr_known_code *codes; /* a sector may have several; the first is what it is written as */
    size_t count;
    size_t sectors; /* how many different ones */
    bool isic_rev4; /* it follows Rev. 4: every sector has a code of it */
} dr_classification;

typedef struct dr_classifications {
    const dr_classification *list;
    size_t count;
    const dr_known_sector *sectors;
    size_t sector_count;
} dr_classifications;

/* All of them, read when they are first asked for and kept. Errors: DR_MACHINE. */
dr_status dr_classifications_read(const dr_classifications **out);

/* The code of a classification that a text means, or NULL: codes are compared without CPA_ and the letter in front of
 * a number, with - and _ as T (C10-C12 is 10T12), and names without the case of letters, blanks and punctuation. */
const dr_known_code *dr_classification_code(const dr_classification *classification, const char *text);

/* The classification that has all of the codes, of several the one of which they are the largest part; NULL if there is
 * none, or if the codes could be anything: numbers or single letters alone. */
const dr_classification *dr_classification_of(const dr_classifications *all, const dr_names *codes);

/* The classification of that id; NULL, with the ids in the error text and DR_BAD_INPUT, if there is none. */
dr_status dr_classification_named(const dr_classification **out, const dr_classifications *all, const char *id);

#endif
