/* Anderson acceleration of a fixed-point iteration x <- G(x): the next x is the combination of the last steps whose
 * residuals f = G(x) - x combine to the least (type II; Anderson 1965; Walker & Ni 2011). Allocates nothing after
 * _new. */
#ifndef DR_EQUILIBRIUM_ANDERSON_H
#define DR_EQUILIBRIUM_ANDERSON_H

#include "base/error.h"
#include "equilibrium/kernels.h"

enum { DR_ANDERSON_DEPTH = 10 };

typedef struct dr_anderson dr_anderson;

/* For vectors of `count` numbers (a multiple of 8, aligned to 64 bytes). Memory: 2 * (depth + 1) vectors. */
dr_status dr_anderson_new(dr_anderson **out, size_t count, const dr_kernels *kernels);
void dr_anderson_free(dr_anderson *anderson);

/* Given x and its residual f, overwrites x with the next iterate. Costs 3 * depth passes over a vector. */
void dr_anderson_step(dr_anderson *anderson, double *x, const double *f);

/* Forgets the steps so far. */
void dr_anderson_restart(dr_anderson *anderson);

#endif
