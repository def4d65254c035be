/* A game's outcome as tables. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/print.h"
#include "base/table.h"
#include "play/game.h"
#include "result/result.h"
#include "world/describe.h"

static const char *const plays[] = {"best response", "Nash equilibrium", "leader and follower",
                                    "coercion",      "coalition",        "delay"};

/* A setting this near a bound, in ln(1 + rate), is held by it; outcomes further apart than the second are several. */
static const double HELD = 1e-6, SEVERAL = 1e-4;

const char *const dr_game_kinds[DR_KINDS] = {"tariff", "export tax", "export curb"};

static bool is_cut(const dr_game *g, size_t instrument)
{
    return g->players[0].policy.instruments[instrument].volume;
}

const char *dr_game_bound(const dr_game *g, size_t instrument)
{
    bool low = g->y[instrument] <= g->low[instrument] + HELD, high = g->y[instrument] >= g->high[instrument] - HELD;
    return !low && !high ? "" : low == is_cut(g, instrument) ? "most" : "least";
}

double dr_game_rate(const dr_game *g, size_t instrument)
{
    return 100 * (is_cut(g, instrument) ? -expm1(g->y[instrument]) : expm1(g->y[instrument]));
}

double dr_game_wedge(const dr_game *g, size_t instrument)
{
    const dr_policy *policy = &g->players[0].policy;
    size_t cap = 0;
    for (size_t l = 0; l < instrument; l++)
        cap += policy->instruments[l].export_tax;
    return 100 * (policy->instruments[instrument].export_tax ? policy->solution->limits[cap].wedge - 1
                                                             : expm1(g->y[instrument]));
}

double dr_game_residual(const dr_game *g)
{
    double worst = 0;
    for (size_t p = 0; p < g->count; p++)
        worst = fmax(worst, isnan(g->players[p].residual) ? 0 : g->players[p].residual);
    return worst;
}

bool dr_game_several(const dr_game *g)
{
    return g->apart > SEVERAL;
}

static size_t all_solves(const dr_game *g)
{
    size_t sum = 0;
    for (size_t p = 0; p < g->count; p++)
        sum += g->players[p].policy.solves;
    return sum;
}

