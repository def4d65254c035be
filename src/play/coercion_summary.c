/* The summary of a game of coercion. */
#include <math.h>

#include "play/coercion.h"

/* Longest names of sets in sentences. */
enum { NAME_SIZE = 4096 };

static const dr_set_result *worst_good(const dr_scan *scan)
{
    const dr_set_result *worst = NULL;
    for (size_t j = 0; j < scan->count; j++) {
        const dr_set_result *result = &scan->results[j];
        if (__builtin_popcountll(result->set) == 1 && !result->now.why && (!worst || result->now.of < worst->now.of))
            worst = result;
    }
    return worst;
}

static void say_leverage(const dr_summary *s, const dr_coercion_game *g)
{
    const char *of = g->parties.of_words, *by = g->parties.against_words;
    const dr_set_result *first = NULL;
    size_t solved = 0, more = 0;
    char name[NAME_SIZE];
    dr_coercion_sort(g);
    for (size_t j = 0; j < g->scan.count; j++) {
        const dr_set_effect *effect = &g->scan.results[j].now;
        if (effect->why)
            continue;
        first = first ? first : &g->scan.results[j];
        solved++;
        more += effect->of < effect->against;
    }
    if (!first)
        return;
    dr_coercion_name(name, sizeof name, g, first->set, ", ");
    if (first->now.against < 0)
        dr_summary_say(
            s,
            "Leverage is largest in %s: relative to real income, %s loses %.3g times as much as %s, but no more "
            "than %.2f%%. ",
            name, of, first->now.of / first->now.against, by, -first->now.of);
    else
        dr_summary_say(s, "%s would lose nothing by withholding %s. ", by, name);
    dr_summary_say(
        s,
        "In %zu of the %zu sets that were solved (each good, each pair, and promising larger sets) %s loses a "
        "larger part of its real income than %s.",
        more, solved, of, by);
}

static dr_status say_after(dr_summary *s, const dr_coercion_game *g)
{
    const char *of = g->parties.of_words, *by = g->parties.against_words;
    const dr_set_result *all = dr_scan_find(&g->scan, dr_set_all(g->count)), *one = worst_good(&g->scan);
    DR_TRY(dr_summary_begin(s, "after the plan"));
    dr_prior_plan_summarise(&g->plan, s, &g->parties);
    if (all && !all->now.why && !all->after.why)
        dr_summary_say(s,
                       "If all goods are withheld then, %s loses %.2f%% instead of %.2f%%, and %s %.2f%% instead of "
                       "%.2f%%: the ratio goes from %.3g to %.3g. ",
                       of, -all->after.of, -all->now.of, by, -all->after.against, -all->now.against,
                       all->now.of / all->now.against, all->after.of / all->after.against);
    if (one && !one->after.why)
        dr_summary_say(s, "The most damaging single good costs it %.2f%% instead of %.2f%%.", -one->after.of,
                       -one->now.of);
    return dr_summary_end(s);
}

static dr_status say_question(dr_summary *s, const dr_coercion_game *g)
{
    const dr_model *m = g->game.model;
    const char *of = g->parties.of_words, *by = g->parties.against_words, *horizon = m->options.horizon;
    DR_TRY(dr_summary_begin(s, "question"));
    dr_summary_say(
        s,
        "What would %s lose if %s withheld some of %zu goods, and what would %s lose itself? On the trade of "
        "%d%s%s.",
        of, by, g->count, by, m->economy->year, horizon ? ", horizon " : "", horizon ? horizon : "");
    return dr_summary_end(s);
}

static dr_status say_robustness(dr_summary *s, const dr_coercion_game *g)
{
    DR_TRY(dr_summary_begin(s, "robustness"));
    if (g->plan.model)
        dr_summary_say(s, "The residual of the first-order conditions of the plan is %.1e. ", g->plan.residual);
    dr_summary_equilibrium(s, g->scan.worst_residual);
    return dr_summary_end(s);
}

dr_status dr_coercion_summarise(dr_summary *s)
{
    const dr_coercion_game *g = (const dr_coercion_game *)s->game;
    const dr_set_result *all = dr_scan_find(&g->scan, dr_set_all(g->count)), *one = worst_good(&g->scan);
    char name[NAME_SIZE];
    DR_TRY(say_question(s, g));
    if (all && !all->now.why) {
        DR_TRY(dr_summary_begin(s, "all goods"));
        dr_summary_effect(s, &g->parties, &all->now);
        DR_TRY(dr_summary_end(s));
    }
    if (one) {
        DR_TRY(dr_summary_begin(s, "worst good"));
        dr_coercion_name(name, sizeof name, g, one->set, ", ");
        dr_summary_say(s, "Without %s ", name);
        dr_summary_effect(s, &g->parties, &one->now);
        DR_TRY(dr_summary_end(s));
    }
    DR_TRY(dr_summary_begin(s, "leverage"));
    say_leverage(s, g);
    DR_TRY(dr_summary_end(s));
    if (g->plan.model)
        DR_TRY(say_after(s, g));
    return say_robustness(s, g);
}
