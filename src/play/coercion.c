/* Coercion: which goods one side could withhold from the other, and what that would cost both. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "play/game.h"

/* Of the larger sets so many are solved. */
enum { LARGER = 20 };

/* What `of` buys of sector s from `against` in the base of a model. */
static double trade_in(const dr_game *g, const dr_model *m, size_t s)
{
    double sum = 0;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && g->trials.sides.of[n]; i++)
            sum += g->trials.sides.to[i] ? m->base.flow[(n * m->regions + i) * m->sectors + s] : 0;
    return sum;
}

static dr_status list_goods(dr_game *g)
{
    dr_trials *t = &g->trials;
    t->goods = dr_new(g->model->sectors, sizeof *t->goods);
    if (!t->goods)
        return dr_fail_memory();
    for (size_t s = 0; s < g->model->sectors; s++)
        if (t->sectors[s] && trade_in(g, g->model, s) > 0)
            t->goods[t->count++] = s;
    if (t->count == 0)
        return dr_fail(DR_BAD_INPUT, "%s buys nothing of these sectors from %s: there is nothing to withhold", t->of,
                       t->against);
    if (t->count > 64)
        return dr_fail(DR_BAD_INPUT, "%zu sectors to withhold: at most 64 were expected", t->count);
    return DR_OK;
}

static uint64_t bit(size_t j)
{
    return (uint64_t)1 << j;
}

/* ---- Larger sets ------------------------------------------------------------------------------------------------------- */

/* The losses of both sides by a set, guessed from those of its goods alone and two by two. */
typedef struct guess {
    uint64_t set;
    double of, against;
} guess;

static void add_part(const dr_game *g, uint64_t set, double times, guess *out)
{
    const dr_trial *trial = dr_trials_find(&g->trials, set);
    if (trial->now.why)
        return;
    out->of -= times * trial->now.of;
    out->against -= times * trial->now.against;
}

/* Sum over pairs less what the singles are counted too often. */
static guess guess_of(const dr_game *g, uint64_t set)
{
    guess out = {.set = set};
    double size = __builtin_popcountll(set);
    for (size_t j = 0; j < g->trials.count; j++) {
        if (!(set & bit(j)))
            continue;
        add_part(g, bit(j), 2 - size, &out);
        for (size_t k = 0; k < j; k++)
            if (set & bit(k))
                add_part(g, bit(j) | bit(k), 1, &out);
    }
    return out;
}

static double leverage(double of, double against)
{
    return against > 0 ? of / against : of > 0 ? INFINITY : 0;
}

/* What a chain of sets seeks: leverage, or harm. */
static double worth(const guess *one, bool by_leverage)
{
    return by_leverage ? leverage(one->of, one->against) : one->of;
}

/* From the best pair on, the good that adds most, until all are in; the sets on the way go to `chain`. */
static void grow(const dr_game *g, bool by_leverage, guess *chain)
{
    size_t goods = g->trials.count;
    guess best = guess_of(g, bit(0) | bit(1));
    for (size_t j = 0; j < goods; j++)
        for (size_t k = 0; k < j; k++) {
            guess pair = guess_of(g, bit(j) | bit(k));
            best = worth(&pair, by_leverage) > worth(&best, by_leverage) ? pair : best;
        }
    for (size_t size = 3; size <= goods; size++) {
        guess next = {0};
        for (size_t j = 0; j < goods; j++) {
            if (best.set & bit(j))
                continue;
            guess more = guess_of(g, best.set | bit(j));
            next = next.set == 0 || worth(&more, by_leverage) > worth(&next, by_leverage) ? more : next;
        }
        *chain++ = best = next;
    }
}

static int compare_guesses(const void *a, const void *b)
{
    double x = leverage(((const guess *)a)->of, ((const guess *)a)->against);
    double y = leverage(((const guess *)b)->of, ((const guess *)b)->against);
    return x != y ? (x > y ? -1 : 1) : 0;
}

/* Those of both chains that promise most leverage; and all goods together. */
static dr_status add_larger(dr_game *g)
{
    size_t goods = g->trials.count, each = goods > 2 ? goods - 2 : 0, first = g->trials.tried_count;
    guess *chains = dr_new(2 * each + 1, sizeof *chains);
    if (!chains)
        return dr_fail_memory();
    if (each > 0) {
        grow(g, true, chains);
        grow(g, false, chains + each);
    }
    qsort(chains, 2 * each, sizeof *chains, compare_guesses);
    dr_status status = each > 0 ? dr_trials_add(&g->trials, goods == 64 ? ~(uint64_t)0 : bit(goods) - 1) : DR_OK;
    for (size_t j = 0; j < 2 * each && status == DR_OK && g->trials.tried_count < first + LARGER; j++)
        status = dr_trials_add(&g->trials, chains[j].set);
    free(chains);
    return status;
}

dr_status dr_game_coerce(dr_game *g)
{
    DR_TRY(list_goods(g));
    DR_TRY(dr_game_plan_first(g));
    for (size_t j = 0; j < g->trials.count; j++)
        for (size_t k = 0; k <= j; k++)
            DR_TRY(dr_trials_add(&g->trials, bit(j) | bit(k)));
    DR_TRY(dr_trials_solve(g, 0));
    size_t first = g->trials.tried_count;
    DR_TRY(add_larger(g));
    return dr_trials_solve(g, first);
}

/* ---- The table --------------------------------------------------------------------------------------------------------- */

static int compare_trials(const void *a, const void *b)
{
    const dr_trial *x = a, *y = b;
    double first = leverage(-x->now.of, -x->now.against), second = leverage(-y->now.of, -y->now.against);
    if (!x->now.why != !y->now.why)
        return x->now.why ? -1 : 1;
    if (first != second && !x->now.why)
        return first > second ? -1 : 1;
    return (x->set > y->set) - (x->set < y->set);
}

