/* Regressions with absorbed effects against dense ones with dummy variables, and the laws that hold for both. */
#include <float.h>

#include "estimate/fit.h"
#include "plain.h"

/* Rows that the search leaves out are left out of the dense problem too. */
static void without_rows_out(problem *p, const dr_regression *r)
{
    size_t to = 0;
    for (size_t from = 0; from < p->data.rows; from++) {
        if (r->row_out[from] != DR_KEPT)
            continue;
        p->y[to] = p->y[from];
        p->weight[to] = p->weight[from];
        for (size_t k = 0; k < PLAIN_REGRESSORS; k++)
            p->x[k][to] = p->x[k][from];
        for (size_t e = 0; e < PLAIN_EFFECTS; e++)
            p->level[e][to] = p->level[e][from];
        for (size_t c = 0; c < 2; c++)
            p->cluster[c][to] = p->cluster[c][from];
        to++;
    }
    p->data.rows = to;
}

static void compare(problem *p, dr_fit how)
{
    dr_regression_options options = {.fit = how, .small_sample = DR_SMALL_SAMPLE_NONE, .keep_rows = true};
    dr_regression *first = fit(&p->data, options);
    without_rows_out(p, first);
    dr_regression *r = fit(&p->data, options);
    dense d = dense_regression(&p->data, how);
    double *v = dense_variance(&d, &p->data, how);
    size_t n = p->data.regressors;
    for (size_t k = 0; k < n; k++) {
        assert_near(r->coefficient[k], d.b[k], 1e-9);
        assert_near(first->coefficient[k], d.b[k], 1e-9);
        for (size_t l = 0; l < n; l++)
            assert_near(r->variance[k * n + l], v[k * n + l], 1e-8);
    }
    for (size_t i = 0; i < p->data.rows; i++)
        assert_near(r->fitted[i], how == DR_FIT_PPML ? exp(d.eta[i]) : d.eta[i], 1e-8);
    if (p->data.effects < 3)
        assert_int_equal(r->absorbed, d.rank - n);
    assert_true(r->residual < 1e-8);
    free(v);
    dense_free(&d);
    dr_regression_free(r);
    dr_regression_free(first);
}

static void equals_the_dense_regression(void **state)
{
    (void)state;
    for (size_t effects = 0; effects <= 3; effects++)
        for (unsigned how = 0; how < 8; how++) {
            problem *p = problem_new(5, 6, 4, 1 + how % 3, effects, 10 * effects + how);
            p->data.weight = how & 1 ? p->weight : NULL;
            p->data.clusters = how / 3;
            compare(p, how & 4 ? DR_FIT_OLS : DR_FIT_PPML);
            compare(p, how & 4 ? DR_FIT_PPML : DR_FIT_OLS);
            free(p);
        }
}

/* mu = exp(x'b + effects) with the effects that are given back, whichever of them rows are sorted by. */
static void effects_make_the_fit(void **state)
{
    (void)state;
    problem *p = problem_new(7, 4, 5, 2, 3, 3);
    dr_regression *r = fit(&p->data, (dr_regression_options){.keep_rows = true});
    for (size_t i = 0; i < p->data.rows; i++) {
        double eta = 0;
        if (r->row_out[i] != DR_KEPT) {
            assert_true(isnan(r->fitted[i]));
            continue;
        }
        for (size_t k = 0; k < 2; k++)
            eta += r->coefficient[k] * p->x[k][i];
        for (size_t e = 0; e < 3; e++)
            eta += r->effect[e][p->level[e][i]];
        assert_near(log(r->fitted[i]), eta, 1e-9);
    }
    double mean = 0;
    for (size_t i = 0; i < p->data.rows; i++)
        mean += r->row_out[i] == DR_KEPT ? r->effect[1][p->level[1][i]] : 0;
    assert_near(mean, 0, 1e-9);
    dr_regression_free(r);
    free(p);
}

static void no_effects_leave_a_constant(void **state)
{
    (void)state;
    problem *p = problem_new(5, 5, 3, 1, 0, 4);
    dr_regression *r = fit(&p->data, (dr_regression_options){.keep_rows = true});
    dense d = dense_regression(&p->data, DR_FIT_PPML);
    assert_near(r->constant, d.b[1], 1e-9);
    dense_free(&d);
    dr_regression_free(r);
    free(p);
}

/* ---- Laws ---- */

static void swap(void *array, size_t size, size_t a, size_t b)
{
    char kept[sizeof(double)], *bytes = array;
    memcpy(kept, bytes + a * size, size);
    memcpy(bytes + a * size, bytes + b * size, size);
    memcpy(bytes + b * size, kept, size);
}

