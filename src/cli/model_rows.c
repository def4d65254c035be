#include "cli/model_rows.h"

#include "scenario/model_options.h"

dr_model_options cli_model_options(const cli_line *line, const dr_settings *document)
{
    dr_model_options options =
        document ? *dr_settings_model(document) : (dr_model_options){.size = sizeof(dr_model_options)};
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        if (field->kind == DR_OPTION_TEXT && cli_option_value(line, field->name))
            *dr_option_text(&options, field) = cli_option_value(line, field->name);
    }
    if (cli_option_value(line, "closure"))
        options.closure = (dr_closure)cli_option_word(line, "closure");
    return options;
}

const char *cli_model_option(const cli_line *line)
{
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++)
        if (cli_option_value(line, dr_model_options_fields[i].name))
            return dr_model_options_fields[i].name;
    return NULL;
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
