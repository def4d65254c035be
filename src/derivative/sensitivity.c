/* Which instruments move a result most, as a table. */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "derivative/gradient.h"
#include "result/result.h"

enum { TARIFF, TRADE_COST, LIMIT, PRODUCTIVITY, INSTRUMENTS };

/* One instrument, and what a small step of it does to the result. */
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

/* Steps are one percentage point of a tariff, one percent of a trade cost, of the level of a volume limit, or of
 * productivity. Domestic
 * flows, and flows that are zero in the base, are not instruments of trade policy. */
static void list_levers(list *l, const dr_gradient *g, const dr_solution *solution, double unit)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    for (size_t flow = 0; flow < r * r * s; flow++) {
        if (flow / s / r == flow / s % r || solution->flow[flow] == 0)
            continue;
        l->levers[l->count++] = (lever){TARIFF, flow, 0, 0.01 * unit * g->tariff[flow]};
        l->levers[l->count++] = (lever){TRADE_COST, flow, 0, 0.01 * unit * g->trade_cost[flow]};
    }
    for (size_t cell = 0; cell < r * s; cell++)
        if (solution->output[cell] > 0)
            l->levers[l->count++] = (lever){PRODUCTIVITY, cell, 0, 0.01 * unit * g->productivity[cell]};
    for (size_t c = 0; c < solution->limit_count; c++) {
        const dr_limit_result *limit = &solution->limits[c];
        size_t flow = (limit->importer * r + limit->exporter) * s + limit->sector;
        if (limit->flows)
            l->levers[l->count++] = (lever){LIMIT, flow, c, 0.01 * unit * g->limit[c]};
    }
    qsort(l->levers, l->count, sizeof *l->levers, compare);
}

static void add_lever(dr_table *table, const dr_solution *solution, const lever *l)
{
    static const char *const names[INSTRUMENTS] = {"tariff", "trade-cost", "quota", "productivity"};
    const dr_economy *e = solution->model->economy;
    size_t s = e->sectors, r = e->regions;
    const dr_limit_result *limit = l->instrument == LIMIT ? &solution->limits[l->limit] : NULL;
    size_t row = dr_table_add_row(table);
    const char *kind = !limit            ? names[l->instrument]
                       : limit->most > 0 ? "tariff-rate-quota"
                       : limit->relative ? "export-curb"
                                         : names[LIMIT];
    dr_table_set_text(table, row, 0, kind);
    if (l->instrument == PRODUCTIVITY) {
        dr_table_set_text(table, row, 1, "");
        dr_table_set_text(table, row, 2, e->region_codes.names[l->flow / s]);
        dr_table_set_text(table, row, 3, dr_economy_sector(e, l->flow % s));
        dr_table_set_number(table, row, 4, solution->output[l->flow]);
        dr_table_set_number(table, row, 5, l->effect);
        return;
    }
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

static dr_status fill(dr_table **out, const dr_solution *solution, const dr_gradient *g, list *l, const char *result,
                      dr_result_kind kind, size_t most)
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
    dr_table_add_note(table,
                      "effect: the change of %s (now %.4g%s) for one more percentage point of the tariff, or for 1%% "
                      "more of the trade cost, of the volume that an export curb or quota allows, or of productivity",
                      result, (share ? 100 : 1) * g->value,
                      kind == DR_RESULT_FLOW ? ""
                      : share                ? "%, in percentage points"
                                             : "%, in percent of real income");
    list_levers(l, g, solution, share ? 100 : 1);
    add_levers(table, solution, l, most);
    if (most)
        dr_table_add_note(table, "the %zu largest of each instrument, of %zu in all", most, l->count);
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
    list l = {.levers = dr_new(2 * flows + cells + solution->limit_count, sizeof *l.levers)};
    dr_gradient g = {.tariff = dr_new_doubles(flows),
                     .trade_cost = dr_new_doubles(flows),
                     .limit = dr_new_doubles(solution->limit_count),
                     .productivity = dr_new_doubles(cells)};
    bool all = l.levers && g.tariff && g.trade_cost && g.limit && g.productivity;
    dr_status status = all ? DR_OK : dr_fail_memory();
    dr_result named = {0};
    if (status == DR_OK)
        status = dr_result_read(&named, m->economy, result);
    if (status == DR_OK)
        status = dr_solution_gradient(&g, solution, scenario, result);
    if (status == DR_OK)
        status = fill(out, solution, &g, &l, result, named.kind, most);
    dr_result_free(&named);
    free(l.levers);
    free(g.tariff);
    free(g.trade_cost);
    free(g.limit);
    free(g.productivity);
    return status;
}
