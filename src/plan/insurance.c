/* The value of a plan as insurance against a cut-off. With W the change of real income by the plan, as its objective
 * counts it, L the loss in a cut-off under the plan, L0 that without a plan, S the cost of a stock, and p the yearly
 * probability of a cut-off (docs/plan.md):
 *
 *   loss avoided     L0 - (1 + W) L
 *   expected gain    p (L0 - (1 + W) L) + W - S
 *   break-even risk  p* = (S - W) / (L0 - (1 + W) L) */
#include <math.h>

#include "plan/plan.h"

double dr_plan_income(const dr_plan *plan)
{
    return dr_regions_income(plan->model, plan->sides.of);
}

/* At the prices of the plan. The plan's rates are what its tariffs differ by from those without it. */
void dr_plan_fiscal_effects(const dr_plan *plan, double *revenue, double *support)
{
    const dr_policy *p = &plan->policy;
    const dr_solution *before = dr_plan_before(plan);
    *revenue = plan->products ? dr_product_caps_revenue(plan->products) : 0;
    *support = 0;
    for (size_t l = 0; l < p->count; l++)
        for (size_t j = 0; j < p->instruments[l].count; j++) {
            size_t flow = p->instruments[l].flows[j];
            double without = before ? before->tariff[flow] : dr_base_tariff(&plan->model->base, flow);
            double added = p->solution->tariff[flow] - without;
            *revenue += fmax(0, added) * p->solution->flow[flow];
            *support += fmax(0, -added) * p->solution->flow[flow];
        }
}

bool dr_plan_insures(const dr_plan *plan)
{
    return plan->risk > 0 && !plan->capped && plan->max_loss == 0 && plan->budget == 0 && plan->most_concentration == 0;
}

double dr_plan_uncovered(const dr_plan *plan)
{
    return 1 - plan->stock_months / 12;
}

double dr_plan_carrying_cost(const dr_plan *plan)
{
    return 100 * plan->carrying_cost * plan->stock_months / 12 / dr_plan_income(plan);
}

double dr_plan_cost(const dr_plan *plan)
{
    if (plan->products)
        return plan->products->cost;
    return 0 - plan->policy.aims[0].value; /* no -0 where nothing is done */
}

double dr_plan_stock_cost(const dr_plan *plan)
{
    return plan->stock_months > 0 ? dr_plan_carrying_cost(plan) * plan->policy.aims[dr_plan_limited(plan) + 1].value
                                  : 0;
}

double dr_plan_loss(const dr_plan *plan)
{
    return dr_plan_uncovered(plan) * (1 - dr_plan_cost(plan) / 100) * plan->cutoff->loss;
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
    double covered = (1 - dr_plan_uncovered(plan)) * (1 - dr_plan_cost(plan) / 100) * plan->cutoff->loss;
    return break_even(dr_plan_stock_cost(plan), covered);
}
