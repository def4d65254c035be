/* Products within imports, in a sweep (model/tier.h). In each block, an importer and sector, the price of the sector
 * and the shares of exporters in it follow from the costs of the sweep:
 *
 *   q[p]  = sum_i K[i,p] c[i]^-theta_p,  K = lambda kappa^-theta_p     so that Q[p] = q[p]^(-1/theta_p)
 *   share of i = import share * sum_p of the part of p in imports * K[i,p] c[i]^-theta_p / q[p]
 *
 * They are handed to the rest of the sweep as the K of one good, share * P^-theta / c^-theta with the theta of the
 * sector: all that it computes from K is then right, and so is the derivative of P, which only shares decide on. The
 * derivatives of shares are not those of one good; what they differ by is added to them. */
#ifndef DR_EQUILIBRIUM_SWEEP_TIER_H
#define DR_EQUILIBRIUM_SWEEP_TIER_H

#include "equilibrium/sweep.h"
#include "model/tier.h"

typedef struct dr_sweep_tier {
    const dr_tier *tier;
    const double **k;           /* [block] of its rows: the tier's shares, or own */
    const double **untaxed;     /* [block] of its rows: (1 + tariff of the pair) / (1 + that of the row); NULL: all 1 */
    double *own;                /* the rows of both that are not the tier's */
    double *home;               /* [block] K of home sales */
    double *taxed;              /* [block][i] 1 + tariff of pairs; NULL: there are none */
    size_t *limited, *limit_of; /* [block + 1] first of the flows under limits of a block; their numbers */
    double *thin;               /* [cell] the factor T / R on K where its supply is pooled, else 0; NULL: none is */
    double *numbers;            /* the arrays below */
    double *cost_power;         /* [class][n] c^-theta of the class */
    double *part, *pick;        /* [cell] part of a product in imports; the same over q */
    double *imported;           /* [block] part of imports in spending */
    double *cell_power, *row;   /* scratch: [cells of a block], and two rows of regions */
    double *scratch;            /* and c^-theta in a block with limits */
} dr_sweep_tier;

/* Takes memory for the tier of the sweep's model under a scenario. dr_sweep_tier_free frees it, on failure too. */
dr_status dr_sweep_tier_new(dr_sweep *w, const dr_scenario *scenario);
void dr_sweep_tier_free(dr_sweep_tier *tier);

/* K of a part of the scenario; after the rows of the sweep were loaded. */
void dr_sweep_tier_load(dr_sweep *w, const dr_scenario *scenario, double part);

/* Fails where a product that cannot be replaced, or all of a good, has no supplier left: DR_NO_SOLUTION. */
dr_status dr_sweep_tier_check(const dr_sweep *w);

/* The rows of the sweep at the costs of x, and at its wedges; after its supply. */
void dr_sweep_tier_apply(dr_sweep *w);

/* After the last sweep, and after what else fills the solution: its product flows and prices, and mean tariffs. Errors:
 * DR_MACHINE. */
dr_status dr_sweep_tier_report(const dr_sweep *w, const dr_scenario *scenario, dr_solution *solution);

/* Takes what a product flow under a limit holds without its wedge from the rows, which are loaded. */
void dr_sweep_tier_limit(const dr_sweep *w, dr_limited *flow);

/* Puts its wedge into the rows: `fewer` on K, and `scarce` what its producers do not earn of the price. */
void dr_sweep_tier_wedge(dr_sweep *w, const dr_limited *flow, double fewer, double scarce);

/* What its producers earn, in the last sweep. */
double dr_sweep_tier_earned(const dr_sweep *w, const dr_limited *flow);

/* Its part in what is spent on its block. */
double dr_sweep_tier_part(const dr_sweep *w, const dr_limited *flow);

/* The limited product flows of the solution. Errors: DR_MACHINE. */
dr_status dr_sweep_tier_report_limits(const dr_sweep *w, dr_solution *solution);

/* Room for the cells of any block, in numbers. */
static inline size_t dr_tier_room(const dr_tier *tier)
{
    return (tier->most_cells + 7) / 8 * 8;
}

/* Numbers that the functions below need as scratch. */
size_t dr_sweep_tier_scratch(const dr_sweep *w);

/* What a change of the logs of delivered costs by x[i] into a block, and of the wedges of limits on its products by
 * wedge[limit], adds to its flows without tariffs, per unit of spending, beyond what the sector's own theta gives: into
 * more[i], both [stride], and into limited[limited flow] for its flows under limits; without what the wedge of a
 * product does to the earnings on itself. */
void dr_sweep_tier_move(const dr_sweep *w, size_t block, const double *x, const double *wedge, double *more,
                        double *limited, double *scratch);

/* The transpose: sets x[i] for derivatives g[i] with respect to these flows, which are overwritten, and own[row] with
 * respect to the rows of the tier beyond those of their flows (NULL: none); adds to wedge[limit]. `x` is zero before.
 */
void dr_sweep_tier_back(const dr_sweep *w, size_t block, double *g, const double *own, double *x, double *wedge,
                        double *scratch);

/* With them, and `price` that with respect to ln P of the block: the derivatives with respect to the ln of the trade
 * cost of each row of the block, into cost[row]; and to the ln of what producers earn on it, into earned[row]. */
void dr_sweep_tier_back_rows(const dr_sweep *w, size_t block, double *g, const double *own, double price, double *cost,
                             double *earned, double *scratch);

/* The tier of sector s is that of importer n if it has products there. */
static inline bool dr_in_tier(const dr_sweep *w, size_t n, size_t s)
{
    size_t block = s * w->r + n;
    return w->tier && w->tier->tier->cell[block] < w->tier->tier->cell[block + 1];
}

#endif
