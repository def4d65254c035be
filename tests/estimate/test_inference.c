/* Variances that are corrected for leverage (CR2, CR3) or correlated by distance, against their definitions with
 * matrices of rows by rows; degrees of freedom with few clusters; variances that are repaired. */
#include "plain.h"

/* Observations by cluster, weights of least squares w and residuals e times w of a dense regression. */
typedef struct state {
    dense d;
    size_t n;
    double *w, *score;
} state;

static state state_new(const dr_regression_data *data, dr_fit how)
{
    state s = {.d = dense_regression(data, how), .n = data->rows};
    s.w = dr_new_doubles(s.n);
    s.score = dr_new_doubles(s.n);
    for (size_t r = 0; r < s.n; r++) {
        double fit = how == DR_FIT_PPML ? exp(s.d.eta[r]) : s.d.eta[r];
        s.w[r] = plain_weight(data, r) * (how == DR_FIT_PPML ? fit : 1);
        s.score[r] = plain_weight(data, r) * (data->outcome[r] - fit);
    }
    return s;
}

static void state_free(state *s)
{
    dense_free(&s->d);
    free(s->w);
    free(s->score);
}

/* Inverse of a symmetric positive definite matrix; its root, by the iteration of Denman & Beavers (1976). */
static double *root_inverse(const double *a, size_t n)
{
    double *y = dr_new_doubles(n * n), *z = dr_new_doubles(n * n), *yi = dr_new_doubles(n * n),
           *zi = dr_new_doubles(n * n);
    memcpy(y, a, n * n * sizeof *y);
    for (size_t i = 0; i < n; i++)
        z[i * n + i] = 1;
    for (int step = 0; step < 40; step++) {
        memcpy(yi, y, n * n * sizeof *y);
        memcpy(zi, z, n * n * sizeof *z);
        dense_invert(yi, n);
        dense_invert(zi, n);
        for (size_t i = 0; i < n * n; i++) {
            double kept = y[i];
            y[i] = (kept + zi[i]) / 2;
            z[i] = (z[i] + yi[i]) / 2;
        }
    }
    free(y);
    free(yi);
    free(zi);
    return z;
}

/* The variance of regressor 0 by the definition: the scores of a cluster, over roots of weights, times (I - H)^-1/2 or
 * ^-1, with H the leverage of its rows by all columns, effects included. */
static double by_definition(const state *s, const dr_regression_data *data, bool cr2)
{
    double variance = 0;
    size_t columns = s->d.columns, groups = data->clusters ? data->cluster[0].levels : s->n;
    for (size_t g = 0; g < groups; g++) {
        size_t row[PLAIN_ROWS], m = 0;
        for (size_t r = 0; r < s->n; r++)
            if ((data->clusters ? data->cluster[0].level[r] : r) == g)
                row[m++] = r;
        double *rest = dr_new_doubles(m * m + 1), sum = 0;
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < m; j++) {
                double leverage = 0;
                for (size_t a = 0; a < columns; a++)
                    for (size_t b = 0; b < columns; b++)
                        leverage +=
                            s->d.x[row[i] * columns + a] * s->d.h[a * columns + b] * s->d.x[row[j] * columns + b];
                rest[i * m + j] = (i == j) - leverage * sqrt(s->w[row[i]] * s->w[row[j]]);
            }
        double *adjust = cr2 ? root_inverse(rest, m) : rest;
        if (!cr2)
            dense_invert(rest, m);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < m; j++) {
                double toward = 0;
                for (size_t a = 0; a < columns; a++)
                    toward += s->d.h[a] * s->d.x[row[i] * columns + a];
                sum += toward * sqrt(s->w[row[i]]) * adjust[i * m + j] * s->score[row[j]] / sqrt(s->w[row[j]]);
            }
        variance += sum * sum;
        if (cr2)
            free(adjust);
        free(rest);
    }
    return variance;
}

/* A constant beside the regressors, whose leverage counts as theirs does. */
static problem *with_constant(uint64_t seed)
{
    problem *p = problem_new(6, 4, 3, 3, 0, seed);
    for (size_t r = 0; r < p->data.rows; r++)
        p->x[2][r] = 1;
    p->data.constant = true;
    return p;
}

