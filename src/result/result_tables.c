#include "result/result_tables.h"
#include "base/check.h"
#include "result/result.h"
#include "world/runs.h"

static dr_status emissions(dr_table **out, const dr_solution *solution)
{
    return dr_solution_emissions(out, solution, 0);
}

const dr_result_table dr_result_tables[DR_RESULT_TABLES] = {
    {"regions", dr_solution_regions, NULL},
    {"money", dr_solution_money, NULL},
    {"sectors", dr_solution_sectors, NULL},
    {"flows", dr_solution_flows, NULL},
    {"decomposition", NULL, dr_solution_decomposition},
    {"factors", dr_solution_factors, NULL},
    {"curbs", dr_solution_curbs, NULL},
    {"ties", dr_solution_ties, NULL},
    {"protection", dr_solution_protection, NULL},
    {"products", dr_solution_products, NULL},
    {"partial", NULL, dr_solution_partial},
    {"emissions", emissions, NULL},
    {"jobs", dr_solution_jobs, NULL},
    {"overview", NULL, dr_solution_overview},
    {"summary", NULL, dr_solution_summary},
};

dr_status dr_result_make(dr_table **out, size_t index, const dr_solution *solution, const dr_scenario *scenario)
{
    const dr_result_table *table = &dr_result_tables[index];
    return table->make ? table->make(out, solution) : table->follow(out, solution, scenario);
}

/* Curbs, the last, are kept where there are limits. */
dr_status dr_solution_store(const dr_solution *solution, const dr_scenario *scenario, const char *path,
                            const char *name)
{
    DR_TRY(DR_GIVEN(solution, path, name));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    dr_table *tables[DR_STORED_TABLES] = {NULL};
    const char *kinds[DR_STORED_TABLES];
    size_t count = solution->limit_count ? DR_STORED_TABLES : DR_STORED_TABLES - 1;
    dr_status status = DR_OK;
    for (size_t i = 0; i < count && status == DR_OK; i++) {
        kinds[i] = dr_result_tables[i].name;
        status = dr_result_make(&tables[i], i, solution, scenario);
        if (status == DR_OK)
            status = dr_table_kinds_to_column(tables[i]);
    }
    if (status == DR_OK)
        status = dr_runs_store(path, name, (const dr_table *const *)tables, kinds, count);
    for (size_t i = 0; i < count; i++)
        dr_table_free(tables[i]);
    return status;
}
