/* Results of an equilibrium by name, of which derivatives are taken: their values and partial derivatives. */
#ifndef DR_DERIVATIVE_GRADIENT_H
#define DR_DERIVATIVE_GRADIENT_H

#include "derivative/look_through.h"

/* The kinds of result:
 *   welfare:OF                      real income of regions OF, change in percent, as in the table of regions
 *   share:OF:FROM[:SECTORS]         share of FROM in the imports of OF of SECTORS, a fraction
 *   use:OF:FROM[:SECTORS]           share of FROM in all use of OF of SECTORS, domestic purchases included
 *   flow:OF:FROM[:SECTORS]          purchases of OF from FROM, a value without tariffs
 *   look-through:OF:FROM[:SECTORS]  share of FROM in the inputs of SECTORS of OF through all stages: look_through.h
 * and two without a name, by which plans are judged:
 *   efficiency     what a policy of tariffs and subsidies costs all regions together, less what follows from the
 *                  tariffs of the base, with the sign of a gain, in percent of the base income of OF:
 *                    100 (sum_n EV[n] - sum_f tau[f] (X'[f] / c[f] - X[f])) / sum over OF of I[n]
 *                  with EV the equivalent variation, tau the tariffs of the base, X flows without tariffs and c the
 *                  unit cost of the exporter over base. Never above 0: docs/model.md, "Cost of a policy"
 *   concentration  Herfindahl-Hirschman index of the suppliers in the imports of OF of SECTORS, 0 to 1 */
typedef enum dr_result_kind {
    DR_RESULT_WELFARE,
    DR_RESULT_SHARE,
    DR_RESULT_USE,
    DR_RESULT_FLOW,
    DR_RESULT_LOOK,
    DR_RESULT_EFFICIENCY,
    DR_RESULT_CONCENTRATION
} dr_result_kind;

typedef struct dr_result {
    dr_result_kind kind;
    bool *of, *from;                   /* [region] */
    bool *sectors;                     /* [sector] */
    const dr_look *look;               /* of a look-through share: what it is read off, for the same `from`; borrowed */
    const struct dr_reference *before; /* what welfare and efficiency are measured from; borrowed; NULL: the base */
} dr_result;

/* Reads the name of a result. Errors: DR_BAD_INPUT (unknown kind or name, no region in it). Free with dr_result_free,
 * on failure too. */
dr_status dr_result_read(dr_result *out, const dr_economy *economy, const char *text);
void dr_result_free(dr_result *result);

/* Its value at a solution (a look-through share's: the one that its `look` measured last); in the base if `solution` is
 * NULL. NAN: a share of nothing. */
double dr_result_value(const dr_result *result, const dr_model *model, const dr_solution *solution);

/* The derivatives with respect to shifts: to the ln of the supply of a factor in all sectors of a region, [factor, n],
 * and of its demand for a good, [n, s]; and to a region's income, [n]. And to ln(1 + rate) of a tax of the exporter of
 * a flow, [n, i, s]: dr_adjoint_export_tax. NULL: not wanted. */
typedef struct dr_shift_gradient {
    double *supply, *demand, *income, *export_tax;
} dr_shift_gradient;

/* dr_solution_gradient, with these too (NULL: none). */
dr_status dr_gradient_find(dr_gradient *out, const dr_shift_gradient *shifts, const dr_solution *solution,
                           const dr_scenario *scenario, const char *result);

/* The welfare of regions [n] at the unknowns of a sweep: that of dr_result_value where they are a solution. */
double dr_sweep_welfare(const dr_sweep *w, const bool *of);

/* The base income of a group of regions, in the unit of the world. */
double dr_regions_income(const dr_model *model, const bool *regions);

/* Its seed at the point of a solution, into arrays that belong to the seed (dr_seed_new; freed by dr_seed_free). */
dr_status dr_seed_new(dr_seed *seed, const dr_point *point);
void dr_seed_free(dr_seed *seed);
void dr_seed_fill(dr_seed *seed, const dr_result *result, const dr_point *point, const dr_solution *solution);

/* Adds a result that is a function of product flows, with the derivatives of_row [row of the tier] with respect to what
 * producers earn on each (solution->product_flow); after dr_seed_fill, or without it. Errors: DR_MACHINE. */
dr_status dr_seed_add_rows(dr_seed *seed, const double *of_row, const dr_point *point, const dr_solution *solution);

#endif
