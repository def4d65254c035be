/* The wild and score bootstrap with all combinations of signs, against estimating each made-up outcome anew; intervals
 * against p at their ends; pairs and randomisation by their laws. */
#include "estimate/bootstrap.h"
#include "plain.h"

enum { CLUSTERS = 6 };

/* A made-up panel clustered by exporter, of which there are six. */
static problem *clustered(size_t effects, uint64_t seed)
{
    problem *p = problem_new(CLUSTERS, 4, 3, 2, effects, seed);
    p->data.clusters = 1;
    p->clusters[0] = p->clusters[1];
    return p;
}

static dr_regression *boot(const problem *p, dr_fit how, dr_bootstrap_plan plan, double *r, double value)
{
    dr_hypothesis hypothesis = {1, r, &value};
    plan.threads = 1;
    return fit(&p->data,
               (dr_regression_options){.fit = how, .bootstrap = &plan, .hypothesis = &hypothesis, .hypotheses = 1});
}

/* ---- Least squares ---- */

/* Residuals and fit of least squares with b0 = value: of y - value x0 on x1 and effects. */
static void under_null(const problem *p, double value, double *fitted, double *residual)
{
    dr_regression_data data = p->data;
    double *ones = dr_new_doubles(data.rows), *y = dr_new_doubles(data.rows);
    const double *rest = p->x[1];
    data.regressors = 1;
    data.regressor = &rest;
    dense d = dense_new(&data);
    for (size_t r = 0; r < data.rows; r++) {
        ones[r] = 1;
        y[r] = p->y[r] - value * p->x[0][r];
    }
    dense_fit(&d, ones, y);
    for (size_t r = 0; r < data.rows; r++) {
        fitted[r] = d.eta[r] + value * p->x[0][r];
        residual[r] = p->y[r] - fitted[r];
    }
    dense_free(&d);
    free(ones);
    free(y);
}

/* t of b0 = value in a dense regression of y. */
static double dense_t(const problem *p, const double *y, double value)
{
    dr_regression_data data = p->data;
    data.outcome = y;
    dense d = dense_regression(&data, DR_FIT_OLS);
    double *v = dense_variance(&d, &data, DR_FIT_OLS);
    double t = (d.b[0] - value) / sqrt(v[0]);
    free(v);
    dense_free(&d);
    return t;
}

static double slow_p(const problem *p, double value)
{
    size_t rows = p->data.rows, further = 0;
    double *fitted = dr_new_doubles(rows), *residual = dr_new_doubles(rows), *y = dr_new_doubles(rows);
    double observed = dense_t(p, p->y, value);
    under_null(p, value, fitted, residual);
    for (unsigned signs = 0; signs < 1U << CLUSTERS; signs++) {
        for (size_t r = 0; r < rows; r++)
            y[r] = fitted[r] + (signs >> p->cluster[1][r] & 1 ? -1 : 1) * residual[r];
        further += fabs(dense_t(p, y, value)) > fabs(observed) * (1 + 1e-9);
    }
    free(fitted);
    free(residual);
    free(y);
    return (double)further / (1U << CLUSTERS);
}

static void wild_signs_are_estimates_of_made_up_outcomes(void **state)
{
    (void)state;
    for (size_t effects = 0; effects <= 3; effects++)
        for (uint64_t seed = 0; seed < 2; seed++) {
            problem *p = clustered(effects, 60 + seed);
            for (int halves = 0; halves <= 2; halves++) {
                double value = 0.5 * halves;
                dr_bootstrap_plan plan = {.how = DR_BOOTSTRAP_WILD, .replications = 99, .seed = 1};
                dr_regression *r = boot(p, DR_FIT_OLS, plan, (double[]){1, 0}, value);
                assert_true(r->test->every);
                assert_int_equal(r->test->draws, 1 << CLUSTERS);
                assert_near(r->test->p, slow_p(p, value), 1e-12);
                assert_near(r->test->statistic, dense_t(p, p->y, value) / sqrt(r->factor), 1e-6);
                dr_regression_free(r);
            }
            free(p);
        }
}

