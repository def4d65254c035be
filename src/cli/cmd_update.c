#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"

static dr_status run_update(const cli_line *line)
{
    dr_world *world = NULL, *flows = NULL;
    dr_table *report = NULL;
    const dr_update_options options = {
        .size = sizeof options, .from = (int)cli_number(line, "from"), .year = cli_year(line)};
    dr_status status = cli_world_open(&world, line, cli_argument(line, 0));
    if (status == DR_OK)
        status = cli_world_open(&flows, line, cli_text(line, "flows"));
    if (status == DR_OK)
        status = dr_world_update(&report, world, flows, cli_text(line, "to"), &options);
    if (status == DR_OK && (!cli_given(line, "quiet") || cli_given(line, "output")))
        status = cli_emit(line, report);
    dr_table_free(report);
    cli_world_close(line, flows);
    cli_world_close(line, world);
    return status;
}

static const option_row arguments[] = {CLI_WORLD, {0}};

static const option_row own[] = {
    {"flows", "WORLD", .kind = OPTION_FILE, .required = true,
     .help = "world with the trade flows of the new year, domestic sales included, such as trade.world"},
    {"year", "YEAR", .kind = OPTION_COUNT, .least = 1, .most = 9999, .fallback = "the last",
     .help = "year of the flows, which is that of the new table"},
    {"from", "YEAR", .kind = OPTION_COUNT, .least = 1, .most = 9999, .fallback = "the last",
     .help = "year of the table that is brought to it"},
    {"to", "WORLD", .kind = OPTION_FILE, .required = true, .help = "new world file; it must not exist yet"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {"Output", .rows = cli_report_rows}, {0}};

const cli_command cli_update = {
    .name = "update",
    .summary = "estimate the input-output table of a later year from its trade flows",
    .description =
        "Brings an input-output table to the trade flows of a later year: sales of each sector between each pair of "
        "regions become those of the flows, inputs keep their share in output, and cells move as little as these sums "
        "allow (GRAS). The new world is an estimate, and all its results say so.",
    .example = "derisk update sample.world --flows trade.world --year 2022 --to sample-2022.world",
    .arguments = arguments,
    .options = options,
    .run = run_update,
};