static void swap_rows(problem *p, size_t a, size_t b)
{
    swap(p->y, sizeof(double), a, b);
    for (size_t k = 0; k < PLAIN_REGRESSORS; k++)
        swap(p->x[k], sizeof(double), a, b);
    for (size_t e = 0; e < PLAIN_EFFECTS; e++)
        swap(p->level[e], sizeof(uint32_t), a, b);
    for (size_t c = 0; c < 2; c++)
        swap(p->cluster[c], sizeof(uint32_t), a, b);
}

static void assert_same(const dr_regression *a, const dr_regression *b, double tolerance)
{
    size_t n = a->regressors;
    for (size_t k = 0; k < n; k++)
        assert_near(a->coefficient[k], b->coefficient[k], tolerance);
    for (size_t k = 0; k < n * n; k++)
        assert_near(a->variance[k], b->variance[k], tolerance);
}

static void order_and_names_of_levels_do_not_matter(void **state)
{
    (void)state;
    problem *p = problem_new(8, 8, 5, 2, 3, 5);
    p->data.clusters = 2;
    dr_regression *before = fit(&p->data, (dr_regression_options){0});
    dr_random random = dr_random_stream(9, 9);
    for (size_t i = p->data.rows - 1; i > 0; i--)
        swap_rows(p, i, dr_random_bits(&random) % (i + 1));
    for (size_t i = 0; i < p->data.rows; i++) {
        p->level[0][i] = 3 * (39 - p->level[0][i]);
        p->cluster[0][i] = 63 - p->cluster[0][i];
    }
    p->effect[0].levels *= 3;
    dr_regression *after = fit(&p->data, (dr_regression_options){0});
    assert_same(before, after, 1e-9);
    dr_regression_free(before);
    dr_regression_free(after);
    free(p);
}

static void units_of_trade_do_not_matter(void **state)
{
    (void)state;
    problem *p = problem_new(8, 8, 5, 2, 3, 6);
    dr_regression *before = fit(&p->data, (dr_regression_options){0});
    for (size_t i = 0; i < p->data.rows; i++)
        p->y[i] *= 1e-9;
    dr_regression *after = fit(&p->data, (dr_regression_options){0});
    assert_same(before, after, 1e-9);
    assert_int_equal(before->iterations, after->iterations);
    dr_regression_free(before);
    dr_regression_free(after);
    free(p);
}

static void units_of_regressors_scale_coefficients(void **state)
{
    (void)state;
    problem *p = problem_new(8, 8, 5, 2, 3, 7);
    dr_regression *before = fit(&p->data, (dr_regression_options){0});
    for (size_t i = 0; i < p->data.rows; i++)
        p->x[1][i] = 1e6 * p->x[1][i] - 1e6;
    dr_regression *after = fit(&p->data, (dr_regression_options){0});
    assert_near(before->coefficient[0], after->coefficient[0], 1e-9);
    assert_near(before->coefficient[1], 1e6 * after->coefficient[1], 1e-9);
    assert_near(before->variance[3], 1e12 * after->variance[3], 1e-9);
    dr_regression_free(before);
    dr_regression_free(after);
    free(p);
}

/* Coefficients, and variances by clusters that hold the repeated rows together. */
static void weights_are_repetitions(void **state)
{
    (void)state;
    problem *p = problem_new(6, 6, 4, 2, 3, 8);
    p->data.clusters = 1;
    p->data.weight = p->weight;
    for (size_t i = 0; i < p->data.rows; i++)
        p->weight[i] = 1 + (double)(i % 3);
    dr_regression *weighted = fit(&p->data, (dr_regression_options){.small_sample = DR_SMALL_SAMPLE_NONE});
    size_t rows = p->data.rows;
    for (size_t i = 0; i < rows; i++)
        for (size_t copy = 1; copy < 1 + i % 3; copy++) {
            size_t to = p->data.rows++;
            p->y[to] = p->y[i];
            for (size_t k = 0; k < 2; k++)
                p->x[k][to] = p->x[k][i];
            for (size_t e = 0; e < 3; e++)
                p->level[e][to] = p->level[e][i];
            p->cluster[0][to] = p->cluster[0][i];
        }
    p->data.weight = NULL;
    dr_regression *repeated = fit(&p->data, (dr_regression_options){.small_sample = DR_SMALL_SAMPLE_NONE});
    assert_same(weighted, repeated, 1e-9);
    dr_regression_free(weighted);
    dr_regression_free(repeated);
    free(p);
}

