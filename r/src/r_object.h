/* Objects of the library as external pointers of R. An object keeps those that it depends on alive, in whatever order R
 * collects them. */
#ifndef DERISK_R_OBJECT_H
#define DERISK_R_OBJECT_H

#define R_NO_REMAP
#include <Rinternals.h>
#include <derisk.h>

typedef enum rd_kind {
    RD_NOTHING, /* of functions that make no object */
    RD_WORLD,
    RD_ECONOMY,
    RD_SETTINGS,
    RD_SCENARIO,
    RD_MODEL,
    RD_SOLUTION,
    RD_PLAN,
    RD_GAME,
    RD_GRAVITY,
    RD_FRAME,
    RD_TABLE
} rd_kind;

/* An external pointer without an object yet, which rd_object_set fills. `arguments` is the list of what the object is
 * made from: it keeps texts in memory, and the objects among its elements outlive this one. */
SEXP rd_object_new(rd_kind kind, SEXP arguments);

/* Hands an object over; `borrowed`: it belongs to one of those it was made from. */
void rd_object_set(SEXP handle, void *pointer, int borrowed);

/* The object, or NULL if `handle` is none of that kind (or one from another session of R). */
void *rd_object_get(SEXP handle, rd_kind kind);

/* Whether `value` is an external pointer of this package. */
int rd_object_is(SEXP value);

#endif
