/* Certificates that fail: a price, wage, flow, rent or stock of a good solution is disturbed, and the certificate must
 * say so and name the equation. */
#include <string.h>

#include "dynamics/propagate.h"
#include "equilibrium/certificate.h"
#include "equilibrium/solution.h"
#include "plan/optimum.h"
#include "support/check.h"
#include "support/synthetic.h"

enum { R = 4, S = 3 };

typedef struct fixture {
    synthetic y;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
    dr_solution *solution;
} fixture;

/* A bit of everything: tariffs, dearer trade, a ban, limits of which one binds and one is slack, rents of all kinds;
 * wages that do not fall. */
static fixture solved(const dr_model_options *options, size_t factors)
{
    static const char *const names[] = {"labour", "capital"};
    fixture f = {.y = synthetic_new(R, S, 4, true, true)};
    if (factors > 1)
        synthetic_split(&f.y, names, factors, 5);
    f.economy = synthetic_economy(&f.y);
    ok(dr_model_new(&f.model, f.economy, options));
    ok(dr_scenario_new(&f.scenario, f.economy));
    ok(dr_scenario_tariff(f.scenario, "A0", "A1", "s0", 0.25, DR_RATE_SET));
    ok(dr_scenario_trade_cost(f.scenario, "A1", "A2", "s1", 1.5, true));
    ok(dr_scenario_ban(f.scenario, "A2", "A3", "s2"));
    ok(dr_scenario_export_curb(f.scenario, "A3", "A0", "s1", 0.5, DR_RENT_EXPORTER, false));
    ok(dr_scenario_export_curb(f.scenario, "A3", "A1", "s2", 0.4, DR_RENT_LOST, false));
    ok(dr_scenario_quota(f.scenario, "A2", "A0", "s0", 0.8, DR_RENT_IMPORTER));
    ok(dr_scenario_quota(f.scenario, "A1", "A0", "s0", 1e6, DR_RENT_IMPORTER));
    ok(dr_scenario_productivity(f.scenario, "A0,A2", "s0", -0.1));
    ok(dr_scenario_factor_supply(f.scenario, "A1", "labour", "all", 0.05));
    ok(dr_scenario_demand(f.scenario, "all", "s0", 0.2));
    ok(dr_scenario_transfer(f.scenario, "A0", "A3,A1", 0.01, true));
    for (size_t q = 0; q < 3; q++) /* exceeded, at it, below */
        ok(dr_scenario_tariff_rate_quota(f.scenario, "A3", "A1", (const char *[]){"s0", "s1", "s2"}[q],
                                         &(dr_rate_quota){.size = sizeof(dr_rate_quota),
                                                          .quota = (const double[]){0.2, 0.85, 2}[q],
                                                          .relative = true,
                                                          .in_quota = 0.1,
                                                          .over_quota = 0.6,
                                                          .rent = (dr_rent)q}));
    ok(dr_model_solve(&f.solution, f.model, f.scenario));
    return f;
}

static void end(fixture *f)
{
    dr_solution_free(f->solution);
    dr_scenario_free(f->scenario);
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->y);
}

/* One number of the solution is `by` times what it was, or that much where it was nothing; `where`: a region that the
 * message must name. */
static void noticed(fixture *f, double *number, double by, const char *what, size_t where)
{
    char region[8];
    double before = *number;
    snprintf(region, sizeof region, " A%zu", where);
    *number = before == 0 || isnan(before) ? by - 1 : before * by;
    dr_status status = dr_certify(f->solution, f->scenario);
    if (status != DR_NO_SOLUTION)
        fail_msg("%s of%s: the certificate holds with %.17g in place of %.17g", what, region, *number, before);
    if (!strstr(dr_error_text(), "the certificate fails: "))
        fail_msg("%s: %s", what, dr_error_text());
    if (where < R && !strstr(dr_error_text(), region))
        fail_msg("%s of%s: %s", what, region, dr_error_text());
    *number = NAN;
    if (!isnan(before) && dr_certify(f->solution, f->scenario) != DR_NO_SOLUTION)
        fail_msg("%s of%s: the certificate holds without a number", what, region);
    *number = before;
    ok(dr_certify(f->solution, f->scenario));
}

/* Each element of an array [.., region, ...] of which `each` belong to a region. */
static void all_noticed(fixture *f, double *array, size_t count, size_t each, const char *what)
{
    for (size_t j = 0; array && j < count; j++)
        noticed(f, &array[j], j % 2 ? 1 + 1e-6 : 1 - 1e-6, what, j / each % R);
}

