/* What a solution says, as tables. Formulas: docs/model.md, "Results". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/print.h"
#include "base/table.h"
#include "model/factors.h"
#include "model/prices.h"
#include "result/result.h"
#include "world/describe.h"

static const char *closure_name(dr_closure closure)
{
    static const char *const names[] = {"fixed", "income-share", "zero"};
    return names[closure];
}

void dr_model_describe(dr_table *table, const dr_model *m)
{
    dr_table_add_fact_text(table, "settings.model", m->preset);
    if (m->options.horizon)
        dr_table_add_fact_text(table, "settings.horizon", m->options.horizon);
    dr_table_add_fact_text(table, "settings.elasticity", m->elasticity);
    dr_table_add_fact_text(table, "settings.closure", closure_name(m->options.closure));
    if (m->options.rigid_wages)
        dr_table_add_fact_text(table, "settings.rigid_wages", m->options.rigid_wages);
    if (m->options.thin_markets)
        dr_table_add_fact_text(table, "settings.thin_markets", m->options.thin_markets);
    dr_table_add_fact(table, "settings.tolerance", m->options.tolerance);
    for (size_t i = 0; i < m->note_count; i++)
        dr_table_add_note(table, "%s", m->notes[i]);
}

/* Notes the limits that are not below the base flow: they are slack unless the flow grows. */
static void note_slack(dr_table *table, const dr_solution *solution)
{
    const dr_economy *e = solution->model->economy;
    const dr_limit_result *first = NULL;
    size_t count = 0;
    for (size_t c = 0; c < solution->limit_count; c++) {
        const dr_limit_result *limit = &solution->limits[c];
        if (limit->flows == 0 || !(limit->level >= limit->base))
            continue;
        first = first ? first : limit;
        count++;
    }
    if (first)
        dr_table_add_note(table,
                          "export curbs and quotas at or above the base flow: %zu of %zu (%s of %s to %s: limit %.10g, "
                          "base flow %.10g)%s",
                          count, solution->limit_count,
                          first->one_sector ? e->sector_codes.names[first->sector] : "goods",
                          first->one_exporter ? e->region_codes.names[first->exporter] : "several",
                          first->one_importer ? e->region_codes.names[first->importer] : "several", first->level,
                          first->base, first->wedge > 1 ? "" : "; this limit does not bind and has no effect");
}

static double thin_use(const dr_solution *solution, const dr_thin_market *market)
{
    const dr_model *m = solution->model;
    return m->base.spending[market->region * m->sectors + market->sector];
}

/* The largest of the markets that come after `last` by size (NULL: of all). */
static const dr_thin_market *next_thin(const dr_solution *solution, const dr_thin_market *last)
{
    const dr_thin_market *next = NULL;
    for (size_t j = 0; j < solution->thin_count; j++) {
        const dr_thin_market *market = &solution->thin[j];
        double use = thin_use(solution, market), before = last ? thin_use(solution, last) : INFINITY;
        bool after = use < before || (use == before && market > last);
        if (after && (!next || use > thin_use(solution, next)))
            next = market;
    }
    return next;
}

/* Says which markets are thin, and what that does. */
static void note_thin(dr_table *table, const dr_solution *solution)
{
    enum { MOST = 3 };
    const dr_economy *e = solution->model->economy;
    const dr_thin_market *market = NULL;
    char list[400] = "";
    double all = 0;
    if (solution->thin_count == 0)
        return;
    for (size_t j = 0; j < solution->thin_count; j++)
        all += thin_use(solution, &solution->thin[j]);
    for (int j = 0; j < MOST && (market = next_thin(solution, market)); j++) {
        size_t at = strlen(list);
        dr_print_text(list + at, sizeof list - at, "%s%s %s (%.10g, of which %.2g%% is left)", j ? ", " : "",
                      e->region_codes.names[market->region], e->sector_codes.names[market->sector],
                      thin_use(solution, market), 100 * market->remains);
    }
    dr_table_add_note(
        table,
        "thin markets, left with less than %.10g%% of base supply by the scenario: %zu with a base use of %.10g %s; "
        "%s: %s. "
        "What is left of their supply is pooled and counts as %.10g%%: a cell so small says little of what its buyers "
        "would do, and their price would rise without bound. thin-markets 0 takes the cells at their word",
        100 * solution->model->nests.thin, solution->thin_count, all, e->unit,
        solution->thin_count > MOST ? "the largest" : "by size", list, 100 * solution->model->nests.thin);
}

