/* Bands of a game with players: the policies of its outcome, found once at the estimates, solved anew for draws of the
 * trade elasticities. */
#include <stdlib.h>
#include <string.h>

#include "equilibrium/solve.h"
#include "play/player_game.h"
#include "result/model_draws.h"
#include "world/describe.h"

/* The outcome on another model: the aims of all players have the values of its solution. */
static void move_players(dr_player *players, dr_aim *aims, size_t count, const dr_model *model, dr_solution *solution)
{
    for (size_t p = 0; p < count; p++) {
        dr_policy *policy = &players[p].policy;
        memcpy(aims, policy->aims, policy->aim_count * sizeof *aims);
        for (size_t a = 0; a < policy->aim_count; a++)
            aims[a].value = dr_result_value(&aims[a].result, model, solution);
        policy->aims = aims;
        policy->model = model;
        policy->solution = solution;
        aims += policy->aim_count;
    }
}

static dr_status make_outcome(dr_table **out, const dr_player_game *of, const dr_model *model, dr_solution *solution)
{
    dr_player_game game = *of;
    size_t aims = 0;
    for (size_t p = 0; p < of->count; p++)
        aims += of->players[p].policy.aim_count;
    dr_aim *moved = dr_new(aims, sizeof *moved);
    game.players = dr_new(of->count, sizeof *game.players);
    dr_status status = moved && game.players ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        memcpy(game.players, of->players, of->count * sizeof *game.players);
        move_players(game.players, moved, of->count, model, solution);
        game.game.model = model;
        status = dr_players_outcome(out, &game.game);
    }
    free(game.players);
    free(moved);
    return status;
}

typedef struct game_question {
    const dr_player_game *game;
    bool regions; /* the table of regions; false: the outcome */
} game_question;

static dr_status solve_again(dr_table **out, const dr_model *model, const dr_scenario *scenario, const void *of)
{
    const game_question *q = of;
    dr_solution *solution = NULL;
    (void)scenario;
    DR_TRY(dr_model_certified(&solution, model, dr_players_policy(&q->game->game)->scenario));
    dr_status status = q->regions ? dr_solution_regions(out, solution) : make_outcome(out, q->game, model, solution);
    dr_solution_free(solution);
    return status;
}

/* How sure the payoffs are: a sentence on each player. */
static void say_bands(const dr_model_draws *draws, const dr_player_game *g)
{
    dr_table *table = draws->run.point;
    char name[DR_SPOKEN_SIZE], band[DR_BAND_SIZE];
    for (size_t p = 0; p < g->count; p++)
        dr_table_say(table, "In 90%% of the draws of trade elasticities the change of real income of %s is %s a year.",
                     dr_spoken(name, g->game.model->economy, g->players[p].name),
                     dr_draw_run_band(band, &draws->run, p, "welfare_value"));
}

dr_status dr_players_bands(dr_table **out, const dr_game *game, const char *table, const dr_draw_options *options)
{
    static const char *const columns[] = {"welfare", "welfare_value", NULL};
    bool regions = strcmp(table, "regions") == 0, each = strcmp(table, "draws") == 0;
    game_question q = {dr_const_player_game_of(game), regions};
    dr_model_draws d = {.make = solve_again, .of = &q, .run.columns = regions ? NULL : columns, .run.each = each};
    dr_status status = dr_model_draws_go(&d, game->model, NULL, options);
    if (status == DR_OK) {
        if (!regions && !each)
            say_bands(&d, q.game);
        dr_table_add_note(d.run.point,
                          "the policies are those of the outcome at the estimates: each draw solves them anew, and "
                          "players do not choose again");
        status = each ? dr_draws_each(out, &d) : dr_draws_bands(out, &d.run, options);
    }
    dr_model_draws_free(&d);
    return status;
}
