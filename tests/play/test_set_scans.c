/* Coercion against cuts of single flows and plain scenarios; coalitions against the axioms of the Shapley value. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/synthetic.h"

static const char path[] = "test-set-scans.yaml";

typedef struct world {
    synthetic data;
    dr_economy *economy;
    dr_model *model;
} world;

static world world_new(size_t r, size_t s)
{
    world w = {.data = synthetic_new(r, s, 9, true, true)};
    w.economy = synthetic_economy(&w.data);
    ok(dr_model_new(&w.model, w.economy, NULL));
    return w;
}

static void world_free(world *w)
{
    dr_model_free(w->model);
    dr_economy_free(w->economy);
    synthetic_free(&w->data);
}

static dr_table *outcome(const world *w, const char *text, int threads)
{
    dr_game *game = NULL;
    dr_table *table = NULL;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    ok(dr_game_load(&game, w->model, path));
    unlink(path);
    ok(dr_game_solve(game, &DR_OPTIONS(dr_game_options, .threads = threads)));
    assert_null(dr_game_solution(game));
    assert_int_equal(dr_game_settings(&table, game), DR_USAGE);
    ok(dr_game_outcome(&table, game));
    dr_game_free(game);
    return table;
}

static double at(const dr_table *table, const char *key, const char *column)
{
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, 0), key) == 0)
            return dr_table_number(table, row, (size_t)dr_table_find(table, column));
    fail_msg("no row %s", key);
    return NAN;
}

/* Welfare of a region under a scenario. */
static double welfare(const world *w, const dr_scenario *scenario, const char *region)
{
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_solution_regions(&table, solution));
    double number = at(table, region, "welfare");
    dr_table_free(table);
    dr_solution_free(solution);
    return number;
}

static void test_coercion(void **state)
{
    (void)state;
    enum { S = 5 };
    world w = world_new(4, S);
    const char *game = "play: coercion\nof: A0\nby: A2\nsectors: all\n";
    dr_table *table = outcome(&w, game, 1), *again = outcome(&w, game, 3), *cuts = NULL;
    ok(dr_exposure_cuts(&cuts, w.model, "A0", &DR_OPTIONS(dr_cut_options, .to = "A2", .sectors = "all")));
    for (size_t row = 0; row < dr_table_rows(cuts); row++) { /* single goods are ties */
        const char *sector = dr_table_text(cuts, row, 1);
        near(at(table, sector, "loss"), dr_table_number(cuts, row, (size_t)dr_table_find(cuts, "loss")), 1e-12);
        near(at(table, sector, "own_loss"), dr_table_number(cuts, row, (size_t)dr_table_find(cuts, "supplier_loss")),
             1e-12);
        near(at(table, sector, "imports"), dr_table_number(cuts, row, (size_t)dr_table_find(cuts, "imports")), 1e-9);
    }
    dr_scenario *all = NULL, *pair = NULL;
    ok(dr_scenario_new(&all, w.economy));
    ok(dr_scenario_ban(all, "A0", "A2", "all"));
    near(at(table, "s0+s1+s2+s3+s4", "loss"), -welfare(&w, all, "A0"), 1e-12);
    ok(dr_scenario_new(&pair, w.economy));
    ok(dr_scenario_ban(pair, "A0", "A2", "s1,s3"));
    near(at(table, "s1+s3", "own_loss"), -welfare(&w, pair, "A2"), 1e-12);
    assert_true(dr_table_rows(table) > S + S * (S - 1) / 2 && dr_table_rows(table) <= S + S * (S - 1) / 2 + 20);
    assert_int_equal(dr_table_rows(table), dr_table_rows(again));
    for (size_t row = 0; row < dr_table_rows(table); row++) { /* in order, whatever the threads */
        double leverage = dr_table_number(table, row, (size_t)dr_table_find(table, "leverage"));
        assert_string_equal(dr_table_text(table, row, 0), dr_table_text(again, row, 0));
        assert_true(row == 0 ||
                    !(leverage > dr_table_number(table, row - 1, (size_t)dr_table_find(table, "leverage"))));
    }
    dr_scenario_free(all);
    dr_scenario_free(pair);
    dr_table_free(cuts);
    dr_table_free(table);
    dr_table_free(again);
    world_free(&w);
}

