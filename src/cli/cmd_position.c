#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/keep.h"
#include "cli/pictures.h"
#include "options/measure_rows.h"

static dr_status run_position(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    bool by_region = cli_given(line, "by") && cli_word(line, "by") == 1;
    DR_TRY(cli_world_open(&world, line, cli_argument(line, 0)));
    dr_status status = dr_position(&table, world, cli_argument(line, 1), cli_year(line), by_region);
    cli_world_close(line, world);
    if (status == DR_OK)
        status = cli_draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    CLI_WORLD,
    {"OF", .kind = OPTION_REGION, .help = "region or group, or several separated by commas; default: all"},
    {0},
};
static const option_group options[] = {
    {"Options", .rows = option_position_rows}, {.rows = cli_plot_rows}, {"Output", .rows = cli_output_rows}, {0}};

const cli_command cli_position = {
    .name = "position",
    .summary = "upstreamness and downstreamness of sectors and regions",
    .description = "Shows how far sectors are from final use (upstreamness) and from the beginning of production "
                   "(downstreamness), in stages: the forward linkages of the supply-side (Ghosh) model beside the "
                   "backward linkages of the demand-side (Leontief) model.",
    .example = "derisk position sample.world CHN",
    .arguments = arguments,
    .options = options,
    .run = run_position,
};
