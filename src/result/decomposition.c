/* The decomposition of the change of real income, region by region. Formulas: docs/model.md, "Welfare explained". */
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "result/result.h"
#include "result/welfare_terms.h"

static void add_row(dr_table *table, const char *code, dr_row_kind kind, const double *figures)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, 0, code);
    for (size_t f = 0; f < DR_TERMS; f++)
        dr_table_set_number(table, row, f + 1, figures[f]);
}

static dr_status add_rows(dr_table *table, const dr_solution *solution, double *figures)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    for (size_t n = 0; n < m->regions; n++) {
        dr_welfare_terms(solution, n, figures + n * DR_TERMS);
        add_row(table, e->region_codes.names[n], DR_ROW_ONE, figures + n * DR_TERMS);
    }
    for (size_t g = 0; g < e->groups.count; g++) {
        double of_group[DR_TERMS] = {0}, income = 0;
        for (size_t n = 0; n < m->regions; n++)
            income += e->member[g * m->regions + n] ? m->base.income[n] : 0;
        for (size_t n = 0; n < m->regions; n++)
            for (size_t f = 0; f < DR_TERMS && e->member[g * m->regions + n]; f++)
                of_group[f] += figures[n * DR_TERMS + f] * m->base.income[n] / income;
        add_row(table, e->groups.names[g], DR_ROW_GROUP, of_group);
    }
    if (e->groups.count)
        dr_table_add_note(table, "groups (after the regions) are means of their members, weighted by base income");
    return dr_groups_tell_all(table, e, &solution->named);
}

dr_status dr_solution_decomposition(dr_table **out, const dr_solution *solution)
{
    DR_TRY(DR_GIVEN(out, solution));
    static const dr_column_spec columns[] = {{"region", DR_SHOW_TEXT},
                                             {"welfare", DR_SHOW_PERCENT},
                                             {"terms_of_trade", DR_SHOW_PERCENT},
                                             {"volume_of_trade", DR_SHOW_PERCENT},
                                             {"technical", DR_SHOW_PERCENT},
                                             {"reallocation", DR_SHOW_PERCENT},
                                             {"rents", DR_SHOW_PERCENT},
                                             {"transfers", DR_SHOW_PERCENT},
                                             {"first_order", DR_SHOW_PERCENT},
                                             {"second_order", DR_SHOW_PERCENT},
                                             {"residual", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    double *figures = dr_new(solution->model->regions * DR_TERMS, sizeof *figures);
    dr_status status = figures ? dr_table_new(&table, columns, sizeof columns / sizeof *columns) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "welfare explained");
        dr_table_set_unit(table, "percent of base income");
        dr_table_add_note(table, "first_order is the sum of the six terms before it; residual is welfare (exact) less "
                                 "second_order");
        status = add_rows(table, solution, figures);
    }
    free(figures);
    return dr_table_finish(out, table, status);
}