static void leverage_is_that_of_its_definition(void **unused)
{
    (void)unused;
    for (unsigned how = 0; how < 8; how++) {
        problem *p = with_constant(40 + how);
        dr_regression_data plain_data = p->data;
        plain_data.regressors = 2; /* the dense regression has its own constant */
        bool cr2 = how & 1, clustered = how & 2;
        dr_fit fit_how = how & 4 ? DR_FIT_OLS : DR_FIT_PPML;
        p->data.clusters = plain_data.clusters = clustered;
        p->clusters[0] = p->clusters[1]; /* by exporter */
        dr_regression *r =
            fit(&p->data, (dr_regression_options){.fit = fit_how,
                                                  .small_sample = cr2 ? DR_SMALL_SAMPLE_CR2 : DR_SMALL_SAMPLE_CR3});
        state s = state_new(&plain_data, fit_how);
        double factor = !cr2 && clustered ? 5. / 6 : 1;
        assert_near(r->variance[0], factor * by_definition(&s, &plain_data, cr2), 1e-7);
        if (clustered)
            assert_true(r->freedom == 5);
        state_free(&s);
        dr_regression_free(r);
        free(p);
    }
}

/* Effects of importers and years, which do not lie within clusters, exporters or rows. */
static void so_is_leverage_where_effects_cross_clusters(void **unused)
{
    (void)unused;
    for (unsigned how = 0; how < 8; how++) {
        problem *p = problem_new(6, 4, 3, 2, 1, 50 + how);
        bool cr2 = how & 1, clustered = how & 2;
        dr_fit fit_how = how & 4 ? DR_FIT_OLS : DR_FIT_PPML;
        p->effect[0] = p->effect[1];
        p->clusters[0] = p->clusters[1];
        p->data.clusters = clustered;
        p->data.weight = how & 4 ? p->weight : NULL;
        dr_regression *r =
            fit(&p->data, (dr_regression_options){.fit = fit_how,
                                                  .small_sample = cr2 ? DR_SMALL_SAMPLE_CR2 : DR_SMALL_SAMPLE_CR3});
        state s = state_new(&p->data, fit_how);
        double factor = !cr2 && clustered ? 5. / 6 : 1;
        assert_near(r->variance[0], factor * by_definition(&s, &p->data, cr2), 1e-7);
        assert_false(r->approximate);
        state_free(&s);
        dr_regression_free(r);
        free(p);
    }
}

/* The rows of a problem that are not of exporter g. */
static problem *without(const problem *p, uint32_t g)
{
    problem *q = problem_new(6, 4, 3, p->data.regressors, p->data.effects, 1);
    size_t to = 0;
    for (size_t from = 0; from < p->data.rows; from++) {
        if (p->cluster[1][from] == g)
            continue;
        q->y[to] = p->y[from];
        for (size_t k = 0; k < p->data.regressors; k++)
            q->x[k][to] = p->x[k][from];
        for (size_t e = 0; e < PLAIN_EFFECTS; e++)
            q->level[e][to] = p->level[e][from];
        to++;
    }
    q->data.rows = to;
    q->data.constant = p->data.constant;
    return q;
}

/* Of least squares CR3 is the jackknife: the spread of estimates without each cluster, whose own levels of effects then
 * have no rows. */
static void cr3_is_the_jackknife(void **unused)
{
    (void)unused;
    for (size_t effects = 0; effects <= 3; effects++) {
        problem *p = effects == 0 ? with_constant(7) : problem_new(6, 4, 3, 2, effects, 7);
        p->data.clusters = 1;
        p->clusters[0] = p->clusters[1];
        dr_regression *all =
            fit(&p->data, (dr_regression_options){.fit = DR_FIT_OLS, .small_sample = DR_SMALL_SAMPLE_CR3});
        double sum = 0;
        for (uint32_t g = 0; g < 6; g++) {
            problem *q = without(p, g);
            dr_regression *rest = fit(&q->data, (dr_regression_options){.fit = DR_FIT_OLS});
            sum += pow(rest->coefficient[0] - all->coefficient[0], 2);
            dr_regression_free(rest);
            free(q);
        }
        assert_near(all->variance[0], 5. / 6 * sum, 1e-8);
        assert_false(all->approximate);
        dr_regression_free(all);
        free(p);
    }
}

/* ---- Distance ---- */

static double kilometres(double lat1, double lon1, double lat2, double lon2)
{
    const double degree = acos(-1) / 180;
    double x = cos(lat1 * degree) * cos(lon1 * degree) * cos(lat2 * degree) * cos(lon2 * degree) +
               cos(lat1 * degree) * sin(lon1 * degree) * cos(lat2 * degree) * sin(lon2 * degree) +
               sin(lat1 * degree) * sin(lat2 * degree);
    return 6371 * acos(fmin(1, x));
}

