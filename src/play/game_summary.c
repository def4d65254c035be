/* A game's outcome in sentences, on a page: for who decides, and has no time for tables. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "play/game_summary.h"
#include "result/result.h"
#include "result/welfare.h"

/* So many of the largest rates are named, and of the bounds that hold. */
enum { NAMED = 3, NAMED_BOUNDS = 12 };

/* ---- Paragraphs ---------------------------------------------------------------------------------------------------------- */

dr_status dr_says_begin(says *s, const char *about)
{
    s->about = about;
    s->to = open_memstream(&s->text, &s->size);
    return s->to ? DR_OK : dr_fail_memory();
}

dr_status dr_says_end(says *s)
{
    bool good = fclose(s->to) == 0;
    if (good) {
        size_t row = dr_table_add_row(s->table);
        while (s->size > 0 && s->text[s->size - 1] == ' ')
            s->text[--s->size] = '\0';
        dr_table_set_text(s->table, row, 0, s->about);
        dr_table_set_text(s->table, row, 1, s->text);
    }
    free(s->text);
    s->text = NULL;
    return good ? DR_OK : dr_fail_memory();
}

const char *dr_says_money(const says *s, double value, char out[DR_MONEY_SIZE])
{
    return dr_money(out, value, s->game->model->economy->unit);
}

/* "loses 4.251 billion US dollars a year, 0.03% of its real income" */
void dr_says_change(const says *s, double percent, double income)
{
    char text[DR_MONEY_SIZE];
    tell(s, "%s %s a year, %.2f%% of its real income", percent < 0 ? "loses" : "gains",
         dr_says_money(s, percent / 100 * income, text), fabs(percent));
}

/* ---- Players ------------------------------------------------------------------------------------------------------------ */

static dr_status tell_question(says *s)
{
    const dr_game *g = s->game;
    DR_TRY(dr_says_begin(s, "question"));
    if (g->play == DR_PLAY_BEST_RESPONSE)
        tell(s, "What is best for %s, if nobody answers? ", g->players[g->chosen].name);
    else if (g->play == DR_PLAY_STACKELBERG)
        tell(s, "What is best for %s, which moves first and knows how the other answers? ", g->players[g->chosen].name);
    else
        tell(s, "Where does it end if each does what is best for itself, given what the others do? ");
    tell(s, "On the trade of %d; changes are from the table of that year, once everybody has adapted%s%s.",
         g->model->economy->year, g->model->options.horizon ? " as far as they can within the horizon " : "",
         g->model->options.horizon ? g->model->options.horizon : "");
    return dr_says_end(s);
}

static const char *sector_of(const dr_game *g, size_t instrument)
{
    const dr_label *label = &g->labels[instrument];
    return label->tool->uniform ? "all goods of the game" : dr_economy_sector(g->model->economy, label->sector);
}

/* A tax on exports below zero is told as a subsidy. */
static double told_rate(const dr_game *g, size_t instrument, bool subsidy)
{
    return subsidy ? -dr_game_rate(g, instrument) : dr_game_rate(g, instrument);
}

/* The largest rates of a tool whose instruments are from `first` on, largest first. */
static void tell_largest(const says *s, size_t first, size_t count, bool subsidy)
{
    const dr_game *g = s->game;
    double below = INFINITY;
    for (size_t k = 0; k < NAMED && k < count; k++) {
        size_t best = first + count;
        for (size_t l = first; l < first + count; l++)
            if (told_rate(g, l, subsidy) < below &&
                (best == first + count || told_rate(g, l, subsidy) > told_rate(g, best, subsidy)))
                best = l;
        if (best == first + count) /* all that is left is equal to what was named */
            return;
        below = told_rate(g, best, subsidy);
        tell(s, "%s%s (%.2f%%)", k == 0 ? "" : ", ", sector_of(g, best), below);
    }
}