/* To the last bit, on enough rows that they are shared out. */
static void threads_do_not_matter(void **state)
{
    (void)state;
    const size_t rows = 120000, levels[] = {6000, 400, 90};
    double *y = dr_new_doubles(rows), *x = dr_new_doubles(rows);
    uint32_t *level[3];
    dr_category effect[3];
    for (size_t e = 0; e < 3; e++) {
        level[e] = dr_new(rows, sizeof **level);
        effect[e] = (dr_category){.name = "effect", .level = level[e], .levels = levels[e]};
    }
    for (size_t i = 0; i < rows; i++) {
        dr_random random = dr_random_stream(3, i);
        x[i] = dr_random_normal(&random);
        for (size_t e = 0; e < 3; e++)
            level[e][i] = (uint32_t)(dr_random_bits(&random) % levels[e]);
        y[i] = exp(0.5 * x[i] + 1e-3 * level[1][i]) * pow(dr_random_normal(&random), 2);
    }
    dr_regression_data data = {.rows = rows,
                               .outcome = y,
                               .regressors = 1,
                               .names = plain_names,
                               .regressor = (const double *const[]){x},
                               .effects = 3,
                               .effect = effect,
                               .clusters = 1,
                               .cluster = &effect[1]};
    dr_regression *one = fit(&data, (dr_regression_options){.threads = 1});
    for (int threads = 2; threads < 6; threads++) {
        dr_regression *many = fit(&data, (dr_regression_options){.threads = threads});
        assert_memory_equal(one->coefficient, many->coefficient, sizeof(double));
        assert_memory_equal(one->variance, many->variance, sizeof(double));
        assert_memory_equal(&one->log_likelihood, &many->log_likelihood, sizeof(double));
        dr_regression_free(many);
    }
    dr_regression_free(one);
    free(x);
    free(y);
    for (size_t e = 0; e < 3; e++)
        free(level[e]);
}

/* ---- What is left out ---- */

static void collinear_regressors_are_left_out(void **state)
{
    (void)state;
    problem *p = problem_new(7, 7, 4, 4, 3, 11);
    for (size_t i = 0; i < p->data.rows; i++) {
        p->x[1][i] = (double)p->level[0][i] - 2.5 * p->level[2][i]; /* of effects */
        p->x[3][i] = 2 * p->x[0][i] - p->x[2][i] + 7;               /* of regressors before it */
    }
    dr_regression *r = fit(&p->data, (dr_regression_options){0});
    assert_int_equal(r->left_out[0], DR_KEPT);
    assert_int_equal(r->left_out[1], DR_COLLINEAR);
    assert_int_equal(r->left_out[2], DR_KEPT);
    assert_int_equal(r->left_out[3], DR_COLLINEAR);
    assert_true(isnan(r->coefficient[1]) && isnan(r->variance[4 + 1]) && isnan(r->variance[4]));
    memcpy(p->x[1], p->x[2], sizeof p->x[1]);
    p->data.regressors = 2;
    dr_regression *less = fit(&p->data, (dr_regression_options){0});
    assert_near(r->coefficient[0], less->coefficient[0], 1e-9);
    assert_near(r->variance[2 * 4 + 2], less->variance[3], 1e-9);
    dr_regression_free(r);
    dr_regression_free(less);
    free(p);
}

/* Collinear is what has less than 1e-9 of its sum of squares to itself: here about 1e-6, and 1e-12. */
static void a_regressor_is_kept_for_a_small_part_of_its_own(void **state)
{
    (void)state;
    static const struct {
        double own;
        int left_out;
    } cases[] = {{1e-3, DR_KEPT}, {1e-6, DR_COLLINEAR}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        problem *p = problem_new(7, 7, 4, 3, 2, 17);
        p->data.regressors = 2;
        for (size_t row = 0; row < p->data.rows; row++)
            p->x[1][row] = p->x[0][row] + cases[i].own * p->x[2][row];
        dr_regression *r = fit(&p->data, (dr_regression_options){0});
        assert_int_equal(r->left_out[0], DR_KEPT);
        assert_int_equal(r->left_out[1], cases[i].left_out);
        dr_regression_free(r);
        free(p);
    }
}

