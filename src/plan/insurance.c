/* What a plan is worth as insurance. */
#include <math.h>

#include "plan/plan.h"

bool dr_plan_insures(const dr_plan *plan)
{
    return plan->risk > 0 && !plan->capped && plan->max_loss == 0 && plan->budget == 0;
}

double dr_plan_uncovered(const dr_plan *plan)
{
    return 1 - plan->months / 12;
}

double dr_plan_carried(const dr_plan *plan)
{
    return 100 * plan->carrying * plan->months / 12 / dr_plan_income(plan);
}

double dr_plan_cost(const dr_plan *plan)
{
    return -plan->policy.aims[0].value;
}

double dr_plan_stock_cost(const dr_plan *plan)
{
    return plan->months > 0 ? dr_plan_carried(plan) * plan->policy.aims[plan->shares + 1].value : 0;
}

double dr_plan_loss(const dr_plan *plan)
{
    return dr_plan_uncovered(plan) * (1 - dr_plan_cost(plan) / 100) * plan->cut->loss;
}

double dr_plan_avoided(const dr_plan *plan)
{
    return plan->loss_before - dr_plan_loss(plan);
}

double dr_plan_gain(const dr_plan *plan)
{
    return plan->risk * dr_plan_avoided(plan) - dr_plan_cost(plan) - dr_plan_stock_cost(plan);
}

static double break_even(double cost, double avoided)
{
    if (cost <= 0)
        return avoided >= 0 ? 0 : INFINITY;
    return avoided > 0 ? cost / avoided : INFINITY;
}

double dr_plan_break_even(const dr_plan *plan)
{
    return break_even(dr_plan_cost(plan) + dr_plan_stock_cost(plan), dr_plan_avoided(plan));
}

double dr_plan_stock_break_even(const dr_plan *plan)
{
    double covered = (1 - dr_plan_uncovered(plan)) * (1 - dr_plan_cost(plan) / 100) * plan->cut->loss;
    return break_even(dr_plan_stock_cost(plan), covered);
}
