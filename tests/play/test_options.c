/* The options of a model reach every model that is made from it. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "equilibrium/new_model.h"
#include "plan/plan.h"
#include "play/coercion.h"
#include "scenario/model_options.h"
#include "scenario/settings.h"
#include "support/synthetic.h"

enum { R = 4, S = 3 };

/* No field has its default in both of these; what some fields ask for excludes what others do. */
static const dr_model_options of_labour = {.size = sizeof(dr_model_options),
                                           .model = "armington",
                                           .labour_supply = "0.5",
                                           .tolerance = 3e-12,
                                           .max_sweeps = 4321,
                                           .revenue = "keep",
                                           .overhead = "0.1",
                                           .pass_through = "90%"};
static const dr_model_options asked = {.size = sizeof(dr_model_options),
                                       .model = "baqaee-farhi",
                                       .horizon = "medium",
                                       .elasticity = "3.5",
                                       .closure = DR_CLOSURE_INCOME_SHARE,
                                       .rigid_wages = "A1:90%",
                                       .thin_markets = "2%",
                                       .tolerance = 3e-12,
                                       .max_sweeps = 4321,
                                       .products = "average",
                                       .product_elasticity = "4",
                                       .product_substitution = "2.5",
                                       .import_elasticity = "3",
                                       .scale = "0.01",
                                       .entry = "restricted",
                                       .choke_price = "5",
                                       .numeraire = "A1"};

typedef struct world {
    synthetic data;
    dr_economy *economy;
    dr_model *model;
} world;

static world world_new(const dr_model_options *options)
{
    world w = {.data = synthetic_new(R, S, 9, true, true)};
    w.economy = synthetic_economy(&w.data);
    ok(dr_model_new(&w.model, w.economy, options));
    return w;
}

static void world_free(world *w)
{
    dr_model_free(w->model);
    dr_economy_free(w->economy);
    synthetic_free(&w->data);
}

static bool same_field(const dr_option_field *field, const dr_model_options *a, const dr_model_options *b)
{
    const char *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;
    if (field->kind == DR_OPTION_TEXT) {
        const char *p = *(const char *const *)x, *q = *(const char *const *)y;
        return p == q || (p && q && strcmp(p, q) == 0);
    }
    return memcmp(x, y, field->kind == DR_OPTION_NUMBER ? sizeof(double) : sizeof(int)) == 0;
}

/* The options of `found` are those of `wanted`, but for the fields that are named. */
static void same_but(const dr_model *found, const dr_model_options *wanted, const char *but)
{
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        if (!strstr(but, field->name) && !same_field(field, &found->options, wanted))
            fail_msg("the option %s is lost", field->name);
    }
}

static void the_list_says_what_the_struct_has(void **state)
{
    const dr_model_options defaults = {.size = sizeof(dr_model_options)};
    size_t bytes = 0;
    (void)state;
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        static const size_t sizes[] = {sizeof(char *), sizeof(dr_closure), sizeof(double), sizeof(int)};
        assert_true(field->offset >= bytes);
        bytes = field->offset + sizes[field->kind];
        /* so that this test covers every field */
        assert_false(same_field(field, &asked, &defaults) && same_field(field, &of_labour, &defaults));
    }
    assert_true(sizeof(dr_model_options) - bytes < sizeof(double));
}

static void a_model_keeps_its_options(void **state)
{
    char elasticity[] = "3.5", rigid[] = "A1:90%";
    dr_model_options options = asked;
    (void)state;
    options.elasticity = elasticity;
    options.rigid_wages = rigid;
    world w = world_new(&options);
    memset(elasticity, 'x', strlen(elasticity));
    memset(rigid, 'x', strlen(rigid));
    same_but(w.model, &asked, "");
    world_free(&w);
    w = world_new(&of_labour);
    same_but(w.model, &of_labour, "");
    world_free(&w);
}

