/* The supply of labour, the use of revenue, overhead and pass-through. The plain model is one of fixed labour, which
 * tests/equilibrium/test_slow_model.c checks in levels; its supply is set by hand until it is what its own wages,
 * prices and revenue ask for. tests/replication/test_liberation_day.c has what is published. */
#include <string.h>
#include <unistd.h>

#include "model/factors.h"
#include "result/result.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

enum { R = 4, S = 3 };

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_scenario *scenario;
} fixture;

static void add_tariffs(dr_scenario *scenario)
{
    ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "all", 0.4, DR_RATE_SET));
    ok(dr_scenario_tariff(scenario, "A3", "A0", "s1", 0.15, DR_RATE_SET));
}

static fixture fixture_new(size_t factors)
{
    static const char *const names[] = {"labour", "capital"};
    fixture f = {.table = synthetic_new(R, S, 17, true, true)};
    if (factors)
        synthetic_split(&f.table, names, factors, 5);
    f.economy = synthetic_economy(&f.table);
    ok(dr_scenario_new(&f.scenario, f.economy));
    add_tariffs(f.scenario);
    return f;
}

static void fixture_free(fixture *f)
{
    dr_scenario_free(f->scenario);
    dr_economy_free(f->economy);
    free(f->table.factor);
    f->table.factor = NULL;
    synthetic_free(&f->table);
}

typedef struct run {
    dr_model *model;
    dr_solution *solution;
} run;

static run solve(const dr_economy *economy, const dr_scenario *scenario, const dr_model_options *options)
{
    run r = {NULL, NULL};
    dr_model_options precise = *options;
    precise.tolerance = 1e-13;
    ok(dr_model_new(&r.model, economy, &precise));
    ok(dr_model_solve(&r.solution, r.model, scenario));
    assert_true(r.solution->certificate.worst_residual < 1e-9);
    return r;
}

static void run_free(run *r)
{
    dr_solution_free(r->solution);
    dr_model_free(r->model);
}

/* Sums over the sectors of a region: what labour earns and all factors do, in the base and after the scenario. */
typedef struct earnings {
    double labour[2], all[2];
} earnings;

static earnings earnings_of(const dr_solution *s, size_t n)
{
    earnings e = {{0}, {0}};
    for (size_t f = 0; f < s->model->factors; f++)
        for (size_t k = 0; k < S; k++) {
            double base = dr_factor_base(s->model, f, n, k), now = s->factor_pay[(f * R + n) * S + k];
            e.labour[0] += f == 0 ? base : 0;
            e.labour[1] += f == 0 ? now : 0;
            e.all[0] += base;
            e.all[1] += now;
        }
    return e;
}

/* What the real wage after taxes asks for, given `hours` at work. */
static double asked(const dr_solution *s, size_t n, double hours, double elasticity, bool tax)
{
    earnings e = earnings_of(s, n);
    double wage = e.labour[1] / e.labour[0] / hours, before = 0, price = 1;
    const dr_base *b = &s->model->base;
    for (size_t k = 0; k < S; k++)
        price *= pow(s->price[n * S + k], b->final[n * S + k] / (b->income[n]));
    for (size_t i = 0; i < R; i++)
        for (size_t k = 0; k < S; k++)
            before += b->tariff[(n * R + i) * S + k] * b->flow[(n * R + i) * S + k];
    double relief = tax ? (1 - before / e.all[0]) / (1 - s->tariff_revenue[n] / e.all[1]) : 1;
    return pow(wage / price * relief, elasticity);
}

/* The plain model: labour by hand until it is what is asked for. */
static run plain(const fixture *f, const char *horizon, double elasticity, bool tax, double hours[R])
{
    run r = {NULL, NULL};
    double moved = 1;
    for (size_t n = 0; n < R; n++)
        hours[n] = 1;
    for (int round = 0; round < 300 && moved > 1e-13; round++) {
        dr_scenario *scenario = NULL;
        ok(dr_scenario_new(&scenario, f->economy));
        add_tariffs(scenario);
        for (size_t n = 0; n < R; n++)
            ok(dr_scenario_factor_supply(scenario, f->table.region_names[n], f->table.factors ? "labour" : NULL, "all",
                                         hours[n] - 1));
        run_free(&r);
        r = solve(f->economy, scenario,
                  &DR_OPTIONS(dr_model_options, .elasticity = "4", .horizon = horizon, .model = "caliendo-parro",
                              .closure = DR_CLOSURE_ZERO, .thin_markets = "0"));
        moved = 0;
        for (size_t n = 0; n < R; n++) {
            double next = asked(r.solution, n, hours[n], elasticity, tax);
            moved = fmax(moved, fabs(next - hours[n]));
            hours[n] *= pow(next / hours[n], 0.5); /* half the way, lest it swings */
        }
        dr_scenario_free(scenario);
    }
    assert_true(moved < 1e-12);
    return r;
}

