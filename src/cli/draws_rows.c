#include "cli/draws_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "cli/emit.h"

const char *const cli_draw_tables[] = {"regions", "sectors", "flows", "decomposition", "factors", "curbs",
                                       "ties",    "draws",   NULL};

static bool wants_all(const cli_line *line)
{
    const char *table = cli_option_value(line, "table");
    return table && strcmp(table, "draws") == 0;
}

dr_status cli_draws_check(const cli_line *line)
{
    static const char *const of_draws[] = {"seed", "elasticity-error", "share-error"};
    const char *table = cli_option_value(line, "table");
    if (cli_option_value(line, "draws")) {
        if (cli_option_value(line, "store"))
            return cli_misuse(line, "--store keeps a single run: it does not go with --draws");
        if (table && strcmp(table, "regions") != 0 && !wants_all(line))
            return cli_misuse(line, "--draws has the tables regions and draws, not %s", table);
        return DR_OK;
    }
    for (size_t i = 0; i < sizeof of_draws / sizeof *of_draws; i++)
        if (cli_option_value(line, of_draws[i]))
            return cli_misuse(line, "--%s goes with --draws", of_draws[i]);
    return wants_all(line) ? cli_misuse(line, "--table draws goes with --draws") : DR_OK;
}

/* The whole number of an option, from `least`; *out stays where it was not given. */
static dr_status whole(const cli_line *line, const char *option, double least, double *out)
{
    const double most = 0x1p53; /* what a double, and so JSON, can tell from its neighbours */
    const char *text = cli_option_value(line, option);
    if (text && (!dr_parse_number(text, out) || *out < least || *out > most || *out != floor(*out)))
        return cli_misuse(line, "--%s: '%s' is not a whole number from %g", option, text, least);
    return DR_OK;
}

static dr_status part(const cli_line *line, const char *option, double *out)
{
    const char *text = cli_option_value(line, option);
    char where[64];
    snprintf(where, sizeof where, "--%s", option);
    dr_status status = text ? dr_parse_rate(text, out) : DR_OK;
    return status == DR_OK ? DR_OK : dr_fail_at(status, where);
}

dr_status cli_draws_table(dr_table **out, const cli_line *line, const dr_model *model, const dr_scenario *scenario)
{
    cli_bar bar;
    double draws = 0, seed = 1;
    dr_draw_options options = {.size = sizeof(dr_draw_options), .progress = cli_bar_step, .user = &bar};
    DR_TRY(whole(line, "draws", 1, &draws));
    DR_TRY(whole(line, "seed", 0, &seed));
    DR_TRY(part(line, "elasticity-error", &options.elasticity_error));
    DR_TRY(part(line, "share-error", &options.share_error));
    options.draws = (size_t)draws;
    options.seed = (unsigned long long)seed;
    cli_bar_start(&bar, line);
    dr_status status = (wants_all(line) ? dr_draw_all : dr_draw_bands)(out, model, scenario, &options);
    cli_bar_end(&bar);
    return status;
}
