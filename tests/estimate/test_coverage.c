/* How often 95% intervals hold the true coefficient where clusters are few: least squares of panels of 12 rows in each
 * cluster, whose regressor and error both have a part that the cluster shares, 2,000 panels for each number of
 * clusters. The table that docs/gravity.md shows is what this prints. */
#include "estimate/bootstrap.h"
#include "estimate/gravity.h"
#include "plain.h"

enum { PANELS = 2000, ROWS = 12, KINDS = 4 };

static const char *const kinds[KINDS] = {"stata", "cr2", "cr3", "wild"};

/* A panel of `clusters` whose coefficient is 0. */
static void draw_panel(problem *p, uint32_t clusters, uint64_t seed)
{
    dr_random random = dr_random_stream(77, seed);
    for (size_t g = 0, r = 0; g < clusters; g++) {
        double x = dr_random_normal(&random), error = dr_random_normal(&random);
        for (size_t i = 0; i < ROWS; i++, r++) {
            p->x[0][r] = x + dr_random_normal(&random);
            p->y[r] = error + dr_random_normal(&random);
            p->cluster[0][r] = (uint32_t)g;
        }
    }
}

static bool holds(const problem *p, size_t kind)
{
    static const dr_small_sample errors[] = {DR_SMALL_SAMPLE_STATA, DR_SMALL_SAMPLE_CR2, DR_SMALL_SAMPLE_CR3};
    dr_bootstrap_plan plan = {
        .how = DR_BOOTSTRAP_WILD, .multiplier = DR_MULTIPLIER_WEBB, .replications = 199, .seed = 1, .threads = 1};
    dr_hypothesis zero = {1, (double[]){1}, (double[]){0}};
    bool wild = kind == 3;
    dr_regression *r =
        fit(&p->data, (dr_regression_options){.fit = DR_FIT_OLS,
                                              .small_sample = wild ? DR_SMALL_SAMPLE_STATA : errors[kind],
                                              .bootstrap = wild ? &plan : NULL,
                                              .hypothesis = &zero,
                                              .hypotheses = wild});
    /* an interval holds 0 where 0 is not rejected */
    bool held =
        wild ? r->test->p > 0.05 : fabs(r->coefficient[0]) <= dr_critical(0.05, r->freedom) * sqrt(r->variance[0]);
    dr_regression_free(r);
    return held;
}

static void intervals_of_few_clusters(void **state)
{
    (void)state;
    const uint32_t clusters[] = {5, 10, 20, 50};
    printf("# clusters");
    for (size_t kind = 0; kind < KINDS; kind++)
        printf("%8s", kinds[kind]);
    printf("\n");
    for (size_t c = 0; c < 4; c++) {
        problem *p = problem_new(10, 10, 6, 1, 0, 1); /* room for 600 rows */
        size_t held[KINDS] = {0};
        p->data.rows = clusters[c] * ROWS;
        p->data.clusters = 1;
        p->clusters[0].levels = clusters[c];
        for (uint64_t i = 0; i < PANELS; i++) {
            draw_panel(p, clusters[c], 100000 * c + i);
            for (size_t kind = 0; kind < KINDS; kind++)
                held[kind] += holds(p, kind);
        }
        printf("# %8u", clusters[c]);
        for (size_t kind = 0; kind < KINDS; kind++)
            printf("%7.1f%%", 100. * (double)held[kind] / PANELS);
        printf("\n");
        assert_true(held[0] < held[1] && held[1] < held[2]); /* each correction makes intervals longer */
        for (size_t kind = 0; kind < KINDS && clusters[c] == 50; kind++)
            assert_true(100 * held[kind] > 93 * PANELS && 100 * held[kind] < 97 * PANELS);
        free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_of_few_clusters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
