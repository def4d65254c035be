/* POST play: a game. */
#include <string.h>

#include "options/draw_rows.h"
#include "options/game_rows.h"
#include "serve/endpoints.h"
#include "serve/problem.h"

static const option_row of_play[] = {
    {"game", .kind = OPTION_JSON, .required = true, .help = "document of a game"},
    {0},
};
const option_group serve_play_options[] = {
    {.rows = of_play}, {.rows = option_game_rows}, {.rows = option_draw_rows}, {0}};

/* With draws, the tables that have bands come with them. */
static dr_status write_answer(serve_call *call, const dr_game *game)
{
    serve_members members = {.call = call, .command = "play"};
    dr_table *table = NULL;
    dr_draw_options draws;
    DR_TRY(serve_draws_of(&draws, call));
    DR_TRY(draws.draws > 0 ? dr_game_bands(&table, game, "outcome", &draws) : dr_game_outcome(&table, game));
    DR_TRY(serve_write_member(&members, "outcome", table));
    if (dr_game_solution(game)) { /* it has players */
        DR_TRY(dr_game_settings(&table, game));
        DR_TRY(serve_write_member(&members, "settings", table));
        DR_TRY(draws.draws > 0 ? dr_game_bands(&table, game, "regions", &draws)
                               : dr_solution_regions(&table, dr_game_solution(game)));
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
    serve_problem problem;
    dr_game_options options = option_game(&call->values);
    options.threads = 1;
    options.progress = call->progress;
    options.user = call->user;
    dr_status status = serve_problem_take(&problem, call, serve_json_of(call, "game"), "game");
    if (status == DR_OK)
        status = play(call, &problem, &options);
    serve_problem_free(&problem);
    return status;
}
