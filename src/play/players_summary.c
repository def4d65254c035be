/* The summary of a game with players. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "play/player_game.h"
#include "result/welfare.h"
#include "world/describe.h"

/* The number of the highest rates that are named, and of settings at a bound. */
enum { NAMED = 3, NAMED_BOUNDS = 12 };

/* ---- The players ------------------------------------------------------------------------------------------------- */

static const char *sector_of(const dr_player_game *g, size_t setting)
{
    const dr_setting_label *label = &g->labels[setting];
    const char *sector = dr_economy_sector(g->game.model->economy, label->sector);
    return label->spec->uniform ? "all goods of the game" : label->product ? label->product : sector;
}

/* A negative export tax is reported as a subsidy. */
static double reported_rate(const dr_player_game *g, size_t setting, bool subsidy)
{
    return subsidy ? -dr_setting_rate(g, setting) : dr_setting_rate(g, setting);
}

/* The highest rates among `count` settings from `first` on; equal ones are named once. */
static void say_highest(const dr_summary *s, const dr_player_game *g, size_t first, size_t count, bool subsidy)
{
    double below = INFINITY;
    for (size_t k = 0; k < NAMED && k < count; k++) {
        size_t best = first + count;
        for (size_t l = first; l < first + count; l++)
            if (reported_rate(g, l, subsidy) < below &&
                (best == first + count || reported_rate(g, l, subsidy) > reported_rate(g, best, subsidy)))
                best = l;
        if (best == first + count)
            return;
        below = reported_rate(g, best, subsidy);
        dr_summary_say(s, "%s%s (%.2f%%)", k == 0 ? "" : ", ", sector_of(g, best), below);
    }
}

/* The rates of one spec: a single one, or the range, the mean weighted by trade, and the highest. */
static void say_spec(const dr_summary *s, const dr_player_game *g, size_t first, size_t count)
{
    const double equal = 0.005;
    const dr_instrument_spec *spec = g->labels[first].spec;
    double low = INFINITY, high = -INFINITY, sum = 0, trade = 0;
    bool subsidy = spec->kind == DR_EXPORT_TAX || dr_instrument_kind_inland(spec->kind);
    char with[DR_SPOKEN_SIZE];
    for (size_t l = first; l < first + count; l++)
        subsidy = subsidy && dr_setting_rate(g, l) < 0;
    for (size_t l = first; l < first + count; l++) {
        double rate = reported_rate(g, l, subsidy), base = g->players[0].policy.instruments[l].base;
        low = fmin(low, rate);
        high = fmax(high, rate);
        sum += rate * base;
        trade += base;
    }
    const char *name = dr_instrument_kind_names[spec->kind];
    dr_summary_say(s, "Its %.*s%s ", (int)strlen(name) - (subsidy ? 3 : 0), name, subsidy ? "subsidy" : "");
    if (!dr_instrument_kind_inland(spec->kind))
        dr_summary_say(s, "%s %s ", dr_instrument_kind_exports(spec->kind) ? "to" : "on",
                       dr_spoken(with, g->game.model->economy, spec->name));
    if (count == 1 || high - low < equal) {
        dr_summary_say(s, "is %.2f%% on %s. ", high, count == 1 ? sector_of(g, first) : "every good");
        return;
    }
    dr_summary_say(s, "is between %.2f%% and %.2f%%, with a mean of %.2f%% weighted by trade, and highest on ", low,
                   high, sum / trade);
    say_highest(s, g, first, count, subsidy);
    dr_summary_say(s, ". ");
}

static void say_specs(const dr_summary *s, const dr_player_game *g, const dr_player *player)
{
    size_t first = player->first, end = player->first + player->count;
    while (first < end) {
        size_t count = 1;
        while (first + count < end && g->labels[first + count].spec == g->labels[first].spec)
            count++;
        say_spec(s, g, first, count);
        first += count;
    }
}

static void say_regret(const dr_summary *s, const dr_player *player)
{
    const double none = 1e-6;
    char money[DR_MONEY_SIZE];
    double income = dr_regions_income(s->game->model, player->regions);
    if (isnan(player->regret))
        dr_summary_say(s, "Its policy is given. ");
    else if (player->regret < none)
        dr_summary_say(s, "Searches from other starting points found no other policy by which it would gain. ");
    else
        dr_summary_say(s,
                       "By another policy it could gain %s a year (%.4f%%): it would deviate, and this is not an "
                       "equilibrium for it. ",
                       dr_summary_money(s, player->regret / 100 * income, money), player->regret);
}

static dr_status say_player(dr_summary *s, const dr_player_game *g, const dr_player *player)
{
    const dr_economy *e = g->game.model->economy;
    char own[DR_SPOKEN_SIZE], rival[DR_SPOKEN_SIZE];
    DR_TRY(dr_summary_begin(s, player->name));
    dr_summary_say(s, "%s ", dr_spoken(own, e, player->name));
    dr_spoken(rival, e, player->rival);
    dr_summary_change(s, player->policy.aims[0].value, player->regions);
    if (player->aim == DR_AIM_LESS)
        dr_summary_say(s, "; it counts the welfare of %s against its own, with a weight of %.4g", rival,
                       player->weight);
    if (player->aim == DR_AIM_HINDER)
        dr_summary_say(s, "; this includes the cost of keeping its share in the imports of %s at %.2f%%", rival,
                       100 * player->policy.aims[1].value);
    dr_summary_say(s, ". ");
    say_specs(s, g, player);
    say_regret(s, player);
    return dr_summary_end(s);
}

