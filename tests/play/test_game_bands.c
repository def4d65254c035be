/* Bands of a game: those of the scenario of its policies, written to a file and read again. */
#include "played.h"

#include <math.h>

static const char path[] = "test-game-bands.yaml";

static const char game_text[] = "play: nash\n"
                                "players:\n"
                                "- {player: A0, tariff: {on: A1, sectors: all}}\n"
                                "- {player: A1, tariff: {on: A0, sectors: all}}\n";

static void bands_are_those_of_the_policies(void **state)
{
    const dr_draw_options drawn = DR_OPTIONS(dr_draw_options, .draws = 7, .seed = 3, .elasticity_error = 0.2);
    (void)state;
    synthetic data = synthetic_new(3, 2, 41, true, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    dr_game *game = played(model, game_text);
    dr_scenario *scenario = NULL;
    dr_table *outcome = NULL, *of_game = NULL, *of_file = NULL;
    ok(dr_game_bands(&outcome, game, "outcome", &drawn));
    ok(dr_game_bands(&of_game, game, "regions", &drawn));
    ok(dr_game_write(game, path));
    ok(dr_scenario_load(&scenario, economy, path));
    unlink(path);
    ok(dr_draw_bands(&of_file, model, scenario, &drawn));
    for (size_t p = 0; p < 2; p++)
        for (size_t c = 1; c <= 4; c++) { /* welfare and its quantiles */
            double there = dr_table_number(of_file, p, c);
            int column = dr_table_find(outcome, dr_table_column(of_file, c));
            near(dr_table_number(outcome, p, (size_t)column), there, 1e-9);
            near(dr_table_number(of_game, p, c), there, 1e-9);
        }
    assert_true(dr_table_number(of_file, 0, 2) < dr_table_number(of_file, 0, 4));
    assert_int_equal(dr_game_bands(&outcome, game, "settings", &drawn), DR_USAGE);
    assert_string_equal(dr_error_text(),
                        "no bands of the table 'settings' of a game; expected outcome, regions or draws");
    dr_table_free(outcome);
    dr_table_free(of_game);
    dr_table_free(of_file);
    dr_scenario_free(scenario);
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bands_are_those_of_the_policies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
