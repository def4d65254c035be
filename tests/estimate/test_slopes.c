/* Offsets, slopes by level and the constant: against the same regressions without them, whose dense twins are in
 * test_regression.c, and identities that hold exactly. */
#include "plain.h"

static dr_regression *run(const dr_regression_data *data, dr_fit how)
{
    dr_regression *r = NULL;
    if (dr_regression_fit(
            &r, data, &(dr_regression_options){.fit = how, .small_sample = DR_SMALL_SAMPLE_NONE, .keep_rows = true}) !=
        DR_OK)
        fail_msg("%s", dr_error_text());
    return r;
}

static void near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance * fmax(1, fabs(b))))
        fail_msg("%.15g, expected %.15g", a, b);
}

/* A regressor whose coefficient an offset holds at its estimate leaves the others' estimates and the fit as they were.
 */
static void an_offset_holds_a_coefficient(void **state)
{
    (void)state;
    for (size_t effects = 0; effects <= 3; effects += 3)
        for (unsigned how = 0; how < 4; how++) {
            problem *p = problem_new(6, 5, 4, 2, effects, 40 + how);
            dr_fit fit = how & 1 ? DR_FIT_OLS : DR_FIT_PPML;
            p->data.weight = how & 2 ? p->weight : NULL;
            dr_regression *free_one = run(&p->data, fit);
            double *offset = dr_new_doubles(p->data.rows);
            for (size_t r = 0; r < p->data.rows; r++)
                offset[r] = free_one->coefficient[1] * p->x[1][r];
            p->data.regressors = 1;
            p->data.offset = offset;
            dr_regression *held = run(&p->data, fit);
            near(held->coefficient[0], free_one->coefficient[0], 1e-8);
            near(held->log_likelihood, free_one->log_likelihood, 1e-10);
            for (size_t r = 0; r < p->data.rows; r++)
                if (free_one->row_out[r] == DR_KEPT)
                    near(held->fitted[r], free_one->fitted[r], 1e-7);
            dr_regression_free(free_one);
            dr_regression_free(held);
            free(offset);
            free(p);
        }
}

/* The effects of exporter and importer alone fit a full matrix by row sum x column sum / total. */
static void effects_alone_fit_the_margins(void **state)
{
    enum { SIDE = 6 };
    double y[SIDE * SIDE], row[SIDE] = {0}, column[SIDE] = {0}, total = 0;
    uint32_t level[2][SIDE * SIDE];
    (void)state;
    for (size_t r = 0; r < SIDE * SIDE; r++) {
        dr_random random = dr_random_stream(9, r);
        y[r] = r % 7 == 3 ? 0 : exp(dr_random_normal(&random));
        level[0][r] = (uint32_t)(r / SIDE);
        level[1][r] = (uint32_t)(r % SIDE);
        row[r / SIDE] += y[r];
        column[r % SIDE] += y[r];
        total += y[r];
    }
    const dr_category effect[] = {{.name = "exporter", .level = level[0], .levels = SIDE},
                                  {.name = "importer", .level = level[1], .levels = SIDE}};
    dr_regression *r =
        run(&(dr_regression_data){.rows = SIDE * SIDE, .outcome = y, .effects = 2, .effect = effect}, DR_FIT_PPML);
    assert_int_equal(r->regressors, 0);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        near(r->fitted[i], row[i / SIDE] * column[i % SIDE] / total, 1e-9);
    dr_regression_free(r);
}