static void disturb_all(const dr_model_options *options, size_t factors)
{
    fixture f = solved(options, factors);
    dr_solution *s = f.solution;
    all_noticed(&f, s->price, R * S, S, "the price");
    for (size_t j = 0; j < R * S; j++) /* it is in equations of all who buy of it */
        noticed(&f, &s->cost[j], 1.000001, "the unit cost", R);
    for (size_t j = 0; j < R * S; j++) /* so is this in those of all who sell */
        noticed(&f, &s->spending[j], 1.000001, "spending", R);
    all_noticed(&f, s->output, R * S, S, "output");
    all_noticed(&f, s->value_added, R * S, S, "value added");
    all_noticed(&f, s->sector_wage, R * S, S, "the price of value added");
    all_noticed(&f, s->factor_wage, factors * R * S, S, "a factor's wage");
    all_noticed(&f, s->factor_pay, factors * R * S, S, "a factor's pay");
    all_noticed(&f, s->factor_mean, factors * R, 1, "a factor's mean wage");
    all_noticed(&f, s->employment, factors * R * S, S, "employment");
    all_noticed(&f, s->flow, R * R * S, R * S, "a flow");
    all_noticed(&f, s->tariff, R * R * S, R * S, "a tariff");
    all_noticed(&f, s->wage, R, 1, "what factors earn");
    all_noticed(&f, s->rents, R, 1, "rents");
    if (s->profits)
        all_noticed(&f, s->profits, R, 1, "profits");
    all_noticed(&f, s->tariff_revenue, R, 1, "tariff revenue");
    all_noticed(&f, s->deficit, R, 1, "the deficit");
    all_noticed(&f, s->income, R, 1, "income");
    for (size_t c = 0; c < s->limit_count; c++) {
        dr_limit_result *limit = &s->limits[c];
        noticed(&f, &limit->volume, 1.000001, "the volume of a limit", limit->importer);
        noticed(&f, &limit->rent, 1.000001, "the rent of a limit", limit->importer);
        noticed(&f, &limit->wedge, 1.000001, "the wedge of a limit", R);
        if (limit->wedge > 1)
            noticed(&f, &limit->level, 0.999999, "the level of a limit", limit->importer);
    }
    end(&f);
}

static void equilibria(void **state)
{
    (void)state;
    disturb_all(&(dr_model_options){.size = sizeof(dr_model_options), .elasticity = "4"}, 1);
    disturb_all(&(dr_model_options){.size = sizeof(dr_model_options), .elasticity = "4", .scale = "0.1"}, 1);
    disturb_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .scale = "0.2", .entry = "restricted"), 1);
    disturb_all(&DR_OPTIONS(dr_model_options, .elasticity = "4", .labour_supply = "0.5", .revenue = "income-tax"), 1);
    disturb_all(&(dr_model_options){.size = sizeof(dr_model_options), .horizon = "short", .thin_markets = "97%"}, 1);
    disturb_all(
        &(dr_model_options){.size = sizeof(dr_model_options), .horizon = "medium", .closure = DR_CLOSURE_INCOME_SHARE},
        2);
    disturb_all(&(dr_model_options){.size = sizeof(dr_model_options), .horizon = "medium", .rigid_wages = "A0,A3"}, 1);
    disturb_all(&(dr_model_options){.size = sizeof(dr_model_options), .closure = DR_CLOSURE_ZERO, .rigid_wages = "all"},
                1);
}

