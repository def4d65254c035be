/* Solves, draws, cuts, plans and games of one model in several threads at once give the same results as alone, to the
 * bit. Under the thread sanitizer (make check-deep) this also tests that no two of them share memory. */
#include <pthread.h>
#include <stdio.h>

#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "support/synthetic.h"

enum { TOGETHER = 3 };

static synthetic numbers;
static dr_economy *economy;
static dr_model *model;
static dr_scenario *scenario;

static int set_up(void **state)
{
    (void)state;
    numbers = synthetic_new(5, 3, 11, true, true);
    economy = synthetic_economy(&numbers);
    ok(dr_model_new(&model, economy, &DR_OPTIONS(dr_model_options, .tolerance = 1e-12)));
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0,A1", "A3", "all", 0.25, DR_RATE_SET));
    return 0;
}

static int take_down(void **state)
{
    (void)state;
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&numbers);
    return 0;
}

/* ---- The work, and the number of threads ------------------------------------------------------------------------- */

static dr_status solve(dr_table **out)
{
    dr_solution *solution = NULL;
    dr_status status = dr_model_solve(&solution, model, scenario);
    if (status == DR_OK)
        status = dr_solution_sectors(out, solution);
    dr_solution_free(solution);
    return status;
}

static dr_status differentiate(dr_table **out)
{
    dr_solution *solution = NULL;
    dr_status status = dr_model_solve(&solution, model, scenario);
    if (status == DR_OK)
        status = dr_solution_sensitivity(out, solution, scenario, "welfare:A0", 20);
    dr_solution_free(solution);
    return status;
}

static dr_status draw(dr_table **out)
{
    const dr_draw_options options = {
        .size = sizeof(dr_draw_options), .draws = 20, .elasticity_error = 0.2, .share_error = 0.1, .threads = 2};
    return dr_draw_bands(out, model, scenario, &options);
}

static dr_status cut(dr_table **out)
{
    return dr_exposure_cuts(out, model, "A0", &DR_OPTIONS(dr_cut_options, .threads = 2));
}

static dr_status plan(dr_table **out)
{
    dr_plan *plan = NULL;
    dr_status status =
        dr_plan_new(&plan, model, "A0,A1", "A3", &DR_OPTIONS(dr_plan_options, .cap = 0.15, .threads = 2));
    if (status == DR_OK)
        status = dr_plan_sectors(out, plan);
    dr_plan_free(plan);
    return status;
}

static dr_status play(dr_table **out)
{
    static const char text[] = "play: nash\nplayers:\n  - player: A0\n    tariff: {on: A1}\n"
                               "  - player: A1\n    tariff: {on: A0}\n";
    dr_game *game = NULL;
    dr_status status = dr_game_parse(&game, model, text, strlen(text), "a game");
    if (status == DR_OK)
        status = dr_game_solve(game, &DR_OPTIONS(dr_game_options, .starts = 1, .threads = 2));
    if (status == DR_OK)
        status = dr_game_settings(out, game);
    dr_game_free(game);
    return status;
}

typedef struct job {
    dr_status (*run)(dr_table **out);
    dr_table *table;
    dr_status status;
    pthread_t thread;
    char line[256];
} job;

/* Assertions work only in the thread of the test. */
static void *run_job(void *user)
{
    job *j = user;
    j->status = j->run(&j->table);
    snprintf(j->line, sizeof j->line, "%s", dr_error_text());
    return NULL;
}

static void assert_same(const dr_table *a, const dr_table *b)
{
    assert_int_equal(dr_table_rows(a), dr_table_rows(b));
    for (size_t row = 0; row < dr_table_rows(a); row++)
        for (size_t c = 0; c < dr_table_columns(a); c++) {
            double x = dr_table_number(a, row, c), y = dr_table_number(b, row, c);
            assert_memory_equal(&x, &y, sizeof x);
            assert_string_equal(dr_table_text(a, row, c), dr_table_text(b, row, c));
        }
}

static void finish_job(job *j, const dr_table *alone)
{
    assert_int_equal(pthread_join(j->thread, NULL), 0);
    if (j->status != DR_OK)
        fail_msg("%s", j->line);
    assert_same(alone, j->table);
    dr_table_free(j->table);
}

static void run_together(dr_status (*const *runs)(dr_table **), size_t kinds)
{
    dr_table *alone[8] = {NULL};
    job jobs[8 * TOGETHER] = {{0}};
    for (size_t k = 0; k < kinds; k++)
        ok(runs[k](&alone[k]));
    for (size_t i = 0; i < kinds * TOGETHER; i++) {
        jobs[i].run = runs[i % kinds];
        assert_int_equal(pthread_create(&jobs[i].thread, NULL, run_job, &jobs[i]), 0);
    }
    for (size_t i = 0; i < kinds * TOGETHER; i++)
        finish_job(&jobs[i], alone[i % kinds]);
    for (size_t k = 0; k < kinds; k++)
        dr_table_free(alone[k]);
}

static void solves_at_once(void **state)
{
    dr_status (*const runs[])(dr_table **) = {solve, differentiate, draw, cut};
    (void)state;
    run_together(runs, 4);
}

static void plans_at_once(void **state)
{
    dr_status (*const runs[])(dr_table **) = {plan};
    (void)state;
    run_together(runs, 1);
}

static void games_at_once(void **state)
{
    dr_status (*const runs[])(dr_table **) = {play};
    (void)state;
    run_together(runs, 1);
}

static void all_at_once(void **state)
{
    dr_status (*const runs[])(dr_table **) = {plan, play, solve, draw};
    (void)state;
    run_together(runs, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solves_at_once),
        cmocka_unit_test(plans_at_once),
        cmocka_unit_test(games_at_once),
        cmocka_unit_test(all_at_once),
    };
    return cmocka_run_group_tests(tests, set_up, take_down);
}