/* The plan of `after`, on a model with the long-run settings. */
static dr_table *plan_of(const dr_model *model, double cap)
{
    dr_plan *plan = NULL;
    dr_table *sectors = NULL;
    ok(dr_plan_new(&plan, model, "A0", "A2", &DR_OPTIONS(dr_plan_options, .sectors = "all", .cap = cap)));
    ok(dr_plan_sectors(&sectors, plan));
    dr_plan_free(plan);
    return sectors;
}

/* Exact hat algebra composes: where the plan and the cut-off have the same model, the change of real income by both in
 * turn is the product of the two changes, and equals that of both at once. */
static void test_coercion_after_a_plan(void **state)
{
    (void)state;
    world w = world_new(4, 3);
    dr_model *long_run = NULL;
    ok(dr_model_new(&long_run, w.economy, &DR_OPTIONS(dr_model_options, .horizon = "long")));
    dr_table *table = outcome(&w, "play: coercion\nof: A0\nby: A2\nsectors: all\nafter: {cap: 15%}\n", 2);
    dr_table *sectors = plan_of(long_run, 0.15);
    dr_scenario *plan = NULL, *both = NULL;
    ok(dr_scenario_new(&plan, w.economy));
    ok(dr_scenario_new(&both, w.economy));
    for (size_t row = 0; row < dr_table_rows(sectors); row++) {
        const char *sector = dr_table_text(sectors, row, 0);
        double tariff = dr_table_number(sectors, row, (size_t)dr_table_find(sectors, "tariff")) / 100;
        ok(dr_scenario_tariff(plan, "A0", "A2", sector, tariff, DR_RATE_ADD));
        if (strcmp(sector, "s1") != 0)
            ok(dr_scenario_tariff(both, "A0", "A2", sector, tariff, DR_RATE_ADD));
    }
    ok(dr_scenario_ban(both, "A0", "A2", "s1"));
    static const char *const regions[] = {"A0", "A2"}, *const columns[] = {"loss_after", "own_loss_after"};
    for (int side = 0; side < 2; side++) {
        double first = welfare(&w, plan, regions[side]) / 100, all = welfare(&w, both, regions[side]) / 100;
        near((1 + first) * (1 - at(table, "s1", columns[side]) / 100), 1 + all, 1e-8);
    }
    double own = dr_table_fact(table, "plan.own_loss_value") / dr_table_fact(table, "plan.cost_value") *
                 dr_table_fact(table, "plan.cost");
    near(own, -welfare(&w, plan, "A0"), 1e-7);
    assert_true(at(table, "s1", "imports_after") < at(table, "s1", "imports"));
    dr_scenario_free(plan);
    dr_scenario_free(both);
    dr_table_free(sectors);
    dr_table_free(table);
    dr_model_free(long_run);
    world_free(&w);
}

/* The policy of all partners together equals one scenario with all of them; so do its effects on each partner. */
static void test_curbs_and_bans_together(void **state)
{
    (void)state;
    static const char *const means[] = {"export-curb: 40%", "ban: imports", "ban: exports"};
    world w = world_new(5, 2);
    for (int k = 0; k < 3; k++) {
        char text[256];
        dr_scenario *alone = NULL, *with = NULL, *scenarios[2];
        snprintf(text, sizeof text, "play: coalition\nof: A0\nagainst: A4\npartners: [A1, A2]\nsectors: all\n%s\n",
                 means[k]);
        dr_table *table = outcome(&w, text, 2);
        ok(dr_scenario_new(&alone, w.economy));
        ok(dr_scenario_new(&with, w.economy));
        scenarios[0] = alone;
        scenarios[1] = with;
        for (int j = 0; j < 2; j++) {
            const char *who = j == 0 ? "A0" : "A0,A2";
            if (k == 0)
                ok(dr_scenario_export_curb(scenarios[j], who, "A4", "all", 0.4, DR_RENT_EXPORTER, false));
            else
                ok(dr_scenario_ban(scenarios[j], k == 1 ? who : "A4", k == 1 ? "A4" : who, "all"));
        }
        near(at(table, "A2", "first"), welfare(&w, with, "A0") - welfare(&w, alone, "A0"), 1e-9);
        near(at(table, "A2", "first_against"), welfare(&w, with, "A4") - welfare(&w, alone, "A4"), 1e-9);
        near(at(table, "A2", "own"), welfare(&w, with, "A2") - welfare(&w, alone, "A2"), 1e-9);
        double sum = at(table, "A1", "first_against") + at(table, "A2", "first_against");
        double all = at(table, "A1", "shapley_against") + at(table, "A2", "shapley_against");
        near(dr_table_fact(table, "coalition.together_against"), all - sum, 1e-12);
        dr_scenario_free(alone);
        dr_scenario_free(with);
        dr_table_free(table);
    }
    world_free(&w);
}

