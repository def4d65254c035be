/* The map of best responses: what each of two players does, with one rate each, for every rate of the other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "play/game.h"

enum { CURVE, RATE_1, RATE_2, WELFARE_1, WELFARE_2 };

/* A row where settings y lead. */
static dr_status add_point(dr_table *table, dr_game *g, const char *curve, const double *y)
{
    size_t row = dr_table_add_row(table);
    double *keep = g->y;
    dr_table_set_text(table, row, CURVE, curve);
    g->y = (double *)y;
    for (size_t p = 0; p < 2; p++)
        dr_table_set_number(table, row, RATE_1 + p, dr_game_rate(g, p));
    g->y = keep;
    for (size_t p = 0; p < 2; p++) {
        DR_TRY(dr_policy_evaluate(&g->players[p].policy, y, false));
        dr_table_set_number(table, row, WELFARE_1 + p, g->players[p].policy.aims[0].value);
    }
    return DR_OK;
}

/* The other's rate at a point of the grid: from its least to twice as far as where the game ends, in equal steps of the rate. */
static double grid_setting(const dr_game *g, size_t instrument, size_t point, size_t points)
{
    const double least_reach = 0.1;
    double low = expm1(g->low[instrument]), high = expm1(g->high[instrument]), here = expm1(g->y[instrument]);
    if (g->labels[instrument].tool->kind == DR_KIND_CURB)
        low = fmax(low, fmin(2 * here, -least_reach));
    else
        high = fmin(high, low + fmax(2 * (here - low), least_reach));
    return log1p(low + (high - low) * (double)point / (double)(points - 1));
}

/* The responses of a player; a point without one is left out. */
static dr_status add_curve(dr_table *table, dr_game *g, size_t player, size_t points)
{
    double y[2] = {g->y[0], g->y[1]};
    char name[160];
    dr_optimum best = {0};
    snprintf(name, sizeof name, "best answer of %.100s", g->players[player].name);
    dr_status status = dr_response_new(&best, g, player);
    for (size_t k = 0; k < points && status == DR_OK; k++) {
        y[1 - player] = grid_setting(g, 1 - player, k, points);
        status = dr_response_find(&best, g, player, y);
        if (status == DR_OK)
            status = add_point(table, g, name, y);
        else if (status == DR_NO_SOLUTION)
            status = DR_OK;
        dr_game_progress(g, "drawing the map", player * points + k + 1);
    }
    dr_optimum_free(&best);
    return status;
}

static dr_status fill(dr_table *table, dr_game *g, size_t points)
{
    for (size_t p = 0; p < 2; p++)
        DR_TRY(add_curve(table, g, p, points));
    return add_point(table, g, g->play == DR_PLAY_NASH ? "equilibrium" : "outcome", g->y);
}

static void describe(dr_table *table, const dr_game *g)
{
    char heading[DR_HEADLINE_SIZE];
    dr_table_set_title(table, "%s: best answers", dr_game_heading(heading, g));
    for (size_t p = 0; p < 2; p++) {
        const dr_tool *tool = g->labels[p].tool;
        char name[256];
        snprintf(name, sizeof name, "%s of %.80s %s %.80s, percent", dr_game_kinds[tool->kind], g->players[p].name,
                 tool->kind == DR_KIND_TARIFF ? "on" : "to", tool->name);
        dr_table_add_fact_text(table, p == 0 ? "map.rate_1" : "map.rate_2", name);
        dr_table_add_note(table, "rate %zu: %s; welfare %zu: change of the real income of %s, percent", p + 1, name,
                          p + 1, g->players[p].name);
    }
    dr_table_add_note(table, "each point of a curve is the rate that is best for one, given the other's; where the "
                             "curves cross nobody wants to move");
}

dr_status dr_game_map(dr_table **out, dr_game *game, size_t points, const dr_game_options *options)
{
    DR_TRY(DR_GIVEN(out, game));
    dr_game_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(dr_game_check(__func__, options));
    static const dr_column_spec columns[] = {{"curve", DR_SHOW_TEXT},
                                             {"rate_1", DR_SHOW_PERCENT},
                                             {"rate_2", DR_SHOW_PERCENT},
                                             {"welfare_1", DR_SHOW_PERCENT},
                                             {"welfare_2", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    if (game->count != 2 || game->instruments != 2 || game->players[0].count != 1)
        return dr_fail(DR_USAGE, "a map is of two players with one rate each ('uniform: true')");
    if (points < 2 || points > 1000)
        return dr_fail(DR_USAGE, "a map of %zu points: 2 to 1000 were expected", points);
    DR_TRY(dr_game_begin_table(&table, game, columns, sizeof columns / sizeof *columns));
    describe(table, game);
    game->options = options;
    dr_status status = fill(table, game, points);
    game->options = NULL;
    return dr_table_finish(out, table, status);
}
