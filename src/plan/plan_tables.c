/* A plan as a table, one row for each sector. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/money.h"
#include "base/print.h"
#include "base/table.h"
#include "plan/plan.h"
#include "result/result.h"
#include "world/describe.h"

typedef struct sector_row {
    size_t sector;
    double purchases, share, new_share, concentration, new_concentration;
    double shadow, concentration_shadow; /* percent of real income for each unit of the share, of the index */
    double rate[DR_ORIGINS];             /* percent; NAN: no instrument */
} sector_row;

/* The base of the share of a sector: the imports of `of`, its total use, or (look-through) the inputs of the sector. */
static double purchases(const dr_plan *plan, size_t s)
{
    const dr_model *m = plan->model;
    const double *flow = plan->before ? plan->before->solution->flow : m->base.flow;
    double sum = 0;
    for (size_t n = 0; n < m->regions && plan->share == DR_SHARE_LOOK_THROUGH; n++)
        for (size_t k = 0; k < m->sectors && plan->sides.of[n]; k++)
            sum += m->base.input[(n * m->sectors + k) * m->sectors + s];
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        return sum;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && plan->sides.of[n]; i++)
            sum +=
                plan->share == DR_SHARE_OF_USE || !plan->sides.of[i] ? flow[(n * m->regions + i) * m->sectors + s] : 0;
    return sum;
}

static sector_row make_row(const dr_plan *plan, size_t s)
{
    const dr_policy *p = &plan->policy;
    sector_row l = {.sector = s, .rate = {NAN, NAN, NAN}, .concentration = NAN, .new_concentration = NAN};
    l.purchases = purchases(plan, s);
    l.share = dr_plan_share(plan, dr_plan_before(plan), s);
    l.new_share = dr_plan_share(plan, p->solution, s);
    for (size_t a = 1; a <= plan->shares && plan->capped; a++)
        if (p->aims[a].result.sectors[s])
            l.shadow = plan->optimum.multiplier[a - 1] / plan->cap[s];
    for (size_t a = plan->shares + 1; a <= dr_plan_limited(plan); a++)
        if (p->aims[a].result.sectors[s]) {
            l.concentration = dr_result_value(&p->aims[a].result, plan->model, dr_plan_before(plan));
            l.new_concentration = p->aims[a].value;
            l.concentration_shadow = plan->optimum.multiplier[a - 1] / plan->most_concentration;
        }
    for (size_t j = 0; j < p->count; j++)
        if (p->instruments[j].sector == s)
            l.rate[p->instruments[j].origin] = 100 * (exp(plan->optimum.y[j]) - 1);
    return l;
}

/* By shadow price, then by share, the largest first. */
static int compare(const void *a, const void *b)
{
    const sector_row *x = a, *y = b;
    double first = x->shadow + x->concentration_shadow, second = y->shadow + y->concentration_shadow;
    if (first != second)
        return first > second ? -1 : 1;
    return x->share != y->share ? (x->share > y->share ? -1 : 1) : (x->sector > y->sector) - (x->sector < y->sector);
}

enum { SECTOR, PURCHASES, SHARE, CAP, NEW_SHARE, SHADOW, FIRST_RATE, CONCENTRATIONS = 3 };

static void add_row(dr_table *table, const dr_plan *plan, const sector_row *l)
{
    size_t row = dr_table_add_row(table), column = FIRST_RATE;
    dr_table_set_text(table, row, SECTOR, dr_economy_sector(plan->model->economy, l->sector));
    dr_table_set_number(table, row, PURCHASES, l->purchases);
    dr_table_set_number(table, row, SHARE, l->share);
    dr_table_set_number(table, row, CAP, plan->capped ? plan->cap[l->sector] : NAN);
    dr_table_set_number(table, row, NEW_SHARE, l->new_share);
    dr_table_set_number(table, row, SHADOW, plan->capped ? 1e-4 * l->shadow * dr_plan_income(plan) : NAN);
    for (size_t origin = 0; origin < DR_ORIGINS; origin++)
        if (plan->origin[origin])
            dr_table_set_number(table, row, column++, origin == DR_ORIGIN_FROM ? l->rate[origin] : -l->rate[origin]);
    if (plan->concentrations == 0)
        return;
    dr_table_set_number(table, row, column++, l->concentration);
    dr_table_set_number(table, row, column++, l->new_concentration);
    dr_table_set_number(table, row, column, 1e-4 * l->concentration_shadow * dr_plan_income(plan));
}

