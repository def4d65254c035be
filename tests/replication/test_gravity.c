/* Gravity as in Yotov, Piermartini, Monteiro & Larch (2016), An Advanced Guide to Trade Policy Analysis, to the printed digits.
 * Exporter-year and importer-year effects, standard errors clustered by pair. The printed ones are without a small-sample factor but
 * G / (G - 1), G the pairs: for PPML that is Stata's convention, and DR_SMALL_SAMPLE_STATA; for OLS Stata's regress would also have
 * (N - 1) / (N - K), and 0.0382 rather than 0.0376 for distance. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../estimate/panel.h"

enum { MOST = 4 };

static dr_regression *fit(const selection *s, dr_fit how, size_t regressors, const size_t *variables, bool pairs,
                          dr_small_sample small)
{
    static const char *const names[PANEL_VARIABLES] = {"trade", "distance", "contiguity", "language", "colony",
                                                       "rta",   "rta4",     "rta8",       "rta12"};
    const double *regressor[MOST];
    const char *name[MOST];
    dr_category effect[] = {{"exporter^year", s->exporter_year, PANEL_ECONOMY_YEARS},
                            {"importer^year", s->importer_year, PANEL_ECONOMY_YEARS},
                            {"pair", s->pair_effect, PANEL_PAIRS}};
    dr_category cluster = {"pair", s->pair, PANEL_PAIRS};
    for (size_t k = 0; k < regressors; k++) {
        regressor[k] = s->regressor[variables[k]];
        name[k] = names[variables[k]];
    }
    dr_regression_data data = {.rows = s->rows,
                               .outcome = s->outcome,
                               .regressors = regressors,
                               .names = name,
                               .regressor = regressor,
                               .effects = pairs ? 3 : 2,
                               .effect = effect,
                               .clusters = 1,
                               .cluster = &cluster};
    dr_regression_options options = {.fit = how, .small_sample = small};
    dr_regression *result = NULL;
    if (dr_regression_fit(&result, &data, &options) != DR_OK)
        fail_msg("%s", dr_error_text());
    return result;
}

static double standard_error(const dr_regression *r, size_t k)
{
    return sqrt(r->variance[k * r->regressors + k]);
}

/* Equal to the last of four printed decimals. */
static void assert_printed(double computed, double printed)
{
    if (!(fabs(computed - printed) <= 0.00005))
        fail_msg("computed %.6f, printed %.4f", computed, printed);
}

static void check(const dr_regression *r, const double *coefficients, const double *errors, double factor)
{
    for (size_t k = 0; k < r->regressors; k++) {
        assert_printed(r->coefficient[k], coefficients[k]);
        assert_printed(standard_error(r, k) * sqrt(factor), errors[k]);
    }
    assert_true(r->residual < 1e-8);
}

static const size_t traditional[] = {PANEL_DISTANCE, PANEL_CONTIGUITY, PANEL_LANGUAGE, PANEL_COLONY};

static void ols_with_fixed_effects(void **state)
{
    if (!*state)
        return;
    selection s = panel_select(*state, true, true, true);
    dr_regression *r = fit(&s, DR_FIT_OLS, 4, traditional, false, DR_SMALL_SAMPLE_NONE);
    double pairs = (double)r->cluster_count[0];
    assert_int_equal(r->used, 25689);
    check(r, (double[]){-1.2156, 0.2232, 0.6609, 0.6705}, (double[]){0.0376, 0.1995, 0.0807, 0.1470},
          pairs / (pairs - 1));
    dr_regression_free(r);
    selection_free(&s);
}

static void ppml_with_fixed_effects(void **state)
{
    if (!*state)
        return;
    selection s = panel_select(*state, true, false, false);
    dr_regression *r = fit(&s, DR_FIT_PPML, 4, traditional, false, DR_SMALL_SAMPLE_STATA);
    assert_int_equal(r->used, 28152);
    check(r, (double[]){-0.8409, 0.4374, 0.2475, -0.2225}, (double[]){0.0317, 0.0832, 0.0765, 0.1162}, 1);
    dr_regression_free(r);
    selection_free(&s);
}

static void agreements_with_pair_effects(void **state)
{
    if (!*state)
        return;
    selection s = panel_select(*state, false, false, false);
    dr_regression *r = fit(&s, DR_FIT_PPML, 1, (size_t[]){PANEL_AGREEMENT}, true, DR_SMALL_SAMPLE_STATA);
    assert_int_equal(r->used, 28482);
    check(r, (double[]){0.5572}, (double[]){0.1022}, 1);
    assert_float_equal(r->coefficient[0], 0.5571853, 0.5e-7);
    dr_regression_free(r);
    selection_free(&s);
}

static void agreements_with_lags(void **state)
{
    if (!*state)
        return;
    selection s = panel_select(*state, false, false, false);
    static const size_t lags[] = {PANEL_AGREEMENT, PANEL_LAG4, PANEL_LAG8, PANEL_LAG12};
    dr_regression *r = fit(&s, DR_FIT_PPML, 4, lags, true, DR_SMALL_SAMPLE_STATA);
    double sum = 0, variance = 0;
    check(r, (double[]){0.2914, 0.4135, 0.1687, 0.1189}, (double[]){0.0892, 0.0672, 0.0431, 0.0301}, 1);
    for (size_t k = 0; k < 4; k++) {
        sum += r->coefficient[k];
        for (size_t l = 0; l < 4; l++)
            variance += r->variance[k * 4 + l];
    }
    assert_printed(sum, 0.9926);
    assert_printed(sqrt(variance), 0.0943);
    dr_regression_free(r);
    selection_free(&s);
}

static int set_up(void **state)
{
    *state = panel_read();
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ols_with_fixed_effects),
        cmocka_unit_test(ppml_with_fixed_effects),
        cmocka_unit_test(agreements_with_pair_effects),
        cmocka_unit_test(agreements_with_lags),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