/* Six rows of two levels, in a chain: each that goes leaves the next alone. */
static void singletons_go_until_there_are_none(void **state)
{
    (void)state;
    problem *p = problem_new(5, 5, 3, 1, 2, 12);
    size_t rows = p->data.rows;
    p->effect[0].levels += 3;
    p->effect[1].levels += 3;
    for (uint32_t i = 0; i < 6; i++) {
        p->level[0][rows + i] = 15 + i / 2;
        p->level[1][rows + i] = i == 5 ? 0 : 15 + (i + 1) / 2;
        p->y[rows + i] = 1 + i;
        p->x[0][rows + i] = i * i;
    }
    dr_regression *before = fit(&p->data, (dr_regression_options){0});
    p->data.rows += 6;
    dr_regression *after = fit(&p->data, (dr_regression_options){.keep_rows = true});
    assert_int_equal(after->singletons, before->singletons + 6);
    for (size_t i = rows; i < rows + 6; i++)
        assert_int_equal(after->row_out[i], DR_SINGLETON);
    assert_near(after->coefficient[0], before->coefficient[0], 1e-10);
    dr_regression_free(before);
    dr_regression_free(after);
    free(p);
}

/* Examples of separation of Correia, Guimaraes & Zylkin, from the guides of their program: numbers only. */
typedef struct example {
    size_t rows, regressors, effects;
    const double (*row)[7]; /* outcome, regressors, effects */
} example;

static dr_regression *fit_example(problem *p, const example *e)
{
    memset(p, 0, sizeof *p);
    p->data = (dr_regression_data){.rows = e->rows, .regressors = e->regressors, .effects = e->effects};
    problem_bind(p);
    for (size_t r = 0; r < e->rows; r++) {
        p->y[r] = e->row[r][0];
        for (size_t k = 0; k < e->regressors; k++)
            p->x[k][r] = e->row[r][1 + k];
        for (size_t j = 0; j < e->effects; j++)
            p->level[j][r] = (uint32_t)e->row[r][1 + e->regressors + j];
    }
    for (size_t j = 0; j < e->effects; j++) {
        p->effect[j].levels = 20;
        p->effect[j].name = "effect";
    }
    return fit(&p->data, (dr_regression_options){.keep_rows = true});
}

static void one_regressor_separates(void **state)
{
    static const double rows[][7] = {{0, 1}, {0, 1}, {0, 0}, {1, 0}, {2, 0}, {3, 0}};
    problem *p = *state;
    dr_regression *r = NULL;
    memset(p, 0, sizeof *p);
    p->data = (dr_regression_data){.rows = 6, .regressors = 2};
    problem_bind(p);
    for (size_t i = 0; i < 6; i++) {
        p->y[i] = rows[i][0];
        p->x[0][i] = rows[i][1];
        p->x[1][i] = (double)(i % 2);
    }
    r = fit(&p->data, (dr_regression_options){.keep_rows = true});
    assert_int_equal(r->separated, 2);
    assert_int_equal(r->row_out[0], DR_SEPARATED);
    assert_int_equal(r->row_out[1], DR_SEPARATED);
    assert_int_equal(r->left_out[0], DR_SEPARATED);
    assert_int_equal(r->left_out[1], DR_KEPT);
    dr_regression_free(r);
}

/* z = x2 - x1 is positive for rows 1 and 5 alone; where it is gone x2 equals x1. Their program has 0.066 for x3. */
static void regressors_separate_together(void **state)
{
    static const double rows[][7] = {{0, 0, 1, 0},    {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 1, 9, 0},
                                     {2, 21, 21, 21}, {3, 0, 0, 0}, {5, 0, 0, 0}, {7, 0, 0, 0}, {10, -18, -18, 0}};
    dr_regression *r = fit_example(*state, &(example){10, 3, 0, rows});
    assert_int_equal(r->separated, 2);
    assert_int_equal(r->row_out[0], DR_SEPARATED);
    assert_int_equal(r->row_out[4], DR_SEPARATED);
    assert_int_equal(r->left_out[0], DR_KEPT);
    assert_int_equal(r->left_out[1], DR_SEPARATED);
    assert_float_equal(r->coefficient[2], 0.066, 0.0005);
    dr_regression_free(r);
}

/* The fifth row is separated by x1 - x2; their constant is 0.59095, and R's glm has -0.47085 and -0.03779 for x3 and
 * x4. */
