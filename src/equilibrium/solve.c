/* Solving a model under a scenario, with its certificate, and advice where there is no solution. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/check.h"
#include "equilibrium/certificate.h"
#include "equilibrium/equilibrium.h"
#include "equilibrium/several.h"
#include "equilibrium/solution.h"
#include "equilibrium/solve.h"
#include "model/one_good.h"
#include "scenario/product_change.h"

static dr_status find_certified(dr_solution **out, const dr_model *model, const dr_scenario *scenario, bool *surplus)
{
    char heading[DR_HEADLINE_SIZE];
    dr_scenario *of_one_good = NULL;
    const dr_scenario *given = scenario;
    if (scenario && scenario->economy != model->economy && scenario->economy == model->whole) {
        DR_TRY(dr_one_good_scenario(&of_one_good, model, scenario));
        scenario = of_one_good;
    }
    dr_solution *solution = dr_new(1, sizeof *solution);
    if (!solution) {
        dr_scenario_free(of_one_good);
        return dr_fail_memory();
    }
    solution->scenario = strdup(scenario ? dr_scenario_heading(heading, scenario) : "");
    dr_status status = solution->scenario ? dr_equilibrium_solve(solution, model, scenario, 1, NULL) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_certify(solution, scenario);
    if (status == DR_OK)
        status = dr_solution_keep(solution, scenario, given);
    dr_scenario_free(of_one_good);
    *surplus = solution->surplus;
    if (status == DR_OK)
        *out = solution;
    else
        dr_solution_free(solution);
    return status;
}

dr_status dr_model_certified(dr_solution **out, const dr_model *model, const dr_scenario *scenario)
{
    bool surplus = false;
    return find_certified(out, model, scenario, &surplus);
}

/* Tries other options; true if there is a solution. */
static bool solves_with(const dr_model *model, const dr_scenario *scenario, const dr_model_options *options)
{
    dr_model *other = NULL;
    dr_solution *solution = NULL;
    bool solves =
        dr_model_new(&other, model->whole, options) == DR_OK && dr_model_certified(&solution, other, scenario) == DR_OK;
    dr_solution_free(solution);
    dr_model_free(other);
    return solves;
}

/* Adds to the error the option under which there is a solution: balanced trade, if a surplus diverges, else pooling in
 * thin markets. */
static dr_status advise(const dr_model *model, const dr_scenario *scenario, bool surplus)
{
    static const char *const pooled = "20%";
    char why[2048];
    dr_model_options options = model->options;
    snprintf(why, sizeof why, "%s", dr_error_text());
    if (surplus && options.closure != DR_CLOSURE_ZERO) {
        options.closure = DR_CLOSURE_ZERO;
        if (solves_with(model, scenario, &options))
            return dr_fail(DR_NO_SOLUTION, "%s; with trade balances of zero (closure zero) there is a solution", why);
    } else if (!surplus && model->nests.thin == 0) {
        options.thin_markets = pooled;
        if (solves_with(model, scenario, &options))
            return dr_fail(DR_NO_SOLUTION, "%s; with thin-markets %s there is a solution", why, pooled);
    }
    options = model->options;
    options.scale = "0";
    if (model->scale && !model->cost_part && solves_with(model, scenario, &options))
        return dr_fail(DR_NO_SOLUTION,
                       "%s; with constant returns (scale 0) there is a solution: scale economies of this size, which "
                       "inputs multiply, leave none that is stable",
                       why);
    DR_TRY(dr_cancel_check());
    return dr_fail(DR_NO_SOLUTION, "%s", why);
}

dr_status dr_model_solve(dr_solution **out, const dr_model *model, const dr_scenario *scenario)
{
    DR_TRY(DR_GIVEN(out, model));
    DR_TRY(dr_scenario_check(__func__, model, scenario));
    bool surplus = false;
    dr_solution *solution = NULL;
    dr_status status = find_certified(&solution, model, scenario, &surplus);
    if (status == DR_OK)
        status = dr_several_starts(solution, scenario);
    else if (status == DR_NO_SOLUTION && scenario)
        status = advise(model, scenario, surplus);
    if (status == DR_OK)
        *out = solution;
    else
        dr_solution_free(solution);
    return status;
}

dr_status dr_model_solve_near(dr_solution **out, const dr_model *model, const dr_scenario *scenario,
                              const dr_solution *near)
{
    dr_solution *solution = dr_new(1, sizeof *solution);
    dr_status status = solution ? dr_equilibrium_solve(solution, model, scenario, 1, near) : dr_fail_memory();
    if (status == DR_OK)
        *out = solution;
    else
        dr_solution_free(solution);
    return status;
}

dr_status dr_model_solve_part(dr_solution **out, const dr_model *model, const dr_scenario *scenario, double part,
                              const dr_solution *near)
{
    dr_solution *solution = dr_new(1, sizeof *solution);
    dr_status status = solution ? dr_equilibrium_solve(solution, model, scenario, part, near) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_solution_keep_barriers(solution, scenario, part);
    if (status == DR_OK)
        status = dr_solution_keep_rows(solution, scenario, part);
    if (status == DR_OK)
        *out = solution;
    else
        dr_solution_free(solution);
    return status;
}

static dr_status ban_product(dr_scenario *scenario, dr_change ban, size_t product)
{
    dr_product_set set = {0};
    DR_TRY(dr_product_changes_need(scenario));
    DR_TRY(dr_product_set_new(&set, scenario));
    dr_product_set_mark(&set, product);
    ban.products = &set;
    dr_status status = dr_scenario_apply(scenario, &ban);
    free(set.mask);
    return status;
}

dr_status dr_model_product_ban(dr_scenario **out, const dr_model *model, const dr_change *ban, size_t product)
{
    dr_scenario *scenario = NULL;
    DR_TRY(dr_scenario_new(&scenario, model->economy));
    dr_status status = ban_product(scenario, *ban, product);
    if (status == DR_OK)
        *out = scenario;
    else
        dr_scenario_free(scenario);
    return status;
}
