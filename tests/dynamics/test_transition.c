/* Paths over years: their limits, the choices of workers in levels, the closed form of capital, growth, dates, and
 * input that is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dynamics/horizons.h"
#include "dynamics/transition.h"
#include "result/welfare.h"
#include "support/check.h"
#include "support/synthetic.h"

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
} fixture;

enum { YEARS = 12, REGIONS = 4, SECTORS = 3 };

static fixture fixture_of(const char *kind, dr_closure closure)
{
    fixture f = {.table = synthetic_new(REGIONS, SECTORS, 7, true, true)};
    f.economy = synthetic_economy(&f.table);
    ok(dr_model_new(
        &f.model, f.economy,
        &DR_OPTIONS(dr_model_options, .model = kind, .elasticity = "2.12", .closure = closure, .tolerance = 1e-13)));
    ok(dr_scenario_new(&f.scenario, f.economy));
    ok(dr_scenario_trade_cost(f.scenario, "A0", "A1", "all", 1.5, true));
    return f;
}

static void fixture_free(fixture *f)
{
    dr_scenario_free(f->scenario);
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->table);
}

/* A path on which the scenario is in force from a year on, from 0. */
static dr_transition *path_of(const fixture *f, size_t from, size_t years, dr_transition_options options)
{
    const dr_scenario *in_force[200] = {NULL};
    dr_transition *t = NULL;
    options.size = sizeof options;
    for (size_t y = from; y < years; y++)
        in_force[y] = f->scenario;
    ok(dr_transition_solve(&t, f->model, in_force, years, &options));
    return t;
}

static void same_welfare(const dr_solution *a, const dr_solution *b, double within)
{
    for (size_t n = 0; n < REGIONS; n++)
        near(dr_solution_welfare(a, n), dr_solution_welfare(b, n), within);
}

/* ---- Horizons ---------------------------------------------------------------------------------------------------- */

static void horizons_are_those_of_the_table(void **state)
{
    (void)state;
    dr_horizon_table table;
    ok(dr_horizons_read(&table));
    static const struct {
        double year, elasticity, error, psi;
    } expected[] = {{1, 0.76, 0.11, 0},    {3, 1, 0.15, 0.2},          {5, 1.24, 0.19, 0.5},
                    {7.5, 1.68, 0.255, 2}, {10, 2.12, 0.32, INFINITY}, {15, 2.12, 0.32, INFINITY}};
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        dr_horizon h = dr_horizon_at(&table, expected[k].year);
        near(h.elasticity, expected[k].elasticity, 1e-12);
        near(h.error, expected[k].error, 1e-12);
        assert_true(isinf(expected[k].psi) ? isinf(h.psi) : fabs(h.psi - expected[k].psi) < 1e-12);
    }
    assert_string_equal(dr_transition_elasticity(), "2.12");
}

/* The first year is that of fixed labour and the short elasticity, the last the model itself. */
static void ends_are_the_short_and_the_long_run(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    dr_model *model = NULL;
    dr_solution *first = NULL, *last = NULL;
    ok(dr_model_new(&model, f.economy,
                    &DR_OPTIONS(dr_model_options, .horizon = "short", .model = "caliendo-parro", .elasticity = "0.76",
                                .thin_markets = "0", .tolerance = 1e-13)));
    ok(dr_model_solve(&first, model, f.scenario));
    ok(dr_model_solve(&last, f.model, f.scenario));
    dr_transition *t = path_of(&f, 0, YEARS, (dr_transition_options){0});
    same_welfare(dr_transition_year(t, 0), first, 1e-8);
    same_welfare(dr_transition_year(t, 9), last, 1e-8);
    same_welfare(dr_transition_year(t, YEARS - 1), last, 1e-8);
    assert_true(fabs(dr_solution_welfare(first, 0) - dr_solution_welfare(last, 0)) > 0.1);
    for (size_t y = 0; y < YEARS; y++)
        assert_true(dr_transition_year(t, y)->certificate.worst_residual < 1e-8);
    assert_null(dr_transition_year(t, YEARS));
    dr_transition_free(t);
    dr_solution_free(first);
    dr_solution_free(last);
    dr_model_free(model);
    fixture_free(&f);
}

