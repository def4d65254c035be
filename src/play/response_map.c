/* Best-response functions: the best rate of each of two players, with one rate each, for every rate of the other. */
#include <math.h>
#include <stdio.h>

#include "base/table_rows.h"
#include "play/player_game.h"
#include "world/describe.h"

enum { CURVE, RATE_1, RATE_2, WELFARE_1, WELFARE_2 };

/* A row for the settings y. */
static dr_status add_point(dr_table *table, dr_player_game *g, const char *curve, double *y)
{
    size_t row = dr_table_add_row(table);
    double *outcome = g->y;
    dr_table_set_text(table, row, CURVE, curve);
    g->y = y; /* the settings of which dr_setting_rate tells */
    for (size_t p = 0; p < 2; p++)
        dr_table_set_number(table, row, RATE_1 + p, dr_setting_rate(g, p));
    g->y = outcome;
    for (size_t p = 0; p < 2; p++) {
        DR_TRY(dr_policy_evaluate(&g->players[p].policy, y, false));
        dr_table_set_number(table, row, WELFARE_1 + p, g->players[p].policy.aims[0].value);
    }
    return DR_OK;
}

/* A point of the grid of a player's rate: equal steps from its least rate to twice the rate of the outcome. */
static double grid_setting(const dr_player_game *g, size_t setting, size_t point, size_t points)
{
    const double least_reach = 0.1;
    double low = expm1(g->low[setting]), high = expm1(g->high[setting]), here = expm1(g->y[setting]);
    if (dr_instrument_kind_cuts(g->labels[setting].spec->kind))
        low = fmax(low, fmin(2 * here, -least_reach));
    else
        high = fmin(high, low + fmax(2 * (here - low), least_reach));
    return log1p(low + (high - low) * (double)point / (double)(points - 1));
}

/* The responses of a player; a point without one is left out. */
static dr_status add_curve(dr_table *table, dr_player_game *g, size_t player, size_t points)
{
    double y[2] = {g->y[0], g->y[1]};
    char name[160];
    dr_optimum best = {0};
    snprintf(name, sizeof name, "best response of %.100s", g->players[player].name);
    dr_status status = dr_response_new(&best, g, player);
    for (size_t k = 0; k < points && status == DR_OK; k++) {
        y[1 - player] = grid_setting(g, 1 - player, k, points);
        status = dr_response_find(&best, g, player, y);
        if (status == DR_OK)
            status = add_point(table, g, name, y);
        else if (status == DR_NO_SOLUTION)
            status = DR_OK;
        dr_game_progress(&g->game, "computing best-response functions", player * points + k + 1);
    }
    dr_optimum_free(&best);
    return status;
}

static dr_status fill(dr_table *table, dr_player_game *g, size_t points)
{
    for (size_t p = 0; p < 2; p++)
        DR_TRY(add_curve(table, g, p, points));
    return add_point(table, g, g->compared == DR_NOBODY ? "equilibrium" : "outcome", g->y);
}

static void describe(dr_table *table, const dr_player_game *g)
{
    char heading[DR_HEADLINE_SIZE];
    dr_table_set_title(table, "%s: best-response functions", dr_game_heading(heading, &g->game));
    for (size_t p = 0; p < 2; p++) {
        char instrument[256], name[280], own[DR_SPOKEN_SIZE];
        dr_instrument_spec_name(instrument, sizeof instrument, g->game.model->economy, &g->players[p],
                                g->labels[p].spec);
        snprintf(name, sizeof name, "%s, percent", instrument);
        dr_table_add_fact_text(table, p == 0 ? "map.rate_1" : "map.rate_2", name);
        dr_table_add_note(table, "rate %zu: %s; welfare %zu: change of the real income of %s, percent", p + 1, name,
                          p + 1, dr_spoken(own, g->game.model->economy, g->players[p].name));
    }
    dr_table_add_note(table, "each point of a curve is the best rate of one player given the other's; where the curves "
                             "cross neither gains by deviating");
}

/* The last point: where the curves meet. */
static void answer(dr_table *table, const dr_player_game *g)
{
    char first[256], second[256];
    size_t last = table->rows - 1;
    dr_instrument_spec_name(first, sizeof first, g->game.model->economy, &g->players[0], g->labels[0].spec);
    dr_instrument_spec_name(second, sizeof second, g->game.model->economy, &g->players[1], g->labels[1].spec);
    dr_table_keep_rows(table);
    dr_table_say(table, "The %s is at %.2f%% (%s) and %.2f%% (%s).", dr_table_text_at(table, last, "curve"),
                 dr_table_at(table, last, "rate_1"), first, dr_table_at(table, last, "rate_2"), second);
}

dr_status dr_players_map(dr_table **out, dr_game *game, size_t points)
{
    static const dr_column_spec columns[] = {{"curve", DR_SHOW_TEXT},
                                             {"rate_1", DR_SHOW_PERCENT},
                                             {"rate_2", DR_SHOW_PERCENT},
                                             {"welfare_1", DR_SHOW_PERCENT},
                                             {"welfare_2", DR_SHOW_PERCENT}};
    dr_player_game *g = dr_player_game_of(game);
    dr_table *table = NULL;
    if (g->count != 2 || g->settings != 2 || g->players[0].count != 1)
        return dr_fail(DR_USAGE, "best-response functions need two players with one rate each ('uniform: true')");
    DR_TRY(dr_game_begin_table(&table, game, columns, sizeof columns / sizeof *columns));
    describe(table, g);
    dr_status status = fill(table, g, points);
    if (status == DR_OK)
        answer(table, g);
    return dr_table_finish(out, table, status);
}
