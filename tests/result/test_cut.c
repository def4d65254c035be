/* The cut of single ties: each the same as one ban, whatever the number of threads, and as the slow plain solver finds
 * it. */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/table.h"
#include "support/check.h"
#include "support/slow_model.h"

typedef struct setting {
    synthetic y;
    dr_economy *economy;
    dr_model *model;
} setting;

static setting begin(synthetic y)
{
    setting t = {y, synthetic_economy(&y), NULL};
    dr_model_options options = {.size = sizeof(dr_model_options), .elasticity = "5"};
    ok(dr_model_new(&t.model, t.economy, &options));
    return t;
}

static void end(setting *t)
{
    dr_model_free(t->model);
    dr_economy_free(t->economy);
    synthetic_free(&t->y);
}

static dr_table *cuts(const setting *t, const char *of, dr_cut_options options)
{
    dr_table *table = NULL;
    ok(dr_exposure_cuts(&table, t->model, of, &options));
    return table;
}

static double cell(const dr_table *table, size_t row, const char *column)
{
    int index = dr_table_find(table, column);
    assert_true(index >= 0);
    return dr_table_number(table, row, (size_t)index);
}

/* Welfare of a region under a ban, as a single run has it. */
static double single(const dr_table *regions, const char *code)
{
    for (size_t i = 0; i < dr_table_rows(regions); i++)
        if (strcmp(dr_table_text(regions, i, 0), code) == 0)
            return cell(regions, i, "welfare");
    fail_msg("no %s", code);
    return NAN;
}

static void each_is_a_single_ban(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(6, 4, 11, true, true));
    dr_table *table = cuts(&t, "A1", (dr_cut_options){.size = sizeof(dr_cut_options)});
    assert_int_equal(dr_table_rows(table), 5 * 4);
    for (size_t i = 0; i < dr_table_rows(table); i++) {
        dr_scenario *scenario = NULL;
        dr_solution *solution = NULL;
        dr_table *regions = NULL;
        const char *supplier = dr_table_text(table, i, 0);
        ok(dr_scenario_new(&scenario, t.economy));
        ok(dr_scenario_ban(scenario, "A1", supplier, dr_table_text(table, i, 1)));
        ok(dr_model_solve(&solution, t.model, scenario));
        ok(dr_solution_regions(&regions, solution));
        near(cell(table, i, "loss"), -single(regions, "A1"), 1e-13);
        near(cell(table, i, "supplier_loss"), -single(regions, supplier), 1e-13);
        near(cell(table, i, "leverage"), single(regions, "A1") / single(regions, supplier), 1e-9);
        assert_true(i == 0 || cell(table, i, "loss") <= cell(table, i - 1, "loss"));
        dr_table_free(regions);
        dr_solution_free(solution);
        dr_scenario_free(scenario);
    }
    dr_table_free(table);
    end(&t);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Draw d is the cut of every tie in a model with the elasticity that stream d gives; the median is that of five. */
