/* The table of regions: welfare and trade of each region and group. Formulas: docs/model.md, "Results". */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "result/result.h"
#include "result/welfare.h"

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
    figures[EXPORTS] = sums[0][0] > 0 ? dr_percent(sums[0][1] / sums[0][0]) : NAN;
    figures[IMPORTS] = sums[1][0] > 0 ? dr_percent(sums[1][1] / sums[1][0]) : NAN;
}

static void region_figures(const dr_solution *solution, size_t n, unsigned char *members, double *figures)
{
    double price = dr_solution_consumer_price(solution, n);
    figures[WELFARE] = dr_solution_welfare(solution, n);
    figures[REAL_WAGE] = dr_percent(solution->wage[n] / price);
    figures[WAGE] = dr_percent(solution->wage[n]);
    figures[CONSUMER_PRICE] = dr_percent(price);
    figures[REVENUE_SHARE] = solution->tariff_revenue[n] / solution->income[n];
    if (solution->employment)
        figures[EMPLOYMENT] = dr_percent(dr_solution_employment(solution, n));
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

/* A group's figures are means of its members': of wages and employment with value added as weight, of the others with
 * base income (all of which is final demand); trade is with the rest of the world. */
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
