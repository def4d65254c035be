/* The partial equilibrium of each product whose tariffs a scenario changes (partial/gsim.h), beside the general
 * equilibrium: both from the base of the model, with its tariffs and its elasticities. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/check.h"
#include "base/money.h"
#include "base/residual.h"
#include "base/table.h"
#include "measure/product_trade.h"
#include "model/tier.h"
#include "partial/gsim.h"
#include "result/region_accounts.h"
#include "result/result.h"
#include "scenario/product_change.h"

/* The elasticity of export supply, that of the example of Francois and Hall. */
static const double SUPPLY = 1.5;

enum { PRODUCT, NAME, EXPORTER, IMPORTER, TARIFF, NEW_TARIFF, BASE, PARTIAL, GENERAL, PARTIAL_CHANGE, GENERAL_CHANGE };
static const dr_column_spec columns[] = {
    [PRODUCT] = {"product", DR_SHOW_TEXT},
    [NAME] = {"name", DR_SHOW_TEXT},
    [EXPORTER] = {"exporter", DR_SHOW_TEXT},
    [IMPORTER] = {"importer", DR_SHOW_TEXT},
    [TARIFF] = {"tariff", DR_SHOW_PERCENT},
    [NEW_TARIFF] = {"new_tariff", DR_SHOW_PERCENT},
    [BASE] = {"base", DR_SHOW_VALUE},
    [PARTIAL] = {"partial", DR_SHOW_VALUE},
    [GENERAL] = {"general", DR_SHOW_VALUE},
    [PARTIAL_CHANGE] = {"partial_percent", DR_SHOW_PERCENT},
    [GENERAL_CHANGE] = {"general_percent", DR_SHOW_PERCENT},
};

/* The work on one product after another; `gsim` has the one at hand, `general` [exporter, importer] its flows in the
 * solution. */
typedef struct work {
    const dr_solution *solution;
    const dr_scenario *scenario;
    dr_table *table;
    dr_gsim gsim;
    double *general;
    size_t products;
    double residual, base[2], partial[2], general_sum[2]; /* sums of all flows, and of those whose tariffs change */
} work;

/* Takes the flows of a product, a cell for each importer; true if a tariff on one of them changes. */
static bool take_product(work *w, size_t s, unsigned product)
{
    const dr_model *m = w->solution->model;
    const dr_tier *t = m->tier;
    const double all = dr_solution_numeraire(w->solution).all;
    size_t r = m->regions;
    bool changes = false;
    dr_gsim *g = &w->gsim;
    memset(g->trade, 0, r * r * sizeof *g->trade);
    memset(w->general, 0, r * r * sizeof *w->general);
    for (size_t n = 0; n < r; n++) {
        size_t block = s * r + n, cell = dr_tier_cell(t, block, product);
        for (size_t row = t->start[cell]; cell < t->cell[block + 1] && row < t->start[cell + 1]; row++) {
            size_t i = t->origin[row], flow = (n * r + i) * m->sectors + s, pair = i * r + n;
            double tariff = dr_base_tariff(&m->base, flow);
            if (t->source[row] == DR_NO_PRODUCT)
                continue;
            g->trade[pair] = dr_tier_value(m, flow, row, cell);
            g->base[pair] = 1 + tariff;
            g->now[pair] = 1 + dr_product_rate(w->scenario, tariff, flow, t->source[row]);
            w->general[pair] = w->solution->product_flow[row] * dr_solution_row_border(w->solution, row) * all;
            g->substitution = 1 + dr_tier_theta(t, cell);
            changes |= g->now[pair] < g->base[pair] || g->now[pair] > g->base[pair];
        }
    }
    g->demand = -t->sigma[s];
    g->supply = SUPPLY;
    return changes;
}

static void add_row(work *w, const char *code, const char *name, size_t pair)
{
    const dr_names *regions = &w->solution->model->economy->region_codes;
    const dr_gsim *g = &w->gsim;
    const double figures[] = {100 * (g->base[pair] - 1),
                              100 * (g->now[pair] - 1),
                              g->trade[pair],
                              g->new_trade[pair],
                              w->general[pair],
                              dr_percent(g->new_trade[pair] / g->trade[pair]),
                              dr_percent(w->general[pair] / g->trade[pair])};
    size_t row = dr_table_add_row(w->table);
    dr_table_set_text(w->table, row, PRODUCT, code);
    dr_table_set_text(w->table, row, NAME, name);
    dr_table_set_text(w->table, row, EXPORTER, regions->names[pair / g->regions]);
    dr_table_set_text(w->table, row, IMPORTER, regions->names[pair % g->regions]);
    for (size_t c = TARIFF; c <= GENERAL_CHANGE; c++)
        dr_table_set_number(w->table, row, c, figures[c - TARIFF]);
}