/* Labour that follows real wages is on the way where it is in the short and in the long run; workers who move at a cost
 * and capital that accumulates are of the same model. */
static void labour_follows_wages_on_the_way(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    dr_model *model = NULL;
    dr_solution *first = NULL, *last = NULL;
    dr_model_free(f.model);
    ok(dr_model_new(&f.model, f.economy,
                    &DR_OPTIONS(dr_model_options, .model = "caliendo-parro", .elasticity = "2.12",
                                .labour_supply = "0.3", .revenue = "income-tax", .tolerance = 1e-13)));
    ok(dr_model_new(&model, f.economy,
                    &DR_OPTIONS(dr_model_options, .horizon = "short", .model = "caliendo-parro", .elasticity = "0.76",
                                .thin_markets = "0", .labour_supply = "0.3", .revenue = "income-tax",
                                .tolerance = 1e-13)));
    ok(dr_model_solve(&first, model, f.scenario));
    ok(dr_model_solve(&last, f.model, f.scenario));
    dr_transition *t = path_of(&f, 0, YEARS, (dr_transition_options){0});
    same_welfare(dr_transition_year(t, 0), first, 1e-8);
    same_welfare(dr_transition_year(t, YEARS - 1), last, 1e-8);
    assert_true(fabs(dr_solution_employment(last, 0) - 1) > 1e-4);
    dr_table *table = NULL;
    ok(dr_transition_years(&table, t));
    near(dr_table_number(table, dr_table_rows(table) / YEARS * (YEARS - 1), 2), dr_solution_welfare(last, 0), 1e-8);
    dr_table_free(table);
    dr_transition_free(t);
    t = path_of(&f, 1, YEARS, (dr_transition_options){.mobility = "95%", .capital = "33%"});
    assert_true(dr_transition_year(t, YEARS - 1)->certificate.worst_residual < 1e-8);
    dr_transition_free(t);
    dr_solution_free(first);
    dr_solution_free(last);
    dr_model_free(model);
    fixture_free(&f);
}

/* Without a change nothing ever moves. */
static void steady_states_are_not_left(void **state)
{
    (void)state;
    static const dr_transition_options options[] = {{0},
                                                    {.mobility = "90%"},
                                                    {.mobility = "free", .capital = "33%"},
                                                    {.mobility = "fixed"},
                                                    {.mobility = "80%", .capital = "40%"}};
    static const dr_closure closures[] = {DR_CLOSURE_FIXED, DR_CLOSURE_ZERO};
    for (size_t c = 0; c < 2; c++) {
        fixture f = fixture_of("baqaee-farhi", closures[c]);
        for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
            dr_transition *t = path_of(&f, 60, 60, options[k]);
            for (size_t y = 0; y < 60; y++)
                for (size_t n = 0; n < REGIONS; n++) {
                    near(dr_solution_welfare(dr_transition_year(t, y), n), 0, 1e-8);
                    for (size_t s = 0; s < SECTORS; s++)
                        near(dr_solution_sector_employment(dr_transition_year(t, y), n, s), 1, 1e-8);
                }
            dr_transition_free(t);
        }
        fixture_free(&f);
    }
}

/* ---- Labour ------------------------------------------------------------------------------------------------------ */