static void add_facts(dr_table *table, const dr_game *g)
{
    dr_table_add_fact_text(table, "play", plays[g->play]);
    if (g->play >= DR_PLAY_COERCION) {
        dr_table_add_fact(table, "certificate.worst_residual", g->trials.worst_residual);
        dr_table_add_fact(table, "certificate.solves", (double)(g->trials.tried_count + g->trials.solves));
        return;
    }
    const dr_certificate *c = &dr_game_solution(g)->certificate;
    dr_table_add_fact(table, "game.rounds", (double)g->rounds);
    dr_table_add_fact(table, "game.starts", (double)g->starts);
    dr_table_add_fact(table, "game.failed_starts", (double)g->failed_starts);
    dr_table_add_fact(table, "game.apart", g->apart);
    dr_table_add_fact(table, "certificate.kkt", dr_game_residual(g));
    dr_table_add_fact(table, "certificate.worst_residual", c->worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", c->worst_equation);
    dr_table_add_fact(table, "certificate.solves", (double)all_solves(g));
}

const char *dr_game_heading(char out[DR_HEADLINE_SIZE], const dr_game *g)
{
    dr_headline players = {0};
    if (g->title && *g->title)
        return g->title;
    for (size_t p = 0; p < g->count; p++)
        dr_headline_add(&players, "%s", g->players[p].name);
    return dr_headline_write(out, &players);
}

/* Adds the groups that a game names, and the flows between their members that its instruments leave alone or include. */
static dr_status find_groups(const dr_game *g, dr_named *named, dr_insiders *insiders)
{
    const dr_economy *e = g->model->economy;
    DR_TRY(dr_named_merge(named, &g->trials.sides.named, e->regions));
    DR_TRY(dr_named_merge(named, &g->trials.named, e->regions));
    for (size_t p = 0; p < g->count; p++)
        for (size_t t = 0; t < g->players[p].tool_count; t++) {
            const dr_tool *tool = &g->players[p].tools[t];
            dr_sides sides = dr_tool_sides(&g->players[p], tool);
            DR_TRY(dr_named_merge(named, &tool->named, e->regions));
            DR_TRY(dr_insiders_add(insiders, e, sides.of, sides.to, tool->sectors, &tool->named, tool->inside));
        }
    return DR_OK;
}

static dr_status tell_groups(dr_table *table, const dr_game *g)
{
    const dr_economy *e = g->model->economy;
    dr_named named = {0};
    dr_insiders insiders = {0};
    dr_status status = find_groups(g, &named, &insiders);
    for (int included = 0; included < 2 && status == DR_OK; included++) {
        char *note = NULL;
        status = dr_insiders_note(&note, &insiders, e, e->flow, included);
        if (note)
            dr_table_add_note(table, "%s", note);
        free(note);
    }
    if (status == DR_OK)
        dr_named_tell(table, e, &named);
    dr_named_free(&named);
    dr_insiders_free(&insiders);
    return status;
}

dr_status dr_game_begin_table(dr_table **out, const dr_game *g, const dr_column_spec *columns, size_t count)
{
    const dr_economy *e = g->model->economy;
    if (!g->solved)
        return dr_fail(DR_USAGE, "the game is not solved");
    DR_TRY(dr_table_new(out, columns, count));
    char heading[DR_HEADLINE_SIZE];
    dr_table_set_title(*out, "%s: %s", dr_game_heading(heading, g), plays[g->play]);
    dr_table_set_unit(*out, e->unit);
    dr_describe(*out, e->world, e->year, e->unit, e->source);
    add_facts(*out, g);
    dr_model_describe(*out, g->model);
    dr_status status = tell_groups(*out, g);
    if (status != DR_OK)
        dr_table_free(*out);
    return status;
}

/* ---- Players ----------------------------------------------------------------------------------------------------------- */

static void describe_aim(char *out, size_t size, const dr_player *player)
{
    if (player->want == DR_WANT_LESS)
        dr_print_text(out, size, "welfare less %.4g of %s's", player->weight, player->rival);
    else if (player->want == DR_WANT_HINDER)
        dr_print_text(out, size, "share in %s's imports at least %.4g%%", player->rival, 100 * player->level);
    else
        snprintf(out, size, "welfare");
}

static size_t at_bounds(const dr_game *g, const dr_player *player)
{
    size_t count = 0;
    for (size_t l = player->first; l < player->first + player->count; l++)
        count += *dr_game_bound(g, l) != '\0';
    return count;
}

static void note_player(dr_table *table, const dr_game *g, const dr_player *player)
{
    const char *unit = g->model->economy->unit;
    double welfare = player->policy.aims[0].value;
    dr_table_add_note(table, "%s %s %.4f%% of its real income, %.0f %s a year", player->name,
                      welfare < 0 ? "loses" : "gains", fabs(welfare),
                      fabs(welfare) / 100 * dr_game_income(g, player->regions), unit);
    if (player->want == DR_WANT_HINDER)
        dr_table_add_note(table, "the share of %s in what %s imports of these goods is %.2f%%, %.2f%% in the base",
                          player->name, player->rival, 100 * player->policy.aims[1].value,
                          100 * dr_result_value(&player->policy.aims[1].result, g->model, NULL));
}

static void note_starts(dr_table *table, const dr_game *g)
{
    size_t good = g->starts - g->failed_starts;
    if (good > 1 && !dr_game_several(g))
        dr_table_add_note(table, "%zu starts lead to the same outcome: no sign of another", good);
    else if (good > 1)
        dr_table_add_note(table, "%zu starts do not lead to the same outcome: settings differ by up to %.2f%%; %s",
                          good, 100 * expm1(g->apart),
                          g->play == DR_PLAY_NASH ? "there are several equilibria, and this is the first"
                                                  : "the best is shown");
    if (g->failed_starts)
        dr_table_add_note(table, "from %zu of %zu starts no outcome was found", g->failed_starts, g->starts);
    dr_table_add_note(table,
                      "first-order conditions hold to %.1e; regret is the most a player could gain by leaving its "
                      "settings, as searches from other starts find it",
                      dr_game_residual(g));
}

static void add_player(dr_table *table, const dr_game *g, const dr_player *player)
{
    char aim[160];
    double welfare = player->policy.aims[0].value;
    const double numbers[] = {welfare, welfare / 100 * dr_game_income(g, player->regions), player->regret,
                              (double)at_bounds(g, player), (double)player->count};
    size_t row = dr_table_add_row(table);
    describe_aim(aim, sizeof aim, player);
    dr_table_set_text(table, row, 0, player->name);
    dr_table_set_text(table, row, 1, aim);
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
        dr_table_set_number(table, row, c + 2, numbers[c]);
}

static dr_status players_table(dr_table **out, const dr_game *g)
{
    static const dr_column_spec columns[] = {{"player", DR_SHOW_TEXT},     {"aim", DR_SHOW_TEXT},
                                             {"welfare", DR_SHOW_PERCENT}, {"welfare_value", DR_SHOW_VALUE},
                                             {"regret", DR_SHOW_PERCENT},  {"at_bounds", DR_SHOW_COUNT},
                                             {"settings", DR_SHOW_COUNT}};
    dr_table *table = NULL;
    DR_TRY(dr_game_begin_table(&table, g, columns, sizeof columns / sizeof *columns));
    for (size_t p = 0; p < g->count; p++) {
        add_player(table, g, &g->players[p]);
        note_player(table, g, &g->players[p]);
    }
    note_starts(table, g);
    return dr_table_finish(out, table, DR_OK);
}

dr_status dr_game_outcome(dr_table **out, const dr_game *game)
{
    DR_TRY(DR_GIVEN(out, game));
    if (game->play == DR_PLAY_COERCION)
        return dr_game_coercion_table(out, game);
    if (game->play == DR_PLAY_DELAY)
        return dr_game_delay_table(out, game);
    return game->play == DR_PLAY_COALITION ? dr_game_coalition_table(out, game) : players_table(out, game);
}

/* ---- Settings ---------------------------------------------------------------------------------------------------------- */

static void add_setting(dr_table *table, const dr_game *g, size_t instrument)
{
    const dr_label *label = &g->labels[instrument];
    const char *sector = label->tool->uniform ? "all" : dr_economy_sector(g->model->economy, label->sector);
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, g->players[label->player].name);
    dr_table_set_text(table, row, 1, dr_game_kinds[label->tool->kind]);
    dr_table_set_text(table, row, 2, label->tool->name);
    dr_table_set_text(table, row, 3, sector);
    dr_table_set_number(table, row, 4, g->players[0].policy.instruments[instrument].base);
    dr_table_set_number(table, row, 5, dr_game_rate(g, instrument));
    dr_table_set_text(table, row, 6, dr_game_bound(g, instrument));
}

