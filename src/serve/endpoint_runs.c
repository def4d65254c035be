/* GET runs: the runs that are stored in the world. */
#include <string.h>

#include "options/result_rows.h"
#include "serve/endpoints.h"

static const option_row of_run[] = {
    {"table", .kind = OPTION_WORD, .words = option_stored_tables, .fallback = "regions", .help = "table of the run"},
    {0},
};
const option_group serve_run_options[] = {{.rows = of_run}, {0}};

dr_status serve_find_run(serve_call *call, const char *name, bool *found)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_world_runs(&table, world);
    serve_world_give(call->session);
    *found = false;
    for (size_t i = 0; status == DR_OK && i < dr_table_rows(table); i++)
        *found = *found || strcmp(dr_table_text(table, i, 0), name) == 0;
    dr_table_free(table);
    return status;
}

dr_status serve_answer_runs(serve_call *call)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_world_runs(&table, world);
    serve_world_give(call->session);
    return status == DR_OK ? serve_write_table(call, table, "results") : status;
}

dr_status serve_answer_run(serve_call *call)
{
    const char *wanted = option_stored_tables[option_word(&call->values, "table")];
    bool found = false;
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_find_run(call, call->rest, &found));
    call->http = found ? 0 : 404;
    DR_TRY(serve_world_take(call->session, &world));
    dr_status status = dr_world_run(&table, world, call->rest, wanted);
    serve_world_give(call->session);
    return status == DR_OK ? serve_write_table(call, table, "results") : status;
}