/* An infinite cost is fixed labour, no cost is mobile labour, and workers who all stay are fixed. */
static void limits_of_mobility_are_exact(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    dr_transition *fixed = path_of(&f, 0, YEARS, (dr_transition_options){.mobility = "fixed"});
    dr_transition *stay = path_of(&f, 0, YEARS, (dr_transition_options){.mobility = "100%"});
    dr_transition *mobile = path_of(&f, 0, YEARS, (dr_transition_options){.mobility = "free"});
    dr_transition *slow = path_of(&f, 0, 100, (dr_transition_options){.mobility = "90%"});
    dr_solution *last = NULL;
    ok(dr_model_solve(&last, f.model, f.scenario));
    for (size_t y = 0; y < YEARS; y++)
        same_welfare(dr_transition_year(fixed, y), dr_transition_year(stay, y), 1e-8);
    same_welfare(dr_transition_year(mobile, YEARS - 1), last, 1e-8);
    for (size_t n = 0; n < REGIONS; n++) {
        const dr_solution *a = dr_transition_year(fixed, 0), *b = dr_transition_year(slow, 0);
        near(dr_solution_welfare(a, n), dr_solution_welfare(b, n), 1e-8);
    }
    dr_solution_free(last);
    dr_transition_free(fixed);
    dr_transition_free(stay);
    dr_transition_free(mobile);
    dr_transition_free(slow);
    fixture_free(&f);
}

/* The choices of workers of a region once more, in levels: moving costs that rationalise the shares of the base,
 * values backward from a far end, probabilities and employment forward. */
static void workers_choose_as_in_levels(void **state)
{
    (void)state;
    enum { N = 40, POINTS = N + 60 };
    fixture f = fixture_of("baqaee-farhi", DR_CLOSURE_FIXED);
    dr_transition *t = path_of(&f, 2, N, (dr_transition_options){.mobility = "85%", .announced = 2});
    const double nu = t->horizons.nu, beta = 1 / 1.04;
    assert_int_equal(t->points, POINTS);
    for (size_t n = 0; n < REGIONS; n++) {
        double wage[SECTORS], mu[SECTORS][SECTORS], tau[SECTORS][SECTORS], base[SECTORS], all = 0;
        double value[POINTS + 1][SECTORS], labour[SECTORS], next[SECTORS];
        for (size_t j = 0; j < SECTORS; j++)
            all += base[j] = f.model->base.value_added[n * SECTORS + j];
        for (size_t j = 0; j < SECTORS; j++) {
            wage[j] = 1 + 0.3 * (double)j; /* of the base: any, which moving costs make up for */
            for (size_t h = 0; h < SECTORS; h++)
                mu[j][h] = (j == h ? 0.85 : 0) + 0.15 * base[h] / all;
        }
        /* in the base V[j] = ln w[j] + beta V[j] - tau[j,j] - nu ln mu[j,j], with tau[j,j] = 0 */
        double steady[SECTORS];
        for (size_t j = 0; j < SECTORS; j++)
            steady[j] = (log(wage[j]) - nu * log(mu[j][j])) / (1 - beta);
        for (size_t j = 0; j < SECTORS; j++)
            for (size_t h = 0; h < SECTORS; h++)
                tau[j][h] = beta * (steady[h] - steady[j]) - nu * log(mu[j][h] / mu[j][j]);
        memcpy(value[POINTS], steady, sizeof steady);
        for (int k = 0; k < 3000; k++) /* real wages stay after the end */
            for (size_t j = 0; j < SECTORS; j++) {
                double sum = 0;
                const dr_solution *last = t->policy.solution[POINTS - 1];
                for (size_t h = 0; h < SECTORS; h++)
                    sum += exp((beta * value[POINTS][h] - tau[j][h]) / nu);
                next[j] = log(wage[j] * last->factor_wage[n * SECTORS + j] / dr_solution_consumer_price(last, n)) +
                          nu * log(sum);
                if (j + 1 == SECTORS)
                    memcpy(value[POINTS], next, sizeof next);
            }
        for (size_t p = POINTS; p-- > 0;)
            for (size_t j = 0; j < SECTORS; j++) {
                const dr_solution *at = t->policy.solution[p];
                double sum = 0;
                for (size_t h = 0; h < SECTORS; h++)
                    sum += exp((beta * value[p + 1][h] - tau[j][h]) / nu);
                value[p][j] =
                    log(wage[j] * at->factor_wage[n * SECTORS + j] / dr_solution_consumer_price(at, n)) + nu * log(sum);
            }
        memcpy(labour, base, sizeof base);
        for (size_t p = 1; p + 1 < POINTS; p++) { /* the changes are known from the second year on */
            memset(next, 0, sizeof next);
            for (size_t j = 0; j < SECTORS; j++) {
                double sum = 0;
                for (size_t h = 0; h < SECTORS; h++)
                    sum += exp((beta * value[p + 1][h] - tau[j][h]) / nu);
                for (size_t h = 0; h < SECTORS; h++)
                    next[h] += labour[j] * exp((beta * value[p + 1][h] - tau[j][h]) / nu) / sum;
            }
            memcpy(labour, next, sizeof next);
            for (size_t h = 0; h < SECTORS; h++)
                near(labour[h] / base[h], t->policy.labour[((p + 1) * REGIONS + n) * SECTORS + h], 1e-7);
        }
        double moved = 0;
        for (size_t h = 0; h < SECTORS; h++)
            moved += fabs(labour[h] / base[h] - 1);
        assert_true(n > 1 || moved > 1e-3);
        /* before the changes are in force, labour moves already */
        assert_true(n > 1 || fabs(t->policy.labour[(2 * REGIONS + n) * SECTORS] - 1) > 1e-6);
    }
    dr_transition_free(t);
    fixture_free(&f);
}

