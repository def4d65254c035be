/* Games: who has which instruments, and what is judged. docs/play.md. */
#include "play/game.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/random.h"
#include "base/residual.h"

static void player_free(dr_player *p)
{
    for (size_t t = 0; t < p->tool_count; t++) {
        free(p->tools[t].with);
        free(p->tools[t].sectors);
        free(p->tools[t].name);
        dr_named_free(&p->tools[t].named);
    }
    dr_policy_free(&p->policy);
    dr_result_free(&p->share);
    free(p->tools);
    free(p->name);
    free(p->rival);
    free(p->regions);
    dr_named_free(&p->named);
}

void dr_game_free(dr_game *game)
{
    if (!game)
        return;
    for (size_t p = 0; p < game->count; p++)
        player_free(&game->players[p]);
    dr_trials_free(&game->trials);
    free(game->players);
    free(game->title);
    free(game->labels);
    free(game->low);
    free(game->high);
    free(game->base);
    free(game->y);
    free(game);
}

/* ---- Aims -------------------------------------------------------------------------------------------------------------- */

static dr_status copy_mask(bool **out, const bool *mask, size_t count)
{
    *out = dr_new(count, sizeof **out);
    if (!*out)
        return dr_fail_memory();
    memcpy(*out, mask, count * sizeof **out);
    return DR_OK;
}

static const dr_player *find_rival(const dr_game *g, const dr_player *player)
{
    const dr_player *rival = g->players;
    while (strcmp(rival->name, player->rival) != 0)
        rival++;
    return rival;
}

/* Own welfare; the rival's, or the share. */
static dr_status make_aims(const dr_game *g, const dr_player *player, dr_aim *aims)
{
    size_t regions = g->model->regions;
    aims[0].result.kind = DR_RESULT_WELFARE;
    DR_TRY(copy_mask(&aims[0].result.of, player->regions, regions));
    if (player->want == DR_WANT_LESS) {
        aims[1].result.kind = DR_RESULT_WELFARE;
        DR_TRY(copy_mask(&aims[1].result.of, find_rival(g, player)->regions, regions));
    }
    if (player->want == DR_WANT_HINDER) {
        aims[1].result.kind = player->share.kind;
        DR_TRY(copy_mask(&aims[1].result.of, player->share.of, regions));
        DR_TRY(copy_mask(&aims[1].result.from, player->share.from, regions));
        DR_TRY(copy_mask(&aims[1].result.sectors, player->share.sectors, g->model->sectors));
    }
    return DR_OK;
}

static dr_status make_policy(dr_game *g, dr_player *player)
{
    dr_instrument_list list = {0};
    size_t count = player->want == DR_WANT_WELFARE ? 1 : 2;
    dr_aim *aims = dr_new(2, sizeof *aims);
    dr_status status = aims ? dr_instruments_make(g, &list) : dr_fail_memory();
    if (status == DR_OK)
        status = make_aims(g, player, aims);
    if (status == DR_OK && player == g->players) {
        status = dr_instruments_take(g, &list);
    }
    if (!aims) {
        dr_instruments_free(&list);
        return status;
    }
    free(list.labels);
    dr_status taken = dr_policy_new(&player->policy, g->model, list.instruments, list.count, aims, count);
    DR_TRY(status);
    return taken;
}

/* A game that has been read, if `status` says so, gets its players' policies. */
static dr_status finish_game(dr_game **out, dr_game *game, dr_status status)
{
    for (size_t p = 0; p < game->count && status == DR_OK; p++)
        status = make_policy(game, &game->players[p]);
    if (status == DR_OK)
        *out = game;
    else
        dr_game_free(game);
    return status;
}

dr_status dr_game_load(dr_game **out, const dr_model *model, const char *path)
{
    DR_TRY(DR_GIVEN(out, model, path));
    dr_game *game = dr_new(1, sizeof *game);
    if (!game)
        return dr_fail_memory();
    game->model = model;
    return finish_game(out, game, dr_game_read(game, path));
}

dr_status dr_game_parse(dr_game **out, const dr_model *model, const char *text, size_t size, const char *name)
{
    DR_TRY(DR_GIVEN(out, model, name));
    dr_game *game = dr_new(1, sizeof *game);
    if (!game)
        return dr_fail_memory();
    game->model = model;
    return finish_game(out, game, dr_game_read_text(game, text, size, name));
}

/* ---- Playing ----------------------------------------------------------------------------------------------------------- */

void dr_game_start(const dr_game *g, size_t start, double *y)
{
    dr_random random = dr_random_stream(1, start);
    for (size_t l = 0; l < g->instruments; l++) {
        double reach = fmin(g->high[l], g->low[l] + 1) - g->low[l];
        y[l] = start == 0 ? g->base[l] : g->low[l] + reach * dr_random_uniform(&random);
    }
}

void dr_game_progress(const dr_game *g, const char *what, size_t done)
{
    if (g->options->progress)
        g->options->progress(what, done, 0, g->options->user);
}

