/* Best responses: the settings of one player that minimise its loss, given those of the others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/residual.h"
#include "play/player_game.h"

/* The user data of the objective: the player whose turn it is, and the settings of all. */
typedef struct turn {
    dr_player_game *game;
    dr_player *player;
    double *y;    /* [setting] of all players */
    double *unit; /* [own setting] scale factors of the search */
} turn;

static void turn_free(turn *t)
{
    free(t->y);
    free(t->unit);
}

static dr_status turn_new(turn *t, dr_player_game *g, dr_player *player, const double *y)
{
    *t = (turn){g, player, dr_new_doubles(g->settings), dr_new_doubles(player->count)};
    if (!t->y || !t->unit)
        return dr_fail_memory();
    memcpy(t->y, y, g->settings * sizeof *y);
    dr_instrument_units(t->unit, player->policy.instruments + player->first, player->count);
    return DR_OK;
}

double dr_player_loss(const dr_player *player)
{
    const dr_aim *aims = player->policy.aims;
    return -aims[0].value + (player->aim == DR_AIM_LESS ? player->weight * aims[1].value : 0);
}

double dr_player_slope(const dr_player *player, size_t setting)
{
    const dr_aim *aims = player->policy.aims;
    return -aims[0].gradient[setting] + (player->aim == DR_AIM_LESS ? player->weight * aims[1].gradient[setting] : 0);
}

void dr_players_start(const dr_player_game *g, size_t start, double *y)
{
    dr_random random = dr_random_stream(1, start);
    for (size_t l = 0; l < g->settings; l++) {
        double reach = fmin(g->high[l], g->low[l] + 1) - g->low[l];
        y[l] = start == 0 ? g->base[l] : g->low[l] + reach * dr_random_uniform(&random);
    }
}

/* Minimise f, the loss over its scale; with the aim to hinder subject to g = ln(level / share) <= 0. */
static dr_status objective(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    turn *t = user;
    dr_player *player = t->player;
    memcpy(t->y + player->first, y, player->count * sizeof *y);
    DR_TRY(dr_policy_evaluate(&player->policy, t->y, true));
    *f = dr_player_loss(player) / player->scale;
    for (size_t l = 0; l < player->count; l++)
        df[l] = dr_player_slope(player, player->first + l) / player->scale;
    if (player->aim != DR_AIM_HINDER)
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
                        .constraints = t->player->aim == DR_AIM_HINDER,
                        .low = t->game->low + t->player->first,
                        .high = t->game->high + t->player->first,
                        .unit = t->unit,
                        .objective = objective,
                        .line_search_steps = 3,
                        .scale = 1,
                        .user = t};
}

/* A curb whose wedge is below SLACK does not bind; a residual of the first-order conditions above FLAT is no rounding
 * error. */
static const double SLACK = 1e-6, FLAT = 1e-3;

static bool has_curbs(const dr_player *player)
{
    bool any = false;
    for (size_t l = player->first; l < player->first + player->count; l++)
        any |= player->policy.instruments[l].volume;
    return any;
}

/* Finds the player's curbs that do not bind at y and may be tightened: slack [setting] is the volume sold over that of
 * the base, NAN for all other settings. */
static dr_status find_slack(dr_player *player, const double *y, const double *low, double *slack, bool *any)
{
    dr_policy *policy = &player->policy;
    *any = false;
    DR_TRY(dr_policy_evaluate(policy, y, false));
    for (size_t l = 0; l < policy->count; l++) {
        bool own = l >= player->first && l < player->first + player->count;
        slack[l] = NAN;
        if (!policy->instruments[l].limited)
            continue;
        const dr_limit_result *result = &policy->solution->limits[dr_policy_limit(policy, l)];
        if (own && policy->instruments[l].volume && result->wedge <= 1 + SLACK && y[l] > low[l]) {
            slack[l] = result->volume / result->base;
            *any = true;
        }
    }
    return DR_OK;
}

dr_status dr_response_tighten(dr_player_game *g, size_t p, double *y)
{
    enum { MOST_TIMES = 20 };
    const double little = 0.05;
    dr_player *player = &g->players[p];
    bool any = has_curbs(player);
    double *slack = dr_new_doubles(g->settings);
    dr_status status = slack ? DR_OK : dr_fail_memory();
    for (int k = 0; k < MOST_TIMES && any && status == DR_OK; k++) {
        status = find_slack(player, y, g->low, slack, &any);
        for (size_t l = 0; l < g->settings && status == DR_OK; l++)
            if (!isnan(slack[l]))
                y[l] = fmax(g->low[l], fmin(y[l], log(slack[l])) - little);
    }
    free(slack);
    return status;
}