dr_status dr_game_settings(dr_table **out, const dr_game *game)
{
    DR_TRY(DR_GIVEN(out, game));
    enum { WEDGE = 7 };
    static const dr_column_spec columns[] = {
        {"player", DR_SHOW_TEXT}, {"instrument", DR_SHOW_TEXT}, {"with", DR_SHOW_TEXT},  {"sector", DR_SHOW_TEXT},
        {"trade", DR_SHOW_VALUE}, {"rate", DR_SHOW_PERCENT},    {"bound", DR_SHOW_TEXT}, {"wedge", DR_SHOW_PERCENT}};
    dr_table *table = NULL;
    bool cuts = false;
    if (game->play >= DR_PLAY_COERCION)
        return dr_fail(DR_USAGE, "a game without players has no settings");
    for (size_t l = 0; l < game->instruments; l++)
        cuts |= is_cut(game, l);
    DR_TRY(dr_game_begin_table(&table, game, columns, cuts ? WEDGE + 1 : WEDGE));
    for (size_t l = 0; l < game->instruments; l++) {
        add_setting(table, game, l);
        if (cuts)
            dr_table_set_number(table, l, WEDGE, dr_game_wedge(game, l));
    }
    dr_table_add_note(table,
                      "rates in percent, tariffs added to the base's; trade in the base; a bound that holds a rate "
                      "is named");
    if (cuts)
        dr_table_add_note(table, "the rate of an export curb is the cut of what was sold in the base, at base prices; "
                                 "wedge: what comes between the seller's and the buyer's price, 0 where a curb does "
                                 "not bind");
    return dr_table_finish(out, table, DR_OK);
}
