/* Leader and follower (Stackelberg): the leader chooses first and anticipates the follower's best response.
 *
 * Let a be the leader's settings, b the follower's, F the follower's loss and L the leader's. The best response
 * satisfies F_b(a, b) = 0 in the settings that are not at a bound, so that by the implicit function theorem L(a, b(a))
 * has the derivative
 *
 *   dL/da = L_a - F_ab v,    F_bb v = L_b
 *
 * F_bb and F_ab are central differences of the follower's derivatives, which are exact. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "play/game_kinds.h"
#include "play/player_game.h"

/* LAPACK: linear equations by LU factorisation. */
extern void dgesv_(const int *size, const int *sides, double *a, const int *lda, int *pivot, double *b, const int *ldb,
                   int *info);

/* The step of differences in ln(1 + rate); a setting this close to a bound counts as held by it. */
static const double STEP = 1e-4, HELD = 1e-6;

enum { PLAYERS, CHANGES, LEADER };
static const dr_game_key keys[] = {
    [PLAYERS] = {"players", true}, [CHANGES] = {.name = "changes"}, [LEADER] = {"leader", true}, {0}};

static size_t leader_of(const dr_player_game *g)
{
    return (size_t)g->compared;
}

static dr_status read_stackelberg(dr_game *game, dr_game_reader *r, yaml_node_t *const *v)
{
    dr_player_game *g = dr_player_game_of(game);
    size_t leader = 0;
    DR_TRY(dr_players_read(g, r, v[PLAYERS], v[CHANGES]));
    if (g->count < 2)
        return dr_game_fail(r, v[PLAYERS], "a game of one player; expected two, or 'play: best-response'");
    if (g->count > 2)
        return dr_game_fail(r, v[PLAYERS], "%zu players; expected a leader and a follower", g->count);
    DR_TRY(dr_players_find(g, r, v[LEADER], &leader));
    if (g->players[1 - leader].aim == DR_AIM_HINDER)
        return dr_game_fail(r, v[PLAYERS], "%s is the follower, and the aim 'hinder' is for the leader only",
                            g->players[1 - leader].name);
    g->players[0].chooses = g->players[1].chooses = g->players[leader].leads = true;
    g->compared = (int)leader;
    return dr_players_prepare(g);
}

/* ---- The search ------------------------------------------------------------------------------------------------- */

typedef struct search {
    dr_player_game *game;
    dr_player *leader, *follower;
    dr_optimum response;    /* the follower's */
    double *y, *moved;      /* [setting] */
    double *second, *slope; /* [free, setting] second derivatives of the follower's loss; [setting] */
    double *matrix, *v;     /* [free, free]; [free] */
    size_t *free;           /* the follower's settings that are not at a bound */
    int *pivot;
    size_t free_count;
} search;

static void search_free(search *d)
{
    dr_optimum_free(&d->response);
    free(d->y);
    free(d->moved);
    free(d->second);
    free(d->slope);
    free(d->matrix);
    free(d->v);
    free(d->free);
    free(d->pivot);
}

static dr_status search_new(search *d, dr_player_game *g)
{
    size_t n = g->settings;
    *d = (search){.game = g,
                  .leader = &g->players[leader_of(g)],
                  .follower = &g->players[1 - leader_of(g)],
                  .y = dr_new_doubles(n),
                  .moved = dr_new_doubles(n),
                  .second = dr_new_doubles(n * n),
                  .slope = dr_new_doubles(n),
                  .matrix = dr_new_doubles(n * n),
                  .v = dr_new_doubles(n),
                  .free = dr_new(n, sizeof(size_t)),
                  .pivot = dr_new(n, sizeof(int))};
    if (!d->y || !d->moved || !d->second || !d->slope || !d->matrix || !d->v || !d->free || !d->pivot)
        return dr_fail_memory();
    return dr_response_new(&d->response, g, 1 - leader_of(g));
}

/* Adds one side of a central difference of the follower's derivatives, with one of its settings moved by the step. */
static dr_status difference(search *d, size_t setting, double step, double *row)
{
    memcpy(d->moved, d->y, d->game->settings * sizeof *d->moved);
    d->moved[setting] += step;
    DR_TRY(dr_policy_evaluate(&d->follower->policy, d->moved, true));
    for (size_t l = 0; l < d->game->settings; l++)
        row[l] += dr_player_slope(d->follower, l) / (2 * step);
    return DR_OK;
}

static dr_status second_derivatives(search *d)
{
    const dr_player_game *g = d->game;
    d->free_count = 0;
    for (size_t l = d->follower->first; l < d->follower->first + d->follower->count; l++)
        if (d->y[l] > g->low[l] + HELD && d->y[l] < g->high[l] - HELD)
            d->free[d->free_count++] = l;
    memset(d->second, 0, g->settings * g->settings * sizeof *d->second);
    for (size_t j = 0; j < d->free_count; j++)
        for (int side = -1; side <= 1; side += 2)
            DR_TRY(difference(d, d->free[j], side * STEP, d->second + j * g->settings));
    return DR_OK;
}

/* v, for a result whose derivatives are `slope`. */
static dr_status solve_v(search *d, const double *slope)
{
    const int one = 1;
    int size = (int)d->free_count, info = 0;
    for (size_t j = 0; j < d->free_count; j++) {
        d->v[j] = slope[d->free[j]];
        for (size_t k = 0; k < d->free_count; k++) /* symmetric up to rounding */
            d->matrix[j * d->free_count + k] =
                (d->second[j * d->game->settings + d->free[k]] + d->second[k * d->game->settings + d->free[j]]) / 2;
    }
    if (size > 0)
        dgesv_(&size, &one, d->matrix, &size, d->pivot, d->v, &size, &info);
    return info == 0 ? DR_OK : dr_fail(DR_NO_SOLUTION, "the best response of %s is not unique", d->follower->name);
}

