/* Delay: `of` announces a path of falling caps on its dependence, and meets each year's with the tariffs of its plan.
 * The other side (`by`) cuts its prices by export subsidies so that its share in all these goods together stays up, at
 * the least loss of its own welfare. Each year is a separate equilibrium. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/residual.h"
#include "plan/plan.h"
#include "play/game_kinds.h"
#include "play/parties.h"
#include "play/player_game.h"
#include "world/describe.h"

/* The largest residual of the first-order conditions of a year. */
static const double OPTIMAL = 1e-6;

/* One year; shares are those of `by` in the imports of these goods by `of`. */
typedef struct delay_year {
    double cap;            /* of each sector */
    double plain, kept;    /* share under the tariffs of the plan alone, and with the subsidies */
    double cost;           /* of the subsidies to `by`, percent of real income */
    double of, of_plain;   /* change of real income of `of`, with and without the subsidies, percent */
    double paid;           /* subsidies a year */
    double cut;            /* subsidies as a part of sales at producer prices */
    size_t settings;       /* number of subsidies */
    size_t at_most;        /* those at their upper bound */
    double residual;       /* of the first-order conditions */
    double worst_residual; /* of the certificates */
} delay_year;

typedef struct delay_game {
    dr_game game;
    dr_parties parties;
    double level; /* the share that is kept */
    double most;  /* largest price cut */
    delay_year *years;
    size_t count;
    double worst_residual; /* of the certificates of all years */
    size_t solves;
} delay_game;

