/* Nash equilibria: the first-order conditions of all players together (joint.c); where these do not lead to one, or to
 * one from which a player gains by deviating, the players give their best responses in turn until no setting moves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "play/game_kinds.h"
#include "play/player_game.h"

/* The largest move of a setting ln(1 + rate) in an equilibrium; and the most rounds. */
static const double STILL = 1e-7;

/* The gain from deviating, in percent of real income, above which an outcome is no equilibrium. */
static const double GAIN = 1e-6;
enum { MOST_ROUNDS = 100 };

enum { PLAYERS, CHANGES };
static const dr_game_key keys[] = {[PLAYERS] = {"players", true}, [CHANGES] = {.name = "changes"}, {0}};

static dr_status read_nash(dr_game *game, dr_game_reader *r, yaml_node_t *const *v)
{
    dr_player_game *g = dr_player_game_of(game);
    DR_TRY(dr_players_read(g, r, v[PLAYERS], v[CHANGES]));
    if (g->count < 2)
        return dr_game_fail(r, v[PLAYERS], "a game of one player; expected two, or 'play: best-response'");
    for (size_t p = 0; p < g->count; p++)
        g->players[p].chooses = true;
    g->compared = DR_NOBODY;
    return dr_players_prepare(g);
}

/* One player's turn: it moves by a part of the way to its best response; `moved` is raised to the largest whole way. */
static dr_status take_turn(dr_player_game *g, size_t p, double part, double *y, double *response, double *moved)
{
    const dr_player *player = &g->players[p];
    dr_optimum best = {0};
    memcpy(response, y, g->settings * sizeof *y);
    dr_status status = dr_response_new(&best, g, p);
    if (status == DR_OK)
        status = dr_response_find(&best, g, p, response);
    dr_optimum_free(&best);
    for (size_t l = player->first; l < player->first + player->count && status == DR_OK; l++) {
        *moved = dr_worse(*moved, response[l] - y[l]);
        y[l] += part * (response[l] - y[l]);
    }
    return status;
}

/* Where moves hardly become smaller the players cycle or diverge: they then move by half the part. */
static dr_status iterate(dr_player_game *g, double *y)
{
    const double slow = 0.9, least_part = 1.0 / 16;
    double part = 1, before = INFINITY, *response = dr_new_doubles(g->settings);
    dr_status status = response ? DR_OK : dr_fail_memory();
    for (size_t round = 1; status == DR_OK; round++) {
        double moved = 0;
        for (size_t p = 0; p < g->count && status == DR_OK; p++)
            status = take_turn(g, p, part, y, response, &moved);
        dr_game_progress(&g->game, "best responses in turn", ++g->rounds);
        if (status != DR_OK || moved <= STILL)
            break;
        if (round == MOST_ROUNDS)
            status = dr_fail(DR_NO_SOLUTION, "no equilibrium was found: after %d rounds a rate still moves by %.1e",
                             MOST_ROUNDS, moved);
        part = moved > slow * before ? fmax(part / 2, least_part) : part;
        before = moved;
    }
    free(response);
    return status;
}

static dr_status meet(dr_player_game *g, double *y)
{
    bool met = false;
    DR_TRY(dr_players_meet(g, y, &met));
    return met ? DR_OK : iterate(g, y);
}

static bool regrets(const dr_player_game *g)
{
    bool any = false;
    for (size_t p = 0; p < g->count; p++)
        any |= !(g->players[p].regret <= GAIN);
    return any;
}

static dr_status solve(dr_game *game)
{
    dr_player_game *g = dr_player_game_of(game);
    dr_status status = dr_players_solve(g, meet);
    bool stationary = status == DR_NO_SOLUTION || (status == DR_OK && regrets(g));
    return stationary ? dr_players_solve(g, iterate) : status;
}

static dr_status summarise(dr_summary *s)
{
    return dr_players_summarise(s, "Which policies are best responses to each other (a Nash equilibrium)?");
}

const dr_game_kind dr_nash = {
    .name = "nash",
    .title = "Nash equilibrium",
    .keys = keys,
    .read = read_nash,
    .solve = solve,
    .summarise = summarise,
    DR_PLAYER_KIND,
};
