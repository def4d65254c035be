#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_info(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    dr_status status = dr_world_open(&world, cli_argument(line, 0));
    if (status == DR_OK)
        status = cli_option_value(line, "check") ? dr_world_check(&table, world) : dr_world_info(&table, world);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    dr_world_close(world);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {0}};
static const cli_option options[] = {
    {"check", NULL, .takes = CLI_NOTHING, .help = "check everything in the file, and tell what was checked"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0}};

const cli_command cli_info = {
    .name = "info",
    .summary = "what a world file holds",
    .description =
        "Shows its regions, sectors, years, groups with their members, sources and import checks; with --check\n"
        "what was checked of the file itself, as of a world that somebody else made.",
    .example = "derisk info sample.world",
    .arguments = arguments,
    .options = options,
    .run = run_info,
};