static char *file_of(const char *text)
{
    static char path[] = "/tmp/derisk_transition_XXXXXX";
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return path;
}

/* A matrix of moves is scaled so that the base is steady, and keeps its pattern. */
static void matrices_become_steady(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    char *path = file_of("from,to,share\ns0,s0,0.9\ns0,s1,0.1\ns1,s1,0.7\ns1,s2,0.2\ns1,s0,0.1\ns2,s1,0.05\n");
    dr_mobility mobility = {0};
    ok(dr_mobility_read(&mobility, f.model, path));
    assert_int_equal(mobility.kind, DR_MOBILITY_COST);
    for (size_t n = 0; n < REGIONS; n++)
        for (size_t h = 0; h < SECTORS; h++) {
            const double *rows = mobility.share + n * SECTORS * SECTORS,
                         *base = f.model->base.value_added + n * SECTORS;
            double arrive = 0, leave = 0;
            for (size_t j = 0; j < SECTORS; j++) {
                arrive += base[j] * rows[j * SECTORS + h];
                leave += rows[h * SECTORS + j];
            }
            near(arrive / base[h], 1, 1e-10);
            near(leave, 1, 1e-12);
            assert_true(rows[0 * SECTORS + 2] == 0 && rows[2 * SECTORS + 0] == 0);
        }
    assert_true(mobility.moved > 1e-3);
    dr_mobility_free(&mobility);
    unlink(path);
    fixture_free(&f);
}

/* ---- Capital ----------------------------------------------------------------------------------------------------- */

/* One sector without inputs: in the steady state K = W, and the static gain of Arkolakis, Costinot and Rodriguez-Clare
 * is raised to the power 1 / (1 - share). */