void dr_solution_describe(dr_table *table, const dr_solution *solution, const char *what)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    const dr_certificate *c = &solution->certificate;
    const char *title = *solution->scenario ? solution->scenario : "No change";
    if (e->year)
        dr_table_set_title(table, "%s: %s, %d", title, what, e->year);
    else
        dr_table_set_title(table, "%s: %s", title, what);
    dr_describe(table, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(table, "scenario", solution->scenario);
    dr_model_describe(table, m);
    for (size_t i = 0; i < solution->note_count; i++)
        dr_table_add_note(table, "%s", solution->notes[i]);
    dr_named_tell(table, e, &solution->named);
    note_slack(table, solution);
    note_thin(table, solution);
    dr_table_add_fact(table, "certificate.worst_residual", c->worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", c->worst_equation);
    dr_table_add_fact(table, "certificate.market_clearing", c->market_clearing);
    dr_table_add_fact(table, "certificate.trade_balance", c->trade_balance);
    dr_table_add_fact(table, "certificate.walras", c->walras);
    dr_table_add_fact(table, "certificate.adding_up", c->adding_up);
    if (solution->limit_count || m->floor)
        dr_table_add_fact(table, "certificate.complementarity", c->complementarity);
    dr_table_add_fact(table, "certificate.sweeps", c->sweeps);
    dr_table_add_fact(table, "certificate.newton_steps", c->newton_steps);
    dr_table_add_fact(table, "certificate.jacobian_products", c->jacobian_products);
    dr_table_add_fact(table, "certificate.parts", c->parts);
    dr_table_add_fact(table, "certificate.solve_seconds", c->solve_seconds);
}

dr_status dr_solution_finish(dr_table **out, dr_table *table)
{
    dr_status status = dr_table_done(table);
    if (status != DR_OK) {
        dr_table_free(table);
        return status;
    }
    *out = table;
    return DR_OK;
}

static double percent(double ratio)
{
    return 100 * (ratio - 1);
}

/* The columns of the table of regions. */
enum {
    WELFARE,
    FIRST_ORDER,
    REAL_WAGE,
    WAGE,
    CONSUMER_PRICE,
    TERMS_OF_TRADE,
    VOLUME_OF_TRADE,
    REVENUE_SHARE,
    EXPORTS,
    IMPORTS,
    EMPLOYMENT, /* the last, where wages are rigid */
    FIGURES
};

/* The relative change of a flow; -1 where it stops, 0 where there never was one. */
static double flow_change(const dr_solution *solution, size_t flow)
{
    double base = solution->model->base.flow[flow];
    return base > 0 ? solution->flow[flow] / base - 1 : 0;
}

/* To first order (Caliendo & Parro 2015, eq. 18, with relative for logarithmic changes, as they compute it). */
void dr_solution_trade_terms(const dr_solution *solution, size_t n, double *terms, double *volume)
{
    const dr_model *m = solution->model;
    const dr_base *b = &m->base;
    size_t r = m->regions, s = m->sectors;
    *terms = *volume = 0;
    for (size_t i = 0; i < r; i++)
        for (size_t k = 0; k < s && i != n; k++) {
            size_t bought = (n * r + i) * s + k, sold = (i * r + n) * s + k;
            double own = solution->cost[n * s + k] - 1, theirs = solution->cost[i * s + k] - 1;
            *terms += b->flow[sold] * own - b->flow[bought] * theirs;
            if (b->tariff)
                *volume += b->tariff[bought] * b->flow[bought] * (flow_change(solution, bought) - theirs);
        }
    *terms *= 100 / b->income[n];
    *volume *= 100 / b->income[n];
}

/* Exports and imports, base and new, of the regions in `members` with all others. */
static void trade_change(const dr_solution *solution, const unsigned char *members, double *figures)
{
    const dr_model *m = solution->model;
    size_t r = m->regions, s = m->sectors;
    double sums[2][2] = {{0}};
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s && members[n] != members[i]; k++) {
                size_t flow = (n * r + i) * s + k;
                sums[members[n]][0] += m->base.flow[flow];
                sums[members[n]][1] += solution->flow[flow];
            }
    figures[EXPORTS] = sums[0][0] > 0 ? percent(sums[0][1] / sums[0][0]) : NAN;
    figures[IMPORTS] = sums[1][0] > 0 ? percent(sums[1][1] / sums[1][0]) : NAN;
}