static void compare(size_t factors, const char *horizon, const char *elasticity, const char *revenue)
{
    double hours[R];
    fixture f = fixture_new(factors);
    run slow = plain(&f, horizon, strtod(elasticity, NULL), revenue && strcmp(revenue, "income-tax") == 0, hours);
    run fast = solve(f.economy, f.scenario,
                     &DR_OPTIONS(dr_model_options, .elasticity = "4", .horizon = horizon, .model = "caliendo-parro",
                                 .closure = DR_CLOSURE_ZERO, .thin_markets = "0", .labour_supply = elasticity,
                                 .revenue = revenue));
    for (size_t n = 0; n < R; n++) {
        near(dr_solution_employment(fast.solution, n), hours[n], 1e-10);
        assert_true(fabs(hours[n] - 1) > 1e-5);
        for (size_t k = 0; k < S; k++) {
            near(fast.solution->price[n * S + k], slow.solution->price[n * S + k], 1e-10);
            near(fast.solution->output[n * S + k], slow.solution->output[n * S + k], 1e-8);
        }
        near(fast.solution->income[n], slow.solution->income[n], 1e-8);
    }
    run_free(&fast);
    run_free(&slow);
    fixture_free(&f);
}

static void as_plain(void **state)
{
    (void)state;
    compare(0, NULL, "0.5", NULL);
    compare(0, NULL, "0.5", "income-tax");
    compare(2, NULL, "1.5", "income-tax");
    compare(0, "medium", "0.3", "rebate");
    compare(2, "short", "0.3", "income-tax");
}

/* Without an elasticity the model is the old one; with a small one it is near. */
static void limits(void **state)
{
    (void)state;
    fixture f = fixture_new(0);
    run old = solve(f.economy, f.scenario, &DR_OPTIONS(dr_model_options, .elasticity = "4"));
    run none = solve(f.economy, f.scenario,
                     &DR_OPTIONS(dr_model_options, .elasticity = "4", .labour_supply = "0", .revenue = "income-tax"));
    run small =
        solve(f.economy, f.scenario, &DR_OPTIONS(dr_model_options, .elasticity = "4", .labour_supply = "1e-11"));
    for (size_t n = 0; n < R; n++) {
        near(dr_solution_welfare(none.solution, n), dr_solution_welfare(old.solution, n), 1e-10);
        near(dr_solution_welfare(small.solution, n), dr_solution_welfare(old.solution, n), 1e-9);
    }
    run_free(&small);
    run_free(&none);
    run_free(&old);
    fixture_free(&f);
}

/* Where revenue buys what households do not count, theirs is what is left; flows are as before. */
static void kept(void **state)
{
    (void)state;
    fixture f = fixture_new(0);
    run old = solve(f.economy, f.scenario, &DR_OPTIONS(dr_model_options, .elasticity = "4"));
    run keep = solve(f.economy, f.scenario, &DR_OPTIONS(dr_model_options, .elasticity = "4", .revenue = "keep"));
    for (size_t n = 0; n < R; n++) {
        const dr_base *b = &old.model->base;
        const dr_solution *s = old.solution;
        double left = (s->income[n] - s->tariff_revenue[n]) / (b->income[n] - b->tariff_revenue[n]);
        near(dr_solution_welfare(keep.solution, n), 100 * (left / dr_solution_consumer_price(s, n) - 1), 1e-9);
        near(keep.solution->output[n * S], s->output[n * S], 1e-9);
    }
    assert_true(dr_solution_welfare(keep.solution, 0) < dr_solution_welfare(old.solution, 0) - 0.01);
    run_free(&keep);
    run_free(&old);
    fixture_free(&f);
}

/* Wages that are at their floor stay there beside overhead, and the rest of labour is idle. */
static void floors_hold_beside_overhead(void **state)
{
    bool idle = false;
    (void)state;
    fixture f = fixture_new(0);
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, f.economy));
    ok(dr_scenario_tariff(scenario, "A0", "A1,A2", "all", 0.4, DR_RATE_SET));
    run rigid = solve(f.economy, scenario,
                      &DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .overhead = "0.2",
                                  .rigid_wages = "all"));
    for (size_t n = 0; n < R; n++) {
        assert_true(rigid.solution->factor_wage[n] >= 1 - 1e-9);
        idle |= rigid.solution->employment[n] < 1 - 1e-4;
    }
    assert_true(idle);
    run_free(&rigid);
    dr_scenario_free(scenario);
    fixture_free(&f);
}

