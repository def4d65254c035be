/* Bands of a plan: its tariffs and subsidies, found once at the estimates, solved anew for draws of the trade
 * elasticities. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "equilibrium/solve.h"
#include "plan/plan.h"
#include "result/model_draws.h"

/* The tables that have bands, and the columns that do; NULL: all of numbers. With `each`, every draw is a part of the
 * table instead. */
typedef struct banded {
    const char *name;
    dr_status (*make)(dr_table **out, const dr_plan *plan);
    const char *columns[4];
    bool each;
} banded;

static dr_status make_regions(dr_table **out, const dr_plan *plan)
{
    return dr_solution_regions(out, plan->policy.solution);
}

static const banded tables[] = {
    {"sectors", dr_plan_sectors, {"new_share", "new_concentration"}, false},
    {"costs", dr_plan_costs, {NULL}, false},
    {"regions", make_regions, {NULL}, false},
    {"draws", dr_plan_costs, {NULL}, true},
};

enum { TABLES = sizeof tables / sizeof *tables };

typedef struct plan_question {
    const dr_plan *plan;
    const banded *table;
} plan_question;

/* What the plan is measured from, on another model; NULL: its base. */
static dr_status reference_of(dr_reference **out, const dr_plan *plan, const dr_model *model)
{
    dr_solution *before = NULL;
    if (!plan->before)
        return DR_OK;
    DR_TRY(dr_model_certified(&before, model, plan->changes));
    return dr_reference_new(out, before);
}

/* The plan on another model: its aims have the values of that solution, and there is no other policy to compare it
 * with. The working memory of dr_plan_share is that of the copy. */
static dr_status make_of(dr_table **out, const plan_question *q, const dr_model *model, dr_solution *solution)
{
    dr_plan plan = *q->plan;
    dr_aim *aims = dr_new(plan.policy.aim_count, sizeof *aims);
    bool *one_sector = dr_new(model->sectors, sizeof *one_sector);
    dr_reference *before = NULL;
    dr_status status = aims && one_sector ? reference_of(&before, q->plan, model) : dr_fail_memory();
    if (status == DR_OK) {
        memcpy(aims, q->plan->policy.aims, plan.policy.aim_count * sizeof *aims);
        aims[0].result.before = before;
        for (size_t a = 0; a < plan.policy.aim_count; a++)
            aims[a].value = dr_result_value(&aims[a].result, model, solution);
        plan.before = before;
        plan.model = plan.policy.model = model;
        plan.policy.aims = aims;
        plan.policy.solution = solution;
        plan.one_sector = one_sector;
        plan.best = NAN;
        status = q->table->make(out, &plan);
    }
    dr_reference_free(before);
    free(aims);
    free(one_sector);
    return status;
}

static dr_status solve_again(dr_table **out, const dr_model *model, const dr_scenario *scenario, const void *of)
{
    const plan_question *q = of;
    dr_solution *solution = NULL;
    (void)scenario;
    DR_TRY(dr_model_certified(&solution, model, q->plan->policy.scenario));
    dr_status status = make_of(out, q, model, solution);
    dr_solution_free(solution);
    return status;
}

static const banded *find_table(const char *name)
{
    for (size_t k = 0; k < TABLES; k++)
        if (strcmp(tables[k].name, name) == 0)
            return &tables[k];
    return NULL;
}

/* How sure the cost is. */
static void say_band(const dr_model_draws *draws, const dr_plan *plan)
{
    dr_table *table = draws->run.point;
    char band[DR_BAND_SIZE];
    for (size_t row = 0; row < dr_table_rows(table) && !draws->run.each; row++)
        if (strcmp(dr_table_text(table, row, 0), "against nothing") == 0)
            dr_table_say(table, "In 90%% of the draws of trade elasticities %s is %s a year.",
                         plan->efficient ? "the cost to all regions together" : "its cost",
                         dr_draw_run_band(band, &draws->run, row, "value"));
    dr_table_add_note(table,
                      "the plan is the one found at the estimates: each draw solves its tariffs and subsidies anew, "
                      "and no other plan is sought, so that its shares may exceed the caps in a draw");
}

dr_status dr_plan_bands(dr_table **out, const dr_plan *plan, const char *table, const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, plan, table, options));
    DR_TRY(dr_plan_need_sectors(plan, "table of bands"));
    dr_draw_options whole;
    plan_question q = {plan, find_table(table)};
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->threads, 0, INT_MAX));
    if (!q.table)
        return dr_fail(DR_USAGE, "no bands of the table '%.60s' of a plan; expected sectors, costs, regions or draws",
                       table);
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        return dr_fail(DR_BAD_INPUT, "no bands of a plan with look-through shares, which are those of one solution");
    dr_model_draws d = {.make = solve_again, .of = &q, .run.keys = 1, .run.each = q.table->each};
    d.run.columns = q.table->columns[0] ? q.table->columns : NULL;
    dr_status status = dr_model_draws_go(&d, plan->model, NULL, options);
    if (status == DR_OK) {
        say_band(&d, plan);
        status = q.table->each ? dr_draws_each(out, &d) : dr_draws_bands(out, &d.run, options);
    }
    dr_model_draws_free(&d);
    return status;
}
