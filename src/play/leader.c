/* Leader and follower (Stackelberg): the leader chooses, knowing that the other gives its best response to whatever it does.
 *
 * With a the leader's settings and b the follower's, whose best response makes F_b(a, b) = 0 where its bounds do not hold it, the
 * leader's loss L(a, b(a)) has by the implicit function theorem
 *
 *   dL/da = L_a - F_ab v,    F_bb v = L_b
 *
 * F_bb and F_ab are differences of the follower's derivatives, which are exact, two for each of its free settings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "play/game.h"

/* LAPACK, as Fortran has it: linear equations by LU. */
extern void dgesv_(const int *size, const int *sides, double *a, const int *lda, int *pivot, double *b, const int *ldb,
                   int *info);

/* The step of differences in ln(1 + rate), and how near a bound holds a setting. */
static const double STEP = 1e-4, HELD = 1e-6;

typedef struct lead {
    dr_game *game;
    dr_player *leader, *follower;
    dr_optimum answer;
    double *y, *moved;      /* [instrument] */
    double *second, *slope; /* [free, instrument] second derivatives of the follower's loss; [instrument] */
    double *matrix, *v;     /* [free, free]; [free] */
    size_t *free;           /* the follower's settings that its bounds do not hold */
    int *pivot;
    size_t free_count;
} lead;

static void lead_free(lead *d)
{
    dr_optimum_free(&d->answer);
    free(d->y);
    free(d->moved);
    free(d->second);
    free(d->slope);
    free(d->matrix);
    free(d->v);
    free(d->free);
    free(d->pivot);
}