/* ---- The other regions ------------------------------------------------------------------------------------------- */

static bool plays(const dr_player_game *g, size_t n)
{
    for (size_t p = 0; p < g->count; p++)
        if (g->players[p].regions[n])
            return true;
    return false;
}

/* The largest gain and the largest loss among the regions that are not players; and the world. */
static dr_status say_others(dr_summary *s, const dr_player_game *g)
{
    const dr_solution *solution = dr_players_policy(&g->game)->solution;
    const dr_model *m = g->game.model;
    double best = 0, worst = 0, sum = 0, world = 0;
    size_t winner = 0, loser = 0;
    char money[DR_MONEY_SIZE], name[DR_SPOKEN_SIZE];
    DR_TRY(dr_summary_begin(s, "others"));
    for (size_t n = 0; n < m->regions; n++) {
        double change = dr_solution_equivalent(solution, n);
        world += m->base.income[n];
        sum += change;
        if (!plays(g, n) && change > best) {
            best = change;
            winner = n;
        }
        if (!plays(g, n) && change < worst) {
            worst = change;
            loser = n;
        }
    }
    if (best > 0)
        dr_summary_say(s, "Among the regions that are not players %s gains most, %s a year (%.2f%%). ",
                       dr_spoken(name, m->economy, m->economy->region_codes.names[winner]),
                       dr_summary_money(s, best, money), dr_solution_welfare(solution, winner));
    if (worst < 0)
        dr_summary_say(s, "%s loses most, %s a year (%.2f%%). ",
                       dr_spoken(name, m->economy, m->economy->region_codes.names[loser]),
                       dr_summary_money(s, worst, money), fabs(dr_solution_welfare(solution, loser)));
    dr_summary_say(s, "The world as a whole %s %s a year, %.2f%%.", sum < 0 ? "loses" : "gains",
                   dr_summary_money(s, sum, money), fabs(100 * sum / world));
    return dr_summary_end(s);
}

/* ---- Bounds and robustness --------------------------------------------------------------------------------------- */

/* The chosen settings that are at a bound. */
static dr_status say_bounds(dr_summary *s, const dr_player_game *g)
{
    size_t found = 0;
    char name[256];
    DR_TRY(dr_summary_begin(s, "bounds"));
    for (size_t l = 0; l < g->settings; l++) {
        const dr_player *player = &g->players[g->labels[l].player];
        if (!*dr_setting_bound(g, l) || isnan(player->regret))
            continue;
        dr_instrument_spec_name(name, sizeof name, s->game->model->economy, player, g->labels[l].spec);
        if (found++ < NAMED_BOUNDS)
            dr_summary_say(s, "%s the %s (%s) at its %s bound of %.2f%%", found == 1 ? "At a bound:" : ";", name,
                           sector_of(g, l), strcmp(dr_setting_bound(g, l), "most") == 0 ? "upper" : "lower",
                           dr_setting_rate(g, l));
    }
    if (found > NAMED_BOUNDS)
        dr_summary_say(s, "; and %zu more", found - NAMED_BOUNDS);
    dr_summary_say(s, found ? ". Other bounds would lead to another outcome."
                            : "No rate that a player chooses is at a bound.");
    return dr_summary_end(s);
}

static dr_status say_robustness(dr_summary *s, const dr_player_game *g)
{
    size_t good = g->starts - g->failed_starts;
    DR_TRY(dr_summary_begin(s, "robustness"));
    if (good == 1)
        dr_summary_say(s, "The search had one starting point, and other outcomes may exist. ");
    else if (dr_players_disagree(g))
        dr_summary_say(s,
                       "There are several outcomes: %zu starting points lead to rates that differ by up to %.2f%%; "
                       "this is %s. ",
                       good, 100 * expm1(g->apart), g->compared == DR_NOBODY ? "the first" : "the best");
    else
        dr_summary_say(s, "The %zu starting points lead to the same outcome; this does not prove uniqueness. ", good);
    if (g->failed_starts)
        dr_summary_say(s, "%zu more lead to no outcome. ", g->failed_starts);
    dr_summary_say(s, "The residual of the first-order conditions of the players is %.1e. ", dr_players_residual(g));
    dr_summary_equilibrium(s, dr_players_policy(&g->game)->solution->certificate.worst_residual);
    return dr_summary_end(s);
}

static dr_status say_question(dr_summary *s, const dr_game *game, const char *question)
{
    const char *horizon = game->model->options.horizon;
    DR_TRY(dr_summary_begin(s, "question"));
    dr_summary_say(s, "%s On the trade of %d; changes are from the table of that year, after all adjustment%s%s%s.",
                   question, game->model->economy->year, horizon ? " that the horizon '" : "", horizon ? horizon : "",
                   horizon ? "' allows" : "");
    return dr_summary_end(s);
}

dr_status dr_players_summarise(dr_summary *s, const char *question)
{
    const dr_player_game *g = dr_const_player_game_of(s->game);
    DR_TRY(say_question(s, s->game, question));
    for (size_t p = 0; p < g->count; p++)
        DR_TRY(say_player(s, g, &g->players[p]));
    DR_TRY(say_others(s, g));
    DR_TRY(say_bounds(s, g));
    return say_robustness(s, g);
}