/* Each residual that the certificate reports rises when a quantity in its equations is disturbed. */
static void each_residual_is_kept(void **state)
{
    (void)state;
    fixture f = solved(&(dr_model_options){.size = sizeof(dr_model_options), .elasticity = "4"}, 1);
    dr_solution *s = f.solution;
    const dr_certificate *c = &s->certificate;
    const struct {
        double *number;
        const double *residual;
        const char *what;
    } pairs[] = {
        {&s->spending[1], &c->trade_balance, "the trade balance"},
        {&s->output[1], &c->market_clearing, "market clearing"},
        {&s->income[1], &c->adding_up, "adding up"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        double before = *pairs[i].number;
        ok(dr_certify(s, f.scenario));
        assert_true(*pairs[i].residual < 1e-9);
        *pairs[i].number = before * 1.001 + 0.001;
        assert_int_equal(dr_certify(s, f.scenario), DR_NO_SOLUTION);
        if (*pairs[i].residual < 1e-6)
            fail_msg("%s: %g", pairs[i].what, *pairs[i].residual);
        *pairs[i].number = before;
    }
    end(&f);
}

/* A scenario that is not the one that was solved. */
static void another_scenario(void **state)
{
    (void)state;
    fixture f = solved(&(dr_model_options){.size = sizeof(dr_model_options), .horizon = "medium"}, 1);
    ok(dr_scenario_tariff(f.scenario, "A3", "A2", "s0", 0.5, DR_RATE_SET));
    assert_int_equal(dr_certify(f.solution, f.scenario), DR_NO_SOLUTION);
    end(&f);
}

/* ---- Propagation ------------------------------------------------------------------------------------------------- */

static void propagation(void **state)
{
    (void)state;
    unsigned long long seed = 3;
    synthetic y = synthetic_new(R, S, 6, false, true);
    size_t size = R * S;
    double *inputs = synthetic_numbers(size * size), *final = synthetic_numbers(size * R);
    for (size_t i = 0; i < size * size; i++)
        inputs[i] = synthetic_random(&seed) / (double)size;
    for (size_t i = 0; i < size * R; i++)
        final[i] = synthetic_random(&seed);
    dr_economy *names = synthetic_economy(&y);
    dr_matrix *table = NULL;
    dr_shock *shock = NULL;
    dr_dynamics d = {0};
    ok(dr_matrix_new(&table, R, S, inputs, final));
    ok(dr_shock_new(&shock, names));
    ok(dr_dynamics_new(&d, table, shock, 1));
    for (int day = 1; day <= 5; day++)
        dr_dynamics_step(&d, day);
    assert_true(dr_dynamics_residual(&d) < 1e-12);
    assert_true(dr_dynamics_inventory_residual(&d) < 1e-12);
    struct {
        double *array;
        size_t count;
    } goods[] = {{d.output, size}, {d.received, S * size}, {d.final_use, S * R}}, stocks[] = {{d.stock, S * size}};
    for (size_t a = 0; a < 3; a++)
        for (size_t j = 0; j < goods[a].count; j++) {
            double before = goods[a].array[j];
            goods[a].array[j] *= 1.0001;
            assert_true(before == 0 || dr_dynamics_residual(&d) > 1e-9);
            goods[a].array[j] = NAN;
            assert_true(dr_dynamics_residual(&d) == INFINITY);
            goods[a].array[j] = before;
        }
    for (size_t j = 0; j < stocks[0].count; j++) {
        double before = stocks[0].array[j];
        stocks[0].array[j] *= 1.0001;
        assert_true(before == 0 || dr_dynamics_inventory_residual(&d) > 1e-9);
        stocks[0].array[j] = NAN;
        assert_true(dr_dynamics_inventory_residual(&d) == INFINITY);
        stocks[0].array[j] = before;
    }
    dr_dynamics_free(&d);
    dr_shock_free(shock);
    dr_matrix_free(table);
    dr_economy_free(names);
    free(inputs);
    free(final);
    synthetic_free(&y);
}

/* ---- First-order conditions, of plan and play -------------------------------------------------------------------- */

/* f = (y0 - 2)^2 + (y1 - 1)^2 + y0 y1 / 2, with y0 + y1 <= 2; `user` may say which of df and g is no number. */
static dr_status bowl(const double *y, double *f, double *df, double *g, double *dg, void *user)
{
    *f = (y[0] - 2) * (y[0] - 2) + (y[1] - 1) * (y[1] - 1) + y[0] * y[1] / 2;
    df[0] = 2 * (y[0] - 2) + y[1] / 2;
    df[1] = 2 * (y[1] - 1) + y[0] / 2;
    g[0] = y[0] + y[1] - 2;
    dg[0] = dg[1] = 1;
    if (user)
        *(double *const[]){&df[0], &df[1], &g[0]}[*(const int *)user] = NAN;
    return DR_OK;
}

static void first_order_conditions(void **state)
{
    (void)state;
    const double low[] = {0, 0.2}, high[] = {5, 5};
    dr_problem problem = {.variables = 2, .constraints = 1, .low = low, .high = high, .objective = bowl};
    dr_optimum o;
    ok(dr_optimum_new(&o, &problem));
    o.y[0] = o.y[1] = 0.5;
    ok(dr_optimum_find(&o, &problem));
    assert_true(dr_optimum_residual(&o) < 1e-7);
    double best[] = {o.y[0], o.y[1]};
    for (int v = 0; v < 2; v++)
        for (int up = 0; up < 2; up++) {
            o.y[0] = best[0];
            o.y[1] = best[1];
            o.y[v] += up ? 1e-4 : -1e-4;
            ok(dr_optimum_check(&o, &problem));
            if (!(dr_optimum_residual(&o) > 1e-6))
                fail_msg("y[%d] is 1e-4 %s the optimum, and the residual is %.1e", v, up ? "above" : "below",
                         dr_optimum_residual(&o));
        }
    for (int at = 0; at < 3; at++) { /* a derivative or a constraint that is no number */
        o.y[0] = best[0];
        o.y[1] = best[1];
        problem.user = &at;
        ok(dr_optimum_check(&o, &problem));
        assert_true(dr_optimum_residual(&o) == INFINITY);
    }
    dr_optimum_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(equilibria), cmocka_unit_test(each_residual_is_kept),
                                       cmocka_unit_test(another_scenario), cmocka_unit_test(propagation),
                                       cmocka_unit_test(first_order_conditions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
