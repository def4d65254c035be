/* Coalitions: whose joining a tariff changes most, for who began it and for whom it is against. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "base/random.h"
#include "base/table.h"
#include "play/game.h"

/* Up to so many partners all sets are solved; else about as many as there are then. */
enum { MOST_EXACT = 12, SAMPLED = 4096 };

static uint64_t bit(size_t j)
{
    return (uint64_t)1 << j;
}

/* An order of partners, the same each time for its number. */
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

static bool exact(const dr_trials *t)
{
    return t->count <= MOST_EXACT;
}

static size_t orders(const dr_trials *t)
{
    return t->count > 0 ? SAMPLED / t->count : 0;
}

static dr_status add_sampled(dr_trials *t)
{
    size_t order[64];
    for (size_t number = 0; number < orders(t); number++) {
        uint64_t set = 0;
        shuffle(order, t->count, number);
        DR_TRY(dr_trials_add(t, 0));
        for (size_t j = 0; j < t->count; j++)
            DR_TRY(dr_trials_add(t, set |= bit(order[j])));
    }
    for (size_t j = 0; j < t->count; j++)
        DR_TRY(dr_trials_add(t, bit(j)));
    return DR_OK;
}

dr_status dr_game_join(dr_game *g)
{
    dr_trials *t = &g->trials;
    for (uint64_t set = 0; exact(t) && set < bit(t->count); set++) /* in order, so that set is its own index */
        DR_TRY(dr_trials_add(t, set));
    if (!exact(t))
        DR_TRY(add_sampled(t));
    DR_TRY(dr_trials_solve(g, 0));
    for (size_t j = 0; j < t->tried_count; j++)
        if (t->tried[j].now.why)
            return dr_fail(DR_NO_SOLUTION, "%s", t->tried[j].now.why);
    return DR_OK;
}

/* ---- Shapley values ---------------------------------------------------------------------------------------------------- */

/* What a partner adds to both sides' welfare, and the standard errors where it is sampled. */
typedef struct value {
    double of, against, error_of, error_against;
} value;

/* Sum over the sets without it of |S|! (n - |S| - 1)! / n! times what it adds to S. */
static value value_exact(const dr_trials *t, size_t partner)
{
    value out = {0};
    for (uint64_t set = 0; set < bit(t->count); set++) {
        double size = __builtin_popcountll(set);
        if (set & bit(partner))
            continue;
        double weight = exp(lgamma(size + 1) + lgamma((double)t->count - size) - lgamma((double)t->count + 1));
        const dr_trial *with = &t->tried[set | bit(partner)], *without = &t->tried[set];
        out.of += weight * (with->now.of - without->now.of);
        out.against += weight * (with->now.against - without->now.against);
    }
    return out;
}

/* The mean over orders of what it adds to those before it. */
static value value_sampled(const dr_trials *t, size_t partner)
{
    size_t order[64], count = orders(t);
    double sum[2] = {0}, squares[2] = {0};
    for (size_t number = 0; number < count; number++) {
        uint64_t set = 0;
        shuffle(order, t->count, number);
        for (size_t j = 0; order[j] != partner; j++)
            set |= bit(order[j]);
        const dr_trial *with = dr_trials_find(t, set | bit(partner)), *without = dr_trials_find(t, set);
        const double adds[] = {with->now.of - without->now.of, with->now.against - without->now.against};
        for (int k = 0; k < 2; k++) {
            sum[k] += adds[k];
            squares[k] += adds[k] * adds[k];
        }
    }
    double n = (double)count, error[2];
    for (int k = 0; k < 2; k++)
        error[k] = sqrt(fmax(0, squares[k] / n - sum[k] / n * sum[k] / n) / (n - 1));
    return (value){sum[0] / n, sum[1] / n, error[0], error[1]};
}

/* ---- The table --------------------------------------------------------------------------------------------------------- */

static void add_partner(dr_table *table, const dr_trials *t, size_t j)
{
    value v = exact(t) ? value_exact(t, j) : value_sampled(t, j);
    const dr_trial *alone = dr_trials_find(t, 0), *first = dr_trials_find(t, bit(j));
    const double numbers[] = {first->now.of - alone->now.of,
                              first->now.against - alone->now.against,
                              first->partners[j] - alone->partners[j],
                              v.of,
                              v.against,
                              v.error_of,
                              v.error_against};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, t->partners[j]);
    for (size_t c = 0; c < (exact(t) ? 5 : 7); c++)
        dr_table_set_number(table, row, c + 1, numbers[c]);
}

