/* Instruments: two stages against dense ones, the control function against its steps, GMM against its first-order
 * conditions and against PPML; and what is refused. */
#include "estimate/iv.h"
#include "plain.h"

static const char *const names[] = {"x1", "x2", "residual of x2"}, *const instrument_names[] = {"z1", "z2"};

typedef struct case_of {
    problem *p;
    const double *instrument[2], *regressor[4];
    double zeros[PLAIN_ROWS], ones[PLAIN_ROWS];
} case_of;

/* x2 is moved by z1 and z2 (in the panel's x3 and x4) and by the error of the outcome. */
static case_of *new_case(size_t effects, uint64_t seed)
{
    case_of *c = dr_new(1, sizeof *c);
    c->p = problem_new(6, 5, 4, 4, effects, seed);
    problem *p = c->p;
    for (size_t r = 0; r < p->data.rows; r++) {
        dr_random random = dr_random_stream(seed + 1000, r);
        double error = dr_random_normal(&random);
        p->x[1][r] = 0.5 * p->x[2][r] - 0.4 * p->x[3][r] + 0.5 * error + 0.3 * dr_random_normal(&random);
        p->y[r] = exp(0.3 * p->x[0][r] + 0.2 * p->x[1][r] + 0.1 * p->level[0][r] / 10. + 0.4 * error);
        c->ones[r] = 1;
    }
    c->instrument[0] = p->x[2];
    c->instrument[1] = p->x[3];
    c->regressor[0] = p->x[0];
    c->regressor[1] = p->x[1];
    p->data.names = names;
    p->data.regressors = 2;
    p->data.regressor = c->regressor;
    p->data.endogenous = 1;
    p->data.instruments = 2;
    p->data.instrument = c->instrument;
    p->data.instrument_names = instrument_names;
    p->data.clusters = 1;
    return c;
}

static void free_case(case_of *c)
{
    free(c->p);
    free(c);
}

/* Dense least squares of `outcome` on two or three columns and the effects. */
static dense stage(const problem *p, const double *const *columns, size_t count, const double *outcome)
{
    dr_regression_data data = p->data;
    double *ones = dr_new_doubles(data.rows);
    for (size_t r = 0; r < data.rows; r++)
        ones[r] = 1;
    data.regressors = count;
    data.regressor = columns;
    dense d = dense_new(&data);
    dense_fit(&d, ones, outcome);
    free(ones);
    return d;
}

static void two_stages_are_those_of_dense_regressions(void **state)
{
    (void)state;
    for (size_t effects = 0; effects <= 3; effects++) {
        case_of *c = new_case(effects, 20 + effects);
        problem *p = c->p;
        const double *first_columns[] = {p->x[0], p->x[2], p->x[3]};
        dense first = stage(p, first_columns, 3, p->x[1]);
        const double *second_columns[] = {p->x[0], first.eta};
        dense second = stage(p, second_columns, 2, p->y);
        dr_regression_data data = p->data; /* its residuals are those of x2 itself */
        double *wanted = dr_new_doubles(data.rows);
        for (size_t r = 0; r < data.rows; r++)
            wanted[r] = second.eta[r] + p->y[r] - (second.eta[r] + second.b[1] * (p->x[1][r] - first.eta[r]));
        data.outcome = wanted;
        data.regressors = 2;
        double *v = dense_variance(&second, &data, DR_FIT_OLS);
        dr_regression *r =
            fit(&p->data, (dr_regression_options){.fit = DR_FIT_OLS, .small_sample = DR_SMALL_SAMPLE_NONE});
        for (size_t k = 0; k < 2; k++) {
            assert_near(r->coefficient[k], second.b[k], 1e-7);
            for (size_t l = 0; l < 2; l++)
                assert_near(r->variance[k * 2 + l], v[k * 2 + l], 1e-7);
        }
        assert_int_equal(r->overidentifying, 1);
        assert_true(r->overidentification > 0 && r->residual < 1e-6);
        data = p->data; /* F of the first stage */
        data.outcome = p->x[1];
        data.regressors = 3;
        double *w = dense_variance(&first, &data, DR_FIT_OLS), determinant = w[4] * w[8] - w[5] * w[7];
        double f =
            (first.b[1] * first.b[1] * w[8] - 2 * first.b[1] * first.b[2] * w[5] + first.b[2] * first.b[2] * w[4]) /
            determinant / 2;
        assert_near(r->first_f[0], f, 1e-6);
        free(v);
        free(w);
        free(wanted);
        dense_free(&first);
        dense_free(&second);
        dr_regression_free(r);
        free_case(c);
    }
}

/* Exactly identified, nothing is left for J; and an instrument that is the regressor itself changes nothing. */
static void laws_of_two_stages(void **state)
{
    (void)state;
    case_of *c = new_case(2, 31);
    c->p->data.instruments = 1;
    dr_regression *exact = fit(&c->p->data, (dr_regression_options){.fit = DR_FIT_OLS});
    assert_int_equal(exact->overidentifying, 0);
    dr_regression_free(exact);
    c->instrument[0] = c->p->x[1];
    dr_regression *own = fit(&c->p->data, (dr_regression_options){.fit = DR_FIT_OLS});
    dr_regression_data plain = c->p->data;
    plain.instruments = plain.endogenous = 0;
    dr_regression *ols = fit(&plain, (dr_regression_options){.fit = DR_FIT_OLS});
    for (size_t k = 0; k < 2; k++)
        assert_near(own->coefficient[k], ols->coefficient[k], 1e-8);
    for (size_t k = 0; k < 4; k++)
        assert_near(own->variance[k], ols->variance[k], 1e-8);
    dr_regression_free(own);
    dr_regression_free(ols);
    free_case(c);
}

