#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"

static dr_status run_export(const cli_line *line)
{
    dr_world *world = NULL;
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = dr_world_export(world, cli_text(line, "table"), cli_format(line), cli_text(line, "output"));
    cli_world_close(line, world);
    return status;
}

static const option_row arguments[] = {CLI_WORLD, {0}};

static const char *const formats[] = {"csv", "json", "parquet", NULL};

static const option_row own[] = {
    {"table", "NAME", .kind = OPTION_TEXT, .required = true, .help = "stored table to export"},
    {0},
};
static const option_row output[] = {
    {"format", "FORMAT", .kind = OPTION_WORD, .words = formats, .fallback = "csv", .help = "format of the table"},
    {"output", "FILE", .kind = OPTION_FILE,
     .help = "write the table to FILE, completely or not at all: FILE.csv, .json or .parquet"},
    {"quiet", NULL, .kind = OPTION_FLAG, .help = "print only errors on standard error"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own}, {"Output", .rows = output}, {0}};

const cli_command cli_export = {
    .name = "export",
    .summary = "write a stored table of a world file as CSV, JSON or Parquet",
    .description =
        "docs/world.md lists the tables. A world file is a DuckDB database, which other programs can read too.",
    .example = "derisk export sample.world --table region --format csv",
    .arguments = arguments,
    .options = options,
    .run = run_export,
};
