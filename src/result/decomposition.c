/* The sources of the change of real income, region by region. Formulas: docs/model.md, "Welfare decomposition". */
#include <stdlib.h>

#include "base/check.h"
#include "base/table.h"
#include "result/path.h"
#include "result/result.h"
#include "result/welfare.h"
#include "world/describe.h"

enum { WELFARE, FIRST_TERM, REMAINDER = FIRST_TERM + DR_TERMS, FIGURES };

/* What is added up along the path: the figures of regions [n, FIGURES], and the weight of the step at hand. */
typedef struct sums {
    double *figures, weight;
    size_t regions;
} sums;

static void add_flow(void *user, size_t n, size_t i, size_t s, const double *imported, const double *exported)
{
    sums *all = user;
    (void)s;
    for (size_t k = 0; k < DR_TERMS; k++) {
        all->figures[n * FIGURES + FIRST_TERM + k] += 100 * all->weight * imported[k];
        all->figures[i * FIGURES + FIRST_TERM + k] += 100 * all->weight * exported[k];
    }
}

static dr_status add_step(void *user, dr_step *step, double weight)
{
    sums *all = user;
    all->weight = weight;
    dr_step_flows(step, add_flow, all);
    for (size_t n = 0; n < all->regions; n++) {
        double rest[DR_TERMS];
        dr_step_rest(step, n, rest);
        for (size_t k = 0; k < DR_TERMS; k++)
            all->figures[n * FIGURES + FIRST_TERM + k] += 100 * weight * rest[k];
    }
    return DR_OK;
}

static void add_row(dr_table *table, const char *code, dr_row_kind kind, const double *figures)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_kind(table, row, kind);
    dr_table_set_text(table, row, 0, code);
    for (size_t f = 0; f < FIGURES; f++)
        dr_table_set_number(table, row, f + 1, figures[f]);
}

static dr_status add_rows(dr_table *table, const dr_solution *solution, double *figures)
{
    const dr_model *m = solution->model;
    const dr_economy *e = m->economy;
    for (size_t n = 0; n < m->regions; n++) {
        double *of = figures + n * FIGURES;
        of[REMAINDER] = of[WELFARE] = dr_solution_welfare(solution, n);
        for (size_t k = 0; k < DR_TERMS; k++)
            of[REMAINDER] -= of[FIRST_TERM + k];
        add_row(table, e->region_codes.names[n], DR_ROW_ONE, of);
    }
    for (size_t g = 0; g < e->groups.count; g++) {
        double of_group[FIGURES] = {0}, income = 0;
        for (size_t n = 0; n < m->regions; n++)
            income += e->member[g * m->regions + n] ? m->base.income[n] : 0;
        for (size_t n = 0; n < m->regions; n++)
            for (size_t f = 0; f < FIGURES && e->member[g * m->regions + n]; f++)
                of_group[f] += figures[n * FIGURES + f] * m->base.income[n] / income;
        add_row(table, e->groups.names[g], DR_ROW_GROUP, of_group);
    }
    if (e->groups.count)
        dr_table_add_note(table, "groups (after the regions) are means of their members, weighted by base income");
    return dr_groups_tell_all(table, e, &solution->named);
}

static const dr_column_spec columns[FIGURES + 1] = {
    {"region", DR_SHOW_TEXT},
    [1 + WELFARE] = {"welfare", DR_SHOW_PERCENT},
    [1 + FIRST_TERM + DR_TERM_TERMS_OF_TRADE] = {"terms_of_trade", DR_SHOW_PERCENT},
    [1 + FIRST_TERM + DR_TERM_VOLUME_OF_TRADE] = {"volume_of_trade", DR_SHOW_PERCENT},
    [1 + FIRST_TERM + DR_TERM_TECHNICAL] = {"technical", DR_SHOW_PERCENT},
    [1 + FIRST_TERM + DR_TERM_REALLOCATION] = {"reallocation", DR_SHOW_PERCENT},
    [1 + FIRST_TERM + DR_TERM_RENTS] = {"rents", DR_SHOW_PERCENT},
    [1 + FIRST_TERM + DR_TERM_TRANSFERS] = {"transfers", DR_SHOW_PERCENT},
    [1 + FIRST_TERM + DR_TERM_DEMAND] = {"demand", DR_SHOW_PERCENT},
    [1 + REMAINDER] = {"remainder", DR_SHOW_PERCENT}};

dr_status dr_solution_decomposition(dr_table **out, const dr_solution *solution, const dr_scenario *scenario)
{
    DR_TRY(DR_GIVEN(out, solution));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    dr_table *table = NULL;
    sums all = {.figures = dr_new(solution->model->regions * FIGURES, sizeof(double)),
                .regions = solution->model->regions};
    dr_status status = all.figures ? dr_path_follow(solution, scenario, NULL, add_step, &all) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_table_new(&table, columns, FIGURES + 1);
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "welfare explained");
        dr_table_set_unit(table, "percent of base income");
        dr_table_add_note(table, "terms are integrated along the path of the scenario from nothing to its size; the "
                                 "remainder is welfare (exact) less the terms");
        dr_table_rank(table, 1 + WELFARE);
        status = add_rows(table, solution, all.figures);
    }
    free(all.figures);
    return dr_table_finish(out, table, status);
}
