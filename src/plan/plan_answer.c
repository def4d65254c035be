/* The answer of a plan in words. */
#include <math.h>

#include "base/money.h"
#include "base/table_rows.h"
#include "plan/plan.h"
#include "result/result.h"
#include "world/describe.h"

/* What the plan costs by its own objective. */
static void say_cost(dr_table *table, const dr_plan *plan, const char *of)
{
    const char *unit = plan->model->economy->unit;
    double cost = dr_plan_cost(plan);
    char money[DR_MONEY_SIZE];
    dr_money(money, cost / 100 * dr_plan_income(plan), unit);
    if (plan->efficient && cost < 0)
        dr_table_say(
            table,
            "The plan gains all regions together %s a year, %.4f%% of the real income of %s: its tariffs and "
            "support make up for other distortions of the economy, such as scale economies or taxes on labour.",
            money, -cost, of);
    else if (plan->efficient)
        dr_table_say(table, "Less dependence costs all regions together %s a year, %.4f%% of the real income of %s.",
                     money, cost, of);
    else if (cost >= 0)
        dr_table_say(table, "The plan costs %s %s a year, %.4f%% of its real income.", of, money, cost);
    else
        dr_table_say(table,
                     "Under the plan %s gains %s a year, %.4f%% of its real income: its tariffs improve its terms of "
                     "trade by more than they cost, as long as no other region retaliates.",
                     of, money, -cost);
}

/* Who bears it: the loss of both sides, unless it is the cost, and what the terms of trade move between them. */
static void say_parts(dr_table *table, const dr_plan *plan, const char *of)
{
    const char *unit = plan->model->economy->unit;
    dr_cost_parts parts;
    char own[DR_MONEY_SIZE], others[DR_MONEY_SIZE], moved[DR_MONEY_SIZE];
    dr_plan_cost_parts(plan, &parts);
    const char *lose = parts.others_loss < 0 ? "gain" : "lose",
               *way = parts.terms_of_trade < 0 ? "it to them" : "them to it";
    dr_money(others, parts.others_loss, unit);
    dr_money(moved, parts.terms_of_trade, unit);
    if (plan->efficient)
        dr_table_say(table,
                     "%s %s %s a year, %.4f%% of its real income, and the other regions %s %s: the plan moves %s from "
                     "%s by the terms of trade.",
                     of, parts.own_loss < 0 ? "gains" : "loses", dr_money(own, parts.own_loss, unit),
                     100 * fabs(parts.own_loss) / dr_plan_income(plan), lose, others, moved, way);
    else
        dr_table_say(table, "The other regions %s %s a year: the plan moves %s from %s by the terms of trade.", lose,
                     others, moved, way);
}

void dr_plan_answer(dr_table *table, const dr_plan *plan)
{
    const dr_economy *e = plan->model->economy;
    const char *of = plan->of_words, *from = plan->from_words;
    dr_describe_names(table, e);
    if (dr_plan_does_nothing(plan) && !plan->products)
        dr_table_say(table, "No cap binds, and nothing is done.");
    if (plan->products)
        dr_plan_say_products(table, plan);
    else
        dr_table_say(table, "The share of %s in all these sectors together is %.2f%% %s and %.2f%% under the plan.",
                     from, 100 * dr_result_value(&plan->total, plan->model, dr_plan_before(plan)),
                     plan->before ? "without the plan" : "in the base",
                     100 * dr_result_value(&plan->total, plan->model, plan->policy.solution));
    if (dr_plan_does_nothing(plan))
        return;
    say_cost(table, plan, of);
    say_parts(table, plan, of);
}

/* "Its highest tariff is 7.07%, on electrical and optical equipment." */
void dr_plan_answer_rates(dr_table *table, const dr_plan *plan)
{
    static const struct {
        const char *column, *what;
    } rates[] = {{"tariff", "tariff"},
                 {"support_others", "support of other suppliers"},
                 {"support_home", "support of home production"}};
    char sector[DR_SPOKEN_SIZE];
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        size_t row = dr_table_largest(table, rates[i].column, 1, DR_NO_ROW);
        if (row != DR_NO_ROW && dr_table_at(table, row, rates[i].column) >= 0.005)
            dr_table_say(table, "The highest %s is %.2f%%, for %s.", rates[i].what,
                         dr_table_at(table, row, rates[i].column),
                         dr_spoken_sector(sector, plan->model->economy, dr_table_text_at(table, row, "sector")));
    }
}
