/* The rows of a regression that take part in it, sorted by the effect with the most levels: what belongs to one of
 * its levels lies together (a segment), so that this effect can be taken out of any vector in one pass. */
#ifndef DR_ESTIMATE_SAMPLE_H
#define DR_ESTIMATE_SAMPLE_H

#include "estimate/regression.h"

enum { DR_SAMPLE_BLOCKS = 32 }; /* at most */

typedef struct dr_sample {
    size_t rows;
    uint32_t *row;   /* [rows] in the data */
    size_t first;    /* the effect that rows are sorted by */
    size_t segments; /* its levels that have rows */
    size_t *start;   /* [segments + 1] rows at which they begin */
    size_t others;   /* effects beside it */
    size_t *other;   /* [others] which of the data's they are */
    size_t *offset;  /* [others + 1] at which their levels begin among the unknowns */
    size_t unknowns; /* levels with rows of the others, together */
    uint32_t *place; /* [rows][others] unknown */
    double *factor;  /* [rows][others] of slopes the variable, about its mean in the level and over `spread`; of others
                      * 1; NULL: 1 throughout */
    double *centre;  /* [unknowns] that mean; 0 unless the level has a constant too; NULL without slopes */
    double *spread;  /* [others]; NULL without slopes */
    uint32_t **code; /* [effect][level] segment or unknown; UINT32_MAX: no rows */
    size_t effects;  /* of the data, or 1 for the constant that stands in where there are none */
    size_t blocks;   /* parts into which work is split, the same for any number of threads */
    size_t *block;   /* [blocks + 1] segments at which they begin */
    int threads;
} dr_sample;

/* Marks in `out` (a dr_left_out for each row of the data) rows alone in a level and, for PPML, rows of levels
 * without any trade, until there are none: what one of them leaves behind may be another. */
dr_status dr_sample_prune(unsigned char *out, const dr_regression_data *data, dr_fit fit);

/* The rows that are DR_KEPT in `out`. Errors: DR_MACHINE. Free with dr_sample_free. */
dr_status dr_sample_new(dr_sample **sample, const unsigned char *out, const dr_regression_data *data, int threads);
void dr_sample_free(dr_sample *sample);

/* The place of the levels of one of the data's effects, numbered from 0: the segments, or a column of the places. */
typedef struct dr_levels {
    size_t count;
    bool segments;
    size_t column, offset;
} dr_levels;

dr_levels dr_sample_levels(const dr_sample *sample, size_t effect);

/* The level of a row, which is in `segment`. */
static inline uint32_t dr_sample_level(const dr_sample *s, const dr_levels *l, size_t segment, size_t row)
{
    return (uint32_t)(l->segments ? segment : s->place[row * s->others + l->column] - l->offset);
}

/* The representative of a node's component in a forest of parents, with paths halved on the way. */
static inline uint32_t dr_sample_find(uint32_t *parent, uint32_t node)
{
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

#endif
