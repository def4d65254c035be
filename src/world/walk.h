/* Walks over a world's tables of numbers, in their stored order, so that sums are the same on every run. Every row is
 * checked on the way: no NULL, finite numbers, each cell once, and sums as at the import. */
#ifndef DR_WORLD_WALK_H
#define DR_WORLD_WALK_H

#include "world/sums.h"

/* Cells that share all codes but the last: numbers[j] is that of the last code codes[j], or of j where `codes` is NULL.
 * Some may be zero. */
typedef struct dr_walk_list {
    const unsigned *codes;
    const double *numbers;
    size_t length;
    unsigned head[DR_MOST_INDICES - 1];
} dr_walk_list;

/* One walk over a year of a table of numbers (cells.h). */
typedef struct dr_walk {
    const char *table;
    const char *item;             /* whose rows, of a table with several factors or accounts; else NULL */
    const bool *sellers, *buyers; /* [region]: only what these sell to those, of a table of flows; NULL: all */
    void (*add)(struct dr_walk *walk, const double *values); /* takes a chunk; NULL: the rows are only checked */
    void (*add_list)(struct dr_walk *walk, const dr_walk_list *list); /* instead, where the file has lists; or NULL */
    void *user;
    dr_totals *totals; /* [measures], where the sums are wanted; free their `total` */

    /* The chunk at hand, for `add`: codes in the order of the table's columns, and the second measure, where it has
     * one. */
    size_t rows, indices;
    unsigned *index[DR_MOST_INDICES];
    const double *tariffs;
} dr_walk;

/* Walks over the rows of a year, and compares their sums with those of the import, where the world has these.
 * Errors: DR_BAD_INPUT (the file was changed, to what makes no sense). */
dr_status dr_walk_run(dr_walk *walk, const dr_world *world, int year);

/* The same in a file that is being written, whose sums are not there yet. `version` is that of its tables. */
dr_status dr_walk_duck(dr_walk *walk, const dr_duck *duck, const dr_layout *layout, int version, int year);

/* Checks all numbers of a year, or (0) of all years. */
dr_status dr_walk_check(const dr_world *world, int year);

/* The number of a row that is added: its value, its tariff, the tariff revenue, the buyer's spending, or 1. */
typedef enum dr_added { DR_ADD_VALUE, DR_ADD_TARIFF, DR_ADD_REVENUE, DR_ADD_SPENDING, DR_ADD_ONE } dr_added;

/* An array to which rows are added: at offset + the sum of stride * index, after `map` (NULL: as it is) has changed the
 * index. */
typedef struct dr_sum {
    double *target;
    dr_added added;
    size_t offset, stride[DR_MOST_INDICES];
    const size_t *map[DR_MOST_INDICES];
    size_t count;       /* of the numbers added */
    double total, size; /* of them, and of their absolute values */
} dr_sum;

/* The `add` for a dr_sum as `user`, and the `add_list` for one of values or of ones. */
void dr_walk_sum(dr_walk *walk, const double *values);
void dr_walk_sum_list(dr_walk *walk, const dr_walk_list *list);

/* The certificate of a sum: the `count` numbers of the array add up to the total of those that were added, to 1e-9 of
 * their size. `found` is what they add up to. */
bool dr_sum_kept(const dr_sum *sum, size_t count, double *found);

/* Adds a year's rows to a row-major array of the table's first `indices` codes. */
dr_status dr_walk_array(const dr_world *world, int year, const char *table, const char *item, double *target,
                        size_t indices);

#endif
