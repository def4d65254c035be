#include "solve/model.h"
#include "world/runs.h"

dr_status dr_solution_store(const dr_solution *solution, const char *path, const char *name)
{
    static const char *const kinds[] = {"regions", "sectors", "flows", "factors", "curbs"};
    dr_table *tables[5] = {NULL};
    size_t count = solution->cap_count ? 5 : 4;
    dr_status status = dr_solution_regions(&tables[0], solution);
    if (status == DR_OK)
        status = dr_solution_sectors(&tables[1], solution);
    if (status == DR_OK)
        status = dr_solution_flows(&tables[2], solution);
    if (status == DR_OK)
        status = dr_solution_factors(&tables[3], solution);
    if (status == DR_OK && count > 4)
        status = dr_solution_curbs(&tables[4], solution);
    if (status == DR_OK)
        status = dr_runs_store(path, name, (const dr_table *const *)tables, kinds, count);
    for (size_t i = 0; i < count; i++)
        dr_table_free(tables[i]);
    return status;
}