static void errors_by_distance_are_sums_over_pairs_of_rows(void **unused)
{
    (void)unused;
    problem *p = with_constant(9);
    double place[2][PLAIN_ROWS];
    for (size_t r = 0; r < p->data.rows; r++) {
        dr_random random = dr_random_stream(3, p->cluster[0][r]); /* rows of a pair are at one place */
        place[0][r] = 180 * dr_random_uniform(&random) - 90;
        place[1][r] = 360 * dr_random_uniform(&random) - 180;
    }
    p->data.place[0] = place[0];
    p->data.place[1] = place[1];
    dr_regression_data plain_data = p->data;
    plain_data.regressors = 2;
    for (int power = 1; power < 5; power++) {
        double cutoff = pow(10, power);
        dr_regression *r =
            fit(&p->data,
                (dr_regression_options){.fit = DR_FIT_OLS, .small_sample = DR_SMALL_SAMPLE_CONLEY, .cutoff = cutoff});
        state s = state_new(&plain_data, DR_FIT_OLS);
        double sum = 0, *toward = dr_new_doubles(s.n), rows = (double)s.n;
        for (size_t i = 0; i < s.n; i++)
            for (size_t a = 0; a < s.d.columns; a++)
                toward[i] += s.d.h[a] * s.d.x[i * s.d.columns + a] * s.score[i];
        for (size_t i = 0; i < s.n; i++)
            for (size_t j = 0; j < s.n; j++)
                if (p->cluster[0][i] == p->cluster[0][j] ||
                    kilometres(place[0][i], place[1][i], place[0][j], place[1][j]) <= cutoff)
                    sum += toward[i] * toward[j];
        assert_near(r->variance[0], sum * rows / (rows - 3), 1e-7);
        free(toward);
        state_free(&s);
        dr_regression_free(r);
    }
    free(p);
}

/* ---- Few clusters ---- */

static void few_clusters_have_students_distribution(void **unused)
{
    (void)unused;
    problem *p = problem_new(6, 6, 4, 2, 2, 12);
    p->data.clusters = 1;
    dr_regression *many = fit(&p->data, (dr_regression_options){0});
    assert_true(isinf(many->freedom)); /* 36 pairs */
    p->clusters[0] = p->clusters[1];
    dr_regression *few = fit(&p->data, (dr_regression_options){0});
    assert_true(few->freedom == 5);
    dr_regression *none = fit(&p->data, (dr_regression_options){.small_sample = DR_SMALL_SAMPLE_NONE});
    assert_true(isinf(none->freedom));
    dr_regression_free(many);
    dr_regression_free(few);
    dr_regression_free(none);
    free(p);
}

/* Fewer clusters than regressors: an estimate, and a variance without negative eigenvalues. */
static void a_variance_that_is_not_positive_is_repaired_and_told(void **unused)
{
    (void)unused;
    size_t repaired = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        problem *p = problem_new(3, 4, 3, 4, 0, 100 + seed);
        p->data.clusters = 2;
        for (size_t r = 0; r < p->data.rows; r++)
            p->cluster[0][r] = p->level[1][r] % 3; /* years; the other is exporters */
        p->clusters[0].levels = 3;
        dr_regression *r = fit(&p->data, (dr_regression_options){.fit = DR_FIT_OLS});
        for (size_t k = 0; k < 4; k++)
            assert_true(r->variance[k * 4 + k] >= 0);
        repaired += r->repaired;
        dr_regression_free(r);
        p->data.clusters = 1; /* of one kind, squares are only added */
        r = fit(&p->data, (dr_regression_options){.fit = DR_FIT_OLS});
        assert_false(r->repaired);
        dr_regression_free(r);
        free(p);
    }
    assert_true(repaired > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(leverage_is_that_of_its_definition),
                                       cmocka_unit_test(so_is_leverage_where_effects_cross_clusters),
                                       cmocka_unit_test(cr3_is_the_jackknife),
                                       cmocka_unit_test(errors_by_distance_are_sums_over_pairs_of_rows),
                                       cmocka_unit_test(few_clusters_have_students_distribution),
                                       cmocka_unit_test(a_variance_that_is_not_positive_is_repaired_and_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
