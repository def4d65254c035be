/* Names: an ordered set of codes with fast lookup, and the nearest right name for a wrong one. */
#ifndef DR_BASE_NAMES_H
#define DR_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed struct is an empty set. names[0..count) are in the order of adding. */
typedef struct dr_names {
    char **names;
    size_t count, capacity;
    int *slots; /* open addressing; index + 1, 0 for free */
    size_t slot_count;
} dr_names;

/* Index of the name, or -1. */
int dr_names_find(const dr_names *set, const char *name);

/* Adds a copy; returns its index, the old index if it was there already (then count stays), or -1 without memory. */
int dr_names_add(dr_names *set, const char *name);
void dr_names_free(dr_names *set);

/* The candidate nearest to `word` by edit distance (swapped neighbours one edit, a letter's case half of one, the case
 * of any number of letters alone half of one in all), if near enough to be meant; else the first that holds it or is
 * held in it; else NULL. */
const char *dr_nearest(const char *word, const char *const *candidates, size_t count);

/* A hint for an error message, into `hint`: "; did you mean 'CHN'?" or "". Returns hint. */
#define DR_HINT_SIZE 160
const char *dr_hint(char hint[DR_HINT_SIZE], const char *word, const char *const *candidates, size_t count);

/* The number of texts in a list that NULL ends. */
size_t dr_list_length(const char *const *list);

/* The existing names, for an error message: "; it has a, b, c, ..."; "" if there are none. Returns out. */
#define DR_NAMES_SIZE 400
const char *dr_names_list(char out[DR_NAMES_SIZE], const char *begin, const dr_names *names);

/* Whether the text is well-formed UTF-8, as the database needs it. */
bool dr_utf8(const char *text);

/* 64-bit hash of bytes (FNV-1a), started from `seed`. */
#define DR_HASH_SEED 0xcbf29ce484222325u
unsigned long long dr_hash(unsigned long long seed, const void *bytes, size_t size);

#endif
