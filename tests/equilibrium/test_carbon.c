/* Prices of carbon against the plain model, at their limits, and what they do to emissions. */
#include <string.h>

#include "equilibrium/solution.h"
#include "scenario/carbon.h"
#include "support/check.h"
#include "support/slow_model.h"

static void bad_input(dr_status status, const char *text)
{
    assert_int_equal(status, DR_BAD_INPUT);
    if (!strstr(dr_error_text(), text))
        fail_msg("'%s' is not in: %s", text, dr_error_text());
}

typedef struct fixture {
    synthetic y;
    slow_model m;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
    dr_solution *solution;
} fixture;

static const slow_model models[] = {{5, 1, 1, 1, INFINITY, 1, 0, 0, 0, 0},
                                    {0.76, 0.5, 0.2, 0.9, 0, 1, 0, 0, 0, 0},
                                    {2, 0.5, 0.2, 0.9, 0.5, 1, 0, 0, 0, 0},
                                    {4, 1.5, 2, 1.2, INFINITY, 1, 0, 0.97, 0, 0}};

static fixture fixture_new(size_t which, unsigned long long seed)
{
    fixture f = {.y = synthetic_new(4, 3, seed, seed % 2, true), .m = models[which]};
    char text[32], rigid[32];
    snprintf(text, sizeof text, "%g", f.m.theta);
    snprintf(rigid, sizeof rigid, "all:%g", f.m.floor);
    f.economy = synthetic_economy(&f.y);
    synthetic_emit(f.economy, 1e-3, seed);
    dr_model_options options = {
        .size = sizeof options, .elasticity = text, .tolerance = 1e-13, .rigid_wages = f.m.floor > 0 ? rigid : NULL};
    ok(dr_model_new(&f.model, f.economy, &options));
    for (size_t s = 0; s < f.y.s; s++) {
        f.model->nests.eta[s] = f.m.eta;
        f.model->nests.rho[s] = f.m.rho;
    }
    f.model->nests.phi = f.m.phi;
    f.model->nests.psi = f.m.psi;
    f.model->nests.cobb_douglas = which == 0;
    ok(dr_scenario_new(&f.scenario, f.economy));
    return f;
}

static void fixture_free(fixture *f)
{
    dr_solution_free(f->solution);
    dr_scenario_free(f->scenario);
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->y);
}

static double output_of(const synthetic *y, size_t n, size_t s)
{
    double sum = 0;
    for (size_t j = 0; j < y->r; j++)
        sum += y->flow[(j * y->r + n) * y->s + s];
    return sum;
}

/* What abatement costs, by small steps of the price: each saves emissions up to which a tonne costs what it is at. */
static double resources(double each, double price, double elasticity)
{
    enum { STEPS = 20000 };
    double cost = 0, before = each;
    for (size_t k = 1; k <= STEPS; k++) {
        double left = each * pow(1 + price * (double)k / STEPS / 100, -elasticity);
        cost += (before - left) * price * ((double)k - 0.5) / STEPS;
        before = left;
    }
    return cost;
}

/* A price in A0 and A2, another in A1, and a duty at the border of A0. */
static void prices_agree_with_the_plain_model(void **state)
{
    (void)state;
    for (size_t which = 0; which < sizeof models / sizeof *models; which++)
        for (unsigned long long seed = 1; seed <= 3; seed++) {
            fixture f = fixture_new(which, seed);
            size_t r = f.y.r, s = f.y.s, flows = r * r * s;
            double *tax = synthetic_numbers(r * s), *abates = synthetic_numbers(r * s);
            double *tariff = synthetic_numbers(flows), *kappa = synthetic_numbers(flows);
            double elasticity = seed == 2 ? 0 : 0.5 * (double)seed;
            for (size_t at = 0; at < r * s; at++) {
                double each = f.economy->emissions[at] / output_of(&f.y, at / s, at % s);
                double price = at / s == 1 ? 40 : at / s == 3 ? 0 : 150, e = at / s == 1 ? 0 : elasticity;
                tax[at] = price * each * pow(1 + price / 100, -e);
                abates[at] = e > 0 && price > 0 ? resources(each, price, e) : 0;
            }
            for (size_t flow = 0; flow < flows; flow++) {
                size_t n = flow / s / r, i = flow / s % r, k = flow % s;
                bool pays = n == 0 && i == 3;
                double each = f.economy->emissions[i * s + k] / output_of(&f.y, i, k);
                tariff[flow] = f.y.tariff[flow] + (pays ? 150 * each : 0);
                kappa[flow] = (1 + tariff[flow]) / (1 + f.y.tariff[flow]);
            }
            ok(dr_scenario_carbon_price(f.scenario, "A0,A2", "all", 150, elasticity));
            ok(dr_scenario_carbon_price(f.scenario, "A1", "all", 40, 0));
            ok(dr_scenario_carbon_border(f.scenario, "A0", "A3", "all", 150, DR_CARBON_DIRECT, false));
            ok(dr_model_solve(&f.solution, f.model, f.scenario));
            f.y.carbon_tax = tax;
            f.y.abates = abates;
            slow plain = slow_solve_taxed(&f.y, f.m, tariff, kappa, NULL);
            for (size_t flow = 0; flow < flows; flow++)
                near(f.solution->flow[flow] / plain.flow[flow], 1, 2e-8);
            for (size_t at = 0; at < r * s; at++)
                near(f.solution->price[at] / plain.price[at], 1, 2e-8);
            slow_free(&plain);
            free(tax);
            free(abates);
            free(tariff);
            free(kappa);
            fixture_free(&f);
        }
}

