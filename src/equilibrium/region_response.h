/* The response of each region's own block at the base, which turns the residual of a sweep into a better step.
 *
 * Of all that a change in region n sets off, most stays in n: its costs go into its own prices, its spending into its
 * own sales. With everything abroad as it is, the residuals F of a sweep at unit costs c, sales Y, spending E and the
 * wage W of one region (all changes of logs, from the base) lead to
 *
 *   c = A' H c + g w + F_c                              A input shares in cost, H home shares, g value added in cost
 *   E = U Y + substitution(c) + f l W + F_E             U, f: inputs and final use in spending; l wages in income
 *   Y = phi E - kappa c                                 phi home market in sales, kappa theta (1 - sum_m phi_m pi_m)
 *   w = the wage of Y: of the region, or where labour is not mobile, of each sector, (eta + psi) w = Y - (1 - eta) c +
 *       psi W + (1 + psi) F_w
 *
 * a linear system for each region, which the steps c, E and w solve. It is kept as two matrices of sectors by sectors
 * (three, if inputs replace each other), in single precision since the sweep that follows corrects it, for eight
 * regions side by side. It belongs to the model and serves all scenarios of it; models like it, but for their trade
 * elasticities or base, use it too. Limits on volumes, which have unknowns of their own, keep their plain steps. */
#ifndef DR_EQUILIBRIUM_REGION_RESPONSE_H
#define DR_EQUILIBRIUM_REGION_RESPONSE_H

#include "equilibrium/sweep.h"

typedef struct dr_region_response dr_region_response;

/* For a calibrated model; a single piece of memory, for free(). *out stays NULL where the system is another one: with
 * several factors, scale economies, or sectors whose wages nothing holds. Time grows with regions * sectors^3, memory
 * with regions * sectors^2. Errors: DR_MACHINE. */
dr_status dr_region_response_new(dr_region_response **out, const dr_model *model);

/* Whether the wages of a sweep are those of the response: in one row or in one for each sector, without a floor and
 * of fixed labour. */
bool dr_region_response_fits(const dr_region_response *response, const dr_sweep *w);

/* Numbers that dr_region_response_apply needs as scratch. */
size_t dr_region_response_scratch(const dr_region_response *response);

/* Overwrites the residual f of a sweep, G(x) - x, by the step. */
void dr_region_response_apply(const dr_region_response *response, const dr_sweep *w, float *scratch, double *f);

/* The transpose, for multipliers of the unknowns: overwrites what G_x' lambda + J_x is beyond lambda by the step. */
void dr_region_response_back(const dr_region_response *response, const dr_sweep *w, float *scratch, double *f);

#endif