static void siblings_have_them(void **state)
{
    dr_model *again = NULL, *after = NULL, *sibling = NULL, *preset = NULL;
    dr_solution *solution = NULL;
    (void)state;
    world w = world_new(&asked);
    ok(dr_model_again(&again, w.model, w.model->theta, NULL, NULL));
    ok(dr_model_solve(&solution, w.model, NULL));
    ok(dr_model_after(&after, w.model, solution));
    ok(dr_model_sibling(&sibling, w.model, "long", false));
    ok(dr_model_sibling(&preset, w.model, "short", true));
    same_but(again, &asked, "");
    same_but(after, &asked, "");
    same_but(sibling, &asked, "horizon");
    same_but(preset, &asked, "horizon model elasticity");
    assert_string_equal(sibling->options.horizon, "long");
    assert_string_equal(sibling->preset, "baqaee-farhi");
    assert_string_equal(preset->options.horizon, "short");
    assert_null(preset->options.elasticity);
    near(sibling->theta[1], 3.5, 0);
    near(preset->theta[1], 0.76, 0);
    for (size_t n = 0; n < R; n++) {
        assert_true(again->floor[n] == w.model->floor[n] && after->floor[n] == w.model->floor[n]);
        assert_true(sibling->floor[n] == w.model->floor[n] && preset->floor[n] == w.model->floor[n]);
    }
    dr_solution_free(solution);
    dr_model_free(preset);
    dr_model_free(sibling);
    dr_model_free(after);
    dr_model_free(again);
    world_free(&w);
}

static void siblings_have_those_of_labour(void **state)
{
    dr_model *again = NULL, *after = NULL;
    dr_solution *solution = NULL;
    (void)state;
    world w = world_new(&of_labour);
    ok(dr_model_again(&again, w.model, w.model->theta, NULL, NULL));
    ok(dr_model_solve(&solution, w.model, NULL));
    ok(dr_model_after(&after, w.model, solution));
    same_but(again, &of_labour, "");
    same_but(after, &of_labour, "");
    dr_solution_free(solution);
    dr_model_free(after);
    dr_model_free(again);
    world_free(&w);
}

static dr_game *play(const dr_model *model, const char *text)
{
    dr_game *game = NULL;
    ok(dr_game_parse(&game, model, text, strlen(text), "game"));
    ok(dr_game_solve(game, &DR_OPTIONS(dr_game_options, .threads = 1)));
    return game;
}

static void plans_and_games_have_them(void **state)
{
    dr_plan *plan = NULL;
    (void)state;
    world w = world_new(&asked);
    ok(dr_plan_new(&plan, w.model, "A0", "A2",
                   &DR_OPTIONS(dr_plan_options, .sectors = "all", .cap = 0.25, .max_loss = 50, .threads = 1)));
    dr_game *game = play(w.model, "play: coercion\nof: A0\nby: A2\nsectors: all\nafter: {cap: 25%}\n");
    const dr_coercion_game *coercion = (const dr_coercion_game *)game;
    same_but(plan->cutoff->settings, &asked, "horizon model elasticity");
    same_but(plan->cutoff->short_run, &asked, "horizon model elasticity");
    same_but(coercion->plan.plan_model, &asked, "horizon");
    same_but(coercion->plan.model, &asked, "");
    dr_game_free(game);
    dr_plan_free(plan);
    world_free(&w);
}

/* The plan of a model with one good, in all its settings, and the games that rest on it. */
static void plans_and_games_have_those_of_labour(void **state)
{
    dr_plan *plan = NULL;
    (void)state;
    world w = world_new(&of_labour);
    ok(dr_plan_new(&plan, w.model, "A0", "A2",
                   &DR_OPTIONS(dr_plan_options, .sectors = "all", .cap = 0.25, .max_loss = 50, .threads = 1,
                               .objective = DR_OBJECTIVE_OWN)));
    same_but(plan->cutoff->settings, &of_labour, "horizon model elasticity");
    same_but(plan->cutoff->short_run, &of_labour, "horizon model elasticity");
    dr_game_free(play(w.model, "play: coalition\nof: A0\nagainst: A3\npartners: [A1, A2]\ntariff: 25%\n"));
    dr_plan_free(plan);
    world_free(&w);
}

