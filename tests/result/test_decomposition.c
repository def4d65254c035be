/* Welfare explained: that the terms are the change of real income to the order that they claim, whatever the model and
 * the shock. */
#include <string.h>

#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/synthetic.h"

typedef void shock(dr_scenario *scenario, double size);

static void tariff(dr_scenario *scenario, double size)
{
    ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "all", size, DR_RATE_ADD));
    ok(dr_scenario_tariff(scenario, "A1", "A0", "s0", -size, DR_RATE_ADD));
}

static void trade_cost(dr_scenario *scenario, double size)
{
    ok(dr_scenario_trade_cost(scenario, "A0", "A1,A2", "s0,s1", 1 + size, true));
    ok(dr_scenario_trade_cost(scenario, "A3", "A1", "s1", 1 / (1 + size), false));
}

static void curb(dr_scenario *scenario, double size)
{
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "s0,s1", size, DR_RENT_EXPORTER, false));
    ok(dr_scenario_export_curb(scenario, "A2", "A0,A3", "s1", size, DR_RENT_EXPORTER, true));
}

static void licence(dr_scenario *scenario, double size)
{
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "s0,s1", size, DR_RENT_IMPORTER, false));
}

static void lost(dr_scenario *scenario, double size)
{
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "s0,s1", size, DR_RENT_LOST, false));
}

static void shifted(dr_scenario *scenario, double size)
{
    ok(dr_scenario_productivity(scenario, "A0,A2", "s0,s1", -size / 3));
    ok(dr_scenario_factor_supply(scenario, "A1", NULL, "all", size / 2));
    ok(dr_scenario_factor_supply(scenario, "A0", "labour", "s1", -size));
    ok(dr_scenario_transfer(scenario, "A0", "A3,A1", size / 3, true));
}

/* A tariff, a trade cost and a limit on the same flow. */
static void all(dr_scenario *scenario, double size)
{
    tariff(scenario, size);
    trade_cost(scenario, size / 2);
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "all", 4 * size, DR_RENT_EXPORTER, false));
    ok(dr_scenario_export_curb(scenario, "A3", "A0", "all", size, DR_RENT_IMPORTER, true));
}

static const struct {
    const char *name;
    shock *apply;
} shocks[] = {{"tariff", tariff}, {"trade cost", trade_cost}, {"curb", curb}, {"licence", licence},
              {"lost", lost},     {"shifted", shifted},       {"all", all}};

enum { SHOCKS = sizeof shocks / sizeof *shocks };

static dr_table *decompose(const dr_model *model, const dr_economy *economy, shock *apply, double size)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    dr_table *table = NULL;
    ok(dr_scenario_new(&scenario, economy));
    apply(scenario, size);
    ok(dr_model_solve(&solution, model, scenario));
    dr_scenario_free(scenario); /* the table needs it no more */
    ok(dr_solution_decomposition(&table, solution));
    dr_solution_free(solution);
    return table;
}

static double at(const dr_table *table, size_t row, const char *column)
{
    int found = dr_table_find(table, column);
    assert_true(found >= 0);
    return dr_table_number(table, row, (size_t)found);
}

/* How far a column is from the exact welfare, over all regions. */
static double error_of(const dr_table *table, const char *column)
{
    double sum = 0;
    for (size_t n = 0; n < dr_table_rows(table); n++)
        sum += fabs(at(table, n, column) - at(table, n, "welfare"));
    return sum;
}