/* A curb that does not bind at the optimum is set to its lower bound. */
static dr_status loosen(dr_player_game *g, dr_player *player, double *y)
{
    bool any = false;
    double *slack = dr_new_doubles(g->settings);
    dr_status status = slack ? find_slack(player, y, g->low, slack, &any) : dr_fail_memory();
    for (size_t l = 0; l < g->settings && status == DR_OK; l++)
        y[l] = isnan(slack[l]) ? y[l] : g->high[l];
    free(slack);
    return status;
}

dr_status dr_response_scale(dr_player_game *g, size_t p)
{
    dr_player *player = &g->players[p];
    if (player->scale > 0)
        return DR_OK;
    double *y = dr_new_doubles(g->settings);
    if (!y)
        return dr_fail_memory();
    memcpy(y, g->base, g->settings * sizeof *y);
    dr_status status = dr_response_tighten(g, p, y);
    if (status == DR_OK)
        status = dr_policy_evaluate(&player->policy, y, true);
    for (size_t l = 0; l < player->count && status == DR_OK; l++)
        player->scale = fmax(player->scale, fabs(dr_player_slope(player, player->first + l)));
    free(y);
    return status;
}

dr_status dr_response_new(dr_optimum *optimum, const dr_player_game *game, size_t player)
{
    const dr_player *p = &game->players[player];
    dr_problem problem = {.variables = p->count, .constraints = p->aim == DR_AIM_HINDER};
    return dr_optimum_new(optimum, &problem);
}

typedef dr_status step(dr_optimum *out, const dr_problem *problem);

/* Finds or checks a best response to y, without changing y. */
static dr_status respond(dr_optimum *optimum, dr_player_game *game, size_t p, const double *y, step *how)
{
    turn t;
    dr_player *player = &game->players[p];
    dr_status status = turn_new(&t, game, player, y);
    if (status == DR_OK)
        status = dr_response_scale(game, p);
    if (status == DR_OK && how == dr_optimum_find)
        status = dr_response_tighten(game, p, t.y);
    dr_problem problem = problem_of(&t);
    if (status == DR_OK) {
        memcpy(optimum->y, t.y + player->first, player->count * sizeof *y);
        status = how(optimum, &problem);
    }
    turn_free(&t);
    return status;
}

/* Whether other players have curbs, whose volumes are given: derivatives jump where one just ceases to bind. */
static bool faces_curbs(const dr_player *player)
{
    bool any = false;
    for (size_t l = 0; l < player->policy.count; l++)
        any |= player->policy.instruments[l].volume && (l < player->first || l >= player->first + player->count);
    return any;
}

dr_status dr_response_find(dr_optimum *optimum, dr_player_game *game, size_t p, double *y)
{
    dr_player *player = &game->players[p];
    DR_TRY(respond(optimum, game, p, y, dr_optimum_find));
    if (optimum->violation > 1e-8)
        return dr_fail(
            DR_NO_SOLUTION,
            "infeasible: within the bounds the highest share that %s can keep is %.4g%% (aim: at least %.4g%%)",
            player->name, 100 * player->level * exp(-optimum->g[0]), 100 * player->level);
    if (faces_curbs(player) && dr_optimum_residual(optimum) > FLAT)
        return dr_fail(
            DR_NO_SOLUTION,
            "the best response of %s is at a kink, where an export curb of another player just ceases to bind: "
            "first-order conditions do not exist there, and best responses in turn end all trade",
            player->name);
    memcpy(y + player->first, optimum->y, player->count * sizeof *y);
    return has_curbs(player) ? loosen(game, player, y) : DR_OK;
}

dr_status dr_response_check(dr_optimum *optimum, dr_player_game *game, size_t player, const double *y)
{
    return respond(optimum, game, player, y, dr_optimum_check);
}

dr_status dr_response_regret(double *regret, dr_player_game *game, size_t p, const double *y)
{
    enum { SEARCHES = 2, FIRST = 100 }; /* numbers of random starting points that the game itself does not use */
    const dr_player *player = &game->players[p];
    dr_optimum other = {0};
    double *start = dr_new_doubles(game->settings), *from = dr_new_doubles(game->settings), here = 0;
    dr_status status = start && from ? dr_response_new(&other, game, p) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_policy_evaluate(&game->players[p].policy, y, false);
    here = status == DR_OK ? dr_player_loss(player) : NAN;
    *regret = 0;
    for (size_t k = 0; k < SEARCHES && status == DR_OK; k++) {
        dr_players_start(game, k == 0 ? 0 : FIRST + k, start);
        memcpy(from, y, game->settings * sizeof *y);
        memcpy(from + player->first, start + player->first, player->count * sizeof *y);
        status = dr_response_find(&other, game, p, from);
        if (status == DR_OK)
            *regret = dr_larger(*regret, here - other.f * player->scale);
        if (status == DR_NO_SOLUTION) /* no optimum from this starting point */
            status = DR_OK;
    }
    free(start);
    free(from);
    dr_optimum_free(&other);
    return status;
}
