/* Every instrument as one that a player chooses, or as a change that holds whatever players do: outcomes against plain
 * scenarios, and best responses against their neighbours. */
#include "played.h"

static const double STEP = 1e-3;

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

/* The change of real income of A1 under a list of changes. */
static double welfare(const world *w, const char *changes)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    char text[2048];
    snprintf(text, sizeof text, "changes:\n%s", changes);
    ok(dr_scenario_parse(&scenario, w->economy, text, strlen(text), "changes"));
    ok(dr_model_solve(&solution, w->model, scenario));
    ok(dr_solution_regions(&table, solution));
    double number = dr_table_number(table, 1, (size_t)dr_table_find(table, "welfare"));
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return number;
}

/* The welfare of A1 in a scenario that a game has written. */
static double written(const world *w, const dr_game *game)
{
    static const char path[] = "test-player-instruments.yaml";
    char text[1 << 16] = "";
    ok(dr_game_write(game, path));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(path);
    const char *changes = strstr(text, "changes:\n");
    assert_non_null(changes);
    return welfare(w, changes + strlen("changes:\n"));
}

/* The best rate of A1 is better than those beside it, and the outcome that of a plain scenario. `choice` is the key of
 * the player, `change` the change of which a format takes the rate in percent. */
static void check_choice(const char *choice, const char *change, const char *standing)
{
    world w = world_new(7);
    char text[2048], here[1024], less[1024], more[1024];
    const char *form = "  - %s\n%s%s";
    char changes[512];
    snprintf(text, sizeof text, "play: best-response\n%s%splayers:\n- player: A1\n  %s\n",
             *standing ? "changes:\n" : "", standing, choice);
    dr_game *game = played(w.model, text);
    double best = 100 * rate(game, 0), at[3];
    const double rates[] = {best, best - 100 * STEP, best + 100 * STEP};
    char *const places[] = {here, less, more};
    for (size_t k = 0; k < 3; k++) {
        snprintf(changes, sizeof changes, change, rates[k]);
        snprintf(places[k], sizeof here, form, changes, standing, "");
        at[k] = welfare(&w, places[k]);
    }
    near(cell(dr_game_outcome, game, 0, "welfare"), at[0], 1e-9);
    near(written(&w, game), at[0], 1e-9);
    if (fabs(best) > 1e-3) /* inside its bounds */
        near((at[2] - at[1]) / 2 / STEP, 0, 1e-3);
    assert_true(at[0] >= at[1] - 1e-9 || fabs(best) <= 1e-3);
    assert_true(at[0] >= at[2] - 1e-9);
    near(cell(dr_game_outcome, game, 0, "regret"), 0, 1e-7);
    dr_game_free(game);
    world_free(&w);
}

static void test_every_instrument_that_a_player_chooses(void **state)
{
    (void)state;
    static const char *const standing[] = {"", "  - production-tax: {in: A3, sectors: s1, rate: 4%}\n"
                                               "  - productivity: {in: A2, sectors: s2, change: -3%}\n"};
    for (size_t k = 0; k < 2; k++) {
        check_choice("tariff: {on: A2, sectors: s0, most: 100%}", "tariff: {by: A1, on: A2, sectors: s0, add: %.17g%%}",
                     standing[k]);
        check_choice("quota: {on: A2, sectors: s0}",
                     "quota: {by: A1, on: A2, sectors: s0, cut: %.17g%%, rent: importer}", standing[k]);
        check_choice("use-tax: {sectors: s0, least: -30%}", "use-tax: {in: A1, sectors: s0, rate: %.17g%%}",
                     standing[k]);
        check_choice("export-tax: {to: A2, sectors: s0}", "export-tax: {by: A1, to: A2, sectors: s0, rate: %.17g%%}",
                     standing[k]);
        check_choice("export-curb: {to: A2, sectors: s0}", "export-curb: {by: A1, to: A2, sectors: s0, cut: %.17g%%}",
                     standing[k]);
        check_choice("production-tax: {sectors: s0, least: -30%}",
                     "production-tax: {in: A1, sectors: s0, rate: %.17g%%}", standing[k]);
    }
}

