/* The response of regions: its step takes the residual of a sweep away, as far as a region's own block goes; and the
 * solutions found with it are those of plain sweeps, the slow way to the same equilibrium. */
#include <string.h>

#include "equilibrium/region_response.h"
#include "equilibrium/solution.h"
#include "support/check.h"
#include "support/synthetic.h"

typedef struct setting {
    const char *name, *model, *horizon;
} setting;

static const setting settings[] = {{"Caliendo-Parro", "caliendo-parro", "long"},
                                   {"labour mobile, inputs that replace each other", "baqaee-farhi", "long"},
                                   {"labour fixed", "baqaee-farhi", "short"},
                                   {"labour in between", "baqaee-farhi", "medium"},
                                   {"labour fixed, shares that stay", "caliendo-parro", "short"}};

/* What a step may leave of a residual of 1: next wages and world income are left out in part. */
static const double LEFT = 0.03;

enum { REGIONS = 11, SECTORS = 5, SETTINGS = sizeof settings / sizeof *settings };

static dr_model *model_of(const dr_economy *economy, const setting *of)
{
    dr_model *model = NULL;
    ok(dr_model_new(&model, economy,
                    &(dr_model_options){.size = sizeof(dr_model_options),
                                        .model = of->model,
                                        .horizon = of->horizon,
                                        .thin_markets = "0",
                                        .elasticity = "3"}));
    return model;
}

/* Random residuals in the rows of region n, zeros elsewhere. */
static void residuals(const dr_sweep *w, size_t n, double *f)
{
    unsigned long long state = 5;
    memset(f, 0, w->unknowns * sizeof *f);
    for (size_t row = 0; row < 2 * w->s + w->wages; row++)
        f[row * w->stride + n] = 2 * synthetic_random(&state) - 1;
}

/* A step of x along the response to F changes the residual by -F in the region's rows. */
static void takes_a_residual_away(const setting *of, size_t n)
{
    const double size = 1e-6;
    synthetic table = synthetic_new(REGIONS, SECTORS, 3, false, true);
    dr_economy *economy = synthetic_economy(&table);
    dr_model *model = model_of(economy, of);
    dr_sweep w;
    ok(dr_sweep_new(&w, model, NULL));
    dr_sweep_load(&w, NULL, 1);
    assert_non_null(model->response);
    double *f = dr_new_doubles(w.unknowns), *step = dr_new_doubles(w.unknowns);
    float *scratch = (float *)dr_new_doubles(dr_region_response_scratch(model->response));
    residuals(&w, n, f);
    memcpy(step, f, w.unknowns * sizeof *f);
    dr_region_response_apply(model->response, &w, scratch, step);
    dr_sweep_base(&w);
    for (size_t j = 0; j < w.unknowns; j++)
        w.x[j] += size * step[j];
    dr_sweep_once(&w);
    for (size_t row = 0; row < 2 * w.s + w.wages; row++) {
        size_t j = row * w.stride + n;
        if (!(fabs(w.f[j] / size + f[j]) <= LEFT))
            fail_msg("%s, region %zu: a residual of %g in row %zu changes by %g", of->name, n, f[j], row,
                     w.f[j] / size);
    }
    free(f), free(step), free(scratch);
    dr_sweep_free(&w);
    dr_model_free(model);
    dr_economy_free(economy);
    synthetic_free(&table);
}

static void steps_solve_the_block_of_a_region(void **state)
{
    (void)state;
    for (size_t k = 0; k < SETTINGS; k++) {
        takes_a_residual_away(&settings[k], 0);
        takes_a_residual_away(&settings[k], 9);
    }
}