static void capital_has_its_closed_form(void **state)
{
    (void)state;
    fixture f = fixture_of("armington", DR_CLOSURE_ZERO);
    memset(f.table.tariff, 0, REGIONS * REGIONS * SECTORS * sizeof(double));
    dr_economy_free(f.economy);
    dr_scenario_free(f.scenario);
    dr_model_free(f.model);
    f.economy = synthetic_economy(&f.table);
    ok(dr_model_new(&f.model, f.economy,
                    &DR_OPTIONS(dr_model_options, .model = "armington", .elasticity = "4", .closure = DR_CLOSURE_ZERO,
                                .tolerance = 1e-13)));
    ok(dr_scenario_new(&f.scenario, f.economy));
    ok(dr_scenario_trade_cost(f.scenario, "all", "all", "all", 0.8, true));
    dr_transition *t = path_of(&f, 0, 199, (dr_transition_options){.capital = "25%"});
    dr_transition *none = path_of(&f, 0, 12, (dr_transition_options){.capital = "0%"});
    dr_transition *plain = path_of(&f, 0, 12, (dr_transition_options){0});
    const dr_solution *last = dr_transition_year(t, 198);
    for (size_t n = 0; n < REGIONS; n++) {
        double income = 1 + dr_solution_welfare(last, n) / 100, capital = t->policy.capital[198 * REGIONS + n];
        size_t home = n * REGIONS + n;
        double share = (last->flow[home] / last->spending[n]) / (f.model->base.flow[home] / f.model->base.spending[n]);
        near(log(capital), log(income), 3e-4 * fabs(log(income)));
        near(log(income), -log(share) / 4 / 0.75, 3e-4 * fabs(log(income)));
    }
    for (size_t y = 0; y < 12; y++)
        same_welfare(dr_transition_year(none, y), dr_transition_year(plain, y), 1e-9);
    dr_transition_free(t);
    dr_transition_free(none);
    dr_transition_free(plain);
    fixture_free(&f);
}

/* Half the step changes capital little, and half as much again with a quarter. */
static void halved_steps_change_little(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    double capital[4];
    for (size_t k = 0; k < 4; k++) {
        dr_transition *t =
            path_of(&f, 0, 8, (dr_transition_options){.capital = "33%", .mobility = "free", .steps = (size_t)1 << k});
        capital[k] = t->policy.capital[7 * t->steps * REGIONS];
        dr_transition_free(t);
    }
    double first = capital[1] - capital[0], second = capital[2] - capital[1], third = capital[3] - capital[2];
    assert_true(fabs(first) > 1e-9 && fabs(first) < 0.1 * fabs(capital[0] - 1));
    near(first / second, 2, 0.3);
    near(second / third, 2, 0.15);
    fixture_free(&f);
}

/* With inputs from all sectors the gains of a path with capital exceed the static ones, as published ones do: about
 * three times in steady states (Ravikumar, Santacreu and Sposi). */
static void dynamic_gains_exceed_static_ones(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_ZERO);
    dr_scenario_free(f.scenario);
    ok(dr_scenario_new(&f.scenario, f.economy));
    ok(dr_scenario_trade_cost(f.scenario, "all", "all", "all", 0.9, true));
    dr_transition *t = path_of(&f, 0, 150, (dr_transition_options){.capital = "33%"});
    dr_table *table = NULL;
    ok(dr_transition_lifetime(&table, t));
    for (size_t n = 0; n < REGIONS; n++) {
        double last = dr_table_number(table, n, 2), discounted = dr_table_number(table, n, 3),
               at_once = dr_table_number(table, n, 4);
        assert_true(last > 1.4 * at_once && last < 3.5 * at_once);
        assert_true(discounted < last);
    }
    dr_table_free(table);
    dr_transition_free(t);
    fixture_free(&f);
}

/* ---- Growth ------------------------------------------------------------------------------------------------------ */

/* The same growth everywhere raises real income at that rate, and does not change what a scenario does. */
static void growth_alike_is_neutral(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    char *path = file_of("region,sector,growth\nall,all,3%\n");
    dr_transition *grows = path_of(&f, YEARS, YEARS, (dr_transition_options){.growth = path});
    dr_transition *both = path_of(&f, 0, YEARS, (dr_transition_options){.growth = path});
    dr_transition *plain = path_of(&f, 0, YEARS, (dr_transition_options){0});
    dr_table *with = NULL, *without = NULL;
    ok(dr_transition_years(&with, both));
    ok(dr_transition_years(&without, plain));
    for (size_t y = 0; y < YEARS; y++)
        for (size_t n = 0; n < REGIONS; n++)
            near(dr_solution_welfare(dr_transition_year(grows, y), n), 100 * (pow(1.03, (double)y + 1) - 1), 1e-7);
    for (size_t row = 0; row < dr_table_rows(with); row++)
        near(dr_table_number(with, row, 2), dr_table_number(without, row, 2), 1e-7);
    dr_table_free(with);
    dr_table_free(without);
    dr_transition_free(grows);
    dr_transition_free(both);
    dr_transition_free(plain);
    unlink(path);
    fixture_free(&f);
}