/* With half the shock the error of the first order must be a quarter, that of the second an eighth. */
static void check_orders(const dr_model *model, const dr_economy *economy, size_t k, const char *horizon, int closure)
{
    const double size = 0.02;
    dr_table *whole = decompose(model, economy, shocks[k].apply, size);
    dr_table *half = decompose(model, economy, shocks[k].apply, size / 2);
    double first = error_of(whole, "first_order") / error_of(half, "first_order");
    double second = error_of(whole, "second_order") / error_of(half, "second_order");
    if (!(first > 3.6 && first < 4.4))
        fail_msg("%s, %s, closure %d: the first order's error falls to 1/%.3f", shocks[k].name, horizon, closure,
                 first);
    if (!(second > 6.8 && second < 9.5))
        fail_msg("%s, %s, closure %d: the second order's error falls to 1/%.3f", shocks[k].name, horizon, closure,
                 second);
    assert_true(error_of(whole, "second_order") < 0.1 * error_of(whole, "first_order"));
    dr_table_free(whole);
    dr_table_free(half);
}

static void terms_are_right_to_their_order(void **state)
{
    static const char *const horizons[] = {NULL, "short", "medium", "long"};
    (void)state;
    for (int taxed = 0; taxed < 2; taxed++)
        for (int closure = DR_CLOSURE_FIXED; closure <= DR_CLOSURE_ZERO; closure++)
            for (size_t h = 0; h < 4; h++) {
                synthetic y = synthetic_new(5, 3, 17 + h, taxed, true);
                dr_economy *economy = synthetic_economy(&y);
                dr_model *model = NULL;
                dr_model_options options = {.size = sizeof(dr_model_options),
                                            .horizon = horizons[h],
                                            .closure = (dr_closure)closure,
                                            .tolerance = 1e-13};
                ok(dr_model_new(&model, economy, &options));
                for (size_t k = 0; k < SHOCKS; k++)
                    check_orders(model, economy, k, horizons[h] ? horizons[h] : "no horizon", closure);
                dr_model_free(model);
                dr_economy_free(economy);
                synthetic_free(&y);
            }
}

/* Several factors, each with its mobility, and wages that do not fall: what is idle is in `reallocation`. */
static void terms_are_right_with_factors_and_idle_labour(void **state)
{
    static const char *const names[] = {"labour", "capital"}, *const horizons[] = {"short", "medium", "long"};
    (void)state;
    for (size_t h = 0; h < 3; h++)
        for (int rigid = 0; rigid < 2; rigid++) {
            synthetic y = synthetic_new(5, 3, 31 + h, true, true);
            synthetic_split(&y, names, 2, 31 + h);
            dr_economy *economy = synthetic_economy(&y);
            dr_model *model = NULL;
            dr_model_options options = {.size = sizeof(dr_model_options),
                                        .horizon = horizons[h],
                                        .rigid_wages = rigid ? "all" : NULL,
                                        .tolerance = 1e-13};
            ok(dr_model_new(&model, economy, &options));
            check_orders(model, economy, 1, horizons[h], 0); /* a trade cost: dearer trade, lower wages */
            dr_table *table = decompose(model, economy, trade_cost, 0.1);
            for (size_t n = 0; n < dr_table_rows(table) && !rigid; n++)
                near(at(table, n, "reallocation"), 0, h == 1 ? 1e-3 : 1e-9);
            assert_true(!rigid || at(table, 0, "reallocation") < -1e-3);
            dr_table_free(table);
            dr_model_free(model);
            dr_economy_free(economy);
            synthetic_free(&y);
        }
}