static void bands_are_quantiles_of_models_with_drawn_elasticities(void **state)
{
    enum { DRAWS = 5, TIES = 3 };
    const dr_draw_options draws = DR_OPTIONS(dr_draw_options, .draws = DRAWS, .seed = 8, .elasticity_error = 0.3);
    const dr_cut_options options = DR_OPTIONS(dr_cut_options, .to = "A2");
    (void)state;
    setting t = begin(synthetic_new(4, TIES, 13, true, true));
    dr_table *bands = NULL, *point = cuts(&t, "A1", options);
    double loss[TIES][DRAWS];
    ok(dr_exposure_cut_bands(&bands, t.model, "A1", &options, &draws));
    assert_int_equal(dr_table_rows(bands), TIES);
    for (size_t d = 0; d < DRAWS; d++) {
        dr_random random = dr_random_stream(8, d);
        char text[64];
        setting drawn = t;
        dr_table *table = NULL;
        snprintf(text, sizeof text, "%.17g", 5 * dr_random_factor(&random, 0.3));
        ok(dr_model_new(&drawn.model, t.economy, &DR_OPTIONS(dr_model_options, .elasticity = text)));
        table = cuts(&drawn, "A1", options);
        for (size_t i = 0; i < TIES; i++)
            for (size_t k = 0; k < TIES; k++)
                if (strcmp(dr_table_text(bands, i, 1), dr_table_text(table, k, 1)) == 0)
                    loss[i][d] = cell(table, k, "loss");
        dr_table_free(table);
        dr_model_free(drawn.model);
    }
    for (size_t i = 0; i < TIES; i++) {
        qsort(loss[i], DRAWS, sizeof **loss, ascending);
        assert_true(cell(bands, i, "loss") == cell(point, i, "loss"));
        near(cell(bands, i, "loss_median"), loss[i][2], 1e-9);
        near(cell(bands, i, "loss_p5"), loss[i][0] + 0.2 * (loss[i][1] - loss[i][0]), 1e-9);
    }
    assert_true(dr_table_fact(bands, "draws.count") == DRAWS);
    assert_int_equal(dr_table_find(bands, "imports_p5"), -1);
    dr_table_free(bands);
    dr_table_free(point);
    end(&t);
}

/* Of two regions together: what they lose in values adds up, and the percentage is of their income together. */
static void against_the_slow_solver(void **state)
{
    (void)state;
    const size_t r = 4, s = 3;
    setting t = begin(synthetic_new(r, s, 12, true, true));
    double *kappa = synthetic_numbers(r * r * s);
    slow_model parameters = {5, 1, 1, 1, INFINITY, 1, 0, 0, 0, 0};
    dr_table *table = cuts(&t, "A0,A1", DR_OPTIONS(dr_cut_options, .to = "A3", .sectors = "s1,s2"));
    assert_int_equal(dr_table_rows(table), 2);
    for (size_t i = 0; i < 2; i++) {
        size_t k = (size_t)(dr_table_text(table, i, 1)[1] - '0');
        for (size_t f = 0; f < r * r * s; f++)
            kappa[f] = f % s == k && f / s % r == 3 && f / s / r < 2 ? INFINITY : 1;
        slow out = slow_solve(&t.y, parameters, t.y.tariff, kappa);
        double spent[2] = {0}, imports = 0, all_imports = 0;
        for (size_t n = 0; n < 2; n++) {
            for (size_t j = 0; j < s; j++)
                spent[n] += t.y.final[n * s + j];
            for (size_t from = 2; from < r; from++) {
                all_imports += t.y.flow[(n * r + from) * s + k];
                imports += from == 3 ? t.y.flow[(n * r + from) * s + k] : 0;
            }
        }
        double lost = -(out.welfare[0] * spent[0] + out.welfare[1] * spent[1]) / 100;
        near(cell(table, i, "imports"), imports, 1e-9);
        near(cell(table, i, "share_of_imports"), imports / all_imports, 1e-12);
        near(cell(table, i, "loss_value"), lost, 1e-7);
        near(cell(table, i, "loss"), 100 * lost / (spent[0] + spent[1]), 1e-7);
        near(cell(table, i, "supplier_loss"), -out.welfare[3], 1e-7);
        slow_free(&out);
    }
    free(kappa);
    dr_table_free(table);
    end(&t);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(7, 5, 13, false, true));
    dr_table *one = cuts(&t, "A0,A2", DR_OPTIONS(dr_cut_options, .threads = 1));
    for (int threads = 0; threads <= 5; threads++) {
        dr_table *many = cuts(&t, "A0,A2", DR_OPTIONS(dr_cut_options, .threads = threads));
        assert_int_equal(dr_table_rows(many), dr_table_rows(one));
        for (size_t i = 0; i < dr_table_rows(one); i++)
            for (size_t c = 0; c < dr_table_columns(one); c++) {
                double a = dr_table_number(one, i, c), b = dr_table_number(many, i, c);
                assert_string_equal(dr_table_text(one, i, c), dr_table_text(many, i, c));
                assert_true(a == b || (isnan(a) && isnan(b)));
            }
        assert_true(dr_table_fact(one, "certificate.worst_residual") ==
                    dr_table_fact(many, "certificate.worst_residual"));
        dr_table_free(many);
    }
    assert_true(dr_table_fact(one, "certificate.worst_residual") < 1e-9);
    assert_true(dr_table_fact(one, "certificate.solves") == 25);
    dr_table_free(one);
    end(&t);
}

