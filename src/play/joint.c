/* The first-order conditions of all players solved together. With the slope F of each player's loss by its own settings
 * and a curvature d of it, an outcome where nobody moves is a fixed point of y <- y - F / d within the bounds, found by
 * Anderson acceleration (equilibrium/anderson.h): an equilibrium of the world and an adjoint for each player a step,
 * where best responses in turn take a whole search a player and round. That each player's outcome is its best one, and
 * no other stationary point, is what its regret tells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/residual.h"
#include "equilibrium/anderson.h"
#include "play/player_game.h"

/* The largest step of a setting at the outcome, and of the one that measures curvature. */
static const double STILL = 1e-9, TRIAL = 0.02;

/* Steps in all, and without halving the largest. */
enum { MOST_STEPS = 100, PATIENCE = 20 };

typedef struct meeting {
    dr_player_game *game;
    size_t room;     /* settings, up to whole vectors */
    double *numbers; /* the arrays below [room] */
    double *y, *slope, *before, *unit, *curve, *z, *step;
    dr_anderson *anderson;
} meeting;

/* Derivatives of constraints would be missing, and they jump where a curb just binds. */
static bool fits(const dr_player_game *g)
{
    bool all = true;
    for (size_t p = 0; p < g->count; p++)
        all &= g->players[p].aim != DR_AIM_HINDER && g->players[p].count > 0;
    for (size_t l = 0; l < g->settings; l++)
        all &= !g->players[0].policy.instruments[l].volume;
    return all;
}

static dr_status take_memory(meeting *m)
{
    const dr_array wanted[] = {{&m->y, m->room},     {&m->slope, m->room}, {&m->before, m->room}, {&m->unit, m->room},
                               {&m->curve, m->room}, {&m->z, m->room},     {&m->step, m->room}};
    m->numbers = dr_new_arrays(wanted, sizeof wanted / sizeof *wanted);
    return m->numbers ? dr_anderson_new(&m->anderson, m->room, dr_kernels_best()) : dr_fail_memory();
}

/* A player's slopes; the equilibrium at y is that of the first player. */
static dr_status slopes_of(void *work, size_t p, size_t thread)
{
    meeting *m = work;
    dr_player *player = &m->game->players[p];
    (void)thread;
    if (p > 0)
        DR_TRY(dr_policy_evaluate_from(&player->policy, m->y, m->game->players[0].policy.solution));
    for (size_t l = player->first; l < player->first + player->count; l++)
        m->slope[l] = dr_player_slope(player, l) / player->scale;
    return DR_OK;
}

static dr_status slopes(meeting *m)
{
    DR_TRY(dr_policy_evaluate(&m->game->players[0].policy, m->y, true));
    return dr_parallel(m->game->count, m->game->game.options->threads, slopes_of, m);
}

/* The curvature of each player's loss, in proportion to the squares of the units in which it is about the same for all
 * its settings; false if a loss is not curved upwards. */
static dr_status measure(meeting *m, bool *curved)
{
    dr_player_game *g = m->game;
    DR_TRY(slopes(m));
    memcpy(m->before, m->slope, m->room * sizeof *m->slope);
    for (size_t l = 0; l < g->settings; l++)
        m->y[l] += m->y[l] + TRIAL <= g->high[l] ? TRIAL : -TRIAL;
    DR_TRY(slopes(m));
    for (size_t p = 0; p < g->count; p++) {
        const dr_player *player = &g->players[p];
        double rise = 0, units = 0;
        dr_instrument_units(m->unit + player->first, player->policy.instruments + player->first, player->count);
        for (size_t l = player->first; l < player->first + player->count; l++) {
            double moved = m->y[l] - m->z[l];
            rise += (m->slope[l] - m->before[l]) / moved;
            units += m->unit[l] * m->unit[l];
        }
        *curved &= rise > 0;
        for (size_t l = player->first; l < player->first + player->count; l++)
            m->curve[l] = rise / units * m->unit[l] * m->unit[l];
    }
    return DR_OK;
}

static double within(const dr_player_game *g, size_t l, double y)
{
    return fmin(g->high[l], fmax(g->low[l], y));
}

/* One step; returns the largest. */
static double move(meeting *m)
{
    const dr_player_game *g = m->game;
    double largest = 0;
    for (size_t l = 0; l < g->settings; l++) {
        double step = within(g, l, m->y[l] - m->slope[l] / m->curve[l]) - m->y[l];
        largest = dr_worse(largest, step);
        m->z[l] = m->unit[l] * m->y[l];
        m->step[l] = m->unit[l] * step;
    }
    dr_anderson_step(m->anderson, m->z, m->step);
    return largest;
}

static dr_status approach(meeting *m, double *y, bool *met)
{
    dr_player_game *g = m->game;
    double aim = INFINITY;
    for (int step = 0, since = 0; step < MOST_STEPS && since < PATIENCE; step++, since++) {
        DR_TRY(slopes(m));
        dr_game_progress(&g->game, "first-order conditions together", ++g->rounds);
        double largest = move(m);
        if (largest <= STILL) {
            memcpy(y, m->y, g->settings * sizeof *y);
            *met = true;
            return DR_OK;
        }
        if (largest < aim) {
            aim = largest / 2;
            since = 0;
        }
        for (size_t l = 0; l < g->settings; l++)
            m->y[l] = within(g, l, m->z[l] / m->unit[l]);
    }
    return DR_OK;
}

dr_status dr_players_meet(dr_player_game *g, double *y, bool *met)
{
    meeting m = {.game = g, .room = (g->settings + 7) / 8 * 8};
    bool curved = true;
    *met = false;
    if (!fits(g))
        return DR_OK;
    dr_status status = take_memory(&m);
    for (size_t p = 0; p < g->count && status == DR_OK; p++)
        status = dr_response_scale(g, p);
    if (status == DR_OK) {
        memcpy(m.y, y, g->settings * sizeof *y);
        memcpy(m.z, y, g->settings * sizeof *y);
        status = measure(&m, &curved);
    }
    if (status == DR_OK && curved)
        status = approach(&m, y, met);
    free(m.numbers);
    dr_anderson_free(m.anderson);
    return status == DR_NO_SOLUTION ? DR_OK : status; /* no equilibrium of the world on the way */
}
