#include "dynamics/propagate_answer.h"

#include <math.h>

#include "base/money.h"
#include "base/table_rows.h"
#include "world/describe.h"

/* Of regions: the largest loss in money, the largest relative to size, and that of all. */
static void say_regions(dr_table *table, const dr_economy *names, size_t days)
{
    char who[DR_SPOKEN_SIZE], other[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    size_t most = dr_table_largest(table, "loss", 1, DR_NO_ROW);
    size_t share = dr_table_largest(table, "loss_share", 1, DR_NO_ROW), all = dr_table_total(table);
    if (most == DR_NO_ROW || !(dr_table_at(table, most, "loss") > 0)) {
        dr_table_say(table, "No region loses value added in these %zu days.", days);
        return;
    }
    dr_table_say(table, "%s loses most: value added of %s in %zu days, %.2f%% of it.",
                 dr_spoken(who, names, dr_table_text_at(table, most, "region")),
                 dr_money(money, dr_table_at(table, most, "loss"), table->unit), days,
                 dr_table_at(table, most, "loss_share"));
    if (share != most)
        dr_table_say(table, "Relative to its size %s loses most, %.2f%%, and is %.2f%% below the base on day %.0f.",
                     dr_spoken(other, names, dr_table_text_at(table, share, "region")),
                     dr_table_at(table, share, "loss_share"), -dr_table_at(table, share, "lowest"),
                     dr_table_at(table, share, "lowest_day"));
    if (all != DR_NO_ROW)
        dr_table_say(
            table, "All regions together %s %s, %.2f%%.", dr_table_at(table, all, "loss") < 0 ? "gain" : "lose",
            dr_money(money, dr_table_at(table, all, "loss"), table->unit), fabs(dr_table_at(table, all, "loss_share")));
}

static void say_sectors(dr_table *table, const dr_economy *names, size_t days)
{
    char who[DR_SPOKEN_SIZE], what[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    size_t most = dr_table_largest(table, "loss", 1, DR_NO_ROW);
    if (most == DR_NO_ROW || !(dr_table_at(table, most, "loss") > 0))
        return;
    dr_table_say(table, "The largest loss of output in %zu days is that of %s in %s: %s, %.2f%% of it.", days,
                 dr_spoken_sector(what, names, dr_table_text_at(table, most, "sector")),
                 dr_spoken(who, names, dr_table_text_at(table, most, "region")),
                 dr_money(money, dr_table_at(table, most, "loss"), table->unit),
                 dr_table_at(table, most, "loss_share"));
}

static void say_path(dr_table *table, const dr_economy *names)
{
    char who[DR_SPOKEN_SIZE];
    size_t lowest = dr_table_largest(table, "value_added", -1, DR_NO_ROW);
    if (lowest == DR_NO_ROW || !(dr_table_at(table, lowest, "value_added") < 0))
        return;
    dr_table_say(table, "Value added falls furthest in %s, to %.2f%% below the base on day %.0f.",
                 dr_spoken(who, names, dr_table_text_at(table, lowest, "region")),
                 -dr_table_at(table, lowest, "value_added"), dr_table_at(table, lowest, "day"));
}

void dr_propagate_answer(dr_table *table, const dr_economy *names, size_t days)
{
    bool path = dr_table_find(table, "day") >= 0;
    int rank = dr_table_find(table, path ? "value_added" : "loss");
    dr_describe_names(table, names);
    dr_table_rank(table, (size_t)rank);
    if (path)
        say_path(table, names);
    else if (dr_table_find(table, "sector") >= 0)
        say_sectors(table, names, days);
    else
        say_regions(table, names, days);
}
