#include <string.h>

#include "cli/commands.h"
#include "cli/emit.h"
#include "report/chart.h"
#include "report/plot.h"
#include "report/sheet.h"

static const char *const breakdowns[] = {"sector", "year", NULL};
static const char *const term_sets[] = {"borin-mancini", "kww", NULL};

static bool given(const cli_line *line, const char *option)
{
    return cli_option_value(line, option) != NULL;
}

static dr_balance_by by_of(const cli_line *line)
{
    static const dr_balance_by values[] = {DR_BALANCE_BY_SECTOR, DR_BALANCE_BY_YEAR};
    return given(line, "by") ? values[cli_option_word(line, "by")] : DR_BALANCE_TOTAL;
}

static dr_status check_options(const cli_line *line)
{
    if (given(line, "terms") && (given(line, "by") || given(line, "value-added")))
        return cli_misuse(line,
                          "--terms shows one year's exports in terms, and goes with neither --by nor --value-added");
    if (by_of(line) == DR_BALANCE_BY_YEAR && given(line, "year"))
        return cli_misuse(line, "--by year shows all years: it does not go with --year");
    if (!given(line, "plot"))
        return DR_OK;
    if (!given(line, "by") && !given(line, "terms"))
        return cli_misuse(line, "--plot draws --by sector, --by year or --terms: one of them was expected");
    return dr_sheet_check(cli_option_value(line, "plot"));
}

/* ---- Pictures ------------------------------------------------------------------------------------------------------- */

/* The columns of a balance or of terms that are drawn. */
static void choose_series(dr_plot *plot, const cli_line *line)
{
    const char *b = cli_argument(line, 2);
    const char *names[] = {"balance", "value_added_balance"};
    plot->labels[0] = "gross";
    plot->labels[1] = "in value added";
    if (given(line, "terms")) {
        names[0] = "share";
        names[1] = "partner_share";
        plot->labels[0] = cli_argument(line, 1);
        plot->labels[1] = b ? b : "all others";
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int column = dr_table_find(plot->table, names[i]);
        if (column >= 0)
            plot->columns[plot->series++] = (size_t)column;
    }
}

static dr_status plot_table(const cli_line *line, const dr_table *table)
{
    bool terms = given(line, "terms"), years = by_of(line) == DR_BALANCE_BY_YEAR;
    dr_plot plot = {
        .table = table,
        .kind = years ? DR_PLOT_LINES : DR_PLOT_BARS,
        .what = terms ? "share of gross exports" : "balance (exports less imports)",
        .key = terms ? (size_t)dr_table_find(table, "meaning") : 0,
        .rows = years ? table->rows : table->rows - 1, /* without the sum */
        .ranked = !terms && !years,
    };
    choose_series(&plot, line);
    return dr_plot_write(&plot, cli_option_value(line, "plot"));
}

/* Below the text, for people. */
static void draw_chart(const cli_line *line, const dr_table *table)
{
    int gross = dr_table_find(table, "balance"), value_added = dr_table_find(table, "value_added_balance");
    if (cli_format(line) != DR_FORMAT_TEXT || given(line, "output"))
        return;
    printf("\nbalance%s\n", value_added >= 0 ? ": █ in value added, ░ gross" : "");
    dr_chart_write(table, 0, (size_t)gross, (size_t)(value_added >= 0 ? value_added : gross), stdout);
}

/* ---- The command ---------------------------------------------------------------------------------------------------- */

static dr_status compute(dr_table **out, dr_world *world, const cli_line *line)
{
    const char *a = cli_argument(line, 1), *b = cli_argument(line, 2);
    cli_bar bar;
    dr_balance_options options = {.size = sizeof(dr_balance_options),
                                  .by = by_of(line),
                                  .value_added = given(line, "value-added"),
                                  .progress = cli_bar_step,
                                  .user = &bar};
    DR_TRY(cli_year(line, &options.year));
    if (given(line, "terms"))
        return dr_export_terms(out, world, a, b, options.year,
                               cli_option_word(line, "terms") ? DR_TERMS_KWW : DR_TERMS_BORIN_MANCINI);
    cli_bar_start(&bar, line);
    dr_status status = dr_balance(out, world, a, b, &options);
    cli_bar_end(&bar);
    return status;
}

static dr_status run_balance(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(check_options(line));
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = compute(&table, world, line);
    dr_world_close(world);
    if (status == DR_OK && given(line, "plot"))
        status = plot_table(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    if (status == DR_OK && by_of(line) == DR_BALANCE_BY_YEAR)
        draw_chart(line, table);
    dr_table_free(table);
    return status;
}

static const cli_option arguments[] = {
    {"WORLD", .takes = CLI_FILE},
    {"A", .takes = CLI_TEXT},
    {"B", .takes = CLI_TEXT, .optional = true},
    {0},
};

static const cli_option options[] = {
    {"value-added", NULL, .takes = CLI_NOTHING,
     .help = "also in value added: whose value is in what the other finally uses"},
    {"by", "WHAT", .takes = CLI_WORD, .help = "by sector, or by year, with a chart", .words = breakdowns},
    {"terms", "SET", .takes = CLI_WORD,
     .help = "exports split into value added and double counting: borin-mancini or kww", .words = term_sets},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    {"plot", "FILE", .takes = CLI_FILE, .help = "draw what --by or --terms shows: FILE.svg or FILE.png"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_balance = {
    .name = "balance",
    .summary = "what two economies sell to each other, gross and in value added",
    .description =
        "Shows the exports of A to B, its imports from B and the balance of both. A and B are regions or groups, or\n"
        "lists of them joined by commas; without B, all others. --terms tells whose value gross exports hold:\n"
        "borin-mancini those of A to B and of B to A, kww all exports of A and all of B.",
    .example = "derisk balance sample.world EU CHN --value-added",
    .arguments = arguments,
    .options = options,
    .run = run_balance,
};
