/* Coalitions: the effect of each partner's joining `of` in a policy on `against`, for both parties and for the partner:
 * as the only partner, and on average over all coalitions (its Shapley value). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "plan/policy.h"
#include "play/game_kinds.h"
#include "play/set_scan.h"
#include "world/describe.h"

/* The policy: a tariff on the goods of `against`, a curb of the exports to it, or a ban of imports from or exports to
 * it. */
typedef enum measure { TARIFF, CURB, BAN_IMPORTS, BAN_EXPORTS } measure;

typedef struct coalition_game {
    dr_game game;
    dr_parties parties;
    char **partners; /* [partner] names */
    bool **partner;  /* [partner][region] */
    size_t count;    /* of partners */
    dr_named named;  /* groups among the partners */
    measure measure;
    double rate; /* of the tariff, or the part of exports that is cut */
    dr_scan scan;
} coalition_game;

static const coalition_game *game_of(const dr_game *game)
{
    return (const coalition_game *)game;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

enum { OF, AGAINST, PARTNERS, SECTORS, TARIFF_KEY, CURB_KEY, BAN_KEY, INSIDE };
static const dr_game_key keys[] = {[OF] = {"of", true},
                                   [AGAINST] = {"against", true},
                                   [PARTNERS] = {"partners", true},
                                   [SECTORS] = {.name = "sectors"},
                                   [TARIFF_KEY] = {.name = "tariff"},
                                   [CURB_KEY] = {.name = "export-curb"},
                                   [BAN_KEY] = {.name = "ban"},
                                   [INSIDE] = {.name = "inside"},
                                   {0}};

/* No region belongs to two of: the two parties and the partners. */
static dr_status check_partner(dr_game_reader *r, const yaml_node_t *node, const coalition_game *g, size_t partner)
{
    for (size_t n = 0; n < r->economy->regions; n++) {
        bool taken = g->parties.sides.of[n] || g->parties.sides.to[n];
        for (size_t j = 0; j < partner; j++)
            taken |= g->partner[j][n];
        if (taken && g->partner[partner][n])
            return dr_game_fail(r, node, "%s is a party or another partner already", r->economy->region_codes.names[n]);
    }
    return DR_OK;
}

static dr_status read_partners(dr_game_reader *r, const yaml_node_t *node, coalition_game *g)
{
    size_t count = dr_game_list_size(node);
    if (count == 0 || count > DR_SET_MOST)
        return dr_game_fail(r, node, "expected a list of 1 to %d partners, such as [USA, JPN]", DR_SET_MOST);
    g->partners = dr_new(count, sizeof *g->partners);
    g->partner = dr_new(count, sizeof *g->partner);
    if (!g->partners || !g->partner)
        return dr_fail_memory();
    for (size_t j = 0; j < count; j++) {
        const yaml_node_t *item = dr_game_list_item(r, node, j);
        bool *mask = g->partner[g->count++] = dr_new(r->economy->regions, sizeof *mask);
        if (!mask)
            return dr_fail_memory();
        DR_TRY(dr_yaml_list(&r->yaml, item, &g->partners[j]));
        DR_TRY(dr_yaml_at(&r->yaml, item,
                          dr_select_list(dr_select_region, r->economy, &r->own, g->partners[j], mask, &g->named)));
        DR_TRY(check_partner(r, item, g, j));
    }
    return DR_OK;
}

static dr_status read_measure(dr_game_reader *r, yaml_node_t *const *v, coalition_game *g)
{
    static const char *const flows[] = {"imports", "exports"};
    const yaml_node_t *tariff = v[TARIFF_KEY], *curb = v[CURB_KEY], *ban = v[BAN_KEY];
    size_t flow = 0;
    if (!tariff + !curb + !ban != 2)
        return dr_game_fail(r, v[OF], "'play: coalition' needs one of 'tariff', 'export-curb' and 'ban'");
    DR_TRY(dr_game_read_rate(r, tariff, "a percentage such as 25%", &g->rate));
    if (tariff && !(g->rate > -1))
        return dr_game_fail(r, tariff, "a tariff of %g%%; expected more than -100%%", 100 * g->rate);
    DR_TRY(dr_game_read_rate(r, curb, "a percentage such as 50%", &g->rate));
    if (curb && !(g->rate > 0 && g->rate <= 1))
        return dr_game_fail(r, curb, "a cut of %g%%; expected one above 0%% and up to 100%%", 100 * g->rate);
    if (ban)
        DR_TRY(dr_game_read_word(r, ban, flows, 2, "imports or exports", &flow));
    g->measure = tariff ? TARIFF : curb ? CURB : flow == 0 ? BAN_IMPORTS : BAN_EXPORTS;
    return DR_OK;
}

static dr_status read_coalition(dr_game *game, dr_game_reader *r, yaml_node_t *const *v)
{
    coalition_game *g = (coalition_game *)game;
    DR_TRY(dr_parties_read(&g->parties, r, game->model, v[OF], v[AGAINST], v[SECTORS], v[INSIDE]));
    DR_TRY(read_measure(r, v, g));
    return read_partners(r, v[PARTNERS], g);
}

static void release(dr_game *game)
{
    coalition_game *g = (coalition_game *)game;
    for (size_t j = 0; j < g->count; j++) {
        free(g->partners[j]);
        free(g->partner[j]);
    }
    free(g->partners);
    free(g->partner);
    dr_scan_free(&g->scan);
    dr_named_free(&g->named);
    dr_parties_free(&g->parties);
}

/* ---- Solving ----------------------------------------------------------------------------------------------------- */

/* All sets are solved for up to MOST_EXACT partners; beyond that, sampled orders with about as many sets as those
 * have. */
enum { MOST_EXACT = 12, SAMPLED = 4096 };

static bool exact(const coalition_game *g)
{
    return g->count <= MOST_EXACT;
}

static size_t orders(const coalition_game *g)
{
    return g->count > 0 ? SAMPLED / g->count : 0;
}

/* A random order of the partners, the same each time for its number. */
static void shuffle(size_t *order, size_t count, size_t number)
{
    dr_random random = dr_random_stream(2, number);
    for (size_t j = 0; j < count; j++)
        order[j] = j;
    for (size_t j = count; j > 1; j--) {
        size_t k = (size_t)(dr_random_uniform(&random) * (double)j), swap = order[j - 1];
        order[j - 1] = order[k];
        order[k] = swap;
    }
}

static dr_status add_sampled_sets(coalition_game *g)
{
    size_t order[DR_SET_MOST];
    for (size_t number = 0; number < orders(g); number++) {
        uint64_t set = 0;
        shuffle(order, g->count, number);
        DR_TRY(dr_scan_add(&g->scan, 0));
        for (size_t j = 0; j < g->count; j++)
            DR_TRY(dr_scan_add(&g->scan, set |= dr_set_of(order[j])));
    }
    for (size_t j = 0; j < g->count; j++)
        DR_TRY(dr_scan_add(&g->scan, dr_set_of(j)));
    return DR_OK;
}

static void swap(bool **a, bool **b)
{
    bool *keep = *a;
    *a = *b;
    *b = keep;
}

/* Applies a change to the products of the game; nothing where the two sides do not trade them. */
static dr_status change_products(dr_scenario *scenario, const coalition_game *g, dr_change *change)
{
    const dr_sides sides = {.of = change->by, .to = change->on};
    const dr_product_set *set = change->products = &g->parties.products;
    const dr_model *m = g->game.model;
    double trade = 0;
    for (size_t s = 0; s < m->sectors; s++)
        for (size_t k = set->first; k < set->end && change->sectors[s] && trade == 0; k++)
            if (set->mask[k])
                DR_TRY(dr_parties_product_trade(&trade, &sides, m, s, k));
    if (trade == 0)
        return DR_OK;
    DR_TRY(dr_product_changes_need(scenario));
    return dr_scenario_apply(scenario, change);
}

/* The policy of `of` and the partners in the set. Curbs and bans of exports are changes of what `against` imports. */
static dr_status join(dr_scenario *scenario, const dr_game *game, uint64_t set)
{
    static const int kinds[] = {[TARIFF] = DR_CHANGE_TARIFF,
                                [CURB] = DR_CHANGE_LIMIT,
                                [BAN_IMPORTS] = DR_CHANGE_BAN,
                                [BAN_EXPORTS] = DR_CHANGE_BAN};
    const coalition_game *g = game_of(game);
    const dr_model *m = game->model;
    dr_change change = {0};
    DR_TRY(dr_change_new(&change, m->economy, kinds[g->measure]));
    memcpy(change.by, g->parties.sides.of, m->regions * sizeof *change.by);
    memcpy(change.on, g->parties.sides.to, m->regions * sizeof *change.on);
    memcpy(change.sectors, g->parties.sectors, m->sectors * sizeof *change.sectors);
    for (size_t j = 0; j < g->count; j++)
        for (size_t n = 0; n < m->regions && set & dr_set_of(j); n++)
            change.by[n] |= g->partner[j][n];
    change.amount = g->measure == CURB ? 1 - g->rate : g->rate;
    change.rate = g->measure == TARIFF ? DR_RATE_ADD : DR_RATE_SET;
    change.relative = g->measure == CURB;
    change.rent = DR_RENT_EXPORTER;
    if (g->measure == CURB || g->measure == BAN_EXPORTS)
        swap(&change.by, &change.on);
    dr_status status =
        g->parties.products.mask ? change_products(scenario, g, &change) : dr_scenario_apply(scenario, &change);
    dr_change_free(&change);
    return status;
}

/* Products that no member of the largest coalition trades with the other side are an error. */
static dr_status check_products(const coalition_game *g)
{
    dr_scenario *scenario = NULL;
    dr_status status = dr_scenario_new(&scenario, g->game.model->economy);
    if (status == DR_OK)
        status = join(scenario, &g->game, dr_set_all(g->count));
    bool any = scenario && dr_scenario_products(scenario);
    dr_scenario_free(scenario);
    if (status != DR_OK || any)
        return status;
    return dr_fail(DR_BAD_INPUT, "neither %s nor its partners trade these products with %s: there is no policy",
                   g->parties.of, g->parties.against);
}

static dr_status solve(dr_game *game)
{
    coalition_game *g = (coalition_game *)game;
    if (g->parties.products.mask)
        DR_TRY(check_products(g));
    dr_scan_free(&g->scan);
    g->scan =
        (dr_scan){.game = game, .parties = &g->parties, .apply = join, .members = g->partner, .member_count = g->count};
    for (uint64_t set = 0; exact(g) && set < dr_set_of(g->count); set++) /* in order: a set is its own index */
        DR_TRY(dr_scan_add(&g->scan, set));
    if (!exact(g))
        DR_TRY(add_sampled_sets(g));
    DR_TRY(dr_scan_solve(&g->scan, 0));
    for (size_t j = 0; j < g->scan.count; j++)
        if (g->scan.results[j].now.why)
            return dr_fail(DR_NO_SOLUTION, "%s", g->scan.results[j].now.why);
    return DR_OK;
}

/* ---- Shapley values ---------------------------------------------------------------------------------------------- */

/* What a partner adds to the real income of both parties, with standard errors where it is estimated from a sample. */
typedef struct contribution {
    double of, against, error_of, error_against;
} contribution;

/* The change of both parties' real income between two sets. */
static contribution difference(const dr_set_result *with, const dr_set_result *without)
{
    return (contribution){.of = with->now.of - without->now.of, .against = with->now.against - without->now.against};
}

/* The Shapley value: the sum over the sets S without the partner of |S|! (n - |S| - 1)! / n! times what it adds to
 * S. */
static contribution shapley_exact(const coalition_game *g, size_t partner)
{
    contribution out = {0};
    for (uint64_t set = 0; set < dr_set_of(g->count); set++) {
        double size = __builtin_popcountll(set);
        if (set & dr_set_of(partner))
            continue;
        double weight = exp(lgamma(size + 1) + lgamma((double)g->count - size) - lgamma((double)g->count + 1));
        contribution one = difference(&g->scan.results[set | dr_set_of(partner)], &g->scan.results[set]);
        out.of += weight * one.of;
        out.against += weight * one.against;
    }
    return out;
}

/* Its estimate: the mean over sampled orders of what the partner adds to those before it. */
static contribution shapley_sampled(const coalition_game *g, size_t partner)
{
    size_t order[DR_SET_MOST], count = orders(g);
    double sum[2] = {0}, squares[2] = {0};
    for (size_t number = 0; number < count; number++) {
        uint64_t set = 0;
        shuffle(order, g->count, number);
        for (size_t j = 0; order[j] != partner; j++)
            set |= dr_set_of(order[j]);
        contribution one = difference(dr_scan_find(&g->scan, set | dr_set_of(partner)), dr_scan_find(&g->scan, set));
        const double adds[] = {one.of, one.against};
        for (int k = 0; k < 2; k++) {
            sum[k] += adds[k];
            squares[k] += adds[k] * adds[k];
        }
    }
    double n = (double)count, error[2];
    for (int k = 0; k < 2; k++)
        error[k] = sqrt(fmax(0, squares[k] / n - sum[k] / n * sum[k] / n) / (n - 1));
    return (contribution){sum[0] / n, sum[1] / n, error[0], error[1]};
}

static const dr_set_result *alone_of(const coalition_game *g)
{
    return dr_scan_find(&g->scan, 0);
}

static const dr_set_result *all_of(const coalition_game *g)
{
    return dr_scan_find(&g->scan, dr_set_all(g->count));
}

/* The effect of a partner's joining as the only one. */
static contribution first_effect(const coalition_game *g, size_t partner)
{
    return difference(dr_scan_find(&g->scan, dr_set_of(partner)), alone_of(g));
}

/* The effect of a partner's joining as the only one on itself. */
static double own_effect(const coalition_game *g, size_t partner)
{
    return dr_scan_find(&g->scan, dr_set_of(partner))->members[partner] - alone_of(g)->members[partner];
}

/* The gain from coordination: the effect of all joining less the sum of the effects of each joining as the only one. */
static contribution coordination(const coalition_game *g)
{
    contribution out = difference(all_of(g), alone_of(g));
    for (size_t j = 0; j < g->count; j++) {
        contribution first = first_effect(g, j);
        out.of -= first.of;
        out.against -= first.against;
    }
    return out;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* "4 products ", or `otherwise` in a game of all goods. */
static const char *name_products(char out[32], const coalition_game *g, const char *before, const char *otherwise)
{
    const dr_product_set *set = &g->parties.products;
    size_t count = 0;
    if (!set->mask)
        return otherwise;
    for (size_t k = set->first; k < set->end; k++)
        count += set->mask[k];
    snprintf(out, 32, "%s%zu product%s ", before, count, count == 1 ? "" : "s");
    return out;
}

static void name_measure(char *out, size_t size, const coalition_game *g)
{
    const char *against = g->parties.against_words;
    char what[32];
    if (g->measure == TARIFF)
        dr_print_text(out, size, "a tariff of %g%% on %sof %s", 100 * g->rate, name_products(what, g, "", "the goods "),
                      against);
    else if (g->measure == CURB)
        dr_print_text(out, size, "a cut of exports %sto %s by %g%%", name_products(what, g, "of ", ""), against,
                      100 * g->rate);
    else
        dr_print_text(out, size, "a ban of %s %s%s %s", g->measure == BAN_IMPORTS ? "imports" : "exports",
                      name_products(what, g, "of ", ""), g->measure == BAN_IMPORTS ? "from" : "to", against);
}

static void add_row(dr_table *table, const coalition_game *g, size_t j)
{
    enum { EXACT_NUMBERS = 5, SAMPLED_NUMBERS = 7 };
    contribution first = first_effect(g, j), shapley = exact(g) ? shapley_exact(g, j) : shapley_sampled(g, j);
    const double numbers[] = {first.of,        first.against,    own_effect(g, j),     shapley.of,
                              shapley.against, shapley.error_of, shapley.error_against};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, g->partners[j]);
    for (size_t c = 0; c < (exact(g) ? EXACT_NUMBERS : SAMPLED_NUMBERS); c++)
        dr_table_set_number(table, row, c + 1, numbers[c]);
}

static void add_coalition_facts(dr_table *table, const coalition_game *g)
{
    const dr_set_effect *alone = &alone_of(g)->now, *all = &all_of(g)->now;
    contribution together = coordination(g);
    dr_table_add_fact(table, "coalition.alone", alone->of);
    dr_table_add_fact(table, "coalition.alone_against", alone->against);
    dr_table_add_fact(table, "coalition.all", all->of);
    dr_table_add_fact(table, "coalition.all_against", all->against);
    dr_table_add_fact(table, "coalition.gain", all->of - alone->of);
    dr_table_add_fact(table, "coalition.together", together.of);
    dr_table_add_fact(table, "coalition.together_against", together.against);
}

/* "+9.118 billion US dollars": a change in percent of the base income of a group. */
static const char *signed_money(char out[DR_MONEY_SIZE + 1], const coalition_game *g, const bool *regions,
                                double percent)
{
    const dr_model *m = g->game.model;
    *out = percent < 0 ? '-' : '+';
    dr_money(out + 1, percent / 100 * dr_regions_income(m, regions), m->economy->unit);
    return out;
}

static void add_notes(dr_table *table, const coalition_game *g, const char *policy)
{
    const dr_parties *p = &g->parties;
    const dr_set_effect *alone = &alone_of(g)->now, *all = &all_of(g)->now;
    contribution added = difference(all_of(g), alone_of(g)), together = coordination(g);
    const char *own = p->of_words, *other = p->against_words;
    char of[DR_MONEY_SIZE + 1], against[DR_MONEY_SIZE + 1];
    dr_table_say(table, "%s by %s alone changes the real income of %s by %.4f%% and that of %s by %.4f%%.", policy, own,
                 own, alone->of, other, alone->against);
    dr_table_say(
        table, "With all partners the changes are %.4f%% and %.4f%%: the partners add %s a year for %s and %s for %s.",
        all->of, all->against, signed_money(of, g, p->sides.of, added.of), own,
        signed_money(against, g, p->sides.to, added.against), other);
    dr_table_add_note(
        table,
        "gain from coordination: %+.4f percentage points for %s and %+.4f for %s, the effect of all partners "
        "together less the sum of their effects as the only partner",
        together.of, own, together.against, other);
    dr_table_add_note(table,
                      "first: effect of joining as the only partner (own: on the partner itself); shapley: the Shapley "
                      "value, the average effect of joining %s; in percentage points of real income",
                      exact(g) ? "over all sets of partners" : "over sampled orders, with standard errors");
}

static void word_columns(dr_table *table, const dr_parties *parties)
{
    static const char alone[] = "change of its real income if the partner is the only one to join",
                      all[] = "Shapley value: contribution of the partner to the change of its real income under all "
                              "partners together";
    dr_word_party(table, "first", "", parties->of_words, ", if it joins alone", alone);
    dr_word_party(table, "first_against", "", parties->against_words, ", if it joins alone", alone);
    dr_table_word(table, "own", "itself, if it joins alone",
                  "change of the partner's own real income if it is the only one to join");
    dr_word_party(table, "shapley", "", parties->of_words, ", over all sets", all);
    dr_word_party(table, "shapley_against", "", parties->against_words, ", over all sets", all);
    dr_word_party(table, "error", "", parties->of_words, ", standard error", "of the Shapley value");
    dr_word_party(table, "error_against", "", parties->against_words, ", standard error", "of the Shapley value");
}

static dr_status outcome(dr_table **out, const dr_game *game)
{
    static const dr_column_spec columns[] = {{"partner", DR_SHOW_TEXT},          {"first", DR_SHOW_PERCENT},
                                             {"first_against", DR_SHOW_PERCENT}, {"own", DR_SHOW_PERCENT},
                                             {"shapley", DR_SHOW_PERCENT},       {"shapley_against", DR_SHOW_PERCENT},
                                             {"error", DR_SHOW_PERCENT},         {"error_against", DR_SHOW_PERCENT}};
    enum { EXACT_COLUMNS = 6, SAMPLED_COLUMNS = 8 };
    const coalition_game *g = game_of(game);
    dr_table *table = NULL;
    char policy[DR_SPOKEN_SIZE + 64];
    name_measure(policy, sizeof policy, g);
    DR_TRY(dr_game_begin_table(&table, game, columns, exact(g) ? EXACT_COLUMNS : SAMPLED_COLUMNS));
    dr_table_set_title(table, "Coalition partners of %s in %s, %d", g->parties.of_words, policy,
                       game->model->economy->year);
    word_columns(table, &g->parties);
    for (size_t j = 0; j < g->count; j++)
        add_row(table, g, j);
    add_coalition_facts(table, g);
    add_notes(table, g, policy);
    dr_table_rank(table, (size_t)dr_table_find(table, "shapley_against"));
    return dr_table_finish(out, table, DR_OK);
}

/* ---- The summary ------------------------------------------------------------------------------------------------- */

static void say_partners(const dr_summary *s, const coalition_game *g)
{
    const char *of = g->parties.of_words, *against = g->parties.against_words;
    size_t best_of = 0, best_against = 0, losers = 0, told = 0;
    for (size_t j = 0; j < g->count; j++) {
        best_of = first_effect(g, j).of > first_effect(g, best_of).of ? j : best_of;
        best_against = first_effect(g, j).against < first_effect(g, best_against).against ? j : best_against;
        losers += own_effect(g, j) < 0;
    }
    dr_summary_say(
        s,
        "The partner that matters most for %s is %s (%+.3f percentage points of real income), and for %s it is "
        "%s (%+.3f). ",
        of, g->partners[best_of], first_effect(g, best_of).of, against, g->partners[best_against],
        first_effect(g, best_against).against);
    if (losers == 0)
        dr_summary_say(s, "No partner loses by joining first. ");
    for (size_t j = 0; j < g->count; j++)
        if (own_effect(g, j) < 0) {
            told++;
            dr_summary_say(s, "%s%s (%.2f%%)%s", told == 1 ? "Partners that lose by joining first: " : ", ",
                           g->partners[j], -own_effect(g, j), told == losers ? ". " : "");
        }
}

static dr_status say_effect(dr_summary *s, const char *about, const coalition_game *g, const dr_set_result *result)
{
    DR_TRY(dr_summary_begin(s, about));
    dr_summary_effect(s, &g->parties, &result->now);
    return dr_summary_end(s);
}

static dr_status summarise(dr_summary *s)
{
    const coalition_game *g = game_of(s->game);
    contribution together = coordination(g);
    char policy[DR_SPOKEN_SIZE + 64];
    name_measure(policy, sizeof policy, g);
    DR_TRY(dr_summary_begin(s, "question"));
    dr_summary_say(s, "What are the effects of %s, by %s alone and with up to %zu partners? On the trade of %d.",
                   policy, g->parties.of_words, g->count, g->game.model->economy->year);
    DR_TRY(dr_summary_end(s));
    DR_TRY(say_effect(s, "alone", g, alone_of(g)));
    DR_TRY(say_effect(s, "all together", g, all_of(g)));
    DR_TRY(dr_summary_begin(s, "partners"));
    say_partners(s, g);
    DR_TRY(dr_summary_end(s));
    DR_TRY(dr_summary_begin(s, "coordination"));
    dr_summary_say(s,
                   "Acting together changes the real income of %s by %+.3f percentage points, and that of %s by %+.3f, "
                   "beyond the sum of the effects of each partner's joining first.",
                   g->parties.of_words, together.of, g->parties.against_words, together.against);
    DR_TRY(dr_summary_end(s));
    DR_TRY(dr_summary_begin(s, "robustness"));
    dr_summary_equilibrium(s, g->scan.worst_residual);
    return dr_summary_end(s);
}

/* ---- The kind ---------------------------------------------------------------------------------------------------- */

static void add_facts(dr_table *table, const dr_game *game)
{
    dr_scan_add_facts(&game_of(game)->scan, table);
}

static void add_sides(dr_headline *heading, const dr_game *game)
{
    dr_parties_add_sides(&game_of(game)->parties, heading);
}

static dr_status add_groups(const dr_game *game, dr_named *named, dr_insiders *insiders)
{
    (void)insiders;
    DR_TRY(dr_parties_add_groups(&game_of(game)->parties, game->model, named));
    return dr_named_merge(named, &game_of(game)->named, game->model->regions);
}

const dr_game_kind dr_coalition = {
    .name = "coalition",
    .title = "coalition",
    .keys = keys,
    .size = sizeof(coalition_game),
    .read = read_coalition,
    .release = release,
    .solve = solve,
    .outcome = outcome,
    .summarise = summarise,
    .add_facts = add_facts,
    .add_sides = add_sides,
    .add_groups = add_groups,
};
