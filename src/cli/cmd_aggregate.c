#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"

static dr_status run_aggregate(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *report = NULL;
    dr_status status = cli_world_open(&world, line, cli_argument(line, 0));
    if (status == DR_OK)
        status = dr_world_aggregate(&report, world, cli_text(line, "regions"), cli_text(line, "sectors"),
                                    cli_text(line, "to"));
    if (status == DR_OK && (!cli_given(line, "quiet") || cli_given(line, "output")))
        status = cli_emit(line, report);
    dr_table_free(report);
    cli_world_close(line, world);
    return status;
}

static const option_row arguments[] = {CLI_WORLD, {0}};

static const option_row own[] = {
    {"regions", "CSV", .kind = OPTION_FILE,
     .help = "map of regions: the columns region and to (the new region), optionally name"},
    {"sectors", "CSV", .kind = OPTION_FILE,
     .help = "map of sectors: the columns sector and to, optionally name, slug, kind, isic_rev3; or a classification "
             "whose sectors are made, such as icio2023"},
    {"to", "WORLD", .kind = OPTION_FILE, .required = true, .help = "new world file; it must not exist yet"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {"Output", .rows = cli_report_rows}, {0}};

const cli_command cli_aggregate = {
    .name = "aggregate",
    .summary = "make a world file of larger regions or sectors",
    .description =
        "Adds up regions and sectors by a map. Every flow is kept, so that every total stays the same. A region or "
        "sector that a map lacks is an error; without a map, regions or sectors stay as they are. Product flows, "
        "energy and materials are copied.",
    .example = "derisk aggregate sample.world --regions regions-map.csv --to small.world",
    .arguments = arguments,
    .options = options,
    .needs_one = "regions sectors",
    .run = run_aggregate,
};
