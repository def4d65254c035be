/* How often 95% intervals hold the true coefficient: where theory promises it, in some panels of each kind of error,
 * and where clusters are few. bench/coverage.c draws 2,000 of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/coverage.h"

static void intervals_hold_the_truth_where_theory_says_so(void **state)
{
    (void)state;
    const size_t panels = 200;
    const double error = 3.5 * sqrt(0.05 * 0.95 / (double)panels); /* of a share of so many */
    for (size_t i = 0; i < COVERAGE_COUNT; i++) {
        double share = coverage_share(&coverage_kinds[i], panels);
        printf("# %-45s %5.1f%%\n", coverage_kinds[i].name, 100 * share);
        assert_true(share > 0.93 - error && share < 0.97 + error);
    }
}

/* Each correction makes intervals longer. */
static void few_clusters_make_intervals_too_short(void **state)
{
    (void)state;
    const size_t panels = 500;
    double share[3];
    for (size_t kind = 0; kind < 3; kind++) {
        coverage few = coverage_few(kind, 5);
        share[kind] = coverage_share(&few, panels);
    }
    assert_true(share[0] < share[1] && share[1] < share[2] && share[0] < 0.94);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_hold_the_truth_where_theory_says_so),
                                       cmocka_unit_test(few_clusters_make_intervals_too_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
