/* Playing a game with players: their policies, the starting points, and the checks of the outcome. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "play/player_game.h"

/* Outcomes further apart than this in ln(1 + rate) are different ones; the largest residual of first-order
 * conditions. */
static const double DIFFERENT = 1e-4, OPTIMAL = 1e-6;

static void free_player(dr_player *p)
{
    for (size_t t = 0; t < p->spec_count; t++) {
        free(p->specs[t].with);
        free(p->specs[t].sectors);
        free(p->specs[t].products.mask);
        free(p->specs[t].name);
        dr_named_free(&p->specs[t].named);
    }
    dr_policy_free(&p->policy);
    dr_result_free(&p->share);
    free(p->specs);
    free(p->name);
    free(p->rival);
    free(p->regions);
    dr_named_free(&p->named);
}

void dr_players_release(dr_game *game)
{
    dr_player_game *g = dr_player_game_of(game);
    for (size_t p = 0; p < g->count; p++)
        free_player(&g->players[p]);
    dr_scenario_free(g->standing);
    free(g->players);
    free(g->labels);
    free(g->low);
    free(g->high);
    free(g->base);
    free(g->y);
}

const dr_policy *dr_players_policy(const dr_game *game)
{
    return &dr_const_player_game_of(game)->players[0].policy;
}

/* ---- Policies ---------------------------------------------------------------------------------------------------- */

dr_status dr_copy_mask(bool **out, const bool *mask, size_t count)
{
    *out = dr_new(count, sizeof **out);
    if (!*out)
        return dr_fail_memory();
    memcpy(*out, mask, count * sizeof **out);
    return DR_OK;
}

static const dr_player *find_rival(const dr_player_game *g, const dr_player *player)
{
    const dr_player *rival = g->players;
    while (strcmp(rival->name, player->rival) != 0)
        rival++;
    return rival;
}

/* The player's own welfare, then the welfare of its rival or the share that it keeps. */
static dr_status make_aims(const dr_player_game *g, const dr_player *player, dr_aim *aims)
{
    const dr_model *m = g->game.model;
    aims[0].result.kind = DR_RESULT_WELFARE;
    DR_TRY(dr_copy_mask(&aims[0].result.of, player->regions, m->regions));
    if (player->aim == DR_AIM_LESS) {
        aims[1].result.kind = DR_RESULT_WELFARE;
        DR_TRY(dr_copy_mask(&aims[1].result.of, find_rival(g, player)->regions, m->regions));
    }
    if (player->aim == DR_AIM_HINDER) {
        aims[1].result.kind = player->share.kind;
        DR_TRY(dr_copy_mask(&aims[1].result.of, player->share.of, m->regions));
        DR_TRY(dr_copy_mask(&aims[1].result.from, player->share.from, m->regions));
        DR_TRY(dr_copy_mask(&aims[1].result.sectors, player->share.sectors, m->sectors));
    }
    return DR_OK;
}

/* Every player's policy holds the instruments of all players, as its welfare depends on them all. */
static dr_status make_policy(dr_player_game *g, dr_player *player)
{
    dr_instrument_list list = {0};
    size_t count = player->aim == DR_AIM_WELFARE ? 1 : 2;
    dr_aim *aims = dr_new(2, sizeof *aims);
    dr_status status = aims ? dr_player_instruments_make(g, &list) : dr_fail_memory();
    if (status == DR_OK)
        status = make_aims(g, player, aims);
    if (status == DR_OK && player == g->players)
        status = dr_player_instruments_take(g, &list);
    if (!aims) {
        dr_player_instruments_free(&list);
        return status;
    }
    free(list.labels);
    dr_status taken = dr_policy_new(&player->policy, g->game.model, list.instruments, list.count, aims, count);
    player->policy.standing = g->standing;
    DR_TRY(status);
    return taken;
}

dr_status dr_players_prepare(dr_player_game *g)
{
    for (size_t p = 0; p < g->count; p++)
        DR_TRY(make_policy(g, &g->players[p]));
    return DR_OK;
}