/* <B f, g> = <f, B' g>, for random f and g in all rows. */
static void the_transpose_is_that_of_the_step(void **state)
{
    (void)state;
    synthetic table = synthetic_new(REGIONS, SECTORS, 3, true, true);
    dr_economy *economy = synthetic_economy(&table);
    for (size_t k = 0; k < SETTINGS; k++) {
        dr_model *model = model_of(economy, &settings[k]);
        double forwards = 0, backwards = 0;
        dr_sweep w;
        ok(dr_sweep_new(&w, model, NULL));
        double *f[2], *step[2];
        float *scratch = (float *)dr_new_doubles(dr_region_response_scratch(model->response));
        for (int i = 0; i < 2; i++) {
            unsigned long long seed = 7 + (unsigned)i;
            f[i] = dr_new_doubles(w.unknowns);
            step[i] = dr_new_doubles(w.unknowns);
            for (size_t row = 0; row < 2 * w.s + w.wages; row++)
                for (size_t n = 0; n < w.r; n++)
                    f[i][row * w.stride + n] = synthetic_random(&seed) - 0.5;
            memcpy(step[i], f[i], w.unknowns * sizeof **f);
        }
        dr_region_response_apply(model->response, &w, scratch, step[0]);
        dr_region_response_back(model->response, &w, scratch, step[1]);
        for (size_t j = 0; j < w.unknowns; j++) {
            forwards += step[0][j] * f[1][j];
            backwards += f[0][j] * step[1][j];
        }
        near(forwards / backwards, 1, 1e-3);
        free(f[0]), free(f[1]), free(step[0]), free(step[1]), free(scratch);
        dr_sweep_free(&w);
        dr_model_free(model);
    }
    dr_economy_free(economy);
    synthetic_free(&table);
}

static void solutions_are_those_of_plain_sweeps(void **state)
{
    (void)state;
    synthetic table = synthetic_new(REGIONS, SECTORS, 4, true, true);
    dr_economy *economy = synthetic_economy(&table);
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    ok(dr_scenario_tariff(scenario, "A0,A1", "A2", "all", 0.5, DR_RATE_SET));
    ok(dr_scenario_ban(scenario, "A4", "A5", "s1"));
    ok(dr_scenario_export_curb(scenario, "A3", "A0", "s0", 0.5, DR_RENT_EXPORTER, true));
    for (size_t k = 0; k < SETTINGS; k++) {
        dr_model *model = model_of(economy, &settings[k]);
        dr_solution *fast = NULL, *plain = NULL;
        ok(dr_model_solve(&fast, model, scenario));
        model->response = NULL;
        ok(dr_model_solve(&plain, model, scenario));
        assert_true(fast->certificate.sweeps < plain->certificate.sweeps);
        assert_int_equal(fast->certificate.newton_steps, 0);
        for (size_t cell = 0; cell < REGIONS * SECTORS; cell++) {
            near(fast->cost[cell], plain->cost[cell], 1e-9);
            near(fast->output[cell] / plain->output[cell], 1, 1e-9);
        }
        dr_solution_free(fast);
        dr_solution_free(plain);
        dr_model_free(model);
    }
    dr_scenario_free(scenario);
    dr_economy_free(economy);
    synthetic_free(&table);
}

/* Scale economies and several factors have another system; sweeps are plain then. */
static void other_systems_have_none(void **state)
{
    static const char *const names[] = {"labour", "capital"};
    (void)state;
    synthetic table = synthetic_new(4, 3, 6, false, true), split = synthetic_new(4, 3, 6, false, true);
    synthetic_split(&split, names, 2, 6);
    dr_economy *economies[] = {synthetic_economy(&table), synthetic_economy(&split)};
    static const char *const scale[] = {"0.05", NULL};
    for (int i = 0; i < 2; i++) {
        dr_model *model = NULL;
        ok(dr_model_new(&model, economies[i],
                        &(dr_model_options){.size = sizeof(dr_model_options), .scale = scale[i]}));
        assert_null(model->response);
        dr_model_free(model);
        dr_economy_free(economies[i]);
    }
    synthetic_free(&table);
    synthetic_free(&split);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_solve_the_block_of_a_region), cmocka_unit_test(the_transpose_is_that_of_the_step),
        cmocka_unit_test(solutions_are_those_of_plain_sweeps), cmocka_unit_test(other_systems_have_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
