/* What one player does, given what the others do. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "play/game.h"

/* What a search needs: whose turn it is, and everybody's settings. */
typedef struct turn {
    dr_game *game;
    dr_player *player;
    double *y;    /* [lever] of all */
    double *unit; /* [own lever] of the search */
} turn;

static void turn_free(turn *t)
{
    free(t->y);
    free(t->unit);
}

static dr_status turn_new(turn *t, dr_game *g, dr_player *player, const double *y)
{
    *t = (turn){g, player, dr_new_doubles(g->levers), dr_new_doubles(player->count)};
    if (!t->y || !t->unit)
        return dr_fail_memory();
    memcpy(t->y, y, g->levers * sizeof *y);
    dr_lever_units(t->unit, player->policy.levers + player->first, player->count);
    return DR_OK;
}

double dr_player_loss(const dr_player *player)
{
    const dr_aim *aims = player->policy.aims;
    return -aims[0].value + (player->want == DR_WANT_LESS ? player->weight * aims[1].value : 0);
}

double dr_player_slope(const dr_player *player, size_t lever)
{
    const dr_aim *aims = player->policy.aims;
    return -aims[0].gradient[lever] + (player->want == DR_WANT_LESS ? player->weight * aims[1].gradient[lever] : 0);
}

/* f: the player's loss, over the scale; g: ln(level / share) of who hinders. */
static dr_status objective(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    turn *t = user;
    dr_player *player = t->player;
    memcpy(t->y + player->first, y, player->count * sizeof *y);
    DR_TRY(dr_policy_evaluate(&player->policy, t->y, true));
    *f = dr_player_loss(player) / player->scale;
    for (size_t l = 0; l < player->count; l++)
        df[l] = dr_player_slope(player, player->first + l) / player->scale;
    if (player->want != DR_WANT_HINDER)
        return DR_OK;
    const dr_aim *share = &player->policy.aims[1];
    *g = log(player->level / share->value);
    for (size_t l = 0; l < player->count; l++)
        dg[l] = -share->gradient[player->first + l] / share->value;
    return DR_OK;
}

static dr_problem problem_of(turn *t)
{
    return (dr_problem){.variables = t->player->count,
                        .constraints = t->player->want == DR_WANT_HINDER,
                        .low = t->game->low + t->player->first,
                        .high = t->game->high + t->player->first,
                        .unit = t->unit,
                        .objective = objective,
                        .steps = 3,
                        .scale = 1,
                        .user = t};
}

/* At an optimum within the bounds derivatives vanish: they are small by comparison with those where the game begins. */
dr_status dr_response_scale(dr_game *g, size_t p)
{
    dr_player *player = &g->players[p];
    if (player->scale > 0)
        return DR_OK;
    DR_TRY(dr_policy_evaluate(&player->policy, g->base, true));
    for (size_t l = 0; l < player->count; l++)
        player->scale = fmax(player->scale, fabs(dr_player_slope(player, player->first + l)));
    return DR_OK;
}

dr_status dr_response_new(dr_optimum *optimum, const dr_game *game, size_t player)
{
    const dr_player *p = &game->players[player];
    dr_problem problem = {.variables = p->count, .constraints = p->want == DR_WANT_HINDER};
    return dr_optimum_new(optimum, &problem);
}

typedef dr_status step(dr_optimum *out, const dr_problem *problem);

/* Finds or checks a response to y, which stays as it is. */
static dr_status respond(dr_optimum *optimum, dr_game *game, size_t p, const double *y, step *how)
{
    turn t;
    dr_player *player = &game->players[p];
    dr_status status = turn_new(&t, game, player, y);
    if (status == DR_OK)
        status = dr_response_scale(game, p);
    dr_problem problem = problem_of(&t);
    memcpy(optimum->y, y + player->first, player->count * sizeof *y);
    if (status == DR_OK)
        status = how(optimum, &problem);
    turn_free(&t);
    return status;
}

dr_status dr_response_find(dr_optimum *optimum, dr_game *game, size_t p, double *y)
{
    const dr_player *player = &game->players[p];
    DR_TRY(respond(optimum, game, p, y, dr_optimum_find));
    if (optimum->violation > 1e-8)
        return dr_fail(DR_NO_SOLUTION, "nothing that %s may do keeps its share at %.4g%%: the most is %.4g%%",
                       player->name, 100 * player->level, 100 * player->level * exp(-optimum->g[0]));
    memcpy(y + player->first, optimum->y, player->count * sizeof *y);
    return DR_OK;
}

dr_status dr_response_check(dr_optimum *optimum, dr_game *game, size_t player, const double *y)
{
    return respond(optimum, game, player, y, dr_optimum_check);
}

dr_status dr_response_regret(double *regret, dr_game *game, size_t p, const double *y)
{
    enum { SEARCHES = 2, FIRST = 100 }; /* starts of its own */
    const dr_player *player = &game->players[p];
    dr_optimum other = {0};
    double *start = dr_new_doubles(game->levers), *from = dr_new_doubles(game->levers), here = 0;
    dr_status status = start && from ? dr_response_new(&other, game, p) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_policy_evaluate(&game->players[p].policy, y, false);
    here = status == DR_OK ? dr_player_loss(player) : NAN;
    *regret = 0;
    for (size_t k = 0; k < SEARCHES && status == DR_OK; k++) {
        dr_game_start(game, k == 0 ? 0 : FIRST + k, start);
        memcpy(from, y, game->levers * sizeof *y);
        memcpy(from + player->first, start + player->first, player->count * sizeof *y);
        status = dr_response_find(&other, game, p, from);
        if (status == DR_OK)
            *regret = fmax(*regret, here - other.f * player->scale);
        if (status == DR_NO_SOLUTION) /* nothing from there */
            status = DR_OK;
    }
    free(start);
    free(from);
    dr_optimum_free(&other);
    return status;
}
