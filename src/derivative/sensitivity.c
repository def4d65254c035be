/* Which instruments move a result most, as a table. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "derivative/gradient.h"
#include "model/factors.h"
#include "result/result.h"
#include "scenario/scenario.h"

enum {
    TARIFF,
    TRADE_COST,
    LIMIT,
    EXPORT_TAX,
    PRODUCTION_TAX,
    USE_TAX,
    PRODUCTIVITY,
    SUPPLY,
    DEMAND,
    TRANSFER,
    INSTRUMENTS
};

/* One instrument, and what a small step of it does to the result. Its `flow` is [n, i, s], or of what regions can
 * produce, want, have or are given [n, s], [n, s], [factor, n] or [n]. */
typedef struct lever {
    int instrument;
    size_t flow, limit;
    double effect;
} lever;

typedef struct list {
    lever *levers;
    size_t count, places;
} list;

/* By instrument, the largest effect first. */
static int compare(const void *a, const void *b)
{
    const lever *x = a, *y = b;
    if (x->instrument != y->instrument)
        return x->instrument - y->instrument;
    if (fabs(x->effect) != fabs(y->effect))
        return fabs(x->effect) > fabs(y->effect) ? -1 : 1;
    return (x->flow > y->flow) - (x->flow < y->flow);
}

/* What regions have, want and are given, in steps of one percent; a gift of one percent of a region's base income comes
 * from all others, in proportion to theirs. */
static void list_shifts(list *l, const dr_shift_gradient *g, const dr_solution *solution, double unit)
{
    const dr_model *m = solution->model;
    double all = 0, given = 0;
    for (size_t n = 0; n < m->regions; n++) {
        all += m->base.income[n];
        given += m->base.income[n] * g->income[n];
    }
    for (size_t at = 0; at < m->factors * m->regions; at++)
        l->levers[l->count++] = (lever){SUPPLY, at, 0, 0.01 * unit * g->supply[at]};
    for (size_t cell = 0; cell < m->regions * m->sectors; cell++)
        if (m->final_share[cell % m->sectors * m->stride + cell / m->sectors] > 0)
            l->levers[l->count++] = (lever){DEMAND, cell, 0, 0.01 * unit * g->demand[cell]};
    for (size_t n = 0; n < m->regions && m->regions > 1; n++) {
        double income = m->base.income[n], others = (given - income * g->income[n]) / (all - income);
        l->levers[l->count++] = (lever){TRANSFER, n, 0, 0.01 * unit * income * (g->income[n] - others)};
    }
}

/* Steps are one percentage point of a tariff, one percent of a trade cost, of the level of a volume limit, of
 * productivity, or of the price as a tax. Domestic flows, and flows that are zero in the base, are not instruments of
 * trade policy; taxes of exporters that the scenario has are such, and no volume limits. */
static void list_levers(list *l, const dr_gradient *g, const double *export_tax, const dr_solution *solution,
                        const dr_scenario *scenario, double unit)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    for (size_t flow = 0; flow < r * r * s; flow++) {
        if (flow / s / r == flow / s % r || solution->flow[flow] == 0)
            continue;
        l->levers[l->count++] = (lever){TARIFF, flow, 0, 0.01 * unit * g->tariff[flow]};
        l->levers[l->count++] = (lever){TRADE_COST, flow, 0, 0.01 * unit * g->trade_cost[flow]};
        if (!isnan(export_tax[flow]))
            l->levers[l->count++] = (lever){EXPORT_TAX, flow, 0, 0.01 * unit * export_tax[flow]};
    }
    for (size_t cell = 0; cell < r * s; cell++)
        if (solution->output[cell] > 0)
            l->levers[l->count++] = (lever){PRODUCTIVITY, cell, 0, 0.01 * unit * g->productivity[cell]};
    for (size_t c = 0; c < solution->limit_count; c++) {
        const dr_limit_result *limit = &solution->limits[c];
        size_t flow = (limit->importer * r + limit->exporter) * s + limit->sector;
        if (limit->flows && !(scenario->limits[c].wedge > 0))
            l->levers[l->count++] = (lever){LIMIT, flow, c, 0.01 * unit * g->limit[c]};
    }
}

/* Taxes on all sales and on all purchases of a sector of a region: on those at home tariffs on itself, on sales abroad
 * taxes of the exporter. A tax on production is none where a volume abroad is limited. */
