/* A plan as a table. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "plan/plan.h"
#include "result/result.h"
#include "world/describe.h"

/* A sector of the plan. */
typedef struct line {
    size_t sector;
    double purchases, share, new_share, shadow; /* shadow: per unit of the share, percent of real income */
    double rate[DR_SIDES];                      /* NAN: no lever */
} line;

double dr_plan_income(const dr_plan *plan)
{
    double sum = 0;
    for (size_t n = 0; n < plan->model->regions; n++)
        sum += plan->sides.of[n] ? plan->model->base.income[n] : 0;
    return sum;
}

/* What `of` buys of a sector: imports, or all it uses; what the sector takes as inputs of a look-through share. */
static double purchases(const dr_plan *plan, size_t s)
{
    const dr_model *m = plan->model;
    double sum = 0;
    for (size_t n = 0; n < m->regions && plan->share == DR_SHARE_LOOK_THROUGH; n++)
        for (size_t k = 0; k < m->sectors && plan->sides.of[n]; k++)
            sum += m->base.input[(n * m->sectors + k) * m->sectors + s];
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        return sum;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && plan->sides.of[n]; i++)
            sum += plan->share == DR_SHARE_OF_USE || !plan->sides.of[i]
                       ? m->base.flow[(n * m->regions + i) * m->sectors + s]
                       : 0;
    return sum;
}

static line line_of(const dr_plan *plan, size_t s)
{
    const dr_policy *p = &plan->policy;
    line l = {.sector = s, .rate = {NAN, NAN, NAN}};
    l.purchases = purchases(plan, s);
    l.share = dr_plan_share(plan, NULL, s);
    l.new_share = dr_plan_share(plan, p->solution, s);
    for (size_t a = 1; a <= plan->shares && plan->capped; a++)
        if (p->aims[a].result.sectors[s])
            l.shadow = plan->optimum.multiplier[a - 1] / plan->cap[s];
    for (size_t j = 0; j < p->count; j++)
        if (p->levers[j].sector == s)
            l.rate[p->levers[j].side] = 100 * (exp(plan->optimum.y[j]) - 1);
    return l;
}

/* The dearest cap first, then the largest share. */
static int compare(const void *a, const void *b)
{
    const line *x = a, *y = b;
    if (x->shadow != y->shadow)
        return x->shadow > y->shadow ? -1 : 1;
    return x->share != y->share ? (x->share > y->share ? -1 : 1) : (x->sector > y->sector) - (x->sector < y->sector);
}

enum { SECTOR, PURCHASES, SHARE, CAP, NEW_SHARE, SHADOW, FIRST_RATE };

static void add_line(dr_table *table, const dr_plan *plan, const line *l)
{
    size_t row = dr_table_add_row(table), column = FIRST_RATE;
    dr_table_set_text(table, row, SECTOR, dr_economy_sector(plan->model->economy, l->sector));
    dr_table_set_number(table, row, PURCHASES, l->purchases);
    dr_table_set_number(table, row, SHARE, l->share);
    dr_table_set_number(table, row, CAP, plan->capped ? plan->cap[l->sector] : NAN);
    dr_table_set_number(table, row, NEW_SHARE, l->new_share);
    dr_table_set_number(table, row, SHADOW, plan->capped ? 1e-4 * l->shadow * dr_plan_income(plan) : NAN);
    for (size_t side = 0; side < DR_SIDES; side++)
        if (plan->side[side])
            dr_table_set_number(table, row, column++, side == DR_SIDE_FROM ? l->rate[side] : -l->rate[side]);
}

/* At the plan's prices; levers add to the tariffs of the base. */
void dr_plan_budget(const dr_plan *plan, double *revenue, double *support)
{
    const dr_policy *p = &plan->policy;
    *revenue = *support = 0;
    for (size_t l = 0; l < p->count; l++)
        for (size_t j = 0; j < p->levers[l].count; j++) {
            size_t flow = p->levers[l].flows[j];
            double added = p->solution->tariff[flow] - dr_base_tariff(&plan->model->base, flow);
            *revenue += fmax(0, added) * p->solution->flow[flow];
            *support += fmax(0, -added) * p->solution->flow[flow];
        }
}

/* What a cut-off takes, in numbers: NAN where no risk is high enough for the plan to pay. */
static void add_cut_facts(dr_table *table, const dr_plan *plan)
{
    double loss = dr_plan_uncovered(plan) * plan->cut->loss, gain = dr_plan_gain(plan), income = dr_plan_income(plan);
    double even = dr_plan_break_even(plan), stock_even = dr_plan_stock_break_even(plan);
    dr_table_add_fact(table, "plan.loss_before", plan->loss_before);
    dr_table_add_fact(table, "plan.loss", loss);
    dr_table_add_fact(table, "plan.break_even", even <= 1 ? even : NAN);
    if (plan->months > 0) {
        dr_table_add_fact(table, "plan.stock_cost", dr_plan_stock_cost(plan));
        dr_table_add_fact(table, "plan.stock_cost_value", dr_plan_stock_cost(plan) / 100 * income);
        dr_table_add_fact(table, "plan.stock_break_even", stock_even <= 1 ? stock_even : NAN);
    }
    if (plan->risk > 0) {
        dr_table_add_fact(table, "plan.risk", plan->risk);
        dr_table_add_fact(table, "plan.expected_gain", gain);
        dr_table_add_fact(table, "plan.expected_gain_value", gain / 100 * income);
    }
    dr_table_add_fact(table, "certificate.cut_residual", plan->cut->solution->certificate.worst_residual);
}

