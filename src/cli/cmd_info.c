#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_info(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    dr_status status = dr_world_open(&world, cli_argument(line, 0));
    if (status == DR_OK)
        status = dr_world_info(&table, world);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    dr_world_close(world);
    return status;
}

static const option_row arguments[] = {CLI_WORLD, {0}};
static const option_group options[] = {{"Output", .rows = cli_output_rows}, {0}};

const cli_command cli_info = {
    .name = "info",
    .summary = "contents of a world file",
    .description =
        "Lists the regions, sectors, years, groups with their members, sources and import checks of a world file.",
    .example = "derisk info sample.world",
    .arguments = arguments,
    .options = options,
    .run = run_info,
};
