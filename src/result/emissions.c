/* Emissions before and after: where they are produced, whose final use holds them, and what of their fall comes back
 * elsewhere. Formulas: docs/model.md, "Carbon prices". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "equilibrium/rebase.h"
#include "measure/content.h"
#include "model/prices.h"
#include "result/answer.h"
#include "result/result.h"
#include "result/welfare.h"
#include "world/describe.h"

/* The numbers of one state, the base (solution NULL) or a solution. Volumes are values at base prices. */
typedef struct state {
    double *produced; /* [n, s] tonnes of sectors */
    double *volume;   /* [n, i, s] what n buys of s from i */
    double *made;     /* [n, s] its sum over buyers */
    double *input;    /* [n, k, s] the part of all that n buys of k that a unit of volume of s takes */
    double *final;    /* [n, k] the part that is finally used */
    double *direct;   /* [n] tonnes of final use itself */
    double *content;  /* [n, s] tonnes in a unit of volume */
    double *consumed; /* [n] tonnes */
    double *space;    /* [n, s] */
    double *numbers;
} state;

static dr_status state_new(state *t, const dr_model *m)
{
    size_t r = m->regions, s = m->sectors;
    const dr_array wanted[] = {{&t->produced, r * s},  {&t->volume, r * r * s}, {&t->made, r * s},
                               {&t->input, r * s * s}, {&t->final, r * s},      {&t->direct, r},
                               {&t->content, r * s},   {&t->consumed, r},       {&t->space, r * s}};
    t->numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    return t->numbers ? DR_OK : dr_fail_memory();
}

/* ---- Volumes and uses -------------------------------------------------------------------------------------------- */

/* A value at the border holds the rent of the exporter, which is no volume. */
static void fill_volumes(state *t, const dr_model *m, const dr_solution *solution)
{
    size_t r = m->regions, s = m->sectors;
    for (size_t flow = 0; flow < r * r * s; flow++)
        t->volume[flow] =
            solution ? solution->flow[flow] / solution->cost[flow / s % r * s + flow % s] : m->base.flow[flow];
    for (size_t j = 0; solution && j < solution->barrier_count; j++) {
        const dr_barrier *barrier = &solution->barriers[j];
        t->volume[barrier->flow] /= barrier->rented;
    }
    for (size_t flow = 0; flow < r * r * s; flow++)
        t->made[flow / s % r * s + flow % s] += t->volume[flow];
}

/* What sector s of n pays for good k; `bundle` is the price of its inputs. */
static double paid_for(const dr_model *m, const dr_solution *solution, size_t n, size_t k, size_t s, double bundle)
{
    if (!solution)
        return m->base.input[(n * m->sectors + k) * m->sectors + s];
    return dr_input_share(solution, n, k, s, bundle) * dr_solution_net_sales(solution, n * m->sectors + s);
}

static void fill_uses(state *t, const dr_model *m, const dr_solution *solution)
{
    size_t r = m->regions, s = m->sectors;
    const double *spending = solution ? solution->spending : m->base.spending;
    for (size_t n = 0; n < r; n++)
        for (size_t k = 0; k < s; k++)
            t->final[n * s + k] = spending[n * s + k] > 0 ? 1 : 0;
    for (size_t n = 0; n < r; n++)
        for (size_t j = 0; j < s; j++) {
            double bundle = solution ? dr_bundle_price(m, solution->price, n, j) : 1, made = t->made[n * s + j];
            for (size_t k = 0; k < s; k++) {
                double all = spending[n * s + k], part = all > 0 ? paid_for(m, solution, n, k, j, bundle) / all : 0;
                t->input[(n * s + k) * s + j] = made > 0 ? part / made : 0;
                t->final[n * s + k] -= made > 0 ? part : 0;
            }
        }
}

/* ---- Emissions --------------------------------------------------------------------------------------------------- */

