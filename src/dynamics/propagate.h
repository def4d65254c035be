/* The propagation of a shock through the table, step by step: inventories, bottlenecks, rationing. Equations:
 * docs/propagate.md. */
#ifndef DR_DYNAMICS_PROPAGATE_H
#define DR_DYNAMICS_PROPAGATE_H

#include "dynamics/shock.h"
#include "world/matrix.h"

/* The constraint on the output of a sector in a step; from 0 on, the input of that product. */
enum { DR_HELD_BY_NOTHING = -1, DR_HELD_BY_DEMAND = -2, DR_HELD_BY_CAPACITY = -3 };

/* The state at the end of a step. A row is a sector of a region, as in dr_matrix; so is a column, as a buyer. Flows are
 * in the unit of the table a year, at base prices: volumes. */
typedef struct dr_dynamics {
    const dr_matrix *table; /* without negative cells */
    const dr_shock *shock;
    size_t regions, sectors, size;
    int threads;            /* 0: as many as the machine has; 1 where the table is small */
    double days;            /* of a step */
    double expansion;       /* days in which capacity follows demand */
    double *base;           /* [row] output without the shock */
    double *need;           /* [k, column] inputs without the shock */
    double *final_need;     /* [k, n] final use without the shock */
    double *target;         /* [k, column] inventories aimed at */
    double *stock;          /* [k, column] inventories */
    double *order;          /* [k, column] over need */
    double *capacity;       /* [row] over base */
    double *intact;         /* [row] the part of it that no stop of production takes away */
    double *demand;         /* [row] */
    double *limit;          /* [row] output over base that inventories allow */
    double *output;         /* [row] */
    double *filled;         /* [row] the part of its demand that a seller delivers */
    double *open;           /* [row, n] the part of the flow that is not stopped */
    double *redirect;       /* [k, column] orders to sellers that still deliver, over those without a stop */
    double *final_redirect; /* [k, n] the same of final users */
    double *received;       /* [k, column] */
    double *final_use;      /* [k, n] what final users receive */
    double *gap;            /* [k] what is made - final use - use - what inventories gain, over what is made */
    double *inflow, *use;   /* [k] into and out of all inventories since the start */
    double *shares;         /* [stop] the part that each withholds */
    int *held_by;           /* [row] */
    double change;          /* largest change of output over base in the step */
} dr_dynamics;

/* The base state: all orders are met, inventories are at their target. `table` is made free of negative cells by
 * dr_dynamics_clean and, as the shock, outlives it. Errors: DR_MACHINE. Free with dr_dynamics_free, on failure too; a
 * zeroed struct is nothing to free. */
dr_status dr_dynamics_new(dr_dynamics *out, const dr_matrix *table, const dr_shock *shock, size_t days);
void dr_dynamics_free(dr_dynamics *dynamics);

/* One step, whose first day is `day` (infinite: in the end, when the stops that end have ended). */
void dr_dynamics_step(dr_dynamics *dynamics, double day);

/* Conservation of goods in the step: the largest of `gap`. And of all inventories since the start: what they hold
 * against what they held, took in and gave out, over what went through them; the largest of the products. */
double dr_dynamics_residual(const dr_dynamics *dynamics);
double dr_dynamics_inventory_residual(const dr_dynamics *dynamics);

/* The table with its negative cells set to zero, their count and sum. Frees `table`. */
dr_status dr_dynamics_clean(dr_matrix **out, dr_matrix *table, size_t *cells, double *sum);

#endif