/* What is exactly zero in which model; and the sum. */
static void terms_that_do_not_apply_are_zero(void **state)
{
    static const char *const horizons[] = {"short", "medium", "long"};
    (void)state;
    synthetic y = synthetic_new(4, 3, 5, true, true);
    dr_economy *economy = synthetic_economy(&y);
    for (size_t h = 0; h < 3; h++)
        for (size_t k = 0; k < SHOCKS; k++) {
            dr_model *model = NULL;
            dr_model_options options = {.size = sizeof(dr_model_options), .horizon = horizons[h], .tolerance = 1e-13};
            ok(dr_model_new(&model, economy, &options));
            dr_table *table = decompose(model, economy, shocks[k].apply, 0.1);
            for (size_t n = 0; n < dr_table_rows(table); n++) {
                double sum = at(table, n, "terms_of_trade") + at(table, n, "volume_of_trade") + at(table, n, "rents") +
                             at(table, n, "technical") + at(table, n, "reallocation") + at(table, n, "transfers");
                near(at(table, n, "first_order"), sum, 1e-12);
                near(at(table, n, "residual"), at(table, n, "welfare") - at(table, n, "second_order"), 1e-12);
                if (shocks[k].apply == shifted)
                    continue;
                near(at(table, n, "transfers"), 0, 0); /* deficits are fixed */
                near(at(table, n, "reallocation"), 0, h == 1 ? 1e-3 : 1e-9);
                if (shocks[k].apply == tariff || shocks[k].apply == licence)
                    assert_true(at(table, n, "technical") == 0 && at(table, n, "rents") == 0);
                if (shocks[k].apply == trade_cost || shocks[k].apply == lost)
                    assert_true(at(table, n, "rents") == 0);
                if (shocks[k].apply == curb)
                    assert_true(at(table, n, "technical") == 0);
            }
            assert_true(shocks[k].apply != lost || at(table, 0, "technical") < 0);
            assert_true(shocks[k].apply != curb || (at(table, 0, "rents") < 0 && at(table, 1, "rents") > 0));
            dr_table_free(table);
            dr_model_free(model);
        }
    dr_economy_free(economy);
    synthetic_free(&y);
}

/* Hulten (1978): where nothing is taxed, what a trade cost takes from the world is what it uses up, whoever trades with
 * whom. */
static void the_world_loses_what_is_used_up(void **state)
{
    (void)state;
    synthetic y = synthetic_new(5, 3, 23, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .horizon = "medium", .tolerance = 1e-13};
    ok(dr_model_new(&model, economy, &options));
    dr_table *table = decompose(model, economy, trade_cost, 1e-4);
    double lost_in_all = 0, used_up = 0, terms = 0, income = 0;
    for (size_t n = 0; n < y.r; n++) {
        income += model->base.income[n];
        lost_in_all += at(table, n, "welfare") * model->base.income[n];
        used_up += at(table, n, "technical") * model->base.income[n];
        terms += at(table, n, "terms_of_trade") * model->base.income[n];
    }
    near(terms / income, 0, 1e-12); /* what one gains another loses */
    near(lost_in_all / used_up, 1, 1e-3);
    dr_table_free(table);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void ban(dr_scenario *scenario, double size)
{
    (void)size;
    ok(dr_scenario_ban(scenario, "A0", "A1", "s0"));
}

static void prohibitive(dr_scenario *scenario, double size)
{
    ok(dr_scenario_trade_cost(scenario, "A0", "A1", "s0", size, false));
}

/* A ban has the terms of a trade cost without bound. */
static void a_ban_is_the_limit_of_trade_costs(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 3, 7, true, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = "4", .tolerance = 1e-13};
    ok(dr_model_new(&model, economy, &options));
    dr_table *banned = decompose(model, economy, ban, 0), *dear = decompose(model, economy, prohibitive, 1e60);
    for (size_t n = 0; n < y.r; n++) {
        near(at(banned, n, "welfare"), at(dear, n, "welfare"), 1e-9);
        near(at(banned, n, "second_order"), at(dear, n, "second_order"), 0.02 * fabs(at(banned, n, "second_order")));
        assert_true(isfinite(at(banned, n, "first_order")));
    }
    assert_true(fabs(at(banned, 0, "residual")) < 0.2 * fabs(at(banned, 0, "welfare")));
    dr_table_free(banned);
    dr_table_free(dear);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_are_right_to_their_order),
        cmocka_unit_test(terms_are_right_with_factors_and_idle_labour),
        cmocka_unit_test(terms_that_do_not_apply_are_zero),
        cmocka_unit_test(the_world_loses_what_is_used_up),
        cmocka_unit_test(a_ban_is_the_limit_of_trade_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
