/* Sentences on games without players: coercion, coalitions, delay. */
#include <math.h>

#include "play/game_summary.h"

/* ---- Coercion ----------------------------------------------------------------------------------------------------------- */

static void tell_harm(const says *s, const dr_harm *harm)
{
    const dr_trials *t = &s->game->trials;
    tell(s, "%s ", t->of);
    dr_says_change(s, harm->of, dr_game_income(s->game, t->sides.of));
    tell(s, "; %s itself ", t->against);
    dr_says_change(s, harm->against, dr_game_income(s->game, t->sides.to));
    tell(s, ". ");
}

static const dr_trial *worst_single(const dr_trials *t)
{
    const dr_trial *worst = NULL;
    for (size_t j = 0; j < t->tried_count; j++)
        if (__builtin_popcountll(t->tried[j].set) == 1 && !t->tried[j].now.why &&
            (!worst || t->tried[j].now.of < worst->now.of))
            worst = &t->tried[j];
    return worst;
}

static void tell_most_leverage(const says *s)
{
    const dr_trials *t = &s->game->trials;
    size_t solved = 0, more = 0;
    const dr_trial *first = NULL;
    char name[4096];
    dr_game_sort_trials(s->game);
    for (size_t j = 0; j < t->tried_count; j++) {
        const dr_harm *harm = &t->tried[j].now;
        if (harm->why)
            continue;
        first = first ? first : &t->tried[j];
        solved++;
        more += harm->of < harm->against;
    }
    if (!first)
        return;
    dr_game_name_set(name, sizeof name, s->game, first->set, ", ");
    if (first->now.against < 0)
        tell(s,
             "Most leverage lies in %s: in percent %s loses %.3g times as much as %s, but no more than %.2f%% of its "
             "real income. ",
             name, t->of, first->now.of / first->now.against, t->against, -first->now.of);
    else
        tell(s, "%s would not lose at all by withholding %s. ", t->against, name);
    tell(s,
         "In %zu of %zu sets that were tried (each good, each pair, and larger ones that promise most) %s loses more "
         "than %s, in percent.",
         more, solved, t->of, t->against);
}

static dr_status tell_after(says *s)
{
    const dr_trials *t = &s->game->trials;
    const dr_before *b = &t->before;
    const dr_trial *all = dr_game_all_join(t), *one = worst_single(t);
    char text[DR_MONEY_SIZE];
    DR_TRY(dr_says_begin(s, "after the plan"));
    tell(s,
         "%s could first bring every sector's share of imports from %s down to %.4g%%, which takes the share in all of "
         "them from %.2f%% to %.2f%%. It %s %s a year by that (%.2f%%), as long as nobody answers. ",
         t->of, t->against, 100 * b->cap, 100 * b->share, 100 * b->new_share, b->cost < 0 ? "gains" : "pays",
         dr_says_money(s, b->cost_value, text), fabs(b->cost));
    if (all && !all->now.why && !all->after.why)
        tell(s,
             "If then all is withheld, %s loses %.2f%% instead of %.2f%%, and %s %.2f%% instead of %.2f%%: the ratio "
             "goes from %.3g to %.3g. ",
             t->of, -all->after.of, -all->now.of, t->against, -all->after.against, -all->now.against,
             all->now.of / all->now.against, all->after.of / all->after.against);
    if (one && !one->after.why)
        tell(s, "The worst single good costs it %.2f%% instead of %.2f%%.", -one->after.of, -one->now.of);
    return dr_says_end(s);
}

dr_status dr_says_coercion(says *s)
{
    const dr_trials *t = &s->game->trials;
    const dr_trial *all = dr_game_all_join(t), *one = worst_single(t);
    const char *horizon = s->game->model->options.horizon;
    char name[4096];
    DR_TRY(dr_says_begin(s, "question"));
    tell(s,
         "What would it cost %s if %s sold it some of %zu goods no more, and what would it cost %s? On the trade of "
         "%d%s%s.",
         t->of, t->against, t->count, t->against, s->game->model->economy->year, horizon ? ", horizon " : "",
         horizon ? horizon : "");
    DR_TRY(dr_says_end(s));
    if (all && !all->now.why) {
        DR_TRY(dr_says_begin(s, "all goods"));
        tell_harm(s, &all->now);
        DR_TRY(dr_says_end(s));
    }
    if (one) {
        DR_TRY(dr_says_begin(s, "worst good"));
        dr_game_name_set(name, sizeof name, s->game, one->set, ", ");
        tell(s, "Without %s ", name);
        tell_harm(s, &one->now);
        DR_TRY(dr_says_end(s));
    }
    DR_TRY(dr_says_begin(s, "leverage"));
    tell_most_leverage(s);
    DR_TRY(dr_says_end(s));
    return t->before.model ? tell_after(s) : DR_OK;
}

/* ---- Coalitions --------------------------------------------------------------------------------------------------------- */

/* What a partner's joining first changes. */
static dr_harm joining(const dr_trials *t, size_t j)
{
    const dr_trial *alone = dr_trials_find(t, 0), *first = dr_trials_find(t, (uint64_t)1 << j);
    return (dr_harm){.of = first->now.of - alone->now.of, .against = first->now.against - alone->now.against};
}