double dr_solution_welfare(const dr_solution *solution, size_t n)
{
    return percent(solution->income[n] / solution->model->base.income[n] /
                   dr_consumer_price(solution->model, solution->price, n));
}

static void region_figures(const dr_solution *solution, size_t n, unsigned char *members, double *figures)
{
    double price = dr_consumer_price(solution->model, solution->price, n);
    figures[WELFARE] = dr_solution_welfare(solution, n);
    figures[REAL_WAGE] = percent(solution->wage[n] / price);
    figures[WAGE] = percent(solution->wage[n]);
    figures[CONSUMER_PRICE] = percent(price);
    figures[REVENUE_SHARE] = solution->tariff_revenue[n] / solution->income[n];
    if (solution->employment)
        figures[EMPLOYMENT] = percent(dr_solution_employment(solution, n));
    dr_solution_trade_terms(solution, n, &figures[TERMS_OF_TRADE], &figures[VOLUME_OF_TRADE]);
    figures[FIRST_ORDER] = figures[TERMS_OF_TRADE] + figures[VOLUME_OF_TRADE];
    members[n] = 1;
    trade_change(solution, members, figures);
    members[n] = 0;
}

/* Whether a group's figure is weighted by value added. */
static bool is_of_labour(size_t figure)
{
    return figure == WAGE || figure == REAL_WAGE || figure == EMPLOYMENT;
}

/* A group's figures are means of its members': of wages and employment with value added as weight, of the others with base income (all of
 * which is final demand); trade is with the rest of the world. */
static void group_figures(const dr_solution *solution, const unsigned char *members, const double *of_regions,
                          double *figures)
{
    const dr_model *m = solution->model;
    double income = 0, wages = 0, revenue = 0, new_income = 0;
    for (size_t n = 0; n < m->regions; n++) {
        if (!members[n])
            continue;
        for (size_t f = 0; f < FIGURES; f++) {
            figures[f] +=
                of_regions[n * FIGURES + f] * (is_of_labour(f) ? m->base.factor_income[n] : m->base.income[n]);
        }
        income += m->base.income[n];
        wages += m->base.factor_income[n];
        revenue += solution->tariff_revenue[n];
        new_income += solution->income[n];
    }
    for (size_t f = 0; f < FIGURES; f++)
        figures[f] /= is_of_labour(f) ? wages : income;
    figures[REVENUE_SHARE] = revenue / new_income;
    trade_change(solution, members, figures);
}

static void add_region_row(dr_table *table, const char *code, dr_row_kind kind, const double *figures)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, 0, code);
    for (size_t f = 0; f + 1 < dr_table_columns(table); f++)
        dr_table_set_number(table, row, f + 1, figures[f]);
}

static dr_status add_regions(dr_table *table, const dr_solution *solution, unsigned char *members, double *figures)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    for (size_t n = 0; n < m->regions; n++) {
        region_figures(solution, n, members, figures + n * FIGURES);
        add_region_row(table, e->region_codes.names[n], DR_ROW_ONE, figures + n * FIGURES);
    }
    for (size_t g = 0; g < e->groups.count; g++) {
        double of_group[FIGURES] = {0};
        group_figures(solution, e->member + g * m->regions, figures, of_group);
        add_region_row(table, e->groups.names[g], DR_ROW_GROUP, of_group);
    }
    if (e->groups.count)
        dr_table_add_note(table,
                          "groups (after the regions): wages weighted by value added, other changes by base income; "
                          "exports and imports are those with the rest of the world");
    return dr_groups_tell_all(table, e, &solution->named);
}

