/* Welfare explained: that the terms are the change of real income, whatever the model and the shock, and that each is
 * the integral that it claims to be. */
#include <string.h>

#include "equilibrium/solution.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/slow_products.h"
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
    ok(dr_scenario_demand(scenario, "A2", "s0", size));
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
    ok(dr_solution_decomposition(&table, solution, scenario));
    dr_scenario_free(scenario);
    dr_solution_free(solution);
    return table;
}

static double at(const dr_table *table, size_t row, const char *column)
{
    int found = dr_table_find(table, column);
    assert_true(found >= 0);
    return dr_table_number(table, row, (size_t)found);
}

static const char *const terms[] = {"terms_of_trade", "volume_of_trade", "technical", "reallocation",
                                    "rents",          "transfers",       "demand"};
enum { TERMS = sizeof terms / sizeof *terms };

static void ban(dr_scenario *scenario, double size)
{
    (void)size;
    ok(dr_scenario_ban(scenario, "A0", "A1", "s0"));
    ok(dr_scenario_ban(scenario, "A2", "A0", "s1,s2"));
}

/* A ban beside a tariff, and a limit that binds from some part of the path on. */
static void ban_and_more(dr_scenario *scenario, double size)
{
    ok(dr_scenario_ban(scenario, "A0", "A1", "s0"));
    ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "s1", size, DR_RATE_ADD));
    ok(dr_scenario_export_curb(scenario, "A1", "A3", "s1", size, DR_RENT_EXPORTER, false));
}

/* The terms add up to the change of real income, to what the integration promises: 1e-8 percent. */
static void check_sum(const dr_model *model, const dr_economy *economy, shock *apply, const char *name,
                      const char *horizon, int closure)
{
    dr_table *table = decompose(model, economy, apply, 0.25);
    for (size_t n = 0; n < dr_table_rows(table); n++) {
        double sum = 0;
        for (size_t k = 0; k < TERMS; k++)
            sum += at(table, n, terms[k]);
        near(at(table, n, "remainder"), at(table, n, "welfare") - sum, 1e-12);
        if (!(fabs(at(table, n, "remainder")) < 1e-8))
            fail_msg("%s, %s, closure %d, region %zu: %g of %g is not explained", name, horizon, closure, n,
                     at(table, n, "remainder"), at(table, n, "welfare"));
    }
    dr_table_free(table);
}

static void terms_add_up(void **state)
{
    static const char *const horizons[] = {NULL, "short", "medium", "long"};
    (void)state;
    for (int taxed = 0; taxed < 2; taxed++)
        for (int closure = DR_CLOSURE_FIXED; closure <= DR_CLOSURE_ZERO; closure++)
            for (size_t h = 0; h < 4; h++) {
                synthetic y = synthetic_new(4, 3, 17 + h, taxed, true);
                dr_economy *economy = synthetic_economy(&y);
                const char *name = horizons[h] ? horizons[h] : "no horizon";
                dr_model *model = NULL;
                dr_model_options options = {.size = sizeof(dr_model_options),
                                            .horizon = horizons[h],
                                            .closure = (dr_closure)closure,
                                            .tolerance = 1e-13};
                ok(dr_model_new(&model, economy, &options));
                for (size_t k = 0; k < SHOCKS - 1; k++)
                    check_sum(model, economy, shocks[k].apply, shocks[k].name, name, closure);
                check_sum(model, economy, ban, "bans", name, closure);
                check_sum(model, economy, ban_and_more, "a ban and more", name, closure);
                dr_model_free(model);
                dr_economy_free(economy);
                synthetic_free(&y);
            }
}

/* ---- Products ---------------------------------------------------------------------------------------------------- */

/* What the model with one good takes. */
static void of_one_good(dr_scenario *scenario, double size)
{
    ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "all", size, DR_RATE_ADD));
    ok(dr_scenario_trade_cost(scenario, "A3", "A1", "all", 1 + size, false));
    ok(dr_scenario_productivity(scenario, "A2", "all", -size / 3));
    ok(dr_scenario_factor_supply(scenario, "A1", NULL, "all", size / 2));
    ok(dr_scenario_transfer(scenario, "A0", "A3,A1", size / 3, true));
    ok(dr_scenario_use_tax(scenario, "A3", "all", size / 4));
}

static void one_good_stops(dr_scenario *scenario, double size)
{
    ok(dr_scenario_ban(scenario, "A0", "A1", "all"));
    ok(dr_scenario_tariff(scenario, "A1", "A2", "all", size, DR_RATE_ADD));
}

