/* Gravity as in Yotov, Piermartini, Monteiro & Larch (2016), An Advanced Guide to Trade Policy Analysis, to the printed
 * digits. Exporter-year and importer-year effects, standard errors clustered by pair. The printed ones are without a
 * small-sample factor but G / (G - 1), G the pairs: for PPML that is Stata's convention, and DR_SMALL_SAMPLE_STATA; for
 * OLS Stata's regress would also have (N - 1) / (N - K), and 0.0382 rather than 0.0376 for distance. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/panel.h"

enum { MOST = 4 };

static dr_regression *fit(const selection *s, dr_fit how, size_t regressors, const size_t *variables, bool pairs,
                          dr_small_sample small)
{
    static const char *const names[PANEL_VARIABLES] = {"trade", "distance", "contiguity", "language", "colony",
                                                       "rta",   "rta4",     "rta8",       "rta12"};
    const double *regressor[MOST];
    const char *name[MOST];
    dr_category effect[] = {{.name = "exporter^year", .level = s->exporter_year, .levels = PANEL_ECONOMY_YEARS},
                            {.name = "importer^year", .level = s->importer_year, .levels = PANEL_ECONOMY_YEARS},
                            {.name = "pair", .level = s->pair_effect, .levels = PANEL_PAIRS}};
    dr_category cluster = {.name = "pair", .level = s->pair, .levels = PANEL_PAIRS};
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

/* ---- NAFTA in general equilibrium (chapter 2, application 2) ---- */

enum { R = PANEL_ECONOMIES, BASE_YEAR = 2 }; /* 1994 */

typedef struct world {
    double output[R], expenditure[R], fixed[R * R], cost[R * R],
        counterfactual[R * R]; /* fixed: costs but for agreements */
    const char *codes[R];
    double agreement[R * R];
} world;

static size_t economy(const panel *p, const char *code)
{
    for (size_t i = 0; i < R; i++)
        if (strcmp(p->code[i], code) == 0)
            return i;
    fail_msg("no %s", code);
    return 0;
}

/* Stage one: exp(effect of the pair), over that of trade of economies with themselves; NAN for pairs that never trade.
 * Returns the coefficient of agreements. */
static double first_stage(double *cost, const panel *p)
{
    selection s = panel_select(p, false, false, false);
    dr_category effect[] = {{.name = "exporter^year", .level = s.exporter_year, .levels = PANEL_ECONOMY_YEARS},
                            {.name = "importer^year", .level = s.importer_year, .levels = PANEL_ECONOMY_YEARS},
                            {.name = "pair", .level = s.pair_effect, .levels = PANEL_PAIRS}};
    dr_regression_data data = {.rows = s.rows,
                               .outcome = s.outcome,
                               .regressors = 1,
                               .names = (const char *const[]){"rta"},
                               .regressor = (const double *const[]){s.regressor[PANEL_AGREEMENT]},
                               .effects = 3,
                               .effect = effect};
    dr_regression_options options = {.keep_rows = true};
    dr_regression *r = NULL;
    if (dr_regression_fit(&r, &data, &options) != DR_OK)
        fail_msg("%s", dr_error_text());
    for (size_t i = 0; i < p->rows; i++)
        if (p->year[i] == BASE_YEAR)
            cost[p->exporter[i] * R + p->importer[i]] = exp(r->effect[2][p->pair_effect[i]] - r->effect[2][0]);
    double coefficient = r->coefficient[0];
    dr_regression_free(r);
    selection_free(&s);
    return coefficient;
}

/* Stage two: costs between economies on distance, contiguity, language, colony, exporter and importer in the base year;
 * what pairs that never trade would have is its prediction. */
static void second_stage(double *cost, const panel *p)
{
    static const char *const names[] = {"distance", "contiguity", "language", "colony"};
    double *outcome = dr_new_doubles(PANEL_ROWS), *x[4];
    uint32_t *exporter = dr_new(PANEL_ROWS, sizeof *exporter), *importer = dr_new(PANEL_ROWS, sizeof *importer);
    size_t rows = 0;
    for (size_t k = 0; k < 4; k++)
        x[k] = dr_new_doubles(PANEL_ROWS);
    for (size_t i = 0; i < p->rows; i++) {
        double c = cost[p->exporter[i] * R + p->importer[i]];
        if (p->year[i] != BASE_YEAR || p->exporter[i] == p->importer[i] || isnan(c))
            continue;
        for (size_t k = 0; k < 4; k++)
            x[k][rows] = k == 0 ? log(p->variable[PANEL_DISTANCE][i]) : p->variable[traditional[k]][i];
        exporter[rows] = p->exporter[i];
        importer[rows] = p->importer[i];
        outcome[rows++] = c;
    }
    dr_category effect[] = {{.name = "exporter", .level = exporter, .levels = R},
                            {.name = "importer", .level = importer, .levels = R}};
    dr_regression_data data = {.rows = rows,
                               .outcome = outcome,
                               .regressors = 4,
                               .names = names,
                               .regressor = (const double *const *)x,
                               .effects = 2,
                               .effect = effect};
    dr_regression_options options = {.keep_rows = true};
    dr_regression *r = NULL;
    if (dr_regression_fit(&r, &data, &options) != DR_OK)
        fail_msg("%s", dr_error_text());
    for (size_t i = 0; i < p->rows; i++) {
        double *c = &cost[p->exporter[i] * R + p->importer[i]];
        if (p->year[i] != BASE_YEAR || !isnan(*c))
            continue;
        *c = r->effect[0][p->exporter[i]] + r->effect[1][p->importer[i]];
        for (size_t k = 0; k < 4; k++)
            *c += r->coefficient[k] * (k == 0 ? log(p->variable[PANEL_DISTANCE][i]) : p->variable[traditional[k]][i]);
        *c = exp(*c);
    }
    dr_regression_free(r);
    free(outcome);
    for (size_t k = 0; k < 4; k++)
        free(x[k]);
    free(exporter);
    free(importer);
}