static dr_status add_product(work *w, size_t s, unsigned product)
{
    const dr_product_trade *trade = w->solution->model->tier->trade;
    const char *code = trade->flows.products.names[product];
    int name = dr_names_find(&trade->names_of.codes, code);
    dr_gsim *g = &w->gsim;
    if (!take_product(w, s, product))
        return DR_OK;
    dr_status status = dr_gsim_solve(g);
    if (status != DR_OK)
        return status == DR_NO_SOLUTION ? dr_fail_at(status, code) : status;
    w->residual = dr_worse(w->residual, g->residual);
    w->products++;
    for (size_t pair = 0; pair < g->regions * g->regions; pair++) {
        bool changed = g->now[pair] < g->base[pair] || g->now[pair] > g->base[pair];
        if (!(g->trade[pair] > 0))
            continue;
        for (size_t k = 0; k < 1 + (size_t)changed; k++) {
            w->base[k] += g->trade[pair];
            w->partial[k] += g->new_trade[pair];
            w->general_sum[k] += w->general[pair];
        }
        add_row(w, code, name < 0 ? "" : trade->names_of.labels[name], pair);
    }
    return DR_OK;
}

static dr_status add_products(work *w)
{
    const dr_model *m = w->solution->model;
    const dr_product_trade *trade = m->tier->trade;
    for (size_t k = 0; k < trade->flows.products.count; k++) {
        DR_TRY(dr_cancel_check());
        if (trade->sector[k] >= 0 && m->tier->has[trade->sector[k]])
            DR_TRY(add_product(w, (size_t)trade->sector[k], (unsigned)k));
    }
    if (w->products == 0)
        return dr_fail(DR_BAD_INPUT, "the scenario changes no tariff on a product flow: there is no partial "
                                     "equilibrium beside the general one");
    return DR_OK;
}

static void describe(const work *w)
{
    const char *unit = w->solution->model->economy->unit;
    char base[DR_MONEY_SIZE], partial[DR_MONEY_SIZE], general[DR_MONEY_SIZE];
    char subject[2][128] = {"", "The flows whose own tariffs change go"};
    snprintf(subject[0], sizeof subject[0], "Trade in the %zu product%s whose tariffs change goes", w->products,
             w->products == 1 ? "" : "s");
    for (size_t k = 0; k < 2; k++)
        dr_table_say(w->table, "%s from %s to %s a year in partial equilibrium, and to %s in general equilibrium.",
                     subject[k], dr_money(base, w->base[k], unit), dr_money(partial, w->partial[k], unit),
                     dr_money(general, w->general_sum[k], unit));
    dr_table_add_fact(w->table, "partial.products", (double)w->products);
    dr_table_add_fact(w->table, "partial.residual", w->residual);
    dr_table_add_fact(w->table, "partial.supply_elasticity", SUPPLY);
    dr_note_numeraire(w->table, w->solution, "values without tariffs");
    dr_table_add_note(
        w->table,
        "partial: each product is a market by itself (Francois and Hall 2003), to first order in tariffs, with the "
        "model's elasticities of substitution between origins and between products as those of substitution and of "
        "import demand, and %g of export supply; no incomes, no inputs, no home sales, and none of the scenario's "
        "changes but tariffs",
        SUPPLY);
}

dr_status dr_solution_partial(dr_table **out, const dr_solution *solution, const dr_scenario *scenario)
{
    DR_TRY(DR_GIVEN(out, solution));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    const dr_model *m = solution->model;
    work w = {.solution = solution, .scenario = scenario};
    if (!m->tier)
        return dr_fail(DR_BAD_INPUT, "the imports of this model are not made of products; expected products nest");
    DR_TRY(dr_table_new(&w.table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(w.table, solution, "partial equilibrium beside the general one");
    dr_table_set_unit(w.table, m->economy->unit);
    dr_table_rank(w.table, BASE);
    dr_status status = dr_gsim_new(&w.gsim, m->regions);
    w.general = dr_new_doubles(m->regions * m->regions);
    if (status == DR_OK && !w.general)
        status = dr_fail_memory();
    if (status == DR_OK)
        status = add_products(&w);
    if (status == DR_OK)
        describe(&w);
    dr_gsim_free(&w.gsim);
    free(w.general);
    return dr_table_finish(out, w.table, status);
}
