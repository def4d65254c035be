/* Least-cost plans: making, solving and freeing one. docs/plan.md. */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

void dr_plan_free(dr_plan *plan)
{
    if (!plan)
        return;
    if (plan->products) { /* which has them */
        plan->policy.solution = NULL;
        plan->policy.scenario = NULL;
    }
    dr_product_caps_free(plan->products);
    dr_reference_free(plan->before);
    dr_policy_free(&plan->policy);
    dr_cutoff_free(plan->cutoff);
    dr_look_free(plan->look);
    dr_optimum_free(&plan->optimum);
    free(plan->low);
    free(plan->high);
    free(plan->unit);
    dr_sides_free(&plan->sides);
    dr_result_free(&plan->total);
    free(plan->of);
    free(plan->from);
    free(plan->cap);
    free(plan->taxed);
    free(plan->one_sector);
    free(plan);
}

/* Prepares the cut-off and measures its loss without a plan. */
static dr_status measure_loss_before(dr_plan *plan)
{
    dr_policy *p = &plan->policy;
    double *no_policy = dr_new_doubles(p->count);
    dr_status status =
        no_policy ? dr_cutoff_new(&plan->cutoff, plan->model, &plan->sides, plan->taxed, p->count) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_policy_evaluate(p, no_policy, false);
    if (status == DR_OK)
        status = dr_cutoff_evaluate(plan->cutoff, p, no_policy, false);
    if (status == DR_OK)
        plan->loss_before = plan->cutoff->loss;
    free(no_policy);
    return status;
}

static dr_status take_sides(dr_plan *plan, const dr_plan_parties *between, bool inside)
{
    const dr_economy *e = plan->model->economy;
    if (between->sides)
        return dr_sides_copy(&plan->sides, between->sides, e->regions);
    DR_TRY(dr_sides_read(&plan->sides, e, NULL, between->of, between->from));
    plan->sides.inside = inside;
    return inside ? DR_OK : dr_sides_apart(&plan->sides, e, between->of, between->from);
}

static dr_status fill_plan(dr_plan *plan, const dr_plan *earlier, const dr_model *model, const dr_plan_parties *between,
                           const dr_plan_options *options, bool cut_off)
{
    const size_t default_starts = 2;
    plan->model = model;
    plan->efficient = options->objective == DR_OBJECTIVE_EFFICIENT;
    if (plan->efficient && model->revenue_use == DR_REVENUE_KEEP)
        return dr_fail(DR_BAD_INPUT,
                       "the objective efficient counts what all regions lose together, and revenue that is "
                       "kept is not lost; expected the revenue rebate or income-tax, or the objective "
                       "own");
    plan->share = options->share;
    plan->starts = options->starts > 0 ? options->starts : default_starts;
    plan->of = strdup(between->of);
    plan->from = strdup(between->from);
    if (!plan->of || !plan->from)
        return dr_fail_memory();
    dr_spoken(plan->of_words, model->economy, plan->of);
    dr_spoken(plan->from_words, model->economy, plan->from);
    if (options->products) {
        if (options->changes)
            return dr_fail(DR_USAGE, "a plan by product has no changes that hold throughout; expected no changes");
        DR_TRY(take_sides(plan, between, options->inside));
        return dr_plan_by_product(plan, options);
    }
    DR_TRY(dr_plan_take_changes(plan, options));
    DR_TRY(dr_plan_read_limits(plan, options));
    DR_TRY(take_sides(plan, between, options->inside));
    DR_TRY(dr_plan_read_instruments(plan, options->levers));
    DR_TRY(dr_plan_read_caps(plan, options));
    DR_TRY(dr_plan_build(plan, options));
    if (cut_off || plan->max_loss > 0 || plan->risk > 0)
        DR_TRY(measure_loss_before(plan));
    return dr_plan_search(plan, earlier, options);
}

dr_status dr_plan_warm_start(dr_plan **out, const dr_plan *earlier, const dr_model *model,
                             const dr_plan_parties *between, const dr_plan_options *options, bool cut_off)
{
    dr_plan *plan = dr_new(1, sizeof *plan);
    dr_status status = plan ? fill_plan(plan, earlier, model, between, options, cut_off) : dr_fail_memory();
    if (status == DR_OK)
        *out = plan;
    else
        dr_plan_free(plan);
    return status;
}

dr_status dr_plan_new(dr_plan **out, const dr_model *model, const char *of, const char *from,
                      const dr_plan_options *options)
{
    DR_TRY(DR_GIVEN(out, model, of, from, options));
    dr_plan_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(dr_plan_check_options(__func__, options));
    dr_plan *plan = NULL;
    DR_TRY(dr_plan_warm_start(&plan, NULL, model, &(dr_plan_parties){of, from, NULL}, options, false));
    char title[DR_PLAN_TITLE_SIZE];
    dr_status status = dr_plan_search_best(plan, options);
    if (status == DR_OK)
        status = dr_solution_set_title(plan->policy.solution, dr_plan_title(title, plan));
    if (status == DR_OK && plan->before)
        status = dr_solution_add_note(plan->policy.solution, "measured from the base, so that it holds the effect of "
                                                             "the changes that hold with and without the plan, too");
    if (status == DR_OK)
        *out = plan;
    else
        dr_plan_free(plan);
    return status;
}

const dr_solution *dr_plan_solution(const dr_plan *plan)
{
    return plan ? plan->policy.solution : NULL;
}

dr_status dr_plan_write(const dr_plan *plan, const char *path)
{
    char title[DR_PLAN_TITLE_SIZE];
    DR_TRY(DR_GIVEN(plan));
    return dr_scenario_write(plan->policy.scenario, dr_plan_title(title, plan), &plan->model->options, path);
}