dr_status dr_solution_regions(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare", DR_SHOW_PERCENT},
                                             {"welfare_first_order", DR_SHOW_PERCENT},
                                             {"real_wage", DR_SHOW_PERCENT},
                                             {"wage", DR_SHOW_PERCENT},
                                             {"consumer_price", DR_SHOW_PERCENT},
                                             {"terms_of_trade", DR_SHOW_PERCENT},
                                             {"volume_of_trade", DR_SHOW_PERCENT},
                                             {"tariff_revenue_share", DR_SHOW_SHARE},
                                             {"exports", DR_SHOW_PERCENT},
                                             {"imports", DR_SHOW_PERCENT},
                                             {"employment", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    size_t count = sizeof columns / sizeof *columns - (m->floor ? 0 : 1);
    dr_table *table = NULL;
    double *figures = dr_new(m->regions * FIGURES, sizeof *figures);
    unsigned char *members = dr_new(m->regions, 1);
    dr_status status = figures && members ? dr_table_new(&table, columns, count) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "regions");
        dr_table_set_unit(table, "changes from the base in percent; tariff revenue as a share of income");
        status = add_regions(table, solution, members, figures);
    }
    free(figures);
    free(members);
    return dr_table_finish(out, table, status);
}

dr_status dr_solution_sectors(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},         {"sector", DR_SHOW_TEXT},
                                             {"output", DR_SHOW_PERCENT},      {"price", DR_SHOW_PERCENT},
                                             {"value_added", DR_SHOW_PERCENT}, {"employment", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns - (m->floor ? 0 : 1)));
    dr_solution_describe(table, solution, "sectors");
    dr_table_set_unit(table,
                      "changes from the base in percent: output in volume, price of output, value added in value");
    for (size_t n = 0; n < m->regions; n++)
        for (size_t s = 0; s < m->sectors; s++) {
            double base = m->base.output[n * m->sectors + s];
            if (base == 0)
                continue;
            double value = solution->output[n * m->sectors + s] / base, price = solution->cost[n * m->sectors + s];
            size_t row = dr_table_add_row(table);
            dr_table_set_text(table, row, 0, e->region_codes.names[n]);
            dr_table_set_text(table, row, 1, e->sector_codes.names[s]);
            dr_table_set_number(table, row, 2, percent(value / price));
            dr_table_set_number(table, row, 3, percent(price));
            double paid = solution->value_added[n * m->sectors + s] / m->base.value_added[n * m->sectors + s];
            dr_table_set_number(table, row, 4, percent(paid));
            if (m->floor)
                dr_table_set_number(table, row, 5, percent(dr_solution_sector_employment(solution, n, s)));
        }
    return dr_solution_finish(out, table);
}

static void add_flow(dr_table *table, const dr_solution *solution, size_t n, size_t i, size_t s)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    size_t flow = (n * m->regions + i) * m->sectors + s;
    if (m->base.flow[flow] == 0)
        return;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, e->region_codes.names[i]);
    dr_table_set_text(table, row, 1, e->region_codes.names[n]);
    dr_table_set_text(table, row, 2, e->sector_codes.names[s]);
    dr_table_set_number(table, row, 3, m->base.flow[flow]);
    dr_table_set_number(table, row, 4, solution->flow[flow]);
    dr_table_set_number(table, row, 5, 100 * flow_change(solution, flow));
}

dr_status dr_solution_flows(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"exporter", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT},
                                             {"sector", DR_SHOW_TEXT},   {"base", DR_SHOW_VALUE},
                                             {"new", DR_SHOW_VALUE},     {"change", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "flows");
    dr_table_set_unit(table, m->economy->unit);
    dr_table_add_note(table, "values without tariffs, with world income (the numeraire) held constant");
    for (size_t i = 0; i < m->regions; i++)
        for (size_t n = 0; n < m->regions; n++)
            for (size_t s = 0; s < m->sectors; s++)
                add_flow(table, solution, n, i, s);
    return dr_solution_finish(out, table);
}

/* The sum over the sectors of what n buys from i. */
static void add_tie(dr_table *table, const dr_solution *solution, size_t n, size_t i)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    double base = 0, new = 0;
    for (size_t s = 0; s < m->sectors; s++) {
        base += m->base.flow[(n * m->regions + i) * m->sectors + s];
        new += solution->flow[(n * m->regions + i) * m->sectors + s];
    }
    if (base == 0)
        return;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, e->region_codes.names[i]);
    dr_table_set_text(table, row, 1, e->region_codes.names[n]);
    dr_table_set_number(table, row, 2, base);
    dr_table_set_number(table, row, 3, new);
    dr_table_set_number(table, row, 4, percent(new / base));
}