static void four_regressors(void **state)
{
    static const double rows[][7] = {{0, 0, 0, 2, 10}, {0, 0, 0, 0, -2},  {0, 0, 0, 0, 6},   {0, 0, 0, 4, 5},
                                     {0, 1, 0, 0, 3},  {2, 0, 0, 0, 3},   {2, 0, 0, 0, 4},   {2, 0, 0, -2, 15},
                                     {2, 0, 0, 0, -7}, {4, 0, 0, -3, 15}, {6, -3, -3, 0, 4}, {6, 0, 0, 0, 4}};
    dr_regression *r = fit_example(*state, &(example){12, 4, 0, rows});
    assert_int_equal(r->separated, 1);
    assert_int_equal(r->row_out[4], DR_SEPARATED);
    assert_float_equal(r->constant, 0.59095, 0.5e-5);
    assert_float_equal(r->coefficient[2], -0.47085, 0.5e-5);
    assert_float_equal(r->coefficient[3], -0.03779, 0.5e-5);
    dr_regression_free(r);
}

/* Four of eighteen rows (fe1), and seven of sixteen (fe3): the guide counts eight there, but the combination that it
 * gives as the proof, 8 + 2 (i = 4) - 2 (i = 1 or 6) - 6 (j = 1 or 3) - 2 (j = 4) - (j = 5), is positive for seven. */
static void effects_and_regressors_separate(void **state)
{
    static const double first[][7] = {
        {2, 0, 0, 2, 1}, {0, 0, 0, 4, 2}, {0, 0, 0, 1, 1}, {1, 1, 0, 4, 3}, {0, 0, 1, 2, 2}, {0, 0, 0, 2, 2},
        {1, 0, 0, 5, 4}, {0, 1, 2, 2, 3}, {1, 0, 0, 1, 1}, {0, 0, 0, 2, 2}, {0, 2, 0, 1, 3}, {0, 0, 0, 1, 3},
        {0, 1, 0, 2, 2}, {0, 0, 1, 5, 2}, {0, 0, 1, 2, 4}, {0, 0, 0, 1, 2}, {0, 0, 0, 1, 1}, {2, 0, 0, 1, 2}};
    static const double third[][7] = {{0, 0, 1, 1},  {0, 3, 1, 1}, {0, -2, 1, 1}, {0, 2, 1, 3},
                                      {0, 2, 1, 5},  {0, 0, 1, 6}, {0, 7, 4, 1},  {0, 1, 4, 4},
                                      {0, 2, 4, 5},  {0, 1, 6, 1}, {0, -2, 8, 4}, {0, 3, 8, 6},
                                      {1, -5, 1, 1}, {1, 1, 1, 3}, {5, -2, 6, 3}, {7, 2, 1, 3}};
    dr_regression *r = fit_example(*state, &(example){18, 2, 2, first});
    assert_int_equal(r->separated, 4);
    assert_int_equal(r->left_out[0], DR_KEPT);
    assert_int_equal(r->left_out[1], DR_SEPARATED);
    dr_regression_free(r);
    r = fit_example(*state, &(example){16, 1, 2, third});
    assert_int_equal(r->separated, 7);
    dr_regression_free(r);
}

/* Two effects separate the third row, until tiny outcomes in its cell no longer let them. */
static void tiny_outcomes_are_not_zero(void **state)
{
    static const double rows[][7] = {{0, 0, 1, 1}, {1, 1, 1, 1}, {0, 0, 2, 1},    {0, 0, 2, 2},    {1, 1, 2, 2},
                                     {2, 5, 1, 1}, {3, 1, 2, 2}, {1e-6, 1, 2, 1}, {1e-6, 0, 2, 1}, {1e-6, 0.5, 2, 1}};
    dr_regression *r = fit_example(*state, &(example){7, 1, 2, rows});
    assert_int_equal(r->separated, 1);
    assert_int_equal(r->row_out[2], DR_SEPARATED);
    dr_regression_free(r);
    r = fit_example(*state, &(example){10, 1, 2, rows});
    assert_int_equal(r->separated, 0);
    assert_int_equal(r->used, 10);
    dr_regression_free(r);
}

/* ---- Small samples ---- */

/* The variance of the first coefficient over that without a factor. */
static double factor(const problem *p, dr_fit how, dr_small_sample small)
{
    dr_regression *with = fit(&p->data, (dr_regression_options){.fit = how, .small_sample = small});
    dr_regression *without = fit(&p->data, (dr_regression_options){.fit = how, .small_sample = DR_SMALL_SAMPLE_NONE});
    double ratio = with->variance[0] / without->variance[0];
    dr_regression_free(with);
    dr_regression_free(without);
    return ratio;
}

/* 8 x 6 x 5 rows of positive trade: exporter^year has 40 levels, importer^year 30, of which 5 (one a year) are
 * redundant, pair 48. */
