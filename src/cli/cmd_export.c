#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_export(const cli_line *line)
{
    dr_world *world = NULL;
    const char *table = cli_option_value(line, "table");
    if (!table)
        return cli_misuse(line, "--table NAME is missing: the stored table to export");
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = dr_world_export(world, table, cli_format(line), cli_option_value(line, "output"));
    dr_world_close(world);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {0}};

static const char *const formats[] = {"csv", "json", "parquet", NULL};

static const cli_option options[] = {
    {"table", "NAME", .takes = CLI_TEXT, .help = "the stored table to export"},
    {"format", "FORMAT", .takes = CLI_WORD, .help = "csv (the default), json or parquet", .words = formats},
    {"output", "FILE", .takes = CLI_FILE, .help = "write to FILE, whole or not at all: FILE.csv, .json or .parquet"},
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_export = {
    .name = "export",
    .summary = "write a stored table of a world file as CSV, JSON or Parquet",
    .description = "docs/world.md lists the tables. Also any program that speaks DuckDB can read the file itself.",
    .example = "derisk export sample.world --table region --format csv",
    .arguments = arguments,
    .options = options,
    .run = run_export,
};
