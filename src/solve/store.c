#include "world/runs.h"

dr_status dr_solution_store(const dr_solution *solution, const char *path, const char *name)
{
    static const char *const kinds[] = {"regions", "sectors", "flows"};
    dr_table *tables[3] = {NULL};
    dr_status status = dr_solution_regions(&tables[0], solution);
    if (status == DR_OK)
        status = dr_solution_sectors(&tables[1], solution);
    if (status == DR_OK)
        status = dr_solution_flows(&tables[2], solution);
    if (status == DR_OK)
        status = dr_runs_store(path, name, (const dr_table *const *)tables, kinds, 3);
    for (size_t i = 0; i < 3; i++)
        dr_table_free(tables[i]);
    return status;
}
