/* The cost curve of diversification: a plan for each of a row of falling caps, each found from the one before. */
#include <math.h>

#include "base/check.h"
#include "base/money.h"
#include "base/residual.h"
#include "base/table_rows.h"
#include "plan/plan.h"
#include "result/result.h"
#include "world/describe.h"

enum { CAP, SHARE, COST, COST_VALUE, OWN_LOSS, OTHERS_LOSS, SHADOW_PRICE, REVENUE, SUPPORT, LOSS, BREAK_EVEN };

double dr_plan_shadow_price(const dr_plan *plan)
{
    double sum = 0;
    for (size_t a = 1; a <= plan->shares; a++)
        for (size_t s = 0; s < plan->model->sectors; s++)
            if (plan->policy.aims[a].result.sectors[s])
                sum += plan->optimum.multiplier[a - 1] / plan->cap[s];
    return sum;
}

static void add_plan(dr_table *table, const dr_plan *plan, double cap)
{
    size_t row = dr_table_add_row(table);
    double revenue, support, cost = dr_plan_cost(plan), income = dr_plan_income(plan);
    dr_cost_parts parts;
    dr_plan_cost_parts(plan, &parts);
    dr_plan_fiscal_effects(plan, &revenue, &support);
    dr_table_set_number(table, row, CAP, cap);
    dr_table_set_number(table, row, SHARE, dr_result_value(&plan->total, plan->model, plan->policy.solution));
    dr_table_set_number(table, row, COST, cost);
    dr_table_set_number(table, row, COST_VALUE, cost / 100 * income);
    dr_table_set_number(table, row, OWN_LOSS, parts.own_loss);
    dr_table_set_number(table, row, OTHERS_LOSS, parts.others_loss);
    dr_table_set_number(table, row, SHADOW_PRICE, 1e-4 * dr_plan_shadow_price(plan) * income);
    dr_table_set_number(table, row, REVENUE, revenue);
    dr_table_set_number(table, row, SUPPORT, support);
    if (!plan->cutoff)
        return;
    double even = dr_plan_break_even(plan);
    dr_table_set_number(table, row, LOSS, dr_plan_uncovered(plan) * plan->cutoff->loss);
    dr_table_set_number(table, row, BREAK_EVEN, even <= 1 ? even : NAN);
}

/* Doing nothing, which with the objective of `of` alone is not the plan without a binding cap. */
static void add_nothing(dr_table *table, const dr_plan *plan)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_number(table, row, CAP, NAN);
    dr_table_set_number(table, row, SHARE, dr_result_value(&plan->total, plan->model, dr_plan_before(plan)));
    for (size_t column = COST; column <= SUPPORT; column++)
        dr_table_set_number(table, row, column, 0);
    if (!plan->cutoff)
        return;
    dr_table_set_number(table, row, LOSS, plan->loss_before);
    dr_table_set_number(table, row, BREAK_EVEN, NAN);
}

/* The largest share of any sector in the base. */
static double largest_share(const dr_plan *plan)
{
    double most = 0;
    for (size_t s = 0; s < plan->model->sectors; s++)
        if (plan->total.sectors[s])
            most = fmax(most, dr_plan_share(plan, dr_plan_before(plan), s));
    return most;
}

/* Adds the plan without a binding cap, *last, and those of the lower caps; *last is the last one found. */
static dr_status trace(dr_table *table, dr_plan **last, const dr_model *model, const dr_plan_parties *between,
                       dr_plan_options options, size_t points)
{
    double most = largest_share(*last), worst = dr_optimum_residual(&(*last)->optimum);
    void (*progress)(const char *, size_t, size_t, void *) = options.progress;
    options.progress = NULL;
    if (!(*last)->efficient)
        add_nothing(table, *last);
    add_plan(table, *last, most);
    for (size_t k = 1; k < points; k++) {
        dr_plan *next = NULL;
        options.cap = most * (double)(points - k) / (double)points;
        dr_status status = dr_plan_warm_start(&next, *last, model, between, &options, (*last)->cutoff);
        if (status == DR_NO_SOLUTION) {
            dr_table_add_note(table, "the curve ends here: %s", dr_error_text());
            break;
        }
        DR_TRY(status);
        worst = dr_worse(worst, dr_optimum_residual(&next->optimum));
        dr_plan_free(*last);
        *last = next;
        add_plan(table, next, options.cap);
        if (progress)
            progress("tracing the cost curve", k, points - 1, options.user);
    }
    dr_table_add_fact(table, "certificate.kkt", worst);
    dr_table_add_note(table, "largest residual of the first-order conditions of all plans: %.1e", worst);
    return DR_OK;
}

