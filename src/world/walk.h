/* Walks over a world's tables of numbers, in their stored order, so that sums are the same on every run. */
#ifndef DR_WORLD_WALK_H
#define DR_WORLD_WALK_H

#include "world/world.h"

enum { DR_MOST_INDICES = 4 };

/* One walk. `sql` is a query without its SELECT and its WHERE: columns of codes, then a number, FROM a table with years. */
typedef struct dr_walk {
    const char *sql;
    size_t indices;                 /* columns of codes */
    size_t limits[DR_MOST_INDICES]; /* a code's index is below */
    void (*add)(struct dr_walk *walk, const double *values);
    void *user;
    size_t rows; /* of the chunk at hand, which `add` is to take */
    unsigned *index[DR_MOST_INDICES];
} dr_walk;

/* Walks over the rows of a year. Errors: DR_BAD_INPUT (the file was changed by hand, to what makes no sense). */
dr_status dr_walk_run(dr_walk *walk, const dr_world *world, int year);

/* An array to which rows are added: at offset + the sum of stride * index, after `map` (NULL: as it is) has changed the index. */
typedef struct dr_sum {
    double *target;
    size_t offset, stride[DR_MOST_INDICES];
    const size_t *map[DR_MOST_INDICES];
    size_t count;       /* of the numbers added */
    double total, size; /* of them, and of their absolute values */
} dr_sum;

/* The `add` for a dr_sum as `user`. */
void dr_walk_sum(dr_walk *walk, const double *values);

/* Adds a year's rows to a row-major array of the dimensions `limits`, one for each of the walk's indices. */
dr_status dr_walk_array(const dr_world *world, int year, const char *sql, double *target, size_t indices,
                        const size_t *limits);

#endif
