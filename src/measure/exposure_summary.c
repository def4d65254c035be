/* The summary of an exposure: a page of sentences from the answers of its tables, how sure they are, and what they
 * leave out. */
#include "base/check.h"
#include "base/money.h"
#include "base/sentences.h"
#include "base/table_rows.h"
#include "world/describe.h"

typedef struct question {
    dr_world *world;
    const dr_economy *economy;
    const char *of, *to; /* NULL: all others */
} question;

/* The largest sectors by what is imported, from `to` if there is one. */
static void say_goods(dr_table *page, const question *q, const dr_table *direct)
{
    enum { MOST = 3 };
    const char *imports = q->to ? "imports_from" : "imports";
    char sector[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE], from[DR_SPOKEN_SIZE];
    double below = 0;
    for (size_t k = 0; k < MOST; k++) {
        size_t best = DR_NO_ROW;
        for (size_t row = 0; row < dr_table_rows(direct); row++) {
            double value = dr_table_at(direct, row, imports);
            bool next = dr_table_row_kind(direct, row) == DR_ROW_ONE && value > 0 && (k == 0 || value < below);
            if (next && (best == DR_NO_ROW || value > dr_table_at(direct, best, imports)))
                best = row;
        }
        if (best == DR_NO_ROW)
            return;
        below = dr_table_at(direct, best, imports);
        dr_spoken_sector(sector, q->economy, dr_table_text_at(direct, best, "sector"));
        dr_money(money, below, q->economy->unit);
        if (q->to)
            dr_sentences_add(
                page, "what drives it", "imports of %s from %s are %s a year, %.2f%% of all imports of these goods.",
                sector, dr_spoken(from, q->economy, q->to), money, 100 * dr_table_at(direct, best, "share_of_imports"));
        else
            dr_sentences_add(page, "what drives it", "imports of %s are %s a year; %.2f%% of them come from %s.",
                             sector, money, 100 * dr_table_at(direct, best, "first_source_share"),
                             dr_spoken(from, q->economy, dr_table_text_at(direct, best, "first_source")));
    }
}

static dr_status say_direct(dr_table *page, const question *q)
{
    dr_table *table = NULL;
    DR_TRY(dr_exposure_direct(&table, q->economy, q->of, q->to));
    dr_sentences_move(page, "answer", table);
    say_goods(page, q, table);
    dr_table_free(table);
    return DR_OK;
}

static dr_status say_partners(dr_table *page, const question *q)
{
    dr_table *table = NULL;
    if (q->to)
        return DR_OK;
    DR_TRY(dr_exposure_partners(&table, q->economy, q->of));
    dr_sentences_move(page, "partners", table);
    dr_table_free(table);
    return DR_OK;
}

static dr_status say_hidden(dr_table *page, const question *q)
{
    dr_table *table = NULL;
    DR_TRY(dr_exposure_hidden(&table, q->world, q->economy->year, q->of, q->to));
    dr_sentences_move(page, "behind the first supplier", table);
    dr_table_free(table);
    return DR_OK;
}

static void say_limits(dr_table *page, const question *q)
{
    static const char sure[] = "how sure it is", left[] = "what it leaves out";
    dr_sentences_add(page, sure,
                     "these are sums and shares of the table of %d as its publisher has them, and no estimates of a "
                     "model; what is behind the first supplier assumes that all buyers of a good in a region buy it "
                     "from the same suppliers in the same proportion.",
                     q->economy->year);
    dr_sentences_add(page, left,
                     "a large share is no harm by itself: what the end of a supply would cost is told by the model "
                     "(exposure --cut).");
    dr_sentences_add(page, left,
                     "a sector is the sum of many products, of which single ones can come from one supplier alone "
                     "(exposure --products), and trade since %d is not in it.",
                     q->economy->year);
}

static dr_status fill(dr_table *page, const question *q)
{
    const dr_economy *e = q->economy;
    char of[DR_SPOKEN_SIZE], to[DR_SPOKEN_SIZE];
    dr_spoken(of, e, q->of);
    dr_spoken(to, e, q->to);
    dr_describe_title(page, e->year, "Exposure of %s to %s: summary", of, to);
    dr_table_set_unit(page, e->unit);
    dr_describe(page, e->world, e->year, e->unit, e->source);
    dr_table_add_fact_text(page, "of", q->of);
    dr_table_add_fact_text(page, "to", q->to ? q->to : "all others");
    dr_sentences_add(page, "question", "how much does %s depend on %s?", of, to);
    DR_TRY(say_direct(page, q));
    DR_TRY(say_partners(page, q));
    DR_TRY(say_hidden(page, q));
    say_limits(page, q);
    return DR_OK;
}

dr_status dr_exposure_summary(dr_table **out, dr_world *world, int year, const char *of, const char *to)
{
    DR_TRY(DR_GIVEN(out, world, of));
    dr_economy *economy = NULL;
    dr_table *page = NULL;
    DR_TRY(dr_economy_load(&economy, world, year));
    dr_status status = dr_sentences_new(&page);
    if (status == DR_OK)
        status = fill(page, &(question){world, economy, of, to});
    dr_economy_free(economy);
    return dr_table_finish(out, page, status);
}