/* What a tool's instruments are set to: the rate, or from where to where they go, the mean by trade, and the largest. */
static void tell_tool(const says *s, size_t first, size_t count)
{
    const dr_game *g = s->game;
    const dr_tool *tool = g->labels[first].tool;
    double low = INFINITY, high = -INFINITY, sum = 0, trade = 0;
    bool subsidy = tool->kind == DR_KIND_TAX;
    for (size_t l = first; l < first + count; l++)
        subsidy = subsidy && dr_game_rate(g, l) < 0;
    for (size_t l = first; l < first + count; l++) {
        double rate = told_rate(g, l, subsidy), base = g->players[0].policy.instruments[l].base;
        low = fmin(low, rate);
        high = fmax(high, rate);
        sum += rate * base;
        trade += base;
    }
    tell(s, "Its %s %s %s is ", subsidy ? "export subsidy" : dr_game_kinds[tool->kind],
         tool->kind == DR_KIND_TARIFF ? "on" : "to", tool->name);
    if (count == 1 || high - low < 0.005) {
        tell(s, "%.2f%% on %s. ", high, count == 1 ? sector_of(g, first) : "every good");
        return;
    }
    tell(s, "%.2f%% to %.2f%%, %.2f%% on average by trade, most on ", low, high, sum / trade);
    tell_largest(s, first, count, subsidy);
    tell(s, ". ");
}

static void tell_tools(const says *s, const dr_player *player)
{
    size_t first = player->first, end_of = player->first + player->count;
    while (first < end_of) {
        size_t count = 1;
        while (first + count < end_of && s->game->labels[first + count].tool == s->game->labels[first].tool)
            count++;
        tell_tool(s, first, count);
        first += count;
    }
}

static void tell_regret(const says *s, const dr_player *player)
{
    char text[DR_MONEY_SIZE];
    if (isnan(player->regret))
        tell(s, "It does not choose. ");
    else if (player->regret < 1e-6)
        tell(s, "Searches from other starts found nothing that it would gain by doing anything else. ");
    else
        tell(s, "By doing something else it could gain %s a year (%.4f%%): the outcome is no rest for it. ",
             dr_says_money(s, player->regret / 100 * dr_game_income(s->game, player->regions), text), player->regret);
}

static dr_status tell_player(says *s, const dr_player *player)
{
    const dr_game *g = s->game;
    DR_TRY(dr_says_begin(s, player->name));
    tell(s, "%s ", player->name);
    dr_says_change(s, player->policy.aims[0].value, dr_game_income(g, player->regions));
    if (player->want == DR_WANT_LESS)
        tell(s, "; it counts the welfare of %s against its own, with a weight of %.4g", player->rival, player->weight);
    if (player->want == DR_WANT_HINDER)
        tell(s,
             "; that is what it costs to keep its share in the imports of %s at %.2f%%, beside all else that happens",
             player->rival, 100 * player->policy.aims[1].value);
    tell(s, ". ");
    tell_tools(s, player);
    tell_regret(s, player);
    return dr_says_end(s);
}

static bool plays(const dr_game *g, size_t n)
{
    for (size_t p = 0; p < g->count; p++)
        if (g->players[p].regions[n])
            return true;
    return false;
}