/* The ends of an interval are where p passes 5%. */
static void intervals_end_where_p_passes_five_percent(void **state)
{
    (void)state;
    for (int ppml = 0; ppml < 2; ppml++) {
        problem *p = clustered(2, 3);
        double outside = ppml ? 1e-2 : 1e-6;
        dr_bootstrap_plan plan = {.how = ppml ? DR_BOOTSTRAP_SCORE : DR_BOOTSTRAP_WILD,
                                  .multiplier = DR_MULTIPLIER_WEBB,
                                  .replications = 399,
                                  .seed = 4};
        dr_fit how = ppml ? DR_FIT_PPML : DR_FIT_OLS;
        dr_regression *r = boot(p, how, plan, (double[]){1, 0}, 0);
        double ends[] = {r->test->low, r->test->high}, width = r->test->high - r->test->low;
        assert_true(width > 0 && r->test->low < r->coefficient[0] && r->coefficient[0] < r->test->high);
        for (int end = 0; end < 2; end++)
            for (int side = -1; side < 2; side += 2) {
                dr_regression *at = boot(p, how, plan, (double[]){1, 0}, ends[end] + side * outside * width);
                assert_true((at->test->p <= 0.05) == (side == (end ? 1 : -1)));
                dr_regression_free(at);
            }
        dr_regression_free(r);
        free(p);
    }
}

/* All draws matter to where an interval ends, which the slow way finds at the same place: with effects that lie within
 * clusters, with some that do not, whose normal equations are inverted, and with so many that conjugate gradients solve
 * them. */
static void ends_of_intervals_are_those_of_made_up_outcomes(void **state)
{
    (void)state;
    for (size_t effects = 0; effects <= 4; effects++) {
        const double outside = 2e-9;
        problem *p = effects < 4 ? clustered(effects, 7) : problem_new(CLUSTERS, 6, 5, 2, 3, 7);
        p->data.clusters = 1;
        p->clusters[0] = p->clusters[1];
        dr_bootstrap_plan plan = {.how = DR_BOOTSTRAP_WILD, .replications = 1 << CLUSTERS, .seed = 1};
        dr_regression *r = boot(p, DR_FIT_OLS, plan, (double[]){1, 0}, 0);
        double ends[] = {r->test->low, r->test->high}, width = r->test->high - r->test->low;
        assert_true(r->test->every && width > 0);
        for (int end = 0; end < 2; end++)
            for (int side = -1; side < 2; side += 2)
                assert_true((slow_p(p, ends[end] + side * outside * width) <= 0.05) == (side == (end ? 1 : -1)));
        dr_regression_free(r);
        free(p);
    }
}

/* Two equations that say the same as one that is written otherwise; and the order of rows does not matter. */
static void combinations_and_joint_tests(void **state)
{
    (void)state;
    problem *p = clustered(2, 5);
    dr_bootstrap_plan plan = {
        .how = DR_BOOTSTRAP_WILD, .multiplier = DR_MULTIPLIER_MAMMEN, .replications = 199, .seed = 2, .threads = 1};
    double one[] = {1, 0, 0, 1}, other[] = {1, 1, 1, -1}, value[] = {0.2, 0.1}, turned[] = {0.3, 0.1};
    dr_hypothesis hypotheses[] = {{2, one, value}, {2, other, turned}};
    dr_regression *r =
        fit(&p->data,
            (dr_regression_options){.fit = DR_FIT_OLS, .bootstrap = &plan, .hypothesis = hypotheses, .hypotheses = 2});
    assert_near(r->test[0].statistic, r->test[1].statistic, 1e-7);
    assert_near(r->test[0].p, r->test[1].p, 1e-12);
    assert_true(r->test[0].p > 0 && isnan(r->test[0].low));
    dr_regression_free(r);
    double same[] = {1, 0, 2, 0};
    dr_hypothesis twice = {2, same, value};
    r = NULL;
    assert_int_equal(
        dr_regression_fit(
            &r, &p->data,
            &(dr_regression_options){.fit = DR_FIT_OLS, .bootstrap = &plan, .hypothesis = &twice, .hypotheses = 1}),
        DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "the hypotheses of a test depend on each other: state each only once");
    free(p);
}

