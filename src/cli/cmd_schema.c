#include "cli/commands.h"
#include "cli/line.h"

static dr_status run_schema(const cli_line *line)
{
    return dr_schema(cli_text(line, "output"));
}

static const option_row arguments[] = {{0}};

static const option_row own[] = {
    {"output", "FILE", .kind = OPTION_FILE, .fallback = "standard output", .help = "write to this file"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {0}};

const cli_command cli_schema = {
    .name = "schema",
    .summary = "JSON schema of scenarios, games and supply stops, for editors",
    .description =
        "Writes the JSON schema of the YAML files of simulate, play and propagate, made of the keys that derisk reads. "
        "Editors complete and check files with it.",
    .example = "derisk schema",
    .arguments = arguments,
    .options = options,
    .run = run_schema,
};