/* Every kind of game has a summary with all its paragraphs. */
static void test_summaries(void **state)
{
    (void)state;
    static const struct {
        const char *text, *about[6];
    } games[] = {
        {"play: coercion\nof: A0\nby: A2\nsectors: all\nafter: {cap: 15%}\n",
         {"question", "all goods", "worst good", "leverage", "after the plan", "robustness"}},
        {"play: coalition\nof: A0\nagainst: A3\npartners: [A1, A2]\nsectors: all\ntariff: 30%\n",
         {"question", "alone", "all together", "partners", "coordination", "robustness"}},
        {"play: delay\nof: A0\nby: A3\nsectors: all\ncaps: [20%]\nat-least: 25%\n",
         {"question", "A3", "A0", "bounds", "robustness"}},
        {"play: nash\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all, most: 0.5%}\n- player: A1\n  tariff: "
         "{on: "
         "A0, sectors: s1}\n",
         {"question", "A0", "A1", "others", "bounds", "robustness"}},
    };
    world w = world_new(4, 2);
    for (size_t k = 0; k < sizeof games / sizeof *games; k++) {
        dr_game *game = NULL;
        dr_table *summary = NULL;
        FILE *file = fopen(path, "w");
        fputs(games[k].text, file);
        fclose(file);
        ok(dr_game_load(&game, w.model, path));
        unlink(path);
        assert_int_equal(dr_game_summary(&summary, game), DR_USAGE);
        ok(dr_game_solve(game, NULL));
        ok(dr_game_summary(&summary, game));
        size_t rows = dr_table_rows(summary);
        assert_int_equal(rows, games[k].about[5] ? 6 : 5);
        for (size_t row = 0; row < rows; row++) {
            assert_string_equal(dr_table_text(summary, row, 0), games[k].about[row]);
            const char *says = dr_table_text(summary, row, 1);
            assert_null(strstr(says, "nan"));
            assert_non_null(strchr(".?", says[strlen(says) - 1]));
        }
        if (k == 3)
            assert_string_equal(
                dr_table_text(summary, 4, 1),
                "At a bound: the tariff of A0 on A1 (s0) at its upper bound of 0.50%; the tariff of A0 on A1 (s1) "
                "at its upper bound of 0.50%. Other bounds would lead to another outcome.");
        dr_table_free(summary);
        dr_game_free(game);
    }
    world_free(&w);
}

/* Shapley values add up to the effect of the whole coalition; `first` equals a scenario with that partner alone. */
static void test_coalition(void **state)
{
    (void)state;
    world w = world_new(6, 2);
    dr_table *table =
        outcome(&w, "play: coalition\nof: A0\nagainst: A5\npartners: [A1, A2, A3]\nsectors: all\ntariff: 30%\n", 2);
    dr_scenario *alone = NULL, *with = NULL;
    ok(dr_scenario_new(&alone, w.economy));
    ok(dr_scenario_tariff(alone, "A0", "A5", "all", 0.3, DR_RATE_ADD));
    ok(dr_scenario_new(&with, w.economy));
    ok(dr_scenario_tariff(with, "A0,A2", "A5", "all", 0.3, DR_RATE_ADD));
    double of = 0, against = 0;
    for (size_t row = 0; row < 3; row++) {
        of += dr_table_number(table, row, (size_t)dr_table_find(table, "shapley"));
        against += dr_table_number(table, row, (size_t)dr_table_find(table, "shapley_against"));
    }
    near(dr_table_fact(table, "coalition.alone"), welfare(&w, alone, "A0"), 1e-12);
    near(at(table, "A2", "first"), welfare(&w, with, "A0") - welfare(&w, alone, "A0"), 1e-12);
    near(at(table, "A2", "first_against"), welfare(&w, with, "A5") - welfare(&w, alone, "A5"), 1e-12);
    near(of, dr_table_fact(table, "coalition.gain"), 1e-12);
    near(against, dr_table_fact(table, "coalition.all_against") - dr_table_fact(table, "coalition.alone_against"),
         1e-12);
    dr_scenario_free(alone);
    dr_scenario_free(with);
    dr_table_free(table);
    world_free(&w);
}

