#include "cli/model.h"

const char *const cli_closures[] = {"fixed", "income-share", "zero", NULL}; /* in the order of closures below */
const char *const cli_horizons[] = {"short", "medium", "long", NULL};
const char *const cli_models[] = {"caliendo-parro", "baqaee-farhi", "armington", NULL};
const char *const cli_elasticity_sets[] = {"caliendo-parro-2015", "fontagne-guimbard-orefice-2022",
                                           "lashkaripour-lugovskyy-2023", NULL};

dr_model_options cli_model_options(const cli_line *line)
{
    static const dr_closure closures[] = {DR_CLOSURE_FIXED, DR_CLOSURE_INCOME_SHARE, DR_CLOSURE_ZERO};
    return (dr_model_options){.model = cli_option_value(line, "model"),
                              .horizon = cli_option_value(line, "horizon"),
                              .elasticity = cli_option_value(line, "elasticity"),
                              .rigid_wages = cli_option_value(line, "rigid-wages"),
                              .closure = closures[cli_option_word(line, "closure")]};
}

dr_status cli_load_economy(dr_economy **out, const cli_line *line)
{
    dr_world *world = NULL;
    int year = 0;
    DR_TRY(cli_year(line, &year));
    DR_TRY(dr_world_open(&world, cli_argument(line, 0)));
    dr_status status = dr_economy_load(out, world, year);
    dr_world_close(world);
    return status;
}
