#include "cli/demo_gap.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "base/print.h"
#include "base/table.h"
#include "report/plot.h"

enum { PATH_SIZE = 4096, EXPORTS = 1, IMPORTS, BALANCE };

/* The members of 2022 in every year, so that the balance does not change with them. */
static const char members[] = "EU@2022";

static dr_status load_balance(dr_table **out, const char *path, const char *a)
{
    dr_world *world = NULL;
    DR_TRY(dr_world_open(&world, path));
    dr_status status = dr_balance(out, world, a, "CHN", &DR_OPTIONS(dr_balance_options, .by = DR_BALANCE_BY_YEAR));
    dr_world_close(world);
    return status;
}

/* Balances in billions, from those in millions. */
static dr_status in_billions(dr_table **out, const dr_table *balance)
{
    static const dr_column_spec columns[] = {{"year", DR_SHOW_COUNT},
                                             {"sold_to_China", DR_SHOW_VALUE},
                                             {"bought_from_China", DR_SHOW_VALUE},
                                             {"balance", DR_SHOW_VALUE}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 4));
    dr_table_set_title(table, "Trade of the EU with China in goods and services");
    dr_table_set_unit(table, "billion US dollars, current prices");
    dr_table_add_fact_text(table, "source", dr_table_fact_text(balance, "source"));
    dr_table_add_note(table, "the 27 members of 2022 in every year");
    for (size_t row = 0; row < dr_table_rows(balance); row++) {
        dr_table_add_row(table);
        dr_table_set_number(table, row, 0, dr_table_number(balance, row, 0));
        for (size_t column = EXPORTS; column <= BALANCE; column++)
            dr_table_set_number(table, row, column, dr_table_number(balance, row, column) / 1e3);
    }
    return dr_table_finish(out, table, DR_OK);
}

static const char *gap_word(double balance)
{
    return balance < 0 ? "deficit" : "surplus";
}

/* What the table says: the last surplus, and the last year. */
static void print_headline(const dr_table *table)
{
    size_t last = dr_table_rows(table) - 1, before = last;
    while (before > 0 && dr_table_number(table, before, BALANCE) < 0)
        before--;
    double then = dr_table_number(table, before, BALANCE), now = dr_table_number(table, last, BALANCE);
    dr_print(stdout,
             "The EU and China, %.0f to %.0f\n\n"
             "In %.0f the EU had a %s of %.1f billion US dollars in its trade with China, in %.0f a %s of %.1f "
             "billion.\n\n",
             dr_table_number(table, 0, 0), dr_table_number(table, last, 0), dr_table_number(table, before, 0),
             gap_word(then), fabs(then), dr_table_number(table, last, 0), gap_word(now), fabs(now));
}

static dr_status draw(const dr_table *table, const char *folder)
{
    char path[PATH_SIZE];
    const dr_plot plot = {.table = table,
                          .kind = DR_PLOT_LINES,
                          .what = "balance (sales less purchases)",
                          .rows = dr_table_rows(table),
                          .series = 1,
                          .columns = {BALANCE},
                          .labels = {"balance"}};
    int length = snprintf(path, sizeof path, "%s/eu-china.svg", folder);
    if (length >= PATH_SIZE)
        return dr_fail(DR_BAD_INPUT, "%s: the name of the folder is too long", folder);
    return dr_plot_write(&plot, path);
}

dr_status cli_demo_gap(const char *world, const char *pictures)
{
    dr_table *balance = NULL, *table = NULL;
    DR_TRY(load_balance(&balance, world, members));
    dr_status status = in_billions(&table, balance);
    if (status == DR_OK) {
        print_headline(table);
        status = dr_table_write(table, DR_FORMAT_TEXT, NULL);
    }
    if (status == DR_OK && pictures)
        status = draw(table, pictures);
    dr_table_free(balance);
    dr_table_free(table);
    return status;
}