/* Break-even risks are NAN where no risk is high enough for the plan, or the stock, to pay. */
static void add_cutoff_facts(dr_table *table, const dr_plan *plan)
{
    double loss = dr_plan_uncovered(plan) * plan->cutoff->loss, gain = dr_plan_gain(plan),
           income = dr_plan_income(plan);
    double even = dr_plan_break_even(plan), stock_even = dr_plan_stock_break_even(plan);
    dr_table_add_fact(table, "plan.loss_before", plan->loss_before);
    dr_table_add_fact(table, "plan.loss", loss);
    dr_table_add_fact(table, "plan.break_even", even <= 1 ? even : NAN);
    if (plan->stock_months > 0) {
        dr_table_add_fact(table, "plan.stock_cost", dr_plan_stock_cost(plan));
        dr_table_add_fact(table, "plan.stock_cost_value", dr_plan_stock_cost(plan) / 100 * income);
        dr_table_add_fact(table, "plan.stock_break_even", stock_even <= 1 ? stock_even : NAN);
    }
    if (plan->risk > 0) {
        dr_table_add_fact(table, "plan.risk", plan->risk);
        dr_table_add_fact(table, "plan.expected_gain", gain);
        dr_table_add_fact(table, "plan.expected_gain_value", gain / 100 * income);
    }
    dr_table_add_fact(table, "certificate.cut_residual", plan->cutoff->solution->certificate.worst_residual);
}

static void add_cost_facts(dr_table *table, const dr_plan *plan)
{
    double revenue, support, cost = dr_plan_cost(plan), income = dr_plan_income(plan);
    dr_cost_parts parts;
    dr_plan_cost_parts(plan, &parts);
    dr_plan_fiscal_effects(plan, &revenue, &support);
    dr_table_add_fact(table, "plan.cost", cost);
    dr_table_add_fact(table, "plan.cost_value", cost / 100 * income);
    dr_table_add_fact(table, "plan.dependence_value", parts.dependence);
    dr_table_add_fact(table, "plan.terms_of_trade_value", parts.terms_of_trade);
    dr_table_add_fact(table, "plan.own_tariffs_value", parts.own_tariffs);
    dr_table_add_fact(table, "plan.other_tariffs_value", parts.other_tariffs);
    dr_table_add_fact(table, "plan.own_loss_value", parts.own_loss);
    dr_table_add_fact(table, "plan.others_loss_value", parts.others_loss);
    dr_table_add_fact(table, "plan.all_loss_value", parts.own_loss + parts.others_loss);
    if (!isnan(plan->best))
        dr_table_add_fact(table, "plan.against_best_value", dr_plan_against_best(plan) / 100 * income);
    dr_table_add_fact(table, "plan.revenue", revenue);
    dr_table_add_fact(table, "plan.support", support);
}

