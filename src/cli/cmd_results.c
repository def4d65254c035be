#include "cli/commands.h"
#include "cli/emit.h"

static dr_status run_results(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    const char *name = cli_argument(line, 1);
    if (!name && cli_option_value(line, "table"))
        return cli_misuse(line, "--table is for a run: its NAME is missing");
    dr_status status = dr_world_open(&world, cli_argument(line, 0));
    if (status == DR_OK)
        status = name ? dr_world_run(&table, world, name, cli_result_tables[cli_option_word(line, "table")])
                      : dr_world_runs(&table, world);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    dr_world_close(world);
    return status;
}

static const cli_option arguments[] = {
    {"WORLD", .takes = CLI_FILE}, {"NAME", .takes = CLI_TEXT, .optional = true}, {0}};

static const cli_option options[] = {
    CLI_OPTION_TABLE, CLI_OPTION_FORMAT, CLI_OPTION_OUTPUT, CLI_OPTION_QUIET, {0},
};

const cli_command cli_results = {
    .name = "results",
    .summary = "list and show the runs stored in a world file",
    .description =
        "Lists the runs that 'derisk simulate --store NAME' kept; with a NAME, shows that run as 'simulate' did.",
    .example = "derisk results sample.world",
    .arguments = arguments,
    .options = options,
    .run = run_results,
};
