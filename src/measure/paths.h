/* Structural path analysis (Defourny & Thorbecke 1984): the supply chains one by one, of which the Leontief inverse
 * is the sum. */
#ifndef DR_MEASURE_PATHS_H
#define DR_MEASURE_PATHS_H

#include <stdbool.h>

#include "base/error.h"

/* A network of suppliers. Node v takes coefficients[v][u] of node u for a unit of its output, none below 0. */
typedef struct dr_network {
    size_t size;
    const double *coefficients; /* [size x size] row-major */
    const bool *source;         /* [size]: where a path may begin */
    const double *content; /* [size]: of the sources, in a unit of output, through every stage: the sum of all paths */
    const bool *via;       /* [size]: paths must pass such a node, which is no source; NULL: any path */
    const double *content_via; /* [size]: the part of `content` on such paths */
} dr_network;

/* A path from a source through suppliers to a user: nodes[0] to nodes[links]. */
typedef struct dr_path {
    double value;
    size_t links;
    size_t *nodes;
} dr_path;

typedef struct dr_paths {
    size_t count;
    dr_path *paths; /* the largest first */
} dr_paths;

/* The `count` largest of all paths, of any length, to the users of outputs use[size]: value = the product of the
 * coefficients along the path, times use of its end. Exact: a path is looked for until what all longer ones together
 * may still be worth, `content`, is less than the smallest one kept. Errors: DR_MACHINE. Free with dr_paths_free, on
 * failure too. */
dr_status dr_paths_largest(dr_paths *out, const dr_network *network, const double *use, size_t count);
void dr_paths_free(dr_paths *paths);

#endif