/* What sectors pay is the price times what they emit, and a part of the revenue of their region. */
static void revenue_is_price_times_emissions(void **state)
{
    (void)state;
    fixture f = fixture_new(1, 5);
    dr_table *table = NULL;
    ok(dr_scenario_carbon_price(f.scenario, "A1", "all", 80, 0.7));
    ok(dr_model_solve(&f.solution, f.model, f.scenario));
    ok(dr_solution_emissions(&table, f.solution, 25));
    double direct = 0, final = f.economy->emitted_by_final[1];
    for (size_t s = 0; s < f.y.s; s++)
        direct += f.economy->emissions[f.y.s + s];
    near(dr_table_number(table, 1, 1) * 1e6, direct + final, 1e-9 * direct);
    double welfare = dr_table_number(table, 1, 10), now = dr_table_number(table, 1, 2) * 1e6;
    double of_sectors = now - final * (1 + welfare / 100);
    near(dr_table_number(table, 1, 9) / (80 * of_sectors), 1, 1e-9);
    double duties = 0;
    for (size_t flow = f.y.r * f.y.s; flow < 2 * f.y.r * f.y.s; flow++)
        duties += f.y.tariff[flow] * f.solution->flow[flow];
    near(f.solution->tariff_revenue[1], duties + dr_table_number(table, 1, 9), 1e-9);
    assert_true(dr_table_number(table, 1, 3) < 0);
    dr_table_free(table);
    fixture_free(&f);
}

/* Production and consumption of all regions are the same, before and after, whatever the scenario. */
static void emissions_add_up(void **state)
{
    (void)state;
    for (size_t which = 0; which < sizeof models / sizeof *models; which++) {
        fixture f = fixture_new(which, 7);
        dr_table *table = NULL;
        ok(dr_scenario_carbon_price(f.scenario, "A1", "all", 80, 0.7));
        ok(dr_scenario_carbon_border(f.scenario, "A1", "A0,A2", "all", 80, DR_CARBON_EMBODIED, true));
        ok(dr_scenario_export_curb(f.scenario, "A3", "A0", "s0", 0.5, DR_RENT_EXPORTER, false));
        ok(dr_scenario_tariff(f.scenario, "A3", "A2", "all", 0.4, DR_RATE_SET));
        ok(dr_model_solve(&f.solution, f.model, f.scenario));
        ok(dr_solution_emissions(&table, f.solution, 0));
        size_t all = f.y.r;
        for (size_t column = 1; column <= 2; column++)
            near(dr_table_number(table, all, column) / dr_table_number(table, all, column + 4), 1, 1e-9);
        dr_table_free(table);
        fixture_free(&f);
    }
}

