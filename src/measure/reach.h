/* Output of one side of the world for the other at every stage of production, from the Leontief inverse L = (I
 * - A)^-1. Formulas: docs/exposure.md. */
#ifndef DR_MEASURE_REACH_H
#define DR_MEASURE_REACH_H

#include "base/table.h"
#include "measure/leontief.h"
#include "world/sides.h"

typedef struct dr_reach {
    const char *of, *to; /* as given; `to` NULL: all others */
    dr_matrix *matrix;   /* negative inputs as zero: they are no purchases */
    dr_sides sides;
    size_t clipped;        /* of those */
    double *numbers;       /* the arrays below, one number for each node of the matrix */
    double *content_to;    /* output of side `to` in a unit of output of the node, its own left out: 1_to (L - I) */
    double *content_all;   /* of all: 1 (L - I) */
    double *content_sides; /* as content_to, but through the two sides alone: the rest goes through third countries */
    double *required;      /* of the node, for all outputs of side `of`: (L - I) Y_of */
    double worst;          /* residual: what `to` makes for `of`, counted by makers and by users, relative */
} dr_reach;

/* Errors: DR_BAD_INPUT (no such year, unknown name, no inverse), DR_NO_SOLUTION (a residual beyond 1e-9),
 * DR_MACHINE. Free with dr_reach_free, on failure too. */
dr_status dr_reach_new(dr_reach *out, dr_world *world, int year, const char *of, const char *to);
void dr_reach_free(dr_reach *reach);

/* The certificate, of the contents against the requirements, into `worst`. Errors: DR_NO_SOLUTION, which says of
 * whom. */
dr_status dr_reach_certify(dr_reach *reach);

/* Whether a node of the matrix is of a side. */
bool dr_reach_of(const dr_reach *reach, size_t node);
bool dr_reach_to(const dr_reach *reach, size_t node);

/* Titles the table "TITLE of A to B, BY" (NULL: without that), and says where its numbers come from. */
void dr_reach_describe(dr_table *table, const dr_reach *reach, const char *title, const char *by);

#endif