static void list_taxes(list *l, const dr_gradient *g, const double *export_tax, const dr_solution *solution,
                       double unit)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    for (size_t cell = 0; cell < r * s; cell++) {
        double sales = 0, purchases = 0;
        size_t own = cell / s, k = cell % s;
        for (size_t other = 0; other < r; other++) {
            size_t bought = (own * r + other) * s + k, sold = (other * r + own) * s + k;
            double duty = (1 + (solution->tariff ? solution->tariff[bought] : 0)) * g->tariff[bought];
            purchases += solution->flow[bought] > 0 ? duty : 0;
            if (solution->flow[sold] > 0)
                sales += other == own ? duty : export_tax[sold];
        }
        if (solution->output[cell] > 0 && !isnan(sales))
            l->levers[l->count++] = (lever){PRODUCTION_TAX, cell, 0, 0.01 * unit * sales};
        l->levers[l->count++] = (lever){USE_TAX, cell, 0, 0.01 * unit * purchases};
    }
}

static const char *const names[INSTRUMENTS] = {"tariff",         "trade-cost", "quota",        "export-tax",
                                               "production-tax", "use-tax",    "productivity", "factor-supply",
                                               "demand",         "transfer"};

/* What a region buys of a sector. */
static double bought(const dr_solution *solution, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    double sum = 0;
    for (size_t i = 0; i < m->regions; i++)
        sum += solution->flow[(n * m->regions + i) * m->sectors + s];
    return sum;
}

/* A lever of a region: its name is that of the exporter of what it produces or supplies, and of the importer of what it
 * wants or is given. */
static void add_shift(dr_table *table, const dr_solution *solution, const lever *l, size_t row)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    bool cells = l->instrument <= PRODUCTIVITY || l->instrument == DEMAND;
    bool wants = l->instrument >= DEMAND || l->instrument == USE_TAX;
    size_t n = cells ? l->flow / m->sectors : l->flow % m->regions, s = cells ? l->flow % m->sectors : 0;
    const char *sector = cells ? dr_economy_sector(e, s) : "all";
    double size = m->base.income[n];
    if (l->instrument == PRODUCTIVITY || l->instrument == PRODUCTION_TAX)
        size = solution->output[l->flow];
    else if (l->instrument == USE_TAX)
        size = bought(solution, n, s);
    else if (l->instrument == DEMAND)
        size = m->base.final[l->flow];
    else if (l->instrument == SUPPLY) {
        sector = m->factors > 1 ? dr_factor_name(m, l->flow / m->regions) : sector;
        size = 0;
        for (size_t k = 0; k < m->sectors; k++)
            size += dr_factor_base(m, l->flow / m->regions, n, k);
    }
    dr_table_set_text(table, row, 0, names[l->instrument]);
    dr_table_set_text(table, row, wants ? 1 : 2, e->region_codes.names[n]);
    dr_table_set_text(table, row, 3, sector);
    dr_table_set_number(table, row, 4, size);
    dr_table_set_number(table, row, 5, l->effect);
}

static void add_lever(dr_table *table, const dr_solution *solution, const lever *l)
{
    const dr_economy *e = solution->model->economy;
    size_t s = e->sectors, r = e->regions;
    const dr_limit_result *limit = l->instrument == LIMIT ? &solution->limits[l->limit] : NULL;
    size_t row = dr_table_add_row(table);
    const char *kind = !limit            ? names[l->instrument]
                       : limit->most > 0 ? "tariff-rate-quota"
                       : limit->relative ? "export-curb"
                                         : names[LIMIT];
    if (l->instrument >= PRODUCTION_TAX) {
        add_shift(table, solution, l, row);
        return;
    }
    dr_table_set_text(table, row, 0, kind);
    dr_table_set_text(table, row, 1,
                      limit && !limit->one_importer ? "several" : e->region_codes.names[l->flow / s / r]);
    dr_table_set_text(table, row, 2,
                      limit && !limit->one_exporter ? "several" : e->region_codes.names[l->flow / s % r]);
    dr_table_set_text(table, row, 3, limit && !limit->one_sector ? "several" : dr_economy_sector(e, l->flow % s));
    dr_table_set_number(table, row, 4, limit ? limit->volume : solution->flow[l->flow]);
    dr_table_set_number(table, row, 5, l->effect);
}

