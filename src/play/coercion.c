#include "play/coercion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/table_rows.h"
#include "model/tier.h"
#include "play/game_kinds.h"
#include "world/describe.h"

static const dr_coercion_game *game_of(const dr_game *game)
{
    return (const dr_coercion_game *)game;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

enum { OF, BY, SECTORS, AFTER, INSIDE };
static const dr_game_key keys[] = {
    [OF] = {"of", true},         [BY] = {"by", true},           [SECTORS] = {.name = "sectors"},
    [AFTER] = {.name = "after"}, [INSIDE] = {.name = "inside"}, {0}};

static dr_status read_coercion(dr_game *game, dr_game_reader *r, yaml_node_t *const *v)
{
    dr_coercion_game *g = (dr_coercion_game *)game;
    DR_TRY(dr_parties_read(&g->parties, r, game->model, v[OF], v[BY], v[SECTORS], v[INSIDE]));
    return v[AFTER] ? dr_prior_plan_read(&g->plan, r, v[AFTER], g->parties.sectors) : DR_OK;
}

static void release(dr_game *game)
{
    dr_coercion_game *g = (dr_coercion_game *)game;
    dr_scan_free(&g->scan);
    dr_prior_plan_free(&g->plan);
    dr_parties_free(&g->parties);
    free(g->goods);
    free(g->products);
}

/* ---- Solving ----------------------------------------------------------------------------------------------------- */

/* What `of` buys of a good, in the base of a model. */
static dr_status trade_of_good(double *out, const dr_coercion_game *g, const dr_model *m, size_t j)
{
    if (g->products)
        return dr_parties_product_trade(out, &g->parties.sides, m, g->goods[j], g->products[j]);
    *out = dr_parties_trade(&g->parties, m, g->goods[j]);
    return DR_OK;
}

/* Adds a sector, or one of its products, to the goods if it is bought. */
static dr_status add_good(dr_coercion_game *g, size_t sector, size_t product)
{
    double trade = 0;
    g->goods[g->count] = sector;
    if (g->products)
        g->products[g->count] = product;
    DR_TRY(trade_of_good(&trade, g, g->game.model, g->count));
    g->count += trade > 0;
    return DR_OK;
}

static dr_status list_goods(dr_coercion_game *g)
{
    const dr_product_set *set = &g->parties.products;
    const dr_model *m = g->game.model;
    const char *goods = set->mask ? "products" : "sectors";
    size_t most = set->mask ? set->count + 1 : m->sectors;
    free(g->goods);
    free(g->products);
    g->count = 0;
    g->goods = dr_new(most, sizeof *g->goods);
    g->products = set->mask ? dr_new(most, sizeof *g->products) : NULL;
    if (!g->goods || (set->mask && !g->products))
        return dr_fail_memory();
    for (size_t s = 0; s < m->sectors; s++) {
        if (g->parties.sectors[s] && !set->mask)
            DR_TRY(add_good(g, s, 0));
        for (size_t k = set->first; k < set->end && g->parties.sectors[s]; k++)
            if (set->mask[k])
                DR_TRY(add_good(g, s, k));
    }
    if (g->count == 0)
        return dr_fail(DR_BAD_INPUT, "%s buys nothing of these %s from %s: there is nothing to withhold", g->parties.of,
                       goods, g->parties.against);
    if (g->count > DR_SET_MOST)
        return dr_fail(DR_BAD_INPUT, "%zu %s to withhold; expected at most %d", g->count, goods, DR_SET_MOST);
    return DR_OK;
}

/* The products of a set, for a change of the scenario. */
static dr_status mark_products(dr_product_set *out, dr_scenario *scenario, const dr_coercion_game *g, uint64_t set)
{
    DR_TRY(dr_product_changes_need(scenario));
    DR_TRY(dr_product_set_new(out, scenario));
    for (size_t j = 0; j < g->count; j++)
        if (set & dr_set_of(j))
            dr_product_set_mark(out, g->products[j]);
    return DR_OK;
}

/* A ban of the goods in the set. */
static dr_status withhold(dr_scenario *scenario, const dr_game *game, uint64_t set)
{
    const dr_coercion_game *g = game_of(game);
    dr_product_set products = {0};
    dr_change ban = {0};
    DR_TRY(dr_change_new(&ban, game->model->economy, DR_CHANGE_BAN));
    memcpy(ban.by, g->parties.sides.of, game->model->regions * sizeof *ban.by);
    memcpy(ban.on, g->parties.sides.to, game->model->regions * sizeof *ban.on);
    for (size_t j = 0; j < g->count; j++)
        if (set & dr_set_of(j))
            ban.sectors[g->goods[j]] = true;
    dr_status status = g->products ? mark_products(&products, scenario, g, set) : DR_OK;
    ban.products = g->products ? &products : NULL;
    if (status == DR_OK)
        status = dr_scenario_apply(scenario, &ban);
    dr_change_free(&ban);
    free(products.mask);
    return status;
}

static dr_status solve(dr_game *game)
{
    dr_coercion_game *g = (dr_coercion_game *)game;
    DR_TRY(list_goods(g));
    DR_TRY(dr_prior_plan_solve(&g->plan, game, &g->parties));
    dr_scan_free(&g->scan);
    g->scan = (dr_scan){.game = game,
                        .parties = &g->parties,
                        .after = g->plan.model,
                        .apply = withhold,
                        .worst_residual = g->plan.worst_residual,
                        .other_solves = g->plan.solves};
    DR_TRY(dr_coercion_add_pairs(&g->scan, g->count));
    DR_TRY(dr_scan_solve(&g->scan, 0));
    size_t first = g->scan.count;
    DR_TRY(dr_coercion_add_larger(&g->scan, g->count));
    return dr_scan_solve(&g->scan, first);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static int compare_results(const void *a, const void *b)
{
    const dr_set_result *x = a, *y = b;
    double first = dr_leverage(-x->now.of, -x->now.against), second = dr_leverage(-y->now.of, -y->now.against);
    if (!x->now.why != !y->now.why)
        return x->now.why ? -1 : 1;
    if (first != second && !x->now.why)
        return first > second ? -1 : 1;
    return (x->set > y->set) - (x->set < y->set);
}

void dr_coercion_sort(const dr_coercion_game *g)
{
    qsort(g->scan.results, g->scan.count, sizeof *g->scan.results, compare_results);
}

void dr_coercion_name(char *out, size_t size, const dr_coercion_game *g, uint64_t set, const char *between)
{
    const dr_model *m = g->game.model;
    size_t length = 0;
    *out = '\0';
    for (size_t j = 0; j < g->count; j++)
        if (set & dr_set_of(j) && length < size)
            length += (size_t)snprintf(out + length, size - length, "%s%s", length ? between : "",
                                       g->products ? dr_tier_code(m->tier, (unsigned)g->products[j])
                                                   : dr_economy_sector(m->economy, g->goods[j]));
}

static dr_status trade_of(double *trade, const dr_coercion_game *g, const dr_model *m, uint64_t set)
{
    *trade = NAN;
    for (size_t j = 0; j < g->count && m; j++) {
        double one = 0;
        if (set & dr_set_of(j))
            DR_TRY(trade_of_good(&one, g, m, j));
        *trade = (j == 0 ? 0 : *trade) + one;
    }
    return DR_OK;
}

static dr_status add_row(dr_table *table, const dr_coercion_game *g, const dr_set_result *result)
{
    enum { AFTER_COLUMNS = 4 };
    const dr_model *m = g->game.model, *after = g->plan.model;
    double of = -result->now.of, against = -result->now.against, trade, trade_after;
    char name[4096];
    DR_TRY(trade_of(&trade, g, m, result->set));
    DR_TRY(trade_of(&trade_after, g, after, result->set));
    const double numbers[] = {__builtin_popcountll(result->set),
                              trade,
                              of,
                              of / 100 * dr_regions_income(m, g->parties.sides.of),
                              against,
                              against / 100 * dr_regions_income(m, g->parties.sides.to),
                              against > 0 ? of / against : NAN,
                              trade_after,
                              -result->after.of,
                              -result->after.against,
                              result->after.against < 0 ? result->after.of / result->after.against : NAN};
    size_t row = dr_table_add_row(table), count = sizeof numbers / sizeof *numbers - (after ? 0 : AFTER_COLUMNS);
    dr_coercion_name(name, sizeof name, g, result->set, "+");
    dr_table_set_text(table, row, 0, name);
    for (size_t c = 0; c < count; c++)
        dr_table_set_number(table, row, c + 1, numbers[c]);
    return DR_OK;
}

static void add_notes(dr_table *table, const dr_coercion_game *g)
{
    const dr_parties *p = &g->parties;
    const dr_scan *scan = &g->scan;
    dr_table_add_note(
        table,
        "loss: of real income of %s; own_loss: of %s itself; leverage: the first over the second, both in "
        "percent, empty where %s does not lose",
        p->of, p->against, p->against);
    if (g->plan.model)
        dr_prior_plan_describe(&g->plan, table, &g->game, p);
    dr_table_add_note(
        table,
        "%zu sets of %zu goods solved: each good, each pair, the larger sets that promise the most leverage "
        "in a greedy search, and all goods together",
        scan->count, g->count);
    for (size_t j = 0; j < scan->count; j++) {
        if (scan->results[j].now.why)
            dr_table_add_note(table, "no equilibrium without set %zu: %s", j + 1, scan->results[j].now.why);
        if (scan->results[j].after.why)
            dr_table_add_note(table, "no equilibrium without set %zu after the plan: %s", j + 1,
                              scan->results[j].after.why);
    }
}

/* A set of goods in a sentence: "textiles-leather, mining" of "textiles-leather+mining". */
static const char *name_set(char *out, size_t size, const char *set)
{
    size_t to = 0;
    for (; *set && to + 3 < size; set++) {
        out[to++] = *set == '+' ? ',' : *set;
        if (*set == '+')
            out[to++] = ' ';
    }
    out[to] = '\0';
    return out;
}

/* The most that withholding can cost, and where it costs most relative to what it costs oneself. */
static void answer(dr_table *table, const dr_coercion_game *g)
{
    const dr_economy *e = g->game.model->economy;
    const char *of = g->parties.of_words, *by = g->parties.against_words;
    char loss[DR_MONEY_SIZE], own[DR_MONEY_SIZE], set[1024];
    size_t worst = dr_table_largest(table, "loss", 1, DR_NO_ROW);
    size_t lever = dr_table_largest(table, "leverage", 1, DR_NO_ROW);
    if (worst != DR_NO_ROW)
        dr_table_say(table,
                     "Of the sets shown, withholding %s would cost %s most: %s a year, %.2f%% of its real income, and "
                     "%s %s, %.2f%%.",
                     name_set(set, sizeof set, dr_table_text_at(table, worst, "withheld")), of,
                     dr_money(loss, dr_table_at(table, worst, "loss_value"), e->unit),
                     dr_table_at(table, worst, "loss"), by,
                     dr_money_short(own, dr_table_at(table, worst, "own_loss_value"), e->unit),
                     dr_table_at(table, worst, "own_loss"));
    if (lever != DR_NO_ROW)
        dr_table_say(table, "Leverage is largest with %s: relative to real income %s loses %.3g times as much as %s.",
                     name_set(set, sizeof set, dr_table_text_at(table, lever, "withheld")), of,
                     dr_table_at(table, lever, "leverage"), by);
}

static void word_columns(dr_table *table, const dr_parties *parties)
{
    dr_word_party(table, "imports", "imports from ", parties->against_words, "", "imports of the goods from that side");
    dr_word_party(table, "loss", "", parties->of_words, " loses", "of its real income");
    dr_word_party(table, "loss_value", "", parties->of_words, " loses, in money", "a year");
    dr_word_party(table, "own_loss", "", parties->against_words, " loses", "of its real income");
    dr_word_party(table, "own_loss_value", "", parties->against_words, " loses, in money", "a year");
}

static dr_status outcome(dr_table **out, const dr_game *game)
{
    static const dr_column_spec columns[] = {{"withheld", DR_SHOW_TEXT},          {"goods", DR_SHOW_COUNT},
                                             {"imports", DR_SHOW_VALUE},          {"loss", DR_SHOW_PERCENT},
                                             {"loss_value", DR_SHOW_VALUE},       {"own_loss", DR_SHOW_PERCENT},
                                             {"own_loss_value", DR_SHOW_VALUE},   {"leverage", DR_SHOW_NUMBER},
                                             {"imports_after", DR_SHOW_VALUE},    {"loss_after", DR_SHOW_PERCENT},
                                             {"own_loss_after", DR_SHOW_PERCENT}, {"leverage_after", DR_SHOW_NUMBER}};
    enum { COLUMNS_NOW = 8, COLUMNS = 12 };
    const dr_coercion_game *g = game_of(game);
    dr_table *table = NULL;
    DR_TRY(dr_game_begin_table(&table, game, columns, g->plan.model ? COLUMNS : COLUMNS_NOW));
    dr_coercion_sort(g);
    dr_table_set_title(table, "Export coercion: goods that %s could withhold from %s, %d", g->parties.against_words,
                       g->parties.of_words, game->model->economy->year);
    dr_table_add_fact_text(table, "of", g->parties.of);
    dr_table_add_fact_text(table, "by", g->parties.against);
    word_columns(table, &g->parties);
    dr_status status = DR_OK;
    for (size_t j = 0; j < g->scan.count && (game->most_rows == 0 || j < game->most_rows) && status == DR_OK; j++)
        status = add_row(table, g, &g->scan.results[j]);
    answer(table, g);
    add_notes(table, g);
    return dr_table_finish(out, table, status);
}

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
    return dr_parties_add_groups(&game_of(game)->parties, game->model, named);
}

const dr_game_kind dr_coercion = {
    .name = "coercion",
    .title = "coercion",
    .keys = keys,
    .size = sizeof(dr_coercion_game),
    .read = read_coercion,
    .release = release,
    .solve = solve,
    .outcome = outcome,
    .summarise = dr_coercion_summarise,
    .add_facts = add_facts,
    .add_sides = add_sides,
    .add_groups = add_groups,
};
