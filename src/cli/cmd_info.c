#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_info(const cli_line *line)
{
    return cli_emit_world(line, dr_world_info);
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