static const delay_game *game_of(const dr_game *game)
{
    return (const delay_game *)game;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

enum { OF, BY, CAPS, AT_LEAST, SECTORS, MOST, INSIDE };
static const dr_game_key keys[] = {[OF] = {"of", true},
                                   [BY] = {"by", true},
                                   [CAPS] = {"caps", true},
                                   [AT_LEAST] = {"at-least", true},
                                   [SECTORS] = {.name = "sectors"},
                                   [MOST] = {.name = "most"},
                                   [INSIDE] = {.name = "inside"},
                                   {0}};

static dr_status read_delay(dr_game *game, dr_game_reader *r, yaml_node_t *const *v)
{
    const size_t most_years = 100;
    const double default_most = 0.5;
    delay_game *g = (delay_game *)game;
    DR_TRY(dr_parties_read(&g->parties, r, game->model, v[OF], v[BY], v[SECTORS], v[INSIDE]));
    if (g->parties.products.mask)
        return dr_game_fail(r, v[SECTORS], "the caps of a delay are on sectors; expected sectors, and no products");
    size_t count = dr_game_list_size(v[CAPS]);
    if (count == 0 || count > most_years)
        return dr_game_fail(r, v[CAPS], "expected a list of 1 to %zu caps, one a year, such as [30%%, 20%%]",
                            most_years);
    g->years = dr_new(count, sizeof *g->years);
    if (!g->years)
        return dr_fail_memory();
    for (; g->count < count; g->count++)
        DR_TRY(dr_game_read_share(r, dr_game_list_item(r, v[CAPS], g->count), "a share such as 30%",
                                  &g->years[g->count].cap));
    DR_TRY(dr_game_read_share(r, v[AT_LEAST], "a share such as 25%", &g->level));
    g->most = default_most;
    return v[MOST] ? dr_game_read_share(r, v[MOST], "a percentage such as 50%", &g->most) : DR_OK;
}

static void release(dr_game *game)
{
    delay_game *g = (delay_game *)game;
    dr_parties_free(&g->parties);
    free(g->years);
}

/* ---- The game of one year ---------------------------------------------------------------------------------------- */

/* Its only player is `by`, which subsidises its exports. The settings of the plan's tariffs follow those of the
 * subsidies and are given. Names and masks belong to the game of delay. */
typedef struct year_game {
    dr_player_game game;
    dr_player player;
} year_game;

static void year_free(year_game *y)
{
    dr_policy_free(&y->player.policy);
    free(y->game.low);
    free(y->game.high);
    free(y->game.base);
    free(y->game.y);
}

static dr_status copy_instrument(dr_instrument *out, const dr_instrument *from)
{
    *out = *from;
    out->flows = dr_new(from->count, sizeof *out->flows);
    if (!out->flows)
        return dr_fail_memory();
    memcpy(out->flows, from->flows, from->count * sizeof *out->flows);
    return DR_OK;
}

/* A subsidy for each sector with trade, then the instruments of the plan, if there is one. */
static dr_status year_instruments(const delay_game *g, const dr_plan *plan, dr_instrument *instruments, size_t *own,
                                  size_t *all)
{
    const dr_model *m = g->game.model;
    for (size_t s = 0; s < m->sectors; s++) {
        dr_instrument *subsidy = &instruments[*all];
        if (!g->parties.sectors[s])
            continue;
        DR_TRY(dr_instrument_new(subsidy, m, &g->parties.sides, s, DR_ORIGIN_FROM));
        subsidy->limited = true;
        if (subsidy->count > 0)
            *own = ++*all;
        else
            dr_instrument_free(subsidy);
    }
    for (size_t l = 0; plan && l < plan->policy.count; l++) {
        DR_TRY(copy_instrument(&instruments[*all], &plan->policy.instruments[l]));
        ++*all;
    }
    return DR_OK;
}

/* The welfare of `by`, and its share. */
static dr_status year_aims(const delay_game *g, dr_aim *aims)
{
    const dr_parties *p = &g->parties;
    const dr_model *m = g->game.model;
    aims[0].result.kind = DR_RESULT_WELFARE;
    aims[1].result.kind = DR_RESULT_SHARE;
    DR_TRY(dr_copy_mask(&aims[0].result.of, p->sides.to, m->regions));
    DR_TRY(dr_copy_mask(&aims[1].result.of, p->sides.of, m->regions));
    DR_TRY(dr_copy_mask(&aims[1].result.from, p->sides.to, m->regions));
    return dr_copy_mask(&aims[1].result.sectors, p->sectors, m->sectors);
}

static dr_status year_policy(year_game *out, const delay_game *g, const dr_plan *plan, size_t *own, size_t *all)
{
    size_t most = g->game.model->sectors + (plan ? plan->policy.count : 0);
    dr_instrument *instruments = dr_new(most, sizeof *instruments);
    dr_aim *aims = dr_new(2, sizeof *aims);
    if (!instruments || !aims) {
        free(instruments);
        free(aims);
        return dr_fail_memory();
    }
    dr_status status = year_instruments(g, plan, instruments, own, all);
    if (status == DR_OK)
        status = year_aims(g, aims);
    dr_status taken = dr_policy_new(&out->player.policy, g->game.model, instruments, *all, aims, 2);
    DR_TRY(status);
    return taken;
}

static dr_status year_new(year_game *out, const delay_game *g, const dr_plan *plan)
{
    size_t own = 0, all = 0;
    DR_TRY(year_policy(out, g, plan, &own, &all));
    if (own == 0)
        return dr_fail(DR_BAD_INPUT, "%s buys nothing of these sectors from %s", g->parties.of, g->parties.against);
    out->player.name = g->parties.against;
    out->player.aim = DR_AIM_HINDER;
    out->player.level = g->level;
    out->player.count = own;
    out->player.policy.threads = g->game.options->threads;
    out->game = (dr_player_game){.game = {.model = g->game.model, .options = g->game.options},
                                 .players = &out->player,
                                 .count = 1,
                                 .settings = all,
                                 .low = dr_new_doubles(all),
                                 .high = dr_new_doubles(all),
                                 .base = dr_new_doubles(all),
                                 .y = dr_new_doubles(all)};
    if (!out->game.low || !out->game.high || !out->game.base || !out->game.y)
        return dr_fail_memory();
    for (size_t l = 0; l < all; l++) {
        bool subsidy = l < own || !plan;
        out->game.low[l] = l < own ? log1p(-g->most) : 0;
        out->game.y[l] = out->game.base[l] = subsidy ? 0 : plan->optimum.y[l - own];
    }
    return DR_OK;
}

/* ---- Solving a year ---------------------------------------------------------------------------------------------- */

/* The subsidies that are paid, and as a part of what producers earn by these sales. */
static void add_subsidies(const year_game *y, delay_year *year)
{
    const dr_policy *p = &y->player.policy;
    double earned = 0;
    for (size_t l = 0; l < y->player.count; l++)
        for (size_t j = 0; j < p->instruments[l].count; j++) {
            double at_border = p->solution->flow[p->instruments[l].flows[j]], sales = at_border / exp(y->game.y[l]);
            earned += sales;
            year->paid -= sales * expm1(y->game.y[l]);
        }
    year->cut = earned > 0 ? year->paid / earned : 0;
}

static dr_status respond(const delay_game *g, year_game *y, delay_year *year)
{
    dr_policy *p = &y->player.policy;
    const bool *of = g->parties.sides.of;
    dr_optimum best = {0};
    DR_TRY(dr_policy_evaluate(p, y->game.y, false));
    double before = p->aims[0].value;
    year->plain = p->aims[1].value;
    year->of_plain = dr_regions_welfare(p->solution, of);
    year->worst_residual = p->solution->certificate.worst_residual;
    dr_status status = dr_response_new(&best, &y->game, 0);
    if (status == DR_OK)
        status = dr_response_find(&best, &y->game, 0, y->game.y);
    year->residual = dr_optimum_residual(&best);
    dr_optimum_free(&best);
    DR_TRY(status);
    DR_TRY(dr_policy_evaluate(p, y->game.y, false));
    year->kept = p->aims[1].value;
    year->settings = y->player.count;
    for (size_t l = 0; l < y->player.count; l++)
        year->at_most += *dr_setting_bound(&y->game, l) && y->game.y[l] < 0;
    year->cost = before - p->aims[0].value;
    year->of = dr_regions_welfare(p->solution, of);
    year->worst_residual = dr_worse(year->worst_residual, p->solution->certificate.worst_residual);
    add_subsidies(y, year);
    if (year->residual > OPTIMAL)
        return dr_fail(DR_NO_SOLUTION, "no best response was found: the residual of the first-order conditions is %.1e",
                       year->residual);
    return DR_OK;
}

static dr_status solve_year(delay_game *g, delay_year *year)
{
    const dr_model *m = g->game.model;
    dr_plan *plan = NULL;
    year_game y = {0};
    *year = (delay_year){.cap = year->cap};
    if (dr_parties_exceed(&g->parties, m, g->parties.sectors, year->cap))
        DR_TRY(dr_parties_plan(&plan, &g->parties, &g->game, m, g->parties.sectors, year->cap));
    dr_status status = year_new(&y, g, plan);
    if (status == DR_OK)
        status = respond(g, &y, year);
    g->solves += (plan ? plan->policy.solves : 0) + y.player.policy.solves;
    dr_plan_free(plan);
    year_free(&y);
    return status;
}

static dr_status solve(dr_game *game)
{
    delay_game *g = (delay_game *)game;
    char where[32];
    dr_status status = DR_OK;
    g->worst_residual = 0;
    g->solves = 0;
    for (size_t t = 0; t < g->count && status == DR_OK; t++) {
        status = solve_year(g, &g->years[t]);
        snprintf(where, sizeof where, "year %zu", t + 1);
        if (status != DR_OK)
            dr_fail_at(status, where);
        g->worst_residual = dr_worse(g->worst_residual, g->years[t].worst_residual);
        dr_game_progress(game, "solving the years", t + 1);
    }
    return status;
}

/* ---- All years --------------------------------------------------------------------------------------------------- */

/* Sums over the years. */
typedef struct totals {
    double cost;     /* of the subsidies to `by`, money */
    size_t delayed;  /* years in which the share would fall below the level */
    size_t at_most;  /* subsidies at their upper bound */
    double residual; /* the largest one of the first-order conditions */
} totals;

static double by_income(const delay_game *g)
{
    return dr_regions_income(g->game.model, g->parties.sides.to);
}

static totals total(const delay_game *g)
{
    totals out = {0};
    for (size_t k = 0; k < g->count; k++) {
        out.cost += g->years[k].cost / 100 * by_income(g);
        out.delayed += g->years[k].plain < g->level;
        out.at_most += g->years[k].at_most;
        out.residual = dr_worse(out.residual, g->years[k].residual);
    }
    return out;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static void add_notes(dr_table *table, const delay_game *g)
{
    const char *of = g->parties.of_words, *against = g->parties.against_words;
    const dr_economy *e = g->game.model->economy;
    totals all = total(g);
    char sum[DR_MONEY_SIZE], each[DR_MONEY_SIZE];
    dr_table_add_fact(table, "delay.years", (double)all.delayed);
    dr_table_add_fact(table, "delay.cost_value", all.cost);
    dr_table_add_fact(table, "certificate.kkt", all.residual);
    dr_table_keep_rows(table);
    dr_table_say(table,
                 "The share of %s in the imports of these goods by %s would fall below %.2f%% in %zu of %zu years.",
                 against, of, 100 * g->level, all.delayed, g->count);
    if (all.delayed > 0)
        dr_table_say(table, "Keeping it there costs %s %s in total, %s for each year of delay, undiscounted.", against,
                     dr_money(sum, all.cost, e->unit), dr_money(each, all.cost / (double)all.delayed, e->unit));
    dr_table_add_note(
        table,
        "each year is a separate equilibrium, on the table of %d, in which %s applies the tariffs of its plan "
        "for the cap and %s responds with export subsidies",
        e->year, of, against);
    dr_table_add_note(table, "largest residual of the first-order conditions of all years: %.1e", all.residual);
}

static void word_columns(dr_table *table, const dr_parties *parties)
{
    dr_table_word(table, "share_without", "share without subsidies", "share in the imports under the plan's tariffs");
    dr_table_word(table, "share", "share kept", "share in the imports that export subsidies keep");
    dr_table_word(table, "subsidies", "subsidies", "export subsidies, a year");
    dr_word_party(table, "cost", "cost to ", parties->against_words, "", "of its real income");
    dr_word_party(table, "cost_value", "cost to ", parties->against_words, ", in money", "a year");
    dr_word_party(table, "gain_of", "", parties->of_words, " gains",
                  "percentage points of its real income, from cheaper imports");
}

static dr_status outcome(dr_table **out, const dr_game *game)
{
    static const dr_column_spec columns[] = {
        {"year", DR_SHOW_COUNT},   {"cap", DR_SHOW_SHARE},        {"share_without", DR_SHOW_SHARE},
        {"share", DR_SHOW_SHARE},  {"price_cut", DR_SHOW_SHARE},  {"subsidies", DR_SHOW_VALUE},
        {"cost", DR_SHOW_PERCENT}, {"cost_value", DR_SHOW_VALUE}, {"gain_of", DR_SHOW_PERCENT}};
    const delay_game *g = game_of(game);
    dr_table *table = NULL;
    DR_TRY(dr_game_begin_table(&table, game, columns, sizeof columns / sizeof *columns));
    dr_table_set_title(table, "Cost to %s of keeping its share in the imports of %s", g->parties.against_words,
                       g->parties.of_words);
    word_columns(table, &g->parties);
    for (size_t k = 0; k < g->count; k++) {
        const delay_year *y = &g->years[k];
        const double numbers[] = {
            (double)(k + 1),    y->cap, y->plain, y->kept, y->cut, y->paid, y->cost, y->cost / 100 * by_income(g),
            y->of - y->of_plain};
        size_t row = dr_table_add_row(table);
        for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
            dr_table_set_number(table, row, c, numbers[c]);
    }
    add_notes(table, g);
    return dr_table_finish(out, table, DR_OK);
}

/* ---- The summary ------------------------------------------------------------------------------------------------- */

static dr_status say_by(dr_summary *s, const delay_game *g, const totals *all)
{
    const char *by = g->parties.against_words;
    const delay_year *first = g->years, *last = &g->years[g->count - 1];
    char sum[DR_MONEY_SIZE], each[DR_MONEY_SIZE];
    DR_TRY(dr_summary_begin(s, g->parties.against));
    dr_summary_say(s, "Without a response the share falls to %.2f%% in year 1 and %.2f%% in year %zu. ",
                   100 * first->plain, 100 * last->plain, g->count);
    dr_summary_say(
        s,
        "To keep it takes prices that are %.2f%% lower in year 1, at a cost to %s of %.2f%% of its real income, "
        "and %.2f%% lower in year %zu, at a cost of %.2f%%. ",
        100 * first->cut, by, first->cost, 100 * last->cut, g->count, last->cost);
    if (all->delayed > 0)
        dr_summary_say(s, "The total is %s, or %s for each of %zu years of delay, undiscounted.",
                       dr_summary_money(s, all->cost, sum), dr_summary_money(s, all->cost / (double)all->delayed, each),
                       all->delayed);
    return dr_summary_end(s);
}

static dr_status say_bounds(dr_summary *s, const delay_game *g, const totals *all)
{
    DR_TRY(dr_summary_begin(s, "bounds"));
    if (all->at_most)
        dr_summary_say(s, "%zu of %zu subsidies are at their upper bound of %.4g%%.", all->at_most,
                       g->count * g->years[0].settings, 100 * g->most);
    else
        dr_summary_say(s, "No subsidy is at its upper bound of %.4g%%.", 100 * g->most);
    return dr_summary_end(s);
}

static dr_status summarise(dr_summary *s)
{
    const delay_game *g = game_of(s->game);
    const char *of = g->parties.of_words, *by = g->parties.against_words;
    const delay_year *first = g->years, *last = &g->years[g->count - 1];
    totals all = total(g);
    DR_TRY(dr_summary_begin(s, "question"));
    dr_summary_say(
        s,
        "%s announces that no sector will buy more than %.4g%% of its imports from %s in year 1, and %.4g%% in "
        "year %zu. What does it cost %s to keep its share in all of them at %.4g%% by cutting its prices?",
        of, 100 * first->cap, by, 100 * last->cap, g->count, by, 100 * g->level);
    DR_TRY(dr_summary_end(s));
    DR_TRY(say_by(s, g, &all));
    DR_TRY(dr_summary_begin(s, g->parties.of));
    dr_summary_say(
        s,
        "%s buys at lower prices meanwhile, which is worth %.2f%% of real income to it in year 1 and %.2f%% in "
        "year %zu.",
        of, first->of - first->of_plain, last->of - last->of_plain, g->count);
    DR_TRY(dr_summary_end(s));
    DR_TRY(say_bounds(s, g, &all));
    DR_TRY(dr_summary_begin(s, "robustness"));
    dr_summary_say(s, "The largest residual of the first-order conditions of all years is %.1e. ", all.residual);
    dr_summary_equilibrium(s, g->worst_residual);
    return dr_summary_end(s);
}

/* ---- The kind ---------------------------------------------------------------------------------------------------- */

static void add_facts(dr_table *table, const dr_game *game)
{
    dr_table_add_fact(table, "certificate.worst_residual", game_of(game)->worst_residual);
    dr_table_add_fact(table, "certificate.solves", (double)game_of(game)->solves);
}

static void add_sides(dr_headline *heading, const dr_game *game)
{
    dr_parties_add_sides(&game_of(game)->parties, heading);
}

static dr_status add_groups(const dr_game *game, dr_named *named, dr_insiders *insiders)
{
    (void)insiders;
    return dr_parties_add_groups(&game_of(game)->parties, game->model, named);
}

const dr_game_kind dr_delay = {
    .name = "delay",
    .title = "delay",
    .keys = keys,
    .size = sizeof(delay_game),
    .read = read_delay,
    .release = release,
    .solve = solve,
    .outcome = outcome,
    .summarise = summarise,
    .add_facts = add_facts,
    .add_sides = add_sides,
    .add_groups = add_groups,
};
