/* The files of data/ that are built into the library, named as under data/ ("sample/regions.csv"). Made by tools/embed.py. */
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

#endif