static void add_levers(dr_table *table, const dr_solution *solution, const list *l, size_t most)
{
    size_t of_kind = 0;
    for (size_t j = 0; j < l->count; j++) {
        of_kind = j > 0 && l->levers[j].instrument == l->levers[j - 1].instrument ? of_kind + 1 : 0;
        if (most == 0 || of_kind < most)
            add_lever(table, solution, &l->levers[j]);
    }
}

static dr_status fill(dr_table **out, const dr_solution *solution, const dr_scenario *scenario, const dr_gradient *g,
                      const dr_shift_gradient *shifts, list *l, const char *result, dr_result_kind kind, size_t most)
{
    static const dr_column_spec columns[] = {{"instrument", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT},
                                             {"exporter", DR_SHOW_TEXT},   {"sector", DR_SHOW_TEXT},
                                             {"flow", DR_SHOW_VALUE},      {"effect", DR_SHOW_NUMBER}};
    bool share = kind != DR_RESULT_WELFARE && kind != DR_RESULT_FLOW; /* fractions read in percent */
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "sensitivity");
    dr_table_set_unit(table, solution->model->economy->unit);
    dr_table_add_fact_text(table, "result", result);
    dr_table_add_fact(table, "value", (share ? 100 : 1) * g->value);
    dr_table_add_fact(table, "certificate.adjoint_sweeps", g->sweeps);
    dr_table_add_note(
        table,
        "effect: the change of %s (now %.4g%s) for one more percentage point of the tariff, for a tax of 1%% on "
        "exports, on production or on use, or for 1%% more of the trade cost, of the volume that an export curb or "
        "quota allows, of productivity, of a factor, or of the demand for a good; transfer: 1%% of a region's income, "
        "which all others give",
        result, (share ? 100 : 1) * g->value,
        kind == DR_RESULT_FLOW ? ""
        : share                ? "%, in percentage points"
                               : "%, in percent of real income");
    list_levers(l, g, shifts->export_tax, solution, scenario, share ? 100 : 1);
    list_taxes(l, g, shifts->export_tax, solution, share ? 100 : 1);
    list_shifts(l, shifts, solution, share ? 100 : 1);
    qsort(l->levers, l->count, sizeof *l->levers, compare);
    add_levers(table, solution, l, most);
    if (most)
        dr_table_add_note(table, "the %zu largest of each instrument, of %zu in all", most, l->count);
    if (most)
        dr_table_keep_rows(table);
    return dr_solution_finish(out, table);
}

dr_status dr_solution_sensitivity(dr_table **out, const dr_solution *solution, const dr_scenario *scenario,
                                  const char *result, size_t most)
{
    DR_TRY(DR_GIVEN(out, solution, result));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    const dr_model *m = solution->model;
    size_t flows = m->regions * m->regions * m->sectors;
    size_t cells = m->regions * m->sectors;
    size_t supplies = m->factors * m->regions, shifted = 4 * cells + supplies + m->regions;
    list l = {.levers = dr_new(3 * flows + shifted + solution->limit_count, sizeof *l.levers)};
    dr_shift_gradient shifts = {dr_new_doubles(supplies), dr_new_doubles(cells), dr_new_doubles(m->regions),
                                dr_new_doubles(flows)};
    dr_gradient g = {.tariff = dr_new_doubles(flows),
                     .trade_cost = dr_new_doubles(flows),
                     .limit = dr_new_doubles(solution->limit_count),
                     .productivity = dr_new_doubles(cells)};
    bool all = l.levers && g.tariff && g.trade_cost && g.limit && g.productivity && shifts.supply && shifts.demand &&
               shifts.income && shifts.export_tax;
    dr_status status = all ? DR_OK : dr_fail_memory();
    dr_result named = {0};
    if (status == DR_OK)
        status = dr_result_read(&named, m->economy, result);
    if (status == DR_OK)
        status = dr_gradient_find(&g, &shifts, solution, scenario, result);
    if (status == DR_OK)
        status = fill(out, solution, scenario, &g, &shifts, &l, result, named.kind, most);
    dr_result_free(&named);
    free(l.levers);
    free(g.tariff);
    free(g.trade_cost);
    free(g.limit);
    free(g.productivity);
    free(shifts.supply);
    free(shifts.demand);
    free(shifts.income);
    free(shifts.export_tax);
    return status;
}