/* ---- PPML ---- */

/* The score test by its formula: regressors less effects with the weights of the estimate under the hypothesis. */
static double slow_score_p(const problem *p, double value, double *statistic)
{
    dr_regression_data null = p->data, only_effects = p->data;
    size_t rows = p->data.rows, further = 0;
    const double *rest = p->x[1];
    double *offset = dr_new_doubles(rows), *w = dr_new_doubles(rows), *sum = dr_new_doubles(CLUSTERS);
    double *x[2] = {dr_new_doubles(rows), dr_new_doubles(rows)}, cross[3] = {0};
    for (size_t r = 0; r < rows; r++)
        offset[r] = value * p->x[0][r];
    null.regressors = 1;
    null.regressor = &rest;
    null.offset = offset;
    dr_regression *restricted = fit(&null, (dr_regression_options){.keep_rows = true});
    only_effects.regressors = 0;
    for (size_t k = 0; k < 2; k++) {
        dense d = dense_new(&only_effects);
        for (size_t r = 0; r < rows; r++)
            w[r] = restricted->fitted[r];
        dense_fit(&d, w, p->x[k]);
        for (size_t r = 0; r < rows; r++)
            x[k][r] = p->x[k][r] - d.eta[r];
        dense_free(&d);
    }
    for (size_t r = 0; r < rows; r++) {
        cross[0] += w[r] * x[0][r] * x[0][r];
        cross[1] += w[r] * x[0][r] * x[1][r];
        cross[2] += w[r] * x[1][r] * x[1][r];
    }
    double determinant = cross[0] * cross[2] - cross[1] * cross[1], observed = 0;
    for (size_t r = 0; r < rows; r++)
        sum[p->cluster[1][r]] += (cross[2] * x[0][r] - cross[1] * x[1][r]) / determinant * (p->y[r] - w[r]);
    for (unsigned signs = 0; signs < 1U << CLUSTERS; signs++) {
        double total = 0, squares = 0;
        for (unsigned g = 0; g < CLUSTERS; g++)
            total += (signs >> g & 1 ? -1 : 1) * sum[g];
        for (unsigned g = 0; g < CLUSTERS; g++)
            squares += pow((signs >> g & 1 ? -1 : 1) * sum[g] - total / CLUSTERS, 2);
        double t = total / sqrt(squares);
        observed = signs == 0 ? t : observed;
        further += fabs(t) > fabs(observed) * (1 + 1e-7);
    }
    *statistic = observed;
    dr_regression_free(restricted);
    free(offset);
    free(w);
    free(sum);
    free(x[0]);
    free(x[1]);
    return (double)further / (1U << CLUSTERS);
}

static void score_signs_are_those_of_the_formula(void **state)
{
    (void)state;
    for (size_t effects = 0; effects <= 3; effects++) {
        problem *p = clustered(effects, 80);
        dr_regression *whole = fit(&p->data, (dr_regression_options){.keep_rows = true});
        bool separated = whole->separated > 0;
        dr_regression_free(whole);
        for (int step = 0; step < 3 && !separated; step++) {
            double value = 0.3 * step;
            dr_bootstrap_plan plan = {.how = DR_BOOTSTRAP_SCORE, .replications = 99, .seed = 1};
            double statistic = 0, p_wanted = slow_score_p(p, value, &statistic);
            dr_regression *r = boot(p, DR_FIT_PPML, plan, (double[]){1, 0}, value);
            assert_near(r->test->p, p_wanted, 1e-12);
            assert_near(r->test->statistic, statistic / sqrt(r->factor), 1e-5);
            dr_regression_free(r);
        }
        free(p);
    }
}

