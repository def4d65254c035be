/* The loss from a sudden stop of supply under a plan: a ban in the short-run model whose base is the equilibrium under
 * the plan. docs/plan.md, "Limiting the loss from a cut-off". */
#ifndef DR_PLAN_CUTOFF_H
#define DR_PLAN_CUTOFF_H

#include "plan/policy.h"

typedef struct dr_cutoff {
    dr_model *settings; /* a short-run model on the original base, whose settings the ones below take */
    dr_scenario *ban;
    dr_result welfare;     /* of the regions that are cut off */
    dr_model *short_run;   /* the short-run model on the equilibrium evaluated last */
    dr_solution *solution; /* its equilibrium under the ban */
    dr_point point;
    dr_seed seed;
    dr_adjoint adjoint;
    bool ready;       /* seed and adjoint are allocated */
    double loss;      /* of real income, percent */
    double *gradient; /* [instrument] d loss / dy */
} dr_cutoff;

/* A ban of the trade between the sides in the marked sectors. The short-run model takes closure and rigid wages from
 * `model`. `instruments`: the number of derivatives. Errors: as dr_model_new. Free with dr_cutoff_free. */
dr_status dr_cutoff_new(dr_cutoff **out, const dr_model *model, const dr_sides *sides, const bool *sectors,
                        size_t instruments);
void dr_cutoff_free(dr_cutoff *cutoff);

/* The loss under a policy that was last evaluated at y and, with `gradients`, its derivatives. Errors: DR_NO_SOLUTION
 * (no supplier is left, or no equilibrium without one), DR_MACHINE. */
dr_status dr_cutoff_evaluate(dr_cutoff *cutoff, dr_policy *policy, const double *y, bool gradients);

#endif
