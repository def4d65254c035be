#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_check(const cli_line *line)
{
    return cli_emit_world(line, dr_check);
}

static const option_row arguments[] = {CLI_WORLD, {0}};
static const option_group options[] = {{"Output", .rows = cli_output_rows}, {0}};

const cli_command cli_check = {
    .name = "check",
    .summary = "whether the numbers of a world can be right",
    .description =
        "Checks every year of a world: its unit, sales and costs against output, negative and empty cells, jumps from "
        "year to year, and the table against customs statistics where the world has product flows; and the file "
        "itself. "
        "Findings that want a look come first.",
    .example = "derisk check sample.world",
    .arguments = arguments,
    .options = options,
    .run = run_check,
};
