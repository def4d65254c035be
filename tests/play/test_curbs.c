/* Export curbs by volume: against export taxes, against plain scenarios, and against theory. */
#include "played.h"

#include "plan/policy.h"

typedef struct world {
    synthetic data;
    dr_economy *economy;
    dr_model *model;
} world;

static world world_new(unsigned seed)
{
    world w = {.data = synthetic_new(4, 3, seed, true, true)};
    w.economy = synthetic_economy(&w.data);
    w.model = model_of(w.economy, "5");
    return w;
}

static void world_free(world *w)
{
    dr_model_free(w->model);
    dr_economy_free(w->economy);
    synthetic_free(&w->data);
}

/* Derivatives with respect to the logarithm of the volume limit, beside tariffs and taxes, against differences. */
static void test_right_derivatives(void **state)
{
    (void)state;
    enum { INSTRUMENTS = 3, AIMS = 2 };
    const double step = 1e-4;
    world w = world_new(7);
    dr_instrument *instruments = dr_new(INSTRUMENTS, sizeof *instruments);
    dr_aim *aims = dr_new(AIMS, sizeof *aims);
    dr_policy policy;
    dr_sides sides;
    double y[INSTRUMENTS] = {-0.6, -0.4, 0.1}, gradient[AIMS][INSTRUMENTS], there[2][AIMS];
    ok(dr_sides_read(&sides, w.economy, NULL, "A0", "A1,A2"));
    for (size_t l = 0; l < INSTRUMENTS; l++) {
        ok(dr_instrument_new(&instruments[l], w.model, &sides, l, DR_ORIGIN_FROM));
        instruments[l].limited = true;
        instruments[l].volume = l < 2;
    }
    ok(dr_result_read(&aims[0].result, w.economy, "welfare:A1,A2"));
    ok(dr_result_read(&aims[1].result, w.economy, "share:A0:A1,A2"));
    ok(dr_policy_new(&policy, w.model, instruments, INSTRUMENTS, aims, AIMS));
    ok(dr_policy_evaluate(&policy, y, true));
    assert_true(policy.solution->limits[0].wedge > 1.01 && policy.solution->limits[1].wedge > 1.01);
    for (size_t a = 0; a < AIMS; a++)
        memcpy(gradient[a], policy.aims[a].gradient, sizeof gradient[a]);
    for (size_t l = 0; l < INSTRUMENTS; l++) {
        for (int side = 0; side < 2; side++) {
            y[l] += side ? 2 * step : -step;
            ok(dr_policy_evaluate(&policy, y, false));
            for (size_t a = 0; a < AIMS; a++)
                there[side][a] = policy.aims[a].value;
        }
        y[l] -= step;
        for (size_t a = 0; a < AIMS; a++)
            near(gradient[a][l], (there[1][a] - there[0][a]) / 2 / step, 1e-6 * fmax(1, fabs(gradient[a][l])));
    }
    dr_policy_free(&policy);
    dr_sides_free(&sides);
    world_free(&w);
}

/* While the other players' policies are given, a volume and the tax that holds it are equivalent. */
static void test_best_alone_is_the_best_tax(void **state)
{
    (void)state;
    world w = world_new(3);
    const char *text =
        "play: best-response\nresponds: A1\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all, at: "
        "10%%}\n- player: A1\n  export-%s: {to: A0, sectors: all}\n";
    char game[512];
    snprintf(game, sizeof game, text, "tax");
    dr_game *tax = played(w.model, game);
    snprintf(game, sizeof game, text, "curb");
    dr_game *curb = played(w.model, game);
    near(cell(dr_game_outcome, tax, 1, "welfare"), cell(dr_game_outcome, curb, 1, "welfare"), 1e-8);
    for (size_t row = 3; row < 6; row++) {
        near(cell(dr_game_settings, curb, row, "wedge"), cell(dr_game_settings, tax, row, "rate"), 1e-4);
        assert_true(rate(curb, row) > 0.1);
    }
    near(cell(dr_game_outcome, curb, 1, "regret"), 0, 1e-8);
    dr_game_free(tax);
    dr_game_free(curb);
    world_free(&w);
}

/* Welfare of a region when A0 and A1 cut their exports to each other. */
static double welfare(const world *w, const char *region, double first, double second)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    double number = NAN;
    ok(dr_scenario_new(&scenario, w->economy));
    ok(dr_scenario_export_curb(scenario, "A0", "A1", "s0", first, DR_RENT_EXPORTER, false));
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "s1", second, DR_RENT_EXPORTER, false));
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_solution_regions(&table, solution));
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, 0), region) == 0)
            number = dr_table_number(table, row, (size_t)dr_table_find(table, "welfare"));
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return number;
}

/* In an equilibrium of curbs neither gains by selling a little more or less, given the other's volume; it differs from
 * the equilibrium of taxes. */
