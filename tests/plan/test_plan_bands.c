/* Bands of a plan: its scenario written to a file and read again has the same bands, and the cost in a draw is what all
 * regions lose in it. */
#include "planned.h"

#include <unistd.h>

#include "base/random.h"

static const char path[] = "test-plan-bands.yaml";

static const dr_draw_options drawn = {
    .size = sizeof(dr_draw_options), .draws = 9, .seed = 5, .elasticity_error = 0.25, .threads = 2};

static double at(const dr_table *table, const char *row, const char *column)
{
    for (size_t i = 0; i < dr_table_rows(table); i++)
        if (strcmp(dr_table_text(table, i, 0), row) == 0)
            return dr_table_number(table, i, (size_t)dr_table_find(table, column));
    fail_msg("no row %s", row);
    return NAN;
}

static void the_written_plan_has_the_same_bands(void **state)
{
    (void)state;
    world w = world_new(4, 3, 31, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.2));
    dr_scenario *scenario = NULL;
    dr_table *of_plan = NULL, *of_file = NULL;
    ok(dr_plan_bands(&of_plan, plan, "regions", &drawn));
    ok(dr_plan_write(plan, path));
    ok(dr_scenario_load(&scenario, w.economy, path));
    unlink(path);
    ok(dr_draw_bands(&of_file, w.model, scenario, &drawn));
    assert_int_equal(dr_table_columns(of_plan), dr_table_columns(of_file));
    for (size_t i = 0; i < dr_table_rows(of_plan); i++)
        for (size_t c = 1; c < dr_table_columns(of_plan); c++)
            near(dr_table_number(of_plan, i, c), dr_table_number(of_file, i, c), 1e-9);
    dr_table_free(of_plan);
    dr_table_free(of_file);
    dr_scenario_free(scenario);
    dr_plan_free(plan);
    world_free(&w);
}

/* One draw, so that every quantile is its number: the model with its elasticity, solved under the plan's scenario. */
static void a_draw_is_a_model_of_its_own(void **state)
{
    (void)state;
    world w = world_new(4, 3, 32, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.2));
    dr_draw_options one = drawn;
    dr_table *costs = NULL, *sectors = NULL, *regions = NULL;
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_model *model = NULL;
    char text[64];
    double all = 0;
    one.draws = 1;
    dr_random random = dr_random_stream(one.seed, 0);
    snprintf(text, sizeof text, "%.17g", 4 * dr_random_factor(&random, one.elasticity_error));
    ok(dr_plan_bands(&costs, plan, "costs", &one));
    ok(dr_plan_bands(&sectors, plan, "sectors", &one));
    ok(dr_plan_write(plan, path));
    ok(dr_scenario_load(&scenario, w.economy, path));
    unlink(path);
    ok(dr_model_new(&model, w.economy, &DR_OPTIONS(dr_model_options, .elasticity = text, .tolerance = 1e-12)));
    ok(dr_model_solve(&solution, model, scenario));
    ok(dr_solution_regions(&regions, solution));
    for (size_t n = 0; n < 4; n++)
        all -= dr_table_number(regions, n, (size_t)dr_table_find(regions, "equivalent_variation"));
    near(at(costs, "loss of all", "value_median"), all, 1e-9);
    near(at(costs, "loss of all", "value_p5"), all, 1e-9);
    assert_true(fabs(at(costs, "loss of all", "value") - all) > 1e-6);
    for (size_t i = 0; i < dr_table_rows(sectors); i++) {
        char result[64];
        dr_gradient share = {0};
        snprintf(result, sizeof result, "share:A0,A1:A3:%s", dr_table_text(sectors, i, 0));
        ok(dr_solution_gradient(&share, solution, scenario, result));
        near(at(sectors, dr_table_text(sectors, i, 0), "new_share_p95"), share.value, 1e-9);
    }
    dr_table_free(regions);
    dr_table_free(sectors);
    dr_table_free(costs);
    dr_solution_free(solution);
    dr_model_free(model);
    dr_scenario_free(scenario);
    dr_plan_free(plan);
    world_free(&w);
}

static void what_has_no_bands_is_said(void **state)
{
    dr_table *table = NULL;
    (void)state;
    world w = world_new(4, 3, 33, DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.2));
    assert_int_equal(dr_plan_bands(&table, plan, "flows", &drawn), DR_USAGE);
    assert_string_equal(dr_error_text(), "no bands of the table 'flows' of a plan; expected sectors, costs, regions or "
                                         "draws");
    dr_plan_free(plan);
    plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.3, .share = DR_SHARE_LOOK_THROUGH));
    assert_int_equal(dr_plan_bands(&table, plan, "costs", &drawn), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "no bands of a plan with look-through shares, which are those of one solution");
    dr_plan_free(plan);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_written_plan_has_the_same_bands),
        cmocka_unit_test(a_draw_is_a_model_of_its_own),
        cmocka_unit_test(what_has_no_bands_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