static problem *positive_panel(size_t effects)
{
    problem *p = problem_new(8, 6, 5, 2, effects, 51);
    for (size_t r = 0; r < p->data.rows; r++)
        p->y[r] += 0.1;
    return p;
}

static void factors_are_those_of_stata(void **state)
{
    (void)state;
    problem *p = positive_panel(2);
    double n = 240, k = 2, absorbed = 40 + 30 - 5;
    assert_near(factor(p, DR_FIT_PPML, DR_SMALL_SAMPLE_STATA), n / (n - 1), 1e-9);
    assert_near(factor(p, DR_FIT_OLS, DR_SMALL_SAMPLE_STATA), n / (n - k - absorbed), 1e-9);
    p->data.clusters = 1; /* pairs: nothing is nested in them */
    assert_near(factor(p, DR_FIT_PPML, DR_SMALL_SAMPLE_STATA), 48. / 47, 1e-9);
    assert_near(factor(p, DR_FIT_OLS, DR_SMALL_SAMPLE_STATA), (n - 1) / (n - k - absorbed) * 48 / 47, 1e-9);
    p->data.clusters = 2; /* exporters, the fewest: exporter^year is nested in them */
    assert_near(factor(p, DR_FIT_PPML, DR_SMALL_SAMPLE_STATA), 8. / 7, 1e-9);
    assert_near(factor(p, DR_FIT_OLS, DR_SMALL_SAMPLE_STATA), (n - 1) / (n - k - 30) * 8 / 7, 1e-9);
    p->data.effects = 1; /* all that is absorbed is nested */
    assert_near(factor(p, DR_FIT_OLS, DR_SMALL_SAMPLE_STATA), (n - 1) / (n - k - 1) * 8 / 7, 1e-9);
    free(p);
}

static void factors_are_those_of_r(void **state)
{
    (void)state;
    problem *p = positive_panel(3);
    double n = 240, k = 2, absorbed = 40 + 30 + 48 - 2;
    assert_near(factor(p, DR_FIT_PPML, DR_SMALL_SAMPLE_R), n / (n - k - absorbed), 1e-9);
    assert_near(factor(p, DR_FIT_OLS, DR_SMALL_SAMPLE_R), n / (n - k - absorbed), 1e-9);
    p->data.clusters = 1; /* pair is nested in itself */
    assert_near(factor(p, DR_FIT_PPML, DR_SMALL_SAMPLE_R), (n - 1) / (n - k - (absorbed - 47)) * 48 / 47, 1e-9);
    p->data.effects = 1;
    p->clusters[0] = p->clusters[1];
    assert_near(factor(p, DR_FIT_PPML, DR_SMALL_SAMPLE_R), (n - 1) / (n - k - 1) * 8 / 7, 1e-9);
    free(p);
}

static void freedom_is_of_the_fewest_clusters(void **state)
{
    (void)state;
    problem *p = positive_panel(2);
    p->data.clusters = 2;
    dr_regression *r = fit(&p->data, (dr_regression_options){.fit = DR_FIT_OLS});
    assert_true(r->freedom == 7);
    assert_int_equal(r->cluster_count[0], 48);
    assert_int_equal(r->cluster_count[1], 8);
    assert_int_equal(r->absorbed, 65);
    dr_regression_free(r);
    r = fit(&p->data, (dr_regression_options){0});
    assert_true(r->freedom == 7); /* of PPML where clusters are few, else normal */
    dr_regression_free(r);
    free(p);
}

/* Two ways with so few clusters that what is subtracted is more than what is added somewhere: no variance is below
 * zero. */
static void variances_are_not_negative(void **state)
{
    (void)state;
    size_t fixed = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        problem *p = problem_new(4, 4, 4, 3, 2, 300 + seed);
        p->data.clusters = 2;
        for (size_t r = 0; r < p->data.rows; r++) {
            p->cluster[0][r] = p->level[1][r] / 4; /* importers */
            p->y[r] += 0.1;
        }
        p->clusters[0].levels = 4;
        dr_regression *r = fit(&p->data, (dr_regression_options){.small_sample = DR_SMALL_SAMPLE_NONE});
        dense d = dense_regression(&p->data, DR_FIT_PPML);
        double *plain = dense_variance(&d, &p->data, DR_FIT_PPML);
        for (size_t k = 0; k < 3; k++) {
            fixed += plain[4 * k] < 0;
            assert_true(r->variance[4 * k] >= 0);
        }
        free(plain);
        dense_free(&d);
        dr_regression_free(r);
        free(p);
    }
    assert_true(fixed > 0);
}