static void tell_best_partners(const says *s)
{
    const dr_trials *t = &s->game->trials;
    const dr_trial *alone = dr_trials_find(t, 0);
    size_t of = 0, against = 0, losers = 0;
    for (size_t j = 0; j < t->count; j++) {
        of = joining(t, j).of > joining(t, of).of ? j : of;
        against = joining(t, j).against < joining(t, against).against ? j : against;
        losers += dr_trials_find(t, (uint64_t)1 << j)->partners[j] < alone->partners[j];
    }
    tell(s, "For %s it matters most that %s joins (%+.3f percentage points of real income), for %s %s (%+.3f). ", t->of,
         t->partners[of], joining(t, of).of, t->against, of == against ? "too" : t->partners[against],
         joining(t, against).against);
    if (losers == 0)
        tell(s, "No partner loses by joining first. ");
    for (size_t j = 0, told = 0; j < t->count; j++) {
        double own = dr_trials_find(t, (uint64_t)1 << j)->partners[j] - alone->partners[j];
        if (own >= 0)
            continue;
        told++;
        tell(s, "%s%s (%.2f%%)%s", told == 1 ? "By joining first lose: " : ", ", t->partners[j], -own,
             told == losers ? ". " : "");
    }
}

dr_status dr_says_coalition(says *s)
{
    const dr_trials *t = &s->game->trials;
    char means[256];
    dr_harm together = dr_game_coordination(t);
    dr_game_name_means(means, sizeof means, t);
    DR_TRY(dr_says_begin(s, "question"));
    tell(s, "What does %s change, by %s alone and with up to %zu partners? On the trade of %d.", means, t->of, t->count,
         s->game->model->economy->year);
    DR_TRY(dr_says_end(s));
    DR_TRY(dr_says_begin(s, "alone"));
    tell_harm(s, &dr_trials_find(t, 0)->now);
    DR_TRY(dr_says_end(s));
    DR_TRY(dr_says_begin(s, "all together"));
    tell_harm(s, &dr_game_all_join(t)->now);
    DR_TRY(dr_says_end(s));
    DR_TRY(dr_says_begin(s, "partners"));
    tell_best_partners(s);
    DR_TRY(dr_says_end(s));
    DR_TRY(dr_says_begin(s, "coordination"));
    tell(s,
         "Acting together changes the real income of %s by %+.3f percentage points, and that of %s by %+.3f, beyond "
         "the sum of what each partner changes who joins first.",
         t->of, together.of, t->against, together.against);
    return dr_says_end(s);
}

/* ---- Delay -------------------------------------------------------------------------------------------------------------- */

dr_status dr_says_delay(says *s)
{
    const dr_trials *t = &s->game->trials;
    const dr_delay_year *first = t->years, *last = &t->years[t->year_count - 1];
    double sum = 0, income = dr_game_income(s->game, t->sides.to);
    size_t held = 0, at_most = 0;
    char text[DR_MONEY_SIZE], each[DR_MONEY_SIZE];
    for (size_t k = 0; k < t->year_count; k++) {
        sum += t->years[k].cost / 100 * income;
        held += t->years[k].plain < t->level;
        at_most += t->years[k].at_most;
    }
    DR_TRY(dr_says_begin(s, "question"));
    tell(s,
         "%s announces that no sector will buy more than %.4g%% of its imports from %s in year 1, and %.4g%% in year "
         "%zu. What does it cost %s to keep its share in all of them at %.4g%% by selling cheaper?",
         t->of, 100 * first->cap, t->against, 100 * last->cap, t->year_count, t->against, 100 * t->level);
    DR_TRY(dr_says_end(s));
    DR_TRY(dr_says_begin(s, t->against));
    tell(s, "Without an answer the share falls to %.2f%% in year 1 and %.2f%% in year %zu. ", 100 * first->plain,
         100 * last->plain, t->year_count);
    tell(s,
         "To keep it up takes prices that are %.2f%% lower in year 1, and costs %s %.2f%% of its real income; in year "
         "%zu %.2f%% lower, at %.2f%%. ",
         100 * first->cut, t->against, first->cost, t->year_count, 100 * last->cut, last->cost);
    if (held > 0)
        tell(s, "In all that is %s, or %s for each of %zu years of delay, nothing discounted.",
             dr_says_money(s, sum, text), dr_says_money(s, sum / (double)held, each), held);
    DR_TRY(dr_says_end(s));
    DR_TRY(dr_says_begin(s, t->of));
    tell(s,
         "%s buys cheaper meanwhile: the answer is worth %.2f%% of real income to it in year 1 and %.2f%% in year %zu.",
         t->of, first->of - first->of_plain, last->of - last->of_plain, t->year_count);
    DR_TRY(dr_says_end(s));
    DR_TRY(dr_says_begin(s, "bounds"));
    if (at_most)
        tell(s, "%zu of %zu subsidies are as large as they may be, %.4g%%.", at_most, t->year_count * first->settings,
             100 * t->most);
    else
        tell(s, "No subsidy is as large as it may be (%.4g%%).", 100 * t->most);
    return dr_says_end(s);
}
