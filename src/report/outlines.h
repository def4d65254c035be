/* The outlines of countries in data/map, in Equal Earth. */
#ifndef DR_REPORT_OUTLINES_H
#define DR_REPORT_OUTLINES_H

#include "base/error.h"
#include "base/memory.h"

typedef struct dr_outline {
    const char *code, *kind, *path; /* ISO 3166; "point": of one point; the points */
} dr_outline;

/* All of them; a zeroed struct is empty. */
typedef struct dr_outlines {
    dr_arena arena;
    dr_outline *all;
    size_t count, capacity;
    size_t longest;         /* points of one of them */
    double lowest, highest; /* y */
} dr_outlines;

/* Reads them. Errors: DR_MACHINE. Free with dr_outlines_free in any case. */
dr_status dr_outlines_read(dr_outlines *outlines);
void dr_outlines_free(dr_outlines *outlines);

/* The points of a path, one after the other. */
typedef struct dr_walk {
    char *rest;
    long x, y;
} dr_walk;

dr_walk dr_walk_start(const char *path);

/* Moves to the next point; false after the last. */
bool dr_walk_next(dr_walk *w);

#endif