static void the_control_function_is_its_steps(void **state)
{
    (void)state;
    case_of *c = new_case(2, 41);
    problem *p = c->p;
    const double *first_columns[] = {p->x[0], p->x[2], p->x[3]};
    dense first = stage(p, first_columns, 3, p->x[1]);
    double *rest = dr_new_doubles(p->data.rows);
    for (size_t r = 0; r < p->data.rows; r++)
        rest[r] = p->x[1][r] - first.eta[r];
    p->data.controls = 1;
    p->data.regressors = 3;
    c->regressor[2] = c->zeros;
    dr_regression *r = fit(&p->data, (dr_regression_options){0});
    dr_regression_data by_hand = p->data;
    by_hand.instruments = by_hand.endogenous = by_hand.controls = 0;
    c->regressor[2] = rest;
    dr_regression *wanted = fit(&by_hand, (dr_regression_options){0});
    for (size_t k = 0; k < 3; k++)
        assert_near(r->coefficient[k], wanted->coefficient[k], 1e-7);
    assert_near(r->variance[8], wanted->variance[8], 1e-7);
    assert_true(r->coefficient[1] < 0.3 && r->coefficient[2] > 0.3); /* 0.2, and what the error moves */
    free(rest);
    dense_free(&first);
    dr_regression_free(r);
    dr_regression_free(wanted);
    free_case(c);
}

/* ---- GMM ---- */

static case_of *gmm_case(uint64_t seed)
{
    case_of *c = new_case(0, seed);
    c->p->data.constant = true;
    c->p->data.regressors = 3;
    c->regressor[2] = c->ones;
    return c;
}

/* Moments of instruments that are the regressors are the score of PPML. */
static void additive_moments_of_regressors_are_ppml(void **state)
{
    (void)state;
    case_of *c = gmm_case(51);
    c->instrument[0] = c->p->x[1];
    c->p->data.instruments = 1;
    for (size_t clusters = 0; clusters < 2; clusters++) {
        c->p->data.clusters = clusters;
        dr_regression *gmm = fit(&c->p->data, (dr_regression_options){.gmm = DR_GMM_ADDITIVE});
        dr_regression_data plain = c->p->data;
        plain.instruments = plain.endogenous = 0;
        dr_regression *ppml = fit(&plain, (dr_regression_options){.small_sample = DR_SMALL_SAMPLE_NONE});
        for (size_t k = 0; k < 3; k++)
            assert_near(gmm->coefficient[k], ppml->coefficient[k], 1e-7);
        for (size_t k = 0; k < 9; k++)
            assert_near(gmm->variance[k], ppml->variance[k], 1e-7);
        assert_near(gmm->overidentification, 0, 1e-9);
        dr_regression_free(gmm);
        dr_regression_free(ppml);
    }
    free_case(c);
}

/* Exactly identified, all moments are zero. */
static void moments_are_zero(void **state)
{
    (void)state;
    for (int how = DR_GMM_ADDITIVE; how <= DR_GMM_MULTIPLICATIVE; how++) {
        case_of *c = gmm_case(61);
        problem *p = c->p;
        p->data.instruments = 1;
        dr_regression *r = fit(&p->data, (dr_regression_options){.gmm = (dr_gmm)how, .keep_rows = true});
        const double *z[] = {p->x[0], p->x[2], c->ones};
        for (size_t i = 0; i < 3; i++) {
            double sum = 0, size = 0;
            for (size_t row = 0; row < p->data.rows; row++) {
                double mu = r->fitted[row], u = how == DR_GMM_ADDITIVE ? p->y[row] - mu : p->y[row] / mu - 1;
                sum += z[i][row] * u;
                size += fabs(z[i][row] * u);
            }
            assert_near(sum / size, 0, 1e-9);
        }
        dr_regression_free(r);
        free_case(c);
    }
}

static void two_steps_lower_the_variance(void **state)
{
    (void)state;
    case_of *c = gmm_case(71);
    dr_regression *one = fit(&c->p->data, (dr_regression_options){.gmm = DR_GMM_MULTIPLICATIVE});
    dr_regression *two = fit(&c->p->data, (dr_regression_options){.gmm = DR_GMM_MULTIPLICATIVE, .two_step = true});
    assert_int_equal(two->overidentifying, 1);
    assert_true(two->overidentification > 0 && two->variance[4] < 1.02 * one->variance[4]);
    dr_regression_free(one);
    dr_regression_free(two);
    free_case(c);
}

static void assert_refused(const case_of *c, dr_regression_options options, const char *message)
{
    dr_regression *r = NULL;
    assert_int_equal(dr_regression_fit(&r, &c->p->data, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), message);
}

static void what_cannot_be_identified_is_refused(void **state)
{
    (void)state;
    case_of *c = new_case(2, 81);
    assert_refused(c, (dr_regression_options){.gmm = DR_GMM_ADDITIVE},
                   "GMM has no absorbed effects: leave them out, or use the control function (--iv control)");
    for (size_t r = 0; r < c->p->data.rows; r++)
        c->p->x[2][r] = c->p->x[3][r] = c->p->level[0][r]; /* the effects determine both */
    assert_refused(
        c, (dr_regression_options){.fit = DR_FIT_OLS},
        "1 endogenous variable needs as many instruments, and of 2 given 0 are left once the effects and the "
        "other variables are taken out: z1, ...");
    free_case(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_stages_are_those_of_dense_regressions),
                                       cmocka_unit_test(laws_of_two_stages),
                                       cmocka_unit_test(the_control_function_is_its_steps),
                                       cmocka_unit_test(additive_moments_of_regressors_are_ppml),
                                       cmocka_unit_test(moments_are_zero),
                                       cmocka_unit_test(two_steps_lower_the_variance),
                                       cmocka_unit_test(what_cannot_be_identified_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