static void test_nash_in_volumes(void **state)
{
    (void)state;
    const double step = 1e-3;
    world w = world_new(5);
    const char *text = "play: nash\nplayers:\n- player: A0\n  export-%s: {to: A1, sectors: s0}\n- player: A1\n  "
                       "export-%s: {to: A0, sectors: s1}\n";
    char game[512];
    snprintf(game, sizeof game, text, "curb", "curb");
    dr_game *curbs = played(w.model, game);
    snprintf(game, sizeof game, text, "tax", "tax");
    dr_game *taxes = played(w.model, game);
    double a = rate(curbs, 0), b = rate(curbs, 1);
    near(cell(dr_game_outcome, curbs, 0, "welfare"), welfare(&w, "A0", a, b), 1e-9);
    near((welfare(&w, "A0", a + step, b) - welfare(&w, "A0", a - step, b)) / 2 / step, 0, 1e-5);
    near((welfare(&w, "A1", a, b + step) - welfare(&w, "A1", a, b - step)) / 2 / step, 0, 1e-5);
    assert_true(welfare(&w, "A0", a, b) > welfare(&w, "A0", a + 0.05, b));
    assert_true(welfare(&w, "A0", a, b) > welfare(&w, "A0", a - 0.05, b));
    assert_true(fabs(cell(dr_game_settings, curbs, 0, "wedge") - cell(dr_game_settings, taxes, 0, "rate")) > 1e-4);
    near(cell(dr_game_outcome, curbs, 0, "regret"), 0, 1e-8);
    dr_game_free(curbs);
    dr_game_free(taxes);
    world_free(&w);
}

/* A player that must raise its share does not want a curb: it is set to its lower bound, where it does not bind. */
static void test_a_curb_at_its_lower_bound(void **state)
{
    (void)state;
    world w = world_new(5);
    dr_result share = {0};
    dr_table *settings = NULL;
    char text[512];
    ok(dr_result_read(&share, w.economy, "share:A0:A1"));
    snprintf(text, sizeof text,
             "play: best-response\nplayers:\n- player: A1\n  export-tax: {to: A0, sectors: s0, least: -80%%, most: "
             "0%%}\n  export-curb: {to: A0, sectors: s1}\n  aim: {hinder: A0, at-least: %.6g%%, sectors: all}\n",
             110 * dr_result_value(&share, w.model, NULL));
    dr_game *game = played(w.model, text);
    ok(dr_game_settings(&settings, game));
    assert_string_equal(dr_table_text(settings, 1, 1), "export curb");
    assert_true(dr_table_number(settings, 0, 5) < 0);
    near(dr_table_number(settings, 1, 5), 0, 1e-12);
    near(dr_table_number(settings, 1, 8), 0, 1e-4);
    assert_string_equal(dr_table_text(settings, 1, 6), "least");
    dr_result_free(&share);
    dr_table_free(settings);
    dr_game_free(game);
    world_free(&w);
}

static void test_combinations_that_are_refused(void **state)
{
    (void)state;
    world w = world_new(5);
    static const char *const players = "players:\n- player: A0\n  tariff: {on: A1, sectors: all}\n- player: A1\n  "
                                       "export-curb: {to: A0, sectors: all}\n";
    static const char line[] =
        "A0 chooses a tariff on goods whose volume A1 limits: the best one takes the whole rent of the limit, and "
        "best responses in turn end all trade; expected 'export-tax'";
    static const char *const plays[] = {"nash", "stackelberg\nleader: A0", "stackelberg\nleader: A1",
                                        "best-response\nresponds: A0"};
    char game[512];
    for (size_t k = 0; k < sizeof plays / sizeof *plays; k++) {
        snprintf(game, sizeof game, "play: %s\n%s", plays[k], players);
        refused(w.model, game, line);
    }
    refused(w.model, "play: best-response\nplayers:\n- player: A0\n  export-curb: {to: A1, sectors: all, most: 100%}\n",
            "test-play.yaml:4:16: a cut from 0% to 100%; expected one from 0% to less than 100%");
    refused(
        w.model,
        "play: best-response\nplayers:\n- player: A0\n  export-curb: {to: A1, sectors: all}\n  export-tax: {to: A1, "
        "sectors: s0}\n",
        "A0 has two taxes or limits on sellers on s0 from A0 to A1; expected one");
    refused(w.model, "play: best-response\nplayers:\n- player: A0\n  export-curb: {on: A1}\n",
            "test-play.yaml:4:21: a tariff or quota is 'on' the goods of a partner, an export tax or curb on exports "
            "'to' a partner");
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_derivatives),
        cmocka_unit_test(test_best_alone_is_the_best_tax),
        cmocka_unit_test(test_nash_in_volumes),
        cmocka_unit_test(test_a_curb_at_its_lower_bound),
        cmocka_unit_test(test_combinations_that_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
