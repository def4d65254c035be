#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_aggregate(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *report = NULL;
    const char *regions = cli_option_value(line, "regions"), *sectors = cli_option_value(line, "sectors");
    const char *to = cli_option_value(line, "to");
    if (!to)
        return cli_misuse(line, "--to NEW.world is missing: the world file to make");
    if (!regions && !sectors)
        return cli_misuse(line, "--regions or --sectors is missing: a map of what goes into what");
    dr_status status = dr_world_open(&world, cli_argument(line, 0));
    if (status == DR_OK)
        status = dr_world_aggregate(&report, world, regions, sectors, to);
    if (status == DR_OK && (!cli_option_value(line, "quiet") || cli_option_value(line, "output")))
        status = cli_emit(line, report);
    dr_table_free(report);
    dr_world_close(world);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {0}};

static const cli_option options[] = {
    {"regions", "CSV", .takes = CLI_FILE,
     .help = "region, to: the new region that each goes into; optionally its name"},
    {"sectors", "CSV", .takes = CLI_FILE,
     .help = "sector, to: the same for sectors; optionally name, slug, kind, isic_rev3"},
    {"to", "WORLD", .takes = CLI_FILE, .help = "the world file to make, which must not be there"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    {"quiet", NULL, .takes = CLI_NOTHING, .help = "no report on standard output"},
    {0},
};

const cli_command cli_aggregate = {
    .name = "aggregate",
    .summary = "make a world file of larger regions or sectors",
    .description =
        "Every flow is kept, so every total stays the same. A region or sector that a map lacks is an error;\n"
        "without a map, regions or sectors stay as they are. Product flows, energy and materials are copied.",
    .example = "derisk aggregate sample.world --regions regions-map.csv --to small.world",
    .arguments = arguments,
    .options = options,
    .run = run_aggregate,
};