static world *world_new(const panel *p)
{
    static const char *const members[] = {"CAN", "MEX", "USA"};
    world *w = dr_new(1, sizeof *w);
    double coefficient = first_stage(w->fixed, p);
    second_stage(w->fixed, p);
    for (size_t i = 0; i < R; i++)
        w->codes[i] = p->code[i];
    for (size_t i = 0; i < p->rows; i++)
        if (p->year[i] == BASE_YEAR) {
            w->output[p->exporter[i]] += p->variable[PANEL_TRADE][i];
            w->expenditure[p->importer[i]] += p->variable[PANEL_TRADE][i];
            w->agreement[p->exporter[i] * R + p->importer[i]] = p->variable[PANEL_AGREEMENT][i];
        }
    for (size_t c = 0; c < R * R; c++)
        w->cost[c] = w->counterfactual[c] = w->fixed[c] * exp(coefficient * w->agreement[c]);
    for (size_t a = 0; a < 3; a++)
        for (size_t b = 0; b < 3; b++)
            if (a != b) {
                size_t c = economy(p, members[a]) * R + economy(p, members[b]);
                w->counterfactual[c] = w->fixed[c];
            }
    return w;
}

/* The Guide reports (with - without) / without, and the counterfactual is without. */
static double with_over_without(double percent)
{
    return 100 * (1 / (1 + percent / 100) - 1);
}

static double cell(const dr_table *table, const char *column, size_t row)
{
    size_t c = 0;
    while (strcmp(dr_table_column(table, c), column) != 0)
        c++;
    return dr_table_number(table, row, c);
}

/* ---- The Guide's own iterations ---- */

/* Flows a(i) t(i,n) b(n), b = 1 for the reference. */
typedef struct guide {
    double a[R], b[R], y[R], e[R];
    double price[R], outward[R], inward[R]; /* over those of the step before; resistances to the power 1 - sigma */
} guide;

static void guide_normalise(guide *g, size_t reference)
{
    double by = g->b[reference];
    for (size_t i = 0; i < R; i++) {
        g->a[i] *= by;
        g->b[i] /= by;
    }
}

/* Sums of flows by exporter. */
static void guide_sum(guide *g, const double *cost)
{
    for (size_t i = 0; i < R; i++) {
        g->y[i] = 0;
        for (size_t n = 0; n < R; n++)
            g->y[i] += g->a[i] * cost[i * R + n] * g->b[n];
    }
}

/* a and b that make flows add up to output and expenditure. */
static guide guide_scaled(const world *w, const double *cost, size_t reference)
{
    guide g = {.y = {0}};
    for (size_t i = 0; i < R; i++)
        g.b[i] = w->expenditure[i];
    for (int step = 0; step < 2000; step++) {
        for (size_t i = 0; i < R; i++) {
            double sum = 0;
            for (size_t n = 0; n < R; n++)
                sum += cost[i * R + n] * g.b[n];
            g.a[i] = w->output[i] / sum;
        }
        for (size_t n = 0; n < R; n++) {
            double sum = 0;
            for (size_t i = 0; i < R; i++)
                sum += cost[i * R + n] * g.a[i];
            g.b[n] = w->expenditure[n] / sum;
        }
    }
    guide_normalise(&g, reference);
    for (size_t i = 0; i < R; i++) {
        g.y[i] = w->output[i];
        g.e[i] = w->expenditure[i];
    }
    return g;
}

/* Its `step`: flows move with prices and resistances, output is their sum, expenditure phi times it. */
static guide guide_step(const guide *last, const world *w, double sigma, size_t reference)
{
    guide g = *last;
    for (size_t i = 0; i < R; i++) {
        g.a[i] *= last->price[i] / last->outward[i];
        g.b[i] *= last->price[i] / last->inward[i];
    }
    guide_normalise(&g, reference);
    guide_sum(&g, w->counterfactual);
    for (size_t i = 0; i < R; i++)
        g.e[i] = w->expenditure[i] / w->output[i] * g.y[i];
    double spent = g.e[reference] / last->e[reference];
    for (size_t i = 0; i < R; i++) {
        g.price[i] = pow(g.a[i] / last->a[i] / spent, 1 / (1 - sigma));
        g.outward[i] = g.y[i] * spent / (g.a[i] / last->a[i]) / last->y[i];
        g.inward[i] = g.e[i] / last->e[i] / (g.b[i] / last->b[i] * spent);
    }
    return g;
}