/* A0 has all its s1 from A2: cut, there is no equilibrium, and that is the first thing to say. A3 sells it no s0. */
static void last_suppliers_and_ties_without_trade(void **state)
{
    (void)state;
    synthetic y = synthetic_new(4, 2, 14, false, false);
    for (size_t i = 0; i < y.r; i++)
        y.flow[i * y.s + 1] *= i == 2;
    y.flow[3 * y.s] = 0;
    y.final[1] = y.flow[2 * y.s + 1];
    y.final[0] = y.flow[0] + y.flow[y.s] + y.flow[2 * y.s];
    setting t = begin(y);
    dr_table *table = cuts(&t, "A0", DR_OPTIONS(dr_cut_options, .threads = 2));
    assert_int_equal(dr_table_rows(table), 3);
    assert_string_equal(dr_table_text(table, 0, 0), "A2");
    assert_string_equal(dr_table_text(table, 0, 1), "s1");
    near(cell(table, 0, "share_of_imports"), 1, 0);
    assert_true(isnan(cell(table, 0, "loss")) && isnan(cell(table, 0, "leverage")));
    assert_true(cell(table, 1, "loss") >= cell(table, 2, "loss"));
    bool said_last = false, said_none = false;
    for (size_t i = 0; i < table->note_count; i++) {
        said_last |=
            strncmp(table->notes[i], "no equilibrium without s1 from A2: A0 loses its last supplier of s1", 67) == 0;
        said_none |= strcmp(table->notes[i], "supplier-sector pairs without trade, left out: 3") == 0;
    }
    assert_true(said_last && said_none);
    dr_table_free(table);
    end(&t);
}

static void count(const char *what, size_t done, size_t all, void *user)
{
    size_t *last = user;
    assert_string_equal(what, "cutting ties");
    assert_true(done > *last && done <= all && all == 12);
    *last = done;
}

static void progress_rises(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(5, 3, 15, false, true));
    for (int threads = 1; threads <= 2; threads++) {
        size_t last = 0;
        dr_table_free(cuts(&t, "A0", DR_OPTIONS(dr_cut_options, .threads = threads, .progress = count, .user = &last)));
        assert_true(threads > 1 || last == 12);
    }
    end(&t);
}

static void refuse(const setting *t, const char *of, dr_cut_options options, const char *line)
{
    dr_table *table = NULL;
    assert_int_equal(dr_exposure_cuts(&table, t->model, of, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), line);
    assert_null(table);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(3, 2, 16, false, false));
    refuse(&t, "A0", DR_OPTIONS(dr_cut_options, .sectors = "s9"),
           "'s9' is not a sector of this world, by code, slug or kind; did you mean 's0'?");
    refuse(&t, "A0", DR_OPTIONS(dr_cut_options, .to = "A0"), "'A0' has no region outside 'A0': name another partner");
    refuse(&t, "all", (dr_cut_options){.size = sizeof(dr_cut_options)},
           "'all' is the whole world: there is no partner left");
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_a_single_ban),
        cmocka_unit_test(bands_are_quantiles_of_models_with_drawn_elasticities),
        cmocka_unit_test(against_the_slow_solver),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(last_suppliers_and_ties_without_trade),
        cmocka_unit_test(progress_rises),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
