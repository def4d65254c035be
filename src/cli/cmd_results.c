#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"
#include "cli/pictures.h"
#include "options/result_rows.h"

static dr_status run_results(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    const char *name = cli_argument(line, 1);
    dr_status status = cli_world_open(&world, line, cli_argument(line, 0));
    if (status == DR_OK)
        status = name ? dr_world_run(&table, world, name, option_stored_tables[cli_word(line, "table")])
                      : dr_world_runs(&table, world);
    if (status == DR_OK)
        status = cli_draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    cli_world_close(line, world);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"NAME", .kind = OPTION_TEXT, .help = "name of the run"},
    {0},
};

static const option_row own[] = {
    {"table", "TABLE", .kind = OPTION_WORD, .words = option_stored_tables, .fallback = "regions", .needs = "NAME",
     .help = "table of the run"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own},
                                       {.rows = cli_plot_rows},
                                       {"Output", .rows = cli_pick_rows},
                                       {.rows = cli_output_rows},
                                       {0}};

const cli_command cli_results = {
    .name = "results",
    .summary = "list and show the runs stored in a world file",
    .description =
        "Lists the runs that 'derisk simulate --store NAME' kept. With a NAME, shows that run as 'simulate' did.",
    .example = "derisk results sample.world",
    .arguments = arguments,
    .options = options,
    .run = run_results,
};
