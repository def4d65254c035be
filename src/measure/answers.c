#include "measure/answers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/print.h"
#include "base/table_rows.h"
#include "world/describe.h"

static int year_of(const dr_table *table)
{
    return (int)dr_table_fact(table, "year");
}

static void rank_by(dr_table *table, const char *column)
{
    int found = dr_table_find(table, column);
    if (found >= 0)
        dr_table_rank(table, (size_t)found);
}

/* Names in a sentence: of two sides, and of an item of the table; and sums of money. */
typedef struct words {
    char a[DR_SPOKEN_SIZE], b[DR_SPOKEN_SIZE], item[DR_SPOKEN_SIZE], other[DR_SPOKEN_SIZE];
    char money[4][DR_MONEY_SIZE];
} words;

static void name_sides(words *w, const dr_economy *names, const char *a, const char *b)
{
    dr_spoken(w->a, names, a);
    dr_spoken(w->b, names, b);
}

static const char *surplus(double balance)
{
    return balance < 0 ? "deficit" : "surplus";
}

/* ---- Balances ---------------------------------------------------------------------------------------------------- */

static void say_trade(dr_table *table, words *w, const char *b, size_t row, int year)
{
    double exports = dr_table_at(table, row, "exports"), imports = dr_table_at(table, row, "imports");
    const char *them = !b || strchr(b, ',') ? "them" : "it";
    dr_table_say(table, "In %d %s bought goods and services for %s from %s and sold %s %s: a %s of %s.", year, w->a,
                 dr_money(w->money[0], imports, table->unit), w->b, them,
                 dr_money_short(w->money[1], exports, table->unit), surplus(exports - imports),
                 dr_money_short(w->money[2], exports - imports, table->unit));
}

/* The largest gaps of sectors, on the side of the total first. */
static void say_sectors(dr_table *table, words *w, const dr_economy *names, double total)
{
    double sign = total < 0 ? -1 : 1;
    size_t first = dr_table_largest(table, "balance", sign, DR_NO_ROW),
           second = dr_table_largest(table, "balance", -sign, first);
    if (first == DR_NO_ROW || second == DR_NO_ROW || sign * dr_table_at(table, first, "balance") <= 0)
        return;
    bool both = sign * dr_table_at(table, second, "balance") < 0;
    if (!both)
        second = dr_table_largest(table, "balance", sign, first);
    dr_table_say(table, "The largest %s is in %s (%s), %s in %s (%s).", surplus(total),
                 dr_spoken_sector(w->item, names, dr_table_text_at(table, first, "sector")),
                 dr_money_short(w->money[0], dr_table_at(table, first, "balance"), table->unit),
                 !both       ? "the second"
                 : total < 0 ? "the largest surplus"
                             : "the largest deficit",
                 dr_spoken_sector(w->other, names, dr_table_text_at(table, second, "sector")),
                 dr_money_short(w->money[1], dr_table_at(table, second, "balance"), table->unit));
}

/* From the first year of a table to the last. */
static void say_years(dr_table *table, words *w)
{
    size_t last = table->rows - 1, widest = 0;
    double from = dr_table_at(table, 0, "balance"), to = dr_table_at(table, last, "balance");
    for (size_t row = 1; row <= last; row++)
        if (fabs(dr_table_at(table, row, "balance")) > fabs(dr_table_at(table, widest, "balance")))
            widest = row;
    double most = dr_table_at(table, widest, "balance");
    dr_table_say(table, "The trade of %s with %s went from a %s of %s in %.0f to a %s of %s in %.0f.", w->a, w->b,
                 surplus(from), dr_money(w->money[0], from, table->unit), dr_table_at(table, 0, "year"), surplus(to),
                 dr_money_short(w->money[1], to, table->unit), dr_table_at(table, last, "year"));
    if (widest > 0 && widest < last)
        dr_table_say(table, "The gap was widest in %.0f: a %s of %s.", dr_table_at(table, widest, "year"),
                     surplus(most), dr_money_short(w->money[2], most, table->unit));
}