/* A price of 0 changes nothing, and without abatement nothing is left out. */
static void limits(void **state)
{
    (void)state;
    fixture f = fixture_new(2, 3);
    ok(dr_scenario_carbon_price(f.scenario, "all", "all", 0, 0.5));
    ok(dr_model_solve(&f.solution, f.model, f.scenario));
    for (size_t flow = 0; flow < f.y.r * f.y.r * f.y.s; flow++)
        near(f.solution->flow[flow] / f.model->base.flow[flow], 1, 1e-10);
    fixture_free(&f);
    double left[2];
    for (size_t k = 0; k < 2; k++) { /* an elasticity that goes to 0 gives what there is without abatement */
        f = fixture_new(2, 3);
        ok(dr_scenario_carbon_price(f.scenario, "A0", "all", 90, k ? 1e-9 : 0));
        ok(dr_model_solve(&f.solution, f.model, f.scenario));
        left[k] = f.solution->income[0];
        fixture_free(&f);
    }
    near(left[0] / left[1], 1, 1e-8);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    fixture f = fixture_new(1, 4);
    dr_scenario *again = NULL;
    dr_solution *same = NULL;
    ok(dr_scenario_carbon_price(f.scenario, "A0,A2", "s0,s2", 80, 0.7));
    ok(dr_scenario_carbon_price(f.scenario, "A1", "all", 30, 0));
    ok(dr_scenario_carbon_border(f.scenario, "A0", "A3", "s1", 80, DR_CARBON_EMBODIED, true));
    ok(dr_scenario_carbon_border(f.scenario, "A1", "A2,A3", "all", 20, DR_CARBON_BENCHMARK, false));
    ok(dr_scenario_write(f.scenario, "carbon", NULL, "test_carbon.yaml"));
    ok(dr_scenario_load(&again, f.economy, "test_carbon.yaml"));
    ok(dr_model_solve(&f.solution, f.model, f.scenario));
    ok(dr_model_solve(&same, f.model, again));
    for (size_t flow = 0; flow < f.y.r * f.y.r * f.y.s; flow++)
        near(f.solution->flow[flow] / same->flow[flow], 1, 1e-10);
    assert_int_equal(remove("test_carbon.yaml"), 0);
    dr_solution_free(same);
    dr_scenario_free(again);
    fixture_free(&f);
}

/* A duty at the embodied emissions counts all stages of production. */
static void embodied_counts_all_stages(void **state)
{
    (void)state;
    fixture f = fixture_new(0, 2);
    size_t r = f.y.r, s = f.y.s, cells = r * s;
    double *content = synthetic_numbers(cells), *next = synthetic_numbers(cells);
    ok(dr_scenario_carbon_border(f.scenario, "A0", "A1,A2,A3", "all", 10, DR_CARBON_EMBODIED, false));
    for (size_t pass = 0; pass < 2000; pass++) {
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++) {
                double output = output_of(&f.y, i, k), sum = f.economy->emissions[i * s + k] / output;
                for (size_t j = 0; j < s; j++) {
                    double spent = 0, holds = 0;
                    for (size_t o = 0; o < r; o++) {
                        size_t flow = (i * r + o) * s + j;
                        spent += f.y.flow[flow] * (1 + f.y.tariff[flow]);
                        holds += f.y.flow[flow] * content[o * s + j];
                    }
                    sum += f.y.input[(i * s + j) * s + k] / output * holds / spent;
                }
                next[i * s + k] = sum;
            }
        memcpy(content, next, cells * sizeof *content);
    }
    for (size_t i = 1; i < r; i++)
        for (size_t k = 0; k < s; k++)
            near(dr_carbon_duty(f.scenario, i * s + k) / (10 * content[i * s + k]), 1, 1e-12);
    free(content);
    free(next);
    fixture_free(&f);
}

static void wrong_input_is_refused(void **state)
{
    (void)state;
    fixture f = fixture_new(0, 1);
    bad_input(dr_scenario_carbon_price(f.scenario, "A0", "all", -5, 0), "a carbon price of -5; expected 0 or more");
    bad_input(dr_scenario_carbon_price(f.scenario, "A0", "all", 5, -1),
              "an abatement elasticity of -1; expected 0 or more");
    ok(dr_scenario_carbon_price(f.scenario, "A0", "s0", 5, 0));
    bad_input(dr_scenario_carbon_price(f.scenario, "A0,A1", "all", 5, 0), "both change s0 in A0");
    memset(f.economy->emissions, 0, f.y.s * sizeof *f.economy->emissions);
    bad_input(dr_scenario_carbon_price(f.scenario, "A0", "s1", 5, 0), "has no emissions of sectors of A0");
    f.economy->emissions[4] = -3;
    bad_input(dr_scenario_carbon_border(f.scenario, "A2", "A1", "all", 5, DR_CARBON_DIRECT, false),
              "negative emissions of s1 in A1 (-3 t)");
    free(f.economy->emissions);
    f.economy->emissions = NULL;
    bad_input(dr_scenario_carbon_price(f.scenario, "A1", "all", 5, 0), "'derisk import account FILE.csv' adds one");
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_agree_with_the_plain_model),
        cmocka_unit_test(revenue_is_price_times_emissions),
        cmocka_unit_test(emissions_add_up),
        cmocka_unit_test(limits),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(embodied_counts_all_stages),
        cmocka_unit_test(wrong_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