/* ---- Playing ----------------------------------------------------------------------------------------------------- */

/* What is kept of the best outcome so far. */
typedef struct best_outcome {
    double loss;             /* of the player that is compared; 0 where none is */
    double residual, regret; /* of the leader */
} best_outcome;

static const dr_player *compared_player(const dr_player_game *g)
{
    return g->compared == DR_NOBODY ? NULL : &g->players[g->compared];
}

/* Keeps an outcome in g->y unless the one before is as good for the player that is compared. */
static void keep_outcome(dr_player_game *g, const double *y, best_outcome *best)
{
    const double better = 1e-9;
    const dr_player *compared = compared_player(g);
    double loss = compared ? dr_player_loss(compared) : 0;
    for (size_t l = 0; l < g->settings && isfinite(best->loss); l++)
        g->apart = dr_worse(g->apart, y[l] - g->y[l]);
    if (loss >= best->loss - better)
        return;
    memcpy(g->y, y, g->settings * sizeof *y);
    best->loss = loss;
    best->residual = compared ? compared->residual : NAN;
    best->regret = compared ? compared->regret : NAN;
}

/* Plays from every starting point. */
static dr_status play_all(dr_player_game *g, dr_players_rule *rule, double *y, best_outcome *best)
{
    for (size_t start = 0; start < g->starts; start++) {
        dr_players_start(g, start, y);
        dr_status status = rule(g, y);
        if (status == DR_NO_SOLUTION)
            g->failed_starts++;
        else if (status == DR_OK)
            keep_outcome(g, y, best);
        else
            return status;
    }
    return isfinite(best->loss) ? DR_OK : DR_NO_SOLUTION; /* the error of the last starting point tells the reason */
}

/* First-order conditions and regret of a player that chooses; those of a leader come from its own search. */
static dr_status check_player(dr_player_game *g, size_t p, const best_outcome *best)
{
    dr_player *player = &g->players[p];
    player->residual = player->leads ? best->residual : NAN;
    player->regret = player->leads ? best->regret : NAN;
    if (!player->chooses || player->leads)
        return DR_OK;
    dr_optimum at = {0};
    dr_status status = dr_response_new(&at, g, p);
    if (status == DR_OK)
        status = dr_response_check(&at, g, p, g->y);
    player->residual = dr_optimum_residual(&at);
    dr_optimum_free(&at);
    DR_TRY(status);
    return dr_response_regret(&player->regret, g, p, g->y);
}

static dr_status check_outcome(dr_player_game *g, const best_outcome *best)
{
    for (size_t p = 0; p < g->count; p++) {
        dr_player *player = &g->players[p];
        DR_TRY(check_player(g, p, best));
        DR_TRY(dr_policy_evaluate(&player->policy, g->y, false));
        if (player->residual > OPTIMAL)
            return dr_fail(DR_NO_SOLUTION,
                           "no outcome was found: the residual of the first-order conditions of %s is %.1e",
                           player->name, player->residual);
    }
    return DR_OK;
}

dr_status dr_players_solve(dr_player_game *g, dr_players_rule *rule)
{
    const size_t default_starts = 2;
    const dr_game_options *options = g->game.options;
    best_outcome best = {.loss = INFINITY};
    double *y = dr_new_doubles(g->settings);
    if (!y)
        return dr_fail_memory();
    g->starts = options->starts > 0 ? options->starts : default_starts;
    g->rounds = g->failed_starts = 0;
    g->apart = 0;
    for (size_t p = 0; p < g->count; p++)
        g->players[p].policy.threads = options->threads;
    dr_status status = play_all(g, rule, y, &best);
    free(y);
    return status == DR_OK ? check_outcome(g, &best) : status;
}

double dr_players_residual(const dr_player_game *g)
{
    double worst = 0;
    for (size_t p = 0; p < g->count; p++)
        worst = fmax(worst, isnan(g->players[p].residual) ? 0 : g->players[p].residual);
    return worst;
}

bool dr_players_disagree(const dr_player_game *g)
{
    return g->apart > DIFFERENT;
}