/* Any change may hold throughout. */
static void test_every_instrument_that_holds_throughout(void **state)
{
    (void)state;
    static const char *const standing[] = {
        "  - tariff: {by: A1, on: A0, sectors: s0, rate: 10%}\n",
        ("  - tariff-rate-quota: {by: A2, on: A3, sectors: s0, quota: 60%, together: true, in-quota: 0%, over-quota: "
         "25%}\n"),
        "  - trade-cost: {between: A1, and: A2, times: 1.1}\n",
        "  - ban: {by: A3, on: A0, sectors: s1}\n",
        "  - export-curb: {by: A0, to: A1, sectors: s1, cut: 20%}\n",
        "  - quota: {by: A2, on: A1, sectors: s0, at: 70%, rent: importer}\n",
        "  - export-tax: {by: A0, to: A1, sectors: s0, rate: 6%}\n",
        "  - export-subsidy: {by: A2, to: A1, sectors: s0, rate: 6%}\n",
        "  - production-tax: {in: A2, sectors: s0, rate: 5%}\n",
        "  - production-subsidy: {in: A1, sectors: s0, rate: 5%}\n",
        "  - use-tax: {in: A1, sectors: s0, rate: 5%}\n",
        "  - use-subsidy: {in: A1, sectors: s0, rate: 5%}\n",
        "  - productivity: {in: A1, sectors: all, change: -5%}\n",
        "  - labour: {in: A2, sectors: all, change: -5%}\n",
        "  - factor-supply: {in: A2, sectors: all, change: 5%}\n",
        "  - demand: {in: A1, sectors: s0, change: 20%}\n",
        "  - transfer: {from: A1, to: A2, amount: 1%}\n",
    };
    for (size_t k = 0; k < sizeof standing / sizeof *standing; k++)
        check_choice("tariff: {on: A2, sectors: s0}", "tariff: {by: A1, on: A2, sectors: s0, add: %.17g%%}",
                     standing[k]);
}

static void test_errors(void **state)
{
    (void)state;
    world w = world_new(7);
    refused(w.model, "play: best-response\nplayers:\n- player: A1\n  use-tax: {on: A2}\n",
            "test-play.yaml:4:17: a tax on production or use is the same whoever the partner is; expected no 'on'");
    refused(w.model, "play: best-response\nplayers:\n- player: A1\n  production-tax: {inside: true}\n",
            "test-play.yaml:4:28: a tax on production or use is on trade inside a group, too; expected no 'inside'");
    refused(w.model, "play: best-response\nplayers:\n- player: A1\n",
            "test-play.yaml:3:3: A1 has no instrument; expected 'tariff', 'quota', 'use-tax', 'export-tax', "
            "'export-curb' or 'production-tax'");
    refused(w.model,
            "play: best-response\nplayers:\n- player: A1\n  use-tax: {sectors: s0}\n  tariff: {on: A2, sectors: s0}\n",
            "A1 has two tariffs or use taxes on s0 from A2 to A1; expected one");
    refused(w.model,
            "play: nash\nplayers:\n- player: A1\n  quota: {on: A2, sectors: s0}\n- player: A2\n  export-tax: {to: A1, "
            "sectors: s0}\n",
            "A1 and A2 both have taxes or limits on sellers on s0 from A2 to A1; expected one");
    refused(w.model,
            "play: best-response\nchanges:\n- production-tax: {in: A1, sectors: s0, rate: 5%}\nplayers:\n- player: "
            "A1\n  export-tax: {to: A2, sectors: s0}\n",
            "the export tax of A1 to A2 is on s0 from A1 to A2, of which 'changes' sets a limit or a tax on exporters "
            "already");
    refused(w.model, "play: coalition\nchanges: []\nof: A0\nagainst: A1\npartners: [A2]\ntariff: 10%\n",
            "test-play.yaml:2:10: 'changes' does not go with 'play: coalition'");
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_instrument_that_a_player_chooses),
        cmocka_unit_test(test_every_instrument_that_holds_throughout),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
