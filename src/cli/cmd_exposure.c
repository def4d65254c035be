#include "cli/commands.h"
#include "cli/emit.h"

/* What a run makes on its way, freed together. */
typedef struct steps {
    dr_world *world;
    dr_economy *economy;
    dr_model *model;
    dr_table *table;
} steps;

static dr_status measure_cuts(steps *s, const cli_line *line)
{
    cli_bar bar;
    dr_model_options settings = {.elasticity = cli_option_value(line, "elasticity")};
    dr_cut_options options = {.to = cli_option_value(line, "to"),
                              .sectors = cli_option_value(line, "sectors"),
                              .progress = cli_bar_step,
                              .user = &bar};
    DR_TRY(dr_model_new(&s->model, s->economy, &settings));
    cli_bar_start(&bar, line);
    dr_status status = dr_exposure_cuts(&s->table, s->model, cli_argument(line, 1), &options);
    cli_bar_end(&bar);
    return status;
}

static dr_status measure(steps *s, const cli_line *line)
{
    int year = 0;
    DR_TRY(cli_year(line, &year));
    DR_TRY(dr_world_open(&s->world, cli_argument(line, 0)));
    DR_TRY(dr_economy_load(&s->economy, s->world, year));
    if (cli_option_value(line, "cut"))
        return measure_cuts(s, line);
    return dr_exposure_direct(&s->table, s->economy, cli_argument(line, 1), cli_option_value(line, "to"));
}

/* Options that only a cut takes. */
static dr_status check_options(const cli_line *line)
{
    static const char *const of_cut[] = {"sectors", "elasticity"};
    for (size_t i = 0; i < sizeof of_cut / sizeof *of_cut; i++)
        if (cli_option_value(line, of_cut[i]) && !cli_option_value(line, "cut"))
            return cli_misuse(line, "--%s goes with --cut", of_cut[i]);
    return DR_OK;
}

static dr_status run_exposure(const cli_line *line)
{
    steps s = {0};
    DR_TRY(check_options(line));
    dr_status status = measure(&s, line);
    if (status == DR_OK)
        status = cli_emit(line, s.table);
    dr_table_free(s.table);
    dr_model_free(s.model);
    dr_economy_free(s.economy);
    dr_world_close(s.world);
    return status;
}

static const cli_option arguments[] = {{"WORLD", .takes = CLI_FILE}, {"OF", .takes = CLI_TEXT}, {0}};

static const cli_option options[] = {
    {"to", "TO", .takes = CLI_TEXT, .help = "exposure to this region or group; without it, to all others"},
    {"cut", NULL, .takes = CLI_NOTHING, .help = "what OF would lose if one tie were cut, for each supplier and sector"},
    {"sectors", "SECTORS", .takes = CLI_TEXT, .help = "with --cut: these sectors; without it, goods"},
    {"elasticity", "ELASTICITY", .takes = CLI_TEXT, .help = "with --cut: as in simulate"},
    {"year", "YEAR", .takes = CLI_TEXT, .help = "year of the world; without it, the last"},
    CLI_OPTION_FORMAT,
    CLI_OPTION_OUTPUT,
    CLI_OPTION_QUIET,
    {0},
};

const cli_command cli_exposure = {
    .name = "exposure",
    .summary = "what an economy depends on others for, and what a cut would cost",
    .description =
        "Shows what OF, a region or group, buys from others and sells to them, by sector: shares, concentration,\n"
        "the first supplier and market; or those of TO. With --cut, solves the model once for each supplier and\n"
        "sector with exactly that tie cut, and ranks the ties by what OF would lose.",
    .example = "derisk exposure sample.world EU --to CHN",
    .arguments = arguments,
    .options = options,
    .run = run_exposure,
};
