/* What is cancelled ends, says so, and leaves nothing behind; what nobody cancels is not disturbed. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/synthetic.h"

typedef struct setting {
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
    dr_cancel *cancel;
} setting;

static int set_up(void **state)
{
    setting *s = calloc(1, sizeof *s);
    synthetic y = synthetic_new(8, 4, 3, true, true);
    s->economy = synthetic_economy(&y);
    synthetic_free(&y);
    ok(dr_model_new(&s->model, s->economy, &DR_OPTIONS(dr_model_options, .elasticity = "4")));
    ok(dr_scenario_new(&s->scenario, s->economy));
    const char *const *codes = (const char *const *)s->economy->region_codes.names;
    ok(dr_scenario_tariff(s->scenario, codes[0], codes[1], "all", 0.25, DR_RATE_SET));
    ok(dr_cancel_new(&s->cancel));
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    setting *s = *state;
    dr_cancel_watch(NULL);
    dr_cancel_free(s->cancel);
    dr_scenario_free(s->scenario);
    dr_model_free(s->model);
    dr_economy_free(s->economy);
    free(s);
    return 0;
}

static const dr_draw_options many_draws = {
    .size = sizeof(dr_draw_options), .draws = 1000000, .elasticity_error = 0.2, .threads = 2};

static void cancelled(dr_status status)
{
    assert_int_equal(status, DR_CANCELLED);
    assert_string_equal(dr_error_text(), "cancelled");
}

static void what_is_watched_and_cancelled_fails_at_once(void **state)
{
    setting *s = *state;
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    dr_plan *plan = NULL;
    const char *const *codes = (const char *const *)s->economy->region_codes.names;
    assert_null(dr_cancel_watch(s->cancel));
    ok(dr_model_solve(&solution, s->model, s->scenario)); /* watched, not cancelled */
    dr_cancel_now(s->cancel);
    cancelled(dr_solution_gradient(&(dr_gradient){0}, solution, s->scenario, "welfare:all"));
    dr_solution_free(solution);
    solution = NULL;
    cancelled(dr_model_solve(&solution, s->model, s->scenario));
    cancelled(dr_draw_bands(&table, s->model, s->scenario, &many_draws));
    cancelled(
        dr_exposure_cuts(&table, s->model, codes[0], &DR_OPTIONS(dr_cut_options, .sectors = "all", .threads = 2)));
    cancelled(
        dr_plan_new(&plan, s->model, codes[0], codes[1], &DR_OPTIONS(dr_plan_options, .sectors = "all", .cap = 0.01)));
    cancelled(dr_plan_curve(&table, s->model, codes[0], codes[1], &DR_OPTIONS(dr_plan_options, .sectors = "all"), 5));
    assert_true(!solution && !table && !plan);
    assert_ptr_equal(dr_cancel_watch(NULL), s->cancel);
    ok(dr_model_solve(&solution, s->model, s->scenario)); /* nobody watches it any more */
    dr_solution_free(solution);
}

static void games_too(void **state)
{
    setting *s = *state;
    char text[512];
    dr_game *game = NULL;
    const char *const *codes = (const char *const *)s->economy->region_codes.names;
    int size =
        snprintf(text, sizeof text,
                 "{play: nash, players: [{player: %s, tariff: {on: %s, sectors: all}}, {player: %s, tariff: {on: %s, "
                 "sectors: all}}]}",
                 codes[0], codes[1], codes[1], codes[0]);
    ok(dr_game_parse(&game, s->model, text, (size_t)size, "given"));
    dr_cancel_watch(s->cancel);
    dr_cancel_now(s->cancel);
    cancelled(dr_game_solve(game, NULL));
    dr_game_free(game);
    size = snprintf(text, sizeof text, "{play: coercion, of: %s, by: %s, sectors: all}", codes[0], codes[1]);
    ok(dr_game_parse(&game, s->model, text, (size_t)size, "given"));
    cancelled(dr_game_solve(game, &DR_OPTIONS(dr_game_options, .threads = 2)));
    dr_game_free(game);
}

/* Flows of five countries to each other. */
static void estimates_too(void **state)
{
    static const char *const formula[] = {"trade ~ rta | exporter + importer"}, *const path[] = {
                                                                                    "/tmp/derisk-cancel-flows.csv"};
    setting *s = *state;
    dr_gravity *gravity = NULL;
    FILE *file = fopen(path[0], "w");
    assert_non_null(file);
    fputs("exporter,importer,year,trade,rta\n", file);
    for (int i = 0; i < 25; i++)
        fprintf(file, "C%d,C%d,2000,%d,%d\n", i % 5, i / 5, 1 + (i * i) % 7, i % 5 * (i / 5) % 3 == 1);
    fclose(file);
    const dr_gravity_options options = {.size = sizeof options, .formulas = formula, .formula_count = 1};
    dr_cancel_watch(s->cancel);
    dr_cancel_now(s->cancel);
    dr_status status = dr_gravity_new(&gravity, path, 1, &options);
    (void)remove(path[0]);
    cancelled(status);
    assert_null(gravity);
}

static void *cancel_soon(void *user)
{
    usleep(50000);
    dr_cancel_now(user);
    return NULL;
}

/* A million draws would take minutes; another thread ends them, on all threads that draw. */
static void another_thread_ends_what_runs(void **state)
{
    setting *s = *state;
    pthread_t other;
    dr_table *table = NULL;
    dr_cancel_watch(s->cancel);
    assert_int_equal(pthread_create(&other, NULL, cancel_soon, s->cancel), 0);
    cancelled(dr_draw_bands(&table, s->model, s->scenario, &many_draws));
    pthread_join(other, NULL);
    /* threads that worked for this one look no more at what it watched */
    dr_cancel_watch(NULL);
    ok(dr_draw_bands(&table, s->model, s->scenario,
                     &DR_OPTIONS(dr_draw_options, .draws = 8, .elasticity_error = 0.2, .threads = 2)));
    dr_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_watched_and_cancelled_fails_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(games_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(estimates_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_thread_ends_what_runs, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