/* With more than twelve partners orders are sampled: the values still add up, as in each order, and errors are
 * small. */
static void test_a_sampled_coalition(void **state)
{
    (void)state;
    enum { PARTNERS = 13 };
    world w = world_new(PARTNERS + 2, 1);
    char text[512] = "play: coalition\nof: A0\nagainst: A1\nsectors: all\ntariff: 30%\npartners: [A2";
    for (int j = 1; j < PARTNERS; j++)
        snprintf(text + strlen(text), sizeof text - strlen(text), ", A%d", j + 2);
    strcat(text, "]\n");
    dr_table *table = outcome(&w, text, 2);
    double of = 0;
    for (size_t row = 0; row < PARTNERS; row++) {
        double value = dr_table_number(table, row, (size_t)dr_table_find(table, "shapley"));
        double error = dr_table_number(table, row, (size_t)dr_table_find(table, "error"));
        of += value;
        assert_true(error > 0 && error < 0.05 * fabs(value) + 1e-4);
    }
    near(of, dr_table_fact(table, "coalition.gain"), 1e-12);
    dr_table_free(table);
    world_free(&w);
}

/* The response of a year equals that of a game in which the plan's tariffs are given and the other side hinders. */
static void test_delay(void **state)
{
    (void)state;
    world w = world_new(4, 2);
    dr_plan *plan = NULL;
    dr_table *sectors = NULL, *after = NULL;
    dr_game *game = NULL;
    char text[1024];
    dr_table *table = outcome(&w, "play: delay\nof: A0\nby: A3\nsectors: all\ncaps: [20%, 15%]\nat-least: 25%\n", 2);
    ok(dr_plan_new(&plan, w.model, "A0", "A3", &DR_OPTIONS(dr_plan_options, .sectors = "all", .cap = 0.15)));
    ok(dr_plan_sectors(&sectors, plan));
    assert_int_equal(dr_table_rows(sectors), 2);
    snprintf(text, sizeof text,
             "play: best-response\nresponds: A3\nplayers:\n- player: A0\n  tariff: [{on: A3, sectors: %s, most: 900%%, "
             "at: %.15g%%}, {on: "
             "A3, sectors: %s, most: 900%%, at: %.15g%%}]\n- player: A3\n  export-tax: {to: A0, sectors: all, least: "
             "-50%%, most: 0%%}\n  "
             "aim: {hinder: A0, at-least: 25%%, sectors: all}\n",
             dr_table_text(sectors, 0, 0), dr_table_number(sectors, 0, (size_t)dr_table_find(sectors, "tariff")),
             dr_table_text(sectors, 1, 0), dr_table_number(sectors, 1, (size_t)dr_table_find(sectors, "tariff")));
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    ok(dr_game_load(&game, w.model, path));
    unlink(path);
    ok(dr_game_solve(game, NULL));
    ok(dr_game_outcome(&after, game));
    dr_table *plain = NULL;
    ok(dr_solution_regions(&plain, dr_plan_solution(plan)));
    near(dr_table_number(table, 1, (size_t)dr_table_find(table, "cost")),
         at(plain, "A3", "welfare") - at(after, "A3", "welfare"), 1e-7);
    for (size_t year = 0; year < 2; year++)
        near(dr_table_number(table, year, (size_t)dr_table_find(table, "share")), 0.25, 1e-8);
    assert_true(dr_table_number(table, 1, (size_t)dr_table_find(table, "cost")) >
                dr_table_number(table, 0, (size_t)dr_table_find(table, "cost")));
    assert_true(dr_table_fact(table, "delay.years") == 2);
    dr_table_free(table);
    dr_table_free(sectors);
    dr_table_free(after);
    dr_table_free(plain);
    dr_game_free(game);
    dr_plan_free(plan);
    world_free(&w);
}

