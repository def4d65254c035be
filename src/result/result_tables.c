#include "result/result_tables.h"
#include "base/check.h"
#include "result/result.h"
#include "world/runs.h"

const dr_result_table dr_result_tables[DR_RESULT_TABLES] = {
    {"regions", dr_solution_regions}, {"sectors", dr_solution_sectors},
    {"flows", dr_solution_flows},     {"decomposition", dr_solution_decomposition},
    {"factors", dr_solution_factors}, {"curbs", dr_solution_curbs},
    {"ties", dr_solution_ties}};

/* Curbs, the last, are kept where there are limits. */
dr_status dr_solution_store(const dr_solution *solution, const char *path, const char *name)
{
    DR_TRY(DR_GIVEN(solution, path, name));
    dr_table *tables[DR_STORED_TABLES] = {NULL};
    const char *kinds[DR_STORED_TABLES];
    size_t count = solution->limit_count ? DR_STORED_TABLES : DR_STORED_TABLES - 1;
    dr_status status = DR_OK;
    for (size_t i = 0; i < count && status == DR_OK; i++) {
        kinds[i] = dr_result_tables[i].name;
        status = dr_result_tables[i].make(&tables[i], solution);
        if (status == DR_OK)
            status = dr_table_kinds_to_column(tables[i]);
    }
    if (status == DR_OK)
        status = dr_runs_store(path, name, (const dr_table *const *)tables, kinds, count);
    for (size_t i = 0; i < count; i++)
        dr_table_free(tables[i]);
    return status;
}