static void describe(dr_table *table, const dr_model *model, const char *of, const char *from, bool efficient)
{
    const dr_economy *e = model->economy;
    char own[DR_SPOKEN_SIZE], supplier[DR_SPOKEN_SIZE];
    dr_table_set_title(table, "Cost curve of diversification of %s away from %s, %d", dr_spoken(own, e, of),
                       dr_spoken(supplier, e, from), e->year);
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(table, "of", of);
    dr_table_add_fact_text(table, "from", from);
    dr_model_describe(table, model);
    dr_table_add_note(
        table,
        "each row is the least-cost plan with one cap on the share of %s in each sector; cost: to %s, percent of the "
        "real income of %s; money: a year; shadow price: the cost of the last percentage point of the cap%s",
        from, efficient ? "all regions together" : of, of,
        efficient ? "; the first row does nothing" : "; the first row, without a cap, does nothing");
}

/* What the half of the dependence costs, and all of the way. */
static void answer(dr_table *table, const dr_economy *e, const char *of, const char *from, bool efficient)
{
    char buyer[DR_SPOKEN_SIZE], seller[DR_SPOKEN_SIZE], half[DR_MONEY_SIZE], most[DR_MONEY_SIZE];
    size_t last = table->rows - 1, middle = last / 2;
    dr_table_keep_rows(table);
    dr_table_say(
        table,
        "To bring the largest share of %s in a sector of %s from %.2f%% to %.2f%% would cost %s %s a year, and "
        "to bring it to %.2f%% %s.",
        dr_spoken(seller, e, from), dr_spoken(buyer, e, of), 100 * dr_table_at(table, 0, "cap"),
        100 * dr_table_at(table, middle, "cap"), efficient ? "all regions together" : "it",
        dr_money(half, dr_table_at(table, middle, "cost_value"), e->unit), 100 * dr_table_at(table, last, "cap"),
        dr_money_short(most, dr_table_at(table, last, "cost_value"), e->unit));
}

dr_status dr_plan_curve(dr_table **out, const dr_model *model, const char *of, const char *from,
                        const dr_plan_options *options, size_t points)
{
    DR_TRY(DR_GIVEN(out, model, of, from, options));
    dr_plan_options all;
    DR_TRY(DR_TAKE_OPTIONS(&all, options));
    options = &all;
    DR_TRY(dr_plan_check_options(__func__, options));
    static const dr_column_spec columns[] = {
        {"cap", DR_SHOW_SHARE},          {"share", DR_SHOW_SHARE},     {"cost", DR_SHOW_PERCENT},
        {"cost_value", DR_SHOW_VALUE},   {"own_loss", DR_SHOW_VALUE},  {"others_loss", DR_SHOW_VALUE},
        {"shadow_price", DR_SHOW_VALUE}, {"revenue", DR_SHOW_VALUE},   {"support", DR_SHOW_VALUE},
        {"loss", DR_SHOW_PERCENT},       {"break_even", DR_SHOW_SHARE}};
    const dr_plan_parties between = {of, from, NULL};
    bool cut_off = options->max_loss > 0 || options->risk > 0;
    dr_table *table = NULL;
    dr_plan *plan = NULL;
    if (all.products)
        return dr_fail(DR_USAGE, "a cost curve is of caps by sector; expected no products");
    if (points < 2 || points > 1000)
        return dr_fail(DR_USAGE, "a cost curve has between 2 and 1000 points, not %zu", points);
    all.cap = 1;
    all.cap_file = NULL;
    all.budget = all.max_loss = all.max_concentration = 0;
    DR_TRY(dr_table_new(&table, columns, cut_off ? BREAK_EVEN + 1 : LOSS));
    describe(table, model, of, from, all.objective == DR_OBJECTIVE_EFFICIENT);
    dr_plan_note_changes(table, all.changes, NULL);
    dr_status status = dr_plan_warm_start(&plan, NULL, model, &between, &all, cut_off);
    if (status == DR_OK && cut_off)
        dr_table_add_note(
            table,
            "loss: of real income under the plan, in a year in which %s cuts supply of these goods; break_even: "
            "the yearly risk of a cut-off above which the plan pays",
            from);
    if (status == DR_OK)
        status = trace(table, &plan, model, &between, all, points);
    if (status == DR_OK)
        answer(table, model->economy, of, from, all.objective == DR_OBJECTIVE_EFFICIENT);
    if (status == DR_OK)
        dr_named_tell(table, model->economy, &plan->sides.named);
    dr_plan_free(plan);
    return dr_table_finish(out, table, status);
}
