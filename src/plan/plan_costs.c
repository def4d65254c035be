/* What a plan costs, and whom. With R the cost of the policy to all regions together without what follows from the
 * tariffs of the base (docs/model.md, "Cost of a policy"), EV equivalent variations, and T what the tariffs of the base
 * would raise more at the prices of the base,
 *
 *   EV of all = T of all - R
 *
 * The instruments are on purchases of `of`, so that R falls on it. What is left of its own EV is what the terms of
 * trade move to it from the others:
 *
 *   EV of `of`   = T of `of` - R + terms of trade
 *   EV of others = T of others   - terms of trade
 *
 * With changes that hold without the plan, all this is measured from the equilibrium under them, and T is of all wedges
 * between what is paid there and what producers earn. */
#include <math.h>

#include "base/check.h"
#include "base/table.h"
#include "plan/plan.h"
#include "result/welfare.h"

void dr_plan_cost_parts(const dr_plan *plan, dr_cost_parts *out)
{
    const dr_solution *solution = plan->policy.solution;
    *out = (dr_cost_parts){0};
    for (size_t n = 0; n < plan->model->regions; n++) {
        double loss = -dr_solution_gain(solution, plan->before, n) / 100;
        *(plan->sides.of[n] ? &out->own_loss : &out->others_loss) += loss;
        *(plan->sides.of[n] ? &out->own_tariffs : &out->other_tariffs) +=
            dr_solution_standing(solution, plan->before, n);
    }
    out->dependence = out->own_loss + out->others_loss + out->own_tariffs + out->other_tariffs;
    out->terms_of_trade = out->others_loss + out->other_tariffs;
}

double dr_plan_against_best(const dr_plan *plan)
{
    return plan->best + dr_plan_cost(plan);
}

bool dr_plan_does_nothing(const dr_plan *plan)
{
    bool nothing = true;
    for (size_t l = 0; l < plan->policy.count; l++)
        nothing &= fabs(plan->optimum.y[l]) == 0;
    for (size_t a = 0; plan->products && a < plan->products->suppliers; a++)
        nothing &= !plan->products->supplier[a].taxed;
    return nothing;
}

enum { ITEM, VALUE, PERCENT };

static void add_item(dr_table *table, const dr_plan *plan, const char *item, double value)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, ITEM, item);
    dr_table_set_number(table, row, VALUE, value);
    dr_table_set_number(table, row, PERCENT, 100 * value / dr_plan_income(plan));
}

static void add_items(dr_table *table, const dr_plan *plan)
{
    dr_cost_parts parts;
    double revenue, support, income = dr_plan_income(plan), more = dr_plan_against_best(plan);
    dr_plan_cost_parts(plan, &parts);
    dr_plan_fiscal_effects(plan, &revenue, &support);
    add_item(table, plan, "less dependence", parts.dependence);
    add_item(table, plan, "terms of trade", parts.terms_of_trade);
    add_item(table, plan, "own tariffs", parts.own_tariffs);
    add_item(table, plan, "other tariffs", parts.other_tariffs);
    add_item(table, plan, "own loss", parts.own_loss);
    add_item(table, plan, "loss of others", parts.others_loss);
    add_item(table, plan, "loss of all", parts.own_loss + parts.others_loss);
    add_item(table, plan, "revenue", revenue);
    add_item(table, plan, "support", support);
    add_item(table, plan, "against nothing", dr_plan_cost(plan) / 100 * income);
    if (!isnan(more))
        add_item(table, plan, "against the best", more / 100 * income);
}

dr_status dr_plan_costs(dr_table **out, const dr_plan *plan)
{
    static const dr_column_spec columns[] = {
        [ITEM] = {"item", DR_SHOW_TEXT}, [VALUE] = {"value", DR_SHOW_VALUE}, [PERCENT] = {"percent", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    DR_TRY(DR_GIVEN(out, plan));
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_plan_describe(table, plan);
    dr_table_keep_rows(table);
    dr_table_add_note(table, "percent: of the real income of %s", plan->of_words);
    add_items(table, plan);
    return dr_table_finish(out, table, DR_OK);
}
