#include <string.h>

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"
#include "cli/pictures.h"
#include "options/measure_rows.h"
#include "report/plot.h"
#include "report/wide.h"

static const char *const tables[] = {"regions", "path", "sectors", "summary",
                                     NULL}; /* in the order of dr_propagate_table */
static const char *const steps_of[] = {"day", "week", NULL};

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

enum { DAY, REGION, VALUE_ADDED }; /* columns of the path */

/* The row with the lowest value added, without those of the region in row `but` (-1: all rows count). */
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

/* The two regions or groups with the largest falls, day by day. */
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
    dr_status status = dr_plot_write(&plot, cli_text(line, "plot"));
    dr_table_free(pair);
    return status;
}

static dr_status plot_table(const cli_line *line, dr_table *table)
{
    bool path = cli_given(line, "plot") && cli_word(line, "table") == DR_PROPAGATE_PATH;
    return path ? plot_path(line, table) : cli_draw(line, table);
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

static dr_status compute(dr_table **out, dr_world *world, const cli_line *line)
{
    cli_bar bar;
    dr_propagate_options options = {.size = sizeof(dr_propagate_options),
                                    .year = cli_year(line),
                                    .steps = (int)cli_number(line, "steps"),
                                    .weekly = cli_word(line, "step") == 1,
                                    .table = (dr_propagate_table)cli_word(line, "table"),
                                    .draws = (size_t)cli_number(line, "draws"),
                                    .seed = (unsigned long long)cli_number(line, "seed"),
                                    .error = cli_number(line, "error"),
                                    .progress = cli_bar_step,
                                    .user = &bar};
    cli_bar_start(&bar, line);
    dr_status status = dr_propagate(out, world, cli_argument(line, 1), &options);
    cli_bar_end(&bar);
    return status;
}

static dr_status run_propagate(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = compute(&table, world, line);
    cli_world_close(line, world);
    if (status == DR_OK)
        status = plot_table(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"SHOCK.yaml", .kind = OPTION_FILE, .required = true, .help = "file that describes the supply stop"},
    {0},
};

static const option_row own[] = {
    {"table", "TABLE", .kind = OPTION_WORD, .words = tables, .fallback = "regions",
     .help = "losses by region, the path over time, losses by sector, or a summary in sentences"},
    {"steps", "N", .kind = OPTION_COUNT, .least = 1, .most = 36500, .fallback = "those of a year",
     .help = "number of steps"},
    {"step", "STEP", .kind = OPTION_WORD, .words = steps_of, .fallback = "day", .help = "length of a step"},
    {0},
};
static const option_row draws[] = {
    {"draws", "N", .kind = OPTION_COUNT, .least = 1, .most = 1e9,
     .help = "Monte Carlo: run N times, drawing inventories and the times to restock and expand"},
    {"seed", "SEED", .kind = OPTION_COUNT, .fallback = "1", .needs = "draws", .help = "seed of the random numbers"},
    {"error", "RATE", .kind = OPTION_RATE, .example = "25%", .needs = "draws",
     .help = "standard deviation of what is drawn, as a share of its value"},
    {0},
};

static const option_group options[] = {{"Options", .rows = own},
                                       {.rows = option_year_rows},
                                       {"Monte Carlo", .rows = draws},
                                       {.rows = cli_plot_rows},
                                       {"Output", .rows = cli_pick_rows},
                                       {.rows = cli_output_rows},
                                       {0}};

const cli_command cli_propagate = {
    .name = "propagate",
    .summary = "effects of a supply stop from day to day",
    .description =
        "Propagates a supply stop, such as energy from one country to others, through the table in steps of days or "
        "weeks: inventories are drawn down, scarce inputs limit production and are rationed, and the remaining "
        "suppliers expand. Shows the loss of value added, the worst day, the day of recovery and the new steady "
        "state. --plot draws the losses, or the path of the two regions that are hit hardest.",
    .example = "derisk propagate sample.world energy-stop.yaml",
    .arguments = arguments,
    .options = options,
    .run = run_propagate,
};