static void say_account(dr_table *table, words *w, const char *account, size_t row, int year)
{
    dr_table_say(table,
                 "In %d producers in %s had %s of %s for the final use of %s, and those in %s had %s for that of %s.",
                 year, w->a, dr_money(w->money[0], dr_table_at(table, row, "exports"), table->unit), account, w->b,
                 w->b, dr_money(w->money[1], dr_table_at(table, row, "imports"), table->unit), w->a);
}

void dr_answer_balance(dr_table *table, const dr_economy *names, const char *a, const char *b, const char *account)
{
    words w;
    size_t last = table->rows - 1;
    if (table->rows == 0)
        return;
    bool sectors = (dr_table_find(table, "sector") >= 0);
    int year = sectors ? year_of(table) : (int)dr_table_at(table, last, "year");
    double value_added = dr_table_at(table, last, "value_added_balance");
    name_sides(&w, names, a, b);
    if (account)
        say_account(table, &w, account, last, year);
    else if (last > 0 && !sectors)
        say_years(table, &w);
    else
        say_trade(table, &w, b, last, year);
    if (sectors) {
        say_sectors(table, &w, names, dr_table_at(table, last, "balance"));
        rank_by(table, "balance");
    } else
        dr_table_keep_rows(table);
    if (!isnan(value_added))
        dr_table_say(table,
                     "In value added, which counts what each side adds to the final use of the other through all "
                     "countries, it is a %s of %s%s.",
                     surplus(value_added), dr_money(w.money[0], value_added, table->unit),
                     last > 0 && !sectors ? " in the last year" : "");
    dr_describe_names(table, names);
}

/* The share of the terms of one part in gross exports. */
static double part_share(const dr_table *table, const char *part)
{
    double sum = 0;
    for (size_t row = 0; row < table->rows; row++)
        if (strcmp(dr_table_text_at(table, row, "part"), part) == 0)
            sum += dr_table_at(table, row, "share");
    return 100 * sum;
}

void dr_answer_terms(dr_table *table, const dr_economy *names, const char *a, const char *b)
{
    words w;
    size_t total = dr_table_total(table);
    dr_table_keep_rows(table);
    if (total == DR_NO_ROW || !(dr_table_at(table, total, "exports") > 0))
        return;
    bool bilateral = b && strcmp(dr_table_text_at(table, 0, "term"), "kww1") != 0;
    name_sides(&w, names, a, b);
    dr_table_say(table,
                 "In %d %s exported goods and services for %s%s%s: %.2f%% of this is its value added that is used "
                 "abroad, %.2f%% its value added that comes home in the end, %.2f%% value added of others, and %.2f%% "
                 "is counted more than once.",
                 year_of(table), w.a, dr_money(w.money[0], dr_table_at(table, total, "exports"), table->unit),
                 bilateral ? " to " : "", bilateral ? w.b : "", part_share(table, "value added abroad"),
                 part_share(table, "returns home"), part_share(table, "foreign value added"),
                 part_share(table, "double counting"));
}

/* ---- Exposure ---------------------------------------------------------------------------------------------------- */

/* "Dependence is largest for textiles (16.77% of use) and electrical equipment (16.45%).": the first two rows. */
static void say_largest(dr_table *table, words *w, const dr_economy *names, const char *column, const char *begin,
                        const char *of)
{
    size_t first = dr_table_largest(table, column, 1, DR_NO_ROW), second = dr_table_largest(table, column, 1, first);
    if (first == DR_NO_ROW || !(dr_table_at(table, first, column) > 0))
        return;
    dr_spoken_sector(w->item, names, dr_table_text_at(table, first, "sector"));
    if (second == DR_NO_ROW || !(dr_table_at(table, second, column) > 0)) {
        dr_table_say(table, "%s %s (%.2f%%%s).", begin, w->item, 100 * dr_table_at(table, first, column), of);
        return;
    }
    dr_table_say(table, "%s %s (%.2f%%%s) and %s (%.2f%%).", begin, w->item, 100 * dr_table_at(table, first, column),
                 of, dr_spoken_sector(w->other, names, dr_table_text_at(table, second, "sector")),
                 100 * dr_table_at(table, second, column));
}