void dr_game_name_means(char *out, size_t size, const dr_trials *t)
{
    switch (t->means) {
    case DR_MEANS_TARIFF:
        dr_print_text(out, size, "a tariff of %g%% on the goods of %s", 100 * t->rate, t->against);
        break;
    case DR_MEANS_CURB:
        dr_print_text(out, size, "a cut by %g%% of what is sold to %s", 100 * t->rate, t->against);
        break;
    default:
        snprintf(out, size, "a ban of %s %s", t->means == DR_MEANS_BAN_IMPORTS ? "imports from" : "exports to",
                 t->against);
    }
}

const dr_trial *dr_game_all_join(const dr_trials *t)
{
    return dr_trials_find(t, t->count == 64 ? ~(uint64_t)0 : bit(t->count) - 1);
}

/* What all change together beyond the sum of what each changes who joins first. */
dr_harm dr_game_coordination(const dr_trials *t)
{
    const dr_trial *alone = dr_trials_find(t, 0), *all = dr_game_all_join(t);
    dr_harm out = {.of = all->now.of - alone->now.of, .against = all->now.against - alone->now.against};
    for (size_t j = 0; j < t->count; j++) {
        const dr_trial *first = dr_trials_find(t, bit(j));
        out.of -= first->now.of - alone->now.of;
        out.against -= first->now.against - alone->now.against;
    }
    return out;
}

static void add_facts(dr_table *table, const dr_game *g)
{
    const dr_trials *t = &g->trials;
    const dr_trial *alone = dr_trials_find(t, 0), *all = dr_game_all_join(t);
    dr_harm together = dr_game_coordination(t);
    const struct {
        const char *name;
        double number;
    } facts[] = {{"coalition.alone", alone->now.of},
                 {"coalition.alone_against", alone->now.against},
                 {"coalition.all", all->now.of},
                 {"coalition.all_against", all->now.against},
                 {"coalition.gain", all->now.of - alone->now.of},
                 {"coalition.together", together.of},
                 {"coalition.together_against", together.against}};
    for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
        dr_table_add_fact(table, facts[k].name, facts[k].number);
}

static void add_notes(dr_table *table, const dr_game *g)
{
    const dr_trials *t = &g->trials;
    const char *unit = g->model->economy->unit;
    const dr_harm *alone = &dr_trials_find(t, 0)->now, *all = &dr_game_all_join(t)->now,
                  together = dr_game_coordination(t);
    char means[256];
    dr_game_name_means(means, sizeof means, t);
    dr_table_add_note(table, "%s by %s alone changes the real income of %s by %.4f%% and that of %s by %.4f%%", means,
                      t->of, t->of, alone->of, t->against, alone->against);
    dr_table_add_note(table,
                      "with all partners by %.4f%% and %.4f%%: joining changes %.0f %s a year for %s, %.0f for %s",
                      all->of, all->against, (all->of - alone->of) / 100 * dr_game_income(g, t->sides.of), unit, t->of,
                      (all->against - alone->against) / 100 * dr_game_income(g, t->sides.to), t->against);
    dr_table_add_note(table,
                      "gain from coordination: all together change %+.4f percentage points for %s and %+.4f for %s "
                      "beyond the sum of what each changes who joins first",
                      together.of, t->of, together.against, t->against);
    dr_table_add_note(
        table,
        "first: what it changes if it is the only one to join, own what that changes for itself; shapley: its share of "
        "what all change together, %s; in percentage points of real income",
        exact(t) ? "over all sets of partners" : "over sampled orders, with standard errors");
}

dr_status dr_game_coalition_table(dr_table **out, const dr_game *g)
{
    static const dr_column_spec columns[] = {{"partner", DR_SHOW_TEXT},          {"first", DR_SHOW_PERCENT},
                                             {"first_against", DR_SHOW_PERCENT}, {"own", DR_SHOW_PERCENT},
                                             {"shapley", DR_SHOW_PERCENT},       {"shapley_against", DR_SHOW_PERCENT},
                                             {"error", DR_SHOW_PERCENT},         {"error_against", DR_SHOW_PERCENT}};
    const dr_trials *t = &g->trials;
    dr_table *table = NULL;
    char means[256];
    dr_game_name_means(means, sizeof means, t);
    DR_TRY(dr_game_begin_table(&table, g, columns, exact(t) ? 6 : 8));
    dr_table_set_title(table, "Who joins %s in %s, %d", t->of, means, g->model->economy->year);
    for (size_t j = 0; j < t->count; j++)
        add_partner(table, t, j);
    add_facts(table, g);
    add_notes(table, g);
    return dr_table_finish(out, table, DR_OK);
}