/* Whether the Guide ends: prices change by hardly more than they did a step before, on average and at most. */
static bool guide_ends(const double *price, const double *before)
{
    double sum = 0, squares = 0, most = -INFINITY;
    for (size_t i = 0; i < R; i++) {
        double by = price[i] - before[i];
        sum += by / R;
        squares += by * by;
        most = fmax(most, by);
    }
    return sqrt((squares - R * sum * sum) / (R - 1)) <= 0.01 && fabs(most) <= 0.01;
}

/* With over without, percent: exports and real GDP of region i, as it has them after its last step. */
typedef struct effect {
    double exports, real_gdp;
} effect;

static effect guide_effect(const guide *base, const guide *g, const world *w, double sigma, size_t reference, size_t i)
{
    double price[R], before = 0, after = 0, spent = g->e[reference] / base->e[reference];
    for (size_t n = 0; n < R; n++)
        price[n] = pow(g->a[n] / base->a[n] / spent, 1 / (1 - sigma));
    double y = price[i] * w->output[i], outward = y * g->e[reference] / g->a[i];
    for (size_t n = 0; n < R; n++) {
        double inward = g->e[n] / (g->b[n] * g->e[reference]), e = w->expenditure[n] * price[n];
        before += n == i ? 0 : base->a[i] * w->cost[i * R + n] * base->b[n];
        after += n == i ? 0 : y * e * w->counterfactual[i * R + n] / (inward * outward);
    }
    double index =
        pow(g->e[i] / g->b[i] / g->e[reference] / (base->e[i] / base->b[i] / base->e[reference]), 1 / (1 - sigma));
    return (effect){100 * (before / after - 1), 100 * (index / price[i] - 1)};
}

static dr_table *structural(const world *w)
{
    dr_structural_data data = {.regions = R,
                               .codes = w->codes,
                               .output = w->output,
                               .expenditure = w->expenditure,
                               .cost = w->cost,
                               .counterfactual = w->counterfactual,
                               .sigma = 7,
                               .reference = "DEU"};
    dr_table *table = NULL;
    if (dr_structural_gravity(&table, &data) != DR_OK)
        fail_msg("%s", dr_error_text());
    return table;
}

static void assert_between(double x, double a, double b)
{
    if (!(x > fmin(a, b) && x < fmax(a, b)))
        fail_msg("%.4f, not between %.4f and %.4f", x, a, b);
}

/* The conditional effects are as printed. The full ones that are printed are those of the third step of the Guide's
 * iterations, which end when prices move by less than 0.01; they swing about the equilibrium, which lies between their
 * second and third step: 36.7079, 42.8706 and 14.8843 for exports, 3.4401, 3.8292 and 0.3340 for real GDP. */
static void nafta(void **state)
{
    if (!*state)
        return;
    static const char *const members[] = {"CAN", "MEX", "USA"};
    static const double conditional[] = {34.9918, 41.6408, 14.4808}, exports[] = {37.4551, 43.5084, 14.8758},
                        real_gdp[] = {3.4034, 3.8101, 0.3346};
    const double sigma = 7;
    const panel *p = *state;
    world *w = world_new(p);
    dr_table *table = structural(w);
    size_t reference = economy(p, "DEU"), steps = 0;
    guide base = guide_scaled(w, w->cost, reference), g[9];
    g[0] = guide_scaled(w, w->counterfactual, reference);
    for (size_t i = 0; i < R; i++) {
        g[0].price[i] = pow(g[0].a[i] / base.a[i], 1 / (1 - sigma));
        g[0].outward[i] = g[0].inward[i] = 1;
    }
    for (bool ends = false; !ends && steps < 8; steps++) {
        g[steps + 1] = guide_step(&g[steps], w, sigma, reference);
        ends = steps > 0 && guide_ends(g[steps].price, g[steps - 1].price);
    }
    assert_int_equal(steps, 3);
    for (size_t m = 0; m < 3; m++) {
        size_t row = economy(p, members[m]);
        effect last = guide_effect(&base, &g[steps], w, sigma, reference, row);
        effect before = guide_effect(&base, &g[steps - 1], w, sigma, reference, row);
        assert_printed(with_over_without(cell(table, "exports_conditional", row)), conditional[m]);
        assert_printed(last.exports, exports[m]);
        assert_printed(last.real_gdp, real_gdp[m]);
        assert_between(with_over_without(cell(table, "exports_full", row)), last.exports, before.exports);
        assert_between(with_over_without(cell(table, "real_gdp", row)), last.real_gdp, before.real_gdp);
    }
    dr_table_free(table);
    free(w);
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
        cmocka_unit_test(nafta),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