/* ---- Bad input ---- */

static void assert_refused(const problem *p, dr_fit how, dr_status status, const char *message)
{
    dr_regression *r = NULL;
    dr_regression_options options = {.fit = how};
    assert_int_equal(dr_regression_fit(&r, &p->data, &options), status);
    assert_string_equal(dr_error_text(), message);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    problem *p = positive_panel(2);
    p->y[3] = -2;
    assert_refused(p, DR_FIT_PPML, DR_BAD_INPUT, "row 4: the outcome is -2, expected a number that is 0 or more");
    p->y[3] = NAN;
    assert_refused(p, DR_FIT_OLS, DR_BAD_INPUT, "row 4: the outcome is nan, expected a number");
    p->y[3] = 1;
    p->x[1][4] = INFINITY;
    assert_refused(p, DR_FIT_PPML, DR_BAD_INPUT, "row 5: x2 is inf, expected a number");
    p->x[1][4] = 1;
    p->data.weight = p->weight;
    p->weight[0] = 0;
    assert_refused(p, DR_FIT_PPML, DR_BAD_INPUT, "row 1: the weight is 0, expected a number above 0");
    p->data.weight = NULL;
    for (size_t r = 0; r < p->data.rows; r++)
        p->y[r] = 0;
    assert_refused(p, DR_FIT_PPML, DR_BAD_INPUT, "the outcome is 0 in all rows");
    free(p);
}

static void nothing_to_estimate_from_is_refused(void **state)
{
    (void)state;
    problem *p = positive_panel(3);
    for (size_t r = 0; r < p->data.rows; r++)
        p->x[0][r] = p->x[1][r] = (double)p->level[2][r];
    assert_refused(p, DR_FIT_PPML, DR_BAD_INPUT,
                   "x1 does not vary once the effects are taken out, and no other regressor does: there is nothing to "
                   "estimate from");
    p->data.regressors = 1;
    assert_refused(p, DR_FIT_OLS, DR_BAD_INPUT,
                   "x1 does not vary once the effects are taken out: there is nothing to estimate from");
    p->data.rows = 3; /* each alone in its exporter^year */
    assert_refused(
        p, DR_FIT_PPML, DR_BAD_INPUT,
        "no row is left to estimate from: of 3, 0 are fitted perfectly as 0 by the effects and 3 are alone in "
        "a level of one");
    free(p);
}

static void too_few_clusters_are_refused(void **state)
{
    (void)state;
    problem *p = positive_panel(1);
    p->data.clusters = 1;
    memset(p->cluster[0], 0, sizeof p->cluster[0]);
    assert_refused(p, DR_FIT_PPML, DR_BAD_INPUT, "pair has 1 cluster with rows: standard errors need at least 2");
    free(p);
}

/* 16 rows, from which R takes 1 regressor and (8 - 1) + (4 - 1) + (8 - 1) + 1 levels. */
static void too_few_rows_are_refused(void **state)
{
    (void)state;
    problem *p = problem_new(4, 2, 2, 1, 3, 61);
    dr_regression *r = NULL;
    dr_regression_options options = {.fit = DR_FIT_OLS, .small_sample = DR_SMALL_SAMPLE_R};
    assert_int_equal(dr_regression_fit(&r, &p->data, &options), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "16 rows are too few for the small-sample factor of standard errors with 1 "
                                         "regressor and 14 levels of effects: none would do");
    free(p);
}

/* Effects alone: a fit without coefficients. */
static void no_regressors_are_a_fit_too(void **state)
{
    (void)state;
    problem *p = problem_new(6, 5, 4, 0, 3, 62);
    compare(p, DR_FIT_PPML);
    compare(p, DR_FIT_OLS);
    free(p);
}

static void no_convergence_says_what_to_try(void **state)
{
    (void)state;
    problem *p = positive_panel(3);
    dr_regression *r = NULL;
    dr_regression_options options = {.max_iterations = 2};
    assert_int_equal(dr_regression_fit(&r, &p->data, &options), DR_NO_SOLUTION);
    assert_non_null(strstr(dr_error_text(), "the regression has not converged in 2 iterations (last relative change"));
    assert_non_null(strstr(dr_error_text(), "may help"));
    free(p);
}

