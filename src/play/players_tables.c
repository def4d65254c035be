/* The tables of games with players: the outcome, one row for each player, and the settings, one row for each rate. */
#include <math.h>
#include <stdio.h>

#include "base/money.h"
#include "base/print.h"
#include "play/player_game.h"
#include "world/describe.h"

/* ---- The parts of dr_game_begin_table ---------------------------------------------------------------------------- */

static size_t all_solves(const dr_player_game *g)
{
    size_t sum = 0;
    for (size_t p = 0; p < g->count; p++)
        sum += g->players[p].policy.solves;
    return sum;
}

void dr_players_add_facts(dr_table *table, const dr_game *game)
{
    const dr_player_game *g = dr_const_player_game_of(game);
    const dr_certificate *c = &dr_players_policy(game)->solution->certificate;
    dr_table_add_fact(table, "game.rounds", (double)g->rounds);
    dr_table_add_fact(table, "game.starts", (double)g->starts);
    dr_table_add_fact(table, "game.failed_starts", (double)g->failed_starts);
    dr_table_add_fact(table, "game.apart", g->apart);
    dr_table_add_fact(table, "certificate.kkt", dr_players_residual(g));
    dr_table_add_fact(table, "certificate.worst_residual", c->worst_residual);
    dr_table_add_fact_text(table, "certificate.worst_equation", c->worst_equation);
    dr_table_add_fact(table, "certificate.solves", (double)all_solves(g));
}

void dr_players_add_sides(dr_headline *heading, const dr_game *game)
{
    const dr_player_game *g = dr_const_player_game_of(game);
    char words[DR_SPOKEN_SIZE];
    for (size_t p = 0; p < g->count; p++)
        dr_headline_add(heading, "%s", dr_spoken(words, game->model->economy, g->players[p].name));
}

dr_status dr_players_add_groups(const dr_game *game, dr_named *named, dr_insiders *insiders)
{
    const dr_player_game *g = dr_const_player_game_of(game);
    const dr_economy *e = game->model->economy;
    for (size_t p = 0; p < g->count; p++)
        for (size_t t = 0; t < g->players[p].spec_count; t++) {
            const dr_instrument_spec *spec = &g->players[p].specs[t];
            dr_sides sides = dr_instrument_spec_sides(&g->players[p], spec);
            if (dr_instrument_kind_inland(spec->kind))
                continue;
            DR_TRY(dr_named_merge(named, &spec->named, e->regions));
            DR_TRY(dr_insiders_add(insiders, e, sides.of, sides.to, spec->sectors, &spec->named, spec->inside));
        }
    return DR_OK;
}

/* ---- The outcome ------------------------------------------------------------------------------------------------- */

static void describe_aim(char *out, size_t size, const dr_economy *names, const dr_player *player)
{
    char rival[DR_SPOKEN_SIZE];
    dr_spoken(rival, names, player->rival);
    if (player->aim == DR_AIM_LESS)
        dr_print_text(out, size, "welfare less %.4g of that of %s", player->weight, rival);
    else if (player->aim == DR_AIM_HINDER)
        dr_print_text(out, size, "share in the imports of %s at least %.4g%%", rival, 100 * player->level);
    else
        snprintf(out, size, "welfare");
}

static size_t at_bounds(const dr_player_game *g, const dr_player *player)
{
    size_t count = 0;
    for (size_t l = player->first; l < player->first + player->count; l++)
        count += *dr_setting_bound(g, l) != '\0';
    return count;
}

/* The change of a player's welfare as money a year. */
static double welfare_value(const dr_player_game *g, const dr_player *player)
{
    return player->policy.aims[0].value / 100 * dr_regions_income(g->game.model, player->regions);
}

static void say_player(dr_table *table, const dr_player_game *g, const dr_player *player)
{
    char name[DR_SPOKEN_SIZE], rival[DR_SPOKEN_SIZE];
    const dr_model *m = g->game.model;
    const dr_aim *aims = player->policy.aims;
    char money[DR_MONEY_SIZE];
    dr_spoken(name, m->economy, player->name);
    dr_table_say(table, "%s %s %s a year, %.4f%% of its real income.", name, aims[0].value < 0 ? "loses" : "gains",
                 dr_money(money, welfare_value(g, player), m->economy->unit), fabs(aims[0].value));
    if (player->aim == DR_AIM_HINDER)
        dr_table_say(table, "The share of %s in the imports of %s of these goods is %.2f%%, and %.2f%% in the base.",
                     name, dr_spoken(rival, m->economy, player->rival), 100 * aims[1].value,
                     100 * dr_result_value(&aims[1].result, m, NULL));
}

static void note_starts(dr_table *table, const dr_player_game *g)
{
    size_t good = g->starts - g->failed_starts;
    if (good > 1 && !dr_players_disagree(g))
        dr_table_add_note(table, "the %zu starting points lead to the same outcome, which does not prove uniqueness",
                          good);
    else if (good > 1)
        dr_table_add_note(table, "%zu starting points lead to different outcomes: rates differ by up to %.2f%%; %s",
                          good, 100 * expm1(g->apart),
                          g->compared == DR_NOBODY ? "there are several equilibria, and the first one found is shown"
                                                   : "the best outcome is shown");
    if (g->failed_starts)
        dr_table_add_note(table, "%zu of %zu starting points lead to no outcome", g->failed_starts, g->starts);
    dr_table_add_note(
        table,
        "residual of the first-order conditions: %.1e; regret: the most that a player could gain by changing "
        "its own settings alone, as far as searches from other starting points find it",
        dr_players_residual(g));
}

