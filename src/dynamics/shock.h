/* A shock: the flows that stop, when, and the responses of buyers and sellers, as `derisk propagate` reads it
 * (docs/propagate.md). */
#ifndef DR_DYNAMICS_SHOCK_H
#define DR_DYNAMICS_SHOCK_H

#include "scenario/headline.h"
#include "scenario/json_schema.h"
#include "world/groups.h"

/* How what was stopped comes back: with x the part of the recovery that is over, the part that is back is x, x^2 (3 - 2
 * x) or x^2. */
typedef enum dr_recovery { DR_RECOVERY_EVEN, DR_RECOVERY_S_SHAPED, DR_RECOVERY_LATE } dr_recovery;

/* A supply stop: purchases of the importers `to` from the exporters `by` in the sectors fall by the fraction `cut`. Or,
 * if it is one of production, the capacity of the sectors of `by` does, and `to` is empty. */
typedef struct dr_stop {
    bool *by, *to, *sectors;
    dr_named named;  /* groups among the names of `by` and `to`: flows between members of one never stop */
    bool inside;     /* unless this */
    double cut;      /* 0 to 1 */
    double from;     /* first day, from 1 */
    double days;     /* how many; INFINITY: for good */
    double recovery; /* days over which it then goes back */
    dr_recovery shape;
    bool production;
} dr_stop;

/* Responses of the economy. Times are in days, the rest are fractions. */
typedef struct dr_coping {
    double *inventories;   /* [k] days of use that buyers keep of product k */
    double restock;        /* time in which a gap in inventories is closed */
    double overproduction; /* largest output over base */
    double expansion;      /* time in which capacity follows demand */
    double caution;        /* psi: inventories below this part of their target hold production back */
    double redirect;       /* part of what is stopped that buyers order elsewhere */
    double essential;      /* inputs below this part of the cost never hold production back */
} dr_coping;

typedef struct dr_shock {
    const dr_economy *names; /* borrowed */
    char *title;             /* may be NULL */
    dr_headline changed;     /* the heading without a title */
    dr_stop *stops;
    size_t count, capacity;
    dr_coping coping;
} dr_shock;

/* A shock without stops, with default responses. `names` must outlive it. Free with dr_shock_free. */
dr_status dr_shock_new(dr_shock **out, const dr_economy *names);

/* Adds a stop of everything, for good, whose masks are empty. *out is good until the next. */
dr_status dr_shock_add(dr_stop **out, dr_shock *shock);

/* Reads a YAML file. Errors: DR_BAD_INPUT with file:line:column and the nearest name. */
dr_status dr_shock_load(dr_shock **out, const dr_economy *names, const char *path);

/* The JSON schema of these files. NULL: no memory. To be freed with json_decref. */
json_t *dr_shock_schema(void);

/* Whether a stop affects sales of region i to region n. */
bool dr_stop_is_about(const dr_stop *stop, size_t i, size_t n);

/* The part of a flow that a stop withholds on the average of the days day, day + 1, ... day + count - 1; for day
 * infinite: in the end. */
double dr_stop_share(const dr_stop *stop, double day, size_t count);
void dr_shock_free(dr_shock *shock);

#endif