/* Slopes of three exporters are three regressors. */
static void slopes_are_regressors_by_level(void **state)
{
    (void)state;
    for (unsigned how = 0; how < 8; how++) {
        problem *p = problem_new(3, 8, 6, 1, 1, 60 + how), *plain = problem_new(3, 8, 6, 1, 1, 60 + how);
        dr_fit fit = how & 1 ? DR_FIT_OLS : DR_FIT_PPML;
        double *z = dr_new_doubles(p->data.rows);
        bool centred = how & 4;
        for (size_t r = 0; r < p->data.rows; r++) {
            dr_random random = dr_random_stream(77, r);
            z[r] = 30 + dr_random_normal(&random);
            for (uint32_t i = 0; i < 3; i++)
                plain->x[1 + i][r] = p->cluster[1][r] == i ? z[r] : 0;
        }
        /* importer-year effects; with `centred` exporter effects too */
        for (problem *q = p; q; q = q == p ? plain : NULL) {
            memcpy(q->level[0], q->level[1], q->data.rows * sizeof(uint32_t));
            q->effect[0].levels = q->effect[1].levels;
            memcpy(q->level[1], q->cluster[1], q->data.rows * sizeof(uint32_t));
            q->effect[1].levels = 3;
            memcpy(q->level[2], q->cluster[1], q->data.rows * sizeof(uint32_t));
            q->effect[2].levels = 3;
            q->data.effects = centred ? 2 : 1;
            q->data.weight = how & 2 ? q->weight : NULL;
        }
        plain->data.regressors = 4;
        p->effect[p->data.effects] = (dr_category){.name = "exporter[[z]]",
                                                   .level = centred ? p->level[1] : p->level[2],
                                                   .levels = 3,
                                                   .slope = z,
                                                   .centred = centred};
        p->data.effects++;
        dr_regression *slopes = run(&p->data, fit), *regressors = run(&plain->data, fit);
        near(slopes->coefficient[0], regressors->coefficient[0], 1e-8);
        near(slopes->variance[0], regressors->variance[0], 1e-7);
        for (size_t i = 0; i < 3; i++)
            near(slopes->effect[p->data.effects - 1][i], regressors->coefficient[1 + i], 1e-6);
        for (size_t r = 0; r < p->data.rows; r++)
            if (regressors->row_out[r] == DR_KEPT)
                near(slopes->fitted[r], regressors->fitted[r], 1e-6);
        assert_int_equal(slopes->absorbed, regressors->absorbed + 3);
        assert_true(slopes->residual < 1e-7);
        dr_regression_free(slopes);
        dr_regression_free(regressors);
        free(z);
        free(p);
        free(plain);
    }
}

/* The constant as a coefficient: estimate and variance of the dense regression, which has it as a column. */
static void the_constant_is_a_coefficient(void **state)
{
    (void)state;
    for (unsigned how = 0; how < 12; how++) {
        problem *p = problem_new(5, 6, 4, how % 3, 0, 80 + how);
        dr_fit fit = how & 1 ? DR_FIT_OLS : DR_FIT_PPML;
        p->data.weight = how & 2 ? p->weight : NULL;
        p->data.clusters = how / 4;
        dense d = dense_regression(&p->data, fit);
        size_t n = p->data.regressors;
        for (size_t r = 0; r < p->data.rows; r++)
            p->x[n][r] = 1;
        p->data.regressors = n + 1;
        double *v = dense_variance(&d, &p->data, fit); /* whose last column is the constant */
        p->data.constant = true;
        dr_regression *r = run(&p->data, fit);
        near(r->coefficient[n], d.b[n], 1e-8);
        near(r->variance[(n + 1) * (n + 1) - 1], v[d.columns * d.columns - 1], 1e-7);
        if (n > 0)
            near(r->variance[n], v[d.columns - 1], 1e-7);
        dr_regression_free(r);
        dense_free(&d);
        free(v);
        free(p);
    }
}

static void slopes_need_a_constant_beside_them(void **state)
{
    (void)state;
    problem *p = problem_new(3, 4, 3, 1, 1, 5);
    dr_regression *r = NULL;
    p->effect[0].slope = p->x[1];
    p->effect[0].name = "pair[[year]]";
    assert_int_equal(dr_regression_fit(&r, &p->data, NULL), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "pair[[year]]: slopes need a constant beside them; add an effect, such as "
                                         "year, or write them as pair[year], which has both");
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offset_holds_a_coefficient),      cmocka_unit_test(effects_alone_fit_the_margins),
        cmocka_unit_test(slopes_are_regressors_by_level),     cmocka_unit_test(the_constant_is_a_coefficient),
        cmocka_unit_test(slopes_need_a_constant_beside_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
