/* One player's best response to policies of the others that are given in the file. */
#include <stdio.h>

#include "play/game_kinds.h"
#include "play/player_game.h"

enum { PLAYERS, CHANGES, RESPONDS };
static const dr_game_key keys[] = {
    [PLAYERS] = {"players", true}, [CHANGES] = {.name = "changes"}, [RESPONDS] = {.name = "responds"}, {0}};

static dr_status read_best_response(dr_game *game, dr_game_reader *r, yaml_node_t *const *v)
{
    dr_player_game *g = dr_player_game_of(game);
    size_t responder = 0;
    DR_TRY(dr_players_read(g, r, v[PLAYERS], v[CHANGES]));
    if (!v[RESPONDS] && g->count > 1)
        return dr_game_fail(r, v[PLAYERS],
                            "'play: best-response' with several players needs 'responds', the player that chooses");
    if (v[RESPONDS])
        DR_TRY(dr_players_find(g, r, v[RESPONDS], &responder));
    g->players[responder].chooses = true;
    g->compared = (int)responder;
    return dr_players_prepare(g);
}

static dr_status respond(dr_player_game *g, double *y)
{
    size_t responder = (size_t)g->compared;
    dr_optimum best = {0};
    for (size_t p = 0; p < g->count; p++)
        for (size_t l = g->players[p].first; p != responder && l < g->players[p].first + g->players[p].count; l++)
            y[l] = g->base[l];
    dr_status status = dr_response_new(&best, g, responder);
    if (status == DR_OK)
        status = dr_response_find(&best, g, responder, y);
    dr_optimum_free(&best);
    return status;
}

static dr_status solve(dr_game *game)
{
    return dr_players_solve(dr_player_game_of(game), respond);
}

static dr_status summarise(dr_summary *s)
{
    const dr_player_game *g = dr_const_player_game_of(s->game);
    char question[256];
    snprintf(question, sizeof question, "Which policy is best for %.150s if no other player responds?",
             g->players[g->compared].name);
    return dr_players_summarise(s, question);
}

const dr_game_kind dr_best_response = {
    .name = "best-response",
    .title = "best response",
    .keys = keys,
    .read = read_best_response,
    .solve = solve,
    .summarise = summarise,
    DR_PLAYER_KIND,
};
