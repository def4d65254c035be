/* The summary of a solution: a page of sentences on the answer, what drives it, how sure it is, and what the model
 * leaves out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/sentences.h"
#include "equilibrium/solve.h"
#include "model/numeraire.h"
#include "result/answer.h"
#include "result/model_draws.h"
#include "result/result.h"
#include "world/describe.h"

static void say_question(dr_table *table, const dr_solution *solution)
{
    const dr_economy *e = solution->model->economy;
    char text[640], year[32] = "";
    if (e->year)
        snprintf(year, sizeof year, " of %d", e->year);
    snprintf(text, sizeof text, "What changes in the economies%s under \"%.300s\"?", year,
             *solution->scenario ? solution->scenario : "no change");
    dr_sentences_add(table, "question", "%s", text);
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
    dr_sentences_move(table, "what drives it", table);
    return DR_OK;
}

/* ---- How sure it is ---------------------------------------------------------------------------------------------- */

/* The bands of the region that is most concerned, and of all together; without draws, that there may be some. */
static void say_bands(dr_table *table, const dr_solution *solution, const dr_account *accounts,
                      const dr_model_draws *draws)
{
    const dr_economy *e = solution->model->economy;
    char name[DR_SPOKEN_SIZE], band[DR_BAND_SIZE];
    size_t n = most_concerned(accounts, e->regions);
    if (!draws)
        dr_table_say(table, "it depends on the trade elasticity (%s), an estimate: draws of it give a band (--draws).",
                     solution->model->elasticity);
    else
        dr_table_say(table,
                     "it depends on the trade elasticity (%s), an estimate: in 90%% of %zu draws of it the change of "
                     "real income of %s is %s a year.",
                     solution->model->elasticity, draws->run.draws, dr_spoken(name, e, e->region_codes.names[n]),
                     dr_draw_run_band(band, &draws->run, n, "equivalent_variation"));
}

static void say_certainty(dr_table *table, const dr_solution *solution, const dr_account *accounts,
                          const dr_model_draws *draws)
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
    say_bands(table, solution, accounts, draws);
    dr_sentences_move(table, "how sure it is", table);
}

static void say_omissions(dr_table *table, const dr_solution *solution)
{
    char money[DR_NUMERAIRE_SIZE];
    dr_table_say(table,
                 "the model compares two equilibria: it has no investment, no new products, no exchange rates or "
                 "inflation, and no cost of adjustment.");
    if (!solution->employment)
        dr_table_say(table, "everybody who works stays employed.");
    dr_table_say(table, "values after the change are in units in which %s stays constant.",
                 dr_numeraire_words(money, solution->model));
    dr_sentences_move(table, "what it leaves out", table);
}

static dr_status fill(dr_table *table, const dr_solution *solution, const dr_scenario *scenario,
                      const dr_account *accounts, const dr_model_draws *draws)
{
    dr_touched_list touched;
    dr_status status = dr_touched_find(&touched, solution, scenario);
    if (status == DR_OK) {
        say_question(table, solution);
        dr_answer_actors(table, solution, accounts, &touched);
        dr_answer_winners(table, solution, accounts);
        dr_answer_jobs(table, solution);
        dr_sentences_move(table, "answer", table);
        dr_answer_flows(table, solution, &touched, 5);
        dr_sentences_move(table, "trade", table);
        status = say_drivers(table, solution, scenario, accounts);
    }
    if (status == DR_OK) {
        say_certainty(table, solution, accounts, draws);
        say_omissions(table, solution);
    }
    dr_touched_free(&touched);
    return status;
}

/* The page on a solution and, unless they are NULL, the draws of its model. */
static dr_status summarise(dr_table **out, const dr_solution *solution, const dr_scenario *scenario,
                           const dr_model_draws *draws)
{
    dr_table *page = NULL;
    dr_account *accounts = dr_accounts_new(solution);
    dr_status status = accounts ? dr_sentences_new(&page) : dr_fail_memory();
    if (status == DR_OK) {
        dr_solution_describe(page, solution, "summary");
        if (draws) {
            dr_sampler_note(page, &draws->sampler);
            dr_draws_describe(page, &draws->run, draws->sampler.options);
        }
        status = fill(page, solution, scenario, accounts, draws);
    }
    free(accounts);
    return dr_table_finish(out, page, status);
}

dr_status dr_solution_summary(dr_table **out, const dr_solution *solution, const dr_scenario *scenario)
{
    DR_TRY(DR_GIVEN(out, solution));
    DR_TRY(dr_scenario_check(__func__, solution->model, scenario));
    return summarise(out, solution, scenario, NULL);
}

dr_status dr_draw_summary(dr_table **out, const dr_model *model, const dr_scenario *scenario,
                          const dr_draw_options *options)
{
    DR_TRY(DR_GIVEN(out, model, options));
    dr_draw_options whole;
    dr_solution *solution = NULL;
    dr_model_draws draws = {.make = dr_question_regions};
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(dr_draw_check(__func__, model, scenario, options));
    dr_status status = dr_model_draws_go(&draws, model, scenario, options);
    if (status == DR_OK)
        status = dr_model_certified(&solution, model, scenario);
    if (status == DR_OK)
        status = summarise(out, solution, scenario, &draws);
    dr_solution_free(solution);
    dr_model_draws_free(&draws);
    return status;
}