/* Of those who do not play, who gains and who loses most; and all together. */
static dr_status tell_others(says *s)
{
    const dr_game *g = s->game;
    const dr_solution *solution = dr_game_solution(g);
    const dr_model *m = g->model;
    double best = 0, worst = 0, sum = 0, world = 0;
    size_t winner = 0, loser = 0;
    char text[DR_MONEY_SIZE];
    DR_TRY(dr_says_begin(s, "others"));
    for (size_t n = 0; n < m->regions; n++) {
        double change = dr_solution_welfare(solution, n) / 100 * m->base.income[n];
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
        tell(s, "Of those who do not play %s gains most, %s a year (%.2f%%). ", m->economy->region_codes.names[winner],
             dr_says_money(s, best, text), dr_solution_welfare(solution, winner));
    if (worst < 0)
        tell(s, "%s loses most, %s a year (%.2f%%). ", m->economy->region_codes.names[loser],
             dr_says_money(s, worst, text), fabs(dr_solution_welfare(solution, loser)));
    tell(s, "The world as a whole %s %s a year, %.2f%%.", sum < 0 ? "loses" : "gains", dr_says_money(s, sum, text),
         fabs(100 * sum / world));
    return dr_says_end(s);
}

/* The bounds that hold the settings of who chooses, by name. */
static dr_status tell_bounds(says *s)
{
    const dr_game *g = s->game;
    size_t found = 0;
    DR_TRY(dr_says_begin(s, "bounds"));
    for (size_t l = 0; l < g->instruments; l++) {
        const dr_player *player = &g->players[g->labels[l].player];
        const dr_tool *tool = g->labels[l].tool;
        if (!*dr_game_bound(g, l) || isnan(player->regret))
            continue;
        if (found++ < NAMED_BOUNDS)
            tell(s, "%s%s's %s %s %s on %s at its %s of %.2f%%", found == 1 ? "Held by a bound: " : "; ", player->name,
                 dr_game_kinds[tool->kind], tool->kind == DR_KIND_TARIFF ? "on" : "to", tool->name, sector_of(g, l),
                 dr_game_bound(g, l), dr_game_rate(g, l));
    }
    if (found > NAMED_BOUNDS)
        tell(s, "; and %zu more", found - NAMED_BOUNDS);
    tell(s, found ? ". With other bounds the outcome is another one." : "No bound holds what anybody chooses.");
    return dr_says_end(s);
}

static void tell_equilibrium(const says *s, double residual)
{
    tell(s,
         "Every equation of the model holds to about %.0e. Trade elasticities, on which the size of all this "
         "rests, are %s.",
         residual, s->game->model->elasticity);
}

static dr_status tell_certainty(says *s)
{
    const dr_game *g = s->game;
    size_t good = g->starts - g->failed_starts;
    DR_TRY(dr_says_begin(s, "how sure"));
    if (good == 1)
        tell(s, "It was searched for from one start: there may be other outcomes. ");
    else if (dr_game_several(g))
        tell(s, "There are several outcomes: %zu starts end with settings that differ by up to %.2f%%; this is %s. ",
             good, 100 * expm1(g->apart), g->play == DR_PLAY_NASH ? "the first" : "the best");
    else
        tell(s, "%zu starts end in the same place, which is no proof that there is no other. ", good);
    if (g->failed_starts)
        tell(s, "From %zu more no outcome was found. ", g->failed_starts);
    tell(s, "The conditions of an optimum hold to %.1e for everybody who chooses. ", dr_game_residual(g));
    tell_equilibrium(s, dr_game_solution(g)->certificate.worst_residual);
    return dr_says_end(s);
}

static dr_status tell_players(says *s)
{
    DR_TRY(tell_question(s));
    for (size_t p = 0; p < s->game->count; p++)
        DR_TRY(tell_player(s, &s->game->players[p]));
    DR_TRY(tell_others(s));
    DR_TRY(tell_bounds(s));
    return tell_certainty(s);
}

/* ---- The page ----------------------------------------------------------------------------------------------------------- */

static dr_status tell_all(says *s)
{
    const dr_game *g = s->game;
    if (g->play < DR_PLAY_COERCION)
        return tell_players(s);
    DR_TRY(g->play == DR_PLAY_COERCION ? dr_says_coercion(s)
           : g->play == DR_PLAY_DELAY  ? dr_says_delay(s)
                                       : dr_says_coalition(s));
    DR_TRY(dr_says_begin(s, "how sure"));
    if (g->play == DR_PLAY_DELAY)
        tell(s, "The conditions of an optimum hold to %.1e in every year. ", dr_game_delay_residual(g));
    if (g->play == DR_PLAY_COERCION && g->trials.before.model)
        tell(s, "The conditions of an optimum hold to %.1e in the plan. ", g->trials.before.residual);
    tell_equilibrium(s, g->trials.worst_residual);
    return dr_says_end(s);
}

dr_status dr_game_summary(dr_table **out, const dr_game *game)
{
    DR_TRY(DR_GIVEN(out, game));
    static const dr_column_spec columns[] = {{"about", DR_SHOW_TEXT}, {"says", DR_SHOW_TEXT}};
    says s = {.game = game};
    DR_TRY(dr_game_begin_table(&s.table, game, columns, 2));
    return dr_table_finish(out, s.table, tell_all(&s));
}