/* From one start to where it leads. */
static dr_status play_from(dr_game *g, size_t start, double *y)
{
    dr_optimum best = {0};
    dr_game_start(g, start, y);
    if (g->play == DR_PLAY_NASH)
        return dr_game_nash(g, y);
    if (g->play == DR_PLAY_STACKELBERG)
        return dr_game_lead(g, y);
    for (size_t p = 0; p < g->count; p++) /* the others stay where the file says */
        for (size_t l = g->players[p].first; p != g->chosen && l < g->players[p].first + g->players[p].count; l++)
            y[l] = g->base[l];
    dr_status status = dr_response_new(&best, g, g->chosen);
    if (status == DR_OK)
        status = dr_response_find(&best, g, g->chosen, y);
    dr_optimum_free(&best);
    return status;
}

/* Keeps an outcome, unless the one before is as good for who chooses. */
static void keep_outcome(dr_game *g, const double *y, double *kept)
{
    dr_player *chosen = &g->players[g->chosen];
    double loss = g->play == DR_PLAY_NASH ? 0 : dr_player_loss(chosen);
    for (size_t l = 0; l < g->instruments && isfinite(*kept); l++)
        g->apart = dr_worse(g->apart, y[l] - g->y[l]);
    if (loss >= *kept - 1e-9)
        return;
    memcpy(g->y, y, g->instruments * sizeof *y);
    *kept = loss;
    g->leader_residual = chosen->residual;
    g->leader_regret = chosen->regret;
}

/* From every start; the first one's outcome is kept, or with one who chooses, the best. */
static dr_status play_all(dr_game *g, double *y)
{
    double kept = INFINITY;
    for (size_t start = 0; start < g->starts; start++) {
        dr_status status = play_from(g, start, y);
        if (status == DR_NO_SOLUTION)
            g->failed_starts++;
        else if (status == DR_OK)
            keep_outcome(g, y, &kept);
        else
            return status;
    }
    return isfinite(kept) ? DR_OK : DR_NO_SOLUTION; /* the last start's line says why */
}

/* Conditions and regret of everybody who chooses, where it ends. */
static dr_status judge(dr_game *g)
{
    for (size_t p = 0; p < g->count; p++) {
        dr_player *player = &g->players[p];
        dr_optimum at = {0};
        bool leads = g->play == DR_PLAY_STACKELBERG && p == g->chosen; /* then dr_game_lead has judged */
        bool chooses = !leads && (g->play != DR_PLAY_BEST_RESPONSE || p == g->chosen);
        player->residual = leads ? g->leader_residual : NAN;
        player->regret = leads ? g->leader_regret : NAN;
        if (chooses) {
            dr_status status = dr_response_new(&at, g, p);
            if (status == DR_OK)
                status = dr_response_check(&at, g, p, g->y);
            player->residual = dr_optimum_residual(&at);
            dr_optimum_free(&at);
            DR_TRY(status);
            DR_TRY(dr_response_regret(&player->regret, g, p, g->y));
        }
        DR_TRY(dr_policy_evaluate(&player->policy, g->y, false));
        if (player->residual > 1e-6)
            return dr_fail(DR_NO_SOLUTION, "no outcome was found: the first-order conditions of %s hold to %.1e only",
                           player->name, player->residual);
    }
    return DR_OK;
}

static dr_status play_players(dr_game *g)
{
    double *y = dr_new_doubles(g->instruments);
    dr_status status = y ? play_all(g, y) : dr_fail_memory();
    free(y);
    return status == DR_OK ? judge(g) : status;
}

dr_status dr_game_check(const char *function, const dr_game_options *options)
{
    const double most_starts = 1000;
    DR_TRY(DR_WITHIN(function, options->starts, 0, most_starts));
    return DR_WITHIN(function, options->threads, 0, INT_MAX);
}

dr_status dr_game_solve(dr_game *game, const dr_game_options *options)
{
    DR_TRY(DR_GIVEN(game));
    dr_game_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(dr_game_check(__func__, options));
    game->options = options;
    game->starts = game->options->starts > 0 ? game->options->starts : 2;
    game->rounds = game->failed_starts = 0;
    game->apart = 0;
    for (size_t p = 0; p < game->count; p++)
        game->players[p].policy.threads = game->options->threads;
    game->most = game->options->most;
    dr_status status = game->play == DR_PLAY_COERCION    ? dr_game_coerce(game)
                       : game->play == DR_PLAY_COALITION ? dr_game_join(game)
                       : game->play == DR_PLAY_DELAY     ? dr_game_delay(game)
                                                         : play_players(game);
    game->solved = status == DR_OK;
    game->options = NULL;
    return status;
}

const dr_solution *dr_game_solution(const dr_game *game)
{
    return game && game->solved && game->count > 0 ? game->players[0].policy.solution : NULL;
}