void dr_game_name_set(char *out, size_t size, const dr_game *g, uint64_t set, const char *between)
{
    size_t length = 0;
    *out = '\0';
    for (size_t j = 0; j < g->trials.count; j++)
        if (set & bit(j) && length < size)
            length += (size_t)snprintf(out + length, size - length, "%s%s", length ? between : "",
                                       dr_economy_sector(g->model->economy, g->trials.goods[j]));
}

static double trade_of(const dr_game *g, const dr_model *m, uint64_t set)
{
    double trade = 0;
    for (size_t j = 0; j < g->trials.count; j++)
        trade += set & bit(j) ? trade_in(g, m, g->trials.goods[j]) : 0;
    return trade;
}

static void add_trial(dr_table *table, const dr_game *g, const dr_trial *trial)
{
    double of = -trial->now.of, against = -trial->now.against;
    const dr_model *after = g->trials.before.model;
    char text[4096];
    const double numbers[] = {__builtin_popcountll(trial->set),
                              trade_of(g, g->model, trial->set),
                              of,
                              of / 100 * dr_game_income(g, g->trials.sides.of),
                              against,
                              against / 100 * dr_game_income(g, g->trials.sides.to),
                              against > 0 ? of / against : NAN,
                              after ? trade_of(g, after, trial->set) : NAN,
                              -trial->after.of,
                              -trial->after.against,
                              trial->after.against < 0 ? trial->after.of / trial->after.against : NAN};
    size_t row = dr_table_add_row(table), count = sizeof numbers / sizeof *numbers - (after ? 0 : 4);
    dr_game_name_set(text, sizeof text, g, trial->set, "+");
    dr_table_set_text(table, row, 0, text);
    for (size_t c = 0; c < count; c++)
        dr_table_set_number(table, row, c + 1, numbers[c]);
}

static void note_plan(dr_table *table, const dr_game *g)
{
    const dr_trials *t = &g->trials;
    const dr_before *b = &t->before;
    dr_table_add_fact(table, "plan.cap", b->cap);
    dr_table_add_fact(table, "plan.cost", b->cost);
    dr_table_add_fact(table, "plan.cost_value", b->cost_value);
    dr_table_add_fact(table, "plan.share_before", b->share);
    dr_table_add_fact(table, "plan.share", b->new_share);
    dr_table_add_fact(table, "certificate.kkt", b->residual);
    dr_table_add_note(
        table,
        "after: once %s has carried out its plan (horizon %s) by which no sector buys more than %.4g%% of "
        "its imports from %s; its share in them goes from %.2f%% to %.2f%%, and %s %s %.4f%% of real "
        "income by that, %.0f %s a year",
        t->of, b->horizon, 100 * b->cap, t->against, 100 * b->share, 100 * b->new_share, t->of,
        b->cost < 0 ? "gains" : "loses", fabs(b->cost), fabs(b->cost_value), g->model->economy->unit);
    dr_table_add_note(table, "losses after the plan are of the real income there is then");
}

static void note_trials(dr_table *table, const dr_game *g)
{
    const dr_trials *t = &g->trials;
    dr_table_add_note(table,
                      "losses of real income of %s, and of %s itself; leverage is the first over the second, both in "
                      "percent, empty where %s does not lose",
                      t->of, t->against, t->against);
    if (t->before.model)
        note_plan(table, g);
    dr_table_add_note(
        table,
        "%zu sets solved exactly: each of %zu goods, each pair, and of the larger ones, grown good by good, "
        "those that promise most leverage, and all together",
        t->tried_count, t->count);
    for (size_t j = 0; j < t->tried_count; j++) {
        if (t->tried[j].now.why)
            dr_table_add_note(table, "no equilibrium without set %zu: %s", j + 1, t->tried[j].now.why);
        if (t->tried[j].after.why)
            dr_table_add_note(table, "no equilibrium without set %zu after the plan: %s", j + 1, t->tried[j].after.why);
    }
}

void dr_game_sort_trials(const dr_game *g)
{
    qsort(g->trials.tried, g->trials.tried_count, sizeof *g->trials.tried, compare_trials);
}

dr_status dr_game_coercion_table(dr_table **out, const dr_game *g)
{
    static const dr_column_spec columns[] = {{"withheld", DR_SHOW_TEXT},          {"goods", DR_SHOW_COUNT},
                                             {"imports", DR_SHOW_VALUE},          {"loss", DR_SHOW_PERCENT},
                                             {"loss_value", DR_SHOW_VALUE},       {"own_loss", DR_SHOW_PERCENT},
                                             {"own_loss_value", DR_SHOW_VALUE},   {"leverage", DR_SHOW_NUMBER},
                                             {"imports_after", DR_SHOW_VALUE},    {"loss_after", DR_SHOW_PERCENT},
                                             {"own_loss_after", DR_SHOW_PERCENT}, {"leverage_after", DR_SHOW_NUMBER}};
    const dr_trials *t = &g->trials;
    dr_table *table = NULL;
    DR_TRY(dr_game_begin_table(&table, g, columns, t->before.model ? 12 : 8));
    dr_game_sort_trials(g);
    dr_table_set_title(table, "What %s could withhold from %s, %d", t->against, t->of, g->model->economy->year);
    dr_table_add_fact_text(table, "of", t->of);
    dr_table_add_fact_text(table, "by", t->against);
    for (size_t j = 0; j < t->tried_count && (g->most == 0 || j < g->most); j++)
        add_trial(table, g, &t->tried[j]);
    note_trials(table, g);
    return dr_table_finish(out, table, DR_OK);
}
