/* The run of a shock over its steps, and on to the steady state: what happens to regions, groups and sectors. */
#ifndef DR_DYNAMICS_PROPAGATE_RUN_H
#define DR_DYNAMICS_PROPAGATE_RUN_H

#include "dynamics/propagate.h"

/* Value added within this share of its base has recovered. */
#define DR_RECOVERED_WITHIN 1e-3

/* The steady state: over so many days no region's value added changes by more than this share of it. It is sought for
 * ten years. */
#define DR_REST_WITHIN 1e-4
enum { DR_REST_DAYS = 90, DR_MOST_REST_DAYS = 3650 };

/* The path of one figure over the steps, relative to its base. */
typedef struct dr_track {
    double base; /* a year */
    double lost; /* over the run, base less figure, in the unit of the table */
    double low;  /* least, over base less one */
    double end, rest;
    size_t low_step, last_below; /* steps count from 1; 0: never */
    int held_by;                 /* of a sector, in the step of its low */
} dr_track;

/* A region, or several as one. */
typedef struct dr_area {
    const char *name;
    dr_row_kind kind;
    const unsigned char *member; /* [n] */
} dr_area;

/* The figures of a region in a step. */
typedef struct dr_step_figures {
    double value, final, stock;
} dr_step_figures;

typedef struct dr_propagation {
    /* given */
    dr_matrix *table;
    dr_shock *shock;
    size_t steps, days; /* days of a step */
    bool to_rest;       /* on to the steady state */
    bool alone;         /* on one thread */
    void (*progress)(const char *what, size_t done, size_t all, void *user);
    void *user;
    /* found */
    dr_dynamics dynamics;
    size_t areas;
    dr_area *area;
    unsigned char *members;          /* [area, n] */
    dr_track *value, *final, *stock; /* [area] */
    dr_track *sector;                /* [row] */
    double *value_at, *final_at;     /* [step, area] over base less one */
    double *stock_at;                /* [step, area] */
    double *residual;                /* [step] */
    dr_step_figures *now;            /* [n] */
    double *window;                  /* [area] */
    double worst, inventories;       /* residuals: of the steps, of all inventories */
    size_t worst_step;
    double rest_day; /* NAN: none within the time */
} dr_propagation;

/* Runs a shock whose given part is filled in and whose rest is zero. Errors: DR_NO_SOLUTION (goods are lost),
 * DR_MACHINE. Free with dr_propagation_clear, on failure too, which leaves what was given; or with
 * dr_propagation_free, which does not. */
dr_status dr_propagation_run(dr_propagation *run);
void dr_propagation_clear(dr_propagation *run);
void dr_propagation_free(dr_propagation *run);

#endif