static void add_facts(dr_table *table, const dr_plan *plan)
{
    const dr_policy *p = &plan->policy;
    const dr_optimum *o = &plan->optimum;
    dr_table_add_fact_text(table, "of", plan->of);
    dr_table_add_fact_text(table, "from", plan->from);
    dr_table_add_fact_text(table, "plan.objective", plan->efficient ? "efficient" : "own");
    add_cost_facts(table, plan);
    if (plan->products)
        return;
    dr_table_add_fact(table, "plan.share_before", dr_result_value(&plan->total, plan->model, dr_plan_before(plan)));
    dr_table_add_fact(table, "plan.share", dr_result_value(&plan->total, plan->model, p->solution));
    if (plan->cutoff)
        add_cutoff_facts(table, plan);
    dr_table_add_fact(table, "certificate.starts", (double)plan->starts);
    dr_table_add_fact(table, "certificate.starts_elsewhere", (double)plan->starts_elsewhere);
    dr_table_add_fact(table, "certificate.kkt", dr_optimum_residual(o));
    dr_table_add_fact(table, "certificate.worst_residual", p->solution->certificate.worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", p->solution->certificate.worst_equation);
    dr_table_add_fact(table, "certificate.solves", (double)p->solves);
}

/* ---- Notes ------------------------------------------------------------------------------------------------------ */

/* "277.4 million US dollars": a part of the base income of `of`, in percent. */
static const char *money_of(char out[DR_MONEY_SIZE], const dr_plan *plan, double percent)
{
    return dr_money(out, percent / 100 * dr_plan_income(plan), plan->model->economy->unit);
}

static void add_break_even(dr_table *table, const char *measure, double even)
{
    if (even <= 0)
        dr_table_add_note(table, "%s pays at any risk of a cut-off: it costs nothing", measure);
    else if (even <= 1)
        dr_table_add_note(table, "%s pays if the risk of a cut-off is above %.2f%% a year", measure, 100 * even);
    else
        dr_table_add_note(table, "%s pays at no risk of a cut-off: it costs more than the loss it avoids", measure);
}

static void add_stock_notes(dr_table *table, const dr_plan *plan)
{
    char money[DR_MONEY_SIZE];
    if (plan->stock_months == 0)
        return;
    dr_table_add_note(table,
                      "a stock of %g months of the purchases from %s covers %.4g%% of that year and costs %s a year to "
                      "carry, %g%% of its value",
                      plan->stock_months, plan->from_words, 100 * (1 - dr_plan_uncovered(plan)),
                      money_of(money, plan, dr_plan_stock_cost(plan)), 100 * plan->carrying_cost);
    add_break_even(table, "the stock", dr_plan_stock_break_even(plan));
}

/* The price of the limit on the loss: the multiplier is per relative change of the limit. */
static void add_limit_note(dr_table *table, const dr_plan *plan)
{
    char money[DR_MONEY_SIZE];
    double percent = 0.01 * plan->optimum.multiplier[dr_plan_limited(plan)];
    if (percent > 0)
        dr_table_add_note(table, "lowering the limit on the loss by 1%% of itself would cost another %s a year",
                          money_of(money, plan, percent));
    else
        dr_table_add_note(table, "the limit on the loss does not bind");
}

static void add_cutoff_notes(dr_table *table, const dr_plan *plan)
{
    const char *with = plan->stock_months > 0 ? "the plan with its stock" : "the plan";
    double gain = dr_plan_gain(plan);
    char money[DR_MONEY_SIZE];
    dr_table_add_note(table,
                      "if %s cut supply of these goods, %s would lose %.4f%% of its real income in that year without a "
                      "plan and %.4f%% with %s (model %s, horizon short, elasticity %s)",
                      plan->from_words, plan->of_words, plan->loss_before, dr_plan_uncovered(plan) * plan->cutoff->loss,
                      with, plan->cutoff->settings->preset, plan->cutoff->settings->elasticity);
    add_stock_notes(table, plan);
    if (plan->max_loss > 0)
        add_limit_note(table, plan);
    add_break_even(table, with, dr_plan_break_even(plan));
    if (plan->risk > 0 && plan->efficient)
        dr_table_add_note(table,
                          "at a risk of %.4g%% a year the expected loss that %s avoids is %s than %s costs all regions "
                          "together, by %.4f%% of its real income, %s a year",
                          100 * plan->risk, plan->of_words, gain >= 0 ? "more" : "less", with, fabs(gain),
                          money_of(money, plan, gain));
    else if (plan->risk > 0)
        dr_table_add_note(table, "at a risk of %.4g%% a year %s %s the expected real income of %s by %.4f%%, %s a year",
                          100 * plan->risk, with, gain >= 0 ? "raises" : "lowers", plan->of_words, fabs(gain),
                          money_of(money, plan, gain));
}

/* Where the plan is not within limits, its cost against doing nothing is not that of the limits. */
static void add_best_note(dr_table *table, const dr_plan *plan)
{
    char gain[DR_MONEY_SIZE], money[DR_MONEY_SIZE];
    if (plan->efficient || isnan(plan->best))
        return;
    dr_table_add_note(
        table,
        "without caps the best tariffs of %s for itself alone would gain it %s a year; against these, the "
        "caps cost it %s",
        plan->of_words, money_of(gain, plan, plan->best), money_of(money, plan, dr_plan_against_best(plan)));
}

static void add_fiscal_note(dr_table *table, const dr_plan *plan)
{
    const char *unit = plan->model->economy->unit;
    double revenue, support;
    char raised[DR_MONEY_SIZE], paid[DR_MONEY_SIZE];
    dr_plan_fiscal_effects(plan, &revenue, &support);
    dr_money(raised, revenue, unit);
    if (support > 0)
        dr_table_add_note(table, "the tariffs of the plan raise %s a year, and its support costs %s", raised,
                          dr_money(paid, support, unit));
    else
        dr_table_add_note(table, "the tariffs of the plan raise %s a year", raised);
}

/* What all regions lose beyond the cost of less dependence. */
static void add_tariffs_note(dr_table *table, const dr_plan *plan)
{
    const char *unit = plan->model->economy->unit;
    dr_cost_parts parts;
    char all[DR_MONEY_SIZE], tariffs[DR_MONEY_SIZE];
    dr_plan_cost_parts(plan, &parts);
    double together = parts.own_loss + parts.others_loss, of_base = parts.own_tariffs + parts.other_tariffs;
    if (of_base != 0)
        dr_table_add_note(table,
                          "all regions together %s %s; %s of it is because the tariffs %s apply to %s trade "
                          "than before, which is no cost of less dependence",
                          together < 0 ? "gain" : "lose", dr_money(all, together, unit),
                          dr_money(tariffs, of_base, unit),
                          plan->before ? "and other taxes and limits that hold without the plan" : "of the base",
                          of_base < 0 ? "less" : "more");
}

static void add_search_note(dr_table *table, const dr_plan *plan)
{
    double residual = dr_optimum_residual(&plan->optimum);
    if (plan->starts == 1)
        dr_table_add_note(table, "residual of the first-order conditions: %.1e, from one starting point", residual);
    else if (plan->starts_elsewhere == 0)
        dr_table_add_note(table,
                          "residual of the first-order conditions: %.1e; the %zu starting points lead to the same cost",
                          residual, plan->starts);
    else
        dr_table_add_note(
            table,
            "residual of the first-order conditions: %.1e; %zu of %zu starting points lead to a plan that "
            "costs more, or to none: the problem is not convex, and a better plan may exist",
            residual, plan->starts_elsewhere, plan->starts);
}

/* What limits mean, and what the last bit of them costs. */
static void add_limit_notes(dr_table *table, const dr_plan *plan)
{
    if (plan->capped)
        dr_table_add_note(table,
                          "shadow price: the yearly cost of the last percentage point of the cap; 0 where the cap "
                          "does not bind");
    if (plan->concentrations > 0)
        dr_table_add_note(table,
                          "concentration: Herfindahl-Hirschman index of the suppliers in the imports of %s, at most %g "
                          "under the plan; concentration price: the yearly cost of its last hundredth",
                          plan->of_words, plan->most_concentration);
    if (plan->budget > 0)
        dr_table_add_note(table,
                          "raising the budget by 1%% of itself would lower this share by another %.2f%% of itself",
                          0.01 * plan->optimum.multiplier[0] * plan->budget * 100);
}

static void add_notes(dr_table *table, const dr_plan *plan)
{
    dr_plan_note_changes(table, plan->changes, plan);
    if (!dr_plan_does_nothing(plan)) {
        add_tariffs_note(table, plan);
        add_fiscal_note(table, plan);
        add_best_note(table, plan);
    }
    if (plan->products) {
        dr_plan_note_products(table, plan);
        return;
    }
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        dr_table_add_note(table,
                          "shares are of the direct and indirect inputs of the sector, on the table of the model, in "
                          "which all users of a good in a region buy from its suppliers in the same proportions");
    if (plan->cutoff)
        add_cutoff_notes(table, plan);
    add_limit_notes(table, plan);
    add_search_note(table, plan);
}

/* ---- The table -------------------------------------------------------------------------------------------------- */

const char *dr_plan_title(char out[DR_PLAN_TITLE_SIZE], const dr_plan *plan)
{
    const char *of = plan->of_words, *from = plan->from_words;
    if (plan->products && plan->products->cap > 0)
        dr_print_text(out, DR_PLAN_TITLE_SIZE,
                      "Least-cost plan of %s with at most %.4g%% of a product from one supplier", of,
                      100 * plan->products->cap);
    else if (plan->products)
        dr_print_text(out, DR_PLAN_TITLE_SIZE,
                      "Least-cost plan of %s with a cap on the share of one supplier in each product", of);
    else if (dr_plan_insures(plan) && plan->efficient)
        dr_print_text(out, DR_PLAN_TITLE_SIZE, "Least-cost plan of %s under the risk that %s cuts supply", of, from);
    else if (dr_plan_insures(plan))
        dr_print_text(out, DR_PLAN_TITLE_SIZE,
                      "Plan of %s with the highest expected real income under the risk that %s cuts supply", of, from);
    else if (plan->max_loss > 0 && !plan->capped)
        dr_print_text(out, DR_PLAN_TITLE_SIZE, "Least-cost plan of %s to lose at most %.4g%% if %s cuts supply", of,
                      plan->max_loss, from);
    else if (plan->budget > 0)
        dr_print_text(out, DR_PLAN_TITLE_SIZE,
                      "Lowest dependence of %s on %s at a cost of at most %.4g%% of real income", of, from,
                      plan->budget);
    else
        dr_print_text(out, DR_PLAN_TITLE_SIZE, "Least-cost diversification of %s away from %s", of, from);
    return out;
}

void dr_plan_describe(dr_table *table, const dr_plan *plan)
{
    const dr_economy *e = plan->model->economy;
    char title[DR_PLAN_TITLE_SIZE];
    dr_table_set_title(table, "%s, %d", dr_plan_title(title, plan), e->year);
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    add_facts(table, plan);
    dr_model_describe(table, plan->model);
    dr_plan_answer(table, plan);
    add_notes(table, plan);
    dr_named_tell(table, e, &plan->sides.named);
}

static dr_status table_of(dr_table **out, const dr_plan *plan, const sector_row *rows, size_t count)
{
    static const dr_column_spec all[] = {{"sector", DR_SHOW_TEXT},         {NULL, DR_SHOW_VALUE},
                                         {"share", DR_SHOW_SHARE},         {"cap", DR_SHOW_SHARE},
                                         {"new_share", DR_SHOW_SHARE},     {"shadow_price", DR_SHOW_VALUE},
                                         {"tariff", DR_SHOW_PERCENT},      {"support_others", DR_SHOW_PERCENT},
                                         {"support_home", DR_SHOW_PERCENT}};
    static const char *const wholes[] = {"imports", "use", "inputs"};
    static const dr_column_spec concentrations[CONCENTRATIONS] = {{"concentration", DR_SHOW_NUMBER},
                                                                  {"new_concentration", DR_SHOW_NUMBER},
                                                                  {"concentration_price", DR_SHOW_VALUE}};
    dr_column_spec columns[FIRST_RATE + DR_ORIGINS + CONCENTRATIONS];
    size_t column = 0;
    dr_table *table = NULL;
    for (; column < FIRST_RATE; column++)
        columns[column] = all[column];
    columns[PURCHASES].name = wholes[plan->share];
    for (size_t origin = 0; origin < DR_ORIGINS; origin++)
        if (plan->origin[origin])
            columns[column++] = all[FIRST_RATE + origin];
    for (size_t c = 0; c < CONCENTRATIONS && plan->concentrations > 0; c++)
        columns[column++] = concentrations[c];
    DR_TRY(dr_table_new(&table, columns, column));
    dr_plan_describe(table, plan);
    for (size_t j = 0; j < count; j++)
        add_row(table, plan, &rows[j]);
    dr_plan_answer_rates(table, plan);
    return dr_table_finish(out, table, DR_OK);
}

static bool limits_concentration(const dr_plan *plan, size_t sector)
{
    bool any = false;
    for (size_t a = plan->shares + 1; a <= dr_plan_limited(plan); a++)
        any |= plan->policy.aims[a].result.sectors[sector];
    return any;
}

dr_status dr_plan_sectors(dr_table **out, const dr_plan *plan)
{
    DR_TRY(DR_GIVEN(out, plan));
    DR_TRY(dr_plan_need_sectors(plan, "table of sectors"));
    size_t sectors = plan->model->sectors, count = 0;
    sector_row *rows = dr_new(sectors, sizeof *rows);
    dr_status status = rows ? DR_OK : dr_fail_memory();
    for (size_t s = 0; s < sectors && status == DR_OK; s++)
        if (plan->taxed[s] || dr_plan_covers(plan, s) || limits_concentration(plan, s))
            rows[count++] = make_row(plan, s);
    if (status == DR_OK) {
        qsort(rows, count, sizeof *rows, compare);
        status = table_of(out, plan, rows, count);
    }
    free(rows);
    return status;
}
