/* The table of regions: welfare, prices and trade of each region and group. Formulas: docs/model.md, "Results". */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "result/answer.h"
#include "result/result.h"
#include "result/welfare.h"
#include "world/describe.h"

/* The columns of the table of regions. */
enum {
    WELFARE,
    EQUIVALENT_VARIATION,
    FIRST_ORDER,
    REAL_GDP,
    REAL_WAGE,
    WAGE,
    CONSUMER_PRICE,
    TERMS_OF_TRADE,
    VOLUME_OF_TRADE,
    EXPORTS,
    IMPORTS,
    REVENUE_CHANGE,
    EMPLOYMENT, /* the last, where wages are rigid */
    FIGURES
};

static double change(const double values[2])
{
    return values[0] > 0 ? dr_percent(values[1] / values[0]) : NAN;
}

static void account_figures(const dr_account *a, double *figures)
{
    figures[EQUIVALENT_VARIATION] = a->equivalent_variation;
    figures[REAL_GDP] = change(a->real_gdp);
    figures[EXPORTS] = change(a->exports);
    figures[IMPORTS] = change(a->imports);
    figures[REVENUE_CHANGE] = a->revenue[1] - a->revenue[0];
}

static void region_figures(const dr_solution *solution, size_t n, const dr_account *account, double *figures)
{
    dr_numeraire in = dr_solution_numeraire(solution);
    double price = dr_solution_consumer_price(solution, n), unit = dr_numeraire_of(&in, n);
    figures[WELFARE] = dr_solution_welfare(solution, n);
    figures[REAL_WAGE] = dr_percent(solution->wage[n] / price);
    figures[WAGE] = dr_percent(solution->wage[n] * unit);
    figures[CONSUMER_PRICE] = dr_percent(price * unit);
    if (solution->employment)
        figures[EMPLOYMENT] = dr_percent(dr_solution_employment(solution, n));
    dr_solution_trade_terms(solution, n, &figures[TERMS_OF_TRADE], &figures[VOLUME_OF_TRADE]);
    figures[FIRST_ORDER] = figures[TERMS_OF_TRADE] + figures[VOLUME_OF_TRADE];
    account_figures(account, figures);
}

/* Whether a group's figure is weighted by value added. */
static bool is_of_labour(size_t figure)
{
    return figure == WAGE || figure == REAL_WAGE || figure == EMPLOYMENT;
}

/* A group's figures are means of its members': of wages and employment with value added as weight, of the others with
 * base income (all of which is final demand); those of its account are sums. */
static void group_figures(const dr_solution *solution, const unsigned char *members, const dr_account *accounts,
                          const double *of_regions, double *figures)
{
    const dr_model *m = solution->model;
    dr_account account = dr_account_sum(solution, accounts, members);
    for (size_t n = 0; n < m->regions; n++)
        for (size_t f = 0; f < FIGURES && members[n]; f++)
            figures[f] +=
                of_regions[n * FIGURES + f] * (is_of_labour(f) ? m->base.factor_income[n] : m->base.income[n]);
    for (size_t f = 0; f < FIGURES; f++)
        figures[f] /= is_of_labour(f) ? account.factor_income[0] : account.income[0];
    account_figures(&account, figures);
}

static void add_region_row(dr_table *table, const char *code, dr_row_kind kind, const double *figures)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, 0, code);
    for (size_t f = 0; f + 1 < dr_table_columns(table); f++)
        dr_table_set_number(table, row, f + 1, figures[f]);
}

static dr_status add_regions(dr_table *table, const dr_solution *solution, const dr_account *accounts, double *figures)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    for (size_t n = 0; n < m->regions; n++) {
        region_figures(solution, n, &accounts[n], figures + n * FIGURES);
        add_region_row(table, e->region_codes.names[n], DR_ROW_ONE, figures + n * FIGURES);
    }
    for (size_t g = 0; g < e->groups.count; g++) {
        double of_group[FIGURES] = {0};
        group_figures(solution, e->member + g * m->regions, accounts, figures, of_group);
        add_region_row(table, e->groups.names[g], DR_ROW_GROUP, of_group);
    }
    if (e->groups.count)
        dr_table_add_note(table,
                          "groups (after the regions): wages weighted by value added, other changes by base income; "
                          "values are sums, and exports and imports those with the rest of the world");
    return dr_groups_tell_all(table, e, &solution->named);
}

dr_status dr_regions_table_new(dr_table **out, bool employment)
{
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare", DR_SHOW_PERCENT},
                                             {"equivalent_variation", DR_SHOW_VALUE},
                                             {"welfare_first_order", DR_SHOW_PERCENT},
                                             {"real_gdp", DR_SHOW_PERCENT},
                                             {"real_wage", DR_SHOW_PERCENT},
                                             {"wage", DR_SHOW_PERCENT},
                                             {"consumer_price", DR_SHOW_PERCENT},
                                             {"terms_of_trade", DR_SHOW_PERCENT},
                                             {"volume_of_trade", DR_SHOW_PERCENT},
                                             {"exports", DR_SHOW_PERCENT},
                                             {"imports", DR_SHOW_PERCENT},
                                             {"tariff_revenue_change", DR_SHOW_VALUE},
                                             {"employment", DR_SHOW_PERCENT}};
    DR_TRY(dr_table_new(out, columns, sizeof columns / sizeof *columns - (employment ? 0 : 1)));
    dr_table_word(*out, "exports", "exports", "value of exports, to all other regions");
    dr_table_word(*out, "imports", "imports", "value of imports, from all other regions");
    return DR_OK;
}

dr_status dr_solution_regions(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    const dr_model *m = solution->model;
    dr_table *table = NULL;
    double *figures = dr_new(m->regions * FIGURES, sizeof *figures);
    dr_account *accounts = dr_accounts_new(solution);
    dr_status status = figures && accounts ? dr_regions_table_new(&table, solution->employment) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "regions");
        dr_table_set_unit(table, m->economy->unit);
        dr_table_rank(table, 1 + EQUIVALENT_VARIATION);
        dr_answer_winners(table, solution, accounts);
        status = add_regions(table, solution, accounts, figures);
    }
    free(figures);
    free(accounts);
    return dr_table_finish(out, table, status);
}