static void fill_emissions(state *t, const dr_model *m, const dr_solution *solution)
{
    const dr_economy *e = m->economy;
    size_t r = m->regions, s = m->sectors;
    for (size_t cell = 0; cell < r * s; cell++) {
        double left = solution && solution->carbon_left ? solution->carbon_left[cell] : 1;
        double more = solution && m->base.output[cell] > 0 ? t->made[cell] / m->base.output[cell] : 1;
        t->produced[cell] = e->emissions[cell] * more * left;
        t->space[cell] = t->made[cell] > 0 ? t->produced[cell] / t->made[cell] : 0;
    }
    for (size_t n = 0; n < r; n++)
        t->direct[n] = e->emitted_by_final[n] * (solution ? 1 + dr_solution_welfare(solution, n) / 100 : 1);
}

/* The emissions in the final use of each region: those of its goods, and its own; those of sectors without sales count
 * as its own. */
static dr_status fill_consumed(state *t, const dr_model *m)
{
    size_t r = m->regions, s = m->sectors;
    const dr_supply_shares shares = {r, s, t->input, t->volume};
    DR_TRY(dr_content(t->content, t->space, &shares));
    dr_content_bought(t->space, t->content, &shares);
    for (size_t n = 0; n < r; n++) {
        t->consumed[n] = t->direct[n];
        for (size_t k = 0; k < s; k++) {
            t->consumed[n] += t->final[n * s + k] * t->space[n * s + k];
            t->consumed[n] += t->made[n * s + k] > 0 ? 0 : t->produced[n * s + k];
        }
    }
    return DR_OK;
}

static double produced_in(const state *t, const dr_model *m, size_t n)
{
    double sum = t->direct[n];
    for (size_t s = 0; s < m->sectors; s++)
        sum += t->produced[n * m->sectors + s];
    return sum;
}

/* All that is produced is consumed somewhere. */
static dr_status certify(double *worst, const state *t, const dr_model *m)
{
    const double most = 1e-9;
    double produced = 0, consumed = 0;
    for (size_t n = 0; n < m->regions; n++) {
        produced += produced_in(t, m, n);
        consumed += t->consumed[n];
    }
    double missed = produced > 0 ? fabs(consumed / produced - 1) : fabs(consumed);
    if (!(missed <= most))
        return dr_fail(DR_NO_SOLUTION,
                       "emissions that are consumed against those produced: relative residual %.1e; at most %.0e is "
                       "allowed",
                       missed, most);
    *worst = fmax(*worst, missed);
    return DR_OK;
}