dr_status dr_solution_ties(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"exporter", DR_SHOW_TEXT},
                                             {"importer", DR_SHOW_TEXT},
                                             {"base", DR_SHOW_VALUE},
                                             {"new", DR_SHOW_VALUE},
                                             {"change", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "ties");
    dr_table_set_unit(table, m->economy->unit);
    dr_table_add_note(table, "values of all sectors without tariffs, with world income (the numeraire) held constant");
    for (size_t i = 0; i < m->regions; i++)
        for (size_t n = 0; n < m->regions; n++)
            if (i != n)
                add_tie(table, solution, n, i);
    return dr_solution_finish(out, table);
}

static void add_factor(dr_table *table, const dr_solution *solution, size_t n, size_t f)
{
    const dr_model *m = solution->model;
    double base = 0, earned = solution->factor_mean[f * m->regions + n];
    for (size_t s = 0; s < m->sectors; s++)
        base += dr_factor_base(m, f, n, s);
    if (base == 0)
        return;
    const double numbers[] = {base, base * earned, percent(earned),
                              percent(earned / dr_consumer_price(m, solution->price, n))};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, m->economy->region_codes.names[n]);
    dr_table_set_text(table, row, 1, dr_factor_name(m, f));
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
        dr_table_set_number(table, row, c + 2, numbers[c]);
}

dr_status dr_solution_factors(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},   {"factor", DR_SHOW_TEXT},
                                             {"base", DR_SHOW_VALUE},    {"new", DR_SHOW_VALUE},
                                             {"price", DR_SHOW_PERCENT}, {"real_price", DR_SHOW_PERCENT}};
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "factors");
    dr_table_set_unit(table, m->economy->unit);
    dr_table_add_note(
        table, "what factors earn in all sectors together, with world income (the numeraire) held constant; changes of "
               "what a unit earns in percent, the real one against the consumer price");
    for (size_t n = 0; n < m->regions; n++)
        for (size_t f = 0; f < m->factors; f++)
            add_factor(table, solution, n, f);
    return dr_solution_finish(out, table);
}

static void add_limit(dr_table *table, const dr_solution *solution, const dr_limit_result *limit)
{
    static const char *const rents[] = {"exporter", "importer", "lost"};
    const dr_economy *e = solution->model->economy;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, limit->one_exporter ? e->region_codes.names[limit->exporter] : "several");
    dr_table_set_text(table, row, 1, limit->one_importer ? e->region_codes.names[limit->importer] : "several");
    dr_table_set_text(table, row, 2, limit->one_sector ? e->sector_codes.names[limit->sector] : "several");
    dr_table_set_number(table, row, 3, (double)limit->flows);
    dr_table_set_number(table, row, 4, limit->base);
    dr_table_set_number(table, row, 5, limit->level);
    dr_table_set_number(table, row, 6, limit->volume);
    dr_table_set_text(table, row, 7, limit->wedge > 1 ? "yes" : "no");
    dr_table_set_number(table, row, 8, percent(limit->wedge));
    dr_table_set_number(table, row, 9, limit->rent);
    dr_table_set_text(table, row, 10, rents[limit->rent_to]);
}

dr_status dr_solution_curbs(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {
        {"exporter", DR_SHOW_TEXT}, {"importer", DR_SHOW_TEXT}, {"sector", DR_SHOW_TEXT},  {"flows", DR_SHOW_COUNT},
        {"base", DR_SHOW_VALUE},    {"limit", DR_SHOW_VALUE},   {"volume", DR_SHOW_VALUE}, {"binding", DR_SHOW_TEXT},
        {"wedge", DR_SHOW_PERCENT}, {"rent", DR_SHOW_VALUE},    {"rent_to", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, sizeof columns / sizeof *columns));
    dr_solution_describe(table, solution, "export curbs and quotas");
    dr_table_set_unit(table, solution->model->economy->unit);
    dr_table_add_note(
        table, "volumes at base prices; the wedge is what scarcity adds to the price, in percent; the rent in units of "
               "world income");
    for (size_t c = 0; c < solution->limit_count; c++)
        if (solution->limits[c].flows)
            add_limit(table, solution, &solution->limits[c]);
    return dr_solution_finish(out, table);
}
