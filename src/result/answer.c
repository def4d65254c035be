#include "result/answer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/print.h"
#include "world/describe.h"

const char *dr_percent_words(char out[DR_PERCENT_SIZE], double percent)
{
    const double readable = 0.005;
    dr_print_text(out, DR_PERCENT_SIZE, fabs(percent) < readable ? "%.1g%%" : "%.2f%%", fabs(percent));
    return out;
}

/* Whether a change of real income is more than the precision of a solution. */
static bool matters(const dr_account *account)
{
    return fabs(account->equivalent_variation) > 1e-9 * account->income[0];
}

/* ---- Winners and losers ------------------------------------------------------------------------------------------ */

/* The region that gains (sign 1) or loses (-1) most money; -1: none does. */
static int most_of(const dr_account *accounts, size_t regions, double sign)
{
    int most = -1;
    for (size_t n = 0; n < regions; n++)
        if (matters(&accounts[n]) && sign * accounts[n].equivalent_variation > 0 &&
            (most < 0 || sign * accounts[n].equivalent_variation > sign * accounts[most].equivalent_variation))
            most = (int)n;
    return most;
}

/* "China loses most, 19.31 billion US dollars of real income (0.26%)" */
static void say_most(char *out, size_t size, const dr_economy *e, const dr_account *accounts, int n, bool first)
{
    char name[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE], percent[DR_PERCENT_SIZE];
    const dr_account *a = &accounts[n];
    dr_print_text(out, size, "%s %s most, %s%s (%s)", dr_spoken(name, e, e->region_codes.names[n]),
                  a->equivalent_variation < 0 ? "loses" : "gains", dr_money(money, a->equivalent_variation, e->unit),
                  first ? " of real income a year" : "",
                  dr_percent_words(percent, 100 * a->equivalent_variation / a->income[0]));
}

void dr_answer_winners(dr_table *table, const dr_solution *solution, const dr_account *accounts)
{
    const dr_economy *e = solution->model->economy;
    char loss[512] = "", gain[512] = "", money[DR_MONEY_SIZE], percent[DR_PERCENT_SIZE];
    double sum = 0, income = 0;
    int loser = most_of(accounts, e->regions, -1), winner = most_of(accounts, e->regions, 1);
    for (size_t n = 0; n < e->regions; n++) {
        sum += accounts[n].equivalent_variation;
        income += accounts[n].income[0];
    }
    if (loser >= 0)
        say_most(loss, sizeof loss, e, accounts, loser, true);
    if (winner >= 0)
        say_most(gain, sizeof gain, e, accounts, winner, loser < 0);
    if (loser < 0 && winner < 0)
        dr_table_say(table, "real income changes nowhere.");
    else
        dr_table_say(table, "%s%s%s; all regions together %s %s (%s).", loss, *loss && *gain ? "; " : "", gain,
                     sum < 0 ? "lose" : "gain", dr_money(money, sum, e->unit),
                     dr_percent_words(percent, 100 * sum / income));
}

/* ---- Jobs -------------------------------------------------------------------------------------------------------- */

/* "in textiles of China (12,300 persons, 1.20%)"; `change` is the change of the sector at [n, s]. */
static void say_jobs(char out[2 * DR_SPOKEN_SIZE], const dr_economy *e, size_t at, double change)
{
    char sector[DR_SPOKEN_SIZE], region[DR_SPOKEN_SIZE], persons[DR_MONEY_SIZE], percent[DR_PERCENT_SIZE];
    dr_spoken_sector(sector, e, e->sector_codes.names[at % e->sectors]);
    dr_spoken(region, e, e->region_codes.names[at / e->sectors]);
    dr_print_text(out, 2 * DR_SPOKEN_SIZE, "%s in %s (%s, %s)", sector, region, dr_money(persons, change, "persons"),
                  dr_percent_words(percent, 100 * change / e->jobs[at]));
}

void dr_answer_jobs(dr_table *table, const dr_solution *solution)
{
    const dr_economy *e = solution->model->economy;
    char lost[2 * DR_SPOKEN_SIZE], gained[2 * DR_SPOKEN_SIZE];
    double change[2] = {0}; /* the largest loss and gain, and where */
    size_t at[2] = {0};
    if (!e->jobs)
        return;
    for (size_t i = 0; i < e->regions * e->sectors; i++) {
        double moved = e->jobs[i] * (dr_solution_sector_employment(solution, i / e->sectors, i % e->sectors) - 1);
        if (moved < change[0]) {
            change[0] = moved;
            at[0] = i;
        }
        if (moved > change[1]) {
            change[1] = moved;
            at[1] = i;
        }
    }
    const double person = 0.5;
    bool loses = change[0] <= -person, gains = change[1] >= person;
    if (loses)
        say_jobs(lost, e, at[0], change[0]);
    if (gains)
        say_jobs(gained, e, at[1], change[1]);
    if (loses && gains)
        dr_table_say(table, "Most jobs are lost in %s, and most are gained in %s.", lost, gained);
    else if (loses || gains)
        dr_table_say(table, "Most jobs are %s in %s.", loses ? "lost" : "gained", loses ? lost : gained);
}