/* dL/da of any result whose partial derivatives are `slope` [setting], into `out` [setting of the leader]. */
static dr_status total_derivative(search *d, const double *slope, double *out)
{
    DR_TRY(solve_v(d, slope));
    for (size_t l = 0; l < d->leader->count; l++) {
        out[l] = slope[d->leader->first + l];
        for (size_t j = 0; j < d->free_count; j++)
            out[l] -= d->v[j] * d->second[j * d->game->settings + d->leader->first + l];
    }
    return DR_OK;
}

/* The follower's best response to the leader's settings y, into d->y; the search starts from its last one. */
static dr_status follow(search *d, const double *y)
{
    memcpy(d->y + d->leader->first, y, d->leader->count * sizeof *y);
    return dr_response_find(&d->response, d->game, 1 - leader_of(d->game), d->y);
}

static dr_status objective(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    search *d = user;
    dr_player *leader = d->leader;
    DR_TRY(follow(d, y));
    DR_TRY(second_derivatives(d));
    DR_TRY(dr_policy_evaluate(&leader->policy, d->y, true));
    *f = dr_player_loss(leader) / leader->scale;
    for (size_t l = 0; l < d->game->settings; l++)
        d->slope[l] = dr_player_slope(leader, l) / leader->scale;
    DR_TRY(total_derivative(d, d->slope, df));
    dr_game_progress(&d->game->game, "searching for the leader's best policy", ++d->game->rounds);
    if (leader->aim != DR_AIM_HINDER)
        return DR_OK;
    const dr_aim *share = &leader->policy.aims[1];
    *g = log(leader->level / share->value);
    for (size_t l = 0; l < d->game->settings; l++)
        d->slope[l] = -share->gradient[l] / share->value;
    return total_derivative(d, d->slope, dg);
}

/* The leader's regret: its largest gain from moving one setting by a small or a large step, the follower responding. */
static dr_status find_regret(search *d, const dr_optimum *best)
{
    static const double steps[] = {-0.05, -0.005, 0.005, 0.05};
    dr_player_game *g = d->game;
    d->leader->regret = 0;
    for (size_t l = 0; l < d->leader->count; l++)
        for (size_t k = 0; k < 4; k++) {
            size_t setting = d->leader->first + l;
            double *y = d->slope; /* used as working memory */
            memcpy(y, best->y, d->leader->count * sizeof *y);
            y[l] = fmin(g->high[setting], fmax(g->low[setting], y[l] + steps[k]));
            DR_TRY(follow(d, y));
            DR_TRY(dr_policy_evaluate(&d->leader->policy, d->y, false));
            if (d->leader->aim == DR_AIM_HINDER && d->leader->policy.aims[1].value < d->leader->level)
                continue;
            d->leader->regret = dr_larger(d->leader->regret, best->f * d->leader->scale - dr_player_loss(d->leader));
        }
    return DR_OK;
}

static dr_status optimise(search *d, const dr_problem *problem, dr_optimum *best, double *y)
{
    DR_TRY(dr_optimum_new(best, problem));
    DR_TRY(dr_response_tighten(d->game, leader_of(d->game), y));
    memcpy(best->y, y + d->leader->first, d->leader->count * sizeof *y);
    memcpy(d->y, y, d->game->settings * sizeof *y);
    DR_TRY(dr_optimum_find(best, problem));
    d->leader->residual = dr_optimum_residual(best);
    DR_TRY(find_regret(d, best));
    DR_TRY(follow(d, best->y));
    memcpy(y, d->y, d->game->settings * sizeof *y);
    return dr_policy_evaluate(&d->leader->policy, y, false);
}

static dr_status lead(dr_player_game *g, double *y)
{
    search d;
    dr_optimum best = {0};
    dr_status status = search_new(&d, g);
    if (status == DR_OK)
        status = dr_response_scale(g, leader_of(g));
    dr_problem problem = {.variables = d.leader->count,
                          .constraints = d.leader->aim == DR_AIM_HINDER,
                          .low = g->low + d.leader->first,
                          .high = g->high + d.leader->first,
                          .objective = objective,
                          .line_search_steps = 3,
                          .scale = 1,
                          .user = &d};
    if (status == DR_OK)
        status = optimise(&d, &problem, &best, y);
    dr_optimum_free(&best);
    search_free(&d);
    return status;
}

static dr_status solve(dr_game *game)
{
    return dr_players_solve(dr_player_game_of(game), lead);
}

static dr_status summarise(dr_summary *s)
{
    const dr_player_game *g = dr_const_player_game_of(s->game);
    char question[320];
    snprintf(question, sizeof question,
             "Which policy is best for %.100s, which moves first and anticipates the best response of %.50s?",
             g->players[leader_of(g)].name, g->players[1 - leader_of(g)].name);
    return dr_players_summarise(s, question);
}

const dr_game_kind dr_stackelberg = {
    .name = "stackelberg",
    .title = "leader and follower",
    .keys = keys,
    .read = read_stackelberg,
    .solve = solve,
    .summarise = summarise,
    DR_PLAYER_KIND,
};
