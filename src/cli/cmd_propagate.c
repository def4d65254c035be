#include <string.h>

#include "base/csv.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "report/plot.h"
#include "report/sheet.h"
#include "report/wide.h"

static const char *const tables[] = {"regions", "path", "sectors", NULL}; /* in the order of dr_propagate_table */
static const char *const steps_of[] = {"day", "week", NULL};

static dr_status read_steps(const cli_line *line, int *steps)
{
    const char *text = cli_option_value(line, "steps");
    double number = 0;
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &number) || !(number >= 1 && number <= 36500) || number != (int)number)
        return cli_misuse(line, "--steps '%s': a whole number from 1 to 36500 was expected", text);
    *steps = (int)number;
    return DR_OK;
}

/* ---- Pictures ------------------------------------------------------------------------------------------------------- */

enum { DAY, REGION, VALUE_ADDED }; /* columns of the path */

/* The row with the lowest value added of all, but for those of the region in row `but` (-1: none). */
static size_t lowest_row(const dr_table *path, long but)
{
    size_t lowest = path->rows;
    for (size_t i = 0; i < path->rows; i++) {
        double value = dr_table_number(path, i, VALUE_ADDED);
        if (but >= 0 && strcmp(dr_table_text(path, i, REGION), dr_table_text(path, (size_t)but, REGION)) == 0)
            continue;
        if (lowest == path->rows || value < dr_table_number(path, lowest, VALUE_ADDED))
            lowest = i;
    }
    return lowest;
}

/* The two regions or groups that fall lowest, day by day. */
static dr_status plot_path(const cli_line *line, const dr_table *path)
{
    dr_table *pair = NULL;
    size_t first = lowest_row(path, -1), second = lowest_row(path, (long)first);
    const char *regions[] = {dr_table_text(path, first, REGION), dr_table_text(path, second, REGION)};
    DR_TRY(dr_wide_table(&pair, path, DAY, REGION, VALUE_ADDED, regions, 2));
    dr_plot plot = {.table = pair,
                    .kind = DR_PLOT_LINES,
                    .what = "value added, by day",
                    .rows = pair->rows,
                    .series = 2,
                    .columns = {1, 2},
                    .labels = {regions[0], regions[1]}};
    dr_status status = dr_plot_write(&plot, cli_option_value(line, "plot"));
    dr_table_free(pair);
    return status;
}

static dr_status plot_losses(const cli_line *line, const dr_table *table)
{
    bool sectors = cli_option_word(line, "table") == DR_PROPAGATE_SECTORS;
    dr_plot plot = {.table = table,
                    .kind = DR_PLOT_BARS,
                    .what = sectors ? "loss of output" : "loss of value added",
                    .key_more = sectors ? 1 : 0,
                    .rows = sectors ? table->rows : table->rows - 1, /* without all together */
                    .ranked = true,
                    .series = 1,
                    .columns = {(size_t)dr_table_find(table, "loss_share")},
                    .labels = {"over the run"}};
    return dr_plot_write(&plot, cli_option_value(line, "plot"));
}

static dr_status plot_table(const cli_line *line, const dr_table *table)
{
    if (!cli_option_value(line, "plot"))
        return DR_OK;
    return (cli_option_word(line, "table") == DR_PROPAGATE_PATH ? plot_path : plot_losses)(line, table);
}

/* ---- The command ---------------------------------------------------------------------------------------------------- */

static dr_status compute(dr_table **out, dr_world *world, const cli_line *line)
{
    cli_bar bar;
    dr_propagate_options options = {.size = sizeof(dr_propagate_options),
                                    .weekly = cli_option_word(line, "step") == 1,
                                    .table = (dr_propagate_table)cli_option_word(line, "table"),
                                    .progress = cli_bar_step,
                                    .user = &bar};
    DR_TRY(cli_year(line, &options.year));
    DR_TRY(read_steps(line, &options.steps));
    cli_bar_start(&bar, line);
    dr_status status = dr_propagate(out, world, cli_argument(line, 1), &options);
    cli_bar_end(&bar);
    return status;
}

static dr_status run_propagate(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    if (cli_option_value(line, "plot"))
        DR_TRY(dr_sheet_check(cli_option_value(line, "plot")));
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = compute(&table, world, line);
    dr_world_close(world);
    if (status == DR_OK)
        status = plot_table(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const cli_option arguments[] = {
    {"WORLD", .takes = CLI_FILE},
    {"SHOCK.yaml", .takes = CLI_FILE},
    {0},
};

static const cli_option options[] = {
    {"table", "TABLE", .takes = CLI_WORD, .help = "regions (the default), path (day by day) or sectors",
     .words = tables},
    {"steps", "N", .takes = CLI_TEXT, .help = "how many steps; without it, a year of them"},
    {"step", "STEP", .takes = CLI_WORD, .help = "how long a step is: day (the default) or week", .words = steps_of},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    {"plot", "FILE", .takes = CLI_FILE,
     .help = "draw the losses, or the path of the two worst hit: FILE.svg or FILE.png"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_propagate = {
    .name = "propagate",
    .summary = "what a supply stop does from day to day",
    .description =
        "Runs a supply stop, such as energy from one country to others, through the table in steps of days or weeks:\n"
        "inventories run down, what is short holds production back and is rationed, suppliers that are left expand.\n"
        "Shows the loss of value added, when it is worst, when it is over, and where it all comes to rest.",
    .example = "derisk propagate sample.world energy-stop.yaml",
    .arguments = arguments,
    .options = options,
    .run = run_propagate,
};