/* A cap above every share leaves nothing to plan. */
static void test_a_plan_of_nothing(void **state)
{
    (void)state;
    world w = world_new(4, 2);
    dr_game *game = NULL;
    FILE *file = fopen(path, "w");
    fputs("play: coercion\nof: A0\nby: A1\nsectors: all\nafter: {cap: 99%}\n", file);
    fclose(file);
    ok(dr_game_load(&game, w.model, path));
    unlink(path);
    assert_int_equal(dr_game_solve(game, NULL), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "the share of A1 in the imports of A0 is above 99% in none of these sectors: there "
                        "is nothing to plan");
    dr_game_free(game);
    world_free(&w);
}

static void test_bad_games_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line;
    } games[] = {
        {"play: coercion\nof: A0\n", "test-set-scans.yaml:1:7: 'play: coercion' needs 'by'"},
        {"play: coercion\nof: A0\nby: A1\nplayers: []\n",
         "test-set-scans.yaml:4:10: 'players' does not go with 'play: coercion'"},
        {"play: coercion\nof: A0\nby: A0\n",
         "test-set-scans.yaml:2:5: 'A0' has no region outside 'A0': name another partner"},
        {"play: coalition\nof: A0\nagainst: A1\npartners: [A1]\ntariff: 10%\n",
         "test-set-scans.yaml:4:12: A1 is a party or another partner already"},
        {"play: coalition\nof: A0\nagainst: A1\npartners: A2\ntariff: 10%\n",
         "test-set-scans.yaml:4:11: expected a list of 1 to 64 partners, such as [USA, JPN]"},
        {"play: delay\nof: A0\nby: A1\ncaps: 20%\nat-least: 10%\n",
         "test-set-scans.yaml:4:7: expected a list of 1 to 100 caps, one a year, such as [30%, 20%]"},
        {"play: delay\nof: A0\nby: A1\ncaps: [20%, 120%]\nat-least: 10%\n",
         "test-set-scans.yaml:4:13: a share of 120%; expected one between 0% and 100%"},
        {"play: coalition\nof: A0\nagainst: A1\npartners: [A2]\n",
         "test-set-scans.yaml:2:5: 'play: coalition' needs one of 'tariff', 'export-curb' and 'ban'"},
        {"play: coalition\nof: A0\nagainst: A1\npartners: [A2]\ntariff: 10%\nban: imports\n",
         "test-set-scans.yaml:2:5: 'play: coalition' needs one of 'tariff', 'export-curb' and 'ban'"},
        {"play: coalition\nof: A0\nagainst: A1\npartners: [A2]\nexport-curb: 120%\n",
         "test-set-scans.yaml:5:14: a cut of 120%; expected one above 0% and up to 100%"},
        {"play: coalition\nof: A0\nagainst: A1\npartners: [A2]\nban: all\n",
         "test-set-scans.yaml:5:6: 'all'; expected imports or exports"},
        {"play: coercion\nof: A0\nby: A1\nafter: {sectors: all}\n",
         "test-set-scans.yaml:4:8: the key 'cap' is missing in 'after'"},
        {"play: coercion\nof: A0\nby: A1\nafter: {cap: 20%, horizon: soon}\n",
         "test-set-scans.yaml:4:28: 'soon'; expected short, medium or long"},
        {"play: coalition\nof: A0\nagainst: A1\npartners: [A2]\ntariff: 10%\nafter: {cap: 10%}\n",
         "test-set-scans.yaml:6:8: 'after' does not go with 'play: coalition'"},
        {"players: []\n", "test-set-scans.yaml:1:1: the key 'play' is missing in 'a game'"},
    };
    world w = world_new(3, 1);
    for (size_t k = 0; k < sizeof games / sizeof *games; k++) {
        dr_game *game = NULL;
        FILE *file = fopen(path, "w");
        fputs(games[k].text, file);
        fclose(file);
        assert_int_equal(dr_game_load(&game, w.model, path), DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), games[k].line);
    }
    unlink(path);
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coercion),
        cmocka_unit_test(test_coercion_after_a_plan),
        cmocka_unit_test(test_curbs_and_bans_together),
        cmocka_unit_test(test_summaries),
        cmocka_unit_test(test_a_plan_of_nothing),
        cmocka_unit_test(test_coalition),
        cmocka_unit_test(test_a_sampled_coalition),
        cmocka_unit_test(test_delay),
        cmocka_unit_test(test_bad_games_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