/* ---- Worth ------------------------------------------------------------------------------------------------------- */

/* The discounted change, summed year by year with the last year lasting. */
static void worth_is_the_sum_over_years(void **state)
{
    (void)state;
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    dr_transition *t = path_of(&f, 0, YEARS, (dr_transition_options){.discount = 0.1});
    dr_table *table = NULL;
    ok(dr_transition_lifetime(&table, t));
    for (size_t n = 0; n < REGIONS; n++) {
        double utility = 0, weights = 0;
        for (size_t y = 0; y < 2000; y++) {
            double weight = pow(1.1, -(double)y);
            const dr_solution *at = dr_transition_year(t, y < YEARS ? y : YEARS - 1);
            utility += weight * log(1 + dr_solution_welfare(at, n) / 100);
            weights += weight;
        }
        near(dr_table_number(table, n, 3), 100 * (exp(utility / weights) - 1), 1e-9);
    }
    dr_table_free(table);
    dr_transition_free(t);
    fixture_free(&f);
}

/* ---- Dates ------------------------------------------------------------------------------------------------------- */

static dr_status parse(const fixture *f, const char *text, int year, double *rate)
{
    dr_scenario *scenario = NULL;
    dr_status status = dr_scenario_parse_dated(&scenario, f->economy, text, strlen(text), "x", year, 10);
    *rate = status == DR_OK ? dr_scenario_rate(scenario, -1, (0 * REGIONS + 1) * SECTORS) : NAN;
    dr_scenario_free(scenario);
    return status;
}

static void dates_and_phases_are_kept(void **state)
{
    (void)state;
    static const char *const text =
        "changes:\n  - tariff: {by: A0, on: A1, sectors: all, rate: {2: 10%, 4: 25%}}\n    until: 7\n";
    static const double expected[] = {-1, 0.1, 0.1, 0.25, 0.25, 0.25, 0.25, -1, -1, -1};
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    double rate = 0;
    for (int year = 1; year <= 10; year++) {
        ok(parse(&f, text, year, &rate));
        near(rate, expected[year - 1], 0);
    }
    fixture_free(&f);
}

static void wrong_dates_have_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *error;
    } wrong[] = {
        {"rate: 10%}\n    from: 0", "x:3:11: '0' is not a year"},
        {"rate: 10%}\n    from: 5\n    until: 4", "x:4:12: until 4 is before from 5; expected 5 or later"},
        {"rate: 10%}\n    from: 12",
         "x:3:11: 12 is after the last year of the path, 10; expected a year up to 10, or more years"},
        {"rate: {4: 10%, 3: 20%}}", "x:2:59: 3 does not come after 4; expected years in their order"},
        {"rate: {}}", "x:2:50: no years; expected amounts by year, such as {1: 10%, 3: 25%}"},
        {"rate: {soon: 10%}}", "x:2:51: 'soon' is not a year"},
    };
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char text[400];
        double rate;
        snprintf(text, sizeof text, "changes:\n  - tariff: {by: A0, on: A1, sectors: all, %s\n", wrong[k].keys);
        assert_int_equal(parse(&f, text, 1, &rate), DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), wrong[k].error);
    }
    fixture_free(&f);
}

/* ---- Wrong input ------------------------------------------------------------------------------------------------- */