static dr_status fill(state *t, const dr_model *m, const dr_solution *solution, double *worst)
{
    DR_TRY(state_new(t, m));
    fill_volumes(t, m, solution);
    fill_uses(t, m, solution);
    fill_emissions(t, m, solution);
    DR_TRY(fill_consumed(t, m));
    return certify(worst, t, m);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

enum {
    REGION,
    PRODUCED,
    PRODUCED_NEW,
    PRODUCED_CHANGE,
    PRODUCED_PERCENT,
    CONSUMED,
    CONSUMED_NEW,
    CONSUMED_CHANGE,
    CONSUMED_PERCENT,
    REVENUE,
    WELFARE,
    WITH_CARBON, /* with a social cost */
    COLUMNS
};

static const dr_column_spec columns[COLUMNS] = {[REGION] = {"region", DR_SHOW_TEXT},
                                                [PRODUCED] = {"produced", DR_SHOW_VALUE},
                                                [PRODUCED_NEW] = {"produced_new", DR_SHOW_VALUE},
                                                [PRODUCED_CHANGE] = {"produced_change", DR_SHOW_VALUE},
                                                [PRODUCED_PERCENT] = {"produced_percent", DR_SHOW_PERCENT},
                                                [CONSUMED] = {"consumed", DR_SHOW_VALUE},
                                                [CONSUMED_NEW] = {"consumed_new", DR_SHOW_VALUE},
                                                [CONSUMED_CHANGE] = {"consumed_change", DR_SHOW_VALUE},
                                                [CONSUMED_PERCENT] = {"consumed_percent", DR_SHOW_PERCENT},
                                                [REVENUE] = {"carbon_revenue", DR_SHOW_VALUE},
                                                [WELFARE] = {"welfare", DR_SHOW_PERCENT},
                                                [WITH_CARBON] = {"welfare_with_carbon", DR_SHOW_PERCENT}};

/* The sums of regions, or of one. */
typedef struct sums {
    double produced[2], consumed[2], revenue, income, gain;
} sums;

static sums of_region(const dr_solution *solution, const state *t, size_t n, double unit)
{
    const dr_model *m = solution->model;
    sums x = {.income = m->base.income[n]};
    for (int k = 0; k < 2; k++) {
        x.produced[k] = produced_in(&t[k], m, n);
        x.consumed[k] = t[k].consumed[n];
    }
    for (size_t s = 0; s < m->sectors; s++)
        x.revenue += unit * dr_solution_carbon_paid(solution, n * m->sectors + s);
    x.gain = dr_solution_equivalent(solution, n);
    return x;
}

static void add(sums *all, const sums *x)
{
    for (int k = 0; k < 2; k++) {
        all->produced[k] += x->produced[k];
        all->consumed[k] += x->consumed[k];
    }
    all->revenue += x->revenue;
    all->income += x->income;
    all->gain += x->gain;
}

/* `damage`: of the change of all emissions, as a part of the income of all. */
static void add_row(dr_table *table, const char *name, const sums *x, double damage)
{
    static const double million = 1e6;
    size_t row = dr_table_add_row(table);
    const double *of[] = {x->produced, x->consumed};
    dr_table_set_text(table, row, REGION, name);
    for (size_t k = 0; k < 2; k++) {
        size_t first = k ? CONSUMED : PRODUCED;
        dr_table_set_number(table, row, first, of[k][0] / million);
        dr_table_set_number(table, row, first + 1, of[k][1] / million);
        dr_table_set_number(table, row, first + 2, (of[k][1] - of[k][0]) / million);
        dr_table_set_number(table, row, first + 3, of[k][0] > 0 ? 100 * (of[k][1] / of[k][0] - 1) : NAN);
    }
    dr_table_set_number(table, row, REVENUE, x->revenue);
    dr_table_set_number(table, row, WELFARE, 100 * x->gain / x->income);
    if (dr_table_columns(table) == COLUMNS)
        dr_table_set_number(table, row, WITH_CARBON, 100 * (x->gain / x->income - damage));
}

/* The rise of emissions elsewhere over their fall in the regions with a carbon price; NAN without such a fall. */
static double leakage(const dr_solution *solution, const state *t, size_t *acting)
{
    const dr_model *m = solution->model;
    double fall = 0, rise = 0;
    *acting = 0;
    for (size_t n = 0; n < m->regions; n++) {
        bool acts = false;
        for (size_t s = 0; s < m->sectors && solution->carbon; s++)
            acts = acts || solution->carbon[n * m->sectors + s] > 0;
        double change = produced_in(&t[1], m, n) - produced_in(&t[0], m, n);
        *acting += acts;
        fall -= acts ? change : 0;
        rise += acts ? 0 : change;
    }
    return *acting > 0 && *acting < m->regions && fall > 0 ? rise / fall : NAN;
}

static void say(dr_table *table, const dr_solution *solution, const state *t, const sums *all)
{
    char percent[DR_PERCENT_SIZE], change[DR_MONEY_SIZE];
    size_t acting = 0;
    double rate = leakage(solution, t, &acting), more = (all->produced[1] - all->produced[0]) / 1e6;
    dr_table_say(table, "The emissions of the world %s by %s (%s).", more < 0 ? "fall" : "rise",
                 dr_money(change, more, "million tonnes"),
                 dr_percent_words(percent, 100 * (all->produced[1] / all->produced[0] - 1)));
    if (isnan(rate))
        return;
    dr_table_add_fact(table, "leakage", rate);
    dr_table_say(table, "Of what the regions with a carbon price emit less, %s %s elsewhere (leakage).",
                 dr_percent_words(percent, 100 * rate), rate < 0 ? "is saved again" : "comes back");
}

/* Regions for which the account has nothing. */
static void note_empty(dr_table *table, const state *base, const dr_model *m)
{
    size_t count = 0, first = 0;
    for (size_t n = m->regions; n-- > 0;)
        if (produced_in(base, m, n) == 0) {
            count++;
            first = n;
        }
    if (count > 0)
        dr_table_add_note(table, "regions for which the account has nothing, which counts as zero: %zu, %s among them",
                          count, m->economy->region_codes.names[first]);
}

static void describe(dr_table *table, const dr_solution *solution, double social_cost, double worst)
{
    const dr_economy *e = solution->model->economy;
    dr_solution_describe(table, solution, "emissions");
    dr_table_set_unit(table, "million tonnes");
    dr_table_add_fact_text(table, "account", e->emissions_account);
    dr_table_add_fact(table, "certificate.emissions_residual", worst);
    dr_table_add_note(table,
                      "account: %s%s%s; emissions move with real output%s, those of final use itself with its volume; "
                      "consumed: in final use, through all stages of production, in the proportions of the model",
                      e->emissions_account, *e->emissions_source ? "; source: " : "", e->emissions_source,
                      solution->carbon ? ", less what a carbon price abates" : "");
    if (solution->carbon)
        dr_table_add_note(table, "carbon_revenue: what sectors pay for emissions, in %s", e->unit);
    if (social_cost > 0)
        dr_table_add_note(
            table,
            "welfare_with_carbon: less the damage of the change of all emissions at %.10g of the currency "
            "per tonne, divided among regions by base income",
            social_cost);
}

static dr_status make(dr_table *table, const dr_solution *solution, double social_cost)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    dr_numeraire in = dr_solution_numeraire(solution);
    state t[2] = {{0}};
    sums all = {0};
    double worst = 0;
    dr_status status = fill(&t[0], m, NULL, &worst);
    if (status == DR_OK)
        status = fill(&t[1], m, solution, &worst);
    for (size_t n = 0; n < m->regions && status == DR_OK; n++) {
        sums x = of_region(solution, t, n, dr_numeraire_of(&in, n));
        add(&all, &x);
    }
    double damage = social_cost * (all.produced[1] - all.produced[0]) / dr_money_power(e->unit ? e->unit : "", NULL);
    for (size_t n = 0; n < m->regions && status == DR_OK; n++) {
        sums x = of_region(solution, t, n, dr_numeraire_of(&in, n));
        add_row(table, e->region_codes.names[n], &x, damage / all.income);
    }
    if (status == DR_OK) {
        add_row(table, "world", &all, damage / all.income);
        dr_table_set_kind(table, m->regions, DR_ROW_TOTAL);
        describe(table, solution, social_cost, worst);
        note_empty(table, &t[0], m);
        say(table, solution, t, &all);
    }
    free(t[0].numbers);
    free(t[1].numbers);
    return status;
}

static dr_status check_account(const dr_economy *e)
{
    if (e->emissions)
        return DR_OK;
    if (e->summed)
        return dr_fail(DR_BAD_INPUT, "the armington model has one sector, and no emissions; expected another model");
    return dr_fail(DR_BAD_INPUT,
                   "the table of emissions needs an account of them: expected one called CO2 or GHG in t, kt "
                   "or Mt; 'derisk import account FILE.csv' adds one");
}

dr_status dr_solution_emissions(dr_table **out, const dr_solution *solution, double social_cost)
{
    DR_TRY(DR_GIVEN(out, solution));
    dr_table *table = NULL;
    if (!(social_cost >= 0 && isfinite(social_cost)))
        return dr_fail(DR_BAD_INPUT, "a social cost of carbon of %g; expected 0 or more", social_cost);
    DR_TRY(check_account(solution->model->economy));
    DR_TRY(dr_table_new(&table, columns, social_cost > 0 ? COLUMNS : COLUMNS - 1));
    return dr_table_finish(out, table, make(table, solution, social_cost));
}
