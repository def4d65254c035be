/* GET runs: what is stored in the world. */
#include <string.h>

#include "result/result_tables.h"
#include "serve/endpoints.h"

const char *const serve_run_keys[] = {"table", NULL};

dr_status serve_find_run(serve_call *call, const char *name, bool *found)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_world_take(call->desk, &world));
    dr_status status = dr_world_runs(&table, world);
    serve_world_give(call->desk);
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
    DR_TRY(serve_world_take(call->desk, &world));
    dr_status status = dr_world_runs(&table, world);
    serve_world_give(call->desk);
    return status == DR_OK ? serve_write_table(call, table, "results") : status;
}

dr_status serve_answer_run(serve_call *call)
{
    const char *words[DR_STORED_TABLES + 1] = {NULL};
    size_t word = 0;
    bool found = false;
    dr_world *world = NULL;
    dr_table *table = NULL;
    for (size_t k = 0; k < DR_STORED_TABLES; k++)
        words[k] = dr_result_tables[k].name;
    DR_TRY(serve_parameter_word(call, "table", words, &word));
    DR_TRY(serve_find_run(call, call->rest, &found));
    call->http = found ? 0 : 404;
    DR_TRY(serve_world_take(call->desk, &world));
    dr_status status = dr_world_run(&table, world, call->rest, words[word]);
    serve_world_give(call->desk);
    return status == DR_OK ? serve_write_table(call, table, "results") : status;
}