/* The fit is what it was after PPML was estimated under hypotheses. */
static void the_estimate_is_untouched(void **state)
{
    (void)state;
    problem *p = clustered(2, 6);
    dr_bootstrap_plan plan = {.how = DR_BOOTSTRAP_SCORE, .replications = 49, .seed = 1};
    double r[] = {1, 0, 0, 1}, value[2] = {0};
    dr_hypothesis hypotheses[] = {{1, r, value}, {1, r, value}, {1, r + 2, value}};
    dr_regression *one =
        fit(&p->data, (dr_regression_options){.bootstrap = &plan, .hypothesis = hypotheses, .hypotheses = 3});
    dr_regression *plain = fit(&p->data, (dr_regression_options){0});
    assert_near(one->test[0].p, one->test[1].p, 1e-12);
    assert_near(one->test[0].low, one->test[1].low, 1e-6);
    for (size_t k = 0; k < 4; k++)
        assert_near(one->variance[k], plain->variance[k], 1e-14);
    dr_regression_free(one);
    dr_regression_free(plain);
    free(p);
}

/* ---- Estimated anew ---- */

static void pairs_and_randomisation(void **state)
{
    (void)state;
    problem *p = clustered(0, 8);
    dr_bootstrap_plan plan = {.how = DR_BOOTSTRAP_PAIRS, .replications = 199, .seed = 3};
    dr_regression *r = boot(p, DR_FIT_OLS, plan, (double[]){1, 0}, 0);
    assert_true(r->test->draws > 150 && r->test->low < r->coefficient[0] && r->coefficient[0] < r->test->high);
    assert_near(r->coefficient[0] - r->test->low, r->test->high - r->coefficient[0], 1e-9); /* symmetric */
    dr_regression_free(r);
    plan.how = DR_BOOTSTRAP_RANDOMISE;
    r = NULL;
    dr_hypothesis hypothesis = {1, (double[]){1, 0}, (double[]){0}};
    dr_regression_options options = {.fit = DR_FIT_OLS, .bootstrap = &plan, .hypothesis = &hypothesis, .hypotheses = 1};
    assert_int_equal(dr_regression_fit(&r, &p->data, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(),
                        "x1 varies within clusters, which randomisation permutes as wholes: cluster by "
                        "what it is constant in, or permute rows, without --cluster");
    for (size_t i = 0; i < p->data.rows; i++)
        p->x[0][i] = p->cluster[1][i] % 2; /* a treatment of exporters that does nothing */
    r = fit(&p->data, options);
    assert_true(r->test->p > 0.01 && r->test->p <= 1 && isnan(r->test->low));
    dr_regression_free(r);
    free(p);
}

static void what_the_bootstrap_is_not_of(void **state)
{
    (void)state;
    problem *p = clustered(2, 8);
    dr_bootstrap_plan plan = {.how = DR_BOOTSTRAP_WILD, .replications = 9, .seed = 3};
    dr_hypothesis hypothesis = {1, (double[]){1, 0}, (double[]){0}};
    dr_regression *r = NULL;
    dr_regression_options options = {.bootstrap = &plan, .hypothesis = &hypothesis, .hypotheses = 1};
    assert_int_equal(dr_regression_fit(&r, &p->data, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "the wild bootstrap is of least squares: for PPML take --bootstrap score");
    options.fit = DR_FIT_OLS;
    options.small_sample = DR_SMALL_SAMPLE_CR2;
    assert_int_equal(dr_regression_fit(&r, &p->data, &options), DR_BAD_INPUT);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wild_signs_are_estimates_of_made_up_outcomes),
                                       cmocka_unit_test(intervals_end_where_p_passes_five_percent),
                                       cmocka_unit_test(ends_of_intervals_are_those_of_made_up_outcomes),
                                       cmocka_unit_test(combinations_and_joint_tests),
                                       cmocka_unit_test(score_signs_are_those_of_the_formula),
                                       cmocka_unit_test(the_estimate_is_untouched),
                                       cmocka_unit_test(pairs_and_randomisation),
                                       cmocka_unit_test(what_the_bootstrap_is_not_of)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