/* What the standing changes would do by themselves. */
static dr_status note_standing(dr_table *table, const dr_player_game *g)
{
    dr_solution *alone = NULL;
    char name[DR_SPOKEN_SIZE];
    if (!g->standing)
        return DR_OK;
    DR_TRY(dr_model_solve(&alone, g->game.model, g->standing));
    dr_table_add_note(table,
                      "the changes of the file hold whatever players do, and every result includes their effect");
    for (size_t p = 0; p < g->count; p++)
        dr_table_add_note(table, "by themselves they change the real income of %s by %.4f%%",
                          dr_spoken(name, g->game.model->economy, g->players[p].name),
                          dr_regions_welfare(alone, g->players[p].regions));
    dr_solution_free(alone);
    return DR_OK;
}

static void add_player(dr_table *table, const dr_player_game *g, const dr_player *player)
{
    enum { PLAYER, AIM, WELFARE };
    char aim[DR_SPOKEN_SIZE + 64];
    const double numbers[] = {player->policy.aims[0].value, welfare_value(g, player), player->regret,
                              (double)at_bounds(g, player), (double)player->count};
    size_t row = dr_table_add_row(table);
    describe_aim(aim, sizeof aim, g->game.model->economy, player);
    dr_table_set_text(table, row, PLAYER, player->name);
    dr_table_set_text(table, row, AIM, aim);
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
        dr_table_set_number(table, row, WELFARE + c, numbers[c]);
}

dr_status dr_players_outcome(dr_table **out, const dr_game *game)
{
    static const dr_column_spec columns[] = {{"player", DR_SHOW_TEXT},     {"aim", DR_SHOW_TEXT},
                                             {"welfare", DR_SHOW_PERCENT}, {"welfare_value", DR_SHOW_VALUE},
                                             {"regret", DR_SHOW_PERCENT},  {"at_bounds", DR_SHOW_COUNT},
                                             {"settings", DR_SHOW_COUNT}};
    const dr_player_game *g = dr_const_player_game_of(game);
    dr_table *table = NULL;
    DR_TRY(dr_game_begin_table(&table, game, columns, sizeof columns / sizeof *columns));
    for (size_t p = 0; p < g->count; p++) {
        add_player(table, g, &g->players[p]);
        say_player(table, g, &g->players[p]);
    }
    note_starts(table, g);
    return dr_table_finish(out, table, note_standing(table, g));
}

/* ---- The settings ------------------------------------------------------------------------------------------------ */

enum { PLAYER, INSTRUMENT, WITH, SECTOR, TRADE, RATE, BOUND, PRODUCT, WEDGE, COLUMNS };

static void add_setting(dr_table *table, const dr_player_game *g, size_t setting)
{
    const dr_setting_label *label = &g->labels[setting];
    const char *sector = label->spec->uniform ? "all" : dr_economy_sector(g->game.model->economy, label->sector);
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, PLAYER, g->players[label->player].name);
    dr_table_set_text(table, row, INSTRUMENT, dr_instrument_kind_names[label->spec->kind]);
    dr_table_set_text(table, row, WITH, label->spec->name);
    dr_table_set_text(table, row, SECTOR, sector);
    dr_table_set_number(table, row, TRADE, g->players[0].policy.instruments[setting].base);
    dr_table_set_number(table, row, RATE, dr_setting_rate(g, setting));
    dr_table_set_text(table, row, BOUND, dr_setting_bound(g, setting));
    dr_table_set_text(table, row, PRODUCT, label->product ? label->product : "");
}

dr_status dr_players_settings(dr_table **out, const dr_game *game)
{
    static const dr_column_spec columns[COLUMNS] = {
        {"player", DR_SHOW_TEXT}, {"instrument", DR_SHOW_TEXT}, {"with", DR_SHOW_TEXT},
        {"sector", DR_SHOW_TEXT}, {"trade", DR_SHOW_VALUE},     {"rate", DR_SHOW_PERCENT},
        {"bound", DR_SHOW_TEXT},  {"product", DR_SHOW_TEXT},    {"wedge", DR_SHOW_PERCENT}};
    const dr_player_game *g = dr_const_player_game_of(game);
    dr_table *table = NULL;
    bool curbs = false;
    for (size_t l = 0; l < g->settings; l++)
        curbs |= dr_instrument_kind_cuts(g->labels[l].spec->kind);
    DR_TRY(dr_game_begin_table(&table, game, columns, curbs ? COLUMNS : WEDGE));
    for (size_t l = 0; l < g->settings; l++) {
        add_setting(table, g, l);
        if (curbs)
            dr_table_set_number(table, l, WEDGE, dr_setting_wedge(g, l));
    }
    dr_table_rank(table, TRADE);
    dr_table_add_note(table,
                      "rates in percent, those of tariffs in addition to the base's; trade in the base; bound: the "
                      "bound at which a rate is");
    if (curbs)
        dr_table_add_note(table,
                          "the rate of a quota or export curb is the cut of the volume sold in the base, at base "
                          "prices; wedge: the difference between the buyer's and the seller's price, 0 where it does "
                          "not bind");
    return dr_table_finish(out, table, DR_OK);
}
