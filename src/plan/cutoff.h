/* What a sudden stop of somebody's supply would cost, the day after a plan: a ban in a model of the short run whose base is the equilibrium
 * under the plan. docs/plan.md, "If supply is cut". */
#ifndef DR_PLAN_CUTOFF_H
#define DR_PLAN_CUTOFF_H

#include "plan/policy.h"

typedef struct dr_cutoff {
    dr_model *like; /* the settings of the short run */
    dr_scenario *ban;
    dr_result welfare;     /* of who is cut off */
    dr_model *after;       /* the short run from the equilibrium last looked at */
    dr_solution *solution; /* under the ban */
    dr_point point;
    dr_seed seed;
    dr_adjoint adjoint;
    bool ready;       /* seed and adjoint have their memory */
    double loss;      /* of real income, percent */
    double *gradient; /* [lever] d loss / dy */
} dr_cutoff;

/* The goods of these sectors are cut off between the sides; the short run takes closure and rigid wages from the model. `levers`: how many
 * there are of which derivatives are taken. Errors: as dr_model_new. Free with dr_cutoff_free. */
dr_status dr_cutoff_new(dr_cutoff **out, const dr_model *model, const dr_sides *sides, const bool *sectors,
                        size_t levers);
void dr_cutoff_free(dr_cutoff *cutoff);

/* The loss after the equilibrium of a policy at y, which is its last evaluation, and with `gradients` its derivatives. Errors: DR_NO_SOLUTION
 * (no supplier is left, or no equilibrium without), DR_MACHINE. */
dr_status dr_cutoff_evaluate(dr_cutoff *cutoff, dr_policy *policy, const double *y, bool gradients);

#endif
