#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"
#include "cli/pictures.h"
#include "options/measure_rows.h"

static dr_status run_ties(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    dr_ties_options options = {.size = sizeof(dr_ties_options),
                               .sectors = cli_text(line, "sectors"),
                               .value_added = cli_given(line, "value-added"),
                               .year = cli_year(line)};
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = dr_ties(&table, world, &options);
    cli_world_close(line, world);
    if (status == DR_OK)
        status = cli_draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {CLI_WORLD, {0}};

static const option_row own[] = {
    {"value-added", NULL, .kind = OPTION_FLAG,
     .help = "instead of sales: value added of the seller in the final use of the buyer"},
    {0},
};
static const option_group options[] = {{"Options", .rows = own},  {.rows = option_ties_rows},
                                       {.rows = cli_plot_rows},   {"Output", .rows = cli_pick_rows},
                                       {.rows = cli_output_rows}, {0}};

const cli_command cli_ties = {
    .name = "ties",
    .summary = "bilateral flows between all pairs of regions",
    .description = "Lists the sales of every region to every other, the largest first: gross, or in value added.",
    .example = "derisk ties sample.world --sectors electrical-optical",
    .arguments = arguments,
    .options = options,
    .run = run_ties,
};
