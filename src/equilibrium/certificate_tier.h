/* Products within imports in the certificate: the shares of a block in levels, by plain loops over the formulas of
 * model/tier.h, from the costs of a solution. Nothing of the solver's arithmetic is used. */
#ifndef DR_EQUILIBRIUM_CERTIFICATE_TIER_H
#define DR_EQUILIBRIUM_CERTIFICATE_TIER_H

#include "equilibrium/solution.h"

typedef struct dr_tier_levels {
    const dr_solution *solution;
    const dr_scenario *scenario;
    const double *wedge;    /* [n, i, s] of limits; NULL: none */
    const double *producer; /* [n, i, s] the part of it that producers do not earn; with `wedge` */
    double *cost_power;     /* [class, i] c^-theta */
    double *share;          /* [n, i, s] part of an exporter in spending; filled where there are products */
    double *basic;          /* [n, i, s] the same less tariffs */
    double *product;        /* [cell] q, and then the part of a product in imports over q */
    unsigned *limit;        /* [row] number of the limit on the product, from 1; NULL: there are none */
    double *base, *left;    /* [limit] on products: its base value, and the part of it that it leaves */
    double *part;           /* [row] its part in spending, where there are limits on products */
} dr_tier_levels;

/* Takes memory; dr_tier_levels_free frees it, on failure too. Errors: DR_MACHINE. */
dr_status dr_tier_levels_new(dr_tier_levels *out, const dr_solution *solution, const dr_scenario *scenario,
                             const double *wedge, const double *producer);
void dr_tier_levels_free(dr_tier_levels *levels);

/* The row of the tier that is product flow `j` of a limit on products; DR_TIER_NO_ROW: the base has no such flow. */
#define DR_TIER_NO_ROW ((size_t)-1)
size_t dr_tier_levels_row(const dr_model *model, const dr_volume_limit *limit, size_t j);

/* Whether importer n has products of sector s. */
bool dr_tier_levels_has(const dr_tier_levels *levels, size_t n, size_t s);

/* Fills the shares of n in s; left[i] is the part of base supply that limits leave of an exporter. Returns the
 * largest of the relative gaps between what this says and what the solution has: of the price of the sector, of the
 * prices of its products, and of product flows, relative to the spending on the sector where they are small. */
double dr_tier_levels_fill(dr_tier_levels *levels, size_t n, size_t s, const double *left);

#endif
