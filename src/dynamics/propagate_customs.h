/* A note on stopped flows that differ from customs statistics. */
#ifndef DR_DYNAMICS_PROPAGATE_CUSTOMS_H
#define DR_DYNAMICS_PROPAGATE_CUSTOMS_H

#include "base/table.h"
#include "dynamics/shock.h"
#include "world/world.h"

/* Adds the note, if there are such flows. `flow` is [n, i, s]. Errors: DR_BAD_INPUT (a damaged world), DR_MACHINE. */
dr_status dr_propagate_note_customs(dr_table *out, const dr_world *world, const dr_economy *names, const double *flow,
                                    const dr_shock *shock);

#endif
