/* The summary of a plan: a page of sentences on the answer, what drives it, how sure it is, and what the model leaves
 * out. */
#include <math.h>

#include "base/check.h"
#include "base/money.h"
#include "base/sentences.h"
#include "base/table_rows.h"
#include "plan/plan.h"
#include "world/describe.h"

/* Purchases of the sectors with instruments from `from`, or from all other foreign suppliers, in the base (solution
 * NULL) or under the plan; without tariffs. */
static double purchases(const dr_plan *plan, const dr_solution *solution, bool from)
{
    const dr_model *m = plan->model;
    const double *flow = solution ? solution->flow : m->base.flow;
    double sum = 0;
    for (size_t n = 0; n < m->regions; n++)
        for (size_t i = 0; i < m->regions && plan->sides.of[n]; i++)
            for (size_t s = 0; s < m->sectors && !plan->sides.of[i]; s++)
                sum += plan->taxed[s] && plan->sides.to[i] == from ? flow[(n * m->regions + i) * m->sectors + s] : 0;
    return sum;
}

static void say_trade(dr_table *page, const dr_plan *plan, const char *of, const char *from)
{
    const char *unit = plan->model->economy->unit;
    char was[DR_MONEY_SIZE], is[DR_MONEY_SIZE], before[DR_MONEY_SIZE], after[DR_MONEY_SIZE];
    const dr_solution *solution = plan->policy.solution;
    dr_sentences_add(page, "what drives it",
                     "the goods with a tariff that %s buys from %s fall from %s to %s a year, and those that it buys "
                     "from other foreign suppliers go from %s to %s.",
                     of, from, dr_money(was, purchases(plan, dr_plan_before(plan), true), unit),
                     dr_money(is, purchases(plan, solution, true), unit),
                     dr_money(before, purchases(plan, dr_plan_before(plan), false), unit),
                     dr_money(after, purchases(plan, solution, false), unit));
}

/* The sectors whose caps cost most, from the table of sectors, which is in that order. */
static void say_caps(dr_table *page, const dr_plan *plan, const dr_table *sectors)
{
    enum { MOST = 3 };
    const dr_economy *e = plan->model->economy;
    char sector[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    for (size_t row = 0; row < MOST && row < dr_table_rows(sectors); row++)
        if (dr_table_at(sectors, row, "shadow_price") > 0)
            dr_sentences_add(page, "what drives it",
                             "the cap on %s binds: its share falls from %.2f%% to %.2f%%, and the last percentage "
                             "point of the cap costs %s a year.",
                             dr_spoken_sector(sector, e, dr_table_text_at(sectors, row, "sector")),
                             100 * dr_table_at(sectors, row, "share"), 100 * dr_table_at(sectors, row, "new_share"),
                             dr_money(money, dr_table_at(sectors, row, "shadow_price"), e->unit));
}

static void say_certainty(dr_table *page, const dr_plan *plan)
{
    static const char about[] = "how sure it is";
    dr_sentences_add(page, about,
                     "the equations of the model hold to %.0e of their size, and the conditions of an optimum to %.0e.",
                     fmax(plan->policy.solution->certificate.worst_residual, 1e-16),
                     fmax(dr_optimum_residual(&plan->optimum), 1e-16));
    if (plan->starts_elsewhere)
        dr_sentences_add(page, about,
                         "%zu of %zu starting points of the search lead to a plan that costs more, or to none: a "
                         "better plan may exist.",
                         plan->starts_elsewhere, plan->starts);
    else
        dr_sentences_add(page, about,
                         "the %zu starting points of the search lead to the same cost, which does not prove that no "
                         "plan costs less.",
                         plan->starts);
    dr_sentences_add(page, about,
                     "it depends on the trade elasticity (%s), an estimate: draws of it give bands (--draws).",
                     plan->model->elasticity);
}

static void say_omissions(dr_table *page, const char *from)
{
    static const char about[] = "what it leaves out";
    dr_sentences_add(page, about, "%s does not retaliate, and no other region changes its policy (derisk play).", from);
    dr_sentences_add(page, about,
                     "the model compares two equilibria: it has no cost of adjustment, no new suppliers beyond those "
                     "of the table, and no products within a sector.");
}

static dr_status fill(dr_table *page, const dr_plan *plan)
{
    const dr_economy *e = plan->model->economy;
    const char *of = plan->of_words, *from = plan->from_words;
    char title[DR_PLAN_TITLE_SIZE];
    dr_table *sectors = NULL;
    DR_TRY(dr_plan_sectors(&sectors, plan));
    dr_sentences_add(page, "question", "%s, on the trade of %d: what does it take, and what does it cost?",
                     dr_plan_title(title, plan), e->year);
    dr_sentences_move(page, "answer", sectors);
    if (!dr_plan_does_nothing(plan)) {
        say_trade(page, plan, of, from);
        say_caps(page, plan, sectors);
    }
    dr_table_free(sectors);
    say_certainty(page, plan);
    say_omissions(page, from);
    return DR_OK;
}

dr_status dr_plan_summary(dr_table **out, const dr_plan *plan)
{
    dr_table *page = NULL;
    DR_TRY(DR_GIVEN(out, plan));
    DR_TRY(dr_plan_need_sectors(plan, "summary"));
    DR_TRY(dr_sentences_new(&page));
    dr_plan_describe(page, plan);
    page->sentence_count = 0; /* the answer comes with the table of sectors */
    return dr_table_finish(out, page, fill(page, plan));
}
