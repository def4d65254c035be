/* Structural gravity in general equilibrium: its equations recomputed from its own results, and laws. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "derisk.h"
#include "estimate/structural.h"

enum { R = 6 };

typedef struct world {
    double output[R], expenditure[R], cost[R * R], counterfactual[R * R];
    dr_structural_data data;
} world;

static const char *const codes[R] = {"A", "B", "C", "D", "E", "F"};

static world *made_up(uint64_t seed)
{
    static world w;
    dr_random random = dr_random_stream(seed, 1);
    double deficits = 0;
    w = (world){.data = {.regions = R,
                         .codes = codes,
                         .output = w.output,
                         .expenditure = w.expenditure,
                         .cost = w.cost,
                         .counterfactual = w.counterfactual,
                         .sigma = 5,
                         .reference = "C"}};
    for (size_t i = 0; i < R; i++) {
        double deficit = i == R - 1 ? -deficits : 10 * (dr_random_uniform(&random) - 0.5);
        w.output[i] = 50 + 100 * dr_random_uniform(&random);
        w.expenditure[i] = w.output[i] + deficit;
        deficits += deficit;
        for (size_t n = 0; n < R; n++)
            w.cost[i * R + n] = i == n ? 1 : 0.3 * dr_random_uniform(&random);
    }
    memcpy(w.counterfactual, w.cost, sizeof w.cost);
    w.counterfactual[1] *= 0.5;
    w.counterfactual[R] *= 0.5;
    return &w;
}

static dr_table *solve(const dr_structural_data *data)
{
    dr_table *table = NULL;
    if (dr_structural_gravity(&table, data) != DR_OK)
        fail_msg("%s", dr_error_text());
    return table;
}

static double cell(const dr_table *table, const char *column, size_t row)
{
    size_t c = 0;
    while (strcmp(dr_table_column(table, c), column) != 0)
        c++;
    return dr_table_number(table, row, c);
}

/* Base times 1 + percent / 100. */
static double after(const dr_table *table, const char *column, size_t row, double base)
{
    return base * (1 + cell(table, column, row) / 100);
}

static void assert_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance * (1 + fabs(wanted))))
        fail_msg("got %.15g, wanted %.15g", got, wanted);
}

/* Resistances of the base by their own equations, in turn, to powers 1 - sigma. */
static void plain_resistances(const world *w, double *outward, double *inward)
{
    for (size_t i = 0; i < R; i++)
        inward[i] = 1;
    for (int step = 0; step < 3000; step++) {
        for (size_t i = 0; i < R; i++) {
            outward[i] = 0;
            for (size_t n = 0; n < R; n++)
                outward[i] += w->cost[i * R + n] * w->expenditure[n] / inward[n];
        }
        for (size_t n = 0; n < R; n++) {
            inward[n] = 0;
            for (size_t i = 0; i < R; i++)
                inward[n] += w->cost[i * R + n] * w->output[i] / outward[i];
        }
    }
    for (size_t i = 0; i < R; i++)
        outward[i] *= inward[2];
    double reference = inward[2];
    for (size_t n = 0; n < R; n++)
        inward[n] /= reference;
}

/* The equations of resistances at what the table says of Y, E, P and Pi. */
static void check_equilibrium(const double *cost, const double *y, const double *e, const double *outward,
                              const double *inward)
{
    for (size_t i = 0; i < R; i++) {
        double pi = 0, p = 0;
        for (size_t n = 0; n < R; n++) {
            pi += cost[i * R + n] * e[n] / inward[n];
            p += cost[n * R + i] * y[n] / outward[n];
        }
        assert_near(pi / outward[i], 1, 1e-10);
        assert_near(p / inward[i], 1, 1e-10);
    }
}

static void equations_hold(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 6; seed++) {
        const world *w = made_up(seed);
        const double power = 1 - w->data.sigma;
        dr_table *table = solve(&w->data);
        double outward[R], inward[R], out[R], in[R], y[R], e[R], earned = 0, spent = 0;
        plain_resistances(w, outward, inward);
        for (size_t i = 0; i < R; i++) {
            out[i] = outward[i] * pow(1 + cell(table, "outward_conditional", i) / 100, power);
            in[i] = inward[i] * pow(1 + cell(table, "inward_conditional", i) / 100, power);
        }
        check_equilibrium(w->counterfactual, w->output, w->expenditure, out, in);
        assert_near(in[2], 1, 1e-12);
        for (size_t i = 0; i < R; i++) {
            y[i] = after(table, "output_full", i, w->output[i]);
            e[i] = after(table, "expenditure_full", i, w->expenditure[i]);
            out[i] = outward[i] * pow(1 + cell(table, "outward_full", i) / 100, power);
            in[i] = inward[i] * pow(1 + cell(table, "inward_full", i) / 100, power);
            earned += y[i];
            spent += e[i];
            double price = pow(y[i] / out[i] / (w->output[i] / outward[i]), 1 / power);
            assert_near(price, 1 + cell(table, "price", i) / 100, 1e-10);
            assert_near(y[i] / w->output[i], price, 1e-10);
            assert_near(1 + cell(table, "real_gdp", i) / 100, price / pow(in[i] / inward[i], 1 / power), 1e-10);
            assert_near(1 + cell(table, "welfare", i) / 100,
                        e[i] / w->expenditure[i] / pow(in[i] / inward[i], 1 / power), 1e-10);
        }
        check_equilibrium(w->counterfactual, y, e, out, in);
        assert_near(earned, spent, 1e-12);
        dr_table_free(table);
    }
}

