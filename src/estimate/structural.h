/* Structural gravity in general equilibrium: the solution, and its certificate. Formulas: docs/gravity.md. */
#ifndef DR_ESTIMATE_STRUCTURAL_H
#define DR_ESTIMATE_STRUCTURAL_H

#include "derisk.h"

/* An equilibrium: X(i,n) = a(i) t(i,n) b(n), b = 1 for the reference. Hence Pi^(1 - sigma) = Y E_ref / a and P^(1 -
 * sigma) = E / (b E_ref), where E_ref is the reference's expenditure. */
typedef struct dr_resistances {
    double *y, *e, *a, *b; /* [regions] */
} dr_resistances;

typedef struct dr_structural {
    const dr_structural_data *data;
    size_t regions, reference;
    dr_resistances base, conditional, full;
    double *price;   /* [regions] factory-gate, over the base's */
    double *sum;     /* [regions] scratch */
    double residual; /* of the worst equation, relative: the certificate */
} dr_structural;

/* Solves for the base and both counterfactuals. Errors: DR_BAD_INPUT, DR_NO_SOLUTION, DR_MACHINE. Free with
 * dr_structural_free, on failure too. */
dr_status dr_structural_solve(dr_structural *out, const dr_structural_data *data);
void dr_structural_free(dr_structural *structural);

/* The certificate, into `residual`: every equation anew from resistances and prices. Errors: DR_NO_SOLUTION (one
 * that is missed by more than 1e-9, which it names). */
dr_status dr_structural_certify(dr_structural *structural);

#endif
