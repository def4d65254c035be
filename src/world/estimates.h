/* Estimates that are kept in a world: coefficients of gravity regressions, and sets of trade elasticities by sector.
 * Their tables, `estimate` and `elasticity`, are there once something is stored; docs/world.md describes them. */
#ifndef DR_WORLD_ESTIMATES_H
#define DR_WORLD_ESTIMATES_H

#include "base/memory.h"
#include "base/table.h"

struct dr_duck;

/* A row of either: a coefficient of `name`, by variable, or its trade elasticity of a sector. */
typedef struct dr_stored {
    const char *name, *of;
    double value, error; /* standard error, NAN where there is none */
} dr_stored;

typedef struct dr_stored_rows {
    dr_stored *row;
    size_t count, capacity;
} dr_stored_rows;

/* The covariance of two coefficients of one estimate. */
typedef struct dr_stored_covariance {
    const char *name, *of, *other;
    double covariance;
} dr_stored_covariance;

typedef enum dr_stored_kind { DR_STORED_ESTIMATES, DR_STORED_ELASTICITIES } dr_stored_kind;

/* Keeps the rows of a table under `name` in the world file at `path` (which must not be open here), and of an estimate
 * the figures of its fits and the covariances of its coefficients (NULL: none are known). The columns of each are those
 * of the world's table but for name and stored. Errors: DR_BAD_INPUT (the name is taken), DR_MACHINE. */
dr_status dr_stored_write(dr_stored_kind kind, const char *path, const char *name, const dr_table *table,
                          const dr_table *fits, const dr_table *covariances);

/* Reads all of them, in order; texts are the arena's. Free out->row. */
dr_status dr_stored_read(dr_stored_rows *out, dr_stored_kind kind, const struct dr_duck *duck, dr_arena *arena);

/* Reads the covariances of all estimates; the same. Free *out. */
dr_status dr_stored_covariances(dr_stored_covariance **out, size_t *count, const struct dr_duck *duck, dr_arena *arena);

/* Adds what there is of them to the table of dr_world_info. */
dr_status dr_stored_info(dr_table *table, const dr_world *world);

#endif
