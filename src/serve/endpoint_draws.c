/* POST draws: uncertainty bands of the results of a scenario. */
#include "options/draw_rows.h"
#include "serve/endpoints.h"
#include "serve/problem.h"

static const option_row of_draws[] = {
    {"scenario", .kind = OPTION_JSON, .required = true, .help = "document of a scenario"},
    {0},
};
const option_group serve_draws_options[] = {{.rows = of_draws}, {.rows = option_draw_rows}, {0}};

static dr_status draw(serve_call *call, const serve_problem *problem, const dr_draw_options *options)
{
    serve_members members = {.call = call, .command = "simulate"};
    dr_scenario *scenario = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_problem_scenario(problem, &scenario));
    dr_status status = dr_draw_bands(&table, problem->model, scenario, options);
    if (status == DR_OK)
        status = serve_note_scenario(call, table, scenario);
    dr_scenario_free(scenario);
    DR_TRY(status);
    DR_TRY(serve_write_member(&members, "draws", table));
    serve_end_members(&members);
    return DR_OK;
}

dr_status serve_draws_of(dr_draw_options *out, serve_call *call)
{
    *out = option_draws(&call->values);
    out->threads = 1;
    out->progress = call->progress;
    out->user = call->user;
    if (out->draws > call->context->limits.draws)
        return dr_fail(DR_USAGE, "draws '%zu': this server takes at most %zu", out->draws, call->context->limits.draws);
    return DR_OK;
}

dr_status serve_answer_draws(serve_call *call)
{
    serve_problem problem;
    dr_draw_options options;
    DR_TRY(serve_draws_of(&options, call));
    dr_status status = serve_problem_take(&problem, call, serve_json_of(call, "scenario"), "scenario");
    if (status == DR_OK)
        status = draw(call, &problem, &options);
    serve_problem_free(&problem);
    return status;
}
