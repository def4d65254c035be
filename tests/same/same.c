/* The questions of calls.py by derisk.h: same WORLD NAME prints the table of a case as CSV. */
#include <derisk.h>
#include <stdio.h>
#include <string.h>

static dr_world *world;
static dr_economy *economy;

static dr_status balance(dr_table **out)
{
    return dr_balance(out, world, "EU", "CHN",
                      &DR_OPTIONS(dr_balance_options, .by = DR_BALANCE_BY_SECTOR, .value_added = true));
}

static dr_status ties(dr_table **out)
{
    dr_status status = dr_ties(out, world, &DR_OPTIONS(dr_ties_options, .sectors = "electrical-optical"));
    return status == DR_OK ? dr_table_top(*out, 40) : status;
}

static dr_status exposure(dr_table **out)
{
    return dr_exposure_direct(out, economy, "EU", "CHN");
}
static dr_status hidden(dr_table **out)
{
    return dr_exposure_hidden(out, world, 0, "EU", "CHN");
}
static dr_status position(dr_table **out)
{
    return dr_position(out, world, "CHN", 0, false);
}

static dr_status tariff(dr_scenario *scenario)
{
    return dr_scenario_tariff(scenario, "EU", "CHN", "transport-equipment", 0.25, DR_RATE_SET);
}

static dr_status ban(dr_scenario *scenario)
{
    return dr_scenario_ban(scenario, "EU", "RUS", "mining,refined-petroleum");
}

/* The table that `make` takes from the equilibrium under what `change` adds to an empty scenario. */
static dr_status simulate(dr_table **out, const dr_model_options *options, dr_status (*change)(dr_scenario *),
                          dr_status (*make)(dr_table **, const dr_solution *))
{
    dr_model *model = NULL;
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_status status = dr_model_new(&model, economy, options);
    if (status == DR_OK)
        status = dr_scenario_new(&scenario, economy);
    if (status == DR_OK)
        status = change(scenario);
    if (status == DR_OK)
        status = dr_model_solve(&solution, model, scenario);
    if (status == DR_OK)
        status = make(out, solution);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_model_free(model);
    return status;
}

static dr_status simulate_tariff(dr_table **out)
{
    return simulate(out, &DR_OPTIONS(dr_model_options, .horizon = "medium"), tariff, dr_solution_regions);
}

static dr_status simulate_ban(dr_table **out)
{
    return simulate(out, NULL, ban, dr_solution_money);
}

static dr_status plan(dr_table **out)
{
    dr_model *model = NULL;
    dr_plan *found = NULL;
    dr_status status = dr_model_new(&model, economy, NULL);
    if (status == DR_OK)
        status = dr_plan_new(&found, model, "EU", "CHN", &DR_OPTIONS(dr_plan_options, .cap = 0.4));
    if (status == DR_OK)
        status = dr_plan_sectors(out, found);
    dr_plan_free(found);
    dr_model_free(model);
    return status;
}

static dr_status play(dr_table **out)
{
    dr_model *model = NULL;
    dr_game *game = NULL;
    dr_status status = dr_model_new(&model, economy, NULL);
    if (status == DR_OK)
        status = dr_game_load(&game, model, "data/games/eu-china.yaml");
    if (status == DR_OK)
        status = dr_game_solve(game, NULL);
    if (status == DR_OK)
        status = dr_game_outcome(out, game);
    dr_game_free(game);
    dr_model_free(model);
    return status;
}

static dr_status propagate(dr_table **out)
{
    return dr_propagate(out, world, "data/shocks/energy-stop.yaml", &DR_OPTIONS(dr_propagate_options, .steps = 20));
}

static const struct {
    const char *name;
    dr_status (*make)(dr_table **);
} cases[] = {{"balance", balance},    {"ties", ties},         {"exposure", exposure},
             {"hidden", hidden},      {"position", position}, {"tariff", simulate_tariff},
             {"ban", simulate_ban},   {"plan", plan},         {"play", play},
             {"propagate", propagate}};

static dr_status answer(const char *name)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(cases[i].name, name) != 0)
            continue;
        dr_table *table = NULL;
        dr_status status = cases[i].make(&table);
        if (status == DR_OK)
            status = dr_table_write(table, DR_FORMAT_CSV, NULL);
        dr_table_free(table);
        return status;
    }
    return DR_USAGE;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return DR_USAGE;
    dr_status status = dr_world_open(&world, argv[1]);
    if (status == DR_OK)
        status = dr_economy_load(&economy, world, 0);
    if (status == DR_OK)
        status = answer(argv[2]);
    if (status != DR_OK)
        fprintf(stderr, "same: %s\n", dr_error_text());
    dr_economy_free(economy);
    dr_world_close(world);
    return (int)status;
}
