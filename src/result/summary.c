/* The summary of a solution: a page of sentences on the answer, what drives it, how sure it is, and what the model
 * leaves out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "model/numeraire.h"
#include "result/answer.h"
#include "result/result.h"
#include "world/describe.h"

enum { ABOUT, SAYS };

static void say(dr_table *table, const char *about, const char *text)
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, ABOUT, about);
    dr_table_set_text(table, row, SAYS, text);
}

/* The sentences that the table has gathered become rows of their own. */
static void move_sentences(dr_table *table, const char *about)
{
    for (size_t j = 0; j < dr_table_sentences(table); j++)
        say(table, about, dr_table_sentence(table, j));
    table->sentence_count = 0;
}

static void say_question(dr_table *table, const dr_solution *solution)
{
    const dr_economy *e = solution->model->economy;
    char text[640], year[32] = "";
    if (e->year)
        snprintf(year, sizeof year, " of %d", e->year);
    snprintf(text, sizeof text, "What changes in the economies%s under \"%.300s\"?", year,
             *solution->scenario ? solution->scenario : "no change");
    say(table, "question", text);
}

/* ---- What drives it ---------------------------------------------------------------------------------------------- */

/* The region whose real income changes most in money. */
static size_t most_concerned(const dr_account *accounts, size_t regions)
{
    size_t most = 0;
    for (size_t n = 1; n < regions; n++)
        if (fabs(accounts[n].equivalent_variation) > fabs(accounts[most].equivalent_variation))
            most = n;
    return most;
}

/* "of its loss of 19.3 billion US dollars, exports of electrical equipment to Germany explain 3.2 billion" */
static dr_status say_drivers(dr_table *table, const dr_solution *solution, const dr_scenario *scenario,
                             const dr_account *accounts)
{
    enum { DRIVERS = 3, DIRECTION = 0, PARTNER, SECTOR, CONTRIBUTION = 5 };
    const dr_economy *e = solution->model->economy;
    size_t n = most_concerned(accounts, e->regions);
    const char *code = e->region_codes.names[n];
    char name[DR_SPOKEN_SIZE], partner[DR_SPOKEN_SIZE], sector[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE], text[1400];
    dr_table *why = NULL;
    DR_TRY(dr_solution_why(&why, solution, scenario, code, DRIVERS));
    int size = snprintf(text, sizeof text, "the largest contributions to the change of real income of %s come from ",
                        dr_spoken(name, e, code));
    size_t count = 0;
    for (size_t row = 0; row < dr_table_rows(why) && *dr_table_text(why, row, PARTNER); row++, count++) {
        double value = dr_table_number(why, row, CONTRIBUTION) / 100 * accounts[n].income[0];
        bool imports = strcmp(dr_table_text(why, row, DIRECTION), "imports") == 0;
        if (size < (int)sizeof text)
            size +=
                snprintf(text + size, sizeof text - (size_t)size, "%s%s of %s %s %s (%s%s)", count ? ", " : "",
                         imports ? "imports" : "exports", dr_spoken_sector(sector, e, dr_table_text(why, row, SECTOR)),
                         imports ? "from" : "to", dr_spoken(partner, e, dr_table_text(why, row, PARTNER)),
                         value < 0 ? "a loss of " : "a gain of ", dr_money(money, value, e->unit));
    }
    dr_table_free(why);
    if (count)
        dr_table_say(table, "%s.", text);
    move_sentences(table, "what drives it");
    return DR_OK;
}

/* ---- How sure it is ---------------------------------------------------------------------------------------------- */

static void say_certainty(dr_table *table, const dr_solution *solution)
{
    const dr_model *m = solution->model;
    const char *horizon = m->options.horizon;
    dr_table_say(table, "the equations of the model hold to %.0e of their size.",
                 fmax(solution->certificate.worst_residual, 1e-16));
    if (horizon && strcmp(horizon, "short") == 0)
        dr_table_say(table, "it is an answer for the first year, while workers stay in their sectors and suppliers are "
                            "hard to replace.");
    else if (horizon && strcmp(horizon, "medium") == 0)
        dr_table_say(table, "it is an answer for the years in which workers and buyers have partly adjusted.");
    else
        dr_table_say(table,
                     "it is an answer for the long run, after workers have moved between sectors and buyers have "
                     "found other suppliers; in the first years losses are larger (horizon short).");
    dr_table_say(table, "it depends on the trade elasticity (%s), an estimate: draws of it give a band (--draws).",
                 m->elasticity);
    move_sentences(table, "how sure it is");
}

static void say_omissions(dr_table *table, const dr_solution *solution)
{
    char money[DR_NUMERAIRE_SIZE];
    dr_table_say(table,
                 "the model compares two equilibria: it has no investment, no new products, no exchange rates or "
                 "inflation, and no cost of adjustment.");
    if (!solution->model->floor)
        dr_table_say(table, "everybody who works stays employed.");
    dr_table_say(table, "values after the change are in units in which %s stays constant.",
                 dr_numeraire_words(money, solution->model));
    move_sentences(table, "what it leaves out");
}

static dr_status fill(dr_table *table, const dr_solution *solution, const dr_scenario *scenario,
                      const dr_account *accounts)
{
    dr_touched_list touched;
    dr_status status = dr_touched_find(&touched, solution, scenario);
    if (status == DR_OK) {
        say_question(table, solution);
        dr_answer_actors(table, solution, accounts, &touched);
        dr_answer_winners(table, solution, accounts);
        dr_answer_jobs(table, solution);
        move_sentences(table, "answer");
        dr_answer_flows(table, solution, &touched, 5);
        move_sentences(table, "trade");
        status = say_drivers(table, solution, scenario, accounts);
    }
    if (status == DR_OK) {
        say_certainty(table, solution);
        say_omissions(table, solution);
    }
    dr_touched_free(&touched);
    return status;
}

dr_status dr_solution_summary(dr_table **out, const dr_solution *solution, const dr_scenario *scenario)
{
    DR_TRY(DR_GIVEN(out, solution));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    static const dr_column_spec columns[] = {[ABOUT] = {"about", DR_SHOW_TEXT}, [SAYS] = {"says", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    dr_account *accounts = dr_accounts_new(solution);
    dr_status status = accounts ? dr_table_new(&table, columns, 2) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(table, solution, "summary");
        dr_table_keep_rows(table);
        status = fill(table, solution, scenario, accounts);
    }
    free(accounts);
    return dr_table_finish(out, table, status);
}