/* A table that is given as the new base has the same elasticities around it: in two steps as in one. */
static void in_two_steps(void **state)
{
    (void)state;
    fixture f = fixture_new(0);
    const dr_model_options options = DR_OPTIONS(dr_model_options, .elasticity = "4", .labour_supply = "0.5");
    dr_model *model = NULL;
    ok(dr_model_new(&model, f.economy, &options));
    dr_table *table = NULL;
    dr_solution *solution = NULL;
    ok(dr_model_solve(&solution, model, f.scenario));
    ok(dr_solution_regions(&table, solution));
    assert_string_equal(table->columns[table->column_count - 1].name, "employment");
    dr_table_free(table);
    dr_solution_free(solution);
    dr_model_free(model);
    fixture_free(&f);
}

static void refused(void **state)
{
    static const struct {
        dr_model_options options;
        const char *text;
    } cases[] = {
        {{.labour_supply = "some"}, "labour supply: 'some' is not an elasticity; expected a number from 0 to 10"},
        {{.labour_supply = "-1"}, "labour supply: '-1' is not an elasticity; expected a number from 0 to 10"},
        {{.labour_supply = "nan"}, "labour supply: 'nan' is not an elasticity; expected a number from 0 to 10"},
        {{.labour_supply = "0.5", .rigid_wages = "A0"},
         "labour supply and rigid wages both decide on employment; expected one of them"},
        {{.revenue = "rebat"},
         "unknown use of tariff revenue 'rebat'; expected rebate, income-tax or keep; did you mean 'rebate'?"},
        {{.overhead = "0.1"}, "overhead is for one good without inputs; expected it with the model armington"},
        {{.pass_through = "50%"}, "pass-through is for one good without inputs; expected it with the model armington"},
        {{.model = "armington", .overhead = "1.5"}, "an overhead of 1.5 of sales; expected a part from 0 to 0.9"},
        {{.model = "armington", .overhead = "none.csv"}, "overhead: 'none.csv' is not a number or a file"},
        {{.model = "armington", .pass_through = "120%"},
         "pass-through: '120%' is not a part of a tariff; expected 0% to 100%"},
        {{.model = "armington", .overhead = "0.8", .labour_supply = "9"},
         "overhead 0.8 of A0 and labour supply 9 have no equilibrium: more labour would make prices fall without end; "
         "expected smaller ones"},
    };
    (void)state;
    fixture f = fixture_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dr_model *model = NULL;
        dr_model_options options = cases[i].options;
        options.size = sizeof options;
        assert_int_equal(dr_model_new(&model, f.economy, &options), DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), cases[i].text);
        assert_null(model);
    }
    fixture_free(&f);
}

/* Files of overhead. */
static void files(void **state)
{
    static const struct {
        const char *content, *text;
    } cases[] = {
        {"region,overhead\nA0,0.1\nA1,0.1\nA2,0.2\n", ": no overhead for the region A3"},
        {"region,overhead\nA0,0.1\nA0,0.1\n", ":3:1: the region A0 has an overhead already"},
        {"region,overhead\nA0,2\n", ":2:2: an overhead of 2 of sales; expected a part from 0 to 0.9"},
        {"region,overhead\nA9,0.1\n", ":2:1: "},
        {"region\nA0\n", "overhead"},
    };
    char path[64];
    (void)state;
    fixture f = fixture_new(0);
    snprintf(path, sizeof path, "/tmp/derisk-labour-%d.csv", (int)getpid());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(cases[i].content, file);
        fclose(file);
        dr_model *model = NULL;
        assert_int_equal(
            dr_model_new(&model, f.economy, &DR_OPTIONS(dr_model_options, .model = "armington", .overhead = path)),
            DR_BAD_INPUT);
        if (!strstr(dr_error_text(), cases[i].text))
            fail_msg("%s", dr_error_text());
    }
    unlink(path);
    fixture_free(&f);
}

/* With overhead there are no limits of volumes yet. */
static void overhead_and_limits(void **state)
{
    (void)state;
    fixture f = fixture_new(0);
    dr_model *model = NULL;
    dr_solution *solution = NULL;
    dr_scenario *curb = NULL;
    ok(dr_model_new(&model, f.economy, &DR_OPTIONS(dr_model_options, .model = "armington", .overhead = "0.2")));
    ok(dr_scenario_new(&curb, f.economy));
    ok(dr_scenario_export_curb(curb, "A0", "A1", "all", 0.5, DR_RENT_EXPORTER, 0));
    assert_int_equal(dr_model_solve(&solution, model, curb), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "overhead takes tariffs, trade costs and bans, and no limits of volumes, taxes "
                        "of exporters or prices of carbon; expected a model without it");
    dr_scenario_free(curb);
    dr_model_free(model);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_plain),     cmocka_unit_test(limits),
        cmocka_unit_test(kept),         cmocka_unit_test(floors_hold_beside_overhead),
        cmocka_unit_test(in_two_steps), cmocka_unit_test(refused),
        cmocka_unit_test(files),        cmocka_unit_test(overhead_and_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
