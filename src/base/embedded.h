/* The files of data/ that are built into the library, named as under data/ ("sample/regions.csv"). Made by
 * tools/embed.py. */
#ifndef DR_BASE_EMBEDDED_H
#define DR_BASE_EMBEDDED_H

#include <stddef.h>

typedef struct dr_embedded {
    const char *name;
    const unsigned char *bytes;
    size_t size;
} dr_embedded;

extern const dr_embedded dr_embedded_files[];
extern const size_t dr_embedded_count;

/* The embedded file of that name, or NULL. */
const dr_embedded *dr_embedded_find(const char *name);

/* The embedded scenario, game or supply stop that is called "NAME.yaml" or "NAME", or NULL. */
const dr_embedded *dr_embedded_example(const char *name);

/* Puts the names of all of them into `names`, which has room for `most`, and returns how many they are. */
size_t dr_embedded_examples(const char **names, size_t most);

#endif