/* Labour that follows real wages, revenue that is used, and overhead of sellers. */
static void terms_of_labour_add_up(void **state)
{
    static const dr_model_options options[] = {
        {.labour_supply = "0.5"},
        {.revenue = "keep"},
        {.horizon = "medium", .labour_supply = "0.2", .revenue = "income-tax", .closure = DR_CLOSURE_INCOME_SHARE},
        {.elasticity = "4", .scale = "0.1", .labour_supply = "0.5", .revenue = "keep"},
        {.elasticity = "4", .scale = "0.2", .entry = "restricted", .labour_supply = "0.5", .revenue = "income-tax"}};
    static const dr_model_options of_sellers[] = {
        {.overhead = "0.2"},
        {.pass_through = "50%", .rigid_wages = "A0,A2"},
        {.overhead = "0.15", .labour_supply = "0.5", .revenue = "income-tax"},
        {.overhead = "0.15", .pass_through = "80%", .labour_supply = "0.5", .revenue = "keep", .scale = "0.1675"}};
    (void)state;
    synthetic y = synthetic_new(4, 3, 23, true, true);
    dr_economy *economy = synthetic_economy(&y);
    for (size_t j = 0; j < sizeof options / sizeof *options + sizeof of_sellers / sizeof *of_sellers; j++) {
        size_t first = sizeof options / sizeof *options;
        dr_model_options precise = j < first ? options[j] : of_sellers[j - first];
        dr_model *model = NULL;
        precise.size = sizeof precise;
        precise.tolerance = 1e-13;
        precise.model = j < first ? NULL : "armington";
        precise.elasticity = precise.elasticity || j < first ? precise.elasticity : "4";
        ok(dr_model_new(&model, economy, &precise));
        for (size_t k = 0; k < SHOCKS - 1 && j < first; k++)
            check_sum(model, economy, shocks[k].apply, shocks[k].name, precise.horizon, (int)precise.closure);
        if (j < first)
            check_sum(model, economy, ban_and_more, "ban", precise.horizon, (int)precise.closure);
        else
            check_sum(model, economy, of_one_good, "one good", NULL, (int)j);
        if (j >= first)
            check_sum(model, economy, one_good_stops, "a ban of one good", NULL, (int)j);
        dr_model_free(model);
    }
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void duties_of_products(dr_scenario *scenario, double size)
{
    ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "HS00,HS03", size, DR_RATE_ADD));
    ok(dr_scenario_trade_cost(scenario, "A3", "A0", "HS01,HS02", 1 + size, true));
    ok(dr_scenario_trade_cost(scenario, "A1", "A2", "s1", 1 + size, true));
}

static void bans_of_products(dr_scenario *scenario, double size)
{
    ok(dr_scenario_ban(scenario, "A0", "A1", "HS00,HS03"));
    ok(dr_scenario_ban(scenario, "A2", "A0", "s1"));
    ok(dr_scenario_tariff(scenario, "A0", "A3", "HS01,HS03", size, DR_RATE_SET));
}

static void limits_on_products(dr_scenario *scenario, double size)
{
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "HS00,HS01", size, DR_RENT_EXPORTER, true));
    ok(dr_scenario_export_curb(scenario, "A1", "A0", "HS02", size, DR_RENT_LOST, false));
    ok(dr_scenario_export_tax(scenario, "A1", "A3", "HS01,HS02", size));
    ok(dr_scenario_quota(scenario, "A2", "A0", "HS00", 1e-3, DR_RENT_IMPORTER));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "HS00", size, DR_RATE_ADD));
}

static void terms_of_products_add_up(void **state)
{
    static const struct {
        const char *name;
        shock *apply;
    } all_of[] = {{"duties", duties_of_products}, {"bans", bans_of_products}, {"limits", limits_on_products}};
    static const char *const horizons[] = {NULL, "short", "medium"};
    (void)state;
    for (size_t h = 0; h < 3; h++)
        for (size_t k = 0; k < 3; k++) {
            synthetic y = synthetic_new(4, 3, 21 + h, h > 0, true);
            slow_products p = slow_products_new(&y, 4, 2, 5);
            dr_model *model = NULL;
            for (size_t j = 0; j < p.count * 16; j++)
                if (j / 4 / 4 != j / 4 % 4)
                    p.value[j / 4 / 4][j / 4 % 4][j % 4] = 0.3 + (double)(j % 7);
            y.products = &p;
            dr_economy *economy = synthetic_economy(&y);
            slow_products_give(economy, &y);
            ok(dr_model_new(&model, economy,
                            &DR_OPTIONS(dr_model_options, .horizon = horizons[h], .products = "nest",
                                        .thin_markets = "0", .product_elasticity = "3", .tolerance = 1e-13)));
            check_sum(model, economy, all_of[k].apply, all_of[k].name, horizons[h] ? horizons[h] : "", 0);
            dr_model_free(model);
            dr_economy_free(economy);
            synthetic_free(&y);
        }
}

/* ---- The integrals, plainly -------------------------------------------------------------------------------------- */

enum { PLAIN_STEPS = 400 };

/* A part of the path of a tariff and a trade cost, as a scenario of its own. */
static dr_solution *plain_part(const dr_model *model, const dr_economy *economy, double part)
{
    dr_scenario *scenario = NULL;
    dr_solution *solution = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "s0", pow(1.3, part) - 1, DR_RATE_SET));
    ok(dr_scenario_trade_cost(scenario, "A2", "A3", "all", pow(1.5, part), true));
    ok(dr_model_solve(&solution, model, scenario));
    dr_scenario_free(scenario);
    return solution;
}

