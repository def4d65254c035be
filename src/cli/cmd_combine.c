#include <string.h>

#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/pictures.h"
#include "cli/side_plot.h"

/* Scenarios and sweeps, which have a column before the regions, are drawn as one run draws them. */
static dr_status draw(const cli_line *line, dr_table *table)
{
    const char *first = dr_table_column(table, 0);
    if (dr_table_find(table, "region") != 1 || strcmp(first, "draw") == 0)
        return cli_draw(line, table);
    return cli_side_plot(line, table, strcmp(first, "scenario") == 0 ? NULL : first);
}

static dr_status run_combine(const cli_line *line)
{
    dr_table *table = NULL;
    DR_TRY(dr_draw_combine(&table, (const char *const *)line->arguments, line->argument_count));
    dr_status status = draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    {"PARTS", .kind = OPTION_FILE, .required = true, .many = true,
     .help = "folder with the files that --part has written, or the files themselves"},
    {0},
};

static const option_group options[] = {
    {"Options", .rows = cli_plot_rows}, {"Output", .rows = cli_pick_rows}, {.rows = cli_output_rows}, {0}};

const cli_command cli_combine = {
    .name = "combine",
    .summary = "the result of a run from parts that several machines have made",
    .description =
        "Reads all parts of a run ('derisk simulate --part', of draws, a sweep or several scenarios; 'derisk "
        "exposure --cut --part'), checks that they are of one run and that none is missing, and shows what "
        "a single run shows: of draws the bands, the failed draws and the worst certificate.",
    .example = "derisk combine parts/",
    .arguments = arguments,
    .options = options,
    .run = run_combine,
};
