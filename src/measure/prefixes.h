/* Lists of product codes: a list's code stands for all codes that begin with it, and the longest one counts. */
#ifndef DR_MEASURE_PREFIXES_H
#define DR_MEASURE_PREFIXES_H

#include "base/duck.h"
#include "base/memory.h"
#include "base/names.h"

/* A zeroed struct is an empty list. */
typedef struct dr_prefixes {
    dr_names codes;
    const char **labels; /* [code] */
    size_t capacity;
    dr_arena arena;
} dr_prefixes;

/* Reads the rows `product, list, label` of a file in data/; the label becomes "list label". */
dr_status dr_prefixes_embedded(dr_prefixes *prefixes, const char *file);

/* Reads two columns of a query. */
dr_status dr_prefixes_query(dr_prefixes *prefixes, const dr_duck *duck, const char *sql);

/* The label of a product, "" if there is none. */
const char *dr_prefixes_find(const dr_prefixes *prefixes, const char *product);
void dr_prefixes_free(dr_prefixes *prefixes);

#endif