/* Adds W dlnW of region 0 on a short step, by midpoints: sum of X dlnc and of tau X dln(X / c),
 * over income. */
static void plain_step(const dr_solution *a, const dr_solution *b, double sums[2])
{
    const dr_model *m = a->model;
    double welfare = 1 + (dr_solution_welfare(a, 0) + dr_solution_welfare(b, 0)) / 200;
    double scale = 100 * welfare * 2 / (a->income[0] + b->income[0]);
    for (size_t i = 1; i < m->regions; i++)
        for (size_t s = 0; s < m->sectors; s++) {
            size_t in = i * m->sectors + s, out = i * m->regions * m->sectors + s;
            double theirs = log(b->cost[i * m->sectors + s] / a->cost[i * m->sectors + s]);
            double own = log(b->cost[s] / a->cost[s]), bought = (a->flow[in] + b->flow[in]) / 2;
            double revenue = (a->tariff[in] * a->flow[in] + b->tariff[in] * b->flow[in]) / 2;
            sums[0] += scale * ((a->flow[out] + b->flow[out]) / 2 * own - bought * theirs);
            sums[1] += scale * revenue * (log(b->flow[in] / a->flow[in]) - theirs);
        }
}

static void terms_are_integrals(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 2, 41, false, true);
    dr_economy *economy = synthetic_economy(&y);
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options), .horizon = "medium", .tolerance = 1e-13};
    double sums[2] = {0};
    ok(dr_model_new(&model, economy, &options));
    dr_scenario *scenario = NULL;
    dr_table *table = NULL;
    dr_solution *end = NULL, *before = plain_part(model, economy, 0);
    for (int k = 1; k <= PLAIN_STEPS; k++) {
        dr_solution *after = plain_part(model, economy, (double)k / PLAIN_STEPS);
        plain_step(before, after, sums);
        dr_solution_free(before);
        before = after;
    }
    dr_solution_free(before);
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1", "s0", 0.3, DR_RATE_SET));
    ok(dr_scenario_trade_cost(scenario, "A2", "A3", "all", 1.5, true));
    ok(dr_model_solve(&end, model, scenario));
    ok(dr_solution_decomposition(&table, end, scenario));
    near(at(table, 0, "terms_of_trade"), sums[0], 1e-5 * fabs(sums[0]));
    near(at(table, 0, "volume_of_trade"), sums[1], 1e-5 * fabs(sums[1]));
    assert_true(fabs(sums[0]) > 1e-3 && fabs(sums[1]) > 1e-3);
    dr_table_free(table);
    dr_solution_free(end);
    dr_scenario_free(scenario);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
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
            check_sum(model, economy, trade_cost, rigid ? "rigid wages" : "factors", horizons[h], 0);
            dr_table *table = decompose(model, economy, trade_cost, 0.1);
            for (size_t n = 0; n < dr_table_rows(table) && !rigid; n++)
                near(at(table, n, "reallocation"), 0, 1e-8);
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
                             at(table, n, "technical") + at(table, n, "reallocation") + at(table, n, "transfers") +
                             at(table, n, "demand");
                near(at(table, n, "welfare"), sum, 1e-8);
                if (shocks[k].apply == shifted)
                    continue;
                near(at(table, n, "transfers"), 0, 0); /* deficits are fixed */
                near(at(table, n, "reallocation"), 0, 1e-8);
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
    double lost_in_all = 0, used_up = 0, traded = 0, income = 0;
    for (size_t n = 0; n < y.r; n++) {
        income += model->base.income[n];
        lost_in_all += at(table, n, "welfare") * model->base.income[n];
        used_up += at(table, n, "technical") * model->base.income[n];
        traded += at(table, n, "terms_of_trade") * model->base.income[n];
    }
    near(traded / income, 0, 1e-8); /* what one gains another loses, but for the size of the shock squared */
    near(lost_in_all / used_up, 1, 1e-3);
    dr_table_free(table);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

static void one_ban(dr_scenario *scenario, double size)
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
    dr_table *banned = decompose(model, economy, one_ban, 0);
    dr_table *dear = decompose(model, economy, prohibitive, 1e12);
    for (size_t n = 0; n < y.r; n++) {
        near(at(banned, n, "welfare"), at(dear, n, "welfare"), 1e-9);
        for (size_t k = 0; k < TERMS; k++)
            near(at(banned, n, terms[k]), at(dear, n, terms[k]), 1e-6);
    }
    dr_table_free(banned);
    dr_table_free(dear);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_add_up),
        cmocka_unit_test(terms_of_labour_add_up),
        cmocka_unit_test(terms_of_products_add_up),
        cmocka_unit_test(terms_are_integrals),
        cmocka_unit_test(terms_are_right_with_factors_and_idle_labour),
        cmocka_unit_test(terms_that_do_not_apply_are_zero),
        cmocka_unit_test(the_world_loses_what_is_used_up),
        cmocka_unit_test(a_ban_is_the_limit_of_trade_costs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