static void say_exposure(dr_table *table, words *w, const char *to, size_t total)
{
    if (to)
        dr_table_say(
            table,
            "In %d %s imported goods and services for %s from %s: %.2f%% of its imports, and %.2f%% of all "
            "that it bought at home and abroad.",
            year_of(table), w->a, dr_money(w->money[0], dr_table_at(table, total, "imports_from"), table->unit), w->b,
            100 * dr_table_at(table, total, "share_of_imports"), 100 * dr_table_at(table, total, "share_of_use"));
    else
        dr_table_say(table, "In %d %s imported goods and services for %s, %.2f%% of all that it bought.",
                     year_of(table), w->a, dr_money(w->money[0], dr_table_at(table, total, "imports"), table->unit),
                     100 * dr_table_at(table, total, "share_of_use"));
}

static void say_embodied(dr_table *table, words *w, const char *to, const char *account, size_t total)
{
    const char *there = to ? w->b : "other regions", *imports = to ? "imports_from" : "imports",
               *exports = to ? "exports_to" : "exports";
    dr_table_say(table,
                 "In %d producers in %s had %s of %s for the final use of %s, %.2f%% of all that it holds; those in %s "
                 "had %s for the final use of %s, %.2f%% of all that they have.",
                 year_of(table), there, dr_money(w->money[0], dr_table_at(table, total, imports), table->unit), account,
                 w->a, 100 * dr_table_at(table, total, "share_of_use"), w->a,
                 dr_money(w->money[1], dr_table_at(table, total, exports), table->unit), there,
                 100 * dr_table_at(table, total, "share_of_output"));
}

void dr_answer_exposure(dr_table *table, const dr_economy *names, const char *of, const char *to, const char *account)
{
    words w;
    size_t total = dr_table_total(table);
    name_sides(&w, names, of, to);
    dr_describe_names(table, names);
    if (total == DR_NO_ROW || !(dr_table_at(table, total, "imports") > 0))
        return;
    if (account)
        say_embodied(table, &w, to, account, total);
    else
        say_exposure(table, &w, to, total);
    say_largest(table, &w, names, "share_of_use", "Dependence is largest in", account ? " of use" : " of purchases");
}

void dr_answer_partners(dr_table *table, const dr_economy *names, const char *of)
{
    char list[512] = "", money[DR_MONEY_SIZE];
    words w;
    size_t total = dr_table_total(table), size = 0;
    dr_spoken(w.a, names, of);
    dr_describe_names(table, names);
    if (total == DR_NO_ROW || !(dr_table_at(table, total, "imports") > 0))
        return;
    size_t named = total < 3 ? total : 3;
    for (size_t row = 0; row < named; row++) /* the largest imports first */
        size += (size_t)dr_print_text(list + size, sizeof list - size, "%s%s (%.2f%%)",
                                      row == 0          ? ""
                                      : row + 1 < named ? ", "
                                                        : " and ",
                                      dr_spoken(w.item, names, dr_table_text_at(table, row, "partner")),
                                      100 * dr_table_at(table, row, "share_of_imports"));
    dr_table_say(table, "In %d %s imported goods and services for %s, the largest parts from %s.", year_of(table), w.a,
                 dr_money(money, dr_table_at(table, total, "imports"), table->unit), list);
}

void dr_answer_hidden(dr_table *table, const dr_economy *names, const char *of, const char *to)
{
    words w;
    size_t total = dr_table_total(table),
           first = dr_table_largest(table, "total_share_of_upstream_output", 1, DR_NO_ROW);
    name_sides(&w, names, of, to);
    dr_describe_names(table, names);
    if (total == DR_NO_ROW || isnan(dr_table_at(table, total, "direct_share_of_inputs")))
        return;
    const char *from = to ? w.b : "abroad", *there = to ? "there" : "abroad";
    dr_table_say(table,
                 "Of the inputs that %s bought in %d, %.2f%% came directly from %s. Of the output behind them at all "
                 "stages of production, %.2f%% was made %s: %.2f%% for direct sale to %s and %.2f%% for other "
                 "suppliers.",
                 w.a, year_of(table), 100 * dr_table_at(table, total, "direct_share_of_inputs"), from,
                 100 * dr_table_at(table, total, "total_share_of_upstream_output"), there,
                 100 * dr_table_at(table, total, "direct_share_of_upstream_output"), w.a,
                 100 * dr_table_at(table, total, "indirect_share_of_upstream_output"));
    if (to)
        say_largest(table, &w, names, "total_share_of_upstream_output", "The largest shares are those of",
                    " of upstream output");
    else if (first != DR_NO_ROW)
        dr_table_say(table, "The largest supplier, counting all stages, is %s with %.2f%%.",
                     dr_spoken(w.item, names, dr_table_text_at(table, first, "supplier")),
                     100 * dr_table_at(table, first, "total_share_of_upstream_output"));
}

