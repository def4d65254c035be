#include "solve/model.h"
#include "world/runs.h"

dr_status dr_solution_store(const dr_solution *solution, const char *path, const char *name)
{
    static const char *const kinds[] = {"regions", "sectors", "flows", "decomposition", "factors", "curbs"};
    static dr_status (*const make[])(dr_table **, const dr_solution *) = {
        dr_solution_regions,       dr_solution_sectors, dr_solution_flows,
        dr_solution_decomposition, dr_solution_factors, dr_solution_curbs};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    dr_table *tables[KINDS] = {NULL};
    size_t count = solution->cap_count ? KINDS : KINDS - 1;
    dr_status status = DR_OK;
    for (size_t i = 0; i < count && status == DR_OK; i++)
        status = make[i](&tables[i], solution);
    if (status == DR_OK)
        status = dr_runs_store(path, name, (const dr_table *const *)tables, kinds, count);
    for (size_t i = 0; i < count; i++)
        dr_table_free(tables[i]);
    return status;
}
