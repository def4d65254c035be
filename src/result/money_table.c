/* The table of the accounts of regions, groups and the world, in money. Formulas: docs/model.md, "Results". */
#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "result/answer.h"
#include "result/result.h"
#include "world/describe.h"

enum {
    REGION,
    EQUIVALENT_VARIATION,
    REAL_GDP_CHANGE,
    INCOME,
    INCOME_NEW,
    FACTOR_INCOME,
    FACTOR_INCOME_NEW,
    REVENUE,
    REVENUE_NEW,
    REVENUE_CHANGE,
    RENTS_NEW,
    EXPORTS,
    EXPORTS_NEW,
    EXPORTS_CHANGE,
    IMPORTS,
    IMPORTS_NEW,
    IMPORTS_CHANGE,
    BALANCE,
    BALANCE_NEW,
    BALANCE_CHANGE,
    COLUMNS
};

static const dr_column_spec columns[COLUMNS] = {
    [REGION] = {"region", DR_SHOW_TEXT},
    [EQUIVALENT_VARIATION] = {"equivalent_variation", DR_SHOW_VALUE},
    [REAL_GDP_CHANGE] = {"real_gdp_change", DR_SHOW_VALUE},
    [INCOME] = {"income", DR_SHOW_VALUE},
    [INCOME_NEW] = {"income_new", DR_SHOW_VALUE},
    [FACTOR_INCOME] = {"factor_income", DR_SHOW_VALUE},
    [FACTOR_INCOME_NEW] = {"factor_income_new", DR_SHOW_VALUE},
    [REVENUE] = {"tariff_revenue", DR_SHOW_VALUE},
    [REVENUE_NEW] = {"tariff_revenue_new", DR_SHOW_VALUE},
    [REVENUE_CHANGE] = {"tariff_revenue_change", DR_SHOW_VALUE},
    [RENTS_NEW] = {"rents_new", DR_SHOW_VALUE},
    [EXPORTS] = {"exports", DR_SHOW_VALUE},
    [EXPORTS_NEW] = {"exports_new", DR_SHOW_VALUE},
    [EXPORTS_CHANGE] = {"exports_change", DR_SHOW_VALUE},
    [IMPORTS] = {"imports", DR_SHOW_VALUE},
    [IMPORTS_NEW] = {"imports_new", DR_SHOW_VALUE},
    [IMPORTS_CHANGE] = {"imports_change", DR_SHOW_VALUE},
    [BALANCE] = {"trade_balance", DR_SHOW_VALUE},
    [BALANCE_NEW] = {"trade_balance_new", DR_SHOW_VALUE},
    [BALANCE_CHANGE] = {"trade_balance_change", DR_SHOW_VALUE},
};

/* Below this part of trade, a change of its balance is the rounding of the solution. */
static const double PRECISE = 1e-9;

static void add_row(dr_table *table, const char *code, dr_row_kind kind, const dr_account *a)
{
    const double balance[] = {a->exports[0] - a->imports[0], a->exports[1] - a->imports[1]};
    double moved = balance[1] - balance[0];
    moved = fabs(moved) < PRECISE * (a->exports[1] + a->imports[1]) ? 0 : moved;
    const double values[COLUMNS] = {[EQUIVALENT_VARIATION] = a->equivalent_variation,
                                    [REAL_GDP_CHANGE] = a->real_gdp[1] - a->real_gdp[0],
                                    [INCOME] = a->income[0],
                                    [INCOME_NEW] = a->income[1],
                                    [FACTOR_INCOME] = a->factor_income[0],
                                    [FACTOR_INCOME_NEW] = a->factor_income[1],
                                    [REVENUE] = a->revenue[0],
                                    [REVENUE_NEW] = a->revenue[1],
                                    [REVENUE_CHANGE] = a->revenue[1] - a->revenue[0],
                                    [RENTS_NEW] = a->rents[1],
                                    [EXPORTS] = a->exports[0],
                                    [EXPORTS_NEW] = a->exports[1],
                                    [EXPORTS_CHANGE] = a->exports[1] - a->exports[0],
                                    [IMPORTS] = a->imports[0],
                                    [IMPORTS_NEW] = a->imports[1],
                                    [IMPORTS_CHANGE] = a->imports[1] - a->imports[0],
                                    [BALANCE] = balance[0],
                                    [BALANCE_NEW] = balance[1],
                                    [BALANCE_CHANGE] = moved};
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, REGION, code);
    for (size_t c = REGION + 1; c < COLUMNS; c++)
        dr_table_set_number(table, row, c, values[c]);
}

/* The world trades with itself alone: its exports and imports are those of its regions. */
static dr_account world_account(const dr_account *accounts, const dr_account *sum, size_t regions)
{
    dr_account world = *sum;
    for (size_t n = 0; n < regions; n++)
        for (int t = 0; t < 2; t++) {
            world.exports[t] += accounts[n].exports[t];
            world.imports[t] += accounts[n].imports[t];
        }
    return world;
}

static dr_status add_rows(dr_table *table, const dr_solution *solution, const dr_account *accounts,
                          unsigned char *everywhere)
{
    const dr_economy *e = solution->model->economy;
    for (size_t n = 0; n < e->regions; n++) {
        add_row(table, e->region_codes.names[n], DR_ROW_ONE, &accounts[n]);
        everywhere[n] = 1;
    }
    for (size_t g = 0; g < e->groups.count; g++) {
        dr_account of_group = dr_account_sum(solution, accounts, e->member + g * e->regions);
        add_row(table, e->groups.names[g], DR_ROW_GROUP, &of_group);
    }
    dr_account sum = dr_account_sum(solution, accounts, everywhere);
    dr_account world = world_account(accounts, &sum, e->regions);
    add_row(table, "world", DR_ROW_TOTAL, &world);
    dr_table_add_note(table, "equivalent_variation is base income times the change of real income; real_gdp_change is "
                             "that of final demand plus exports less imports, in volumes at base prices; trade of a "
                             "group is that with the rest of the world");
    return dr_groups_tell_all(table, e, &solution->named);
}

dr_status dr_solution_money(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    dr_table *table = NULL;
    unsigned char *everywhere = dr_new(solution->model->regions, 1);
    dr_account *accounts = dr_accounts_new(solution);
    dr_status status = everywhere && accounts ? dr_table_new(&table, columns, COLUMNS) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "accounts");
        dr_table_set_unit(table, solution->model->economy->unit);
        dr_table_rank(table, EQUIVALENT_VARIATION);
        dr_answer_winners(table, solution, accounts);
        status = add_rows(table, solution, accounts, everywhere);
    }
    free(everywhere);
    free(accounts);
    return dr_table_finish(out, table, status);
}
