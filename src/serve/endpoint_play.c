/* POST play: a game. */
#include <string.h>

#include "serve/endpoints.h"
#include "serve/problem.h"

enum { GAME, STARTS, MOST, KEYS };
const char *const serve_play_keys[] = {"game", "starts", "most", NULL};

static dr_status write_answer(serve_call *call, const dr_game *game)
{
    serve_members members = {.call = call, .command = "play"};
    dr_table *table = NULL;
    DR_TRY(dr_game_outcome(&table, game));
    DR_TRY(serve_write_member(&members, "outcome", table));
    if (dr_game_solution(game)) { /* it has players */
        DR_TRY(dr_game_settings(&table, game));
        DR_TRY(serve_write_member(&members, "settings", table));
        DR_TRY(dr_solution_regions(&table, dr_game_solution(game)));
        DR_TRY(serve_write_member(&members, "regions", table));
    }
    serve_end_members(&members);
    return DR_OK;
}

static dr_status play(serve_call *call, const serve_problem *problem, const dr_game_options *options)
{
    dr_game *game = NULL;
    DR_TRY(dr_game_parse(&game, problem->model, problem->document, strlen(problem->document), "game"));
    dr_status status = dr_game_solve(game, options);
    if (status == DR_OK)
        status = write_answer(call, game);
    dr_game_free(game);
    return status;
}

dr_status serve_answer_play(serve_call *call)
{
    json_t *v[KEYS] = {NULL};
    double starts = 2, most = 20;
    serve_problem problem;
    DR_TRY(serve_keys(call->body, "the body", serve_play_keys, v));
    if (!v[GAME])
        return dr_fail(DR_USAGE, "the body: the key 'game' was expected");
    DR_TRY(serve_whole(v[STARTS], "starts", 1, 1000, &starts));
    DR_TRY(serve_whole(v[MOST], "most", 0, 1000, &most));
    const dr_game_options options = {.size = sizeof(dr_game_options),
                                     .most = (size_t)most,
                                     .starts = (size_t)starts,
                                     .threads = 1,
                                     .progress = call->progress,
                                     .user = call->user};
    dr_status status = serve_problem_take(&problem, call, v[GAME], "game");
    if (status == DR_OK)
        status = play(call, &problem, &options);
    serve_problem_free(&problem);
    return status;
}