/* The cost that a game reports for its prior plan is that of the plan by itself, for any settings. */
static void the_plan_before_coercion_is_the_plan(void **state)
{
    static const dr_model_options options[] = {
        {.size = sizeof(dr_model_options), .elasticity = "3"},
        {.size = sizeof(dr_model_options), .elasticity = "12"},
        {.size = sizeof(dr_model_options), .model = "baqaee-farhi"},
        {.size = sizeof(dr_model_options), .rigid_wages = "A0"},
        {.size = sizeof(dr_model_options), .closure = DR_CLOSURE_ZERO},
        {.size = sizeof(dr_model_options), .horizon = "short", .elasticity = "4"}};
    double costs[6];
    (void)state;
    for (size_t k = 0; k < 6; k++) {
        dr_model *long_run = NULL;
        dr_plan *plan = NULL;
        dr_table *told = NULL, *own = NULL;
        world w = world_new(&options[k]);
        dr_model_options wanted = options[k];
        wanted.horizon = "long";
        ok(dr_model_new(&long_run, w.economy, &wanted));
        ok(dr_plan_new(&plan, long_run, "A0", "A2",
                       &DR_OPTIONS(dr_plan_options, .sectors = "all", .cap = 0.2, .threads = 1)));
        ok(dr_plan_sectors(&own, plan));
        dr_game *game = play(w.model, "play: coercion\nof: A0\nby: A2\nsectors: all\nafter: {cap: 20%}\n");
        ok(dr_game_outcome(&told, game));
        costs[k] = dr_table_fact(told, "plan.cost");
        near(costs[k], dr_table_fact(own, "plan.cost"), 1e-9);
        for (size_t j = 0; j < k; j++)
            assert_true(fabs(costs[j] - costs[k]) > 1e-6);
        dr_table_free(told);
        dr_table_free(own);
        dr_game_free(game);
        dr_plan_free(plan);
        dr_model_free(long_run);
        world_free(&w);
    }
}

/* Options that differ in one field have different names; those that say the same have the same. */
static void names_tell_options_apart(void **state)
{
    const dr_model_options defaults = {.size = sizeof(dr_model_options)};
    (void)state;
    char *none = dr_options_name(&defaults);
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        static const size_t sizes[] = {sizeof(char *), sizeof(dr_closure), sizeof(double), sizeof(int)};
        dr_model_options one = {.size = sizeof(dr_model_options)};
        const dr_model_options *from = same_field(field, &asked, &defaults) ? &of_labour : &asked;
        memcpy((char *)&one + field->offset, (const char *)from + field->offset, sizes[field->kind]);
        char *name = dr_options_name(&one), *again = dr_options_name(&one);
        assert_string_not_equal(name, none);
        assert_string_equal(name, again);
        free(name);
        free(again);
    }
    char *split = dr_options_name(&DR_OPTIONS(dr_model_options, .model = "a", .horizon = "b"));
    char *joined = dr_options_name(&DR_OPTIONS(dr_model_options, .model = "a\nhorizon=2:b"));
    char *empty = dr_options_name(&DR_OPTIONS(dr_model_options, .elasticity = ""));
    assert_string_not_equal(split, joined);
    assert_string_not_equal(empty, none);
    free(empty);
    free(joined);
    free(split);
    free(none);
}

/* Documents may say every option that is not about the solver's arithmetic. */
static void documents_say_them(void **state)
{
    static const char *const keys[] = {DR_SETTINGS_KEYS};
    (void)state;
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        bool found = field->kind == DR_OPTION_NUMBER || field->kind == DR_OPTION_COUNT;
        for (size_t k = 0; k < DR_SETTINGS && !found; k++)
            found = strcmp(keys[k], field->name) == 0;
        if (!found)
            fail_msg("no document can say %s", field->name);
    }
}

/* The error names a sector of the world that the one-sector model has summed to one good. */
static void sectors_of_one_good(void **state)
{
    static const char text[] = "play: coalition\nof: A0\nagainst: A3\npartners: [A1, A2]\ntariff: 25%\nsectors: [s1]\n";
    dr_game *game = NULL;
    dr_plan *plan = NULL;
    (void)state;
    world w = world_new(&DR_OPTIONS(dr_model_options, .model = "armington"));
    assert_int_equal(dr_game_parse(&game, w.model, text, strlen(text), "game"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "game:6:11: the armington model has one good: give the sectors as 'all', not as 's1'");
    assert_int_equal(
        dr_plan_new(&plan, w.model, "A0", "A2", &DR_OPTIONS(dr_plan_options, .sectors = "s0,s1", .cap = 0.25)),
        DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "the armington model has one good: give the sectors as 'all', not as 's0'");
    assert_int_equal(
        dr_plan_new(&plan, w.model, "A0", "A2", &DR_OPTIONS(dr_plan_options, .sectors = "s9", .cap = 0.25)),
        DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "'s9' is not a sector of this world"));
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_says_what_the_struct_has),
        cmocka_unit_test(a_model_keeps_its_options),
        cmocka_unit_test(siblings_have_them),
        cmocka_unit_test(siblings_have_those_of_labour),
        cmocka_unit_test(plans_and_games_have_them),
        cmocka_unit_test(plans_and_games_have_those_of_labour),
        cmocka_unit_test(the_plan_before_coercion_is_the_plan),
        cmocka_unit_test(names_tell_options_apart),
        cmocka_unit_test(documents_say_them),
        cmocka_unit_test(sectors_of_one_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
