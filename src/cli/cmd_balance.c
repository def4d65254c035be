#include <string.h>

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"
#include "cli/pictures.h"
#include "options/measure_rows.h"
#include "report/chart.h"

static const char *const breakdowns[] = {"sector", "year", NULL};
static const char *const term_sets[] = {"borin-mancini", "kww", NULL};

static dr_balance_by by_of(const cli_line *line)
{
    static const dr_balance_by values[] = {DR_BALANCE_BY_SECTOR, DR_BALANCE_BY_YEAR};
    return cli_given(line, "by") ? values[cli_word(line, "by")] : DR_BALANCE_TOTAL;
}

/* ---- The chart --------------------------------------------------------------------------------------------------- */

/* A chart below the text format. */
static void draw_chart(const cli_line *line, const dr_table *table)
{
    int gross = dr_table_find(table, "balance"), value_added = dr_table_find(table, "value_added_balance");
    if (cli_format(line) != DR_FORMAT_TEXT || cli_given(line, "output"))
        return;
    printf("\nbalance%s\n", value_added >= 0 ? ": █ in value added, ░ gross" : "");
    dr_chart_write(table, 0, (size_t)gross, (size_t)(value_added >= 0 ? value_added : gross), stdout);
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

static dr_status compute(dr_table **out, dr_world *world, const cli_line *line)
{
    const char *a = cli_argument(line, 1), *b = cli_argument(line, 2);
    cli_bar bar;
    dr_balance_options options = {.size = sizeof(dr_balance_options),
                                  .by = by_of(line),
                                  .year = cli_year(line),
                                  .value_added = cli_given(line, "value-added"),
                                  .account = cli_text(line, "account"),
                                  .progress = cli_bar_step,
                                  .user = &bar};
    if (cli_given(line, "terms"))
        return dr_export_terms(out, world, a, b, options.year,
                               cli_word(line, "terms") ? DR_TERMS_KWW : DR_TERMS_BORIN_MANCINI);
    cli_bar_start(&bar, line);
    dr_status status = dr_balance(out, world, a, b, &options);
    cli_bar_end(&bar);
    return status;
}

static dr_status run_balance(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = compute(&table, world, line);
    cli_world_close(line, world);
    if (status == DR_OK)
        status = cli_draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    if (status == DR_OK && by_of(line) == DR_BALANCE_BY_YEAR)
        draw_chart(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"A", .kind = OPTION_REGION, .required = true, .help = "region or group, or several separated by commas"},
    {"B", .kind = OPTION_REGION, .help = "partner; default: all others"},
    {0},
};

static const option_row own[] = {
    {"by", "WHAT", .kind = OPTION_WORD, .words = breakdowns,
     .help = "break the balance down by sector, or show all years with a chart"},
    {"terms", "SET", .kind = OPTION_WORD, .words = term_sets, .excludes = "by value-added account",
     .help = "decompose gross exports of one year into value added and double counting"},
    {0},
};
static const option_row plot[] = {
    {"plot", "FILE", .kind = OPTION_FILE, .words = dr_sheet_endings, .needs = "by terms",
     .help = "also draw the result: FILE.svg, .png or .pdf"},
    {0},
};
static const option_group options[] = {
    {"Options", .rows = own}, {.rows = option_balance_rows}, {.rows = plot}, {"Output", .rows = cli_output_rows}, {0}};

const cli_command cli_balance = {
    .name = "balance",
    .summary = "bilateral trade balances, gross and in value added",
    .description =
        "Shows the exports of A to B, its imports from B and the balance of both. A and B are regions or groups, or "
        "lists of them separated by commas. --terms decomposes gross exports: borin-mancini those of A to B and of B "
        "to A, kww all exports of A and all exports of B.",
    .example = "derisk balance sample.world EU CHN --value-added",
    .arguments = arguments,
    .options = options,
    .run = run_balance,
};