static int set_up(void **state)
{
    *state = dr_new(1, sizeof(problem));
    return !*state;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

/* ---- The certificate ---- */

static dr_fitting *fitted(const dr_regression_data *data, dr_fit how)
{
    const dr_regression_options options = {.fit = how, .tolerance = 1e-9, .max_iterations = 200, .threads = 1};
    unsigned char row_out[PLAIN_ROWS] = {0}, left_out[PLAIN_REGRESSORS];
    dr_sample *sample = NULL;
    dr_fitting *f = NULL;
    bool separated = true;
    while (separated) {
        dr_fitting_free(f);
        f = NULL;
        assert_int_equal(dr_sample_prune(row_out, data, how), DR_OK);
        assert_int_equal(dr_sample_new(&sample, row_out, data, 1), DR_OK);
        assert_int_equal(dr_fitting_new(&f, sample, data, &options, left_out), DR_OK);
        assert_int_equal(dr_fitting_run(f, row_out, &separated), DR_OK);
    }
    dr_fitting_clean(f, 1e-10);
    return f;
}

static double certificate(const dr_fitting *f)
{
    double worst = -1;
    dr_status status = dr_fitting_certify(&worst, f);
    assert_int_equal(status, worst <= 1e-6 ? DR_OK : DR_NO_SOLUTION);
    if (status != DR_OK)
        assert_non_null(strstr(dr_error_text(), "the score equations have a relative residual of "));
    return worst;
}

/* A coefficient, with and without the fit that goes with it, an effect, and a row's fit are a little off in turn. */
static void a_number_that_is_off_is_noticed(void **state)
{
    (void)state;
    const double by = 1e-4, enough = 1e-7;
    for (int how = 0; how < 2; how++) {
        problem *p = problem_new(5, 6, 4, 2, 3, 9);
        dr_fitting *f = fitted(&p->data, how ? DR_FIT_OLS : DR_FIT_PPML);
        const dr_sample *s = f->sample;
        assert_true(certificate(f) < 1e-8);
        for (size_t k = 0; k < f->columns; k++) {
            double before = f->b[k];
            f->b[k] *= 1 + by;
            assert_true(certificate(f) > enough);
            for (size_t r = 0; r < s->rows; r++)
                f->predictor[r] += (f->b[k] - before) * f->x[r * f->columns + k];
            assert_true(certificate(f) > enough);
            for (size_t r = 0; r < s->rows; r++)
                f->predictor[r] -= (f->b[k] - before) * f->x[r * f->columns + k];
            f->b[k] = before;
        }
        for (size_t g = 0; g < s->segments; g++) {
            for (size_t r = s->start[g]; r < s->start[g + 1]; r++)
                f->predictor[r] += by;
            assert_true(certificate(f) > enough);
            for (size_t r = s->start[g]; r < s->start[g + 1]; r++)
                f->predictor[r] -= by;
        }
        for (size_t r = 0; r < s->rows; r++) {
            double before = f->predictor[r];
            f->predictor[r] = NAN;
            assert_true(certificate(f) == INFINITY);
            f->predictor[r] = before;
        }
        assert_true(certificate(f) < 1e-8);
        dr_fitting_free(f);
        free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_that_is_off_is_noticed),
        cmocka_unit_test(equals_the_dense_regression),
        cmocka_unit_test(effects_make_the_fit),
        cmocka_unit_test(no_effects_leave_a_constant),
        cmocka_unit_test(order_and_names_of_levels_do_not_matter),
        cmocka_unit_test(units_of_trade_do_not_matter),
        cmocka_unit_test(units_of_regressors_scale_coefficients),
        cmocka_unit_test(weights_are_repetitions),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(collinear_regressors_are_left_out),
        cmocka_unit_test(a_regressor_is_kept_for_a_small_part_of_its_own),
        cmocka_unit_test(singletons_go_until_there_are_none),
        cmocka_unit_test(one_regressor_separates),
        cmocka_unit_test(regressors_separate_together),
        cmocka_unit_test(four_regressors),
        cmocka_unit_test(effects_and_regressors_separate),
        cmocka_unit_test(tiny_outcomes_are_not_zero),
        cmocka_unit_test(factors_are_those_of_stata),
        cmocka_unit_test(factors_are_those_of_r),
        cmocka_unit_test(freedom_is_of_the_fewest_clusters),
        cmocka_unit_test(variances_are_not_negative),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(nothing_to_estimate_from_is_refused),
        cmocka_unit_test(too_few_clusters_are_refused),
        cmocka_unit_test(too_few_rows_are_refused),
        cmocka_unit_test(no_regressors_are_a_fit_too),
        cmocka_unit_test(no_convergence_says_what_to_try),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
