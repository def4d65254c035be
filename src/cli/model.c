#include "cli/model.h"

dr_model_options cli_model_options(const cli_line *line, const dr_settings *document)
{
    dr_model_options options = document ? *dr_settings_model(document) : (dr_model_options){0};
    const struct {
        const char *name, **text;
    } texts[] = {{"model", &options.model},
                 {"horizon", &options.horizon},
                 {"elasticity", &options.elasticity},
                 {"rigid-wages", &options.rigid_wages}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (cli_option_value(line, texts[i].name))
            *texts[i].text = cli_option_value(line, texts[i].name);
    if (cli_option_value(line, "closure"))
        options.closure = (dr_closure)cli_option_word(line, "closure");
    return options;
}

dr_status cli_load_economy(dr_economy **out, const cli_line *line, const dr_settings *document)
{
    dr_world *world = NULL;
    int year = document ? dr_settings_year(document) : 0;
    if (cli_option_value(line, "year"))
        DR_TRY(cli_year(line, &year));
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = dr_economy_load(out, world, year);
    dr_world_close(world);
    return status;
}
