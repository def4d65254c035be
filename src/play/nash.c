/* Nash equilibria: each player in turn gives its best response, until nobody moves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "play/game.h"

/* Nobody's setting ln(1 + rate) moves by more than this; and rounds at most. */
static const double STILL = 1e-7;
enum { MOST_ROUNDS = 100 };

/* One player's turn: goes a part of the way to its best response; `moved` is the largest whole way. */
static dr_status take_turn(dr_game *g, size_t p, double part, double *y, double *response, double *moved)
{
    const dr_player *player = &g->players[p];
    dr_optimum best = {0};
    memcpy(response, y, g->instruments * sizeof *y);
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

/* Where moves do not become smaller, players take half the step: they go round in a circle, or away from each other. */
dr_status dr_game_nash(dr_game *g, double *y)
{
    double part = 1, before = INFINITY, *response = dr_new_doubles(g->instruments);
    dr_status status = response ? DR_OK : dr_fail_memory();
    for (size_t round = 1; status == DR_OK; round++) {
        double moved = 0;
        for (size_t p = 0; p < g->count && status == DR_OK; p++)
            status = take_turn(g, p, part, y, response, &moved);
        dr_game_progress(g, "players answer each other", ++g->rounds);
        if (status != DR_OK || moved <= STILL)
            break;
        if (round == MOST_ROUNDS)
            status = dr_fail(DR_NO_SOLUTION, "no equilibrium: after %d rounds a setting still moves by %.1e",
                             MOST_ROUNDS, moved);
        part = moved > 0.9 * before ? fmax(part / 2, 1.0 / 16) : part;
        before = moved;
    }
    free(response);
    return status;
}