void dr_answer_routes(dr_table *table, const dr_economy *names, const char *of, const char *to)
{
    words w;
    dr_table_keep_rows(table); /* as many as were asked for */
    if (table->rows == 0)
        return;
    name_sides(&w, names, of, to);
    dr_table_say(table,
                 "The largest supply chain from %s to %s carried %s in %d, %.2f%% of all direct and indirect "
                 "deliveries: %s.",
                 w.b, w.a, dr_money(w.money[0], dr_table_at(table, 0, "value"), table->unit), year_of(table),
                 100 * dr_table_at(table, 0, "share_of_total"), dr_table_text_at(table, 0, "route"));
}

void dr_answer_energy(dr_table *table, const char *of, const char *to)
{
    char money[DR_MONEY_SIZE];
    words w;
    name_sides(&w, NULL, of, to);
    double last = 0;
    for (size_t row = 0; row < table->rows; row++)
        last = fmax(last, dr_table_at(table, row, "year"));
    for (size_t row = 0; row < table->rows; row++) {
        bool whole = strcmp(dr_table_text_at(table, row, "importer"), of) == 0;
        if (!whole || dr_table_at(table, row, "year") != last || isnan(dr_table_at(table, row, "share")))
            continue;
        dr_table_say(table, "In %.0f %s imported %s of %s from %s, %.2f%% of its imports.", last, w.a,
                     dr_money(money, dr_table_at(table, row, "imports_from"), dr_table_text_at(table, row, "unit")),
                     dr_table_text_at(table, row, "fuel"), w.b, 100 * dr_table_at(table, row, "share"));
    }
    dr_describe_names(table, NULL);
}

/* ---- Footprints and positions ------------------------------------------------------------------------------------ */

/* Of regions: producers against final users, of the total or the only row. */
static void say_footprint(dr_table *table, words *w, const dr_economy *names, const char *account, size_t row)
{
    double made = dr_table_at(table, row, "production"), used = dr_table_at(table, row, "consumption");
    size_t first = dr_table_largest(table, "consumption", 1, DR_NO_ROW);
    bool alone = strcmp(w->a, "all regions") != 0;
    if (isnan(made) || isnan(used))
        return;
    if (alone)
        dr_table_say(table,
                     "In %d producers in %s had %s of %s, and its final use held %s through all stages and countries: "
                     "%.2f%% %s.",
                     year_of(table), w->a, dr_money(w->money[0], made, table->unit), account,
                     dr_money(w->money[1], used, table->unit), 100 * fabs(used / made - 1),
                     used < made ? "less" : "more");
    else if (first != DR_NO_ROW)
        dr_table_say(table, "In %d final use held %s of %s in all regions together, most of it in %s (%.2f%%).",
                     year_of(table), dr_money(w->money[0], used, table->unit), account,
                     dr_spoken(w->item, names, dr_table_text_at(table, first, "region")),
                     100 * dr_table_at(table, first, "consumption") / used);
}