/* ---- Those who are touched --------------------------------------------------------------------------------------- */

/* Whether a set stands last in the sentence, and whether it is all regions but those before it. */
typedef struct {
    bool last, rest;
} actor_place;

/* Adds "the EU loses 397 million US dollars of real income a year (0.00%)" to a sentence, at its end *size. */
static void add_actor(char *out, size_t room, size_t *size, const dr_solution *solution, const dr_account *accounts,
                      const bool *set, actor_place place)
{
    const dr_economy *e = solution->model->economy;
    char name[DR_SET_SIZE], money[DR_MONEY_SIZE], percent[DR_PERCENT_SIZE];
    dr_account sum = {0};
    for (size_t n = 0; n < e->regions; n++) {
        sum.equivalent_variation += set[n] ? accounts[n].equivalent_variation : 0;
        sum.income[0] += set[n] ? accounts[n].income[0] : 0;
    }
    bool loses = sum.equivalent_variation < 0, first = *size == 0;
    const char *joint = first ? "" : place.last ? " and " : ", ";
    if (place.rest)
        snprintf(name, sizeof name, "all other regions");
    else
        dr_set_words(name, e, set);
    bool many = strstr(name, " and ") || strstr(name, "regions");
    if (*size >= room)
        return;
    if (!matters(&sum))
        *size += (size_t)snprintf(out + *size, room - *size, "%s%s neither gain%s nor lose%s", joint, name,
                                  many ? "" : "s", many ? "" : "s");
    else
        *size += (size_t)dr_print_text(
            out + *size, room - *size, "%s%s %s%s %s%s (%s)", joint, name, loses ? "lose" : "gain", many ? "" : "s",
            dr_money(money, sum.equivalent_variation, e->unit), first ? " of real income a year" : "",
            dr_percent_words(percent, 100 * sum.equivalent_variation / sum.income[0]));
}

/* The sets of regions of which the sentence speaks: those that have a name, and "all other regions". */
typedef struct {
    const bool *sets[4];
    size_t count;
} actors;

static void add_set(actors *list, const bool *set, size_t regions)
{
    for (size_t k = 0; k < list->count; k++)
        if (memcmp(list->sets[k], set, regions * sizeof *set) == 0)
            return;
    if (list->count < sizeof list->sets / sizeof list->sets[0])
        list->sets[list->count++] = set;
}

void dr_answer_actors(dr_table *table, const dr_solution *solution, const dr_account *accounts,
                      const dr_touched_list *touched)
{
    const dr_economy *e = solution->model->economy;
    const bool *rest = NULL; /* all but a set that has a name */
    actors list = {0};
    size_t size = 0;
    char sentence[1200] = "";
    for (size_t j = 0; j < touched->wholes; j++) {
        const bool *both[] = {touched->items[j].importers, touched->items[j].exporters};
        const bool *others = dr_touched_others(e, &touched->items[j]);
        for (int k = 0; k < 2; k++) {
            if (both[k] == others || !dr_set_is_named(e, both[k]))
                continue;
            add_set(&list, both[k], e->regions);
            rest = others;
        }
    }
    if (rest && list.count == 1)
        add_set(&list, rest, e->regions);
    for (size_t k = 0; k < list.count; k++)
        add_actor(sentence, sizeof sentence, &size, solution, accounts, list.sets[k],
                  (actor_place){.last = k > 0 && k + 1 == list.count, .rest = list.sets[k] == rest});
    if (list.count)
        dr_table_say(table, "%s.", sentence);
}

/* "imports of electrical equipment by the EU from China fall by 38.00%, from 153.4 to 95.1 billion US dollars" */
void dr_answer_flows(dr_table *table, const dr_solution *solution, const dr_touched_list *touched, size_t most)
{
    const dr_economy *e = solution->model->economy;
    const double unchanged = 1e-7; /* percent: the precision of a solution */
    for (size_t j = 0; j < touched->wholes && j < most; j++) {
        const dr_touched *t = &touched->items[j];
        char goods[DR_SET_SIZE], by[DR_SET_SIZE], from[DR_SET_SIZE], was[DR_MONEY_SIZE], is[DR_MONEY_SIZE];
        char percent[DR_PERCENT_SIZE];
        double change = 100 * (t->value[1] / t->value[0] - 1);
        dr_touched_goods(goods, e, t);
        dr_touched_by(by, e, t);
        dr_touched_from(from, e, t);
        if (t->value[1] == 0)
            dr_table_say(table, "imports of %s by %s from %s, %s in the base, end.", goods, by, from,
                         dr_money(was, t->value[0], e->unit));
        else if (fabs(change) < unchanged)
            dr_table_say(table, "imports of %s by %s from %s, %s, do not change.", goods, by, from,
                         dr_money(was, t->value[0], e->unit));
        else
            dr_table_say(table, "imports of %s by %s from %s %s by %s, from %s to %s.", goods, by, from,
                         change < 0 ? "fall" : "rise", dr_percent_words(percent, change),
                         dr_money(was, t->value[0], e->unit), dr_money(is, t->value[1], e->unit));
    }
}
