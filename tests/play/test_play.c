/* Games against one-dimensional searches without derivatives, and against theory. */
#include "played.h"

#include "plan/policy.h"

/* ---- Searches -------------------------------------------------------------------------------------------------- */

/* Welfare of region `row` when tariffs are `own` of A0 on `on` and `other` of A1 on A0. */
typedef struct contest {
    const dr_economy *economy;
    const dr_model *model;
    const char *on;
} contest;

static double welfare(const contest *c, size_t row, double own, double other)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    ok(dr_scenario_new(&scenario, c->economy));
    ok(dr_scenario_tariff(scenario, "A0", c->on, "all", own, DR_RATE_ADD));
    if (other != 0)
        ok(dr_scenario_tariff(scenario, "A1", "A0", "all", other, DR_RATE_ADD));
    ok(dr_model_solve(&solution, c->model, scenario));
    ok(dr_solution_regions(&table, solution));
    double number = dr_table_number(table, row, (size_t)dr_table_find(table, "welfare"));
    dr_table_free(table);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    return number;
}

/* The slope by a central difference; the best tariff is its zero, as a maximum alone gives only half of the digits. */
static double slope(const contest *c, size_t row, double own, double other)
{
    const double step = 1e-3;
    double here = row == 0 ? own : other, sum = 0;
    static const double weights[] = {1, -8, 8, -1}; /* fourth order */
    static const int places[] = {-2, -1, 1, 2};
    for (int k = 0; k < 4; k++) {
        double there = here + places[k] * step;
        sum += weights[k] * (row == 0 ? welfare(c, row, there, other) : welfare(c, row, own, there));
    }
    return sum / 12 / step;
}