/* Dearer trade between A and B costs both, and shrinks what they export. */
static void barriers_hurt_those_behind_them(void **state)
{
    (void)state;
    dr_table *table = solve(&made_up(3)->data);
    for (size_t i = 0; i < 2; i++) {
        assert_true(cell(table, "real_gdp", i) < 0);
        assert_true(cell(table, "exports_conditional", i) < 0 && cell(table, "exports_full", i) < 0);
    }
    dr_table_free(table);
}

static void nothing_changes_without_a_change(void **state)
{
    (void)state;
    world *w = made_up(4);
    memcpy(w->counterfactual, w->cost, sizeof w->cost);
    dr_table *table = solve(&w->data);
    for (size_t i = 0; i < R; i++)
        for (size_t c = 4; c < dr_table_columns(table); c++)
            assert_near(dr_table_number(table, i, c), 0, 1e-9);
    dr_table_free(table);
}

/* Units of value, and of all of one exporter's costs, which its outward resistance takes up. */
static void units_do_not_matter(void **state)
{
    (void)state;
    dr_table *before = solve(&made_up(5)->data);
    world *w = made_up(5);
    for (size_t n = 0; n < R; n++) {
        w->output[n] *= 1000;
        w->expenditure[n] *= 1000;
        w->cost[3 * R + n] *= 7;
        w->counterfactual[3 * R + n] *= 7;
    }
    dr_table *after_units = solve(&w->data);
    for (size_t i = 0; i < R; i++)
        for (size_t c = 4; c < dr_table_columns(before); c++)
            assert_near(dr_table_number(after_units, i, c), dr_table_number(before, i, c), 1e-9);
    dr_table_free(before);
    dr_table_free(after_units);
}

/* ---- The certificate ---- */

/* Each number of an array is a little off in turn: the certificate names an equation of the equilibrium. */
static void each_is_noticed(dr_structural *s, double *array, const char *equilibrium, const char *equation)
{
    const double wrong[] = {1 + 1e-6, 1 - 1e-6, NAN};
    for (size_t i = 0; i < R; i++)
        for (size_t k = 0; k < 3; k++) {
            double before = array[i];
            array[i] *= wrong[k];
            assert_int_equal(dr_structural_certify(s), DR_NO_SOLUTION);
            assert_non_null(strstr(dr_error_text(), equilibrium));
            assert_non_null(strstr(dr_error_text(), equation));
            array[i] = before;
            assert_int_equal(dr_structural_certify(s), DR_OK);
        }
}

static void a_number_that_is_off_is_noticed(void **state)
{
    (void)state;
    dr_structural s;
    assert_int_equal(dr_structural_solve(&s, &made_up(2)->data), DR_OK);
    assert_true(s.residual < 1e-11);
    const struct {
        const dr_resistances *q;
        const char *name;
    } equilibria[] = {{&s.base, "gravity, base: "},
                      {&s.conditional, "gravity, conditional counterfactual: "},
                      {&s.full, "gravity, full counterfactual: "}};
    for (size_t k = 0; k < 3; k++) {
        each_is_noticed(&s, equilibria[k].q->a, equilibria[k].name, " of '");
        each_is_noticed(&s, equilibria[k].q->b, equilibria[k].name, " of '");
        each_is_noticed(&s, equilibria[k].q->y, equilibria[k].name, "output of '");
        each_is_noticed(&s, equilibria[k].q->e, equilibria[k].name, "expenditure of '");
    }
    each_is_noticed(&s, s.price, equilibria[2].name, " of '");
    dr_structural_free(&s);
}

static void assert_refused(const dr_structural_data *data, const char *message)
{
    dr_table *table = NULL;
    assert_int_equal(dr_structural_gravity(&table, data), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), message);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    world *w = made_up(1);
    w->data.sigma = 1;
    assert_refused(&w->data, "sigma is 1, expected a number above 1");
    w = made_up(1);
    w->data.reference = "c";
    assert_refused(&w->data, "unknown reference 'c'; did you mean 'C'?");
    w = made_up(1);
    w->output[1] = 0;
    assert_refused(&w->data, "output of 'B' is 0, expected a number above 0");
    w = made_up(1);
    w->cost[1] = -1;
    assert_refused(&w->data,
                   "the trade cost t^(1 - sigma) from 'A' to 'B' is -1, expected a number that is not below 0");
    w = made_up(1);
    w->counterfactual[R + 1] = 0;
    assert_refused(&w->data,
                   "the counterfactual trade cost t^(1 - sigma) from 'B' to 'B' is 0, expected a number above 0");
    w = made_up(1);
    for (size_t i = 0; i < R; i++) {
        w->output[i] = 100;
        w->expenditure[i] = 110;
    }
    assert_refused(&w->data, "output adds up to 600 and expenditure to 660, expected the same");
    w->data.regions = 1;
    assert_refused(&w->data, "1 regions, expected 2 or more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equations_hold),
        cmocka_unit_test(barriers_hurt_those_behind_them),
        cmocka_unit_test(nothing_changes_without_a_change),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(a_number_that_is_off_is_noticed),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
