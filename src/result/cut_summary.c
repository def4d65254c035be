/* The summary of a scan of cut-offs: what the worst ones cost, whom they hurt more, how sure that is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/print.h"
#include "base/sentences.h"
#include "base/table_rows.h"
#include "result/cut_summary.h"
#include "world/describe.h"

/* "mining from Russia (0.12%, 2.1 billion US dollars)" */
static void name_cut(char *out, size_t size, const dr_table *cuts, const dr_economy *e, size_t row)
{
    char goods[DR_SPOKEN_SIZE], from[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    dr_print_text(out, size, "%s from %s (%.2f%%, %s)",
                  dr_spoken_sector(goods, e, dr_table_text_at(cuts, row, "sector")),
                  dr_spoken(from, e, dr_table_text_at(cuts, row, "supplier")), dr_table_at(cuts, row, "loss"),
                  dr_money(money, dr_table_at(cuts, row, "loss_value"), e->unit));
}

/* Those that follow the worst one; rows are in descending order, behind those without an equilibrium. */
static void say_next(dr_table *page, const dr_table *cuts, const dr_economy *e, size_t worst)
{
    enum { NEXT = 3 };
    char text[1600] = "", one[512];
    size_t length = 0;
    for (size_t row = worst + 1; row < dr_table_rows(cuts) && row <= worst + NEXT; row++) {
        name_cut(one, sizeof one, cuts, e, row);
        if (length < sizeof text)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length ? "; " : "", one);
    }
    if (length)
        dr_sentences_add(page, "the next", "After it come the cut-offs of %s.", text);
}

/* Where a cut-off hurts more than it costs the supplier. */
static void say_leverage(dr_table *page, const dr_table *cuts, const dr_economy *e, const char *of)
{
    char goods[DR_SPOKEN_SIZE], from[DR_SPOKEN_SIZE], buyer[DR_SPOKEN_SIZE];
    size_t row = dr_table_largest(cuts, "leverage", 1, DR_NO_ROW), hurt = 0, none = 0;
    for (size_t j = 0; j < dr_table_rows(cuts); j++) {
        hurt += dr_table_at(cuts, j, "loss") > dr_table_at(cuts, j, "supplier_loss") ? 1 : 0;
        none += isnan(dr_table_at(cuts, j, "loss")) ? 1 : 0;
    }
    dr_spoken(buyer, e, of);
    char most[64] = "none";
    if (hurt > 0)
        snprintf(most, sizeof most, "%zu of %zu", hurt, dr_table_rows(cuts) - none);
    if (row != DR_NO_ROW)
        dr_sentences_add(page, "leverage",
                         "Relative to real income, %s loses more than the supplier in %s of the cut-offs. The ratio is "
                         "largest with %s from %s, where it loses %.3g times as much.",
                         buyer, most, dr_spoken_sector(goods, e, dr_table_text_at(cuts, row, "sector")),
                         dr_spoken(from, e, dr_table_text_at(cuts, row, "supplier")),
                         dr_table_at(cuts, row, "leverage"));
    if (none)
        dr_sentences_add(page, "leverage", "%zu cut-offs leave no equilibrium: nobody else supplies the good.", none);
}

dr_status dr_cut_summary(dr_table **out, const dr_economy *e, dr_table *cuts, const char *of)
{
    dr_table *page = NULL;
    char buyer[DR_SPOKEN_SIZE];
    size_t worst = dr_table_largest(cuts, "loss", 1, DR_NO_ROW);
    DR_TRY(dr_sentences_new(&page));
    dr_table_describe_as(page, cuts);
    dr_sentences_add(page, "question",
                     "What would %s lose if one supplier of one sector were cut off, each of %zu by itself, on the "
                     "trade of %d?",
                     dr_spoken(buyer, e, of), dr_table_rows(cuts), e->year);
    dr_sentences_move(page, "answer", cuts);
    if (worst != DR_NO_ROW)
        say_next(page, cuts, e, worst);
    say_leverage(page, cuts, e, of);
    dr_sentences_add(page, "how sure it is",
                     "Every equation of the model holds to %.0e in each of the cut-offs. All magnitudes depend on the "
                     "trade elasticities: how easily another supplier takes the place of the one that is cut off.",
                     dr_table_fact(cuts, "certificate.worst_residual"));
    dr_sentences_add(page, "what is left out",
                     "Stocks, the time that new suppliers need, and the response of others are not in it; products "
                     "within a sector are as hard to replace as the sector.");
    return dr_table_finish(out, page, DR_OK);
}
