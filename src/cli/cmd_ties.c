#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_ties(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    dr_ties_options options = {.size = sizeof(dr_ties_options),
                               .sectors = cli_option_value(line, "sectors"),
                               .value_added = cli_option_value(line, "value-added")};
    DR_TRY(cli_year(line, &options.year));
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = dr_ties(&table, world, &options);
    dr_world_close(world);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {0}};

static const cli_option options[] = {
    {"value-added", NULL, .takes = CLI_NOTHING,
     .help = "not what is sold, but the seller's value added in what the buyer finally uses"},
    {"sectors", "SECTORS", .takes = CLI_TEXT, .help = "of these sectors; without it, of all"},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_ties = {
    .name = "ties",
    .summary = "who sells how much to whom: all pairs of regions",
    .description = "Shows what every region sells to every other one, the largest first: gross, or in value added.",
    .example = "derisk ties sample.world --sectors electrical-optical",
    .arguments = arguments,
    .options = options,
    .run = run_ties,
};