static double best_tariff(const contest *c, size_t row, double other)
{
    double low = 0.01, high = 1.5;
    while (high - low > 1e-9) {
        double middle = (low + high) / 2;
        if ((row == 0 ? slope(c, 0, middle, other) : slope(c, 1, other, middle)) > 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- Tests ------------------------------------------------------------------------------------------------------ */

/* Derivatives of the welfare of each side with respect to tariffs and taxes on exports, on the same flows, against
 * differences. */
static void test_taxes_on_exports_have_right_derivatives(void **state)
{
    (void)state;
    enum { R = 4, S = 3, INSTRUMENTS = 4 };
    synthetic data = synthetic_new(R, S, 7, true, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    dr_instrument *instruments = dr_new(INSTRUMENTS, sizeof *instruments);
    dr_aim *aims = dr_new(3, sizeof *aims);
    dr_policy policy;
    dr_sides sides;
    ok(dr_sides_read(&sides, economy, NULL, "A0", "A1,A2"));
    for (size_t l = 0; l < INSTRUMENTS; l++) {
        ok(dr_instrument_new(&instruments[l], model, &sides, l % 2, DR_ORIGIN_FROM));
        instruments[l].limited = l >= 2;
    }
    ok(dr_result_read(&aims[0].result, economy, "welfare:A0"));
    ok(dr_result_read(&aims[1].result, economy, "welfare:A1,A2"));
    ok(dr_result_read(&aims[2].result, economy, "share:A0:A1,A2:s0"));
    ok(dr_policy_new(&policy, model, instruments, INSTRUMENTS, aims, 3));
    double y[INSTRUMENTS] = {0.1, 0.2, 0.3, -0.1}, gradient[3][INSTRUMENTS];
    ok(dr_policy_evaluate(&policy, y, true));
    for (size_t a = 0; a < 3; a++)
        memcpy(gradient[a], policy.aims[a].gradient, sizeof gradient[a]);
    for (size_t l = 0; l < INSTRUMENTS; l++) {
        const double step = 1e-4;
        double there[2][3];
        for (int side = 0; side < 2; side++) {
            y[l] += side ? 2 * step : -step;
            ok(dr_policy_evaluate(&policy, y, false));
            for (size_t a = 0; a < 3; a++)
                there[side][a] = policy.aims[a].value;
        }
        y[l] -= step;
        for (size_t a = 0; a < 3; a++)
            near(gradient[a][l], (there[1][a] - there[0][a]) / 2 / step, 1e-6 * fmax(1, fabs(gradient[a][l])));
    }
    dr_policy_free(&policy);
    dr_sides_free(&sides);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

static void test_the_best_tariff_of_a_large_country(void **state)
{
    (void)state;
    synthetic data = synthetic_new(3, 2, 3, true, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    contest c = {economy, model, "A1,A2"};
    dr_game *game = played(model, "play: best-response\nplayers: [{player: A0, tariff: {on: all, sectors: all, "
                                  "uniform: true}}]\n");
    near(rate(game, 0), best_tariff(&c, 0, 0), 1e-6);
    near(cell(dr_game_outcome, game, 0, "regret"), 0, 1e-9);
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

/* The rates of a game are percentage points on the tariffs of the base, as `add` of a scenario is. */
static void test_rates_are_those_that_a_scenario_adds(void **state)
{
    (void)state;
    synthetic data = synthetic_new(4, 2, 5, true, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_table *settings = NULL, *regions = NULL;
    double largest = 0;
    dr_game *game =
        played(model, "play: nash\nplayers:\n- {player: A0, tariff: {on: \"A1,A2\", sectors: all, least: -30%}}\n"
                      "- {player: A1, tariff: {on: all, sectors: all, uniform: true}}\n");
    ok(dr_game_settings(&settings, game));
    ok(dr_scenario_new(&scenario, economy));
    for (size_t row = 0; row < dr_table_rows(settings); row++) {
        const char *player = dr_table_text(settings, row, 0), *sector = dr_table_text(settings, row, 3);
        double rate = dr_table_number(settings, row, (size_t)dr_table_find(settings, "rate")) / 100;
        largest = fmax(largest, fabs(rate));
        ok(dr_scenario_tariff(scenario, player, dr_table_text(settings, row, 2), sector, rate, DR_RATE_ADD));
    }
    assert_true(largest > 0.03);
    ok(dr_model_solve(&solution, model, scenario));
    ok(dr_solution_regions(&regions, solution));
    for (size_t player = 0; player < 2; player++)
        near(cell(dr_game_outcome, game, player, "welfare"),
             dr_table_number(regions, player, (size_t)dr_table_find(regions, "welfare")), 1e-9);
    dr_table_free(regions);
    dr_table_free(settings);
    dr_solution_free(solution);
    dr_scenario_free(scenario);
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

/* As its share of the world vanishes, its best tariff tends to 1 / theta, with an error in proportion to the share. */
static void test_the_best_tariff_of_a_small_country_is_one_over_theta(void **state)
{
    (void)state;
    static const double theta[] = {4, 8};
    static const char *const names[] = {"4", "8"};
    for (int k = 0; k < 2; k++) {
        double before = INFINITY;
        for (int digits = 1; digits < 5; digits++) {
            double size = pow(10, digits);
            dr_economy *economy = small_open(size, 0.3);
            dr_model *model = model_of(economy, names[k]);
            dr_game *game =
                played(model, "play: best-response\nplayers: [{player: A0, tariff: {on: A1, sectors: all}}]\n");
            double error = fabs(rate(game, 0) - 1 / theta[k]);
            print_message("theta %s, partner %6.0f times as large: best tariff %.6f%%\n", names[k], size,
                          100 * rate(game, 0));
            assert_true(error < 0.2 * before || error < 1e-6);
            before = error;
            dr_game_free(game);
            dr_model_free(model);
            dr_economy_free(economy);
        }
        assert_true(before < 1e-4);
    }
}

/* Two equal countries: the tariff that is the best response to itself, by bisection, is the equilibrium of both. */
static void test_nash_of_equal_countries(void **state)
{
    (void)state;
    dr_economy *economy = small_open(1, 0.25);
    dr_model *model = model_of(economy, "5");
    contest c = {economy, model, "A1"};
    double low = 0.01, high = 1;
    while (high - low > 1e-9) {
        double middle = (low + high) / 2;
        if (slope(&c, 0, middle, middle) > 0)
            low = middle;
        else
            high = middle;
    }
    dr_game *game =
        played(model, "play: nash\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all}\n- player: A1\n  tariff: "
                      "{on: A0, sectors: all}\n");
    near(rate(game, 0), low, 1e-6);
    near(rate(game, 1), low, 1e-6);
    near(cell(dr_game_outcome, game, 0, "welfare"), cell(dr_game_outcome, game, 1, "welfare"), 1e-7);
    assert_true(cell(dr_game_outcome, game, 0, "welfare") < 0);
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
}

/* Three players with two rates each, solved together: what each does is the best response that a search of its own
 * finds when the others stay. */
static void test_nash_is_of_best_responses(void **state)
{
    (void)state;
    synthetic table = synthetic_new(4, 2, 8, true, true);
    dr_economy *economy = synthetic_economy(&table);
    dr_model *model = model_of(economy, "4");
    static const char *const partners[] = {"A1,A2,A3", "A0,A2,A3", "A0,A1,A3"};
    char text[2048];
    size_t length = (size_t)snprintf(text, sizeof text, "play: nash\nplayers:\n");
    for (int p = 0; p < 3; p++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length,
                             "- {player: A%d, tariff: {on: \"%s\", sectors: all, least: -50%%}}\n", p, partners[p]);
    dr_game *nash = played(model, text);
    for (int responds = 0; responds < 3; responds++) {
        length = (size_t)snprintf(text, sizeof text, "play: best-response\nresponds: A%d\nplayers:\n", responds);
        for (int p = 0; p < 3; p++)
            for (int s = 0; s < 2; s++)
                length += (size_t)snprintf(
                    text + length, sizeof text - length, "%s{on: \"%s\", sectors: s%d, least: -50%%, at: %.12f%%}%s",
                    s        ? ", "
                    : p == 0 ? "- {player: A0, tariff: ["
                    : p == 1 ? "- {player: A1, tariff: ["
                             : "- {player: A2, tariff: [",
                    partners[p], s, p == responds ? 0 : 100 * rate(nash, 2 * (size_t)p + (size_t)s), s ? "]}\n" : "");
        dr_game *alone = played(model, text);
        for (size_t l = 0; l < 6; l++)
            near(rate(alone, l), rate(nash, l), 1e-6);
        dr_game_free(alone);
    }
    dr_game_free(nash);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&table);
}

/* With caps that do not bind a plan is the best response of the planner to passive others. */
static void test_one_player_is_a_plan(void **state)
{
    (void)state;
    synthetic data = synthetic_new(4, 3, 3, true, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    dr_plan *plan = NULL;
    dr_table *sectors = NULL, *settings = NULL;
    dr_game *game = played(model, "play: best-response\nplayers: [{player: A0, tariff: {on: A1, sectors: all, most: "
                                  "1000%}}]\n");
    ok(dr_plan_new(&plan, model, "A0", "A1",
                   &DR_OPTIONS(dr_plan_options, .sectors = "all", .cap = 1, .objective = DR_OBJECTIVE_OWN)));
    ok(dr_plan_sectors(&sectors, plan));
    ok(dr_game_settings(&settings, game));
    assert_int_equal(dr_table_rows(settings), 3);
    for (size_t row = 0; row < 3; row++)
        for (size_t other = 0; other < 3; other++)
            if (strcmp(dr_table_text(settings, row, 3), dr_table_text(sectors, other, 0)) == 0)
                near(rate(game, row), dr_table_number(sectors, other, (size_t)dr_table_find(sectors, "tariff")) / 100,
                     1e-6);
    assert_true(rate(game, 0) > 0.01 && dr_table_fact(sectors, "plan.cost") < 0);
    near(cell(dr_game_outcome, game, 0, "welfare"), -dr_table_fact(sectors, "plan.cost"), 1e-8);
    dr_table_free(sectors);
    dr_table_free(settings);
    dr_plan_free(plan);
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

/* Each point of a best-response function agrees with a search over one rate, and the functions cross at the outcome. */
static void test_the_map(void **state)
{
    (void)state;
    synthetic data = synthetic_new(3, 2, 5, false, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    contest c = {economy, model, "A1"};
    enum { POINTS = 5 };
    dr_table *map = NULL;
    dr_game *game = played(model, "play: nash\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all, uniform: "
                                  "true}\n- player: A1\n  tariff: {on: A0, sectors: all, uniform: true}\n");
    double rates[2] = {rate(game, 0), rate(game, 1)};
    ok(dr_game_map(&map, game, POINTS, NULL));
    assert_int_equal(dr_table_rows(map), 2 * POINTS + 1);
    for (size_t row = 0; row < 2 * POINTS; row++) {
        size_t who = row / POINTS;
        double own = dr_table_number(map, row, 1 + who) / 100, other = dr_table_number(map, row, 2 - who) / 100;
        near(other, 2 * rates[1 - who] * (double)(row % POINTS) / (POINTS - 1), 1e-9);
        near(own, best_tariff(&c, who, other), 1e-6);
        near(dr_table_number(map, row, 3), who == 0 ? welfare(&c, 0, own, other) : welfare(&c, 0, other, own), 1e-9);
    }
    assert_string_equal(dr_table_text(map, 2 * POINTS, 0), "equilibrium");
    near(dr_table_number(map, 2 * POINTS, 1) / 100, rates[0], 1e-15);
    near(rate(game, 1), rates[1], 0); /* the outcome of the game has not changed */
    assert_int_equal(dr_game_map(&map, game, 1, NULL), DR_USAGE);
    dr_table_free(map);
    dr_game_free(game);
    game = played(model, "play: best-response\nplayers: [{player: A0, tariff: {on: A1, sectors: all}}]\n");
    assert_int_equal(dr_game_map(&map, game, POINTS, NULL), DR_USAGE);
    assert_string_equal(dr_error_text(),
                        "best-response functions need two players with one rate each ('uniform: true')");
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

/* By Lerner's symmetry a tax on all exports is as good as a tariff on all imports, where trade balances. */
static void test_a_tax_on_exports_is_one_on_imports(void **state)
{
    (void)state;
    dr_economy *economy = small_open(3, 0.25);
    dr_model *model = model_of(economy, "5");
    dr_game *tariff = played(model, "play: best-response\nplayers: [{player: A0, tariff: {on: A1, sectors: all}}]\n");
    dr_game *tax = played(model, "play: best-response\nplayers: [{player: A0, export-tax: {to: A1, sectors: all}}]\n");
    near(rate(tariff, 0), rate(tax, 0), 1e-6);
    near(cell(dr_game_outcome, tariff, 0, "welfare"), cell(dr_game_outcome, tax, 0, "welfare"), 1e-8);
    dr_game_free(tariff);
    dr_game_free(tax);
    dr_model_free(model);
    dr_economy_free(economy);
}

/* The leader does no worse than in the Nash equilibrium; its tariff agrees with a search over it in which the follower
 * responds to each value. */
static void test_the_leader(void **state)
{
    (void)state;
    synthetic data = synthetic_new(3, 2, 5, false, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    contest c = {economy, model, "A1"};
    const char *players =
        "players:\n- player: A0\n  tariff: {on: A1, sectors: all, uniform: true}\n- player: A1\n  tariff: "
        "{on: A0, sectors: all, uniform: true}\n";
    char text[512];
    snprintf(text, sizeof text, "play: nash\n%s", players);
    dr_game *nash = played(model, text);
    snprintf(text, sizeof text, "play: stackelberg\nleader: A0\n%s", players);
    dr_game *lead = played(model, text);
    double here = rate(lead, 0), step = 2e-3, side[3];
    assert_true(cell(dr_game_outcome, lead, 0, "welfare") > cell(dr_game_outcome, nash, 0, "welfare") - 1e-10);
    for (int k = -1; k <= 1; k++)
        side[k + 1] = welfare(&c, 0, here + k * step, best_tariff(&c, 1, here + k * step));
    near(rate(lead, 1), best_tariff(&c, 1, here), 1e-6);
    assert_true(side[1] > side[0] && side[1] > side[2]);
    near(here + step / 2 * (side[0] - side[2]) / (side[0] + side[2] - 2 * side[1]), here,
         1e-4); /* the vertex of the parabola */
    near(cell(dr_game_outcome, lead, 0, "regret"), 0, 1e-9);
    dr_game_free(nash);
    dr_game_free(lead);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

/* With the aim to hinder the share is exactly at its level, by export subsidies, at a cost. */
static void test_hinder(void **state)
{
    (void)state;
    synthetic data = synthetic_new(3, 2, 11, false, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    dr_game *game =
        played(model, "play: best-response\nresponds: A1\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all, "
                      "at: 30%}\n- player: A1\n  export-tax: {to: A0, sectors: all, least: -60%, most: 0%}\n  "
                      "aim: {hinder: A0, at-least: 40%, sectors: all}\n");
    dr_result share = {0};
    ok(dr_result_read(&share, economy, "share:A0:A1"));
    near(dr_result_value(&share, model, dr_game_solution(game)), 0.4, 1e-7);
    assert_true(cell(dr_game_outcome, game, 1, "welfare") < 0);
    near(cell(dr_game_outcome, game, 1, "regret"), 0, 1e-7);
    near(rate(game, 0), 0.3, 1e-12); /* the policy of A0 is given */
    dr_result_free(&share);
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

/* ---- Bad input -------------------------------------------------------------------------------------------------- */

static void test_bad_games_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line;
    } games[] = {
        {"play: nash\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all}\n",
         "test-play.yaml:3:1: a game of one player; expected two, or 'play: best-response'"},
        {"play: nash\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all}\n- player: A0,A1\n  tariff: {on: A2, "
         "sectors: "
         "all}\n",
         "test-play.yaml:5:11: A0 belongs to two players, A0 and A0,A1"},
        {"play: best-response\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all, least: 50%, most: 20%}\n",
         "test-play.yaml:4:11: 'least' is 50% and 'most' is 20%: the bounds are crossed"},
        {"play: best-response\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all}\n  aim: {hinder: A1}\n",
         "test-play.yaml:5:8: the key 'at-least' is missing in 'hinder'"},
        {"play: best-response\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all}\n  aim: {less: A1, weight: "
         "1}\n",
         "test-play.yaml: the aim of A0 counts the welfare of 'A1', which is no other player"},
        {"play: chess\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all}\n",
         "test-play.yaml:1:7: unknown play 'chess'; expected best-response, nash, stackelberg, coercion, coalition or "
         "delay"},
        {"play: best-response\nplayers:\n- player: A0\n",
         "test-play.yaml:3:3: A0 has no instrument; expected 'tariff', 'quota', 'use-tax', 'export-tax', "
         "'export-curb' or 'production-tax'"},
        {"play: best-response\nplayers:\n- player: A0\n  tariff: [{on: A1, sectors: all}, {on: all, sectors: s0}]\n",
         "A0 has two tariffs or use taxes on s0 from A1 to A0; expected one"},
        {"play: best-response\nplayers:\n- player: A0\n  tariff: {on: A0, sectors: all}\n",
         "the tariff of A0 on A0 applies to no trade"},
        {"play: best-response\nplayers:\n- player: A0\n  tariff: {on: A1, sectors: all, most: 2}\n",
         "test-play.yaml:4:40: '2' is not a rate; expected a percentage such as 100%"},
    };
    synthetic data = synthetic_new(3, 2, 5, false, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    for (size_t k = 0; k < sizeof games / sizeof *games; k++)
        refused(model, games[k].text, games[k].line);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

/* Where no subsidy within the bounds keeps the share there is no outcome; the error has the highest attainable
 * share. */
static void test_a_share_out_of_reach(void **state)
{
    (void)state;
    synthetic data = synthetic_new(3, 2, 11, false, true);
    dr_economy *economy = synthetic_economy(&data);
    dr_model *model = model_of(economy, "5");
    dr_game *game = NULL;
    write_game(
        "play: best-response\nplayers:\n- player: A1\n  export-tax: {to: A0, sectors: all, least: -1%, most: 0%}\n  "
        "aim: {hinder: A0, at-least: 90%, sectors: all}\n");
    ok(dr_game_load(&game, model, game_path));
    unlink(game_path);
    assert_int_equal(dr_game_solve(game, NULL), DR_NO_SOLUTION);
    assert_non_null(strstr(dr_error_text(), "infeasible: within the bounds the highest share that A1 can keep is "));
    assert_non_null(strstr(dr_error_text(), "% (aim: at least 90%)"));
    assert_null(dr_game_solution(game));
    dr_game_free(game);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taxes_on_exports_have_right_derivatives),
        cmocka_unit_test(test_the_best_tariff_of_a_large_country),
        cmocka_unit_test(test_rates_are_those_that_a_scenario_adds),
        cmocka_unit_test(test_the_best_tariff_of_a_small_country_is_one_over_theta),
        cmocka_unit_test(test_nash_of_equal_countries),
        cmocka_unit_test(test_nash_is_of_best_responses),
        cmocka_unit_test(test_one_player_is_a_plan),
        cmocka_unit_test(test_the_map),
        cmocka_unit_test(test_a_tax_on_exports_is_one_on_imports),
        cmocka_unit_test(test_the_leader),
        cmocka_unit_test(test_hinder),
        cmocka_unit_test(test_bad_games_are_named),
        cmocka_unit_test(test_a_share_out_of_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
