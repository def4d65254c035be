#include <stdlib.h>

#include "base/csv.h"
#include "cli/commands.h"
#include "cli/emit.h"

static const char *const tables[] = {"regions", "path", "sectors", NULL}; /* in the order of dr_propagate_table */
static const char *const steps_of[] = {"day", "week", NULL};

static dr_status read_steps(const cli_line *line, int *steps)
{
    const char *text = cli_option_value(line, "steps");
    double number = 0;
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &number) || !(number >= 1 && number <= 36500) || number != (int)number)
        return cli_misuse(line, "--steps '%s': a whole number from 1 to 36500 was expected", text);
    *steps = (int)number;
    return DR_OK;
}

static dr_status compute(dr_table **out, dr_world *world, const cli_line *line)
{
    cli_bar bar;
    dr_propagate_options options = {.weekly = cli_option_word(line, "step") == 1,
                                    .table = (dr_propagate_table)cli_option_word(line, "table"),
                                    .progress = cli_bar_step,
                                    .user = &bar};
    DR_TRY(cli_year(line, &options.year));
    DR_TRY(read_steps(line, &options.steps));
    cli_bar_start(&bar, line);
    dr_status status = dr_propagate(out, world, cli_argument(line, 1), &options);
    cli_bar_end(&bar);
    return status;
}

static dr_status run_propagate(const cli_line *line)
{
    dr_world *world = NULL;
    dr_table *table = NULL;
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = compute(&table, world, line);
    dr_world_close(world);
    if (status == DR_OK)
        status = cli_emit(line, table);
    dr_table_free(table);
    return status;
}

static const cli_option arguments[] = {
    {"WORLD", .takes = CLI_FILE},
    {"SHOCK.yaml", .takes = CLI_FILE},
    {0},
};

static const cli_option options[] = {
    {"table", "TABLE", .takes = CLI_WORD, .help = "regions (the default), path (day by day) or sectors",
     .words = tables},
    {"steps", "N", .takes = CLI_TEXT, .help = "how many steps; without it, a year of them"},
    {"step", "STEP", .takes = CLI_WORD, .help = "how long a step is: day (the default) or week", .words = steps_of},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_propagate = {
    .name = "propagate",
    .summary = "what a supply stop does from day to day",
    .description =
        "Runs a supply stop, such as energy from one country to others, through the table in steps of days or weeks:\n"
        "inventories run down, what is short holds production back and is rationed, suppliers that are left expand.\n"
        "Shows the loss of value added, when it is worst, when it is over, and where it all comes to rest.",
    .example = "derisk propagate sample.world energy-stop.yaml",
    .arguments = arguments,
    .options = options,
    .run = run_propagate,
};