/* Of pairs: the largest between two regions; of sectors: that of most production and of most final use. */
static void say_parts(dr_table *table, words *w, const dr_economy *names, const char *account)
{
    for (size_t row = 0; row < table->rows && dr_table_find(table, "producer") >= 0; row++) {
        const char *from = dr_table_text_at(table, row, "producer"), *to = dr_table_text_at(table, row, "consumer");
        if (strcmp(from, to) == 0)
            continue;
        dr_table_say(table,
                     "In %d the largest flow of %s between regions went from producers in %s to final users in %s: %s.",
                     year_of(table), account, dr_spoken(w->item, names, from), dr_spoken(w->other, names, to),
                     dr_money(w->money[0], dr_table_at(table, row, "value"), table->unit));
        return;
    }
    size_t made = dr_table_largest(table, "production", 1, DR_NO_ROW),
           used = dr_table_largest(table, "consumption", 1, DR_NO_ROW);
    if (dr_table_find(table, "sector") < 0 || made == DR_NO_ROW || used == DR_NO_ROW)
        return;
    dr_table_say(table,
                 "Among the sectors of %s, producers of %s had most of it in %d (%s); among final goods, %s (%s).",
                 w->a, dr_spoken_sector(w->item, names, dr_table_text_at(table, made, "sector")), year_of(table),
                 dr_money(w->money[0], dr_table_at(table, made, "production"), table->unit),
                 dr_spoken_sector(w->other, names, dr_table_text_at(table, used, "sector")),
                 dr_money(w->money[1], dr_table_at(table, used, "consumption"), table->unit));
}

/* From the first year of a table to the last. */
static void say_footprint_years(dr_table *table, words *w, const char *account)
{
    size_t last = table->rows - 1;
    dr_table_keep_rows(table);
    if (last == 0)
        return;
    dr_table_say(table,
                 "From %.0f to %.0f production of %s in %s went from %s to %s, and what its final use holds of all "
                 "stages and countries from %s to %s.",
                 dr_table_at(table, 0, "year"), dr_table_at(table, last, "year"), account, w->a,
                 dr_money(w->money[0], dr_table_at(table, 0, "production"), table->unit),
                 dr_money(w->money[1], dr_table_at(table, last, "production"), table->unit),
                 dr_money(w->money[2], dr_table_at(table, 0, "consumption"), table->unit),
                 dr_money(w->money[3], dr_table_at(table, last, "consumption"), table->unit));
}

void dr_answer_footprint(dr_table *table, const dr_economy *names, const char *of, const char *account)
{
    words w;
    size_t total = dr_table_total(table);
    dr_spoken(w.a, names, of ? of : "all");
    if (dr_table_find(table, "year") >= 0 && table->rows > 0)
        say_footprint_years(table, &w, account);
    else if (dr_table_find(table, "region") >= 0 && table->rows > 0)
        say_footprint(table, &w, names, account, total == DR_NO_ROW ? 0 : total);
    else
        say_parts(table, &w, names, account);
    if (dr_table_find(table, "year") < 0)
        rank_by(table, "consumption");
    dr_describe_names(table, names);
}

void dr_answer_position(dr_table *table, const dr_economy *names, const char *of)
{
    words w;
    bool regions = dr_table_find(table, "region") >= 0;
    const char *key = regions ? "region" : "sector";
    const char *(*speak)(char *, const dr_economy *, const char *) = regions ? dr_spoken : dr_spoken_sector;
    size_t total = dr_table_total(table), far = dr_table_largest(table, "upstreamness", 1, DR_NO_ROW);
    size_t near = dr_table_largest(table, "upstreamness", -1, far);
    dr_spoken(w.a, names, of ? of : "all");
    rank_by(table, "upstreamness");
    dr_describe_names(table, names);
    if (total == DR_NO_ROW || far == DR_NO_ROW || isnan(dr_table_at(table, total, "upstreamness")))
        return;
    dr_table_say(table, "In %d the output of %s was %.2f stages of production away from final use on average.",
                 year_of(table), w.a, dr_table_at(table, total, "upstreamness"));
    if (near != DR_NO_ROW)
        dr_table_say(table, "Furthest away is %s (%.2f stages), nearest is %s (%.2f).",
                     speak(w.item, names, dr_table_text_at(table, far, key)), dr_table_at(table, far, "upstreamness"),
                     speak(w.other, names, dr_table_text_at(table, near, key)),
                     dr_table_at(table, near, "upstreamness"));
}
