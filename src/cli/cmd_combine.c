#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/pictures.h"

static dr_status run_combine(const cli_line *line)
{
    dr_table *table = NULL;
    DR_TRY(dr_draw_combine(&table, (const char *const *)line->arguments, line->argument_count));
    dr_status status = cli_draw(line, table);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const option_row arguments[] = {
    {"PARTS", .kind = OPTION_FILE, .required = true, .many = true,
     .help = "folder with the files of 'derisk simulate --part', or the files themselves"},
    {0},
};

static const option_group options[] = {
    {"Options", .rows = cli_plot_rows}, {"Output", .rows = cli_pick_rows}, {.rows = cli_output_rows}, {0}};

const cli_command cli_combine = {
    .name = "combine",
    .summary = "uncertainty bands from parts that several machines have made",
    .description = "Reads all parts of a run of Monte Carlo draws, checks that they are of one run and that none is "
                   "missing, and shows the bands, the failed draws and the worst certificate of the whole run.",
    .example = "derisk combine parts/",
    .arguments = arguments,
    .options = options,
    .run = run_combine,
};