static dr_status lead_new(lead *d, dr_game *g)
{
    size_t n = g->instruments;
    *d = (lead){.game = g,
                .leader = &g->players[g->chosen],
                .follower = &g->players[1 - g->chosen],
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
    return dr_response_new(&d->answer, g, 1 - g->chosen);
}

/* The follower's derivatives with its setting `instrument` moved, added to a row of second derivatives. */
static dr_status difference(lead *d, size_t instrument, double step, double *row)
{
    memcpy(d->moved, d->y, d->game->instruments * sizeof *d->moved);
    d->moved[instrument] += step;
    DR_TRY(dr_policy_evaluate(&d->follower->policy, d->moved, true));
    for (size_t l = 0; l < d->game->instruments; l++)
        row[l] += dr_player_slope(d->follower, l) / (2 * step);
    return DR_OK;
}

static dr_status second_derivatives(lead *d)
{
    const dr_game *g = d->game;
    d->free_count = 0;
    for (size_t l = d->follower->first; l < d->follower->first + d->follower->count; l++)
        if (d->y[l] > g->low[l] + HELD && d->y[l] < g->high[l] - HELD)
            d->free[d->free_count++] = l;
    memset(d->second, 0, g->instruments * g->instruments * sizeof *d->second);
    for (size_t j = 0; j < d->free_count; j++)
        for (int side = -1; side <= 1; side += 2)
            DR_TRY(difference(d, d->free[j], side * STEP, d->second + j * g->instruments));
    return DR_OK;
}

/* v, given the derivatives of what is to be led. */
static dr_status solve_answer(lead *d, const double *slope)
{
    const int one = 1;
    int size = (int)d->free_count, info = 0;
    for (size_t j = 0; j < d->free_count; j++) {
        d->v[j] = slope[d->free[j]];
        for (size_t k = 0; k < d->free_count; k++) /* symmetric but for rounding */
            d->matrix[j * d->free_count + k] =
                (d->second[j * d->game->instruments + d->free[k]] + d->second[k * d->game->instruments + d->free[j]]) /
                2;
    }
    if (size > 0)
        dgesv_(&size, &one, d->matrix, &size, d->pivot, d->v, &size, &info);
    return info == 0 ? DR_OK : dr_fail(DR_NO_SOLUTION, "the best response of %s is not unique", d->follower->name);
}

/* dL/da of the derivatives `slope` [instrument] of any result, into `out` [leader's instrument]. */
static dr_status led(lead *d, const double *slope, double *out)
{
    DR_TRY(solve_answer(d, slope));
    for (size_t l = 0; l < d->leader->count; l++) {
        out[l] = slope[d->leader->first + l];
        for (size_t j = 0; j < d->free_count; j++)
            out[l] -= d->v[j] * d->second[j * d->game->instruments + d->leader->first + l];
    }
    return DR_OK;
}

/* The follower's answer to the leader's settings y, into d->y; it begins from its last one. */
static dr_status answer(lead *d, const double *y)
{
    memcpy(d->y + d->leader->first, y, d->leader->count * sizeof *y);
    return dr_response_find(&d->answer, d->game, 1 - d->game->chosen, d->y);
}

static dr_status objective(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    lead *d = user;
    dr_player *leader = d->leader;
    DR_TRY(answer(d, y));
    DR_TRY(second_derivatives(d));
    DR_TRY(dr_policy_evaluate(&leader->policy, d->y, true));
    *f = dr_player_loss(leader) / leader->scale;
    for (size_t l = 0; l < d->game->instruments; l++)
        d->slope[l] = dr_player_slope(leader, l) / leader->scale;
    DR_TRY(led(d, d->slope, df));
    dr_game_progress(d->game, "the leader tries, the other answers", ++d->game->rounds);
    if (leader->want != DR_WANT_HINDER)
        return DR_OK;
    const dr_aim *share = &leader->policy.aims[1];
    *g = log(leader->level / share->value);
    for (size_t l = 0; l < d->game->instruments; l++)
        d->slope[l] = -share->gradient[l] / share->value;
    return led(d, d->slope, dg);
}

/* What the leader could gain by moving one setting by a little or a lot, the other answering: no derivatives. */
static dr_status probe(lead *d, const dr_optimum *best)
{
    static const double steps[] = {-0.05, -0.005, 0.005, 0.05};
    dr_game *g = d->game;
    d->leader->regret = 0;
    for (size_t l = 0; l < d->leader->count; l++)
        for (size_t k = 0; k < 4; k++) {
            size_t instrument = d->leader->first + l;
            double *y = d->slope; /* as space */
            memcpy(y, best->y, d->leader->count * sizeof *y);
            y[l] = fmin(g->high[instrument], fmax(g->low[instrument], y[l] + steps[k]));
            DR_TRY(answer(d, y));
            DR_TRY(dr_policy_evaluate(&d->leader->policy, d->y, false));
            if (d->leader->want == DR_WANT_HINDER && d->leader->policy.aims[1].value < d->leader->level)
                continue;
            d->leader->regret = dr_larger(d->leader->regret, best->f * d->leader->scale - dr_player_loss(d->leader));
        }
    return DR_OK;
}

static dr_status search(lead *d, const dr_problem *problem, dr_optimum *best, double *y)
{
    DR_TRY(dr_optimum_new(best, problem));
    DR_TRY(dr_response_tighten(d->game, d->game->chosen, y));
    memcpy(best->y, y + d->leader->first, d->leader->count * sizeof *y);
    memcpy(d->y, y, d->game->instruments * sizeof *y);
    DR_TRY(dr_optimum_find(best, problem));
    d->leader->residual = dr_optimum_residual(best);
    DR_TRY(probe(d, best));
    DR_TRY(answer(d, best->y));
    memcpy(y, d->y, d->game->instruments * sizeof *y);
    return dr_policy_evaluate(&d->leader->policy, y, false);
}

dr_status dr_game_lead(dr_game *g, double *y)
{
    lead d;
    dr_optimum best = {0};
    dr_status status = lead_new(&d, g);
    if (status == DR_OK)
        status = dr_response_scale(g, g->chosen);
    dr_problem problem = {.variables = d.leader->count,
                          .constraints = d.leader->want == DR_WANT_HINDER,
                          .low = g->low + d.leader->first,
                          .high = g->high + d.leader->first,
                          .objective = objective,
                          .line_search_steps = 3,
                          .scale = 1,
                          .user = &d};
    if (status == DR_OK)
        status = search(&d, &problem, &best, y);
    dr_optimum_free(&best);
    lead_free(&d);
    return status;
}
