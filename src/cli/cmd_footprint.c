#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"
#include "cli/pictures.h"
#include "options/measure_rows.h"

static dr_footprint_by by_of(const cli_line *line)
{
    return cli_given(line, "by") ? (dr_footprint_by)cli_word(line, "by") : DR_FOOTPRINT_BY_REGION;
}

static dr_status run_footprint(const cli_line *line)
{
    cli_bar bar;
    dr_world *world = NULL;
    dr_table *table = NULL;
    const dr_footprint_options options = {.size = sizeof(dr_footprint_options),
                                          .account = cli_text(line, "account"),
                                          .year = cli_year(line),
                                          .by = by_of(line),
                                          .progress = cli_bar_step,
                                          .user = &bar};
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    cli_bar_start(&bar, line);
    dr_status status = dr_footprint(&table, world, cli_argument(line, 1), &options);
    cli_bar_end(&bar);
    cli_world_close(line, world);
    if (status == DR_OK)
        status = cli_draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"OF", .kind = OPTION_REGION, .help = "region or group, or several separated by commas; default: all"},
    {0},
};

static const option_row plot[] = {
    {"plot", "FILE", .kind = OPTION_FILE, .words = dr_sheet_endings, .excludes = "by=pair",
     .help = "also draw both totals: FILE.svg, .png or .pdf"},
    {0},
};
static const option_group options[] = {
    {"Options", .rows = option_footprint_rows}, {.rows = plot}, {"Output", .rows = cli_output_rows}, {0}};

const cli_command cli_footprint = {
    .name = "footprint",
    .summary = "emissions, jobs or energy by producers and by final users",
    .description =
        "Shows what producers emit, employ or take, and what the final use of each region holds of it through every "
        "stage of production and every country; what is embodied in exports and imports, and per unit of final use. "
        "The accounts come from 'derisk import account'. --by pair lists who produces for whom, --by year "
        "follows the years of the world.",
    .example = "derisk footprint sample.world EU --account CO2",
    .arguments = arguments,
    .options = options,
    .run = run_footprint,
};
