/* POST draws: how sure a scenario's results are. */
#include "serve/endpoints.h"
#include "serve/problem.h"

enum { SCENARIO, DRAWS, SEED, ELASTICITY_ERROR, SHARE_ERROR, KEYS };
const char *const serve_draws_keys[] = {"scenario", "draws", "seed", "elasticity-error", "share-error", NULL};

static dr_status read_options(const serve_call *call, json_t *const v[KEYS], dr_draw_options *out)
{
    const double most_seed = 0x1p53; /* what a double, and so JSON, can tell from its neighbours */
    double draws = 0, seed = 1;
    if (!v[SCENARIO] || !v[DRAWS])
        return dr_fail(DR_USAGE, "the body: the key '%s' was expected", v[SCENARIO] ? "draws" : "scenario");
    DR_TRY(serve_whole(v[DRAWS], "draws", 1, (double)call->core->limits.draws, &draws));
    DR_TRY(serve_whole(v[SEED], "seed", 0, most_seed, &seed));
    *out = DR_OPTIONS(dr_draw_options, .draws = (size_t)draws, .seed = (unsigned long long)seed, .threads = 1,
                      .progress = call->progress, .user = call->user);
    DR_TRY(serve_rate(v[ELASTICITY_ERROR], "elasticity-error", &out->elasticity_error));
    return serve_rate(v[SHARE_ERROR], "share-error", &out->share_error);
}

static dr_status draw(serve_call *call, const serve_problem *problem, const dr_draw_options *options)
{
    serve_members members = {.call = call, .command = "simulate"};
    dr_scenario *scenario = NULL;
    dr_table *table = NULL;
    DR_TRY(serve_problem_scenario(problem, &scenario));
    dr_status status = dr_draw_bands(&table, problem->model, scenario, options);
    dr_scenario_free(scenario);
    DR_TRY(status);
    DR_TRY(serve_write_member(&members, "draws", table));
    serve_end_members(&members);
    return DR_OK;
}

dr_status serve_answer_draws(serve_call *call)
{
    json_t *v[KEYS] = {NULL};
    dr_draw_options options;
    serve_problem problem;
    DR_TRY(serve_keys(call->body, "the body", serve_draws_keys, v));
    DR_TRY(read_options(call, v, &options));
    dr_status status = serve_problem_take(&problem, call, v[SCENARIO], "scenario");
    if (status == DR_OK)
        status = draw(call, &problem, &options);
    serve_problem_free(&problem);
    return status;
}