static void add_facts(dr_table *table, const dr_plan *plan)
{
    const dr_policy *p = &plan->policy;
    const dr_optimum *o = &plan->optimum;
    double revenue, support, cost = dr_plan_cost(plan);
    dr_plan_budget(plan, &revenue, &support);
    dr_table_add_fact_text(table, "of", plan->of);
    dr_table_add_fact_text(table, "from", plan->from);
    dr_table_add_fact(table, "plan.cost", cost);
    dr_table_add_fact(table, "plan.cost_value", cost / 100 * dr_plan_income(plan));
    dr_table_add_fact(table, "plan.share_before", dr_result_value(&plan->all, plan->model, NULL));
    dr_table_add_fact(table, "plan.share", dr_result_value(&plan->all, plan->model, p->solution));
    dr_table_add_fact(table, "plan.revenue", revenue);
    dr_table_add_fact(table, "plan.support", support);
    if (plan->cut)
        add_cut_facts(table, plan);
    dr_table_add_fact(table, "certificate.starts", (double)plan->starts);
    dr_table_add_fact(table, "certificate.starts_elsewhere", (double)plan->others);
    dr_table_add_fact(table, "certificate.kkt", dr_optimum_residual(o));
    dr_table_add_fact(table, "certificate.worst_residual", p->solution->certificate.worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", p->solution->certificate.worst_equation);
    dr_table_add_fact(table, "certificate.solves", (double)p->solves);
}

/* Above which risk something pays. */
static void add_break_even(dr_table *table, const char *what, double even)
{
    if (even <= 0)
        dr_table_add_note(table, "at any risk of a cut-off %s pays: it costs nothing", what);
    else if (even <= 1)
        dr_table_add_note(table, "above a risk of a cut-off of %.2f%% a year %s pays", 100 * even, what);
    else
        dr_table_add_note(table, "at no risk of a cut-off %s pays: it costs more than it avoids", what);
}

/* What a stock covers and costs. */
static void add_stock_notes(dr_table *table, const dr_plan *plan)
{
    double covered = 1 - dr_plan_uncovered(plan), value = dr_plan_stock_cost(plan) / 100 * dr_plan_income(plan);
    if (plan->months == 0)
        return;
    dr_table_add_note(
        table,
        "a stock of %g months of what comes from %s covers %.4g%% of that year and costs %.0f %s a year to "
        "carry, %g%% of its value",
        plan->months, plan->from, 100 * covered, value, plan->model->economy->unit, 100 * plan->carrying);
    add_break_even(table, "the stock", dr_plan_stock_break_even(plan));
}

static void add_limit_note(dr_table *table, const dr_plan *plan)
{
    double price = 1e-4 * plan->optimum.multiplier[plan->shares] * dr_plan_income(plan);
    if (price > 0)
        dr_table_add_note(table, "a limit of the loss that is lower by a hundredth of it would cost %.2f more a year",
                          price);
    else
        dr_table_add_note(table, "the limit of the loss does not bind");
}

static void add_cut_notes(dr_table *table, const dr_plan *plan)
{
    const char *with = plan->months > 0 ? "the plan and its stock" : "the plan";
    double gain = dr_plan_gain(plan), value = fabs(gain) / 100 * dr_plan_income(plan);
    dr_table_add_note(table,
                      "if %s cut supply of these goods, %s would lose %.4f%% of its real income in that year as things "
                      "are, and %.4f%% with %s (model %s, horizon short, elasticity %s)",
                      plan->from, plan->of, plan->loss_before, dr_plan_uncovered(plan) * plan->cut->loss, with,
                      plan->cut->like->preset, plan->cut->like->elasticity);
    add_stock_notes(table, plan);
    if (plan->max_loss > 0)
        add_limit_note(table, plan);
    add_break_even(table, plan->months > 0 ? "the plan with its stock" : "the plan", dr_plan_break_even(plan));
    if (plan->risk > 0)
        dr_table_add_note(
            table, "at a risk of %.4g%% a year %s may expect %.4f%% %s real income with it, %.0f %s a year",
            100 * plan->risk, plan->of, fabs(gain), gain >= 0 ? "more" : "less", value, plan->model->economy->unit);
}

static void add_search_note(dr_table *table, const dr_plan *plan)
{
    double residual = dr_optimum_residual(&plan->optimum);
    if (plan->others == 0)
        dr_table_add_note(table, "first-order conditions hold to %.1e, from %zu start%s", residual, plan->starts,
                          plan->starts > 1 ? "s, which lead to the same cost" : "");
    else
        dr_table_add_note(table,
                          "first-order conditions hold to %.1e, from %zu starts, of which %zu led to a plan that costs "
                          "more, or to none: the problem is not convex, so that there may be a better one yet",
                          residual, plan->starts, plan->others);
}

static void add_notes(dr_table *table, const dr_plan *plan)
{
    const char *unit = plan->model->economy->unit;
    double revenue, support, cost = dr_plan_cost(plan), income = dr_plan_income(plan);
    dr_plan_budget(plan, &revenue, &support);
    if (cost >= 0)
        dr_table_add_note(table, "the plan costs %s %.4f%% of real income, %.0f %s a year", plan->of, cost,
                          cost / 100 * income, unit);
    else
        dr_table_add_note(
            table,
            "under the plan %s gains %.4f%% of real income, %.0f %s a year: its tariffs improve its terms of "
            "trade by more than they cost, as long as nobody answers them",
            plan->of, -cost, -cost / 100 * income, unit);
    dr_table_add_note(table, "its tariffs bring in %.0f, its support costs %.0f a year", revenue, support);
    dr_table_add_note(table, "the share of %s in all these sectors together goes from %.2f%% to %.2f%%", plan->from,
                      100 * dr_result_value(&plan->all, plan->model, NULL),
                      100 * dr_result_value(&plan->all, plan->model, plan->policy.solution));
    if (plan->share == DR_SHARE_LOOK_THROUGH)
        dr_table_add_note(table,
                          "shares are of all inputs of the sector, counted through every stage, on the model's table: "
                          "all users of a good in a region buy alike, which a table by user need not say");
    if (plan->cut)
        add_cut_notes(table, plan);
    if (plan->capped)
        dr_table_add_note(
            table, "shadow price: what the last percentage point of the cap costs a year; 0 where it does not bind");
    else if (plan->budget > 0)
        dr_table_add_note(table, "one more percent of what the plan may cost would take another %.2f%% off that share",
                          0.01 * plan->optimum.multiplier[0] * plan->budget * 100);
    add_search_note(table, plan);
}

static void set_title(dr_table *table, const dr_plan *plan)
{
    int year = plan->model->economy->year;
    if (dr_plan_insures(plan))
        dr_table_set_title(table, "The best plan of %s for the risk that %s cuts supply, %d", plan->of, plan->from,
                           year);
    else if (plan->max_loss > 0 && !plan->capped)
        dr_table_set_title(table, "The cheapest way of %s to lose at most %.4g%% if %s cuts supply, %d", plan->of,
                           plan->max_loss, plan->from, year);
    else
        dr_table_set_title(table, "The cheapest way of %s to depend less on %s, %d", plan->of, plan->from, year);
}

static dr_status table_of(dr_table **out, const dr_plan *plan, const line *lines, size_t count)
{
    static const dr_column_spec all[] = {{"sector", DR_SHOW_TEXT},         {NULL, DR_SHOW_VALUE},
                                         {"share", DR_SHOW_SHARE},         {"cap", DR_SHOW_SHARE},
                                         {"new_share", DR_SHOW_SHARE},     {"shadow_price", DR_SHOW_VALUE},
                                         {"tariff", DR_SHOW_PERCENT},      {"support_others", DR_SHOW_PERCENT},
                                         {"support_home", DR_SHOW_PERCENT}};
    static const char *const wholes[] = {"imports", "use", "inputs"};
    const dr_economy *e = plan->model->economy;
    dr_column_spec columns[FIRST_RATE + DR_SIDES];
    size_t column = 0;
    dr_table *table = NULL;
    for (; column < FIRST_RATE; column++)
        columns[column] = all[column];
    columns[PURCHASES].name = wholes[plan->share];
    for (size_t side = 0; side < DR_SIDES; side++)
        if (plan->side[side])
            columns[column++] = all[FIRST_RATE + side];
    DR_TRY(dr_table_new(&table, columns, column));
    set_title(table, plan);
    dr_table_set_unit(table, e->unit);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    add_facts(table, plan);
    dr_model_describe(table, plan->model);
    add_notes(table, plan);
    for (size_t j = 0; j < count; j++)
        add_line(table, plan, &lines[j]);
    dr_named_tell(table, e, &plan->sides.named);
    return dr_table_finish(out, table, DR_OK);
}

dr_status dr_plan_sectors(dr_table **out, const dr_plan *plan)
{
    DR_TRY(DR_GIVEN(out, plan));
    size_t sectors = plan->model->sectors, count = 0;
    line *lines = dr_new(sectors, sizeof *lines);
    dr_status status = lines ? DR_OK : dr_fail_memory();
    for (size_t s = 0; s < sectors && status == DR_OK; s++)
        if (plan->taxed[s] || dr_plan_covers(plan, s))
            lines[count++] = line_of(plan, s);
    if (status == DR_OK) {
        qsort(lines, count, sizeof *lines, compare);
        status = table_of(out, plan, lines, count);
    }
    free(lines);
    return status;
}