static void wrong_options_are_refused(void **state)
{
    (void)state;
    static const struct {
        dr_transition_options options;
        const char *error;
    } wrong[] = {
        {{.announced = 5}, "announced in 5, after the first change is in force, in 1; expected a year up to 1"},
        {{.mobility = "120%"}, "a share of stayers of 120%; expected one from 0% to 100%"},
        {{.capital = "100%"},
         "capital '100%' is no share of value added; expected accounts, or 0% or more and less than 100%"},
        {{.capital = "accounts"},
         "capital accounts: no factor of this world is called capital; expected a share of "
         "value added, such as 33%"},
        {{.mobility = "95%", .steps = 2},
         "labour that moves at a cost moves once a year; expected 1 step of each year"},
    };
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    const dr_scenario *in_force[] = {f.scenario, f.scenario};
    dr_transition *t = NULL;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        dr_transition_options options = wrong[k].options;
        options.size = sizeof options;
        assert_int_equal(dr_transition_solve(&t, f.model, in_force, 2, &options), DR_BAD_INPUT);
        assert_string_equal(dr_error_text(), wrong[k].error);
    }
    fixture_free(&f);
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
        bool growth;
    } wrong[] = {
        {"region,sector,growth\nA0,all,3%\n",
         ": no growth of s0 in A1 in 1 (and of 17 more); expected a row for each region, sector and year; 'all' stands "
         "for all",
         true},
        {"region,sector,growth\nall,all,-100%\n",
         ":2:3: growth of -100% in a year; expected more than -100% and at most 1000%", true},
        {"region,sector,growth,year\nall,all,3%,3\n", ":2:4: the year 3 is not on the path; expected one from 1 to 2",
         true},
        {"region,sector,growth,year\nall,all,3%,1\n",
         ": no growth of s0 in A0 in 2 (and of 11 more); expected a row for each region, sector and year; 'all' stands "
         "for all",
         true},
        {"from,to,share\ns0,s1,0.1\n", ": no row says where workers of s1 in A0 go; expected shares for each sector",
         false},
        {"from,to,share\ns0,s0,0.5\ns0,s1,0.1\n", ": the shares of workers of s0 in A0 add up to 0.6; expected 1",
         false},
        {"from,to,share\ns0,s0,1.5\n", ":2:3: a share of 1.5; expected one from 0 to 1", false},
        {"from,to,share\ns0,s0,1\ns0,s0,1\n", ":3:2: the share from s0 to s0 is given twice", false},
    };
    fixture f = fixture_of("caliendo-parro", DR_CLOSURE_FIXED);
    dr_transition *t = NULL;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char expected[600], *path = file_of(wrong[k].text);
        dr_transition_options options = {.size = sizeof options};
        *(wrong[k].growth ? &options.growth : &options.mobility) = path;
        assert_int_equal(dr_transition_solve(&t, f.model, NULL, 2, &options), DR_BAD_INPUT);
        snprintf(expected, sizeof expected, "%s%s", path, wrong[k].error);
        assert_string_equal(dr_error_text(), expected);
        unlink(path);
    }
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(horizons_are_those_of_the_table), cmocka_unit_test(ends_are_the_short_and_the_long_run),
        cmocka_unit_test(labour_follows_wages_on_the_way), cmocka_unit_test(steady_states_are_not_left),
        cmocka_unit_test(limits_of_mobility_are_exact),    cmocka_unit_test(workers_choose_as_in_levels),
        cmocka_unit_test(matrices_become_steady),          cmocka_unit_test(capital_has_its_closed_form),
        cmocka_unit_test(halved_steps_change_little),      cmocka_unit_test(dynamic_gains_exceed_static_ones),
        cmocka_unit_test(growth_alike_is_neutral),         cmocka_unit_test(worth_is_the_sum_over_years),
        cmocka_unit_test(dates_and_phases_are_kept),       cmocka_unit_test(wrong_dates_have_their_place),
        cmocka_unit_test(wrong_options_are_refused),       cmocka_unit_test(wrong_files_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
